/**
 * A laboratory with a store of its own that survives: takes orders, each once, takes the specimen, answers, corrects, and sends until it is
 * acknowledged. Sometimes it answers what nobody asked, with a number that nobody has, or with what cannot be read.
 *
 * SPEC LOOP-SIM-1
 */
import type { SeededRandom } from "../../base/index.ts";
import type { Sent } from "./courier.ts";
import type { Incoming } from "./queues.ts";
import type { Scheduler } from "./scheduler.ts";

type Known = {
  readonly order: string;
  readonly click: string;
  readonly number: string;
  /** The last message about it. */
  told: number;
  isCancelled: boolean;
  isBegun: boolean;
};

/** What the laboratory asks of the world. */
export type Surroundings = {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly isCalm: () => boolean;
  /** The longest time until an answer, or its correction. */
  readonly longest: number;
  /** Sends one message and tells whether it was acknowledged. */
  readonly send: (message: Incoming, done: (isAcknowledged: boolean) => void) => void;
  /** A specimen was taken for what somebody asked. */
  readonly onSpecimen: (click: string) => void;
};

const HOUR = 3_600_000;
const MINUTE = 60_000;

export class Laboratory {
  readonly name: string;
  isUp = true;
  private readonly orders = new Map<string, Known>();
  private readonly outgoing: Incoming[] = [];
  private readonly around: Surroundings;
  private isSending = false;
  private answers = 0;
  /** How many answers are still to come. */
  expected = 0;
  private readonly told = new Map<
    string,
    { readonly order: string; readonly answer: string; readonly version: number }
  >();

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.around = around;
  }

  /** How much it has still to tell. */
  get waiting(): number {
    return this.outgoing.length;
  }

  /** The last version of each of its answers that can be filed. */
  get said(): Iterable<{ readonly order: string; readonly answer: string; readonly version: number }> {
    return this.told.values();
  }

  /** Whether it has an order in hand. */
  knows(order: string): boolean {
    return this.orders.get(order)?.isCancelled === false;
  }

  /** Takes an order or its cancellation, durably; the same one again is the same order. */
  receive({ event, order, click, number, message }: Sent): "accepted" | "refused" | "silent" {
    if (!this.isUp) return "silent";
    const told = Number(message.slice(1));
    const known = this.orders.get(order);
    if (known !== undefined && told <= known.told) return "accepted"; // it was told so before, or it is overtaken
    if (event === "cancel") {
      if (known === undefined)
        this.orders.set(order, { order, click, number, told, isCancelled: true, isBegun: false });
      else Object.assign(known, { told, isCancelled: true });
      return "accepted";
    }
    const { random } = this.around;
    if (known === undefined && !this.around.isCalm() && random.int(200) === 0) return "refused";
    const one = known ?? { order, click, number, told, isCancelled: false, isBegun: false };
    const isAsked = !one.isBegun || one.isCancelled;
    Object.assign(one, { told, isCancelled: false });
    this.orders.set(order, one);
    if (isAsked) this.work(one);
    return "accepted";
  }

  /** The network is there again, or time has come to try. */
  flush(): void {
    const [message] = this.outgoing;
    if (this.isSending || message === undefined || !this.isUp) return;
    this.isSending = true;
    this.around.send(message, (isAcknowledged) => {
      this.isSending = false;
      if (isAcknowledged) {
        this.outgoing.shift();
        this.flush();
      } else this.around.scheduler.after(2000 + this.around.random.int(5000), () => this.flush());
    });
  }

  tell(message: Incoming): void {
    this.outgoing.push(message);
    this.flush();
  }

  /** Answers an order as it stands, so that it does not wait for ever. */
  private work(one: Known): void {
    const { random } = this.around;
    if (!one.isBegun) this.around.onSpecimen(one.click);
    one.isBegun = true;
    if (random.int(3) === 0)
      this.tell(this.message(one, { kind: "status", status: random.int(12) === 0 ? "received" : "accepted" }));
    const long = random.int(20) === 0 ? this.around.longest : 3 * HOUR;
    this.later(5 * MINUTE + random.int(long), () => this.answer(one));
  }

  private answer(one: Known): void {
    const { random } = this.around;
    if (one.isCancelled && random.int(2) === 0) return; // it was in time, this time
    const parts = random.int(12) === 0 ? 2 : 1;
    for (let part = 0; part < parts; part += 1) {
      const answer = `${this.name}${(this.answers += 1)}`;
      const isCritical = random.int(40) === 0;
      let version = 1;
      const say = (status: string): void =>
        this.tell(this.message(one, { kind: "result", status, answer, version: version++, isCritical }));
      if (random.int(6) === 0) {
        say("preliminary");
        this.later(random.int(3 * HOUR), () => say("final"));
      } else say("final");
      if (random.int(15) === 0) this.later(HOUR + random.int(this.around.longest), () => say("corrected"));
    }
    if (!this.around.isCalm()) this.nonsense(one);
  }

  private later(delay: number, happen: () => void): void {
    this.expected += 1;
    this.around.scheduler.after(delay, () => {
      this.expected -= 1;
      happen();
    });
  }

  /** What should not come, and does. */
  private nonsense(one: Known): void {
    const { random } = this.around;
    const chance = random.int(100);
    if (chance > 3) return;
    const answer = `${this.name}x${(this.answers += 1)}`;
    const wrong = this.message(one, { kind: "result", status: "final", answer, version: 1 });
    if (chance === 0) this.tell({ ...wrong, isPoison: true });
    else if (chance === 1) this.tell({ ...wrong, order: `ServiceRequest/none${answer}` });
    else if (chance === 2) this.tell({ ...wrong, number: "somebody else's" });
    else this.tell({ ...wrong, isPoison: true, kind: "status" });
  }

  private message({ order, number }: Known, told: Pick<Incoming, "kind" | "status"> & Partial<Incoming>): Incoming {
    const { answer = "", version = 1 } = told;
    const hash = `${this.name} ${order} ${told.kind} ${answer} ${version} ${told.status}`;
    return { source: this.name, hash, order, number, answer, version, isCritical: false, isPoison: false, ...told };
  }
}
