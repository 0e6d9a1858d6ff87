/**
 * The sections of a chart: which FHIR resources each one shows and in what order. One table, used by the overview, the
 * section pages and the timeline.
 *
 * SPEC CLIN-CHART
 */
export type SectionName =
  | "problems"
  | "medications"
  | "allergies"
  | "vitals"
  | "results"
  | "notes"
  | "contacts"
  | "referrals"
  | "appointments"
  | "immunizations"
  | "flags"
  | "procedures"
  | "care-team";

/** One kind of resource in a section. `date` is the search parameter that orders it, newest first. */
export type Source = {
  readonly type: string;
  readonly date: string | undefined;
  readonly filter: readonly (readonly [string, string])[];
};

export type Section = {
  readonly sources: readonly Source[];
  /** How many the overview shows. */ readonly glance: number;
};

const source = (type: string, date?: string, ...filter: (readonly [string, string])[]): Source => ({
  type,
  date,
  filter,
});

export const SECTIONS: Readonly<Record<SectionName, Section>> = {
  problems: { sources: [source("Condition", "recorded-date", ["category:not", "encounter-diagnosis"])], glance: 20 },
  medications: {
    sources: [source("MedicationRequest", "authoredon"), source("MedicationStatement", "effective")],
    glance: 40,
  },
  allergies: { sources: [source("AllergyIntolerance", "date")], glance: 20 },
  vitals: { sources: [source("Observation", "date", ["category", "vital-signs"])], glance: 60 },
  results: {
    sources: [source("Observation", "date", ["category", "laboratory"]), source("DiagnosticReport", "date")],
    glance: 80,
  },
  notes: { sources: [source("Composition", "date"), source("DocumentReference", "date")], glance: 5 },
  contacts: { sources: [source("Encounter", "date")], glance: 8 },
  referrals: { sources: [source("ServiceRequest", "authored")], glance: 8 },
  appointments: { sources: [source("Appointment", "date")], glance: 8 },
  immunizations: { sources: [source("Immunization", "date")], glance: 10 },
  flags: { sources: [source("Flag", "date")], glance: 20 },
  procedures: { sources: [source("Procedure", "date")], glance: 8 },
  "care-team": { sources: [source("CareTeam", "date")], glance: 5 },
};

/** What the timeline mixes. */
export const TIMELINE: readonly Source[] = [
  source("Encounter", "date"),
  source("Composition", "date"),
  source("DocumentReference", "date"),
  source("Condition", "recorded-date"),
  source("AllergyIntolerance", "date"),
  source("MedicationRequest", "authoredon"),
  source("DiagnosticReport", "date"),
  source("Observation", "date"),
  source("Procedure", "date"),
  source("ServiceRequest", "authored"),
  source("Immunization", "date"),
];

/** What patients read of their own records at their own door: kinds that are open there, each in its words of the page. */
export const OWN_SECTIONS = {
  notes: [source("Composition", "date"), source("DocumentReference", "date")],
  diagnoses: [source("Condition", "recorded-date")],
  medications: [source("MedicationRequest", "authoredon")],
  results: [source("Observation", "date", ["category", "laboratory"])],
  allergies: [source("AllergyIntolerance", "date")],
  contacts: [source("Encounter", "date")],
} as const satisfies Readonly<Record<string, readonly Source[]>>;

export function isSection(name: string): name is SectionName {
  return Object.hasOwn(SECTIONS, name);
}
