/**
 * What the sender's unit does with a delivery: it was printed, it left, it came back in the post, it goes another way. By its code or from
 * the list; the same thing twice is one step.
 *
 * SPEC LOOP-LETTER-5 · F3, F4, F16
 */
import { fhirError, fhirErrorAt, parseJson, type JsonObject } from "../../fhir/index.ts";
import {
  authorize,
  disclosedAfter,
  groundText,
  logEntry,
  orLogged,
  recordAccess,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import type { StoredDelivery, WriteTx } from "../../store/index.ts";
import { writerOf } from "../along.ts";
import { actOn } from "../ledger.ts";
import type { Act } from "../ledger-tx.ts";
import type { EventName } from "../model.ts";
import { staffOf } from "../staff.ts";
import { ledgerTx } from "../stored.ts";
import { readCode } from "./code.ts";
import { letterContent, recipientFacts } from "./facts.ts";
import { transportsFor, type Transport } from "./transports.ts";

/** What was done; a way is where it goes now instead. */
export const DELIVERY_DEEDS = ["printed", "left", "returned", "page", "paper", "relay"] as const;
export type DeliveryDeed = (typeof DELIVERY_DEEDS)[number];
export type DeliveryStep = {
  /** The loop's id, or the code on the paper. */
  readonly of: { readonly loop: string } | { readonly code: string };
  readonly did: DeliveryDeed;
  readonly key: string;
};

const LONGEST_KEY = 200;

/** Takes the step. Errors: FORBIDDEN, NOT_FOUND (also of another unit's), LOOP_STEP, LETTER_NO_WAY, LOOP_INVALID. */
export async function stepDelivery(visit: Visit, { of, did, key }: DeliveryStep): Promise<Disclosed<StoredDelivery>> {
  const { reach, person } = await staffOf(visit, "update");
  const grounds = await authorize(visit, "update", "Task", "letters");
  if (key === "" || key.length > LONGEST_KEY) throw fhirErrorAt("LOOP_INVALID", "key", `1-${LONGEST_KEY}`);
  if (person.assignment.footing?.kind === "student") throw fhirError("FORBIDDEN", "a student sends no letters");
  const work = async (tx: WriteTx): Promise<StoredDelivery> => {
    const delivery = await ownDelivery(tx, of);
    // The same click again: whatever state the first one left.
    const isKnown = (await tx.loops.events(delivery.loop)).some((one) => one.key?.startsWith(`${key} `) === true);
    const acts = isKnown ? [] : await actsFor({ tx, visit, key }, delivery, did);
    const ledger = ledgerTx(tx, visit);
    await actOn(ledger, { ...writerOf(visit), isHistory: false }, acts);
    const { home, patient, communication, loop } = delivery;
    const granted = { outcome: "granted", ground: groundText(grounds) } as const;
    const action = did === "printed" ? "print letter" : "move letter";
    const what = [`Communication/${communication}`, `loop ${loop}`];
    await recordAccess(tx, visit, [logEntry(visit, { action, ...granted }, { home, patient, what })]);
    return (await deliveryOf(tx, delivery.loop, communication)) ?? delivery;
  };
  return disclosedAfter(visit, [], await orLogged(visit, "move letter", "letters", visit.store.write(reach, work)));
}

/** A delivery that one of the reader's lists has sent. */
async function ownDelivery(tx: WriteTx, of: DeliveryStep["of"]): Promise<StoredDelivery> {
  const found = "loop" in of ? await byLoop(tx, of.loop) : await byCode(tx, of.code);
  const mine = new Set(await tx.loops.own());
  if (found === undefined || found.kind !== "letter" || !mine.has(found.sender)) throw fhirError("NOT_FOUND");
  return found;
}

async function byLoop(tx: WriteTx, id: string): Promise<StoredDelivery | undefined> {
  const [loop] = await tx.loops.byIds([id]); // the one that is asked for
  return loop === undefined ? undefined : deliveryOf(tx, id, loop.subject);
}

function byCode(tx: WriteTx, typed: string): Promise<StoredDelivery | undefined> {
  const code = readCode(typed);
  return code === undefined ? Promise.resolve(undefined) : tx.letters.withCode(code.home, code.end);
}

async function deliveryOf(tx: WriteTx, loop: string, communication: string): Promise<StoredDelivery | undefined> {
  return (await tx.letters.deliveriesOf([communication])).find((one) => one.loop === loop);
}

type Scope = { readonly tx: WriteTx; readonly visit: Visit; readonly key: string };

async function actsFor(
  { tx, visit, key }: Scope,
  delivery: StoredDelivery,
  did: DeliveryDeed,
): Promise<readonly Act[]> {
  const { loop, state, transport } = delivery;
  const act = (event: EventName, note: string | null, part = 1): Act => ({
    loop,
    version: null,
    event,
    note,
    key: `${key} ${part}`,
  });
  const isPaper = transport === "paper" || transport === "relay";
  switch (did) {
    case "printed":
      if (!isPaper) throw fhirError("LOOP_STEP", state, did);
      return [state === "created" ? act("transfer", transport) : act("note", "printed again")];
    case "left":
      if (!isPaper) throw fhirError("LOOP_STEP", state, did);
      return state === "received" ? [] : [act("receive", "left")];
    case "returned":
      if (!isPaper) throw fhirError("LOOP_STEP", state, did);
      return state === "failed" ? [] : [act("fail", "returned by post")];
    default:
      await refuseWithoutWay(tx, visit, delivery, did);
      return [
        ...(state === "failed" ? [] : [act("fail", state === "received" ? "unread" : "another way")]),
        act("resend", did, 2),
        ...(did === "page" ? [act("receive", did, 3)] : []),
      ];
  }
}

/** The ways are worked out anew: an address may be gone, and an identity protected since. */
async function refuseWithoutWay(tx: WriteTx, visit: Visit, delivery: StoredDelivery, way: Transport): Promise<void> {
  const row = await tx.read("Communication", delivery.communication);
  if (row === undefined) throw fhirError("NOT_FOUND");
  const letter = parseJson(row.content) as JsonObject;
  const facts = await recipientFacts(
    { look: tx, options: visit, patient: delivery.patient },
    delivery.recipient,
    letter,
  );
  const ways = facts === undefined ? [] : transportsFor(facts, letterContent(letter, visit));
  if (!ways.includes(way)) throw fhirErrorAt("LETTER_NO_WAY", "did", way);
}
