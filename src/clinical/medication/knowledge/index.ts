/**
 * The adapter to knowledge of drugs: who asks names a drug and gets what is known of it, whoever published it. A national service can
 * stand behind the same face.
 *
 * SPEC CLIN-MED-KNOW
 */
import { isAmong, type KnowledgeSet, type Product, type Substance } from "./model.ts";
import { USUAL_SET } from "./usual-set.ts";

export class Knowledge {
  readonly set: KnowledgeSet;
  private readonly byAtc: ReadonlyMap<string, Substance>;

  constructor(set: KnowledgeSet) {
    this.set = set;
    this.byAtc = new Map(set.substances.map((one) => [one.atc, one]));
  }

  substance(atc: string): Substance | undefined {
    return this.byAtc.get(atc);
  }

  /** The codes of all that a drug holds: its own first. */
  holdsOf(atc: string): readonly string[] {
    return [atc, ...(this.byAtc.get(atc)?.holds ?? [])];
  }

  /** What a source's short name stands for. */
  source(name: string): string {
    return this.set.sources[name] ?? name;
  }

  product(id: string): Product | undefined {
    return this.set.products.find((one) => one.id === id);
  }

  /** The products whose substance, or a name of it, begins with what is typed: exact names first, then as the set has them. */
  productsNamed(typed: string): readonly Product[] {
    const wanted = folded(typed);
    if (wanted === "") return [];
    const rank = ({ atc }: Product): number => {
      const one = this.byAtc.get(atc);
      const names = one === undefined ? [] : [one.name, ...one.names].map(folded);
      if (names.includes(wanted)) return 0;
      return names.some((name) => name.startsWith(wanted)) ? 1 : 2;
    };
    return this.set.products
      .map((one) => ({ one, rank: rank(one) }))
      .filter((found) => found.rank < 2)
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ one }) => one);
  }

  /** What the words of an allergy mean, as groups of ATC codes; nothing when they are not understood. */
  allergyGroups(words: string): readonly string[] {
    const said = folded(words);
    const all = said.split(/[^\p{L}-]+/u).filter((word) => word.length > 1);
    const named = this.set.allergyNames.filter(({ says }) => all.some((word) => word.startsWith(folded(says)))).flatMap(({ atc }) => atc); // prettier-ignore
    const substances = this.set.substances.filter(({ name, names }) => [name, ...names].some((one) => all.includes(folded(one)))); // prettier-ignore
    return [...new Set([...named, ...substances.map(({ atc }) => atc)])];
  }

  /** The substance that words name by their beginning, when they have no code. */
  substanceCalled(words: string): Substance | undefined {
    const said = ` ${folded(words)} `;
    return this.set.substances.find(({ name, names }) =>
      [name, ...names].some((one) => said.startsWith(` ${folded(one)} `)),
    );
  }

  /** True when the set has any rule or limit for a drug. */
  isKnown(atc: string): boolean {
    return this.byAtc.has(atc);
  }
}

/** Small letters without accents that people leave out. */
export function folded(text: string): string {
  return text.trim().toLocaleLowerCase("sv").replaceAll("é", "e");
}

export { isAmong };
export { readKnowledge, KnowledgeRefusal } from "./read.ts";
export type * from "./model.ts";

/** What is asked of in this installation. */
export const KNOWLEDGE = new Knowledge(USUAL_SET);
