/**
 * Opening a patient's records: a reason, a care relation, an active choice of one source, the patient's consent, an emergency. Each is
 * registered by the person whom it opens for, holds for a stated time, and can be ended. What follows for rows is written with it, in
 * one transaction, so that it holds with the next statement everywhere.
 *
 * SPEC JRN-CARE · PDL (2008:355) 4 kap. 1–2 §§, lag (2022:913), HSLF-FS 2016:40 4 kap.; service contracts ehr:patientconsent,
 * ehr:patientrelationship
 */
import { openingsOf, reachSetting, USUAL_LIMITS, type Grounds, type PersonActor } from "../../access/index.ts";
import { homeOf, newId } from "../../base/index.ts";
import { fhirErrorAt } from "../../fhir/index.ts";
import type { CareFact, CareKind, WriteTx } from "../../store/index.ts";
import { actAt, personAt, refuseUnknown } from "../at-patient.ts";
import { recordAccess } from "../commit.ts";
import type { Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { showingFor } from "../protected.ts";
import { sameIn } from "../same-person.ts";
import { refuseOnFooting } from "../signing/supervised.ts";
import { careState, openingFacts, type CareState, type Place } from "./state.ts";

/** What somebody wants to register. */
export type CareWish =
  | { readonly kind: "reason" | "emergency"; readonly reason: string }
  | { readonly kind: "relation" }
  | { readonly kind: "choice"; readonly source: Place }
  | { readonly kind: "consent"; readonly days: number; readonly representedBy: string | null };

const HOUR_MS = 3_600_000;
const RELATION_DAYS = 90;
export const LONGEST_CONSENT_DAYS = 365;
const LONGEST_REASON = 1000;
const HSA_ID = /^[A-Za-z0-9-]{1,32}$/;

const ACTIONS: Readonly<Record<CareKind, string>> = {
  reason: "give reason",
  relation: "register relation",
  choice: "choose source",
  consent: "record consent",
  emergency: "emergency access",
};

/** How a patient's records stand to the person. Errors: NOT_FOUND, FORBIDDEN. */
export async function careOf(visit: Visit, patient: string): Promise<Disclosed<CareState>> {
  const { actor: person, grounds } = await personAt(visit, patient, ASKED);
  const isProtected = (await showingFor(visit)).hides(patient);
  const state = await visit.store.read(reachSetting(grounds.reach), async (look) =>
    (await look.read("Patient", patient)) === undefined
      ? undefined
      : careState(look, person, { patient, now: visit.clock(), isProtected }),
  );
  if (state === undefined) return refuseUnknown(visit, patient, ASKED.what);
  await visit.store.recordAccess([actAt(visit, patient, { action: "read care", grounds, what: "care" })]);
  return disclose(state);
}

/**
 * Registers what opens the patient's records to the person. The same twice is one. Errors: NOT_FOUND, FORBIDDEN, CARE_INVALID.
 */
export async function openCare(visit: Visit, patient: string, wish: CareWish): Promise<Disclosed<CareState>> {
  const { actor: person, grounds } = await personAt(visit, patient, ASKED);
  refuseBadWish(wish);
  if (wish.kind === "emergency") await refuseOnFooting(visit, "emergency", `Patient/${patient} ${ASKED.what}`);
  return change(visit, patient, { person, grounds }, async (tx, standing) => {
    const now = visit.clock();
    const facts = factsOf(wish, person, {
      patient,
      now,
      id: () => newId(homeOf(patient), now.getTime(), visit.random(10)),
    });
    const added = facts.filter((fact) => !standing.some((one) => isSame(one, fact)));
    for (const fact of added) await tx.care.add(fact);
    for (const fact of added.filter(({ kind }) => kind === "emergency")) await tx.care.addReview(fact);
    return {
      action: ACTIONS[wish.kind],
      what: added.map(({ kind, id }) => `${kind} ${id}`).join(", ") || "already so",
    };
  });
}

/** Ends what the person, or somebody for the whole unit, has registered. Errors: NOT_FOUND, FORBIDDEN. */
export async function endCare(
  visit: Visit,
  { patient, fact }: { readonly patient: string; readonly fact: string },
  reason: "withdrawn" | "mistake",
): Promise<Disclosed<CareState>> {
  const { actor: person, grounds } = await personAt(visit, patient, ASKED);
  return change(visit, patient, { person, grounds }, async (tx, standing) => {
    const found = standing.find(({ id }) => id === fact);
    const isMine = found?.careUnit === person.assignment.unitHsaId && (found.employee ?? person.hsaId) === person.hsaId;
    if (!isMine || !(await tx.care.end(fact, { at: visit.clock().toISOString(), by: person.hsaId, reason })))
      return undefined;
    return { action: "end care", what: `${found.kind} ${fact}` };
  });
}

/** Writes what follows from a patient's facts, for everybody whom they are for. Whoever adds or ends a fact calls it in the same transaction. */
export async function rewriteOpenings(
  tx: Pick<WriteTx, "care">,
  patient: string,
  { before, now }: { readonly before: readonly Readers[]; readonly now: Date },
): Promise<void> {
  const facts = await tx.care.facts(patient);
  const readers = new Map<string, Readers>();
  // Who had something before, too: it may be nothing any more.
  for (const { careProvider, careUnit, employee } of [...before, ...facts])
    readers.set(`${careUnit} ${employee ?? ""}`, { careProvider, careUnit, employee });
  for (const { careProvider, careUnit, employee } of readers.values()) {
    // Facts of a whole unit open to each of its people; what they open to nobody in particular stands for the unit.
    const reader = { careProvider, careUnit, employee: employee ?? "unit" };
    const person = { assignment: { providerHsaId: careProvider, unitHsaId: careUnit } } as PersonActor;
    const opened = openingsOf(reader, openingFacts(facts, person), { from: now.getTime() });
    await tx.care.replaceOpenings(
      patient,
      { careUnit, employee },
      opened.map(({ careProvider: sourceProvider, careUnit: sourceUnit, rule, leans, since, until }) => ({
        sourceProvider,
        sourceUnit,
        rule,
        leans,
        since: since <= now.getTime() ? null : new Date(since).toISOString(),
        until: until === null ? null : new Date(until).toISOString(),
      })),
    );
  }
}

type Readers = Pick<CareFact, "careProvider" | "careUnit" | "employee">;
const ASKED = {
  what: "care",
  sentence: "Vårdrelationer och val hanteras av personal med medarbetaruppdrag.",
} as const;

type Told = { readonly action: string; readonly what: string };
type Asking = { readonly person: PersonActor; readonly grounds: Grounds };

/** One change of a patient's facts, what follows from it, and its line in the access log; one of nothing is refused. */
async function change(
  visit: Visit,
  patient: string,
  { person, grounds }: Asking,
  work: (tx: WriteTx, standing: readonly CareFact[]) => Promise<Told | undefined>,
): Promise<Disclosed<CareState>> {
  const isProtected = (await showingFor(visit)).hides(patient);
  const state = await visit.store.write(reachSetting(grounds.reach), async (tx) => {
    await tx.lock([`care ${patient}`]);
    if ((await tx.read("Patient", patient)) === undefined) return undefined;
    const people = [patient, ...(await sameIn(tx, patient))];
    const before: CareFact[] = [];
    for (const one of people) before.push(...(await tx.care.facts(one)));
    const done = await work(tx, before);
    if (done === undefined) return undefined;
    const now = visit.clock();
    for (const one of people)
      await rewriteOpenings(tx, one, { before: before.filter((fact) => fact.patient === one), now });
    await recordAccess(tx, visit, [actAt(visit, patient, { ...done, grounds })]);
    return careState(tx, person, { patient, now, isProtected });
  });
  return state === undefined ? refuseUnknown(visit, patient, ASKED.what) : disclose(state);
}

type Making = { readonly patient: string; readonly now: Date; readonly id: () => string };

/** The facts of a wish: an emergency says too that the person takes part in the care. */
function factsOf(
  wish: CareWish,
  { hsaId, assignment }: PersonActor,
  { patient, now, id }: Making,
): readonly CareFact[] {
  const lasting = (hours: number): string => new Date(now.getTime() + hours * HOUR_MS).toISOString();
  const fact = (kind: CareKind, hours: number, more: Partial<CareFact> = {}): CareFact => ({
    id: id(),
    patient,
    kind,
    careProvider: assignment.providerHsaId,
    careUnit: assignment.unitHsaId,
    employee: hsaId,
    sourceProvider: null,
    sourceUnit: null,
    reason: null,
    representedBy: null,
    since: now.toISOString(),
    until: lasting(hours),
    registered: now.toISOString(),
    registeredBy: hsaId,
    ...more,
  });
  switch (wish.kind) {
    case "reason":
      return [fact("reason", USUAL_LIMITS.reasonHours, { reason: wish.reason.trim() })];
    case "emergency":
      return [
        fact("emergency", USUAL_LIMITS.emergencyHours, { reason: wish.reason.trim() }),
        fact("relation", USUAL_LIMITS.emergencyHours),
      ];
    case "relation":
      return [fact("relation", RELATION_DAYS * 24)];
    case "choice": {
      const { careProvider, careUnit } = wish.source;
      return [fact("choice", USUAL_LIMITS.choiceHours, { sourceProvider: careProvider, sourceUnit: careUnit })];
    }
    case "consent":
      return [fact("consent", wish.days * 24, { representedBy: wish.representedBy })];
  }
}

/** The same fact for the same person: a second click adds nothing. Another reason in words is another reason. */
function isSame(one: CareFact, other: CareFact): boolean {
  const named = ["kind", "careUnit", "employee", "sourceProvider", "sourceUnit"] as const;
  return named.every((name) => one[name] === other[name]) && (one.kind !== "reason" || one.reason === other.reason);
}

function refuseBadWish(wish: CareWish): void {
  const bad = (place: string, sv: string, en: string): never => {
    throw fhirErrorAt("CARE_INVALID", place, place, { sv, en });
  };
  if (wish.kind === "reason" || wish.kind === "emergency") {
    const length = wish.reason.trim().length;
    if (length === 0 || length > LONGEST_REASON)
      bad(
        "reason",
        `ett skäl i ord, högst ${LONGEST_REASON} tecken`,
        `a reason in words, at most ${LONGEST_REASON} characters`,
      );
  }
  if (wish.kind === "choice") {
    const { careProvider, careUnit } = wish.source;
    if (!HSA_ID.test(careProvider) || (careUnit !== null && !HSA_ID.test(careUnit)))
      bad("source", "HSA-id för vårdgivare och vårdenhet", "HSA-ids of care provider and care unit");
  }
  if (wish.kind === "consent" && !(Number.isInteger(wish.days) && wish.days >= 1 && wish.days <= LONGEST_CONSENT_DAYS))
    bad("days", `1 till ${LONGEST_CONSENT_DAYS} dagar`, `1 to ${LONGEST_CONSENT_DAYS} days`);
}
