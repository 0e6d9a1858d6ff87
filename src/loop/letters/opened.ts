/**
 * A letter is opened at the patient's own page: its words are given out, and the same transaction says that it has been read.
 *
 * SPEC LOOP-LETTER-6 · F3
 */
import type { PatientActor } from "../../access/index.ts";
import type { Visit } from "../../journal/index.ts";
import type { StoredDelivery, WriteTx } from "../../store/index.ts";
import { writerOf } from "../along.ts";
import { actOn } from "../ledger.ts";
import { stepOf } from "../machine.ts";
import { ledgerTx } from "../stored.ts";

/** Says of a letter to the patient that it has been read; once. Answers whether the reader counts as its recipient. */
export async function readAtDoor(
  tx: WriteTx,
  visit: Visit & { readonly actor: PatientActor },
  communication: string,
): Promise<boolean> {
  const { patient, reader, id } = visit.actor;
  if (reader.kind === "proxy") return false;
  const delivery = (await deliveriesAtDoor(tx, patient, [communication])).get(communication);
  if (delivery === undefined || stepOf("letter", delivery.state as "received", "read") === undefined) return true;
  const ledger = ledgerTx(tx, visit);
  const key = `read ${id}`;
  await actOn(ledger, { ...writerOf(visit), isHistory: false }, [
    { loop: delivery.loop, version: null, event: "read", note: reader.kind, key },
  ]);
  return true;
}

/** How the letters to a patient stand, by Communication. */
export async function deliveriesAtDoor(
  look: { readonly letters: { readonly deliveriesOf: (ids: readonly string[]) => Promise<StoredDelivery[]> } },
  patient: string,
  communications: readonly string[],
): Promise<ReadonlyMap<string, StoredDelivery>> {
  const all = await look.letters.deliveriesOf(communications);
  return new Map(
    all.flatMap((one) =>
      one.kind === "letter" && one.recipient === `Patient/${patient}` ? [[one.communication, one] as const] : [],
    ),
  );
}
