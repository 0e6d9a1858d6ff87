/**
 * Which slice a value belongs to: the discriminators of a slicing, asked of the value and of what the slice says.
 * What the document cannot tell (a reference that leads out of it) is undefined, and nobody is blamed for it.
 *
 * SPEC FHIR-PROFILE-SLICE · https://hl7.org/fhir/R4/profiling.html#discriminator
 */
import { isEqualJson } from "../json-equal.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../json-value.ts";
import { coreType, partsOf } from "./canonical.ts";
import { codesOf } from "./codes.ts";
import type { Definitions } from "./definition.ts";
import { codeOf, itemsOf, targetOf } from "./items.ts";
import { textOf, type Discriminator, type Rule } from "./rule.ts";
import type { Item, ProfileRun } from "./run.ts";

/** True, false, or undefined when it cannot be told. */
export type Match = (item: Item, run: ProfileRun) => boolean | undefined;

type Step =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "resolve" }
  | { readonly kind: "extension"; readonly url: string }
  | { readonly kind: "ofType"; readonly type: string };

/** How a value is known to be of a slice; nothing when the definition does not say enough. */
export function matchOf(
  discriminators: readonly Discriminator[],
  slice: Rule,
  definitions: Definitions,
): Match | undefined {
  const matches: Match[] = [];
  for (const discriminator of discriminators) {
    const match = oneMatch(discriminator, slice, definitions);
    if (match === undefined) return undefined;
    matches.push(match);
  }
  if (matches.length === 0) return undefined;
  return (item, run) => {
    let isKnown = true;
    for (const match of matches) {
      const is = match(item, run);
      if (is === false) return false;
      if (is === undefined) isKnown = false;
    }
    return isKnown ? true : undefined;
  };
}

function oneMatch({ type, path }: Discriminator, slice: Rule, definitions: Definitions): Match | undefined {
  const steps = stepsOf(path);
  if (steps === undefined) return undefined;
  switch (type) {
    case "value":
    case "pattern":
      return valueMatch(steps, slice, definitions);
    case "exists":
      return existsMatch(steps, rulesAt(slice, steps, definitions)[0]);
    case "type":
      return typeMatch(steps, slice, definitions);
    case "profile":
      return profileMatch(steps, slice, definitions);
    default:
      return undefined;
  }
}

const STEP = /^(?:\.?(?:(\$this)|(resolve)\(\)|extension\('([^']*)'\)|ofType\(([A-Za-z]+)\)|([A-Za-z]+)(?:\[x\])?))/;

/** The part of FHIRPath that discriminators may use; nothing for anything else. */
function stepsOf(path: string): Step[] | undefined {
  const steps: Step[] = [];
  for (let rest = path; rest !== "";) {
    const found = STEP.exec(rest);
    if (found === null) return undefined;
    const [whole, , resolve, url, type, name] = found;
    if (resolve !== undefined) steps.push({ kind: "resolve" });
    else if (url !== undefined) steps.push({ kind: "extension", url });
    else if (type !== undefined) steps.push({ kind: "ofType", type });
    else if (name !== undefined) steps.push({ kind: "name", name });
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** The values at a path; undefined when a reference on the way leads out of the document. */
function valuesAt(item: Item, steps: readonly Step[], run: ProfileRun): readonly Item[] | undefined {
  let items: readonly Item[] = [item];
  for (const step of steps) {
    const next: Item[] = [];
    for (const one of items) {
      const found = stepInto(one, step, run);
      if (found === undefined) return undefined;
      next.push(...found);
    }
    items = next;
  }
  return items;
}

function stepInto(item: Item, step: Step, run: ProfileRun): readonly Item[] | undefined {
  switch (step.kind) {
    case "name":
      return itemsOf(item, step.name);
    case "ofType":
      return codeOf(item) === step.type ? [item] : [];
    case "extension":
      return itemsOf(item, "extension").filter(({ value }) => isJsonObject(value) && value["url"] === step.url);
    case "resolve": {
      const { resource, type } = targetOf(item, run);
      if (resource === undefined) return undefined;
      return [{ value: resource, beside: undefined, type: type ?? "Resource", member: "", index: undefined }];
    }
  }
}

/** What a slice says at a path: by itself, and by the profiles of its types on the way. */
function rulesAt(slice: Rule, steps: readonly Step[], definitions: Definitions): Rule[] {
  let rules = [slice];
  for (const step of steps) rules = rules.flatMap((rule) => rulesWithin(rule, step, definitions));
  return rules;
}

function rulesWithin(rule: Rule, step: Step, definitions: Definitions): Rule[] {
  const treesOf = (canonicals: readonly string[]): Rule[] =>
    canonicals.flatMap((one) => definitions.find(one)?.tree ?? []);
  const types = rule.types ?? [];
  if (step.kind === "resolve") return treesOf(types.flatMap(({ targets }) => targets));
  if (step.kind === "ofType") return [rule];
  const holders = [rule, ...treesOf(types.flatMap(({ profiles }) => profiles))];
  if (step.kind === "name") return holders.flatMap(({ children }) => children.get(step.name) ?? []);
  const isWanted = ({ types: own, children }: Rule): boolean =>
    children.get("url")?.fixed === step.url || own?.some(({ profiles }) => profiles.includes(step.url)) === true;
  return holders.flatMap(({ children }) => [...(children.get("extension")?.slices.values() ?? [])].filter(isWanted));
}

function valueMatch(steps: readonly Step[], slice: Rule, definitions: Definitions): Match | undefined {
  const tests = rulesAt(slice, steps, definitions).flatMap((rule) => testOf(rule, definitions, 0) ?? []);
  const url = tests.length === 0 && isUrl(steps) ? urlTest(slice) : undefined;
  if (url !== undefined) tests.push(url);
  if (tests.length === 0) return undefined;
  return (item, run) => {
    const values = valuesAt(item, steps, run);
    return values === undefined ? undefined : tests.every((test) => values.some(test));
  };
}

function isUrl([first, ...others]: readonly Step[]): boolean {
  return others.length === 0 && first?.kind === "name" && first.name === "url";
}

/** An extension's slice is told by the url of its definition. */
function urlTest({ types }: Rule): Test | undefined {
  const urls = (types ?? []).flatMap(({ profiles }) => profiles.map((one) => partsOf(one).url));
  return urls.length === 0 ? undefined : ({ value }) => urls.includes(textOf(value));
}

type Test = (item: Item) => boolean;
const DEEPEST = 10;

/** Whether a value is what a rule fixes, by itself or in its parts; nothing when it fixes nothing. */
function testOf(rule: Rule, definitions: Definitions, depth: number): Test | undefined {
  const { fixed, pattern, binding } = rule;
  const tests: Test[] = [];
  if (fixed !== undefined) tests.push(({ value }) => value !== undefined && isEqualJson(value, fixed));
  if (pattern !== undefined) tests.push(({ value }) => hasPattern(value, pattern));
  if (binding?.strength === "required") tests.push(...listedTest(binding.valueSet, definitions));
  if (depth < DEEPEST) {
    for (const child of rule.children.values()) {
      const needed = [child, ...[...child.slices.values()].filter(({ min = 0 }) => min > 0)];
      for (const one of needed) {
        const test = testOf(one, definitions, depth + 1);
        if (test !== undefined) tests.push((item) => itemsOf(item, one.name).some(test));
      }
    }
    if (tests.length === 0)
      for (const canonical of rule.types?.flatMap(({ profiles }) => profiles) ?? [])
        tests.push(...testsOf(definitions.find(canonical)?.tree, definitions, depth + 1));
  }
  return tests.length === 0 ? undefined : (item) => tests.every((test) => test(item));
}

function testsOf(tree: Rule | undefined, definitions: Definitions, depth: number): Test[] {
  const test = tree === undefined ? undefined : testOf(tree, definitions, depth);
  return test === undefined ? [] : [test];
}

/** Codes of a value set that can be listed at once. */
function listedTest(valueSet: string, definitions: Definitions): Test[] {
  const ask = (item: Item): boolean | undefined =>
    definitions.listedAnswer({ valueSet, strength: "required", codes: codesOf(item), profile: "", expression: "" });
  const isListed = ask({ value: "", beside: undefined, type: "code", member: "", index: undefined }) !== undefined;
  return isListed ? [(item) => ask(item) === true] : [];
}

function existsMatch(steps: readonly Step[], rule: Rule | undefined): Match | undefined {
  if (rule === undefined || (rule.max !== 0 && (rule.min ?? 0) === 0)) return undefined;
  const isWanted = rule.max !== 0;
  return (item, run) => {
    const values = valuesAt(item, steps, run);
    return values === undefined ? undefined : values.length > 0 === isWanted;
  };
}

function typeMatch(steps: readonly Step[], slice: Rule, definitions: Definitions): Match | undefined {
  const last = steps.at(-1);
  if (last?.kind !== "resolve") {
    const codes = new Set(
      rulesAt(slice, steps, definitions).flatMap(({ types }) => (types ?? []).map(({ code }) => code)),
    );
    if (codes.size === 0) return undefined;
    return (item, run) => valuesAt(item, steps, run)?.some((one) => codes.has(codeOf(one)));
  }
  const before = steps.slice(0, -1);
  const types = new Set(targetsAt(slice, before, definitions).flatMap((one) => targetType(one, definitions) ?? []));
  if (types.size === 0) return undefined;
  return (item, run) => {
    const named = valuesAt(item, before, run)?.map((one) => targetOf(one, run).type);
    if (named === undefined || named.length === 0) return named === undefined ? undefined : false;
    return named.includes(undefined) ? undefined : named.some((type) => types.has(type ?? ""));
  };
}

function profileMatch(steps: readonly Step[], slice: Rule, definitions: Definitions): Match | undefined {
  const isResolving = steps.at(-1)?.kind === "resolve";
  const before = isResolving ? steps.slice(0, -1) : steps;
  const canonicals = isResolving
    ? targetsAt(slice, before, definitions)
    : rulesAt(slice, steps, definitions).flatMap(({ types }) => (types ?? []).flatMap(({ profiles }) => profiles));
  // A slice that demands no profile is told by the other discriminators alone.
  if (canonicals.length === 0) return () => true;
  const isOne = (item: Item, run: ProfileRun): boolean | undefined => {
    const { resource, type } = isResolving ? targetOf(item, run) : { resource: item.value, type: codeOf(item) };
    if (!isJsonObject(resource)) {
      // What cannot be looked at is not of a slice of another type.
      const types = canonicals.map((one) => targetType(one, definitions));
      return type === undefined || types.includes(undefined) || types.includes(type) ? undefined : false;
    }
    const found = canonicals.map((one) => definitions.conforms(resource, one, run));
    return found.includes(true) ? true : found.includes(undefined) ? undefined : false;
  };
  return (item, run) => {
    const values = valuesAt(item, before, run)?.map((one) => isOne(one, run));
    if (values === undefined) return undefined;
    return values.includes(true) ? true : values.includes(undefined) ? undefined : false;
  };
}

function targetsAt(slice: Rule, steps: readonly Step[], definitions: Definitions): string[] {
  return rulesAt(slice, steps, definitions).flatMap(({ types }) => (types ?? []).flatMap(({ targets }) => targets));
}

/** The type that a profile is of; nothing when it is not known here. */
export function targetType(canonical: string, definitions: Definitions): string | undefined {
  return coreType(canonical) ?? definitions.find(canonical)?.type;
}

/** Whether a value has everything that a pattern has; of lists, some item for each. */
export function hasPattern(value: JsonValue | undefined, pattern: JsonValue): boolean {
  if (isJsonArray(pattern))
    return isJsonArray(value) && pattern.every((one) => value.some((item) => hasPattern(item, one)));
  if (!isJsonObject(pattern)) return value !== undefined && isEqualJson(value, pattern);
  if (!isJsonObject(value)) return false;
  return Object.keys(pattern).every((name) => pattern[name] === undefined || hasPattern(value[name], pattern[name]));
}
