/**
 * One section of a chart, page by page, newest first, what has no date last. A section of several kinds is merged; a
 * page's cursor says for each kind where it was left, so that nothing is lost or shown twice, whatever shares a moment.
 *
 * SPEC CLIN-SECTION
 */
import { fhirErrorAt } from "../../fhir/index.ts";
import {
  disclosedTogether,
  readResource,
  refuseVisit,
  requireNeed,
  searchResources,
  stored,
  type Disclosed,
  type Found,
  type Visit,
} from "../../journal/index.ts";
import { mergeNewest } from "./merge.ts";
import { newest } from "./overview.ts";
import { placesOf, textOfPlaces, type Place } from "./places.ts";
import { OWN_SECTIONS, SECTIONS, TIMELINE, isSection, type Source } from "./sections.ts";

export type SectionPage = { readonly items: readonly string[]; readonly next: string | null };

const LARGEST_PAGE = 500;

/** Errors: NOT_FOUND for a patient or section that is not there, SEARCH_VALUE_INVALID for a bad cursor, FORBIDDEN. */
export async function readSection(
  visit: Visit,
  patient: string,
  section: string,
  ask: { readonly count: number; readonly before?: string },
): Promise<Disclosed<SectionPage>> {
  const sources = section === "timeline" ? TIMELINE : isSection(section) ? SECTIONS[section].sources : undefined;
  if (sources === undefined) throw fhirErrorAt("NOT_FOUND", "section");
  return readSources(visit, { patient, section, sources }, ask);
}

/** A part of the patient's own records, at the patient's own door. Errors: SEARCH_VALUE_INVALID for another part or a bad cursor, FORBIDDEN. */
export async function readOwnSection(
  visit: Visit,
  section: string,
  ask: { readonly count: number; readonly before?: string },
): Promise<Disclosed<SectionPage>> {
  const sources = Object.entries(OWN_SECTIONS).find(([name]) => name === section)?.[1];
  if (sources === undefined) throw fhirErrorAt("SEARCH_VALUE_INVALID", "of", "of", "of");
  if (visit.actor.kind !== "patient") return refuseVisit(visit, section, "Det här är patientens egen dörr.");
  return readSources(visit, { patient: visit.actor.patient, section, sources }, ask);
}

type Part = { readonly patient: string; readonly section: string; readonly sources: readonly Source[] };

async function readSources(
  visit: Visit,
  { patient, section, sources }: Part,
  ask: { readonly count: number; readonly before?: string },
): Promise<Disclosed<SectionPage>> {
  const count = Math.min(Math.max(ask.count, 1), LARGEST_PAGE);
  const places = ask.before === undefined ? sources.map((): Place => "begin") : placesOf(ask.before, sources.length);
  await refuseUnknownPatient(visit, patient);
  await requireNeed(visit, patient, `Patient/${patient} ${section}`);
  const pages = await Promise.all(
    sources.map((source, at) => readSource(visit, source, newest(source, patient, count + 1), places[at] ?? "end")),
  );
  return disclosedTogether([disclosedTogether(pages, (found) => found)], ([found]) => pageOf(found, places, count));
}

/** An empty section is told of patients only that are there. */
export async function refuseUnknownPatient(visit: Visit, patient: string): Promise<void> {
  const known = await stored(visit, "Patient", [patient]);
  if (known.length === 0) await readResource(visit, "Patient", patient); // which refuses, and logs it
}

type Criteria = readonly (readonly [string, string])[];

export async function readSource(
  visit: Visit,
  { type }: Source,
  criteria: Criteria,
  place: Place,
): Promise<Disclosed<Found | undefined>> {
  if (place === "end") return disclosedTogether([], () => undefined);
  const after = place === "begin" ? [] : [["_cursor", place.after] as const];
  return searchResources(visit, type, [...criteria, ...after]);
}

function pageOf(found: readonly (Found | undefined)[], places: readonly Place[], count: number): SectionPage {
  const { items, taken } = mergeNewest(
    found.map((page) => page?.rows ?? []),
    count,
  );
  const next = found.map((page, at): Place => placeAfter(page, places[at] ?? "end", taken[at] ?? 0));
  const isLast = next.every((place) => place === "end");
  return { items: items.map(({ content }) => content), next: isLast ? null : textOfPlaces(next) };
}

function placeAfter(page: Found | undefined, before: Place, taken: number): Place {
  if (page === undefined || (taken === page.rows.length && page.next === null)) return "end";
  if (taken === 0) return before;
  const after = page.cursorAfter(taken);
  return after === null ? "end" : { after };
}
