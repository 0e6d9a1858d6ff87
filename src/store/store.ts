/**
 * The store: the only driver and the only SQL. It gives reads and writes to `journal/` and knows nothing of who may see
 * what; it only makes sure that a connection never reaches further than it was told.
 *
 * SPEC STORE
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import type { AccessLogEntry } from "./access-log.ts";
import { ChainWriter } from "./access-log.ts";
import type { Pin } from "./access-log-pins.ts";
import { AccessLogger } from "./access-logger.ts";
import { readHeads, verifyAccessLog, type Anchor, type LogReport } from "./access-log-verify.ts";
import {
  moveReader,
  readChanges,
  readerPosition,
  refuseStrangeTransactions,
  type LoggedChange,
  type Position,
} from "./change-log.ts";
import { connectionKind, isSpread, refuseOtherLayout, refuseSpread, type Spread } from "./citus/index.ts";
import {
  APP_ROLE,
  Connection,
  type ConnectionConfig,
  type Planning,
  type Reach,
  type Row,
  type Sql,
} from "./connection.ts";
import { currentVersions } from "./current-versions.ts";
import { definitionStamp, readStructureDefinitions, readValueSets } from "./definitions.ts";
import { checkDurability, checkOtherNodes, type DurabilityProblem, type DurabilityProfile } from "./durability.ts";
import { openTransactions, type OpenTransaction } from "./in-flight.ts";
import { JobTable } from "./jobs-table.ts";
import { isMigrated } from "./migrate.ts";
import { OauthTables } from "./oauth.ts";
import { claimMessages, failMessage, finishMessage } from "./outbox.ts";
import type { Needs } from "./gathered-write.ts";
import { GroupedReads } from "./grouped-reads.ts";
import { GroupedSearches } from "./grouped-searches.ts";
import { Pool } from "./pool.ts";
import { ReadTx } from "./reading.ts";
import type { CurrentRow } from "./resources.ts";
import { readSetting, tidy, writeSetting, type Tidied } from "./housekeeping.ts";
import {
  deleteSession,
  deleteSessionsOf,
  findClient,
  findSession,
  findSessionOf,
  insertClient,
  revokeClient,
  insertSession,
  openSessions,
  renewSession,
  sessionsOf,
  touchSession,
  type Renewal,
  type StoredClient,
  type StoredSession,
  type UsedSession,
  type Whose,
} from "./sessions.ts";
import { SEARCH_LIMIT_MS } from "./search-time.ts";
import { scopesOfClient } from "./subscriptions.ts";
import { replaceSystem, type NewConcept, type NewSystem } from "./terminology.ts";
import { settleMoment } from "./settled-moment.ts";
import { verifySeals, type SealReport } from "./seal-verify.ts";
import { SharedWrites } from "./shared-writes.ts";
import { SigningTables, type Destroyed } from "./signing.ts";
import { inTransaction, translateDatabaseError, type WriteTx } from "./transaction.ts";

export type StoreOptions = {
  readonly config: ConnectionConfig;
  /** Ed25519 private key that signs the access log's heads; it must not lie in the database. */
  readonly auditKey: KeyObject;
  readonly clock: () => Date;
  readonly connections?: number;
  /** Longest time for one statement, in milliseconds. */
  readonly statementTimeout?: number;
  /** How the rows are spread over servers; nothing when they all lie on one. */
  readonly spread?: Spread;
  /** Neither row-level security nor access log: for `eira bench`, which measures what they cost, on made-up records. */
  readonly isUnguarded?: boolean;
};

const CONNECTIONS = 12;
const STATEMENT_TIMEOUT = 30_000;
const PATIENCE = 30_000;

export class Store {
  readonly outbox = {
    claim: (worker: string, limit: number, leaseSeconds: number, topics?: readonly string[]) =>
      this.alone("*", (c) => claimMessages(c, worker, { limit, leaseSeconds, ...(topics && { topics }) })),
    finish: (worker: string, message: Parameters<typeof finishMessage>[2]) =>
      this.alone("*", (c) => finishMessage(c, worker, message)),
    fail: (worker: string, message: Parameters<typeof finishMessage>[2], failure: Parameters<typeof failMessage>[3]) =>
      this.alone("*", (c) => failMessage(c, worker, message, failure)),
  };
  /** Long work and leases on it. Nothing of a patient can be reached from here. */
  readonly jobs = new JobTable((work) => this.alone("", work));
  /** What the authorization server keeps. */
  readonly oauth = new OauthTables(
    (work) => this.alone("", work),
    (work) => this.asOwner(work),
    () => this.options.clock(),
  );
  private readonly options: StoreOptions;
  private readonly pool: Pool;
  private readonly grouped: GroupedReads;
  private readonly searches: GroupedSearches;
  private readonly shared: SharedWrites;
  private readonly chains: ChainWriter;
  private readonly logger: AccessLogger;

  private constructor(options: StoreOptions, standing: readonly Pin[]) {
    this.options = options;
    const config = { statement_timeout: options.statementTimeout ?? STATEMENT_TIMEOUT, ...options.config };
    this.chains = new ChainWriter(options.auditKey, standing);
    const kind = connectionKind(options.spread);
    const size = options.connections ?? CONNECTIONS;
    this.pool = new Pool({
      config,
      role: options.isUnguarded === true ? undefined : APP_ROLE,
      kind,
      size,
      patience: PATIENCE,
    });
    this.grouped = new GroupedReads(this.pool);
    this.searches = new GroupedSearches(this.pool, SEARCH_LIMIT_MS);
    this.shared = new SharedWrites(this.pool, this.chains);
    this.logger = new AccessLogger(() => kind.open(config, APP_ROLE), this.chains, options.clock);
  }

  /** True when rows lie on several servers. */
  get isSpread(): boolean {
    return this.options.spread !== undefined;
  }

  /** Opens the store on a migrated database. */
  static async open(options: StoreOptions): Promise<Store> {
    const connection = await Connection.open(options.config, undefined);
    try {
      await refuseOtherLayout(connection, options.spread);
      if (!(await isReadyFor(connection, options.spread)))
        throw new Error("The database does not have this build's schema. Run: npm run eira -- migrate");
      await refuseStrangeTransactions(connection);
      return new Store(options, await standingChains(connection));
    } finally {
      await connection.close();
    }
  }

  /** Lends a connection that reaches no further than `reach` to a read whose statements are to be planned so. */
  read<T>(reach: Reach, work: (look: ReadTx) => Promise<T>, planning?: Planning): Promise<T> {
    return this.alone(reach, (connection) => work(new ReadTx(connection)), planning);
  }

  /** The current version, or nothing when there is none within reach. Read together with what others ask for now. */
  async readOne(reach: Reach, type: string, id: string): Promise<CurrentRow | undefined> {
    try {
      return await this.grouped.read(reach, type, id);
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /** Rows of one statement that `search/` compiled and that has one plan. Asked together with others'. Errors: SEARCH_TOO_COSTLY. */
  async search(reach: Reach, sql: Sql): Promise<Row[]> {
    try {
      return await this.searches.search(reach, sql);
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /** Runs a write: all of it is committed, or nothing. */
  write<T>(reach: Reach, work: (tx: WriteTx) => Promise<T>): Promise<T> {
    return this.alone(reach, (connection) => inTransaction(connection, this.chains, work));
  }

  /**
   * Runs a small write together with others that come at the same time, if it asks nothing of the database but what it says
   * beforehand that it needs. `work` may be run twice; only what it did the last time is committed, by itself or not at all.
   */
  async writeTogether<T>(reach: Reach, work: (tx: WriteTx) => Promise<T>, needs?: Needs): Promise<T> {
    if (this.options.spread !== undefined) return this.write(reach, work); // others' rows may lie on other servers
    const together = await this.shared.tryTogether(reach, work, needs);
    return together === undefined ? this.write(reach, work) : together.result;
  }

  /** Resolves when the entries are durable; an answer waits for it. */
  recordAccess(entries: readonly AccessLogEntry[]): Promise<void> {
    return this.options.isUnguarded === true ? Promise.resolve() : this.logger.record(entries);
  }

  changes(position: Position, limit: number): Promise<LoggedChange[]> {
    return this.alone("*", (connection) => readChanges(connection, position, limit));
  }

  /** From here on no change becomes durable that bears this time (ISO) or an earlier one, but those of open transactions. */
  settle(moment: string): Promise<void> {
    return this.alone("", (connection) => settleMoment(connection, moment));
  }

  /** The transactions that are open at this moment. */
  openTransactions(): Promise<OpenTransaction[]> {
    return this.alone("", openTransactions);
  }

  readerPosition(name: string): Promise<Position> {
    return this.alone("*", (connection) => readerPosition(connection, name));
  }

  moveReader(name: string, position: Position): Promise<void> {
    return this.alone("*", (connection) => moveReader(connection, name, position));
  }

  addSession(token: string, actor: unknown, expires: Date): Promise<void> {
    return this.alone("", (connection) =>
      insertSession(connection, token, actor, { created: this.options.clock(), expires }),
    );
  }

  /** The session of a token, unless it has ended or was not used for so many milliseconds. */
  findSession(token: string, idleMs = Infinity): Promise<UsedSession | undefined> {
    return this.alone("", (connection) => findSession(connection, token, this.since(idleMs)));
  }

  /** Notes that a session is used, if nobody has in so many milliseconds. */
  touchSession(token: string, everyMs: number): Promise<void> {
    return this.alone("", (connection) => touchSession(connection, token, this.since(everyMs)));
  }

  /** Notes in a session, by its name, that its person has proved again who they are, and gives it another token; false when it is not there. */
  renewSession(name: string, renewal: Renewal): Promise<boolean> {
    return this.alone("", (connection) => renewSession(connection, name, renewal));
  }

  /** A person's sessions that hold, newest first. */
  sessionsOf(whose: Whose, idleMs = Infinity): Promise<UsedSession[]> {
    return this.alone("", (connection) => sessionsOf(connection, whose, this.since(idleMs)));
  }

  /** Whose sessions hold now, each person and assignment once. */
  openSessions(): Promise<unknown[]> {
    return this.alone("", (connection) => openSessions(connection, this.options.clock()));
  }

  /** Ends all sessions of a person, in every server within two seconds; answers how many there were. */
  endSessionsOf(whose: Whose): Promise<number> {
    return this.alone("", (connection) => deleteSessionsOf(connection, whose));
  }

  /** A session that holds today of a person under an assignment, or nothing. */
  sessionOf(person: string, assignment: string): Promise<StoredSession | undefined> {
    return this.alone("", (connection) => findSessionOf(connection, { person, assignment }, this.options.clock()));
  }

  removeSession(token: string): Promise<void> {
    return this.alone("", (connection) => deleteSession(connection, token));
  }

  findClient(token: string): Promise<StoredClient | undefined> {
    return this.alone("", (connection) => findClient(connection, token, this.options.clock()));
  }

  /** What the tokens of a machine client that hold today, and its registration, allow, as scope texts. */
  scopesOfClient(client: string): Promise<string[]> {
    return this.alone("", (connection) => scopesOfClient(connection, client, this.options.clock()));
  }

  /** What is left of a record that was destroyed, or nothing. For whoever has seen that it is gone. */
  destroyedRecord(type: string, id: string): Promise<Destroyed | undefined> {
    return this.alone("*", (connection) => new SigningTables(connection).destroyed(type, id));
  }

  /** The versions that stand now of the directory's resources with these names (`Type/id`). */
  currentVersions(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.alone("*", (connection) => currentVersions(connection, names));
  }

  /** Another text as soon as a definition that resources are judged by has changed. */
  definitionStamp(): Promise<string> {
    return this.alone("*", definitionStamp);
  }

  /** The texts of all StructureDefinitions, oldest first. */
  structureDefinitions(): Promise<string[]> {
    return this.alone("*", readStructureDefinitions);
  }

  /** The texts of the ValueSets that carry one of the search keys, oldest first. */
  valueSets(keys: readonly string[]): Promise<string[]> {
    return this.alone("*", (connection) => readValueSets(connection, keys));
  }

  /** What the installation remembers under a name, or nothing. */
  setting(name: string): Promise<unknown> {
    return this.alone("", (connection) => readSetting(connection, name));
  }

  saveSetting(name: string, value: unknown): Promise<void> {
    return this.alone("", (connection) => writeSetting(connection, name, value));
  }

  /** Removes sessions and tokens that have ended and answers to idempotency keys older than `keepKeysDays`. Answers how many sessions and keys. */
  tidy(keepKeysDays: number): Promise<Tidied> {
    return this.alone("*", (connection) => tidy(connection, this.options.clock(), keepKeysDays));
  }

  /** Makes a client. Works as the database's owner, which the server itself never does. */
  addClient(token: string, client: Omit<StoredClient, "expires">, expires: Date): Promise<void> {
    return this.asOwner((connection) =>
      insertClient(connection, token, client, { created: this.options.clock(), expires }),
    );
  }

  /** Withdraws the tokens of a client; answers how many held. Works as the database's owner. */
  revokeClient(client: string): Promise<number> {
    return this.asOwner((connection) => revokeClient(connection, client, this.options.clock()));
  }

  /** Takes in a whole code system in place of the same version of it. Works as the database's owner. */
  replaceSystem(
    system: NewSystem,
    concepts: Iterable<NewConcept>,
    onProgress?: (stored: number) => void,
  ): Promise<number> {
    return this.asOwner((connection) =>
      replaceSystem(connection, system, concepts, { now: this.options.clock(), onProgress }),
    );
  }

  verifyAccessLog(anchors: readonly Anchor[], onProgress?: (rows: number) => void): Promise<LogReport> {
    const key = createPublicKey(this.options.auditKey);
    return this.asOwner((connection) =>
      connection.snapshot(() => verifyAccessLog(connection, key, anchors, onProgress)),
    );
  }

  /** Runs a write as the owner of the database, which the server itself never does. */
  writeAsOwner<T>(work: (tx: WriteTx) => Promise<T>): Promise<T> {
    return this.asOwner(async (connection) => {
      await refuseSpread(connection);
      return inTransaction(connection, this.chains, work);
    });
  }

  /**
   * Lets go of the room of rows that were taken away, so that it is written over; `whole` writes the tables of these types and the
   * history anew, and nobody reads them meanwhile. Works as the database's owner.
   */
  reclaim(types: readonly string[], whole: boolean): Promise<void> {
    return this.asOwner(async (connection) => {
      for (const table of ["history", "change_log", "seal", "remark", ...types.map((type) => type.toLowerCase())])
        await connection.many({ text: `VACUUM ${whole ? "(FULL)" : ""} "${table}"` });
      if (whole) await connection.many({ text: "CHECKPOINT" }).catch(() => undefined); // a right that not every owner has
    });
  }

  /** Whether what was signed is still what stands there. */
  verifySeals(types: readonly string[]): Promise<SealReport> {
    return this.asOwner((connection) => verifySeals(connection, types));
  }

  async accessLogHeads(): Promise<Anchor[]> {
    const heads = await this.asOwner(readHeads);
    return [...heads.values()].map(({ chain, seq, hash }) => ({ chain, seq, hash: hash.toString("hex") }));
  }

  /** What endangers acknowledged writes, asked on a connection like those that write. */
  durabilityProblems(profile: DurabilityProfile): Promise<readonly DurabilityProblem[]> {
    return this.alone("", async (connection) => [
      ...(await checkDurability(connection.client, profile)),
      ...(profile.production && this.options.spread === "citus" ? await checkOtherNodes(connection) : []),
    ]);
  }

  /** True when the database answers as this build expects. */
  isReady(): Promise<boolean> {
    return this.asOwner((connection) => isReadyFor(connection, this.options.spread));
  }

  async close(): Promise<void> {
    await this.logger.close();
    await this.pool.close();
  }

  private since(milliseconds: number): { readonly now: Date; readonly since: Date } {
    const now = this.options.clock();
    return { now, since: new Date(Math.max(0, now.getTime() - milliseconds)) };
  }

  private async alone<T>(reach: Reach, work: (connection: Connection) => Promise<T>, planning?: Planning): Promise<T> {
    try {
      return await this.pool.with(reach, work, planning);
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  private async asOwner<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await Connection.open(this.options.config, undefined);
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  }
}

/** True when the database has this build's schema, laid out as asked. */
async function isReadyFor(connection: Connection, spread: Spread | undefined): Promise<boolean> {
  return (await isMigrated(connection)) && (spread !== "citus" || (await isSpread(connection)));
}

/** More than a process can leave without a pin, so that the next one finds them all. */
const MOST_STANDING = 500;

/** The newest chains of the access log, newest first. */
async function standingChains(connection: Connection): Promise<Pin[]> {
  const rows = await connection.many<{ chain: string; seq: string; hash: string }>({
    text: "SELECT chain::text, seq, encode(hash, 'hex') AS hash FROM access_log_head ORDER BY signed DESC, chain LIMIT $1",
    values: [MOST_STANDING],
  });
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}
