/**
 * JSON Patch: all operations or none, on a copy. What a patch may never change in a resource is here
 * too; what else may be done about ids is the caller's to decide.
 *
 * SPEC FHIR-PATCH · https://www.rfc-editor.org/rfc/rfc6902 · https://hl7.org/fhir/R4/http.html#patch
 */
import { isEqualJson } from "./json-equal.ts";
import {
  addChild,
  parsePointer,
  placeAt,
  PointerError,
  removeChild,
  replaceChild,
  valueAt,
  type Pointer,
} from "./json-pointer.ts";
import { copyJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";
import { ExactNumber } from "./json-write.ts";
import { fhirErrorAt, safeWord } from "./outcomes.ts";

const MOST_OPERATIONS = 1_000;
// Copies of copies double at every step; this bounds what a small patch can grow into, in characters.
const MOST_COPIED = 4_000_000;
const DEEPEST = 100;

interface Patching {
  document: JsonValue;
  /** Lists and objects that a removal left empty; FHIR has none of either. */
  readonly emptied: Set<object>;
  copied: number;
}

const OPERATIONS: Readonly<Record<string, (patching: Patching, operation: JsonObject) => void>> = {
  add: (patching, operation) => add(patching, pathOf(operation), copyJson(valueOf(operation))),
  remove: (patching, operation) => void remove(patching, pathOf(operation)),
  replace: (patching, operation) => replace(patching, pathOf(operation), copyJson(valueOf(operation))),
  move,
  copy,
  test,
};

class TestFailed extends Error {}

/**
 * Applies a JSON Patch and gives the changed copy.
 * @param operations the parsed body of the request
 * @throws FhirError PATCH_INVALID or PATCH_TEST_FAILED, whose expression is the operation at fault: `patch[2]`
 */
export function applyJsonPatch(document: JsonValue, operations: JsonValue): JsonValue {
  return applyAll(document, operations).document;
}

/**
 * Applies a JSON Patch to a resource. A list or object whose last part was removed goes too, since
 * FHIR has no empty ones.
 * @throws FhirError also when the patch would change the resource's type, id, version or time of change
 */
export function applyResourcePatch(resource: JsonObject, operations: JsonValue): JsonObject {
  const { document, emptied } = applyAll(resource, operations);
  if (!isJsonObject(document))
    throw fhirErrorAt("PATCH_INVALID", "patch", { sv: "en resurs är ett objekt", en: "a resource is an object" });
  if (emptied.size > 0) dropEmptied(document, emptied);
  refuseIdentityChange(resource, document);
  return document;
}

/** @throws FhirError PATCH_INVALID when type, id, version or time of change differ: the server alone sets them */
export function refuseIdentityChange(before: JsonObject, after: JsonObject): void {
  for (const path of ["resourceType", "id", "meta.versionId", "meta.lastUpdated"]) {
    if (isEqualJson(elementAt(before, path), elementAt(after, path))) continue;
    throw fhirErrorAt("PATCH_INVALID", `${typeOf(before)}.${path}`, {
      sv: `${path} kan inte ändras`,
      en: `${path} cannot be changed`,
    });
  }
}

function typeOf({ resourceType }: JsonObject): string {
  return typeof resourceType === "string" ? safeWord(resourceType) : "Resource";
}

function elementAt(resource: JsonObject, path: string): JsonValue {
  const [first = "", second] = path.split(".");
  const value = resource[first] ?? null;
  if (second === undefined) return value;
  return isJsonObject(value) ? (value[second] ?? null) : null;
}

function applyAll(document: JsonValue, operations: JsonValue): Patching {
  if (!isJsonArray(operations))
    throw fhirErrorAt("PATCH_INVALID", "patch", {
      sv: "en ändring är en lista av åtgärder",
      en: "a patch is a list of operations",
    });
  if (operations.length > MOST_OPERATIONS)
    throw fhirErrorAt("PATCH_INVALID", "patch", { sv: "för många åtgärder", en: "too many operations" });
  const patching: Patching = { document: copyJson(document), emptied: new Set(), copied: 0 };
  operations.forEach((operation, i) => applyOne(patching, operation, `patch[${i}]`));
  if (!isWithinDepth(patching.document, DEEPEST)) {
    throw fhirErrorAt("PATCH_INVALID", "patch", {
      sv: "resultatet har för många nivåer",
      en: "the result is nested too deeply",
    });
  }
  return patching;
}

function applyOne(patching: Patching, operation: JsonValue, expression: string): void {
  try {
    operationOf(operation)(patching, operation as JsonObject);
  } catch (error) {
    if (error instanceof PointerError) throw fhirErrorAt("PATCH_INVALID", expression, error.reason);
    if (error instanceof TestFailed) throw fhirErrorAt("PATCH_TEST_FAILED", expression);
    throw error;
  }
}

function operationOf(operation: JsonValue): (patching: Patching, operation: JsonObject) => void {
  if (!isJsonObject(operation))
    throw new PointerError({ sv: "en åtgärd är ett objekt", en: "an operation is an object" });
  const { op } = operation;
  const apply = typeof op === "string" && Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
  if (!apply)
    throw new PointerError({
      sv: "op är add, remove, replace, move, copy eller test",
      en: "op is one of add, remove, replace, move, copy and test",
    });
  return apply;
}

function pathOf(operation: JsonObject, member: "path" | "from" = "path"): Pointer {
  const path = operation[member];
  if (typeof path !== "string") throw new PointerError({ sv: `${member} saknas`, en: `${member} is missing` });
  return parsePointer(path);
}

function valueOf(operation: JsonObject): JsonValue {
  const { value } = operation;
  if (value === undefined) throw new PointerError({ sv: "value saknas", en: "value is missing" });
  return value;
}

function add(patching: Patching, path: Pointer, value: JsonValue): void {
  if (path.length === 0) {
    patching.document = value;
    return;
  }
  const { parent, token } = placeAt(patching.document, path);
  addChild(parent, token, value);
  patching.emptied.delete(parent as object);
}

function replace(patching: Patching, path: Pointer, value: JsonValue): void {
  if (path.length === 0) {
    patching.document = value;
    return;
  }
  const { parent, token } = placeAt(patching.document, path);
  replaceChild(parent, token, value);
}

function remove(patching: Patching, path: Pointer): JsonValue {
  const { parent, token } = placeAt(patching.document, path);
  const removed = removeChild(parent, token);
  if (isEmpty(parent)) patching.emptied.add(parent as object);
  return removed;
}

function move(patching: Patching, operation: JsonObject): void {
  const from = pathOf(operation, "from");
  const path = pathOf(operation);
  const isInside = from.every((token, i) => token === path[i]);
  const value = valueAt(patching.document, from);
  if (isInside && from.length === path.length) return;
  if (isInside)
    throw new PointerError({
      sv: "ett värde kan inte flyttas in i sig självt",
      en: "a value cannot be moved into itself",
    });
  weigh(patching, value, path);
  add(patching, path, remove(patching, from));
}

function copy(patching: Patching, operation: JsonObject): void {
  const path = pathOf(operation);
  const value = valueAt(patching.document, pathOf(operation, "from"));
  weigh(patching, value, path);
  add(patching, path, copyJson(value));
}

/** Refuses what would grow or deepen the document without bound. */
function weigh(patching: Patching, value: JsonValue, path: Pointer): void {
  patching.copied += weightOf(value, MOST_COPIED - patching.copied, DEEPEST - path.length);
  if (patching.copied > MOST_COPIED)
    throw new PointerError({ sv: "kopiorna blir för stora", en: "the copies grow too large" });
}

function test(patching: Patching, operation: JsonObject): void {
  const expected = valueOf(operation);
  if (!isEqualJson(valueAt(patching.document, pathOf(operation)), expected)) throw new TestFailed();
}

/** Roughly the length of a value's text; stops counting once it is past the limit. */
function weightOf(value: JsonValue, limit: number, depth: number): number {
  if (typeof value === "string") return value.length + 2;
  if (!isContainer(value)) return 8;
  if (depth < 1)
    throw new PointerError({ sv: "resultatet har för många nivåer", en: "the result is nested too deeply" });
  let weight = 2;
  for (const [name, child] of Object.entries(value)) {
    weight += name.length + weightOf(child as JsonValue, limit - weight, depth - 1);
    if (weight > limit) break;
  }
  return weight;
}

function isWithinDepth(value: JsonValue | undefined, depth: number): boolean {
  return !isContainer(value) || (depth > 0 && Object.values(value).every((child) => isWithinDepth(child, depth - 1)));
}

function isContainer(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  return typeof value === "object" && value !== null && !(value instanceof ExactNumber);
}

function isEmpty(value: JsonValue): boolean {
  return isContainer(value) && Object.keys(value).length === 0;
}

/** Takes away what the patch emptied, and then what only held such. */
function dropEmptied(parent: JsonObject | readonly JsonValue[], emptied: Set<object>): void {
  const hadChildren = !isEmpty(parent);
  // From the end, so that taking an item out of a list does not move those still to be seen.
  for (const [token, child] of Object.entries(parent).toReversed()) {
    if (!isContainer(child)) continue;
    dropEmptied(child, emptied);
    if (emptied.has(child)) removeChild(parent, token);
  }
  if (hadChildren && isEmpty(parent)) emptied.add(parent);
}
