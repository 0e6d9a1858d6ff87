/**
 * The links of an answer: what was really asked (`self`), and how to go on (`next`). Only query strings; the address in
 * front is the server's.
 *
 * SPEC SEARCH-LINK · https://hl7.org/fhir/R4/search.html#conformance
 */
import { encodeCursor } from "./cursor.ts";
import type { Cursor, SearchPlan } from "./plan.ts";

/** The query string of what was used, in the order it was given; parameters that were left out are not in it. */
export function selfQuery(plan: SearchPlan): string {
  const cursor = plan.cursor === undefined ? [] : [["_cursor", encodeCursor(plan.cursor, plan.fingerprint)] as const];
  return queryOf([...plan.used, ...cursor]);
}

/** The query string of the page after `cursor`. */
export function nextQuery(plan: SearchPlan, cursor: Cursor): string {
  return queryOf([...plan.used, ["_cursor", encodeCursor(cursor, plan.fingerprint)]]);
}

/** Nothing in it needs an escape. */
const PLAIN = /^[\w.~:,/$*'()!-]*$/;
const LONE_SURROGATE = /\p{Cs}/u;
const LONE_SURROGATES = /\p{Cs}/gu;

/** Readable where it may be: the signs of FHIR's own grammar need no escape in a query. */
function queryOf(parameters: readonly (readonly [string, string])[]): string {
  return parameters.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join("&");
}

function encoded(text: string): string {
  if (PLAIN.test(text)) return text;
  return encodeURIComponent(wellFormed(text))
    .replace(/%3A/g, ":")
    .replace(/%2C/g, ",")
    .replace(/%2F/g, "/")
    .replace(/%24/g, "$");
}

/** Half a character, which no URL can carry, becomes the sign for an unknown one. */
function wellFormed(text: string): string {
  return LONE_SURROGATE.test(text) ? text.replace(LONE_SURROGATES, "\ufffd") : text;
}
