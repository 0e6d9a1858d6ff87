/**
 * One write: the change, its version, the access log and the outbox row in one transaction, or none of them. What
 * PostgreSQL says may be tried again is tried again; what nobody can know is said to be unknown.
 *
 * SPEC STORE-TX · reliability rules 1 to 3
 */
import { hash64Text } from "../base/index.ts";
import { FhirError, fhirError, fhirErrorAt } from "../fhir/index.ts";
import { ReviewTables } from "./access-review.ts";
import { DestructionTables } from "./destruction.ts";
import { BlockTables } from "./blocks.ts";
import { CareTables } from "./care.ts";
import { ReserveNumbers } from "./reserve-numbers.ts";
import { DoorTables } from "./door.ts";
import { LetterTables } from "./letters.ts";
import { LoopTables } from "./loops.ts";
import { WorklistTables } from "./worklists.ts";
import { bound, insertChange, spreadOf } from "./citus/index.ts";
import type { AccessLogEntry, ChainWriter } from "./access-log.ts";
import type { Connection, Row, Sql, Talk } from "./connection.ts";
import {
  demandHeld,
  dropCurrent,
  existing,
  existingHeld,
  insertDeletion,
  insertRows,
  moveToHistory,
  readAll,
  readCurrent,
  readLastVersion,
  readLastVersions,
  readMany,
  readOldVersion,
  type CurrentRow,
  type Method,
  type NewRow,
  type Standing,
  type Together,
  type VersionRow,
} from "./resources.ts";
import { demandUnreferred, firstWithToken } from "./referring.ts";
import { SEARCH_LIMIT_MS } from "./search-time.ts";
import { SubscriberTables } from "./subscriptions.ts";
import { Hl7Tables } from "./hl7.ts";
import { refuseSettled } from "./settled-moment.ts";
import { SigningTables } from "./signing.ts";
import { ClosureTables, TerminologyTables } from "./terminology.ts";
import { MAY_BE_TRIED_AGAIN, TransactionTalk } from "./transaction-talk.ts";

/** One line of the change log. */
export type Change = {
  readonly home: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly method: Method;
  readonly recorded: string;
  readonly patient: string | null;
  readonly careProvider: string | null;
  readonly careUnit: string | null;
};

export type OutboxMessage = { readonly home: number; readonly topic: string; readonly payload: unknown };

/** What writes have done at their end: those with the same name have it done together. */
export type Ending<T> = {
  readonly name: string;
  readonly run: (tx: WriteTx, items: readonly T[]) => Promise<void>;
};

/** Whom a write asks; `later` takes what needs no answer. */
export type Asking = Together & Pick<TransactionTalk, "later" | "search">;

/** What a write may do inside its transaction. What needs no answer is sent with the next statement that does. */
export class WriteTx {
  readonly blocks: BlockTables;
  readonly care: CareTables;
  readonly reserveNumbers: ReserveNumbers;
  readonly door: DoorTables;
  readonly letters: LetterTables;
  readonly loops: LoopTables;
  readonly lists: WorklistTables;
  readonly terminology: TerminologyTables;
  readonly closures: ClosureTables;
  readonly reviews: ReviewTables;
  readonly signing: SigningTables;
  /** For the owner of the database only: the server's role has no right to any of it. */
  readonly destruction: DestructionTables;
  readonly subscribers: SubscriberTables;
  readonly hl7: Hl7Tables;
  private readonly talk: Asking;
  private readonly later: Talk;
  private readonly chains: ChainWriter;

  constructor(talk: Asking, chains: ChainWriter) {
    this.talk = talk;
    this.later = talk.later;
    this.chains = chains;
    this.blocks = new BlockTables(talk);
    this.care = new CareTables(talk);
    this.reserveNumbers = new ReserveNumbers(talk);
    this.door = new DoorTables(talk);
    this.letters = new LetterTables(talk);
    this.loops = new LoopTables(talk, talk.later);
    this.lists = new WorklistTables(talk);
    this.terminology = new TerminologyTables(talk);
    this.reviews = new ReviewTables(talk);
    this.signing = new SigningTables(talk);
    this.destruction = new DestructionTables(bound(talk));
    this.closures = new ClosureTables(bound(talk));
    this.subscribers = new SubscriberTables(bound(talk));
    this.hl7 = new Hl7Tables(bound(talk));
  }

  /**
   * Takes the named locks in one fixed order. Call it before anything that writes: the transaction must get its number
   * after it holds them, since the change log's readers order by that number.
   */
  async lock(names: Iterable<string>): Promise<void> {
    const keys = [...new Set(names)].map(hash64Text).toSorted();
    if (keys.length === 0) return;
    await this.later.many({
      name: "lock",
      text: "SELECT count(pg_advisory_xact_lock(key)) FROM (SELECT key FROM unnest($1::int8[]) WITH ORDINALITY AS k(key, at) ORDER BY at OFFSET 0) AS k",
      values: [keys],
    });
  }

  /**
   * Does what is to be done when all else of the write has been said: at once, or once for all writes that go together and have the same
   * ending, when this one goes with others.
   */
  atEnd<T>(ending: Ending<T>, item: T): Promise<void> {
    return ending.run(this, [item]);
  }

  read(type: string, id: string): Promise<CurrentRow | undefined> {
    return readCurrent(this.talk, type, id);
  }

  readMany(type: string, ids: readonly string[]): Promise<CurrentRow[]> {
    return readMany(this.talk, type, ids);
  }

  /** The current versions, by `Type/id`, of resources of several types. */
  readAll(wanted: ReadonlyMap<string, ReadonlySet<string>>): Promise<ReadonlyMap<string, CurrentRow>> {
    return readAll(this.talk, wanted);
  }

  /** Has the transaction refused when somebody else holds what it needs for longer than so many milliseconds. */
  waitAtMost(milliseconds: number): Promise<void> {
    return this.set("lock_timeout", String(milliseconds));
  }

  /** Has its statements planned once for all values: they find what they need by ids, whatever these are. */
  planOnce(): Promise<void> {
    return this.set("plan_cache_mode", "force_generic_plan");
  }

  /** Sets what PostgreSQL is to go by until the transaction ends. */
  private async set(name: string, value: string): Promise<void> {
    await this.later.many({ name: "set", text: "SELECT set_config($1, $2, true)", values: [name, value] });
  }

  /** Which of the ids have a current version within reach; these stay until the transaction ends. */
  existing(type: string, ids: readonly string[]): Promise<string[]> {
    return existingHeld(this.talk, type, ids);
  }

  /**
   * Has the transaction refused (NOT_AS_DEMANDED) unless all of the ids have a current version within reach; these stay
   * until the transaction ends. It may refuse also when one of them is only being changed: then `existing` tells.
   */
  demand(type: string, ids: readonly string[]): Promise<void> {
    return demandHeld(this.later, type, ids);
  }

  /** Which of the ids have a current version within reach now; nothing is waited for and nothing held. */
  visible(type: string, ids: readonly string[]): Promise<string[]> {
    return existing(this.talk, type, ids);
  }

  /** Some resource of any type besides some that has the search key, or nothing. */
  firstWithToken(token: string, besides: ReadonlySet<string> = new Set()): Promise<string | undefined> {
    return firstWithToken(this.talk, token, besides);
  }

  /** Has the transaction refused (NOT_AS_DEMANDED) when a resource of any type besides some has one of the search keys. */
  demandUnreferred(tokens: readonly string[], besides: ReadonlySet<string>): Promise<void> {
    return demandUnreferred({ talk: this.talk, later: this.later }, tokens, besides);
  }

  readLastVersion(type: string, id: string): Promise<VersionRow | undefined> {
    return readLastVersion(this.talk, type, id);
  }

  /** The newest versions in history of several resources; those that never were are left out. */
  readLastVersions(type: string, ids: readonly string[]): Promise<VersionRow[]> {
    return readLastVersions(this.talk, type, ids);
  }

  /** The text of one version, current or not; null when it cannot be reached. */
  async readVersion(type: string, id: string, version: number): Promise<string | null> {
    const current = await readCurrent(this.talk, type, id);
    if (current?.version === version) return current.content;
    return (await readOldVersion(this.talk, type, id, version))?.content ?? null;
  }

  /** As of a reading; the transaction then ends with SEARCH_TOO_COSTLY. */
  search(sql: Sql, limit = SEARCH_LIMIT_MS): Promise<Row[]> {
    return this.talk.search(sql, limit);
  }

  insert(type: string, rows: readonly NewRow[]): Promise<void> {
    return insertRows(this.later, type, rows);
  }

  /** Replaces the current version, which must be the one before and lie at `home`; it goes to history. */
  async replace(row: NewRow, home = row.home): Promise<void> {
    await this.retire(row.type, [{ home, id: row.id, version: row.version - 1 }]);
    await this.insert(row.type, [row]);
  }

  /** Puts a row in the place of the current version under the same number; nothing goes to history. */
  async relabel(row: NewRow): Promise<void> {
    await dropCurrent(this.later, row.type, row);
    await this.insert(row.type, [row]);
  }

  async remove(type: string, old: CurrentRow, at: string): Promise<void> {
    await this.retire(type, [old]);
    await this.insertDeletion(type, old, at);
  }

  /** Moves the current versions, which must be these, to history. */
  retire(type: string, standing: readonly Standing[]): Promise<void> {
    return moveToHistory(this.later, type, standing);
  }

  /** Writes the version that says "deleted" of a resource that was. */
  insertDeletion(type: string, old: Omit<CurrentRow, "content">, at: string): Promise<void> {
    return insertDeletion(this.later, old, type, at);
  }

  recordChanges(changes: readonly Change[]): Promise<void> {
    const [oldest] = changes.map(({ recorded }) => recorded).toSorted();
    if (oldest === undefined) return Promise.resolve();
    return Promise.all([this.later.many(refuseSettled(oldest)), this.insertChanges(changes)]).then(() => undefined);
  }

  private async insertChanges(changes: readonly Change[]): Promise<void> {
    if (spreadOf(this.later) !== undefined) {
      for (const { careProvider, careUnit, ...change } of changes)
        await this.later.many(insertChange({ ...change, care_provider: careProvider, care_unit: careUnit }));
      return;
    }
    await this.later.many({
      name: "change-log",
      text: `INSERT INTO change_log (home, type, id, version, method, recorded, patient, care_provider, care_unit)
             SELECT home, type, id, version, method, recorded, patient, "careProvider", "careUnit" FROM json_to_recordset($1::json)
             AS c(home int4, type text, id text, version int4, method text, recorded timestamptz, patient text, "careProvider" text, "careUnit" text)`,
      values: [JSON.stringify(changes)],
    });
  }

  async enqueue(messages: readonly OutboxMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await bound(this.later).many({
      name: "outbox-enqueue",
      text: `INSERT INTO outbox (home, topic, payload)
             SELECT home, topic, payload FROM json_to_recordset($1::json) AS m(home int4, topic text, payload jsonb)`,
      values: [JSON.stringify(messages)],
    });
  }

  recordAccess(entries: readonly AccessLogEntry[], now: string): Promise<void> {
    return this.chains.append(this.later, entries, now);
  }

  /**
   * Claims an idempotency key. Answers the stored reply when the same request was done before; refuses another request
   * under the same key. It always writes, so that its answer is covered by the commit (reliability rule 2).
   */
  async claimKey(home: number, actor: string, key: string, request: string): Promise<string | undefined> {
    const [row] = await this.talk.many<{ request: string; reply: string | null }>({
      name: "idempotency-claim",
      text: `INSERT INTO idempotency (home, actor, key, request, touched) VALUES ($1, $2, $3, $4, statement_timestamp())
             ON CONFLICT (actor, key, home) DO UPDATE SET touched = excluded.touched RETURNING request, reply`,
      values: [home, actor, key, request],
    });
    if (row?.request !== request) throw fhirError("IDEMPOTENCY_KEY_REUSED");
    return row.reply ?? undefined;
  }

  async storeReply(home: number, actor: string, key: string, reply: string): Promise<void> {
    await this.later.many({
      name: "idempotency-reply",
      text: "UPDATE idempotency SET reply = $4 WHERE actor = $2 AND key = $3 AND home = $1",
      values: [home, actor, key, reply],
    });
  }
}

const ATTEMPTS = 8;

/**
 * Runs `work` in a transaction and commits. Serialization failures and deadlocks are tried again from the start. Errors:
 * OUTCOME_UNKNOWN when the commit was sent and its answer is missing or doubtful.
 */
export async function inTransaction<T>(
  connection: Connection,
  chains: ChainWriter,
  work: (tx: WriteTx) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await commitOnce(connection, chains, work);
    } catch (error) {
      const code = (error as { code?: string }).code ?? "";
      if (code === "57014") throw fhirError("UNAVAILABLE", "the write took too long; nothing was changed");
      if (connection.broken || attempt === ATTEMPTS || !MAY_BE_TRIED_AGAIN.has(code)) throw translate(error);
      await new Promise((resolve) => setTimeout(resolve, attempt * 5));
    }
  }
}

/** The same in one attempt. Errors: PostgreSQL's own, too. */
export async function commitOnce<T>(
  connection: Connection,
  chains: ChainWriter,
  work: (tx: WriteTx) => Promise<T>,
): Promise<T> {
  const talk = new TransactionTalk(connection);
  let result: T;
  try {
    result = await work(new WriteTx(talk, chains));
  } catch (error) {
    chains.abandon(connection);
    await talk.rollback();
    if (error instanceof FhirError && error.code === "SEARCH_TOO_COSTLY") throw error; // stopped by us, and so told
    throw talk.fault ?? error; // once PostgreSQL has refused a statement, what it says of later ones is only an echo
  }
  try {
    await talk.commit();
  } catch (error) {
    chains.abandon(connection);
    throw error;
  }
  chains.settle(connection);
  return result;
}

/** Connection lost, shutting down, no room, or not (any longer) the server that may write. */
const GONE = /^(08|57P|25P0[34]|53|25006|ECONN|EPIPE|ETIMEDOUT)/;

/** A text that cannot be one: NUL or broken UTF-8, as a text and in JSON. */
const NOT_TEXT: ReadonlySet<string> = new Set(["22021", "22P05"]);

/** PostgreSQL's own words for what a caller can understand. */
function translate(error: unknown): unknown {
  if (error instanceof FhirError) return error;
  const code = (error as { code?: string }).code ?? "";
  if (code === "42501") return fhirError("FORBIDDEN", "row-level security refused the row");
  if (code === "23505") return fhirError("DUPLICATE");
  if (NOT_TEXT.has(code)) return fhirError("REQUEST_MALFORMED", "a text has NUL or is not UTF-8");
  if (MAY_BE_TRIED_AGAIN.has(code)) return fhirError("CONFLICT", "other changes were in the way");
  if (code === "57014") return fhirError("SEARCH_TOO_COSTLY", "the statement took too long");
  // PostgreSQL by itself says so of a prepared statement only, whose table has been altered.
  if (code === "0A000" && !/cached plan/.test(String((error as Error).message)))
    return fhirErrorAt("NOT_SUPPORTED", "?", "over several database servers");
  if (GONE.test(code) || /Connection terminated|not queryable/.test(String((error as Error).message))) {
    return fhirError("UNAVAILABLE", "the database went away; nothing was changed");
  }
  return error;
}
export { translate as translateDatabaseError };
