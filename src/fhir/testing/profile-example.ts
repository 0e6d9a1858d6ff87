/**
 * Makes a resource that conforms to a profile, from the profile's rules: what is mandatory, and each further element
 * that the profile says something about as long as the resource stays valid with it.
 *
 * SPEC FHIR-PROFILE-MUTATION
 */
import type { JsonObject, JsonValue } from "../json-value.ts";
import { isJsonArray, isJsonObject } from "../json-value.ts";
import { isError, type Issue } from "../outcomes.ts";
import { coreType, partsOf } from "../profiles/canonical.ts";
import { placeOf, type Form, type Place } from "../profiles/items.ts";
import { codeIssue, type ProfileSet } from "../profiles/index.ts";
import { overlay, type Rule } from "../profiles/rule.ts";
import { validateResource } from "../validation/validate.ts";
import { requiredCodes } from "../required-codes.ts";
import { isResourceType } from "../resource-types.ts";
import { leastResource, leastValue } from "./example.ts";

const DEEPEST = 6;

/** A conforming resource, with as much as can be had of what the profile speaks of. */
export function conformingResource(set: ProfileSet, url: string): JsonObject {
  const { tree, type } = set.find(url)!;
  const make = (isChosen: (path: string) => boolean): JsonObject => {
    const making = { set, isChosen };
    return {
      ...(filled(tree, { holder: type, path: type, depth: 0 }, making) as JsonObject),
      meta: { profile: [url] },
    };
  };
  const chosen = new Set<string>();
  let faults = errorsOf(
    set,
    make(() => false),
  ).length;
  for (const path of optionalPaths(tree, type)) {
    chosen.add(path);
    const after = errorsOf(
      set,
      make((one) => chosen.has(one)),
    ).length;
    if (after > faults) chosen.delete(path);
    else faults = after;
  }
  return make((one) => chosen.has(one));
}

/** What R4 and the profiles that a resource claims say against it, with codes judged by the value sets that can be listed. */
export function errorsOf(set: ProfileSet, resource: JsonObject): readonly Issue[] {
  const { issues, questions } = set.judge(resource);
  const answers = questions.flatMap((question) => codeIssue(question, set.listedAnswer(question)) ?? []);
  return [...validateResource(resource), ...issues, ...answers].filter(isError);
}

interface Making {
  readonly set: ProfileSet;
  readonly isChosen: (path: string) => boolean;
}

interface Spot {
  readonly holder: string;
  readonly path: string;
  readonly depth: number;
  /** What R4 has made stand there already. */
  readonly given?: JsonValue | undefined;
}

/** Elements and slices that may be left out, outer ones first. */
function optionalPaths(rule: Rule, path: string, depth = 0): string[] {
  if (depth > 3) return [];
  return [...rule.children.values()].flatMap((child) => {
    const own = `${path}.${child.name}`;
    const slices = [...child.slices.values()].flatMap((slice) => {
      const name = `${own}:${slice.slice}`;
      return [name, ...optionalPaths(slice, name, depth + 1)];
    });
    return isSaying(child) ? [own, ...optionalPaths(child, own, depth + 1), ...slices] : slices;
  });
}

/** Whether a rule says more than that an element exists; snapshots have a rule for everything. */
function isSaying(rule: Rule): boolean {
  const { fixed, pattern, maxLength, binding, types, slices, children, content } = rule;
  if (content !== undefined) return false;
  const isNarrow = types?.some(
    ({ profiles, targets }) => profiles.length > 0 || targets.some((one) => coreType(one) === undefined),
  );
  const isBound = binding?.strength === "required" || binding?.strength === "extensible";
  if (fixed !== undefined || pattern !== undefined || maxLength !== undefined || isNarrow === true || isBound)
    return true;
  return slices.size > 0 || [...children.values()].some(isSaying);
}

function filled(rule: Rule, { holder, path, depth, given }: Spot, making: Making): JsonValue {
  const least = isResourceType(holder) ? leastResource(holder) : (given ?? leastValue(holder));
  if (!isJsonObject(least)) return least;
  let value = least;
  if (depth > DEEPEST) return value;
  for (const child of rule.children.values()) {
    const place = placeOf(holder, child.name);
    if (place === undefined || child.name === "id" || holder === "Meta") continue;
    const own = `${path}.${child.name}`;
    const forms = formsFor(child, place);
    const [form] = forms;
    if (form === undefined) continue;
    if (child.max === 0) {
      value = without(value, place);
      continue;
    }
    const present = value;
    const before = present[form.member];
    const isThere = forms.some(({ member }) => member in present);
    const items = itemsFor(child, {
      form,
      own,
      depth,
      making,
      isThere,
      given: isJsonArray(before) ? before[0] : before,
      bound: place.element.valueSet,
    });
    if (items.length === 0) continue;
    value = { ...without(value, place), [form.member]: place.element.max > 1 ? items : items[0]! };
  }
  return value;
}

function without(value: JsonObject, { forms }: Place): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !forms.some(({ member }) => member === name)));
}

/** The forms of an element that a rule permits. */
function formsFor({ types, slices }: Rule, { forms, element }: Place): readonly Form[] {
  const codes = types?.map(({ code }) => code);
  const wanted =
    codes === undefined || element.types.every(({ holder }) => holder !== undefined)
      ? forms
      : forms.filter(({ type }) => codes.includes(type) || type === "Resource");
  const sliced = element.isChoice ? [...slices.values()].find(({ min = 0 }) => min > 0)?.types?.[0]?.code : undefined;
  return sliced === undefined ? wanted : wanted.filter(({ type }) => type === sliced);
}

interface Element {
  readonly form: Form;
  readonly own: string;
  readonly depth: number;
  readonly making: Making;
  readonly isThere: boolean;
  /** The value set that R4 itself demands. */
  readonly bound: string | undefined;
  readonly given: JsonValue | undefined;
}

function itemsFor(rule: Rule, element: Element): JsonValue[] {
  const { form, own, making, isThere } = element;
  const items: JsonValue[] = [];
  for (const slice of rule.slices.values()) {
    const { min = 0, max = Infinity } = slice;
    const path = `${own}:${slice.slice}`;
    const isFitting =
      slice.types === undefined ||
      form.type === "Resource" ||
      form.type.includes(".") ||
      slice.types.some(({ code }) => code === form.type);
    const count = max === 0 || !isFitting ? 0 : min > 0 ? min : making.isChosen(path) ? 1 : 0;
    for (let i = 0; i < count; i++)
      items.push(valueFor(overlay({ ...rule, slices: new Map() }, slice), { ...element, own: path }));
  }
  const least = Math.max(rule.min ?? 0, isThere || making.isChosen(own) ? 1 : 0);
  while (items.length < least) items.push(valueFor(rule, element));
  return items;
}

function valueFor(rule: Rule, { form, own, depth, making, given, bound }: Element): JsonValue {
  const { fixed, pattern, types } = rule;
  if (fixed !== undefined) return fixed;
  const type = types?.find(({ code }) => code === form.type || form.type === "Resource") ?? types?.[0];
  const [profile] = type?.profiles ?? [];
  const definition = profile === undefined ? undefined : making.set.find(profile);
  const holder = form.type === "Resource" ? (definition?.type ?? type?.code ?? "Basic") : form.type;
  if (holder === "Reference") return { reference: `${targetOf(rule, making.set)}/1` };
  const full = definition === undefined ? rule : overlay(definition.tree, { ...rule, types: undefined });
  const made = filled(
    full,
    { holder: holder === "Resource" ? "Basic" : holder, path: own, depth: depth + 1, given },
    making,
  );
  const withUrl =
    holder === "Extension" && profile !== undefined ? { ...(made as JsonObject), url: partsOf(profile).url } : made;
  const whole = isJsonObject(withUrl) && form.type === "Resource" ? { resourceType: holder, ...withUrl } : withUrl;
  const inner = isJsonObject(whole) && holder === "Extension" ? oneKind(whole) : whole;
  const known = bound === undefined ? undefined : `http://hl7.org/fhir/ValueSet/${bound}`;
  const binding = full.binding ?? (known === undefined ? undefined : { strength: "required", valueSet: known });
  return coded(
    pattern === undefined ? inner : merged(inner, pattern),
    { ...full, binding, children: rule.children },
    making.set,
  );
}

/** An extension has a value or extensions, not both. */
function oneKind(value: JsonObject): JsonObject {
  const names = Object.keys(value).filter((name) => name.startsWith("value"));
  if (value["extension"] !== undefined)
    return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
  return value;
}

/** A code of the value set that a rule binds to, where it can be listed. */
function coded(value: JsonValue, { binding, pattern, fixed, children }: Rule, set: ProfileSet): JsonValue {
  if (binding === undefined || pattern !== undefined || fixed !== undefined) return value;
  if (children.has("coding") || !["required", "extensible"].includes(binding.strength)) return value;
  const { url } = partsOf(binding.valueSet);
  const listed = set.codesOf(url) ?? requiredCodes(url);
  const [system, codes] = Object.entries(listed ?? {})[0] ?? [];
  const code = codes?.[0];
  if (system === undefined || code === undefined) return value;
  if (typeof value === "string") return code;
  if (isJsonObject(value) && ("coding" in value || "text" in value)) return { coding: [{ system, code }] };
  return value;
}

function targetOf({ types }: Rule, set: ProfileSet): string {
  const targets = types?.find(({ code }) => code === "Reference")?.targets ?? [];
  const [first] = targets.map((one) => coreType(one) ?? set.find(one)?.type ?? "Patient");
  return first === undefined || first === "Resource" ? "Patient" : first;
}

/** A value with all that a pattern has. */
export function merged(value: JsonValue, pattern: JsonValue): JsonValue {
  if (!isJsonObject(pattern) || !isJsonObject(value))
    return isJsonArray(pattern) && isJsonArray(value) ? pattern : pattern;
  const result: Record<string, JsonValue | undefined> = { ...value };
  for (const [name, one] of Object.entries(pattern))
    if (one !== undefined) result[name] = result[name] === undefined ? one : merged(result[name], one);
  return result;
}
