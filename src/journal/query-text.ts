/**
 * A query text (of an address, an If-None-Exist header, a conditional reference) as parameters in their order.
 *
 * SPEC JRN-QUERY
 */
import { fhirError } from "../fhir/index.ts";

export type QueryParameters = readonly (readonly [name: string, value: string])[];

/** Errors: QUERY_ENCODING when it is not percent-encoded UTF-8. */
export function parametersOf(text: string): QueryParameters {
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? [decode(part), ""] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", "%20"));
  } catch {
    throw fhirError("QUERY_ENCODING");
  }
}
