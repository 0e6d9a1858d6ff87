/**
 * A search that looks into resources for others that they contain (`_contained`). Containers are rows like any other, with
 * the same reach; what they contain is seen by whoever sees them, and logged as them.
 *
 * SPEC JRN-CONTAINED · https://hl7.org/fhir/R4/search.html#contained
 */
import { fhirErrorAt, parseJson, writeJson, type JsonObject } from "../fhir/index.ts";
import {
  compileContainers,
  compileSearch,
  containedMatches,
  encodeCursor,
  MOST_CONTAINERS,
  nextQuery,
  selfQuery,
  type Cursor,
  type FoundRow as SearchRow,
  type SearchPlan,
} from "../search/index.ts";
import { NOT_ALL_ALONG, readIncludes, type Looking } from "./includes.ts";
import { shownRow } from "./protected.ts";
import { foundRow, searchRows, type Found, type FoundRow } from "./rows.ts";

/** The page of a plan whose `contained` asks for more than rows. Errors: SEARCH_TOO_COSTLY, NOT_SUPPORTED. */
export async function searchContained(looking: Looking): Promise<Found> {
  const { plan } = looking;
  const { cursor: begin } = plan;
  const all = await everyMatch(looking);
  const rest = begin === undefined ? all : all.filter((row) => isAfter(row, begin));
  const matches = plan.countOnly ? [] : rest.slice(0, plan.count);
  const along = await readIncludes(looking, matches);
  const cursorAfter = (shown: number): Cursor | undefined => {
    const last = shown < rest.length && !plan.countOnly ? rest[shown - 1] : undefined;
    return last === undefined ? undefined : cursorAt(last);
  };
  const next = cursorAfter(matches.length);
  const encoded = (cursor: Cursor | undefined): string | null =>
    cursor === undefined ? null : encodeCursor(cursor, plan.fingerprint);
  return {
    rows: [...matches, ...along.rows],
    total: all.length,
    self: selfQuery(plan),
    next: next === undefined ? null : nextQuery(plan, next),
    cursor: encoded(next),
    cursorAfter: (shown) => encoded(cursorAfter(shown)),
    ignored: along.isCut ? [...plan.ignored, NOT_ALL_ALONG] : plan.ignored,
  };
}

/** Everything that matches, in the order of type, id and place; each container once. */
async function everyMatch(looking: Looking): Promise<readonly FoundRow[]> {
  const { look, plan, predicate } = looking;
  const containers = searchRows(await look.search(compileContainers(plan.types, predicate)));
  if (containers.length > MOST_CONTAINERS) throw tooMany();
  const found = new Map<string, FoundRow>();
  const rows = plan.contained.search === "both" ? await ordinaryMatches(looking) : [];
  for (const row of [...rows, ...containers.flatMap((one) => within(shown(one, looking), looking))])
    found.set(JSON.stringify(placeOf(row)), row);
  return [...found.values()].toSorted((left, right) => compare(placeOf(left), placeOf(right)));
}

async function ordinaryMatches(looking: Looking): Promise<FoundRow[]> {
  const { look, plan, predicate } = looking;
  const whole: SearchPlan = { ...plan, sort: [], cursor: undefined, count: MOST_CONTAINERS };
  const rows = searchRows(await look.search(compileSearch(whole, predicate)));
  if (rows.length > MOST_CONTAINERS) throw tooMany();
  return rows.map((row) => shown(row, { ...looking, plan: whole }));
}

/** Whatever is looked into is shown as in a list. */
function shown(row: SearchRow, { plan, showing }: Looking): FoundRow {
  return shownRow(foundRow(row, plan, "match"), showing, "list");
}

/** The container itself, or what is in it, when anything in it matches. */
function within(row: FoundRow, { plan, base }: Looking): FoundRow[] {
  const matches = containedMatches(parseJson(row.content) as JsonObject, plan.types, base);
  if (matches.length === 0) return [];
  if (plan.contained.answer === "container") return [row];
  return matches.map((one) => ({ ...row, content: writeJson(one), fragment: idOf(one) }));
}

type Place = readonly [type: string, id: string, fragment: string];

function placeOf({ type, id, fragment = "" }: FoundRow): Place {
  return [type, id, fragment];
}

function cursorAt(row: FoundRow): Cursor {
  const [type, id, fragment] = placeOf(row);
  return { type, id, values: [fragment] };
}

function isAfter(row: FoundRow, { type, id, values }: Cursor): boolean {
  return compare(placeOf(row), [type, id, values[0] ?? ""]) > 0;
}

function compare(left: Place, right: Place): number {
  for (const [at, part] of left.entries()) {
    const other = right[at] ?? "";
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

function idOf({ id }: JsonObject): string {
  return typeof id === "string" ? id : "";
}

function tooMany(): Error {
  return fhirErrorAt("SEARCH_TOO_COSTLY", "_contained", `> ${MOST_CONTAINERS}`);
}
