/**
 * What is known about a patient's allergies and intolerances (överkänslighet). Four answers that must never be mixed up:
 * nothing recorded (says nothing about the patient), a recorded statement of none known, only past or refuted ones, and some.
 *
 * SPEC WEB-ALLERGY · failure-modes F33 · https://hl7.org/fhir/R4/allergyintolerance.html (no known allergies)
 */
import type { AllergyIntolerance } from "fhir/r4";
import { hasCode, sayConcept } from "./concepts.ts";

/** SNOMED CT "no known allergy" family and the International Patient Summary's absent-or-unknown codes. */
const NONE_KNOWN: readonly string[] = [
  "716186003",
  "409137002",
  "428607008",
  "429625007",
  "no-known-allergies",
  "no-known-medication-allergies",
  "no-known-environmental-allergies",
  "no-known-food-allergies",
];
const NOT_ASKED: readonly string[] = ["no-allergy-info"];

export type AllergyState =
  | { readonly state: "unknown" }
  | { readonly state: "none-known"; readonly statements: readonly AllergyIntolerance[] }
  | { readonly state: "past-only"; readonly count: number }
  | { readonly state: "some"; readonly active: readonly AllergyIntolerance[]; readonly more: boolean };

/** Sorts out which of the four answers the recorded allergies give. An allergy outweighs a statement of none. */
export function allergyState(items: readonly AllergyIntolerance[], more: boolean): AllergyState {
  const valid = items.filter((one) => !isMistaken(one) && !hasCode(one.code, ...NOT_ASKED));
  const statements = valid.filter(isNoneKnown);
  const allergies = valid.filter((one) => !isNoneKnown(one));
  const active = allergies.filter(isActive).toSorted(byRisk);
  if (active.length > 0 || more) return { state: "some", active, more };
  if (statements.some(isActive)) return { state: "none-known", statements: statements.filter(isActive) };
  return allergies.length > 0 ? { state: "past-only", count: allergies.length } : { state: "unknown" };
}

export function isNoneKnown(allergy: AllergyIntolerance): boolean {
  return hasCode(allergy.code, ...NONE_KNOWN);
}

/** Active until someone says otherwise: a missing clinical status is not a reason to hide an allergy. */
export function isActive(allergy: AllergyIntolerance): boolean {
  return !hasCode(allergy.clinicalStatus, "inactive", "resolved") && !hasCode(allergy.verificationStatus, "refuted");
}

export function isMistaken(allergy: AllergyIntolerance): boolean {
  return hasCode(allergy.verificationStatus, "entered-in-error");
}

export function isSevere(allergy: AllergyIntolerance): boolean {
  return allergy.criticality === "high" || (allergy.reaction ?? []).some((one) => one.severity === "severe");
}

/** The substance in words: the allergy's code, else the substances of its reactions. */
export function saySubstance(allergy: AllergyIntolerance): string | undefined {
  return sayConcept(allergy.code) ?? (allergy.reaction ?? []).map((one) => sayConcept(one.substance)).find(Boolean);
}

/** What happened: the manifestations in words, comma between. */
export function sayReactions(allergy: AllergyIntolerance): string | undefined {
  const words = (allergy.reaction ?? []).flatMap((one) => {
    const found = one.manifestation.map(sayConcept).filter((text) => text !== undefined);
    return found.length > 0 ? found : one.description ? [one.description] : [];
  });
  return words.length > 0 ? [...new Set(words)].join(", ") : undefined;
}

function byRisk(a: AllergyIntolerance, b: AllergyIntolerance): number {
  return (
    Number(isSevere(b)) - Number(isSevere(a)) || (saySubstance(a) ?? "").localeCompare(saySubstance(b) ?? "", "sv")
  );
}
