/** Results out: a DiagnosticReport with its Observations as ORU^R01. SPEC EXCH-MAP-RESULT-OUT */
import type { JsonObject, JsonValue } from "../../fhir/index.ts";
import type { NewField, NewSegment } from "../hl7v2/codec/index.ts";
import { codeIn, cweOf } from "./coded.ts";
import { contentSegment } from "./documents.ts";
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
  /** What it answers; nothing for a report that nobody asked for. */
  readonly order: JsonObject | undefined;
  readonly patient: JsonObject;
  readonly specimens: readonly JsonObject[];
  /** When a later version of the report was written (an ISO time); the first one is of the time that it was issued. */
  readonly changed?: string;
};

const V3 = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
const V2_SECTION = "http://terminology.hl7.org/CodeSystem/v2-0074";

/** The segments of an answer. Errors: RangeError for a status or a value that HL7 v2 cannot say, and for an answer that says nothing (F19). */
export function resultSegments(out: ResultOut, outgoing: Outgoing): readonly NewSegment[] {
  const { report, observations, patient } = out;
  const codes = codesOf(report);
  const values = observations.flatMap(withComponents);
  refuseEmpty(out);
  return [
    headerOf(outgoing, ["ORU", "R01", "ORU_R01"]),
    briefPidOf(patient),
    ["ORC", { 1: "RE", ...numbersOf(out) }],
    requestOf(out),
    ...notesOf(report["conclusion"]),
    ...codes.map((fields, at): NewSegment => ["OBX", { 1: String(at + 1), 4: String(at + 1), ...fields }]),
    ...values.flatMap((one, at) => observationSegments(one, codes.length + at)),
    ...formsOf(report, codes.length + values.length),
    ...out.specimens.map((one, at) => specimenSegment(one, at)),
  ];
}

/** What the report is called by whoever asked, and by whoever answers; what has no number of its own has its id here. */
function numbersOf({ report, order }: ResultOut): Readonly<Record<number, NewField>> {
  const filler = identifierIn(report, "FILL") ?? { own: textIn(report["id"]) ?? "" };
  return { 2: order === undefined ? undefined : eiOf(placerOf(order)), 3: eiOf(filler) };
}

function requestOf(out: ResultOut): NewSegment {
  const { report, changed } = out;
  const section = objectsIn(report["category"]).map((one) => SECTION.toHl7(codeIn(one, V2_SECTION) ?? ""))[0];
  const [reader] = objectsIn(report["resultsInterpreter"]); // OBR-32 has one principal
  const name = textIn(reader?.["display"]);
  return [
    "OBR",
    {
      1: "1",
      ...numbersOf(out),
      4: cweOf(objectIn(report["code"])),
      7: toHl7Time(textIn(report["effectiveDateTime"]) ?? ""),
      22: toHl7Time(changed ?? textIn(report["issued"]) ?? ""),
      24: section,
      25: known(REPORT_STATUS.toHl7(textIn(report["status"]) ?? ""), "the report's status"),
      32: name === undefined ? undefined : [{ parts: [undefined, name] }],
    },
  ];
}

const WITHDRAWN: ReadonlySet<string> = new Set(["cancelled", "entered-in-error", "registered"]);

function refuseEmpty({ report, observations }: ResultOut): void {
  if (WITHDRAWN.has(textIn(report["status"]) ?? "")) return;
  const hasWords = [
    textIn(report["conclusion"]),
    objectsIn(report["conclusionCode"])[0],
    objectsIn(report["presentedForm"])[0],
  ];
  if (observations.length === 0 && hasWords.every((one) => one === undefined))
    throw new RangeError("the answer says nothing");
}

function notesOf(conclusion: JsonValue | undefined): readonly NewSegment[] {
  const text = textIn(conclusion);
  return text === undefined ? [] : [["NTE", { 1: "1", 3: text }]];
}

/** A conclusion in codes, as an observation for each. */
function codesOf(report: JsonObject): readonly Readonly<Record<number, NewField>>[] {
  const status = OBSERVATION_STATUS.toHl7(textIn(report["status"]) ?? "") ?? "F";
  return objectsIn(report["conclusionCode"]).map((one) => ({
    2: "CWE",
    3: ["slutsats", "Slutsats", "L"],
    5: cweOf(one),
    11: status,
  }));
}

function formsOf(report: JsonObject, before: number): readonly NewSegment[] {
  return objectsIn(report["presentedForm"]).map((one, at) => contentSegment(one, before + at));
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`${what} has no code in HL7 v2`);
  return value;
}

/** An observation of several parts is one for each, beside its own value. */
function withComponents(observation: JsonObject): readonly JsonObject[] {
  const parts = objectsIn(observation["component"]).map((part) => ({
    ...part,
    status: observation["status"],
    effectiveDateTime: observation["effectiveDateTime"],
  }));
  const { component: _component, ...own } = observation;
  return parts.length > 0 && !hasValue(own) ? [...parts, ...(own["note"] === undefined ? [] : [own])] : [own, ...parts];
}

function hasValue(observation: JsonObject): boolean {
  return Object.keys(observation).some((name) => name.startsWith("value"));
}

function observationSegments(observation: JsonObject, at: number): readonly NewSegment[] {
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
      ...valueOrReason(observation),
      7: rangeText(observation),
      8: { repeats: flags },
      11: known(OBSERVATION_STATUS.toHl7(textIn(observation["status"]) ?? ""), "the result's status"),
      14: toHl7Time(textIn(observation["effectiveDateTime"]) ?? ""),
    },
  ];
  return [obx, ...notes];
}

/** Why there is no value is said in words; a result that says nothing at all does not leave, unless it is withdrawn (F19). */
function valueOrReason(observation: JsonObject): Readonly<Record<number, NewField>> {
  if (hasValue(observation)) return known(valueFields(observation), "the value");
  const reason = objectIn(observation["dataAbsentReason"]);
  const [coding] = objectsIn(reason["coding"]);
  const words = textIn(reason["text"]) ?? textIn(coding?.["display"]) ?? textIn(coding?.["code"]);
  if (words !== undefined) return { 2: "ST", 5: words };
  if (observation["note"] !== undefined || WITHDRAWN.has(textIn(observation["status"]) ?? "")) return {};
  throw new RangeError("a result says nothing");
}

function specimenSegment(specimen: JsonObject, at: number): NewSegment {
  const label = objectIn(specimen["accessionIdentifier"]);
  const [value, system] = [textIn(label["value"]), textIn(label["system"])];
  const parts = value === undefined ? [textIn(specimen["id"]), "EIRA"] : [value, undefined, system, "URI"];
  return ["SPM", { 1: String(at + 1), 2: [{ parts }], 4: cweOf(objectIn(specimen["type"])) }];
}
