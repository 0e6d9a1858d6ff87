/**
 * A search of resources that have no rows, such as R4's own definitions: the conditions are held against each of them by the
 * same keys that a row would have.
 *
 * SPEC SEARCH-UNSTORED
 */
import { FhirError, type JsonObject } from "../fhir/index.ts";
import { harvestOf } from "./extract.ts";
import type { Harvest } from "./harvest.ts";
import { meets } from "./meets.ts";
import type { SearchPlan } from "./plan.ts";

const harvests = new WeakMap<JsonObject, Harvest>();

/**
 * Whether the search of one type finds the resource. What would need other rows (chains, words, the time of change)
 * finds nothing of what has none.
 */
export function findsUnstored({ types: [only], contained }: SearchPlan, resource: JsonObject): boolean {
  if (only === undefined || contained.search !== "false") return false;
  const harvest = harvests.get(resource) ?? harvestOf(only.type, resource, undefined);
  harvests.set(resource, harvest);
  try {
    return only.conditions.every((condition) => meets(condition, { resource, harvest }));
  } catch (error) {
    if (error instanceof FhirError && error.code === "NOT_SUPPORTED") return false;
    throw error;
  }
}
