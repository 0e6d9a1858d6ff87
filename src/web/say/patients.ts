/**
 * A patient in words: the fixed facts of the banner and of every search hit, each with its own words for "not known".
 *
 * SPEC WEB-BANNER · NHS CUI Patient Banner · domain-sweden (skyddade personuppgifter)
 */
import type { Patient } from "fhir/r4";
import { identityOf, personName, sayName, type Identity, type PersonName } from "./concepts.ts";
import { ageAt, sayDay, type Age } from "./dates.ts";

const PROTECTION = new Set(["sekretessmarkering", "skyddadfolkbokforing"]);

export type PatientFacts = {
  readonly id: string;
  readonly name: string | undefined;
  readonly nameParts: PersonName | undefined;
  readonly identity: Identity | undefined;
  readonly born: string | undefined;
  readonly age: Age | undefined;
  readonly gender: "male" | "female" | "other" | "unknown" | undefined;
  readonly isDeceased: boolean;
  /** The day of death when it is recorded. */
  readonly died: string | undefined;
  readonly isProtected: boolean;
  /** Another record has taken this one's place. */
  readonly isReplaced: boolean;
};

/** The facts as they stand on the day `asOf`; age stops at death. */
export function patientFacts(patient: Patient, asOf: string): PatientFacts {
  const died = patient.deceasedDateTime;
  return {
    id: patient.id ?? "",
    name: sayName(patient.name),
    nameParts: personName(patient.name),
    identity: identityOf(patient.identifier),
    born: patient.birthDate,
    age: patient.birthDate ? ageAt(patient.birthDate, died ?? asOf) : undefined,
    gender: patient.gender,
    isDeceased: patient.deceasedBoolean === true || died !== undefined,
    died: died && sayDay(died),
    isProtected: isProtected(patient),
    isReplaced: (patient.link ?? []).some((link) => link.type === "replaced-by"),
  };
}

/** Marked as protected identity by the population register, or restricted beyond the ordinary by a security label. */
export function isProtected(patient: Patient): boolean {
  return (patient.meta?.security ?? []).some(
    (label) => PROTECTION.has((label.code ?? "").toLowerCase()) || label.code === "R" || label.code === "V",
  );
}

/** Hits that share their name with another hit: those are marked, since that is how wrong patients are chosen. */
export function sameNames(facts: readonly PatientFacts[]): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const nameOf = (one: PatientFacts): string =>
    `${one.nameParts?.family ?? ""}|${one.nameParts?.call ?? one.nameParts?.given[0] ?? ""}`.toLowerCase();
  for (const one of facts) seen.set(nameOf(one), (seen.get(nameOf(one)) ?? 0) + 1);
  return new Set(facts.filter((one) => (seen.get(nameOf(one)) ?? 0) > 1).map((one) => one.id));
}
