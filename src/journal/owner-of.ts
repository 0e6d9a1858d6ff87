/**
 * Whose a resource is. What another system says of an order belongs to the unit that ordered, so the integration has to know which that is.
 * It is told to machine clients alone, and tells nothing of what stands in the resource.
 *
 * SPEC JRN-OWNER
 */
import { reachSetting } from "../access/index.ts";
import { fhirError } from "../fhir/index.ts";
import { authorize } from "./authorize.ts";
import type { Owner } from "./commands.ts";
import type { Visit } from "./context.ts";

/** The care provider and unit that own each named resource of a type, by id; those that are not here are left out. Errors: FORBIDDEN. */
export async function ownersOf(
  visit: Visit,
  type: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Owner>> {
  if (visit.actor.kind !== "client") throw fhirError("FORBIDDEN", "only systems ask whose a resource is");
  const { reach } = await authorize(visit, "read", type);
  const rows = await visit.store.read(reachSetting(reach), (look) => look.readMany(type, ids));
  return new Map(rows.map((row) => [row.id, { careProvider: row.care_provider, careUnit: row.care_unit }]));
}
