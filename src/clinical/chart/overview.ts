/**
 * The overview of a patient: who it is, and the newest of each section. Asked through the same door as FHIR.
 *
 * SPEC CLIN-OVERVIEW
 */
import {
  disclosedTogether,
  readResource,
  requireNeed,
  searchResources,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { mergeNewest } from "./merge.ts";
import { SECTIONS, type SectionName, type Source } from "./sections.ts";

/** Texts of FHIR resources, newest first of all kinds, and whether there are more than these. */
export type Glance = { readonly items: readonly string[]; readonly more: boolean };
export type Overview = { readonly patient: string; readonly sections: Readonly<Record<SectionName, Glance>> };

/** Errors: NOT_FOUND, GONE, FORBIDDEN. */
export async function readOverview(visit: Visit, patient: string): Promise<Disclosed<Overview>> {
  const who = await readResource(visit, "Patient", patient);
  await requireNeed(visit, patient, `Patient/${patient} overview`);
  const names = Object.keys(SECTIONS) as SectionName[];
  const glances = await Promise.all(names.map((name) => glanceAt(visit, patient, name)));
  return disclosedTogether([who, disclosedTogether(glances, (found) => found)], ([patientVersion, found]) => ({
    patient: patientVersion.content,
    sections: Object.fromEntries(names.map((name, at) => [name, found[at]])) as Overview["sections"],
  }));
}

async function glanceAt(visit: Visit, patient: string, name: SectionName): Promise<Disclosed<Glance>> {
  const { sources, glance } = SECTIONS[name];
  const pages = await Promise.all(
    sources.map((source) => searchResources(visit, source.type, newest(source, patient, glance))),
  );
  return disclosedTogether([disclosedTogether(pages, (found) => found)], ([found]) => {
    const { items } = mergeNewest(
      found.map(({ rows }) => rows),
      Infinity,
    );
    return { items: items.map(({ content }) => content), more: found.some(({ next }) => next !== null) };
  });
}

/** The search for a patient's newest resources of one kind. */
export function newest(
  { type: _type, date, filter }: Source,
  patient: string,
  count: number,
): (readonly [string, string])[] {
  const order = date === undefined ? [] : [["_sort", `-${date}`] as const];
  return [["patient", patient], ...filter, ...order, ["_count", String(count)]];
}
