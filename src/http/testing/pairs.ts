/**
 * Whether two kinds of answers can be told apart by how long they take: what a simple statistician would try on pairs that were
 * taken in turns. Each test answers in standard deviations, so that one limit serves for all. SPEC HTTP-API-BLOCK-4
 */
import type { SeededRandom } from "../../base/index.ts";

/** Times of the one and of the other kind, in milliseconds, taken one after the other in an order that was drawn. */
export type Pair = readonly [one: number, other: number];

export type Verdict = {
  /** How often the one takes longer (sign test). */
  readonly sign: number;
  /** By how much within the pairs (Wilcoxon's signed ranks). */
  readonly ranks: number;
  /** Between all of the one and all of the other (Mann-Whitney). */
  readonly between: number;
  /** Between the means, without the slowest hundredth, which the machine's other work makes (permutations within pairs). */
  readonly means: number;
  /** Between the medians (permutations within pairs). */
  readonly medians: number;
  /** Between the quickest tenths, where chance is least (permutations within pairs). */
  readonly quickest: number;
};

const PERMUTATIONS = 400;

/** Every test of the pairs. */
export function verdictOn(pairs: readonly Pair[], random: SeededRandom): Verdict {
  const permuted = (of: (times: Float64Array) => number): number => permutation(pairs, of, random);
  return {
    sign: signs(pairs),
    ranks: signedRanks(pairs),
    between: mannWhitney(pairs),
    means: permuted((times) => meanUpTo(times, 0.99)),
    medians: permuted((times) => quantile(times, 0.5)),
    quickest: permuted((times) => meanUpTo(times, 0.1)),
  };
}

/** The surest of the tests, in standard deviations. */
export function surest(verdict: Verdict): number {
  return Math.max(...Object.values(verdict).map(Math.abs));
}

function signs(pairs: readonly Pair[]): number {
  const told = pairs.filter(([one, other]) => one !== other);
  const longer = told.filter(([one, other]) => one > other).length;
  return (longer - told.length / 2) / (Math.sqrt(told.length) / 2);
}

function signedRanks(pairs: readonly Pair[]): number {
  const differences = pairs.map(([one, other]) => one - other).filter((one) => one !== 0);
  const n = differences.length;
  const ordered = differences.toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const sum = ordered.reduce((all, one, at) => all + (one > 0 ? at + 1 : 0), 0);
  return (sum - (n * (n + 1)) / 4) / Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
}

function mannWhitney(pairs: readonly Pair[]): number {
  const n = pairs.length;
  const all = pairs.flatMap(([one, other]) => [
    { time: one, isOne: true },
    { time: other, isOne: false },
  ]);
  const sum = all.toSorted((a, b) => a.time - b.time).reduce((ranks, { isOne }, at) => ranks + (isOne ? at + 1 : 0), 0);
  const u = sum - (n * (n + 1)) / 2;
  return (u - (n * n) / 2) / Math.sqrt((n * n * (2 * n + 1)) / 12);
}

/** A difference, measured by those that come when each pair is turned around by chance. */
function permutation(pairs: readonly Pair[], of: (times: Float64Array) => number, random: SeededRandom): number {
  const difference = (isTurned: () => boolean): number => {
    const [ones, others] = [new Float64Array(pairs.length), new Float64Array(pairs.length)];
    for (const [at, [one, other]] of pairs.entries()) {
      const turned = isTurned();
      ones[at] = turned ? other : one;
      others[at] = turned ? one : other;
    }
    return of(ones.toSorted()) - of(others.toSorted());
  };
  const found = difference(() => false);
  const byChance = Array.from({ length: PERMUTATIONS }, () => difference(() => random.next() < 0.5));
  const spread = Math.sqrt(byChance.reduce((sum, one) => sum + one * one, 0) / PERMUTATIONS);
  return spread === 0 ? 0 : found / spread;
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}

function meanUpTo(sorted: Float64Array, share: number): number {
  const kept = sorted.subarray(0, Math.max(1, Math.floor(sorted.length * share)));
  return kept.reduce((sum, one) => sum + one, 0) / kept.length;
}
