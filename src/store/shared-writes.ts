/**
 * Small writes that come at the same time go to the database together, as one transaction: one commit, one signed head of
 * the access log, one statement for all rows of a type. While one group is being committed the next gathers, and none waits
 * longer for it than PATIENCE. A lone write waits for nobody.
 *
 * A write that asks nothing is worked out before it goes. One that looks at what stands says beforehand what that is: the
 * group locks and reads for all of its own at once, and then they are worked out. Of two writes of the same resource the
 * second goes with the next group.
 *
 * Each write stands or falls by itself: when a group is refused, each of it is done again alone, and gets its own answer. A
 * group that changes what stands does not wait long for anybody, so that none of it waits for what another of it wants.
 *
 * SPEC STORE-SHARE · measured: see decision 0024
 */
import { FhirError } from "../fhir/index.ts";
import type { ChainWriter } from "./access-log.ts";
import type { Reach } from "./connection.ts";
import { endAll, GatheredTx, NOTHING_FOUND, sayAll, type Found, type Needs } from "./gathered-write.ts";
import type { Pool } from "./pool.ts";
import type { VersionRow } from "./resources.ts";
import { commitOnce, translateDatabaseError, type WriteTx } from "./transaction.ts";

/** Most writes of a group. */
const LARGEST_GROUP = 200;
/** The longest that a write waits for the group before it, in milliseconds. */
const PATIENCE = 10;
/** How long a group waits for those who have just been answered, in milliseconds: about as long as a commit takes. */
const BREATH = 2;
/** The longest that a group which changes what stands waits for a lock, in milliseconds. */
const LOCK_PATIENCE = 20;

/** What came of working a write out. */
type WorkedOut = { readonly tx: GatheredTx } | { readonly asks: true } | { readonly error: unknown };

/** A write that waits to go: `done` when it is committed, `alone` when it is to be done by itself. */
type Waiting = {
  /** What it is to be worked out from, of a write that looks at what stands. */
  readonly needs?: Needs;
  readonly workOut: (found: Found) => Promise<WorkedOut>;
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
   * done then. `needs` tells what a write looks at that looks at something. Errors: what `work` throws; OUTCOME_UNKNOWN
   * and UNAVAILABLE for all of a group.
   */
  async tryTogether<T>(
    reach: Reach,
    work: (tx: WriteTx) => Promise<T>,
    needs?: Needs,
  ): Promise<{ readonly result: T } | undefined> {
    let result: T | undefined;
    const workOut = async (found: Found): Promise<WorkedOut> => {
      const tx = new GatheredTx(this.chains, needs, found);
      try {
        result = await work(tx);
      } catch (error) {
        return tx.listener.hasAsked ? { asks: true } : { error };
      }
      return tx.listener.hasAsked ? { asks: true } : { tx };
    };
    if (needs !== undefined) return (await this.join(reach, { needs, workOut })) ? { result: result as T } : undefined;
    const out = await workOut(NOTHING_FOUND);
    if ("error" in out) throw out.error;
    if ("asks" in out) return undefined;
    return (await this.join(reach, { workOut: () => Promise.resolve(out) })) ? { result: result as T } : undefined;
  }

  /** True when the write is committed, false when it is to be done alone. */
  private join(reach: Reach, one: Pick<Waiting, "needs" | "workOut">): Promise<boolean> {
    let line = this.lines.get(reach);
    if (line === undefined) {
      line = new Line((group) => this.commit(reach, group));
      this.lines.set(reach, line);
    }
    const joined = line;
    return new Promise((resolve, failed) => {
      joined.add({ ...one, done: () => resolve(true), alone: () => resolve(false), failed });
    });
  }

  private async commit(reach: Reach, group: readonly Waiting[]): Promise<void> {
    if (group.length === 0) return; // those who waited went with the group before
    const going = new Set(group);
    try {
      await this.pool.with(reach, (connection) =>
        commitOnce(connection, this.chains, async (tx) => {
          await tx.planOnce();
          const found = await lookedAt(tx, group);
          const wanted: GatheredTx[] = [];
          for (const one of group) {
            const out = await one.workOut(found);
            if ("tx" in out) wanted.push(out.tx);
            else going.delete(one);
            if ("asks" in out) one.alone();
            if ("error" in out) one.failed(out.error);
          }
          const hasEndings = wanted.some(({ endings }) => endings.length > 0);
          if (hasEndings) await tx.waitAtMost(LOCK_PATIENCE);
          await sayAll(tx, wanted);
          if (hasEndings) await endAll(tx, wanted);
        }),
      );
      for (const { done } of going) done();
    } catch (error) {
      const translated = translateDatabaseError(error);
      const isForAll = translated instanceof FhirError && FOR_ALL.has(translated.code);
      for (const { failed, alone } of going) {
        if (isForAll) failed(translated);
        else alone();
      }
    }
  }
}

/** What is no single write's fault, and is not better alone. */
const FOR_ALL: ReadonlySet<string> = new Set(["OUTCOME_UNKNOWN", "UNAVAILABLE"]);

/** Locks and reads what those of the group look at that look at something. */
async function lookedAt(tx: WriteTx, group: readonly Waiting[]): Promise<Found> {
  const needs = group.flatMap((one) => one.needs ?? []);
  if (needs.length === 0) return NOTHING_FOUND;
  const rows = new Map<string, Set<string>>();
  for (const one of needs) {
    for (const [type, ids] of one.rows) {
      const known = rows.get(type) ?? new Set();
      rows.set(type, known);
      for (const id of ids) known.add(id);
    }
  }
  await tx.waitAtMost(LOCK_PATIENCE);
  await tx.lock(needs.flatMap(({ locks }) => locks));
  const current = await tx.readAll(rows);
  const last = new Map<string, VersionRow>();
  for (const [type, ids] of rows) {
    const gone = [...ids].filter((id) => !current.has(`${type}/${id}`));
    for (const row of await tx.readLastVersions(type, gone)) last.set(`${type}/${row.id}`, row);
  }
  return { current, last };
}

/** The writes of one reach that wait: while a group is on its way the next one gathers. */
class Line {
  private readonly commit: (group: readonly Waiting[]) => Promise<void>;
  private waiting: Waiting[] = [];
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
    const { group, rest } = parted(this.waiting);
    this.waiting = rest;
    clearTimeout(this.timer);
    // Those who have to stay behind go after a moment, as whoever comes now.
    this.timer = rest.length === 0 ? undefined : setTimeout(() => this.start(), PATIENCE);
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

/** Those who may go together, and those who have to wait for one of them: it takes a lock that they want, too. */
function parted(waiting: readonly Waiting[]): { readonly group: Waiting[]; readonly rest: Waiting[] } {
  const group: Waiting[] = [];
  const rest: Waiting[] = [];
  const taken = new Set<string>();
  for (const one of waiting) {
    const locks = one.needs?.locks ?? [];
    const mayGo = group.length < LARGEST_GROUP && !locks.some((lock) => taken.has(lock));
    (mayGo ? group : rest).push(one);
    for (const lock of locks) taken.add(lock);
  }
  return { group, rest };
}
