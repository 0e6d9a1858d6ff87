import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buildMessage, parseMessage, type NewSegment } from "./codec/index.ts";
import { judgeMessageWords, sealSegment, wordsOfMessage } from "./words.ts";

const HEAD: NewSegment = ["MSH", { 9: ["ORU", "R01"], 10: "1", 11: "P", 12: "2.5.1" }];
const WORDS = ["Ingen blödning.\nHö knä | ^ & ~ \\ ua.", "5,0", "mg/l", "Kommentar: ej fastande"];

function sealed(words = WORDS, charset: "utf-8" | "iso-8859-1" = "utf-8"): Buffer {
  const [text, value, unit, comment] = words;
  const segments: NewSegment[] = [
    HEAD,
    ["OBX", { 1: "1", 2: "TX", 3: "X", 5: text }],
    ["OBX", { 1: "2", 2: "NM", 3: "Y", 5: value, 6: unit }],
    ["NTE", { 1: "1", 3: comment }],
  ];
  const seal = sealSegment(buildMessage(segments, { charset }));
  assert.ok(seal !== undefined);
  return buildMessage([...segments, seal], { charset }).bytes();
}

test("EXCH-HL7-WORDS-1 a message's texts have a seal that stays theirs in every character set", () => {
  for (const charset of ["utf-8", "iso-8859-1"] as const) {
    const message = parseMessage(sealed(WORDS, charset));
    assert.deepEqual(wordsOfMessage(message), WORDS);
    assert.equal(judgeMessageWords(message), "sealed");
    assert.match(message.text(), /\rZEW\|1\|SHA-256\|[0-9a-f]{64}\|4\r$/);
  }
  assert.equal(sealSegment(buildMessage([HEAD])), undefined);
  assert.equal(judgeMessageWords(buildMessage([HEAD])), "unsealed");
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.tuple(text, text, text, text), (words) => {
      assert.equal(judgeMessageWords(parseMessage(sealed(words))), "sealed");
    }),
    { numRuns: 200 },
  );
});

test("EXCH-HL7-WORDS-2 a text that lost a word, a number that is another, and a seal that is none are found", () => {
  const bytes = sealed().toString("utf8");
  for (const [gone, come] of [
    ["Ingen ", ""],
    ["Hö", "Vä"],
    ["5,0", "50"],
    ["mg/l", "g/l"],
    ["ej ", ""],
    ["å", "a"],
    ["ZEW|1|SHA-256|", "ZEW|1|MD5|"],
    ["|4\r", "|3\r"],
    ["ZEW|1|", "ZEW|1|SHA-256|x|4\rZEW|1|"],
    [/NTE[^\r]*\r/, ""],
    [/\|[0-9a-f]{64}\|/, "||"],
  ] as const) {
    const changed = bytes.replace(gone, come);
    if (changed === bytes) assert.equal(gone, "å");
    else assert.equal(judgeMessageWords(parseMessage(Buffer.from(changed))), "differs", String(gone));
  }
});
