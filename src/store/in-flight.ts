/**
 * Which transactions are open, for whoever must know that nothing older is still on its way.
 *
 * SPEC STORE-FLIGHT · https://www.postgresql.org/docs/current/view-pg-locks.html (virtualxid)
 */
import type { Connection } from "./connection.ts";

/** An open transaction of this database, and whether it has written anything yet. */
export type OpenTransaction = { readonly name: string; readonly writes: boolean };

/** The open transactions but one's own and those of PostgreSQL's own housekeeping. */
export function openTransactions(connection: Connection): Promise<OpenTransaction[]> {
  return connection.many<OpenTransaction>({
    name: "open-transactions",
    text: `SELECT l.virtualtransaction AS name, bool_or(l.locktype = 'transactionid') AS writes
           FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
           WHERE l.locktype IN ('virtualxid', 'transactionid') AND l.granted AND l.pid <> pg_backend_pid()
             AND a.datname = current_database() AND a.usesysid IS NOT NULL
           GROUP BY l.virtualtransaction`,
  });
}
