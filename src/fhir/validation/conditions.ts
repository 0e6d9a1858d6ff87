/**
 * R4's own conditions (invariants) as checks of values, and the one about contained resources that is
 * written by hand because its expression would take time in the square of their number.
 *
 * SPEC FHIR-INVARIANT · https://hl7.org/fhir/R4/domainresource.html#invs
 */
import { invariantsOf, type Invariant, type Scope } from "../invariants/index.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { FAULTS, type Fault } from "./faults.ts";
import { fail, type Check, type Run } from "./run.ts";

/**
 * The conditions on a type or backbone element, or on an element whose type has conditions of its own.
 * @param type the type of the values, when `path` is an element's
 */
export function conditionCheck(path: string, type = path): Check | undefined {
  return checkOf(invariantsOf(path, type), type);
}

/** The conditions on every resource that can contain others. */
export function containingCheck(type: string): Check {
  const invariants = invariantsOf("DomainResource", type);
  const always = checkOf(
    invariants.filter(({ isWarning }) => isWarning),
    type,
  );
  const whenContaining = checkOf(
    invariants.filter(({ isWarning }) => !isWarning),
    type,
  );
  return (value, at, run) => {
    if (run.hasWarnings) always?.(value, at, run);
    if (!isJsonObject(value) || value["contained"] === undefined) return;
    whenContaining?.(value, at, run);
    checkUsed(value, at, run);
  };
}

function checkOf(invariants: readonly Invariant[], type: string): Check | undefined {
  if (invariants.length === 0) return undefined;
  const faults = invariants.map(faultOf);
  return (value, at, run) => {
    const node = { value, beside: undefined, type };
    const scope = scopeOf(run, node);
    for (let i = 0; i < invariants.length; i++) {
      const { isWarning, test } = invariants[i]!;
      if (isWarning && !run.hasWarnings) continue;
      if (test(node, scope) !== true) fail(run, at, faults[i]!);
      scope.walked = undefined;
    }
  };
}

function scopeOf({ resource }: Run, context: Scope["context"]): Scope {
  const type = typeof resource["resourceType"] === "string" ? resource["resourceType"] : "";
  return { resource: { value: resource, beside: undefined, type }, context, walked: undefined };
}

function faultOf({ key, isWarning, human }: Invariant): Fault {
  return {
    code: "invariant",
    severity: isWarning ? "warning" : "error",
    sv: `Villkoret ${key} i FHIR R4 är inte uppfyllt.`,
    en: `${human} (${key})`,
  };
}

/** dom-3: each contained resource is referred to from somewhere in the resource, or refers to it. */
function checkUsed(resource: JsonObject, at: number, run: Run): void {
  const { contained } = resource;
  if (!isJsonArray(contained)) return;
  const mentioned = new Set<string>();
  collectFragments(resource, mentioned);
  const isUsed = (one: JsonValue): boolean =>
    !isJsonObject(one) || (typeof one["id"] === "string" && mentioned.has(`#${one["id"]}`)) || pointsOut(one);
  if (!contained.every(isUsed)) fail(run, at, FAULTS.unused);
}

function pointsOut(one: JsonObject): boolean {
  const own = new Set<string>();
  collectFragments(one, own);
  return own.has("#");
}

function collectFragments(value: JsonValue | undefined, into: Set<string>): void {
  if (typeof value === "string") {
    if (value.startsWith("#")) into.add(value);
  } else if (isJsonArray(value)) for (const item of value) collectFragments(item, into);
  else if (isJsonObject(value)) for (const name in value) collectFragments(value[name], into);
}
