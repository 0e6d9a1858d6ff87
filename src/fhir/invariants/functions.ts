/**
 * The functions that R4's conditions call, on lists of nodes.
 *
 * SPEC FHIR-INVARIANT · http://hl7.org/fhirpath/N1/#functions
 */
import { isJsonObject, isNumber, numberText } from "../json-value.ts";
import { parseReference } from "../references.ts";
import { childrenOf, descendantsOf, keyOf, keysOf, type Node, type Nodes, type Scope } from "./nodes.ts";

/** A compiled expression: from a focus to what it means there. */
export type Evaluate = (focus: Nodes, scope: Scope) => Nodes;
/** A function: what it is called on, what it is given, and the focus that plain arguments are about. */
export type Call = (on: Nodes, given: readonly Evaluate[], at: { focus: Nodes; scope: Scope }) => Nodes;

export const NONE: Nodes = [];
const TRUE: Nodes = [{ value: true, beside: undefined, type: "boolean" }];
const FALSE: Nodes = [{ value: false, beside: undefined, type: "boolean" }];

export function truth(is: boolean): Nodes {
  return is ? TRUE : FALSE;
}

export function made(value: string | number): Nodes {
  return [{ value, beside: undefined, type: typeof value === "number" ? "integer" : "string" }];
}

/** The truth of a list: unknown when it is empty; what is there and is no truth value counts as true. */
export function truthOf(nodes: Nodes): boolean | undefined {
  return nodes.length === 0 ? undefined : nodes[0]?.value !== false;
}

const holds = (criteria: Evaluate | undefined, node: Node, scope: Scope): boolean =>
  criteria === undefined || truthOf(criteria([node], scope)) === true;

/** A function on one text; nothing when there is none. */
function onText(use: (text: string, given: readonly string[]) => Nodes): Call {
  return (on, given, { focus, scope }) => {
    const text = on[0]?.value;
    const texts = given.map((one) => one(focus, scope)[0]?.value);
    if (text === undefined || typeof text === "object") return NONE;
    return use(
      String(text),
      texts.map((one) => (typeof one === "string" || typeof one === "number" ? String(one) : "")),
    );
  };
}

const patterns = new Map<string, RegExp>();

/** Only the definitions' own patterns come here, so there are few, and none of them is hostile. */
function patternOf(source: string, flags: string): RegExp {
  const key = `${flags}${source}`;
  const known = patterns.get(key) ?? new RegExp(source, flags);
  patterns.set(key, known);
  return known;
}

export const FUNCTIONS: Readonly<Record<string, Call>> = {
  exists: (on, [criteria], { scope }) => truth(on.some((node) => holds(criteria, node, scope))),
  empty: (on) => truth(on.length === 0),
  count: (on) => made(on.length),
  not: (on) => {
    const is = truthOf(on);
    return is === undefined ? NONE : truth(!is);
  },
  hasValue: (on) => truth(on.length === 1 && on[0]?.value !== undefined && !isJsonObject(on[0].value)),
  where: (on, [criteria], { scope }) => on.filter((node) => holds(criteria, node, scope)),
  select: (on, [part], { scope }) => on.flatMap((node) => part?.([node], scope) ?? NONE),
  all: (on, [criteria], { scope }) => truth(on.every((node) => holds(criteria, node, scope))),
  allFalse: (on) => truth(on.every(({ value }) => value === false)),
  first: (on) => on.slice(0, 1),
  tail: (on) => on.slice(1),
  isDistinct: (on) => truth(keysOf(on).size === on.length),
  children: (on) => childrenOf(on),
  descendants: (on) => descendantsOf(on),
  combine: (on, [other], { focus, scope }) => [...on, ...(other?.(focus, scope) ?? NONE)],
  intersect: (on, [other], { focus, scope }) => {
    const wanted = keysOf(other?.(focus, scope) ?? NONE);
    return on.filter((node) => wanted.has(keyOf(node)));
  },
  trace: (on) => on,
  iif: (on, [condition, then, otherwise], { scope }) =>
    (truthOf(condition?.(on, scope) ?? NONE) === true ? then : otherwise)?.(on, scope) ?? NONE,
  resolve: (on) => on.flatMap(targetOf),
  toString: onText((text) => made(text)),
  toInteger: onText((text) => (/^[+-]?\d+$/.test(text) ? made(Number(text)) : NONE)),
  contains: onText((text, [part = ""]) => truth(text.includes(part))),
  startsWith: onText((text, [start = ""]) => truth(text.startsWith(start))),
  matches: onText((text, [pattern = ""]) => truth(patternOf(`^(?:${pattern})$`, "").test(text))),
  replaceMatches: onText((text, [pattern = "", by = ""]) => made(text.replace(patternOf(pattern, "g"), by))),
};

/** What a reference points at, as far as its text says: only the type. */
function targetOf({ value }: Node): Nodes {
  const reference = isJsonObject(value) ? value["reference"] : undefined;
  if (typeof reference !== "string") return NONE;
  const target = parseReference(reference);
  return target.kind === "resource"
    ? [{ value: { resourceType: target.type }, beside: undefined, type: target.type }]
    : NONE;
}

/** Joins with `&`: what is missing is the empty text. */
export function joined(left: Nodes, right: Nodes): Nodes {
  return made(wordOf(left) + wordOf(right));
}

function wordOf(nodes: Nodes): string {
  const value = nodes[0]?.value;
  if (isNumber(value)) return numberText(value);
  return typeof value === "string" || typeof value === "boolean" ? String(value) : "";
}
