/** Results out: a DiagnosticReport with its Observations as ORU^R01. SPEC EXCH-MAP-RESULT-OUT */
import type { JsonObject } from "../../fhir/index.ts";
import type { NewSegment } from "../hl7v2/codec/index.ts";
import { codeIn, cweOf } from "./coded.ts";
import { eiOf, identifierIn, placerOf } from "./identifiers.ts";
import { objectIn, objectsIn, textIn } from "./json.ts";
import { headerOf, type Outgoing } from "./outgoing.ts";
import { briefPidOf } from "./patient.ts";
import { ABNORMAL_FLAG, OBSERVATION_STATUS, REPORT_STATUS, SECTION } from "./tables/index.ts";
import { toHl7Time } from "./time.ts";
import { rangeText, valueFields } from "./values.ts";

export type ResultOut = {
  readonly report: JsonObject;
  readonly observations: readonly JsonObject[];
  readonly order: JsonObject;
  readonly patient: JsonObject;
  readonly specimens: readonly JsonObject[];
};

const V3 = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
const V2_SECTION = "http://terminology.hl7.org/CodeSystem/v2-0074";

/** The segments of an answer. Errors: RangeError for a status or a value that HL7 v2 cannot say. */
export function resultSegments(out: ResultOut, outgoing: Outgoing): readonly NewSegment[] {
  const { report, observations, order, patient } = out;
  const filler = identifierIn(report, "FILL");
  const numbers = { 2: eiOf(placerOf(order)), 3: filler === undefined ? undefined : eiOf(filler) };
  const section = objectsIn(report["category"]).map((one) => SECTION.toHl7(codeIn(one, V2_SECTION) ?? ""))[0];
  const conclusion = textIn(report["conclusion"]);
  return [
    headerOf(outgoing, ["ORU", "R01", "ORU_R01"]),
    briefPidOf(patient),
    ["ORC", { 1: "RE", ...numbers }],
    [
      "OBR",
      {
        1: "1",
        ...numbers,
        4: cweOf(objectIn(report["code"])),
        7: toHl7Time(textIn(report["effectiveDateTime"]) ?? ""),
        22: toHl7Time(textIn(report["issued"]) ?? ""),
        24: section,
        25: known(REPORT_STATUS.toHl7(textIn(report["status"]) ?? ""), "the report's status"),
      },
    ],
    ...(conclusion === undefined ? [] : [["NTE", { 1: "1", 3: conclusion }] as const]),
    ...observations.flatMap((one, at) => observationSegments(one, at)),
    ...out.specimens.map((one, at) => specimenSegment(one, at)),
  ];
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`${what} has no code in HL7 v2`);
  return value;
}

function observationSegments(observation: JsonObject, at: number): readonly NewSegment[] {
  const hasValue = Object.keys(observation).some((name) => name.startsWith("value"));
  const flags = objectsIn(observation["interpretation"]).map((one) => ABNORMAL_FLAG.toHl7(codeIn(one, V3) ?? ""));
  const notes = objectsIn(observation["note"]).map((note, each): NewSegment => [
    "NTE",
    { 1: String(each + 1), 3: textIn(note["text"]) },
  ]);
  const obx: NewSegment = [
    "OBX",
    {
      1: String(at + 1),
      3: cweOf(objectIn(observation["code"])),
      ...(hasValue ? known(valueFields(observation), "the value") : {}),
      7: rangeText(observation),
      8: { repeats: flags },
      11: known(OBSERVATION_STATUS.toHl7(textIn(observation["status"]) ?? ""), "the result's status"),
      14: toHl7Time(textIn(observation["effectiveDateTime"]) ?? ""),
    },
  ];
  return [obx, ...notes];
}

function specimenSegment(specimen: JsonObject, at: number): NewSegment {
  const label = objectIn(specimen["accessionIdentifier"]);
  const [value, system] = [textIn(label["value"]), textIn(label["system"])];
  const parts = value === undefined ? [textIn(specimen["id"]), "EIRA"] : [value, undefined, system, "URI"];
  return ["SPM", { 1: String(at + 1), 2: [{ parts }], 4: cweOf(objectIn(specimen["type"])) }];
}
