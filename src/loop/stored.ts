/** The ledger's transaction on PostgreSQL: loops as they are kept and as they are thought of. SPEC LOOP-STORED */
import { newId } from "../base/index.ts";
import type { JournalOptions } from "../journal/index.ts";
import type {
  LedgerAsk,
  LedgerLook,
  LoopToWrite,
  StoredLoop,
  StoredLoopEvent,
  StoredWorklist,
  WriteTx,
} from "../store/index.ts";
import type { Roster } from "./escalation.ts";
import type { KeptStep, LedgerTx } from "./ledger-tx.ts";
import type { Kind, Loop, Risk, State, Worklist } from "./model.ts";
import { Registry } from "./routing.ts";

/** What is known beforehand of what will be asked. */
export type LedgerHint = { readonly lists: readonly string[]; readonly at: number };

/** The transaction as the ledger knows it, whose ids are made of a clock and random bytes. With a hint most of it is asked at once. */
export function ledgerTx(
  tx: WriteTx,
  { clock, random }: Pick<JournalOptions, "clock" | "random">,
  hint?: LedgerHint,
): LedgerTx {
  const first = hint === undefined ? undefined : new FirstLook(tx, hint);
  return {
    registry: async (lists) =>
      first?.registry(lists) ?? new Registry((await tx.loops.worklistsAbove(lists)).map(worklistOf)),
    places: async (references) => {
      const found = first === undefined ? await tx.loops.places(references) : (await first.ask({ references })).places;
      return new Map(found.map(({ reference, ...place }) => [reference, place]));
    },
    hold: async (subjects, ids, keys) => {
      if (first === undefined)
        return (await tx.loops.hold(subjects, ids, keys)).map(({ loop, taken }) => ({ loop: loopOf(loop), taken }));
      const { loops } = await first.ask({ subjects, ids, keys });
      return loops.map(({ loop, taken }) => ({ loop: loopOf(loop), taken: new Set(taken) }));
    },
    roster: async (people, lists, at) =>
      rosterOf(first?.roster(people, lists) ?? (await tx.loops.roster(people, lists, at))),
    write: (steps) => tx.loops.write(...rowsOf(steps)),
    send: ({ channel, home, ...message }) => tx.enqueue([{ home, topic: `channel ${channel}`, payload: message }]),
    newId: (home) => newId(home, clock().getTime(), random(10)),
  };
}

type Asked = Partial<Pick<LedgerAsk, "subjects" | "ids" | "keys" | "references">>;

/** The questions of the ledger's first turn as one; what comes later is answered from it, or asked anew. */
class FirstLook {
  private readonly tx: WriteTx;
  private readonly hint: LedgerHint;
  private asked: Asked = {};
  private look: Promise<LedgerLook> | undefined;
  private found: LedgerLook | undefined;

  constructor(tx: WriteTx, hint: LedgerHint) {
    this.tx = tx;
    this.hint = hint;
  }

  /** Joins the question that goes off when this turn is over. */
  ask(asked: Asked): Promise<LedgerLook> {
    this.asked = { ...this.asked, ...asked };
    this.look ??= Promise.resolve().then(async () => {
      const { subjects = [], ids = [], keys = [], references = [] } = this.asked;
      this.found = await this.tx.loops.look({ subjects, ids, keys, references, ...this.hint });
      return this.found;
    });
    return this.look;
  }

  registry(lists: readonly string[]): Registry | undefined {
    if (this.found === undefined) return undefined;
    const known = new Set([...this.hint.lists, ...this.found.lists.map(({ id }) => id)]);
    return lists.every((id) => known.has(id)) ? new Registry(this.found.lists.map(worklistOf)) : undefined;
  }

  roster(people: readonly string[], lists: readonly string[]): LedgerLook["roster"] | undefined {
    if (this.found === undefined) return undefined;
    const known = new Set(this.found.roster.people.map(({ person }) => person));
    const listed = new Set(this.found.lists.map(({ id }) => id));
    const isKnown = people.every((one) => known.has(one)) && lists.every((id) => listed.has(id));
    return isKnown ? this.found.roster : undefined;
  }
}

/** A kept loop as it is thought of. The keys of the table hold that its words are those of the ledger. */
export function loopOf({ type, subject, recipient, kind, state, risk, ...rest }: StoredLoop): Loop {
  return {
    ...rest,
    kind: kind as Kind,
    state: state as State,
    risk: risk as Risk,
    subject: { type, id: subject, recipient },
  };
}

export function worklistOf({ organization: _organization, ...list }: StoredWorklist): Worklist {
  return list;
}

/** A roster of the people and lists that were asked for. Who was not asked for is not known to be at work. */
export function rosterOf(facts: {
  readonly people: readonly { readonly person: string; readonly isPresent: boolean; readonly deputy: string | null }[];
  readonly duty: readonly { readonly worklist: string; readonly person: string }[];
}): Roster {
  const people = new Map(facts.people.map((one) => [one.person, one]));
  // Deputies are told of only when they are at work, and so are those on duty.
  const atWork = new Set([...facts.duty.map(({ person }) => person), ...facts.people.map(({ deputy }) => deputy)]);
  return {
    isPresent: (person) => people.get(person)?.isPresent ?? atWork.has(person),
    // The database has followed deputies of deputies already.
    deputyOf: (person) => people.get(person)?.deputy ?? null,
    onDuty: (worklist) => facts.duty.flatMap((one) => (one.worklist === worklist ? [one.person] : [])),
  };
}

/** The rows of some steps: each loop as the last of them left it, and every step. */
export function rowsOf(steps: readonly KeptStep[]): [LoopToWrite[], StoredLoopEvent[]] {
  const loops = new Map<string, LoopToWrite>();
  for (const { before, after } of steps) {
    const { subject, ...rest } = after;
    const was = loops.get(after.id)?.was ?? before?.version ?? 0;
    loops.set(after.id, { ...rest, type: subject.type, subject: subject.id, recipient: subject.recipient, was });
  }
  const events = steps.map(({ before, after, event, at, by, unit, key, note }) => ({
    home: after.home,
    loop: after.id,
    version: after.version,
    kind: after.kind,
    from: before?.state ?? "",
    event,
    state: after.state,
    at,
    by,
    unit,
    owner: after.owner,
    responsible: after.responsible,
    level: after.level,
    key,
    note: note?.slice(0, 1000) ?? null,
  }));
  return [[...loops.values()], events];
}
