/**
 * Turns the element tables into checks, one closure per type and backbone element, compiled when first
 * met. A check runs over an object's members once; the path is only made into text when something is wrong.
 *
 * SPEC FHIR-VALID · https://hl7.org/fhir/R4/json.html
 */
import { elementsOf, isPrimitiveType, memberName, type ElementDefinition, type ElementType } from "../elements.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { isResourceType } from "../resource-types.ts";
import { bindingCheck } from "./bindings.ts";
import { conditionCheck, containingCheck } from "./conditions.ts";
import { FAULTS } from "./faults.ts";
import { primitiveOf } from "./primitives.ts";
import { referenceCheck } from "./reference-check.ts";
import { fail, failMember, type Check, type Run } from "./run.ts";
import { narrativeFault } from "./xhtml.ts";

/** Checks one member of an object; `parent` is the object, for values that have extensions beside them. */
type MemberCheck = (value: JsonValue, at: number, run: Run, parent: JsonObject) => void;

interface Member {
  /** The element's name in expressions: `_birthDate` is about birthDate. */
  readonly name: string;
  readonly check: MemberCheck;
  /** One bit per choice element, 0 for others. */
  readonly choice: number;
  readonly element: ElementDefinition;
}

const compiled = new Map<string, Check>();

/** The check of a type or backbone element. */
function checkOf(holder: string): Check {
  const known = compiled.get(holder) ?? compileHolder(holder);
  compiled.set(holder, known);
  return known;
}

/** Checks a resource of whatever type it says it is. Leaves the path as it is: the type is not a step in it. */
export function checkResource(value: JsonValue, at: number, run: Run): void {
  if (!isJsonObject(value)) return fail(run, at, FAULTS.notObject);
  const type = value["resourceType"];
  if (type === undefined) return failMember(run, at, "resourceType", FAULTS.typeMissing);
  if (!isResourceType(type)) return failMember(run, at, "resourceType", FAULTS.typeUnknown);
  checkOf(type)(value, at, run);
}

function compileHolder(holder: string): Check {
  const elements = elementsOf(holder);
  if (!elements) throw new Error(`no elements of ${holder}`);
  const isResource = isResourceType(holder);
  const members = membersOf(elements, holder);
  const required = elements.filter(({ min }) => min > 0).map((element) => requiredNames(element));
  const checkWhole = wholeCheck(holder);
  const checkConditions = conditionCheck(holder);
  const checkContaining = isResource && members.has("contained") ? containingCheck(holder) : undefined;
  return (value, at, run) => {
    if (!isJsonObject(value)) return fail(run, at, isJsonArray(value) ? FAULTS.notSingle : FAULTS.notObject);
    const before = run.issues.length;
    checkMembers(value, at, run, members);
    if (!isResource && !isFilled(value)) fail(run, at, FAULTS.empty);
    for (const names of required) requireOneOf(names, value, at, run);
    checkWhole?.(value, at, run);
    // Conditions are about values that are what they should be; asked about others they would repeat what was found.
    if (run.issues.length > before) return;
    checkConditions?.(value, at, run);
    checkContaining?.(value, at, run);
  };
}

function checkMembers(value: JsonObject, at: number, run: Run, members: ReadonlyMap<string, Member>): void {
  let chosen = 0;
  let doubled = 0;
  for (const name in value) {
    const child = value[name];
    if (child === undefined) continue;
    const member = members.get(name);
    if (member === undefined) {
      failMember(run, at, name, FAULTS.unknown);
      continue;
    }
    doubled |= chosen & member.choice;
    chosen |= member.choice;
    run.path[at + 1] = member.name;
    member.check(child, at + 1, run, value);
  }
  if (doubled !== 0) checkChoices(value, at, run, members);
}

/** Several members of one choice are there: fine only for a value and its own extensions. */
function checkChoices(value: JsonObject, at: number, run: Run, members: ReadonlyMap<string, Member>): void {
  const choices = new Set(Object.keys(value).map((name) => members.get(name)?.element));
  for (const element of choices) {
    if (!element?.isChoice) continue;
    const given = element.types.filter((type) => isGiven(value, memberName(element, type)));
    if (given.length < 2) continue;
    run.path[at + 1] = `${element.name}[x]`;
    fail(run, at + 1, FAULTS.choice, `${element.name}[x]`);
  }
}

function isGiven(value: JsonObject, name: string): boolean {
  return value[name] !== undefined || value[`_${name}`] !== undefined;
}

/** An element has a value or children; an id alone says nothing (ele-1). */
function isFilled(value: JsonObject): boolean {
  for (const name in value) if (name !== "id" && value[name] !== undefined) return true;
  return false;
}

interface Required {
  readonly name: string;
  readonly members: readonly string[];
}

function requiredNames(element: ElementDefinition): Required {
  const members = element.types.flatMap((type) => {
    const name = memberName(element, type);
    return isPrimitiveType(type.code) ? [name, `_${name}`] : [name];
  });
  return { name: element.isChoice ? `${element.name}[x]` : element.name, members };
}

function requireOneOf({ name, members }: Required, value: JsonObject, at: number, run: Run): void {
  for (const member of members) if (value[member] !== undefined) return;
  run.path[at + 1] = name;
  fail(run, at + 1, FAULTS.missing);
}

function membersOf(elements: readonly ElementDefinition[], holder: string): Map<string, Member> {
  const isResource = isResourceType(holder);
  const members = new Map<string, Member>();
  let bit = 1;
  for (const element of elements) {
    const choice = element.isChoice ? bit : 0;
    if (element.isChoice) bit <<= 1;
    for (const type of element.types) addMember(members, { element, type, choice, holder });
  }
  // Looked at before the type was chosen.
  if (isResource)
    members.set("resourceType", { name: "resourceType", check: () => {}, choice: 0, element: elements[0]! });
  return members;
}

interface Form {
  readonly element: ElementDefinition;
  readonly type: ElementType;
  readonly choice: number;
  readonly holder: string;
}

function addMember(members: Map<string, Member>, { element, type, choice, holder }: Form): void {
  const name = memberName(element, type);
  const isList = element.max > 1;
  // A backbone element has its conditions in its own check.
  const path = `${holder}.${element.name}${element.isChoice ? "[x]" : ""}`;
  const conditions = type.holder === undefined ? conditionCheck(path, type.code) : undefined;
  if (!isPrimitiveType(type.code)) {
    const check = both(complexCheck(element, type), conditions);
    members.set(name, { name, check: isList ? listOf(check) : check, choice, element });
    return;
  }
  const check = both(primitiveCheck(element, type), conditions);
  const beside = `_${name}`;
  members.set(name, { name, check: isList ? primitiveList(check, beside) : check, choice, element });
  members.set(beside, { name, check: isList ? extensionsBeside(name) : extensionBeside(name), choice, element });
}

function both(first: Check, second: Check | undefined): Check {
  if (!second) return first;
  return (value, at, run) => {
    first(value, at, run);
    second(value, at, run);
  };
}

/** A type's own check is found when first needed, because types contain themselves and each other. */
function complexCheck(element: ElementDefinition, type: ElementType): Check {
  if (type.code === "Resource") return element.name === "contained" ? checkContained : checkInnerResource;
  const holder = type.holder ?? type.code;
  const extra = extraCheck(element, type);
  let own: Check | undefined;
  const check: Check = (value, at, run) => (own ??= checkOf(holder))(value, at, run);
  return both(check, extra);
}

function extraCheck(element: ElementDefinition, type: ElementType): Check | undefined {
  if (type.code === "Reference") return referenceCheck(type.targets);
  return element.valueSet === undefined ? undefined : bindingCheck(type.code, element.valueSet);
}

function checkContained(value: JsonValue, at: number, run: Run): void {
  if (run.isContained) return fail(run, at, FAULTS.nested);
  const { resource } = run;
  if (isJsonObject(value)) run.resource = value;
  run.isContained = true;
  checkResource(value, at, run);
  run.isContained = false;
  run.resource = resource;
}

/** A resource in a Bundle or in Parameters has its own contained resources. */
function checkInnerResource(value: JsonValue, at: number, run: Run): void {
  const { container, isContained, resource } = run;
  if (isJsonObject(value)) run.container = run.resource = value;
  run.isContained = false;
  checkResource(value, at, run);
  run.container = container;
  run.resource = resource;
  run.isContained = isContained;
}

function listOf(check: Check): Check {
  return (value, at, run) => {
    if (!isJsonArray(value)) return fail(run, at, FAULTS.notList);
    if (value.length === 0) return fail(run, at, FAULTS.empty);
    for (let i = 0; i < value.length; i++) {
      run.path[at + 1] = i;
      check(value[i]!, at + 1, run);
    }
  };
}

function primitiveCheck(element: ElementDefinition, type: ElementType): Check {
  const primitive = primitiveOf(type.code);
  if (!primitive) throw new Error(`no rules for ${type.code}`);
  const { isValid } = primitive;
  const binding = element.valueSet === undefined ? undefined : bindingCheck(type.code, element.valueSet);
  const isNarrative = type.code === "xhtml";
  return (value, at, run) => {
    if (!isValid(value)) return explain(value, at, run, type.code);
    binding?.(value, at, run);
    if (isNarrative) checkNarrative(value, at, run);
  };
}

/** Why a value that is not valid is not. */
function explain(value: JsonValue, at: number, run: Run, type: string): void {
  const kind = primitiveOf(type)?.kind;
  if (isJsonArray(value)) return fail(run, at, FAULTS.notSingle);
  if (value === "") return fail(run, at, FAULTS.empty);
  const given = typeof value === "object" && value !== null && !isJsonObject(value) ? "number" : typeof value;
  fail(run, at, given === kind ? FAULTS.format : FAULTS.notPrimitive, type);
}

function checkNarrative(value: JsonValue, at: number, run: Run): void {
  const fault = narrativeFault(value as string);
  if (fault !== undefined) fail(run, at, FAULTS.narrative, fault);
}

/** Where a value is missing in a list, null keeps its place, and its extensions stand in the list beside. */
function primitiveList(check: Check, beside: string): MemberCheck {
  return (value, at, run, parent) => {
    if (!isJsonArray(value)) return fail(run, at, FAULTS.notList);
    if (value.length === 0) return fail(run, at, FAULTS.empty);
    const extensions = parent[beside];
    for (let i = 0; i < value.length; i++) {
      const item = value[i]!;
      run.path[at + 1] = i;
      if (item !== null) check(item, at + 1, run);
      else if (!isJsonArray(extensions) || !isJsonObject(extensions[i])) fail(run, at + 1, FAULTS.empty);
    }
  };
}

function extensionBeside(name: string): MemberCheck {
  return (value, at, run, parent) => {
    if (isJsonArray(value)) return fail(run, at, FAULTS.notSingle);
    checkBeside(value, parent[name] !== undefined, at, run);
  };
}

function extensionsBeside(name: string): MemberCheck {
  return (value, at, run, parent) => {
    if (!isJsonArray(value)) return fail(run, at, FAULTS.notList);
    if (value.length === 0) return fail(run, at, FAULTS.empty);
    const values = parent[name];
    if (isJsonArray(values) && values.length !== value.length) fail(run, at, FAULTS.misaligned);
    for (let i = 0; i < value.length; i++) {
      run.path[at + 1] = i;
      const hasValue = isJsonArray(values) && (values[i] ?? null) !== null;
      if (value[i] !== null) checkBeside(value[i]!, hasValue, at + 1, run);
      else if (!hasValue) fail(run, at + 1, FAULTS.empty);
    }
  };
}

/** The id and extensions of a primitive value. Without a value there must be an extension. */
function checkBeside(value: JsonValue, hasValue: boolean, at: number, run: Run): void {
  if (!isJsonObject(value)) return fail(run, at, FAULTS.notObject);
  checkMembers(value, at, run, besideMembers());
  const isSaying = value["extension"] !== undefined || (hasValue && value["id"] !== undefined);
  if (!isSaying) fail(run, at, FAULTS.empty);
}

let besides: ReadonlyMap<string, Member> | undefined;

function besideMembers(): ReadonlyMap<string, Member> {
  const elements = (elementsOf("Period") ?? []).filter(({ name }) => name === "id" || name === "extension");
  return (besides ??= membersOf(elements, "Period"));
}

/** Rules about a type as a whole. */
function wholeCheck(holder: string): ((value: JsonObject, at: number, run: Run) => void) | undefined {
  return holder === "Extension" ? checkExtension : undefined;
}

function checkExtension(value: JsonObject, at: number, run: Run): void {
  let hasValue = false;
  for (const name in value) if (name.startsWith("value") || name.startsWith("_value")) hasValue = true;
  const hasExtensions = value["extension"] !== undefined;
  if (hasValue === hasExtensions) fail(run, at, FAULTS.extension);
}
