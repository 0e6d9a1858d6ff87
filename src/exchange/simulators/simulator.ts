/**
 * A simulated system on real sockets: it takes orders over MLLP, acknowledges them, and sends what its plan says, each message until it is
 * acknowledged. It is a process of its own and knows nothing of Eira but what stands in messages. SPEC EXCH-SIM-RUN
 */
import { seededRandom } from "../../base/index.ts";
import { buildMessage, Hl7Error, parseMessage, type Charset } from "../hl7v2/codec/index.ts";
import { answerTo, headerOf, hl7Time } from "../hl7v2/mllp/answers.ts";
import { MllpClient } from "../hl7v2/mllp/client.ts";
import { startMllpServer } from "../hl7v2/mllp/server.ts";
import { isAway, withFaults, type Faults } from "./faults.ts";
import { LAB_SCENARIOS, LABORATORY, laboratorySteps, type Behaviour } from "./laboratory.ts";
import { orderIn, type SimulatedOrder } from "./order.ts";
import { RAD_SCENARIOS, RADIOLOGY, radiologySteps } from "./radiology.ts";
import { statusSegments, type Step } from "./steps.ts";

export type SimulatorOptions = Behaviour & {
  readonly kind: "laboratory" | "radiology";
  readonly host: string;
  readonly port: number;
  /** Where answers go. */
  readonly to: { readonly host: string; readonly port: number };
  readonly charset: Charset;
  readonly faults: Faults;
  readonly clock: () => Date;
  /** Hears what happens; numbers of orders and nothing of a patient. */
  readonly tell: (line: string) => void;
};

export type Simulator = { readonly port: number; readonly close: () => Promise<void> };

const KINDS = {
  laboratory: { sender: LABORATORY, stepsOf: laboratorySteps },
  radiology: { sender: RADIOLOGY, stepsOf: radiologySteps },
} as const;
const MOST_BYTES = 16 * 1024 * 1024;
const AGAIN_MS = 500;
const ANSWER_MS = 10_000;

/** An order that the simulator has, and what of it is still to be sent. */
type Taken = {
  readonly order: SimulatedOrder;
  readonly index: number;
  readonly timers: Set<NodeJS.Timeout>;
  isAnswered: boolean;
  isCancelled: boolean;
};

/** Starts a simulator. Errors: what listening fails with. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const running = new Running(options);
  const server = await startMllpServer({
    port: options.port,
    host: options.host,
    most: MOST_BYTES,
    idleMs: 0,
    onMessage: (bytes) => running.receive(bytes),
    onFault: (what) => options.tell(what),
  });
  return {
    port: server.port,
    close: async () => {
      running.stop();
      await server.close();
    },
  };
}

function nothingToCome(order: SimulatedOrder, index: number): Taken {
  return { order, index, timers: new Set(), isAnswered: false, isCancelled: false };
}

class Running {
  private readonly options: SimulatorOptions;
  private readonly client: MllpClient;
  private readonly started: number;
  private readonly orders = new Map<string, Taken>();
  private readonly unacknowledged = new Set<string>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private count = 0;
  private isStopped = false;

  constructor(options: SimulatorOptions) {
    this.options = options;
    this.client = new MllpClient({ ...options.to, connectMs: ANSWER_MS, answerMs: ANSWER_MS });
    this.started = options.clock().getTime();
  }

  stop(): void {
    this.isStopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.client.close();
  }

  /** Takes a message and answers it. A failure is a connection that ends without an acknowledgement. */
  async receive(bytes: Buffer): Promise<Uint8Array | undefined> {
    const { clock, charset, faults, seed, tell } = this.options;
    if (this.isAway()) throw new Error("the simulated system is away");
    const mark = { controlId: `A${++this.count}`, time: hl7Time(clock()) };
    try {
      const message = parseMessage(bytes, { charset });
      const { controlId } = headerOf(message);
      const order = orderIn(message);
      if (order === undefined) return answerTo(message, { verdict: "reject", why: "no order" }, mark).bytes();
      this.take(order);
      const isLost =
        !this.unacknowledged.has(controlId) && seededRandom(`${seed}|ack|${controlId}`).next() < faults.lostAck;
      if (isLost) {
        this.unacknowledged.add(controlId);
        tell(`${order.control}: taken, and the acknowledgement is lost`);
        throw new Error("the acknowledgement is lost on purpose");
      }
      return answerTo(message, { verdict: "accept" }, mark).bytes();
    } catch (error) {
      if (!(error instanceof Hl7Error)) throw error;
      return answerTo(undefined, { verdict: "error", why: error.why, place: error.place }, mark).bytes();
    }
  }

  /** The same order twice is one order. */
  private take(order: SimulatedOrder): void {
    const known = this.orders.get(order.key);
    if (order.control === "CA") return this.cancel(order, known);
    if (order.control === "XO" && known !== undefined) return this.change(order, known);
    if (known === undefined) this.begin(order, this.orders.size, "");
  }

  /** What is sent of an order from now on; `change` tells apart what was sent of it before it was changed. */
  private begin(order: SimulatedOrder, index: number, change: string): void {
    const { kind, faults, seed, tell } = this.options;
    const taken = this.keep(order, index);
    const steps = withFaults(KINDS[kind].stepsOf(order, index, this.options), faults, `${seed}|${index}${change}`);
    for (const [at, step] of steps.entries()) this.plan(taken, step, `${index}${change}-${at}`);
    tell(`order ${index}: ${order.name} (${steps.length} messages to come)`);
  }

  private keep(order: SimulatedOrder, index: number): Taken {
    const taken: Taken = { order, index, timers: new Set(), isAnswered: false, isCancelled: false };
    this.orders.set(order.key, taken);
    return taken;
  }

  /** It is done as it is asked by now; one that has been answered, or was called off, is not changed. */
  private change(order: SimulatedOrder, known: Taken): void {
    if (known.isAnswered || known.isCancelled) return this.say(order, "UX");
    for (const timer of known.timers) clearTimeout(timer);
    this.say(order, "XR");
    this.begin(order, known.index, `c${++this.count}`);
  }

  private cancel(order: SimulatedOrder, known: Taken | undefined): void {
    if (known?.isAnswered === true) return this.say(order, "UC");
    for (const timer of known?.timers ?? []) clearTimeout(timer);
    this.keep(order, known?.index ?? this.orders.size).isCancelled = true;
    this.say(order, "CR");
  }

  private say(order: SimulatedOrder, control: string): void {
    const { sender } = KINDS[this.options.kind];
    const segments: Step["segments"] = (when, id) => statusSegments(sender, order, { when, control: id }, { control });
    this.plan(nothingToCome(order, 0), { afterMs: 0, isAnswer: false, segments }, `${control}-${++this.count}`);
  }

  private plan(taken: Taken, step: Step, name: string): void {
    const { clock, kind, charset, seed } = this.options;
    const due = new Date(clock().getTime() + (step.saidMs ?? step.afterMs));
    const control = `${KINDS[kind].sender.application}-${seed}-${this.started.toString(36)}-${name}`.slice(0, 50);
    const timer = setTimeout(() => {
      taken.timers.delete(timer);
      this.timers.delete(timer);
      taken.isAnswered ||= step.isAnswer;
      const bytes = buildMessage(step.segments(due, control), { charset }).bytes();
      void this.send(bytes, control).then(() => (step.isTwice === true ? this.send(bytes, control) : undefined));
    }, step.afterMs);
    taken.timers.add(timer);
    this.timers.add(timer);
  }

  /** Until it is acknowledged; a refusal is for a person to look at, and is not sent again. */
  private async send(bytes: Buffer, control: string): Promise<void> {
    while (!this.isStopped) {
      if (!this.isAway()) {
        const outcome = await this.client.send(bytes, control);
        if (outcome.kind === "answered") {
          if (!/^[AC]A$/.test(outcome.answer.code)) this.options.tell(`${control}: refused (${outcome.answer.code})`);
          return;
        }
      }
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, AGAIN_MS);
        this.timers.add(timer);
      });
    }
  }

  private isAway(): boolean {
    return isAway(this.options.faults, this.options.clock().getTime() - this.started);
  }
}

/** The ways in which each of them can answer, when one is set. */
export const SCENARIOS: Readonly<Record<SimulatorOptions["kind"], readonly string[]>> = {
  laboratory: LAB_SCENARIOS,
  radiology: RAD_SCENARIOS,
};
