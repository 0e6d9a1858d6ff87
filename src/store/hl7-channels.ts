/**
 * The channels of HL7 v2 as they are declared, and how much passes through them hour by hour, so that what does not come is noticed.
 *
 * SPEC STORE-HL7 · failure modes F4 and F6
 */
import type { Talk } from "./connection.ts";

export type Hl7Direction = "in" | "out";

export type StoredChannel = {
  readonly name: string;
  readonly direction: Hl7Direction;
  readonly declared: unknown;
  readonly since: string;
  /** Why nothing is taken from it or sent to it; nothing when it goes. */
  readonly held: string | null;
};

export type HourVolume = {
  readonly channel: string;
  readonly hour: string;
  readonly messages: number;
  readonly bytes: number;
  readonly last: string;
};

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export class Hl7ChannelTables {
  private readonly connection: Talk;

  constructor(connection: Talk) {
    this.connection = connection;
  }

  /** Notes what is declared now; `since` is when a channel was declared first. */
  async declare(
    channels: readonly Pick<StoredChannel, "name" | "direction" | "declared">[],
    now: string,
  ): Promise<void> {
    await this.connection.many({
      text: `INSERT INTO hl7_channel AS c (name, direction, declared, since)
             SELECT name, direction, declared, $2::timestamptz FROM json_to_recordset($1::json) AS g(name text, direction text, declared jsonb) ORDER BY name
             ON CONFLICT (name) DO UPDATE SET direction = excluded.direction, declared = excluded.declared`,
      values: [JSON.stringify(channels), now],
    });
  }

  /** Which lists of the ledger are reached by a channel: these and no others. A list that is not there is left out. */
  async route(routes: readonly { readonly worklist: string; readonly channel: string }[]): Promise<void> {
    await this.connection.many({
      name: "hl7-route",
      text: `UPDATE worklist AS w SET channel = r.channel
             FROM worklist AS n LEFT JOIN json_to_recordset($1::json) AS r(worklist text, channel text) ON r.worklist = n.id
             WHERE n.id = w.id AND w.channel IS DISTINCT FROM r.channel`,
      values: [JSON.stringify(routes)],
    });
  }

  /** What is wrong with channels as it was found last, by name. */
  async alarms(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.connection.many<{ value: Readonly<Record<string, string>> }>({
      name: "hl7-alarms",
      text: "SELECT value FROM setting WHERE name = 'hl7 alarms'",
    });
    return rows[0]?.value ?? {};
  }

  async keepAlarms(alarms: Readonly<Record<string, string>>): Promise<void> {
    await this.connection.many({
      name: "hl7-keep-alarms",
      text: "INSERT INTO setting (name, value) VALUES ('hl7 alarms', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      values: [JSON.stringify(alarms)],
    });
  }

  /** Whose the open faults about some things (`Type/id`) are, by the titles of their lists. */
  async faultOwners(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const ids = names.map((name) => name.slice(name.indexOf("/") + 1));
    const rows = await this.connection.many<{ about: string; titles: readonly string[] }>({
      name: "hl7-fault-owners",
      text: `SELECT l.subject_type || '/' || l.subject_id AS about, array_agg(DISTINCT w.title ORDER BY w.title) AS titles
             FROM loop AS l JOIN worklist AS w ON w.id = l.owner
             WHERE l.kind = 'fault' AND l.closed IS NULL AND l.subject_id = ANY ($2) AND l.subject_type || '/' || l.subject_id = ANY ($1) GROUP BY 1`,
      values: [names, ids],
    });
    return new Map(rows.map(({ about, titles }) => [about, titles]));
  }

  all(): Promise<StoredChannel[]> {
    return this.connection.many<StoredChannel>({
      name: "hl7-channels",
      text: `SELECT name, direction, declared, ${ISO("since")} AS since, held FROM hl7_channel ORDER BY name`,
    });
  }

  /** Holds a channel back, or lets it go on (`why` null). False when there is none. */
  async hold(name: string, why: string | null): Promise<boolean> {
    const rows = await this.connection.many({
      text: "UPDATE hl7_channel SET held = $2 WHERE name = $1 RETURNING 1",
      values: [name, why],
    });
    return rows.length > 0;
  }

  /** What passed since a time, hour by hour. */
  volumes(since: string): Promise<HourVolume[]> {
    return this.connection.many<HourVolume>({
      name: "hl7-volumes",
      text: `SELECT channel, ${ISO("hour")} AS hour, messages::float8 AS messages, bytes::float8 AS bytes, ${ISO("last")} AS last
             FROM hl7_volume WHERE hour >= date_trunc('hour', $1::timestamptz) ORDER BY channel, hl7_volume.hour`,
      values: [since],
    });
  }

  /** When something passed through each channel last. */
  async lastPassed(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.connection.many<{ channel: string; last: string }>({
      name: "hl7-last",
      text: `SELECT channel, ${ISO("max(last)")} AS last FROM hl7_volume GROUP BY channel`,
    });
    return new Map(rows.map(({ channel, last }) => [channel, last]));
  }
}
