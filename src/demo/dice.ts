/**
 * The region's only source of chance: everything drawn follows from the seed and a label, so that a new story
 * changes its own patients and nobody else. SPEC DEMO-SEED
 */
import { seededRandom, type SeededRandom } from "../base/index.ts";

export interface Dice extends SeededRandom {
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** A whole number within the bounds, both included. */
  between(low: number, high: number): number;
  /** A number spread like a bell around the mean, kept within three deviations, with so many decimals. */
  around(mean: number, deviation: number, decimals?: number): number;
  /** One member, as likely as its weight says. */
  weighted<T>(choices: readonly (readonly [number, T])[]): T;
  /** The members in another order. */
  shuffled<T>(list: readonly T[]): T[];
}

/** Dice whose whole sequence follows from seed and label. */
export function dice(seed: number, label: string): Dice {
  const random = seededRandom(`${seed}/${label}`);
  const bell = (): number => random.next() + random.next() + random.next() + random.next() - 2;
  return {
    ...random,
    chance: (probability) => random.next() < probability,
    between: (low, high) => low + random.int(high - low + 1),
    around: (mean, deviation, decimals = 0) =>
      rounded(mean + Math.max(-3, Math.min(3, bell() * 1.73)) * deviation, decimals),
    weighted: (choices) => heaviest(choices, random.next()),
    shuffled: (list) => {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = random.int(i + 1);
        [copy[i], copy[j]] = [copy[j]!, copy[i]!];
      }
      return copy;
    },
  };
}

/** Rounds to so many decimals, without the tail that binary fractions leave. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function heaviest<T>(choices: readonly (readonly [number, T])[], drawn: number): T {
  const total = choices.reduce((sum, [weight]) => sum + weight, 0);
  let left = drawn * total;
  for (const [weight, choice] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  const last = choices[choices.length - 1];
  if (!last) throw new RangeError("nothing to choose from");
  return last[1];
}
