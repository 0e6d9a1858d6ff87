/**
 * What a read may do: everything here only looks. A `ReadTx` cannot write, so a screen cannot change a record by mistake.
 *
 * SPEC STORE-READ
 */
import { homeOf } from "../base/index.ts";
import { BlockTables } from "./blocks.ts";
import { CareTables } from "./care.ts";
import { DoorTables, type DoorLook } from "./door.ts";
import { LetterTables, type LetterLook } from "./letters.ts";
import { LoopTables } from "./loops.ts";
import { WorklistTables } from "./worklists.ts";
import { spreadOf } from "./citus/index.ts";
import type { Connection, Row, Sql } from "./connection.ts";
import { ReviewTables } from "./access-review.ts";
import { readLog, type LogAsk, type LogPosition, type LogRow } from "./access-log-rows.ts";
import { changesAt, countVersionsAt, versionsAt, versionsOf, type Period, type RowsAt } from "./history-at.ts";
import { placeOf } from "./places.ts";
import {
  existing,
  readCurrent,
  readLastVersion,
  readMany,
  readOldVersion,
  runSearch,
  type CurrentRow,
  type Method,
  type VersionRow,
} from "./resources.ts";
import { SigningTables } from "./signing.ts";
import { SubscriberLook } from "./subscriptions.ts";
import { Hl7Look } from "./hl7.ts";
import { inTime, SEARCH_LIMIT_MS } from "./search-time.ts";
import { TerminologyTables } from "./terminology.ts";
import { lookForTypes, typesSeen } from "./types-in-use.ts";

/** A page of the history of one resource: versions below `before`, newest first. */
export type InstanceHistoryQuery = {
  readonly type: string;
  readonly id: string;
  readonly since?: string;
  readonly before?: number;
  readonly limit: number;
};

/** A page of everything that changed: entries of the change log below `before`, newest first. */
export type ChangeHistoryQuery = {
  readonly type?: string;
  readonly since?: string;
  readonly before?: string;
  readonly limit: number;
};

export type HistoryRow = {
  /** Where the next page begins: the version (one resource) or the change log's number. */
  readonly position: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly method: Method;
  readonly recorded: string;
  readonly patient: string | null;
  readonly content: string | null;
};

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export class ReadTx {
  readonly blocks: Pick<BlockTables, "of">;
  readonly care: Pick<CareTables, "facts" | "openings" | "sources" | "others" | "everyOther">;
  readonly door: DoorLook;
  readonly letters: LetterLook;
  readonly loops: Omit<LoopTables, "hold" | "write" | "restaff">;
  readonly lists: Omit<WorklistTables, "addAbsence" | "addTurn" | "end">;
  readonly terminology: TerminologyTables;
  readonly subscribers: SubscriberLook;
  readonly hl7: Hl7Look;
  readonly signing: Omit<SigningTables, "addSeal" | "addRemark">;
  readonly reviews: Omit<ReviewTables, "addSample" | "addReview">;
  private readonly connection: Connection;
  /** Resources of which every version was seen at one home, by name. */
  private readonly whole = new Map<string, number | undefined>();

  constructor(connection: Connection) {
    this.connection = connection;
    this.blocks = new BlockTables(connection);
    this.care = new CareTables(connection);
    this.door = new DoorTables(connection);
    this.letters = new LetterTables(connection);
    this.loops = new LoopTables(connection);
    this.lists = new WorklistTables(connection);
    this.terminology = new TerminologyTables(connection);
    this.subscribers = new SubscriberLook(connection);
    this.hl7 = new Hl7Look(connection);
    this.signing = new SigningTables(connection);
    this.reviews = new ReviewTables(connection);
  }

  read(type: string, id: string): Promise<CurrentRow | undefined> {
    return readCurrent(this.connection, type, id);
  }

  /** The types that were seen in use; `lookForTypes` finds what has come since, and answers that. */
  typesSeen(): ReadonlySet<string> {
    return typesSeen(this.connection);
  }

  lookForTypes(types: readonly string[]): Promise<readonly string[]> {
    return lookForTypes(this.connection, types);
  }

  readMany(type: string, ids: readonly string[]): Promise<CurrentRow[]> {
    return readMany(this.connection, type, ids);
  }

  /** Which of the ids have a current version within reach. */
  existing(type: string, ids: readonly string[]): Promise<string[]> {
    return existing(this.connection, type, ids);
  }

  readOldVersion(type: string, id: string, version: number): Promise<VersionRow | undefined> {
    return readOldVersion(this.connection, type, id, version);
  }

  readLastVersion(type: string, id: string): Promise<VersionRow | undefined> {
    return readLastVersion(this.connection, type, id);
  }

  /** Rows of a statement that `search/` compiled. Errors: SEARCH_TOO_COSTLY when it takes longer than `limit` ms. */
  search(sql: Sql, limit = SEARCH_LIMIT_MS): Promise<Row[]> {
    return inTime(this.connection, limit, () => runSearch(this.connection, sql));
  }

  /** Runs a statement that `search/` compiled and that is asked too seldom to be kept prepared. */
  rarely(sql: Sql): Promise<Row[]> {
    return this.connection.many(sql);
  }

  /** Versions of one resource, newest first, with their content (null for a deletion). */
  async instanceHistory(query: InstanceHistoryQuery): Promise<HistoryRow[]> {
    return versionsOf(this.connection, query, await this.homeOfAll(query.type, query.id));
  }

  /** Versions of one resource that held in a period, newest first. */
  async instanceHistoryAt(query: InstanceHistoryQuery, at: Period): Promise<HistoryRow[]> {
    return versionsAt(this.connection, query, { ...at, home: await this.homeOfAll(query.type, query.id) });
  }

  /** How many versions a resource has; 0 when there never was one within reach. */
  async countVersions(type: string, id: string): Promise<number> {
    const place = placeOf(type, id);
    const here = await countVersionsAt(this.connection, type, id, place?.home);
    const isAll = place === undefined || place.isSure || here.isWhole;
    if (here.isWhole) this.whole.set(`${type}/${id}`, place?.home);
    return isAll ? here.total : (await countVersionsAt(this.connection, type, id, undefined)).total;
  }

  /** The home that all versions of a resource are known to lie at, if any. */
  private async homeOfAll(type: string, id: string): Promise<number | undefined> {
    const place = placeOf(type, id);
    if (place === undefined || place.isSure) return place?.home;
    if (!this.whole.has(`${type}/${id}`)) await this.countVersions(type, id);
    return this.whole.get(`${type}/${id}`);
  }

  /** Versions of many resources in the order of the change log, newest first, as of one moment. */
  changeHistory(query: ChangeHistoryQuery): Promise<HistoryRow[]> {
    return this.connection.snapshot(async () => {
      const rows = await this.connection.many<HistoryRow>({
        name: query.type === undefined ? "changes" : "changes-of-type",
        text: `SELECT c.seq AS position, c.type, c.id, c.version, c.method, ${ISO("c.recorded")} AS recorded, c.patient, h.content
               FROM change_log c LEFT JOIN history h ON h.type = c.type AND h.id = c.id AND h.version = c.version AND h.home = c.home
               WHERE ($1::timestamptz IS NULL OR c.recorded >= $1) AND ($2::int8 IS NULL OR c.seq < $2)
               ${query.type === undefined ? "" : "AND c.type = $4"} ORDER BY c.seq DESC LIMIT $3`,
        values: [
          query.since ?? null,
          query.before ?? null,
          query.limit,
          ...(query.type === undefined ? [] : [query.type]),
        ],
      });
      return this.withCurrentContent(rows);
    });
  }

  /** How many versions of a type, or of everything, the change log has. Errors: SEARCH_TOO_COSTLY. */
  countChanges(type: string | undefined, since: string | undefined): Promise<number> {
    return inTime(this.connection, SEARCH_LIMIT_MS, async () => {
      const [row] = await this.connection.many<{ total: number }>({
        name: type === undefined ? "changes-count" : "changes-count-of-type",
        text: `SELECT count(*)::int4 AS total FROM change_log
               WHERE ($1::timestamptz IS NULL OR recorded >= $1) ${type === undefined ? "" : "AND type = $2"}`,
        values: type === undefined ? [since ?? null] : [since ?? null, type],
      });
      return row?.total ?? 0;
    });
  }

  /** Versions of many resources that held in a period, newest first, as of one moment. */
  changeHistoryAt(query: ChangeHistoryQuery, at: Period): Promise<RowsAt> {
    return this.connection.snapshot(async () => {
      const found = await changesAt(this.connection, query, at);
      return { ...found, rows: await this.withCurrentContent(found.rows) };
    });
  }

  /** A page of the access log. Errors: SEARCH_TOO_COSTLY. */
  log(ask: LogAsk): Promise<LogRow[]> {
    return inTime(this.connection, SEARCH_LIMIT_MS, () => readLog(this.connection, ask));
  }

  /** The patient's access log, newest first. */
  async readersOf(patient: string, before: LogPosition | undefined, limit: number): Promise<LogRow[]> {
    return this.connection.many<LogRow>({
      name: before === undefined ? "readers-first" : "readers-next",
      text: `SELECT entry, chain::text, seq, recorded FROM access_log WHERE patient = $1 AND home = $3
             ${before === undefined ? "" : "AND (recorded, chain, seq) < ($4::timestamptz, $5::uuid, $6::int8)"}
             ORDER BY access_log.recorded DESC, access_log.chain DESC, access_log.seq DESC LIMIT $2`,
      values: [
        patient,
        limit,
        homeOf(patient),
        ...(before === undefined ? [] : [before.recorded, before.chain, before.seq]),
      ],
    });
  }

  /** Versions that are not in history are the current ones of their types' tables. */
  private async withCurrentContent(rows: readonly HistoryRow[]): Promise<HistoryRow[]> {
    const missing = rows.filter((row) => row.content === null && row.method !== "delete");
    const found = new Map<string, string>();
    for (const type of new Set(missing.map((row) => row.type))) {
      const ids = new Set(missing.filter((row) => row.type === type).map(({ id }) => id));
      for (const row of await readMany(this.connection, type, [...ids]))
        found.set(`${type}/${row.id}/${row.version}`, row.content);
    }
    const whole = rows.map((row) =>
      row.content === null ? { ...row, content: found.get(`${row.type}/${row.id}/${row.version}`) ?? null } : row,
    );
    return spreadOf(this.connection) === undefined ? whole : this.withOldContent(whole);
  }

  /** Servers have no moment in common: what was current when its page was read may have become history since. */
  private async withOldContent(rows: readonly HistoryRow[]): Promise<HistoryRow[]> {
    const whole: HistoryRow[] = [];
    for (const row of rows) {
      const isMissing = row.content === null && row.method !== "delete";
      const old = isMissing ? await readOldVersion(this.connection, row.type, row.id, row.version) : undefined;
      whole.push(old === undefined ? row : { ...row, content: old.content });
    }
    return whole;
  }
}
