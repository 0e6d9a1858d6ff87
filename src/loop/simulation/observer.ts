/**
 * Who sees everything and helps nobody: knows what every party believes, holds it against the ledger after every commit and every few
 * seconds, and counts what was lost, done twice, hidden or wrong. It decides nothing with the code that it watches.
 *
 * SPEC LOOP-SIM-1
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { allowance, nextAllowance } from "../deadlines.ts";
import { REGION, type Kind, type Loop } from "../model.ts";
import type { Database, Stored } from "./database.ts";
import type { InboxRow } from "./queues.ts";

export const FAULTS = ["orphans", "doubles", "hidden", "broken", "unended"] as const;
export type Fault = (typeof FAULTS)[number];
export type Finding = { readonly fault: Fault; readonly what: string; readonly at: number };

const VISIBLE_WITHIN_MS = 60_000;
const KEPT = 20;
/** So often nobody is unlucky. */
const MANY = 12;
const FINAL: ReadonlySet<string> = new Set(["final", "corrected", "amended", "appended"]);
const NEWS: ReadonlySet<string> = new Set([...FINAL, "preliminary"]);

export class Observer {
  readonly counts: Record<Fault, number> = { orphans: 0, doubles: 0, hidden: 0, broken: 0, unended: 0 };
  readonly findings: Finding[] = [];
  loops = 0;
  steps = 0;
  private readonly database: Database;
  private readonly clock: () => number;
  private readonly now: () => number;
  private readonly isNumberOf: (order: JsonObject, number: string) => boolean;
  /** How often what somebody asked for once was done. */
  private readonly done = new Map<string, number>();
  private written: [string, Stored, Stored | null][] = [];
  private moved: [Loop, Loop | null][] = [];
  private ended: InboxRow[] = [];
  /** Since when something is as it should not stay, in true time. */
  private readonly since = new Map<string, { begun: number; seen: number }>();
  /** Until then nothing can be asked of people's lists: the database did not answer, or the clock was moved. */
  excusedUntil = 0;

  constructor(
    database: Database,
    world: {
      readonly clock: () => number;
      readonly now: () => number;
      readonly isNumberOf: (order: JsonObject, number: string) => boolean;
    },
  ) {
    this.database = database;
    this.clock = world.clock;
    this.now = world.now;
    this.isNumberOf = world.isNumberOf;
    database.onLoop = (loop, before) => this.sawLoop(loop, before);
    database.onRecord = (name, now, before) => {
      this.written.push([name, now, before]);
    };
    database.onCommitted = () => this.sawCommit();
    database.onOverwritten = (loop) => this.tell("broken", `${describe(loop)}: somebody's step was written over`);
    database.inbox.onEnd = (row) => {
      this.ended.push(row);
    };
    database.outbox.onIntrusion = (what) =>
      this.tell("broken", `${what} was settled by somebody who had no claim on it`);
  }

  get isSound(): boolean {
    return FAULTS.every((fault) => this.counts[fault] === 0);
  }

  tell(fault: Fault, what: string): void {
    this.counts[fault] += 1;
    if (this.findings.length < KEPT) this.findings.push({ fault, what, at: this.now() });
  }

  /** Something was done that somebody asked for once. */
  did(what: string): void {
    const times = (this.done.get(what) ?? 0) + 1;
    this.done.set(what, times);
    if (times > 1) this.tell("doubles", `${what} was done ${times} times`);
  }

  /** Somebody was told that it is done, or has it in hand. */
  believes(who: string, name: string, kinds: readonly Kind[]): void {
    const loops = this.database.about(name).filter(({ kind }) => kinds.includes(kind));
    if (loops.length === 0) this.tell("orphans", `${who} has ${name}, of which there is no loop`);
  }

  private sawLoop(loop: Loop, before: Loop | null): void {
    this.steps += 1;
    if (before === null) this.loops += 1;
    this.moved.push([loop, before]);
    const what = `${loop.kind} ${loop.state} ${loop.id}`;
    if (before !== null && loop.since < before.since) this.tell("broken", `${what}: its time went backwards`);
    if (loop.responsible !== null && !/^[pr]\d+$/.test(loop.responsible))
      this.tell("broken", `${what}: ${loop.responsible} is no person`);
    if (loop.deadline === null || loop.deadline === before?.deadline) return;
    const latest =
      Math.max(this.clock(), loop.since) +
      Math.max(allowance(loop.kind, loop.state, loop.risk), nextAllowance(loop.risk));
    if (loop.deadline > latest) this.tell("broken", `${what}: its deadline lies further away than it may`);
  }

  private sawCommit(): void {
    const { written, moved, ended } = this;
    if (written.length + moved.length + ended.length === 0) return;
    this.written = [];
    this.moved = [];
    this.ended = [];
    for (const [name, now, before] of written) this.sawRecord(name, now, before);
    for (const [loop, before] of moved) if (loop.level > (before?.level ?? 0)) this.sawEscalated(loop);
    for (const [loop, before] of moved) if (loop.state !== before?.state) this.sawMoved(loop);
    for (const [loop] of moved) this.sawStanding(loop);
    for (const row of ended) this.sawFiled(row);
  }

  /** What was taken in is in the record of whom it is about, or somebody's to see to. */
  private sawFiled(row: InboxRow): void {
    const { database } = this;
    if (row.state === "parked") {
      if (!isOpenFault(database, `Incoming/${row.hash}`))
        this.tell("orphans", `${row.hash} is set aside and nobody is told`);
      return;
    }
    if (row.isPoison || !database.records.has(row.order))
      this.tell("orphans", `${row.hash} could not be filed and is gone`);
    else if (!this.isNumberOf(database.records.get(row.order)!.content, row.number))
      this.tell("broken", `${row.hash} is filed with somebody else`);
    else if (
      row.kind === "result" &&
      !database.records.has(`DiagnosticReport/${row.order.slice("ServiceRequest/".length)}.${row.answer}`)
    )
      this.tell("orphans", `${row.hash} is said to be filed and is not there`);
  }

  /** What holds for a loop whenever it is written. */
  private sawStanding(loop: Loop): void {
    const { directory, outbox } = this.database;
    if (loop.closed !== null || loop.owner === null) return;
    const channel =
      loop.state === "created" && loop.kind === "order" ? directory.lists.get(loop.receiver ?? "")?.channel : null;
    if (typeof channel === "string" && !outbox.hasOf(channel, loop.id))
      this.tell("orphans", `${describe(loop)} is on its way to ${channel}, and nothing is to leave`);
  }

  /** Somebody is asked by name, when there has been somebody on duty for a minute. */
  private sawEscalated(loop: Loop): void {
    if (loop.risk !== 0 || loop.owner === null || loop.responsible !== null || this.now() < this.excusedUntil) return;
    const { directory } = this.database;
    const before = directory.onDuty(loop.owner, this.clock() - VISIBLE_WITHIN_MS);
    if (directory.onDuty(loop.owner, this.clock()).some((person) => before.includes(person)))
      this.tell("hidden", `${describe(loop)} is life-threatening and asks nobody of those on duty`);
  }

  /** What has to follow from a written resource, in the same commit. */
  private sawRecord(name: string, { content }: Stored, before: Stored | null): void {
    if (before === null && typeof content["click"] === "string") this.did(content["click"]);
    const status = content["status"];
    const was = before?.content["status"];
    switch (content["resourceType"]) {
      case "ServiceRequest":
        if (status === "active" && was !== "active") this.sawAsked(name, content);
        if (status === "revoked" && was === "active") this.mustBeDone(name, ["order", "referral"]);
        break;
      case "DiagnosticReport":
        if (typeof status === "string" && NEWS.has(status)) this.sawReport(name, content, before);
        break;
      case "Communication":
        for (const recipient of references(content["recipient"])) this.mustBeOpen(name, ["message"], recipient);
        break;
      case "Appointment":
        if ((status === "noshow" || status === "cancelled") && was === "booked") this.sawFallen(name, content);
        break;
      case "Task":
        if (content["focus"] === undefined && status === "requested") this.mustBeOpen(name, ["task"]);
        break;
      default:
    }
  }

  /** A unit that became another one is asked there. */
  private sawAsked(name: string, content: JsonObject): void {
    this.mustBeOpen(name, ["order", "referral"]);
    const { lists } = this.database.directory;
    const [to = ""] = references(content["performer"]);
    const meant = lists.get(to.slice("Organization/".length));
    const became = lists.get(meant?.mergedInto ?? "");
    const [loop] = this.database.about(name);
    if (became !== undefined && became.status === "open" && became.mergedInto === null && loop?.state === "failed")
      this.tell("broken", `${name} came back though ${meant?.id ?? ""} has become ${became.id}`);
  }

  private sawReport(name: string, content: JsonObject, before: Stored | null): void {
    this.mustBeOpen(name, ["result"]);
    const [loop] = this.database.about(name);
    if (before !== null && loop !== undefined && loop.state !== "received")
      this.tell("hidden", `${name} was corrected and nobody is told`);
    if (before !== null && Number(content["asOf"]) < Number(before.content["asOf"]))
      this.tell("broken", `${name}: an older answer stands over a newer one`);
    if (typeof content["status"] === "string" && FINAL.has(content["status"]))
      for (const request of references(content["basedOn"])) this.mustBeDone(request, ["order", "referral"]);
  }

  /** A booking that falls: the call is open again, and somebody sees to the patient (F14). */
  private sawFallen(name: string, content: JsonObject): void {
    this.mustBeOpen(name, ["task"]);
    for (const request of references(content["basedOn"])) {
      const asked = this.database.about(request).find(({ kind }) => kind === "referral");
      const call = this.database.about(request).find(({ kind }) => kind === "call");
      if (asked?.closed === null && call?.state === "booked")
        this.tell("orphans", `${request}: its booking fell and nobody calls`);
    }
  }

  private sawMoved(loop: Loop): void {
    const name = `${loop.subject.type}/${loop.subject.id}`;
    if (loop.kind === "referral" && loop.state === "taken-over") {
      const call = this.database.about(name).find(({ kind }) => kind === "call");
      if (
        call === undefined ||
        (call.closed !== null && call.state !== "booked" && call.opened < loop.since && call.closed <= loop.since)
      )
        this.tell("orphans", `${name} was accepted and nobody calls the patient`);
    }
    if (loop.state === "cancelled" && (loop.kind === "order" || loop.kind === "referral")) {
      const task = this.database.about(name).find(({ kind }) => kind === "task");
      if (task === undefined || task.closed !== null)
        this.tell("orphans", `${name} was taken back and nobody sees to the patient`);
    }
  }

  private mustBeOpen(name: string, kinds: readonly Kind[], recipient = ""): void {
    const loop = this.database
      .about(name)
      .find((one) => kinds.includes(one.kind) && one.subject.recipient === recipient);
    if (loop === undefined) this.tell("orphans", `${name} ${recipient} has no loop`);
    else if (loop.closed !== null) this.tell("orphans", `${name} is written and its loop is ${loop.state}`);
  }

  private mustBeDone(name: string, kinds: readonly Kind[]): void {
    const loop = this.database.about(name).find((one) => kinds.includes(one.kind));
    if (loop === undefined) this.tell("orphans", `${name} has no loop`);
    else if (loop.closed === null) this.tell("hidden", `${name} is over and its loop is ${loop.state}`);
  }

  /** Looks at what must not last: every few seconds. */
  look(): void {
    if (this.now() < this.excusedUntil) {
      this.since.clear();
      return;
    }
    const { database } = this;
    const at = this.clock();
    const oldest = database.nextDeadline();
    if (oldest !== undefined && at - oldest > VISIBLE_WITHIN_MS) {
      this.tell(
        "hidden",
        `overdue since ${Math.round((at - oldest) / 1000)} s: ${describe(database.overdue(at, 1)[0])}`,
      );
      this.excusedUntil = this.now() + VISIBLE_WITHIN_MS;
    }
    const { directory } = database;
    for (const [person, loops] of database.byResponsible)
      if (loops.size > 0 && !directory.isPresent(person, at)) this.lasts(`${person} is away and answers for loops`);
    for (const [list, loops] of database.byOwner)
      if (loops.size > 0 && list !== REGION && !directory.hasSomebody(list, at))
        this.lasts(`${list} has open loops and nobody who works there`);
    this.lookAtQueues(at);
    this.forgetWhatPassed();
  }

  private lookAtQueues(at: number): void {
    const { database } = this;
    const oldest = database.inbox.oldest();
    if (oldest !== undefined && at - oldest > VISIBLE_WITHIN_MS && !isOpenFault(database, "Queue/inbox"))
      this.lasts("messages wait to be filed and nobody is told");
    for (const row of database.inbox.first(3))
      if (row.attempts > MANY) this.lasts(`${row.hash} is tried again and again and nobody is told`);
    for (const [channel, [first]] of database.outbox.channels)
      if (first !== undefined && at - first.added > VISIBLE_WITHIN_MS && !isOpenFault(database, `Queue/${channel}`))
        this.lasts(`messages wait for ${channel} and nobody is told`);
  }

  /** It is so now; told when it has been so for longer than a minute. */
  private lasts(what: string): void {
    const one = this.since.get(what) ?? { begun: this.now(), seen: 0 };
    if (this.now() - one.begun > VISIBLE_WITHIN_MS) {
      this.tell("hidden", what);
      one.begun = this.now();
    }
    one.seen = this.now();
    this.since.set(what, one);
  }

  private forgetWhatPassed(): void {
    for (const [what, { seen }] of this.since) if (seen !== this.now()) this.since.delete(what);
  }
}

function isOpenFault(database: Database, name: string): boolean {
  return database.about(name).some(({ kind, closed }) => kind === "fault" && closed === null);
}

export function describe(loop: Loop | undefined): string {
  if (loop === undefined) return "nothing";
  return `${loop.kind} ${loop.subject.type}/${loop.subject.id} ${loop.state} v${loop.version} level ${loop.level} of ${loop.owner ?? "nobody"}`;
}

function references(value: JsonValue | undefined): string[] {
  return isJsonArray(value)
    ? value.flatMap((one) => (isJsonObject(one) && typeof one["reference"] === "string" ? [one["reference"]] : []))
    : [];
}
