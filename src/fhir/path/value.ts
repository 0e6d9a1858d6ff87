/**
 * The value of a FHIRPath Patch operation: `value[x]` as it is, or parts for what has no value[x] of its
 * own, such as a contact of a patient.
 *
 * SPEC FHIR-PATHPATCH · https://hl7.org/fhir/R4/fhirpatch.html
 */
import { memberName, type ElementDefinition, type ElementType } from "../elements.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { PathError } from "./path.ts";
import { elementOf, type Members } from "./place.ts";

export interface PatchValue {
  /** The member that it belongs in: `valueQuantity` for a Quantity of an element `value`. */
  readonly member: string;
  readonly value: JsonValue;
}

const DEEPEST = 30;

/** @throws PathError when the part has no value, or one that the element cannot have */
export function readValue(part: JsonObject, element: ElementDefinition, depth = 0): PatchValue {
  if (depth > DEEPEST) throw new PathError({ sv: "värdet har för många nivåer", en: "the value is nested too deeply" });
  const given = Object.keys(part).filter((name) => name.startsWith("value"));
  if (Object.keys(part).some((name) => name.startsWith("_value")))
    throw new PathError({
      sv: "ett enkelt värde kan inte ha tillägg här",
      en: "a plain value cannot have extensions here",
    });
  const [name, ...more] = given;
  const parts = part["part"];
  if (name === undefined && isJsonArray(parts)) return fromParts(parts, element, depth);
  if (name === undefined && isJsonObject(part["resource"])) return { member: element.name, value: part["resource"] };
  const value = name === undefined ? undefined : part[name];
  if (name === undefined || value === undefined || more.length > 0 || parts !== undefined)
    throw new PathError({ sv: "delen value har ett värde eller delar", en: "the part value has one value or parts" });
  return { member: memberOf(element, name.slice("value".length)), value };
}

function memberOf(element: ElementDefinition, suffix: string): string {
  if (!element.isChoice) return element.name;
  const member = element.name + suffix;
  if (element.types.some((type) => memberName(element, type) === member)) return member;
  throw new PathError({
    sv: "elementet kan inte ha ett värde av den typen",
    en: "the element cannot have a value of that type",
  });
}

/** An object made of parts, each called as a member of the type. */
function fromParts(parts: readonly JsonValue[], element: ElementDefinition, depth: number): PatchValue {
  const [type, ...others] = element.types;
  if (!type || others.length > 0)
    throw new PathError({
      sv: "elementet kan ha flera typer: ge value[x]",
      en: "the element has several types: give value[x]",
    });
  const value: Members = {};
  for (const part of parts) {
    if (!isJsonObject(part) || typeof part["name"] !== "string")
      throw new PathError({ sv: "varje del har ett namn", en: "each part has a name" });
    const inner = elementOf(holderOf(type), part["name"]);
    const one = readValue(part, inner, depth + 1);
    const list = value[one.member];
    value[one.member] = inner.max > 1 ? [...(isJsonArray(list) ? list : []), one.value] : one.value;
  }
  return { member: element.name, value: value };
}

function holderOf(type: ElementType): string {
  return type.holder ?? type.code;
}
