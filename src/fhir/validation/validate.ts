/**
 * Validates a resource against the R4 definitions: structure, cardinality, formats, choices,
 * extensions, contained resources, required bindings, reference targets, R4's own conditions and the
 * narrative's safety.
 *
 * SPEC FHIR-VALID · https://hl7.org/fhir/R4/validation.html
 */
import type { JsonObject } from "../json-value.ts";
import type { Issue } from "../outcomes.ts";
import { checkResource } from "./compile.ts";
import type { Run } from "./run.ts";

export interface ValidateOptions {
  readonly hasWarnings?: boolean;
}

/**
 * What is wrong with a resource; an empty list when nothing is.
 * Warnings (what R4 calls good practice) are told only when asked for.
 * @returns at most 101 issues, each with the element's path as expression: `Patient.name[0].given[1]`
 */
export function validateResource(resource: JsonObject, options: ValidateOptions = {}): readonly Issue[] {
  const type = resource["resourceType"];
  const root = typeof type === "string" && /^[A-Za-z]{1,64}$/.test(type) ? type : "Resource";
  const { hasWarnings = false } = options;
  const run: Run = { issues: [], path: [root], container: resource, resource, isContained: false, hasWarnings };
  checkResource(resource, 0, run);
  return run.issues;
}
