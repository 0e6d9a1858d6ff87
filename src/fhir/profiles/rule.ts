/**
 * A profile as a tree of rules: what a StructureDefinition says of each element, its slices under it. A differential
 * becomes the same tree, laid over that of its base; R4's own definitions say nothing here, since every resource is held
 * against them anyway.
 *
 * SPEC FHIR-PROFILE-1, -2 · https://hl7.org/fhir/R4/structuredefinition.html · https://hl7.org/fhir/R4/elementdefinition.html
 */
import { isJsonArray, isJsonObject, isNumber, numberOf, type JsonObject, type JsonValue } from "../json-value.ts";

export interface TypeRule {
  readonly code: string;
  readonly profiles: readonly string[];
  readonly targets: readonly string[];
}

export interface Discriminator {
  readonly type: string;
  readonly path: string;
}

export interface Slicing {
  readonly discriminators: readonly Discriminator[];
  readonly rules: string;
  readonly ordered: boolean;
}

export interface Constraint {
  readonly key: string;
  readonly isWarning: boolean;
  readonly human: string;
  readonly expression: string;
  /** The definition that the constraint comes from. */
  readonly source: string;
}

export interface Binding {
  readonly strength: string;
  readonly valueSet: string;
}

/** What a profile says of one element, or of one slice of it. What is undefined is left as it was. */
export interface Rule {
  /** The element's name with [x] left out; a form of a choice may stand under its own name (`valueQuantity`). */
  readonly name: string;
  readonly slice: string | undefined;
  min: number | undefined;
  max: number | undefined;
  types: readonly TypeRule[] | undefined;
  fixed: JsonValue | undefined;
  pattern: JsonValue | undefined;
  least: JsonValue | undefined;
  most: JsonValue | undefined;
  maxLength: number | undefined;
  binding: Binding | undefined;
  slicing: Slicing | undefined;
  content: string | undefined;
  isModifier: boolean | undefined;
  readonly constraints: Map<string, Constraint>;
  readonly children: Map<string, Rule>;
  readonly slices: Map<string, Rule>;
}

const MOST_ELEMENTS = 20_000;
const DEEPEST = 40;

/** A rule that says nothing yet. */
export function emptyRule(name: string, slice?: string): Rule {
  return {
    name,
    slice,
    min: undefined,
    max: undefined,
    types: undefined,
    fixed: undefined,
    pattern: undefined,
    least: undefined,
    most: undefined,
    maxLength: undefined,
    binding: undefined,
    slicing: undefined,
    content: undefined,
    isModifier: undefined,
    constraints: new Map(),
    children: new Map(),
    slices: new Map(),
  };
}

/** The tree of a list of elements, from a snapshot or a differential. Elements that make no sense are left out. */
export function treeOf(elements: readonly JsonValue[]): Rule {
  const root = emptyRule("");
  const latest = new Map<string, string>();
  for (const element of elements.slice(0, MOST_ELEMENTS)) {
    if (!isJsonObject(element)) continue;
    const path = textOf(element["path"]);
    const id = idOf(element, path, latest);
    if (path === "" || path.split(".").length > DEEPEST) continue;
    latest.set(path, id);
    state(ruleAt(root, id), element);
  }
  return root;
}

/** The element's id, whose steps name slices; made from path and slice name where it is not given. */
function idOf(element: JsonObject, path: string, latest: ReadonlyMap<string, string>): string {
  const given = textOf(element["id"]);
  if (
    stepsOf(given)
      .map(({ name }) => name)
      .join(".") === path.replaceAll("[x]", "")
  )
    return given;
  const dot = path.lastIndexOf(".");
  const parent = path.slice(0, Math.max(dot, 0));
  const slice = textOf(element["sliceName"]);
  return `${parent === "" ? "" : `${latest.get(parent) ?? parent}.`}${path.slice(dot + 1)}${slice === "" ? "" : `:${slice}`}`;
}

interface IdStep {
  readonly name: string;
  readonly slices: readonly string[];
}

/** `Patient.identifier:a/b.system` as steps; a slice of a slice is named after the one it is in. */
function stepsOf(id: string): IdStep[] {
  if (id === "") return [];
  return id.split(".").map((step) => {
    const [name = "", slice] = step.split(/:(.*)/s);
    return { name: name.replace("[x]", ""), slices: slice === undefined || slice === "" ? [] : namesOf(slice) };
  });
}

/** `a/b` is b within a: [a, a/b]. */
function namesOf(slice: string): string[] {
  const parts = slice.split("/");
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** The rule that an id names, made where it is not there. */
function ruleAt(root: Rule, id: string): Rule {
  let rule = root;
  for (const { name, slices } of stepsOf(id).slice(1)) {
    rule = within(rule.children, name, () => emptyRule(name));
    for (const slice of slices) rule = within(rule.slices, slice, () => emptyRule(name, slice));
  }
  return rule;
}

/** The rule of an id that is there. */
export function maybeRuleAt(root: Rule, id: string): Rule | undefined {
  let rule: Rule | undefined = root;
  for (const { name, slices } of stepsOf(id).slice(1)) {
    rule = rule?.children.get(name);
    for (const slice of slices) rule = rule?.slices.get(slice);
  }
  return rule;
}

function within<T>(map: Map<string, T>, name: string, make: () => T): T {
  const known = map.get(name) ?? make();
  map.set(name, known);
  return known;
}

/** Takes into a rule what an element says. */
function state(rule: Rule, element: JsonObject): void {
  rule.min = wholeOf(element["min"]) ?? rule.min;
  const max = textOf(element["max"]);
  if (max !== "") rule.max = max === "*" ? Infinity : Number(max);
  rule.types = typesOf(element["type"]) ?? rule.types;
  rule.fixed = choiceOf(element, "fixed") ?? rule.fixed;
  rule.pattern = choiceOf(element, "pattern") ?? rule.pattern;
  rule.least = choiceOf(element, "minValue") ?? rule.least;
  rule.most = choiceOf(element, "maxValue") ?? rule.most;
  rule.maxLength = wholeOf(element["maxLength"]) ?? rule.maxLength;
  rule.binding = bindingOf(element["binding"]) ?? rule.binding;
  rule.slicing = slicingOf(element["slicing"]) ?? rule.slicing;
  rule.content = textOf(element["contentReference"]) || rule.content;
  if (typeof element["isModifier"] === "boolean") rule.isModifier = element["isModifier"];
  for (const one of objectsOf(element["constraint"])) {
    const constraint = constraintOf(one);
    if (constraint !== undefined) rule.constraints.set(constraint.key, constraint);
  }
}

/** The tree of a profile with only a differential: what it says, and where it says nothing, what its base says. */
export function overlay(base: Rule, own: Rule): Rule {
  const joined: Rule = {
    name: own.name || base.name,
    slice: own.slice ?? base.slice,
    min: own.min ?? base.min,
    max: own.max ?? base.max,
    types: own.types ?? base.types,
    fixed: own.fixed ?? base.fixed,
    pattern: own.pattern ?? base.pattern,
    least: own.least ?? base.least,
    most: own.most ?? base.most,
    maxLength: own.maxLength ?? base.maxLength,
    binding: own.binding ?? base.binding,
    slicing: own.slicing ?? base.slicing,
    content: own.content ?? base.content,
    isModifier: own.isModifier ?? base.isModifier,
    constraints: new Map([...base.constraints, ...own.constraints]),
    children: joinedMap(base.children, own.children),
    slices: joinedMap(base.slices, own.slices),
  };
  return joined;
}

function joinedMap(base: ReadonlyMap<string, Rule>, own: ReadonlyMap<string, Rule>): Map<string, Rule> {
  const joined = new Map(base);
  for (const [name, rule] of own) {
    const before = base.get(name);
    joined.set(name, before === undefined ? rule : overlay(before, rule));
  }
  return joined;
}

function typesOf(value: JsonValue | undefined): readonly TypeRule[] | undefined {
  if (!isJsonArray(value)) return undefined;
  return objectsOf(value).map((type) => ({
    // Ids and urls are written with a type of FHIRPath's own.
    code: textOf(type["code"]).replace("http://hl7.org/fhirpath/System.", "System."),
    profiles: textsOf(type["profile"]),
    targets: textsOf(type["targetProfile"]),
  }));
}

function bindingOf(value: JsonValue | undefined): Binding | undefined {
  if (!isJsonObject(value)) return undefined;
  return { strength: textOf(value["strength"]), valueSet: textOf(value["valueSet"]) };
}

function slicingOf(value: JsonValue | undefined): Slicing | undefined {
  if (!isJsonObject(value)) return undefined;
  return {
    discriminators: objectsOf(value["discriminator"]).map((one) => ({
      type: textOf(one["type"]),
      path: textOf(one["path"]),
    })),
    rules: textOf(value["rules"]) || "open",
    ordered: value["ordered"] === true,
  };
}

function constraintOf(value: JsonObject): Constraint | undefined {
  const [key, expression] = [textOf(value["key"]), textOf(value["expression"])];
  if (key === "" || expression === "") return undefined;
  const isWarning = value["severity"] === "warning";
  return { key, expression, isWarning, human: textOf(value["human"]), source: textOf(value["source"]) };
}

/** The value of `fixed[x]` and its like. */
function choiceOf(element: JsonObject, name: string): JsonValue | undefined {
  for (const member in element) {
    if (member.startsWith(name) && /^[A-Z]/.test(member.slice(name.length))) return element[member];
  }
  return undefined;
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

export function textsOf(value: JsonValue | undefined): string[] {
  return isJsonArray(value) ? value.filter((one) => typeof one === "string") : [];
}

export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

function wholeOf(value: JsonValue | undefined): number | undefined {
  return isNumber(value) ? numberOf(value) : undefined;
}
