/**
 * Drawing from a patient: labels with numbers of their own, the patient's identity proven against what is on the arm, tubes marked as drawn,
 * and what could not be drawn. Each is one commit: specimens, orders, tasks, the ledger's steps and the log.
 *
 * SPEC CLIN-SPECIMEN-2 to CLIN-SPECIMEN-5 · laws 3 and 5 of the house · F16, F40 · SOSFS 2005:12 (identity), SS-EN ISO 15189
 */
import { fhirError, fhirErrorAt, listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import { RECEIVED_BY_URL, REPLACES_URL, SPECIMEN_SYSTEM } from "../../loop/index.ts";
import { commit, type Command, type Visit } from "../../journal/index.ts";
import { actingPerson, neededText, roleReference, unitReference } from "../acting.ts";
import { referenceIn, textIn } from "../said.ts";
import { collectionOf, type Collection, type CollectionAsk } from "./collection.ts";
import { NUMBER_SYSTEM, readSpecimenNumber, specimenNumber } from "./number.ts";
import { grouped, type KnownSpecimen, type PlannedOrder, type PlannedTube } from "./plan.ts";
import { TUBE_SYSTEM } from "./tubes.ts";

const PLACE_URL = "urn:eira:specimen:place";
const IDENTITY_URL = "urn:eira:specimen:identity";
const LONGEST_KEY = 200;
const MINUTE = 60_000;

/** Gives every tube that has none a number. Tubes that have one keep it; the same key is the same numbers. */
export async function labelTubes(
  visit: Visit,
  patient: string,
  { key, ...ask }: CollectionAsk & { readonly key: string },
): Promise<void> {
  refuseBadKey(key);
  const { value } = await collectionOf(visit, patient, ask);
  const missing = value.tubes.filter(({ specimen }) => specimen === null);
  if (missing.length === 0) return;
  const taken = missing.map((planned) => ({ planned, number: specimenNumber(visit.clock().getTime(), visit.random(8)) })); // prettier-ignore
  const commands = taken.map(({ planned, number }): Command => ({
    kind: "create",
    type: "Specimen",
    where: "Specimen",
    ifNoneExist: `accession=${NUMBER_SYSTEM}|${number}`,
    resource: labelledSpecimen(patient, planned, number),
  }));
  await commit(visit, commands, keyed(visit, `label ${patient} ${key}`, [patient]));
}

function labelledSpecimen(patient: string, { tube, requests, instead }: PlannedTube, number: string): JsonObject {
  const replaces = { url: REPLACES_URL, valueReference: { reference: `Specimen/${instead?.id ?? ""}` } };
  return {
    resourceType: "Specimen",
    ...(instead === null ? {} : { extension: [replaces] }),
    accessionIdentifier: { system: NUMBER_SYSTEM, value: number },
    ...(tube.material === null ? {} : { type: { text: tube.material } }),
    subject: { reference: `Patient/${patient}` },
    request: requests.map((id) => ({ reference: `ServiceRequest/${id}` })),
    container: [{ type: { coding: [{ system: TUBE_SYSTEM, code: tube.code, display: tube.title }] } }],
  };
}

export type IdentityProof = {
  /** Scanned from the wristband, or its last four typed and its name asked. */
  readonly how: "scan" | "digits";
  readonly said: string;
};
export type CollectWish = CollectionAsk & {
  readonly identity: IdentityProof;
  /** The numbers of the tubes that were drawn, as they were scanned. */
  readonly numbers: readonly string[];
  /** Where it was done, by the sign of the place; null when nobody said. */
  readonly place: string | null;
  readonly key: string;
};

/** Marks tubes as drawn, once however often. Errors: SPECIMEN_IDENTITY, SPECIMEN_WRONG, SPECIMEN_INVALID, those of `commit`. */
export async function collectTubes(visit: Visit, patient: string, wish: CollectWish): Promise<void> {
  refuseBadKey(wish.key);
  if (wish.numbers.length === 0 || wish.numbers.length > MOST_TUBES) throw fhirErrorAt("SPECIMEN_INVALID", "numbers", `1-${MOST_TUBES}`); // prettier-ignore
  const { value } = await collectionOf(visit, patient, wish);
  refuseWrongIdentity(value.person, wish.identity);
  const numbers = [...new Set(wish.numbers.map((one) => readSpecimenNumber(one) ?? one))];
  const isDone = (number: string): boolean => value.drawn.some((one) => one.number === number);
  const drawn = numbers.filter((one) => !isDone(one)).map((number) => plannedWith(value, number));
  if (drawn.length === 0) return; // they are all drawn already: the same scan again
  const commands = [
    ...drawn.map((one) => drawnCommand(visit, one, wish)),
    ...ordersOf(value, drawn).map((one) => namedCommand(one, drawn)),
    ...attemptsOver(value, drawn),
  ];
  await commit(visit, commands, keyed(visit, `collect ${patient} ${wish.key}`, [patient, ...numbers]));
}

const MOST_TUBES = 50;

/** Drawn tubes that are only known to the patient's other orders are no tubes of this patient's plan. */
function plannedWith({ tubes }: Collection, number: string): Labelled {
  const planned = tubes.find(({ specimen }) => specimen?.number === number);
  if (planned?.specimen === undefined || planned.specimen === null) throw fhirError("SPECIMEN_WRONG", number.slice(0, 40)); // prettier-ignore
  return { ...planned, specimen: planned.specimen };
}

type Labelled = PlannedTube & { readonly specimen: KnownSpecimen };

function drawnCommand(visit: Visit, { specimen, within }: Labelled, { identity, place }: CollectWish): Command {
  const at = visit.clock();
  const receivedBy = new Date(at.getTime() + within * MINUTE).toISOString();
  const extension = [
    ...listOf(specimen.resource["extension"]),
    { url: RECEIVED_BY_URL, valueDateTime: receivedBy },
    { url: IDENTITY_URL, valueCode: identity.how },
    ...(place === null ? [] : [{ url: PLACE_URL, valueString: place }]),
  ];
  const collection = { collector: roleReference(actingPerson(visit)), collectedDateTime: at.toISOString() };
  return update(specimen, { ...specimen.resource, extension, status: "available", collection });
}

function ordersOf({ orders }: Collection, drawn: readonly Labelled[]): readonly PlannedOrder[] {
  return orders.filter(({ id }) => drawn.some(({ requests }) => requests.includes(id)));
}

/** The order names its specimens, by which the laboratory's answer is matched to it. */
function namedCommand(order: PlannedOrder, drawn: readonly Labelled[]): Command {
  const named = drawn.flatMap(({ requests, specimen }) => (requests.includes(order.id) ? [{ reference: `Specimen/${specimen.id}` }] : [])); // prettier-ignore
  return update(order, { ...order.resource, specimen: [...listOf(order.resource["specimen"]), ...named] });
}

/** What could not be drawn before has been drawn: nobody need see to it any more. */
function attemptsOver({ attempts }: Collection, drawn: readonly Labelled[]): readonly Command[] {
  const done = new Set(drawn.flatMap(({ requests }) => requests.map((id) => `ServiceRequest/${id}`)));
  return attempts
    .filter((one) => listOf(one["basedOn"]).every((each) => done.has(referenceIn(each) ?? "")))
    .map((task) => update(namedIn(task), { ...task, status: "completed" }));
}

/** Whether what was read on the arm is the patient's own. Errors: SPECIMEN_IDENTITY, SPECIMEN_INVALID. */
export function refuseWrongIdentity(person: JsonObject, { how, said }: IdentityProof): void {
  const plain = said.toUpperCase().replaceAll(/[^0-9A-ZÅÄÖ]/g, "");
  if (how === "digits" ? plain.length !== DIGITS : plain.length < SHORTEST_NUMBER)
    throw fhirErrorAt("SPECIMEN_INVALID", "identity", how === "digits" ? { sv: "de fyra sista", en: "the last four" } : { sv: "armbandets kod", en: "the code of the band" }); // prettier-ignore
  const own = numbersOf(person);
  const isOwn = how === "digits" ? own.some((one) => one.endsWith(plain)) : own.some((one) => sameNumber(one, plain));
  if (!isOwn) throw fhirError("SPECIMEN_IDENTITY");
}

const DIGITS = 4;
const SHORTEST_NUMBER = 8;

/** With or without its century. */
function sameNumber(one: string, other: string): boolean {
  return one === other || (one.length === 12 && other.length === 10 && one.slice(2) === other);
}

export function numbersOf(person: JsonObject): readonly string[] {
  return listOf(person["identifier"]).flatMap((one) => {
    const { value, use } = objectOf(one);
    return use === "old" || typeof value !== "string" ? [] : [value.toUpperCase().replaceAll(/[^0-9A-ZÅÄÖ]/g, "")];
  });
}

/** Why nothing was drawn. */
export const NOT_DRAWN = {
  refused: "Patienten avböjde",
  absent: "Patienten var inte på plats",
  difficult: "Gick inte att ta (svårstucken)",
  unprepared: "Patienten var inte förberedd",
  identity: "Identiteten kunde inte säkerställas",
  other: "Annat skäl",
} as const;
export type NotDrawn = keyof typeof NOT_DRAWN;

export type NotDrawnWish = CollectionAsk & {
  readonly requests: readonly string[];
  readonly reason: NotDrawn;
  readonly note: string;
  readonly key: string;
};

/** Keeps that nothing was drawn, as a task of whoever ordered it; the order stays on the list to be drawn. */
export async function notDrawn(visit: Visit, patient: string, wish: NotDrawnWish): Promise<void> {
  refuseBadKey(wish.key);
  const { value } = await collectionOf(visit, patient, wish);
  const orders = value.orders.filter(({ id }) => wish.requests.includes(id));
  if (orders.length === 0 || orders.length !== new Set(wish.requests).size)
    throw fhirErrorAt("SPECIMEN_INVALID", "requests", { sv: "beställningar som väntar på provtagning", en: "orders that wait to be collected" }); // prettier-ignore
  const note = wish.reason === "other" || wish.note.trim() !== "" ? neededText(wish.note, "note", LONGEST_NOTE) : "";
  const unit = await unitReference(visit, actingPerson(visit).assignment.unitHsaId);
  const byAsker = grouped(orders, ({ resource }) => textIn(objectOf(resource["requester"])["reference"]) ?? "");
  const commands = [...byAsker.values()].map((some): Command => ({
    kind: "create",
    type: "Task",
    where: "Task",
    resource: followUp(visit, { patient, orders: some, reason: wish.reason, note, unit }),
  }));
  await commit(visit, commands, keyed(visit, `not drawn ${patient} ${wish.key}`, [patient, wish.reason, note, ...wish.requests])); // prettier-ignore
}

const LONGEST_NOTE = 500;

type FollowUp = {
  readonly patient: string;
  readonly orders: readonly PlannedOrder[];
  readonly reason: NotDrawn;
  readonly note: string;
  readonly unit: JsonObject;
};

function followUp(visit: Visit, { patient, orders, reason, note, unit }: FollowUp): JsonObject {
  const at = visit.clock().toISOString();
  const asker = objectOf(orders[0]?.resource["requester"]); // they all have the same one
  const isPerson = textIn(asker["reference"])?.startsWith("PractitionerRole/") === true;
  const why = note === "" ? NOT_DRAWN[reason] : `${NOT_DRAWN[reason]}: ${note}`;
  return {
    resourceType: "Task",
    basedOn: orders.map(({ id }) => ({ reference: `ServiceRequest/${id}` })),
    status: "requested",
    statusReason: { text: why },
    intent: "order",
    priority: orders.some(({ isUrgent }) => isUrgent) ? "urgent" : "routine",
    code: { coding: [{ system: SPECIMEN_SYSTEM, code: "ej-taget", display: "Prov inte taget" }], text: `Prov inte taget: ${orders.map(({ title }) => title).join(", ")}` }, // prettier-ignore
    description: why,
    for: { reference: `Patient/${patient}` },
    authoredOn: at,
    lastModified: at,
    requester: roleReference(actingPerson(visit)),
    owner: isPerson ? asker : unit,
  };
}

type Versioned = { readonly id: string; readonly version: string; readonly resource: JsonObject };

export function update({ id, version, resource: { resourceType } }: Versioned, resource: JsonObject): Command {
  const type = textIn(resourceType) ?? "";
  return { kind: "update", type, id, where: type, resource, ifMatch: version };
}

export function namedIn(resource: JsonObject): Versioned {
  const version = textIn(objectOf(resource["meta"])["versionId"]) ?? "";
  return { id: textIn(resource["id"]) ?? "", version, resource };
}

export function keyed(visit: Visit, key: string, keyFor: readonly string[]): NonNullable<Parameters<typeof commit>[2]> {
  return { idempotencyKey: `${actingPerson(visit).hsaId} ${key}`.slice(0, MOST_KEY), keyFor: [...keyFor] };
}

const MOST_KEY = 400;

/** Errors: SPECIMEN_INVALID. */
export function refuseBadKey(key: string): void {
  if (key === "" || key.length > LONGEST_KEY) throw fhirErrorAt("SPECIMEN_INVALID", "key", `1-${LONGEST_KEY}`);
}
