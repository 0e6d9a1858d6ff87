/**
 * What a set of clinical knowledge says of drugs, as data: each entry has its source, the set its version and owner. Nothing in it is
 * code, so that a national service or a larger set can stand in its place.
 *
 * SPEC CLIN-MED-KNOW · NMI/MDR: decision support, so a medical device's function in the sense of MDR rule 11
 */
import type { Unit } from "../amount.ts";

export const ROUTES = ["oral", "intravenous", "subcutaneous", "intramuscular", "rectal", "inhaled", "sublingual", "cutaneous"] as const; // prettier-ignore
export type Route = (typeof ROUTES)[number];

/** `stop` interrupts and takes a reason; `note` stands beside the line and interrupts nobody. */
export const LEVELS = ["stop", "note"] as const;
export type Level = (typeof LEVELS)[number];

export type Words = { readonly sv: string; readonly en: string };
type Sourced = { readonly source: string };

export type Substance = Sourced & {
  readonly atc: string;
  readonly name: string;
  /** What products are called: the beginning of any of them, or of the name, finds it. */
  readonly names: readonly string[];
  /** The substances that a combination holds, by ATC, beside what its own code says. */
  readonly holds: readonly string[];
};

export type Product = Sourced & {
  readonly id: string;
  readonly atc: string;
  readonly name: string;
  readonly form: string;
  /** What one of them is called: tablett, kapsel, dos. */
  readonly one: readonly [one: string, many: string];
  readonly strength: { readonly value: number; readonly unit: Unit };
  readonly route: Route;
};

/** The most of a substance that is given: above `max` is told, from `stop` on it interrupts. */
export type Limit = Sourced & {
  readonly id: string;
  readonly atc: string;
  readonly route: Route | null;
  readonly per: "dose" | "day" | "week";
  readonly unit: Unit;
  readonly max: number;
  readonly stop: number;
  /** For each kilogram of the patient. */
  readonly perKg: boolean;
  /** From this age in years, and below that one. */
  readonly from: number;
  readonly below: number | null;
  /** Only while nothing of these groups is taken already: those who are used to it take more. */
  readonly unlessTaking: readonly string[];
};

/** Never so often: a drug that is taken once a week. */
export type Weekly = Sourced & { readonly id: string; readonly atc: string; readonly route: Route | null } & Words;

/** Two groups of substances that do not go together, by the beginnings of their ATC codes. */
export type Interaction = Sourced & {
  readonly id: string;
  readonly one: readonly string[];
  readonly other: readonly string[];
  readonly level: Level;
} & Words;

/** An allergy to one group and what it means for another. */
export type Cross = Sourced & {
  readonly id: string;
  readonly allergy: readonly string[];
  readonly drug: readonly string[];
  /** After a severe reaction, and else. */
  readonly severe: Level;
  readonly other: Level;
} & Words;

/** What a record's words for an allergy mean. */
export type AllergyName = Sourced & { readonly says: string; readonly atc: readonly string[] };

export type AgeRule = Sourced & {
  readonly id: string;
  readonly atc: readonly string[];
  readonly from: number;
  readonly below: number | null;
  readonly level: Level;
} & Words;

export type PregnancyRule = Sourced & {
  readonly id: string;
  readonly atc: readonly string[];
  readonly level: Level;
} & Words;

/** Kidney function (ml/min/1.73 m²) below which it matters. */
export type KidneyRule = Sourced & {
  readonly id: string;
  readonly atc: readonly string[];
  readonly below: number;
  readonly level: Level;
} & Words;

export const ANALYSES = ["potassium", "sodium", "inr"] as const;
export type AnalysisName = (typeof ANALYSES)[number];
export type LaboratoryRule = Sourced & {
  readonly id: string;
  readonly atc: readonly string[];
  readonly analysis: AnalysisName;
  readonly above: number | null;
  readonly below: number | null;
  readonly level: Level;
} & Words;

/** Values that the checks use, and that tell nothing when they are too old. */
export const MEASURES = ["weight", "kidney", ...ANALYSES] as const;
export type Measure = (typeof MEASURES)[number];

/** For how many days a value counts, for patients from this age in years and below that one; the words say why so long and no longer. */
export type Validity = Sourced & {
  readonly id: string;
  readonly measure: Measure;
  readonly days: number;
  readonly from: number;
  readonly below: number | null;
} & Words;

/** Groups of which nobody takes two. */
export type DuplicateRule = Sourced & {
  readonly id: string;
  readonly atc: readonly string[];
  readonly level: Level;
} & Words;

export type KnowledgeSet = {
  readonly format: "eira-medication-knowledge-1";
  readonly name: string;
  readonly version: string;
  readonly owner: string;
  readonly date: string;
  /** What the short names of sources stand for. */
  readonly sources: Readonly<Record<string, string>>;
  readonly substances: readonly Substance[];
  readonly products: readonly Product[];
  readonly limits: readonly Limit[];
  readonly weekly: readonly Weekly[];
  readonly interactions: readonly Interaction[];
  readonly crosses: readonly Cross[];
  readonly allergyNames: readonly AllergyName[];
  readonly ages: readonly AgeRule[];
  readonly pregnancy: readonly PregnancyRule[];
  readonly kidney: readonly KidneyRule[];
  readonly laboratory: readonly LaboratoryRule[];
  readonly duplicates: readonly DuplicateRule[];
  readonly validities: readonly Validity[];
};

/** True when an ATC code belongs to one of these groups: a group is the beginning of its codes. */
export function isAmong(atc: string, groups: readonly string[]): boolean {
  return groups.some((group) => atc.startsWith(group));
}
