/**
 * What receivers and senders do with a referral beyond passing it on: assess it, answer it, add words to it, pause somebody's waiting, ask
 * another unit too, and take it back. Each is one commit: the resource, its seal, the ledger's step and the log.
 *
 * SPEC CLIN-REFERRAL · laws 3 and 5 of the house · TKB clinicalprocess:activity:request 1.0
 */
import { parseLocalDate, zonedDate } from "../../base/index.ts";
import { fhirError, fhirErrorAt, listOf, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { heldAlong, isOwnReferral, loopSteps, type HeldLoop, type State } from "../../loop/index.ts";
import {
  commit,
  disclosedAfter,
  sealWritten,
  type Command,
  type Disclosed,
  type Proof,
  type Visit,
  type Written,
} from "../../journal/index.ts";
import { actingPerson, neededText, roleReference, unitReference } from "../acting.ts";
import { nameIn, textIn } from "../said.ts";
import { LONGEST_TITLE, type LetterKind } from "../letters/compose.ts";
import { letterAbout } from "../letters/plain.ts";
import { PAUSE_CODES, type PauseCode } from "./guarantee.ts";
import { categoryOf } from "./kinds.ts";
import {
  assessmentsOf,
  assessmentTask,
  matterOf,
  pauseExtension,
  withoutPauses,
  type KeptPause,
  type Matter,
  type Seen,
} from "./matter.ts";
import { judgeAddition } from "./national.ts";

export const PRIORITIES = ["stat", "asap", "urgent", "routine"] as const;
export type Priority = (typeof PRIORITIES)[number];
const LONGEST_REASON = 1000;

/** Accepts a referral: how soon, and at the latest when. Errors: those of a held loop and of `commit`, LOOP_INVALID. */
export async function assessReferral(
  visit: Visit,
  asked: Seen,
  said: { readonly priority: Priority; readonly target: string; readonly note: string },
): Promise<Disclosed<Written>> {
  const person = actingPerson(visit);
  const target = parseLocalDate(said.target);
  if (target === undefined || target < zonedDate(visit.clock().getTime())) throw fhirErrorAt("LOOP_INVALID", "target", { sv: "en dag från och med i dag", en: "a day from today on" }); // prettier-ignore
  const note = said.note.trim() === "" ? {} : { note: neededText(said.note, "note") };
  const matter = await matterOf(visit, asked.loop);
  const task = assessmentTask(matter, {
    status: "accepted",
    code: "4",
    priority: said.priority,
    target,
    ...note,
    owner: await unitReference(visit, person.assignment.unitHsaId),
    ...stamp(visit),
  });
  return written(visit, asked, [create(task)], { held: { as: "owner", states: UNASSESSED }, said });
}

const UNASSESSED: ReadonlySet<State> = new Set(["received"]);
const WITH_RECEIVER: ReadonlySet<State> = new Set(["received", "taken-over"]);
const OPEN: ReadonlySet<State> = new Set([
  ...WITH_RECEIVER,
  ...(["created", "transferred", "completion-asked", "returned", "failed"] as const),
]);
/** Also what another unit has sent back to whom the patient wrote to. */
const BEFORE_ANSWER: ReadonlySet<State> = new Set([...WITH_RECEIVER, "returned"]);
const NEVER: ReadonlySet<State> = new Set();

/** Answers a referral: the words are stored, sealed and signed, end the request, and wait for whoever asked. */
export async function answerReferral(
  visit: Visit,
  asked: Seen,
  said: { readonly text: string; readonly proof: Proof },
): Promise<Disclosed<Written>> {
  const person = actingPerson(visit);
  const conclusion = neededText(said.text, "text");
  const matter = await matterOf(visit, asked.loop);
  if (isOwnReferral(matter.loop)) return answerPatient(visit, asked, { matter, conclusion, proof: said.proof });
  const { loop, request } = matter;
  const { at } = stamp(visit);
  const report: JsonObject = {
    resourceType: "DiagnosticReport",
    basedOn: [{ reference: `ServiceRequest/${loop.subject.id}` }],
    status: "final",
    category: [{ coding: [{ system: "urn:eira:remiss", code: "remissvar", display: "Remissvar" }], text: "Remissvar" }],
    code: { text: `Svar: ${nameIn(request["code"]) ?? "remiss"}` },
    ...(request["subject"] === undefined ? {} : { subject: request["subject"] }),
    effectiveDateTime: at,
    issued: at,
    performer: [roleReference(person)],
    conclusion,
  };
  return written(visit, asked, [create(report)], {
    held: { as: "owner", states: WITH_RECEIVER, also: sealedBy(said.proof) },
    said: { text: conclusion },
  });
}

function sealedBy(proof: Proof): HeldLoop["also"] {
  return async (tx, writing, { written: versions }) => {
    for (const version of versions) await sealWritten(writing, tx, version, proof);
  };
}

/** The patient who has asked is answered: the signed words are a letter, which is its writer's until it has been read. */
async function answerPatient(
  visit: Visit,
  asked: Seen,
  { matter, conclusion, proof }: { readonly matter: Matter; readonly conclusion: string; readonly proof: Proof },
): Promise<Disclosed<Written>> {
  const letter = ownLetter(visit, matter, { kind: "information", title: "Svar", text: conclusion });
  const step = { event: "answer", note: "letter", key: asked.key } as const;
  return written(visit, asked, [create(letter)], {
    held: { as: "owner", states: BEFORE_ANSWER, step, also: sealedBy(proof) },
    said: { text: conclusion },
  });
}

/** Asks the patient who has written a referral for more; the words are a letter, and who has asked waits for the answer. */
export async function askPatient(
  visit: Visit,
  asked: Seen,
  said: { readonly text: string },
): Promise<Disclosed<Written>> {
  const text = neededText(said.text, "text");
  const matter = await matterOf(visit, asked.loop);
  if (!isOwnReferral(matter.loop)) throw fhirError("LOOP_STEP", matter.loop.state, "ask-patient");
  const letter = ownLetter(visit, matter, { kind: "completion", title: "Vi behöver veta mer", text });
  const step = { event: "ask-completion", note: text.slice(0, LONGEST_REASON), key: asked.key } as const;
  return written(visit, asked, [create(letter)], { held: { as: "owner", states: WITH_RECEIVER, step }, said });
}

function ownLetter(
  visit: Visit,
  { loop, request }: Matter,
  { kind, title, text }: { readonly kind: LetterKind; readonly title: string; readonly text: string },
): JsonObject {
  const person = actingPerson(visit);
  return letterAbout(person, {
    kind,
    patient: loop.patient ?? "",
    title: `${title}: ${nameIn(request["code"]) ?? "din remiss"}`.slice(0, LONGEST_TITLE),
    text,
    request: loop.subject.id,
    sent: stamp(visit).at,
  });
}

/** Adds the sender's words to the request: what was asked for, or what nobody has read yet. Errors: LOOP_STEP when it is too late. */
export async function addToReferral(
  visit: Visit,
  asked: Seen,
  said: { readonly text: string },
): Promise<Disclosed<Written>> {
  actingPerson(visit);
  const text = neededText(said.text, "text");
  const matter = await matterOf(visit, asked.loop);
  const { loop } = matter;
  const { steps } = (await loopSteps(visit, loop.id)).value;
  const from = actingPerson(visit).assignment.unitHsaId;
  const judged = judgeAddition(loop, steps, from);
  if ("error" in judged && judged.error === "not-the-sender")
    throw fhirError("FORBIDDEN", "only who sent it adds to it");
  const { at } = stamp(visit);
  const annotation = { authorReference: personReference(visit), time: at, text };
  const operations = [{ op: "add", path: "/note", value: [...listOf(matter.request["note"]), annotation] }];
  // Too late is told by the transaction, which knows whether these words are there already.
  const held = !("step" in judged)
    ? { states: NEVER }
    : { states: OPEN, step: { event: judged.step, note: text.slice(0, LONGEST_REASON), key: asked.key } };
  return written(visit, asked, [patch(matter, operations)], { held: { as: "sender", ...held }, said });
}

/** Takes a referral or order back, with a reason; somebody is to see to the patient. */
export async function cancelRequest(
  visit: Visit,
  asked: Seen,
  said: { readonly reason: string },
): Promise<Disclosed<Written>> {
  actingPerson(visit);
  const reason = neededText(said.reason, "reason", LONGEST_REASON);
  const matter = await matterOf(visit, asked.loop);
  const extension = { url: STATUS_REASON, valueCodeableConcept: { text: reason } };
  const operations = [
    { op: "replace", path: "/status", value: "revoked" },
    { op: "add", path: "/extension", value: [...listOf(matter.request["extension"]), extension] },
  ];
  return written(visit, asked, [patch(matter, operations)], { held: { as: "sender", states: OPEN }, said });
}

const STATUS_REASON = "http://hl7.org/fhir/StructureDefinition/request-statusReason";

export type PauseWish = {
  readonly code: PauseCode;
  readonly reason: string;
  readonly from: string;
  readonly until: string | null;
};

/** Keeps that somebody waits who could have come, and why: from a day to another, or until it is ended. */
export async function pauseWaiting(visit: Visit, asked: Seen, said: PauseWish): Promise<Disclosed<Written>> {
  const person = actingPerson(visit);
  const pause = pauseIn(said);
  const matter = await matterOf(visit, asked.loop);
  const known = (await assessmentsOf(visit, [matter.loop.subject.id])).get(matter.loop.subject.id) ?? [];
  const [newest] = known; // the newest one is how it stands
  if (newest !== undefined) {
    // A pause that still lasted ends where the next one begins: the same day twice is one.
    const pauses = [...newest.pauses.filter(({ from }) => from !== pause.from), pause];
    const extension = [...withoutPauses(newest.resource["extension"]), ...pauses.map(pauseExtension)];
    const command: Command = {
      kind: "patch",
      type: "Task",
      id: newest.id,
      where: "Task",
      ifMatch: newest.version,
      operations: [
        { op: "add", path: "/extension", value: extension },
        { op: "add", path: "/lastModified", value: stamp(visit).at },
      ],
    };
    return written(visit, asked, [command], { held: { as: "owner", states: WITH_RECEIVER }, said });
  }
  const task = assessmentTask(matter, {
    status: "received",
    code: "2",
    pauses: [pause],
    owner: await unitReference(visit, person.assignment.unitHsaId),
    ...stamp(visit),
  });
  return written(visit, asked, [create(task)], { held: { as: "owner", states: WITH_RECEIVER }, said });
}

function pauseIn({ code, reason, from, until }: PauseWish): KeptPause {
  const first = parseLocalDate(from);
  const last = until === null ? null : parseLocalDate(until);
  if (!PAUSE_CODES.includes(code)) throw fhirErrorAt("LOOP_INVALID", "code", PAUSE_CODES.join(", "));
  if (first === undefined) throw fhirErrorAt("LOOP_INVALID", "from", "YYYY-MM-DD");
  if (last === undefined || (last !== null && last <= first)) throw fhirErrorAt("LOOP_INVALID", "until", "YYYY-MM-DD");
  return { code, reason: neededText(reason, "reason", LONGEST_REASON), from: first, until: last };
}

/** Asks another unit too; the first one stays where it is. */
export async function askSecondOpinion(
  visit: Visit,
  asked: Seen,
  said: { readonly unit: string; readonly question: string },
): Promise<Disclosed<Written>> {
  const person = actingPerson(visit);
  const question = neededText(said.question, "question");
  const matter = await matterOf(visit, asked.loop);
  if (said.unit === person.assignment.unitHsaId) throw fhirErrorAt("LOOP_INVALID", "unit", { sv: "en annan enhet", en: "another unit" }); // prettier-ignore
  const { at, by } = stamp(visit);
  const { request } = matter;
  const second: JsonObject = {
    resourceType: "ServiceRequest",
    basedOn: [{ reference: `ServiceRequest/${matter.loop.subject.id}` }],
    status: "active",
    intent: "order",
    category: categoryOf(["second-opinion"]),
    ...(request["priority"] === undefined ? {} : { priority: request["priority"] }),
    code: { text: `Ny bedömning: ${nameIn(request["code"]) ?? "remiss"}` },
    ...(request["subject"] === undefined ? {} : { subject: request["subject"] }),
    authoredOn: at,
    requester: by,
    performer: [await unitReference(visit, said.unit)],
    reasonCode: [{ text: question }],
  };
  return written(visit, asked, [create(second)], { held: { as: "owner", states: WITH_RECEIVER }, said });
}

function stamp(visit: Visit): { readonly at: string; readonly by: JsonObject; readonly person: JsonObject } {
  return {
    at: visit.clock().toISOString(),
    by: roleReference(actingPerson(visit)),
    person: personReference(visit),
  };
}

/** Notes are a person's, not an assignment's, in FHIR's words. */
function personReference(visit: Visit): JsonObject {
  return { reference: `Practitioner/${actingPerson(visit).id}` };
}

function create(resource: JsonObject): Command {
  const type = textIn(resource["resourceType"]) ?? "";
  return { kind: "create", type, where: type, resource };
}

function patch({ request, version }: Matter, operations: JsonValue): Command {
  const id = textIn(request["id"]) ?? "";
  return { kind: "patch", type: "ServiceRequest", id, where: "ServiceRequest", operations, ifMatch: version };
}

type How = { readonly held: Pick<HeldLoop, "as" | "states" | "step" | "also">; readonly said: JsonValue };

/** One commit under the key of the step: the second time it is answered as the first. */
async function written(
  visit: Visit,
  { loop, seen, key }: Seen,
  commands: readonly Command[],
  { held, said }: How,
): Promise<Disclosed<Written>> {
  const along = await heldAlong(visit, { loop, seen, ...held });
  const { value } = await commit({ ...visit, along }, commands, { idempotencyKey: key, keyFor: [loop, said] });
  const [one] = value; // one command
  if (one === undefined) throw new Error("nothing was written");
  return disclosedAfter(visit, [], one);
}
