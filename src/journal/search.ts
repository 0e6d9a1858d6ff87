/**
 * Search: facts, decision, predicate, query, log, in that order. The rows leave when the log of every hit is durable.
 *
 * SPEC JRN-SEARCH · https://hl7.org/fhir/R4/search.html
 */
import { reachSetting, type AccessPredicate, type Grounds } from "../access/index.ts";
import { fhirError, isFhirId } from "../fhir/index.ts";
import {
  compileCount,
  compileSearch,
  encodeCursor,
  hasOnePlan,
  nextQuery,
  pageOf,
  parseSearch,
  parseSystemSearch,
  selfQuery,
  type Compartment,
  type FoundRow as SearchRow,
  type Page,
  type SearchPlan,
} from "../search/index.ts";
import type { ReadTx } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { recordShown, refuseEmptyWithoutNeed } from "./care/grounds.ts";
import { searchContained } from "./contained.ts";
import { groundText, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";
import { predicateFor } from "./predicate.ts";
import { NOT_ALL_ALONG, readIncludes, purposeOf, type Looking } from "./includes.ts";
import { withInside } from "./inside.ts";
import { showingFor, shownRow } from "./protected.ts";
import { withSamePerson } from "./same-person.ts";
import type { QueryParameters } from "./query-text.ts";
import { foundRow, searchRows, type Found, type FoundRow } from "./rows.ts";
import { withMeanings } from "./terminology.ts";

export type { Found, FoundRow };

export type SearchOptions = {
  readonly lenient?: boolean;
  /** Whose compartment is searched; a type without one finds nothing. */
  readonly compartment?: Compartment;
  /** Only what nobody has signed as it stands, of types that can be signed. */
  readonly only?: "unsealed";
};

/** Searches a type, or everything when it is undefined. Errors: SEARCH_*, FORBIDDEN. */
export async function searchResources(
  visit: Visit,
  type: string | undefined,
  parameters: QueryParameters,
  options: SearchOptions = {},
): Promise<Disclosed<Found>> {
  const { parameters: widened, of } = await withSamePerson(visit, parameters);
  const plan = planOf(visit, type, widened, options);
  const grounds = await authorizeSearch(visit, plan, type);
  const predicate = predicateFor(visit, grounds, options.only);
  const reach = reachSetting(grounds.reach);
  const showing = await showingFor(visit);
  const found = isOneStatement(plan)
    ? foundPage({ plan, showing }, searchRows(await visit.store.search(reach, compileSearch(plan, predicate))))
    : await visit.store.read(
        reach,
        // Awaited, so that the way from the socket to the statement shows in a stack.
        async (look) =>
          await runPlan({ look, plan: await withMeanings(visit, plan, look), predicate, showing, base: visit.base }),
        hasOnePlan(plan) ? "once" : "auto",
      );
  await refuseEmptyWithoutNeed(visit, { plan, of, rows: found.rows, asked: `${type ?? "*"}?patient` });
  const act = { action: "search", outcome: "granted", ground: groundText(grounds) } as const;
  await recordShown(visit, entriesByPatient(visit, act, found.rows, [`${type ?? "*"}?${namesOf(plan)}`]));
  return disclose(found);
}

/** Refuses what the same search would refuse before it looks. Errors: SEARCH_*, FORBIDDEN. */
export async function refuseBadSearch(
  visit: Visit,
  type: string | undefined,
  parameters: QueryParameters,
  lenient = false,
): Promise<void> {
  await authorizeSearch(visit, planOf(visit, type, parameters, { lenient }), type);
}

/** A search that is checked and has its grounds, but has neither been looked for nor logged. */
export type PreparedSearch = {
  readonly grounds: Grounds;
  readonly run: (look: ReadTx) => Promise<Found>;
  /** Refuses what was found when it is nothing, of a patient who is closed to the visit. Errors: NO_CARE_RELATION. */
  readonly refuseEmpty: (found: Found) => Promise<void>;
};

/** Prepares a search of a type, for whoever asks several at once and logs them together. Errors: SEARCH_*, FORBIDDEN. */
export async function prepareSearch(visit: Visit, type: string, parameters: QueryParameters): Promise<PreparedSearch> {
  const { parameters: widened, of } = await withSamePerson(visit, parameters);
  const plan = planOf(visit, type, widened, {});
  const grounds = await authorizeSearch(visit, plan, type);
  const predicate = predicateFor(visit, grounds);
  const showing = await showingFor(visit);
  return {
    grounds,
    run: async (look) =>
      runPlan({ look, plan: await withMeanings(visit, plan, look), predicate, showing, base: visit.base }),
    refuseEmpty: async ({ rows }) => refuseEmptyWithoutNeed(visit, { plan, of, rows, asked: `${type}?patient` }),
  };
}

function planOf(
  visit: Visit,
  type: string | undefined,
  parameters: QueryParameters,
  { lenient, compartment }: SearchOptions,
): SearchPlan {
  if (compartment !== undefined && !isFhirId(compartment.id)) throw fhirError("NOT_FOUND");
  const options = { lenient, base: visit.base, now: visit.clock().getTime(), compartment };
  return type === undefined ? parseSystemSearch(parameters, options) : parseSearch(type, parameters, options);
}

/** Grounds for every type that is searched, and for every type that comes along. */
async function authorizeSearch(visit: Visit, plan: SearchPlan, type: string | undefined): Promise<Grounds> {
  if (type !== undefined) return authorize(visit, "search", type);
  const named = plan.types.length <= 20 ? plan.types.map((one) => one.type) : ["*"];
  const [first = "*", ...others] = named;
  const grounds = await authorize(visit, "search", first);
  for (const other of others) await authorize(visit, "search", other);
  return grounds;
}

/** What a chart asks: one statement with one plan, and nothing that must be asked before or after it. */
function isOneStatement(plan: SearchPlan): boolean {
  const { countOnly, total, includes, revincludes, contained } = plan;
  return (
    !countOnly &&
    total === "none" &&
    includes.length === 0 &&
    revincludes.length === 0 &&
    contained.search === "false" &&
    hasOnePlan(plan)
  );
}

async function runPlan(asked: Looking): Promise<Found> {
  const looking = await withInside(asked);
  const { look, plan, predicate } = looking;
  if (plan.contained.search !== "false") return searchContained(looking);
  const total = plan.countOnly || plan.total !== "none" ? await countAll(look, plan, predicate) : null;
  if (plan.countOnly)
    return {
      rows: [],
      total,
      self: selfQuery(plan),
      next: null,
      cursor: null,
      cursorAfter: () => null,
      ignored: plan.ignored,
    };
  const found = foundPage(looking, searchRows(await look.search(compileSearch(plan, predicate))), total);
  const along = await readIncludes(looking, found.rows);
  return {
    ...found,
    rows: [...found.rows, ...along.rows],
    ignored: along.isCut ? [...plan.ignored, NOT_ALL_ALONG] : plan.ignored,
  };
}

/** The page that the rows of a search's statement make. */
function foundPage(
  { plan, showing }: Pick<Looking, "plan" | "showing">,
  rows: readonly SearchRow[],
  total: number | null = null,
): Found {
  const page = pageOf(plan, rows);
  const matches = page.rows.map((row) => shownRow(foundRow(row, plan, "match"), showing, purposeOf(plan, "match")));
  const next = page.next === undefined ? null : nextQuery(plan, page.next);
  const previous = page.previous === undefined ? undefined : nextQuery(plan, page.previous);
  const cursor = page.next === undefined ? null : encodeCursor(page.next, plan.fingerprint);
  const whole = next === null && plan.cursor === undefined; // the only page is all there is
  return {
    rows: matches,
    total: total ?? (whole ? matches.length : null),
    self: selfQuery(plan),
    previous,
    next,
    cursor,
    cursorAfter: (shown) => cursorIn(plan, page, shown),
    ignored: plan.ignored,
  };
}

/** Where a page would have ended that showed only the first rows of this one. */
function cursorIn(plan: SearchPlan, { rows }: Page, shown: number): string | null {
  const part = pageOf({ ...plan, count: shown }, [...rows.slice(0, shown), ...rows.slice(-1)]);
  return part.next === undefined ? null : encodeCursor(part.next, plan.fingerprint);
}

async function countAll(look: ReadTx, plan: SearchPlan, predicate: AccessPredicate): Promise<number> {
  const [row] = await look.search(compileCount(plan, predicate));
  return Number(row?.["total"] ?? 0);
}

/** The names of the parameters that were understood; values and other names are the caller's words, and not logged. */
function namesOf({ used }: SearchPlan): string {
  return used.map(([name]) => name).join("&");
}
