/**
 * Judges an order against what is known of the patient and of drugs. One class of findings interrupts and takes a reason (`stop`); the
 * others stand beside the line: what is worth knowing (`note`) and what is not known (`unknown`), which is told and never silence. Pure.
 *
 * SPEC CLIN-MED-5, CLIN-MED-6 · F24 · features.md D4 · MDR: decision support
 */
import { dosesJudged } from "./assess-dose.ts";
import { drugsJudged } from "./assess-drugs.ts";
import { patientJudged } from "./assess-patient.ts";
import type { PatientFacts } from "./facts.ts";
import { unknown, type Finding } from "./finding.ts";
import type { OrderFact } from "./from-fhir.ts";
import type { Judged } from "./judged.ts";
import type { Knowledge } from "./knowledge/index.ts";
import type { Override } from "./override.ts";

export type Ask = {
  readonly order: OrderFact;
  readonly facts: PatientFacts;
  readonly knowledge: Knowledge;
  /** Requests that it is, or takes the place of. */
  readonly instead: readonly string[];
};

/** Everything that there is to say, what interrupts first. */
export function assess({ order, facts, knowledge, instead }: Ask): readonly Finding[] {
  const codes = codesOf(order, knowledge);
  const name = nameOf(order, codes, knowledge);
  if (codes.length === 0) return [uncoded(name)];
  const known = codes.some((one) => knowledge.isKnown(one));
  const beside = facts.current
    .filter(({ id }) => !instead.includes(id))
    .map((fact) => ({
      fact,
      codes: codesOf(fact, knowledge),
      name: nameOf(fact, codesOf(fact, knowledge), knowledge),
    }));
  const judged: Judged = { order, codes, name, facts, beside, knowledge };
  const found = [
    ...patientJudged(judged),
    ...drugsJudged(judged),
    ...(known ? dosesJudged(judged) : [unknownDrug(codes[0] ?? "", name)]),
  ];
  const told = found.map((one) => ({ ...one, source: knowledge.source(one.source) }));
  return onceEach(told).toSorted((a, b) => RANK[a.level] - RANK[b.level]);
}

const RANK: Readonly<Record<Finding["level"], number>> = { stop: 0, note: 1, unknown: 2 };

function onceEach(all: readonly Finding[]): readonly Finding[] {
  return [...new Map(all.toReversed().map((one) => [one.key, one])).values()].toReversed();
}

/** The codes of all that an order holds; none when nobody knows what it is. */
export function codesOf(order: OrderFact, knowledge: Knowledge): readonly string[] {
  const called = order.atc.length > 0 || order.name === null ? undefined : knowledge.substanceCalled(order.name);
  const own = called === undefined ? order.atc : [called.atc];
  return [...new Set(own.flatMap((one) => knowledge.holdsOf(one)))];
}

function nameOf(order: OrderFact, codes: readonly string[], knowledge: Knowledge): string {
  const [first] = codes;
  return (first === undefined ? undefined : knowledge.substance(first)?.name) ?? order.name ?? first ?? "?";
}

function uncoded(name: string): Finding {
  return unknown("drug", "uncoded", `${name}: läkemedlet är inte kodat och är inte kontrollerat`, `${name}: the drug has no code and is not checked`); // prettier-ignore
}

function unknownDrug(atc: string, name: string): Finding {
  return unknown("drug", atc, `${name}: läkemedlet finns inte i kunskapsunderlaget, dosen är inte kontrollerad`, `${name}: the drug is not in the knowledge, the dose is not checked`); // prettier-ignore
}

/** What still interrupts: not what a reason has been given for. */
export function unanswered(findings: readonly Finding[], overrides: readonly Override[]): readonly Finding[] {
  const answered = new Set(overrides.map(({ key }) => key));
  return findings.filter(({ level, key }) => level === "stop" && !answered.has(key));
}
