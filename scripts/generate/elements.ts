/**
 * Makes src/fhir/generated/elements.ts and value-sets.ts: what each type may hold, for validation,
 * summaries and search.
 *
 * The packaged structures carry changes that are not R4 (elements from later releases, extra targets).
 * The data elements beside them are R4's own, so every leaf is taken from there, and what they do not
 * know is left out. Only the tree of backbone elements comes from the structures.
 *
 * https://hl7.org/fhir/R4/elementdefinition.html
 */
import type { ElementDefinition, ElementDefinitionType, StructureDefinition } from "fhir/r4";
import { dataElements, resourceStructures, typeStructures } from "./definitions.ts";
import { header, jsonTable } from "./emit.ts";
import { expandedValueSets } from "./value-sets.ts";

const PROFILE = "http://hl7.org/fhir/StructureDefinition/";
const FHIR_TYPE = `${PROFILE}structuredefinition-fhir-type`;

// The packaged structure is of a later release, in which this backbone element became optional.
const MANDATORY_BACKBONES: ReadonlySet<string> = new Set(["EvidenceVariable.characteristic"]);

// R4's own examples point at these too, although its definitions do not name them.
const ALSO_TARGETS: Readonly<Record<string, string>> = {
  "DeviceMetric.parent": "DeviceDefinition",
  "DeviceUseStatement.reasonReference": "Procedure",
  "MedicationRequest.dispenseRequest.performer": "Practitioner",
  "Observation.performer": "Encounter",
};

/** Every element of every type, by the path of what holds it: `Patient`, `Patient.contact`, `HumanName`. */
type Holders = Map<string, ElementDefinition[]>;

export function elementsFile(): string {
  const table: Record<string, string[]> = {};
  for (const [holder, elements] of r4Holders()) table[holder] = elements.map(elementText);
  return [
    header("The elements of every R4 type and backbone element, in the notation that ../elements.ts reads."),
    `export const ELEMENTS = ${jsonTable(table)} as Readonly<Record<string, readonly string[]>>;\n`,
  ].join("");
}

export function valueSetsFile(): string {
  const used = new Set([...r4Holders().values()].flat().flatMap((element) => requiredValueSet(element) ?? []));
  const table: Record<string, unknown> = {};
  for (const [url, systems] of expandedValueSets(used)) {
    if (table[lastSegment(url)]) throw new Error(`two value sets are called ${lastSegment(url)}`);
    table[lastSegment(url)] = systems;
  }
  return [
    header("The codes of every value set with a required binding that can be listed, by code system."),
    `export const VALUE_SETS = ${jsonTable(table)} as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;\n`,
  ].join("");
}

let holders: Holders | undefined;

function r4Holders(): Holders {
  if (holders) return holders;
  const leaves = dataElements();
  holders = new Map();
  for (const structure of [...typeStructures(), ...resourceStructures()]) {
    if (structure.kind !== "primitive-type" && !structure.abstract) addStructure(holders, structure, leaves);
  }
  return holders;
}

function addStructure(
  into: Holders,
  structure: StructureDefinition,
  leaves: ReadonlyMap<string, ElementDefinition>,
): void {
  for (const element of structure.snapshot?.element.slice(1) ?? []) {
    const r4 = r4Element(element, leaves);
    if (r4) held(into, parentOf(element.path)).push(r4);
  }
  // Elements of R4 that the packaged structure has lost.
  for (const [path, leaf] of leaves) {
    const siblings = path.startsWith(`${structure.name}.`) ? into.get(parentOf(path)) : undefined;
    if (siblings && !siblings.some((sibling) => sibling.path === path)) siblings.push(leaf);
  }
}

function held(into: Holders, holder: string): ElementDefinition[] {
  const list = into.get(holder) ?? [];
  into.set(holder, list);
  return list;
}

/** What R4 says of an element of a packaged structure; undefined when R4 does not have it. */
function r4Element(
  element: ElementDefinition,
  leaves: ReadonlyMap<string, ElementDefinition>,
): ElementDefinition | undefined {
  const { path } = element;
  if (!isR4Holder(parentOf(path), leaves)) return undefined;
  if (element.contentReference || INHERITED.test(path)) return leaves.get(path) ?? element;
  if (!isBackbone(element)) return leaves.get(path) ?? (isBeyondDataElements(path) ? element : undefined);
  if (!isR4Holder(path, leaves)) return undefined;
  return MANDATORY_BACKBONES.has(path) ? { ...element, min: 1 } : element;
}

const INHERITED = /\.(?:id|extension|modifierExtension)$/;
const KINDS_OF_QUANTITY = /^(?:Age|Count|Distance|Duration)(?:\.|$)/;

function isR4Holder(path: string, leaves: ReadonlyMap<string, ElementDefinition>): boolean {
  return isBeyondDataElements(`${path}.id`) || [...leaves.keys()].some((leaf) => leaf.startsWith(`${path}.`));
}

/** R4 has no data element whose id would be over 64 characters, nor for the kinds of Quantity. */
function isBeyondDataElements(path: string): boolean {
  return `de-${path.replace("[x]", "X")}`.length > 64 || KINDS_OF_QUANTITY.test(path);
}

function isBackbone({ type }: ElementDefinition): boolean {
  const code = type?.[0]?.code;
  return code === "BackboneElement" || code === "Element";
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("."));
const lastSegment = (url: string): string => url.slice(url.lastIndexOf("/") + 1);

/** `name min..max flags types =value-set`; flags: S in summaries, M changes the meaning of others. */
function elementText(element: ElementDefinition): string {
  const name = element.path.slice(element.path.lastIndexOf(".") + 1);
  const flags = (element.isSummary ? "S" : "") + (element.isModifier ? "M" : "");
  const valueSet = requiredValueSet(element);
  const binding = valueSet && expandedValueSets(new Set([valueSet])).size > 0 ? [`=${lastSegment(valueSet)}`] : [];
  return [name, `${element.min}..${element.max}`, flags || "-", typesText(element), ...binding].join(" ");
}

/** Types with the targets of references; `@` and a path for a backbone element, own or another's. */
function typesText(element: ElementDefinition): string {
  if (element.contentReference) return `@${element.contentReference.slice(element.contentReference.indexOf("#") + 1)}`;
  if (isBackbone(element)) return `@${element.path}`;
  const name = element.path.slice(element.path.lastIndexOf(".") + 1);
  return (element.type ?? []).map((type) => typeText(type, name, element.path)).join("|");
}

function typeText(type: ElementDefinitionType, name: string, path: string): string {
  if (type.code.startsWith("http://hl7.org/fhirpath/")) return systemType(type, name, path);
  const named = (type.targetProfile ?? []).map((profile) => profile.replace(PROFILE, ""));
  const targets = [...named, ALSO_TARGETS[path] ?? []].flat().toSorted();
  const isAny = targets.length === 0 || targets.includes("Resource");
  return type.code === "Reference" && !isAny ? `Reference(${targets.join(",")})` : type.code;
}

/** R4 says "string" of a resource's id, and means the type id: https://jira.hl7.org/browse/FHIR-22508 */
function systemType(type: ElementDefinitionType, name: string, path: string): string {
  const isResourceId =
    name === "id" && !path.slice(0, -3).includes(".") && dataElements().has(`${parentOf(path)}.meta`);
  return isResourceId ? "id" : (type.extension?.find(({ url }) => url === FHIR_TYPE)?.valueUrl ?? "string");
}

function requiredValueSet({ binding }: ElementDefinition): string | undefined {
  return binding?.strength === "required" ? binding.valueSet?.split("|")[0] : undefined;
}
