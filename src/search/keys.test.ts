import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hash64 } from "../base/index.ts";
import {
  codeValue,
  commonKey,
  compositeValue,
  identifierValue,
  nameHashText,
  ofTypeValue,
  ownKey,
  referenceToken,
  systemCodeValue,
  systemValue,
  tokenKey,
} from "./keys.ts";
import { splitEscaped, unescaped } from "./escapes.ts";
import { LONGEST_ASKED, lexemesOf, normalized, quoted } from "./text.ts";
import { belowPrefixes, withoutSlash } from "./uris.ts";

test("SEARCH-KEY-1 a row's own key XOR a parameter's hash is the key of a reference to it, as PostgreSQL computes it", () => {
  const own = BigInt(ownKey("Patient", "1"));
  assert.equal(BigInt.asIntN(64, own ^ BigInt(nameHashText("subject"))).toString(), tokenKey("subject", "Patient/1"));
  assert.equal(BigInt(ownKey("Patient", "1")), hash64("Patient/1"));
});

test("SEARCH-KEY-2 keys are stored for ever: these never change", () => {
  assert.equal(ownKey("Patient", "1"), "-3781564756177408803");
  assert.equal(
    tokenKey("identifier", systemCodeValue("urn:oid:1.2.752.129.2.1.3.1", "191212121212")),
    "3508253830258546219",
  );
  assert.equal(referenceToken("Patient", "1"), "2682856902049366116");
});

test("SEARCH-KEY-3 no spelling of one value is a spelling of another", () => {
  const forms = [
    codeValue("a|b"),
    systemCodeValue("a", "b"),
    systemCodeValue("", "a|b"),
    systemValue("a|b"),
    ofTypeValue("a", "b", "c"),
    identifierValue("a|b"),
    compositeValue(["a|b", "c"]),
    compositeValue(["a", "b|c"]),
  ];
  assert.equal(new Set(forms).size, forms.length);
  assert.notEqual(tokenKey("code", "x"), tokenKey("component-code", "x"));
});

test("SEARCH-KEY-4 a remembered key is the computed one, also after more values than are remembered", () => {
  for (let n = 0; n < 60_000; n++) commonKey("code", `value ${n}`);
  for (const n of [0, 1, 49_999, 50_000, 59_999])
    assert.equal(commonKey("code", `value ${n}`), tokenKey("code", `value ${n}`));
});

test("SEARCH-TEXT-1 case, accents and superfluous space do not matter; other differences do", () => {
  for (const text of ["ÅSA  Öberg", " åsa öberg ", "a\u030Asa\u00a0O\u0308berg", "ＡＳＡ oberg"])
    assert.equal(normalized(text), "asa oberg");
  assert.equal(normalized("İstanbul"), "istanbul");
  assert.notEqual(normalized("berg"), normalized("bergh"));
  assert.equal(normalized("\u0000\u0007x\ny"), "x y");
});

test("SEARCH-TEXT-2 any part of a text that may be asked for lies whole within one piece, and nothing else does", () => {
  const long = fc
    .array(fc.constantFrom("a", "b", "å", "😀", " c"), { minLength: 300, maxLength: 900 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(long, fc.nat(2000), fc.integer({ min: 1, max: LONGEST_ASKED }), (text, at, length) => {
      const whole = normalized(text);
      const part = whole
        .slice(at % whole.length, (at % whole.length) + length)
        .replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");
      const pieces = lexemesOf("p", text).map((lexeme) => lexeme.replace(/^p~?:/, ""));
      assert.ok(
        pieces.some((piece) => piece.includes(part)),
        `${part.length} characters at ${at}`,
      );
      assert.ok(pieces.every((piece) => whole.includes(piece)));
      assert.ok(pieces[0] !== undefined && whole.startsWith(pieces[0]));
    }),
  );
});

test("SEARCH-TEXT-3 a lexeme stays below PostgreSQL's limit, whatever it is made of", () => {
  for (const letter of ["x", "å", "文", "😀", "'", "\\"]) {
    for (const one of lexemesOf("very-long-parameter-name#", letter.repeat(5000)))
      assert.ok(new TextEncoder().encode(one).length < 2046, letter);
  }
  assert.deepEqual(lexemesOf("p", "   "), []);
  assert.equal(quoted("o'neill\\"), "'o''neill\\\\'");
});

test("SEARCH-ESC-1 a backslash takes the meaning from a separator, and splitting comes before unescaping", () => {
  assert.deepEqual(splitEscaped("a\\,b,c", ",").map(unescaped), ["a,b", "c"]);
  assert.deepEqual(splitEscaped("a\\|b|c\\\\|d", "|").map(unescaped), ["a|b", "c\\", "d"]);
  assert.deepEqual(splitEscaped("a\\$b$c", "$").map(unescaped), ["a$b", "c"]);
  assert.deepEqual(splitEscaped("a\\", ",").map(unescaped), ["a\\"]);
  assert.equal(unescaped("C:\\new"), "C:\\new");
});

test("SEARCH-ESC-2 what is escaped and joined comes back as it was", () => {
  const escaped = (text: string): string => text.replace(/[\\,|$]/g, "\\$&");
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) =>
      assert.deepEqual(splitEscaped(texts.map(escaped).join(","), ",").map(unescaped), texts),
    ),
  );
});

test("SEARCH-URI-1 a uri lies below each beginning of its path and each beginning of its version", () => {
  assert.deepEqual(belowPrefixes("http://a.se/b/c|1.2"), [
    "http://a.se",
    "http://a.se/b",
    "http://a.se/b/c",
    "http://a.se/b/c|1",
    "http://a.se/b/c|1.2",
  ]);
  assert.deepEqual(belowPrefixes("urn:oid:1.2.3"), ["urn:oid:1.2.3"]);
  assert.deepEqual(belowPrefixes("http://a.se/"), ["http://a.se"]);
  assert.equal(withoutSlash("http://a.se/b//"), "http://a.se/b");
  assert.ok(
    belowPrefixes(`http://a.se${"/x".repeat(5000)}`).length < 30,
    "a hostile path does not become thousands of keys",
  );
});
