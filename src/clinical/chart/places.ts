/** Where the kinds of resources of a section were left: the cursor of its pages. SPEC CLIN-SECTION-3 */
import { fhirErrorAt } from "../../fhir/index.ts";

/** Where a kind of resource was left: at its beginning, after a row, or at its end. */
export type Place = "begin" | "end" | { readonly after: string };

/** The cursor that says for each kind where it was left. */
export function textOfPlaces(places: readonly Place[]): string {
  return Buffer.from(JSON.stringify(places)).toString("base64url");
}

/** Reads a cursor; what is in it comes from the caller, and the search checks each part again. Errors: SEARCH_VALUE_INVALID. */
export function placesOf(text: string, count: number): Place[] {
  try {
    const places = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as unknown;
    if (Array.isArray(places) && places.length === count && places.every(isPlace)) return places;
  } catch {
    // told below: a cursor that cannot be read is the caller's mistake
  }
  throw fhirErrorAt("SEARCH_VALUE_INVALID", "before", "before", "before");
}

function isPlace(value: unknown): value is Place {
  if (value === "begin" || value === "end") return true;
  const after = typeof value === "object" && value !== null ? (value as { after?: unknown }).after : undefined;
  return typeof after === "string" && after !== "";
}
