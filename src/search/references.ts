/**
 * What a reference can be found by: a resource here as `Type/id`, anything else by its whole text, a canonical also
 * without its version, and the identifier it may carry.
 *
 * SPEC SEARCH-REF · https://hl7.org/fhir/R4/search.html#reference
 */
import { isJsonArray, isJsonObject, parseReference, type JsonObject, type JsonValue } from "../fhir/index.ts";
import { anyVersionValue } from "./keys.ts";

/** The target here that a reference's text names, without version: `Type/id`. `base` is this server's own address. */
export function localTarget(text: string, base?: string): string | undefined {
  const parsed = parseReference(text);
  if (parsed.kind !== "resource") return undefined;
  if (parsed.base !== undefined && parsed.base !== withSlash(base)) return undefined;
  return `${parsed.type}/${parsed.id}`;
}

/** Every text that finds this reference. */
export function referenceTexts(value: JsonValue, base?: string): string[] {
  if (typeof value === "string") return canonicalTexts(value);
  if (!isJsonObject(value)) return [];
  const { reference, resourceType, id } = value;
  if (typeof resourceType === "string") return typeof id === "string" ? [`${resourceType}/${id}`] : [];
  return typeof reference === "string" ? literalTexts(reference, base) : [];
}

/** A reference of another server is found by its address; one into the resource itself by nothing. */
function literalTexts(text: string, base: string | undefined): string[] {
  const local = localTarget(text, base);
  if (local !== undefined) return [local];
  if (text.startsWith("#")) return [];
  const version = text.indexOf("/_history/");
  return version < 0 ? [text] : [text, text.slice(0, version)];
}

/** A canonical is found whole, and when it has a version also without it. */
export function canonicalTexts(text: string): string[] {
  if (text.startsWith("#")) return [];
  const [whole = ""] = text.split("#", 1);
  const bar = whole.lastIndexOf("|");
  return bar < 0 ? [whole] : [whole, anyVersionValue(whole.slice(0, bar))];
}

/** Every resource here that is referred to from anywhere in a resource, contained ones included: `Type/id`, each once. */
export function localReferences(resource: JsonObject, base?: string): string[] {
  const found = new Set<string>();
  collect(resource, resource["resourceType"] === "Bundle", (text) => {
    const target = localTarget(text, base);
    if (target !== undefined) found.add(target);
  });
  return [...found];
}

/** A stored Bundle is a whole of its own: what its entries refer to need not be here. */
function collect(value: JsonObject, isBundle: boolean, visit: (text: string) => void): void {
  for (const name in value) {
    const child = value[name];
    if (name === "reference" && typeof child === "string") visit(child);
    else if (typeof child === "object" && !(isBundle && name === "entry")) collectIn(child, visit);
  }
}

function collectIn(value: JsonValue, visit: (text: string) => void): void {
  if (isJsonArray(value)) for (const item of value) collectIn(item, visit);
  else if (isJsonObject(value)) collect(value, false, visit);
}

function withSlash(base: string | undefined): string | undefined {
  return base === undefined || base.endsWith("/") ? base : `${base}/`;
}
