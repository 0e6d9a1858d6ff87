/**
 * What a rule can say of a single value: fixed, patterned, bounded, of certain types and profiles, coded from a value set,
 * pointing at certain things.
 *
 * SPEC FHIR-PROFILE-VALUE, -TYPE, -BINDING · https://hl7.org/fhir/R4/elementdefinition.html
 */
import type { ElementDefinition } from "../elements.ts";
import { mayHold } from "../invariants/index.ts";
import { isEqualJson } from "../json-equal.ts";
import { isJsonObject, type JsonObject } from "../json-value.ts";
import { coreType, partsOf } from "./canonical.ts";
import { codesOf, saysSomething } from "./codes.ts";
import type { Definition, Definitions, Judge } from "./definition.ts";
import { PROFILE_FAULTS } from "./faults.ts";
import { codeOf, targetOf } from "./items.ts";
import { hasPattern, targetType } from "./match.ts";
import type { Rule, TypeRule } from "./rule.ts";
import { expressionOf, note, tried, type ProfileRun } from "./run.ts";

/** Judges of the value as such. */
export function valueJudges({ fixed, pattern, least, most, maxLength }: Rule): Judge[] {
  const judges: Judge[] = [];
  if (fixed !== undefined)
    judges.push(({ value }, at, run) => {
      if (value === undefined || !isEqualJson(value, fixed)) note(run, at, PROFILE_FAULTS.fixed);
    });
  if (pattern !== undefined)
    judges.push(({ value }, at, run) => {
      if (!hasPattern(value, pattern)) note(run, at, PROFILE_FAULTS.pattern);
    });
  if (maxLength !== undefined)
    judges.push(({ value }, at, run) => {
      if (typeof value === "string" && value.length > maxLength) note(run, at, PROFILE_FAULTS.long, maxLength);
    });
  for (const [bound, operator, fault] of [
    [least, ">=", PROFILE_FAULTS.least],
    [most, "<=", PROFILE_FAULTS.most],
  ] as const) {
    if (bound === undefined) continue;
    judges.push((item, at, run) => {
      const limit = { value: bound, beside: undefined, type: item.type };
      if (item.value !== undefined && !mayHold(item, operator, limit)) note(run, at, fault);
    });
  }
  return judges;
}

/** Judges of the value's type, of the profiles that it must follow, and of what a reference may point at. */
export function typesJudge(
  { types }: Rule,
  element: ElementDefinition | undefined,
  definitions: Definitions,
): Judge | undefined {
  const told = types?.filter(({ code }) => !code.startsWith("System.")) ?? [];
  if (told.length === 0) return undefined;
  const judges = [formJudge(told, element), profilesJudge(told, definitions), targetsJudge(told, element, definitions)];
  const found = judges.filter((one) => one !== undefined);
  if (found.length === 0) return undefined;
  return (item, at, run) => {
    for (const judge of found) judge(item, at, run);
  };
}

/** Types that stand for all of their kind. */
const ANY: ReadonlySet<string> = new Set(["Resource", "DomainResource", "Element", "BackboneElement", "*"]);

function formJudge(types: readonly TypeRule[], element: ElementDefinition | undefined): Judge | undefined {
  const codes = new Set(types.map(({ code }) => code));
  if ([...codes].some((code) => ANY.has(code))) return undefined;
  if (element?.types.every(({ code }) => codes.has(code)) === true) return undefined;
  const wanted = [...codes].join(", ");
  return (item, at, run) => {
    if (!codes.has(codeOf(item))) note(run, at, PROFILE_FAULTS.form, wanted);
  };
}

function profilesJudge(types: readonly TypeRule[], definitions: Definitions): Judge | undefined {
  const byCode = new Map<string, string[]>();
  for (const { code, profiles } of types) {
    const demanding = profiles.filter((one) => coreType(one) === undefined);
    // One of R4's own among them demands nothing.
    if (demanding.length === profiles.length && profiles.length > 0)
      byCode.set(code, [...(byCode.get(code) ?? []), ...demanding]);
  }
  if (byCode.size === 0) return undefined;
  return (item, at, run) => {
    const wanted =
      byCode.get(codeOf(item)) ??
      byCode.get(item.type) ??
      (isJsonObject(item.value) && "resourceType" in item.value ? byCode.get("Resource") : undefined);
    if (wanted === undefined) return;
    const found = wanted.map((one) => definitions.find(one));
    const [only] = found;
    if (found.includes(undefined)) return note(run, at, PROFILE_FAULTS.innerUnknown, wanted.join(", "));
    if (found.length === 1) return only?.judge(item, at, run);
    const isOne = (one: Definition | undefined): boolean => tried(run, () => one?.judge(item, at, run));
    const right = found.find(isOne);
    if (right === undefined) note(run, at, PROFILE_FAULTS.typeProfile, wanted.join(", "));
    else right.judge(item, at, run);
  };
}

function targetsJudge(
  types: readonly TypeRule[],
  element: ElementDefinition | undefined,
  definitions: Definitions,
): Judge | undefined {
  const targets = types.filter(({ code }) => code === "Reference").flatMap((type) => type.targets);
  if (targets.length === 0) return undefined;
  const isOfCore = targets.every((one) => coreType(one) !== undefined);
  const known = element?.types.find(({ code }) => code === "Reference")?.targets;
  const own = new Set(targets.map((one) => coreType(one) ?? ""));
  if (isOfCore && (own.has("Resource") || known?.every((one) => own.has(one)) === true)) return undefined;
  const wanted = targets.map((one) => coreType(one) ?? one).join(", ");
  return (item, at, run) => {
    if (codeOf(item) !== "Reference") return;
    const { resource, type } = targetOf(item, run);
    const permitted = targets.map((one) => targetType(one, definitions));
    const isAny = permitted.some((one) => one === undefined || ANY.has(one));
    if (type !== undefined && !isAny && !permitted.includes(type)) return note(run, at, PROFILE_FAULTS.target, wanted);
    if (resource === undefined || isOfCore) return;
    if (!isConforming(resource, targets, definitions, run)) note(run, at, PROFILE_FAULTS.targetProfile, wanted);
  };
}

function isConforming(
  resource: JsonObject,
  targets: readonly string[],
  definitions: Definitions,
  run: ProfileRun,
): boolean {
  return targets.some((one) => {
    const core = coreType(one);
    if (core !== undefined) return ANY.has(core) || resource["resourceType"] === core;
    return definitions.conforms(resource, one, run) !== false;
  });
}

/** Asks whether the codes are in the value set; R4's own required bindings are judged elsewhere. */
export function bindingJudge({ binding }: Rule, element: ElementDefinition | undefined): Judge | undefined {
  if (binding === undefined || binding.valueSet === "") return undefined;
  const { strength, valueSet } = binding;
  if (strength !== "required" && strength !== "extensible") return undefined;
  const own = element?.valueSet;
  if (own !== undefined && partsOf(valueSet).url === `http://hl7.org/fhir/ValueSet/${own}`) return undefined;
  return (item, at, run) => {
    const codes = codesOf(item);
    const isAsked = strength === "required" ? saysSomething(item) : codes.length > 0;
    if (!isAsked) return;
    const expression = expressionOf(run.path, at);
    run.questions.push({ valueSet, strength, codes, profile: run.profile, expression });
  };
}
