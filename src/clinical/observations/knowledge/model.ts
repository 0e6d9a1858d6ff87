/**
 * What a score says of measured values, as data: which values it takes, the points of each, what a sum means and asks for, for whom it
 * holds, and by whom it was published. A national service, or another score, can stand in its place.
 *
 * SPEC CLIN-OBS-KNOW · NMI/MDR: decision support, so a medical device's function in the sense of MDR rule 11
 */
import type { ValueName } from "../values.ts";

export type Words = { readonly sv: string; readonly en: string };

/** Points of a value up to and including `upTo`; null of the last, which has no end. */
export type Band = { readonly upTo: number | null; readonly points: number };

/** Bands that hold in a scale, and, when the two differ, by whether oxygen is given. */
export type Bands = { readonly air: readonly Band[]; readonly oxygen: readonly Band[] };

export type Scored = { readonly value: ValueName; readonly source: string } & (
  | { readonly kind: "bands"; readonly bands: readonly Band[] }
  /** The scale in use says which bands; the first is the ordinary one, the others need an ordination. */
  | { readonly kind: "scales"; readonly scales: Readonly<Record<string, Bands>> }
  | { readonly kind: "choices"; readonly choices: Readonly<Record<string, number>> }
);

/** What a sum, or a single value, asks for. The gravest that holds counts. */
export type Response = {
  readonly id: string;
  /** From this sum on, or from so many points of a single value on. */
  readonly from: number | null;
  readonly single: number | null;
  readonly risk: Words;
  /** How soon one measures again, and what is done. */
  readonly again: Words;
  readonly asks: Words;
  readonly source: string;
  /** Somebody must answer for it: how urgent it is, and within how many minutes it must have been taken over. */
  readonly loop: { readonly priority: "urgent" | "stat"; readonly minutes: number; readonly source: string } | null;
};

export type ScoreSet = {
  readonly format: "eira-score-1";
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly owner: string;
  readonly date: string;
  /** What has to be said wherever it is shown. */
  readonly acknowledgement: Words;
  readonly sources: Readonly<Record<string, string>>;
  /** Whole years from which it holds; and whether it holds in pregnancy. */
  readonly fromAge: number;
  readonly inPregnancy: boolean;
  readonly scored: readonly Scored[];
  /** The gravest first. */
  readonly responses: readonly Response[];
};
