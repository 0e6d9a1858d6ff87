/**
 * The outbox and the inbox as tables: claimed by one worker at a time under a lease, first in, first out for each channel, and settled only
 * by whoever still has the claim. SPEC LOOP-SIM-1
 */
import type { Outgoing } from "../ledger-tx.ts";

/** A claim is known by its worker and the number of attempts. */
export type Claim = { readonly worker: string; readonly attempts: number };

export type OutboxRow = Outgoing & {
  readonly id: number;
  readonly added: number;
  due: number;
  lease: number;
  claimedBy: string;
  attempts: number;
};

export class OutboxTable {
  /** What waits for each channel, first to last. */
  readonly channels = new Map<string, OutboxRow[]>();
  clock: () => number = () => 0;
  /** Called when somebody settles what is not theirs. */
  onIntrusion: (what: string) => void = () => undefined;
  private ids = 0;
  /** How many rows of each channel are about each loop: asked with every step, and queues grow long. */
  private readonly ofLoops = new Map<string, number>();

  add(message: Outgoing): void {
    const now = this.clock();
    this.count(message, 1);
    const row = { ...message, id: (this.ids += 1), added: now, due: now, lease: 0, claimedBy: "", attempts: 0 };
    const rows = this.channels.get(message.channel);
    if (rows === undefined) this.channels.set(message.channel, [row]);
    else rows.push(row);
  }

  /** The first of a channel, when it is due and nobody has it: the order is kept. */
  claim(channel: string, worker: string, leaseMs: number): (OutboxRow & Claim) | undefined {
    const row = this.channels.get(channel)?.[0];
    const now = this.clock();
    if (row === undefined || row.due > now || row.lease > now) return undefined;
    row.claimedBy = worker;
    row.lease = now + leaseMs;
    row.attempts += 1;
    return { ...row, worker };
  }

  holds(row: OutboxRow & Claim): boolean {
    const stands = this.rowOf(row);
    return stands !== undefined && stands.claimedBy === row.worker && stands.attempts === row.attempts;
  }

  /** Whether something is to leave for a loop. */
  hasOf(channel: string, loop: string): boolean {
    return this.ofLoops.has(`${channel} ${loop}`);
  }

  remove(row: OutboxRow & Claim): void {
    this.refuseIntrusion(row);
    const rows = this.channels.get(row.channel);
    const at = rows?.findIndex(({ id }) => id === row.id) ?? -1;
    if (at < 0) return;
    rows!.splice(at, 1);
    this.count(row, -1);
  }

  later(row: OutboxRow & Claim, delay: number): void {
    this.refuseIntrusion(row);
    const stands = this.rowOf(row);
    if (stands === undefined) return;
    stands.claimedBy = "";
    stands.lease = 0;
    stands.due = this.clock() + delay;
  }

  private count({ channel, loop }: Outgoing, change: 1 | -1): void {
    const name = `${channel} ${loop}`;
    const left = (this.ofLoops.get(name) ?? 0) + change;
    if (left === 0) this.ofLoops.delete(name);
    else this.ofLoops.set(name, left);
  }

  private refuseIntrusion({ channel, id, worker, attempts }: OutboxRow & Claim): void {
    const row = this.channels.get(channel)?.find((one) => one.id === id);
    if (row === undefined || row.claimedBy !== worker || row.attempts !== attempts)
      this.onIntrusion(`message ${id} to ${channel}`);
  }

  private rowOf({ channel, id }: OutboxRow): OutboxRow | undefined {
    return this.channels.get(channel)?.find((row) => row.id === id);
  }
}

/** What an external party says: an answer of the laboratory, or how an order stands with it. */
export type Incoming = {
  readonly source: string;
  /** Names what it says: the same content twice is the same message. */
  readonly hash: string;
  readonly kind: "result" | "status";
  readonly order: string;
  readonly answer: string;
  readonly version: number;
  readonly status: string;
  readonly number: string;
  readonly isCritical: boolean;
  readonly isPoison: boolean;
};

export type InboxRow = Incoming &
  Claim & {
    readonly added: number;
    due: number;
    lease: number;
    worker: string;
    attempts: number;
    state: "new" | "done" | "parked";
  };

export class InboxTable {
  readonly known = new Map<string, InboxRow>();
  private waiting: InboxRow[] = [];
  clock: () => number = () => 0;
  /** Called with what is seen to. */
  onEnd: (row: InboxRow) => void = () => undefined;

  add(message: Incoming): void {
    const now = this.clock();
    const row: InboxRow = { ...message, added: now, due: now, lease: 0, worker: "", attempts: 0, state: "new" };
    this.known.set(message.hash, row);
    this.waiting.push(row);
  }

  /** The first that is due, that nobody has, and that no earlier one about the same order waits before. */
  claim(worker: string, leaseMs: number): InboxRow | undefined {
    const now = this.clock();
    const before = new Set<string>();
    for (const row of this.waiting) {
      if (row.due <= now && row.lease <= now && !before.has(row.order)) {
        row.worker = worker;
        row.lease = now + leaseMs;
        row.attempts += 1;
        return { ...row };
      }
      before.add(row.order);
      if (before.size > 50) return undefined;
    }
    return undefined;
  }

  holds({ hash, worker, attempts }: InboxRow): boolean {
    const row = this.known.get(hash);
    return row !== undefined && row.state === "new" && row.worker === worker && row.attempts === attempts;
  }

  end({ hash }: InboxRow, state: "done" | "parked"): void {
    const row = this.known.get(hash)!;
    row.state = state;
    const at = this.waiting.indexOf(row);
    if (at >= 0) this.waiting.splice(at, 1);
    this.onEnd(row);
  }

  later({ hash }: InboxRow, delay: number): void {
    const row = this.known.get(hash)!;
    row.lease = 0;
    row.worker = "";
    row.due = this.clock() + delay;
  }

  /** When the oldest came that waits; nothing when none does. */
  oldest(): number | undefined {
    return this.waiting[0]?.added;
  }

  /** The first that wait. */
  first(several: number): readonly InboxRow[] {
    return this.waiting.slice(0, several);
  }

  get length(): number {
    return this.waiting.length;
  }
}
