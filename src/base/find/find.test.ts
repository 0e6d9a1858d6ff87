import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hitsIn, MOST_SOUGHT, soughtWith, standsIn, textsOf } from "./index.ts";

const SEED = 20261123;

/** What is found, with ! before what is denied. */
const found = (text: string, typed: string): string =>
  hitsIn(text, soughtWith(typed))
    .map(({ start, end, isDenied }) => `${isDenied ? "!" : ""}${text.slice(start, end)}`)
    .join(" ");

test("BASE-FIND-2 a word is found in its forms and in compounds, a number as it stands", () => {
  const cases = [
    ["Infarkten, infarkter, Hjärtinfarkt, INFARKT", "infarkt", "Infarkten infarkter Hjärtinfarkt INFARKT"],
    ["Trycksåret, sår, såren", "sår", "Trycksåret sår såren"],
    ["Lungemboli, lungt", "lung", "Lungemboli lungt"],
    ["Bröstcancerkirurgi", "cancer", "Bröstcancerkirurgi"],
    ["Benigna fynd, benbrott", "ben", ""], // three letters are too few at a beginning
    ["Provet togs, prov, provsvar", "prov", "Provet prov provsvar"],
    ["Idé, dyspné", "dyspne", "dyspné"],
    ["5 mg, 0,5 mg, 50 mg, 0.5", "0,5", "0,5"],
    ["HbA1c 52", "hba1c", "HbA1c"],
    ["höger, hoger", "höger", "höger"],
  ] as const;
  for (const [text, typed, wanted] of cases) assert.equal(found(text, typed), wanted, `${typed} in ${text}`);
});

test("BASE-FIND-3 phrases stand together in any form, and all parts stand somewhere", () => {
  assert.equal(found("Akuta hjärtinfarkter. Infarkt, akut.", '"akut hjärtinfarkt"'), "Akuta hjärtinfarkter");
  assert.equal(found("stroke utan afasi", "”stroke utan afasi”"), "stroke utan afasi");
  const sought = soughtWith('feber "akut buk"');
  assert.equal(standsIn(["Hög feber.", "Akut buk?"], sought), true);
  assert.equal(standsIn(["Hög feber.", "Buken mjuk, akut sjuk"], sought), false);
  assert.equal(standsIn(["Feber"], []), false);
});

test("BASE-FIND-4 what its sentence denies is told, and nothing else", () => {
  const cases = [
    ["Ingen feber, hosta eller dyspné. Rossel bilateralt.", "feber dyspné rossel", "!feber !dyspné Rossel"],
    ["Inte pneumoni utan hjärtsvikt.", "pneumoni hjärtsvikt", "!pneumoni hjärtsvikt"],
    ["Stroke utan afasi", "stroke afasi", "Stroke !afasi"],
    ["Metastaser ej påvisade. Emboli misstänks.", "metastas emboli", "!Metastaser Emboli"],
    ["Hosta, ej feber men yrsel", "hosta feber yrsel", "Hosta !feber yrsel"],
    ["Feber: nej. Smärta: ja", "feber smärta", "!Feber Smärta"],
    ["Patienten nekar bröstsmärta", "bröstsmärta", "!bröstsmärta"],
    ["Feberfri sedan i går; feber i förrgår", "feber", "!Feberfri feber"],
    ["Ingen hosta. Feber.", "feber", "Feber"],
    ["Denies chest pain but has fever", "pain fever", "!pain fever"],
    ["Ingen av de sju tidigare undersökningarna som gjordes visade entydigt emboli", "emboli", "emboli"], // too far away
  ] as const;
  for (const [text, typed, wanted] of cases) assert.equal(found(text, typed), wanted, text);
});

test("BASE-FIND-5 looked through is what was written, and nothing that only machines read", () => {
  const note = {
    resourceType: "Composition",
    id: "hemligt",
    meta: { source: "metaord", tag: [{ display: "etikettord" }] },
    identifier: { value: "nummerord" },
    subject: { reference: "Patient/adressord" },
    code: { coding: [{ system: "urn:systemord", code: "kodord", display: "Hjärtsvikt" }], text: "Svikt" },
    title: "Besök",
    section: [{ title: "Status", text: { status: "additional", div: "<div>Rossel <b>bas</b>alt &amp; ödem</div>" } }],
    content: [{ attachment: { contentType: "text/plain", data: Buffer.from("bifogad text").toString("base64") } }],
  };
  const texts = textsOf(note);
  assert.deepEqual(texts, ["Hjärtsvikt", "Svikt", "Besök", "Status", "Rossel basalt & ödem", "bifogad text"]);
  assert.deepEqual(textsOf({ attachment: { contentType: "text/plain", data: "inte base64 %%" } }), []);
  assert.deepEqual(textsOf({ note: [null, 7, { text: null }], div: 3 }), []);
});

test("BASE-FIND-6 hits are words of the text in their order, whatever is typed in whatever text", () => {
  console.log(`seed ${SEED}`);
  const word = fc.constantFrom(
    "ingen",
    "feber",
    "Hjärtsvikt",
    "0,5",
    '"',
    "”",
    "utan",
    ".",
    ",",
    "\n",
    "a\u030a",
    "😀",
    "\\",
    "((",
    "",
  );
  const text = fc
    .array(fc.oneof(word, fc.string({ unit: "binary" })), { maxLength: 40 })
    .map((words) => words.join(" "));
  fc.assert(
    fc.property(text, text, (written, typed) => {
      const sought = soughtWith(typed);
      assert.ok(sought.length <= MOST_SOUGHT);
      let last = 0;
      for (const { start, end } of hitsIn(written, sought)) {
        assert.ok(start >= last && end > start && end <= written.length);
        last = end;
      }
      const own = soughtWith(written).flat();
      if (own.length > 0) assert.ok(standsIn([written], [own.slice(0, 1)]));
    }),
    { seed: SEED, numRuns: 500 },
  );
  const long = "ingen feber, ".repeat(40_000);
  const started = process.cpuUsage();
  assert.equal(hitsIn(long, soughtWith("feber hosta yrsel")).length, 40_000);
  const { user } = process.cpuUsage(started);
  assert.ok(user < 20_000_000, `${user} µs for half a million characters`);
});
