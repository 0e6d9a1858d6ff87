/**
 * One world made from a seed: people and units, two laboratories, a network, servers and workers that die, a database that is now and then
 * away, and a clock that is set. First there is work and weather, then only work left over, then all faults stop and people finish.
 *
 * SPEC LOOP-SIM-1
 */
import { seededRandom, type SeededRandom } from "../../base/index.ts";
import { FhirError, type JsonObject } from "../../fhir/index.ts";
import { REGION, type Loop } from "../model.ts";
import { Database, Violation } from "./database.ts";
import { dispatchOne, fileOne, park, settle, takeIn, type Edges, type Reply, type Sent } from "./courier.ts";
import { Journal, Stale } from "./journal.ts";
import { Laboratory } from "./laboratory.ts";
import { describe, Observer } from "./observer.ts";
import { People, type Command, type Outcome, type Patient } from "./people.ts";
import { Program, type Weather } from "./program.ts";
import type { Incoming } from "./queues.ts";
import { Scheduler } from "./scheduler.ts";
import { closeList, relieve, restaff } from "./sweeps.ts";
import { turmoil } from "./turmoil.ts";
import { alarm, BATCH, escalate, isOfTheWeather } from "./watching.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Friday before the clocks go back (2026-10-25). */
const BEGIN = Date.UTC(2026, 9, 23, 5);
const CHANNELS = ["lab", "rad"];
const TIMEOUT = 15 * SECOND;
const SWEEP_EVERY = 20 * SECOND;
/** Workers look so often; that something has come wakes them before. */
const LOOK_EVERY = 6 * SECOND;
/** A small world is a short one, too. */
const SMALL = 10_000;
const VISIBLE_WITHIN = MINUTE;
const FINE: Weather = { crash: 0, slow: 0, unknown: 0 };
const WEATHERS: readonly (Weather & { readonly loss: number; readonly twice: number })[] = [
  { crash: 0.0001, slow: 0.001, unknown: 0.0001, loss: 0.005, twice: 0.01 },
  { crash: 0.001, slow: 0.004, unknown: 0.001, loss: 0.05, twice: 0.05 },
  { crash: 0.004, slow: 0.004, unknown: 0.004, loss: 0.25, twice: 0.2 },
];

/** What can be exchanged for something that does wrong: the plants do. */
export type Parts = {
  takeIn: typeof takeIn;
  dispatchOne: typeof dispatchOne;
  settle: typeof settle;
  fileOne: typeof fileOne;
  park: typeof park;
  restaff: typeof restaff;
  relieve: typeof relieve;
  closeList: typeof closeList;
  escalate: (world: World, program: Program) => Promise<number>;
  alarm: (world: World, program: Program, queue: string, isLate: boolean) => Promise<void>;
};

export class World {
  readonly scheduler = new Scheduler(BEGIN);
  readonly random: SeededRandom;
  readonly database = new Database();
  readonly journal: Journal;
  readonly observer: Observer;
  readonly people: People;
  readonly edges: Edges;
  readonly parts: Parts;
  readonly laboratories: ReadonlyMap<string, Laboratory>;
  readonly units: string[] = [];
  readonly patients: Patient[] = [];
  phase: "work" | "after" | "calm" = "work";
  /** How far the system's clock is from the truth. */
  skew = 0;
  overload = false;
  weather = WEATHERS[0]!;
  readonly partitioned = new Set<string>();
  private readonly target: number;
  private readonly servers: Program[];
  private readonly workers: Program[];

  constructor(seed: string, target: number) {
    this.random = seededRandom(seed);
    this.target = target;
    const { database, scheduler, random } = this;
    const clock = (): number => Math.floor(scheduler.now + this.skew);
    database.outbox.clock = clock;
    database.inbox.clock = clock;
    this.journal = new Journal(database, clock);
    const isNumberOf = (order: JsonObject, number: string): boolean =>
      this.patients[Number(order["patient"])]?.numbers.has(number) === true;
    this.observer = new Observer(database, { clock, now: () => scheduler.now, isNumberOf });
    this.parts = { takeIn, dispatchOne, settle, fileOne, park, restaff, relieve, closeList, escalate, alarm };
    this.laboratories = new Map(CHANNELS.map((name) => [name, this.laboratory(name)]));
    this.edges = {
      database,
      journal: this.journal,
      clock,
      carry: (program, channel, sent) => this.carry(program, channel, sent),
      isNumberOf,
      listOf: (source) => source,
    };
    this.populate();
    this.people = new People({
      database,
      random,
      clock,
      after: (delay, happen) => scheduler.after(delay, happen),
      isCalm: () => this.phase === "calm",
      patients: this.patients,
      units: this.units,
      channels: CHANNELS,
      submit: (command, done) => this.submit(command, done),
    });
    const seen = database.onLoop;
    database.onLoop = (loop, before) => {
      seen(loop, before);
      if (loop.state === "transferred" && before?.state !== "transferred") this.mustHaveIt(loop);
      if (loop.closed === null) this.people.attend(loop);
    };
    this.servers = ["server1", "server2"].map((name) => this.program(name, () => undefined));
    this.workers = ["worker1", "worker2"].map((name) => this.program(name, (program) => this.beginWorker(program)));
    for (const name of ["watchdog1", "watchdog2"]) this.program(name, (program) => this.beginWatchdog(program));
  }

  get clock(): () => number {
    return this.edges.clock;
  }

  get crashes(): number {
    return [...this.servers, ...this.workers].reduce((sum, { crashes }) => sum + crashes, 0);
  }

  /** Runs until everything has come to its end, or should have. */
  async run(): Promise<void> {
    const { scheduler, observer } = this;
    this.arrivals();
    turmoil(this);
    this.looking();
    const days = Math.min(6, Math.max(0.15, this.target / 15_000));
    let until = Infinity;
    const isGoing = (): boolean => {
      if (this.phase === "work" && observer.loops >= this.target * 0.92) {
        this.phase = "after";
        until = scheduler.now + days * DAY;
      } else if (this.phase === "after" && scheduler.now > until) {
        this.calm();
        until = scheduler.now + 25 * DAY;
      }
      return observer.isSound && !(this.phase === "calm" && (scheduler.now > until || this.isOver()));
    };
    try {
      await scheduler.run(isGoing);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      observer.tell("broken", error.message);
    }
    if (observer.isSound) this.judgeEnd();
  }

  /** Asks a server; the answer may never come, or the request may come twice. */
  submit(command: Command, done: (outcome: Outcome) => void): void {
    const { random, scheduler } = this;
    const again = (): void => {
      if (this.phase !== "calm" && random.int(100) === 0) done("left");
      else scheduler.after(2 * SECOND + random.int(10 * SECOND), attempt);
    };
    const attempt = (): void => {
      const server = random.pick(this.servers);
      if (!server.isUp || this.isLost()) return again();
      if (this.isTwice())
        this.call(
          random.pick(this.servers),
          (program) => this.perform(program, command),
          () => undefined,
        );
      this.call(
        server,
        (program) => this.perform(program, command),
        (outcome) => (outcome === undefined ? again() : done(outcome)),
      );
    };
    attempt();
  }

  private keys = 0;
  private async perform(program: Program, command: Command): Promise<Outcome> {
    try {
      if (command.kind === "write") {
        const wish = command.wish();
        await this.journal.commit(program, wish);
        return "done";
      }
      const { by, unit, loop, event, to } = command;
      const act = {
        loop: loop.id,
        version: loop.version,
        event,
        note: null,
        key: `a${(this.keys += 1)}`,
        ...(to === undefined ? {} : { to }),
      };
      await this.journal.act(program, { by, unit }, [act]);
      return "done";
    } catch (error) {
      if (error instanceof Stale) return "refused";
      if (!(error instanceof FhirError)) throw error;
      if (error.code === "LOOP_STEP" && command.kind === "act")
        this.observer.tell("broken", `${command.event} is refused: ${describe(command.loop)}`);
      return "refused";
    }
  }

  /** A request to a program and its answer; undefined when none came. */
  private call<T>(
    program: Program,
    task: (program: Program) => Promise<T>,
    done: (answer: T | undefined) => void,
  ): void {
    const { scheduler, random } = this;
    if (!program.isUp) {
      scheduler.after(TIMEOUT, () => done(undefined));
      return;
    }
    const mourn = (): void => scheduler.after(TIMEOUT, () => done(undefined));
    program.mourners.add(mourn);
    program.spawn(async () => {
      let answer: T | undefined;
      try {
        answer = await task(program);
      } catch (error) {
        if (!isOfTheWeather(error)) throw error;
      }
      program.mourners.delete(mourn);
      if (this.isLost()) scheduler.after(TIMEOUT, () => done(undefined));
      else scheduler.after(random.int(200), () => done(answer));
    });
  }

  private async carry(program: Program, channel: string, sent: Sent): Promise<Reply> {
    const { random, scheduler } = this;
    const laboratory = this.laboratories.get(channel)!;
    if (this.isLost() || this.partitioned.has(channel)) {
      await program.sleep(5 * SECOND);
      return "silent";
    }
    await program.sleep(20 + random.int(200));
    if (sent.event === "order" && laboratory.isUp) this.observer.believes(channel, sent.order, ["order", "referral"]);
    const reply = laboratory.receive(sent);
    if (reply === "refused") this.mustBeTold(sent.order);
    if (this.isTwice()) scheduler.after(random.int(2 * HOUR), () => laboratory.receive(sent));
    if (reply === "silent" || this.isLost()) {
      await program.sleep(5 * SECOND);
      return "silent";
    }
    return reply;
  }

  /** What stands as sent to a laboratory is in its hands: neither a refusal nor the word of another laboratory says so. */
  private mustHaveIt(loop: Loop): void {
    const name = `${loop.subject.type}/${loop.subject.id}`;
    const laboratory = this.laboratories.get(loop.receiver ?? "");
    if (laboratory !== undefined && !laboratory.knows(name))
      this.observer.tell("hidden", `${name} stands as sent to ${laboratory.name}, which does not have it`);
  }

  /**
   * Whoever sent what was refused is told within a minute, unless it was taken when it was sent again, or is with another laboratory by
   * then: somebody may be quicker than the minute and ask there.
   */
  private mustBeTold(order: string): void {
    const { scheduler, observer, database } = this;
    scheduler.after(VISIBLE_WITHIN, () => {
      const loop = database.about(order).find(({ kind }) => kind === "order");
      if (loop?.state === "transferred" && scheduler.now > observer.excusedUntil) this.mustHaveIt(loop);
    });
  }

  private laboratory(name: string): Laboratory {
    const { random, scheduler } = this;
    return new Laboratory(name, {
      scheduler,
      random,
      isCalm: () => this.phase === "calm",
      longest: this.target < SMALL ? 3 * HOUR : 30 * HOUR,
      onSpecimen: (click) => this.observer.did(`the specimen of ${click} in ${name}`),
      send: (message, done) => this.deliver(name, message, done),
    });
  }

  /** From a laboratory to a server: what is acknowledged is durable here. */
  private deliver(name: string, message: Incoming, done: (isAcknowledged: boolean) => void): void {
    const { random, scheduler } = this;
    if (this.partitioned.has(name) || this.isLost()) {
      scheduler.after(TIMEOUT, () => done(false));
      return;
    }
    const take = (program: Program): Promise<boolean> =>
      this.parts.takeIn(this.edges, program, message).then(() => true);
    if (this.isTwice())
      scheduler.after(random.int(2 * HOUR), () => this.call(random.pick(this.servers), take, () => this.wake()));
    this.call(random.pick(this.servers), take, (answer) => {
      if (answer === true && !this.database.inbox.known.has(message.hash))
        this.observer.tell("orphans", `${name} was told that ${message.hash} is taken, and it is not there`);
      this.wake();
      done(answer === true);
    });
  }

  private isLost(): boolean {
    return this.phase !== "calm" && this.random.next() < this.weather.loss;
  }

  private isTwice(): boolean {
    return this.phase !== "calm" && this.random.next() < this.weather.twice;
  }

  private program(name: string, begin: (program: Program) => void): Program {
    const weather = (): Weather => (this.phase === "calm" ? FINE : this.weather);
    const slowest = name.startsWith("watchdog") ? 12 * SECOND : 30 * SECOND;
    const program = new Program(name, { scheduler: this.scheduler, random: this.random, weather, slowest }, begin);
    program.start();
    return program;
  }

  /** Idle workers look at once; beside that they look every few seconds. */
  private wake(): void {
    for (const worker of this.workers) if (worker.isUp) this.filing(worker);
  }

  private readonly busy = new Map<string, number>();

  private beginWorker(program: Program): void {
    const { life } = program;
    const look = (): void => {
      if (program.life !== life) return;
      this.filing(program);
      for (const channel of CHANNELS)
        if ((this.database.outbox.channels.get(channel)?.length ?? 0) > 0)
          this.keepBusy(program, channel, () =>
            this.parts.dispatchOne(this.edges, program, channel, this.parts.settle),
          );
      this.scheduler.after(LOOK_EVERY, look);
    };
    this.scheduler.after(this.random.int(LOOK_EVERY), look);
  }

  private filing(program: Program): void {
    if (this.database.inbox.length === 0) return;
    this.keepBusy(program, "inbox", async () => {
      await program.sleep(10 + this.random.int(60));
      return this.parts.fileOne(this.edges, program, this.parts.park);
    });
  }

  /** Does something again and again until there is nothing more; one of a kind at a time in each life. */
  private keepBusy(program: Program, what: string, once: () => Promise<boolean>): void {
    const name = `${program.name} ${what}`;
    if (this.busy.get(name) === program.life) return;
    const { life } = program;
    this.busy.set(name, life);
    program.spawn(async () => {
      try {
        while (await once());
      } catch (error) {
        if (!isOfTheWeather(error)) throw error;
      }
      if (this.busy.get(name) === life) this.busy.delete(name);
    });
  }

  private beginWatchdog(program: Program): void {
    program.every(SWEEP_EVERY, async () => {
      try {
        await this.watch(program);
      } catch (error) {
        if (!isOfTheWeather(error)) throw error;
      }
    });
  }

  /** One round: as watch.ts does it, and queues that stand still are told. */
  private async watch(program: Program): Promise<void> {
    const { database, clock } = this;
    await program.step(() => {
      database.assertUp();
      this.parts.restaff(database, clock());
      this.parts.relieve(database, clock());
      database.onCommitted();
    });
    while ((await this.parts.escalate(this, program)) === BATCH);
    const old = clock() - 30 * SECOND;
    await this.parts.alarm(this, program, "inbox", (database.inbox.oldest() ?? Infinity) < old);
    for (const channel of CHANNELS)
      await this.parts.alarm(
        this,
        program,
        channel,
        (database.outbox.channels.get(channel)?.[0]?.added ?? Infinity) < old,
      );
  }

  private arrivals(): void {
    const { random, scheduler } = this;
    const next = (): void => {
      if (this.phase !== "work") return;
      this.people.begin();
      const hour = (scheduler.now / HOUR) % 24;
      const usual = hour > 6 && hour < 16 ? 2 * SECOND : 20 * SECOND;
      scheduler.after(1 + random.int(2 * usual) / (this.overload ? 20 : 1), next);
    };
    next();
  }

  private looking(): void {
    const look = (): void => {
      this.observer.look();
      this.scheduler.after(10 * SECOND, look);
    };
    look();
  }

  /** All faults stop. */
  private calm(): void {
    this.phase = "calm";
    this.overload = false;
    this.database.isUp = true;
    this.partitioned.clear();
    for (const laboratory of this.laboratories.values()) {
      laboratory.isUp = true;
      laboratory.flush();
    }
    for (const { loop } of this.database.loops.values()) this.people.attend(loop, true);
  }

  changeWeather(): void {
    this.weather = this.random.pick(WEATHERS);
  }

  private isOver(): boolean {
    const { database } = this;
    if (database.nextDeadline() !== undefined || database.inbox.length > 0) return false;
    for (const rows of database.outbox.channels.values()) if (rows.length > 0) return false;
    for (const { waiting, expected } of this.laboratories.values()) if (waiting + expected > 0) return false;
    return true;
  }

  private judgeEnd(): void {
    const { database, observer } = this;
    for (const { loop } of database.loops.values()) if (loop.closed === null) observer.tell("unended", describe(loop));
    for (const [channel, rows] of database.outbox.channels)
      if (rows.length > 0) observer.tell("unended", `${rows.length} messages to ${channel}`);
    if (database.inbox.length > 0) observer.tell("unended", `${database.inbox.length} messages to be filed`);
    for (const laboratory of this.laboratories.values()) {
      if (laboratory.waiting > 0) observer.tell("unended", `${laboratory.waiting} messages of ${laboratory.name}`);
      for (const { order, answer, version } of laboratory.said) this.judgeAnswer(order, answer, version);
    }
  }

  /** What a laboratory has answered stands in the record, in the version that it said last, or was somebody's to see to. */
  private judgeAnswer(order: string, answer: string, version: number): void {
    const report = this.database.records.get(`DiagnosticReport/${order.slice("ServiceRequest/".length)}.${answer}`);
    if (report === undefined) this.observer.tell("orphans", `the answer ${answer} to ${order} is nowhere`);
    else if (Number(report.content["asOf"]) !== version)
      this.observer.tell("orphans", `the answer ${answer} stands in another version than the last`);
  }

  private populate(): void {
    const { database, units, random } = this;
    const { directory } = database;
    for (const house of ["h1", "h2"]) directory.addList({ id: house, parent: REGION });
    for (let unit = 1; unit <= 14; unit += 1) {
      const id = `u${unit}`;
      directory.addList({ id, parent: unit % 2 === 0 ? "h1" : "h2" });
      units.push(id);
    }
    for (const channel of CHANNELS) directory.addList({ id: channel, parent: "h1", channel });
    let person = 0;
    for (const list of ["h1", "h2", ...units]) {
      const several = 2 + random.int(3);
      for (let one = 0; one < several; one += 1) directory.join(`p${(person += 1)}`, list);
    }
    for (const one of [1, 2, 3]) directory.join(`r${one}`, REGION);
    restaff(database, this.clock());
    for (let patient = 0; patient < 500; patient += 1)
      this.patients.push({ number: `n${patient}`, numbers: new Set([`n${patient}`]) });
  }
}
