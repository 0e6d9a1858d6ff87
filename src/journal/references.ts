/**
 * References inside resources that are written together: `urn:uuid:` names and conditional references become the ids
 * that they mean, absolute references to this server become relative. Untouched parts of a resource are not copied.
 *
 * SPEC JRN-REF · https://hl7.org/fhir/R4/http.html#trules
 */
import { isJsonArray, isJsonObject, parseReference, type JsonObject, type JsonValue } from "../fhir/index.ts";

/** Maps the text of a reference (or a urn anywhere) to what shall stand instead; nothing leaves it as it is. */
export type Rewrite = (text: string) => string | undefined;

const CONDITIONAL = /^[A-Z][A-Za-z]+\?./;
const URN = /^urn:(uuid|oid):/;

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
  return referencesIn(resource).filter((text) => CONDITIONAL.test(text));
}

/** The local resources that a resource refers to, as `Type/id`. */
export function localTargets(resource: JsonObject): string[] {
  const targets: string[] = [];
  for (const text of referencesIn(resource)) {
    const reference = parseReference(text);
    if (reference.kind === "resource" && reference.base === undefined)
      targets.push(`${reference.type}/${reference.id}`);
  }
  return targets;
}

function rewriteValue(value: JsonValue | undefined, name: string | undefined, rewrite: Rewrite): JsonValue | undefined {
  if (typeof value === "string") return name === "reference" || URN.test(value) ? (rewrite(value) ?? value) : value;
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
