/**
 * What was measured or seen: OBX-2, 5, 6 and 7 to FHIR's value[x] and referenceRange, and back. Numbers are kept as they were written,
 * texts word for word; a value that does not follow its own type is a fault, never a guess. SPEC EXCH-MAP-VALUE
 */
import { isNumber, numberText, parseJson, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import type { NewField, NewRepetition, Segment } from "../hl7v2/codec/index.ts";
import { conceptAt, cweOf } from "./coded.ts";
import { objectIn, objectsIn, said, textIn } from "./json.ts";
import { linesAt, textAt } from "./segments.ts";
import { UNIT, VALUE_TYPE } from "./tables/index.ts";
import { toDateTime, toHl7Time, toTime } from "./time.ts";

const UCUM = "http://unitsofmeasure.org";
const RENDERED = "http://hl7.org/fhir/StructureDefinition/rendered-value";

/** Members of an Observation, an attachment of the report, nothing at all, or why it cannot be read. */
export type ReadValue =
  | { readonly members: JsonObject }
  | { readonly attachment: JsonObject }
  | { readonly empty: true }
  | { readonly fault: string };

/** The value of an OBX. */
export function valueOf(obx: Segment): ReadValue {
  const type = textAt(obx, "2");
  const raw = obx.repetitions(5);
  if (raw.every((one) => one.trim() === "" || one === '""')) return { empty: true };
  const kind = type === undefined ? undefined : VALUE_TYPE.toFhir(type);
  if (kind === undefined) return { fault: "OBX-2" };
  if (kind === "string" || kind === "text") return textValue(obx); // FT and TX that come in lines: see lines.ts
  if (raw.length > 1) return { fault: "OBX-5" };
  return READERS[kind]?.(obx) ?? { fault: "OBX-5" };
}

const READERS: Readonly<Record<string, (obx: Segment) => ReadValue | undefined>> = {
  Quantity: (obx) => quantityValue(obx, textAt(obx, "5")),
  Structured: structuredValue,
  CodeableConcept: (obx) => member("valueCodeableConcept", conceptAt(obx, "5")),
  dateTime: (obx) => member("valueDateTime", toDateTime(textAt(obx, "5") ?? "")),
  time: (obx) => member("valueTime", toTime(textAt(obx, "5") ?? "")),
  Attachment: attachmentValue,
};

function member(name: string, value: JsonValue | undefined): ReadValue | undefined {
  return value === undefined ? undefined : { members: { [name]: value } };
}

function textValue(obx: Segment): ReadValue {
  const text = linesAt(obx, "5");
  return text === undefined || text.trim() === "" ? { empty: true } : { members: { valueString: text } };
}

function quantityValue(obx: Segment, text: string | undefined, comparator?: string): ReadValue | undefined {
  const number = text === undefined ? undefined : numberMembers(text);
  if (number === undefined) return undefined;
  return { members: { valueQuantity: said({ ...number, comparator, ...unitAt(obx) }) } };
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const HL7_NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/** A number as it was written; a form that JSON has not (`+5`, `.5`, `007`) stands beside its value. */
function numberMembers(written: string): JsonObject | undefined {
  const text = written.trim();
  if (JSON_NUMBER.test(text)) return { value: parseJson(text) };
  const [, sign = "", whole = "", part = ""] = HL7_NUMBER.exec(text) ?? [];
  if (whole === "" && part === "") return undefined;
  const plain = `${sign === "-" ? "-" : ""}${whole.replace(/^0+(?=\d)/, "") || "0"}${part === "" ? "" : `.${part}`}`;
  return { value: parseJson(plain), _value: { extension: [{ url: RENDERED, valueString: text }] } };
}

function writtenNumber(quantity: JsonObject): string | undefined {
  const beside = objectsIn(objectIn(quantity["_value"])["extension"]).find(({ url }) => url === RENDERED);
  const { value } = quantity;
  return textIn(beside?.["valueString"]) ?? (isNumber(value) ? numberText(value) : undefined);
}

/** `<^5`, `5^-^10`, `1^:^128`, `2^+`. */
function structuredValue(obx: Segment): ReadValue | undefined {
  const [comparator, first, separator, second] = [1, 2, 3, 4].map((part) => textAt(obx, `5.${part}`));
  if (separator === undefined && second === undefined) return comparedValue(obx, comparator, first);
  const [low, high] = [numberMembers(first ?? ""), numberMembers(second ?? "")];
  if (separator === "+" && low !== undefined) return { members: { valueString: `${comparator ?? ""}${first}+` } };
  if (low === undefined || high === undefined || comparator !== undefined) return undefined;
  const unit = unitAt(obx);
  if (separator === "-")
    return { members: { valueRange: { low: said({ ...low, ...unit }), high: said({ ...high, ...unit }) } } };
  const isRatio = separator === ":" || separator === "/";
  return isRatio ? { members: { valueRatio: { numerator: low, denominator: high } } } : undefined;
}

function comparedValue(
  obx: Segment,
  comparator: string | undefined,
  number: string | undefined,
): ReadValue | undefined {
  if (comparator === undefined || comparator === "=") return quantityValue(obx, number);
  return /^[<>]=?$/.test(comparator) ? quantityValue(obx, number, comparator) : undefined;
}

/** Observation has no attachment in R4: what is enclosed belongs to the report. */
function attachmentValue(obx: Segment): ReadValue | undefined {
  const [type, subtype, encoding, content] = [2, 3, 4, 5].map((part) => textAt(obx, `5.${part}`));
  if (content === undefined) return { empty: true };
  const contentType = type !== undefined && subtype !== undefined ? MIME(type, subtype) : undefined;
  if (contentType === undefined) return undefined;
  if (encoding === "Base64" && /^[A-Za-z0-9+/\s]+=*\s*$/.test(content))
    return { attachment: said({ contentType, data: content.replaceAll(/\s/g, ""), title: textAt(obx, "3.2") }) };
  if (encoding === "A")
    return {
      attachment: said({
        contentType,
        data: Buffer.from(content, "utf8").toString("base64"),
        title: textAt(obx, "3.2"),
      }),
    };
  return undefined;
}

function MIME(type: string, subtype: string): string {
  return type.includes("/") ? type.toLowerCase() : `${type}/${subtype}`.toLowerCase();
}

/** The unit of OBX-6 as members of a Quantity. */
export function unitAt(obx: Segment): JsonObject {
  const [code, display, system] = ["6.1", "6.2", "6.3"].map((place) => textAt(obx, place));
  if (code === undefined) return said({ unit: display });
  if (system === "UCUM") return { unit: display ?? UNIT.toHl7(code) ?? code, system: UCUM, code };
  const known = system === undefined ? UNIT.toFhir(code) : undefined;
  return known === undefined ? { unit: display ?? code } : { unit: code, system: UCUM, code: known };
}

function unitField(quantity: JsonObject): NewRepetition {
  const [unit, system, code] = ["unit", "system", "code"].map((name) => textIn(quantity[name]));
  if (system !== UCUM || code === undefined) return [undefined, unit];
  return [code, unit === UNIT.toHl7(code) ? undefined : unit, "UCUM"];
}

const NUMBER = String.raw`(-?\d+(?:[.,]\d+)?)`;
const BETWEEN = new RegExp(`^${NUMBER}\\s*[-–]\\s*${NUMBER}$`);
const UP_TO = new RegExp(`^<=?\\s*${NUMBER}$`);
const FROM = new RegExp(`^>=?\\s*${NUMBER}$`);

/** OBX-7: the words as they stand, and the bounds where they can be read without doubt. */
export function referenceRangeAt(obx: Segment): JsonObject | undefined {
  const text = linesAt(obx, "7");
  if (text === undefined) return undefined;
  const [, between, and] = BETWEEN.exec(text) ?? [];
  const low = between ?? FROM.exec(text)?.[1];
  const high = and ?? UP_TO.exec(text)?.[1];
  return said({ low: bound(obx, low), high: bound(obx, high), text });
}

function bound(obx: Segment, text: string | undefined): JsonObject | undefined {
  const number = text === undefined ? undefined : numberMembers(text.replace(",", "."));
  return number === undefined ? undefined : said({ ...number, ...unitAt(obx) });
}

/** OBX-2, 5 and 6 of an Observation's value; nothing when it has none, or one that HL7 v2 cannot say. */
export function valueFields(observation: JsonObject): Readonly<Record<number, NewField>> | undefined {
  const {
    valueInteger,
    valueQuantity,
    valueString,
    valueCodeableConcept,
    valueDateTime,
    valueTime,
    valueRange,
    valueRatio,
  } = observation;
  if (valueQuantity !== undefined) return quantityFields(objectIn(valueQuantity));
  if (valueInteger !== undefined) return { 2: "NM", 5: writtenNumber({ value: valueInteger }) };
  if (typeof valueString === "string") return { 2: valueString.includes("\n") ? "FT" : "ST", 5: valueString };
  if (valueCodeableConcept !== undefined) return { 2: "CWE", 5: cweOf(objectIn(valueCodeableConcept)) };
  if (typeof valueDateTime === "string") return { 2: "DTM", 5: toHl7Time(valueDateTime) };
  if (typeof valueTime === "string") return { 2: "TM", 5: valueTime.replaceAll(":", "") };
  if (valueRange !== undefined) return pairFields(objectIn(valueRange), ["low", "-", "high"]);
  return valueRatio === undefined ? undefined : pairFields(objectIn(valueRatio), ["numerator", ":", "denominator"]);
}

function quantityFields(quantity: JsonObject): Readonly<Record<number, NewField>> | undefined {
  const number = writtenNumber(quantity);
  const comparator = textIn(quantity["comparator"]);
  if (number === undefined) return undefined;
  const unit = unitField(quantity);
  return comparator === undefined ? { 2: "NM", 5: number, 6: unit } : { 2: "SN", 5: [comparator, number], 6: unit };
}

function pairFields(
  pair: JsonObject,
  [first, separator, second]: readonly [string, string, string],
): Readonly<Record<number, NewField>> {
  const [one, other] = [objectIn(pair[first]), objectIn(pair[second])];
  return { 2: "SN", 5: [undefined, writtenNumber(one), separator, writtenNumber(other)], 6: unitField(one) };
}

/** OBX-7 of an Observation: its words, else its bounds. */
export function rangeText(observation: JsonObject): string | undefined {
  const [range] = objectsIn(observation["referenceRange"]); // OBX-7 has room for one
  const [low, high] = ["low", "high"].map((name) => writtenNumber(objectIn(range?.[name])));
  const bounds =
    low === undefined
      ? high === undefined
        ? undefined
        : `<=${high}`
      : high === undefined
        ? `>=${low}`
        : `${low}-${high}`;
  return textIn(range?.["text"]) ?? bounds;
}
