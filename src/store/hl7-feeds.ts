/**
 * How far each feed has read the change log: its place moves in the transaction that keeps the messages of what was read, so that nothing is
 * left out, and what is read again is the same messages. The places are those of all readers (change_reader).
 *
 * SPEC STORE-HL7-9
 */
import type { Position } from "./change-log.ts";
import type { Talk } from "./connection.ts";

export class Hl7FeedTables {
  private readonly connection: Talk;

  constructor(connection: Talk) {
    this.connection = connection;
  }

  /** Where a feed is; one that is not known begins at what is written from now on, since what is history is no news. */
  async begin(name: string): Promise<Position> {
    const [row] = await this.connection.many<Position>({
      name: "hl7-feed-begin",
      text: `INSERT INTO change_reader AS r (name, xid, seq)
             VALUES ($1, (pg_snapshot_xmin(pg_current_snapshot())::text::int8 - 1)::text::xid8, 9223372036854775807)
             ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING r.xid::text, r.seq::text`,
      values: [name],
    });
    if (row === undefined) throw new Error(`${name} has no place`);
    return row;
  }

  /** Moves a feed on. False when it is no longer where it was: another server has read on, or somebody has set it back. */
  async move(name: string, from: Position, to: Position): Promise<boolean> {
    const rows = await this.connection.many({
      name: "hl7-feed-move",
      text: `UPDATE change_reader SET xid = $4::xid8, seq = $5::int8, updated = clock_timestamp()
             WHERE name = $1 AND xid = $2::xid8 AND seq = $3::int8 RETURNING 1`,
      values: [name, from.xid, from.seq, to.xid, to.seq],
    });
    return rows.length > 0;
  }

  /** Sets a feed back to before what was written from a time (ISO) on; it tells of it again. False when it is not further on. */
  async setBack(name: string, since: string): Promise<boolean> {
    // In two steps, since the log may lie on other servers than the places.
    const [first] = await this.connection.many<Position>({
      text: `SELECT xid::text, (seq - 1)::text AS seq FROM change_log WHERE recorded >= $1::timestamptz
             ORDER BY change_log.xid, change_log.seq LIMIT 1`,
      values: [since],
    });
    if (first === undefined) return false;
    const rows = await this.connection.many({
      text: `UPDATE change_reader SET xid = $2::xid8, seq = $3::int8, updated = clock_timestamp()
             WHERE name = $1 AND (xid, seq) > ($2::xid8, $3::int8) RETURNING 1`,
      values: [name, first.xid, first.seq],
    });
    return rows.length > 0;
  }
}
