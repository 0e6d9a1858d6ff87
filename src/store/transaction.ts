/**
 * One write: the change, its version, the access log and the outbox row in one transaction, or none of them. What
 * PostgreSQL says may be tried again is tried again; what nobody can know is said to be unknown.
 *
 * SPEC STORE-TX · reliability rules 1 to 3
 */
import { hash64Text } from "../base/index.ts";
import { FhirError, fhirError } from "../fhir/index.ts";
import type { AccessLogEntry, ChainWriter } from "./access-log.ts";
import { isAnswer, type Connection, type Row, type Sql } from "./connection.ts";
import {
  dropCurrent,
  existing,
  existingHeld,
  firstWithToken,
  insertDeletion,
  insertRows,
  moveToHistory,
  readCurrent,
  readLastVersion,
  readMany,
  readOldVersion,
  runSearch,
  type CurrentRow,
  type Method,
  type NewRow,
  type VersionRow,
} from "./resources.ts";
import { SubscriberTables } from "./subscriptions.ts";
import { ClosureTables, TerminologyTables } from "./terminology.ts";

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

/** What a write may do inside its transaction. */
export class WriteTx {
  readonly terminology: TerminologyTables;
  readonly closures: ClosureTables;
  readonly subscribers: SubscriberTables;
  private readonly connection: Connection;
  private readonly chains: ChainWriter;

  /** What was sent without waiting for its answer; a fault in it is found before the commit is believed. */
  private readonly sent: Promise<Error | undefined>[] = [];

  constructor(connection: Connection, chains: ChainWriter) {
    this.connection = connection;
    this.chains = chains;
    this.terminology = new TerminologyTables(connection);
    this.closures = new ClosureTables(connection);
    this.subscribers = new SubscriberTables(connection);
  }

  /** The first of the sent statements that failed; when one has, PostgreSQL has refused everything after it. */
  async firstFault(): Promise<Error | undefined> {
    const faults = await Promise.all(this.sent);
    return faults.find((fault) => fault !== undefined);
  }

  /** Goes on at once, without the answer, which says nothing but whether it failed. */
  private send(statement: Promise<unknown>): Promise<void> {
    this.sent.push(faultOf(statement));
    return Promise.resolve();
  }

  /**
   * Takes the named locks in one fixed order. Call it before anything that writes: the transaction must get its number
   * after it holds them, since the change log's readers order by that number.
   */
  async lock(names: Iterable<string>): Promise<void> {
    const keys = [...new Set(names)].map(hash64Text).toSorted();
    if (keys.length === 0) return;
    await this.connection.many({
      name: "lock",
      text: "SELECT count(pg_advisory_xact_lock(key)) FROM (SELECT key FROM unnest($1::int8[]) WITH ORDINALITY AS k(key, at) ORDER BY at OFFSET 0) AS k",
      values: [keys],
    });
  }

  read(type: string, id: string): Promise<CurrentRow | undefined> {
    return readCurrent(this.connection, type, id);
  }

  readMany(type: string, ids: readonly string[]): Promise<CurrentRow[]> {
    return readMany(this.connection, type, ids);
  }

  /** Which of the ids have a current version within reach; these stay until the transaction ends. */
  existing(type: string, ids: readonly string[]): Promise<string[]> {
    return existingHeld(this.connection, type, ids);
  }

  /** Which of the ids have a current version within reach now; nothing is waited for and nothing held. */
  visible(type: string, ids: readonly string[]): Promise<string[]> {
    return existing(this.connection, type, ids);
  }

  /** Some resource of any type besides some that has the search key, or nothing. */
  firstWithToken(token: string, besides: ReadonlySet<string> = new Set()): Promise<string | undefined> {
    return firstWithToken(this.connection, token, besides);
  }

  readLastVersion(type: string, id: string): Promise<VersionRow | undefined> {
    return readLastVersion(this.connection, type, id);
  }

  /** The text of one version, current or not; null when it cannot be reached. */
  async readVersion(type: string, id: string, version: number): Promise<string | null> {
    const current = await readCurrent(this.connection, type, id);
    if (current?.version === version) return current.content;
    return (await readOldVersion(this.connection, type, id, version))?.content ?? null;
  }

  search(sql: Sql): Promise<Row[]> {
    return runSearch(this.connection, sql);
  }

  insert(type: string, rows: readonly NewRow[]): Promise<void> {
    return this.send(insertRows(this.connection, type, rows));
  }

  /** Replaces the current version, which must be the one before; it goes to history. */
  async replace(row: NewRow): Promise<void> {
    if (!(await moveToHistory(this.connection, row.type, row.id, row.version - 1))) throw fhirError("VERSION_CONFLICT");
    await this.insert(row.type, [row]);
  }

  /** Puts a row in the place of the current version under the same number; nothing goes to history. */
  async relabel(row: NewRow): Promise<void> {
    if (!(await dropCurrent(this.connection, row))) throw fhirError("VERSION_CONFLICT");
    await this.insert(row.type, [row]);
  }

  async remove(type: string, old: CurrentRow, at: string): Promise<void> {
    if (!(await moveToHistory(this.connection, type, old.id, old.version))) throw fhirError("VERSION_CONFLICT");
    await this.send(insertDeletion(this.connection, old, type, at));
  }

  recordChanges(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return Promise.resolve();
    const statement = this.connection.many({
      name: "change-log",
      text: `INSERT INTO change_log (home, type, id, version, method, recorded, patient, care_provider, care_unit)
             SELECT home, type, id, version, method, recorded, patient, "careProvider", "careUnit" FROM json_to_recordset($1::json)
             AS c(home int4, type text, id text, version int4, method text, recorded timestamptz, patient text, "careProvider" text, "careUnit" text)`,
      values: [JSON.stringify(changes)],
    });
    return this.send(statement);
  }

  async enqueue(messages: readonly OutboxMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await this.connection.many({
      name: "outbox-enqueue",
      text: `INSERT INTO outbox (home, topic, payload)
             SELECT home, topic, payload FROM json_to_recordset($1::json) AS m(home int4, topic text, payload jsonb)`,
      values: [JSON.stringify(messages)],
    });
  }

  recordAccess(entries: readonly AccessLogEntry[], now: string): Promise<void> {
    return this.send(this.chains.append(this.connection, entries, now));
  }

  /**
   * Claims an idempotency key. Answers the stored reply when the same request was done before; refuses another request
   * under the same key. It always writes, so that its answer is covered by the commit (reliability rule 2).
   */
  async claimKey(home: number, actor: string, key: string, request: string): Promise<string | undefined> {
    const [row] = await this.connection.many<{ request: string; reply: string | null }>({
      name: "idempotency-claim",
      text: `INSERT INTO idempotency (home, actor, key, request) VALUES ($1, $2, $3, $4)
             ON CONFLICT (actor, key, home) DO UPDATE SET touched = clock_timestamp() RETURNING request, reply`,
      values: [home, actor, key, request],
    });
    if (row?.request !== request) throw fhirError("IDEMPOTENCY_KEY_REUSED");
    return row.reply ?? undefined;
  }

  async storeReply(home: number, actor: string, key: string, reply: string): Promise<void> {
    await this.connection.many({
      name: "idempotency-reply",
      text: "UPDATE idempotency SET reply = $4 WHERE actor = $2 AND key = $3 AND home = $1",
      values: [home, actor, key, reply],
    });
  }
}

const ATTEMPTS = 8;
const MAY_BE_TRIED_AGAIN: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);

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
      return await once(connection, chains, work);
    } catch (error) {
      const code = (error as { code?: string }).code ?? "";
      if (code === "57014") throw fhirError("UNAVAILABLE", "the write took too long; nothing was changed");
      if (connection.broken || attempt === ATTEMPTS || !MAY_BE_TRIED_AGAIN.has(code)) throw translate(error);
      await new Promise((resolve) => setTimeout(resolve, attempt * 5));
    }
  }
}

async function once<T>(connection: Connection, chains: ChainWriter, work: (tx: WriteTx) => Promise<T>): Promise<T> {
  const tx = new WriteTx(connection, chains);
  let result: T;
  try {
    await connection.begin(); // waited for: had it failed, every statement after it would commit by itself
    result = await work(tx);
  } catch (error) {
    // What was sent before may have failed first; then this error is only its echo.
    const fault = (await tx.firstFault()) ?? error;
    chains.abandon(connection);
    await connection.rollback();
    throw fault;
  }
  const committing = connection.commit();
  const [fault, unconfirmed] = await Promise.all([tx.firstFault(), faultOf(committing)]);
  if (fault === undefined && unconfirmed === undefined) {
    chains.settle(connection);
    return result;
  }
  chains.abandon(connection);
  // What PostgreSQL says of a statement before the commit also says that there was no commit.
  if (fault !== undefined && isAnswer(fault)) throw fault;
  const code = unconfirmed === undefined ? undefined : (unconfirmed as { code?: string }).code;
  if (unconfirmed !== undefined && MAY_BE_TRIED_AGAIN.has(code ?? "")) throw unconfirmed; // it says that it was rolled back
  connection.broken = true; // its state is not known, so nobody may use it again
  if (unconfirmed instanceof FhirError) throw unconfirmed;
  throw fhirError("OUTCOME_UNKNOWN", `the answer to the commit was lost (${code ?? "no code"})`);
}

/** What a promise fails with, or nothing. */
function faultOf(promise: Promise<unknown>): Promise<Error | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
}

/** Connection lost, shutting down, no room, or not (any longer) the server that may write. */
const GONE = /^(08|57P|25P0[34]|53|25006|ECONN|EPIPE|ETIMEDOUT)/;

/** PostgreSQL's own words for what a caller can understand. */
function translate(error: unknown): unknown {
  if (error instanceof FhirError) return error;
  const code = (error as { code?: string }).code ?? "";
  if (code === "42501") return fhirError("FORBIDDEN", "row-level security refused the row");
  if (code === "23505") return fhirError("DUPLICATE");
  if (MAY_BE_TRIED_AGAIN.has(code)) return fhirError("CONFLICT", "other changes were in the way");
  if (code === "57014") return fhirError("SEARCH_TOO_COSTLY", "the statement took too long");
  if (GONE.test(code) || /Connection terminated|not queryable/.test(String((error as Error).message))) {
    return fhirError("UNAVAILABLE", "the database went away; nothing was changed");
  }
  return error;
}
export { translate as translateDatabaseError };
