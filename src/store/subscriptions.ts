/**
 * Subscribers: who is told of which changes, how far each has been matched against the change log, what has been
 * numbered, and what is not yet acknowledged. What they are told, and whether they may be, is decided above.
 *
 * SPEC STORE-SUBSCRIBER · failure modes F1 and F69
 */
import { homeOf } from "../base/index.ts";
import type { Position } from "./change-log.ts";
import type { Talk } from "./connection.ts";
import type { Method } from "./resources.ts";

export type SubscriberState = "requested" | "active" | "error" | "off";

export type SubscriberRow = {
  readonly id: string;
  readonly owner: string;
  /** The actor who wrote it last. */
  readonly actor: unknown;
  /** The version that its owner wrote last, and that version's text. */
  readonly written: number;
  readonly content: string;
  /** The version that was looked at last; less than `written` when there is something to look at. */
  readonly checked: number;
  readonly state: SubscriberState;
  readonly why: string | null;
  readonly position: Position;
  readonly lastNumber: number;
  readonly attempts: number;
  readonly isDue: boolean;
  readonly lastSent: string | null;
  /** Seconds since then. */
  readonly quietFor: number | null;
  readonly lastSuccess: string | null;
  readonly lastError: string | null;
  readonly lastErrorAt: string | null;
  readonly parked: string | null;
};

/** One change that a subscriber is told of. */
export type SubscriberEvent = {
  readonly number: number;
  readonly line: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly method: Method;
  readonly recorded: string;
  readonly patient: string | null;
};

/** A line that a worker holds: known by worker and attempt, as the outbox's claims are. */
export type ClaimedLine = {
  readonly subscriber: string;
  readonly worker: string;
  readonly line: string;
  readonly attempts: number;
};

/** How a subscription's deliveries stand. */
export type SubscriberLoad = {
  readonly id: string;
  readonly waiting: number;
  /** How many lines are set aside, and the first of them. */
  readonly parkedCount: number;
  readonly parkedLines: readonly string[];
  /** Lines that have failed and will be tried again. */
  readonly failing: number;
  readonly oldest: string | null;
};

/** So that no client can make every round of the server's work endless. */
export const MOST_SUBSCRIPTIONS = 500;

export type Settlement = { readonly state: SubscriberState; readonly why: string | null };

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const MINE = "home = $1 AND subscriber = $2";
const SELECTED = `id, owner, actor, written, content, checked, state, why, json_build_object('xid', xid::text, 'seq', seq::text) AS position,
  last_number::float8 AS "lastNumber", attempts, due <= clock_timestamp() AS "isDue", ${ISO("last_sent")} AS "lastSent", extract(epoch FROM clock_timestamp() - last_sent)::float8 AS "quietFor", ${ISO("last_success")} AS "lastSuccess",
  last_error AS "lastError", ${ISO("last_error_at")} AS "lastErrorAt", ${ISO("parked")} AS parked`;
const EVENT = `number::float8 AS number, line, type, id, version, method, ${ISO("recorded")} AS recorded, patient`;
const MOST_LINES_SHOWN = 100;

/** Where a subscription's rows lie. */
function placeOf(id: string): [number, string] {
  return [homeOf(id), id];
}

/** What can be seen of subscribers. */
export class SubscriberLook {
  protected readonly connection: Talk;

  constructor(connection: Talk) {
    this.connection = connection;
  }

  all(): Promise<SubscriberRow[]> {
    return this.connection.many<SubscriberRow>({
      name: "subscribers",
      text: `SELECT ${SELECTED} FROM subscriber ORDER BY id`,
    });
  }

  async one(id: string): Promise<SubscriberRow | undefined> {
    const [row] = await this.connection.many<SubscriberRow>({
      name: "subscriber",
      text: `SELECT ${SELECTED} FROM subscriber WHERE home = $1 AND id = $2`,
      values: placeOf(id),
    });
    return row;
  }

  /** Events from number `from` to `until`, oldest first. */
  events(id: string, from: number, until: number, limit: number): Promise<SubscriberEvent[]> {
    return this.connection.many<SubscriberEvent>({
      name: "subscriber-events",
      text: `SELECT ${EVENT} FROM subscriber_event WHERE ${MINE} AND number BETWEEN $3::int8 AND $4::int8
             ORDER BY subscriber_event.number LIMIT $5`,
      values: [...placeOf(id), from, until, limit],
    });
  }

  /** The first events of a line that are not acknowledged. */
  waiting(id: string, line: string, limit: number): Promise<SubscriberEvent[]> {
    return this.connection.many<SubscriberEvent>({
      name: "subscriber-waiting",
      text: `SELECT ${EVENT} FROM subscriber_event WHERE ${MINE} AND line = $3 AND delivered IS NULL
             ORDER BY subscriber_event.number LIMIT $4`,
      values: [...placeOf(id), line, limit],
    });
  }

  /** Active subscriptions with a line to send now. */
  async due(): Promise<ReadonlySet<string>> {
    const rows = await this.connection.many<{ id: string }>({
      name: "subscribers-due",
      text: `SELECT s.id FROM subscriber s WHERE s.state = 'active' AND s.parked IS NULL AND s.due <= clock_timestamp()
               AND EXISTS (SELECT 1 FROM subscriber_line l WHERE l.home = s.home AND l.subscriber = s.id AND l.parked IS NULL
                           AND l.due <= clock_timestamp() AND (l.lease_until IS NULL OR l.lease_until < clock_timestamp()))`,
    });
    return new Set(rows.map(({ id }) => id));
  }

  async load(id: string): Promise<SubscriberLoad> {
    const [row] = await this.connection.many<SubscriberLoad>({
      name: "subscriber-load",
      text: `SELECT $2::text AS id, coalesce(sum(waiting), 0)::float8 AS waiting, count(*) FILTER (WHERE attempts > 0 AND last_error IS NOT NULL)::int4 AS failing,
                    count(*) FILTER (WHERE parked IS NOT NULL)::int4 AS "parkedCount",
                    coalesce((array_agg(line ORDER BY line) FILTER (WHERE parked IS NOT NULL))[1:${MOST_LINES_SHOWN}], '{}') AS "parkedLines",
                    (SELECT ${ISO("min(e.recorded)")} FROM subscriber_event e WHERE e.home = $1 AND e.subscriber = $2 AND e.delivered IS NULL) AS oldest
             FROM subscriber_line WHERE ${MINE}`,
      values: placeOf(id),
    });
    return row ?? { id, waiting: 0, parkedCount: 0, parkedLines: [], failing: 0, oldest: null };
  }
}

/** What changes subscribers, inside a transaction. */
export class SubscriberTables extends SubscriberLook {
  /** Whether an owner has as many subscriptions as it may have. */
  async isFull(owner: string): Promise<boolean> {
    const rows = await this.connection.many({
      name: "subscriber-count",
      text: "SELECT 1 FROM (SELECT 1 FROM subscriber WHERE owner = $1 LIMIT $2) AS own OFFSET $2 - 1",
      values: [owner, MOST_SUBSCRIPTIONS],
    });
    return rows.length > 0;
  }

  /** A version that a client wrote. Answers false when the subscription belongs to somebody else. */
  async record(row: Pick<SubscriberRow, "id" | "owner" | "actor" | "written" | "content">): Promise<boolean> {
    const rows = await this.connection.many({
      name: "subscriber-record",
      text: `INSERT INTO subscriber (home, id, owner, actor, written, content) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id, home) DO UPDATE SET actor = excluded.actor, written = excluded.written, content = excluded.content, due = now(), attempts = 0
             WHERE subscriber.owner = excluded.owner RETURNING 1`,
      values: [...placeOf(row.id), row.owner, JSON.stringify(row.actor), row.written, row.content],
    });
    return rows.length > 0;
  }

  /** The subscription is no more: neither is what waits for it. */
  async remove(id: string): Promise<void> {
    for (const [table, column] of [
      ["subscriber_line", "subscriber"],
      ["subscriber_event", "subscriber"],
      ["subscriber", "id"],
    ] as const) {
      await this.connection.many({
        text: `DELETE FROM ${table} WHERE home = $1 AND ${column} = $2`,
        values: placeOf(id),
      });
    }
  }

  /** What came of looking at version `checked`. Whoever was off begins anew from here. */
  async settle(id: string, checked: number, { state, why }: Settlement): Promise<void> {
    await this.connection.many({
      name: "subscriber-settle",
      text: `UPDATE subscriber SET checked = $3, why = $5, due = now(), attempts = 0, state = $4,
               xid = CASE WHEN state = 'off' AND $4 = 'active' THEN pg_current_xact_id() ELSE xid END,
               seq = CASE WHEN state = 'off' AND $4 = 'active' THEN 0 ELSE seq END
             WHERE home = $1 AND id = $2`,
      values: [...placeOf(id), checked, state, why],
    });
  }

  /** Nothing is done for the subscription for a while, and why. */
  async hold(id: string, why: string, seconds: number): Promise<void> {
    await this.connection.many({
      name: "subscriber-hold",
      text: `UPDATE subscriber SET why = $3, last_error = $3, last_error_at = clock_timestamp(), attempts = attempts + 1,
               due = clock_timestamp() + make_interval(secs => $4) WHERE home = $1 AND id = $2`,
      values: [...placeOf(id), why, seconds],
    });
  }

  /**
   * Numbers events and moves the subscription from one position to the next, both or neither. Answers false when it does
   * not stand where the caller believed: then somebody else has done it.
   */
  async append(
    id: string,
    from: Position,
    to: Position,
    events: readonly Omit<SubscriberEvent, "number">[],
  ): Promise<boolean> {
    const [moved] = await this.connection.many<{ moved: number }>({
      name: "subscriber-append",
      text: `WITH moved AS (
               UPDATE subscriber SET xid = $5::xid8, seq = $6::int8, last_number = last_number + $7::int4, why = NULL
               WHERE home = $1 AND id = $2 AND xid = $3::xid8 AND seq = $4::int8 AND state = 'active' RETURNING last_number - $7::int4 AS before),
             fresh AS (
               INSERT INTO subscriber_event (home, subscriber, number, line, type, id, version, method, recorded, patient)
               SELECT $1, $2, moved.before + e.at, e.line, e.type, e.id, e.version, e.method, e.recorded, e.patient
               FROM moved, json_to_recordset($8::json) AS e(at int4, line text, type text, id text, version int4, method text, recorded timestamptz, patient text)
               RETURNING line),
             lines AS (
               INSERT INTO subscriber_line (home, subscriber, line, waiting) SELECT $1, $2, line, count(*) FROM fresh GROUP BY line ORDER BY line
               ON CONFLICT (subscriber, line, home) DO UPDATE SET waiting = subscriber_line.waiting + excluded.waiting RETURNING 1)
             SELECT (SELECT count(*) FROM moved)::int4 AS moved, (SELECT count(*) FROM lines)`,
      values: [
        ...placeOf(id),
        from.xid,
        from.seq,
        to.xid,
        to.seq,
        events.length,
        JSON.stringify(events.map((event, at) => ({ ...event, at: at + 1 }))),
      ],
    });
    return moved?.moved === 1;
  }

  /** Claims lines to send; nobody else gets them until the lease (seconds) has run out. */
  async claim(id: string, worker: string, limit: number, leaseSeconds: number): Promise<ClaimedLine[]> {
    return this.connection.many<ClaimedLine>({
      name: "subscriber-claim",
      // MATERIALIZED: a subquery on the inner side of a nested loop is run again for each row, and each time takes further lines.
      text: `WITH next AS MATERIALIZED (SELECT home, subscriber, line FROM subscriber_line WHERE ${MINE} AND parked IS NULL AND due <= clock_timestamp()
                     AND (lease_until IS NULL OR lease_until < clock_timestamp()) ORDER BY due LIMIT $4 FOR UPDATE SKIP LOCKED)
             UPDATE subscriber_line l SET claimed_by = $3, lease_until = clock_timestamp() + make_interval(secs => $5), attempts = l.attempts + 1
             FROM next WHERE l.home = next.home AND l.subscriber = next.subscriber AND l.line = next.line
             RETURNING l.subscriber, l.claimed_by AS worker, l.line, l.attempts`,
      values: [...placeOf(id), worker, limit, leaseSeconds],
    });
  }

  /**
   * The events are acknowledged. The claim goes on for `keepSeconds`, or ends when that is 0 or nothing waits any more.
   * Answers false when it was lost in the meantime; then the events will be sent again.
   */
  async finish(claim: ClaimedLine, numbers: readonly number[], keepSeconds = 0): Promise<boolean> {
    const held = await this.connection.many({
      name: "subscriber-held",
      text: `SELECT 1 FROM subscriber_line WHERE ${MINE} AND line = $3 AND claimed_by = $4 AND attempts = $5 FOR UPDATE`,
      values: this.claimed(claim),
    });
    if (held.length === 0) return false;
    const done = await this.connection.many({
      name: "subscriber-delivered",
      text: `UPDATE subscriber_event SET delivered = clock_timestamp() WHERE ${MINE} AND number = ANY($3::int8[]) AND delivered IS NULL RETURNING 1`,
      values: [...placeOf(claim.subscriber), numbers],
    });
    const line = [...placeOf(claim.subscriber), claim.line, done.length];
    await this.connection.many({
      name: "subscriber-line-next",
      text: `UPDATE subscriber_line SET waiting = waiting - $4, due = now(), last_error = NULL, attempts = CASE WHEN $5::float8 > 0 THEN attempts ELSE 0 END,
               claimed_by = CASE WHEN $5::float8 > 0 THEN claimed_by END, lease_until = CASE WHEN $5::float8 > 0 THEN clock_timestamp() + make_interval(secs => $5) END
             WHERE ${MINE} AND line = $3`,
      values: [...line, keepSeconds],
    });
    await this.connection.many({
      name: "subscriber-line-empty",
      text: `DELETE FROM subscriber_line WHERE ${MINE} AND line = $3 AND waiting <= 0 AND parked IS NULL`,
      values: line.slice(0, 3),
    });
    return true;
  }

  /** Ends a claim before its time, of one line or of all that it has; what was not acknowledged is due at once. */
  async letGo(id: string, worker: string, line?: string): Promise<void> {
    await this.connection.many({
      name: "subscriber-let-go",
      text: `UPDATE subscriber_line SET claimed_by = NULL, lease_until = NULL
             WHERE ${MINE} AND claimed_by = $3 AND ($4::text IS NULL OR line = $4)`,
      values: [...placeOf(id), worker, line ?? null],
    });
  }

  /** Holds a line for longer, counted from now. Answers false when the claim was lost. */
  async renew(claim: ClaimedLine, leaseSeconds: number): Promise<boolean> {
    const rows = await this.connection.many({
      name: "subscriber-renew",
      text: `UPDATE subscriber_line SET lease_until = clock_timestamp() + make_interval(secs => $6)
             WHERE ${MINE} AND line = $3 AND claimed_by = $4 AND attempts = $5 RETURNING 1`,
      values: [...this.claimed(claim), leaseSeconds],
    });
    return rows.length > 0;
  }

  /** The line failed: it is due again after a while, with the reason in words. */
  async fail(claim: ClaimedLine, error: string, delaySeconds: number): Promise<void> {
    await this.connection.many({
      name: "subscriber-fail",
      text: `UPDATE subscriber_line SET claimed_by = NULL, lease_until = NULL, last_error = $6, due = clock_timestamp() + make_interval(secs => $7)
             WHERE ${MINE} AND line = $3 AND claimed_by = $4 AND attempts = $5`,
      values: [...this.claimed(claim), error, delaySeconds],
    });
  }

  /** What was sent last and what came of it. `error` is nothing after a success. */
  async note(id: string, error: string | null): Promise<void> {
    await this.connection.many({
      name: "subscriber-note",
      text: `UPDATE subscriber SET last_sent = clock_timestamp(), last_success = CASE WHEN $3::text IS NULL THEN clock_timestamp() ELSE last_success END,
               last_error = coalesce($3::text, last_error), last_error_at = CASE WHEN $3::text IS NULL THEN last_error_at ELSE clock_timestamp() END
             WHERE home = $1 AND id = $2`,
      values: [...placeOf(id), error],
    });
  }

  /** Takes the next heartbeat upon oneself, unless something was sent in the last `seconds`. */
  async takeHeartbeat(id: string, seconds: number): Promise<boolean> {
    const rows = await this.connection.many({
      text: `UPDATE subscriber SET last_sent = clock_timestamp() WHERE home = $1 AND id = $2 AND (last_sent IS NULL OR last_sent <= clock_timestamp() - make_interval(secs => $3)) RETURNING 1`,
      values: [...placeOf(id), seconds],
    });
    return rows.length > 0;
  }

  /** A person sets a line, or the whole subscription, aside, or lets it go on. Answers whether there was such a one. */
  async park(id: string, line: string | undefined, isParked: boolean): Promise<boolean> {
    const rows =
      line === undefined
        ? await this.connection.many({
            text: `UPDATE subscriber SET parked = CASE WHEN $3 THEN coalesce(parked, clock_timestamp()) END, due = now() WHERE home = $1 AND id = $2 RETURNING 1`,
            values: [...placeOf(id), isParked],
          })
        : await this.connection.many({
            text: `UPDATE subscriber_line SET parked = CASE WHEN $4 THEN coalesce(parked, clock_timestamp()) END, due = now(), attempts = CASE WHEN $4 THEN attempts ELSE 0 END
                   WHERE ${MINE} AND line = $3 RETURNING 1`,
            values: [...placeOf(id), line, isParked],
          });
    return rows.length > 0;
  }

  /** Sends everything from event `from` on again. Answers how many events that is. */
  async replay(id: string, from: number): Promise<number> {
    const [row] = await this.connection.many<{ events: number }>({
      text: `WITH again AS (
               UPDATE subscriber_event SET delivered = NULL WHERE ${MINE} AND number >= $3::int8 AND delivered IS NOT NULL RETURNING line),
             lines AS (
               INSERT INTO subscriber_line (home, subscriber, line, waiting) SELECT $1, $2, line, count(*) FROM again GROUP BY line ORDER BY line
               ON CONFLICT (subscriber, line, home) DO UPDATE SET waiting = subscriber_line.waiting + excluded.waiting RETURNING 1)
             SELECT (SELECT count(*) FROM again)::int4 AS events, (SELECT count(*) FROM lines)`,
      values: [...placeOf(id), from],
    });
    return row?.events ?? 0;
  }

  private claimed({ subscriber, line, worker, attempts }: ClaimedLine): unknown[] {
    return [...placeOf(subscriber), line, worker, attempts];
  }
}

/** What the tokens of a machine client that hold today allow; empty when there is none. */
export async function scopesOfClient(connection: Talk, client: string, now: Date): Promise<string[]> {
  const rows = await connection.many<{ scope: string }>({
    name: "client-scopes",
    text: `SELECT scope FROM client_token WHERE client = $1 AND expires > $2 AND revoked IS NULL
           UNION SELECT scope FROM oauth_client WHERE client = $1`,
    values: [client, now.toISOString()],
  });
  return rows.map(({ scope }) => scope);
}
