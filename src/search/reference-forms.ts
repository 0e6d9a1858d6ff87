/**
 * The spellings under which a reference may be stored that a search value means.
 *
 * SPEC SEARCH-REF · https://hl7.org/fhir/R4/search.html#reference
 */
import { isFhirId, parseReference, RESOURCE_TYPES } from "../fhir/index.ts";
import { anyVersionValue } from "./keys.ts";
import { localTarget } from "./references.ts";
import type { SearchParameter } from "./registry.ts";

/** True when references of this parameter may point to resources of the type. */
export function mayReferTo(parameter: SearchParameter, type: string): boolean {
  return parameter.targets.length === 0 || parameter.targets.includes(type);
}

/** The texts under which a search value may be stored; `limited` names the only type that is meant. */
export function referenceForms(
  parameter: SearchParameter,
  limited: string | undefined,
  value: string,
  base: string | undefined,
): string[] {
  const local = localTarget(value, base);
  if (local !== undefined) return limited === undefined || local.startsWith(`${limited}/`) ? [local] : [];
  if (!isFhirId(value)) return isElsewhereOf(limited, value) ? [value, anyVersionValue(value)] : [];
  return targetTypes(parameter, limited).map((type) => `${type}/${value}`);
}

/** An address on another server tells its type too; anything else may be of any type. */
function isElsewhereOf(limited: string | undefined, value: string): boolean {
  const parsed = parseReference(value);
  return limited === undefined || parsed.kind !== "resource" || parsed.type === limited;
}

function targetTypes(parameter: SearchParameter, only: string | undefined): readonly string[] {
  if (only !== undefined) return [only];
  return parameter.targets.length === 0 ? RESOURCE_TYPES : parameter.targets;
}
