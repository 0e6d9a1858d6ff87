/**
 * What conditions are asked about: values with their type and what stands beside them, found by the element
 * tables, so that `value` means whichever form of value[x] is there.
 *
 * SPEC FHIR-INVARIANT · https://hl7.org/fhir/R4/fhirpath.html
 */
import { elementsOf, isPrimitiveType, memberName } from "../elements.ts";
import { isJsonArray, isJsonObject, isNumber, numberText, type JsonObject, type JsonValue } from "../json-value.ts";

export interface Node {
  /** Undefined when there is only something beside it: an extension in place of a value. */
  readonly value: JsonValue | undefined;
  readonly beside: JsonValue | undefined;
  /** A type or the path of a backbone element; "" for what an expression made. */
  readonly type: string;
}

export type Nodes = readonly Node[];

/** What a condition may name besides its focus. */
export interface Scope {
  readonly resource: Node;
  readonly context: Node;
  /** Paths from the resource are walked once for one condition, however often it asks. */
  walked: Map<object, Nodes> | undefined;
  /** How many nodes a condition that others wrote may still look at; R4's own are not counted. */
  readonly work?: { room: number };
}

/** A condition takes more work than it may. */
export class CostError extends Error {}

/** Counts the nodes that were found. @throws CostError */
export function spend({ work }: Scope, nodes: Nodes): Nodes {
  if (work === undefined) return nodes;
  work.room -= nodes.length + 1;
  if (work.room < 0) throw new CostError("the condition takes too much work");
  return nodes;
}

interface Step {
  readonly member: string;
  /** The member with ids and extensions, of a plain value. */
  readonly beside: string | undefined;
  readonly type: string;
}

const steps = new Map<string, ReadonlyMap<string, readonly Step[]>>();
const NO_STEPS: ReadonlyMap<string, readonly Step[]> = new Map();

/** The members that an element of a holder can be in, by the element's name without [x]. */
export function stepsOf(holder: string): ReadonlyMap<string, readonly Step[]> {
  const known = steps.get(holder);
  if (known) return known;
  const elements = elementsOf(holder);
  if (!elements) return NO_STEPS;
  const made = new Map(
    elements.map((element) => [
      element.name,
      element.types.map((type) => {
        const member = memberName(element, type);
        const beside = isPrimitiveType(type.code) ? `_${member}` : undefined;
        return { member, beside, type: type.holder ?? type.code };
      }),
    ]),
  );
  steps.set(holder, made);
  return made;
}

/** The element of this name in each node. A resource answers to its own type's name as well. */
export function childrenNamed(nodes: Nodes, name: string): Nodes {
  const found: Node[] = [];
  for (const node of nodes) {
    if (!isJsonObject(node.value)) continue;
    if (name === node.type) found.push(node);
    for (const step of stepsOf(node.type).get(name) ?? []) addStep(found, node.value, step);
  }
  return found;
}

/** All elements in each node. */
export function childrenOf(nodes: Nodes): Nodes {
  const found: Node[] = [];
  for (const { value, type } of nodes) {
    if (!isJsonObject(value)) continue;
    for (const alternatives of stepsOf(type).values()) for (const step of alternatives) addStep(found, value, step);
  }
  return found;
}

export function descendantsOf(nodes: Nodes): Nodes {
  const found: Node[] = [];
  for (let level = childrenOf(nodes); level.length > 0; level = childrenOf(level))
    for (const one of level) found.push(one);
  return found;
}

function addStep(into: Node[], parent: JsonObject, { member, beside, type }: Step): void {
  const value = parent[member];
  const extras = beside === undefined ? undefined : parent[beside];
  if (value === undefined && extras === undefined) return;
  if (!isJsonArray(value) && !isJsonArray(extras)) {
    into.push({ value, beside: extras, type: typeOf(value, type) });
    return;
  }
  const values = isJsonArray(value) ? value : [];
  const besides = isJsonArray(extras) ? extras : [];
  for (let i = 0; i < Math.max(values.length, besides.length); i++) {
    into.push({ value: values[i] ?? undefined, beside: besides[i] ?? undefined, type: typeOf(values[i], type) });
  }
}

function typeOf(value: JsonValue | undefined, type: string): string {
  if (type !== "Resource" || !isJsonObject(value)) return type;
  return typeof value["resourceType"] === "string" ? value["resourceType"] : type;
}

const keys = new WeakMap<object, ReadonlySet<string>>();

/** The nodes as a set of texts, equal when the values are; kept as long as the list is. */
export function keysOf(nodes: Nodes): ReadonlySet<string> {
  const known = keys.get(nodes);
  if (known) return known;
  const made = new Set(nodes.map(keyOf));
  keys.set(nodes, made);
  return made;
}

/** Equal for equal values: members in order of name, numbers by what they are worth. */
export function keyOf({ value }: Node): string {
  return textOf(value);
}

function textOf(value: JsonValue | undefined): string {
  if (isNumber(value)) return String(Number(numberText(value)));
  if (isJsonArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value) ?? "";
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${textOf(value[name])}`).join(",")}}`;
}
