/**
 * What is written becomes what somebody answers for: in the transaction that writes a resource its loops are opened, moved and ended, by
 * the steps that there are, with an owner that is a staffed list. The same message twice is one step.
 *
 * SPEC LOOP-LEDGER · laws 3 and 5 of the house · F1, F2, F13, F14, F16, F18
 */
import { advanced } from "./advance.ts";
import { nextHolder } from "./escalation.ts";
import { actOnLoop, happen } from "./ledger-move.ts";
import { openLoop } from "./ledger-open.ts";
import { Session } from "./ledger-session.ts";
import type { Act, LedgerTx, Matter, Writer } from "./ledger-tx.ts";
import type { Loop } from "./model.ts";

/** Does what some written resources mean for the ledger. Errors: whatever the transaction refuses. */
export async function keepLedger(tx: LedgerTx, writer: Writer, matters: readonly Matter[]): Promise<void> {
  const active = matters.filter(({ intents }) => intents.length > 0);
  if (active.length === 0) return;
  const session = await Session.begin(tx, writer, { matters: active, acts: [] });
  for (const matter of active)
    for (const intent of matter.intents)
      await (intent.do === "event" ? happen(session, matter, intent) : openLoop(session, matter, intent));
  await session.end();
}

/**
 * Moves loops as people do. Answers them as they stand afterwards, in the order of the acts. Errors: NOT_FOUND, LOOP_CHANGED, LOOP_STEP;
 * one of them refuses all.
 */
export async function actOn(tx: LedgerTx, writer: Writer, acts: readonly Act[]): Promise<readonly Loop[]> {
  const session = await Session.begin(tx, writer, { matters: [], acts });
  const done: Loop[] = [];
  for (const act of acts) done.push(await actOnLoop(session, act));
  await session.end();
  return done;
}

/** Gives what has stood too long to whoever is next. Answers how many were overdue. */
export async function escalateOverdue(
  tx: LedgerTx & { readonly overdue: (at: number, limit: number) => Promise<readonly Loop[]> },
  at: number,
  limit: number,
): Promise<number> {
  const late = await tx.overdue(at, limit);
  if (late.length === 0) return 0;
  const held = await tx.hold(
    [],
    late.map(({ id }) => id),
    [],
  );
  const loops = held.flatMap(({ loop }) => (loop.deadline !== null && loop.deadline <= at ? [loop] : []));
  const registry = await tx.registry([...new Set(loops.flatMap(({ owner, sender }) => [owner ?? sender, sender]))]);
  const people = [...new Set(loops.flatMap(({ responsible }) => (responsible === null ? [] : [responsible])))];
  const roster = await tx.roster(
    people,
    [...registry.all()].map(({ id }) => id),
    at,
  );
  await tx.write(
    loops.map((before) => {
      const after = advanced(before, "escalate", { at, ...nextHolder(before, { registry, roster }) });
      return { before, after, event: "escalate", at, by: "system", unit: null, key: null, note: null };
    }),
  );
  return late.length;
}
