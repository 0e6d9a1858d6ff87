/** Makes src/fhir/generated/resource-types.ts and compartments.ts. */
import type { CompartmentDefinition } from "fhir/r4";
import { concreteResourceTypes, otherCompartments, patientCompartment } from "./definitions.ts";
import { header, jsonTable } from "./emit.ts";

export function resourceTypesFile(): string {
  const names = concreteResourceTypes()
    .map((name) => `  "${name}",\n`)
    .join("");
  return `${header("The concrete resource types of R4.")}export const RESOURCE_TYPES = [\n${names}] as const;\n`;
}

export function compartmentsFile(): string {
  const type = "Readonly<Record<string, readonly string[]>>";
  const what =
    "The compartments: for each type the search parameters that tie it to a patient, or to another focus ({def}: it is the focus).";
  const others = otherCompartments().map((one) => `"${one.code}": ${jsonTable(membersOf(one))} as ${type},\n`);
  return `${header(what)}export const PATIENT_COMPARTMENT = ${jsonTable(membersOf(patientCompartment()))} as ${type};

export const OTHER_COMPARTMENTS: Readonly<Record<string, ${type}>> = {\n${others.join("")}};\n`;
}

function membersOf(compartment: CompartmentDefinition): Record<string, readonly string[]> {
  const members: Record<string, readonly string[]> = {};
  for (const { code, param } of compartment.resource ?? []) if (param) members[code] = param.toSorted();
  return members;
}
