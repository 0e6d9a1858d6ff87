/**
 * Rows narrowed to what the scopes of an application open: one patient's, or those that meet search parameters. It stands with the
 * access condition of each table, so that a chain, an include or a count reaches no further than the rows themselves.
 *
 * SPEC SEARCH-NARROWED
 */
import { fhirErrorAt } from "../fhir/index.ts";
import { parseSearch, type SearchParameters } from "./parse.ts";
import type { Condition } from "./plan.ts";

/** One way to be among what is opened. `keys`: of each list one must be had. */
export type NarrowedRows = {
  readonly patient: string | null;
  readonly keys: readonly (readonly string[])[];
  /** Rows of nobody: what the region has in common. */
  readonly isCommon: boolean;
};

/**
 * The keys that rows of a type must have to meet the parameters, as a scope may have them: tokens without modifiers, chains or
 * anything that has to be looked up. Errors: those of the search; NOT_SUPPORTED for others.
 */
export function narrowingKeys(type: string, parameters: SearchParameters): readonly (readonly string[])[] {
  const [only] = parseSearch(type, parameters).types;
  if (only === undefined || parameters.length === 0) throw fhirErrorAt("NOT_SUPPORTED", type, type);
  for (const [name] of parameters) if (!/^[a-z][a-z-]*$/.test(name)) throw fhirErrorAt("NOT_SUPPORTED", name, name);
  const keys = only.conditions.flatMap(keysOf);
  if (keys.length < parameters.length) throw fhirErrorAt("NOT_SUPPORTED", type, type);
  return keys;
}

function keysOf(condition: Condition): readonly (readonly string[])[] {
  if (condition.kind === "all") return condition.of.flatMap(keysOf);
  const isPlain = condition.kind === "keys" && !condition.negated && condition.patients === undefined;
  if (!isPlain) throw fhirErrorAt("NOT_SUPPORTED", condition.kind, condition.kind);
  return [condition.keys];
}

/** The condition on a row of a type's table. Versions have no keys, and are not for whom this is for. */
export function narrowedSql(
  some: readonly NarrowedRows[],
  { alias, type, isVersion }: { readonly alias: string; readonly type: string; readonly isVersion: boolean },
  bind: (value: unknown) => string,
): string {
  if (isVersion || some.length === 0) return "FALSE";
  const own = type === "Patient" ? "id" : "patient";
  const alone = `${alias}.other_patients IS NULL`;
  const ofNobody = `${alias}.patient IS NULL AND ${alone}`;
  const ways = some.map(({ patient, keys, isCommon }) => {
    const parts = patient === null ? [] : [isCommon ? ofNobody : `${alias}.${own} = ${bind(patient)} AND ${alone}`];
    return [...parts, ...keys.map((one) => `${alias}.tokens && ${bind(one)}::int8[]`)].join(" AND ");
  });
  return `(${ways.map((way) => `(${way})`).join(" OR ")})`;
}
