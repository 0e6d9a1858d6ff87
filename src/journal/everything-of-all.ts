/**
 * Everything about all patients that the caller may see, one patient after the other: a page is about one of them.
 *
 * SPEC HTTP-EVERYTHING · https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { FhirError, fhirErrorAt, isFhirId } from "../fhir/index.ts";
import type { Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { readEverything, type EverythingAsk, type EverythingPage } from "./everything.ts";
import { parametersOf } from "./query-text.ts";
import { searchResources } from "./search.ts";

/** A patient, where within the records of that one a page begins, and after what the next patients come. */
type Place = { readonly id: string; readonly within?: string; readonly after?: string };

const ONE_BY_ID = [
  ["_sort", "_id"],
  ["_count", "1"],
] as const;
/** Patients that are looked at for one page when nothing of them is asked for. */
const MOST_LOOKED_AT = 50;
const NOTHING: EverythingPage = { rows: [], next: null, total: null, isCut: false };
const MISSING: ReadonlySet<string> = new Set(["NOT_FOUND", "GONE"]);

/** One page. Errors: SEARCH_VALUE_INVALID, FORBIDDEN, those of everything about one. */
export async function everythingOfAll(
  visit: Visit,
  ask: Omit<EverythingAsk, "type" | "id">,
): Promise<Disclosed<EverythingPage>> {
  let place = ask.cursor === undefined ? await nextPatient(visit, undefined) : placeOf(ask.cursor);
  let page = NOTHING;
  for (let looked = 0; place !== undefined && page.rows.length === 0 && looked < MOST_LOOKED_AT; looked += 1) {
    const { id, within, after } = place;
    page = await pageOfOne(visit, { ...ask, type: "Patient", id, cursor: within, use: "list" });
    if (page.next !== null) place = { id, within: page.next, after };
    else place = after === undefined ? undefined : await nextPatient(visit, after);
  }
  return disclose({ ...page, next: place === undefined ? null : textOf(place), total: null });
}

/** A patient who is deleted between being found and being read has nothing. */
async function pageOfOne(visit: Visit, ask: EverythingAsk): Promise<EverythingPage> {
  try {
    return (await readEverything(visit, ask)).value;
  } catch (error) {
    if (error instanceof FhirError && MISSING.has(error.code)) return NOTHING;
    throw error;
  }
}

async function nextPatient(visit: Visit, after: string | undefined): Promise<Place | undefined> {
  const cursor = after === undefined ? [] : [["_cursor", after] as const];
  const { value } = await searchResources(visit, "Patient", [...ONE_BY_ID, ...cursor]);
  const [row] = value.rows;
  if (row === undefined) return undefined;
  const rest = parametersOf(value.next ?? "").find(([name]) => name === "_cursor")?.[1];
  return { id: row.id, after: rest };
}

function textOf({ id, within = "", after = "" }: Place): string {
  return `${id}!${within}!${after}`;
}

/** Errors: SEARCH_VALUE_INVALID. */
function placeOf(text: string): Place {
  const [id = "", within, after, ...rest] = text.split("!");
  if (!isFhirId(id) || after === undefined || rest.length > 0)
    throw fhirErrorAt("SEARCH_VALUE_INVALID", "_cursor", "_cursor");
  return { id, within: within === "" ? undefined : within, after: after === "" ? undefined : after };
}
