/** Small constructors and look-ups of FHIR JSON, for resources that are made member by member. SPEC EXCH-MAP */
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../../fhir/index.ts";

/** The object without members that say nothing: undefined, empty lists, empty objects. */
export function said(members: JsonObject): JsonObject {
  const kept: Record<string, JsonValue | undefined> = {};
  // Every resource passes here: a loop is four times as fast as a list of entries.
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (!saysNothing(value)) kept[name] = value;
  }
  return kept;
}

function saysNothing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (isJsonArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** The objects of a list; nothing when there is no list. */
export function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

export function objectIn(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function textIn(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** `Type/id` of a Reference. */
export function referenceIn(value: JsonValue | undefined): string | undefined {
  return textIn(objectIn(value)["reference"]);
}

/** The texts of a list. */
export function textsIn(value: JsonValue | undefined): readonly string[] {
  return isJsonArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** The id of a resource. */
export function idOf(resource: JsonObject | undefined): string {
  return textIn(resource?.["id"]) ?? "";
}

export function listOf(...values: readonly (JsonValue | undefined)[]): JsonArray {
  return values.filter((one): one is JsonValue => one !== undefined);
}

/** `Type/id` of a resource. */
export function nameOf(resource: JsonObject): string {
  return `${textIn(resource["resourceType"]) ?? ""}/${textIn(resource["id"]) ?? ""}`;
}

export function isSaid<T>(value: T | undefined): value is T {
  return value !== undefined;
}
