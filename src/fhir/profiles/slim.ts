/**
 * A StructureDefinition without what only people read: of a published one, which may be 200 kB, little is left to keep in
 * memory. What R4's own conditions say, which every snapshot repeats for every element, goes too.
 *
 * SPEC FHIR-PROFILE-COST-1
 */
import { isJsonObject, type JsonObject } from "../json-value.ts";
import { coreType } from "./canonical.ts";
import { objectsOf, textOf } from "./rule.ts";

const KEPT = ["url", "version", "type", "derivation", "baseDefinition", "context"] as const;
const OF_ELEMENT =
  /^(?:id|path|sliceName|min|max|type|maxLength|binding|slicing|contentReference|isModifier|fixed[A-Z].*|pattern[A-Z].*|(?:min|max)Value[A-Z].*)$/;

export function slimDefinition(definition: JsonObject): JsonObject {
  const kept = Object.fromEntries(KEPT.map((name) => [name, definition[name]]));
  const { snapshot, differential } = definition;
  // A snapshot says all that the differential does.
  const elements = elementsOf(snapshot) ?? elementsOf(differential) ?? [];
  const name = elementsOf(snapshot) === undefined ? "differential" : "snapshot";
  return { ...kept, [name]: { element: elements.map(slimElement) } };
}

function elementsOf(value: JsonObject[string]): JsonObject[] | undefined {
  const elements = isJsonObject(value) ? objectsOf(value["element"]) : [];
  return elements.length === 0 ? undefined : elements;
}

function slimElement(element: JsonObject): JsonObject {
  const kept = Object.entries(element).filter(([name]) => OF_ELEMENT.test(name));
  const constraint = objectsOf(element["constraint"])
    .filter(({ source }) => coreType(textOf(source)) === undefined)
    .map(({ key, severity, human, expression, source }) => ({ key, severity, human, expression, source }));
  return Object.fromEntries(constraint.length === 0 ? kept : [...kept, ["constraint", constraint]]);
}
