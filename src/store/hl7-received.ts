/**
 * HL7 v2 messages that came in: kept with their bytes before they are acknowledged, worked on in the order of their patients, and
 * parked instead of given up. Nothing is ever taken away.
 *
 * SPEC STORE-HL7 · failure modes F1, F5, F69
 */
import { homeOf } from "../base/index.ts";
import type { Talk } from "./connection.ts";

export type Hl7Verdict = "accept" | "error" | "reject";

/** A message as it came, and the answer that it gets. */
export type NewReceived = {
  readonly channel: string;
  readonly peer: string;
  readonly sender: string;
  readonly controlId: string;
  readonly type: string;
  readonly keys: readonly string[];
  /** The same message again has the same. */
  readonly hash: Buffer;
  readonly raw: Buffer;
  readonly verdict: Hl7Verdict;
  readonly why: string | null;
  readonly place: string | null;
  /** What is wrong, when nobody can work on it as it is. */
  readonly error: string | null;
};

/** What is known of it when it is durable; of one that came before, what was answered then. */
export type KeptReceived = {
  readonly position: number;
  readonly isNew: boolean;
  readonly verdict: Hl7Verdict;
  readonly why: string | null;
  readonly place: string | null;
};

export type WaitingReceived = {
  readonly position: number;
  readonly home: number;
  readonly channel: string;
  readonly received: string;
  readonly sender: string;
  readonly controlId: string;
  readonly type: string;
  readonly keys: readonly string[];
  readonly raw: Buffer;
  /** How often it was asked for again, and tried since. */
  readonly runs: number;
  readonly attempts: number;
};

/** What came of working on a message. */
export type Hl7Settlement =
  | { readonly state: "done"; readonly outcome: unknown }
  /** `holds`: later messages of its keys wait for it. */
  | { readonly state: "parked"; readonly error: string; readonly holds: boolean; readonly outcome?: unknown }
  | { readonly state: "waiting"; readonly error: string; readonly delaySeconds: number };

export type ReceivedPlace = Pick<WaitingReceived, "position" | "home">;

/** How a channel stands. */
export type ChannelLoad = {
  readonly channel: string;
  readonly waiting: number;
  readonly parked: number;
  /** When the first that waits came. */
  readonly oldest: string | null;
};

export type ParkedReceived = ReceivedPlace & {
  readonly channel: string;
  readonly received: string;
  readonly sender: string;
  readonly controlId: string;
  readonly type: string;
  readonly error: string;
};

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const PARKED = `r.position::float8 AS position, r.home, r.channel, ${ISO("r.received")} AS received, r.sender, r.control_id AS "controlId", r.type, r.error`;

/** What can be seen of it. */
export class Hl7ReceivedLook {
  protected readonly connection: Talk;

  constructor(connection: Talk) {
    this.connection = connection;
  }

  /** The next messages of a channel that nothing holds, oldest first, of at most so many bytes together (but always one). */
  waiting(channel: string, limit: number, bytes: number): Promise<WaitingReceived[]> {
    return this.connection.many<WaitingReceived>({
      name: "hl7-received-waiting",
      text: `WITH next AS (
               SELECT position, home, sum(size) OVER (ORDER BY position) - size AS before FROM hl7_received m
               WHERE channel = $1 AND state = 'waiting' AND due <= clock_timestamp()
                 -- Most often nothing is held, and then no message is asked what holds it.
                 AND (NOT EXISTS (SELECT 1 FROM hl7_received s WHERE s.stuck AND s.channel = $1)
                   OR NOT EXISTS (SELECT 1 FROM hl7_received s WHERE s.stuck AND s.keys && m.keys AND s.channel = m.channel AND s.position < m.position))
               ORDER BY position LIMIT $2)
             SELECT m.position::float8 AS position, m.home, channel, ${ISO("received")} AS received, sender, control_id AS "controlId", type, keys, raw, runs, attempts
             FROM next JOIN hl7_received m ON m.position = next.position AND m.home = next.home WHERE next.before < $3 ORDER BY m.position`,
      values: [channel, limit, bytes],
    });
  }

  loads(): Promise<ChannelLoad[]> {
    return this.connection.many<ChannelLoad>({
      name: "hl7-received-loads",
      text: `SELECT channel, count(*) FILTER (WHERE state = 'waiting')::float8 AS waiting, count(*) FILTER (WHERE state = 'parked')::float8 AS parked,
                    ${ISO("min(received) FILTER (WHERE state = 'waiting')")} AS oldest
             FROM hl7_received WHERE state IN ('waiting', 'parked') GROUP BY channel ORDER BY channel`,
    });
  }

  /** What is parked, oldest first. */
  parked(limit: number): Promise<ParkedReceived[]> {
    return this.connection.many<ParkedReceived>({
      name: "hl7-received-parked",
      text: `SELECT ${PARKED} FROM hl7_received r WHERE state = 'parked' ORDER BY r.position LIMIT $1`,
      values: [limit],
    });
  }

  /** The bytes of one message. */
  async raw(position: number): Promise<Buffer | undefined> {
    const rows = await this.connection.many<{ raw: Buffer }>({
      name: "hl7-received-raw",
      text: "SELECT raw FROM hl7_received WHERE position = $1::int8",
      values: [position],
    });
    return rows[0]?.raw;
  }
}

/** What changes it, inside a transaction. */
export class Hl7ReceivedTables extends Hl7ReceivedLook {
  /** Keeps messages, in their order. What came before is kept once, and the first answer stands. */
  async keep(messages: readonly NewReceived[], now: string): Promise<KeptReceived[]> {
    const rows = await this.connection.many<KeptReceived & { name: string }>({
      name: "hl7-received-keep",
      // Rows of one statement must not meet themselves, so each hash stands in it once.
      text: `WITH given AS (
               SELECT * FROM ROWS FROM (
                 json_to_recordset($1::json) AS (home int4, channel text, peer text, sender text, control_id text, type text, keys text[], hash text, verdict text, why text, place text, error text),
                 unnest($2::bytea[])) WITH ORDINALITY AS g(home, channel, peer, sender, control_id, type, keys, hash, verdict, why, place, error, raw, at)),
             kept AS (
               INSERT INTO hl7_received AS r (home, channel, received, peer, sender, control_id, type, keys, hash, size, raw, verdict, why, place, state, due, error)
               SELECT home, channel, $3::timestamptz, peer, sender, control_id, type, keys, decode(hash, 'hex'), length(raw), raw, verdict, why, place,
                      CASE WHEN error IS NULL THEN 'waiting' ELSE 'parked' END, clock_timestamp(), error
               FROM given ORDER BY at
               ON CONFLICT (channel, hash, home) DO UPDATE SET times = r.times + 1
               RETURNING channel, position, hash, size, verdict, why, place, xmax = 0 AS fresh),
             counted AS (
               INSERT INTO hl7_volume AS v (channel, hour, messages, bytes, last)
               SELECT channel, date_trunc('hour', $3::timestamptz), count(*) FILTER (WHERE fresh), coalesce(sum(size) FILTER (WHERE fresh), 0), $3::timestamptz FROM kept GROUP BY channel
               ON CONFLICT (channel, hour) DO UPDATE SET messages = v.messages + excluded.messages, bytes = v.bytes + excluded.bytes, last = greatest(v.last, excluded.last))
             SELECT channel || ' ' || encode(hash, 'hex') AS name, position::float8 AS position, fresh AS "isNew", verdict, why, place FROM kept`,
      values: [
        JSON.stringify(
          messages.map(({ raw: _raw, hash, controlId, ...one }) => ({
            ...one,
            home: homeOfKeys(one.keys),
            hash: hash.toString("hex"),
            control_id: controlId,
          })),
        ),
        messages.map(({ raw }) => raw),
        now,
      ],
    });
    const byName = new Map(rows.map(({ name, ...one }) => [name, one]));
    return messages.flatMap(({ channel, hash }) => byName.get(`${channel} ${hash.toString("hex")}`) ?? []);
  }

  /** What came of working on messages; answers those that were still waiting, so that nothing is settled twice. */
  async settle(
    settled: readonly (ReceivedPlace & { readonly settlement: Hl7Settlement })[],
    now: string,
  ): Promise<ReadonlySet<number>> {
    const rows = await this.connection.many<{ position: number }>({
      name: "hl7-received-settle",
      text: `UPDATE hl7_received r SET state = g.state, error = g.error, outcome = g.outcome, stuck = g.stuck,
               attempts = CASE WHEN g.state = 'waiting' THEN r.attempts + 1 ELSE r.attempts END,
               failing = CASE WHEN g.state = 'waiting' THEN coalesce(r.failing, $2::timestamptz) END,
               due = clock_timestamp() + make_interval(secs => g.delay), settled = CASE WHEN g.state = 'waiting' THEN NULL ELSE $2::timestamptz END, settled_by = NULL
             FROM json_to_recordset($1::json) AS g(position int8, home int4, state text, error text, outcome jsonb, stuck boolean, delay float8)
             WHERE r.position = g.position AND r.home = g.home AND r.state = 'waiting' RETURNING r.position::float8 AS position`,
      values: [
        JSON.stringify(
          settled.map(({ position, home, settlement }) => ({ position, home, ...settledRow(settlement) })),
        ),
        now,
      ],
    });
    return new Set(rows.map(({ position }) => position));
  }

  /**
   * Has messages worked on again: all of a channel that came from one position to another, whether they are done, parked or set aside.
   * Answers how many.
   */
  async replay(channel: string, { from, until }: { readonly from: number; readonly until: number }): Promise<number> {
    const rows = await this.connection.many({
      text: `UPDATE hl7_received SET state = 'waiting', runs = runs + 1, attempts = 0, failing = NULL, told = NULL, due = clock_timestamp(), settled = NULL, settled_by = NULL
             WHERE channel = $1 AND position BETWEEN $2::int8 AND $3::int8 AND state <> 'waiting' RETURNING 1`,
      values: [channel, from, until],
    });
    return rows.length;
  }

  /** A person has seen to a parked message in another way: it holds nothing up any longer. False when it is not parked. */
  async setAside(position: number, by: string, now: string): Promise<boolean> {
    const rows = await this.connection.many({
      text: `UPDATE hl7_received SET state = 'aside', stuck = false, settled = $3, settled_by = $2 WHERE position = $1::int8 AND state = 'parked' RETURNING 1`,
      values: [position, by, now],
    });
    return rows.length > 0;
  }

  /** Messages that have failed since before a time and that nobody was given yet; each is answered once. */
  async overdue(before: string, now: string, limit: number): Promise<ParkedReceived[]> {
    return this.connection.many<ParkedReceived>({
      name: "hl7-received-overdue",
      text: `UPDATE hl7_received r SET told = $2 FROM (
               SELECT position, home FROM hl7_received WHERE failing < $1::timestamptz AND failing IS NOT NULL AND told IS NULL ORDER BY failing LIMIT $3 FOR UPDATE SKIP LOCKED) AS late
             WHERE r.position = late.position AND r.home = late.home RETURNING ${PARKED}`,
      values: [before, now, limit],
    });
  }
}

/** Where the messages of a patient lie; those of nobody lie together. */
function homeOfKeys([first = ""]: readonly string[]): number {
  return homeOf(first);
}

function settledRow(settlement: Hl7Settlement): Record<string, unknown> {
  if (settlement.state === "done")
    return { state: "done", outcome: settlement.outcome ?? null, stuck: false, delay: 0 };
  const { error } = settlement;
  if (settlement.state === "waiting") return { state: "waiting", error, stuck: true, delay: settlement.delaySeconds };
  return { state: "parked", error, outcome: settlement.outcome ?? null, stuck: settlement.holds, delay: 0 };
}
