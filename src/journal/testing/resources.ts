/** Small resources and the commands that write them, for tests of the journal and of what stands on it. */
import type { JsonObject, JsonValue } from "../../fhir/index.ts";
import type { Command, CreateCommand, DeleteCommand, PatchCommand, UpdateCommand } from "../index.ts";

export function patient(id: string | undefined, more: JsonObject = {}): JsonObject {
  return {
    resourceType: "Patient",
    ...(id === undefined ? {} : { id }),
    name: [{ family: "Ek", given: ["Tove"] }],
    ...more,
  };
}

/** An observation of a patient; `subject` is a reference's text. */
export function observation(id: string | undefined, subject = "Patient/p1", more: JsonObject = {}): JsonObject {
  return {
    resourceType: "Observation",
    ...(id === undefined ? {} : { id }),
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "29463-7" }] },
    subject: { reference: subject },
    effectiveDateTime: "2026-11-20T07:30:00+01:00",
    ...more,
  };
}

export function identified(system: string, value: string): JsonObject {
  return { identifier: [{ system: `urn:test:${system}`, value }] };
}

export function asCreate(
  resource: JsonObject,
  more: Partial<Omit<CreateCommand, "kind" | "type" | "resource">> = {},
): CreateCommand {
  const type = resource["resourceType"] as string;
  return { kind: "create", type, resource, where: type, ...more };
}

export function asUpdate(
  resource: JsonObject,
  more: Partial<Omit<UpdateCommand, "kind" | "type" | "resource" | "id">> = {},
): UpdateCommand {
  const { resourceType: type, id } = resource as { resourceType: string; id: string };
  return { kind: "update", type, id, resource, where: type, ...more };
}

export function asPatch(name: string, operations: JsonValue, ifMatch?: string): PatchCommand {
  const [type = "", id = ""] = name.split("/");
  return { kind: "patch", type, id, operations, where: type, ifMatch };
}

export function asDelete(name: string, ifMatch?: string): DeleteCommand {
  const [type = "", id = ""] = name.split("/");
  return { kind: "delete", type, id, where: type, ifMatch };
}

/** The same change of whatever meets the criteria. */
export function wherever(change: UpdateCommand | PatchCommand | DeleteCommand, criteria: string): Command {
  const { id: _, ...unnamed } = change;
  return { ...unnamed, criteria };
}
