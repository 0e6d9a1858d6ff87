/**
 * Printing labels: a task that is open until the labels were handed over, so that a print that fails, and one of which nobody knows (the
 * server died in between), has an owner; and a line of who printed what where, each time.
 *
 * SPEC CLIN-SPECIMEN-7 · F39
 */
import {
  fhirError,
  fhirErrorAt,
  listOf,
  objectOf,
  parseJson,
  type JsonObject,
  type JsonValue,
} from "../../fhir/index.ts";
import { SPECIMEN_SYSTEM } from "../../loop/index.ts";
import { commit, readResource, type Visit } from "../../journal/index.ts";
import { actingPerson, roleReference, unitReference } from "../acting.ts";
import { nameIn, textIn } from "../said.ts";
import { keyed, namedIn, refuseBadKey, update } from "./collect.ts";
import { collectionOf, type Collection, type CollectionAsk } from "./collection.ts";
import type { PlannedTube } from "./plan.ts";

/** What stands on a label. */
export type LabelOfTube = {
  readonly number: string;
  readonly name: string | null;
  readonly identity: string;
  readonly tube: string;
  readonly analyses: readonly string[];
  readonly isUrgent: boolean;
};
export type PrintWish = CollectionAsk & {
  readonly numbers: readonly string[];
  /** The place where it is printed and its printer, as whoever prints was shown them; no printer is the browser. */
  readonly place: string | null;
  readonly printer: string | null;
  readonly key: string;
};
/** What is to be printed. `isNew` is false when the same was asked for before: then nothing is to be sent anywhere. */
export type Printing = { readonly task: string; readonly isNew: boolean; readonly status: string; readonly labels: readonly LabelOfTube[] }; // prettier-ignore

/** Opens the printing of some labels. Errors: SPECIMEN_WRONG, SPECIMEN_INVALID, those of `commit`. */
export async function beginPrint(visit: Visit, patient: string, wish: PrintWish): Promise<Printing> {
  refuseBadKey(wish.key);
  const { value } = await collectionOf(visit, patient, wish);
  const tubes = wish.numbers.map((number) => tubeWith(value, number));
  if (tubes.length === 0) throw fhirErrorAt("SPECIMEN_INVALID", "numbers", "1-");
  const nonce = Buffer.from(visit.random(8)).toString("hex");
  const resource = await printTask(visit, { patient, wish, nonce });
  const written = await commit(
    visit,
    [{ kind: "create", type: "Task", where: "Task", resource }],
    keyed(visit, `print ${patient} ${wish.key}`, [patient, wish.printer ?? "", ...wish.numbers]),
  );
  const [one] = written.value; // one was asked for
  if (one === undefined) throw fhirError("NOT_FOUND");
  const task = parseJson((await readResource(visit, "Task", one.id)).value.content) as JsonObject;
  const isNew = listOf(task["identifier"]).some((each) => objectOf(each)["value"] === nonce);
  const labels = tubes.map((tube) => labelOf(value, tube));
  return { task: one.id, isNew, status: textIn(task["status"]) ?? "", labels };
}

/** Says how it went. What failed before of the same labels is over when they have come out. */
export async function endPrint(
  visit: Visit,
  patient: string,
  ended: { readonly task: string; readonly why: string | null },
): Promise<void> {
  // prettier-ignore
  const { value } = await collectionOf(visit, patient);
  const task = value.prints.find(({ id }) => id === ended.task);
  if (task === undefined) throw fhirError("NOT_FOUND");
  const lastModified = visit.clock().toISOString();
  const now = ended.why === null ? { status: "completed" } : { status: "failed", statusReason: { text: ended.why } };
  const older = ended.why !== null ? [] : value.prints.filter((one) => one["status"] !== "completed" && one["id"] !== ended.task && sharesNumber(one, task)); // prettier-ignore
  await commit(visit, [
    update(namedIn(task), { ...task, ...now, lastModified }),
    ...older.map((one) => update(namedIn(one), { ...one, status: "cancelled", lastModified })),
  ]);
}

/** The labels that a print was of. */
export function printedNumbers(task: JsonObject): readonly string[] {
  return inputsOf(task, "nummer");
}

export function inputsOf(task: JsonObject, code: string): readonly string[] {
  return listOf(task["input"])
    .map(objectOf)
    .filter(({ type }) => listOf(objectOf(type)["coding"]).some((one) => objectOf(one)["code"] === code))
    .flatMap(({ valueString }) => (typeof valueString === "string" ? [valueString] : []));
}

function sharesNumber(one: JsonObject, other: JsonObject): boolean {
  const numbers = new Set(printedNumbers(other));
  return printedNumbers(one).some((each) => numbers.has(each));
}

async function printTask(
  visit: Visit,
  { patient, wish, nonce }: { readonly patient: string; readonly wish: PrintWish; readonly nonce: string },
): Promise<JsonObject> {
  const { numbers, place, printer } = wish;
  const at = visit.clock().toISOString();
  const where = printer === null ? "webbläsarens skrivare" : `${printer}${place === null ? "" : ` (${place})`}`;
  const input = (code: string, text: string): JsonValue => ({ type: { coding: [{ system: SPECIMEN_SYSTEM, code }] }, valueString: text }); // prettier-ignore
  return {
    resourceType: "Task",
    identifier: [{ system: "urn:eira:provtagning:utskrift", value: nonce }],
    // The browser's own print is shown to whoever prints; what it does with it is not known here.
    status: printer === null ? "completed" : "requested",
    intent: "order",
    priority: "urgent",
    code: { coding: [{ system: SPECIMEN_SYSTEM, code: "etikett", display: "Utskrift av etiketter" }], text: `Etiketter: ${where}` }, // prettier-ignore
    description: `Etiketter till ${numbers.length} rör, ${where}`,
    for: { reference: `Patient/${patient}` },
    authoredOn: at,
    lastModified: at,
    requester: roleReference(actingPerson(visit)),
    owner: await unitReference(visit, actingPerson(visit).assignment.unitHsaId),
    input: [
      ...numbers.map((number) => input("nummer", number)),
      ...(place === null ? [] : [input("plats", place)]),
      ...(printer === null ? [] : [input("skrivare", printer)]),
    ],
  };
}

function tubeWith({ tubes }: Collection, number: string): PlannedTube {
  const found = tubes.find(({ specimen }) => specimen?.number === number);
  if (found === undefined) throw fhirError("SPECIMEN_WRONG", number.slice(0, 40));
  return found;
}

function labelOf({ person, isProtected, orders }: Collection, { tube, requests, specimen }: PlannedTube): LabelOfTube {
  const own = orders.filter(({ id }) => requests.includes(id));
  return {
    number: specimen?.number ?? "",
    name: isProtected ? null : nameOf(person),
    identity: identityOf(person),
    tube: tube.title,
    analyses: own.map(({ title }) => title),
    isUrgent: own.some(({ isUrgent }) => isUrgent),
  };
}

/** The name in use stands first. */
function nameOf({ name }: JsonObject): string | null {
  const one = objectOf(listOf(name)[0]);
  const given = listOf(one["given"]).filter((each) => typeof each === "string");
  const parts = [textIn(one["family"]), given.join(" ")].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? (textIn(one["text"]) ?? nameIn(name) ?? null) : parts.join(", ");
}

/** The number in force, as it is written on bands; one that nobody has says so. */
function identityOf({ identifier }: JsonObject): string {
  const known = listOf(identifier)
    .map(objectOf)
    .filter(({ use }) => use !== "old");
  const value = textIn(known[0]?.["value"]) ?? ""; // the first is the one in force
  return /^\d{12}$/.test(value) ? `${value.slice(0, 8)}-${value.slice(8)}` : value || "Identitetsnummer saknas";
}
