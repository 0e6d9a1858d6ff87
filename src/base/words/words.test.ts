import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { seededRandom } from "../random.ts";
import {
  canonicalWords,
  compareWords,
  isCritical,
  isWordSeal,
  lengthAlarm,
  NO_LENGTHS,
  paperWords,
  sealOfWords,
  sha256,
  sha256OfBytes,
  shortSeal,
  withAnswer,
  type Comparison,
} from "./index.ts";
import { tokensOf } from "./tokens.ts";

const WORDS =
  "ingen inga ej inte utan nil null none NA ua u.a. höger vä dx C5/C6 T4 0,5 5 mg µg < ≥ − 3-5 feber å ö, A\u030a 😀 \u200f | ~ \\ & UVI? P\u0308".split(
    " ",
  );
const text = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: "grapheme" })),
      fc.constantFrom(" ", "\n", "  ", "\t", ""),
    ),
  )
  .map((parts) => parts.flat().join(""));

test("BASE-WORDS-1 SHA-256 is the published one for every length of the last block, and for any text", () => {
  for (let length = 0; length < 300; length += 1) {
    const bytes = seededRandom(length).bytes(length);
    assert.equal(sha256OfBytes(bytes), createHash("sha256").update(bytes).digest("hex"), String(length));
  }
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (any) => {
      assert.equal(sha256(any), createHash("sha256").update(any, "utf8").digest("hex"));
    }),
  );
});

test("BASE-WORDS-2 the seal is of the words: not of how letters and line ends are coded, and of everything else", () => {
  const said = "Ingen påverkan.\nHö knä ua.";
  for (const same of [said.normalize("NFD"), said.replace("\n", "\r\n"), said.replace("\n", "\r")])
    assert.equal(sealOfWords([same]), sealOfWords([said]));
  for (const other of [
    `${said} `,
    ` ${said}`,
    said.replace("\n", "\n\n"),
    said.replace("Ingen ", ""),
    said.replace("å", "a"),
    "",
  ])
    assert.notEqual(sealOfWords([other]), sealOfWords([said]), other);
  const seals = [["a", "b"], ["b", "a"], ["ab"], ["a\nb"], ["a", "", "b"], ["a", "b", ""], [], [""]].map(sealOfWords);
  assert.equal(new Set(seals).size, 7); // no text at all is sealed as one that is empty
  assert.ok(seals.every(isWordSeal));
  assert.ok(![undefined, "", "3f", `${seals[0]} `, seals[0]?.toUpperCase()].some(isWordSeal));
  assert.equal(shortSeal("3f2a91bc77de0123"), "3f2a-91bc-77de");
  assert.equal(paperWords(" In\u00adgen\r\n\u200f feber\u00a0A\u030a\u0000 "), "IngenfeberÅ");
});

test("BASE-WORDS-3 tokens are the text, and numbers and levels stay whole", () => {
  const of = (said: string): string[] => tokensOf(said).flatMap((one) => (one.touches === "blank" ? [] : [one.text]));
  assert.deepEqual(of("CRP <0,5 mg/l, 3-5 ggr"), ["CRP", "<", "0,5", "mg", "/", "l", ",", "3-5", "ggr"]);
  assert.deepEqual(of("C5/C6 L4-L5 T4. 2026-11-22 kl 10:15"), [
    "C5/C6",
    "L4-L5",
    "T4",
    ".",
    "2026-11-22",
    "kl",
    "10:15",
  ]);
  assert.deepEqual(of("u.a. icke-malign isn't −5 +++"), [
    "u.a.",
    "icke",
    "-",
    "malign",
    "isn't",
    "−",
    "5",
    "+",
    "+",
    "+",
  ]);
  fc.assert(
    fc.property(text, (any) => {
      const tokens = tokensOf(any);
      assert.equal(tokens.map((one) => one.text).join(""), any);
      for (const one of tokens) assert.equal(any.slice(one.start, one.start + one.text.length), one.text);
    }),
  );
});

test("BASE-WORDS-4 a token touches a negation, a side, a number or another word", () => {
  const touches = (said: string): string =>
    tokensOf(said)
      .filter((one) => one.touches !== "blank")
      .map((one) => one.touches)
      .join(" ");
  for (const said of [
    "ingen",
    "Inga",
    "INGET",
    "ej",
    "inte",
    "utan",
    "aldrig",
    "icke",
    "nej",
    "varken",
    "saknas",
    "ua",
    "u.a.",
    "U.A",
    "neg",
    "feberfri",
    "misstänkt",
    "?",
    "no",
    "not",
    "without",
    "isn’t",
    "nil",
    "null",
    "N/A",
  ])
    assert.equal(touches(said), "negation", said);
  for (const said of [
    "höger",
    "vänster",
    "Hö",
    "vä",
    "dx",
    "sin",
    "bilateralt",
    "högersidig",
    "vänsterarm",
    "right",
    "left",
  ])
    assert.equal(touches(said), "side", said);
  for (const said of ["5", "0,5", "3-5", "T4", "<", "≥", "−", "mg", "mikrogram", "µg", "%", "+", "½", "halv"])
    assert.equal(touches(said), "number", said);
  assert.equal(touches("5 g"), "number number");
  assert.equal(touches("hepatit B i e"), "word word word word");
  assert.equal(touches("feber, 😀"), "word mark word");
});

test("BASE-WORDS-5 the pieces of a comparison are both texts", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { pieces } = compareWords(before, after);
      for (const [kind, whole] of [
        ["in", canonicalWords(before)],
        ["out", canonicalWords(after)],
      ] as const) {
        const own = pieces.filter((one) => one.kind !== kind);
        assert.equal(own.map((one) => one.text).join(""), whole);
        for (const one of own)
          if (one.kind !== "same") assert.equal(whole.slice(one.start, one.start + one.text.length), one.text);
      }
    }),
  );
});

test("BASE-WORDS-6 what turns the meaning round is told as what it is, and a moved blank is nothing", () => {
  const grave = ({ critical }: Comparison): string =>
    Object.entries(critical)
      .flatMap(([touch, count]) => (count > 0 ? [touch] : []))
      .join();
  for (const [before, after, touch] of [
    ["Ingen blödning.", "Blödning.", "negation"],
    ["Smärta.", "Smärta ej.", "negation"],
    ["Lungor ua.", "Lungor.", "negation"],
    ["förändrad", "oförändrad", "negation"],
    ["regular rhythm", "irregular rhythm", "negation"],
    ["feberfri", "feber", "negation"],
    ["UVI?", "UVI", "negation"],
    ["No fracture", "fracture", "negation"],
    ["höger knä", "vänster knä", "side"],
    ["hö", "vä", "side"],
    ["5 mg", "50 mg", "number"],
    ["0,5 mg", "5 mg", "number"],
    ["5 mg", "5 g", "number"],
    ["5 mikrogram", "5 milligram", "number"],
    ["<5", "5", "number"],
    ["≥5", "≤5", "number"],
    ["−2", "2", "number"],
    ["T4", "T5", "number"],
    ["ingen smärta i höger knä 5 d", "smärta i vänster knä 15 d", "negation,side,number"],
    ["mår bra", "mår illa", ""],
    ["a, b", "a b", ""],
  ] as const)
    assert.equal(grave(compareWords(before, after)), touch, `${before} > ${after}`);
  assert.equal(compareWords("mår bra", "mår illa").words, 2);
  assert.equal(compareWords("ingen  feber\n", "ingen feber").words, 0);
  assert.ok(!compareWords("ingen\r\nfeber", "ingen\nfeber").pieces.some(isCritical));
});

test("BASE-WORDS-7 every single word that is deleted is told (seed 7)", () => {
  const random = seededRandom(7);
  for (let round = 0; round < 2000; round += 1) {
    const words = Array.from({ length: 1 + random.int(12) }, () => random.pick(WORDS));
    for (const at of words.keys()) {
      const { pieces } = compareWords(words.join(" "), words.toSpliced(at, 1).join(" "));
      const told = pieces.filter((one) => one.kind === "out" && one.touches !== "blank").map((one) => one.text);
      assert.ok(told.length > 0, `${words.join(" ")} without ${words[at]}`);
    }
  }
});

test("BASE-WORDS-8 large texts are compared within bounds", () => {
  const long = (word: string): string => Array.from({ length: 60_000 }, (_, at) => `${word}${at % 7}`).join(" ");
  const started = performance.now();
  const far = compareWords(long("a"), long("b"));
  assert.ok(far.words > 0);
  const near = compareWords(`${long("a")} ingen feber ${long("c")}`, `${long("a")} feber ${long("c")}`);
  assert.deepEqual(near.critical, { negation: 1, side: 0, number: 0 });
  assert.ok(performance.now() - started < 20_000);
});

test("BASE-WORDS-9 a sender whose answers become empty is told, one who always sends short ones is not", () => {
  const counts = (answers: readonly string[]) => answers.reduce(withAnswer, NO_LENGTHS);
  const usual = counts(
    Array.from({ length: 300 }, (_, at) => (at % 10 === 0 ? "Neg" : "Röntgen thorax: inga infiltrat.")),
  );
  const late = (blank: number) =>
    counts(Array.from({ length: 12 }, (_, at) => (at < blank ? " \n" : "Ingen fraktur påvisad.")));
  assert.deepEqual(lengthAlarm(usual, late(8)), { upTo: 0, usual: 0, now: 8 / 12 });
  const long = counts(Array.from({ length: 300 }, (_, at) => "ord ".repeat(at % 10 === 0 ? 20 : 150)));
  const cut = counts(Array.from({ length: 20 }, (_, at) => "ord ".repeat(at < 14 ? 20 : 150)));
  assert.deepEqual(lengthAlarm(long, cut), { upTo: 199, usual: 0.1, now: 0.7 });
  assert.equal(lengthAlarm(long, counts(Array.from({ length: 20 }, () => "ord ".repeat(150)))), undefined);
  assert.equal(lengthAlarm(usual, late(2)), undefined);
  assert.equal(lengthAlarm(counts(["a"]), late(12)), undefined);
  const terse = counts(Array.from({ length: 300 }, () => "Neg"));
  assert.equal(lengthAlarm(terse, counts(Array.from({ length: 12 }, () => "Neg"))), undefined);
  assert.deepEqual(lengthAlarm(terse, late(12)), { upTo: 0, usual: 0, now: 1 }, "hardly anything is not nothing");
  const random = seededRandom(9);
  let alarms = 0;
  for (let look = 0; look < 5000; look += 1) {
    const now = counts(
      Array.from({ length: 20 }, () => (random.int(10) === 0 ? "Neg" : "Röntgen thorax: inga infiltrat.")),
    );
    if (lengthAlarm(usual, now) !== undefined) alarms += 1;
  }
  assert.ok(alarms < 10, `${alarms} false alarms of 5000`);
});
