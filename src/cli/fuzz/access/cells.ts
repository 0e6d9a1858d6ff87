/** One question to the access engine and to the reference, with everything that decides it; and what both may answer. SPEC ACC-ORACLE */
import type {
  AccessLimits,
  DoorFacts,
  DoorRules,
  PatientFacts,
  Reader,
  RecordFacts,
  Staff,
} from "../../../access/index.ts";

export type StaffCell = {
  readonly kind: "staff";
  readonly staff: Staff;
  readonly patient: PatientFacts;
  readonly record: RecordFacts;
  readonly at: string;
  readonly limits: AccessLimits;
};

export type DoorCell = {
  readonly kind: "door";
  readonly reader: Reader;
  readonly person: DoorFacts;
  readonly record: RecordFacts;
  readonly at: string;
  readonly rules: DoorRules;
};

export type Cell = StaffCell | DoorCell;

/** Every class of answer. A comparison that never met one of them has shown nothing about it. */
export const OUTCOMES = [
  "open: need",
  "open: choice",
  "open: consent",
  "open: emergency",
  "open: patient",
  "open: guardian",
  "open: proxy",
  "malformed",
  "no assignment",
  "no purpose",
  "no analysis",
  "no need",
  "blocked",
  "needs relation",
  "needs consent",
  "needs choice",
  "no right",
  "protected",
  "age unknown",
  "age",
  "not for the patient",
  "not for others",
] as const;

export type Verdict = { readonly outcome: (typeof OUTCOMES)[number]; readonly alarm: boolean };
