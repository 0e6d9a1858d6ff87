/**
 * JSON Pointer: reading and changing one place of a document that is ours to change.
 * Only a document's own members are seen, so `__proto__` and `constructor` are ordinary names.
 *
 * SPEC FHIR-PATCH · https://www.rfc-editor.org/rfc/rfc6901
 */
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "./json-value.ts";
import type { Phrase } from "./outcomes.ts";

export type Pointer = readonly string[];

/** Why a pointer leads nowhere, in words for a caller. */
export class PointerError extends Error {
  readonly reason: Phrase;

  constructor(reason: Phrase) {
    super(reason.en);
    this.reason = reason;
  }
}

const LONGEST = 100;
const INDEX = /^(?:0|[1-9][0-9]{0,8})$/;

/** @throws PointerError when the text is no JSON Pointer */
export function parsePointer(text: string): Pointer {
  if (text === "") return [];
  if (!text.startsWith("/")) throw new PointerError({ sv: "en sökväg börjar med /", en: "a path begins with /" });
  if (/~(?![01])/.test(text))
    throw new PointerError({ sv: "~ i en sökväg följs av 0 eller 1", en: "~ in a path is followed by 0 or 1" });
  const tokens = text.slice(1).split("/");
  if (tokens.length > LONGEST) throw new PointerError({ sv: "sökvägen är för lång", en: "the path is too long" });
  return tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value at a pointer. @throws PointerError when there is none */
export function valueAt(document: JsonValue, pointer: Pointer): JsonValue {
  return pointer.reduce(childOf, document);
}

/** The container of a pointer's last token, and that token. @throws PointerError when there is none */
export function placeAt(document: JsonValue, pointer: Pointer): { parent: JsonValue; token: string } {
  const token = pointer.at(-1);
  if (token === undefined)
    throw new PointerError({ sv: "hela dokumentet kan inte tas bort", en: "the whole document cannot be removed" });
  return { parent: valueAt(document, pointer.slice(0, -1)), token };
}

function childOf(parent: JsonValue, token: string): JsonValue {
  const child = isJsonArray(parent)
    ? itemOf(parent, token)
    : isJsonObject(parent)
      ? memberOf(parent, token)
      : undefined;
  if (child === undefined) throw new PointerError({ sv: "sökvägen finns inte", en: "the path does not exist" });
  return child;
}

function itemOf(items: JsonArray, token: string): JsonValue | undefined {
  return INDEX.test(token) ? items[Number(token)] : undefined;
}

function memberOf(members: JsonObject, token: string): JsonValue | undefined {
  return Object.hasOwn(members, token) ? members[token] : undefined;
}

/** Inserts into an array (`-` means after the last item), or sets an object's member. */
export function addChild(parent: JsonValue, token: string, value: JsonValue): void {
  if (isJsonObject(parent)) setMember(parent, token, value);
  else if (isJsonArray(parent)) (parent as JsonValue[]).splice(insertionIndex(parent, token), 0, value);
  else throw new PointerError({ sv: "sökvägen leder in i ett enkelt värde", en: "the path leads into a plain value" });
}

function insertionIndex(items: JsonArray, token: string): number {
  const index = token === "-" ? items.length : INDEX.test(token) ? Number(token) : Number.NaN;
  if (!(index <= items.length))
    throw new PointerError({ sv: "platsen finns inte i listan", en: "the index is outside the list" });
  return index;
}

/** Puts a value in the place of one that is there. */
export function replaceChild(parent: JsonValue, token: string, value: JsonValue): void {
  childOf(parent, token);
  if (isJsonArray(parent)) (parent as JsonValue[])[Number(token)] = value;
  else setMember(parent as JsonObject, token, value);
}

/** Takes a value out and gives it. */
export function removeChild(parent: JsonValue, token: string): JsonValue {
  const child = childOf(parent, token);
  if (isJsonArray(parent)) (parent as JsonValue[]).splice(Number(token), 1);
  else Reflect.deleteProperty(parent as JsonObject, token);
  return child;
}

function setMember(members: JsonObject, name: string, value: JsonValue): void {
  Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
}
