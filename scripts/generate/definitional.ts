/**
 * Makes src/fhir/generated/definitions.ts: R4's own search parameters, operations and compartments as they are published, one
 * line of JSON each, without narrative, contacts and labels.
 */
import { r4Operations, otherCompartments, patientCompartment, searchParameters } from "./definitions.ts";
import { header, template } from "./emit.ts";

type Definition = {
  readonly id?: string;
  readonly text?: unknown;
  readonly contact?: unknown;
  readonly meta?: unknown;
};

export function definitionsFile(): string {
  return [
    header("R4's own search parameters, operations and compartments, a line of JSON for each, by id."),
    linesOf("SEARCH_PARAMETER_TEXTS", searchParameters()),
    linesOf("OPERATION_TEXTS", r4Operations()),
    linesOf("COMPARTMENT_TEXTS", [patientCompartment(), ...otherCompartments()]),
  ].join("\n");
}

/** The id first, since it is what a line is found by. */
function linesOf(name: string, definitions: readonly Definition[]): string {
  const lines = definitions
    .toSorted((a, b) => ((a.id ?? "") < (b.id ?? "") ? -1 : 1))
    .map(({ id, ...rest }) => JSON.stringify({ id, ...rest, text: undefined, contact: undefined, meta: undefined }));
  return `export const ${name} = ${template(lines.join("\n"))};\n`;
}
