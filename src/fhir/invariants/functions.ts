/**
 * The functions that R4's conditions call, on lists of nodes.
 *
 * SPEC FHIR-INVARIANT · http://hl7.org/fhirpath/N1/#functions
 */
import { isJsonObject, isNumber, numberText } from "../json-value.ts";
import { parseReference } from "../references.ts";
import { boundedPattern, LONGEST_TEXT, PatternError } from "../pattern.ts";
import {
  childrenNamed,
  childrenOf,
  CostError,
  descendantsOf,
  keyOf,
  keysOf,
  type Node,
  type Nodes,
  type Scope,
} from "./nodes.ts";

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
function onText(use: (text: string, given: readonly string[], scope: Scope) => Nodes): Call {
  return (on, given, { focus, scope }) => {
    const text = on[0]?.value;
    const texts = given.map((one) => one(focus, scope)[0]?.value);
    if (text === undefined || typeof text === "object") return NONE;
    return use(
      String(text),
      texts.map((one) => (typeof one === "string" || typeof one === "number" ? String(one) : "")),
      scope,
    );
  };
}

const patterns = new Map<string, RegExp>();

/** R4's own patterns are few, and none of them is hostile; those of others are matched in bounded time. */
function isMatch(text: string, pattern: string, { work }: Scope): boolean {
  if (work === undefined) return patternOf(`^(?:${pattern})$`, "").test(text);
  if (text.length > LONGEST_TEXT) throw new CostError("the text is too long to be matched");
  try {
    return boundedPattern(pattern)(text);
  } catch (error) {
    if (error instanceof PatternError) throw new CostError(error.message);
    throw error;
  }
}

function replaced(text: string, pattern: string, by: string, { work }: Scope): string {
  if (work !== undefined) throw new CostError("replacing by others' patterns is not bounded");
  return text.replace(patternOf(pattern, "g"), by);
}

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
  matches: onText((text, [pattern = ""], scope) => truth(isMatch(text, pattern, scope))),
  replaceMatches: onText((text, [pattern = "", by = ""], scope) => made(replaced(text, pattern, by, scope))),
  endsWith: onText((text, [end = ""]) => truth(text.endsWith(end))),
  indexOf: onText((text, [part = ""]) => made(text.indexOf(part))),
  length: onText((text) => made(text.length)),
  lower: onText((text) => made(text.toLowerCase())),
  upper: onText((text) => made(text.toUpperCase())),
  substring: onText((text, [from = "0", length]) =>
    made(text.slice(Number(from), length === undefined ? undefined : Number(from) + Number(length))),
  ),
  last: (on) => on.slice(-1),
  single: (on) => on.slice(0, 1),
  skip: (on, [number], { focus, scope }) => on.slice(wholeOf(number, focus, scope)),
  take: (on, [number], { focus, scope }) => on.slice(0, wholeOf(number, focus, scope)),
  distinct: (on) => [...new Map(on.map((node) => [keyOf(node), node])).values()],
  allTrue: (on) => truth(on.every(({ value }) => value === true)),
  anyTrue: (on) => truth(on.some(({ value }) => value === true)),
  anyFalse: (on) => truth(on.some(({ value }) => value === false)),
  subsetOf: (on, [other], { focus, scope }) => {
    const all = keysOf(other?.(focus, scope) ?? NONE);
    return truth(on.every((node) => all.has(keyOf(node))));
  },
  supersetOf: (on, [other], { focus, scope }) => {
    const own = keysOf(on);
    return truth((other?.(focus, scope) ?? NONE).every((node) => own.has(keyOf(node))));
  },
  exclude: (on, [other], { focus, scope }) => {
    const unwanted = keysOf(other?.(focus, scope) ?? NONE);
    return on.filter((node) => !unwanted.has(keyOf(node)));
  },
  extension: (on, [url], { focus, scope }) => {
    const wanted = url?.(focus, scope)[0]?.value;
    return childrenNamed(on, "extension").filter(({ value }) => isJsonObject(value) && value["url"] === wanted);
  },
};

function wholeOf(number: Evaluate | undefined, focus: Nodes, scope: Scope): number {
  return Math.max(0, Number(number?.(focus, scope)[0]?.value ?? 0));
}

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
