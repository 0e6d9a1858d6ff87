/**
 * The values of a JSON document as Eira holds them: plain JavaScript, except that a number which
 * JavaScript would print differently from how it was written is kept as its text. FHIR gives meaning
 * to written precision (6.0 is not 6), so the text is the value.
 *
 * SPEC FHIR-JSON · https://hl7.org/fhir/R4/datatypes.html#decimal
 */

import { ExactNumber } from "./json-write.ts";

export type JsonValue = string | number | boolean | null | ExactNumber | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** The items of a list; none where something else stands, or nothing. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isJsonArray(value) ? value : [];
}

/** An object as it is; one without members where something else stands, or nothing. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function isJsonArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value);
}

/** True for both forms of a number. */
export function isNumber(value: JsonValue | undefined): value is number | ExactNumber {
  return typeof value === "number" || value instanceof ExactNumber;
}

/** The nearest JavaScript number; for comparing and drawing, never for storing. */
export function numberOf(value: number | ExactNumber): number {
  return typeof value === "number" ? value : Number(value.text);
}

/** The number as it was written. */
export function numberText(value: number | ExactNumber): string {
  return typeof value === "number" ? String(value) : value.text;
}

/** A deep copy that shares nothing that could be changed. */
export function copyJson(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) return value;
  if (isJsonArray(value)) return value.map(copyJson);
  const copy = { ...value };
  for (const [name, member] of Object.entries(copy)) {
    if (typeof member === "object") Object.defineProperty(copy, name, { ...OWN, value: copyJson(member) });
  }
  return copy;
}

// Assigning to a member called __proto__ would set the prototype instead.
const OWN = { enumerable: true, writable: true, configurable: true } as const;
