/**
 * FHIRPath Patch: changes to a resource, told as Parameters. All operations or none, on a copy.
 *
 * SPEC FHIR-PATHPATCH · https://hl7.org/fhir/R4/fhirpatch.html
 */
import { isPrimitiveType, memberName, type ElementDefinition } from "../elements.ts";
import { refuseIdentityChange } from "../json-patch.ts";
import { copyJson, isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../json-value.ts";
import { fhirErrorAt } from "../outcomes.ts";
import { allowedWork, fhirPath, PathError, type Work } from "./path.ts";
import { elementOf, findPlace, insideOf, type Members, type Place } from "./place.ts";
import { readValue, type PatchValue } from "./value.ts";

const MOST_OPERATIONS = 1_000;

interface Operation {
  readonly parts: ReadonlyMap<string, JsonObject>;
  readonly path: string;
  /** What is left for all operations together. */
  readonly work: Work;
}

const OPERATIONS: Readonly<Record<string, (resource: Members, operation: Operation) => void>> = {
  add,
  insert,
  delete: remove,
  replace,
  move,
};

/**
 * Applies a FHIRPath Patch and gives the changed copy; `loadFhirPath` comes first.
 * @param patch a Parameters resource with one parameter called `operation` for each change
 * @throws FhirError PATCH_INVALID, whose expression is the operation at fault: `Parameters.parameter[2]`
 */
export function applyFhirPathPatch(resource: JsonObject, patch: JsonObject): JsonObject {
  const operations = patch["parameter"];
  if (patch["resourceType"] !== "Parameters" || !isJsonArray(operations) || operations.length > MOST_OPERATIONS) {
    throw fhirErrorAt("PATCH_INVALID", "Parameters.parameter", {
      sv: "en ändring är Parameters med högst tusen åtgärder",
      en: "a patch is Parameters with at most a thousand operations",
    });
  }
  const changed = copyJson(resource) as Members;
  const work = allowedWork();
  operations.forEach((operation, i) => applyOne(changed, operation, work, `Parameters.parameter[${i}]`));
  refuseIdentityChange(resource, changed);
  return changed;
}

function applyOne(resource: Members, given: JsonValue, work: Work, expression: string): void {
  try {
    const operation = operationOf(given, work);
    const type = textPart(operation.parts, "type");
    const apply = Object.hasOwn(OPERATIONS, type) ? OPERATIONS[type] : undefined;
    if (!apply)
      throw refuse(
        "type är add, insert, delete, replace eller move",
        "type is one of add, insert, delete, replace and move",
      );
    apply(resource, operation);
  } catch (error) {
    if (error instanceof PathError) throw fhirErrorAt("PATCH_INVALID", expression, error.reason);
    throw error;
  }
}

function operationOf(given: JsonValue, work: Work): Operation {
  const list = isJsonObject(given) && given["name"] === "operation" ? given["part"] : undefined;
  if (!isJsonArray(list))
    throw refuse(
      "en åtgärd är parametern operation med delar",
      "an operation is a parameter called operation, with parts",
    );
  const parts = new Map<string, JsonObject>();
  for (const part of list) {
    const name = isJsonObject(part) ? part["name"] : undefined;
    if (!isJsonObject(part) || typeof name !== "string" || parts.has(name))
      throw refuse("varje del har ett namn och finns en gång", "each part has a name and occurs once");
    parts.set(name, part);
  }
  return { parts, path: textPart(parts, "path"), work };
}

function textPart(parts: ReadonlyMap<string, JsonObject>, name: string): string {
  const part = parts.get(name);
  const text = part?.["valueCode"] ?? part?.["valueString"];
  if (typeof text === "string") return text;
  throw refuse(`delen ${name} saknas`, `the part ${name} is missing`);
}

function indexPart({ parts }: Operation, name: string): number {
  const index = parts.get(name)?.["valueInteger"];
  if (typeof index === "number" && Number.isInteger(index) && index >= 0) return index;
  throw refuse(`delen ${name} saknas eller är inte ett heltal`, `the part ${name} is missing or is not a whole number`);
}

function valuePart({ parts }: Operation, element: ElementDefinition): PatchValue {
  const part = parts.get("value");
  if (part) return readValue(part, element);
  throw refuse("delen value saknas", "the part value is missing");
}

function refuse(sv: string, en: string): PathError {
  return new PathError({ sv, en });
}

/** The one place that the path leads to; undefined for the resource itself, "none" for no place. */
function onePlace(resource: Members, { path, work }: Operation): Place | undefined | "none" {
  const places = fhirPath().placesOf(resource, path, work);
  if (places.length > 1) throw refuse("sökvägen leder till flera ställen", "the path leads to more than one place");
  return places[0] === undefined ? "none" : findPlace(resource, places[0]);
}

function somePlace(resource: Members, operation: Operation): Place | undefined {
  const place = onePlace(resource, operation);
  if (place !== "none") return place;
  throw refuse("sökvägen leder ingenstans", "the path leads nowhere");
}

function add(resource: Members, operation: Operation): void {
  const place = somePlace(resource, operation);
  const type = resource["resourceType"];
  const inside = place ? insideOf(place) : { value: resource, type: typeof type === "string" ? type : "" };
  if (place && isPrimitiveType(place.type.code) && !isInPlace(place, inside.value)) attach(place, inside.value);
  const element = elementOf(inside.type, textPart(operation.parts, "name"));
  const value = valuePart(operation, element);
  if (element.max === 1) return addSingle(inside.value, element, value);
  const list = listIn(inside.value, value.member);
  set(inside.value, value.member, [...list, value.value]);
  const besides = inside.value[`_${value.member}`];
  if (isJsonArray(besides)) set(inside.value, `_${value.member}`, [...besides, null]);
}

function addSingle(holder: Members, element: ElementDefinition, { member, value }: PatchValue): void {
  if (element.types.some((type) => holder[memberName(element, type)] !== undefined))
    throw refuse("elementet finns redan; ersätt det i stället", "the element is there already; replace it instead");
  set(holder, member, value);
}

function isInPlace({ holders, member, index }: Place, beside: Members): boolean {
  const held = holders.at(-1)?.[`_${member}`];
  return (isJsonArray(held) && index !== undefined ? held[index] : held) === beside;
}

/** Puts an object with extensions beside a plain value. */
function attach({ holders, member, index }: Place, beside: Members): void {
  const holder = holders.at(-1) ?? {};
  if (index === undefined) return set(holder, `_${member}`, beside);
  const values = listIn(holder, member);
  const besides = listIn(holder, `_${member}`);
  set(
    holder,
    `_${member}`,
    values.map((_, i) => (i === index ? beside : (besides[i] ?? null))),
  );
}

function insert(resource: Members, operation: Operation): void {
  const place = listPlace(resource, operation);
  const { value } = valuePart(operation, place.element);
  const index = indexPart(operation, "index");
  changeLists(place, (list, isBeside) => {
    if (index > list.length) throw refuse("platsen finns inte i listan", "the index is outside the list");
    return list.toSpliced(index, 0, isBeside ? null : value);
  });
}

function move(resource: Members, operation: Operation): void {
  const place = listPlace(resource, operation);
  const [from, to] = [indexPart(operation, "source"), indexPart(operation, "destination")];
  changeLists(place, (list) => {
    if (from >= list.length || to >= list.length)
      throw refuse("platsen finns inte i listan", "the index is outside the list");
    return list.toSpliced(from, 1).toSpliced(to, 0, list[from] ?? null);
  });
}

/** The list that all places of a path are in. */
function listPlace(resource: Members, { path, work }: Operation): Place {
  const places = fhirPath().placesOf(resource, path, work);
  const lists = new Set(places.map((one) => one.replace(/\[\d+\]$/, "")));
  const [first] = places;
  if (first === undefined || lists.size !== 1)
    throw refuse("sökvägen leder inte till en lista", "the path does not lead to one list");
  const place = findPlace(resource, first);
  if (place?.index === undefined)
    throw refuse("sökvägen leder inte till en lista", "the path does not lead to one list");
  return place;
}

/** Changes a list of values, and the list of what stands beside them the same way. */
function changeLists({ holders, member }: Place, change: (list: JsonArray, isBeside: boolean) => JsonValue[]): void {
  const holder = holders.at(-1) ?? {};
  const [values, besides] = [holder[member], holder[`_${member}`]];
  if (isJsonArray(values)) set(holder, member, change(values, false));
  if (isJsonArray(besides)) set(holder, `_${member}`, change(besides, true));
}

function replace(resource: Members, operation: Operation): void {
  const place = somePlace(resource, operation);
  if (!place) throw refuse("hela resursen kan inte ersättas", "the whole resource cannot be replaced");
  const { member, value } = valuePart(operation, place.element);
  const holder = place.holders.at(-1) ?? {};
  if (place.index === undefined) {
    clear(holder, place.member);
    set(holder, member, value);
    return;
  }
  const { index } = place;
  changeLists(place, (list, isBeside) => list.with(index, isBeside ? null : value));
  dropNothing(holder, `_${place.member}`);
}

function remove(resource: Members, operation: Operation): void {
  const place = onePlace(resource, operation);
  if (place === "none") return;
  if (!place) throw refuse("hela resursen kan inte tas bort", "the whole resource cannot be removed");
  const { holders, member, index } = place;
  const holder = holders.at(-1) ?? {};
  if (index === undefined) clear(holder, member);
  else changeLists(place, (list) => list.toSpliced(index, 1));
  dropNothing(holder, member);
  dropNothing(holder, `_${member}`);
  dropEmptied(holders);
}

function clear(holder: Members, member: string): void {
  Reflect.deleteProperty(holder, member);
  Reflect.deleteProperty(holder, `_${member}`);
}

/** A list without anything in it is left out. */
function dropNothing(holder: Members, member: string): void {
  const list = holder[member];
  if (isJsonArray(list) && list.every((item) => item === null)) Reflect.deleteProperty(holder, member);
}

/** Objects that lost their last member go too, from the innermost out. */
function dropEmptied(holders: readonly Members[]): void {
  for (let i = holders.length - 1; i > 0; i--) {
    const [inner, outer] = [holders[i], holders[i - 1]];
    if (!inner || !outer || Object.keys(inner).length > 0) return;
    for (const [name, value] of Object.entries(outer)) {
      if (value === inner) Reflect.deleteProperty(outer, name);
      else if (isJsonArray(value) && value.includes(inner)) takeOut(outer, name, inner);
    }
  }
}

function takeOut(outer: Members, name: string, inner: JsonObject): void {
  const list = listIn(outer, name);
  const rest = name.startsWith("_")
    ? list.map((one) => (one === inner ? null : one))
    : list.filter((one) => one !== inner);
  set(outer, name, rest);
  dropNothing(outer, name);
}

function listIn(holder: Members, member: string): JsonArray {
  const list = holder[member];
  return isJsonArray(list) ? list : [];
}

function set(holder: Members, member: string, value: JsonValue): void {
  Object.defineProperty(holder, member, { value, enumerable: true, writable: true, configurable: true });
}
