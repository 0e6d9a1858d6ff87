/**
 * A referral or order as whoever acts on it meets it: its loop, its request, and the assessments that its receivers have written. Another
 * unit's request is never changed: an assessment is a Task of the receiver's own that has the request in focus.
 *
 * SPEC CLIN-REFERRAL · https://hl7.org/fhir/R4/task.html
 */
import type { LocalDate } from "../../base/index.ts";
import { fhirError, listOf, objectOf, parseJson, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { loopSubjects, type Loop } from "../../loop/index.ts";
import { readResource, searchResources, type Visit } from "../../journal/index.ts";
import { codesIn, dateIn, referenceIn, textIn } from "../said.ts";
import { PAUSE_CODES, type Pause } from "./guarantee.ts";
import { NATIONAL, NATIONAL_SYSTEM, type NationalCode } from "./national.ts";

export const ASSESSMENT_SYSTEM = "urn:eira:remiss";
export const ASSESSMENT_CODE = "bedomning";
const PAUSE_URL = "urn:eira:vantan";

export type Matter = { readonly loop: Loop; readonly request: JsonObject; readonly version: string };
/** What a step is asked for with: the version of the loop that was seen, and a key under which it is done once. */
export type Seen = { readonly loop: string; readonly seen: number; readonly key: string };

/** The request of a loop that is on the reader's lists. Errors: NOT_FOUND, FORBIDDEN. */
export async function matterOf(visit: Visit, id: string): Promise<Matter> {
  const { value: loops } = await loopSubjects(visit, [id]);
  const loop = loops.find((one) => one.id === id && (one.kind === "referral" || one.kind === "order"));
  if (loop === undefined) throw fhirError("NOT_FOUND");
  const { value } = await readResource(visit, "ServiceRequest", loop.subject.id);
  return { loop, request: parseJson(value.content) as JsonObject, version: String(value.version) };
}

/** What an assessment says. */
export type Assessment = {
  readonly id: string;
  readonly version: string;
  readonly resource: JsonObject;
  readonly at: string;
  readonly code: NationalCode | undefined;
  readonly priority: string | undefined;
  readonly target: LocalDate | undefined;
  readonly note: string | undefined;
  readonly pauses: readonly KeptPause[];
};
export type KeptPause = Pause & { readonly reason: string };

/** The own assessments of a request, newest first. */
export async function assessmentsOf(
  visit: Visit,
  requests: readonly string[],
): Promise<ReadonlyMap<string, readonly Assessment[]>> {
  if (requests.length === 0) return new Map();
  const { value } = await searchResources(visit, "Task", [
    ["focus", requests.map((id) => `ServiceRequest/${id}`).join(",")],
    ["code", `${ASSESSMENT_SYSTEM}|${ASSESSMENT_CODE}`],
    ["_count", "1000"],
    ["_sort", "-_lastUpdated"],
  ]);
  const found = new Map<string, Assessment[]>();
  for (const { content } of value.rows) {
    const task = parseJson(content) as JsonObject;
    const request = referenceIn(task["focus"])?.split("/")[1] ?? "";
    found.set(request, [...(found.get(request) ?? []), assessmentIn(task)]);
  }
  return found;
}

export function assessmentIn(task: JsonObject): Assessment {
  const meta = objectOf(task["meta"]);
  const period = objectOf(objectOf(task["restriction"])["period"]);
  const code = codesIn(task["businessStatus"]).find((one): one is NationalCode => one in NATIONAL);
  const notes = listOf(task["note"]).map((one) => textIn(objectOf(one)["text"]));
  return {
    id: textIn(task["id"]) ?? "",
    version: textIn(meta["versionId"]) ?? "",
    resource: task,
    at: textIn(task["lastModified"]) ?? textIn(meta["lastUpdated"]) ?? "",
    code,
    priority: textIn(task["priority"]),
    target: dateIn(period["end"]),
    note: notes.at(-1),
    pauses: listOf(task["extension"]).flatMap(pauseIn),
  };
}

/** An assessment to be written. */
export function assessmentTask(
  { request, loop }: Pick<Matter, "request" | "loop">,
  said: {
    readonly status: string;
    readonly code: NationalCode;
    readonly owner: JsonObject;
    readonly by: JsonObject;
    readonly person: JsonObject;
    readonly at: string;
    readonly priority?: string;
    readonly target?: string;
    readonly note?: string;
    readonly pauses?: readonly KeptPause[];
  },
): JsonObject {
  const { status, code, owner, by, person, at, priority, target, note, pauses = [] } = said;
  return {
    resourceType: "Task",
    ...(pauses.length === 0 ? {} : { extension: pauses.map(pauseExtension) }),
    basedOn: [{ reference: `ServiceRequest/${loop.subject.id}` }],
    status,
    businessStatus: { coding: [{ system: NATIONAL_SYSTEM, code, display: NATIONAL[code] }], text: NATIONAL[code] },
    intent: "order",
    ...(priority === undefined ? {} : { priority }),
    code: { coding: [{ system: ASSESSMENT_SYSTEM, code: ASSESSMENT_CODE, display: "Bedömning av remiss" }] },
    focus: { reference: `ServiceRequest/${loop.subject.id}` },
    ...(request["subject"] === undefined ? {} : { for: request["subject"] }),
    authoredOn: at,
    lastModified: at,
    requester: by,
    owner,
    ...(target === undefined ? {} : { restriction: { period: { end: target } } }),
    ...(note === undefined ? {} : { note: [{ authorReference: person, time: at, text: note }] }),
  };
}

export function pauseExtension({ code, reason, from, until }: KeptPause): JsonObject {
  return {
    url: PAUSE_URL,
    extension: [
      { url: "code", valueCode: code },
      { url: "reason", valueString: reason },
      { url: "period", valuePeriod: { start: from, ...(until === null ? {} : { end: until }) } },
    ],
  };
}

export function withoutPauses(extensions: JsonValue | undefined): readonly JsonValue[] {
  return listOf(extensions).filter((one) => objectOf(one)["url"] !== PAUSE_URL);
}

function pauseIn(value: JsonValue): readonly KeptPause[] {
  const { url, extension } = objectOf(value);
  if (url !== PAUSE_URL) return [];
  const parts = listOf(extension).map(objectOf);
  const code = PAUSE_CODES.find((one) => parts.some((part) => part["valueCode"] === one));
  const reason = parts.map((part) => textIn(part["valueString"])).find((one) => one !== undefined);
  const period = objectOf(parts.find((part) => part["url"] === "period")?.["valuePeriod"]);
  const from = dateIn(period["start"]);
  if (code === undefined || from === undefined) return [];
  return [{ code, reason: reason ?? "", from, until: dateIn(period["end"]) ?? null }];
}
