/**
 * Reading the change log without a gap: a reader goes by (transaction number, sequence number) and stops before the
 * oldest transaction still in flight. Later transactions get higher numbers, so nothing can appear behind the reader.
 *
 * SPEC STORE-CHANGE · https://www.postgresql.org/docs/current/functions-info.html (pg_snapshot_xmin)
 */
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

/** The next entries after `position`, oldest first; fewer than `limit` means that the reader is at the end for now. */
export async function readChanges(connection: Connection, position: Position, limit: number): Promise<LoggedChange[]> {
  // The order names the table: alone, the names would mean the texts that are selected, and "10" stands before "9".
  return connection.many<LoggedChange>({
    name: "changes-after",
    text: `SELECT xid::text, seq::text, home, type, id, version, method, recorded, patient, care_provider FROM change_log
           WHERE (xid, seq) > ($1::xid8, $2::int8) AND xid < pg_snapshot_xmin(pg_current_snapshot())
           ORDER BY change_log.xid, change_log.seq LIMIT $3`,
    values: [position.xid, position.seq, limit],
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
  const [row] = await connection.many<{ strange: boolean }>({
    text: `SELECT EXISTS (SELECT 1 FROM change_log WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()))
               OR EXISTS (SELECT 1 FROM change_reader WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()))
               OR EXISTS (SELECT 1 FROM subscriber WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())) AS strange`,
  });
  if (row?.strange !== false) {
    throw new Error(
      "The change log was written in another PostgreSQL cluster and its readers would miss what is written here. Move the database with eira backup and eira restore.",
    );
  }
}
