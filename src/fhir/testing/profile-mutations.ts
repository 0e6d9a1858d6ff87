/**
 * Wrong resources made from right ones by what a profile says: each rule that the resource fills is broken once, and with
 * each goes what must be told of it.
 *
 * SPEC FHIR-PROFILE-MUTATION
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { coreType, partsOf } from "../profiles/canonical.ts";
import type { Definition } from "../profiles/definition.ts";
import { itemsIn, placeOf, type Place } from "../profiles/items.ts";
import type { ProfileSet } from "../profiles/index.ts";
import type { Rule } from "../profiles/rule.ts";
import { requiredCodes } from "../required-codes.ts";
import { leastValue } from "./example.ts";

export interface ProfileMutation {
  readonly kind: string;
  readonly resource: JsonObject;
  readonly code: string;
  /** Where it is; what is told stands there or inside. */
  readonly expression: string;
}

/** An object in the resource that a rule is about. */
interface Spot {
  readonly set: ProfileSet;
  readonly rule: Rule;
  readonly holder: string;
  readonly value: JsonObject;
  readonly expression: string;
  readonly put: (value: JsonObject) => JsonObject;
  /** Within a slice, what it is told by cannot be broken: the value would be of no slice. */
  readonly isSlice: boolean;
}

/** One element of it that the profile speaks of, with the values that it has. */
interface Part {
  readonly spot: Spot;
  readonly rule: Rule;
  readonly place: Place;
  readonly values: readonly JsonValue[];
  readonly member: string;
}

type Mutant = Omit<ProfileMutation, "kind">;

/** Every mutation of a resource that conforms to the profile. */
export function* profileMutations(
  set: ProfileSet,
  definition: Definition,
  right: JsonObject,
): Generator<ProfileMutation> {
  const { tree, type } = definition;
  const root: Spot = {
    set,
    rule: tree,
    holder: type,
    value: right,
    expression: type,
    put: (value) => value,
    isSlice: false,
  };
  const other = type === "Basic" ? { resourceType: "Patient" } : { resourceType: "Basic", code: { text: "x" } };
  yield {
    kind: "profile of another type",
    resource: { ...other, meta: { profile: [definition.url] } },
    code: "structure",
    expression: "",
  };
  yield* mutationsOf(root, 0);
}

function* mutationsOf(spot: Spot, depth: number): Generator<ProfileMutation> {
  if (depth > 5) return;
  for (const rule of spot.rule.children.values()) {
    const place = placeOf(spot.holder, rule.name);
    if (place === undefined || rule.name === "meta") continue;
    const items = itemsIn(spot.value, place.forms);
    const [first] = items;
    const member = first?.member ?? place.forms[0]!.member;
    const part: Part = {
      spot,
      rule,
      place,
      member,
      values: items.flatMap(({ value }) => (value === undefined ? [] : [value])),
    };
    for (const [kind, mutate] of Object.entries(MUTATORS)) {
      const mutant = mutate(part);
      if (mutant !== undefined) yield { kind, ...mutant };
    }
    yield* inner(part, first?.type ?? "", depth);
  }
}

/** Goes into the values: with the rules of the element, of its slices (told by their order), and of nested profiles. */
function* inner({ spot, rule, values, member, place }: Part, type: string, depth: number): Generator<ProfileMutation> {
  const [value] = values;
  if (!isJsonObject(value) || type === "Resource") return;
  const isList = place.element.max > 1;
  const put = (one: JsonObject): JsonObject =>
    spot.put({ ...spot.value, [member]: isList ? [one, ...values.slice(1)] : one });
  const expression = `${spot.expression}.${member}${isList ? "[0]" : ""}`;
  if (rule.slices.size === 0) yield* mutationsOf({ ...spot, rule, holder: type, value, expression, put }, depth + 1);
  const [profile] = rule.types?.find(({ code }) => code === type)?.profiles ?? [];
  const nested = profile === undefined ? undefined : spot.set.find(profile);
  if (nested !== undefined)
    yield* named(
      "in a nested profile",
      mutationsOf({ ...spot, rule: nested.tree, holder: type, value, expression, put }, depth + 1),
    );
  const slice = [...rule.slices.values()].find(({ min = 0 }) => min > 0);
  if (slice !== undefined && values.length === 1)
    yield* mutationsOf({ ...spot, rule: slice, holder: type, value, expression, put, isSlice: true }, depth + 1);
}

function* named(kind: string, mutations: Generator<ProfileMutation>): Generator<ProfileMutation> {
  for (const one of mutations) yield { ...one, kind: `${kind}: ${one.kind}` };
}

function withValues({ spot, member, place }: Part, values: readonly JsonValue[]): JsonObject {
  const rest = Object.fromEntries(
    Object.entries(spot.value).filter(
      ([name]) => !place.forms.some((form) => form.member === name || form.beside === name),
    ),
  );
  const isList = place.element.max > 1;
  const one = values[0];
  if (one === undefined) return spot.put(rest);
  return spot.put({ ...rest, [member]: isList ? values : one });
}

const at = ({ spot, place }: Part): string => `${spot.expression}.${place.name}`;
const first = ({ spot, member, place }: Part): string =>
  `${spot.expression}.${member}${place.element.max > 1 ? "[0]" : ""}`;

const MUTATORS: Readonly<Record<string, (part: Part) => Mutant | undefined>> = {
  "mandatory element left out": (part) => {
    const { rule, place, values } = part;
    if ((rule.min ?? 0) <= place.element.min || values.length === 0 || isTelling(part)) return undefined;
    return { resource: withValues(part, []), code: "required", expression: at(part) };
  },
  "too many": (part) => {
    const { rule, place, values } = part;
    const { max = Infinity } = rule;
    if (max === 0 || max >= place.element.max || values.length === 0 || place.element.max < 2) return undefined;
    const many = Array.from({ length: max + 1 }, (_, i) => values[i % values.length]!);
    return { resource: withValues(part, many), code: "structure", expression: at(part) };
  },
  "forbidden element": (part) => {
    const { rule, place } = part;
    const type = place.forms[0]!.type;
    if (rule.max !== 0 || place.element.max === 0 || type === "Resource") return undefined;
    return { resource: withValues(part, [leastValue(type)]), code: "structure", expression: at(part) };
  },
  "fixed value broken": (part) => {
    const { rule, values } = part;
    if (rule.fixed === undefined || values.length === 0 || isTelling(part)) return undefined;
    return { resource: withValues(part, [broken(values[0]!)]), code: "value", expression: first(part) };
  },
  "pattern broken": (part) => {
    const { rule, values } = part;
    if (rule.pattern === undefined || values.length === 0 || isTelling(part)) return undefined;
    return {
      resource: withValues(part, [broken(values[0]!), ...values.slice(1)]),
      code: "value",
      expression: first(part),
    };
  },
  "text too long": (part) => {
    const { rule, values } = part;
    if (rule.maxLength === undefined || typeof values[0] !== "string") return undefined;
    return { resource: withValues(part, ["x".repeat(rule.maxLength + 1)]), code: "too-long", expression: first(part) };
  },
  "form of a choice that is not permitted": (part) => {
    const { rule, place, spot } = part;
    const codes = rule.types?.map(({ code }) => code);
    const other = place.forms.find(({ type }) => codes !== undefined && !codes.includes(type) && type !== "Reference");
    if (!place.element.isChoice || other === undefined || part.values.length === 0) return undefined;
    const resource = withValues({ ...part, member: other.member }, [leastValue(other.type)]);
    return { resource, code: "structure", expression: `${spot.expression}.${other.member}` };
  },
  "reference to a wrong type": (part) => {
    const { rule, place, values, spot } = part;
    const targets = rule.types?.find(({ code }) => code === "Reference")?.targets ?? [];
    const types = targets.map((one) => coreType(one) ?? spot.set.find(one)?.type);
    const permitted = place.element.types.find(({ code }) => code === "Reference")?.targets;
    const wrong = permitted?.find((type) => !types.includes(type));
    const isFree = types.length === 0 || types.includes(undefined) || types.includes("Resource");
    const isReference = isJsonObject(values[0]) && "reference" in values[0];
    if (isFree || wrong === undefined || !isReference) return undefined;
    const resource = withValues(part, [{ reference: `${wrong}/1` }, ...values.slice(1)]);
    return { resource, code: "value", expression: first(part) };
  },
  "mandatory slice left out": (part) => {
    const { rule, values } = part;
    const needed = [...rule.slices.values()].filter(({ min = 0 }) => min > 0);
    if (needed.length === 0 || values.length !== needed.length || (rule.min ?? 0) >= values.length + 1)
      return undefined;
    return { resource: withValues(part, values.slice(1)), code: "required", expression: at(part) };
  },
  "too many of a slice": (part) => {
    const { rule, values, spot } = part;
    const slice = [...rule.slices.values()].find(({ max = Infinity }) => max === 1);
    const [value] = values;
    if (slice === undefined || value === undefined || (rule.max ?? 2) < 2 || part.place.element.max < 2)
      return undefined;
    if (!isOfSlice(value, slice, spot)) return undefined;
    return { resource: withValues(part, [value, ...values]), code: "structure", expression: at(part) };
  },
  "code outside the value set": (part) => {
    const { rule, values, place, spot } = part;
    const { url } = partsOf(rule.binding?.valueSet ?? "");
    const isListed = (spot.set.codesOf(url) ?? requiredCodes(url)) !== undefined;
    const isRequired = rule.binding?.strength === "required" && place.element.valueSet === undefined;
    const [value] = values;
    if (!isRequired || !isListed || value === undefined || isTelling(part) || spot.isSlice) return undefined;
    const coding = { system: "urn:x:other", code: "banana" };
    const wrong =
      typeof value === "string"
        ? "banana"
        : isJsonObject(value) && "code" in value
          ? { ...value, ...coding }
          : { coding: [coding] };
    return { resource: withValues(part, [wrong, ...values.slice(1)]), code: "code-invalid", expression: first(part) };
  },
  "extension with a wrong value": (part) => {
    const { rule, values, spot } = part;
    const url = extensionUrl(values[0]);
    const definition = url === undefined ? undefined : spot.set.find(url);
    const wanted = definition?.tree.children.get("value");
    if (rule.name !== "extension" || wanted === undefined || url === undefined) return undefined;
    const wrong =
      wanted.types?.some(({ code }) => code === "Money") === true
        ? undefined
        : { url, valueMoney: { value: 1, currency: "SEK" } };
    if (wrong === undefined) return undefined;
    return { resource: withValues(part, [wrong, ...values.slice(1)]), code: "structure", expression: first(part) };
  },
  "extension in the wrong place": (part) => {
    const { rule, values, spot } = part;
    const url = extensionUrl(values[0]);
    const contexts = url === undefined ? undefined : spot.set.find(url)?.contexts;
    if (rule.name !== "extension" || contexts === undefined || values[0] === undefined) return undefined;
    const isAnywhere = contexts.some(({ expression }) =>
      ["Element", "Resource", "DomainResource", "Meta"].includes(expression),
    );
    if (isAnywhere || url === undefined) return undefined;
    const whole = spot.put(spot.value);
    const resource = { ...whole, meta: { ...(whole["meta"] as JsonObject), extension: [values[0]] } };
    return { resource, code: "extension", expression: `${String(whole["resourceType"])}.meta.extension[0]` };
  },
  "extension among those that change meaning": (part) => {
    const { rule, values, spot } = part;
    const url = extensionUrl(values[0]);
    const isKnown = url !== undefined && spot.set.find(url) !== undefined;
    if (rule.name !== "extension" || !isKnown || values[0] === undefined) return undefined;
    const whole = spot.put(spot.value);
    const type = String(whole["resourceType"]);
    if (type === "Bundle") return undefined;
    return {
      resource: { ...whole, modifierExtension: [values[0]] },
      code: "extension",
      expression: `${type}.modifierExtension[0]`,
    };
  },
};

function extensionUrl(value: JsonValue | undefined): string | undefined {
  return isJsonObject(value) && typeof value["url"] === "string" && value["url"].includes(":")
    ? value["url"]
    : undefined;
}

function isOfSlice(value: JsonValue, slice: Rule, { set }: Spot): boolean {
  const [profile] = slice.types?.[0]?.profiles ?? [];
  if (profile !== undefined) return extensionUrl(value) === partsOf(profile).url;
  const system = slice.children.get("system");
  const wanted = system?.fixed ?? system?.pattern;
  if (slice.pattern !== undefined)
    return (
      set.size > 0 &&
      JSON.stringify(value).includes(JSON.stringify((slice.pattern as JsonObject)["coding"]).slice(1, -1))
    );
  return wanted !== undefined && isJsonObject(value) && value["system"] === wanted;
}

/** What a slice is told by makes another value of it when it is broken. */
function isTelling({ spot, rule }: Part): boolean {
  return (
    spot.isSlice &&
    (rule.fixed !== undefined ||
      rule.pattern !== undefined ||
      [...rule.children.values()].some(({ fixed, pattern }) => fixed !== undefined || pattern !== undefined))
  );
}

/** Another value of the same shape. */
function broken(value: JsonValue): JsonValue {
  if (typeof value === "string") return `${value}x`;
  if (typeof value === "boolean") return !value;
  if (isJsonArray(value)) return value.map(broken);
  if (isJsonObject(value))
    return "coding" in value || "text" in value ? { text: "something else" } : { ...value, system: "urn:x:other" };
  return 4711;
}
