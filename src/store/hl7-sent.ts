/**
 * HL7 v2 messages that are to go out: written with what they tell of, sent in the order of their lines until they are
 * acknowledged, and shown to a person when that takes too long. Nothing is ever taken away.
 *
 * SPEC STORE-HL7 · failure modes F1, F3, F69
 */
import { homeOf } from "../base/index.ts";
import type { Talk } from "./connection.ts";

export type NewSent = {
  readonly channel: string;
  readonly controlId: string;
  readonly type: string;
  /** What the order is kept for: the patient. */
  readonly line: string;
  /** What it tells of, for whoever hears that it was acknowledged. */
  readonly about: string | null;
  readonly raw: Buffer;
};

export type WaitingSent = NewSent & {
  readonly position: number;
  readonly home: number;
  readonly created: string;
  readonly attempts: number;
  /** It has failed before. */
  readonly failing: boolean;
};

export type SentPlace = Pick<WaitingSent, "position" | "home">;

export type ParkedSent = Omit<WaitingSent, "raw" | "attempts" | "failing"> & { readonly error: string | null };

export type SentLoad = {
  readonly channel: string;
  readonly waiting: number;
  readonly parked: number;
  readonly oldest: string | null;
};

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const SELECTED = `s.position::float8 AS position, s.home, s.channel, ${ISO("s.created")} AS created, s.control_id AS "controlId", s.type, s.line, s.about`;

/** What can be seen of it. */
export class Hl7SentLook {
  protected readonly connection: Talk;

  constructor(connection: Talk) {
    this.connection = connection;
  }

  /** The first message of each line of a channel, when it is due, oldest first. */
  waiting(channel: string, limit: number): Promise<WaitingSent[]> {
    return this.connection.many<WaitingSent>({
      name: "hl7-sent-waiting",
      text: `SELECT ${SELECTED}, s.raw, s.attempts, s.error IS NOT NULL AS failing FROM hl7_sent s
             WHERE s.channel = $1 AND s.state = 'waiting' AND s.due <= clock_timestamp()
               AND NOT EXISTS (SELECT 1 FROM hl7_sent b WHERE b.channel = s.channel AND b.line = s.line AND b.position < s.position AND b.state IN ('waiting', 'parked'))
             ORDER BY s.position LIMIT $2`,
      values: [channel, limit],
    });
  }

  /** What was sent of one thing, oldest first, as anybody may know it. */
  about(name: string): Promise<
    {
      readonly channel: string;
      readonly controlId: string;
      readonly state: string;
      readonly answer: string | null;
      readonly error: string | null;
      readonly settled: string | null;
    }[]
  > {
    return this.connection.many({
      name: "hl7-sent-about",
      text: `SELECT channel, control_id AS "controlId", state, answer, error, ${ISO("settled")} AS settled FROM hl7_sent WHERE about = $1 ORDER BY position`,
      values: [name],
    });
  }

  /** Control ids of what a channel's receiver has acknowledged since a time, oldest first, to compare with its own list. */
  async acknowledgedSince(channel: string, since: string): Promise<string[]> {
    const rows = await this.connection.many<{ id: string }>({
      text: `SELECT control_id AS id FROM hl7_sent WHERE channel = $1 AND state = 'acknowledged' AND settled >= $2::timestamptz ORDER BY position`,
      values: [channel, since],
    });
    return rows.map(({ id }) => id);
  }

  loads(): Promise<SentLoad[]> {
    return this.connection.many<SentLoad>({
      name: "hl7-sent-loads",
      text: `SELECT channel, count(*) FILTER (WHERE state = 'waiting')::float8 AS waiting, count(*) FILTER (WHERE state = 'parked')::float8 AS parked,
                    ${ISO("min(created)")} AS oldest
             FROM hl7_sent WHERE state IN ('waiting', 'parked') GROUP BY channel ORDER BY channel`,
    });
  }

  /** Channels with messages that were tried in vain and still are: how many, and since when. */
  failing(): Promise<{ readonly channel: string; readonly count: number; readonly since: string }[]> {
    return this.connection.many({
      name: "hl7-sent-failing",
      text: `SELECT channel, count(*)::float8 AS count, ${ISO("min(failing)")} AS since FROM hl7_sent
             WHERE failing IS NOT NULL AND told IS NULL AND state = 'waiting' GROUP BY channel ORDER BY channel`,
    });
  }

  parked(limit: number): Promise<ParkedSent[]> {
    return this.connection.many<ParkedSent>({
      name: "hl7-sent-parked",
      text: `SELECT ${SELECTED}, s.error FROM hl7_sent s WHERE s.state = 'parked' ORDER BY s.position LIMIT $1`,
      values: [limit],
    });
  }
}

/** What changes it, inside a transaction. */
export class Hl7SentTables extends Hl7SentLook {
  /** Has messages sent, in their order. One with a control id that its channel has already is the same message. */
  async append(messages: readonly NewSent[], now: string): Promise<void> {
    await this.connection.many({
      name: "hl7-sent-append",
      text: `INSERT INTO hl7_sent (home, channel, created, control_id, type, line, about, size, raw, due)
             SELECT home, channel, $3::timestamptz, control_id, type, line, about, length(raw), raw, clock_timestamp()
             FROM ROWS FROM (
               json_to_recordset($1::json) AS (home int4, channel text, control_id text, type text, line text, about text),
               unnest($2::bytea[])) WITH ORDINALITY AS g(home, channel, control_id, type, line, about, raw, at)
             ORDER BY at ON CONFLICT (channel, control_id, home) DO NOTHING`,
      values: [
        JSON.stringify(
          messages.map(({ raw: _raw, controlId, ...one }) => ({
            ...one,
            control_id: controlId,
            home: homeOf(one.line),
          })),
        ),
        messages.map(({ raw }) => raw),
        now,
      ],
    });
  }

  /** The receiver has it. False when that was known already. */
  async acknowledge({ position, home }: SentPlace, answer: string, now: string): Promise<boolean> {
    const rows = await this.connection.many({
      name: "hl7-sent-acknowledge",
      text: `WITH done AS (
               UPDATE hl7_sent SET state = 'acknowledged', answer = $3, settled = $4::timestamptz, failing = NULL, error = NULL
               WHERE position = $1::int8 AND home = $2 AND state IN ('waiting', 'parked') RETURNING channel, size)
             INSERT INTO hl7_volume AS v (channel, hour, messages, bytes, last)
             SELECT channel, date_trunc('hour', $4::timestamptz), 1, size, $4::timestamptz FROM done
             ON CONFLICT (channel, hour) DO UPDATE SET messages = v.messages + 1, bytes = v.bytes + excluded.bytes, last = greatest(v.last, excluded.last) RETURNING 1`,
      values: [position, home, answer, now],
    });
    return rows.length > 0;
  }

  /** It did not get there, or was refused: it is due again later, or parked, and then holds its line until a person lets it go on. */
  async fail(
    { position, home }: SentPlace,
    failure: {
      readonly error: string;
      readonly answer: string | null;
      readonly delaySeconds: number;
      readonly isParked: boolean;
    },
    now: string,
  ): Promise<void> {
    await this.connection.many({
      name: "hl7-sent-fail",
      text: `UPDATE hl7_sent SET attempts = attempts + 1, error = $3, answer = $4, due = clock_timestamp() + make_interval(secs => $5),
               failing = coalesce(failing, $7::timestamptz), state = CASE WHEN $6 THEN 'parked' ELSE 'waiting' END
             WHERE position = $1::int8 AND home = $2 AND state = 'waiting'`,
      values: [position, home, failure.error, failure.answer, failure.delaySeconds, failure.isParked, now],
    });
  }

  /** Has a parked or waiting message, or all of a channel, tried again at once. Answers how many. */
  async again(channel: string, position?: number): Promise<number> {
    const rows = await this.connection.many({
      text: `UPDATE hl7_sent SET state = 'waiting', due = clock_timestamp(), attempts = 0, told = NULL, failing = NULL
             WHERE channel = $1 AND state IN ('waiting', 'parked') AND ($2::int8 IS NULL OR position = $2::int8) RETURNING 1`,
      values: [channel, position ?? null],
    });
    return rows.length;
  }

  /** Sends again what was acknowledged, from one position to another: the receiver absorbs what it has. Answers how many. */
  async replay(channel: string, { from, until }: { readonly from: number; readonly until: number }): Promise<number> {
    const rows = await this.connection.many({
      text: `UPDATE hl7_sent SET state = 'waiting', due = clock_timestamp(), attempts = 0, told = NULL, failing = NULL, settled = NULL, settled_by = NULL
             WHERE channel = $1 AND position BETWEEN $2::int8 AND $3::int8 AND state <> 'waiting' RETURNING 1`,
      values: [channel, from, until],
    });
    return rows.length;
  }

  /** Sends messages again by their control ids. Answers how many. */
  async resend(channel: string, controlIds: readonly string[]): Promise<number> {
    const rows = await this.connection.many({
      text: `UPDATE hl7_sent SET state = 'waiting', due = clock_timestamp(), attempts = 0, told = NULL, failing = NULL, settled = NULL, settled_by = NULL
             WHERE channel = $1 AND control_id = ANY ($2) AND state = 'acknowledged' RETURNING 1`,
      values: [channel, controlIds],
    });
    return rows.length;
  }

  /** A person has seen to a parked message in another way. False when it is not parked. */
  async setAside(position: number, by: string, now: string): Promise<boolean> {
    const rows = await this.connection.many({
      text: `UPDATE hl7_sent SET state = 'aside', settled = $3, settled_by = $2 WHERE position = $1::int8 AND state = 'parked' RETURNING 1`,
      values: [position, by, now],
    });
    return rows.length > 0;
  }
}
