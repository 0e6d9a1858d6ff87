/**
 * The opaque mark of where a page begins, or ends: a row's sort values, type and id, bound to the question it answers.
 * It travels through the caller, so everything in it is checked before it comes near SQL.
 *
 * SPEC SEARCH-PAGE · https://hl7.org/fhir/R4/http.html#paging
 */
import { isFhirId, isResourceType } from "../fhir/index.ts";
import { invalidValue } from "./context.ts";
import type { Cursor, SortKey } from "./plan.ts";

const INSTANT = /^(?:-?infinity|\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d(?::\d\d)?)?(?: BC)?)$/;
const NUMBER = /^(?:-?Infinity|-?\d{1,1000}(?:\.\d{1,1000})?)$/;
const LONGEST_TEXT = 2000;

/** Before the fingerprint of a cursor that a page ends at: no fingerprint begins with it. */
const BACK = "<";

/** The cursor as text that is safe in a URL. */
export function encodeCursor({ type, id, values, isBack }: Cursor, fingerprint: string): string {
  const print = isBack === true ? BACK + fingerprint : fingerprint;
  const bytes = new TextEncoder().encode(JSON.stringify([print, type, id, ...values]));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Reads a cursor. Errors: SEARCH_VALUE_INVALID when it is not ours, or belongs to another question. */
export function decodeCursor(text: string, fingerprint: string, sort: readonly SortKey[]): Cursor {
  const parts = partsOf(text);
  const [print, type, id, ...values] = parts ?? [];
  const isBack = print === BACK + fingerprint;
  if (parts === undefined || !(isBack || print === fingerprint)) throw refusal();
  if (!isResourceType(type) || !isFhirId(id)) throw refusal();
  if (values.length !== sort.length || !values.every((value, at) => isBelievable(value, sort[at]!))) throw refusal();
  return { type, id, values: values as (string | null)[], ...(isBack && { isBack }) };
}

function partsOf(text: string): readonly unknown[] | undefined {
  if (text.length > 20_000 || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
    const parts: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined; // whatever is wrong with it, it is not one of ours
  }
}

function isBelievable(value: unknown, key: SortKey): boolean {
  if (value === null) return true;
  if (typeof value !== "string" || value.length > LONGEST_TEXT || value.includes("\0")) return false;
  return key.as === "text" || (key.as === "instant" ? INSTANT : NUMBER).test(value);
}

function refusal(): Error {
  return invalidValue("_cursor", "the value of a next link, unchanged");
}
