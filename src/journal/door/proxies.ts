/**
 * Proxies (ombud): somebody whom a grown-up patient lets read for a time, by the proxy's identity number. Nobody is looked up by the
 * number, so that granting tells nothing of whom the region knows. Guardians come from the population register; here they are only
 * put in and ended by a machine client.
 *
 * SPEC JRN-DOOR-PROXY · PDL 5 kap. 5 §
 */
import { reachSetting } from "../../access/index.ts";
import { homeOf, newId, parseIdentityNumber } from "../../base/index.ts";
import { fhirError, fhirErrorAt } from "../../fhir/index.ts";
import type { NewDoorGrant, StoredRepresentation } from "../../store/index.ts";
import { authorize, recordRefusal } from "../authorize.ts";
import { recordAccess } from "../commit.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { ASKER, doorFor, factsOf, knownPatient } from "./facts.ts";
import { doorEntry, patientAtDoor, type AtDoorOf } from "./grounds.ts";

export type Proxy = Pick<StoredRepresentation, "id" | "label" | "since" | "until" | "ended"> & {
  readonly number: string;
  /** Reads at this moment. */
  readonly isInForce: boolean;
  /** Also writes to care for the patient. */
  readonly writes: boolean;
};

export type ProxyWish = Pick<Proxy, "number" | "writes"> & { readonly label: string; readonly until: string };

const LONGEST_LABEL = 80;
const LONGEST_YEARS = 5;
const MOST = 20;

/** Whom the patient has let read, newest first. Errors: FORBIDDEN. */
export async function ownProxies(visit: Visit): Promise<Disclosed<readonly Proxy[]>> {
  const at = await patientAtDoor(visit, "read proxies");
  const found = await proxiesOf(visit, at);
  const what = [`Patient/${at.actor.patient} proxies`];
  await visit.store.recordAccess([doorEntry(visit, at, { action: "read proxies", what })]);
  return disclose(found);
}

/** Lets somebody read until the end of a day; the same person again gets the new end. Errors: DOOR_INVALID, FORBIDDEN. */
export async function grantProxy(visit: Visit, wish: ProxyWish): Promise<Disclosed<readonly Proxy[]>> {
  const at = await patientAtDoor(visit, "grant proxy");
  const { patient, number } = at.actor;
  const asked = checked(wish, visit, number);
  await refuseUnlessGrownUp(visit, at);
  const now = visit.clock().toISOString();
  const isDone = await visit.store.write(reachSetting(at.grounds.reach), async (tx) => {
    await tx.lock([`proxies ${patient}`]);
    const standing = (await tx.door.representationsOf(patient)).filter(
      ({ kind, ended, until }) => kind === "proxy" && ended === null && (until === null || until >= now),
    );
    const same = standing.filter(({ person }) => person === asked.person);
    if (same.some((one) => one.until === asked.until && one.label === asked.label && one.writes === asked.writes))
      return true; // a second click
    if (same.length === 0 && standing.length >= MOST) return false;
    const by = `patient ${at.actor.id}`;
    for (const { id } of same) await tx.door.endRepresentation(id, { at: now, by });
    const id = newId(homeOf(patient), visit.clock().getTime(), visit.random(10));
    await tx.door.addRepresentation({
      id,
      patient,
      kind: "proxy",
      ...asked,
      since: now,
      registered: now,
      registeredBy: by,
    });
    await recordAccess(tx, visit, [
      doorEntry(visit, at, { action: "grant proxy", what: [`Patient/${patient} proxy ${id}`] }),
    ]);
    return true;
  });
  if (!isDone) throw invalid("number", `högst ${MOST} ombud`, `at most ${MOST} proxies`);
  return disclose(await proxiesOf(visit, at));
}

/** Takes back what a proxy may read, at once. Errors: NOT_FOUND, FORBIDDEN. */
export async function withdrawProxy(visit: Visit, proxy: string): Promise<Disclosed<readonly Proxy[]>> {
  const at = await patientAtDoor(visit, "end proxy");
  const { patient, id: reader } = at.actor;
  const isDone = await visit.store.write(reachSetting(at.grounds.reach), async (tx) => {
    const isOne = (await tx.door.representationsOf(patient)).some(({ id, kind }) => id === proxy && kind === "proxy");
    const end = { at: visit.clock().toISOString(), by: `patient ${reader}` };
    if (!isOne || !(await tx.door.endRepresentation(proxy, end))) return false;
    await recordAccess(tx, visit, [
      doorEntry(visit, at, { action: "end proxy", what: [`Patient/${patient} proxy ${proxy}`] }),
    ]);
    return true;
  });
  if (!isDone) {
    await recordRefusal(visit, "end proxy", OUT_OF_REACH, [`Patient/${patient}`]);
    throw fhirError("NOT_FOUND");
  }
  return disclose(await proxiesOf(visit, at));
}

/** A guardian as the population register has it. The same again is one. Errors: FORBIDDEN for whoever may not write relatives. */
export async function registerGuardian(
  visit: Visit,
  one: { readonly id: string; readonly patient: string; readonly number: string; readonly since: string },
): Promise<void> {
  const grounds = await authorize(visit, "create", "RelatedPerson", `Patient/${one.patient}`);
  const { number: person, ...rest } = one;
  const registered = visit.clock().toISOString();
  const registeredBy = "register";
  await visit.store.write(reachSetting(grounds.reach), async (tx) => {
    await tx.door.addRepresentation({
      ...rest,
      person,
      kind: "guardian",
      label: null,
      until: null,
      registered,
      registeredBy,
    });
    const act = { action: "register guardian", outcome: "granted", ground: groundText(grounds) } as const;
    const about = {
      home: homeOf(one.patient),
      patient: one.patient,
      what: [`Patient/${one.patient} guardian ${one.id}`],
    };
    await recordAccess(tx, visit, [logEntry(visit, act, about)]);
  });
}

/** Custody has ended, as the register says. Errors: FORBIDDEN, NOT_FOUND. */
export async function endGuardian(visit: Visit, one: { readonly id: string; readonly patient: string }): Promise<void> {
  const grounds = await authorize(visit, "update", "RelatedPerson", `Patient/${one.patient}`);
  const isDone = await visit.store.write(reachSetting(grounds.reach), async (tx) => {
    if (!(await tx.door.endRepresentation(one.id, { at: visit.clock().toISOString(), by: "register" }))) return false;
    const act = { action: "end guardian", outcome: "granted", ground: groundText(grounds) } as const;
    const about = {
      home: homeOf(one.patient),
      patient: one.patient,
      what: [`Patient/${one.patient} guardian ${one.id}`],
    };
    await recordAccess(tx, visit, [logEntry(visit, act, about)]);
    return true;
  });
  if (!isDone) throw fhirError("NOT_FOUND");
}

/** A unit's decision that a child reads itself, or that a guardian goes on reading. Errors: FORBIDDEN. */
export async function grantAtUnit(visit: Visit, one: Omit<NewDoorGrant, "registered" | "registeredBy">): Promise<void> {
  const grounds = await authorize(visit, "create", "Consent", `Patient/${one.patient}`);
  const registered = visit.clock().toISOString();
  await visit.store.write(reachSetting(grounds.reach), async (tx) => {
    await tx.door.addGrant({ ...one, registered, registeredBy: "unit" });
    const act = { action: "grant door", outcome: "granted", ground: groundText(grounds) } as const;
    const about = { home: homeOf(one.patient), patient: one.patient, what: [`Patient/${one.patient} grant ${one.id}`] };
    await recordAccess(tx, visit, [logEntry(visit, act, about)]);
  });
}

/** Whether whoever is at the door writes to care for the patient: the patient and a guardian do, a proxy when the patient lets them. */
export async function mayWriteAtDoor({ actor, store, clock }: Visit): Promise<boolean> {
  if (actor.kind !== "patient") return false;
  if (actor.reader.kind !== "proxy") return true;
  const all = await store.read("*", (look) => look.door.representationsOf(actor.patient));
  return proxyWrites(all, { patient: actor.patient, person: actor.number, now: clock().toISOString() });
}

/** The same, of what is kept of somebody's representations. */
export function proxyWrites(
  all: readonly StoredRepresentation[],
  asked: { readonly patient: string; readonly person: string; readonly now: string },
): boolean {
  return all.some(
    (one) =>
      one.kind === "proxy" &&
      one.patient === asked.patient &&
      one.person === asked.person &&
      one.writes &&
      isInForce(one, asked.now),
  );
}

function isInForce(
  { since, until, ended }: Pick<StoredRepresentation, "since" | "until" | "ended">,
  now: string,
): boolean {
  return ended === null && since <= now && (until === null || now <= until);
}

async function proxiesOf(visit: Visit, { actor, grounds }: AtDoorOf): Promise<readonly Proxy[]> {
  const all = await visit.store.read(reachSetting(grounds.reach), (look) => look.door.representationsOf(actor.patient));
  const now = visit.clock().toISOString();
  return all
    .filter(({ kind }) => kind === "proxy")
    .map(({ id, label, person, since, until, ended, writes }) => ({
      id,
      label,
      number: person.slice(person.indexOf("|") + 1),
      since,
      until,
      ended,
      writes,
      isInForce: isInForce({ since, until, ended }, now),
    }))
    .toReversed();
}

function checked({ number, label, until, writes }: ProxyWish, visit: Visit, own: string) {
  const identity = parseIdentityNumber(number);
  if (identity === undefined) throw invalid("number", "ett personnummer", "a personal identity number");
  const person = `${identity.system}|${identity.value}`;
  if (person === own) throw invalid("number", "någon annan än du själv", "somebody else than you");
  const ends = Date.parse(until);
  const now = visit.clock();
  const last = new Date(now);
  last.setUTCFullYear(last.getUTCFullYear() + LONGEST_YEARS);
  if (!(ends > now.getTime() && ends <= last.getTime()))
    throw invalid(
      "until",
      `en dag från i dag och högst ${LONGEST_YEARS} år fram`,
      `a day within ${LONGEST_YEARS} years`,
    );
  const called = label.trim();
  if (called === "" || called.length > LONGEST_LABEL || /\p{Cc}|\p{Cs}/u.test(called))
    throw invalid("label", `1 till ${LONGEST_LABEL} tecken`, `1 to ${LONGEST_LABEL} characters`);
  return { person, label: called, until: new Date(ends).toISOString(), writes };
}

/** A proxy reads for grown-ups: at an age at which the rules open nothing to a proxy, none is granted. */
async function refuseUnlessGrownUp(visit: Visit, { actor }: AtDoorOf): Promise<void> {
  const known = await knownPatient(visit, actor.patient);
  if (known === undefined) throw fhirError("UNAUTHENTICATED");
  const since = visit.clock().toISOString();
  const would = { id: "would", kind: "proxy", person: ASKER, start: since, end: null, ended: null } as const;
  const facts = { ...factsOf(known, actor.number), representations: [would] };
  const door = doorFor(visit, actor.patient, { kind: "proxy", person: ASKER }, facts);
  if ("grounds" in door) return;
  await recordRefusal(visit, "grant proxy", groundText(door.refusal), [`Patient/${actor.patient}`]);
  throw invalid("number", "ett ombud för den som har fyllt 18 år", "a proxy for somebody who is of age");
}

function invalid(name: string, sv: string, en: string): Error {
  return fhirErrorAt("DOOR_INVALID", name, { sv: name, en: name }, { sv, en });
}
