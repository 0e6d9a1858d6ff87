/**
 * What one operation may cost: a number of concepts looked at and a time. Beyond either it is refused, never cut short
 * in silence.
 *
 * SPEC TERM-BUDGET
 */
import { tooCostly } from "./refusals.ts";

/** Concepts that one operation may look at in memory. */
const MOST_CONCEPTS = 200_000;
/** Milliseconds that one operation may take. */
const LONGEST_MS = 10_000;

export class Budget {
  private readonly now: () => number;
  private readonly until: number;
  private left: number;

  constructor(now: () => number, { concepts = MOST_CONCEPTS, ms = LONGEST_MS } = {}) {
    this.now = now;
    this.until = now() + ms;
    this.left = concepts;
  }

  /** Counts work. Errors: TERMINOLOGY_TOO_COSTLY. */
  spend(concepts: number): void {
    this.left -= concepts;
    if (this.left < 0) throw tooCostly("concepts");
    if (this.now() > this.until) throw tooCostly("time");
  }

  /** How many concepts may still be looked at. */
  get rest(): number {
    return this.left;
  }
}
