/**
 * Equality of JSON values: members in any order, numbers by value however they are written.
 *
 * SPEC FHIR-JSON · https://www.rfc-editor.org/rfc/rfc6902#section-4.6
 */
import {
  isJsonArray,
  isJsonObject,
  isNumber,
  numberText,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from "./json-value.ts";
import type { ExactNumber } from "./json-write.ts";

export function isEqualJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return isEqualNumber(a, b);
  if (isJsonArray(a) && isJsonArray(b)) return isEqualArray(a, b);
  if (isJsonObject(a) && isJsonObject(b)) return isEqualObject(a, b);
  return false;
}

function isEqualArray(a: JsonArray, b: JsonArray): boolean {
  return a.length === b.length && a.every((item, i) => isEqualJson(item, b[i] ?? null));
}

function isEqualObject(a: JsonObject, b: JsonObject): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && isEqualJson(a[name] ?? null, b[name] ?? null));
}

function isEqualNumber(a: number | ExactNumber, b: number | ExactNumber): boolean {
  return scientific(numberText(a)) === scientific(numberText(b));
}

/** One spelling per value: significant digits and a power of ten. 6.0, 6 and 60e-1 all become "6e0". */
function scientific(lexeme: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(lexeme) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}
