/**
 * What is hidden from a person takes longer not to find than what is not there: some microseconds for each record, which a
 * thousand pairs of calls show. So answers to people leave at set moments after the call came, the first of those that are left when the
 * answer is ready: work that ends before the same moment cannot be told apart at all, where a random wait would only be averaged away.
 * Machine clients of the region have nothing hidden from them and are not held.
 *
 * SPEC HTTP-API-BLOCK-4
 */
import { setTimeout as sleep } from "node:timers/promises";

/** The first moment, in milliseconds after the call; most answers are ready by then, and it is not felt. */
const FIRST = 12;
/** Each moment is twice as late as the one before it, or this many milliseconds later where that is sooner. */
const APART = 64;

/** The first set moment that is not earlier, in milliseconds after the call. */
export function setMoment(elapsed: number): number {
  let moment = FIRST;
  while (moment < elapsed) moment = Math.min(moment * 2, moment + APART);
  return moment;
}

/** Resolves at the next set moment after a call that came then (`performance.now()`). */
export async function untilSetMoment(came: number): Promise<void> {
  const moment = came + setMoment(performance.now() - came);
  // A timer counts from the turn of the loop in which it is set: what is left is looked at again, so that no fraction of the work shows.
  for (let left = moment - performance.now(); left > 0; left = moment - performance.now())
    await sleep(Math.max(1, Math.floor(left)));
}
