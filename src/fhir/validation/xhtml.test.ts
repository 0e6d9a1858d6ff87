/** The narrative: what a text may contain, and the ways in which a text tries to be a program. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { narrativeFault } from "./xhtml.ts";

const div = (inner: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`;

test("FHIR-XHTML-1 accepts ordinary formatted text", () => {
  const texts = [
    "Text",
    "",
    " \n",
    "<p>a<br/>b<br />c</p>",
    '<table class="grid"><tr><td colspan="2">å &amp; &#228; &#xE4; &lt;</td></tr></table>',
    "<a href=\"https://x.org/?a=1&amp;b=2\" title='t'>x</a>",
    '<a name="top"/>',
    '<a href="#top">x</a>',
    '<a href="mailto:a@x.org">x</a>',
    '<a href="patient-example.html">x</a>',
    '<img src="#picture" alt="a"/>',
    '<img src="data:image/png;base64,AAAA" alt="a"/>',
    "<!-- note -->",
    '<p style="color: red; margin-left: 2px">x</p>',
    '<td style="background-image: url(data: image/png;base64,AAAA)">x</td>'.replaceAll("td", "p"),
    '<span xml:lang="sv" lang="sv">x</span>',
    "a > b",
    "<ul><li>a</li></ul>",
  ];
  for (const text of texts) assert.equal(narrativeFault(div(text)), undefined, text);
  assert.equal(narrativeFault(` ${div("x")}\n`), undefined);
});

test("FHIR-XHTML-2 is one div in the XHTML namespace and well formed", () => {
  const wrong = [
    "",
    "text",
    "<p>x</p>",
    "<div>x</div>",
    '<div xmlns="http://x.org">x</div>',
    `${div("x")}${div("y")}`,
    `x${div("y")}`,
    `${div("x")}y`,
    `<!-- a -->${div("x")}`,
    div("<p>"),
    div("</p>"),
    div("<p></b></p>"),
    div("<b><i></b></i>"),
    div("a < b"),
    div("a & b"),
    div("&nbsp;"),
    div("&#x110000000;"),
    div("<p"),
    div("<p class>x</p>"),
    div("<p class=a>x</p>"),
    div('<p class="a" class="b">x</p>'),
    div('<p class="<">x</p>'),
    div("<!-- a -- b -->"),
    div("<!--> <img src='x'/> -->"),
    div("<!---> x -->"),
    div("<!-- x"),
    div("<![CDATA[x]]>"),
    div("<?php x ?>"),
    div("<!DOCTYPE html>"),
    div("<P>x</P>"),
    div("<x:p>x</x:p>"),
    div("<p >x</ p>"),
    '<div xmlns="http://www.w3.org/1999/xhtml">',
  ];
  for (const text of wrong) assert.ok(narrativeFault(text), text);
});

test("FHIR-XHTML-3 has nothing that runs, loads or sends", () => {
  const hostile = [
    "<script>x</script>",
    "<script/>",
    "<style>p{}</style>",
    '<link href="x"/>',
    "<iframe/>",
    "<object/>",
    "<embed/>",
    "<form><input/></form>",
    "<button>x</button>",
    "<svg><a/></svg>",
    "<math/>",
    "<base/>",
    "<meta/>",
    "<body/>",
    "<head/>",
    "<video/>",
    "<audio/>",
    "<template/>",
    "<noscript/>",
    "<textarea/>",
    "<title/>",
    "<select/>",
    "<frame/>",
    "<applet/>",
    '<p onclick="x">a</p>',
    '<img src="a.png" onerror="x"/>',
    '<p ONCLICK="x">a</p>',
    '<a href="javascript:x">a</a>',
    '<a href="JaVaScRiPt:x">a</a>',
    '<a href=" javascript:x">a</a>',
    '<a href="java&#115;cript:x">a</a>',
    '<a href="java&#x0A;script:x">a</a>',
    '<a href="java\tscript:x">a</a>',
    '<a href="&#1;javascript:x">a</a>',
    '<a href="vbscript:x">a</a>',
    '<a href="data:text/html,x">a</a>',
    '<a href="blob:x">a</a>',
    '<a href="file:///x">a</a>',
    '<img src="javascript:x"/>',
    '<img src="data:text/html;base64,AAAA"/>',
    '<img src="data:image/svg+xml;base64,AAAA"/>',
    '<p style="background:url(http://x.org/a)">a</p>',
    '<p style="background:u&#114;l(//x.org)">a</p>',
    '<p style="width:expression(x)">a</p>',
    '<p style="behavior:url(x)">a</p>',
    '<p style="-moz-binding:x">a</p>',
    '<p style="@import x">a</p>',
    '<p style="\\75rl(x)">a</p>',
    '<p style="ur/**/l(x)">a</p>',
    '<p style="background:url(data:text/html;base64,AAAA)">a</p>',
    '<p href="https://x.org">a</p>',
    '<a xlink:href="javascript:x">a</a>',
    '<p srcset="x">a</p>',
    '<a ping="x">a</a>',
    '<a target="_blank">a</a>',
    '<p contenteditable="true">a</p>',
    '<p formaction="x">a</p>',
    '<p xmlns:x="y">a</p>',
    '<p xmlns="http://www.w3.org/2000/svg">a</p>',
    '<blockquote cite="javascript:x">a</blockquote>',
  ];
  for (const text of hostile) assert.ok(narrativeFault(div(text)), text);
});

test("FHIR-XHTML-4 ends quickly and without another error, whatever the text", () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    "/",
    "<p",
    "<p>",
    "</p>",
    "<!--",
    "-->",
    "&",
    "&amp;",
    '"',
    "'",
    " class=",
    "=",
    "x",
    "<div",
    "\n",
    "<![CDATA[",
    "å",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      narrativeFault(pieces.join(""));
      narrativeFault(div(pieces.join("")));
    }),
    { numRuns: 2000 },
  );
  const before = process.cpuUsage();
  for (const text of [
    div("<".repeat(100_000)),
    div(`<p ${'a="b" '.repeat(50_000)}`),
    div(`<p a="${" ".repeat(100_000)}`),
    div(`<!--${"-".repeat(100_000)}`),
    div("<b>".repeat(50_000)),
    div("&".repeat(100_000)),
    `<div ${" ".repeat(100_000)}`,
  ]) {
    assert.ok(narrativeFault(text));
  }
  assert.ok(process.cpuUsage(before).user < 2_000_000, "over two seconds");
});
