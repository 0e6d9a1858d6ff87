/**
 * Own referrals (egenremiss): the patient writes to a unit at the own door, adds to what was written, and takes it back. The record is the
 * unit's that it was written to; whoever has it answers the patient.
 *
 * SPEC CLIN-REFERRAL-12 · law 5 of the house · patientlagen 8 kap. 1 § (new medical assessment)
 */
import type { ClientActor, PatientActor } from "../../access/index.ts";
import { homeOf } from "../../base/index.ts";
import { fhirError, fhirErrorAt, listOf, parseJson, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import {
  authorize,
  commit,
  disclosedAfter,
  groundText,
  logEntry,
  mayWriteAtDoor,
  PORTAL,
  readResource,
  refuseVisit,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { atDoorAlong, isEnd, isOwnReferral, type Kind, type State } from "../../loop/index.ts";
import type { StoredLoop, StoredWorklist } from "../../store/index.ts";
import { neededText } from "../acting.ts";
import { textIn } from "../said.ts";
import { categoryOf, kindsOf, type ReferralKind } from "./kinds.ts";
import { judgeAddition } from "./national.ts";
import { ownRequests, type OwnRequest } from "./own.ts";

type OwnReferralWish = {
  readonly unit: string;
  readonly matter: string;
  readonly words: string;
  readonly isSecondOpinion: boolean;
  readonly key: string;
};
type OwnUnit = { readonly id: string; readonly title: string };

const LONGEST_MATTER = 100;
const LONGEST_WORDS = 4000;
const MOST_UNITS = 20;
const STATUS_REASON = "http://hl7.org/fhir/StructureDefinition/request-statusReason";

/** Units that somebody works at, by words of their names; they are the region's, and tell nothing of the patient. Errors: FORBIDDEN. */
export async function unitsAtDoor(visit: Visit, words: string): Promise<Disclosed<readonly OwnUnit[]>> {
  const actor = await writerAtDoor(visit);
  await keepAsked(visit, actor, { action: "search", what: "Organization" });
  const asked = words.toLowerCase().slice(0, LONGEST_MATTER).split(/\s+/).filter(Boolean);
  const lists = asked.length === 0 ? [] : await visit.store.read("*", (look) => look.loops.worklists());
  const found = lists.filter(
    (list) => isOpenUnit(list) && asked.every((one) => list.title.toLowerCase().includes(one)),
  );
  return disclosedAfter(
    visit,
    [],
    found.slice(0, MOST_UNITS).map(({ id, title }) => ({ id, title })),
  );
}

function isOpenUnit({ status, staffed, organization, careUnit }: StoredWorklist): boolean {
  return status === "open" && staffed && organization !== null && careUnit !== null;
}

/** Writes an own referral; the same key again is the same one. Errors: FORBIDDEN, LOOP_INVALID. */
export async function writeOwnReferral(visit: Visit, wish: OwnReferralWish): Promise<Disclosed<readonly OwnRequest[]>> {
  const actor = await writerAtDoor(visit);
  const [matter, words] = [neededText(wish.matter, "matter", LONGEST_MATTER), neededText(wish.words, "words", LONGEST_WORDS)]; // prettier-ignore
  refuseBadKey(wish.key);
  const lists = await visit.store.read("*", (look) => look.loops.worklistsAbove([wish.unit]));
  const unit = lists.find((list) => list.id === wish.unit && isOpenUnit(list));
  if (unit === undefined) throw fhirErrorAt("LOOP_INVALID", "unit", { sv: "en enhet som tar emot", en: "a unit that receives" }); // prettier-ignore
  const kinds: readonly ReferralKind[] = wish.isSecondOpinion ? ["own", "second-opinion"] : ["own"];
  const resource: JsonObject = {
    resourceType: "ServiceRequest",
    status: "active",
    intent: "order",
    category: categoryOf(kinds),
    code: { text: `${wish.isSecondOpinion ? "Ny medicinsk bedömning" : "Egenremiss"}: ${matter}` },
    subject: { reference: `Patient/${actor.patient}` },
    authoredOn: visit.clock().toISOString(),
    requester: {
      reference: `Patient/${actor.patient}`,
      ...(actor.reader.kind === "patient" ? {} : { display: WRITERS[actor.reader.kind] }),
    },
    performer: [{ reference: unit.organization ?? "", display: unit.title }],
    reasonCode: [{ text: words }],
  };
  await keepAsked(visit, actor, { action: "write own referral", what: `worklist ${unit.id}` });
  const writing = portal(visit, unit, ["c"]);
  const { key, ...said } = wish;
  await commit(writing, [{ kind: "create", type: "ServiceRequest", resource, where: "ServiceRequest" }], {
    idempotencyKey: `own referral ${actor.id} ${actor.patient} ${key}`,
    keyFor: said,
  });
  return ownRequests(visit);
}

const WRITERS = { guardian: "Patienten genom vårdnadshavare", proxy: "Patienten genom ombud" } as const;

/** Adds words: what was asked for, or what nobody has assessed yet. Errors: NOT_FOUND, LOOP_STEP, LOOP_CHANGED, LOOP_INVALID. */
export async function addToOwnReferral(
  visit: Visit,
  id: string,
  said: { readonly words: string; readonly key: string },
): Promise<Disclosed<readonly OwnRequest[]>> {
  const actor = await writerAtDoor(visit);
  const words = neededText(said.words, "words", LONGEST_WORDS);
  refuseBadKey(said.key);
  const own = await ownReferral(visit, id);
  const key = `own words ${actor.id} ${id} ${said.key}`;
  if (own.steps.some((step) => step.key === key)) return ownRequests(visit); // these words are there already
  const judged = judgeAddition(own.standing, own.steps, own.loop.sender);
  if (!("step" in judged)) throw fhirError("LOOP_STEP", own.loop.state, "complete");
  const note = { authorReference: { reference: `Patient/${actor.patient}` }, time: visit.clock().toISOString(), text: words }; // prettier-ignore
  const operations = [{ op: "add", path: "/note", value: [...listOf(own.request["note"]), note] }];
  await keepAsked(visit, actor, { action: "write own referral", what: `ServiceRequest/${id}` });
  const { loop, list } = own;
  const step = { loop: loop.id, version: loop.version, event: judged.step, note: words.slice(0, 1000), key } as const;
  const writing = { ...portal(visit, list, ["r", "u"]), along: atDoorAlong(visit, step) };
  await commit(writing, [patched(own, operations)], { idempotencyKey: key, keyFor: words });
  return ownRequests(visit);
}

/** Takes an own referral back; whoever has it sees to the patient. Errors: NOT_FOUND, LOOP_STEP, LOOP_INVALID. */
export async function withdrawOwnReferral(
  visit: Visit,
  id: string,
  reason: string,
): Promise<Disclosed<readonly OwnRequest[]>> {
  const actor = await writerAtDoor(visit);
  const words = neededText(reason, "reason", 1000);
  const own = await ownReferral(visit, id);
  if (own.loop.state === "cancelled") return ownRequests(visit); // a second click
  if (isEnd(own.standing.kind, own.standing.state)) throw fhirError("LOOP_STEP", own.loop.state, "cancel");
  const extension = { url: STATUS_REASON, valueCodeableConcept: { text: words } };
  const operations = [
    { op: "replace", path: "/status", value: "revoked" },
    { op: "add", path: "/extension", value: [...listOf(own.request["extension"]), extension] },
  ];
  await keepAsked(visit, actor, { action: "write own referral", what: `ServiceRequest/${id}` });
  await commit(portal(visit, own.list, ["r", "u"]), [patched(own, operations)]);
  return ownRequests(visit);
}

type Own = {
  readonly request: JsonObject;
  readonly version: string;
  readonly loop: StoredLoop;
  readonly standing: { readonly kind: Kind; readonly state: State; readonly sender: string };
  readonly steps: readonly { readonly event: string; readonly key: string | null }[];
  readonly list: StoredWorklist;
};

/** A referral that this patient has written, as it stands. Errors: NOT_FOUND. */
async function ownReferral(visit: Visit, id: string): Promise<Own> {
  const { value } = await readResource(visit, "ServiceRequest", id);
  const request = parseJson(value.content) as JsonObject;
  const found = await visit.store.read("*", async (look) => {
    const loop = (await look.loops.ofRequests([id])).find((one) => one.kind === "referral" && isOwnReferral(one));
    if (loop === undefined) return undefined;
    const lists = await look.loops.worklistsAbove([loop.sender]);
    return { loop, steps: await look.loops.events(loop.id), list: lists.find((list) => list.id === loop.sender) };
  });
  if (found?.list === undefined || !kindsOf(request).includes("own")) throw fhirError("NOT_FOUND");
  const { loop, steps, list } = found;
  const standing = { kind: "referral", state: loop.state as State, sender: loop.sender } as const;
  return { request, version: String(value.version), loop, standing, steps, list };
}

function patched({ request, version }: Own, operations: JsonValue): Parameters<typeof commit>[1][number] {
  const id = textIn(request["id"]) ?? "";
  return { kind: "patch", type: "ServiceRequest", id, where: "ServiceRequest", operations, ifMatch: version };
}

/** What the patient writes is the record of the unit that it was written to. */
function portal(visit: Visit, { careProvider, careUnit }: StoredWorklist, verbs: readonly ("c" | "r" | "u")[]): Visit {
  const scopes = [{ type: "ServiceRequest", verbs: new Set(verbs) }];
  const actor: ClientActor = { kind: "client", name: PORTAL, scopes, careProvider, careUnit };
  return { ...visit, actor, referentialIntegrity: false };
}

async function writerAtDoor(visit: Visit): Promise<PatientActor> {
  const { actor } = visit;
  if (actor.kind !== "patient") return refuseVisit(visit, "ServiceRequest", "Det här är patientens egen dörr.");
  if (!(await mayWriteAtDoor(visit))) return refuseVisit(visit, "ServiceRequest", "Patienten har låtit ombudet läsa, inte skriva."); // prettier-ignore
  await authorize(visit, "read", "Patient", `Patient/${actor.patient}`);
  return actor;
}

async function keepAsked(
  visit: Visit,
  { patient }: PatientActor,
  { action, what }: { readonly action: string; readonly what: string },
): Promise<void> {
  const grounds = await authorize(visit, "read", "ServiceRequest", what);
  const act = { action, outcome: "granted", ground: groundText(grounds) } as const;
  await visit.store.recordAccess([logEntry(visit, act, { home: homeOf(patient), patient, what: [what] })]);
}

function refuseBadKey(key: string): void {
  if (!/^[\x21-\x7e]{8,100}$/.test(key)) throw fhirErrorAt("LOOP_INVALID", "key", "8-100");
}
