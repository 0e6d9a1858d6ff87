/**
 * A code system while it is read from its publisher's files: concepts in the order in which they come, linked by code.
 * From it come numbered concepts with everything that lies above each.
 *
 * SPEC TERM-IMPORT
 */
import type { NewConcept } from "../../store/index.ts";
import type { Designation, Property } from "../concept.ts";
import { wordsOf } from "../words.ts";

export type DraftConcept = {
  readonly code: string;
  display: string;
  definition?: string;
  active: boolean;
  abstract: boolean;
  readonly parents: Set<string>;
  readonly designations: Designation[];
  readonly properties: Property[];
};

export class Draft {
  readonly concepts = new Map<string, DraftConcept>();

  /** The concept of a code; made when it is new. */
  concept(code: string, display: string): DraftConcept {
    let concept = this.concepts.get(code);
    if (concept === undefined) {
      concept = {
        code,
        display,
        active: true,
        abstract: false,
        parents: new Set(),
        designations: [],
        properties: [],
      };
      this.concepts.set(code, concept);
    }
    return concept;
  }

  /** The concepts as they are stored. Errors: a hierarchy that runs in a ring, so that a wrong file is not taken in. */
  *numbered(): Generator<NewConcept> {
    const numbers = new Map([...this.concepts.keys()].map((code, number) => [code, number]));
    const codes = [...numbers.keys()];
    const parents = [...this.concepts.values()].map((concept) =>
      [...concept.parents].flatMap((code) => numbers.get(code) ?? []),
    );
    const ancestors = ancestorsOf(parents, codes);
    let number = 0;
    for (const concept of this.concepts.values()) {
      const { code, display, definition = null, active, abstract, designations, properties } = concept;
      yield {
        number,
        code,
        display,
        definition,
        active,
        abstract,
        designations,
        properties,
        parents: parents[number] ?? [],
        ancestors: ancestors[number] ?? [],
        words: wordsOf(code, [display, ...designations.map(({ value }) => value)]),
      };
      number += 1;
    }
  }
}

const UNSEEN = 0;
const OPEN = 1;
const DONE = 2;

/** Everything above each, found from the top down without recursion. */
function ancestorsOf(parents: readonly (readonly number[])[], codes: readonly string[]): (readonly number[])[] {
  const state = new Uint8Array(parents.length);
  const above: (readonly number[])[] = parents.map(() => []);
  for (let root = 0; root < parents.length; root += 1) {
    const open = [root];
    for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
      if (state[at] === UNSEEN) {
        state[at] = OPEN;
        open.push(...stillToDo(parents[at] ?? [], state, codes));
        continue;
      }
      open.pop();
      if (state[at] === DONE) continue;
      state[at] = DONE;
      above[at] = joined(parents[at] ?? [], above);
    }
  }
  return above;
}

function stillToDo(parents: readonly number[], state: Uint8Array, codes: readonly string[]): number[] {
  const ring = parents.find((parent) => state[parent] === OPEN);
  if (ring !== undefined) throw new Error(`The hierarchy runs in a ring at ${codes[ring] ?? ""}.`);
  return parents.filter((parent) => state[parent] === UNSEEN);
}

function joined(parents: readonly number[], above: readonly (readonly number[])[]): number[] {
  const found = new Set(parents);
  for (const parent of parents) for (const one of above[parent] ?? []) found.add(one);
  return [...found].toSorted((a, b) => a - b);
}
