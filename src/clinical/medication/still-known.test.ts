/** Rules of ../SPEC.md: values that are too old count as unknown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Knowledge, KNOWLEDGE, KnowledgeRefusal, readKnowledge, type Validity } from "./knowledge/index.ts";
import { factsIn } from "./facts.ts";
import { judge, NOW, recordOf, type Who } from "./pack/scenario.ts";
import { stillKnown } from "./still-known.ts";

type Case = readonly [line: string, measure: string, who: (days: number) => Who];
/** Values that stop the line while they count. */
const CASES: readonly Case[] = [
  ["metformin 500 mg 2", "kidney", (days) => ({ age: 70, egfr: 20, labDays: days })],
  ["metformin 500 mg 2", "kidney", (days) => ({ age: 70, creatinine: 400, labDays: days })],
  ["spironolakton 25 mg 1", "potassium", (days) => ({ age: 70, egfr: 80, potassium: 6.4, labDays: days })],
  ["warfarin 2,5 mg 1", "inr", (days) => ({ age: 70, inr: 9, labDays: days })],
];

test("CLIN-MED-15 a value stops on the last day that it counts; on the day after it is said to be too old, with its day, as unknown, and stops nothing", () => {
  let stops = 0;
  for (const [line, measure, who] of CASES) {
    const days = daysOf(measure, 70);
    const levels = (age: number): readonly string[] => judge(line, who(age)).filter(({ level }) => level === "stop").map(({ key }) => key); // prettier-ignore
    stops += levels(days).length;
    assert.deepEqual(levels(days + 1), [], line);
    const old = judge(line, who(days + 1)).find(({ level, sv }) => level === "unknown" && sv.includes("för gammalt värde")); // prettier-ignore
    assert.match(old?.sv ?? "", new RegExp(`20\\d\\d-\\d\\d-\\d\\d, gäller i ${days} dagar`), line);
    assert.match(old?.en ?? "", /too old a value/);
  }
  assert.ok(stops >= CASES.length, "each stops while it counts");
});

test("CLIN-MED-15 an eGFR of 1983 stops no drug; a weight that is too old is none for a child; of a value dated later than tomorrow nothing is known; without an age the shortest time counts", () => {
  const long = Math.round((Date.parse("2026-11-22") - Date.parse("1983-03-01")) / 86_400_000);
  const found = judge("metformin 500 mg 2", { age: 70, egfr: 20, labDays: long });
  assert.deepEqual(found.filter(({ kind }) => kind === "kidney").map(({ level, sv }) => [level, sv.includes("1983-03-01")]), [["unknown", true]]); // prettier-ignore
  const child = judge("alvedon 250 mg 4", { age: 4, weight: 17, weightDays: daysOf("weight", 4) + 1 });
  assert.match(child.find(({ key }) => key === "weight-missing/N02BE01")?.sv ?? "", /för gammalt värde: vikt 17 kg/);
  assert.ok(!judge("alvedon 250 mg 4", { age: 4, weight: 17, weightDays: daysOf("weight", 4) }).some(({ level }) => level === "stop")); // prettier-ignore
  const grown = factsIn({
    now: NOW,
    knowledge: KNOWLEDGE,
    resources: recordOf({ age: 40, weight: 80, weightDays: 31 }),
  });
  assert.equal(stillKnown({ facts: grown, knowledge: KNOWLEDGE }, "weight").state, "known");
  assert.equal(stillKnown({ facts: { ...grown, age: null }, knowledge: KNOWLEDGE }, "weight").state, "old");
  const later = judge("metformin 500 mg 2", { age: 70, egfr: 20, labDays: -3 });
  assert.match(later.find(({ kind }) => kind === "kidney")?.sv ?? "", /inget kreatinin finns/);
});

test("CLIN-MED-15 each kind of value has one greatest age at each age of the patient, with why and a source, and a setting without a source is called one; a set with a gap, with two, or without is refused", () => {
  for (const one of KNOWLEDGE.set.validities) assert.ok(one.sv.length > 10 && one.en.length > 10 && KNOWLEDGE.source(one.source) !== one.source); // prettier-ignore
  assert.match(KNOWLEDGE.source("setting"), /utan publicerad källa/);
  const refused = (validities: readonly Validity[]): string => {
    try {
      readKnowledge(JSON.stringify({ ...KNOWLEDGE.set, validities }));
    } catch (error) {
      assert.ok(error instanceof KnowledgeRefusal);
      return error.faults.join();
    }
    return "";
  };
  const all = KNOWLEDGE.set.validities;
  assert.equal(refused(all), "");
  assert.match(refused(all.filter(({ id }) => id !== "age-inr")), /inr not once/);
  assert.match(refused(all.filter(({ id }) => id !== "age-weight-2")), /weight not once/);
  assert.match(refused([...all, ...all.filter(({ id }) => id === "age-kidney")]), /kidney not once/);
  assert.match(refused(all.map((one) => ({ ...one, days: 0 }))), /days/);
  const longer = new Knowledge({ ...KNOWLEDGE.set, validities: all.map((one) => ({ ...one, days: 40_000 })) });
  assert.ok(judge("metformin 500 mg 2", { age: 70, egfr: 20, labDays: 9_000 }, longer).some(({ level }) => level === "stop"), "the days are the set's"); // prettier-ignore
});

function daysOf(measure: string, age: number): number {
  const [one] = KNOWLEDGE.set.validities.filter((all) => all.measure === measure && age >= all.from && (all.below === null || age < all.below)); // prettier-ignore
  assert.ok(one !== undefined);
  return one.days;
}
