/**
 * The values of an element in an object, whichever form of a choice they are in, and where a reference leads as far as
 * the document itself can tell.
 *
 * SPEC FHIR-PROFILE · https://hl7.org/fhir/R4/formats.html#choice
 */
import { elementsOf, isPrimitiveType, memberName, type ElementDefinition } from "../elements.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { parseReference } from "../references.ts";
import { objectsOf } from "./rule.ts";
import type { Item, ProfileRun } from "./run.ts";

/** A member in which an element may stand. */
export interface Form {
  readonly member: string;
  readonly beside: string | undefined;
  readonly type: string;
}

/** An element by its name in a holder: all its forms, or the one that the name is of. */
export interface Place {
  readonly element: ElementDefinition;
  readonly forms: readonly Form[];
  /** The name in expressions. */
  readonly name: string;
}

const places = new Map<string, Place | undefined>();

/** Where a type or backbone element has an element of this name; nothing when it has none. */
export function placeOf(holder: string, name: string): Place | undefined {
  const key = `${holder} ${name}`;
  if (!places.has(key)) places.set(key, findPlace(holder, name));
  return places.get(key);
}

function findPlace(holder: string, name: string): Place | undefined {
  for (const element of elementsOf(holder) ?? []) {
    const forms = formsOf(element);
    if (element.name === name) return { element, forms, name: element.isChoice ? `${name}[x]` : name };
    const form = element.isChoice ? forms.find(({ member }) => member === name) : undefined;
    if (form !== undefined) return { element, forms: [form], name };
  }
  return undefined;
}

function formsOf(element: ElementDefinition): Form[] {
  return element.types.map((type) => {
    const member = memberName(element, type);
    return { member, beside: isPrimitiveType(type.code) ? `_${member}` : undefined, type: type.holder ?? type.code };
  });
}

/** The values in these forms. */
export function itemsIn(parent: JsonObject, forms: readonly Form[]): Item[] {
  const items: Item[] = [];
  for (const { member, beside, type } of forms) {
    const value = parent[member];
    const extras = beside === undefined ? undefined : parent[beside];
    if (value === undefined && extras === undefined) continue;
    if (!isJsonArray(value) && !isJsonArray(extras)) {
      items.push({ value, beside: extras, type: typeOf(value, type), member, index: undefined });
      continue;
    }
    const values = isJsonArray(value) ? value : [];
    const besides = isJsonArray(extras) ? extras : [];
    for (let index = 0; index < Math.max(values.length, besides.length); index++) {
      const one = values[index] ?? undefined;
      items.push({ value: one, beside: besides[index] ?? undefined, type: typeOf(one, type), member, index });
    }
  }
  return items;
}

/** The values of one element of an item. */
export function itemsOf(item: Item, name: string): Item[] {
  const place = isJsonObject(item.value) ? placeOf(item.type, name) : undefined;
  return place === undefined || !isJsonObject(item.value) ? [] : itemsIn(item.value, place.forms);
}

/** Puts an item's place behind the path, and answers where it ends. */
export function enter(run: ProfileRun, at: number, { member, index }: Item): number {
  run.path[at + 1] = member;
  if (index === undefined) return at + 1;
  run.path[at + 2] = index;
  return at + 2;
}

/** Tells of an element as such, whichever value of it is meant. */
export function noteAt(run: ProfileRun, at: number, { name }: Place, tell: () => void): void {
  run.path[at + 1] = name;
  tell();
}

/** FHIR's name for an item's type: that of backbone elements is the same for all. */
export function codeOf({ type }: Item): string {
  return type.includes(".") ? "BackboneElement" : type;
}

function typeOf(value: JsonValue | undefined, type: string): string {
  if (type !== "Resource" || !isJsonObject(value)) return type;
  return typeof value["resourceType"] === "string" ? value["resourceType"] : type;
}

/** What a reference leads to: the resource if the document has it, and its type as far as it can be told. */
export interface Target {
  readonly resource: JsonObject | undefined;
  readonly type: string | undefined;
}

export function targetOf({ value }: Item, run: ProfileRun): Target {
  if (!isJsonObject(value)) return { resource: undefined, type: undefined };
  const { reference, type } = value;
  const named = typeof type === "string" ? type : undefined;
  if (typeof reference !== "string") return { resource: undefined, type: named };
  const parsed = parseReference(reference);
  const resource = parsed.kind === "fragment" ? containedAs(parsed.id, run) : run.inBundle.get(reference);
  const found = resource?.["resourceType"];
  if (typeof found === "string") return { resource, type: found };
  const isTyped = parsed.kind === "resource" || parsed.kind === "conditional";
  return { resource: undefined, type: isTyped ? parsed.type : named };
}

function containedAs(id: string, { container }: ProfileRun): JsonObject | undefined {
  return id === "" ? container : objectsOf(container["contained"]).find((one) => one["id"] === id);
}

const NO_ENTRIES: ReadonlyMap<string, JsonObject> = new Map();

/** The resources of a bundle by the addresses that references in it may use. */
export function entriesOf(resource: JsonObject): ReadonlyMap<string, JsonObject> {
  if (resource["resourceType"] !== "Bundle") return NO_ENTRIES;
  const found = new Map<string, JsonObject>();
  for (const entry of objectsOf(resource["entry"])) {
    const inner = entry["resource"];
    if (!isJsonObject(inner)) continue;
    const { resourceType, id } = inner;
    if (typeof entry["fullUrl"] === "string") found.set(entry["fullUrl"], inner);
    if (typeof resourceType === "string" && typeof id === "string") found.set(`${resourceType}/${id}`, inner);
  }
  return found;
}
