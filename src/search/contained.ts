/**
 * Resources inside others (`_contained`): the rows that contain resources of a type are found by a key, and what they
 * contain is then held against the conditions, one by one.
 *
 * SPEC SEARCH-CONTAINED · https://hl7.org/fhir/R4/search.html#contained
 */
import { isJsonArray, isJsonObject, PERSON_TYPES, RESOURCE_TYPES, type JsonObject } from "../fhir/index.ts";
import { harvestOf } from "./extract.ts";
import { CONTAINED, tokenKey } from "./keys.ts";
import { meets } from "./meets.ts";
import type { TypePlan } from "./plan.ts";
import { unprotectedSql } from "./protected.ts";
import { fieldsSql } from "./row-fields.ts";
import { SqlWriter, type AccessPredicate, type Statement } from "./sql.ts";

/** The sort value of what is inside another: its own id there. */
export const FRAGMENT = "_fragment";

/** How many containers one search looks into. */
export const MOST_CONTAINERS = 2000;

/** The rows, of any type, that contain a resource of one of the plans' types: one more than are looked into. */
export function compileContainers(types: readonly TypePlan[], access: AccessPredicate): Statement {
  const sql = new SqlWriter(access);
  const keys = sql.bind(types.map(({ type }) => tokenKey(CONTAINED, type)));
  const limit = sql.bind(MOST_CONTAINERS + 1);
  const isOfPersons = sql.withholds && types.some(({ type }) => PERSON_TYPES.has(type));
  const arms = RESOURCE_TYPES.map((type) => {
    const row = sql.row(type);
    const guard = isOfPersons ? ` AND ${unprotectedSql(row, sql)}` : "";
    return `(SELECT ${fieldsSql(row)} FROM ${sql.from(row)} WHERE ${sql.allowed(row)} AND ${row.alias}.tokens && ${keys}::int8[]${guard} LIMIT ${limit})`;
  });
  return sql.statement(`${arms.join("\nUNION ALL\n")}\nLIMIT ${limit}`);
}

/** The resources in a container that meet the conditions of their type. Errors: NOT_SUPPORTED for chains and words. */
export function containedMatches(
  container: JsonObject,
  types: readonly TypePlan[],
  base: string | undefined,
): readonly JsonObject[] {
  const { contained } = container;
  if (!isJsonArray(contained)) return [];
  return contained.filter(isJsonObject).filter((resource) => {
    const plan = types.find(({ type }) => type === resource["resourceType"]);
    if (plan === undefined) return false;
    const harvest = harvestOf(plan.type, resource, base);
    return plan.conditions.every((condition) => meets(condition, { resource, harvest }));
  });
}
