/**
 * Parsed resources by their version, so that they need not be read and parsed for every question. A version never
 * changes; so nothing in here can be out of date, only unused. Bounded by the size of the texts.
 *
 * SPEC TERM-CACHE
 */
const LARGEST = 64_000_000;
const MOST_QUESTIONS = 5_000;

type Kept = { readonly size: number; readonly value: unknown };

export class TermCache {
  private readonly kept = new Map<string, Kept>();
  private readonly questions = new Map<string, readonly string[]>();
  private readonly largest: number;
  private total = 0;

  constructor(largest = LARGEST) {
    this.largest = largest;
  }

  /** The versions that answered a question the last time and are still kept, with their values held fast. */
  held(question: string): ReadonlyMap<string, Kept> {
    const keys = this.questions.get(question) ?? [];
    return new Map(
      keys.flatMap((key) => {
        const kept = this.kept.get(key);
        return kept === undefined ? [] : [[key, kept]];
      }),
    );
  }

  remember(question: string, keys: readonly string[]): void {
    this.questions.delete(question);
    this.questions.set(question, keys);
    if (this.questions.size > MOST_QUESTIONS) this.questions.delete(this.questions.keys().next().value ?? "");
  }

  /** What is kept under the key, or what `make` makes. The longest unused goes first when there is no room. */
  take<T>(key: string, size: number, make: () => T): T {
    const known = this.kept.get(key);
    const entry = known ?? { size, value: make() };
    this.kept.delete(key);
    this.kept.set(key, entry);
    if (known === undefined) this.total += size;
    for (const [oldest, { size: freed }] of this.kept) {
      if (this.total <= this.largest || oldest === key) break;
      this.kept.delete(oldest);
      this.total -= freed;
    }
    return entry.value as T;
  }
}
