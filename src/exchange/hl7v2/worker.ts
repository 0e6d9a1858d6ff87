/**
 * Working on what came in: the messages of a channel in their order, those of different patients beside each other. What fails for a
 * passing reason is tried again for ever; what cannot be worked on is parked with an owner while the others go on.
 *
 * SPEC EXCH-HL7-WORK · failure modes F1, F5, F69
 */
import { FhirError } from "../../fhir/index.ts";
import type { Hl7Settlement, Store, WaitingReceived } from "../../store/index.ts";
import type { InChannel } from "./channels.ts";
import { Hl7Error, parseMessage, type Hl7Message } from "./codec/index.ts";
import { aboutReceived, isAway, type Fault, type FaultLedger } from "./faults.ts";

/** A message as it is worked on. */
export type ReceivedMessage = {
  readonly message: Hl7Message;
  readonly channel: InChannel;
  readonly position: number;
  readonly received: string;
  /** How often it was asked for again: whoever keeps a key for what was done adds it. */
  readonly runs: number;
};

/** What came of it. */
export type WorkOutcome =
  | { readonly kind: "done"; readonly told?: unknown }
  /** Somebody has to see to it: each of these, and to whom. */
  | { readonly kind: "parked"; readonly faults: readonly Omit<Fault, "about">[]; readonly told?: unknown }
  /** Not now: for example because what it needs is not there yet. */
  | { readonly kind: "later"; readonly why: string };

/**
 * The work on one message. It is done at least once and may be done again after a crash, so the same message again must have no further
 * effect. Errors: those of status 500 and more (the database is away, nobody knows) are passing; any other parks the message.
 */
export type WorkStep = (received: ReceivedMessage) => Promise<WorkOutcome>;

/**
 * The work on several messages that share no patient, in one piece. Nothing when it cannot be done in one piece and nothing was done: then
 * each is worked on alone, and what one cannot stand is not the others' fault.
 */
export type WorkTogether = (received: readonly ReceivedMessage[]) => Promise<readonly WorkOutcome[] | undefined>;

export type WorkerOptions = {
  readonly store: Store;
  readonly clock: () => Date;
  readonly faults: FaultLedger;
  readonly step: WorkStep;
  readonly together?: WorkTogether;
  readonly onFault: (error: unknown) => void;
  /** Messages that are worked on at once. */
  readonly lanes?: number;
};

const LANES = 8;
/** Groups of messages that are worked on together, and what is too little for one. */
const GROUPS_AT_ONCE = 2;
const MOST_IN_WAVE = 256;
const FEW = 8;
const MESSAGES_A_ROUND = 512;
const BYTES_A_ROUND = 32 * 1024 * 1024;
const FIRST_PAUSE_S = 1;
const LONGEST_PAUSE_S = 300;

type Settled = { readonly row: WaitingReceived; readonly settlement: Hl7Settlement; readonly faults: readonly Fault[] };

export class Hl7Worker {
  private readonly options: WorkerOptions;

  constructor(options: WorkerOptions) {
    this.options = options;
  }

  /**
   * One round over a channel; answers whether there is more to do at once. One server at a time goes it. Errors: the database is away; then
   * nothing more of the round is tried.
   */
  async round(channel: InChannel, signal: AbortSignal): Promise<boolean> {
    const { store } = this.options;
    const rows = await store.read("*", (look) =>
      look.hl7.received.waiting(channel.name, MESSAGES_A_ROUND, BYTES_A_ROUND),
    );
    if (rows.length === 0) return false;
    const round = new Round(this.options, channel, signal);
    await round.run(rows);
    return true;
  }
}

/** The messages of a round: chained by their keys, on a few lanes, settled together. */
class Round {
  private readonly options: WorkerOptions;
  private readonly channel: InChannel;
  private readonly signal: AbortSignal;
  private readonly settled: Settled[] = [];
  /** What holds the later messages of a key back until the next round. */
  private readonly held = new Set<string>();
  private away: unknown;
  private writing: Promise<void> = Promise.resolve();
  private isWriting = false;

  constructor(options: WorkerOptions, channel: InChannel, signal: AbortSignal) {
    this.options = options;
    this.channel = channel;
    this.signal = signal;
  }

  async run(rows: readonly WaitingReceived[]): Promise<void> {
    await this.runAlone(
      this.options.together === undefined ? rows : await this.runTogether(rows, this.options.together),
    );
    while (this.settled.length > 0 || this.isWriting) {
      this.write();
      await this.writing;
    }
    if (this.away !== undefined) throw this.away as Error;
  }

  /** Works on groups of messages that share no patient, some groups at once. Answers what is left to be worked on alone. */
  private async runTogether(
    rows: readonly WaitingReceived[],
    together: WorkTogether,
  ): Promise<readonly WaitingReceived[]> {
    let left = rows;
    while (left.length >= FEW && this.away === undefined && !this.signal.aborted) {
      const { wave, rest } = waveOf(left);
      if (wave.length < FEW) return left;
      const size = Math.ceil(wave.length / GROUPS_AT_ONCE);
      const groups = Array.from({ length: GROUPS_AT_ONCE }, (_, at) => wave.slice(at * size, (at + 1) * size));
      const alone = (await Promise.all(groups.map((group) => this.group(group, together)))).flat();
      await this.runAlone(alone); // before the next wave, whose patients may be the same
      left = rest.filter((row) => !this.isHeld(row));
    }
    return left;
  }

  /** Answers the messages that have to be worked on alone. */
  private async group(rows: readonly WaitingReceived[], together: WorkTogether): Promise<readonly WaitingReceived[]> {
    if (rows.length === 0) return [];
    try {
      const outcomes = await together(rows.map((row) => this.received(row)));
      if (outcomes === undefined) return rows;
      for (const [at, row] of rows.entries()) {
        const outcome = outcomes[at];
        if (outcome !== undefined) this.keep(this.settledBy(row, outcome));
      }
      return [];
    } catch (error) {
      if (isAway(error)) this.away = error;
      return rows; // each by itself tells which of them it was
    }
  }

  private received(row: WaitingReceived): ReceivedMessage {
    const message = parseMessage(row.raw, { charset: this.channel.charset });
    const { position, received, runs } = row;
    return { message, channel: this.channel, position, received, runs };
  }

  private async runAlone(rows: readonly WaitingReceived[]): Promise<void> {
    const lanes = new Lanes(this.options.lanes ?? LANES);
    const last = new Map<string, Promise<void>>();
    const all = rows.map((row) => {
      const before = row.keys.flatMap((key) => last.get(key) ?? []);
      const done = Promise.all(before).then(() => lanes.run(() => this.one(row)));
      for (const key of row.keys) last.set(key, done);
      return done;
    });
    await Promise.all(all);
  }

  private async one(row: WaitingReceived): Promise<void> {
    if (this.away !== undefined || this.signal.aborted) return;
    if (this.isHeld(row)) return;
    const settled = await this.worked(row);
    if (settled === undefined) return;
    this.keep(settled);
  }

  /** Whether a message has to wait for another; who waits for it waits too. */
  private isHeld({ keys }: WaitingReceived): boolean {
    if (!keys.some((key) => this.held.has(key))) return false;
    for (const key of keys) this.held.add(key);
    return true;
  }

  private keep(settled: Settled): void {
    const { row, settlement } = settled;
    if (settlement.state === "waiting" || (settlement.state === "parked" && settlement.holds))
      for (const key of row.keys) this.held.add(key);
    this.settled.push(settled);
    this.write();
  }

  /** What came of a message; nothing when the database is away, which is no fault of the message. */
  private async worked(row: WaitingReceived): Promise<Settled | undefined> {
    try {
      return this.settledBy(row, await this.options.step(this.received(row)));
    } catch (error) {
      if (isAway(error)) {
        this.away = error;
        return undefined;
      }
      if (error instanceof FhirError && error.status >= 500) return this.later(row, error.code);
      if (!(error instanceof FhirError) && !(error instanceof Hl7Error)) this.options.onFault(error);
      return this.parked(row, [{ owner: this.channel.owner, note: wordsOf(error) }], undefined);
    }
  }

  private settledBy(row: WaitingReceived, outcome: WorkOutcome): Settled {
    if (outcome.kind === "done")
      return { row, settlement: { state: "done", outcome: outcome.told ?? null }, faults: [] };
    if (outcome.kind === "later") return this.later(row, outcome.why);
    return this.parked(row, outcome.faults, outcome.told);
  }

  private later(row: WaitingReceived, error: string): Settled {
    const delaySeconds = Math.min(FIRST_PAUSE_S * 2 ** Math.min(row.attempts, 20), LONGEST_PAUSE_S);
    return { row, settlement: { state: "waiting", error, delaySeconds }, faults: [] };
  }

  private parked(row: WaitingReceived, faults: readonly Omit<Fault, "about">[], told: unknown): Settled {
    const error = faults.map(({ note }) => note).join("; ") || "parked";
    const all = faults.length > 0 ? faults : [{ owner: this.channel.owner, note: error }];
    const about = aboutReceived(row.position);
    const named = all.map(({ owner, note }) => ({
      about,
      owner,
      note: `${row.channel}: ${row.type} ${row.controlId} ${note}`,
    }));
    const holds = this.channel.parked === "hold";
    return { row, settlement: { state: "parked", error, holds, outcome: told ?? null }, faults: named };
  }

  /** Writes what came of messages, as many as there are, one transaction after the other. */
  private write(): void {
    if (this.isWriting) return;
    this.isWriting = true;
    this.writing = this.writeAll().finally(() => (this.isWriting = false));
  }

  private async writeAll(): Promise<void> {
    const { store, clock, faults } = this.options;
    while (this.settled.length > 0) {
      const together = this.settled.splice(0, this.settled.length);
      const now = clock();
      try {
        await store.write("*", async (tx) => {
          const still = await tx.hl7.received.settle(
            together.map(({ row, settlement }) => ({ position: row.position, home: row.home, settlement })),
            now.toISOString(),
          );
          const mine = together.filter(({ row }) => still.has(row.position));
          const found = mine.flatMap((one) => one.faults);
          if (found.length > 0) await faults.open(tx, found, now);
          const over = mine.flatMap(({ row: { position, runs, attempts }, settlement: { state } }) =>
            state === "done" && runs + attempts > 0 ? [aboutReceived(position)] : [],
          );
          if (over.length > 0) await faults.close(tx, over, now);
        });
      } catch (error) {
        this.away ??= error; // they are worked on again
        return;
      }
    }
  }
}

/** The first messages none of which shares a patient with another that came before it, and the others. */
function waveOf(rows: readonly WaitingReceived[]): {
  readonly wave: readonly WaitingReceived[];
  readonly rest: readonly WaitingReceived[];
} {
  const taken = new Set<string>();
  const wave: WaitingReceived[] = [];
  const rest: WaitingReceived[] = [];
  for (const row of rows) {
    const isFree = wave.length < MOST_IN_WAVE && row.keys.length > 0 && !row.keys.some((key) => taken.has(key));
    (isFree ? wave : rest).push(row);
    for (const key of row.keys) taken.add(key);
  }
  return { wave, rest };
}

/** What a person is told of an error: no content. */
function wordsOf(error: unknown): string {
  if (error instanceof Hl7Error) return error.message;
  if (error instanceof FhirError) return error.code;
  return `a fault of this system (${error instanceof Error ? error.name : "unknown"})`;
}

/** At most so many at once. */
class Lanes {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  async run(work: () => Promise<void>): Promise<void> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free -= 1;
    try {
      await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
