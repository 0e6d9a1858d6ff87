/** A feed of patients and visits: ADT of a Patient, alone or with an Encounter. SPEC EXCH-MAP-ADT-OUT */
import type { JsonObject } from "../../fhir/index.ts";
import type { NewField, NewSegment } from "../hl7v2/codec/index.ts";
import { eiOf } from "./identifiers.ts";
import { objectIn, objectsIn, textIn } from "./json.ts";
import { headerOf, timeOf, type Outgoing } from "./outgoing.ts";
import { pidOf } from "./patient.ts";
import { PATIENT_CLASS } from "./tables/index.ts";
import { toHl7Time } from "./time.ts";
import { visitNumberOf } from "./visits.ts";

export type AdtOut = {
  readonly event: string;
  readonly patient: JsonObject;
  readonly visit?: VisitOut;
};

/** A visit, the place that it is told at, and where the patient came from. Places are units by HSA-id with what is written of room and bed. */
export type VisitOut = { readonly encounter: JsonObject; readonly at: VisitPlace; readonly from?: VisitPlace };
export type VisitPlace = { readonly hsaId: string | undefined; readonly encounter: JsonObject };

/** The segments of what happened to a patient or a visit. */
export function adtSegments({ event, patient, visit }: AdtOut, outgoing: Outgoing): readonly NewSegment[] {
  return [
    headerOf(outgoing, ["ADT", event]),
    ["EVN", { 1: event, 2: timeOf(outgoing.now), 6: occurredIn(event, visit) }],
    pidOf(patient),
    visit === undefined ? ["PV1", { 1: "1", 2: "N" }] : visitSegment(visit),
  ];
}

/** EVN-6: when a patient came to the unit, or left. */
function occurredIn(event: string, visit: VisitOut | undefined): string | undefined {
  const { start, end } = objectIn(visit?.encounter["period"]);
  return toHl7Time(textIn(event === "A03" ? end : event === "A02" ? start : undefined) ?? "");
}

/** The two who were joined: A40, with who stays in PID and who goes in MRG. */
export function mergeSegments(stays: JsonObject, goes: JsonObject, outgoing: Outgoing): readonly NewSegment[] {
  const [, prior] = pidOf(goes);
  return [
    headerOf(outgoing, ["ADT", "A40", "ADT_A39"]),
    ["EVN", { 1: "A40", 2: timeOf(outgoing.now) }],
    pidOf(stays),
    ["MRG", { 1: prior[3] }],
  ];
}

/** Two who had been joined are two again: A37. */
export function partSegments(one: JsonObject, other: JsonObject, outgoing: Outgoing): readonly NewSegment[] {
  const head = headerOf(outgoing, ["ADT", "A37", "ADT_A37"]);
  return [head, ["EVN", { 1: "A37", 2: timeOf(outgoing.now) }], pidOf(one), pidOf(other)];
}

function visitSegment({ encounter, at, from }: VisitOut): NewSegment {
  const number = visitNumberOf(encounter) ?? { own: textIn(encounter["id"]) ?? "" };
  const period = objectIn(encounter["period"]);
  return [
    "PV1",
    {
      1: "1",
      2: PATIENT_CLASS.toHl7(textIn(objectIn(encounter["class"])["code"]) ?? ""),
      3: placeField(at),
      6: from === undefined ? undefined : placeField(from),
      19: eiOf(number),
      44: toHl7Time(textIn(period["start"]) ?? ""),
      45: toHl7Time(textIn(period["end"]) ?? ""),
    },
  ];
}

function placeField({ hsaId, encounter }: VisitPlace): NewField {
  const [place] = objectsIn(encounter["location"]); // PV1-3 is where the patient is
  return [textIn(objectIn(place?.["location"])["display"]), undefined, undefined, hsaId];
}
