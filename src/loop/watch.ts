/**
 * What the clock does to the ledger: lists say truly who works there, who is away answers for nothing, and what has stood too long goes
 * to whoever is next. It gives nothing up and parks nothing: a loop ends by what somebody does.
 *
 * SPEC LOOP-WATCH · F9, F10, F11
 */
import type { JournalOptions } from "../journal/index.ts";
import { escalateOverdue } from "./ledger.ts";
import { ledgerTx, loopOf } from "./stored.ts";

/** So many go up in one transaction: whoever works with one of them waits no longer than for these. */
const BATCH = 200;

/** One round. Answers whether there is more to do at once. */
export async function watchLoops(options: JournalOptions): Promise<boolean> {
  const { store, clock } = options;
  const at = clock().getTime();
  await store.write("*", (tx) => tx.loops.restaff(at));
  const late = await store.write("*", (tx) => {
    const ledger = ledgerTx(tx, options);
    return escalateOverdue(
      { ...ledger, overdue: async (when, limit) => (await tx.loops.overdue(when, limit)).map(loopOf) },
      at,
      BATCH,
    );
  });
  return late === BATCH;
}
