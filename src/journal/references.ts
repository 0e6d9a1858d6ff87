/**
 * References inside resources that are written together: `urn:uuid:` names and conditional references become the ids
 * that they mean, also in extensions, urls and the links of a narrative; absolute references to this server become
 * relative. Untouched parts of a resource are not copied.
 *
 * SPEC JRN-REF · https://hl7.org/fhir/R4/http.html#trules
 */
import { isJsonArray, isJsonObject, parseReference, type JsonObject, type JsonValue } from "../fhir/index.ts";

/** Maps the text of a reference (or a urn anywhere) to what shall stand instead; nothing leaves it as it is. */
export type Rewrite = (text: string) => string | undefined;

const CONDITIONAL = /^[A-Z][A-Za-z]+\?./;
const URN = /^urn:(uuid|oid):/;
const LINK = /((?:href|src)=["'])(urn:(?:uuid|oid):[^"']+)/g;
/** Members that hold words of their own, never a link: an identifier's value may look like one. */
const WORDS: ReadonlySet<string> = new Set(["value", "display", "text"]);

/** The resource with every reference rewritten. */
export function rewriteReferences(resource: JsonObject, rewrite: Rewrite): JsonObject {
  return rewriteValue(resource, undefined, rewrite) as JsonObject;
}

/** The texts of all references in the resource, contained ones included. */
export function referencesIn(value: JsonValue | undefined, found: string[] = []): string[] {
  if (isJsonArray(value)) for (const one of value) referencesIn(one, found);
  else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (name === "reference" && typeof member === "string") found.push(member);
      else if (typeof member === "object") referencesIn(member, found);
    }
  }
  return found;
}

/** The conditional references (`Patient?identifier=…`) in a resource. */
export function conditionalReferencesIn(resource: JsonObject): string[] {
  return ownReferences(resource).filter((text) => CONDITIONAL.test(text));
}

/**
 * What a resource refers to and must be here, once everything is rewritten: local resources as `Type/id`, and names of
 * entries (`urn:uuid:`) that no entry of the bundle bears.
 */
export function localTargets(resource: JsonObject): string[] {
  const targets: string[] = [];
  for (const text of ownReferences(resource)) {
    const reference = parseReference(text);
    if (reference.kind === "resource" && reference.base === undefined)
      targets.push(`${reference.type}/${reference.id}`);
    if (reference.kind === "other" && URN.test(text)) targets.push(text);
  }
  return targets;
}

/** The entries of a document that is kept as a Bundle refer to each other, not to what is here. */
function ownReferences(resource: JsonObject): string[] {
  return resource["resourceType"] === "Bundle" ? [] : referencesIn(resource);
}

function rewriteValue(value: JsonValue | undefined, name: string | undefined, rewrite: Rewrite): JsonValue | undefined {
  if (typeof value === "string") return rewriteText(value, name, rewrite);
  if (isJsonArray(value)) return rewriteArray(value, name, rewrite);
  if (!isJsonObject(value)) return value;
  let copy: Record<string, JsonValue | undefined> | undefined;
  for (const [key, member] of Object.entries(value)) {
    const next = rewriteValue(member, key, rewrite);
    if (next === member) continue;
    copy ??= { ...value };
    copy[key] = next;
  }
  return copy ?? value;
}

function rewriteText(text: string, name: string | undefined, rewrite: Rewrite): string {
  if (name === "div")
    return text.replaceAll(LINK, (_, before: string, link: string) => before + (rewrite(link) ?? link));
  const isLink = name === "reference" || (URN.test(text) && !WORDS.has(name ?? ""));
  return isLink ? (rewrite(text) ?? text) : text;
}

function rewriteArray(values: readonly JsonValue[], name: string | undefined, rewrite: Rewrite): JsonValue {
  let copy: JsonValue[] | undefined;
  values.forEach((one, at) => {
    const next = rewriteValue(one, name, rewrite) as JsonValue;
    if (next === one) return;
    copy ??= [...values];
    copy[at] = next;
  });
  return copy ?? values;
}
