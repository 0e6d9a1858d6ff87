/**
 * Taking in: what comes is read as far as needed to answer it, made durable together with what comes at the same time, and only then
 * answered. What cannot be read is kept too, parked with an owner, and refused to its sender.
 *
 * SPEC EXCH-HL7-IN · failure modes F1, F5
 */
import { createHash, randomUUID } from "node:crypto";
import type { KeptReceived, NewReceived, Store } from "../../store/index.ts";
import type { InChannel } from "./channels.ts";
import { Hl7Error, parseMessage, type Hl7Message } from "./codec/index.ts";
import { aboutReceived, isAway, type FaultLedger } from "./faults.ts";
import { answerTo, headerAlone, headerOf, hl7Time, isWanted, type Answer } from "./mllp/answers.ts";
import { isAllowed, type Peer } from "./mllp/peers.ts";

export type IntakeOptions = {
  readonly store: Store;
  readonly clock: () => Date;
  readonly faults: FaultLedger;
  /** Called when there is something new to work on. */
  readonly onKept?: () => void;
};

/** What is committed together at most. */
const MESSAGES_AT_ONCE = 256;
const BYTES_AT_ONCE = 16 * 1024 * 1024;

type Waiting = {
  readonly message: NewReceived;
  readonly owner: string | null;
  readonly resolve: (kept: KeptReceived) => void;
  readonly reject: (error: unknown) => void;
};

export class Intake {
  private readonly options: IntakeOptions;
  private readonly waiting: Waiting[] = [];
  private isWriting = false;

  constructor(options: IntakeOptions) {
    this.options = options;
  }

  /**
   * Keeps a message that came over one of some channels and answers what its sender is to get; nothing when it wants none. Errors: whatever
   * kept it from becoming durable; then there is no answer.
   */
  async receive(bytes: Buffer, peer: Peer, channels: readonly InChannel[]): Promise<Buffer | undefined> {
    const first = readMessage(bytes, channels[0]?.charset);
    const header = first.message && headerOf(first.message);
    const channel = channels.find(
      ({ senders, peers }) =>
        (senders.length === 0 || senders.includes(header?.sender ?? "")) && isAllowed(peers, peer),
    );
    if (channel === undefined)
      return this.answer(first.message, { verdict: "reject", why: "the sender is not known here", place: "MSH-3" });
    const read = channel.charset === channels[0]?.charset ? first : readMessage(bytes, channel.charset);
    const { verdict, why, place } = await this.keep(newReceived(bytes, read, { channel, peer }), channel.owner);
    return this.answer(read.message, {
      verdict,
      ...(why === null ? {} : { why }),
      ...(place === null ? {} : { place }),
    });
  }

  private answer(message: Hl7Message | undefined, answer: Answer): Buffer | undefined {
    if (message !== undefined && !isWanted(headerOf(message), answer)) return undefined;
    return answerTo(message, answer, markOf(this.options.clock())).bytes();
  }

  private keep(message: NewReceived, owner: string | null): Promise<KeptReceived> {
    const kept = new Promise<KeptReceived>((resolve, reject) => this.waiting.push({ message, owner, resolve, reject }));
    if (!this.isWriting) void this.write();
    return kept;
  }

  /** One transaction after the other: while one becomes durable, the next one's messages gather. */
  private async write(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const together = this.next();
      try {
        await this.commit(together);
      } catch (error) {
        if (together.length === 1 || isAway(error)) for (const { reject } of together) reject(error);
        else for (const one of together) await this.commit([one]).catch(one.reject); // what one of them cannot stand is not the others' fault
      }
    }
    this.isWriting = false;
  }

  /** What fits in one transaction; a message stands in it once. */
  private next(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    const names = new Set<string>();
    for (const { message } of this.waiting) {
      const name = `${message.channel} ${message.hash.toString("hex")}`;
      bytes += message.raw.length;
      if (count > 0 && (count === MESSAGES_AT_ONCE || bytes > BYTES_AT_ONCE || names.has(name))) break;
      names.add(name);
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async commit(together: readonly Waiting[]): Promise<void> {
    const { store, clock, faults, onKept } = this.options;
    const now = clock();
    const kept = await store.write("*", async (tx) => {
      const rows = await tx.hl7.received.keep(
        together.map(({ message }) => message),
        now.toISOString(),
      );
      const parked = together.flatMap(({ message, owner }, at) => {
        const row = rows[at];
        if (message.error === null || row?.isNew !== true) return [];
        return [{ about: aboutReceived(row.position), owner, note: noteOf(message) }];
      });
      if (parked.length > 0) await faults.open(tx, parked, now);
      return rows;
    });
    for (const [at, { resolve, reject }] of together.entries()) {
      const row = kept[at];
      if (row === undefined) reject(new Error("a message was not kept"));
      else resolve(row);
    }
    onKept?.();
  }
}

/** For whoever sees to it: nothing of a patient. */
function noteOf({ channel, type, controlId, error }: NewReceived): string {
  return `${channel}: ${type} ${controlId} ${error}`;
}

export function markOf(now: Date): { readonly controlId: string; readonly time: string } {
  return { controlId: randomUUID().replaceAll("-", "").slice(0, 20), time: hl7Time(now) };
}

type Read = { readonly message: Hl7Message | undefined; readonly fault: Hl7Error | undefined };

function readMessage(bytes: Buffer, charset: InChannel["charset"] | undefined): Read {
  const options = charset === undefined ? {} : { charset };
  try {
    return { message: parseMessage(bytes, options), fault: undefined };
  } catch (error) {
    if (!(error instanceof Hl7Error)) throw error;
    return { message: headerAlone(bytes, options), fault: error };
  }
}

/** What is kept of a message; of one that cannot be read, its bytes and what is wrong. */
function newReceived(
  raw: Buffer,
  { message, fault }: Read,
  { channel, peer }: { readonly channel: InChannel; readonly peer: Peer },
): NewReceived {
  const header = message && headerOf(message);
  const readable = fault === undefined ? message : undefined;
  return {
    channel: channel.name,
    peer: peer.commonName ?? peer.address,
    sender: storable(header?.sender),
    controlId: storable(header?.controlId),
    type: storable(header?.type),
    keys: readable === undefined ? [] : keysOf(readable),
    hash: readable === undefined ? hashOf(["unreadable", raw]) : contentHash(readable),
    raw,
    verdict: fault === undefined ? "accept" : "error",
    why: fault?.why ?? null,
    place: fault?.place ?? null,
    error: fault === undefined ? null : fault.message,
  };
}

const MOST_KEYS = 64;
const LONGEST_KEY = 200;

/** What the order of messages is kept for: every identity of every patient that the message is about, those that are merged too. */
export function keysOf(message: Hl7Message): readonly string[] {
  const ids = [...message.all("PID"), ...message.all("MRG")].flatMap((segment) => {
    const field = segment.name === "PID" ? 3 : 1;
    return segment.repetitions(field).flatMap((_, at) => {
      const id = segment.maybeOne(`${field}[${at + 1}].1`);
      const authority = segment.maybeOne(`${field}[${at + 1}].4.1`);
      return typeof id === "string" ? [`${id.replaceAll("-", "")} ${authority ?? ""}`.trim()] : [];
    });
  });
  const keys = [...new Set(ids.map((id) => (id.length > LONGEST_KEY ? hashOf([id]).toString("hex") : id)))];
  return keys.slice(0, MOST_KEYS).map(storable);
}

/** As a column holds it: without NUL, not longer than an index bears, no half characters. The bytes have it all. */
function storable(text = ""): string {
  return text.slice(0, LONGEST_KEY).replace(/\0|\p{Surrogate}/gu, "");
}

/**
 * What makes a message the same: sender, type, control id and all segments but MSH. Not the time in MSH-7, which some senders write anew
 * when they send again, unless there is no control id. A control id that is used again for something else is another message.
 */
export function contentHash(message: Hl7Message): Buffer {
  const [header, ...segments] = message.segments;
  const { fields = [] } = header ?? {};
  const controlId = fields[10] ?? "";
  const told = [3, 4, 9, 10, 11].map((at) => fields[at] ?? "");
  return hashOf([
    ...told,
    controlId === "" ? (fields[7] ?? "") : "",
    ...segments.map(({ fields: all }) => all.join("|")),
  ]);
}

function hashOf(parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
    hash.update(`${bytes.length} `).update(bytes);
  }
  return hash.digest();
}
