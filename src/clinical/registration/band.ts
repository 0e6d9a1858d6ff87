/**
 * The band on the wrist: what stands on it, and its printing as a task that is open until a printer has taken it, so that a band that never came
 * out has an owner, and one that is asked for twice is printed once.
 *
 * SPEC CLIN-BAND · F39
 */
import { fhirError, listOf, objectOf, parseJson, protectionLabels, type JsonObject } from "../../fhir/index.ts";
import { commit, readResource, requireNeed, type Visit } from "../../journal/index.ts";
import { actingPerson, onceUnder, roleReference, unitReference } from "../acting.ts";
import { objectIn, textIn } from "../said.ts";
import { REGISTRATION_SYSTEM } from "./merge.ts";
import { refuseBadKey } from "./unknown.ts";

const PRINT = `${REGISTRATION_SYSTEM}:utskrift`;

/** What stands on a band. */
export type Band = {
  /** The number, which is its code too. */
  readonly number: string;
  /** Null of somebody whose identity is protected. */
  readonly name: string | null;
  readonly born: string | null;
  readonly isEstimated: boolean;
  readonly sex: string | null;
};
export type BandWish = { readonly key: string; readonly printer: string | null };
export type BandPrinting = {
  readonly task: string;
  readonly isNew: boolean;
  readonly status: string;
  readonly band: Band;
};

/** Opens the printing of a band. Without a printer the browser prints it. Errors: NO_CARE_RELATION, NOT_FOUND, REGISTER_INVALID, those of `commit`. */
export async function beginBand(visit: Visit, patient: string, { key, printer }: BandWish): Promise<BandPrinting> {
  const person = actingPerson(visit);
  refuseBadKey(key);
  await requireNeed(visit, patient, `Patient/${patient} band`);
  const known = objectIn((await readResource(visit, "Patient", patient)).value.content);
  const at = visit.clock().toISOString();
  const nonce = Buffer.from(visit.random(8)).toString("hex");
  const resource: JsonObject = {
    resourceType: "Task",
    identifier: [{ system: PRINT, value: nonce }],
    // The browser's own print is shown to whoever prints; what it does with it is not known here.
    status: printer === null ? "completed" : "requested",
    intent: "order",
    priority: "urgent",
    code: { coding: [{ system: REGISTRATION_SYSTEM, code: "band", display: "Utskrift av identitetsband" }] },
    description: `Identitetsband, ${printer ?? "webbläsarens skrivare"}`,
    for: { reference: `Patient/${patient}` },
    authoredOn: at,
    lastModified: at,
    requester: roleReference(person),
    owner: await unitReference(visit, person.assignment.unitHsaId),
  };
  const { value } = await commit(visit, [{ kind: "create", type: "Task", where: "Task", resource }], onceUnder(`band ${person.hsaId} ${patient} ${key}`, { patient, printer })); // prettier-ignore
  const [written] = value; // one was asked for
  if (written === undefined) throw fhirError("NOT_FOUND");
  const task = await taskOf(visit, written.id);
  const isNew = listOf(task["identifier"]).some((one) => objectOf(one)["value"] === nonce);
  return { task: written.id, isNew, status: textIn(task["status"]) ?? "", band: bandOf(known) };
}

/** Says how it went. Errors: NOT_FOUND, VERSION_CONFLICT. */
export async function endBand(visit: Visit, task: string, why: string | null): Promise<void> {
  const known = await taskOf(visit, task);
  const now = why === null ? { status: "completed" } : { status: "failed", statusReason: { text: why } };
  const resource = { ...known, ...now, lastModified: visit.clock().toISOString() };
  const ifMatch = textIn(objectOf(known["meta"])["versionId"]);
  await commit(visit, [{ kind: "update", type: "Task", id: task, where: "Task", resource, ...(ifMatch === undefined ? {} : { ifMatch }) }]); // prettier-ignore
}

async function taskOf(visit: Visit, id: string): Promise<JsonObject> {
  return parseJson((await readResource(visit, "Task", id)).value.content) as JsonObject;
}

function bandOf(patient: JsonObject): Band {
  const [number] = listOf(patient["identifier"])
    .map(objectOf)
    .filter(({ use }) => use !== "old"); // the first is the one in force
  const isEstimated = listOf(objectOf(patient["_birthDate"])["extension"]).length > 0;
  const name = objectOf(listOf(patient["name"])[0]); // the name in use stands first
  const given = listOf(name["given"]).filter((one) => typeof one === "string").join(" "); // prettier-ignore
  const parts = [textIn(name["family"]), given].filter((one) => one !== undefined && one !== "").join(", ");
  return {
    number: textIn(number?.["value"]) ?? "",
    name: protectionLabels(patient).length > 0 ? null : (textIn(name["text"]) ?? (parts === "" ? null : parts)),
    born: textIn(patient["birthDate"]) ?? null,
    isEstimated,
    sex: textIn(patient["gender"]) ?? null,
  };
}
