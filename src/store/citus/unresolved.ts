/**
 * Transactions of several servers that have ended on the one that is asked and are still being ended on the others. Citus
 * prepares on the others first; what it has prepared and not yet committed there is seen by nobody, although the
 * transaction's number is no longer in flight. Who reads up to a number waits for those that were there when it was taken.
 *
 * SPEC STORE-CHANGE-6 · https://www.postgresql.org/docs/current/two-phase.html
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Talk } from "../connection.ts";
import { onAllNodes } from "./nodes.ts";

const PREPARED = `SELECT coalesce(string_agg(gid, ',' ORDER BY gid), '') FROM pg_prepared_xacts
  WHERE database = current_database() AND gid LIKE 'citus\\_%'`;

/** The transactions that are prepared on some server. */
export async function preparedOn(talk: Talk): Promise<string[]> {
  const lists = await onAllNodes(talk, PREPARED);
  return lists.flatMap((list) => list.split(",")).filter((gid) => gid !== "");
}

const LOOKS = 40;
const PAUSE_MS = 25;

/** True when every transaction that is prepared at the first look is not so any more at a later one. */
export async function allResolved(look: () => Promise<readonly string[]>, looks = LOOKS): Promise<boolean> {
  let open: readonly string[] = await look();
  for (let at = 1; open.length > 0; at += 1) {
    if (at === looks) return false;
    await sleep(PAUSE_MS);
    const now = new Set(await look());
    open = open.filter((gid) => now.has(gid));
  }
  return true;
}
