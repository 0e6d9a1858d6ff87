/**
 * A moment behind which nothing is on its way any more: every version that bears a time up to it is either there or will
 * never be. What is exported as of such a moment is whole, and the next export since it misses nothing.
 *
 * The moment is taken, the clock is let past it, and it is settled in the database: a write that has taken its time before
 * and comes to the database after is refused there, and tried again with a later time. Those that came before are waited for,
 * as transactions that are open; one that has written nothing for half a minute can only be a reader.
 *
 * SPEC JRN-MOMENT
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Visit } from "./context.ts";

const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 500;
const READERS_ARE_KNOWN_AFTER_MS = 30_000;

/** Answers the moment (ISO) when it has settled. Rejects when `signal` ends the wait. */
export async function settledMoment({ store, clock }: Visit, signal: AbortSignal): Promise<string> {
  const moment = clock();
  while (clock().getTime() <= moment.getTime()) await sleep(1, undefined, { signal });
  await store.settle(moment.toISOString());
  const began = performance.now();
  const waited = new Set((await store.openTransactions()).map(({ name }) => name));
  for (let look = FIRST_LOOK_MS; waited.size > 0; look = Math.min(look * 2, LONGEST_LOOK_MS)) {
    await sleep(look, undefined, { signal });
    const isLate = performance.now() - began > READERS_ARE_KNOWN_AFTER_MS;
    const open = new Map((await store.openTransactions()).map(({ name, writes }) => [name, writes]));
    for (const name of waited) if (!open.has(name) || (isLate && open.get(name) !== true)) waited.delete(name);
  }
  return moment.toISOString();
}
