/**
 * Which concepts a selection means, for concepts in memory. Each filter of a value set is one test on a concept.
 *
 * SPEC TERM-FILTER · https://hl7.org/fhir/R4/valueset-filter-operator.html
 */
import type { Concept, Filter, Selection } from "./concept.ts";
import { pattern } from "./pattern.ts";
import { unsupportedFilter } from "./refusals.ts";
import { answers } from "./words.ts";

export type Hierarchy = {
  /** Everything above a code, without itself. */
  readonly above: (code: string) => ReadonlySet<string>;
  /** The code as the system spells it. */
  readonly spelled: (code: string) => string;
  readonly words: (concept: Concept) => readonly string[];
};

/** Properties that mean the concept itself. */
const SELF: ReadonlySet<string> = new Set(["code", "concept"]);

/** The test that a concept must meet. Errors: FILTER_NOT_SUPPORTED, TERMINOLOGY_TOO_COSTLY for a pattern too large. */
export function selector(selection: Selection, hierarchy: Hierarchy): (concept: Concept) => boolean {
  const tests = selection.filters.map((filter) => testOf(filter, hierarchy));
  const { text, activeOnly } = selection;
  return (concept) =>
    (!activeOnly || concept.active) &&
    tests.every((test) => test(concept)) &&
    (text === undefined || answers(hierarchy.words(concept), text));
}

function testOf(filter: Filter, hierarchy: Hierarchy): (concept: Concept) => boolean {
  const { property, op, value } = filter;
  const root = hierarchy.spelled(value);
  switch (op) {
    case "is-a":
      refuseUnlessSelf(filter);
      return ({ code }) => code === root || hierarchy.above(code).has(root);
    case "descendent-of":
      refuseUnlessSelf(filter);
      return ({ code }) => hierarchy.above(code).has(root);
    case "is-not-a":
      refuseUnlessSelf(filter);
      return ({ code }) => code !== root && !hierarchy.above(code).has(root);
    case "generalizes": {
      refuseUnlessSelf(filter);
      const above = hierarchy.above(root);
      return ({ code }) => code === root || above.has(code);
    }
    case "=":
      return (concept) => valuesOf(concept, property).includes(value);
    case "in":
    case "not-in": {
      const listed = listOf(value);
      const isIn = (concept: Concept): boolean => valuesOf(concept, property).some((one) => listed.has(one));
      return op === "in" ? isIn : (concept) => !isIn(concept);
    }
    case "exists": {
      const wanted = wantedOf(filter);
      return (concept) => valuesOf(concept, property).length > 0 === wanted;
    }
    case "regex": {
      const matches = pattern(value);
      return (concept) => valuesOf(concept, property).some(matches);
    }
  }
}

/** The values of a property, those that every concept has among them. */
export function valuesOf(concept: Concept, property: string): readonly string[] {
  switch (property) {
    case "code":
    case "concept":
      return [concept.code];
    case "display":
      return concept.display === undefined ? [] : [concept.display];
    case "definition":
      return concept.definition === undefined ? [] : [concept.definition];
    case "parent":
      return concept.parents;
    default: {
      const values = concept.properties.filter(({ code }) => code === property).map(({ value }) => value);
      if (values.length > 0) return values;
      if (property === "inactive") return [String(!concept.active)];
      return property === "notSelectable" || property === "abstract" ? [String(concept.abstract)] : values;
    }
  }
}

/** The codes of a list with commas. */
export function listOf(value: string): ReadonlySet<string> {
  return new Set(value.split(",").map((one) => one.trim()));
}

/** Errors: FILTER_NOT_SUPPORTED when the value is neither true nor false. */
export function wantedOf(filter: Filter): boolean {
  if (filter.value !== "true" && filter.value !== "false") throw unsupportedFilter(`${filter.property} ${filter.op}`);
  return filter.value === "true";
}

/** The hierarchy is one of concepts, not of their properties. Errors: FILTER_NOT_SUPPORTED. */
export function refuseUnlessSelf({ property, op }: Filter): void {
  if (!SELF.has(property)) throw unsupportedFilter(`${property} ${op}`);
}
