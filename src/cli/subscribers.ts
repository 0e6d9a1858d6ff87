/**
 * Serving subscribers beside the server: one server at a time, whatever their number.
 *
 * SPEC CLI-SUBSCRIPTIONS-3
 */
import { once } from "node:events";
import { parseHostList, SubscriberEngine, systemLookup } from "../exchange/index.ts";
import { startLoop, underLease } from "../jobs/index.ts";
import type { JournalOptions } from "../journal/index.ts";

/** How long a change waits at most before it is looked at. */
const LOOK_MS = 500;
const LEASE_SECONDS = 10;
/** How often a server that does not hold the lease asks for it. */
const ASK_MS = 2000;

type Hands = {
  readonly journal: JournalOptions;
  /** EIRA_SUBSCRIBER_HOSTS */
  readonly hosts: string;
  readonly onFault: (error: unknown) => void;
};

/** Starts it; answers how to end it. What is on its way then is sent again by the next server. */
export function startSubscribers({ journal, hosts, onFault }: Hands): () => Promise<void> {
  const outbound = { hosts: parseHostList(hosts), lookup: systemLookup };
  const engine = new SubscriberEngine({ journal, outbound, worker: `process ${process.pid}`, onFault });
  const whileHeld = async (signal: AbortSignal): Promise<boolean> => {
    const loop = startLoop({ round: () => engine.round(), every: LOOK_MS, onFault });
    engine.onProgress = loop.wake;
    if (!signal.aborted) await once(signal, "abort");
    await loop.stop();
    return false;
  };
  const lease = { store: journal.store, name: "subscribers", leaseSeconds: LEASE_SECONDS };
  const turns = startLoop({ round: underLease(lease, whileHeld), every: ASK_MS, onFault });
  return async () => {
    await turns.stop();
    await engine.stop();
  };
}
