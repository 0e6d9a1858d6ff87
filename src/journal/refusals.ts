/**
 * What is refused before anything is touched: resources that are not valid, and ids that do not agree.
 *
 * SPEC JRN-REFUSE
 */
import { fhirErrorAt, fhirErrorWith, isError, isSubset, validateResource, type JsonObject } from "../fhir/index.ts";
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

/** Errors: INVALID with every issue, each pointing at its place in the request. */
export function refuseInvalid(resource: JsonObject, { type, where }: Pick<Command, "type" | "where">): void {
  if (resource["resourceType"] !== type) throw fhirErrorAt("TYPE_MISMATCH", `${where}.resourceType`, type);
  const issues = validateResource(resource);
  if (!issues.some(isError)) return;
  const placed = issues.map((issue) => ({
    ...issue,
    expression: issue.expression?.replace(/^[A-Za-z]+/, where) ?? where,
  }));
  throw fhirErrorWith("INVALID", placed);
}
