/**
 * The score as one types: the same count as the server's, by the same data. The server refuses a sum that is another than its own, so that
 * the two can never differ unseen. Pure.
 *
 * SPEC WEB-OBS-2 · CLIN-OBS-SCORE
 */
import type { Band, Measured, Response, Scored, ScoreSet, ValueName } from "../wire/observations.ts";

export type Counted = {
  readonly points: ReadonlyMap<ValueName, number>;
  /** Null when a value is missing. */
  readonly total: number | null;
  readonly atLeast: number;
  readonly missing: readonly ValueName[];
  readonly response: Response | null;
};

export function countScore({ scored, responses }: ScoreSet, measured: Measured, scale: string): Counted {
  const found = scored.map((one) => [one.value, pointsOf(one, measured, scale)] as const);
  const points = new Map(found.flatMap(([value, one]) => (one === undefined ? [] : [[value, one] as const])));
  const missing = found.flatMap(([value, one]) => (one === undefined ? [value] : []));
  const atLeast = [...points.values()].reduce((sum, one) => sum + one, 0);
  const highest = Math.max(0, ...points.values());
  const total = missing.length === 0 ? atLeast : null;
  const asked = responses.find(({ from, single }) => (from !== null && atLeast >= from) || (single !== null && highest >= single)); // prettier-ignore
  const isSaid = asked !== undefined && (total !== null || asked.loop !== null);
  return { points, total, atLeast, missing, response: isSaid ? asked : null };
}

function pointsOf(one: Scored, measured: Measured, scale: string): number | undefined {
  const text = measured[one.value];
  if (text === undefined) return undefined;
  if (one.kind === "choices") return one.choices[text];
  if (one.kind === "bands") return within(one.bands, Number(text));
  const bands = one.scales[scale];
  if (bands === undefined) return undefined;
  const [air, oxygen] = [within(bands.air, Number(text)), within(bands.oxygen, Number(text))];
  if (measured.oxygen === undefined) return air === oxygen ? air : undefined;
  return Number(measured.oxygen) > 0 ? oxygen : air;
}

function within(bands: readonly Band[], value: number): number | undefined {
  return bands.find(({ upTo }) => upTo === null || value <= upTo)?.points;
}
