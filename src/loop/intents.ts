/**
 * What a written resource means for the ledger: that something was set in motion, or that something in motion has come further. Pure:
 * from the version that was written and the one before it. Whom references lead to is found out by whoever asks.
 *
 * SPEC LOOP-INTENT · https://hl7.org/fhir/R4/request.html#statemachine · TKB clinicalprocess:activity:request 1.0
 */
import { addDays, parseLocalDate, startOfDate } from "../base/index.ts";
import { isEqualJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../fhir/index.ts";
import type { EventName, Kind, Risk } from "./model.ts";
import { arrived, ofSpecimen } from "./specimens.ts";
import { TRANSPORTS, type Transport } from "./letters/transports.ts";
import { NOTE_TYPES, ofNote } from "./signatures.ts";

/** A resource as it was written. */
export type Told = {
  readonly type: string;
  readonly id: string;
  readonly resource: JsonObject | null;
  readonly before: JsonObject | null;
};

export type Opening = {
  readonly do: "open";
  readonly kind: Kind;
  readonly recipient: string;
  /** Whom it is meant for: references, of which the first that leads to a list counts. */
  readonly to: readonly string[];
  /** Who asks. */
  readonly from: readonly string[];
  readonly risk: Risk;
  readonly due: number | null;
  /** The requests that it answers. */
  readonly answers: readonly string[];
  /** Of a letter: by which way it goes, as its sender says; null leaves that to the ledger. */
  readonly transport?: Transport | null;
  /** Why it can go no way at all: it is its sender's to see to. */
  readonly unsendable?: string;
  /** When what it tells of happened; what is old is no news when history is taken in. */
  readonly told: number | null;
  /** What it is about, which has a loop of its own: on the same list the two are one matter. */
  readonly faceOf?: readonly string[];
  /** Of a signature: who answers for it when that is not its author. */
  readonly person?: string | null;
};

export type Happening = {
  readonly do: "event";
  /** The resource whose loop it is about, as `Type/id`. */
  readonly about: string;
  readonly kinds: readonly Kind[];
  /** The steps to try, the first that is possible; none possible is nothing. */
  readonly events: readonly EventName[];
  readonly to: readonly string[];
  readonly note: string | null;
  /** What it leaves behind when the step was taken: somebody who sees to the patient, or to an answer that never came. */
  readonly leaves: "follow-up" | "unanswered" | null;
  readonly risk?: Risk;
  /** What whoever was asked by an integration is told: that what is asked has changed. */
  readonly tells?: "change";
  /** By when what follows from it is to be done: of an assessment the medical target date (ms). */
  readonly due?: number;
  /** The integration that says it: of a request that asks another one by now it says nothing. */
  readonly through?: string;
};

export type Intent = Opening | Happening;

/** The types that the ledger is asked about. */
export const LEDGER_TYPES: ReadonlySet<string> = new Set([
  "ServiceRequest",
  "Task",
  "DiagnosticReport",
  "Communication",
  "Appointment",
  ...NOTE_TYPES,
  "Specimen",
]);

const REQUESTS: readonly Kind[] = ["order", "referral"];

/** What a version means for the ledger, in the order in which it is to be done. */
export function intentsOf(told: Told): readonly Intent[] {
  if (told.type === "ServiceRequest") return ofRequest(told);
  if (told.type === "Task") return ofTask(told);
  if (told.type === "DiagnosticReport") return ofReport(told);
  if (told.type === "Communication") return ofCommunication(told);
  if (told.type === "Specimen") return ofSpecimen(told);
  if (NOTE_TYPES.includes(told.type)) return ofNote(told);
  return told.type === "Appointment" ? ofAppointment(told) : [];
}

const ASKED: ReadonlySet<string> = new Set([
  "order",
  "original-order",
  "reflex-order",
  "filler-order",
  "instance-order",
]);
const REFERRAL: ReadonlySet<string> = new Set(["3457005", "306206005", "103696004"]);

function ofRequest({ type, id, resource, before }: Told): readonly Intent[] {
  const about = `${type}/${id}`;
  const status = resource === null ? "deleted" : text(resource["status"]);
  const was = before === null ? null : text(before["status"]);
  const isAsked = resource !== null && ASKED.has(text(resource["intent"])) && resource["doNotPerform"] !== true;
  if (resource !== null && isAsked && status === "active" && was !== "active") return [openingOf(resource)];
  const happening = (events: readonly EventName[], note: string | null, leaves: Happening["leaves"] = null) =>
    [{ do: "event", about, kinds: REQUESTS, events, to: [], note, leaves }] as const;
  if (status === was) return resource === null ? [] : unmoved(about, resource, { before, isAsked });
  if (status === "revoked") return happening(["cancel"], reasonIn(resource), "follow-up");
  if (status === "entered-in-error" || status === "deleted") return happening(["mistake"], status);
  if (status === "completed") return happening(["answer"], "completed", "unanswered");
  return [];
}

function openingOf(resource: JsonObject): Opening {
  const isReferral = codesIn(resource["category"]).some((code) => REFERRAL.has(code));
  return {
    do: "open",
    kind: isReferral ? "referral" : "order",
    recipient: "",
    to: references(resource["performer"]).concat(references(resource["locationReference"])),
    from: references(resource["requester"]),
    risk: riskOf(resource["priority"]),
    due: null,
    answers: [],
    told: null, // what is still asked for is asked for, however long ago
  };
}

/** What is asked for as before: of somebody else, or something else. */
function unmoved(
  about: string,
  resource: JsonObject,
  { before, isAsked }: { readonly before: JsonObject | null; readonly isAsked: boolean },
): readonly Intent[] {
  const elsewhere = redirected(about, resource, before);
  const isStanding = isAsked && resource["status"] === "active";
  return elsewhere.length > 0 || !isStanding ? elsewhere : changed(about, resource, before);
}

/** Somebody else is asked to do it. */
function redirected(about: string, resource: JsonObject, before: JsonObject | null): readonly Intent[] {
  const to = references(resource["performer"]);
  const old = references(before?.["performer"]);
  if (to.length === 0 || to.join() === old.join()) return [];
  // On its way to the first one it comes back and is asked anew.
  const events = ["forward", "resend", "return"] as const;
  return [{ do: "event", about, kinds: REQUESTS, events, to, note: "performer", leaves: null }];
}

/** What is asked, of what, when and why: what whoever does it has to know. */
const ASKS =
  "category priority code orderDetail quantityQuantity occurrenceDateTime occurrencePeriod occurrenceTiming asNeededBoolean reasonCode reasonReference bodySite note patientInstruction specimen subject".split(
    " ",
  );

/** What is asked is another thing than before: whoever was asked by an integration is told. */
function changed(about: string, resource: JsonObject, before: JsonObject | null): readonly Intent[] {
  if (before === null || ASKS.every((name) => isEqualJson(resource[name] ?? null, before[name] ?? null))) return [];
  return [{ do: "event", about, kinds: REQUESTS, events: ["note"], to: [], note: "changed", leaves: null, tells: "change" }]; // prettier-ignore
}

const TASK_OPEN: ReadonlySet<string> = new Set([
  "requested",
  "received",
  "accepted",
  "ready",
  "in-progress",
  "on-hold",
]);
/** What a task about a request says of it, by FHIR's status; the national code says it more closely. */
const BY_STATUS: Readonly<Record<string, readonly EventName[]>> = {
  requested: [],
  received: ["receive"],
  accepted: ["take-over"],
  "in-progress": ["take-over"],
  "on-hold": ["ask-completion"],
  rejected: ["return"],
  failed: ["return"],
  completed: ["answer"],
};
const BY_CODE: Readonly<Record<string, readonly EventName[]>> = {
  "2": ["receive"],
  "3": ["forward"],
  "4": ["take-over"],
  "5": ["ask-completion"],
  "6": ["answer"],
  "7": ["answer"],
};

function ofTask({ type, id, resource, before }: Told): readonly Intent[] {
  const about = `${type}/${id}`;
  const status = resource === null ? "deleted" : text(resource["status"]);
  const was = before === null ? null : text(before["status"]);
  const focus =
    resource === null ? [] : references(resource["focus"]).filter((one) => one.startsWith("ServiceRequest/"));
  const [request] = focus; // a task has one focus
  if (resource !== null && request !== undefined) return aboutRequest(request, resource, before);
  const happening = (events: readonly EventName[]) =>
    [{ do: "event", about, kinds: ["task"], events, to: [], note: reasonIn(resource), leaves: null }] as const;
  if (resource !== null && TASK_OPEN.has(status) && (was === null || !TASK_OPEN.has(was))) {
    const opening: Opening = {
      do: "open",
      kind: "task",
      recipient: "",
      to: references(resource["owner"]),
      from: references(resource["requester"]),
      risk: riskOf(resource["priority"]),
      due: instant(at(resource, "restriction", "period", "end")),
      answers: [],
      told: null,
      faceOf: answersIn(resource),
    };
    return status === "in-progress" || status === "accepted" ? [opening, ...happening(["take-over"])] : [opening];
  }
  const event = status === was ? undefined : OF_TASK[status];
  if (event === undefined) return [];
  return event === "act" ? [...happening([event]), ...acknowledged(resource)] : happening([event]);
}

/** What a task's new status says of its loop. */
const OF_TASK: Readonly<Record<string, EventName>> = {
  accepted: "take-over",
  "in-progress": "take-over",
  completed: "act",
  rejected: "return",
  failed: "return",
  cancelled: "cancel",
  "entered-in-error": "mistake",
  deleted: "mistake",
};

function answersIn(task: JsonObject | null): string[] {
  return references(task?.["focus"]).filter((one) => one.startsWith("DiagnosticReport/"));
}

/** A task about an answer that is done says that the answer has been seen to. */
function acknowledged(task: JsonObject | null): readonly Intent[] {
  return answersIn(task).map((about) => ({
    do: "event",
    about,
    kinds: ["result"],
    events: ["act"],
    to: [],
    note: "Task",
    leaves: null,
  }));
}

function aboutRequest(request: string, resource: JsonObject, before: JsonObject | null): readonly Intent[] {
  const stand = (one: JsonObject | null): string =>
    one === null
      ? ""
      : `${text(one["status"])} ${codesIn(one["businessStatus"]).join()} ${references(one["owner"]).join()}`;
  if (stand(resource) === stand(before)) return [];
  const code = codesIn(resource["businessStatus"]).find((one) => one in BY_CODE);
  const events = (code === undefined ? undefined : BY_CODE[code]) ?? BY_STATUS[text(resource["status"])] ?? [];
  if (events.length === 0) return [];
  const to = events.includes("forward") ? references(resource["owner"]) : [];
  const assessed = events.includes("take-over") ? assessedIn(resource) : {};
  const leaves = events.includes("answer") ? "unanswered" : null;
  return [{ do: "event", about: request, kinds: REQUESTS, events, to, note: reasonIn(resource), leaves, ...assessed }]; // prettier-ignore
}

/** The priority and the target date that whoever assessed it has set. A day lasts until it ends in Sweden. */
function assessedIn(task: JsonObject): Pick<Happening, "risk" | "due"> {
  const end = text(at(task, "restriction", "period", "end"));
  const day = end.length === 10 ? parseLocalDate(end) : undefined;
  const due = day === undefined ? instant(end) : startOfDate(addDays(day, 1)) - 1;
  return {
    ...(task["priority"] === undefined ? {} : { risk: riskOf(task["priority"]) }),
    ...(due === null ? {} : { due }),
  };
}

const PRELIMINARY: ReadonlySet<string> = new Set(["preliminary", "partial"]);
const FINAL: ReadonlySet<string> = new Set(["final", "amended", "corrected", "appended"]);
const TAKEN_BACK: ReadonlySet<string> = new Set(["cancelled", "entered-in-error"]);

const isNews = (status: string): boolean => FINAL.has(status) || PRELIMINARY.has(status);

function ofReport({ type, id, resource, before }: Told): readonly Intent[] {
  const about = `${type}/${id}`;
  const status = resource === null ? "entered-in-error" : text(resource["status"]);
  const was = before === null ? "" : text(before["status"]);
  if (TAKEN_BACK.has(status)) return isNews(was) ? takenBack(about, { before, status, was }) : [];
  if (resource === null || !isNews(status)) return [];
  const answers = requestsIn(resource);
  const isDone = FINAL.has(status) && !FINAL.has(was);
  const ended = isDone ? answers.map((one) => stepOfRequest(one, "answer", null)) : [];
  // First the answer has an owner, then the question is done.
  return [
    isNews(was) ? correctedReport(about, status) : openedReport(resource, answers),
    ...ended,
    ...arrived(resource, before),
  ];
}

/** An answer that was taken back is not one that was read, and what it answered is waited for again. */
function takenBack(
  about: string,
  { before, status, was }: { readonly before: JsonObject | null; readonly status: string; readonly was: string },
): readonly Intent[] {
  const waiting = FINAL.has(was) ? requestsIn(before) : [];
  return [correctedReport(about, status), ...waiting.map((one) => stepOfRequest(one, "reopen", status))];
}

/** Whoever has the first one is told that there is another. */
function correctedReport(about: string, note: string): Happening {
  return { do: "event", about, kinds: ["result"], events: ["correct", "note"], to: [], note, leaves: null };
}

function openedReport(report: JsonObject, answers: readonly string[]): Opening {
  const told =
    instant(report["issued"]) ?? instant(report["effectiveDateTime"]) ?? instant(at(report, "effectivePeriod", "end"));
  const from = references(report["performer"]);
  return { do: "open", kind: "result", recipient: "", to: [], from, risk: 3, due: null, answers, told };
}

function stepOfRequest(about: string, event: EventName, note: string | null): Happening {
  return { do: "event", about, kinds: REQUESTS, events: [event], to: [], note, leaves: null };
}

function requestsIn(report: JsonObject | null): string[] {
  return references(report?.["basedOn"]).filter((one) => one.startsWith("ServiceRequest/"));
}

const INSIDE = /^(Organization|PractitionerRole|HealthcareService)\//;

/** People, and addresses that the letter itself carries. */
const OUTSIDE = /^(?:(?:Patient|RelatedPerson)\/[A-Za-z0-9.-]{1,64}|#[A-Za-z0-9.-]{1,64})$/;
const TRANSPORT_URL = "urn:eira:letter:transport";

/** Each recipient is a delivery of its own: inside the region a message on its list, to people a letter. */
function ofCommunication({ type, id, resource, before }: Told): readonly Intent[] {
  const about = `${type}/${id}`;
  const status = resource === null ? "deleted" : text(resource["status"]);
  const was = before === null ? null : text(before["status"]);
  const isSent = status === "in-progress" || status === "completed";
  const wasSent = was === "in-progress" || was === "completed";
  if (resource !== null && isSent && !wasSent)
    return [
      ...new Set(references(resource["recipient"]).filter((one) => INSIDE.test(one))),
      ...lettersIn(resource).keys(),
    ].map((recipient) => ({
      do: "open",
      kind: INSIDE.test(recipient) ? "message" : "letter",
      recipient,
      to: INSIDE.test(recipient) ? [recipient] : [],
      from: references(resource["sender"]),
      risk: riskOf(resource["priority"]),
      due: null,
      answers: requestsIn(resource),
      told: instant(resource["sent"]),
      ...(INSIDE.test(recipient) ? {} : { transport: lettersIn(resource).get(recipient) ?? null }),
    }));
  const isMistake = status === "entered-in-error" || status === "deleted";
  return isMistake && wasSent
    ? [{ do: "event", about, kinds: ["message", "letter"], events: ["mistake"], to: [], note: status, leaves: null }]
    : [];
}

/** Recipients outside the lists, once each, with the way that the sender has chosen. */
function lettersIn(resource: JsonObject): ReadonlyMap<string, Transport | null> {
  const all = isJsonArray(resource["recipient"]) ? resource["recipient"] : [];
  return new Map(
    all.flatMap((one) => {
      const { reference, extension } = isJsonObject(one) ? one : {};
      if (typeof reference !== "string" || !OUTSIDE.test(reference)) return [];
      const said = (isJsonArray(extension) ? extension : [])
        .filter(isJsonObject)
        .find(({ url }) => url === TRANSPORT_URL);
      return [[reference, TRANSPORTS.find((way) => way === said?.["valueCode"]) ?? null] as const];
    }),
  );
}

const BOOKED: ReadonlySet<string> = new Set(["booked", "arrived", "checked-in", "fulfilled"]);

/** A booking is what an accepted request waits for; one that falls is never the end of it. */
function ofAppointment({ type, id, resource, before }: Told): readonly Intent[] {
  const status = resource === null ? "deleted" : text(resource["status"]);
  const was = before === null ? null : text(before["status"]);
  if (status === was) return [];
  const requests = references((resource ?? before)?.["basedOn"]).filter((one) => one.startsWith("ServiceRequest/"));
  const ofCalls = (events: readonly EventName[]): Happening[] =>
    requests.map((about) => ({
      do: "event",
      about,
      kinds: ["call"],
      events,
      to: [],
      note: `${type}/${id}`,
      leaves: null,
    }));
  if (BOOKED.has(status)) return was !== null && BOOKED.has(was) ? [] : ofCalls(["book"]);
  const hasFallen =
    status === "noshow" || ((status === "cancelled" || status === "deleted") && was !== null && BOOKED.has(was));
  if (!hasFallen) return [];
  const followUp: Opening = {
    do: "open",
    kind: "task",
    recipient: "",
    to: [],
    from: [],
    risk: 2,
    due: null,
    answers: [],
    told: instant((resource ?? before)?.["start"]),
  };
  return [...ofCalls(["unbook"]), followUp];
}

/** FHIR's four priorities by the harm that a delay does. */
function riskOf(priority: JsonValue | undefined): Risk {
  if (priority === "stat") return 0;
  return priority === "urgent" || priority === "asap" ? 1 : 3;
}

function references(value: JsonValue | undefined): string[] {
  const all = isJsonArray(value) ? value : value === undefined ? [] : [value];
  return all.flatMap((one) => {
    const reference = isJsonObject(one) ? one["reference"] : undefined;
    return typeof reference === "string" && /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(reference) ? [reference] : [];
  });
}

function codesIn(value: JsonValue | undefined): string[] {
  const all = isJsonArray(value) ? value : value === undefined ? [] : [value];
  return all.flatMap((one) => {
    const codings = isJsonObject(one) ? one["coding"] : undefined;
    return isJsonArray(codings)
      ? codings.flatMap((coding) => (isJsonObject(coding) ? [text(coding["code"])] : []))
      : [];
  });
}

const STATUS_REASON = "http://hl7.org/fhir/StructureDefinition/request-statusReason";

/** Why it stands so: of a task in its own element, of a request in FHIR's extension for it. */
function reasonIn(resource: JsonObject | null): string | null {
  const extensions = isJsonArray(resource?.["extension"]) ? resource["extension"] : [];
  const extended = extensions.filter(isJsonObject).find(({ url }) => url === STATUS_REASON);
  const reason = resource?.["statusReason"] ?? extended?.["valueCodeableConcept"];
  const said = isJsonObject(reason) ? reason["text"] : undefined;
  return typeof said === "string" ? said.slice(0, 1000) : null;
}

function at(value: JsonObject, ...path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((one, name) => (isJsonObject(one) ? one[name] : undefined), value);
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function instant(value: JsonValue | undefined): number | null {
  const found = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(found) ? null : found;
}
