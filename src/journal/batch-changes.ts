/** Single changes of a batch: what a patch makes, what must stand for a change to be done, and the change log's line of a deletion. SPEC JRN-BATCH */
import {
  applyFhirPathPatch,
  applyResourcePatch,
  fhirError,
  fhirErrorAt,
  isJsonObject,
  parseJson,
  type JsonObject,
} from "../fhir/index.ts";
import type { Change, CurrentRow } from "../store/index.ts";
import { ANY_VERSION, type CreateCommand, type PatchCommand, type SettledCommand } from "./commands.ts";
import { refuseInvalid } from "./refusals.ts";

/** The patched resource. Errors: NOT_FOUND, VERSION_CONFLICT, PATCH_INVALID, INVALID. */
export function patched(command: PatchCommand, current: CurrentRow | undefined): JsonObject {
  if (current === undefined) throw fhirError("NOT_FOUND");
  refuseUnlessMatching(command, current);
  const before = parseJson(current.content) as JsonObject;
  const { operations } = command;
  const resource = isJsonObject(operations)
    ? applyFhirPathPatch(before, operations)
    : applyResourcePatch(before, operations);
  refuseInvalid(resource, command);
  return resource;
}

/** Errors: VERSION_CONFLICT when another version stands here, PRECONDITION_FAILED when there shall be none. */
export function refuseUnlessMatching(
  command: Exclude<SettledCommand, CreateCommand>,
  current: CurrentRow | undefined,
): void {
  const { ifMatch, where } = command;
  if (ifMatch !== undefined && !isOneOf(ifMatch, current)) throw fhirErrorAt("VERSION_CONFLICT", where);
  const onlyIfAbsent = command.kind === "update" && command.onlyIfAbsent === true;
  if (onlyIfAbsent && current !== undefined) throw fhirErrorAt("PRECONDITION_FAILED", where);
}

function isOneOf(ifMatch: string, current: CurrentRow | undefined): boolean {
  return current !== undefined && (ifMatch === ANY_VERSION || ifMatch.split(",").includes(String(current.version)));
}

/** The line of a deletion. */
export function changeOf(type: string, row: Omit<CurrentRow, "content">, method: "delete", recorded: string): Change {
  return {
    home: row.home,
    type,
    id: row.id,
    version: row.version,
    method,
    recorded,
    patient: row.patient,
    careProvider: row.care_provider,
    careUnit: row.care_unit,
  };
}
