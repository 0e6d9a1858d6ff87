/**
 * A year of one unit: vacations, leave, illness, people who quit and come, nights, weekends and red days, a duty roster with holes, and
 * results all year round. Whether each of them reached somebody who was at work, the life-threatening ones within half an hour, and
 * whether the head of the unit knew of what nobody had read for a week. SPEC LOOP-SIM-6
 */
import {
  addDays,
  localDate,
  seededRandom,
  startOfDate,
  zonedDate,
  zoneOffset,
  type SeededRandom,
} from "../../base/index.ts";
import { escalateOverdue } from "../ledger.ts";
import { REGION, type Loop } from "../model.ts";
import { Database } from "./database.ts";
import { Journal } from "./journal.ts";
import { Program } from "./program.ts";
import { isRedDay } from "./red-days.ts";
import { Scheduler } from "./scheduler.ts";
import { relieve, restaff } from "./sweeps.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 2027;
const SWEEP_EVERY = 30_000;
const BATCH = 200;
const FINE = { crash: 0, slow: 0, unknown: 0 };
const UNIT = "unit";
const HEAD = "head";
const WEEK = 7 * DAY;
const SHOWN = 20;

export type YearReport = {
  readonly days: number;
  readonly results: number;
  readonly critical: number;
  readonly reached: number;
  readonly slowestCriticalMinutes: number;
  readonly longestUnreadDays: number;
  /** How many the head of the unit was told of. */
  readonly escalated: number;
  readonly late: number;
  readonly unknownToHead: number;
  readonly unreached: number;
  readonly findings: readonly { readonly what: string }[];
};

/** A year, or the first days of one; the same seed is the same year. `change` exchanges something for what does wrong. */
export async function runYear(
  seed: number,
  { days = 365, change = () => undefined }: { readonly days?: number; readonly change?: (year: Year) => void } = {},
): Promise<YearReport> {
  const year = new Year(seed, days);
  change(year);
  return year.run();
}

type Result = {
  readonly opened: number;
  readonly isCritical: boolean;
  readonly isOverlooked: boolean;
  asked: number;
  headKnew: boolean;
  read: number | null;
};

export class Year {
  readonly database = new Database();
  readonly scheduler = new Scheduler(startOfDate(localDate(YEAR, 1, 1)));
  readonly journal: Journal;
  private readonly program: Program;
  private readonly random: SeededRandom;
  private readonly days: number;
  private readonly staff: string[] = [];
  private readonly results = new Map<string, Result>();
  private readonly findings: { what: string }[] = [];
  private readonly counts = { late: 0, unknownToHead: 0, unreached: 0 };
  private numbers = 0;

  constructor(seed: number, days: number) {
    this.random = seededRandom(`year ${seed}`);
    this.days = days;
    const { database, scheduler, random } = this;
    this.journal = new Journal(database, () => scheduler.now);
    database.outbox.clock = () => scheduler.now;
    this.program = new Program("eira", { scheduler, random, weather: () => FINE });
    const { directory } = database;
    directory.addList({ id: HEAD, parent: REGION });
    directory.addList({ id: UNIT, parent: HEAD });
    directory.addList({ id: "lab", parent: REGION, channel: "lab" });
    for (const chief of ["c1", "c2", "c3"]) directory.join(chief, HEAD);
    for (const chief of ["r1", "r2", "r3"]) directory.join(chief, REGION);
    for (let one = 0; one < 10; one += 1) this.hire();
    database.onLoop = (loop, before) => this.saw(loop, before);
  }

  async run(): Promise<YearReport> {
    const { scheduler, days } = this;
    const end = scheduler.now + (days + 30) * DAY;
    this.sweep();
    this.vacations();
    this.day(zonedDate(scheduler.now), 0);
    await scheduler.run(() => scheduler.now < end);
    const results = [...this.results.values()];
    for (const [id, { read }] of this.results) if (read === null) this.tell("unreached", `${id} was never read`);
    const minutes = results.flatMap(({ isCritical, read, opened }) =>
      isCritical && read !== null ? [(read - opened) / MINUTE] : [],
    );
    const unread = results.map(({ read, opened }) => ((read ?? scheduler.now) - opened) / DAY);
    return {
      days,
      results: results.length,
      critical: results.filter(({ isCritical }) => isCritical).length,
      reached: results.filter(({ read }) => read !== null).length,
      slowestCriticalMinutes: Math.ceil(Math.max(0, ...minutes)),
      longestUnreadDays: Number(Math.max(0, ...unread).toFixed(1)),
      escalated: results.filter(({ headKnew }) => headKnew).length,
      ...this.counts,
      findings: this.findings,
    };
  }

  private tell(fault: keyof Year["counts"], what: string): void {
    this.counts[fault] += 1;
    if (this.findings.length < SHOWN) this.findings.push({ what });
  }

  /** Every loop as it is written: who is asked, and whether the head has been told. */
  private saw(loop: Loop, before: Loop | null): void {
    if (loop.kind !== "result") return;
    const result = this.results.get(loop.id) ?? this.begun(loop);
    if (loop.closed !== null) return;
    if (loop.owner === HEAD || loop.owner === REGION) result.headKnew = true;
    if (
      result.isCritical &&
      loop.responsible !== null &&
      (loop.responsible !== before?.responsible || loop.level > before.level)
    )
      this.ask(loop.id, loop.responsible, result);
  }

  private begun({ id, risk }: Loop): Result {
    const { random, scheduler, results } = this;
    const isCritical = risk === 0;
    const result: Result = {
      opened: scheduler.now,
      isCritical,
      isOverlooked: !isCritical && random.int(25) === 0,
      asked: 0,
      headKnew: false,
      read: null,
    };
    results.set(id, result);
    scheduler.after(isCritical ? 30 * MINUTE : WEEK, () => {
      if (result.read !== null) return;
      if (isCritical) this.tell("late", `${id} is life-threatening and nobody has taken it for 30 minutes`);
      else if (!result.headKnew)
        this.tell("unknownToHead", `${id} is unread since a week and the head of the unit does not know`);
    });
    return result;
  }

  /** Somebody is asked by name. Who is not at work does not answer; of those who are, two may be busy, the third is not. */
  private ask(id: string, person: string, result: Result): void {
    const { random, scheduler } = this;
    result.asked += 1;
    if (!this.isAtWork(person) || (result.asked < 3 && random.int(10) < 4)) return;
    scheduler.after(MINUTE + random.int(7 * MINUTE), () => this.read(id, person));
  }

  private isAtWork(person: string): boolean {
    const { database, scheduler } = this;
    const at = scheduler.now;
    if ([UNIT, HEAD, REGION].some((list) => database.directory.onDuty(list, at).includes(person))) return true;
    return database.directory.isPresent(person, at) && this.isOfficeHour();
  }

  private isOfficeHour(): boolean {
    const { now } = this.scheduler;
    const hour = new Date(now + zoneOffset(now)).getUTCHours();
    return hour >= 8 && hour < 17 && !isRedDay(zonedDate(now));
  }

  private read(id: string, person: string): void {
    const result = this.results.get(id)!;
    if (result.read !== null) return;
    result.read = this.scheduler.now;
    this.program.spawn(() =>
      this.journal.act(this.program, { by: person, unit: UNIT }, [
        { loop: id, version: null, event: "act", note: null, key: `act ${id}` },
      ]),
    );
  }

  /** What a day brings: rosters, people, requests, and the results' rounds. */
  private day(date: ReturnType<typeof zonedDate>, number: number): void {
    const { scheduler, random } = this;
    const at = scheduler.now;
    const isRed = isRedDay(date);
    this.roster(date);
    if (random.int(12) === 0) this.fallIll();
    if (random.int(60) === 0) this.quit();
    if (this.staff.length < 10 && random.int(10) === 0) this.hire();
    if (number < this.days) {
      const many = isRed ? 6 : 24;
      for (let one = 0; one < many; one += 1) scheduler.after(7 * HOUR + random.int(12 * HOUR), () => this.request());
    }
    if (!isRed) {
      scheduler.after(9 * HOUR + 30 * MINUTE, () => this.round());
      scheduler.after(13 * HOUR + 30 * MINUTE, () => this.round());
    }
    // The next midnight on the wall, also on days of 23 and 25 hours.
    const next = addDays(date, 1);
    scheduler.after(startOfDate(next) - at, () => this.day(next, number + 1));
  }

  /** By day two, else one and a second in reserve; the heads and the region take turns. On some days nobody is put there. */
  private roster(date: ReturnType<typeof zonedDate>): void {
    const { random, scheduler, database } = this;
    const since = scheduler.now;
    const until = startOfDate(addDays(date, 1));
    const turn = (people: readonly string[]): { person: string; since: number; until: number }[] =>
      people.map((person) => ({ person, since, until }));
    const shuffled = this.staff.toSorted(() => random.next() - 0.5);
    database.directory.onDutyFor(UNIT, random.int(30) === 0 ? [] : turn(shuffled.slice(0, 2)));
    database.directory.onDutyFor(HEAD, turn([random.pick(["c1", "c2", "c3"])]));
    database.directory.onDutyFor(REGION, turn([random.pick(["r1", "r2", "r3"])]));
  }

  private request(): void {
    const { random, scheduler } = this;
    const who = random.pick(this.staff);
    const id = `q${(this.numbers += 1)}`;
    const requester = { reference: `PractitionerRole/${who}-${UNIT}` };
    const resource = {
      resourceType: "ServiceRequest",
      status: "active",
      intent: "order",
      priority: "routine",
      requester,
      performer: [{ reference: "Organization/lab" }],
    };
    this.write(who, { type: "ServiceRequest", id, resource });
    scheduler.after(HOUR + random.int(random.int(4) === 0 ? 20 * DAY : DAY), () => this.answer(id));
  }

  private answer(id: string): void {
    const risk = this.random.int(30) === 0 ? 0 : this.random.int(4) === 0 ? 2 : 3;
    const resource = {
      resourceType: "DiagnosticReport",
      status: "final",
      basedOn: [{ reference: `ServiceRequest/${id}` }],
      performer: [{ reference: "Organization/lab" }],
    };
    this.write("client lab", { type: "DiagnosticReport", id, resource, risk });
  }

  private write(by: string, change: Parameters<Journal["commit"]>[1]["changes"][number]): void {
    this.program.spawn(() => this.journal.commit(this.program, { key: null, by, unit: UNIT, changes: [change] }));
  }

  /** Those who are at work look through what is theirs and what is the list's; some of it is overlooked until the head asks. */
  private round(): void {
    const { database, random } = this;
    const open = (list: string): Loop[] =>
      [...database.openOf(list)].map((id) => database.loops.get(id)!.loop).filter(({ kind }) => kind === "result");
    for (const { id, responsible } of open(UNIT)) {
      const who = responsible ?? random.pick(this.staff);
      if (this.isAtWork(who) && this.results.get(id)?.isOverlooked === false && random.int(10) < 7) this.read(id, who);
    }
    for (const list of [HEAD, REGION])
      for (const { id } of open(list)) {
        const who = random.pick([...database.directory.members.get(list)!]);
        if (this.isAtWork(who)) this.read(id, who);
      }
  }

  private hire(): void {
    const person = `d${(this.numbers += 1)}`;
    this.staff.push(person);
    this.database.directory.join(person, UNIT);
    restaff(this.database, this.scheduler.now);
  }

  private quit(): void {
    if (this.staff.length < 6) return;
    const [person = ""] = this.staff.splice(this.random.int(this.staff.length), 1);
    this.database.directory.leave(person, UNIT);
    restaff(this.database, this.scheduler.now);
  }

  private fallIll(): void {
    const { random, scheduler, database } = this;
    const long = random.int(8) === 0 ? 90 * DAY : 5 * DAY;
    const since = scheduler.now + 6 * HOUR;
    database.directory.beAway(random.pick([...this.staff, "c1", "c2", "r1"]), {
      since,
      until: since + DAY + Math.floor(random.next() * long),
      deputy: random.int(2) === 0 ? null : random.pick(this.staff),
    });
  }

  /** Four weeks each in summer, two at a time at work; whoever is away names somebody, who may be away, too. */
  private vacations(): void {
    const { random, scheduler, staff, database } = this;
    const summer = startOfDate(localDate(YEAR, 6, 21));
    if (summer > scheduler.now + this.days * DAY) return;
    for (const [at, person] of staff.entries())
      scheduler.after(summer - DAY - scheduler.now, () => {
        const since = summer + (at % 3) * 14 * DAY;
        const deputy = random.pick(staff);
        database.directory.beAway(person, {
          since,
          until: since + 28 * DAY,
          deputy: deputy === person ? null : deputy,
        });
      });
  }

  private sweep(): void {
    const { scheduler, program, database, journal } = this;
    const again = (): void => {
      program.spawn(async () => {
        const at = scheduler.now;
        restaff(database, at);
        relieve(database, at);
        await journal.retried(program, async (tx) => {
          await escalateOverdue(tx, at, BATCH);
          await tx.commit();
        });
      });
      scheduler.after(SWEEP_EVERY, again);
    };
    again();
  }
}
