/** A feed of patients and visits: ADT of a Patient, alone or with an Encounter. SPEC EXCH-MAP-ADT-OUT */
import type { JsonObject } from "../../fhir/index.ts";
import type { NewSegment } from "../hl7v2/codec/index.ts";
import { eiOf } from "./identifiers.ts";
import { objectIn, objectsIn, textIn } from "./json.ts";
import { headerOf, timeOf, type Outgoing } from "./outgoing.ts";
import { pidOf } from "./patient.ts";
import { PATIENT_CLASS, VISIT_EVENT } from "./tables/index.ts";
import { toHl7Time } from "./time.ts";
import { visitNumberOf } from "./visits.ts";

export type AdtOut = {
  readonly patient: JsonObject;
  readonly isNew: boolean;
  readonly encounter?: JsonObject;
  /** The unit of the visit, by HSA-id. */
  readonly unit?: { readonly hsaId: string };
};

/** The segments of what happened to a patient or a visit. Errors: RangeError for a visit that no event tells of. */
export function adtSegments({ patient, isNew, encounter, unit }: AdtOut, outgoing: Outgoing): readonly NewSegment[] {
  const status = textIn(encounter?.["status"]);
  const event = status === undefined ? (isNew ? "A28" : "A31") : VISIT_EVENT.toHl7(status);
  if (event === undefined) throw new RangeError(`a visit that is ${status} is not told of`);
  return [
    headerOf(outgoing, ["ADT", event]),
    ["EVN", { 1: event, 2: timeOf(outgoing.now) }],
    pidOf(patient),
    encounter === undefined ? ["PV1", { 1: "1", 2: "N" }] : visitOf(encounter, unit?.hsaId),
  ];
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

function visitOf(encounter: JsonObject, hsaId: string | undefined): NewSegment {
  const number = visitNumberOf(encounter) ?? { own: textIn(encounter["id"]) ?? "" };
  const period = objectIn(encounter["period"]);
  const [place] = objectsIn(encounter["location"]); // PV1-3 is where the patient is
  const display = textIn(objectIn(place?.["location"])["display"]);
  return [
    "PV1",
    {
      1: "1",
      2: PATIENT_CLASS.toHl7(textIn(objectIn(encounter["class"])["code"]) ?? ""),
      3: [display, undefined, undefined, hsaId],
      19: eiOf(number),
      44: toHl7Time(textIn(period["start"]) ?? ""),
      45: toHl7Time(textIn(period["end"]) ?? ""),
    },
  ];
}
