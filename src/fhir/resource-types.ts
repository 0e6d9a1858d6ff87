/** The names of R4's resource types. SPEC FHIR-TYPE · https://hl7.org/fhir/R4/resourcelist.html */
import { RESOURCE_TYPES } from "./generated/resource-types.ts";

export type ResourceType = (typeof RESOURCE_TYPES)[number];

const KNOWN: ReadonlySet<string> = new Set(RESOURCE_TYPES);

/** True for the exact name of a concrete type; FHIR's names are case-sensitive. */
export function isResourceType(name: unknown): name is ResourceType {
  return typeof name === "string" && KNOWN.has(name);
}
