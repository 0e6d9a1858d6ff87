/**
 * Reference parameters: by id, by type and id, by address, by canonical url, by the target's identifier.
 *
 * SPEC SEARCH-REF · https://hl7.org/fhir/R4/search.html#reference
 */
import { isFhirId, isResourceType, parseReference, RESOURCE_TYPES } from "../fhir/index.ts";
import { alternativesOf, invalidValue, tooCostly, unknownModifier, type Asked } from "./context.ts";
import { splitEscaped, unescaped } from "./escapes.ts";
import { anyVersionValue, codeValue, identifierValue, systemCodeValue, systemValue, tokenKey } from "./keys.ts";
import { LIMITS } from "./limits.ts";
import { isOwnPatient } from "./patient.ts";
import { NOTHING, type Condition } from "./plan.ts";
import { localTarget } from "./references.ts";
import type { SearchParameter } from "./registry.ts";
import { keyed } from "./token.ts";
import { uriForms } from "./uri.ts";

/** The condition of a reference parameter, whatever its modifier but `:missing`. */
export function referenceCondition(asked: Asked): Condition {
  const { modifier, parameter, written } = asked;
  const values = alternativesOf(asked);
  if (modifier === "identifier")
    return keyed(
      parameter,
      values.map((value) => identifierForm(value, written)),
      false,
      written,
    );
  if (modifier === "above" || modifier === "below")
    return keyed(parameter, uriForms(asked, values.map(unescaped)), false, written);
  if (modifier !== undefined && !(isResourceType(modifier) && mayReferTo(parameter, modifier)))
    throw unknownModifier(asked);
  return literalCondition(asked, values.map(unescaped));
}

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

function literalCondition(asked: Asked, values: readonly string[]): Condition {
  const { type, parameter, modifier, context, written } = asked;
  const keys = parameter.sources.flatMap((source) =>
    values.flatMap((value) =>
      referenceForms(parameter, modifier ?? source.only, value, context.base).map((form) =>
        tokenKey(source.name, form),
      ),
    ),
  );
  if (keys.length === 0) return NOTHING;
  if (keys.length > LIMITS.keys) throw tooCostly(written, `${keys.length} > ${LIMITS.keys}`);
  const patients = isOwnPatient(type, parameter) ? patientsMeant(asked, values) : undefined;
  return patients === undefined
    ? { kind: "keys", keys, negated: false }
    : { kind: "keys", keys, negated: false, patients };
}

/** The patients' ids when every value names a patient here and nothing else. */
function patientsMeant({ parameter, modifier, context }: Asked, values: readonly string[]): string[] | undefined {
  const ids: string[] = [];
  const [source] = parameter.sources;
  for (const value of values) {
    const forms = source === undefined ? [] : referenceForms(parameter, modifier ?? source.only, value, context.base);
    const [form = ""] = forms;
    if (forms.length !== 1 || !form.startsWith("Patient/")) return undefined;
    ids.push(form.slice("Patient/".length));
  }
  return ids;
}

function targetTypes(parameter: SearchParameter, only: string | undefined): readonly string[] {
  if (only !== undefined) return [only];
  return parameter.targets.length === 0 ? RESOURCE_TYPES : parameter.targets;
}

function identifierForm(value: string, written: string): string {
  const parts = splitEscaped(value, "|").map(unescaped);
  const [first = "", second] = parts;
  if (parts.length > 2 || parts.every((part) => part === "")) throw invalidValue(written, "system|value");
  if (second === undefined) return identifierValue(codeValue(first));
  return identifierValue(second === "" ? systemValue(first) : systemCodeValue(first, second));
}
