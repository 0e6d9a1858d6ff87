/**
 * A corpus of wrong resources made from right ones: every kind of error at every place of a full
 * resource, each with the expression and issue code that must be reported.
 *
 * SPEC FHIR-MUTATION
 */
import { elementsOf, isPrimitiveType, memberName, type ElementDefinition, type ElementType } from "../elements.ts";
import { VALUE_SETS } from "../generated/value-sets.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { fullResource } from "./example.ts";

export interface Mutation {
  readonly kind: string;
  readonly resource: JsonObject;
  readonly expression: string;
  readonly code: string;
}

/** An object in the resource, how to make the resource with another in its place, and where it is. */
interface Place {
  readonly holder: string;
  readonly value: JsonObject;
  readonly expression: string;
  readonly put: (value: JsonObject) => JsonObject;
}

/** One element of an object, in the type that it has there. */
interface Spot extends Place {
  readonly element: ElementDefinition;
  readonly type: ElementType;
  readonly name: string;
}

type Mutator = (spot: Spot) => (Omit<Mutation, "kind" | "resource"> & { readonly value: JsonObject }) | undefined;

/** Every mutation of the full resource of a type; in each of its data types at the first place that has it. */
export function* mutationsOf(type: string, turn = 0): Generator<Mutation> {
  const whole = fullResource(type, turn);
  const met = new Set<string>();
  for (const place of placesIn({ holder: type, value: whole, expression: type, put: (value) => value })) {
    if (met.has(place.holder)) continue;
    met.add(place.holder);
    yield unknownElement(place);
    for (const element of elementsOf(place.holder) ?? []) {
      const chosen = element.types.find((candidate) => place.value[memberName(element, candidate)] !== undefined);
      if (!chosen) continue;
      const spot: Spot = { ...place, element, type: chosen, name: memberName(element, chosen) };
      for (const [kind, mutate] of Object.entries(MUTATORS)) {
        const mutated = mutate(spot);
        if (mutated)
          yield { kind, resource: place.put(mutated.value), expression: mutated.expression, code: mutated.code };
      }
    }
  }
}

function* placesIn(place: Place): Generator<Place> {
  yield place;
  for (const element of elementsOf(place.holder) ?? []) {
    for (const type of element.types) {
      if (isPrimitiveType(type.code) || type.code === "Resource") continue;
      const name = memberName(element, type);
      const child = place.value[name];
      const inner = isJsonArray(child) ? child[0] : child;
      if (!isJsonObject(inner)) continue;
      const isList = isJsonArray(child);
      yield* placesIn({
        holder: type.holder ?? type.code,
        value: inner,
        expression: `${place.expression}.${name}${isList ? "[0]" : ""}`,
        put: (value) => place.put({ ...place.value, [name]: isList ? [value] : value }),
      });
    }
  }
}

function unknownElement({ value, expression, put }: Place): Mutation {
  const resource = put({ ...value, notAnElement: 1 });
  return { kind: "unknown element", resource, expression: `${expression}.notAnElement`, code: "structure" };
}

const isList = ({ element }: Spot): boolean => element.max > 1;
const at = (spot: Spot): string => `${spot.expression}.${spot.name}`;
const one = (spot: Spot): string => at(spot) + (isList(spot) ? "[0]" : "");
const oneValue = (spot: Spot): JsonValue =>
  isList(spot) ? (spot.value[spot.name] as JsonValue[])[0]! : spot.value[spot.name]!;

/** Sets the element's one value. */
function withValue(spot: Spot, value: JsonValue, code: string, expression = one(spot)): ReturnType<Mutator> {
  return { value: { ...spot.value, [spot.name]: isList(spot) ? [value] : value }, expression, code };
}

function withMember(spot: Spot, value: JsonValue, code: string): ReturnType<Mutator> {
  return { value: { ...spot.value, [spot.name]: value }, expression: at(spot), code };
}

const isPrimitive = ({ type }: Spot): boolean => isPrimitiveType(type.code);
const NUMERIC = new Set(["decimal", "integer", "unsignedInt", "positiveInt"]);

/** Values that look right for the type and are not. */
const ILL_FORMED: Readonly<Record<string, JsonValue>> = {
  id: "a_b",
  uri: "urn:x y",
  url: "http://x y",
  canonical: "http://x y",
  code: "two  blanks",
  oid: "urn:oid:9.1",
  uuid: "urn:uuid:0B0E0D3E",
  base64Binary: "AAA",
  date: "2026-1-1",
  dateTime: "2026-01-01T10:00",
  instant: "2026-01-01",
  time: "24:00:00",
  integer: 1.5,
  unsignedInt: -1,
  positiveInt: 0,
  string: "\u0001",
  markdown: "a\u0000b",
};

const IMPOSSIBLE: Readonly<Record<string, string>> = {
  date: "2025-02-29",
  dateTime: "2026-04-31T10:00:00Z",
  instant: "2026-06-31T10:00:00.000Z",
};

const MUTATORS: Readonly<Record<string, Mutator>> = {
  "wrong JSON type": (spot) =>
    isPrimitive(spot)
      ? withValue(spot, NUMERIC.has(spot.type.code) ? "1" : spot.type.code === "boolean" ? "true" : 1, "structure")
      : undefined,
  "object for a value": (spot) => (isPrimitive(spot) ? withValue(spot, { value: "x" }, "structure") : undefined),
  "value for an object": (spot) => (isPrimitive(spot) ? undefined : withValue(spot, "x", "structure")),
  "list for one value": (spot) => (isList(spot) ? undefined : withMember(spot, [spot.value[spot.name]!], "structure")),
  "one value for a list": (spot) => (isList(spot) ? withMember(spot, oneValue(spot), "structure") : undefined),
  "empty list": (spot) => (isList(spot) ? withMember(spot, [], "structure") : undefined),
  "empty text": (spot) =>
    isPrimitive(spot) && !NUMERIC.has(spot.type.code) && spot.type.code !== "boolean"
      ? withValue(spot, "", "structure")
      : undefined,
  "empty object": (spot) =>
    isPrimitive(spot)
      ? undefined
      : withValue(
          spot,
          {},
          spot.type.code === "Resource" ? "required" : "structure",
          one(spot) + (spot.type.code === "Resource" ? ".resourceType" : ""),
        ),
  "null value": (spot) => withValue(spot, null, "structure"),
  "missing element": (spot) => {
    if (spot.element.min === 0) return undefined;
    const name = spot.element.isChoice ? `${spot.element.name}[x]` : spot.element.name;
    return { value: without(spot.value, spot.name), expression: `${spot.expression}.${name}`, code: "required" };
  },
  "ill-formed value": (spot) => {
    const value = ILL_FORMED[spot.type.code];
    return value === undefined ? undefined : withValue(spot, value, "value");
  },
  "impossible date": (spot) => {
    const value = IMPOSSIBLE[spot.type.code];
    return value === undefined ? undefined : withValue(spot, value, "value");
  },
  "unknown code": (spot) => {
    if (spot.element.valueSet === undefined || !VALUE_SETS[spot.element.valueSet]) return undefined;
    const coding = { system: "http://x.org", code: "banana" };
    const value =
      spot.type.code === "CodeableConcept" ? { coding: [coding] } : spot.type.code === "Coding" ? coding : "banana";
    return withValue(spot, value, "code-invalid");
  },
  "two of a choice": (spot) => {
    const other =
      spot.element.types.find((type) => type.code !== spot.type.code && type.code === "boolean") ??
      spot.element.types.find((type) => type.code !== spot.type.code);
    if (!spot.element.isChoice || !other) return undefined;
    const value = {
      ...spot.value,
      [memberName(spot.element, other)]: other.code === "boolean" ? true : spot.value[spot.name]!,
    };
    return { value, expression: `${spot.expression}.${spot.element.name}[x]`, code: "structure" };
  },
  "wrong target": (spot) => {
    if (!spot.type.targets || spot.type.targets.includes("Linkage")) return undefined;
    return withValue(spot, { reference: "Linkage/1" }, "value", `${one(spot)}.reference`);
  },
  "unresolved fragment": (spot) =>
    spot.type.code === "Reference"
      ? withValue(spot, { reference: "#nothing" }, "invariant", `${one(spot)}.reference`)
      : undefined,
  "misaligned extensions": (spot) => {
    if (!isPrimitive(spot) || !isList(spot)) return undefined;
    return { value: { ...spot.value, [`_${spot.name}`]: [null, null] }, expression: at(spot), code: "structure" };
  },
  "extension without url": (spot) =>
    spot.type.code === "Extension" ? withValue(spot, { valueString: "x" }, "required", `${one(spot)}.url`) : undefined,
  "extension without value": (spot) =>
    spot.type.code === "Extension" ? withValue(spot, { url: "urn:x:1" }, "invariant") : undefined,
  "nested contained": (spot) => {
    if (spot.name !== "contained") return undefined;
    const inner = { resourceType: "Basic", id: "inner", code: { text: "x" } };
    return withValue(spot, { ...inner, contained: [inner] }, "invariant", `${one(spot)}.contained[0]`);
  },
  "unknown type inside": (spot) =>
    spot.type.code === "Resource"
      ? withValue(spot, { resourceType: "Nothing" }, "structure", `${one(spot)}.resourceType`)
      : undefined,
  "unsafe narrative": (spot) =>
    spot.type.code === "xhtml"
      ? withValue(spot, '<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>', "invariant")
      : undefined,
};

function without(value: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([own]) => own !== name));
}
