/**
 * What kills: server, PostgreSQL or both, at random points, each time until the server is up again.
 *
 * SPEC DRILL-KILL, DRILL-HL7, DRILL-LOOPS
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "../../base/index.ts";
import { killNow, type DrillServer } from "./server.ts";

const LONGEST_MS = 900;
const WAYS = [["server"], ["database"], ["server", "database"], ["database", "server"]] as const;

/** Kills once, after a random while. Answers what was killed; the server is up again then. */
export async function killOnce(server: DrillServer, random: SeededRandom): Promise<readonly string[]> {
  await sleep(random.int(LONGEST_MS));
  const postmaster = await server.postmaster();
  const victims = random.pick(WAYS);
  for (const victim of victims) {
    if (victim === "server") server.killServer();
    else killNow(postmaster);
    if (victims.length > 1) await sleep(random.int(40));
  }
  if (victims.some((one) => one === "server")) {
    await server.gone();
    await server.run();
  } else {
    await server.recovers();
  }
  return victims;
}
