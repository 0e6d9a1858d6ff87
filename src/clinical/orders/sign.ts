/**
 * Signing a basket: every line becomes a ServiceRequest in one commit with its loop, the seal of its words and the log, and the draft is
 * gone. What was shown is what is sent: the patient's identity, the items and who gets each; what has changed since refuses all of it.
 *
 * SPEC CLIN-ORDER-5 to CLIN-ORDER-8 · laws 3 and 5 of the house · F1, F2, F16 · https://hl7.org/fhir/R4/servicerequest.html
 */
import type { PersonActor } from "../../access/index.ts";
import { newId, zonedDate } from "../../base/index.ts";
import {
  fhirError,
  fhirErrorAt,
  listOf,
  objectOf,
  parseJson,
  type JsonObject,
  type JsonValue,
} from "../../fhir/index.ts";
import {
  commit,
  disclosedAfter,
  readResource,
  requireNeed,
  searchResources,
  type Command,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { destinationsOf } from "../../loop/index.ts";
import { onceUnder, roleReference } from "../acting.ts";
import { draftRemoval } from "../own-draft.ts";
import { textIn } from "../said.ts";
import { orderablesOf, ORDER_URL, type Kept } from "./catalogue.ts";
import { refuseTooMany } from "./draft.ts";
import { ordering } from "./may.ts";
import { refuseBadLine, refuseUnfinished, type OrderLine } from "./wish.ts";

export type Basketful = {
  /** One order however often it is sent. */
  readonly key: string;
  /** The identity that stood above the basket when it was signed: the number in the banner, null when the patient has none. */
  readonly shown: string | null;
  readonly lines: readonly OrderLine[];
  /** The draft that it was made from. */
  readonly draft: string | null;
};

/** Sends a basket. Answers the ids of the requests, in the order of the lines. Errors: ORDER_*, NO_CARE_RELATION, NOT_FOUND, FORBIDDEN, and those of `commit`. */
export async function signOrders(
  visit: Visit,
  patient: string,
  wish: Basketful,
): Promise<Disclosed<readonly string[]>> {
  const person = await ordering(visit, "create");
  const { lines, key, draft } = wish;
  if (lines.length === 0) throw fhirErrorAt("ORDER_INVALID", "lines", { sv: "korgen är tom", en: "the basket is empty" }); // prettier-ignore
  refuseTooMany(lines);
  lines.forEach(refuseBadLine);
  await requireNeed(visit, patient, `Patient/${patient} orders`);
  await refuseOtherIdentity(visit, patient, wish.shown);
  const items = await itemsOf(visit, lines);
  await refuseUnknownAnswers(visit, patient, lines);
  await refuseNowhere(visit, lines, items);
  const requisition = newId(0, visit.clock().getTime(), visit.random(10));
  const commands: Command[] = lines.map((line, at) => ({
    kind: "create",
    type: "ServiceRequest",
    where: `lines[${at}]`,
    resource: requestOf(visit, { line, item: itemOf(items, line), patient, person, requisition }),
  }));
  const all = draft === null ? commands : [...commands, draftRemoval({ id: draft })];
  const { value } = await commit(visit, all, onceUnder(`order ${person.hsaId} ${key}`, { patient, lines }));
  return disclosedAfter(
    visit,
    [],
    value.slice(0, commands.length).map(({ id }) => id),
  );
}

/** Several patients' orders never mix: the number that was shown is one of this patient's. */
export async function refuseOtherIdentity(
  visit: Visit,
  patient: string,
  shown: string | null,
  code: "ORDER_OTHER_PATIENT" | "MEDICATION_OTHER_PATIENT" | "OBSERVATION_OTHER_PATIENT" = "ORDER_OTHER_PATIENT",
): Promise<void> {
  const { value } = await readResource(visit, "Patient", patient);
  const person = parseJson(value.content) as JsonObject;
  const bare = (text: string): string => text.replaceAll(/[^0-9A-Za-z]/g, "").toUpperCase();
  const numbers = listOf(person["identifier"]).flatMap((one) => textIn(objectOf(one)["value"]) ?? []).map(bare); // prettier-ignore
  const isHers = shown === null ? numbers.length === 0 : numbers.includes(bare(shown));
  if (!isHers) throw fhirErrorAt(code, "shown");
}

async function itemsOf(visit: Visit, lines: readonly OrderLine[]): Promise<ReadonlyMap<string, Kept>> {
  const items = await orderablesOf(visit, lines.map(({ item }) => item)); // prettier-ignore
  const today = zonedDate(visit.clock().getTime());
  lines.forEach((line, at) => {
    const item = items.get(line.item);
    if (item === undefined) throw fhirErrorAt("ORDER_INVALID", `lines[${at}].item`, { sv: "det går inte att beställa längre", en: "it cannot be ordered any more" }); // prettier-ignore
    refuseUnfinished(line, item, { at, today });
  });
  return items;
}

function itemOf(items: ReadonlyMap<string, Kept>, { item }: OrderLine): Kept {
  const found = items.get(item);
  if (found === undefined) throw fhirError("NOT_FOUND"); // every line was looked at
  return found;
}

/** Where each line comes now: nowhere, or elsewhere than was shown, refuses all. */
async function refuseNowhere(
  visit: Visit,
  lines: readonly OrderLine[],
  items: ReadonlyMap<string, Kept>,
): Promise<void> {
  const { value } = await destinationsOf(visit, lines.map(({ receiver }) => receiver)); // prettier-ignore
  lines.forEach((line, at) => {
    const goesTo = value.get(line.receiver);
    const { title } = itemOf(items, line);
    if (goesTo === undefined || goesTo.isException) throw fhirErrorAt("ORDER_NOWHERE", `lines[${at}].receiver`, title);
    if (line.goesTo !== goesTo.list) throw fhirErrorAt("ORDER_ELSEWHERE", `lines[${at}].goesTo`, title);
  });
}

/** What is attached is this patient's and open to whoever attaches it. */
async function refuseUnknownAnswers(visit: Visit, patient: string, lines: readonly OrderLine[]): Promise<void> {
  for (const type of ["DiagnosticReport", "Observation"]) {
    const named = lines.flatMap(({ attached }, at) => attached.filter((one) => one.startsWith(`${type}/`)).map((one) => ({ at, id: one.slice(type.length + 1) }))); // prettier-ignore
    if (named.length === 0) continue;
    const ids = [...new Set(named.map(({ id }) => id))];
    const { value } = await searchResources(visit, type, [["patient", patient], ["_id", ids.join(",")], ["_count", String(ids.length)]]); // prettier-ignore
    const known = new Set(value.rows.map(({ id }) => id));
    const missing = named.find(({ id }) => !known.has(id));
    if (missing !== undefined) throw fhirErrorAt("ORDER_INVALID", `lines[${missing.at}].attached`, { sv: "ett bifogat svar finns inte för patienten", en: "an attached answer is not the patient's" }); // prettier-ignore
  }
}

type Made = {
  readonly line: OrderLine;
  readonly item: Kept;
  readonly patient: string;
  readonly person: PersonActor;
  readonly requisition: string;
};

function requestOf(visit: Visit, { line, item, patient, person, requisition }: Made): JsonObject {
  const { question, history, contact, when, attached } = line;
  const { resource } = item;
  const receiver = item.receivers.find(({ reference }) => reference === line.receiver);
  const notes = [history.trim(), contact.trim() === "" ? "" : `Kontakt med patienten: ${contact.trim()}`].filter((one) => one !== ""); // prettier-ignore
  const at = visit.clock().toISOString();
  return {
    resourceType: "ServiceRequest",
    instantiatesCanonical: [`${item.url}|${item.version}`],
    requisition: { system: ORDER_URL, value: requisition },
    status: "active",
    intent: "order",
    category: [...listOf(resource["topic"])],
    priority: line.priority,
    code: objectOf(resource["code"]),
    ...(item.parts.length === 0 ? {} : { orderDetail: detailsOf(resource) }),
    subject: { reference: `Patient/${patient}` },
    ...(when === null ? {} : { occurrenceDateTime: when }),
    authoredOn: at,
    requester: roleReference(person),
    performer: [{ reference: line.receiver, ...(receiver === undefined ? {} : { display: receiver.name }) }],
    ...(question.trim() === "" ? {} : { reasonCode: [{ text: question.trim() }] }),
    ...(attached.length === 0 ? {} : { supportingInfo: [...new Set(attached)].map((reference) => ({ reference })) }),
    ...(notes.length === 0 ? {} : { note: notes.map((text) => ({ time: at, text })) }),
  };
}

/** What a panel consists of stands in the order, so that it says the same when the catalogue has changed. */
function detailsOf(resource: JsonObject): JsonValue[] {
  return listOf(resource["extension"])
    .map(objectOf)
    .filter(({ url }) => url === `${ORDER_URL}:ingar`)
    .map(({ valueCodeableConcept }) => objectOf(valueCodeableConcept));
}
