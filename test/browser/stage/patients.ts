/**
 * Finds patients of the region by what is in their charts, so that the tests hold whatever the generator names them.
 */
import type { AllergyIntolerance, Bundle, FhirResource, Flag, Observation, Patient } from "fhir/r4";
import type { Page } from "playwright-core";

/** NPU code of B-Hemoglobin. */
const HAEMOGLOBIN = "NPU28309";

export type Cast = {
  /** Has the most haemoglobin values. */
  readonly followed: Patient;
  readonly severeAllergy: Patient;
  readonly flagged: Patient;
  readonly protected: Patient;
  readonly deceased: Patient;
  /** Nothing at all is recorded about this one. */
  readonly blank: Patient;
  /** Somebody recorded that no drug allergy is known. */
  readonly noneKnown: Patient;
};

/** The patients that the tests need. Throws when the region lacks one: a test that saw nothing must fail. */
export async function castOf(page: Page): Promise<Cast> {
  const search = async <T extends FhirResource>(query: string): Promise<readonly T[]> => {
    const answer = await page.request.get(`/fhir/R4/${query}`);
    if (!answer.ok()) throw new Error(`${query} answered ${answer.status()}: ${(await answer.text()).slice(0, 300)}`);
    return (((await answer.json()) as Bundle).entry ?? [])
      .map((entry) => entry.resource as T)
      .filter((one) => one.resourceType !== ("OperationOutcome" as string));
  };
  const patients = await search<Patient>("Patient?_count=1000");
  const byReference = (reference: string | undefined): Patient | undefined =>
    patients.find((one) => `Patient/${one.id}` === reference);
  const allergies = await search<AllergyIntolerance>("AllergyIntolerance?_count=1000");
  const flags = await search<Flag>("Flag?_count=200");
  const counts = new Map<string, number>();
  for (const { subject } of await search<Observation>(`Observation?code=${HAEMOGLOBIN}&_count=1000`)) {
    counts.set(subject?.reference ?? "", (counts.get(subject?.reference ?? "") ?? 0) + 1);
  }
  const mostFollowed = [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
  const known = new Set([
    ...allergies.map((one) => one.patient.reference),
    ...flags.map((one) => one.subject.reference),
  ]);
  return {
    followed: found(byReference(mostFollowed), "with haemoglobin values"),
    severeAllergy: found(
      byReference(allergies.find((one) => one.criticality === "high")?.patient.reference),
      "with a severe allergy",
    ),
    flagged: found(byReference(flags.find((one) => one.status === "active")?.subject.reference), "with a flag"),
    protected: found(
      patients.find((one) => one.meta?.security?.some((label) => /sekretess|skydd/i.test(label.code ?? ""))),
      "with protected identity",
    ),
    deceased: found(
      patients.find((one) => one.deceasedDateTime !== undefined),
      "who is deceased",
    ),
    noneKnown: found(
      byReference(allergies.find((one) => one.code?.text?.startsWith("Ingen känd"))?.patient.reference),
      "without known allergy",
    ),
    blank: await blankPatient(
      page,
      patients.filter((one) => !known.has(`Patient/${one.id}`)),
    ),
  };
}

async function blankPatient(page: Page, candidates: readonly Patient[]): Promise<Patient> {
  for (const one of candidates.slice(-60)) {
    const overview = (await (await page.request.get(`/api/patients/${one.id}/overview`)).json()) as {
      sections?: Record<string, { items: unknown[] }>;
    };
    if (overview.sections && Object.values(overview.sections).every((slice) => slice.items.length === 0)) return one;
  }
  throw new Error("the region has no patient without any record");
}

function found(patient: Patient | undefined, what: string): Patient {
  if (!patient) throw new Error(`the region has no patient ${what}`);
  return patient;
}

/** The address of a section of a patient's chart. */
export function chart(patient: Patient, section = "oversikt"): string {
  return `/patienter/${patient.id}/${section}`;
}

export const SECTION_PATHS = [
  "oversikt",
  "tidslinje",
  "anteckningar",
  "lakemedel",
  "svar",
  "matvarden",
  "diagnoser",
  "overkanslighet",
  "remisser",
  "vardkontakter",
  "vaccinationer",
  "sparrar",
  "vem-har-last",
] as const;
