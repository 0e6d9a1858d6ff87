/**
 * Makes src/terminology/generated/hl7.ts: the code systems, value sets and concept maps that R4 carries itself, as one line
 * of JSON each. Words that explain are left out, and the displays of SNOMED CT and LOINC, which are not HL7's to give.
 */
import type { CodeSystem, CodeSystemConcept, ConceptMap, ValueSet, ValueSetComposeInclude } from "fhir/r4";
import { conceptMaps, terminology } from "./definitions.ts";
import { header, template } from "./emit.ts";

const NOT_HL7S: ReadonlySet<string> = new Set(["http://snomed.info/sct", "http://loinc.org"]);
/** Properties that make a concept inactive, abstract or another's parent. */
const KEPT: ReadonlySet<string> = new Set(["status", "notSelectable", "abstract", "child"]);

export function terminologyFile(): string {
  const { codeSystems, valueSets } = terminology();
  return [
    header("What R4 itself says of codes, a line of JSON for each resource."),
    linesOf("CODE_SYSTEMS", [...codeSystems.values()].filter(isOwn).map(systemOf)),
    linesOf("VALUE_SETS", [...valueSets.values()].filter(({ compose }) => compose !== undefined).map(setOf)),
    linesOf("CONCEPT_MAPS", conceptMaps().map(mapOf)),
  ].join("\n");
}

function isOwn({ content, concept }: CodeSystem): boolean {
  return concept !== undefined && content !== "supplement";
}

function linesOf(name: string, resources: readonly { readonly url?: string }[]): string {
  const lines = resources
    .toSorted((a, b) => ((a.url ?? "") < (b.url ?? "") ? -1 : 1))
    .map((one) => JSON.stringify(one));
  return `export const ${name} = ${template(lines.join("\n"))};\n`;
}

function systemOf({ url, version, name, title, status, content, ...system }: CodeSystem): CodeSystem {
  const { caseSensitive, hierarchyMeaning, property, concept = [] } = system;
  const kept = property?.filter(({ code }) => KEPT.has(code)).map(({ code, uri, type }) => ({ code, uri, type }));
  return {
    url, // first, since it is what a line is found by
    resourceType: "CodeSystem",
    version,
    name,
    title,
    status,
    content,
    caseSensitive,
    hierarchyMeaning,
    ...(kept !== undefined && kept.length > 0 && { property: kept }),
    concept: concept.map(conceptOf),
  };
}

function conceptOf({ code, display, property, concept }: CodeSystemConcept): CodeSystemConcept {
  const kept = property?.filter((one) => KEPT.has(one.code) && one.valueCode !== "active") ?? [];
  return {
    code,
    display,
    ...(kept.length > 0 && { property: kept }),
    ...(concept !== undefined && { concept: concept.map(conceptOf) }),
  };
}

function setOf({ url, version, name, title, status, compose }: ValueSet): ValueSet {
  const { include = [], exclude } = compose ?? {};
  return {
    url,
    resourceType: "ValueSet",
    version,
    name,
    title,
    status,
    compose: { include: include.map(includeOf), ...(exclude !== undefined && { exclude: exclude.map(includeOf) }) },
  };
}

function includeOf({ system, version, concept, filter, valueSet }: ValueSetComposeInclude): ValueSetComposeInclude {
  const isOthers = NOT_HL7S.has(system ?? "");
  return {
    system,
    version,
    ...(concept !== undefined && {
      concept: concept.map(({ code, display }) => (isOthers ? { code } : { code, display })),
    }),
    filter,
    valueSet,
  };
}

function mapOf({ url, version, name, title, status, sourceUri, sourceCanonical, ...map }: ConceptMap): ConceptMap {
  const { targetUri, targetCanonical, group } = map;
  const given = { sourceUri, sourceCanonical, targetUri, targetCanonical };
  return { url, resourceType: "ConceptMap", version, name, title, status, ...given, group };
}
