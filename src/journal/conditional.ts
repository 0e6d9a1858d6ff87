/**
 * Conditions inside a write: "create this only if nothing meets these criteria", and references that name what they mean
 * by criteria. Both are answered inside the transaction, under a lock on the criteria.
 *
 * SPEC JRN-CONDITION · https://hl7.org/fhir/R4/http.html#ccreate
 */
import type { Grounds } from "../access/index.ts";
import { fhirError, fhirErrorAt, isResourceType } from "../fhir/index.ts";
import { compileSearch, parseSearch } from "../search/index.ts";
import type { WriteTx } from "../store/index.ts";
import type { Visit } from "./context.ts";
import { predicateFor } from "./predicate.ts";
import { parametersOf } from "./query-text.ts";
import { foundRow, searchRows, type FoundRow } from "./rows.ts";

/** In whose name a condition is looked at, and how far that reaches. */
export type Asker = { readonly visit: Visit; readonly grounds: Grounds };

/** The lock under which one condition is looked at and acted on. */
export function conditionLock(type: string, criteria: string): string {
  return `${type}?${criteria}`;
}

/** The one resource that meets the criteria, or nothing. Errors: MULTIPLE_MATCHES, CRITERIA_EMPTY, SEARCH_*. */
export async function matchCondition(
  tx: WriteTx,
  { visit, grounds }: Asker,
  type: string,
  criteria: string,
): Promise<FoundRow | undefined> {
  const parameters = parametersOf(criteria.replace(/^\?/, "")).filter(([name]) => name !== "_format");
  if (parameters.length === 0) throw fhirError("CRITERIA_EMPTY");
  const plan = parseSearch(type, [...parameters, ["_count", "2"]], { base: visit.base, now: visit.clock().getTime() });
  const rows = searchRows(await tx.search(compileSearch(plan, predicateFor(visit, grounds))));
  if (rows.length > 1) throw fhirError("MULTIPLE_MATCHES");
  return rows[0] === undefined ? undefined : foundRow(rows[0], plan, "match");
}

/** What a conditional reference means, as `Type/id`. Errors: REFERENCE_NOT_FOUND, MULTIPLE_MATCHES. */
export async function matchOne(tx: WriteTx, asker: Asker, reference: string, where: string): Promise<string> {
  const at = reference.indexOf("?");
  const type = reference.slice(0, at);
  if (!isResourceType(type)) throw fhirErrorAt("TYPE_UNKNOWN", where, type);
  const found = await matchCondition(tx, asker, type, reference.slice(at + 1));
  if (found === undefined) throw fhirErrorAt("REFERENCE_NOT_FOUND", where, type);
  return `${type}/${found.id}`;
}
