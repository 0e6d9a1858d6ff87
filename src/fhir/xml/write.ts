/**
 * Writes a resource as FHIR XML: elements in R4's order, numbers as they were written, the narrative
 * as it is.
 *
 * SPEC FHIR-XML · https://hl7.org/fhir/R4/xml.html
 */
import { isJsonArray, isJsonObject, isNumber, numberText, type JsonObject, type JsonValue } from "../json-value.ts";
import { isResourceType } from "../resource-types.ts";
import { narrativeFault } from "../validation/xhtml.ts";
import { BESIDE, FHIR_NAMESPACE, planOf, type Plan, type Slot } from "./plan.ts";

/** One text in the making. */
interface Out {
  text: string;
  /** A start tag stands at the end that is not ended yet, because nothing may follow in it. */
  isOpen: boolean;
  depth: number;
  readonly isPretty: boolean;
}

/** A start tag in the making: its name, and the attributes that its members do not say. */
interface Start {
  readonly name: string;
  readonly attributes: string;
}

const XHTML = "http://www.w3.org/1999/xhtml";

/**
 * The XML text of a valid resource. A character that XML cannot carry becomes U+FFFD.
 * @param isPretty each element on a line of its own
 * @throws TypeError when the resource holds what R4 does not know, rather than leaving it out
 */
export function writeXml(resource: JsonObject, isPretty = false): string {
  const out: Out = { text: '<?xml version="1.0" encoding="UTF-8"?>', isOpen: false, depth: 0, isPretty };
  writeResource(out, resource, ` xmlns="${FHIR_NAMESPACE}"`);
  return out.text;
}

function writeResource(out: Out, resource: JsonValue, namespace = ""): void {
  const type = isJsonObject(resource) ? resource["resourceType"] : undefined;
  if (!isJsonObject(resource) || !isResourceType(type)) throw new TypeError("not a resource");
  writeComplex(out, { name: type, attributes: namespace }, resource, planOf(type));
}

/** An element with members: attributes first, then the rest in order. */
function writeComplex(out: Out, { name, attributes }: Start, value: JsonObject, plan: Plan): void {
  begin(out);
  out.text += `<${name}${attributes}`;
  let known = value["resourceType"] === undefined || plan.byName.has("resourceType") ? 0 : 1;
  for (const slot of plan.slots) {
    if (!slot.isAttribute || value[slot.name] === undefined) continue;
    known++;
    out.text += ` ${slot.name}="${escapeAttribute(textOf(value[slot.name]))}"`;
  }
  out.isOpen = true;
  out.depth++;
  for (const slot of plan.slots) if (!slot.isAttribute) known += writeSlot(out, slot, value);
  out.depth--;
  if (known !== namesOf(value)) throw new TypeError(`${name} has a member that R4 does not know`);
  end(out, name);
}

function namesOf(value: JsonObject): number {
  let names = 0;
  for (const name in value) if (value[name] !== undefined) names++;
  return names;
}

/** Ends the tag around what comes next, and begins a line for it. */
function begin(out: Out): void {
  if (out.isOpen) out.text += ">";
  out.isOpen = false;
  if (out.isPretty) out.text += `\n${"  ".repeat(out.depth)}`;
}

function end(out: Out, name: string): void {
  if (out.isOpen) {
    out.text += "/>";
    out.isOpen = false;
    return;
  }
  begin(out);
  out.text += `</${name}>`;
}

/** Writes one member and what stands beside it; answers how many members of the object that was. */
function writeSlot(out: Out, slot: Slot, holder: JsonObject): number {
  const value = holder[slot.name];
  const beside = slot.beside === undefined ? undefined : holder[slot.beside];
  if (value === undefined && beside === undefined) return 0;
  const values = listOf(value);
  const besides = listOf(beside);
  for (let i = 0; i < Math.max(values.length, besides.length); i++) {
    writeItem(out, slot, values[i] ?? undefined, besides[i]);
  }
  return (value === undefined ? 0 : 1) + (beside === undefined ? 0 : 1);
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return isJsonArray(value) ? value : [value];
}

function writeItem(out: Out, slot: Slot, value: JsonValue | undefined, beside: JsonValue | undefined): void {
  switch (slot.kind) {
    case "primitive":
      return writePrimitive(out, slot.name, value, isJsonObject(beside) ? beside : {});
    case "xhtml":
      return writeNarrative(out, textOf(value));
    case "resource":
      return writeInner(out, slot.name, value);
    case "complex":
      if (!isJsonObject(value)) throw new TypeError(`${slot.name} is not an object`);
      return writeComplex(out, { name: slot.name, attributes: "" }, value, planOf(slot.type));
  }
}

function writePrimitive(out: Out, name: string, value: JsonValue | undefined, beside: JsonObject): void {
  const attribute = value === undefined ? "" : ` value="${escapeAttribute(textOf(value))}"`;
  writeComplex(out, { name, attributes: attribute }, beside, planOf(BESIDE));
}

function writeInner(out: Out, name: string, value: JsonValue | undefined): void {
  begin(out);
  out.text += `<${name}`;
  out.isOpen = true;
  out.depth++;
  writeResource(out, value ?? null);
  out.depth--;
  end(out, name);
}

/** As it is, if it is sound; otherwise as plain text, so that it cannot end the element it stands in. */
function writeNarrative(out: Out, div: string): void {
  begin(out);
  out.text += narrativeFault(div) === undefined ? div : `<div xmlns="${XHTML}">${escapeAttribute(div)}</div>`;
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  if (isNumber(value)) return numberText(value);
  if (typeof value === "boolean") return String(value);
  throw new TypeError("not a plain value");
}

// Line breaks and tabs are escaped because a reader of XML would turn them into blanks.
const SPECIAL = /[&<>"\t\n\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

function escapeAttribute(text: string): string {
  return text.replace(SPECIAL, (character) => ESCAPES[character] ?? "\ufffd");
}
