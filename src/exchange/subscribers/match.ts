/**
 * From the change log to numbered events: every version of what a subscription asks for, in the log's order, numbered and
 * passed in one step, so that a crash repeats nothing and leaves nothing out. Subscriptions that stand at the same place
 * go on together; one that must wait stays behind alone.
 *
 * SPEC EXCH-MATCH · failure modes: a queue filled after the commit, versions lost when they are overtaken (Medplum)
 */
import { changedVersions, matchVersions, type Visit } from "../../journal/index.ts";
import {
  wasConnectionLost,
  type LoggedChange,
  type Position,
  type SubscriberEvent,
  type SubscriberRow,
} from "../../store/index.ts";
import { groundsFault } from "./check.ts";
import { NO_GROUNDS, visitOf, type SubscriberOptions } from "./context.ts";
import type { Trigger } from "./topics.ts";
import type { Wanted } from "./wanted.ts";

export type Subscriber = { readonly row: SubscriberRow; readonly wanted: Wanted };

const BATCH = 200;
/** A place that is this much further on is written down, although nothing there was meant. */
const MOST_AHEAD = 2000;

/** How long a subscription that cannot be served is left alone. */
export const HOLD_SECONDS = 15;

type Event = Omit<SubscriberEvent, "number">;
type Ahead = { readonly position: Position; readonly passed: number };

export class Matching {
  private readonly options: SubscriberOptions;
  /** Places beyond those that are written down, where nothing was meant. */
  private readonly ahead = new Map<string, Ahead>();

  constructor(options: SubscriberOptions) {
    this.options = options;
  }

  /** Goes one batch on from each place where somebody stands. Answers whether there is more to do. */
  async round(subscribers: readonly Subscriber[]): Promise<boolean> {
    const groups = new Map<string, { readonly place: Position; readonly members: Subscriber[] }>();
    for (const one of subscribers) {
      const place = this.placeOf(one.row);
      const group = groups.get(keyOf(place));
      if (group === undefined) groups.set(keyOf(place), { place, members: [one] });
      else group.members.push(one);
    }
    const ordered = [...groups.values()].toSorted((a, b) => compare(a.place, b.place));
    let isMore = ordered.length > 1;
    for (const [at, { place, members }] of ordered.entries()) {
      // Who is behind goes no further than where the next ones stand, and goes on with them.
      isMore = (await this.batch(members, place, ordered[at + 1]?.place)) || isMore;
    }
    return isMore;
  }

  private async batch(members: readonly Subscriber[], place: Position, next: Position | undefined): Promise<boolean> {
    const read = await this.options.journal.store.changes(place, BATCH);
    const changes = next === undefined ? read : read.filter((one) => compare(one, next) <= 0);
    const last = changes.at(-1);
    for (const one of members) {
      if (last !== undefined) await this.advance(one, changes, last);
      else if (one.row.why !== null) await this.append(one.row, place, []); // it can be served again
    }
    return read.length === BATCH;
  }

  private placeOf({ id, position }: SubscriberRow): Position {
    const ahead = this.ahead.get(id)?.position;
    return ahead !== undefined && compare(ahead, position) > 0 ? ahead : position;
  }

  private async advance(one: Subscriber, changes: readonly LoggedChange[], last: Position): Promise<void> {
    const { row, wanted } = one;
    const visit = await visitOf(this.options, row);
    const fault = visit === undefined ? NO_GROUNDS : groundsFault(visit, wanted);
    if (visit === undefined || fault !== undefined) return this.hold(row, fault ?? NO_GROUNDS);
    let events: readonly Event[];
    try {
      events = await eventsOf(visit, wanted, changes);
    } catch (error) {
      // A connection that was lost says nothing of the question; the next round asks again.
      if (wasConnectionLost(error)) throw error;
      // Its own question cannot be answered: that is no reason to keep the others waiting.
      return this.hold(row, `The criteria cannot be evaluated (${(error as { code?: string }).code ?? "no code"}).`);
    }
    const passed = (this.ahead.get(row.id)?.passed ?? 0) + changes.length;
    if (events.length === 0 && row.why === null && passed < MOST_AHEAD)
      this.ahead.set(row.id, { position: { xid: last.xid, seq: last.seq }, passed });
    else await this.append(row, last, events);
  }

  private async append(row: SubscriberRow, to: Position, events: readonly Event[]): Promise<void> {
    this.ahead.delete(row.id);
    const { store } = this.options.journal;
    await store.write("*", (tx) => tx.subscribers.append(row.id, row.position, to, events));
  }

  private hold({ id }: SubscriberRow, why: string): Promise<void> {
    return this.options.journal.store.write("*", (tx) => tx.subscribers.hold(id, why, HOLD_SECONDS));
  }
}

/** The events among changes, in their order; a change is at most one event. */
export async function eventsOf(visit: Visit, wanted: Wanted, changes: readonly LoggedChange[]): Promise<Event[]> {
  const meant = new Set<LoggedChange>();
  for (const trigger of wanted.triggers) for (const change of await meantBy(visit, trigger, changes)) meant.add(change);
  return changes
    .filter((change) => meant.has(change))
    .map(({ type, id, version, method, recorded, patient }) => {
      const line = patient === null ? `${type}/${id}` : `Patient/${patient}`;
      return { line, type, id, version, method, recorded, patient };
    });
}

async function meantBy(visit: Visit, trigger: Trigger, changes: readonly LoggedChange[]): Promise<LoggedChange[]> {
  const { type, methods, current, previous, changed } = trigger;
  const some = changes.filter((one) => one.type === type && methods.includes(one.method));
  const together = changes; // the same list for every subscriber that stands at this place
  const nowIt = await matchVersions(visit, { type, versions: some.map(focusOf), criteria: current, together });
  let left = some.filter((one) => nowIt.has(nameOf(focusOf(one))));
  const updates = left.filter(({ method }) => method === "update");
  if (previous !== undefined && updates.length > 0) {
    const versions = updates.map(previousOf);
    const before = await matchVersions(visit, { type, versions, criteria: previous, together });
    left = left.filter((one) => one.method !== "update" || before.has(nameOf(previousOf(one))));
  }
  if (changed !== undefined && updates.length > 0) {
    const differing = await changedVersions(visit, type, updates, changed);
    left = left.filter((one) => one.method !== "update" || differing.has(nameOf(one)));
  }
  return left;
}

type Name = Pick<LoggedChange, "type" | "id" | "version">;

/** Of a deletion, what was deleted is looked at. */
function focusOf(change: LoggedChange): Name {
  return change.method === "delete" ? previousOf(change) : change;
}

function previousOf({ type, id, version }: LoggedChange): Name {
  return { type, id, version: version - 1 };
}

function nameOf({ id, version }: Name): string {
  return `${id}/${version}`;
}

function keyOf({ xid, seq }: Position): string {
  return `${xid} ${seq}`;
}

function compare(a: Position, b: Position): number {
  const [major, minor] = [BigInt(a.xid) - BigInt(b.xid), BigInt(a.seq) - BigInt(b.seq)];
  const difference = major === 0n ? minor : major;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}
