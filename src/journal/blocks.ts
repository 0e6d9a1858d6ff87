/**
 * Blocks (spärrar): a patient's records at one care unit, or at one care provider, kept from all others. Staff register and end
 * them on the patient's wish at the unit whose records they are about; elsewhere it can be seen that something is blocked, and it
 * can be lifted for a while with the patient's consent or in an emergency. What is blocked is worked out where rows are read.
 *
 * SPEC JRN-BLOCK · PDL (2008:355) 4 kap. 4–5 §§, lag (2022:913); kinds and reasons: TKB ehr:blocking 3.2.1
 */
import { reachSetting, type Grounds, type PersonActor } from "../access/index.ts";
import { homeOf, newId } from "../base/index.ts";
import { fhirErrorAt } from "../fhir/index.ts";
import type { BlockKind, WriteTx } from "../store/index.ts";
import { actAt, personAt, refuseUnknown } from "./at-patient.ts";
import { recordShown } from "./care/grounds.ts";
import { recordAccess } from "./commit.ts";
import type { Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { refuseOnFooting } from "./signing/supervised.ts";

/** A block as it is shown to those whose records it is about. */
export type ShownBlock = {
  readonly id: string;
  readonly kind: BlockKind;
  readonly careUnit: string | null;
  readonly since: string | null;
  readonly until: string | null;
  readonly exceptKinds: readonly string[];
  readonly registered: string;
};

export type BlockState = {
  /** Something is blocked for the reader: not what, nor whose, nor how much. */
  readonly hidden: boolean;
  /** Until when what is blocked is open to the reader, if somebody has lifted it. */
  readonly liftedUntil: string | null;
  /** The blocks of the reader's own unit and care provider. */
  readonly items: readonly ShownBlock[];
};

export type BlockWish = {
  readonly kind: BlockKind;
  readonly since: string | null;
  readonly until: string | null;
  readonly exceptKinds: readonly string[];
};

export type LiftWish = {
  readonly reason: "PatientsConsent" | "Emergency";
  /** For how long. */
  readonly hours: number;
  readonly note: string;
};

/** Longest lifts, in hours: an emergency passes, a consent is asked for again. */
export const LONGEST_LIFT: Readonly<Record<LiftWish["reason"], number>> = { Emergency: 24, PatientsConsent: 24 * 90 };

/** How a patient's blocks stand to the reader. Errors: NOT_FOUND, FORBIDDEN. */
export async function blocksOf(visit: Visit, patient: string): Promise<Disclosed<BlockState>> {
  const { actor, grounds } = await personAt(visit, patient, ASKED);
  const found = await visit.store.read(reachSetting(grounds.reach), async (look) =>
    (await look.read("Patient", patient)) === undefined ? undefined : stateFor(actor, await look.blocks.of(patient)),
  );
  if (found === undefined) return refuseUnknown(visit, patient, ASKED.what);
  await recordShown(visit, [actAt(visit, patient, { action: "read blocks", grounds, what: "blocks" })]);
  return disclose(found);
}

/**
 * Registers a block for the reader's own unit (inner) or care provider (outer). The same block twice is one. Errors:
 * NOT_FOUND, FORBIDDEN, INVALID.
 */
export async function registerBlock(visit: Visit, patient: string, wish: BlockWish): Promise<Disclosed<BlockState>> {
  const { actor, grounds } = await personAt(visit, patient, ASKED);
  // Where rows lie on several servers the second lock cannot look for blocks: better none than one that does not hold.
  if (visit.store.isSpread)
    throw fhirErrorAt("NOT_SUPPORTED", "kind", { sv: "spärrar på flera servrar", en: "blocks over several servers" });
  refuseBadPeriod(wish);
  return change(visit, patient, grounds, async (tx) => {
    const { providerHsaId: careProvider, unitHsaId } = actor.assignment;
    const careUnit = wish.kind === "inner" ? unitHsaId : null;
    const now = visit.clock();
    const id = newId(homeOf(patient), now.getTime(), visit.random(10));
    const block = {
      ...wish,
      id,
      patient,
      careProvider,
      careUnit,
      registered: now.toISOString(),
      registeredBy: actor.hsaId,
    };
    const standing = await tx.blocks.of(patient);
    if (!standing.some((one) => sameBlock(one, block))) await tx.blocks.add(block);
    return { action: "block", what: `block ${id}` };
  });
}

/** Ends a block of the reader's own unit or care provider: on the patient's wish, or since it was a mistake. */
export async function endBlock(
  visit: Visit,
  { patient, block }: { readonly patient: string; readonly block: string },
  reason: "lifted" | "mistake",
): Promise<Disclosed<BlockState>> {
  const { actor, grounds } = await personAt(visit, patient, ASKED);
  return change(visit, patient, grounds, async (tx) => {
    const own = stateFor(actor, await tx.blocks.of(patient)).items.some(({ id }) => id === block);
    const end = { at: visit.clock().toISOString(), by: actor.hsaId, reason };
    if (!own || !(await tx.blocks.end(block, end))) return undefined;
    return { action: "end block", what: `block ${block}` };
  });
}

/**
 * Lifts what is blocked for the reader, and for nobody else, for some hours. Where nothing is blocked nothing is done, and the
 * answer is the same: whoever asks must not learn from it. Errors: NOT_FOUND, FORBIDDEN, INVALID.
 */
export async function liftBlocks(visit: Visit, patient: string, wish: LiftWish): Promise<Disclosed<BlockState>> {
  const { actor, grounds } = await personAt(visit, patient, ASKED);
  if (!(wish.hours > 0 && wish.hours <= LONGEST_LIFT[wish.reason]))
    throw fhirErrorAt("BLOCK_INVALID", "hours", "hours", {
      sv: `mer än 0 och högst ${LONGEST_LIFT[wish.reason]}`,
      en: `more than 0 and at most ${LONGEST_LIFT[wish.reason]}`,
    });
  if (wish.note.trim() === "")
    throw fhirErrorAt("BLOCK_INVALID", "note", "note", { sv: "ett skäl i ord", en: "a reason in words" });
  await refuseOnFooting(visit, "lift-block", `Patient/${patient} ${ASKED.what}`);
  return change(visit, patient, grounds, async (tx) => {
    const now = visit.clock();
    const until = new Date(now.getTime() + wish.hours * 3_600_000).toISOString();
    for (const { id: block, hides } of await tx.blocks.of(patient)) {
      if (!hides) continue;
      const id = newId(homeOf(patient), now.getTime(), visit.random(10));
      const { hsaId: employee, assignment } = actor;
      const registered = { registered: now.toISOString(), registeredBy: employee };
      const { reason, note } = wish;
      await tx.blocks.lift({ id, block, careUnit: assignment.unitHsaId, employee, until, reason, note, ...registered });
    }
    return { action: wish.reason === "Emergency" ? "emergency lift" : "lift block", what: `blocks until ${until}` };
  });
}

/** Closes again what was lifted for the reader. */
export async function endLifts(visit: Visit, patient: string): Promise<Disclosed<BlockState>> {
  const { actor, grounds } = await personAt(visit, patient, ASKED);
  return change(visit, patient, grounds, async (tx) => {
    await tx.blocks.endLifts(patient, { at: visit.clock().toISOString(), by: actor.hsaId });
    return { action: "end lift", what: "blocks" };
  });
}

const ASKED = { what: "blocks", sentence: "Spärrar hanteras av personal med medarbetaruppdrag." } as const;

type Told = { readonly action: string; readonly what: string };

/** One change of a patient's blocks with its line in the access log, and how they stand after it; one of nothing is refused. */
async function change(
  visit: Visit,
  patient: string,
  grounds: Grounds,
  work: (tx: WriteTx) => Promise<Told | undefined>,
): Promise<Disclosed<BlockState>> {
  const actor = visit.actor as PersonActor;
  const state = await visit.store.write(reachSetting(grounds.reach), async (tx) => {
    await tx.lock([`blocks ${patient}`]);
    if ((await tx.read("Patient", patient)) === undefined) return undefined;
    const done = await work(tx);
    if (done === undefined) return undefined;
    const { action, what } = done;
    await recordAccess(tx, visit, [actAt(visit, patient, { action, grounds, what })]);
    return stateFor(actor, await tx.blocks.of(patient));
  });
  return state === undefined ? refuseUnknown(visit, patient, ASKED.what) : disclose(state);
}

type Block = Awaited<ReturnType<WriteTx["blocks"]["of"]>>[number];

function stateFor({ assignment }: PersonActor, blocks: readonly Block[]): BlockState {
  const { providerHsaId, unitHsaId } = assignment;
  const isOwn = ({ kind, careProvider, careUnit }: Block): boolean =>
    careProvider === providerHsaId && (kind === "outer" || careUnit === unitHsaId);
  const lifts = blocks.map(({ liftedUntil }) => liftedUntil).filter((until) => until !== null);
  return {
    hidden: blocks.some(({ hides }) => hides),
    liftedUntil: lifts.toSorted()[0] ?? null,
    items: blocks.filter(isOwn).map(({ id, kind, careUnit, since, until, exceptKinds, registered }) => ({
      id,
      kind,
      careUnit,
      since,
      until,
      exceptKinds,
      registered,
    })),
  };
}

function sameBlock(one: Block, other: Omit<Block, "hides" | "liftedUntil">): boolean {
  const isSame = (["kind", "careProvider", "careUnit"] as const).every((name) => one[name] === other[name]);
  const time = (text: string | null): number | null => (text === null ? null : Date.parse(text));
  const isSameTime = (["since", "until"] as const).every((name) => time(one[name]) === time(other[name]));
  return isSame && isSameTime && one.exceptKinds.toSorted().join() === other.exceptKinds.toSorted().join();
}

function refuseBadPeriod({ since, until }: BlockWish): void {
  if (since !== null && until !== null && Date.parse(since) > Date.parse(until))
    throw fhirErrorAt("BLOCK_INVALID", "until", "until", { sv: "efter since", en: "after since" });
}
