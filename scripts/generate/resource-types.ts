/** Makes src/fhir/generated/resource-types.ts and compartments.ts. */
import { concreteResourceTypes, patientCompartment } from "./definitions.ts";
import { header, jsonTable } from "./emit.ts";

export function resourceTypesFile(): string {
  const names = concreteResourceTypes()
    .map((name) => `  "${name}",\n`)
    .join("");
  return `${header("The concrete resource types of R4.")}export const RESOURCE_TYPES = [\n${names}] as const;\n`;
}

export function compartmentsFile(): string {
  const members: Record<string, readonly string[]> = {};
  for (const { code, param } of patientCompartment().resource ?? []) if (param) members[code] = param.toSorted();
  const type = "Readonly<Record<string, readonly string[]>>";
  const what = "The patient compartment: for each type the search parameters that tie it to a patient.";
  return `${header(what)}export const PATIENT_COMPARTMENT = ${jsonTable(members)} as ${type};\n`;
}
