/**
 * What entries of a batch call themselves: each is done by itself, so none may refer to what another is to become.
 *
 * SPEC HTTP-ENTRY-6 · https://hl7.org/fhir/R4/http.html#brules
 */
import { fhirErrorAt, isJsonArray, isJsonObject, type JsonArray, type JsonValue } from "../fhir/index.ts";
import type { Entry } from "./entry.ts";

/** The names (`urn:uuid:…`) that the entries of a bundle bear. */
export function urnsOf(entries: JsonArray): ReadonlySet<string> {
  const names = entries.map((entry) => (isJsonObject(entry) ? entry["fullUrl"] : undefined));
  return new Set(names.filter((name): name is string => typeof name === "string" && name.startsWith("urn:")));
}

/** The entry. Errors: BATCH_REFERENCE when its resource refers to another entry's name. */
export function refuseSiblings(entry: Entry, names: ReadonlySet<string>): Entry {
  const found = names.size === 0 ? undefined : nameIn(entry.resource, names);
  if (found !== undefined && found !== entry.fullUrl) throw fhirErrorAt("BATCH_REFERENCE", `${entry.where}.resource`);
  return entry;
}

function nameIn(value: JsonValue | undefined, names: ReadonlySet<string>): string | undefined {
  if (isJsonArray(value)) return firstIn(value, names);
  if (!isJsonObject(value)) return undefined;
  const { reference } = value;
  if (typeof reference === "string" && names.has(reference)) return reference;
  return firstIn(Object.values(value), names);
}

function firstIn(values: readonly (JsonValue | undefined)[], names: ReadonlySet<string>): string | undefined {
  for (const one of values) {
    const found = typeof one === "object" ? nameIn(one, names) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
