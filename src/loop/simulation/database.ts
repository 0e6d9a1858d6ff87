/**
 * The database in memory: a commit is whole or nothing, whoever was overtaken begins again, and every key of migration 0023 is checked when
 * a commit comes. A key that refuses is a fault that was found, and not part of the world.
 *
 * SPEC LOOP-SIM-4
 */
import { isJsonObject, type JsonObject } from "../../fhir/index.ts";
import type { KeptStep, LedgerTx, Outgoing, Place } from "../ledger-tx.ts";
import { allStates, allSteps } from "../machine.ts";
import { REGION, type Loop } from "../model.ts";
import { Deadlines } from "./deadlines.ts";
import { Directory, type List } from "./directory.ts";
import { rosterOf } from "../stored.ts";
import type { Program } from "./program.ts";
import { InboxTable, OutboxTable } from "./queues.ts";

/** Somebody was quicker: the transaction begins again. */
export class Conflict extends Error {}
/** The database does not answer. */
export class Unavailable extends Error {}
/** A key refused what must never be tried. */
export class Violation extends Error {}

export type Row = { loop: Loop; readonly keys: Set<string> };
export type Stored = { readonly version: number; readonly content: JsonObject };
type Written = { readonly found: Loop | null; last: Loop; readonly keys: string[] };

const STEPS: ReadonlySet<string> = new Set(
  allSteps().map(({ kind, from, event, to }) => `${kind} ${from} ${event} ${to}`),
);
const ENDS: ReadonlyMap<string, boolean> = new Map(
  allStates().map(({ kind, state, ends }) => [`${kind} ${state}`, ends]),
);

export class Database {
  isUp = true;
  /** A plant takes it away: whoever was overtaken writes all the same. */
  isVersionChecked = true;
  readonly directory = new Directory();
  readonly loops = new Map<string, Row>();
  readonly bySubject = new Map<string, string[]>();
  readonly byOwner = new Map<string, Set<string>>();
  readonly byResponsible = new Map<string, Set<string>>();
  readonly records = new Map<string, Stored>();
  remembered = new Set<string>();
  readonly outbox = new OutboxTable();
  readonly inbox = new InboxTable();
  readonly deadlines = new Deadlines();
  /** Called with every loop that was written, when it stands, and with every resource; and when all of a commit stands. */
  onLoop: (loop: Loop, before: Loop | null) => void = () => undefined;
  onRecord: (name: string, now: Stored, before: Stored | null) => void = () => undefined;
  onCommitted: () => void = () => undefined;
  onOverwritten: (loop: Loop) => void = () => undefined;
  private ids = 0;

  assertUp(): void {
    if (!this.isUp) throw new Unavailable();
  }

  newId(): string {
    return `l${(this.ids += 1)}`;
  }

  begin(program: Program): Transaction {
    return new Transaction(this, program);
  }

  /** The loops about a resource. */
  about(name: string): Loop[] {
    return (this.bySubject.get(name) ?? []).map((id) => this.loops.get(id)!.loop);
  }

  record(name: string, content: JsonObject): void {
    const before = this.records.get(name) ?? null;
    const now = { version: (before?.version ?? 0) + 1, content };
    this.records.set(name, now);
    this.onRecord(name, now, before);
  }

  /** What people see of a list. */
  openOf(list: string): Iterable<string> {
    return this.byOwner.get(list) ?? [];
  }

  put(loop: Loop, keys: readonly string[]): void {
    const row = this.loops.get(loop.id);
    const before = row?.loop ?? null;
    if (row === undefined) {
      this.loops.set(loop.id, { loop, keys: new Set(keys) });
      const name = `${loop.subject.type}/${loop.subject.id}`;
      const others = this.bySubject.get(name);
      if (others === undefined) this.bySubject.set(name, [loop.id]);
      else others.push(loop.id);
    } else {
      row.loop = loop;
      for (const key of keys) row.keys.add(key);
    }
    reindex(
      this.byOwner,
      loop.id,
      before?.closed === null ? before.owner : null,
      loop.closed === null ? loop.owner : null,
    );
    reindex(
      this.byResponsible,
      loop.id,
      before?.closed === null ? before.responsible : null,
      loop.closed === null ? loop.responsible : null,
    );
    if (loop.deadline !== null && loop.deadline !== before?.deadline) this.deadlines.add(loop.deadline, loop.id);
    this.onLoop(loop, before);
  }

  overdue(at: number, limit: number): Loop[] {
    return this.deadlines.passed(at, limit, this.isDueThen).map((id) => this.loops.get(id)!.loop);
  }

  /** The nearest deadline of what is open. */
  nextDeadline(): number | undefined {
    return this.deadlines.first(this.isDueThen);
  }

  private readonly isDueThen = (id: string, deadline: number): boolean => {
    const loop = this.loops.get(id)?.loop;
    return loop !== undefined && loop.closed === null && loop.deadline === deadline;
  };

  /** Forgets a loop that is done and will not come back, so that a long run stays small. */
  forget(id: string): void {
    const row = this.loops.get(id);
    if (row === undefined) return;
    this.loops.delete(id);
    const name = `${row.loop.subject.type}/${row.loop.subject.id}`;
    const rest = (this.bySubject.get(name) ?? []).filter((one) => one !== id);
    if (rest.length === 0) this.bySubject.delete(name);
    else this.bySubject.set(name, rest);
  }

  /** Whether a list is one that an open loop can have for its owner: FOREIGN KEY (owner, staffed). */
  isStaffed(list: string): boolean {
    return this.directory.lists.get(list)?.staffed === true;
  }

  checkList(list: List): void {
    if (list.staffed && list.status !== "open") throw new Violation(`the list ${list.id} is closed and staffed`);
    if (!list.staffed && (this.byOwner.get(list.id)?.size ?? 0) > 0)
      throw new Violation(`the list ${list.id} has open loops and nobody`);
    if (list.id === REGION && !list.staffed) throw new Violation("the region's list has nobody");
  }
}

function reindex(index: Map<string, Set<string>>, id: string, before: string | null, after: string | null): void {
  if (before === after) return;
  if (before !== null) index.get(before)?.delete(id);
  if (after === null) return;
  const set = index.get(after);
  if (set === undefined) index.set(after, new Set([id]));
  else set.add(id);
}

/** One transaction: reads what stands, keeps what it will write to itself, and writes all of it or nothing. */
export class Transaction implements LedgerTx {
  readonly database: Database;
  readonly program: Program;
  private readonly writes = new Map<string, Written>();
  private readonly checks: (() => void)[] = [];
  private readonly effects: (() => void)[] = [];
  private seen: object | undefined = undefined;

  constructor(database: Database, program: Program) {
    this.database = database;
    this.program = program;
  }

  /** Reads something. */
  ask<T>(read: (database: Database) => T): Promise<T> {
    return this.program.step(() => {
      this.database.assertUp();
      return read(this.database);
    });
  }

  /** Adds to what the commit does: a check that may refuse, and what is then done. */
  add(check: () => void, effect: () => void): void {
    this.checks.push(check);
    this.effects.push(effect);
  }

  readonly registry: LedgerTx["registry"] = (lists) => {
    const { directory } = this.database;
    this.seen = directory.moment;
    return Promise.resolve(directory.registryAbove(lists));
  };

  readonly places: LedgerTx["places"] = (references) =>
    Promise.resolve(new Map(references.map((one) => [one, placeOf(one, this.database)])));

  readonly hold: LedgerTx["hold"] = (subjects, ids, keys) =>
    this.ask((database) => {
      const found = new Set(ids);
      for (const name of subjects) for (const id of database.bySubject.get(name) ?? []) found.add(id);
      for (const id of Array.from(found)) {
        const parent = database.loops.get(id)?.loop.parent ?? null;
        if (parent !== null) found.add(parent);
      }
      return [...found].flatMap((id) => {
        const row = database.loops.get(id);
        return row === undefined ? [] : [{ loop: row.loop, taken: new Set(keys.filter((key) => row.keys.has(key))) }];
      });
    });

  readonly roster: LedgerTx["roster"] = (people, lists, at) =>
    this.ask(({ directory }) => rosterOf(directory.rosterFacts(people, lists, at)));

  /** What has stood longer than it may. */
  overdue(at: number, limit: number): Promise<readonly Loop[]> {
    return this.ask((database) => database.overdue(at, limit));
  }

  readonly write: LedgerTx["write"] = (steps) => {
    for (const step of steps) this.writeStep(step);
    return Promise.resolve();
  };

  readonly send: LedgerTx["send"] = (message: Outgoing) => {
    this.add(
      () => undefined,
      () => this.database.outbox.add(message),
    );
    return Promise.resolve();
  };

  readonly newId: LedgerTx["newId"] = () => this.database.newId();

  /** All of it, or nothing. */
  commit(): Promise<void> {
    return this.program.step(() => {
      this.database.assertUp();
      for (const check of this.checks) check();
      for (const written of this.writes.values()) this.checkLoop(written);
      for (const effect of this.effects) effect();
      for (const { last, keys } of this.writes.values()) this.database.put(last, keys);
      this.database.onCommitted();
    });
  }

  private writeStep({ before, after, event, key }: KeptStep): void {
    const { kind, id } = after;
    const written = this.writes.get(id);
    const stood = written?.last ?? before;
    if (!STEPS.has(`${kind} ${before?.state ?? ""} ${event} ${after.state}`))
      throw new Violation(`no such step: ${kind} ${before?.state ?? ""} ${event} ${after.state}`);
    if ((before === null) !== (event === "open") || after.version !== (stood?.version ?? 0) + 1)
      throw new Violation(`${kind} ${event}: version ${after.version} after ${stood?.version ?? 0}`);
    if (written === undefined) this.writes.set(id, { found: before, last: after, keys: key === null ? [] : [key] });
    else {
      if (key !== null && written.keys.includes(key)) throw new Violation(`the key ${key} twice`);
      written.last = after;
      if (key !== null) written.keys.push(key);
    }
  }

  private checkLoop({ found, last, keys }: Written): void {
    const { database } = this;
    const row = database.loops.get(last.id);
    if ((row?.loop.version ?? 0) !== (found?.version ?? 0)) {
      if (database.isVersionChecked) throw new Conflict("a loop was moved by somebody else");
      database.onOverwritten(last);
    }
    for (const key of keys) if (row?.keys.has(key) === true) throw new Violation(`the key ${key} twice`);
    if (row === undefined) this.checkNew(last);
    checkShape(last);
    if (last.owner === null || database.isStaffed(last.owner)) return;
    // Whoever read the lists before they changed is refused by the key and begins again.
    if (this.seen !== undefined && this.seen === database.directory.moment)
      throw new Violation(`${last.kind} ${last.state}: ${last.owner} is no staffed list`);
    throw new Conflict("a list changed");
  }

  private checkNew({ subject, kind, id }: Loop): void {
    for (const other of this.database.about(`${subject.type}/${subject.id}`))
      if (other.id !== id && other.kind === kind && other.subject.recipient === subject.recipient)
        throw new Violation(`two loops of kind ${kind} about ${subject.type}/${subject.id}`);
  }
}

/** The checks of the row itself. */
function checkShape(loop: Loop): void {
  const isOpen = loop.closed === null;
  const what = `${loop.kind} ${loop.state}`;
  if (isOpen !== (loop.owner !== null)) throw new Violation(`${what}: open without owner, or done with one`);
  if (isOpen !== (loop.deadline !== null)) throw new Violation(`${what}: open without deadline, or done with one`);
  if (ENDS.get(what) !== !isOpen) throw new Violation(`${what}: ends differs`);
  if (loop.level < 0 || loop.risk < 0 || loop.risk > 3 || Number.isNaN(loop.deadline))
    throw new Violation(`${what}: out of range`);
}

/** `Organization/u1` is a list, `PractitionerRole/p3-u1` a person there; a request leads to whoever asked. */
function placeOf(reference: string, { directory, records }: Database): Place {
  const [type, id = ""] = reference.split("/");
  if (type === "ServiceRequest") {
    const asked = records.get(reference)?.content["requester"];
    const requester = isJsonObject(asked) ? asked["reference"] : undefined;
    return typeof requester === "string" ? placeOf(requester, { directory, records } as Database) : NOWHERE;
  }
  const [person = "", unit = ""] = id.split("-");
  if (type === "PractitionerRole") return { worklist: directory.lists.has(unit) ? unit : null, person };
  return { worklist: directory.lists.has(id) ? id : null, person: null };
}

const NOWHERE: Place = { worklist: null, person: null };
