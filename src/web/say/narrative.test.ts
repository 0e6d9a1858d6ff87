/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readNarrative, type Shown } from "./narrative.ts";
import { plainText } from "./plain-text.ts";

const SEED = Number(process.env["FC_SEED"] ?? 20261121);
const SAFE = new Set(
  "p br b strong i em ul ol li dl dt dd table thead tbody tr td th caption sub sup del ins s pre blockquote hr div span image heading".split(
    " ",
  ),
);

test("WEB-TEXT-1 a narrative keeps its structure and loses whatever could act", () => {
  assert.deepEqual(
    readNarrative(
      `<div xmlns="x"><p onclick="a()">Mjuk &amp; <b style="x">oöm</b></p><script>alert("x")</script></div>`,
    ),
    [{ name: "div", children: [{ name: "p", children: ["Mjuk & ", { name: "b", children: ["oöm"] }] }] }],
  );
  assert.deepEqual(readNarrative(`<h1>R</h1><a href="javascript:x">l</a><img alt="Röntgen" src="x"/>`), [
    { name: "heading", children: ["R"] },
    { name: "span", children: ["l"] },
    { name: "image", children: ["Röntgen"] },
  ]);
  assert.deepEqual(readNarrative(`a<style>p{}</style>b<!-- c -->d<svg><text>e</text></svg>`), ["a", "b", "d"]);
});

test("WEB-TEXT-1 broken markup is shown as far as it can be and never thrown away", () => {
  assert.equal(plainText("<p>En <b>två"), "En två");
  assert.equal(plainText("temp < 38 och puls > 60"), "temp < 38 och puls > 60");
  assert.equal(plainText("</div>slut</p>"), "slut");
  assert.equal(plainText("<script>dold"), "");
  assert.equal(plainText("<![CDATA[a < b]]>"), "a < b");
});

test("WEB-TEXT-1 no input makes an element that is not known, or an exception", () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    "</",
    "/>",
    "script",
    "style",
    "p",
    "b",
    "div",
    " onload=x",
    '"',
    "'",
    "<!--",
    "-->",
    "&lt;",
    "&#x3c;",
    "<svg>",
    "text",
    "<p>",
    "</p>",
    "<img alt='x'/>",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
      for (const name of namesIn(readNarrative(pieces.join("")))) assert.ok(SAFE.has(name), name);
    }),
    { seed: SEED, numRuns: 2000 },
  );
});

test("WEB-TEXT-2 the words of a narrative, with its characters and without its markup", () => {
  assert.equal(plainText("<div><p>H&ouml;ft</p><p>38&#176; &#x2265; &copy;</p></div>"), "Höft 38° ≥ &copy;");
  assert.equal(plainText("<ul><li>a</li><li>b<sub>2</sub></li></ul>"), "a b2");
});

function namesIn(nodes: readonly Shown[]): readonly string[] {
  return nodes.flatMap((node) => (typeof node === "string" ? [] : [node.name, ...namesIn(node.children)]));
}
