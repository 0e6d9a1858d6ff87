/**
 * Sending: the messages of a channel, each patient's in order, until the receiver has acknowledged them; after a failure again and again,
 * later and later. What takes too long has an owner while it is tried on; what the receiver refuses for good is parked with one.
 *
 * SPEC EXCH-HL7-OUT · failure modes F1, F3, F69
 */
import type { Store, WaitingSent, WriteTx } from "../../store/index.ts";
import type { OutChannel } from "./channels.ts";
import { aboutSent, type FaultLedger } from "./faults.ts";
import { MllpClient, type SentOutcome } from "./mllp/client.ts";

/** What became of a message: the receiver has it, or refused it for good and why. */
export type Settlement = { readonly event: "transfer" | "fail"; readonly why: string | null; readonly now: Date };

/** Hears, in the transaction that says so, what became of a message. */
export type OnSettled = (
  tx: WriteTx,
  sent: Pick<WaitingSent, "channel" | "controlId" | "about" | "raw" | "attempts">,
  settlement: Settlement,
) => Promise<void>;

export type SenderOptions = {
  readonly store: Store;
  readonly clock: () => Date;
  readonly faults: FaultLedger;
  readonly onSettled: OnSettled;
  readonly onFault: (error: unknown) => void;
  /** Seconds; 300 unless told. */
  readonly longestPause?: number;
};

const FIRST_PAUSE_S = 1;
const LONGEST_PAUSE_S = 300;
const CONNECT_MS = 10_000;
const LINES_A_ROUND = 64;

export class Hl7Sender {
  private readonly options: SenderOptions;
  private readonly channel: OutChannel;
  private readonly clients: readonly MllpClient[];

  constructor(channel: OutChannel, options: SenderOptions) {
    this.options = options;
    this.channel = channel;
    const { host, port, tls, answerSeconds, connections } = channel;
    const wire = {
      host,
      port,
      connectMs: CONNECT_MS,
      answerMs: answerSeconds * 1000,
      ...(tls === undefined ? {} : { tls }),
    };
    this.clients = Array.from({ length: connections }, () => new MllpClient(wire));
  }

  /** One round: the first message of each line that is due. Answers whether there is more to do at once. One server at a time goes it. */
  async round(signal: AbortSignal): Promise<boolean> {
    const rows = await this.options.store.read("*", (look) => look.hl7.sent.waiting(this.channel.name, LINES_A_ROUND));
    const queue = [...rows];
    let got = 0;
    let isDown = false;
    const lane = async (client: MllpClient): Promise<void> => {
      while (!isDown && !signal.aborted) {
        const row = queue.shift();
        if (row === undefined) return;
        const outcome = await orAborted(client.send(row.raw, row.controlId), signal);
        if (outcome === undefined) return;
        if (await this.settle(row, outcome)) got += 1;
        // Nobody is there: the others would only wait in vain one after the other.
        if (outcome.kind === "unsent") isDown = true;
      }
    };
    await Promise.all(this.clients.map(lane));
    if (isDown && queue.length > 0) await this.putOff(queue);
    return got > 0;
  }

  close(): void {
    for (const client of this.clients) client.close();
  }

  /** Answers whether the receiver has it. */
  private async settle(row: WaitingSent, outcome: SentOutcome): Promise<boolean> {
    const { store, clock, onSettled, faults } = this.options;
    const now = clock();
    if (outcome.kind === "answered" && ACCEPTED.has(outcome.answer.code)) {
      await store.write("*", async (tx) => {
        if (await tx.hl7.sent.acknowledge(row, outcome.answer.code, now.toISOString()))
          await onSettled(tx, row, { event: "transfer", why: null, now });
        if (row.failing) await faults.close(tx, [aboutSent(row.position)], now);
      });
      return true;
    }
    const isRefused = outcome.kind === "answered" && REJECTED.has(outcome.answer.code);
    const error =
      outcome.kind === "answered" ? `${outcome.answer.code} ${outcome.answer.why ?? ""}`.trim() : outcome.why;
    const failure = {
      error,
      answer: outcome.kind === "answered" ? outcome.answer.code : null,
      delaySeconds: this.pauseAfter(row),
      isParked: isRefused,
    };
    await store.write("*", async (tx) => {
      await tx.hl7.sent.fail(row, failure, now.toISOString());
      const note = `${row.channel}: ${row.type} ${row.controlId} was refused: ${error}`;
      if (!isRefused) return;
      await onSettled(tx, row, { event: "fail", why: error, now });
      await faults.open(tx, [{ about: aboutSent(row.position), owner: this.channel.owner, note }], now);
    });
    return false;
  }

  private async putOff(rows: readonly WaitingSent[]): Promise<void> {
    const now = this.options.clock().toISOString();
    await this.options.store.write("*", async (tx) => {
      for (const row of rows)
        await tx.hl7.sent.fail(
          row,
          {
            error: "the receiver could not be reached",
            answer: null,
            delaySeconds: this.pauseAfter(row),
            isParked: false,
          },
          now,
        );
    });
  }

  private pauseAfter({ attempts }: WaitingSent): number {
    return Math.min(FIRST_PAUSE_S * 2 ** Math.min(attempts, 20), this.options.longestPause ?? LONGEST_PAUSE_S);
  }
}

const ACCEPTED: ReadonlySet<string> = new Set(["AA", "CA"]);
/** Errors (AE, CE) may pass; a rejection says that the message is not for that receiver, or not in this form. */
const REJECTED: ReadonlySet<string> = new Set(["AR", "CR"]);

/** What is on its way when all is to stop is sent again by the next server. */
function orAborted(sent: Promise<SentOutcome>, signal: AbortSignal): Promise<SentOutcome | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    sent.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
