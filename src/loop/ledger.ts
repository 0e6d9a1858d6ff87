/**
 * What is written becomes what somebody answers for: in the transaction that writes a resource its loops are opened, moved and ended, by
 * the steps that there are, with an owner that is a staffed list. The same message twice is one step.
 *
 * SPEC LOOP-LEDGER · laws 3 and 5 of the house · F1, F2, F13, F14, F16, F18
 */
import { fhirError } from "../fhir/index.ts";
import { advanced, opened, type Moved } from "./advance.ts";
import { allowance } from "./deadlines.ts";
import { firstHolder, nextHolder, type Holder, type Roster } from "./escalation.ts";
import type { Happening, Intent, Opening } from "./intents.ts";
import { isEnd, stepOf } from "./machine.ts";
import { REGION, type EventName, type Kind, type Loop, type LoopEvent, type Risk } from "./model.ts";
import { Registry } from "./routing.ts";

/** Where a reference leads: the list, and the person if it means one. */
export type Place = { readonly worklist: string | null; readonly person: string | null };

/** A step with what it made of the loop. */
export type KeptStep = LoopEvent & { readonly before: Loop | null; readonly after: Loop; readonly unit: string | null };

/** What the ledger needs of the transaction that it is part of. PostgreSQL gives it, and so does the simulation. */
export type LedgerTx = {
  /** Some lists, with what they became and all above them. */
  readonly registry: (lists: readonly string[]) => Promise<Registry>;
  readonly places: (references: readonly string[]) => Promise<ReadonlyMap<string, Place>>;
  /** Loops about resources (`Type/id`) and by id, and those that they came out of, held until the end; and which of the keys each has taken already. */
  readonly hold: (
    subjects: readonly string[],
    ids: readonly string[],
    keys: readonly string[],
  ) => Promise<readonly { readonly loop: Loop; readonly taken: ReadonlySet<string> }[]>;
  readonly roster: (people: readonly string[], lists: readonly string[], at: number) => Promise<Roster>;
  /** Writes the steps in their order; refuses when a loop is not as it was held. */
  readonly write: (steps: readonly KeptStep[]) => Promise<void>;
  /** What must leave by an integration after the commit. */
  readonly send: (message: Outgoing) => Promise<void>;
  readonly newId: (home: number) => string;
};

/** Something that an integration is to carry. */
export type Outgoing = {
  readonly channel: string;
  readonly loop: string;
  readonly home: number;
  readonly about: string;
  readonly event: "order" | "cancel" | "change";
};

/** Who writes, and when. */
export type Writer = {
  readonly at: number;
  readonly by: string;
  readonly unit: string | null;
  /** What is written was done elsewhere before. */
  readonly isHistory: boolean;
};

/** What was written of one resource. */
export type Matter = {
  readonly type: string;
  readonly id: string;
  /** Names what was done, so that it is done once: the version that was written, or the key of an act. */
  readonly key: string;
  readonly home: number;
  readonly patient: string | null;
  readonly careUnit: string | null;
  readonly intents: readonly Intent[];
};

/** Older than this is no news when history is taken in. */
const NEWS_MS = 14 * 86_400_000;
const REQUESTS: ReadonlySet<Kind> = new Set(["order", "referral"]);

/** Does what some written resources mean for the ledger. Errors: whatever the transaction refuses. */
export async function keepLedger(tx: LedgerTx, writer: Writer, matters: readonly Matter[]): Promise<void> {
  const active = matters.filter(({ intents }) => intents.length > 0);
  if (active.length === 0) return;
  const session = await Session.begin(tx, writer, { matters: active, acts: [] });
  for (const matter of active) for (const intent of matter.intents) await session.do(matter, intent);
  await session.end();
}

/** What somebody does to a loop by its id. */
export type Act = {
  readonly loop: string;
  /** The version that was seen; a newer one is not moved unread. Null when that does not matter. */
  readonly version: number | null;
  readonly event: EventName;
  /** Whose it is to be, where the step gives it to somebody. */
  readonly to?: { readonly worklist?: string; readonly person?: string | null };
  readonly note: string | null;
  /** The same key twice is one step. */
  readonly key: string;
  readonly due?: number;
};

/**
 * Moves loops as people do. Answers them as they stand afterwards, in the order of the acts. Errors: NOT_FOUND, LOOP_CHANGED, LOOP_STEP;
 * one of them refuses all.
 */
export async function actOn(tx: LedgerTx, writer: Writer, acts: readonly Act[]): Promise<readonly Loop[]> {
  const session = await Session.begin(tx, writer, { matters: [], acts });
  const done: Loop[] = [];
  for (const act of acts) done.push(await session.act(act));
  await session.end();
  return done;
}

/** Gives what has stood too long to whoever is next. Answers how many were overdue. */
export async function escalateOverdue(
  tx: LedgerTx & { readonly overdue: (at: number, limit: number) => Promise<readonly Loop[]> },
  at: number,
  limit: number,
): Promise<number> {
  const late = await tx.overdue(at, limit);
  if (late.length === 0) return 0;
  const writer: Writer = { at, by: "system", unit: null, isHistory: false };
  const held = await tx.hold(
    [],
    late.map(({ id }) => id),
    [],
  );
  const loops = held.flatMap(({ loop }) => (loop.deadline !== null && loop.deadline <= at ? [loop] : []));
  const registry = await tx.registry([...new Set(loops.flatMap(({ owner, sender }) => [owner ?? sender, sender]))]);
  const people = [...new Set(loops.flatMap(({ responsible }) => (responsible === null ? [] : [responsible])))];
  const roster = await tx.roster(
    people,
    [...registry.all()].map(({ id }) => id),
    at,
  );
  await tx.write(
    loops.map((before) => {
      const after = advanced(before, "escalate", { at, ...nextHolder(before, { registry, roster }) });
      return { before, after, event: "escalate", at, by: writer.by, unit: null, key: null, note: null };
    }),
  );
  return late.length;
}

type Held = { readonly loop: Loop; readonly taken: ReadonlySet<string> };

class Session {
  private readonly tx: LedgerTx;
  private readonly writer: Writer;
  private readonly registry: Registry;
  private readonly places: ReadonlyMap<string, Place>;
  private readonly loops = new Map<string, Held>();
  private readonly steps: KeptStep[] = [];

  private constructor(tx: LedgerTx, writer: Writer, registry: Registry, places: ReadonlyMap<string, Place>) {
    this.tx = tx;
    this.writer = writer;
    this.registry = registry;
    this.places = places;
  }

  static async begin(
    tx: LedgerTx,
    writer: Writer,
    { matters, acts }: { readonly matters: readonly Matter[]; readonly acts: readonly Act[] },
  ): Promise<Session> {
    const all = matters.flatMap(({ intents }) => intents);
    const asked = all.flatMap((intent) =>
      intent.do === "open" ? [...intent.to, ...intent.from, ...intent.answers] : intent.to,
    );
    const subjects = matters.flatMap((matter) => [
      `${matter.type}/${matter.id}`,
      ...matter.intents.flatMap((intent) => (intent.do === "open" ? intent.answers : [intent.about])),
    ]);
    const [places, held] = await Promise.all([
      asked.length === 0 ? new Map<string, Place>() : tx.places([...new Set(asked)]),
      tx.hold(
        [...new Set(subjects)],
        acts.map(({ loop }) => loop),
        acts.map(({ key }) => key),
      ),
    ]);
    const lists = [
      ...matters.map(({ careUnit }) => careUnit),
      ...[...places.values()].map(({ worklist }) => worklist),
      ...held.flatMap(({ loop }) => [loop.sender, loop.receiver, loop.owner]),
      ...acts.map(({ to }) => to?.worklist ?? null),
    ].filter((one) => one !== null);
    const registry = await tx.registry([...new Set(lists)]);
    const session = new Session(tx, writer, registry, places);
    for (const one of held) session.loops.set(one.loop.id, one);
    return session;
  }

  async do(matter: Matter, intent: Intent): Promise<void> {
    if (intent.do === "event") await this.happen(matter, intent);
    else await this.open(matter, intent);
  }

  async act(act: Act): Promise<Loop> {
    const found = this.loops.get(act.loop);
    if (found === undefined) throw fhirError("NOT_FOUND");
    const { loop, taken } = found;
    if (taken.has(act.key)) return loop;
    if (act.version !== null && act.version !== loop.version) throw fhirError("LOOP_CHANGED");
    if (stepOf(loop.kind, loop.state, act.event) === undefined) throw fhirError("LOOP_STEP", loop.state, act.event);
    const { type, id } = loop.subject;
    const matter: Matter = {
      type,
      id,
      key: act.key,
      home: loop.home,
      patient: loop.patient,
      careUnit: null,
      intents: [],
    };
    const meant = {
      do: "event",
      about: `${type}/${id}`,
      kinds: [loop.kind],
      events: [act.event],
      to: [],
      note: act.note,
      leaves: null,
    } as const;
    await this.take(loop, { event: act.event, intent: meant, matter, key: act.key, act });
    return this.loops.get(loop.id)?.loop ?? loop;
  }

  async end(): Promise<void> {
    if (this.steps.length > 0) await this.tx.write(this.steps);
  }

  private about(name: string, kinds?: readonly Kind[]): Held[] {
    return [...this.loops.values()].filter(
      ({ loop }) =>
        `${loop.subject.type}/${loop.subject.id}` === name && (kinds === undefined || kinds.includes(loop.kind)),
    );
  }

  private async open(matter: Matter, intent: Opening): Promise<void> {
    const { kind, recipient } = intent;
    const { type, id } = matter;
    const standing = this.about(`${type}/${id}`, [kind]).find(({ loop }) => loop.subject.recipient === recipient);
    if (standing !== undefined) return this.openAgain(matter, intent, standing);
    if (this.isOld(intent) || (kind === "letter" && this.writer.isHistory)) return; // letters that were sent elsewhere arrived elsewhere
    const answered = intent.answers.flatMap((name) => this.about(name, [...REQUESTS]));
    const question = answered[0]?.loop; // the first that is known: a report of several requests has one reader
    const asker = this.placeIn(intent.answers); // of a request that the ledger has no loop of
    const sender = this.listOf(matter.careUnit) ?? this.placeIn(intent.from)?.worklist ?? REGION;
    const meant = this.placeIn(intent.to);
    const isRequest = REQUESTS.has(kind);
    // An answer is meant for whoever asked.
    const receiver = isRequest
      ? (meant?.worklist ?? null)
      : kind === "letter"
        ? null // nobody's list: who has it is outside
        : (question?.sender ?? asker?.worklist ?? meant?.worklist ?? sender);
    const sentBy = this.personIn(intent.from);
    const risk = question === undefined ? intent.risk : (Math.min(intent.risk, question.risk === 3 ? 3 : 1) as Risk);
    const owner = isRequest ? this.registry.staffed(sender).owner : this.registry.staffed(receiver ?? sender).owner;
    const responsible =
      isRequest || kind === "letter" ? sentBy : (question?.sentBy ?? asker?.person ?? meant?.person ?? null);
    const holder = await this.holder({ owner, responsible }, risk);
    const loop = opened(
      {
        id: this.tx.newId(matter.home),
        home: matter.home,
        kind,
        subject: { type, id, recipient },
        patient: matter.patient,
        ...holder,
        sender,
        sentBy,
        receiver,
        risk,
        parent: question?.id ?? null,
        ...(intent.due === null ? {} : { due: Math.max(intent.due, this.writer.at) }),
      },
      this.writer.at,
    );
    const way = kind === "letter" ? (intent.transport ?? null) : null;
    this.keep(null, loop, { event: "open", key: keyOf(matter, `open ${kind}`), note: way });
    if (kind === "letter") return this.post(loop, { matter, intent });
    if (isRequest) await this.dispatch(loop, { matter, meant, event: "order" });
  }

  /** The patient's page has a letter as soon as it is written; paper has yet to be printed; what no way leads to comes back at once. */
  private post(loop: Loop, { matter, intent }: { readonly matter: Matter; readonly intent: Opening }): void {
    const { unsendable, transport } = intent;
    if (unsendable !== undefined)
      this.step(loop, "fail", {}, { key: keyOf(matter, `fail ${loop.subject.recipient}`), note: unsendable });
    else if (transport === "page")
      this.step(loop, "receive", {}, { key: keyOf(matter, `receive ${loop.subject.recipient}`), note: transport });
  }

  /** What was set in motion before is set in motion again: a request that was taken back and is asked anew. */
  private async openAgain(matter: Matter, intent: Opening, { loop, taken }: Held): Promise<void> {
    const key = keyOf(matter, "again");
    if (taken.has(key) || stepOf(loop.kind, loop.state, "reopen") === undefined) return;
    const owner = REQUESTS.has(loop.kind) ? this.registry.staffed(loop.sender).owner : this.lastOwner(loop);
    const next = this.step(loop, "reopen", { owner, responsible: loop.sentBy }, { key, note: null });
    if (REQUESTS.has(loop.kind)) await this.dispatch(next, { matter, meant: this.placeIn(intent.to), event: "order" });
  }

  /** From the sender's hands to whom it is meant for: at once inside the journal, by an integration's queue outside it. */
  private async dispatch(
    loop: Loop,
    {
      matter,
      meant,
      event,
    }: { readonly matter: Matter; readonly meant: Place | undefined; readonly event: Outgoing["event"] },
  ): Promise<void> {
    const { owner, detour, isException } = this.registry.destination(meant?.worklist ?? null, loop.sender);
    if (isException) {
      this.step(loop, "fail", { owner }, { key: keyOf(matter, "fail"), note: `no receiver: ${detour ?? "unknown"}` });
      return;
    }
    const target = this.registry.get(meant?.worklist ?? "");
    const channel = target === undefined ? null : this.registry.current(target).channel;
    if (channel !== null) {
      await this.tx.send({ channel, loop: loop.id, home: loop.home, about: `${matter.type}/${matter.id}`, event });
      return;
    }
    const holder = await this.holder({ owner, responsible: meant?.person ?? null }, loop.risk);
    this.step(
      loop,
      "receive",
      { ...holder, receiver: meant?.worklist ?? null },
      { key: keyOf(matter, "receive"), note: detour },
    );
  }

  private async happen(matter: Matter, intent: Happening): Promise<void> {
    for (const { loop: found, taken } of this.about(intent.about, intent.kinds)) {
      const loop = this.loops.get(found.id)?.loop ?? found;
      const event = intent.events.find((one) => stepOf(loop.kind, loop.state, one) !== undefined);
      if (event === undefined) continue; // at the wrong time: nothing to be done, and nothing to be refused
      const key = keyOf(matter, `${event} ${intent.about}`);
      if (taken.has(key)) continue;
      await this.take(loop, { event, intent, matter, key });
    }
  }

  private async take(
    loop: Loop,
    {
      event,
      intent,
      matter,
      key,
      act,
    }: { event: EventName; intent: Happening; matter: Matter; key: string; act?: Act },
  ): Promise<void> {
    if (event === "resend" && REQUESTS.has(loop.kind)) return this.askAgain(loop, { intent, matter, key, act });
    const moved = { ...(await this.movedBy(loop, event, intent)), ...this.given(act) };
    const next = this.step(loop, event, moved, { key, note: intent.note });
    if (REQUESTS.has(loop.kind)) this.callAfter(next, event, { matter, due: intent.due });
    if (event === "cancel" && intent.leaves === "follow-up") await this.followUp(loop, matter);
    if ((event === "cancel" || event === "mistake") && loop.receiver !== null) await this.tellCancelled(loop, matter);
  }

  /** What came back is asked again: of whom it was meant for before, or of somebody else; then the first one is told not to do it. */
  private async askAgain(
    loop: Loop,
    { intent, matter, key, act }: { intent: Happening; matter: Matter; key: string; act: Act | undefined },
  ): Promise<void> {
    const meant = this.placeIn(intent.to) ?? { worklist: act?.to?.worklist ?? loop.receiver, person: null };
    const moved = { ...(await this.movedBy(loop, "resend", intent)), receiver: meant.worklist };
    const next = this.step(loop, "resend", moved, { key, note: intent.note });
    if (loop.receiver !== null && loop.receiver !== meant.worklist) await this.tellCancelled(loop, matter);
    await this.dispatch(next, { matter, meant, event: "order" });
  }

  /** Whom somebody gives it to, which must be a list that is worked through. */
  private given(act: Act | undefined): Omit<Moved, "at"> {
    const { worklist, person } = act?.to ?? {};
    if (worklist !== undefined && this.registry.get(worklist) === undefined) throw fhirError("NOT_FOUND");
    const isPassedOn = act?.event === "forward" || act?.event === "move";
    const receiver = isPassedOn && worklist !== undefined ? { receiver: worklist } : {};
    return {
      ...(worklist === undefined ? {} : { owner: this.registry.staffed(worklist).owner }),
      ...(person === undefined ? (worklist === undefined ? {} : { responsible: null }) : { responsible: person }),
      ...(act?.due === undefined ? {} : { due: act.due }),
      ...receiver,
    };
  }

  /** Whose it is after a step. */
  private async movedBy(loop: Loop, event: EventName, intent: Happening): Promise<Omit<Moved, "at">> {
    const risk = intent.risk === undefined ? {} : { risk: intent.risk };
    if (loop.kind === "letter") return risk; // a letter stays its sender's until it is read
    const atSender = { owner: this.registry.staffed(loop.sender).owner, responsible: loop.sentBy };
    const isAsked = event === "resend" && REQUESTS.has(loop.kind); // it is dispatched from its sender's hands
    if (event === "ask-completion" || event === "return" || event === "fail" || isAsked)
      return { ...(await this.holder(atSender, loop.risk)), ...risk };
    if (event === "forward") {
      const to = this.placeIn(intent.to);
      const { owner } = this.registry.destination(to?.worklist ?? null, loop.sender);
      return {
        ...(await this.holder({ owner, responsible: to?.person ?? null }, loop.risk)),
        receiver: to?.worklist ?? null,
        ...risk,
      };
    }
    const atReceiver = { owner: this.registry.destination(loop.receiver, loop.sender).owner, responsible: null };
    if (
      event === "receive" ||
      event === "complete" ||
      event === "resend" ||
      (event === "reopen" && REQUESTS.has(loop.kind))
    )
      return { ...atReceiver, ...risk };
    if (event === "take-over" && REQUESTS.has(loop.kind))
      return { owner: atReceiver.owner, responsible: personIn(this.writer), ...risk };
    if (event === "reopen")
      return { owner: this.registry.staffed(loop.receiver ?? loop.sender).owner, responsible: null, ...risk };
    if (event === "unbook")
      return { owner: this.registry.staffed(loop.receiver ?? loop.sender).owner, responsible: null, ...risk };
    if (loop.owner === null && event === "correct")
      return {
        ...(await this.holder({ owner: this.lastOwner(loop), responsible: loop.responsible }, loop.risk)),
        ...risk,
      };
    return risk;
  }

  /** Who had it before it was done: whoever answers comes back to the question's sender, else to the list that wrote it. */
  private lastOwner(loop: Loop): string {
    const parent = loop.parent === null ? undefined : this.loops.get(loop.parent)?.loop;
    return this.registry.staffed(parent?.sender ?? loop.receiver ?? loop.sender).owner;
  }

  /** An accepted referral opens the call of the patient; one that goes elsewhere or is done needs none (F13). */
  private callAfter(
    loop: Loop,
    event: EventName,
    { matter, due }: { readonly matter: Matter; readonly due: number | undefined },
  ): void {
    if (loop.kind !== "referral") return;
    const name = `${loop.subject.type}/${loop.subject.id}`;
    const call = this.about(name, ["call"])[0]?.loop; // a request has one call
    if (event === "take-over" && call === undefined && loop.owner !== null) {
      const one = opened(
        {
          id: this.tx.newId(loop.home),
          home: loop.home,
          kind: "call",
          subject: { ...loop.subject, recipient: "" },
          patient: loop.patient,
          owner: loop.owner,
          responsible: null,
          sender: loop.sender,
          sentBy: loop.sentBy,
          receiver: loop.owner,
          risk: loop.risk,
          parent: loop.id,
          ...this.callBy(loop, due),
        },
        this.writer.at,
      );
      this.keep(null, one, { event: "open", key: keyOf(matter, "open call"), note: null });
      return;
    }
    if (call === undefined) return;
    if (event === "take-over" && isEnd("call", call.state) && stepOf("call", call.state, "reopen") !== undefined) {
      const again = { owner: loop.owner ?? loop.sender, ...this.callBy(loop, due) };
      this.step(call, "reopen", again, { key: keyOf(matter, "call again"), note: null });
      return;
    }
    if (isEnd("call", call.state) || !ENDS_CALL.has(event)) return;
    this.step(call, "close", {}, { key: keyOf(matter, "close call"), note: event });
  }

  /** The medical target date of an assessment, no later than a call may stand without it. */
  private callBy({ risk }: Loop, due: number | undefined): { readonly due?: number } {
    const { at } = this.writer;
    return due === undefined ? {} : { due: Math.min(Math.max(due, at), at + allowance("call", "created", risk)) };
  }

  /** A request that is taken back leaves somebody who sees to the patient (F14). */
  private async followUp(loop: Loop, matter: Matter): Promise<void> {
    const name = `${loop.subject.type}/${loop.subject.id}`;
    if (this.about(name, ["task"]).length > 0) return;
    const holder = await this.holder(
      { owner: this.registry.staffed(loop.sender).owner, responsible: loop.sentBy },
      loop.risk,
    );
    const task = opened(
      {
        id: this.tx.newId(loop.home),
        home: loop.home,
        kind: "task",
        subject: { ...loop.subject, recipient: "" },
        patient: loop.patient,
        ...holder,
        sender: loop.sender,
        sentBy: loop.sentBy,
        receiver: null,
        risk: Math.min(loop.risk, 2) as Risk,
        parent: loop.id,
      },
      this.writer.at,
    );
    this.keep(null, task, { event: "open", key: keyOf(matter, "follow up"), note: "cancel" });
  }

  private async tellCancelled(loop: Loop, matter: Matter): Promise<void> {
    const target = this.registry.get(loop.receiver ?? "");
    const channel = target === undefined ? null : this.registry.current(target).channel;
    if (channel === null) return;
    await this.tx.send({
      channel,
      loop: loop.id,
      home: loop.home,
      about: `${matter.type}/${matter.id}`,
      event: "cancel",
    });
  }

  private step(loop: Loop, event: EventName, moved: Omit<Moved, "at">, kept: Pick<LoopEvent, "key" | "note">): Loop {
    const next = advanced(loop, event, { ...moved, at: this.writer.at });
    this.keep(loop, next, { event, ...kept });
    return next;
  }

  private keep(before: Loop | null, after: Loop, kept: Pick<LoopEvent, "event" | "key" | "note">): void {
    const { by, unit } = this.writer;
    const { event, key, note } = kept;
    const at = after.version === 1 ? after.opened : this.writer.at;
    this.steps.push({ event, key, note, at, by, unit, before, after });
    const taken = new Set(this.loops.get(after.id)?.taken);
    if (kept.key !== null) taken.add(kept.key);
    this.loops.set(after.id, { loop: after, taken });
  }

  private async holder(meant: Holder, risk: Risk): Promise<Holder> {
    const { owner, responsible } = meant;
    if (responsible === null && risk !== 0) return meant;
    const people = responsible === null ? [] : [responsible];
    const roster = await this.tx.roster(people, risk === 0 ? [owner] : [], this.writer.at);
    return firstHolder({ ...meant, risk }, { roster });
  }

  private isOld({ told }: Opening): boolean {
    return this.writer.isHistory && told !== null && told < this.writer.at - NEWS_MS;
  }

  private placeIn(references: readonly string[]): Place | undefined {
    return references.map((one) => this.places.get(one)).find((place) => place?.worklist != null);
  }

  private personIn(references: readonly string[]): string | null {
    return references.map((one) => this.places.get(one)?.person).find((person) => person != null) ?? null;
  }

  /** The list of a unit, when it has one. */
  private listOf(unit: string | null): string | null {
    return unit !== null && this.registry.get(unit) !== undefined ? unit : null;
  }
}

const ENDS_CALL: ReadonlySet<EventName> = new Set(["answer", "return", "cancel", "mistake", "forward"]);

/** The person who writes; an integration, a patient and the clock answer for nothing. */
function personIn({ by }: Writer): string | null {
  return by === "system" || by.includes(" ") ? null : by;
}

/** Names a step by what caused it. */
function keyOf({ key }: Matter, part: string): string {
  return `${key} ${part}`;
}
