/**
 * The patient's own consents to cohesive care: given to the people of a unit until a day, taken back at once. What it opens for whom is
 * written with it, as when staff record one; a consent that staff have recorded can be taken back here too.
 *
 * SPEC JRN-DOOR-CONSENT · lag (2022:913)
 */
import { homeOf, newId } from "../../base/index.ts";
import { fhirError, fhirErrorAt } from "../../fhir/index.ts";
import type { CareFact, WriteTx } from "../../store/index.ts";
import { recordRefusal } from "../authorize.ts";
import { LONGEST_CONSENT_DAYS, rewriteOpenings } from "../care/care.ts";
import { recordAccess } from "../commit.ts";
import { OUT_OF_REACH, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { doorEntry, patientAtDoor, type AtDoorOf } from "./grounds.ts";
import { ownPlaces, placesOf, type Place } from "./places.ts";

export type OwnConsent = Pick<CareFact, "id" | "careProvider" | "careUnit" | "since" | "until"> & {
  readonly unitName: string;
  readonly providerName: string;
  /** For one person of the unit only, as staff have recorded it. */
  readonly isForOne: boolean;
  readonly isOwn: boolean;
};
export type OwnConsents = { readonly items: readonly OwnConsent[]; readonly places: readonly Place[] };
export type ConsentWish = { readonly careProvider: string; readonly careUnit: string; readonly until: string };

const DAY_MS = 86_400_000;

/** The consents that stand. Errors: FORBIDDEN. */
export async function ownConsents(visit: Visit): Promise<Disclosed<OwnConsents>> {
  const at = await patientAtDoor(visit, "read care");
  const found = await look(visit, at);
  const what = [`Patient/${at.actor.patient} consents`];
  await visit.store.recordAccess([doorEntry(visit, at, { action: "read care", what })]);
  return disclose(found);
}

/** Consents for the people of a unit where the patient has records; the same again gets the new end. Errors: DOOR_INVALID, FORBIDDEN. */
export async function giveConsent(visit: Visit, wish: ConsentWish): Promise<Disclosed<OwnConsents>> {
  const at = await patientAtDoor(visit, "record consent");
  const now = visit.clock();
  const until = Date.parse(wish.until);
  if (!(until > now.getTime() && until <= now.getTime() + LONGEST_CONSENT_DAYS * DAY_MS))
    throw invalid("until", `en dag från i dag och högst ${LONGEST_CONSENT_DAYS} dagar fram`, `a day within ${LONGEST_CONSENT_DAYS} days`); // prettier-ignore
  const { places } = await look(visit, at);
  const { careProvider, careUnit } = wish;
  if (!places.some((one) => one.careProvider === careProvider && one.careUnit === careUnit))
    throw invalid("careUnit", "en enhet som du har uppgifter hos", "a unit where you have records");
  await change(visit, at, async (tx, standing) => {
    const ends = new Date(until).toISOString();
    const same = ownOf(standing).filter((one) => one.careUnit === careUnit && one.careProvider === careProvider);
    if (same.some((one) => one.until === ends)) return { action: "record consent", what: "already so" };
    for (const { id } of same) await tx.care.end(id, ended(visit, at));
    const { patient, id: reader } = at.actor;
    const id = newId(homeOf(patient), now.getTime(), visit.random(10));
    const since = now.toISOString();
    await tx.care.add({ id, patient, kind: "consent", careProvider, careUnit, employee: null, sourceProvider: null, sourceUnit: null, reason: null, representedBy: null, since, until: ends, registered: since, registeredBy: `patient ${reader}` }); // prettier-ignore
    return { action: "record consent", what: `consent ${id}` };
  });
  return disclose(await look(visit, at));
}

/** Takes back a consent, whoever recorded it. Errors: NOT_FOUND, FORBIDDEN. */
export async function withdrawConsent(visit: Visit, consent: string): Promise<Disclosed<OwnConsents>> {
  const at = await patientAtDoor(visit, "end care");
  const isDone = await change(visit, at, async (tx, standing) => {
    const isOne = standing.some(({ id, kind }) => id === consent && kind === "consent");
    if (!isOne || !(await tx.care.end(consent, ended(visit, at)))) return undefined;
    return { action: "end care", what: `consent ${consent}` };
  });
  if (!isDone) {
    await recordRefusal(visit, "end care", OUT_OF_REACH, [`Patient/${at.actor.patient}`]);
    throw fhirError("NOT_FOUND");
  }
  return disclose(await look(visit, at));
}

type Told = { readonly action: string; readonly what: string };

/** One change with what follows from it and its line in the log, in one transaction. False when there was nothing to change. */
function change(
  visit: Visit,
  at: AtDoorOf,
  work: (tx: WriteTx, standing: readonly CareFact[]) => Promise<Told | undefined>,
): Promise<boolean> {
  const { patient } = at.actor;
  // The door's own role reaches no facts of care; that this is the patient's has been decided.
  return visit.store.write("*", async (tx) => {
    await tx.lock([`care ${patient}`]);
    const before = await tx.care.facts(patient);
    const done = await work(tx, before);
    if (done === undefined) return false;
    await rewriteOpenings(tx, patient, { before, now: visit.clock() });
    await recordAccess(tx, visit, [
      doorEntry(visit, at, { action: done.action, what: [`Patient/${patient} ${done.what}`] }),
    ]);
    return true;
  });
}

function ended(visit: Visit, { actor }: AtDoorOf): { at: string; by: string; reason: "withdrawn" } {
  return { at: visit.clock().toISOString(), by: `patient ${actor.id}`, reason: "withdrawn" };
}

/** Those of a whole unit, as the patient gives them. */
function ownOf(facts: readonly CareFact[]): readonly CareFact[] {
  return facts.filter(({ kind, employee }) => kind === "consent" && employee === null);
}

async function look(visit: Visit, at: AtDoorOf): Promise<OwnConsents> {
  const facts = await visit.store.read("*", (tx) => tx.care.facts(at.actor.patient));
  const standing = facts.filter(({ kind }) => kind === "consent");
  const sources = await ownPlaces(visit, at);
  const named = await placesOf(visit, [...sources, ...standing]);
  const nameOf = (id: string): string => named.names.get(id) ?? id;
  return {
    items: standing.map(({ id, careProvider, careUnit, since, until, employee, registeredBy }) => ({
      id,
      careProvider,
      careUnit,
      since,
      until,
      unitName: nameOf(careUnit),
      providerName: nameOf(careProvider),
      isForOne: employee !== null,
      isOwn: registeredBy.startsWith("patient "),
    })),
    places: named.placesOf(sources),
  };
}

function invalid(name: string, sv: string, en: string): Error {
  return fhirErrorAt("DOOR_INVALID", name, { sv: name, en: name }, { sv, en });
}
