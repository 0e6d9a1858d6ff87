/**
 * A score of measured values: points of each, the sum, and what it asks for. What is missing makes it incomplete, never low: the sum
 * stands as "at least" and a single value that is grave enough asks for its own. Pure.
 *
 * SPEC CLIN-OBS-SCORE
 */
import type { Band, Bands, Response, Scored, ScoreSet } from "./knowledge/model.ts";
import type { Measured, ValueName } from "./values.ts";

export type Part = { readonly value: ValueName; readonly points: number | null };
export type Score = {
  readonly parts: readonly Part[];
  /** The sum of all; null when a value is missing. */
  readonly total: number | null;
  /** The sum of what there is. */
  readonly atLeast: number;
  readonly missing: readonly ValueName[];
  /** The gravest that holds, of an incomplete score by what there is; null when nothing can be said. */
  readonly response: Response | null;
};

/** `scale` is the one in use of a value that has several. */
export function scoreOf(set: ScoreSet, measured: Measured, scale: string): Score {
  const parts = set.scored.map((one): Part => ({ value: one.value, points: pointsOf(one, measured, scale) }));
  const missing = parts.flatMap(({ value, points }) => (points === null ? [value] : []));
  const atLeast = parts.reduce((sum, { points }) => sum + (points ?? 0), 0);
  const highest = Math.max(0, ...parts.map(({ points }) => points ?? 0));
  const total = missing.length === 0 ? atLeast : null;
  const found = set.responses.find(({ from, single }) => (from !== null && atLeast >= from) || (single !== null && highest >= single)); // prettier-ignore
  // Of what is incomplete the calmest is not known: only what asks for something is said.
  const isSaid = found !== undefined && (total !== null || found.loop !== null);
  return { parts, total, atLeast, missing, response: isSaid ? found : null };
}

function pointsOf(one: Scored, measured: Measured, scale: string): number | null {
  const text = measured[one.value];
  if (text === undefined) return null;
  if (one.kind === "choices") return one.choices[text] ?? null;
  if (one.kind === "bands") return inBands(one.bands, Number(text));
  const scales: Bands | undefined = one.scales[scale];
  const { oxygen } = measured;
  if (scales === undefined) return null;
  const [air, given] = [inBands(scales.air, Number(text)), inBands(scales.oxygen, Number(text))];
  // Where oxygen makes no difference it need not be known.
  if (oxygen === undefined) return air === given ? air : null;
  return Number(oxygen) > 0 ? given : air;
}

function inBands(bands: readonly Band[], value: number): number | null {
  return bands.find(({ upTo }) => upTo === null || value <= upTo)?.points ?? null;
}
