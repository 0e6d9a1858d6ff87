/**
 * The patient's own blocks: set, lifted for good and seen by the patient alone, at once and everywhere. A guardian or a proxy never
 * blocks (PDL 4 kap. 4 §). What can be blocked is where the patient sees that something has been written.
 *
 * SPEC JRN-DOOR-BLOCK · PDL 4 kap. 4-5 §§, lag (2022:913)
 */
import { reachSetting, refuseBlockRequest, USUAL_DOOR_RULES, type AccessRule } from "../../access/index.ts";
import { homeOf, newId } from "../../base/index.ts";
import { fhirError, fhirErrorAt, fhirErrorWith } from "../../fhir/index.ts";
import type { PatientsBlock, WriteTx } from "../../store/index.ts";
import { recordRefusal } from "../authorize.ts";
import { recordAccess } from "../commit.ts";
import { groundText, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { factsOf, knownPatient } from "./facts.ts";
import { doorEntry, patientAtDoor, readerAtDoor, type AtDoorOf } from "./grounds.ts";
import { ownPlaces, placesOf, type Place } from "./places.ts";

export type OwnBlocks = {
  readonly items: readonly (PatientsBlock & { readonly unitName: string | null; readonly providerName: string })[];
  /** Where the patient's records were written, as far as the patient sees them: what can be blocked. */
  readonly places: readonly Place[];
};

export type OwnBlockWish = { readonly careProvider: string; readonly careUnit: string | null };

/** The patient's blocks that stand. Errors: FORBIDDEN. */
export async function ownBlocks(visit: Visit): Promise<Disclosed<OwnBlocks>> {
  const at = await patientAtDoor(visit, "read blocks");
  const found = await look(visit, at);
  const what = [`Patient/${at.actor.patient} blocks`];
  await visit.store.recordAccess([doorEntry(visit, at, { action: "read blocks", what })]);
  return disclose(found);
}

/**
 * Blocks a care unit's records from all other units, or a care provider's from all others. The same block twice is one.
 * Errors: BLOCK_REFUSED with the rule (guardian, proxy, a child not found mature), BLOCK_INVALID for a place that is not the patient's.
 */
export async function blockAtDoor(visit: Visit, wish: OwnBlockWish): Promise<Disclosed<OwnBlocks>> {
  const at = await readerAtDoor(visit, "block");
  await refuseUnlessMayBlock(visit, at);
  if (visit.store.isSpread)
    throw fhirErrorAt("NOT_SUPPORTED", "kind", { sv: "spärrar på flera servrar", en: "blocks over several servers" });
  const { places } = await look(visit, at);
  const isPlace = places.some(
    ({ careProvider, careUnit }) =>
      careProvider === wish.careProvider && (wish.careUnit === null || careUnit === wish.careUnit),
  );
  if (!isPlace)
    throw fhirErrorAt("BLOCK_INVALID", "careUnit", "careUnit", {
      sv: "en enhet eller vårdgivare som du har uppgifter hos",
      en: "a unit or care provider where you have records",
    });
  await visit.store.write(reachSetting(at.grounds.reach), (tx) => addBlock(tx, visit, at, wish));
  return disclose(await look(visit, at));
}

/** Lifts a block for good. Errors: NOT_FOUND when none of the patient's stands under the id, FORBIDDEN. */
export async function liftAtDoor(visit: Visit, block: string): Promise<Disclosed<OwnBlocks>> {
  const at = await patientAtDoor(visit, "end block");
  const { patient } = at.actor;
  const isDone = await visit.store.write(reachSetting(at.grounds.reach), async (tx) => {
    await tx.lock([`blocks ${patient}`]);
    const stands = (await tx.door.blocksOf(patient)).some(({ id }) => id === block);
    const end = { at: visit.clock().toISOString(), by: `patient ${at.actor.id}`, reason: "lifted" };
    if (!stands || !(await tx.blocks.end(block, end))) return false;
    const what = [`Patient/${patient} block ${block}`];
    await recordAccess(tx, visit, [doorEntry(visit, at, { action: "end block", what })]);
    return true;
  });
  if (!isDone) {
    await recordRefusal(visit, "end block", "det finns ingen sådan spärr", [`Patient/${patient}`]);
    throw fhirError("NOT_FOUND");
  }
  return disclose(await look(visit, at));
}

/** Errors: BLOCK_REFUSED with the rule's id and sentence; the refusal is logged. */
async function refuseUnlessMayBlock(visit: Visit, { actor }: AtDoorOf): Promise<void> {
  const known = await knownPatient(visit, actor.patient);
  const rules = visit.doorRules ?? USUAL_DOOR_RULES;
  const refused =
    known === undefined
      ? UNKNOWN
      : refuseBlockRequest(
          { reader: actor.reader, person: factsOf(known, actor.number), isFoundMature: isFoundMature(known, visit) },
          { at: visit.clock().toISOString(), rules },
        );
  if (refused === undefined) return;
  await recordRefusal(visit, "block", groundText(refused), [`Patient/${actor.patient}`]);
  const { sentence: sv, rule } = refused;
  throw fhirErrorWith("BLOCK_REFUSED", [
    { severity: "error", code: "business-rule", sv: `${sv} (${rule})`, en: `Refused by rule ${rule}.` },
  ]);
}

const UNKNOWN: AccessRule = { rule: "ACC-MALFORMED", law: "PDL 4 kap. 4 §", sentence: "Patienten är inte känd." };

/** A unit that lets the child read itself has found it mature. */
function isFoundMature(known: Parameters<typeof factsOf>[0], { clock }: Visit): boolean {
  const now = clock().getTime();
  return known.grants.some(
    ({ kind, since, until, ended }) =>
      kind === "child" && ended === null && Date.parse(since) <= now && (until === null || now <= Date.parse(until)),
  );
}

async function addBlock(tx: WriteTx, visit: Visit, at: AtDoorOf, wish: OwnBlockWish): Promise<void> {
  const { patient, id: reader } = at.actor;
  const { careProvider, careUnit } = wish;
  const kind = careUnit === null ? "outer" : "inner";
  await tx.lock([`blocks ${patient}`]);
  const isThere = (await tx.door.blocksOf(patient)).some(
    (one) => one.kind === kind && one.careProvider === careProvider && one.careUnit === careUnit,
  );
  const now = visit.clock();
  const id = newId(homeOf(patient), now.getTime(), visit.random(10));
  const registered = now.toISOString();
  const all = { since: null, until: null, exceptKinds: [] };
  if (!isThere)
    await tx.blocks.add({
      id,
      patient,
      kind,
      careProvider,
      careUnit,
      ...all,
      registered,
      registeredBy: `patient ${reader}`,
    });
  const what = [`Patient/${patient} block ${id}`];
  await recordAccess(tx, visit, [doorEntry(visit, at, { action: "block", what })]);
}

async function look(visit: Visit, at: AtDoorOf): Promise<OwnBlocks> {
  const blocks = await visit.store.read(reachSetting(at.grounds.reach), (tx) => tx.door.blocksOf(at.actor.patient));
  const sources = await ownPlaces(visit, at);
  const named = await placesOf(visit, [...sources, ...blocks]);
  const nameOf = (id: string | null): string | null => (id === null ? null : (named.names.get(id) ?? id));
  return {
    items: blocks.map((one) => ({
      ...one,
      unitName: nameOf(one.careUnit),
      providerName: nameOf(one.careProvider) ?? one.careProvider,
    })),
    places: named.placesOf(sources),
  };
}
