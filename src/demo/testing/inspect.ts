/** What the tests look at: one generated region, its charts, the times in a resource and the words that people read. */
import type { FhirResource, Patient } from "fhir/r4";
import { generateRegion, type DemoEntry, type DemoRegion } from "../index.ts";

/** The seed and the day of the region that the tests look at. */
export const SEED = 7;
export const TODAY = "2026-11-21";
export const NOW = Date.parse(`${TODAY}T10:00:00+01:00`);

export interface ChartOf {
  readonly patient: Patient;
  readonly entries: readonly DemoEntry[];
}

let made: { region: DemoRegion; entries: readonly DemoEntry[]; charts: readonly ChartOf[] } | undefined;

/** The region of seed 7, generated once. */
export function sample(): NonNullable<typeof made> {
  if (!made) {
    const region = generateRegion({ seed: SEED, today: TODAY });
    const entries = [...region.resources];
    made = { region, entries, charts: chartsOf(entries) };
  }
  return made;
}

/** Entries by patient: a Patient opens a chart, what follows until the next belongs to it. */
export function chartsOf(entries: readonly DemoEntry[]): ChartOf[] {
  const charts: { patient: Patient; entries: DemoEntry[] }[] = [];
  for (const entry of entries) {
    if (entry.resource.resourceType === "Patient") charts.push({ patient: entry.resource, entries: [] });
    charts[charts.length - 1]?.entries.push(entry);
  }
  return charts;
}

/** The resources of one type. */
export function ofType<T extends FhirResource["resourceType"]>(
  entries: readonly DemoEntry[],
  type: T,
): Extract<FhirResource, { resourceType: T }>[] {
  return entries
    .map((entry) => entry.resource)
    .filter((one): one is Extract<FhirResource, { resourceType: T }> => one.resourceType === type);
}

/** Paths at which a resource says when something was done, found or written down. */
const PAST: Readonly<Partial<Record<FhirResource["resourceType"], readonly string[]>>> = {
  AllergyIntolerance: ["onsetDateTime", "recordedDate"],
  Appointment: ["created"],
  CarePlan: ["created", "period.start"],
  CareTeam: ["period.start"],
  Composition: ["date", "attester.0.time"],
  Condition: ["onsetDateTime", "abatementDateTime", "recordedDate"],
  DiagnosticReport: ["effectiveDateTime", "issued"],
  DocumentReference: ["date"],
  Encounter: ["period.start", "period.end"],
  Flag: ["period.start"],
  Immunization: ["occurrenceDateTime"],
  MedicationAdministration: ["effectiveDateTime"],
  MedicationRequest: ["authoredOn"],
  MedicationStatement: ["dateAsserted"],
  Observation: ["effectiveDateTime", "issued"],
  Procedure: ["performedPeriod.start", "performedPeriod.end"],
  ServiceRequest: ["authoredOn"],
  Specimen: ["collection.collectedDateTime", "receivedTime"],
  Task: ["authoredOn", "lastModified"],
};

/** When the things that a resource tells of happened, as UTC milliseconds with the path they stand at. */
export function pastTimes(resource: FhirResource): { path: string; at: number; text: string }[] {
  return (PAST[resource.resourceType] ?? []).flatMap((path) => {
    const text = at(resource, path);
    return typeof text === "string" ? [{ path, text, at: Date.parse(text) }] : [];
  });
}

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

/** Every text meant for a reader: sections of notes, conclusions, comments, dosages, descriptions. */
export function wordsOf(resource: FhirResource): string[] {
  switch (resource.resourceType) {
    case "Composition":
      return (resource.section ?? []).flatMap((one) => paragraphs(one.text?.div ?? ""));
    case "DiagnosticReport":
      return resource.conclusion ? [resource.conclusion] : [];
    case "MedicationRequest":
      return [
        ...(resource.dosageInstruction ?? []).map((one) => one.text ?? ""),
        ...(resource.note ?? []).map((one) => one.text),
      ];
    case "ServiceRequest":
      return (resource.note ?? []).map((one) => one.text);
    case "Task":
      return [resource.description ?? "", ...(resource.note ?? []).map((one) => one.text)];
    case "CarePlan":
      return [resource.description ?? ""];
    case "Observation":
      return resource.valueString ? [resource.valueString] : [];
    default:
      return [];
  }
}

function paragraphs(div: string): string[] {
  return [...div.matchAll(/<p>(.*?)<\/p>/gs)].map((one) => one[1]!);
}

/** Every reference in a resource. */
export function referencesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "reference" && typeof inner === "string" ? [inner] : referencesOf(inner),
  );
}
