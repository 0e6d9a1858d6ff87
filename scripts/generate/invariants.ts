/**
 * Makes src/fhir/generated/invariants.ts: the conditions that R4 sets on types and elements.
 *
 * Those that validation knows by structure are left out, and so are those of later releases that the
 * packaged structures carry (R4's own all have an xpath).
 *
 * https://hl7.org/fhir/R4/conformance-rules.html#constraints
 */
import type { ElementDefinitionConstraint, StructureDefinition } from "fhir/r4";
import { resourceStructures, typeStructures } from "./definitions.ts";
import { header, jsonTable } from "./emit.ts";

// ele-1, ext-1, dom-2, dom-3, ref-1, txt-1 and txt-2: see src/fhir/validation.
const STRUCTURAL: ReadonlySet<string> = new Set(["ele-1", "ext-1", "dom-2", "dom-3", "ref-1", "txt-1", "txt-2"]);
// Every resource has these; they are listed once.
const OF_ALL_RESOURCES = /^dom-/;

export function invariantsFile(): string {
  const table: Record<string, string[][]> = {};
  for (const structure of [...typeStructures(), ...resourceStructures()]) {
    if (structure.kind !== "primitive-type" && !structure.abstract) addStructure(table, structure);
  }
  return [
    header("The conditions of R4: by path, each with key, severity, expression and meaning."),
    `export const INVARIANTS = ${jsonTable(table)} as Readonly<Record<string, readonly (readonly [key: string, severity: string, expression: string, human: string])[]>>;\n`,
  ].join("");
}

function addStructure(table: Record<string, string[][]>, structure: StructureDefinition): void {
  for (const { path, constraint } of structure.snapshot?.element ?? []) {
    for (const one of constraint ?? []) {
      if (isListed(one)) (table[OF_ALL_RESOURCES.test(one.key) ? "DomainResource" : path] ??= []).push(row(one));
    }
  }
  table["DomainResource"] = [...new Map((table["DomainResource"] ?? []).map((one) => [one[0], one])).values()];
}

function isListed({ key, xpath }: ElementDefinitionConstraint): boolean {
  return xpath !== undefined && !STRUCTURAL.has(key);
}

function row({ key, severity, expression, human }: ElementDefinitionConstraint): string[] {
  if (!expression) throw new Error(`${key} has no expression`);
  return [key, severity, expression, human];
}
