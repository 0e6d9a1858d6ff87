/**
 * How often something may be done in a minute by each of many, in bounded memory: when there are too many to remember, the
 * one who has waited longest is forgotten. Counted in each process for itself.
 *
 * SPEC HTTP-OAUTH
 */

const MINUTE_MS = 60_000;
const MOST_REMEMBERED = 10_000;

export class RateLimit {
  private readonly most: number;
  private readonly counts = new Map<string, { readonly from: number; count: number }>();

  constructor(most: number) {
    this.most = most;
  }

  /** Counts one more by `who`; false when that is too many in the minute that began with the first. */
  allows(who: string, now: Date): boolean {
    const known = this.counts.get(who);
    if (known !== undefined && now.getTime() - known.from < MINUTE_MS) return ++known.count <= this.most;
    this.counts.delete(who); // a new minute stands last
    this.counts.set(who, { from: now.getTime(), count: 1 });
    const [oldest] = this.counts.keys();
    if (this.counts.size > MOST_REMEMBERED && oldest !== undefined) this.counts.delete(oldest);
    return true;
  }

  /** How many are remembered. */
  get size(): number {
    return this.counts.size;
  }
}
