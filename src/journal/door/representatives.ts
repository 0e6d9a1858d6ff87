/**
 * Who reads for a patient, as staff see and register it: guardians whom the population register does not tell of, the end of a custody or of
 * a proxy's right, and the own unit's decision that a child reads itself or that a guardian goes on reading. Each change says why,
 * and is in the log; what it opens or closes at the patient's door counts at once (decision 0034).
 *
 * SPEC JRN-DOOR-STAFF · PDL (2008:355) 5 kap. 5 §, FB 6 kap. (not verified)
 */
import {
  ageRuleNow,
  refuseDoorDuty,
  USUAL_DOOR_RULES,
  type AgeRule,
  type DoorDuty,
  type Grounds,
  type PersonActor,
} from "../../access/index.ts";
import { homeOf, newId, parseIdentityNumber } from "../../base/index.ts";
import { fhirErrorAt, isJsonArray, isJsonObject, protectionLabels } from "../../fhir/index.ts";
import type { StoredDoorGrant, StoredRepresentation, WriteTx } from "../../store/index.ts";
import { actAt, personAt, refuseUnknown } from "../at-patient.ts";
import { orLogged, refuseByRule } from "../authorize.ts";
import { recordShown, requireNeed, withGrounds } from "../care/grounds.ts";
import { recordAccess } from "../commit.ts";
import type { Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { showingFor } from "../protected.ts";
import { knownPatient, type KnownPatient } from "./facts.ts";

export type Representative = {
  readonly id: string;
  readonly kind: "guardian" | "proxy";
  /** The identity number; nothing when it is kept back with the patient's protected identity. */
  readonly number: string | null;
  readonly since: string;
  readonly until: string | null;
  readonly ended: string | null;
  readonly isInForce: boolean;
  readonly from: "register" | "patient" | "staff";
  /** Why, in the words of the own unit's staff. */
  readonly reason: string | null;
};

/** A decision of the reader's own unit; another unit's is not told of. */
export type UnitDecision = {
  readonly id: string;
  readonly kind: "child" | "guardian";
  readonly number: string | null;
  readonly since: string;
  readonly until: string | null;
  readonly isInForce: boolean;
  readonly reason: string | null;
};

export type Representatives = {
  /** Whole years, and what the age rules open today; nothing when it is not known. */
  readonly age: number | null;
  readonly opens: Pick<AgeRule, "patient" | "guardian" | "proxy"> | null;
  /** A child's protected identity turns guardians' access off. */
  readonly isProtected: boolean;
  readonly representatives: readonly Representative[];
  readonly decisions: readonly UnitDecision[];
  /** What the reader may do here. */
  readonly may: Readonly<Record<DoorDuty, boolean>>;
};

export type GuardianWish = { readonly number: string; readonly since: string; readonly reason: string };
export type DecisionWish = {
  readonly kind: "child" | "guardian";
  /** The guardian who goes on reading, by the id of the representation. */
  readonly guardian: string | null;
  readonly until: string;
  readonly reason: string;
  /** Child and guardian agree that the guardian reads. */
  readonly isAgreed: boolean;
};

const ASKED = { what: "representatives", sentence: "Vårdnadshavare och ombud hanteras av personal med medarbetaruppdrag." } as const; // prettier-ignore
const OF_AGE = 18;
const LONGEST_REASON = 500;
const LONGEST_YEARS = 3;
const MOST = 20;

type At = { readonly actor: PersonActor; readonly grounds: Grounds; readonly known: KnownPatient };

/** Everybody who reads for a patient, and what the age rules open. Errors: NOT_FOUND, FORBIDDEN, NO_CARE_RELATION. */
export async function representativesOf(visit: Visit, patient: string): Promise<Disclosed<Representatives>> {
  const at = await staffAt(visit, patient);
  await recordShown(visit, [actAt(visit, patient, { action: "read representatives", grounds: at.grounds, what: "representatives" })]); // prettier-ignore
  return disclose(await shownTo(visit, patient, at));
}

/** Registers a guardian of a child; one who stands already is one. Errors: DOOR_INVALID, FORBIDDEN with the rule, and those of reading. */
export async function addGuardian(
  visit: Visit,
  patient: string,
  wish: GuardianWish,
): Promise<Disclosed<Representatives>> {
  const at = await staffFor(visit, patient, "representation", "register guardian");
  const { reason, person, since } = await checked(visit, patient, "register guardian", () => ({
    reason: reasonIn(wish.reason),
    person: guardianIn(wish.number, at.known),
    since: startIn(visit, wish.since, at.known),
  }));
  return change(visit, patient, at, async (tx) => {
    const standing = (await tx.door.representationsOf(patient)).filter(
      ({ kind, ended }) => kind === "guardian" && ended === null,
    );
    if (standing.some((one) => one.person === person)) return { action: "register guardian", what: "already so" };
    if (standing.length >= MOST) throw invalid("number", `högst ${MOST} vårdnadshavare`, `at most ${MOST} guardians`);
    const { actor } = at;
    const id = idFor(visit, patient);
    const registered = visit.clock().toISOString();
    const by = { registered, registeredBy: actor.hsaId, careUnit: actor.assignment.unitHsaId, reason };
    await tx.door.addRepresentation({ id, patient, kind: "guardian", person, label: null, since, until: null, ...by });
    return { action: "register guardian", what: `guardian ${id}` };
  });
}

/** Ends a guardian's or, at the patient's wish, a proxy's reading. Errors: NOT_FOUND, DOOR_INVALID, FORBIDDEN with the rule. */
export async function endRepresentative(
  visit: Visit,
  { patient, id }: { readonly patient: string; readonly id: string },
  why: string,
): Promise<Disclosed<Representatives>> {
  const at = await staffFor(visit, patient, "representation", "end guardian");
  const reason = await checked(visit, patient, "end guardian", () => reasonIn(why));
  return change(visit, patient, at, async (tx) => {
    const found = (await tx.door.representationsOf(patient)).find((one) => one.id === id);
    const end = { at: visit.clock().toISOString(), by: at.actor.hsaId, reason };
    if (found === undefined || !(await tx.door.endRepresentation(id, end))) return undefined;
    return { action: found.kind === "guardian" ? "end guardian" : "end proxy", what: `${found.kind} ${id}` };
  });
}

/**
 * The own unit's decision at an age at which the rules leave it to units; the same again gets the new end. Errors: DOOR_INVALID when the
 * age is another, FORBIDDEN with the rule, and those of reading.
 */
export async function decideAtUnit(
  visit: Visit,
  patient: string,
  wish: DecisionWish,
): Promise<Disclosed<Representatives>> {
  const at = await staffFor(visit, patient, "grant", "grant door");
  const { reason, until } = await checked(visit, patient, "grant door", () => {
    refuseUnlessLeftToUnits(visit, at, wish);
    return { reason: reasonIn(wish.reason), until: endIn(visit, wish.until) };
  });
  return change(visit, patient, at, async (tx) => {
    const person = wish.kind === "child" ? null : await standingGuardian(tx, visit, patient, wish.guardian);
    const { unitHsaId: careUnit } = at.actor.assignment;
    const same = (await tx.door.grantsOf(patient)).filter(
      (one) => one.kind === wish.kind && one.person === person && one.careUnit === careUnit,
    );
    if (same.some((one) => one.until === until && one.reason === reason)) return { action: "grant door", what: "already so" }; // prettier-ignore
    const now = visit.clock().toISOString();
    for (const { id } of same) await tx.door.endGrant(id, { at: now, by: at.actor.hsaId, reason: "ersatt" });
    const id = idFor(visit, patient);
    const by = { registered: now, registeredBy: at.actor.hsaId, reason };
    await tx.door.addGrant({ id, patient, kind: wish.kind, person, careUnit, since: now, until, ...by });
    return { action: "grant door", what: `grant ${id}` };
  });
}

/** Takes back a decision of the own unit, at once. Errors: NOT_FOUND, DOOR_INVALID, FORBIDDEN with the rule. */
export async function endDecision(
  visit: Visit,
  { patient, id }: { readonly patient: string; readonly id: string },
  why: string,
): Promise<Disclosed<Representatives>> {
  const at = await staffFor(visit, patient, "grant", "end grant");
  const reason = await checked(visit, patient, "end grant", () => reasonIn(why));
  return change(visit, patient, at, async (tx) => {
    const { unitHsaId } = at.actor.assignment;
    const isOwn = (await tx.door.grantsOf(patient)).some((one) => one.id === id && one.careUnit === unitHsaId);
    const end = { at: visit.clock().toISOString(), by: at.actor.hsaId, reason };
    if (!isOwn || !(await tx.door.endGrant(id, end))) return undefined;
    return { action: "end grant", what: `grant ${id}` };
  });
}

/** Staff to whom something opens the patient. */
async function staffAt(visit: Visit, patient: string): Promise<At> {
  const { actor, grounds } = await personAt(visit, patient, ASKED);
  const known = await knownPatient(visit, patient);
  if (known === undefined) return refuseUnknown(visit, patient, ASKED.what);
  await requireNeed(visit, patient, `Patient/${patient} ${ASKED.what}`);
  return { actor, grounds, known };
}

/** The same with the duty to do it. */
async function staffFor(visit: Visit, patient: string, duty: DoorDuty, action: string): Promise<At> {
  const at = await staffAt(visit, patient);
  const refusal = refuseDoorDuty(at.actor, duty);
  if (refusal === undefined) return at;
  return refuseByRule(visit, refusal, { action, asked: `Patient/${patient}` });
}

/** What a wish comes to; that it cannot be is logged before it is told, since it tells something of the patient. */
function checked<T>(visit: Visit, patient: string, action: string, work: () => T): Promise<T> {
  return orLogged(visit, action, `Patient/${patient}`, new Promise<T>((resolve) => resolve(work())));
}

type Told = { readonly action: string; readonly what: string };

/** One change with its line in the log, in one transaction; one of nothing is refused. */
async function change(
  visit: Visit,
  patient: string,
  at: At,
  work: (tx: WriteTx) => Promise<Told | undefined>,
): Promise<Disclosed<Representatives>> {
  // The role that people's connections have reaches no facts of the door; that this person may has been decided.
  const written = visit.store.write("*", async (tx) => {
    await tx.lock([`proxies ${patient}`]);
    const done = await work(tx);
    if (done === undefined) return false;
    const entries = [actAt(visit, patient, { action: done.action, grounds: at.grounds, what: done.what })];
    await recordAccess(tx, visit, await withGrounds(visit, entries));
    return true;
  });
  const isDone = await orLogged(visit, "representatives", `Patient/${patient}`, written);
  if (!isDone) return refuseUnknown(visit, patient, ASKED.what);
  const known = await knownPatient(visit, patient);
  return disclose(await shownTo(visit, patient, { ...at, known: known ?? at.known }));
}

async function shownTo(visit: Visit, patient: string, { actor, known }: At): Promise<Representatives> {
  const now = visit.clock().toISOString();
  const isHidden = (await showingFor(visit)).hides(patient);
  const { unitHsaId } = actor.assignment;
  const { birthDate } = known.content;
  const rule = ageRuleNow(typeof birthDate === "string" ? birthDate : null, askedNow(visit));
  const number = (person: string | null): string | null => (person === null || isHidden ? null : person.slice(person.indexOf("|") + 1)); // prettier-ignore
  const stands = ({ since, until }: Pick<StoredDoorGrant, "since" | "until">): boolean => since <= now && (until === null || now <= until); // prettier-ignore
  return {
    age: rule?.age ?? null,
    opens: rule === undefined ? null : { patient: rule.patient, guardian: rule.guardian, proxy: rule.proxy },
    isProtected: protectionLabels(known.content).length > 0,
    representatives: known.representations
      .map((one) => ({
        id: one.id,
        kind: one.kind,
        number: number(one.person),
        since: one.since,
        until: one.until,
        ended: one.ended,
        isInForce: one.ended === null && stands(one),
        from: fromOf(one),
        reason: one.careUnit === unitHsaId ? one.reason : null,
      }))
      .toReversed(),
    decisions: known.grants
      .filter(({ careUnit }) => careUnit === unitHsaId)
      .map(({ id, kind, person, since, until, reason, ended }) => ({
        id,
        kind,
        number: number(person),
        since,
        until,
        isInForce: ended === null && stands({ since, until }),
        reason,
      })),
    may: {
      representation: refuseDoorDuty(actor, "representation") === undefined,
      grant: refuseDoorDuty(actor, "grant") === undefined,
    },
  };
}

function fromOf({ kind, registeredBy }: Pick<StoredRepresentation, "kind" | "registeredBy">): Representative["from"] {
  if (kind === "proxy") return "patient";
  return registeredBy === "register" ? "register" : "staff";
}

function askedNow(visit: Visit) {
  return { at: visit.clock().toISOString(), rules: visit.doorRules ?? USUAL_DOOR_RULES };
}

/** A guardian is somebody else, of a patient who is not of age. */
function guardianIn(text: string, { content }: KnownPatient): string {
  const identity = parseIdentityNumber(text);
  if (identity === undefined) throw invalid("number", "ett personnummer", "a personal identity number");
  const own = isJsonArray(content["identifier"]) ? content["identifier"].filter(isJsonObject) : [];
  if (own.some(({ value }) => typeof value === "string" && parseIdentityNumber(value)?.value === identity.value))
    throw invalid("number", "någon annan än patienten", "somebody else than the patient");
  return `${identity.system}|${identity.value}`;
}

/** From which day: not before the birth, not in days to come; nobody who is of age has a guardian. */
function startIn(visit: Visit, text: string, { content }: KnownPatient): string {
  const birthDate = typeof content["birthDate"] === "string" ? content["birthDate"] : null;
  const rule = ageRuleNow(birthDate, askedNow(visit));
  if (rule === undefined || rule.age >= OF_AGE)
    throw invalid("patient", "ett barn vars födelsedag är känd", "a child whose birth date is known");
  const since = Date.parse(text);
  if (!(since <= visit.clock().getTime() && text.slice(0, 10) >= (birthDate ?? "")))
    throw invalid("since", "en dag mellan födelsen och i dag", "a day between birth and today");
  return new Date(since).toISOString();
}

function refuseUnlessLeftToUnits(visit: Visit, { known }: At, { kind, isAgreed }: DecisionWish): void {
  const { birthDate } = known.content;
  const rule = ageRuleNow(typeof birthDate === "string" ? birthDate : null, askedNow(visit));
  const whose = kind === "child" ? rule?.patient : rule?.guardian;
  if (whose !== "granted units")
    throw invalid("patient", "i en ålder där enheten beslutar vem som läser", "of an age at which the unit decides who reads"); // prettier-ignore
  if (kind === "guardian" && !isAgreed)
    throw invalid("agreed", "att barnet och vårdnadshavaren är överens", "that child and guardian agree");
}

async function standingGuardian(tx: WriteTx, visit: Visit, patient: string, id: string | null): Promise<string> {
  const now = visit.clock().toISOString();
  const found = (await tx.door.representationsOf(patient)).find(
    (one) => one.id === id && one.kind === "guardian" && one.ended === null && one.since <= now,
  );
  if (found === undefined) throw invalid("guardian", "en vårdnadshavare till barnet", "a guardian of the child");
  return found.person;
}

function endIn(visit: Visit, text: string): string {
  const [ends, now] = [Date.parse(text), visit.clock()];
  const last = new Date(now);
  last.setUTCFullYear(last.getUTCFullYear() + LONGEST_YEARS);
  if (ends > now.getTime() && ends <= last.getTime()) return new Date(ends).toISOString();
  throw invalid("until", `en dag från i dag och högst ${LONGEST_YEARS} år fram`, `a day within ${LONGEST_YEARS} years`);
}

function reasonIn(text: string): string {
  const said = text.trim();
  if (said !== "" && said.length <= LONGEST_REASON && !/\p{Cc}|\p{Cs}/u.test(said)) return said;
  throw invalid("reason", `ett skäl på högst ${LONGEST_REASON} tecken`, `a reason of at most ${LONGEST_REASON} characters`); // prettier-ignore
}

function idFor(visit: Visit, patient: string): string {
  return newId(homeOf(patient), visit.clock().getTime(), visit.random(10));
}

function invalid(name: string, sv: string, en: string): Error {
  return fhirErrorAt("DOOR_INVALID", name, { sv: name, en: name }, { sv, en });
}
