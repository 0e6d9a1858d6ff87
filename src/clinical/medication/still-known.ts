/**
 * Whether a value of the patient still counts: each kind has a greatest age in the knowledge, with its reason. What is older is told with
 * its day, and is unknown to every rule. Pure.
 *
 * SPEC CLIN-MED-15 · law 6 of the house
 */
import type { PatientFacts, Value } from "./facts.ts";
import type { Knowledge, Measure, Words } from "./knowledge/index.ts";

export type StillKnown =
  | { readonly state: "known"; readonly value: Value }
  | { readonly state: "missing" }
  | { readonly state: "old"; readonly value: Value; readonly days: number };
type Asked = { readonly facts: PatientFacts; readonly knowledge: Knowledge };

const DAY_MS = 86_400_000;

/** Of somebody whose age is not known the shortest time of all counts. */
export function stillKnown({ facts, knowledge }: Asked, measure: Measure): StillKnown {
  const value = valueOf(facts, measure);
  if (value === null) return { state: "missing" };
  const own = knowledge.set.validities.filter((one) => one.measure === measure);
  const { age } = facts;
  const fitting = age === null ? own : own.filter(({ from, below }) => age >= from && (below === null || age < below));
  const days = Math.min(...(fitting.length === 0 ? [0] : fitting.map((one) => one.days)));
  return facts.now - value.at > days * DAY_MS ? { state: "old", value, days } : { state: "known", value };
}

function valueOf(facts: PatientFacts, measure: Measure): Value | null {
  if (measure === "weight") return facts.weight;
  return measure === "kidney" ? facts.kidney : (facts.labs[measure] ?? null);
}

/** "för gammalt värde: eGFR 21, 1983-03-01, gäller i 365 dagar". */
export function oldWords({ days, value }: Extract<StillKnown, { state: "old" }>, said: Words): Words {
  return {
    sv: `för gammalt värde: ${said.sv}, ${dayOf(value.at)}, gäller i ${days} dagar`,
    en: `too old a value: ${said.en}, ${dayOf(value.at)}, counts for ${days} days`,
  };
}

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
