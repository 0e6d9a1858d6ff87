/**
 * Which transactions are open, for whoever must know that nothing older is still on its way.
 *
 * SPEC STORE-FLIGHT · https://www.postgresql.org/docs/current/view-pg-locks.html (virtualxid)
 */
import { preparedOn, spreadOf } from "./citus/index.ts";
import type { Connection } from "./connection.ts";

/** An open transaction of this database, and whether it has written anything yet. */
export type OpenTransaction = { readonly name: string; readonly writes: boolean };

/** The open transactions, those that have not ended on every server too, but one's own and those of PostgreSQL's own housekeeping. */
export async function openTransactions(connection: Connection): Promise<OpenTransaction[]> {
  const open = await connection.many<OpenTransaction>({
    name: "open-transactions",
    text: `SELECT l.virtualtransaction AS name, bool_or(l.locktype = 'transactionid') AS writes
           FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
           WHERE l.locktype IN ('virtualxid', 'transactionid') AND l.granted AND l.pid <> pg_backend_pid()
             AND a.datname = current_database() AND a.usesysid IS NOT NULL
           GROUP BY l.virtualtransaction`,
  });
  if (spreadOf(connection) === undefined) return open;
  return [...open, ...(await preparedOn(connection)).map((name) => ({ name, writes: true }))];
}
