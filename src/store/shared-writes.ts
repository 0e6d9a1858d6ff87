/**
 * Small writes that ask nothing of the database and come at the same time go to it together, as one transaction: one
 * commit, one signed head of the access log, one statement for all rows of a type. While one group is being committed the
 * next gathers, and none waits longer for it than PATIENCE. A lone write waits for nobody.
 *
 * Each write stands or falls by itself: when a group is refused, each of it is done again alone, and gets its own answer.
 *
 * SPEC STORE-SHARE · measured: see decision 0024
 */
import { FhirError } from "../fhir/index.ts";
import type { AccessLogEntry, ChainWriter } from "./access-log.ts";
import type { Reach } from "./connection.ts";
import type { Pool } from "./pool.ts";
import type { NewRow } from "./resources.ts";
import { commitOnce, translateDatabaseError, WriteTx, type Asking, type Change } from "./transaction.ts";

/** The write asks the database something: it needs a transaction of its own. */
class AsksSomething extends Error {}

/** Most rows of one write that goes with others. */
const MOST_ROWS = 20;
/** Most writes of a group. */
const LARGEST_GROUP = 200;
/** The longest that a write waits for the group before it, in milliseconds. */
const PATIENCE = 10;
/** How long a group waits for those who have just been answered, in milliseconds: about as long as a commit takes. */
const BREATH = 2;

/** What a write wants done, gathered instead of said. Nothing answers it, so that asking ends it. */
class GatheredTx extends WriteTx {
  /** It asked, and perhaps went on without an answer: what it gathered is worth nothing. */
  readonly listener: { hasAsked: boolean };
  readonly rows = new Map<string, NewRow[]>();
  readonly demands = new Map<string, Set<string>>();
  readonly changes: Change[] = [];
  readonly entries: AccessLogEntry[] = [];
  now = "";
  size = 0;

  constructor(chains: ChainWriter) {
    const listener = { hasAsked: false };
    super(silent(listener), chains);
    this.listener = listener;
  }

  override insert(type: string, rows: readonly NewRow[]): Promise<void> {
    this.size += rows.length;
    if (this.size > MOST_ROWS) this.listener.hasAsked = true;
    listOf(this.rows, type).push(...rows);
    return Promise.resolve();
  }

  override demand(type: string, ids: readonly string[]): Promise<void> {
    const wanted = this.demands.get(type) ?? new Set();
    this.demands.set(type, wanted);
    for (const id of ids) wanted.add(id);
    return Promise.resolve();
  }

  override recordChanges(changes: readonly Change[]): Promise<void> {
    this.changes.push(...changes);
    return Promise.resolve();
  }

  override recordAccess(entries: readonly AccessLogEntry[], now: string): Promise<void> {
    this.entries.push(...entries);
    this.now = now;
    return Promise.resolve();
  }
}

function silent(listener: { hasAsked: boolean }): Asking {
  const state = new Map<string, unknown>();
  const refuse = (): Promise<never> => {
    listener.hasAsked = true;
    return Promise.reject(new AsksSomething());
  };
  return { state, many: refuse, search: refuse, later: { state, many: refuse } };
}

/** A write that waits to go: `done` when it is committed, `alone` when it is to be done by itself. */
type Waiting = {
  readonly tx: GatheredTx;
  readonly done: () => void;
  readonly alone: () => void;
  readonly failed: (error: unknown) => void;
};

export class SharedWrites {
  private readonly pool: Pool;
  private readonly chains: ChainWriter;
  private readonly lines = new Map<Reach, Line>();

  constructor(pool: Pool, chains: ChainWriter) {
    this.pool = pool;
    this.chains = chains;
  }

  /**
   * Runs a write together with others of the same reach; answers nothing when it is to be run alone, of which nothing is
   * done then. Errors: what `work` throws; OUTCOME_UNKNOWN and UNAVAILABLE for all of a group.
   */
  async tryTogether<T>(reach: Reach, work: (tx: WriteTx) => Promise<T>): Promise<{ readonly result: T } | undefined> {
    const tx = new GatheredTx(this.chains);
    let result: T;
    try {
      result = await work(tx);
    } catch (error) {
      if (tx.listener.hasAsked) return undefined;
      throw error;
    }
    if (tx.listener.hasAsked) return undefined;
    return (await this.join(reach, tx)) ? { result } : undefined;
  }

  /** True when the write is committed, false when it is to be done alone. */
  private join(reach: Reach, tx: GatheredTx): Promise<boolean> {
    let line = this.lines.get(reach);
    if (line === undefined) {
      line = new Line((group) => this.commit(reach, group));
      this.lines.set(reach, line);
    }
    const joined = line;
    return new Promise((resolve, failed) => {
      joined.add({ tx, done: () => resolve(true), alone: () => resolve(false), failed });
    });
  }

  private async commit(reach: Reach, group: readonly Waiting[]): Promise<void> {
    try {
      await this.pool.with(reach, (connection) => commitOnce(connection, this.chains, (tx) => sayAll(tx, group)));
      for (const { done } of group) done();
    } catch (error) {
      const translated = translateDatabaseError(error);
      const isForAll = translated instanceof FhirError && FOR_ALL.has(translated.code);
      for (const { failed, alone } of group) {
        if (isForAll) failed(translated);
        else alone();
      }
    }
  }
}

/** What is no single write's fault, and is not better alone. */
const FOR_ALL: ReadonlySet<string> = new Set(["OUTCOME_UNKNOWN", "UNAVAILABLE"]);

/** The writes of one reach that wait: while a group is on its way the next one gathers. */
class Line {
  private readonly commit: (group: readonly Waiting[]) => Promise<void>;
  private readonly waiting: Waiting[] = [];
  private running = 0;
  private timer: NodeJS.Timeout | undefined;
  /** How many may come: those who wait and those who have just been answered. */
  private expected = 0;

  constructor(commit: (group: readonly Waiting[]) => Promise<void>) {
    this.commit = commit;
  }

  add(one: Waiting): void {
    this.waiting.push(one);
    if (this.running > 0) this.timer ??= setTimeout(() => this.start(), PATIENCE);
    else if (this.timer === undefined || this.waiting.length >= this.expected) this.start();
  }

  private start(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.length === 0) return;
    this.running += 1;
    setImmediate(() => this.depart()); // requests of the same turn join the group
  }

  private depart(): void {
    const group = this.waiting.splice(0, LARGEST_GROUP);
    clearTimeout(this.timer);
    this.timer = undefined;
    const landed = (): void => this.arrive(group.length);
    this.commit(group).then(landed, landed); // it never rejects: each of the group is told by its own promise
  }

  /** Who has just been answered may come again at once: several are given a breath to, so that all go together. */
  private arrive(answered: number): void {
    this.running -= 1;
    if (this.running > 0) return;
    this.expected = this.waiting.length + answered;
    clearTimeout(this.timer);
    // Whoever waits is never left waiting, also when the group that came back was empty.
    const mayCome = this.waiting.length > 0 || answered > 1;
    this.timer = mayCome ? setTimeout(() => this.start(), BREATH) : undefined;
  }
}

/** Says what all of the group want: a statement for each kind and type, in one order for all writers. */
async function sayAll(tx: WriteTx, group: readonly Waiting[]): Promise<void> {
  const wanted = group.map((one) => one.tx);
  for (const [type, rows] of byType(wanted.map(({ rows: some }) => some))) await tx.insert(type, rows);
  for (const [type, ids] of byType(wanted.map(({ demands }) => demands)))
    await tx.demand(type, [...new Set(ids)].toSorted());
  await tx.recordChanges(wanted.flatMap(({ changes }) => changes));
  const now = wanted.reduce((latest, one) => (one.now > latest ? one.now : latest), "");
  await tx.recordAccess(
    wanted.flatMap(({ entries }) => entries),
    now,
  );
}

function byType<T>(some: readonly ReadonlyMap<string, Iterable<T>>[]): readonly (readonly [string, T[]])[] {
  const all = new Map<string, T[]>();
  for (const one of some) for (const [type, values] of one) listOf(all, type).push(...values);
  return [...all].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function listOf<T>(lists: Map<string, T[]>, name: string): T[] {
  const known = lists.get(name);
  if (known !== undefined) return known;
  const made: T[] = [];
  lists.set(name, made);
  return made;
}
