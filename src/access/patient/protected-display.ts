/**
 * Names of protected people where other resources refer to them: a display text is a copy of the name that nobody needs to
 * follow the reference. What was shown without it and is written back keeps the text that stood there.
 *
 * SPEC ACC-PROTECTED · https://hl7.org/fhir/R4/references.html#Reference
 */
import { isJsonArray, isJsonObject, type JsonValue } from "../../fhir/index.ts";
import { PROTECTED_TEXT } from "./protected-identity.ts";
import { PROTECTED_STAFF } from "./protected-resource.ts";

/** Display texts of references to somebody whose identity is protected. */
export type IsHidden = (reference: string) => "patient" | "staff" | undefined;

/** A resource in which references to protected people have no name; the same one when there is none. */
export function withoutDisplays<T extends JsonValue>(value: T, isHidden: IsHidden): T {
  return renamed(value, isHidden) as T;
}

function renamed(value: JsonValue | undefined, isHidden: IsHidden): JsonValue | undefined {
  if (isJsonArray(value)) {
    const items = value.map((item) => renamed(item, isHidden) as JsonValue);
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isJsonObject(value)) return value;
  const { reference, display } = value;
  const hidden = typeof reference === "string" && display !== undefined ? isHidden(reference) : undefined;
  let isChanged = hidden !== undefined;
  const members = Object.entries(value).map(([name, child]): [string, JsonValue | undefined] => {
    const next = renamed(child, isHidden);
    isChanged ||= next !== child;
    return [name, next];
  });
  if (!isChanged) return value;
  const copy: Record<string, JsonValue | undefined> = Object.fromEntries(members);
  if (hidden !== undefined) copy["display"] = hidden === "staff" ? PROTECTED_STAFF : PROTECTED_TEXT;
  return copy;
}

/** What was written, where a reference says no other name than what was shown, with the name as it stood at that place. */
export function keptDisplays(written: JsonValue, before: JsonValue | undefined, isHidden: IsHidden): JsonValue {
  if (isJsonArray(written))
    return written.map((item, at) => keptDisplays(item, isJsonArray(before) ? before[at] : undefined, isHidden));
  if (!isJsonObject(written)) return written;
  const old = isJsonObject(before) ? before : {};
  const kept: Record<string, JsonValue | undefined> = {};
  for (const [name, child] of Object.entries(written))
    kept[name] = child === undefined ? undefined : keptDisplays(child, old[name], isHidden);
  const { reference, display } = written;
  const isSaid = display !== undefined && display !== PROTECTED_TEXT && display !== PROTECTED_STAFF;
  if (typeof reference !== "string" || isSaid || isHidden(reference) === undefined) return kept;
  delete kept["display"];
  return old["reference"] === reference && old["display"] !== undefined ? { ...kept, display: old["display"] } : kept;
}
