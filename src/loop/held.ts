/**
 * The ledger's part in a commit of somebody who must have the loop, or have sent it: what is written for a matter stands or falls with the
 * matter standing where it was seen. A step may be taken with it.
 *
 * SPEC LOOP-HELD-1 · F3, F34
 */
import { fhirError } from "../fhir/index.ts";
import { authorize, refuseVisit, type Along, type Visit } from "../journal/index.ts";
import type { WriteTx } from "../store/index.ts";
import { ledgerAlong, writerOf } from "./along.ts";
import { actOn } from "./ledger.ts";
import { hasLoop } from "./may.ts";
import type { EventName, State } from "./model.ts";
import { ledgerTx, loopOf } from "./stored.ts";

export type HeldLoop = {
  readonly loop: string;
  /** The version that was seen; a newer one refuses everything. */
  readonly seen: number;
  /** Whether it must be on the writer's list, or be sent by it. */
  readonly as: "owner" | "sender";
  /** The states in which it can be done. */
  readonly states: ReadonlySet<State>;
  /** A step to take with it, for what the written resources do not say themselves. */
  readonly step?: { readonly event: EventName; readonly note: string; readonly key: string };
  /** More to be done in the transaction, by what was written. */
  readonly also?: Along["write"];
};

/** Errors, when it writes: FORBIDDEN, NOT_FOUND (also of what is on no list of the writer's), LOOP_CHANGED, LOOP_STEP. */
export async function heldAlong(visit: Visit, held: HeldLoop): Promise<Along> {
  const { actor } = visit;
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, "loops", "Ärenden flyttas av en person med medarbetaruppdrag, i Eira.");
  if (actor.assignment.footing?.kind === "student")
    return refuseVisit(visit, "loops", "En studerande svarar inte för ett ärende.");
  await authorize(visit, "update", "Task", "loops");
  const base = visit.along ?? ledgerAlong;
  return {
    ...base,
    types: new Set([...base.types, "ServiceRequest"]),
    write: async (tx, writing, told) => {
      await refuseElsewhere(tx, held);
      if (held.step !== undefined) await takeStep(tx, writing, held.loop, held.step);
      await base.write(tx, writing, told);
      await held.also?.(tx, writing, told);
    },
  };
}

/**
 * The same for what the patient writes at the own door: whoever has the own referral, in the state that it was judged in, gets the words with
 * the step. Errors, when it writes: LOOP_CHANGED.
 */
export function atDoorAlong(
  visit: Visit,
  { loop, version, event, note, key }: { readonly loop: string; readonly version: number; readonly event: EventName; readonly note: string; readonly key: string }, // prettier-ignore
): Along {
  const base = visit.along ?? ledgerAlong;
  return {
    ...base,
    write: async (tx, writing, told) => {
      await actOn(ledgerTx(tx, writing), { ...writerOf(visit), isHistory: false }, [
        { loop, version, event, note, key },
      ]);
      await base.write(tx, writing, told);
    },
  };
}

async function refuseElsewhere(tx: WriteTx, { loop: id, seen, as, states }: HeldLoop): Promise<void> {
  if ((await tx.loops.byIds([id])).length === 0) throw fhirError("NOT_FOUND");
  const held = await tx.loops.hold([], [id]);
  const loop = held.map((one) => loopOf(one.loop)).find((one) => one.id === id);
  if (loop === undefined) throw fhirError("NOT_FOUND");
  const mine = new Set(await tx.loops.own());
  if (!(as === "sender" ? mine.has(loop.sender) : hasLoop(loop, mine)))
    throw fhirError("FORBIDDEN", "another list has it");
  if (loop.version !== seen) throw fhirError("LOOP_CHANGED");
  if (!states.has(loop.state)) throw fhirError("LOOP_STEP", loop.state, as);
}

async function takeStep(
  tx: WriteTx,
  visit: Visit,
  loop: string,
  { event, note, key }: NonNullable<HeldLoop["step"]>,
): Promise<void> {
  const ledger = ledgerTx(tx, visit);
  await actOn(ledger, { ...writerOf(visit), isHistory: false }, [{ loop, version: null, event, note, key }]);
}
