/**
 * What is hidden from a person takes some tens of microseconds longer not to find than what is not there: a thousand pairs of
 * reads showed it. A person's answer is held for a random moment, which drowns that and is not felt. Machine clients of the
 * region have nothing hidden from them and are not held.
 *
 * SPEC HTTP-API-BLOCK-4
 */
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** Longest moment, in milliseconds. */
const LONGEST = 6;

/** Resolves after a random moment. */
export async function blurTime(): Promise<void> {
  await sleep(randomInt(LONGEST + 1));
}
