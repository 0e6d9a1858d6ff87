/**
 * The formats of R4's primitive types, as fast tests without allocation.
 *
 * SPEC FHIR-PRIM · https://hl7.org/fhir/R4/datatypes.html#primitive
 */
import { isRealDate } from "../../base/index.ts";
import type { JsonValue } from "../json-value.ts";
import { ExactNumber } from "../json-write.ts";
import { isFhirId } from "../references.ts";

type Format = (text: string) => boolean;

export interface Primitive {
  readonly kind: "string" | "boolean" | "number";
  /** True when a JSON value of the right kind is a value of the type. */
  readonly isValid: (value: JsonValue) => boolean;
}

const MOST_CHARACTERS = 1024 * 1024;
const LARGEST_INTEGER = 2_147_483_647;

const DATE = /^[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?$/;
const TIME_PART = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]{1,9})?";
const ZONE_PART = "(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)";
const DAY_PART = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
const INSTANT = new RegExp(`^${DAY_PART}T${TIME_PART}${ZONE_PART}$`);
const TIME = new RegExp(`^${TIME_PART}$`);
// The specification's \s are the blanks of XML; JavaScript's would include the no-break space.
const BLANK = /[ \t\r\n]/;
const CODE = /^[^ \t\r\n]+(?: [^ \t\r\n]+)*$/;
const OID = /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/;
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BASE64 = /^[0-9A-Za-z+/]*={0,2}$/;

const isUri: Format = (text) => text.length > 0 && !BLANK.test(text);
const isDate: Format = (text) => DATE.test(text) && hasRealDay(text);
const isInstant: Format = (text) => INSTANT.test(text) && hasRealDay(text);

const STRINGS: Readonly<Record<string, Format>> = {
  string: isText,
  markdown: isText,
  xhtml: (text) => text.length > 0,
  code: (text) => CODE.test(text),
  id: isFhirId,
  uri: isUri,
  url: isUri,
  canonical: isUri,
  oid: (text) => OID.test(text),
  uuid: (text) => UUID.test(text),
  base64Binary: isBase64,
  date: isDate,
  dateTime: (text) => (text.length > 10 ? isInstant(text) : isDate(text)),
  instant: isInstant,
  time: (text) => TIME.test(text),
};

const NUMBERS: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  decimal: isDecimal,
  integer: (value) => isIntegerFrom(value, -LARGEST_INTEGER - 1),
  unsignedInt: (value) => isIntegerFrom(value, 0),
  positiveInt: (value) => isIntegerFrom(value, 1),
};

/** The rules of a primitive type, by its name. */
export function primitiveOf(code: string): Primitive | undefined {
  if (code === "boolean") return { kind: "boolean", isValid: (value) => typeof value === "boolean" };
  const number = NUMBERS[code];
  if (number) return { kind: "number", isValid: number };
  const format = STRINGS[code];
  return format && { kind: "string", isValid: (value) => typeof value === "string" && format(value) };
}

/** Not empty, at most 1 MB, no control characters but tab and line breaks, and nothing that XML could not carry. */
function isText(text: string): boolean {
  if (text.length === 0 || text.length > MOST_CHARACTERS) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if ((c < 0x20 && c !== 0x09 && c !== 0x0a && c !== 0x0d) || c >= 0xfffe) return false;
  }
  return true;
}

/** Looks only at what the pattern cannot: years without 0000, and the lengths of months. */
function hasRealDay(text: string): boolean {
  const year = numberAt(text, 0, 4);
  if (text.length < 10) return year > 0;
  return isRealDate(year, numberAt(text, 5, 7), numberAt(text, 8, 10));
}

function numberAt(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + text.charCodeAt(i) - 0x30;
  return value;
}

// Blanks are allowed between the characters, so that long contents may be broken into lines.
function isBase64(text: string): boolean {
  const dense = BLANK.test(text) ? text.replace(/[ \t\r\n]+/g, "") : text;
  return dense.length > 0 && dense.length % 4 === 0 && BASE64.test(dense);
}

/** A number that was written in any other way than as a whole number is not an integer: 1.0 is a decimal. */
function isIntegerFrom(value: JsonValue, least: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= LARGEST_INTEGER;
}

// No measurement has more digits; what cannot be a PostgreSQL numeric or a JavaScript number is refused here.
const MOST_DIGITS = 64;
const LARGEST_EXPONENT = 300;

function isDecimal(value: JsonValue): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (!(value instanceof ExactNumber) || value.text.length > MOST_DIGITS) return false;
  const exponent = Number(/[eE](.*)$/.exec(value.text)?.[1] ?? 0);
  return Math.abs(exponent) <= LARGEST_EXPONENT;
}
