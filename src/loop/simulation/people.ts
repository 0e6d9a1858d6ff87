/**
 * People: they order, refer, write, read, act, forward, send back, book and take back; soon, late, or when somebody else is asked. They
 * press twice, close the window before the answer comes, and choose units that are closed. SPEC LOOP-SIM-1
 */
import type { SeededRandom } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { allowance } from "../deadlines.ts";
import { stepOf } from "../machine.ts";
import { REGION, type EventName, type Loop } from "../model.ts";
import type { Database } from "./database.ts";
import type { Change, Wish } from "./journal.ts";

/** What somebody asks of the server: to write resources, or to move a loop. Made anew for each try, under the same key. */
export type Command =
  | { readonly kind: "write"; readonly wish: () => Wish }
  | {
      readonly kind: "act";
      readonly by: string;
      readonly unit: string;
      readonly loop: Loop;
      readonly event: EventName;
      readonly to?: { readonly worklist?: string };
    };
export type Outcome = "done" | "refused" | "left";

export type Patient = { number: string; readonly numbers: Set<string> };

/** What people need of the world. */
export type Setting = {
  readonly database: Database;
  readonly random: SeededRandom;
  readonly clock: () => number;
  readonly after: (delay: number, happen: () => void) => void;
  readonly isCalm: () => boolean;
  readonly patients: readonly Patient[];
  readonly units: readonly string[];
  readonly channels: readonly string[];
  readonly submit: (command: Command, done: (outcome: Outcome) => void) => void;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const REFERRAL = [{ coding: [{ code: "3457005" }] }];

export class People {
  private readonly setting: Setting;
  /** Who looks at a loop next; only the last one who was asked does. */
  private readonly attended = new Map<string, number>();
  private turns = 0;
  private clicks = 0;

  constructor(setting: Setting) {
    this.setting = setting;
  }

  /** Somebody asks for something new. */
  begin(): void {
    const { random } = this.setting;
    const unit = random.pick(this.setting.units);
    const who = this.somebodyAt(unit);
    if (who === undefined) return;
    const chance = random.int(100);
    if (chance < 45)
      this.write(who, unit, (click) => this.request(who, unit, { click, to: this.channel(), category: [] }));
    else if (chance < 70)
      this.write(who, unit, (click) => this.request(who, unit, { click, to: this.destination(), category: REFERRAL }));
    else if (chance < 85) this.write(who, unit, (click) => this.letter(who, unit, click));
    else this.write(who, unit, (click) => this.task(who, unit, click));
  }

  /** From now on somebody looks at a loop until it is done. */
  attend(loop: Loop, isAtOnce = false): void {
    if (loop.closed !== null || (!isAtOnce && this.attended.has(loop.id))) return;
    const turn = (this.turns += 1);
    this.attended.set(loop.id, turn);
    this.setting.after(this.delay(loop), () => {
      if (this.attended.get(loop.id) === turn) this.look(loop.id);
    });
  }

  private look(id: string): void {
    this.attended.delete(id);
    const loop = this.setting.database.loops.get(id)?.loop;
    if (loop === undefined || loop.closed !== null || loop.owner === null) return;
    const who = this.whoHas(loop);
    const command = who === undefined ? undefined : this.choose(loop, who);
    if (command === undefined) {
      this.attend(loop);
      return;
    }
    const turn = (this.turns += 1);
    this.attended.set(id, turn);
    this.setting.submit(command, () => {
      if (this.attended.get(id) !== turn) return;
      this.attended.delete(id);
      const stands = this.setting.database.loops.get(id)?.loop;
      if (stands !== undefined) this.attend(stands);
    });
  }

  private delay(loop: Loop): number {
    const { random, isCalm } = this.setting;
    if (isCalm()) return MINUTE + random.int(HOUR);
    const allowed = Math.min(allowance(loop.kind, loop.state, loop.risk), 8 * DAY);
    const part = random.next();
    const share =
      part < 0.7 ? 0.01 + random.next() * 0.3 : part < 0.9 ? 0.3 + random.next() * 0.7 : 1 + random.next() * 1.5;
    return Math.ceil(allowed * share);
  }

  private whoHas({ owner, responsible }: Loop): string | undefined {
    const { directory } = this.setting.database;
    if (responsible !== null && directory.isPresent(responsible, this.setting.clock())) return responsible;
    return this.somebodyAt(owner ?? REGION);
  }

  private somebodyAt(list: string): string | undefined {
    const present = this.setting.database.directory.presentAt(list, this.setting.clock());
    return present.length === 0 ? undefined : this.setting.random.pick(present);
  }

  /** The next thing to do with a loop, for whoever has it. */
  private choose(loop: Loop, who: string): Command | undefined {
    if (loop.kind === "order" || loop.kind === "referral") return this.chooseOfRequest(loop, who);
    if (loop.kind === "call") return this.chooseOfCall(loop, who);
    if (loop.kind === "task" && loop.subject.type === "Task") return this.chooseOfTask(loop, who);
    return this.act(
      loop,
      who,
      this.oneOf(loop, [
        "read",
        "act",
        "act",
        "take-over",
        "answer",
        "forward",
        "return",
        "resend",
        "close",
        "note",
        "assign",
        "move",
      ]),
    );
  }

  /** A step that is possible; when all is to come to its end, one that leads there. */
  private oneOf(loop: Loop, events: readonly EventName[]): EventName {
    const { random, isCalm } = this.setting;
    const ending: readonly EventName[] = ["act", "answer", "close"];
    const wanted = isCalm() ? ending : events;
    const able = wanted.filter((event) => stepOf(loop.kind, loop.state, event) !== undefined);
    return able.length === 0 ? "note" : random.pick(able);
  }

  private chooseOfRequest(loop: Loop, who: string): Command | undefined {
    const { random, isCalm, database } = this.setting;
    const request = `${loop.subject.type}/${loop.subject.id}`;
    const owner = loop.owner ?? loop.sender;
    const chance = isCalm() ? 0 : random.int(100);
    const channel = loop.receiver === null ? null : (database.directory.lists.get(loop.receiver)?.channel ?? null);
    switch (loop.state) {
      case "created":
      case "transferred":
        return chance > 92 ? this.takeBack(loop, who) : undefined; // it is on its way
      case "received":
      case "taken-over":
        if (channel !== null)
          return isCalm() && database.outbox.channels.get(channel)?.length === 0
            ? undefined
            : this.nudge(loop, who, chance);
        if (loop.state === "received" && chance < 60) return this.say(who, owner, { request, status: "accepted" });
        if (chance < 70) return this.report(loop, who, owner);
        if (chance < 78) return this.say(who, owner, { request, status: "on-hold" });
        if (chance < 84) return this.say(who, owner, { request, status: "rejected" });
        if (chance < 92)
          return this.say(who, owner, { request, status: "requested", code: "3", to: this.destination() });
        return chance < 96
          ? this.takeBack(loop, who)
          : this.act(loop, who, random.pick(["note", "assign", "move", "escalate"] as const));
      case "completion-asked":
        return chance < 90 ? this.act(loop, who, "complete") : this.takeBack(loop, who);
      default: // it came back
        if (isCalm() || chance < 20) return this.act(loop, who, "close");
        if (chance < 60) return this.redirect(loop, who);
        return chance < 80 ? this.act(loop, who, "resend") : this.takeBack(loop, who);
    }
  }

  /** What the laboratory has is looked at, and seldom taken back. */
  private nudge(loop: Loop, who: string, chance: number): Command | undefined {
    return chance > 95 ? this.takeBack(loop, who) : this.act(loop, who, "note");
  }

  private chooseOfCall(loop: Loop, who: string): Command | undefined {
    const { random, isCalm } = this.setting;
    if (!isCalm() && random.int(100) < 12) return this.act(loop, who, this.oneOf(loop, ["take-over", "close", "note"]));
    return this.book(loop, who);
  }

  private chooseOfTask(loop: Loop, who: string): Command | undefined {
    const { database, random } = this.setting;
    const name = `Task/${loop.subject.id}`;
    const stored = database.records.get(name);
    if (stored === undefined || loop.state === "returned")
      return this.act(loop, who, this.oneOf(loop, ["resend", "close"]));
    const status = loop.state === "taken-over" || random.int(3) === 0 ? "completed" : "accepted";
    if (stored.content["status"] === status) return this.act(loop, who, this.oneOf(loop, ["act"]));
    return this.update(who, loop.owner ?? "", {
      type: "Task",
      id: loop.subject.id,
      version: stored.version,
      resource: { ...stored.content, status },
    });
  }

  private act(loop: Loop, who: string, event: EventName): Command | undefined {
    if (stepOf(loop.kind, loop.state, event) === undefined || event === "escalate") return undefined;
    const to =
      event === "forward" || event === "move" ? { to: { worklist: this.setting.random.pick(this.setting.units) } } : {};
    return { kind: "act", by: who, unit: loop.owner ?? "", loop, event, ...to };
  }

  private takeBack(loop: Loop, who: string): Command | undefined {
    const stored = this.setting.database.records.get(`ServiceRequest/${loop.subject.id}`);
    if (stored === undefined || stored.content["status"] !== "active") return undefined;
    return this.update(who, loop.sender, {
      type: "ServiceRequest",
      id: loop.subject.id,
      version: stored.version,
      resource: { ...stored.content, status: "revoked" },
    });
  }

  private redirect(loop: Loop, who: string): Command | undefined {
    const stored = this.setting.database.records.get(`ServiceRequest/${loop.subject.id}`);
    if (stored === undefined || stored.content["status"] !== "active") return this.act(loop, who, "close");
    const performer = [{ reference: `Organization/${loop.kind === "order" ? this.channel() : this.destination()}` }];
    return this.update(who, loop.sender, {
      type: "ServiceRequest",
      id: loop.subject.id,
      version: stored.version,
      resource: { ...stored.content, performer },
    });
  }

  private say(
    who: string,
    unit: string,
    told: { readonly request: string; readonly status: string; readonly code?: string; readonly to?: string },
  ): Command {
    const { request, status, code, to } = told;
    return this.creation(who, unit, (click) => ({
      type: "Task",
      resource: {
        resourceType: "Task",
        status,
        focus: { reference: request },
        click,
        ...(code === undefined ? {} : { businessStatus: { coding: [{ code }] } }),
        ...(to === undefined ? {} : { owner: { reference: `Organization/${to}` } }),
      },
    }));
  }

  private report(loop: Loop, who: string, unit: string): Command {
    return this.creation(who, unit, (click) => ({
      type: "DiagnosticReport",
      resource: {
        resourceType: "DiagnosticReport",
        status: "final",
        basedOn: [{ reference: `${loop.subject.type}/${loop.subject.id}` }],
        performer: [{ reference: `PractitionerRole/${who}-${unit}` }],
        asOf: 1,
        click,
      },
    }));
  }

  private book(loop: Loop, who: string): Command {
    const { random, after, isCalm } = this.setting;
    const resource = {
      resourceType: "Appointment",
      status: "booked",
      basedOn: [{ reference: `${loop.subject.type}/${loop.subject.id}` }],
    };
    const unit = loop.owner ?? "";
    const status = isCalm() || random.int(100) < 75 ? "fulfilled" : random.pick(["noshow", "cancelled"]);
    let booked = "";
    after(10 * MINUTE + random.int(random.int(2) === 0 ? 2 * HOUR : 2 * DAY), () => {
      const stored = this.setting.database.records.get(`Appointment/${booked}`);
      const by = this.somebodyAt(unit);
      if (stored === undefined || by === undefined) return;
      this.setting.submit(
        this.update(by, unit, {
          type: "Appointment",
          id: booked,
          version: stored.version,
          resource: { ...stored.content, status },
        }),
        () => undefined,
      );
    });
    return this.creation(
      who,
      unit,
      (click) => ({ type: "Appointment", resource: { ...resource, click } }),
      (id) => (booked = id),
    );
  }

  private request(
    who: string,
    unit: string,
    told: { readonly click: string; readonly to: string; readonly category: typeof REFERRAL },
  ): Pick<Change, "type" | "resource"> {
    const { random, patients } = this.setting;
    const patient = random.int(patients.length);
    const priority = random.int(50) === 0 ? "stat" : random.int(10) === 0 ? "urgent" : "routine";
    const resource: JsonObject = {
      resourceType: "ServiceRequest",
      status: "active",
      intent: "order",
      category: told.category,
      priority,
      requester: { reference: `PractitionerRole/${who}-${unit}` },
      performer: told.to === "" ? [] : [{ reference: `Organization/${told.to}` }],
      click: told.click,
      patient,
      number: patients[patient]!.number,
      unit,
    };
    return { type: "ServiceRequest", resource };
  }

  private letter(who: string, unit: string, click: string): Pick<Change, "type" | "resource"> {
    const { random, units } = this.setting;
    const first = random.pick(units);
    const second = random.pick(units);
    const recipients = first === second || random.int(3) > 0 ? [first] : [first, second];
    const resource = {
      resourceType: "Communication",
      status: "completed",
      recipient: recipients.map((one) => ({ reference: `Organization/${one}` })),
      sender: { reference: `PractitionerRole/${who}-${unit}` },
      click,
    };
    return { type: "Communication", resource };
  }

  private task(who: string, unit: string, click: string): Pick<Change, "type" | "resource"> {
    const to = this.setting.random.pick(this.setting.units);
    const person = this.somebodyAt(to);
    const owner = { reference: person === undefined ? `Organization/${to}` : `PractitionerRole/${person}-${to}` };
    return {
      type: "Task",
      resource: {
        resourceType: "Task",
        status: "requested",
        owner,
        requester: { reference: `PractitionerRole/${who}-${unit}` },
        click,
      },
    };
  }

  private channel(): string {
    return this.setting.random.pick(this.setting.channels);
  }

  /** Mostly a unit that there is. */
  private destination(): string {
    const chance = this.setting.random.int(100);
    return chance < 2 ? "" : chance < 5 ? "nowhere" : this.setting.random.pick(this.setting.units);
  }

  private write(who: string, unit: string, make: (click: string) => Pick<Change, "type" | "resource">): void {
    this.setting.submit(this.creation(who, unit, make), () => undefined);
  }

  /** One new resource: one click is one of them, however often it is tried. */
  private creation(
    who: string,
    unit: string,
    make: (click: string) => Pick<Change, "type" | "resource">,
    onId: (id: string) => void = () => undefined,
  ): Command {
    const key = `c${(this.clicks += 1)}`;
    const made = make(key);
    const wish = (): Wish => {
      const id = this.setting.database.newId();
      onId(id);
      return { key, by: who, unit, changes: [{ ...made, id, version: 0 }] };
    };
    return { kind: "write", wish };
  }

  private update(who: string, unit: string, change: Change): Command {
    const key = `c${(this.clicks += 1)}`;
    return { kind: "write", wish: () => ({ key, by: who, unit, changes: [change] }) };
  }
}
