/** A scenario of the safety pack: who, what is ordered, what must come of it and why. SPEC CLIN-MED-PACK */
import type { JsonObject } from "../../../fhir/index.ts";
import { assess } from "../assess.ts";
import { factsIn } from "../facts.ts";
import type { Finding } from "../finding.ts";
import { orderOf } from "../from-fhir.ts";
import { KNOWLEDGE } from "../knowledge/index.ts";
import { parseOrdination } from "../parse.ts";
import { requestOf } from "../to-fhir.ts";

/** `stop` must interrupt; `quiet` must not; `unknown` must say what is not known. */
export type Expected = "stop" | "quiet" | "unknown";
export type Who = {
  readonly age?: number;
  readonly sex?: "female" | "male";
  readonly weight?: number;
  readonly weightDays?: number;
  readonly allergies?: readonly {
    readonly name: string;
    readonly atc?: string;
    readonly isSevere?: boolean;
    readonly isIntolerance?: boolean;
    readonly category?: string;
  }[];
  /** Nobody has asked about allergies. */
  readonly isUnasked?: boolean;
  readonly takes?: readonly string[];
  /** What is ordered takes the place of what is taken. */
  readonly replaces?: boolean;
  readonly isPregnant?: boolean;
  readonly egfr?: number;
  readonly creatinine?: number;
  readonly potassium?: number;
  readonly sodium?: number;
  readonly inr?: number;
  readonly labDays?: number;
};

export const NOW = Date.parse("2026-11-22T10:00:00Z");
const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(NOW - days * DAY_MS).toISOString();

/** The request that a line becomes. */
export function requested(line: string, id = "new"): JsonObject {
  const found = parseOrdination(line, KNOWLEDGE);
  if (!("ordination" in found)) throw new Error(`${line}: ${JSON.stringify(found.faults)}`);
  const how = { patient: "p", requester: { display: "A" }, at: daysAgo(0), start: "2026-11-22", category: "community", prior: null } as const; // prettier-ignore
  return { ...requestOf(found.ordination, how), id };
}

export function judge(line: string, who: Who, knowledge = KNOWLEDGE): readonly Finding[] {
  const facts = factsIn({ now: NOW, knowledge, resources: recordOf(who) });
  const order = orderOf(requested(line));
  const instead = who.replaces === true ? ["new", ...(who.takes ?? []).map((_, at) => `t${at}`)] : ["new"];
  return assess({ order, facts, knowledge, instead });
}

/** The patient's record as FHIR, as the journal has it. */
export function recordOf(who: Who): readonly JsonObject[] {
  const { age = 40, sex = "male", labDays = 10 } = who;
  const coded = (system: string, code: string): JsonObject => ({ coding: [{ system, code }] });
  const value = (code: string, given: number | undefined, unit: string, days: number): readonly JsonObject[] => given === undefined ? [] : [{ resourceType: "Observation", status: "final", code: coded("urn:x", code), effectiveDateTime: daysAgo(days), valueQuantity: { value: given, code: unit } }]; // prettier-ignore
  const none: JsonObject = { resourceType: "AllergyIntolerance", code: coded("http://snomed.info/sct", "409137002") };
  return [
    { resourceType: "Patient", id: "p", gender: sex, birthDate: daysAgo(age * 365.25 + 1).slice(0, 10) },
    ...value("29463-7", who.weight, "kg", who.weightDays ?? 5),
    ...value("33914-3", who.egfr, "mL/min/{1.73_m2}", labDays),
    ...value("NPU04998", who.creatinine, "umol/L", labDays),
    ...value("NPU03230", who.potassium, "mmol/L", labDays),
    ...value("NPU03429", who.sodium, "mmol/L", labDays),
    ...value("NPU01685", who.inr, "{INR}", labDays),
    ...(who.isPregnant === true ? [{ resourceType: "Condition", code: coded("https://www.icd10.se/", "Z34.9"), onsetDateTime: daysAgo(90) }] : []), // prettier-ignore
    ...(who.allergies ?? []).map((one, at): JsonObject => ({
      resourceType: "AllergyIntolerance",
      id: `a${at}`,
      type: one.isIntolerance === true ? "intolerance" : "allergy",
      category: [one.category ?? "medication"],
      criticality: one.isSevere === true ? "high" : "low",
      code: { ...(one.atc === undefined ? {} : coded("http://www.whocc.no/atc", one.atc)), text: one.name },
    })),
    ...(who.isUnasked === true || who.allergies !== undefined ? [] : [none]),
    ...(who.takes ?? []).map((line, at) => requested(line, `t${at}`)),
  ];
}
