/**
 * Required bindings: only the codes of a value set are allowed, in a code, a Coding or a CodeableConcept.
 *
 * SPEC FHIR-CODE · https://hl7.org/fhir/R4/terminologies.html#required
 */
import { VALUE_SETS } from "../generated/value-sets.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../json-value.ts";
import { FAULTS } from "./faults.ts";
import { fail, type Check } from "./run.ts";

type Systems = Readonly<Record<string, readonly string[]>>;

/** A check of the codes in a value of this type; undefined when the value set cannot be listed. */
export function bindingCheck(type: string, valueSet: string): Check | undefined {
  const systems = VALUE_SETS[valueSet];
  if (!systems) return undefined;
  if (type === "CodeableConcept") return conceptCheck(systems, valueSet);
  if (type === "Coding") return codingCheck(systems, valueSet);
  return codeCheck(new Set(Object.values(systems).flat()), valueSet);
}

function codeCheck(codes: ReadonlySet<string>, valueSet: string): Check {
  return (value, at, run) => {
    if (typeof value === "string" && value !== "" && !codes.has(value)) fail(run, at, FAULTS.code, valueSet);
  };
}

function codingCheck(systems: Systems, valueSet: string): Check {
  return (value, at, run) => {
    if (isJsonObject(value) && hasContent(value) && !isCodingOf(value, systems)) fail(run, at, FAULTS.code, valueSet);
  };
}

/** One of a concept's codings must be from the value set; others may stand beside it. */
function conceptCheck(systems: Systems, valueSet: string): Check {
  return (value, at, run) => {
    if (!isJsonObject(value) || !hasContent(value)) return;
    const { coding } = value;
    const isOne = isJsonArray(coding) && coding.some((one) => isCodingOf(one, systems));
    if (!isOne) fail(run, at, FAULTS.code, valueSet);
  };
}

/** A value that is only an extension (such as a reason why it is absent) states no code. */
function hasContent(value: Readonly<Record<string, JsonValue | undefined>>): boolean {
  return Object.keys(value).some((name) => name !== "id" && name !== "extension");
}

function isCodingOf(coding: JsonValue, systems: Systems): boolean {
  if (!isJsonObject(coding)) return false;
  const { system, code } = coding;
  if (typeof system !== "string" || typeof code !== "string" || !Object.hasOwn(systems, system)) return false;
  return systems[system]?.includes(code) ?? false;
}
