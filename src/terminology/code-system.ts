/**
 * A CodeSystem resource as concepts in memory: nested concepts and the parent and child properties become one hierarchy,
 * the status properties become active and abstract.
 *
 * SPEC TERM-MODEL · https://hl7.org/fhir/R4/codesystem.html
 */
import type { CodeSystem, CodeSystemConcept, CodeSystemConceptProperty } from "fhir/r4";
import type { Concept, ConceptSource, Property, Selection, Slice } from "./concept.ts";
import { selector, type Hierarchy } from "./select.ts";
import { wordsOf } from "./words.ts";

const MEANS_KIND: ReadonlySet<string> = new Set(["is-a", "classified-with"]);
const CONCEPT_PROPERTIES = "http://hl7.org/fhir/concept-properties#";

type Kept = {
  readonly system: CodeSystem;
  readonly concepts: Map<string, Concept>;
  readonly parents: Map<string, Set<string>>;
};

/** The concepts of a resource. A system without case compares codes without case. */
export function memorySystem(system: CodeSystem): ConceptSource {
  const kept: Kept = { system, concepts: new Map(), parents: new Map() };
  for (const concept of system.concept ?? []) collect(kept, concept, undefined);
  return new MemorySystem(kept);
}

class MemorySystem implements ConceptSource {
  readonly url: string;
  readonly version: string | undefined;
  readonly name: string;
  readonly language: string | undefined;
  readonly isComplete: boolean;
  readonly isSubsumptive: boolean;
  private readonly concepts = new Map<string, Concept>();
  private readonly ordered: readonly Concept[];
  private readonly spelled = new Map<string, string>();
  private readonly closure = new Map<string, ReadonlySet<string>>();
  private readonly words = new Map<string, readonly string[]>();
  private readonly foldsCase: boolean;

  constructor({ system, concepts, parents }: Kept) {
    this.url = system.url ?? "";
    this.version = system.version;
    this.name = system.title ?? system.name ?? this.url;
    this.language = system.language;
    this.isComplete = system.content === "complete";
    this.isSubsumptive = system.hierarchyMeaning === undefined || MEANS_KIND.has(system.hierarchyMeaning);
    this.foldsCase = system.caseSensitive === false;
    for (const [code, concept] of concepts) {
      const above = [...(parents.get(code) ?? [])].filter((one) => concepts.has(one));
      this.concepts.set(code, { ...concept, parents: above });
      if (this.foldsCase) this.spelled.set(code.toLowerCase(), code);
    }
    this.ordered = [...this.concepts.values()];
  }

  find(codes: readonly string[]): Promise<ReadonlyMap<string, Concept>> {
    const found = new Map<string, Concept>();
    for (const code of codes) {
      const concept = this.one(code);
      if (concept !== undefined) found.set(code, concept);
    }
    return Promise.resolve(found);
  }

  async select(selection: Selection, { offset, limit }: Slice): Promise<readonly Concept[]> {
    const matching = this.matching(selection);
    const ordered = selection.text === undefined ? matching : matching.toSorted(shorterFirst);
    return ordered.slice(offset, offset + limit);
  }

  async count(selection: Selection): Promise<number> {
    return this.matching(selection).length;
  }

  async codes(selection: Selection, limit: number): Promise<readonly string[]> {
    return (await this.select(selection, { offset: 0, limit })).map(({ code }) => code);
  }

  ancestors(codes: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const found = codes.flatMap((code) => {
      const concept = this.one(code);
      return concept === undefined ? [] : [[code, this.above(concept.code)] as const];
    });
    return Promise.resolve(new Map(found));
  }

  private one(code: string): Concept | undefined {
    return (
      this.concepts.get(code) ??
      (this.foldsCase ? this.concepts.get(this.spelled.get(code.toLowerCase()) ?? "") : undefined)
    );
  }

  private matching(selection: Selection): Concept[] {
    const hierarchy: Hierarchy = {
      above: (code) => this.above(code),
      spelled: (code) => this.one(code)?.code ?? code,
      words: (concept) => this.wordsOf(concept),
    };
    const isMeant = selector(selection, hierarchy);
    const among = selection.codes?.flatMap((code) => this.one(code) ?? []) ?? this.ordered;
    return among.filter(isMeant);
  }

  /** Everything above a code, itself only when a loop leads back to it. Walked without recursion: a chain may be long. */
  private above(code: string): ReadonlySet<string> {
    const known = this.closure.get(code);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const open = [...(this.concepts.get(code)?.parents ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(...(this.concepts.get(next)?.parents ?? []));
    }
    this.closure.set(code, found);
    return found;
  }

  private wordsOf(concept: Concept): readonly string[] {
    let words = this.words.get(concept.code);
    if (words === undefined) {
      words = wordsOf(concept.code, [concept.display ?? "", ...concept.designations.map(({ value }) => value)]);
      this.words.set(concept.code, words);
    }
    return words;
  }
}

function shorterFirst(a: Concept, b: Concept): number {
  return (a.display ?? a.code).length - (b.display ?? b.code).length;
}

function collect(kept: Kept, concept: CodeSystemConcept, parent: string | undefined): void {
  const { code } = concept;
  const properties = (concept.property ?? []).map(propertyOf);
  const meaning = (name: string): string => meaningOf(kept.system, name);
  const says = (what: string, value: string): boolean =>
    properties.some((property) => meaning(property.code) === what && property.value === value);
  if (parent !== undefined) link(kept, code, parent);
  for (const property of properties) {
    if (meaning(property.code) === "parent") link(kept, code, property.value);
    if (meaning(property.code) === "child") link(kept, property.value, code);
  }
  if (!kept.concepts.has(code)) {
    kept.concepts.set(code, {
      code,
      display: concept.display,
      definition: concept.definition,
      active: !says("inactive", "true") && !says("status", "retired") && !says("status", "inactive"),
      abstract: says("notSelectable", "true"),
      parents: [],
      designations: (concept.designation ?? []).map(({ language, use, value }) => ({
        ...(language === undefined ? {} : { language }),
        ...(use?.code === undefined ? {} : { use: use.code }),
        value,
      })),
      properties,
    });
  }
  for (const child of concept.concept ?? []) collect(kept, child, code);
}

function link({ parents }: Kept, child: string, parent: string): void {
  const above = parents.get(child) ?? new Set();
  above.add(parent);
  parents.set(child, above);
}

/** What a property means by its definition in the resource, else by its name. */
function meaningOf({ property }: CodeSystem, code: string): string {
  const uri = property?.find((one) => one.code === code)?.uri;
  return uri?.startsWith(CONCEPT_PROPERTIES) === true ? uri.slice(CONCEPT_PROPERTIES.length) : code;
}

function propertyOf(property: CodeSystemConceptProperty): Property {
  const { code } = property;
  if (property.valueCode !== undefined) return { code, type: "code", value: property.valueCode };
  if (property.valueCoding !== undefined) return { code, type: "Coding", value: property.valueCoding.code ?? "" };
  if (property.valueBoolean !== undefined) return { code, type: "boolean", value: String(property.valueBoolean) };
  if (property.valueInteger !== undefined) return { code, type: "integer", value: String(property.valueInteger) };
  if (property.valueDecimal !== undefined) return { code, type: "decimal", value: String(property.valueDecimal) };
  if (property.valueDateTime !== undefined) return { code, type: "dateTime", value: property.valueDateTime };
  return { code, type: "string", value: property.valueString ?? "" };
}
