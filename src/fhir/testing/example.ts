/**
 * Makes valid resources of every type from the element tables, for tests: the least that is allowed, or
 * everything filled in once, a few levels deep. Deterministic.
 *
 * SPEC FHIR-VALID
 */
import { elementsOf, isPrimitiveType, memberName, type ElementDefinition, type ElementType } from "../elements.ts";
import { VALUE_SETS } from "../generated/value-sets.ts";
import type { JsonObject, JsonValue } from "../json-value.ts";

export const VALID_DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p>Text</p></div>';

const PRIMITIVES: Readonly<Record<string, JsonValue>> = {
  string: "text",
  markdown: "*text*",
  xhtml: VALID_DIV,
  code: "code",
  id: "id-1",
  uri: "urn:x:1",
  url: "https://example.org/1",
  canonical: "https://example.org/definition|1",
  oid: "urn:oid:1.2.752.129",
  uuid: "urn:uuid:0b0e0d3e-0000-4000-8000-000000000000",
  base64Binary: "AAAA",
  date: "2026-02-28",
  dateTime: "2026-02-28T10:00:00+01:00",
  instant: "2026-02-28T10:00:00.000Z",
  time: "10:00:00",
  boolean: true,
  decimal: 1.5,
  integer: 1,
  unsignedInt: 0,
  positiveInt: 1,
};

/** The least resource of a type that is valid. */
export function leastResource(type: string): JsonObject {
  return { resourceType: type, ...filled(type, { isFull: false, turn: 0, depth: 0 }) };
}

/** The least value of a type or backbone element that is valid. */
export function leastValue(type: string): JsonValue {
  return PRIMITIVES[type] ?? filled(type, { isFull: false, turn: 0, depth: 1 });
}

/**
 * A resource with every element present, to a depth of three.
 * @param turn which of the types of a choice, and of the codes of a value set, to take
 */
export function fullResource(type: string, turn = 0): JsonObject {
  return { resourceType: type, ...filled(type, { isFull: true, turn, depth: 0 }) };
}

interface Making {
  readonly isFull: boolean;
  readonly turn: number;
  readonly depth: number;
}

const DEEPEST = 3;

function filled(holder: string, making: Making): JsonObject {
  if (holder === "Extension") return { url: "https://example.org/extension", valueString: "text" };
  const { isFull, turn, depth } = making;
  const chosen = (elementsOf(holder) ?? []).filter(({ min }) => min > 0 || (isFull && depth < DEEPEST));
  const value: Record<string, JsonValue> = {};
  for (const element of chosen) {
    const type = element.types[turn % element.types.length]!;
    const one = valueOf(element, type, making);
    value[memberName(element, type)] = element.max > 1 ? [one] : one;
  }
  const isSaying = Object.keys(value).some((name) => name !== "id");
  return isSaying || depth === 0 ? value : { ...value, ...something(holder, turn) };
}

/** An element must say something: its first primitive member, or an extension. */
function something(holder: string, turn: number): JsonObject {
  const element = (elementsOf(holder) ?? []).find(
    ({ name, types, valueSet }) => name !== "id" && !valueSet && isPrimitiveType(types[turn % types.length]!.code),
  );
  if (!element) return { extension: [{ url: "https://example.org/extension", valueString: "text" }] };
  const type = element.types[turn % element.types.length]!;
  const one = PRIMITIVES[type.code]!;
  return { [memberName(element, type)]: element.max > 1 ? [one] : one };
}

function valueOf(element: ElementDefinition, type: ElementType, making: Making): JsonValue {
  const { turn, depth } = making;
  const coded = element.valueSet === undefined ? undefined : codedValue(type.code, element.valueSet, turn);
  if (coded !== undefined) return coded;
  if (isPrimitiveType(type.code)) return PRIMITIVES[type.code]!;
  if (type.code === "Resource") return { resourceType: "Basic", id: "inner", code: { text: "text" } };
  if (type.code === "Reference") return { reference: `${type.targets?.[turn % type.targets.length] ?? "Patient"}/1` };
  return filled(type.holder ?? type.code, { ...making, depth: depth + 1 });
}

function codedValue(type: string, valueSet: string, turn: number): JsonValue | undefined {
  const all = Object.entries(VALUE_SETS[valueSet] ?? {}).flatMap(([system, codes]) =>
    codes.map((code) => ({ system, code })),
  );
  const coding = all[turn % all.length];
  if (!coding) return undefined;
  if (type === "CodeableConcept") return { coding: [coding] };
  return type === "Coding" ? coding : coding.code;
}
