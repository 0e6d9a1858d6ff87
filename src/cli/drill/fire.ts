/**
 * What kills: server, PostgreSQL or both, at random points, each time until the server is up again.
 *
 * SPEC DRILL-KILL, DRILL-HL7, DRILL-LOOPS
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "../../base/index.ts";
import { killNow, type DrillServer } from "./server.ts";

const LONGEST_MS = 900;
/** What may be killed together, in this order. */
export const WAYS: readonly (readonly string[])[] = [
  ["server"],
  ["database"],
  ["server", "database"],
  ["database", "server"],
];

/** Kills once, after a random while. Answers what was killed; the server is up again then. */
export async function killOnce(
  server: DrillServer,
  random: SeededRandom,
  ways: readonly (readonly string[])[] = WAYS,
): Promise<readonly string[]> {
  await sleep(random.int(LONGEST_MS));
  const postmaster = await server.postmaster();
  const victims = random.pick(ways);
  for (const victim of victims) {
    if (victim === "server") server.killServer();
    else killNow(postmaster);
    if (victims.length > 1) await sleep(random.int(40));
  }
  if (victims.includes("server")) {
    await server.gone();
    await server.run();
  } else {
    await server.recovers();
  }
  return victims;
}
