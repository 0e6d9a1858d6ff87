/**
 * Reads FHIR XML into the same JSON that a client could have sent. What R4's tables do not know, or know
 * in another place, is refused here; whether the values are right is asked of the result, as for JSON.
 *
 * SPEC FHIR-XML · https://hl7.org/fhir/R4/xml.html
 */
import type { JsonObject, JsonValue } from "../json-value.ts";
import { ExactNumber } from "../json-write.ts";
import { isResourceType } from "../resource-types.ts";
import { EXPECTED } from "./expected.ts";
import { BESIDE, FHIR_NAMESPACE, planOf, type Slot } from "./plan.ts";
import { XmlReader, type Tag } from "./reader.ts";

export interface XmlLimits {
  /** How deep elements may be nested; 100 unless told. */
  readonly depth?: number;
}

type Members = Record<string, JsonValue>;

const DEFAULT_DEPTH = 100;
const NUMBERS: ReadonlySet<string> = new Set(["decimal", "integer", "positiveInt", "unsignedInt"]);
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * Reads one resource.
 * @returns it as JSON, decimals as written
 * @throws FhirError BODY_EMPTY for a blank text, BODY_NOT_XML with line and column for anything that is not FHIR XML
 */
export function parseXml(source: string, limits: XmlLimits = {}): JsonObject {
  const reader = new XmlReader(source, limits.depth ?? DEFAULT_DEPTH);
  const tag = reader.maybeTag();
  if (tag === undefined) throw reader.refuse(EXPECTED.resource);
  if (tag.attributes.get("xmlns") !== FHIR_NAMESPACE) throw reader.refuse(EXPECTED.namespace, tag.at);
  const resource = readResource(reader, tag);
  reader.readDocumentEnd();
  return resource;
}

function readResource(reader: XmlReader, tag: Tag): JsonObject {
  if (!isResourceType(tag.name)) throw reader.refuse(EXPECTED.resource, tag.at);
  const resource: Members = { resourceType: tag.name };
  readMembers(reader, tag, tag.name, resource);
  return resource;
}

/** Reads attributes and elements of a holder, in R4's order, into an object. */
function readMembers(reader: XmlReader, tag: Tag, holder: string, into: Members): void {
  if (reader.room <= 0) throw reader.refuse(EXPECTED.shallow, tag.at);
  const { byName } = planOf(holder);
  readAttributes(reader, tag, holder, into);
  if (tag.isEmpty) return;
  reader.room--;
  let last: Slot | undefined;
  for (let child = reader.maybeTag(); child !== undefined; child = reader.maybeTag()) {
    const slot = byName.get(child.name);
    if (slot === undefined || slot.isAttribute) throw reader.refuse(EXPECTED.known, child.at);
    if (last !== undefined && slot.order < last.order) throw reader.refuse(EXPECTED.order, child.at);
    if (last?.order === slot.order && !slot.isList) throw reader.refuse(EXPECTED.single, child.at);
    readChild(reader, child, slot, into);
    last = slot;
  }
  reader.readEnd(tag);
  reader.room++;
}

function readAttributes(reader: XmlReader, tag: Tag, holder: string, into: Members): void {
  const { byName } = planOf(holder);
  for (const [name, value] of tag.attributes) {
    if (name === "xmlns" && value === FHIR_NAMESPACE) continue;
    if (name === "xmlns") throw reader.refuse(EXPECTED.namespace, tag.at);
    // Declared prefixes and the place of a schema mean nothing here: elements and attributes with a prefix are not read.
    if (name.startsWith("xmlns:") || name.startsWith("xsi:")) continue;
    if (name === "value" && holder === BESIDE) continue;
    if (!byName.get(name)?.isAttribute) throw reader.refuse(EXPECTED.knownAttribute, tag.at);
    into[name] = value;
  }
}

function readChild(reader: XmlReader, tag: Tag, slot: Slot, into: Members): void {
  switch (slot.kind) {
    case "primitive":
      return readPrimitive(reader, tag, slot, into);
    case "xhtml":
      into[slot.name] = reader.readVerbatim(tag);
      return;
    case "resource":
      return put(into, slot, readInner(reader, tag));
    case "complex": {
      const value: Members = {};
      readMembers(reader, tag, slot.type, value);
      return put(into, slot, value);
    }
  }
}

function put(into: Members, slot: Slot, value: JsonValue): void {
  const list = into[slot.name];
  if (Array.isArray(list)) (list as JsonValue[]).push(value);
  else into[slot.name] = slot.isList ? [value] : value;
}

function readInner(reader: XmlReader, tag: Tag): JsonObject {
  if (tag.attributes.size > 0) throw reader.refuse(EXPECTED.knownAttribute, tag.at);
  const inner = tag.isEmpty ? undefined : reader.maybeTag();
  if (inner === undefined) throw reader.refuse(EXPECTED.resource, tag.at);
  const resource = readResource(reader, inner);
  reader.readEnd(tag);
  return resource;
}

function readPrimitive(reader: XmlReader, tag: Tag, slot: Slot, into: Members): void {
  const beside: Members = {};
  readMembers(reader, tag, BESIDE, beside);
  const text = tag.attributes.get("value");
  const value = text === undefined ? null : valueOf(text, slot.type);
  const isPlain = Object.keys(beside).length === 0;
  if (slot.isList) return addToLists(into, slot.name, value, isPlain ? null : beside);
  if (value !== null) into[slot.name] = value;
  // An element with nothing in it becomes an empty object, for validation to find.
  if (!isPlain || value === null) into[`_${slot.name}`] = beside;
}

/** Values and their extensions stand in two lists, side by side; a list without anything is left out. */
function addToLists(into: Members, name: string, value: JsonValue, beside: JsonObject | null): void {
  const length = ((into[name] ?? into[`_${name}`] ?? []) as JsonValue[]).length;
  const isEmpty = value === null && beside === null;
  pushTo(into, name, value, length);
  pushTo(into, `_${name}`, isEmpty ? {} : beside, length);
}

/** A list begins with its first item that is something; what was before it is null. */
function pushTo(into: Members, name: string, item: JsonValue, before: number): void {
  const list = into[name] as JsonValue[] | undefined;
  if (list !== undefined) list.push(item);
  else if (item !== null) into[name] = [...Array.from({ length: before }, () => null), item];
}

/** The value of a type as JSON has it. What is no number or truth value stays text, for validation to find. */
function valueOf(text: string, type: string): JsonValue {
  if (type === "boolean") return text === "true" || text === "false" ? text === "true" : text;
  if (!NUMBERS.has(type)) return text;
  const lexeme = type === "integer" ? text.replace(/^\+(?=[1-9])/, "") : text;
  if (!NUMBER.test(lexeme)) return text;
  const number = Number(lexeme);
  return String(number) === lexeme ? number : new ExactNumber(lexeme);
}
