/**
 * Reference parameters: by id, by type and id, by address, by canonical url, by the target's identifier.
 *
 * SPEC SEARCH-REF · https://hl7.org/fhir/R4/search.html#reference
 */
import { isResourceType } from "../fhir/index.ts";
import { alternativesOf, invalidValue, tooCostly, unknownModifier, type Asked } from "./context.ts";
import { splitEscaped, unescaped } from "./escapes.ts";
import { hierarchyCondition, isResourceValue } from "./hierarchy.ts";
import { codeValue, identifierValue, systemCodeValue, systemValue, tokenKey } from "./keys.ts";
import { LIMITS } from "./limits.ts";
import { isOfPatients, isOwnPatient } from "./patient.ts";
import { anyOf, NOTHING, type Condition } from "./plan.ts";
import { mayReferTo, referenceForms } from "./reference-forms.ts";
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
    return anyOf(values.map((value) => rankedCondition(asked, modifier, unescaped(value))));
  if (modifier !== undefined && !(isResourceType(modifier) && mayReferTo(parameter, modifier)))
    throw unknownModifier(asked);
  return literalCondition(asked, values.map(unescaped));
}

/** A resource here has its place in a hierarchy of resources, a canonical in one of addresses. */
function rankedCondition(asked: Asked, direction: "above" | "below", value: string): Condition {
  return isResourceValue(value, asked.context.base)
    ? hierarchyCondition(asked, direction, value)
    : keyed(asked.parameter, uriForms(asked, [value]), false, asked.written);
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
  const patients = isOfPatients(type, parameter) ? patientsMeant(asked, values) : undefined;
  if (patients === undefined) return { kind: "keys", keys, negated: false };
  return isOwnPatient(type, parameter)
    ? { kind: "keys", keys, negated: false, patients, whose: patients }
    : { kind: "keys", keys, negated: false, whose: patients };
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

function identifierForm(value: string, written: string): string {
  const parts = splitEscaped(value, "|").map(unescaped);
  const [first = "", second] = parts;
  if (parts.length > 2 || parts.every((part) => part === "")) throw invalidValue(written, "system|value");
  if (second === undefined) return identifierValue(codeValue(first));
  return identifierValue(second === "" ? systemValue(first) : systemCodeValue(first, second));
}
