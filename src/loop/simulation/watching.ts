/** What the clock does in a world: the ledger's own escalation, and the alarm of queues that stand still. SPEC LOOP-SIM-1 */
import { escalateOverdue } from "../ledger.ts";
import { REGION } from "../model.ts";
import { Conflict, Unavailable } from "./database.ts";
import { OutcomeUnknown, type Program } from "./program.ts";
import type { World } from "./world.ts";

/** So many go up in one transaction. */
export const BATCH = 200;

/** The part that gives what has stood too long to whoever is next: the ledger's own. */
export async function escalate(world: World, program: Program): Promise<number> {
  let late = 0;
  const at = world.clock();
  await world.journal.retried(program, async (tx) => {
    late = await escalateOverdue(tx, at, BATCH);
    await tx.commit();
  });
  return late;
}

/** A queue that stands still is somebody's to see to. */
export async function alarm(world: World, program: Program, queue: string, isLate: boolean): Promise<void> {
  const open = world.database.about(`Queue/${queue}`).find(({ closed }) => closed === null);
  if (isLate && open === undefined)
    await world.journal.openFault(program, {
      type: "Queue",
      id: queue,
      list: queue === "inbox" ? REGION : queue,
      risk: 1,
    });
}

/** What happens to programs without being wrong: they try again. */
export function isOfTheWeather(error: unknown): boolean {
  return error instanceof Unavailable || error instanceof OutcomeUnknown || error instanceof Conflict;
}
