/** Rule WEB-SIGNING-3 of ../SPEC.md: what a correction changes and what it shows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Composition, DocumentReference } from "fhir/r4";
import { readWritten, writeWritten } from "../wire/written-json.ts";
import { divOf, linesOf, textsOf, withTexts } from "./note-text.ts";

const SEED = 20_261_122;
const note = readWritten(`{"resourceType":"Composition","status":"final","title":"Besök","section":[
  {"title":"Aktuellt","text":{"status":"additional","div":"<div><p>Hosta <b>sedan</b> tisdag.</p><p>Feber 38,5.</p></div>"},"extension":[{"url":"urn:x","valueDecimal":6.0}]},
  {"title":"Bedömning","section":[{"title":"Plan","text":{"status":"generated","div":"<div>Åter vid behov &lt;3 dagar</div>"}}]}]}`) as Composition;

test("WEB-SIGNING-3 a correction changes the texts that were changed and sends the rest as it came", () => {
  const texts = textsOf(note);
  assert.deepEqual(texts, [
    { title: "Aktuellt", text: "Hosta sedan tisdag.\nFeber 38,5." },
    { title: "Plan", text: "Åter vid behov <3 dagar" },
  ]);
  assert.equal(writeWritten(withTexts(note, texts.map(({ text }) => text))), writeWritten(note)); // prettier-ignore
  const corrected = withTexts(note, ["Hosta sedan tisdag.\nFeber 38,5.", "Åter om 2 & 4 dagar"]);
  const [first, second] = corrected.section ?? [];
  assert.equal(first?.text?.div, note.section?.[0]?.text?.div);
  assert.match(second?.section?.[0]?.text?.div ?? "", /<p>Åter om 2 &amp; 4 dagar<\/p>/);
  assert.match(writeWritten(corrected), /"valueDecimal":6\.0\}/);
  const data = btoa(String.fromCharCode(...new TextEncoder().encode("Hjärta")));
  const attachment = { contentType: "text/plain; charset=utf-8", data, size: 7 };
  const document: DocumentReference = {
    resourceType: "DocumentReference",
    status: "current",
    content: [{ attachment }],
  };
  assert.deepEqual(textsOf(document)[0]?.text, "Hjärta");
  const changed = withTexts(document, ["Hjärtat"]);
  assert.deepEqual([textsOf(changed)[0]?.text, changed.content[0]?.attachment.size], ["Hjärtat", undefined]);
});

test("WEB-SIGNING-3 whatever is written as text is read as the same text", () => {
  const line = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
    .map((text) => text.replaceAll(/[\s\p{C}]+/gu, " ").trim());
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
      const text = lines.filter((one) => one !== "").join("\n");
      assert.equal(linesOf(divOf(text)), text);
    }),
    { seed: SEED, numRuns: 300 },
  );
});
