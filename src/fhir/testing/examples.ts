/**
 * The official R4 examples (npm hl7.fhir.r4.examples, a development dependency), read in place, for tests.
 *
 * SPEC FHIR-EXAMPLE · https://hl7.org/fhir/R4/downloads.html
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const FOLDER = dirname(createRequire(import.meta.url).resolve("hl7.fhir.r4.examples/package.json"));

// Definitions that HL7 publishes about FHIR itself; everything else in the package is an instance.
const CONFORMANCE: ReadonlySet<string> = new Set(
  (
    "CapabilityStatement CodeSystem CompartmentDefinition ConceptMap ExampleScenario GraphDefinition ImplementationGuide " +
    "MessageDefinition NamingSystem OperationDefinition SearchParameter StructureDefinition StructureMap " +
    "TerminologyCapabilities TestReport TestScript ValueSet"
  ).split(" "),
);

export interface Example {
  readonly name: string;
  readonly text: string;
  readonly isInstance: boolean;
}

/** All examples, one at a time; `isInstance` tells resources from definitions. */
export function* officialExamples(): Generator<Example> {
  for (const file of readdirSync(FOLDER).toSorted()) {
    if (!/^[A-Z].*\.json$/.test(file)) continue;
    const text = readFileSync(join(FOLDER, file), "utf8");
    yield { name: file.slice(0, -5), text, isInstance: !CONFORMANCE.has(file.replace(/-.*/, "")) };
  }
}
