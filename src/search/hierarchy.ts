/**
 * `:below` and `:above` on references whose targets form a hierarchy: a ward lies below its hospital. R4 names the
 * element that says so `partOf`.
 *
 * SPEC SEARCH-REF-5 · https://hl7.org/fhir/R4/search.html#recursive
 */
import { isFhirId } from "../fhir/index.ts";
import type { Asked } from "./context.ts";
import { tokenKey } from "./keys.ts";
import { anyOf, type Condition } from "./plan.ts";
import { referenceForms } from "./reference-forms.ts";
import { localTarget } from "./references.ts";
import { parameterOf } from "./registry.ts";

const PARENTS = ["partof", "part-of"];

/** The name under which a type's reference to what it is part of is stored, when that may be of the same type. */
export function parentOf(type: string): string | undefined {
  for (const name of PARENTS) {
    const parameter = parameterOf(type, name);
    if (parameter?.type === "reference" && parameter.targets.includes(type)) return parameter.sources[0]?.name;
  }
  return undefined;
}

/** True for a value that names a resource here; anything else is a canonical, whose hierarchy is in its text. */
export function isResourceValue(value: string, base: string | undefined): boolean {
  return isFhirId(value) || localTarget(value, base) !== undefined;
}

/** The rows that refer to the value, or to something below or above it. */
export function hierarchyCondition(asked: Asked, direction: "below" | "above", value: string): Condition {
  const { parameter, context } = asked;
  const conditions = parameter.sources.flatMap(({ name, only }) => {
    const forms = referenceForms(parameter, only, value, context.base);
    const keys: Condition = { kind: "keys", keys: forms.map((form) => tokenKey(name, form)), negated: false };
    return [...(forms.length === 0 ? [] : [keys]), ...forms.flatMap((form) => stepsOf(form, name, direction))];
  });
  return anyOf(conditions);
}

function stepsOf(form: string, reference: string, direction: "below" | "above"): Condition[] {
  const [type = "", id = ""] = form.split("/");
  const parent = parentOf(type);
  if (parent === undefined) return [];
  return [{ kind: "hierarchy", direction, references: [reference], of: { type, ids: [id], parent } }];
}
