import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, folded, textQuery, wordsOf } from "./words.ts";

const finds = (typed: string, code: string, ...texts: string[]): boolean => {
  const query = textQuery(typed);
  return query !== undefined && answers(wordsOf(code, texts), query);
};

test("TERM-WORDS-1 each typed word begins a word of the texts, in any order and case", () => {
  assert.ok(finds("typ diab", "E11", "Diabetes mellitus typ 2"));
  assert.ok(finds("MELL 2", "E11", "Diabetes mellitus typ 2"));
  assert.ok(!finds("betes", "E11", "Diabetes mellitus typ 2"));
  assert.ok(!finds("diabetes typ 1", "E11", "Diabetes mellitus typ 2"));
});

test("TERM-WORDS-2 å, ä and ö are letters of their own; other marks fall away", () => {
  assert.ok(finds("ör", "x", "Örat"));
  assert.ok(!finds("or", "x", "Örat"));
  assert.ok(!finds("hjart", "x", "Hjärtinfarkt"));
  assert.ok(finds("meniere", "x", "Ménières sjukdom"));
  assert.equal(folded("ÅÄÖ éü ñ Ø"), "åäö eu n ø");
  assert.equal(folded("A\u030a A\u0308 O\u0308"), "å ä ö"); // also when written as two characters
});

test("TERM-WORDS-3 a code is found by its beginning, with or without its point", () => {
  for (const typed of ["E11.9", "e11", "E11.", "e1"]) assert.ok(finds(typed, "E11.9", "Utan komplikationer"), typed);
  assert.ok(!finds("E119", "E11.9", "Utan komplikationer"));
  assert.equal(textQuery(" ,;- "), undefined);
  assert.equal(textQuery("a ".repeat(500))?.length, 12); // no more than that is asked for
});
