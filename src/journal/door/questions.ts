/**
 * Asking about an access: one Task for each row of the log, at the unit and care provider whose access it was, with a day by which it
 * is to be answered. The patient sees it afterwards with its state.
 *
 * SPEC JRN-DOOR-ASK · PDL 8 kap. 5 § · https://hl7.org/fhir/R4/task.html
 */
import type { Task } from "fhir/r4";
import { reachSetting, type ClientActor } from "../../access/index.ts";
import { HSA_SYSTEM } from "../../base/index.ts";
import { fhirError, fhirErrorAt, parseJson, type JsonObject } from "../../fhir/index.ts";
import type { AccessLogEntry } from "../../store/index.ts";
import { rowOfId } from "../access-log/audit-event.ts";
import { recordRefusal } from "../authorize.ts";
import { commit } from "../commit.ts";
import { OUT_OF_REACH, type Visit } from "../context.ts";
import { disclosedTogether, type Disclosed } from "../disclosed.ts";
import { searchResources } from "../search.ts";
import { QUESTION_CODE } from "./facts.ts";
import { doorEntry, readerAtDoor } from "./grounds.ts";
import { lineAtDoor } from "./own-log.ts";
import { PORTAL } from "./sign-in.ts";

export const QUESTION_SYSTEM = "urn:eira:access-question";
/** What a question says of the unit whose access it is about, whoever owns the question. */
export const ASKED_UNIT = "access-unit";
const LOG_SYSTEM = "urn:eira:access-log";
const ACTION = "ask about access";

export type Question = {
  readonly id: string;
  /** The row of the log that it is about. */
  readonly line: string;
  readonly asked: string;
  readonly answerBy: string | null;
  readonly unit: string | null;
  readonly words: string;
  /** Where it stands: sent, being looked into, answered, or closed without an answer. */
  readonly state: QuestionState;
  readonly answers: readonly QuestionAnswer[];
};

export type QuestionState = "sent" | "taken" | "answered" | "closed";
export type QuestionAnswer = { readonly text: string; readonly time: string | null; readonly by: string | null };

const LONGEST = 1000;
const DAYS = 30;
const MOST = "200";

/** Asks about one row of the log; the same row again is the same question. Errors: NOT_FOUND, DOOR_INVALID, FORBIDDEN. */
export async function askAboutAccess(
  visit: Visit,
  line: string,
  words: string,
): Promise<Disclosed<readonly Question[]>> {
  const at = await readerAtDoor(visit, ACTION);
  const { patient } = at.actor;
  const said = words.trim();
  if (said.length > LONGEST || /[^\P{Cc}\n\r\t]|\p{Cs}/u.test(said))
    throw fhirErrorAt("DOOR_INVALID", "words", { sv: "frågan", en: "the question" }, { sv: `högst ${LONGEST} tecken`, en: `at most ${LONGEST} characters` }); // prettier-ignore
  const row = rowOfId(line);
  const found =
    row === undefined
      ? undefined
      : await visit.store.read(reachSetting(at.grounds.reach), (look) => lineAtDoor(look, at, row));
  if (found === undefined) {
    await recordRefusal(visit, ACTION, OUT_OF_REACH, [`Patient/${patient}`]);
    throw fhirError("NOT_FOUND");
  }
  const owner = ownerIn(found.entry);
  if (owner === undefined || found.line.isAtDoor)
    throw fhirErrorAt("DOOR_INVALID", "line", { sv: "raden", en: "the line" }, { sv: "en åtkomst som en vårdgivare har gjort", en: "an access by a care provider" }); // prettier-ignore
  await visit.store.recordAccess([doorEntry(visit, at, { action: ACTION, what: [`AuditEvent/${line}`] })]);
  const asker: ClientActor = { kind: "client", name: PORTAL, scopes: [{ type: "Task", verbs: new Set(["c"]) }], ...owner }; // prettier-ignore
  const resource = taskOf({
    patient,
    line,
    said,
    isOwn: at.grounds.reach.isOwn,
    entry: found.entry,
    now: visit.clock(),
  });
  const isSame = { idempotencyKey: `access question ${patient} ${line}`, keyFor: { patient, line } };
  const command = { kind: "create", type: "Task", resource, where: "Task" } as const;
  await commit({ ...visit, actor: asker, referentialIntegrity: false }, [command], isSame);
  return ownQuestions(visit);
}

/** The questions about the patient's log that the reader sees, newest first. Errors: FORBIDDEN. */
export async function ownQuestions(visit: Visit): Promise<Disclosed<readonly Question[]>> {
  const { actor } = await readerAtDoor(visit, "read questions");
  const found = await searchResources(visit, "Task", [
    ["patient", actor.patient],
    ["code", QUESTION_CODE],
    ["_sort", "-authored-on"],
    ["_count", MOST],
  ]);
  return disclosedTogether([found] as const, ([{ rows }]) =>
    rows.map(({ content }) => questionOf(parseJson(content) as unknown as Task)),
  );
}

function ownerIn({
  careUnitId,
  careProviderId,
}: AccessLogEntry): Pick<ClientActor, "careProvider" | "careUnit"> | undefined {
  const careProvider = careProviderId ?? null;
  return careProvider === null ? undefined : { careProvider, careUnit: careUnitId ?? null };
}

type Asked = {
  readonly patient: string;
  readonly line: string;
  readonly said: string;
  readonly isOwn: boolean;
  readonly entry: AccessLogEntry;
  readonly now: Date;
};

function taskOf({ patient, line, said, isOwn, entry, now }: Asked): JsonObject {
  const authored = now.toISOString();
  const { careUnit, careUnitId, careProvider, careProviderId } = entry;
  const subject = { reference: `Patient/${patient}` };
  const unit = {
    type: "Organization",
    identifier: { system: HSA_SYSTEM, value: careUnitId ?? careProviderId ?? "" },
    display: careUnit ?? careProvider ?? "",
  };
  const task: Task = {
    resourceType: "Task",
    identifier: [{ system: QUESTION_SYSTEM, value: line }],
    status: "requested",
    intent: "order",
    code: { coding: [{ system: QUESTION_SYSTEM, code: QUESTION_CODE }], text: "Fråga om åtkomst till journalen" },
    ...(said === "" ? {} : { description: said }),
    focus: { type: "AuditEvent", identifier: { system: LOG_SYSTEM, value: line } },
    for: subject,
    authoredOn: authored,
    lastModified: authored,
    requester: isOwn ? subject : { display: "Vårdnadshavare eller ombud" },
    owner: unit,
    input: [{ type: { coding: [{ system: QUESTION_SYSTEM, code: ASKED_UNIT }] }, valueReference: unit }],
    restriction: { period: { end: new Date(now.getTime() + DAYS * 86_400_000).toISOString() } },
  };
  return task as unknown as JsonObject;
}

/** A question as its Task tells it. */
export function questionOf(task: Task): Question {
  return {
    id: task.id ?? "",
    line: task.focus?.identifier?.value ?? "",
    asked: task.authoredOn ?? "",
    answerBy: task.restriction?.period?.end ?? null,
    unit: askedUnitOf(task)?.display ?? null,
    words: task.description ?? "",
    state: STATES[task.status] ?? "taken",
    answers: (task.output ?? []).flatMap(({ valueAnnotation: said, valueString }) => {
      if (said !== undefined) return [{ text: said.text, time: said.time ?? null, by: said.authorString ?? null }];
      return valueString === undefined ? [] : [{ text: valueString, time: null, by: null }];
    }),
  };
}

/** The unit whose access a question is about; it is the first owner, too. */
export function askedUnitOf({ input = [], owner }: Task): Task["owner"] {
  const named = input.find(({ type }) => type.coding?.some(({ code }) => code === ASKED_UNIT));
  return named?.valueReference ?? owner;
}

const STATES: Readonly<Partial<Record<Task["status"], QuestionState>>> = {
  draft: "sent",
  requested: "sent",
  completed: "answered",
  rejected: "closed",
  cancelled: "closed",
  failed: "closed",
  "entered-in-error": "closed",
};
/** States of a Task in which its question needs nobody any more. */
export const DONE_STATES = ["completed", "rejected", "cancelled", "failed", "entered-in-error"] as const;
