/** The codes that a value of any coded type states. SPEC FHIR-PROFILE-BINDING · https://hl7.org/fhir/R4/terminologies.html */
import { isJsonObject, type JsonObject } from "../json-value.ts";
import { objectsOf } from "./rule.ts";
import type { AskedCode, Item } from "./run.ts";

/** None when there is only text. */
export function codesOf({ value, type }: Item): AskedCode[] {
  if (typeof value === "string") return [{ system: undefined, version: undefined, code: value }];
  if (!isJsonObject(value)) return [];
  if (type === "CodeableConcept") return objectsOf(value["coding"]).flatMap(codeIn);
  return codeIn(value);
}

/** A value that is only an extension (such as a reason why it is absent) states nothing, and needs no code. */
export function saysSomething({ value }: Item): boolean {
  if (!isJsonObject(value)) return typeof value === "string";
  return Object.keys(value).some((name) => name !== "id" && name !== "extension");
}

/** Of a Coding, or of a Quantity, whose unit is coded alike. */
function codeIn({ system, version, code }: JsonObject): AskedCode[] {
  if (typeof code !== "string") return [];
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return [{ system: text(system), version: text(version), code }];
}
