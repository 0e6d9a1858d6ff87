/** Some loops by id, of those on the reader's lists, for whoever reads what they are about. SPEC CLIN-LOOP-1 */
import { disclosedAfter, type Disclosed, type Visit } from "../journal/index.ts";
import type { Kind, Loop, State } from "./model.ts";
import { staffOf } from "./staff.ts";
import { loopOf } from "./stored.ts";

/** Those of the loops that are on the reader's lists. Errors: FORBIDDEN. */
export async function loopSubjects(visit: Visit, ids: readonly string[]): Promise<Disclosed<readonly Loop[]>> {
  const { reach } = await staffOf(visit, "search");
  const rows = await visit.store.read(reach, (look) => look.loops.byIds(ids));
  return disclosedAfter(visit, [], rows.map(loopOf));
}

/** Somebody who waits, as the ledger has it: the request, and how far the call of the patient has come. */
export type WaitingLoop = { readonly loop: Loop; readonly callState: State | null; readonly callBy: number | null };

/** Who waits at the reader's lists, the longest first, and whether there are more. Errors: FORBIDDEN. */
export async function waitingLoops(
  visit: Visit,
  kinds: readonly Kind[],
  limit: number,
): Promise<Disclosed<{ readonly waiting: readonly WaitingLoop[]; readonly more: boolean }>> {
  const { reach } = await staffOf(visit, "search");
  const rows = await visit.store.read(reach, (look) => look.loops.waiting(kinds, null, limit + 1));
  const waiting = rows.slice(0, limit).map(({ callState, callBy, ...row }) => ({
    loop: loopOf(row),
    callState: callState as State | null,
    callBy,
  }));
  return disclosedAfter(visit, [], { waiting, more: rows.length > limit });
}

/** What came out of a loop, of what is on the reader's lists: its answer, its call, what is to be followed up. Errors: FORBIDDEN. */
export async function loopsOutOf(visit: Visit, { id, patient }: Loop): Promise<Disclosed<readonly Loop[]>> {
  const { reach } = await staffOf(visit, "search");
  if (patient === null) return disclosedAfter(visit, [], []);
  const rows = await visit.store.read(reach, (look) => look.loops.ofPatient(patient, 0, MOST_OF_PATIENT));
  return disclosedAfter(
    visit,
    [],
    rows.map(loopOf).filter(({ parent }) => parent === id),
  );
}

const MOST_OF_PATIENT = 1000;
