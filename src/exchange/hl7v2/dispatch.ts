/**
 * From the outbox of a commit to the messages of a channel: what a commit left to be carried is written as HL7 and kept to be sent. A
 * message is made at least once, and its control id is that of what it was made from, so that it is kept once.
 *
 * SPEC EXCH-HL7-OUT · law 4 of the house
 */
import { randomUUID } from "node:crypto";
import type { NewSent, Store } from "../../store/index.ts";
import type { OutChannel } from "./channels.ts";
import { isAway, type FaultLedger } from "./faults.ts";

/** What a commit left to be carried. */
export type ToCarry = {
  readonly channel: OutChannel;
  readonly payload: unknown;
  /** For MSH-10: the same for the same piece of work. */
  readonly controlId: string;
};

/** Writes messages of what is to be carried; none when nothing is to be told any longer. */
export type Compose = (carried: ToCarry) => Promise<readonly NewSent[]>;

export type DispatchOptions = {
  readonly store: Store;
  readonly clock: () => Date;
  readonly channels: readonly OutChannel[];
  readonly compose: Compose;
  readonly faults: FaultLedger;
  readonly onFault: (error: unknown) => void;
};

/** After so many somebody is told; it is tried on. */
const TRIES_ALONE = 5;
const AT_ONCE = 32;
const LEASE_S = 60;
const LONGEST_PAUSE_S = 300;

/** One round; answers whether there is more to do at once. Several servers may go it. */
export async function dispatchRound(options: DispatchOptions): Promise<boolean> {
  const { store, clock, channels, compose, onFault } = options;
  const worker = `hl7 ${randomUUID()}`;
  const byTopic = new Map(channels.map((channel) => [`channel ${channel.name}`, channel]));
  if (byTopic.size === 0) return false;
  const claimed = await store.outbox.claim(worker, AT_ONCE, LEASE_S, [...byTopic.keys()]);
  for (const message of claimed) {
    const channel = byTopic.get(message.topic);
    if (channel === undefined) continue;
    try {
      const controlId = message.id.replaceAll("-", "").slice(0, 20);
      const made = await compose({ channel, payload: message.payload, controlId });
      if (made.length > 0) await store.write("*", (tx) => tx.hl7.sent.append(made, clock().toISOString()));
      await store.outbox.finish(worker, message);
    } catch (error) {
      if (!isAway(error)) onFault(error);
      const delaySeconds = Math.min(2 ** Math.min(message.attempts, 20), LONGEST_PAUSE_S);
      if (message.attempts === TRIES_ALONE && !isAway(error)) await giveOwner(options, channel, message.id);
      await store.outbox.fail(worker, message, {
        error: error instanceof Error ? error.name : "unknown",
        delaySeconds,
        park: false,
      });
    }
  }
  return claimed.length === AT_ONCE;
}

async function giveOwner({ store, clock, faults }: DispatchOptions, channel: OutChannel, id: string): Promise<void> {
  const note = `${channel.name}: what is to be sent could not be written as a message; it is tried on`;
  await store.write("*", (tx) => faults.open(tx, [{ about: `Outbox/${id}`, owner: channel.owner, note }], clock()));
}
