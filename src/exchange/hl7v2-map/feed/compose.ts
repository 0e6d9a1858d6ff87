/**
 * From a change of the record to the message that tells of it: ORU, ADT, SIU or MDM, or nothing when it is no event, was told here by the
 * receiver itself, or may not leave. The same change makes the same message, under the same control id.
 * SPEC EXCH-FEED · failure modes F1, F17 to F20
 */
import { createHash } from "node:crypto";
import { isoLocal } from "../../../base/index.ts";
import { protectionLabels, type JsonObject } from "../../../fhir/index.ts";
import type { HandedOut, HandOutAsk } from "../../../journal/index.ts";
import type { LoggedChange, NewSent } from "../../../store/index.ts";
import type { NewSegment } from "../../hl7v2/codec/index.ts";
import { adtSegments, mergeSegments, partSegments, type VisitOut, type VisitPlace } from "../adt-out.ts";
import { bookingSegments } from "../bookings.ts";
import { documentSegments } from "../documents.ts";
import { objectIn, objectsIn, referenceIn, textIn } from "../json.ts";
import { messageOf, type Outgoing } from "../outgoing.ts";
import type { Partner } from "../partner.ts";
import { resultSegments } from "../results-out.ts";
import { textAt } from "../segments.ts";
import {
  bookingEvent,
  documentEvent,
  isToldAnswer,
  otherParts,
  patientEvent,
  visitEvent,
  type Change,
} from "./events.ts";
import type { FeedFacts } from "./facts.ts";
import { documentOfNote } from "./note.ts";
import type { FeedTerms, TellingKind } from "./terms.ts";

/** Which changes a feed looks at. */
export const KIND_OF: Readonly<Record<string, TellingKind>> = {
  DiagnosticReport: "results",
  Encounter: "visits",
  Patient: "patients",
  Appointment: "bookings",
  DocumentReference: "documents",
  Composition: "documents",
};

export type Telling = {
  readonly partner: Partner;
  readonly terms: FeedTerms;
  readonly channel: string;
  readonly facts: FeedFacts;
};

type Focus = Change & {
  readonly change: LoggedChange;
  readonly careUnit: string | null;
  readonly patient: HandedOut | undefined;
};

/** What has to be read of a change: the version, the one before it, and the patient. */
export function asksOf({ type, id, version, method, patient }: LoggedChange): readonly HandOutAsk[] {
  const versions = [...(method === "delete" ? [] : [version]), ...(version > 1 ? [version - 1] : [])];
  const own = versions.map((one) => ({ type, id, version: one }));
  return patient === null || type === "Patient" ? own : [...own, { type: "Patient", id: patient }];
}

/** The message of a change; nothing when there is none to be told. Errors: RangeError and Hl7Error for what cannot be said in HL7 v2. */
export async function tellingOf(change: LoggedChange, telling: Telling): Promise<NewSent | undefined> {
  const focus = focusOf(change, telling);
  if (focus === undefined || isEcho(focus.now, telling.partner)) return undefined;
  const outgoing = {
    partner: telling.partner,
    control: controlOf(telling.channel, change),
    now: writtenAt(change),
  };
  const segments = await WRITERS[change.type]?.(focus, outgoing, telling);
  if (segments === undefined) return undefined;
  const message = messageOf(withProtection(segments, focus), outgoing);
  const [msh] = message.all("MSH");
  const type = `${textAt(msh, "9.1") ?? ""}^${textAt(msh, "9.2") ?? ""}`;
  const line = change.type === "Patient" ? change.id : (change.patient ?? change.id);
  const about = `${change.type}/${change.id}`;
  return { channel: telling.channel, controlId: outgoing.control, type, line, about, raw: message.bytes() };
}

/** A deletion says that what was deleted was a mistake. */
function focusOf(change: LoggedChange, { facts }: Telling): Focus | undefined {
  const { type, id, version, method, patient: of } = change;
  const before = version > 1 ? facts.get({ type, id, version: version - 1 }) : undefined;
  const isGone = method === "delete";
  const now = isGone ? before : facts.get({ type, id, version });
  if (now === undefined) return undefined;
  const patient = type === "Patient" ? now : of === null ? undefined : facts.get({ type: "Patient", id: of });
  const resource = isGone ? { ...now.resource, status: "entered-in-error" } : now.resource;
  return { change, now: resource, before: before?.resource, careUnit: now.careUnit, patient };
}

/** What the receiver has told of itself is not told back to it. */
function isEcho(resource: JsonObject, { name }: Partner): boolean {
  return textIn(objectIn(resource["meta"])["source"])?.startsWith(`urn:eira:hl7v2:${name}#`) === true;
}

/** MSH-10: the same for the same version told to the same channel. Twenty characters, as 2.5.1 allows. */
function controlOf(channel: string, { type, id, version }: LoggedChange): string {
  return createHash("sha256").update(`${channel} ${type}/${id}/${version}`).digest("hex").slice(0, 20);
}

/** When a version was written; the log has PostgreSQL's form of it. */
function writtenAt({ recorded }: LoggedChange): Date {
  return new Date(recorded.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
}

type Segments = readonly NewSegment[] | undefined;
type Writer = (focus: Focus, outgoing: Outgoing, telling: Telling) => Segments | Promise<Segments>;

const WRITERS: Readonly<Record<string, Writer>> = {
  DiagnosticReport: answerOut,
  Encounter: visitOut,
  Patient: patientOut,
  Appointment: bookingOut,
  DocumentReference: (focus, outgoing) => documentOut(focus, outgoing, (one) => one),
  Composition: (focus, outgoing) => documentOut(focus, outgoing, documentOfNote),
};

async function answerOut(focus: Focus, outgoing: Outgoing, { facts }: Telling): Promise<Segments> {
  const { now, before, patient, change } = focus;
  if (patient === undefined || !isToldAnswer(focus)) return undefined;
  const observations = await facts.all(referencesIn(now["result"]));
  const members = observations && (await facts.all(observations.flatMap((one) => referencesIn(one["hasMember"]))));
  if (observations === undefined || members === undefined) return undefined; // an answer leaves whole or not at all
  const [asked] = referencesIn(now["basedOn"]); // OBR-2 has room for one order
  const order =
    asked === undefined ? undefined : ((await facts.one(asked))?.resource ?? { id: asked.split("/")[1] ?? "" });
  const specimens = (await facts.all(referencesIn(now["specimen"]))) ?? [];
  const told = [...observations, ...members].filter((one) => saysOfItself(one));
  const changed = before === undefined ? {} : { changed: isoLocal(writtenAt(change).getTime()) };
  return resultSegments(
    { report: now, observations: told, order, patient: patient.resource, specimens, ...changed },
    outgoing,
  );
}

/** A heading of other results says nothing of its own. */
function saysOfItself(observation: JsonObject): boolean {
  const isHeading = objectsIn(observation["hasMember"]).length > 0;
  const says = Object.keys(observation).some(
    (name) => name.startsWith("value") || name === "component" || name === "note",
  );
  return !isHeading || says;
}

function referencesIn(value: JsonObject[string]): readonly string[] {
  return objectsIn(value).flatMap((one) => {
    const reference = textIn(one["reference"]);
    return reference !== undefined && /^[A-Z]\w+\/[A-Za-z0-9.-]+$/.test(reference) ? [reference] : [];
  });
}

async function visitOut(focus: Focus, outgoing: Outgoing, { facts, terms }: Telling): Promise<Segments> {
  const { now, before, patient, careUnit } = focus;
  if (patient === undefined || !isOfClasses(terms, focus)) return undefined;
  const all = await facts.visitsOf(patient.id);
  const parts = otherParts(
    now,
    all.map(({ resource }) => resource),
  );
  const found = visitEvent({ now, before }, parts);
  if (found === undefined) return undefined;
  const unitOf = (one: JsonObject): string | null => all.find(({ resource }) => resource === one)?.careUnit ?? careUnit;
  const placeOf = (one: JsonObject): VisitPlace => ({ hsaId: unitOf(one) ?? undefined, encounter: one });
  const { event, other } = found;
  const visit: VisitOut =
    event === "A12" && other !== undefined
      ? { encounter: now, at: placeOf(other), from: placeOf(now) }
      : { encounter: now, at: placeOf(now), ...(other === undefined ? {} : { from: placeOf(other) }) };
  return adtSegments({ event, patient: patient.resource, visit }, outgoing);
}

/** A visit whose class changes is told of as long as one of the two is agreed on. */
function isOfClasses({ classes }: FeedTerms, { now, before }: Change): boolean {
  const has = (one: JsonObject | undefined): boolean =>
    classes.includes(textIn(objectIn(one?.["class"])["code"]) ?? "");
  return classes.length === 0 || has(now) || has(before);
}

async function patientOut(focus: Focus, outgoing: Outgoing, { facts }: Telling): Promise<Segments> {
  const { now, before, change } = focus;
  const found = change.method === "delete" ? undefined : patientEvent({ now, before });
  if (found === undefined || !(await facts.isKnown(change.id))) return undefined;
  if (!("other" in found)) return adtSegments({ event: found.event, patient: now }, outgoing);
  const other = (await facts.one(found.other))?.resource;
  if (other === undefined) throw new RangeError("whoever the patient was joined with is not here");
  return found.event === "A40" ? mergeSegments(other, now, outgoing) : partSegments(other, now, outgoing);
}

function bookingOut(focus: Focus, outgoing: Outgoing): Segments {
  const { now, patient, careUnit } = focus;
  const event = bookingEvent(focus);
  if (patient === undefined || event === undefined) return undefined;
  const unit = { hsaId: careUnit ?? "" };
  return bookingSegments({ event, appointment: now, patient: patient.resource, unit }, outgoing);
}

function documentOut(focus: Focus, outgoing: Outgoing, read: (one: JsonObject) => JsonObject): Segments {
  const { now, patient } = focus;
  const event = documentEvent(focus);
  if (patient === undefined || event === undefined || referenceIn(now["subject"]) === undefined) return undefined;
  return documentSegments({ event, document: read(now), patient: patient.resource }, outgoing);
}

/** PD1-12 says that a person's identity is protected, wherever the message has room for it. */
function withProtection(segments: readonly NewSegment[], { patient }: Focus): readonly NewSegment[] {
  const isProtected = patient !== undefined && protectionLabels(patient.resource).length > 0;
  const hasRoom =
    !segments.some(([name]) => name === "TXA" || name === "MRG") &&
    segments.filter(([name]) => name === "PID").length === 1;
  if (!isProtected || !hasRoom) return segments;
  return segments.flatMap((one): NewSegment[] => (one[0] === "PID" ? [one, ["PD1", { 12: "Y" }]] : [one]));
}
