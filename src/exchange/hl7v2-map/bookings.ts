/**
 * Bookings: SIU^S12 to S17 and S26 in as Appointments of the unit that they are at, and an Appointment out as SIU. SPEC EXCH-MAP-BOOKING
 */
import { isHsaId } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import type { Command } from "../../journal/index.ts";
import type { Hl7Message, NewSegment, Segment } from "../hl7v2/codec/index.ts";
import { conceptAt, cweOf } from "./coded.ts";
import type { EventContext } from "./event.ts";
import { NotMapped } from "./exceptions.ts";
import { escaped, find } from "./find.ts";
import { eiOf, entityAt, identifierIn, identifierOf, nameText, placerOf, type AssignedNumber } from "./identifiers.ts";
import { idOf, nameOf, objectIn, objectsIn, referenceIn, said, textIn } from "./json.ts";
import { headerOf, type Outgoing } from "./outgoing.ts";
import { unitNamed } from "./partner.ts";
import { briefPidOf } from "./patient.ts";
import { patientIn } from "./people.ts";
import { noteOf, textAt } from "./segments.ts";
import { derivedId, isNews, writeOver, type News } from "./standing.ts";
import { BOOKING } from "./tables/index.ts";
import { momentOf, toDateTime, toHl7Time } from "./time.ts";

const MINUTE_MS = 60_000;

/** The commands of a SIU message. @throws NotMapped */
export async function planBooking(message: Hl7Message, context: EventContext): Promise<readonly Command[]> {
  const { visit, origin, event } = context;
  const status = BOOKING.toFhir(event);
  if (status === undefined) throw new NotMapped("message-unknown", "MSH-9");
  const [sch] = message.all("SCH"); // the standard allows one
  if (sch === undefined) throw new NotMapped("code-missing", "SCH");
  const patient = await patientIn(visit, message);
  const { id, before, number } = await bookingNamed(sch, patient, context);
  const place = await placeOf(message, context);
  const { meta: _meta, text: _text, ...kept } = before ?? {};
  const next = said({
    ...kept,
    resourceType: "Appointment",
    id,
    identifier: number === undefined ? kept["identifier"] : [identifierOf(number, "FILL")],
    status,
    ...timesOf(message, sch, kept),
    ...conceptsOf(sch, kept, status),
    comment: noteOf(message.all("NTE")) ?? kept["comment"],
    basedOn: (await orderOf(sch, patient, context)) ?? kept["basedOn"],
    participant: [
      { actor: { reference: nameOf(patient) }, status: "accepted" },
      { actor: { display: place.name }, status: "accepted" },
    ],
  });
  const says = `${event} ${message.segments
    .slice(1)
    .map(({ fields }) => fields.join("|"))
    .join(" ")}`;
  const news: News = { next, before, origin: { ...origin, place: sch.place }, says };
  return isNews(news) ? [writeOver(news, place.owner)] : [];
}

type Booked = {
  readonly id: string;
  readonly before: JsonObject | undefined;
  readonly number: AssignedNumber | undefined;
};

/** The booking that SCH-2, else SCH-1, names. */
async function bookingNamed(sch: Segment, patient: JsonObject, { visit, partner }: EventContext): Promise<Booked> {
  const named = entityAt(sch, "2") ?? entityAt(sch, "1");
  if (named === undefined) throw new NotMapped("code-missing", `${sch.place}-2`);
  const isOwn = "own" in named;
  const key = [partner.name, nameText(named)];
  const id = isOwn ? named.own : derivedId(idOf(patient), nameOf(patient), "Appointment", ...key);
  const before = (await find(visit, "Appointment", [["_id", id]])).get(`Appointment/${id}`);
  const isTheirs = objectsIn(before?.["participant"]).some(({ actor }) => referenceIn(actor) === nameOf(patient));
  if (isOwn && !isTheirs) throw new NotMapped("number-mismatch", `${sch.place}-1`);
  return { id, before, number: isOwn ? undefined : named };
}

/** What it is, why, and why it was called off; what is not said stays. */
function conceptsOf(sch: Segment, before: JsonObject, status: string): JsonObject {
  const reason = conceptAt(sch, "7");
  return {
    appointmentType: conceptAt(sch, "8") ?? before["appointmentType"],
    reasonCode: reason === undefined ? before["reasonCode"] : [reason],
    cancelationReason: status === "cancelled" ? conceptAt(sch, "6") : undefined,
  };
}

type Place = { readonly name: string; readonly owner: { readonly careProvider: string; readonly careUnit: string } };

/** Where it is: the unit of AIL-3, else the one that told of it. */
async function placeOf(message: Hl7Message, { visit, partner }: EventContext): Promise<Place> {
  const [ail] = message.all("AIL"); // the first place is where the patient goes
  const told = ["3.4.1", "3.4.2", "3.1"]
    .map((place) => textAt(ail, place))
    .find((one) => one !== undefined && isHsaId(one));
  if (told === undefined) return { name: textAt(ail, "3.1") ?? partner.organization.display, owner: partner.owner };
  const unit = await unitNamed(visit, told);
  if (unit === undefined) throw new NotMapped("unit-unknown", `${ail?.place ?? "AIL"}-3`);
  return { name: unit.name, owner: { careProvider: unit.careProvider, careUnit: told } };
}

/** Start and end: SCH-11, or AIS-4 with how long it takes; what is not said stays. */
function timesOf(message: Hl7Message, sch: Segment, before: JsonObject): JsonObject {
  const [ais] = message.all("AIS");
  const told = textAt(sch, "11.4") ?? textAt(ais, "4");
  const start = told === undefined ? textIn(before["start"]) : toDateTime(told);
  if (told !== undefined && start?.includes("T") !== true) throw new NotMapped("time-unreadable", `${sch.place}-11`);
  const minutes = Number(textAt(sch, "9") ?? textAt(ais, "7") ?? Number.NaN);
  const ended = textAt(sch, "11.5");
  const lasting = Number.isFinite(minutes) && start !== undefined ? endAfter(start, minutes) : textIn(before["end"]);
  const end = ended === undefined ? lasting : toDateTime(ended);
  return said({ start, end, minutesDuration: Number.isInteger(minutes) && minutes > 0 ? minutes : undefined });
}

function endAfter(start: string, minutes: number): string {
  return new Date(momentOf(start) + minutes * MINUTE_MS).toISOString();
}

/** SCH-26: the order that it is for, which must be here and this patient's. */
async function orderOf(
  sch: Segment,
  patient: JsonObject,
  { visit }: EventContext,
): Promise<readonly JsonObject[] | undefined> {
  const named = entityAt(sch, "26");
  if (named === undefined) return undefined;
  const parameter =
    "own" in named ? ["_id", named.own] : ["identifier", `${escaped(named.system)}|${escaped(named.value)}`];
  const found = [...(await find(visit, "ServiceRequest", [parameter as [string, string]])).values()];
  const [order, ...others] = found;
  if (order === undefined || others.length > 0) throw new NotMapped("order-unknown", `${sch.place}-26`);
  if (referenceIn(order["subject"]) !== nameOf(patient)) throw new NotMapped("number-mismatch", `${sch.place}-26`);
  return [{ reference: nameOf(order) }];
}

export type BookingOut = {
  readonly event: string;
  readonly appointment: JsonObject;
  readonly patient: JsonObject;
  readonly unit: { readonly hsaId: string };
};

/** The segments of what happened to a booking. */
export function bookingSegments(
  { event, appointment, patient, unit }: BookingOut,
  outgoing: Outgoing,
): readonly NewSegment[] {
  const [start, end] = ["start", "end"].map((name) => toHl7Time(textIn(appointment[name]) ?? ""));
  const filler = identifierIn(appointment, "FILL");
  const [reason] = objectsIn(appointment["reasonCode"]); // SCH-7 has room for one
  const { minutesDuration } = appointment;
  return [
    headerOf(outgoing, ["SIU", event, "SIU_S12"]),
    [
      "SCH",
      {
        1: eiOf(placerOf(appointment)),
        2: filler === undefined ? undefined : eiOf(filler),
        6: cweOf(objectIn(appointment["cancelationReason"])),
        7: cweOf(reason ?? {}),
        8: cweOf(objectIn(appointment["appointmentType"])),
        9: typeof minutesDuration === "number" ? String(minutesDuration) : undefined,
        11: [undefined, undefined, undefined, start, end],
      },
    ],
    ...notesOf(appointment),
    briefPidOf(patient),
    ["AIL", { 1: "1", 3: [undefined, undefined, undefined, unit.hsaId] }],
  ];
}

function notesOf(appointment: JsonObject): NewSegment[] {
  const comment = textIn(appointment["comment"]);
  return comment === undefined ? [] : [["NTE", { 1: "1", 3: comment }]];
}
