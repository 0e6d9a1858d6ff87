/** What resources say, read without trusting that they say it: what is absent, empty or of another kind is nothing. */
import { parseLocalDate, type LocalDate } from "../base/index.ts";
import { isJsonArray, listOf, objectOf, parseJson, type JsonObject, type JsonValue } from "../fhir/index.ts";
import type { Found } from "../journal/index.ts";

export function dateIn(value: JsonValue | undefined): LocalDate | undefined {
  return typeof value === "string" ? parseLocalDate(value.slice(0, 10)) : undefined;
}

export function textIn(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

export function codesIn(concept: JsonValue | undefined): readonly string[] {
  const concepts = isJsonArray(concept) ? concept : [concept ?? null];
  return concepts.flatMap((one) =>
    listOf(objectOf(one)["coding"]).flatMap((coding) => textIn(objectOf(coding)["code"]) ?? []),
  );
}

/** What a concept is called: its own text, else a coding's. */
export function nameIn(value: JsonValue | undefined): string | undefined {
  const concept = objectOf(firstOf(value));
  const displays = listOf(concept["coding"]).map((one) => textIn(objectOf(one)["display"]));
  return textIn(concept["text"]) ?? displays.find((one) => one !== undefined);
}

/** Lists have the most telling one first, when they have any order at all. */
export function firstOf(value: JsonValue | undefined): JsonValue | undefined {
  return isJsonArray(value) ? value[0] : value;
}

export function referenceIn(value: JsonValue | undefined): string | undefined {
  return textIn(objectOf(value)["reference"]);
}

/** A stored resource. */
export function objectIn(content: string): JsonObject {
  return objectOf(parseJson(content));
}

/** Everything that was found, by `Type/id`. */
export function resourcesIn(found: readonly Found[]): ReadonlyMap<string, JsonObject> {
  return new Map(
    found.flatMap(({ rows }) => rows.map(({ type, id, content }) => [`${type}/${id}`, objectIn(content)] as const)),
  );
}

/** Those of a type among them. */
export function ofType(seen: ReadonlyMap<string, JsonObject>, type: string): readonly JsonObject[] {
  return [...seen.values()].filter((one) => one["resourceType"] === type);
}

const TELLING = [
  "resourceType",
  "id",
  "meta",
  "identifier",
  "name",
  "birthDate",
  "deceasedDateTime",
  "deceasedBoolean",
];

/** What tells one patient from another on a list; the rest is in the chart. */
export function tellingPart(patient: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patient).filter(([name]) => TELLING.includes(name)));
}

/** Ids as many at a time as one search is asked for. */
export function inParts(ids: readonly string[], most: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / most) }, (_, at) => ids.slice(at * most, (at + 1) * most));
}
