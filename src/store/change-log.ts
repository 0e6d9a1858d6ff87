/**
 * Reading the change log without a gap: a reader goes by (transaction number, sequence number) and stops before the
 * oldest transaction still in flight. Later transactions get higher numbers, so nothing can appear behind the reader.
 *
 * SPEC STORE-CHANGE · https://www.postgresql.org/docs/current/functions-info.html (pg_snapshot_xmin)
 */
import { allResolved, preparedOn, spreadOf } from "./citus/index.ts";
import type { Connection } from "./connection.ts";
import type { Method } from "./resources.ts";

/** Where a reader is: everything up to and with this entry is handled. */
export type Position = { readonly xid: string; readonly seq: string };

export type LoggedChange = Position & {
  readonly home: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly method: Method;
  readonly recorded: string;
  readonly patient: string | null;
  readonly care_provider: string | null;
};

export const START: Position = { xid: "0", seq: "0" };

/**
 * The next entries after `position`, oldest first; fewer than `limit` means that the reader is at the end for now, or that
 * a transaction of several servers has not ended on all of them.
 */
export async function readChanges(connection: Connection, position: Position, limit: number): Promise<LoggedChange[]> {
  if (spreadOf(connection) !== undefined) return readSpreadChanges(connection, position, limit);
  // The order names the table: alone, the names would mean the texts that are selected, and "10" stands before "9".
  return connection.many<LoggedChange>({
    name: "changes-after",
    text: `SELECT xid::text, seq::text, home, type, id, version, method, recorded, patient, care_provider FROM change_log
           WHERE (xid, seq) > ($1::xid8, $2::int8) AND xid < pg_snapshot_xmin(pg_current_snapshot())
           ORDER BY change_log.xid, change_log.seq LIMIT $3`,
    values: [position.xid, position.seq, limit],
  });
}

/** The numbers are those of the server that is asked, so the place up to which they are read is taken there, and first. */
async function readSpreadChanges(connection: Connection, position: Position, limit: number): Promise<LoggedChange[]> {
  const [row] = await connection.many<{ horizon: string }>({
    name: "changes-horizon",
    text: "SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon",
  });
  if (row === undefined || !(await allResolved(() => preparedOn(connection)))) return [];
  return connection.many<LoggedChange>({
    name: "changes-between",
    text: `SELECT xid::text, seq::text, home, type, id, version, method, recorded, patient, care_provider FROM change_log
           WHERE (xid, seq) > ($1::xid8, $2::int8) AND xid < $4::xid8
           ORDER BY change_log.xid, change_log.seq LIMIT $3`,
    values: [position.xid, position.seq, limit, row.horizon],
  });
}

/** Where the named reader stopped. */
export async function readerPosition(connection: Connection, name: string): Promise<Position> {
  const [row] = await connection.many<Position>({
    text: "SELECT xid::text, seq::text FROM change_reader WHERE name = $1",
    values: [name],
  });
  return row ?? START;
}

/** Moves the named reader; it never moves back. */
export async function moveReader(connection: Connection, name: string, position: Position): Promise<void> {
  await connection.commitStatement({
    text: `INSERT INTO change_reader (name, xid, seq) VALUES ($1, $2::xid8, $3::int8)
           ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, seq = excluded.seq, updated = clock_timestamp()
           WHERE (change_reader.xid, change_reader.seq) <= (excluded.xid, excluded.seq)`,
    values: [name, position.xid, position.seq],
  });
}

/**
 * Refuses a database whose change log was written under other transaction numbers than this cluster gives out, as after
 * pg_dump into another cluster: what is written from then on would stand before what the readers have read.
 */
export async function refuseStrangeTransactions(connection: Connection): Promise<void> {
  for (const table of ["change_log", "change_reader", "subscriber"]) {
    if (!(await isFromElsewhere(connection, table))) continue;
    throw new Error(
      "The change log was written in another PostgreSQL cluster and its readers would miss what is written here. Move the database with eira backup and eira restore.",
    );
  }
}

/** True when a table names a transaction that this cluster has not given out yet. */
export async function isFromElsewhere(connection: Connection, table: string): Promise<boolean> {
  const [newest] = await connection.many<{ xid: string }>({
    text: `SELECT t.xid::text FROM ${table} AS t WHERE t.xid >= $1::xid8 ORDER BY t.xid DESC LIMIT 1`,
    values: [await nextTransaction(connection)],
  });
  // Others write meanwhile: what was read is older than the number that is next now, unless it is from elsewhere.
  return newest !== undefined && BigInt(newest.xid) >= BigInt(await nextTransaction(connection));
}

/** The number that comes after all that is visible, of the server that is asked. It is a value: other servers would put in their own. */
async function nextTransaction(connection: Connection): Promise<string> {
  const [row] = await connection.many<{ next: string }>({
    text: "SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next",
  });
  return row?.next ?? "0";
}
