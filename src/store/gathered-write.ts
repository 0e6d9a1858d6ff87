/**
 * What one small write wants done, gathered instead of said, so that it can be said together with what others want. It is
 * answered nothing but what was read for it before; asking anything else ends it.
 *
 * SPEC STORE-SHARE
 */
import type { AccessLogEntry, ChainWriter } from "./access-log.ts";
import type { CurrentRow, NewRow, Standing, VersionRow } from "./resources.ts";
import { WriteTx, type Asking, type Change, type Ending } from "./transaction.ts";

/** What a write needs before it can tell what it wants. */
export type Needs = {
  /** Names of the locks that it takes. */
  readonly locks: readonly string[];
  /** Ids, by type, of the resources that it looks at. */
  readonly rows: ReadonlyMap<string, ReadonlySet<string>>;
};

/** By `Type/id`: the current versions, and the newest in history of what has none. */
export type Found = {
  readonly current: ReadonlyMap<string, CurrentRow>;
  readonly last: ReadonlyMap<string, VersionRow>;
};

export const NOTHING_FOUND: Found = { current: new Map(), last: new Map() };

const NOTHING: Needs = { locks: [], rows: new Map() };

/** The write asks the database something: it needs a transaction of its own. */
class AsksSomething extends Error {}

/** Most rows of one write that goes with others. */
const MOST_ROWS = 20;

type Deletion = { readonly type: string; readonly old: Omit<CurrentRow, "content">; readonly at: string };

export class GatheredTx extends WriteTx {
  /** It asked, and perhaps went on without an answer: what it gathered is worth nothing. */
  readonly listener: { hasAsked: boolean };
  readonly rows = new Map<string, NewRow[]>();
  readonly demands = new Map<string, Set<string>>();
  readonly retired = new Map<string, Standing[]>();
  readonly deletions: Deletion[] = [];
  /** Search keys that no resource may have, by the types that do not count. */
  readonly unreferred = new Map<ReadonlySet<string>, string[]>();
  /** What is to be done when everything has been said. */
  readonly endings: { readonly ending: Ending<unknown>; readonly item: unknown }[] = [];
  readonly changes: Change[] = [];
  readonly entries: AccessLogEntry[] = [];
  now = "";
  private size = 0;
  private readonly needs: Needs;
  private readonly found: Found;

  constructor(chains: ChainWriter, needs: Needs = NOTHING, found: Found = NOTHING_FOUND) {
    const listener = { hasAsked: false };
    super(silent(listener), chains);
    this.listener = listener;
    this.needs = needs;
    this.found = found;
  }

  override atEnd<T>(ending: Ending<T>, item: T): Promise<void> {
    this.endings.push({ ending: ending as Ending<unknown>, item });
    return Promise.resolve();
  }

  override lock(names: Iterable<string>): Promise<void> {
    for (const name of names) if (!this.needs.locks.includes(name)) return this.refuse();
    return Promise.resolve();
  }

  override readMany(type: string, ids: readonly string[]): Promise<CurrentRow[]> {
    return this.told(type, ids, this.found.current);
  }

  override async readAll(wanted: ReadonlyMap<string, ReadonlySet<string>>): Promise<ReadonlyMap<string, CurrentRow>> {
    const all = new Map<string, CurrentRow>();
    for (const [type, ids] of wanted)
      for (const row of await this.readMany(type, [...ids])) all.set(`${type}/${row.id}`, row);
    return all;
  }

  override readLastVersions(type: string, ids: readonly string[]): Promise<VersionRow[]> {
    if (ids.some((id) => this.found.current.has(`${type}/${id}`))) return this.refuse(); // not read for those
    return this.told(type, ids, this.found.last);
  }

  override insert(type: string, rows: readonly NewRow[]): Promise<void> {
    this.size += rows.length;
    if (this.size > MOST_ROWS) this.listener.hasAsked = true;
    listOf(this.rows, type).push(...rows);
    return Promise.resolve();
  }

  override retire(type: string, standing: readonly Standing[]): Promise<void> {
    listOf(this.retired, type).push(...standing);
    return Promise.resolve();
  }

  override insertDeletion(type: string, old: Omit<CurrentRow, "content">, at: string): Promise<void> {
    this.deletions.push({ type, old, at });
    return Promise.resolve();
  }

  override demand(type: string, ids: readonly string[]): Promise<void> {
    const wanted = this.demands.get(type) ?? new Set();
    this.demands.set(type, wanted);
    for (const id of ids) wanted.add(id);
    return Promise.resolve();
  }

  /** Nobody, as far as is known: the group is refused should it be otherwise. */
  override firstWithToken(token: string, besides: ReadonlySet<string> = NO_TYPES): Promise<undefined> {
    listOf(this.unreferred, besides).push(token);
    return Promise.resolve(undefined);
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

  private told<T>(type: string, ids: readonly string[], found: ReadonlyMap<string, T>): Promise<T[]> {
    const known = this.needs.rows.get(type);
    if (!ids.every((id) => known?.has(id) === true)) return this.refuse();
    return Promise.resolve(ids.flatMap((id) => found.get(`${type}/${id}`) ?? []));
  }

  private refuse(): Promise<never> {
    this.listener.hasAsked = true;
    return Promise.reject(new AsksSomething());
  }
}

const NO_TYPES: ReadonlySet<string> = new Set();

function silent(listener: { hasAsked: boolean }): Asking {
  const state = new Map<string, unknown>();
  const refuse = (): Promise<never> => {
    listener.hasAsked = true;
    return Promise.reject(new AsksSomething());
  };
  return { state, many: refuse, all: refuse, search: refuse, later: { state, many: refuse } };
}

/** Says what all of them want: what can be one statement is one, in one order for all writers. */
export async function sayAll(tx: WriteTx, wanted: readonly GatheredTx[]): Promise<void> {
  for (const [type, standing] of byType(wanted.map(({ retired }) => retired))) await tx.retire(type, standing);
  for (const { deletions } of wanted) for (const { type, old, at } of deletions) await tx.insertDeletion(type, old, at);
  for (const [type, rows] of byType(wanted.map(({ rows: some }) => some))) await tx.insert(type, rows);
  for (const [type, ids] of byType(wanted.map(({ demands }) => demands)))
    await tx.demand(type, [...new Set(ids)].toSorted());
  for (const [besides, tokens] of joined(wanted.map(({ unreferred }) => unreferred)))
    await tx.demandUnreferred(tokens, besides);
  await tx.recordChanges(wanted.flatMap(({ changes }) => changes));
  const now = wanted.reduce((latest, one) => (one.now > latest ? one.now : latest), "");
  await tx.recordAccess(
    wanted.flatMap(({ entries }) => entries),
    now,
  );
}

/** Does what all of them have to be done at their end, together what has the same name. */
export async function endAll(tx: WriteTx, wanted: readonly GatheredTx[]): Promise<void> {
  const named = new Map<string, { readonly ending: Ending<unknown>; readonly items: unknown[] }>();
  for (const { ending, item } of wanted.flatMap(({ endings }) => endings)) {
    const known = named.get(ending.name);
    if (known === undefined) named.set(ending.name, { ending, items: [item] });
    else known.items.push(item);
  }
  for (const { ending, items } of named.values()) await ending.run(tx, items);
}

function byType<T>(some: readonly ReadonlyMap<string, Iterable<T>>[]): readonly (readonly [string, T[]])[] {
  return [...joined(some)].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** The lists of all maps, key by key. */
function joined<K, T>(some: readonly ReadonlyMap<K, Iterable<T>>[]): Map<K, T[]> {
  const all = new Map<K, T[]>();
  for (const one of some) for (const [key, values] of one) listOf(all, key).push(...values);
  return all;
}

function listOf<K, T>(lists: Map<K, T[]>, key: K): T[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const made: T[] = [];
  lists.set(key, made);
  return made;
}
