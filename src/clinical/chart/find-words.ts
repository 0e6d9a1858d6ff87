/**
 * Words sought in a patient's whole record: every kind of the timeline, newest first, as far as the reader may see it. What a reader may
 * not see is neither found nor counted.
 *
 * SPEC CLIN-WORDS
 */
import { soughtWith, standsIn, textsOf, type Sought } from "../../base/index.ts";
import { fhirErrorAt } from "../../fhir/index.ts";
import { disclosedTogether, requireNeed, type Disclosed, type Found, type Visit } from "../../journal/index.ts";
import { newest } from "./overview.ts";
import { placesOf, textOfPlaces, type Place } from "./places.ts";
import { readSource, refuseUnknownPatient } from "./section-page.ts";
import { TIMELINE } from "./sections.ts";

export type FoundWords = {
  /** The resources in which all of what is sought stands, as they are stored; of each kind newest first. */
  readonly items: readonly string[];
  /** How many records were looked through for this answer. */
  readonly looked: number;
  /** Where to go on when there is more to look through. */
  readonly next: string | null;
};

/** What one call looks through of each kind. */
const OF_EACH = 1000;
const LONGEST_SOUGHT = 200;

/**
 * Looks for words in a patient's record, or in what an earlier answer left. Errors: SEARCH_VALUE_INVALID when nothing is sought, it is too
 * long, or the cursor is none; NOT_FOUND, NO_CARE_RELATION, FORBIDDEN.
 */
export async function findWords(
  visit: Visit,
  patient: string,
  ask: { readonly typed: string; readonly before?: string },
): Promise<Disclosed<FoundWords>> {
  const sought = ask.typed.length > LONGEST_SOUGHT ? [] : soughtWith(ask.typed);
  if (sought.length === 0) throw fhirErrorAt("SEARCH_VALUE_INVALID", "sought", "sought", "sought");
  const places = ask.before === undefined ? TIMELINE.map((): Place => "begin") : placesOf(ask.before, TIMELINE.length);
  await refuseUnknownPatient(visit, patient);
  await requireNeed(visit, patient, `Patient/${patient} words`);
  const pages = await Promise.all(
    TIMELINE.map((source, at) => readSource(visit, source, newest(source, patient, OF_EACH), places[at] ?? "end")),
  );
  return disclosedTogether([disclosedTogether(pages, (found) => found)], ([found]) => foundIn(found, sought));
}

function foundIn(found: readonly (Found | undefined)[], sought: readonly Sought[]): FoundWords {
  const rows = found.flatMap((page) => page?.rows ?? []);
  const items = rows
    .map(({ content }) => content)
    .filter((content) => standsIn(textsOf(JSON.parse(content) as object), sought));
  const next = found.map((page): Place => {
    const after = page?.next === null || page === undefined ? null : page.cursorAfter(page.rows.length);
    return after === null ? "end" : { after };
  });
  return { items, looked: rows.length, next: next.every((place) => place === "end") ? null : textOfPlaces(next) };
}
