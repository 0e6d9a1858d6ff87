/**
 * Conditions inside a write: "create this only if nothing meets these criteria", changes of what meets them, and
 * references that name what they mean by criteria. All are answered inside the transaction, writes under a lock on the
 * criteria.
 *
 * SPEC JRN-CONDITION · https://hl7.org/fhir/R4/http.html#ccreate
 */
import type { Grounds } from "../access/index.ts";
import { fhirErrorAt, isResourceType } from "../fhir/index.ts";
import { compileSearch, parseSearch, type SearchPlan } from "../search/index.ts";
import type { WriteTx } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import type { Visit } from "./context.ts";
import { predicateFor } from "./predicate.ts";
import { parametersOf, type QueryParameters } from "./query-text.ts";
import { foundRow, searchRows, type FoundRow } from "./rows.ts";
import { withMeanings } from "./terminology.ts";

/** In whose name a condition is looked at, and how far that reaches. */
export type Asker = { readonly visit: Visit; readonly grounds: Grounds };

/** Search criteria, and where they stand in the request. */
export type Condition = { readonly type: string; readonly criteria: string; readonly where: string };

/** Parameters that say how to answer, and nothing of what is meant. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  "_count",
  "_cursor",
  "_elements",
  "_format",
  "_include",
  "_pretty",
  "_revinclude",
  "_sort",
  "_summary",
  "_total",
]);

/** The name of one condition, however it is written; also the lock under which it is looked at and acted on. */
export function conditionName(type: string, criteria: string): string {
  const parameters = parametersOf(criteria.replace(/^\?/, ""));
  const meant = parameters.filter(([name]) => !SAYS_NOTHING.has(name.split(":")[0] ?? ""));
  return `${type}?${JSON.stringify(meant.map((one) => one.join("=")).toSorted())}`;
}

/**
 * The one resource that meets the criteria, or nothing. Errors: MULTIPLE_MATCHES, CRITERIA_EMPTY, SEARCH_*.
 */
export async function matchCondition(tx: WriteTx, asker: Asker, condition: Condition): Promise<FoundRow | undefined> {
  const [one, ...others] = await matchesOf(tx, asker, condition, 1);
  if (others.length > 0) throw fhirErrorAt("MULTIPLE_MATCHES", condition.where);
  return one;
}

/**
 * The resources that meet the criteria, and one more than `most` when there are more. Criteria that narrow nothing would
 * match whatever is there, so they are refused. Errors: CRITERIA_EMPTY, SEARCH_*.
 */
export async function matchesOf(
  tx: WriteTx,
  { visit, grounds }: Asker,
  { type, criteria, where }: Condition,
  most: number,
): Promise<readonly FoundRow[]> {
  const parameters = parametersOf(criteria.replace(/^\?/, ""));
  const asked: QueryParameters = [...parameters, ["_count", String(most)]];
  const plan = parseSearch(type, asked, { base: visit.base, now: visit.clock().getTime() });
  if (plan.types.every(({ conditions }) => conditions.every(({ kind }) => kind === "unprotected")))
    throw fhirErrorAt("CRITERIA_EMPTY", where);
  // What is contained cannot be changed by itself, and passing the word over would mean something else.
  if (plan.contained.search !== "false") throw fhirErrorAt("NOT_SUPPORTED", where, "_contained");
  const whole: SearchPlan = { ...(await withMeanings(visit, plan, tx)), cursor: undefined };
  const rows = searchRows(await tx.search(compileSearch(whole, predicateFor(visit, grounds))));
  return rows.map((row) => foundRow(row, plan, "match"));
}

/** What a conditional reference means, or nothing. Errors: FORBIDDEN, MULTIPLE_MATCHES. */
export async function matchOne(tx: WriteTx, asker: Asker, condition: Condition): Promise<FoundRow | undefined> {
  await authorize(asker.visit, "search", condition.type);
  return matchCondition(tx, asker, condition);
}

/** A conditional reference (`Patient?identifier=…`) as a condition. Errors: TYPE_UNKNOWN. */
export function conditionOf(reference: string, where: string): Condition {
  const at = reference.indexOf("?");
  const type = reference.slice(0, at);
  if (!isResourceType(type)) throw fhirErrorAt("TYPE_UNKNOWN", where, type);
  return { type, criteria: reference.slice(at + 1), where };
}
