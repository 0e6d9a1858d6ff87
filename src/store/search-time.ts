/**
 * The time of one search statement. A search that takes longer is stopped in the database and refused as too costly, so
 * that one caller's question never occupies the database of all. The clock is the server's own and not a setting of the
 * session: that would also stop a commit that waits for its standby.
 *
 * SPEC STORE-SEARCH · https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL
 */
import { fhirErrorAt } from "../fhir/index.ts";
import { Connection, isAnswer } from "./connection.ts";

/** Longer than a caller waits; shorter than what others should wait for. */
export const SEARCH_LIMIT_MS = 20_000;

/** PostgreSQL's code of a statement that was cancelled. */
const CANCELLED = "57014";

/** What `work`, one statement on the connection, answers in time. Errors: SEARCH_TOO_COSTLY, and those of `work`. */
export async function inTime<T>(connection: Connection, limit: number, work: () => Promise<T>): Promise<T> {
  const watch = { isLate: false };
  const timer = setTimeout(() => {
    watch.isLate = true;
    connection.broken = true; // the stop may arrive when the statement has ended, and must not meet another one
    stop(connection).catch(() => connection.discard()); // without an answer the connection itself is the stop
  }, limit);
  try {
    return await work();
  } catch (error) {
    if (watch.isLate && isAnswer(error) && error.code === CANCELLED)
      throw fhirErrorAt("SEARCH_TOO_COSTLY", "?", `> ${limit / 1000} s`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function stop(connection: Connection): Promise<void> {
  const other = await Connection.open(connection.config, undefined);
  try {
    await other.many({ text: "SELECT pg_cancel_backend($1)", values: [connection.processId] });
  } finally {
    await other.close();
  }
}
