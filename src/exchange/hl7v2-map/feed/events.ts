/**
 * Which event a change is: from a version and the one before it to the trigger of HL7 v2, or to nothing. Pure.
 * SPEC EXCH-FEED-EVENT · HL7 v2.5 chapters 3, 7, 9 and 10, table 0003
 */
import { isEqualJson, type JsonObject } from "../../../fhir/index.ts";
import { objectIn, objectsIn, referenceIn, textIn } from "../json.ts";
import { visitNumberOf } from "../visits.ts";

/** A version as it was written, and the one before; after a deletion `now` is what was deleted, marked as a mistake. */
export type Change = { readonly now: JsonObject; readonly before: JsonObject | undefined };

export type PatientEvent =
  | { readonly event: "A28" | "A31" }
  /** Joined with another, who stays (A40), or no longer (A37). */
  | { readonly event: "A40" | "A37"; readonly other: string };

/** What happened to a patient; nothing when only what others say of them has changed. */
export function patientEvent({ now, before }: Change): PatientEvent | undefined {
  const [link, old] = [now, before].map(replacedBy);
  if (link !== undefined && link !== old) return { event: "A40", other: link };
  if (old !== undefined && link === undefined) return { event: "A37", other: old };
  if (before === undefined) return { event: "A28" };
  return differ(now, before, NOT_OF_PATIENT) ? { event: "A31" } : undefined;
}

const NOT_OF_PATIENT = ["link", "active"];

function replacedBy(patient: JsonObject | undefined): string | undefined {
  return referenceIn(objectsIn(patient?.["link"]).find(({ type }) => type === "replaced-by")?.["other"]);
}

export type VisitEvent = {
  readonly event: string;
  /** The other part of the visit: where the patient came from (A02), or is again (A12). */
  readonly other?: JsonObject;
};

type Phase = "none" | "planned" | "here" | "over" | "gone";
const PHASES: Readonly<Record<string, Phase>> = {
  planned: "planned",
  arrived: "here",
  triaged: "here",
  "in-progress": "here",
  onleave: "here",
  finished: "over",
  cancelled: "gone",
  "entered-in-error": "gone",
};

/**
 * What happened to a visit. `parts` are the visit's parts at other units: a move ends one and begins another, and is one event, that of
 * the part where the patient is.
 */
export function visitEvent({ now, before }: Change, parts: readonly JsonObject[]): VisitEvent | undefined {
  const [is, was] = [phaseOf(now), phaseOf(before)];
  if (is === "here") return arrived({ now, before }, was, parts);
  if (is === "planned") return before === undefined ? { event: "A05" } : changed({ now, before });
  if (is === "over") {
    if (was === "over") return changed({ now, before });
    return isMovedOn(now, parts) ? undefined : { event: "A03" }; // the part where the patient is tells of it
  }
  if (is !== "gone" || was === "none" || was === "gone") return undefined;
  const from = was === "here" ? partBefore(now, parts) : undefined;
  return from === undefined ? { event: "A11" } : { event: "A12", other: from };
}

/** Whether another part began when this one ended, or later; a feed that is late sees how things went on since. */
function isMovedOn(now: JsonObject, parts: readonly JsonObject[]): boolean {
  const end = momentIn(now, "end");
  return parts.some((one) => phaseOf(one) === "here" || momentIn(one, "start") >= end);
}

/** Where the patient was before this part began, and still is as far as is known. */
function partBefore(now: JsonObject, parts: readonly JsonObject[]): JsonObject | undefined {
  const standing = parts.filter((one) => phaseOf(one) === "here" || phaseOf(one) === "over");
  const start = momentIn(now, "start");
  return standing.find((one) => phaseOf(one) === "here") ?? standing.find((one) => momentIn(one, "start") <= start);
}

/** NaN for what is not said, which is neither before nor after anything. */
function momentIn(visit: JsonObject, edge: "start" | "end"): number {
  return Date.parse(textIn(objectIn(visit["period"])[edge]) ?? "");
}

function arrived({ now, before }: Change, was: Phase, parts: readonly JsonObject[]): VisitEvent | undefined {
  // That the move was taken back is told by the part that it had begun.
  const end = before === undefined ? NaN : momentIn(before, "end");
  const isBack = parts.some((one) => phaseOf(one) === "gone" && momentIn(one, "start") >= end);
  if (was === "over") return isBack ? undefined : { event: "A13" };
  if (was === "here") {
    if (isInpatient(now) !== isInpatient(before)) return { event: isInpatient(now) ? "A06" : "A07" };
    const moved = ["location", "serviceProvider"].some(
      (name) => !isEqualJson(now[name] ?? null, before?.[name] ?? null),
    );
    return moved && before !== undefined ? { event: "A02", other: before } : changed({ now, before });
  }
  const from = parts.find((one) => phaseOf(one) === "over" || phaseOf(one) === "here");
  if (from !== undefined) return { event: "A02", other: from };
  return { event: isInpatient(now) ? "A01" : "A04" };
}

function changed({ now, before }: Change): VisitEvent | undefined {
  return before !== undefined && differ(now, before) ? { event: "A08" } : undefined;
}

function phaseOf(visit: JsonObject | undefined): Phase {
  return PHASES[textIn(visit?.["status"]) ?? ""] ?? "none";
}

const INPATIENT: ReadonlySet<string> = new Set(["IMP", "ACUTE", "NONAC"]);

function isInpatient(visit: JsonObject | undefined): boolean {
  return INPATIENT.has(textIn(objectIn(visit?.["class"])["code"]) ?? "");
}

/** The parts of a visit at other units: those with its number. */
export function otherParts(visit: JsonObject, all: readonly JsonObject[]): readonly JsonObject[] {
  const number = visitNumberOf(visit);
  if (number === undefined) return [];
  return all.filter((one) => {
    const other = visitNumberOf(one);
    return one["id"] !== visit["id"] && other?.system === number.system && other.value === number.value;
  });
}

const BOOKED: ReadonlySet<string> = new Set(["booked", "arrived", "checked-in", "fulfilled"]);
const UNDER_WAY: ReadonlySet<string> = new Set(["arrived", "checked-in"]);

/** What happened to a booking. That a patient came is told of by the visit. */
export function bookingEvent({ now, before }: Change): string | undefined {
  const [is, was] = [textIn(now["status"]) ?? "", textIn(before?.["status"]) ?? ""];
  if (is === "booked") {
    if (!BOOKED.has(was)) return "S12";
    const isMoved = ["start", "end"].some((name) => now[name] !== before?.[name]);
    if (isMoved) return "S13";
    return before !== undefined && differ(now, before) ? "S14" : undefined;
  }
  if (!BOOKED.has(was)) return undefined;
  if (is === "cancelled") return UNDER_WAY.has(was) ? "S16" : "S15";
  return is === "noshow" ? "S26" : is === "entered-in-error" ? "S17" : undefined;
}

/** What happened to a note or a document. Drafts are nobody's yet. */
export function documentEvent({ now, before }: Change): "T02" | "T08" | "T11" | undefined {
  const [is, was] = [standOf(now), standOf(before)];
  if (is === "mistake") return was === "done" ? "T11" : undefined;
  if (is !== "done") return undefined;
  if (was !== "done") return "T02";
  return before !== undefined && differ(now, before) ? "T08" : undefined;
}

function standOf(document: JsonObject | undefined): "none" | "draft" | "done" | "mistake" {
  if (document === undefined) return "none";
  const told = [textIn(document["status"]), textIn(document["docStatus"])];
  if (told.includes("entered-in-error")) return "mistake";
  return told.includes("preliminary") ? "draft" : "done";
}

const DONE: ReadonlySet<string> = new Set(["partial", "preliminary", "final", "amended", "corrected", "appended"]);
const WITHDRAWN: ReadonlySet<string> = new Set(["cancelled", "entered-in-error"]);

/** Whether an answer is told of: each version that says something, and that one is taken back. */
export function isToldAnswer({ now, before }: Change): boolean {
  const [is, was] = [textIn(now["status"]) ?? "", textIn(before?.["status"]) ?? ""];
  return DONE.has(is) || (WITHDRAWN.has(is) && DONE.has(was));
}

/** Whether two versions say different things. */
function differ(now: JsonObject, before: JsonObject, but: readonly string[] = []): boolean {
  const names = new Set([...Object.keys(now), ...Object.keys(before)]);
  for (const name of ["meta", "text", "id", ...but]) names.delete(name);
  return [...names].some((name) => !isEqualJson(now[name] ?? null, before[name] ?? null));
}
