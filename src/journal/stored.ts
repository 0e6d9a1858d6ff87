/**
 * Which resources are really in the database; for whoever must prove that what was sent is there. Tells ids only.
 *
 * SPEC JRN-STORED
 */
import { reachSetting } from "../access/index.ts";
import { isFhirId } from "../fhir/index.ts";
import { authorize } from "./authorize.ts";
import type { Visit } from "./context.ts";

/** Those of the ids that have a current version within reach. */
export async function stored(visit: Visit, type: string, ids: readonly string[]): Promise<readonly string[]> {
  const grounds = await authorize(visit, "read", type);
  return visit.store.read(reachSetting(grounds.reach), (look) => look.existing(type, ids.filter(isFhirId)));
}
