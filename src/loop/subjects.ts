/** Some loops by id, of those on the reader's lists, for whoever reads what they are about. SPEC LOOP-LIST-6 */
import { disclose, type Disclosed, type Visit } from "../journal/index.ts";
import type { Loop } from "./model.ts";
import { staffOf } from "./staff.ts";
import { loopOf } from "./stored.ts";

/** Those of the loops that are on the reader's lists. Errors: FORBIDDEN. */
export async function loopSubjects(visit: Visit, ids: readonly string[]): Promise<Disclosed<readonly Loop[]>> {
  const { reach } = await staffOf(visit, "search");
  const rows = await visit.store.read(reach, (look) => look.loops.byIds(ids));
  return disclose(rows.map(loopOf));
}
