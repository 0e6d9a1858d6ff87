/**
 * What is refused before anything is touched: resources that are not valid, and ids that do not agree.
 *
 * SPEC JRN-REFUSE
 */
import {
  fhirErrorAt,
  fhirErrorWith,
  isError,
  isSubset,
  validateResource,
  type Issue,
  type JsonObject,
} from "../fhir/index.ts";
import { isConditional, type Command } from "./commands.ts";

const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** Errors: INVALID with every issue, SUBSETTED, TYPE_MISMATCH, ID_MISSING, ID_MISMATCH, ID_INVALID. */
export function refuseBadResource(command: Command): void {
  const isNamed = !isConditional(command) && command.kind !== "create";
  if (isNamed && !ID.test(command.id)) throw fhirErrorAt("ID_INVALID", command.where);
  if (command.kind === "create" || command.kind === "update") refuseInvalid(command.resource, command);
  if (!isNamed || command.kind !== "update") return;
  if (isSubset(command.resource)) throw fhirErrorAt("SUBSETTED", `${command.where}.meta.tag`);
  const { id } = command.resource;
  if (id === undefined) throw fhirErrorAt("ID_MISSING", `${command.where}.id`);
  if (id !== command.id) throw fhirErrorAt("ID_MISMATCH", `${command.where}.id`);
}

/** Where a Provenance that comes as a header stands in the request. */
export const PROVENANCE_HEADER = "X-Provenance";

/** Errors: PROVENANCE_INVALID with every issue; also when it says what it is of, which is for the server to say. */
export function refuseBadProvenance(resource: JsonObject): void {
  const { resourceType, target } = resource;
  if (resourceType !== "Provenance") throw fhirErrorAt("PROVENANCE_INVALID", `${PROVENANCE_HEADER}.resourceType`);
  if (target !== undefined) throw fhirErrorAt("PROVENANCE_INVALID", `${PROVENANCE_HEADER}.target`);
  const issues = issuesOf({ ...resource, target: [{ reference: "Patient/0" }] }, PROVENANCE_HEADER);
  if (issues.some(isError)) throw fhirErrorWith("PROVENANCE_INVALID", issues);
}

/** Errors: INVALID with every issue, each pointing at its place in the request. */
export function refuseInvalid(resource: JsonObject, { type, where }: Pick<Command, "type" | "where">): void {
  if (resource["resourceType"] !== type) throw fhirErrorAt("TYPE_MISMATCH", `${where}.resourceType`, type);
  const issues = issuesOf(resource, where);
  if (issues.some(isError)) throw fhirErrorWith("INVALID", issues);
}

function issuesOf(resource: JsonObject, where: string): Issue[] {
  return validateResource(resource).map((issue) => ({
    ...issue,
    expression: issue.expression?.replace(/^[A-Za-z]+/, where) ?? where,
  }));
}
