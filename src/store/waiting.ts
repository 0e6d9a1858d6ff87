/** Who waits to go to PostgreSQL together with others of the same reach. SPEC STORE-GROUP */
import type { Reach } from "./connection.ts";

/** Adds one to those who wait for the reach. Answers their list when this is its first, who has to see that they are served. */
export function joinWaiting<T>(waiting: Map<Reach, T[]>, reach: Reach, one: T): T[] | undefined {
  const others = waiting.get(reach);
  if (others !== undefined) {
    others.push(one);
    return undefined;
  }
  const group = [one];
  waiting.set(reach, group);
  return group;
}
