/**
 * What goes along with the matches: resources they refer to (`_include`) and resources that refer to them
 * (`_revinclude`), and with `:iterate` those of the ones that came along.
 *
 * SPEC SEARCH-INCLUDE · https://hl7.org/fhir/R4/search.html#include
 */
import { isResourceType, type JsonObject } from "../fhir/index.ts";
import { invalidValue, unknownModifier, unknownParameter } from "./context.ts";
import type { Include } from "./plan.ts";
import { mayReferTo } from "./reference-forms.ts";
import { localTarget, referenceTexts } from "./references.ts";
import { parameterOf, parametersOf, type SearchParameter } from "./registry.ts";
import { compileWalk, refersTo, type Walk } from "./walk.ts";

/** A resource that a match refers to. */
export type IncludeTarget = { readonly type: string; readonly id: string };

/** Reads one `_include` or `_revinclude`. Errors: SEARCH_VALUE_INVALID, SEARCH_PARAM_UNKNOWN. */
export function parseInclude(written: string, modifier: string | undefined, value: string): Include {
  const iterate = isIterate(written, modifier);
  if (value === "*") return { source: "*", ...ALL, iterate };
  const [source, name, target = "", ...more] = value.split(":");
  if (!isResourceType(source) || !name || more.length > 0) throw invalidValue(written, "Observation:subject");
  if (target !== "" && !isResourceType(target)) throw invalidValue(written, "Observation:subject:Patient");
  const to = target === "" ? undefined : target;
  if (name === "*") return { source, parameter: undefined, target: to, iterate };
  if (parameterOf(source, name)?.type !== "reference") throw unknownParameter(written, source);
  return { source, parameter: name, target: to, iterate };
}

const ALL = { parameter: undefined, target: undefined };

function isIterate(written: string, modifier: string | undefined): boolean {
  if (modifier === undefined) return false;
  if (modifier === "iterate" || modifier === "recurse") return true; // as it was called before R4
  throw unknownModifier({ written, modifier, parameter: { name: written.slice(0, written.indexOf(":")) } });
}

/** The resources here that a resource refers to in the way that an include asks for, each once. */
export function includeTargets(resource: JsonObject, include: Include, base?: string): IncludeTarget[] {
  const { resourceType: type } = resource;
  if (typeof type !== "string" || (include.source !== "*" && include.source !== type)) return [];
  const found = new Map<string, IncludeTarget>();
  for (const parameter of includedParameters(type, include.parameter)) {
    for (const { walk, only } of walksOf(type, parameter)) {
      walk(resource, resource, (reference) => {
        if (only !== undefined && !refersTo(only, reference, resource)) return;
        for (const text of referenceTexts(reference, base)) addTarget(found, localTarget(text), include.target);
      });
    }
  }
  return [...found.values()];
}

/** The names under which a reverse include's references are stored, for references to one type. */
export function revincludeNames(include: Include, target: string): readonly string[] {
  return includedParameters(include.source, include.parameter)
    .filter((parameter) => mayReferTo(parameter, target) && (include.target ?? target) === target)
    .flatMap((parameter) =>
      parameter.sources.filter(({ only }) => (only ?? target) === target).map(({ name }) => name),
    );
}

function includedParameters(type: string, name: string | undefined): readonly SearchParameter[] {
  if (name === undefined) return [...parametersOf(type).values()].filter((parameter) => parameter.type === "reference");
  const parameter = parameterOf(type, name);
  return parameter === undefined ? [] : [parameter];
}

type LimitedWalk = { readonly walk: Walk; readonly only: string | undefined };

const walks = new Map<string, readonly LimitedWalk[]>();

function walksOf(type: string, parameter: SearchParameter): readonly LimitedWalk[] {
  const key = `${type}.${parameter.name}`;
  let known = walks.get(key);
  if (known === undefined) {
    known = parameter.atoms.map(({ path, only }) => ({ walk: compileWalk(path), only }));
    walks.set(key, known);
  }
  return known;
}

function addTarget(found: Map<string, IncludeTarget>, target: string | undefined, wanted: string | undefined): void {
  const [type = "", id = ""] = target?.split("/") ?? [];
  if (target !== undefined && (wanted ?? type) === type) found.set(target, { type, id });
}
