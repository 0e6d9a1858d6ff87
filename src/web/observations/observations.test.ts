/// <reference types="node" />
/** Rules of SPEC.md: what is typed, and the rounds among observations. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observation } from "fhir/r4";
import { analysesOf } from "../say/analyses.ts";
import { closeSpan } from "../chart/results/spans.ts";
import { besideOf } from "../say/concepts.ts";
import type { MeasureDesk, QuantityOf } from "../wire/observations.ts";
import { roundsIn } from "./rounds.ts";
import { toneOf, toneOfPoints, toneOfSum } from "./tone.ts";
import { faultOf, isWhole, measuredIn, NOTHING, settled, typedOf, type FieldName, type Typed } from "./typed.ts";

const typed = (more: Partial<Typed>): Typed => ({ ...NOTHING, ...more });

test("WEB-OBS-1 what is typed means one value or is refused: air, levels, tenths without a comma, pressures; and what was measured is typed the same", () => {
  const settle: readonly (readonly [FieldName, string, string])[] = [
    ["temperature", "372", "37,2"],
    ["temperature", "37.2", "37,2"],
    ["temperature", "37", "37"],
    ["temperature", "999", "999"],
    ["oxygen", "L", "0"],
    ["oxygen", "luft", "0"],
    ["oxygen", "1.5", "1,5"],
    ["consciousness", "c", "C"],
    ["pulse", "125", "125"],
  ];
  for (const [name, text, said] of settle) assert.equal(settled(name, text), said, text);
  assert.deepEqual([isWhole("oxygen", "l"), isWhole("oxygen", "1"), isWhole("consciousness", "v"), isWhole("consciousness", "x"), isWhole("pulse", "a")], [true, false, true, false, false]); // prettier-ignore
  assert.deepEqual(measuredIn(typed({ pressure: "125/75", temperature: "372", oxygen: "l", consciousness: "a" })), { systolic: "125", diastolic: "75", temperature: "37.2", oxygen: "0", consciousness: "A" }); // prettier-ignore
  assert.deepEqual(measuredIn(typed({ pressure: "125" })), { systolic: "125" });
  assert.deepEqual(measuredIn(NOTHING), {});
  const whole = { breaths: "16", saturation: "97", oxygen: "0.5", systolic: "125", diastolic: "75", pulse: "80", consciousness: "A", temperature: "37.0" }; // prettier-ignore
  assert.deepEqual(measuredIn(typedOf(whole)), whole);
});

test("WEB-OBS-3 what cannot be and what is unusual is told by the bounds of the server, the impossible first", () => {
  const quantity = (more: Partial<QuantityOf>): QuantityOf => ({ kind: "quantity", sv: "x", en: "x", unit: "u", decimals: 0, possible: [0, 300], usual: [30, 200], ...more }); // prettier-ignore
  const names = ["breaths", "saturation", "oxygen", "systolic", "diastolic", "pulse", "temperature"] as const;
  const values = { ...Object.fromEntries(names.map((name) => [name, quantity(name === "temperature" ? { decimals: 1, possible: [10, 46], usual: [33, 41.5] } : {})])), consciousness: { kind: "choice", sv: "x", en: "x", choices: ["A", "C"] } } as unknown as MeasureDesk["values"]; // prettier-ignore
  const kindOf = (name: FieldName, text: string): string | undefined => faultOf(name, measuredIn(typed({ [name]: text })), values)?.kind; // prettier-ignore
  assert.deepEqual(["80", "20", "301", "7o", "-5", "80,5"].map((text) => kindOf("pulse", text)), [undefined, "improbable", "impossible", "impossible", "impossible", "impossible"]); // prettier-ignore
  assert.deepEqual(["125/75", "75/125", "125/", "/75", "125/75/3", "125/12"].map((text) => kindOf("pressure", text)), [undefined, "impossible", "impossible", "impossible", "impossible", "improbable"]); // prettier-ignore
  assert.deepEqual(["37,25", "42", "37,2", "99"].map((text) => kindOf("temperature", text)), ["impossible", "improbable", undefined, "impossible"]); // prettier-ignore
  assert.deepEqual(
    ["a", "x"].map((text) => kindOf("consciousness", text)),
    [undefined, "impossible"],
  );
});

const member = (id: string, code: string, more: Partial<Observation>): Observation => ({ resourceType: "Observation", id, status: "final", code: { coding: [{ code }], text: id }, effectiveDateTime: "2026-11-22T10:00:00Z", ...more }); // prettier-ignore
const ROUND: readonly Observation[] = [
  member("puls", "8867-4", { valueQuantity: { value: 75, unit: "slag/min" } }),
  member("bt", "85354-9", { component: [{ code: { coding: [{ code: "8480-6" }] }, valueQuantity: { value: 125 } }, { code: { coding: [{ code: "8462-4" }] }, valueQuantity: { value: 75 } }] }), // prettier-ignore
  member("medvetande", "67775-7", { valueCodeableConcept: { coding: [{ code: "c-nytillkommen-forvirring" }] } }),
  member("news", "news2", { valueInteger: 5, interpretation: [{ coding: [{ code: "medium" }] }], method: { coding: [{ code: "2" }] } }), // prettier-ignore
  member("omgang", "85353-1", { meta: { versionId: "3" }, hasMember: ["puls", "bt", "medvetande", "news"].map((id) => ({ reference: `Observation/${id}` })) }), // prettier-ignore
];

test("WEB-OBS-6 a round is what was measured together, in the version that was seen; one that is not whole, and one that was taken back, is none", () => {
  const [round] = roundsIn(ROUND).values();
  assert.deepEqual(round, { id: "omgang", version: 3, when: "2026-11-22T10:00:00Z", measured: { systolic: "125", diastolic: "75", pulse: "75", consciousness: "C" }, scale: "2" }); // prettier-ignore
  assert.equal(roundsIn(ROUND.filter(({ id }) => id !== "puls")).size, 0);
  assert.equal(roundsIn(ROUND.map((one) => ({ ...one, status: "entered-in-error" as const }))).size, 0);
  const gone = roundsIn(
    ROUND.map((one) => (one.id === "puls" ? { ...one, status: "entered-in-error" as const } : one)),
  );
  assert.equal([...gone.values()][0]?.measured.pulse, undefined);
});

test("WEB-OBS-7 a corrected value has what it was, a score its tone by what it asks for or else by its sum, and the panel is no row", () => {
  const rattad = { url: "urn:eira:matvarden:rattad", extension: [{ url: "varde", valueString: "165" }] };
  const rows = analysesOf(ROUND.map((one) => (one.id === "puls" ? { ...one, extension: [rattad] } : one)), [], besideOf()); // prettier-ignore
  assert.deepEqual(new Set(rows.map(({ name }) => name)), new Set(["bt", "medvetande", "news", "puls"]));
  const of = (name: string) => rows.find((one) => one.name === name)?.values[0];
  assert.deepEqual([of("puls")?.was, of("bt")?.was, of("news")?.tone, of("puls")?.tone], [["165"], [], "two", undefined]); // prettier-ignore
  assert.deepEqual([[0, 4, 5, 6, 7, 20].map(toneOfSum), [0, 1, 2, 3].map(toneOfPoints)], [["calm", "calm", "two", "two", "three", "three"], ["calm", "one", "two", "three"]]); // prettier-ignore
  assert.deepEqual(["none", "low", "single", "medium", "high", "other", undefined].map(toneOf), ["calm", "calm", "one", "two", "three", undefined, undefined]); // prettier-ignore
});

test("WEB-OBS-6 of what is measured many times a day the last week is shown when there is enough in it, else as of everything", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  const daysAgo = (...days: readonly number[]) => days.map((day) => ({ ms: now - day * 86_400_000 }));
  assert.equal(closeSpan(daysAgo(0.1, 1, 6.9), now), "7d");
  assert.equal(closeSpan(daysAgo(0.1, 1, 30), now), "2a");
  assert.equal(closeSpan([], now), "2a");
});
