/**
 * Letters that were sent: of a patient with each recipient's state, what a unit has to print and waits for, and one as it is printed.
 *
 * SPEC CLIN-LETTER-5, CLIN-LETTER-6 · F3, F8
 */
import { sealOf, shortSeal } from "../../base/index.ts";
import { fhirError, listOf, objectOf, protectionLabels, type JsonObject } from "../../fhir/index.ts";
import {
  disclosedTogether,
  readResource,
  requireNeed,
  searchResources,
  type Disclosed,
  type Version,
  type Visit,
} from "../../journal/index.ts";
import { addressLines, letterCode } from "../../loop/index.ts";
import type { StoredDelivery } from "../../store/index.ts";
import { objectIn } from "../said.ts";
import { nameOf } from "./options.ts";
import { staff } from "./templates.ts";

export type Delivery = Omit<StoredDelivery, "home" | "patient"> & {
  readonly code: string | null;
  /** Whom a letter names, when that may be told. */
  readonly name: string | null;
};
export type SentLetter = {
  readonly id: string;
  readonly title: string | null;
  readonly kind: string | null;
  readonly sent: string | null;
  readonly by: string | null;
  readonly text: string;
  readonly isWithdrawn: boolean;
  readonly deliveries: readonly Delivery[];
};
export type QueuedLetter = Delivery & {
  readonly title: string | null;
  readonly person: JsonObject | null;
  readonly patient: string | null;
};
export type PrintedLetter = {
  readonly delivery: Delivery;
  readonly patient: string | null;
  readonly title: string | null;
  readonly text: string;
  readonly sent: string | null;
  readonly from: string;
  readonly by: string | null;
  readonly seal: string | null;
  /** The lines of the window; of a letter that goes by the relay the relay's. */
  readonly address: readonly string[];
  readonly isRelayed: boolean;
  /** By what the relay knows whose it is. */
  readonly number: string | null;
};

const MOST = 100;
const RELAY = ["Skatteverket", "Förmedlingsuppdrag", "Box 2820", "403 20 GÖTEBORG"] as const;

/** The letters about a patient, newest first. Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function lettersOf(visit: Visit, patient: string): Promise<Disclosed<readonly SentLetter[]>> {
  await staff(visit, "search");
  await requireNeed(visit, patient, `Patient/${patient} letters`);
  const found = await searchResources(visit, "Communication", [
    ["patient", patient],
    ["status", "in-progress,completed,entered-in-error"],
    ["_sort", "-sent"],
    ["_count", String(MOST)],
  ]);
  const ids = found.value.rows.map(({ id }) => id);
  // How far a letter has come is told to whoever may read it, whichever unit sent it.
  const all = await visit.store.read("*", (look) => look.letters.deliveriesOf(ids));
  return disclosedTogether([found] as const, ([{ rows }]) =>
    rows.flatMap(({ id, content }) => {
      const letter = objectIn(content);
      const deliveries = all.filter(({ communication }) => communication === id);
      return deliveries.length === 0 ? [] : [sentLetter(id, letter, deliveries)];
    }),
  );
}

/** What the reader's lists have under way: to be printed, printed, unread, failed; the oldest first. Errors: FORBIDDEN. */
export async function lettersUnderWay(visit: Visit): Promise<Disclosed<readonly QueuedLetter[]>> {
  const { reach } = await staff(visit, "search");
  const rows = await visit.store.read(reach, (look) => look.letters.underWay(2 * MOST));
  const ids = [...new Set(rows.map(({ communication }) => communication))];
  const people = [...new Set(rows.flatMap(({ patient }) => patient ?? []))];
  const found = await Promise.all([readSome(visit, "Communication", ids), readSome(visit, "Patient", people)] as const);
  return disclosedTogether(found, ([letters, patients]) => {
    const known = new Map(letters.rows.map(({ id, content }) => [id, objectIn(content)]));
    const named = new Map(patients.rows.map(({ id, content }) => [id, toldOf(objectIn(content))]));
    return rows.map((row) => {
      const letter = known.get(row.communication); // nothing when nothing opens it to the reader
      const person = letter === undefined ? null : (named.get(row.patient ?? "") ?? null);
      return { ...deliveryOf(row, letter ?? {}), title: letter === undefined ? null : titleOf(letter), person, patient: letter === undefined ? null : row.patient }; // prettier-ignore
    });
  });
}

/** One delivery as it goes on paper. Errors: NOT_FOUND, and those of reading the letter. */
export async function letterToPrint(visit: Visit, loop: string): Promise<Disclosed<PrintedLetter>> {
  const { reach, person } = await staff(visit, "search");
  const row = await visit.store.read(reach, async (look) => {
    const [one] = await look.loops.byIds([loop]); // the one that is asked for
    const mine = new Set(await look.loops.own());
    if (one === undefined || one.kind !== "letter" || !mine.has(one.sender)) return undefined;
    return (await look.letters.deliveriesOf([one.subject])).find((each) => each.loop === loop);
  });
  if (row === undefined || (row.transport !== "paper" && row.transport !== "relay")) throw fhirError("NOT_FOUND");
  const read = await readResource(visit, "Communication", row.communication);
  const [type = "", id = ""] = row.recipient.split("/");
  const whose = row.recipient.startsWith("#") ? undefined : await readResource(visit, type, id);
  const sources: readonly Disclosed<Version>[] = whose === undefined ? [read] : [read, whose];
  return disclosedTogether(sources, ([letter, recipient]) => {
    const words = objectIn(letter?.content ?? "{}");
    const to = recipient === undefined ? containedIn(words, row.recipient) : objectIn(recipient.content);
    // Whatever the record says of where somebody lives whose identity is protected, it goes by the relay.
    const isRelayed = row.transport === "relay" || protectionLabels(to).length > 0;
    const seal = sealOf(words);
    return {
      delivery: deliveryOf(row, words),
      patient: row.patient,
      title: titleOf(words),
      text: textOf(words),
      sent: stringIn(words["sent"]),
      from: person.assignment.unit,
      by: stringIn(objectOf(words["sender"])["display"]),
      seal: seal === undefined ? null : shortSeal(seal),
      address: isRelayed ? RELAY : [nameOf(to) ?? stringIn(to["name"]) ?? "", ...(addressLines(to) ?? [])],
      isRelayed,
      number: isRelayed ? numberOf(to) : null,
    };
  });
}

function readSome(visit: Visit, type: string, ids: readonly string[]): ReturnType<typeof searchResources> {
  return searchResources(visit, type, [["_id", ids.join(",") || "-"], ["_count", String(2 * MOST)]]); // prettier-ignore
}

function sentLetter(id: string, letter: JsonObject, deliveries: readonly StoredDelivery[]): SentLetter {
  const [kind] = listOf(objectOf(listOf(letter["category"])[0])["coding"]).map((one) =>
    stringIn(objectOf(one)["code"]),
  ); // a letter is of one kind
  return {
    id,
    title: titleOf(letter),
    kind: kind ?? null,
    sent: stringIn(letter["sent"]),
    by: stringIn(objectOf(letter["sender"])["display"]),
    text: textOf(letter),
    isWithdrawn: letter["status"] === "entered-in-error",
    deliveries: deliveries.map((one) => deliveryOf(one, letter)),
  };
}

function deliveryOf({ home: _home, patient: _patient, ...row }: StoredDelivery, letter: JsonObject): Delivery {
  const said = listOf(letter["recipient"])
    .map(objectOf)
    .find(({ reference }) => reference === row.recipient);
  const contained = row.recipient.startsWith("#") ? stringIn(containedIn(letter, row.recipient)["name"]) : null;
  return { ...row, code: letterCode(row.loop) ?? null, name: contained ?? stringIn(said?.["display"]) };
}

function containedIn(letter: JsonObject, reference: string): JsonObject {
  return (
    listOf(letter["contained"])
      .map(objectOf)
      .find(({ id }) => id === reference.slice(1)) ?? {}
  );
}

export function titleOf(letter: JsonObject): string | null {
  return stringIn(objectOf(letter["topic"])["text"]) ?? stringIn(objectOf(listOf(letter["category"])[0])["text"]); // the first is the most telling one
}

export function textOf(letter: JsonObject): string {
  return listOf(letter["payload"]).flatMap((one) => stringIn(objectOf(one)["contentString"]) ?? []).join("\n\n"); // prettier-ignore
}

function numberOf({ identifier }: JsonObject): string | null {
  return listOf(identifier).map((one) => stringIn(objectOf(one)["value"])).find((one) => one !== null) ?? null; // prettier-ignore
}

export function stringIn(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** What tells one patient from another on a list; the rest is in the chart. Whose identity is protected goes by number alone. */
function toldOf(patient: JsonObject): JsonObject {
  const { resourceType, id, meta, identifier, name, birthDate } = patient;
  const told = {
    resourceType,
    id,
    meta,
    identifier,
    birthDate,
    ...(protectionLabels(patient).length > 0 ? {} : { name }),
  };
  return Object.fromEntries(
    Object.entries(told).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
