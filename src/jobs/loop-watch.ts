/**
 * The clock of the ledger: every few seconds what has stood too long goes to whoever is next, lists say truly who works there, and the
 * invariant is looked at. One server at a time does it.
 *
 * SPEC JOBS-LEDGER · failure modes F9, F10, F11; "nothing silent": visible within 60 seconds
 */
import type { JournalOptions } from "../journal/index.ts";
import { lookAtLedger, watchLoops } from "../loop/index.ts";
import { startLoop, underLease, type Loop } from "./loop.ts";

const EVERY_MS = 10_000;
const LEASE_SECONDS = 30;

/** Watches until it is stopped. `onFault` hears of a failed round; the next one comes anyway. */
export function startLoopWatch(journal: JournalOptions, onFault: (error: unknown) => void): Loop {
  const round = async (): Promise<boolean> => {
    const isMore = await watchLoops(journal);
    await lookAtLedger(journal);
    return isMore;
  };
  const held = underLease({ store: journal.store, name: "ledger", leaseSeconds: LEASE_SECONDS }, round);
  return startLoop({ round: held, every: EVERY_MS, onFault });
}
