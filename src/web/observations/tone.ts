/** How grave a score is, as colour and pattern: by what it says that it asks for, else by its sum. SPEC WEB-OBS-2, WEB-OBS-7 */
export type ScoreTone = "calm" | "one" | "two" | "three";

const TONES: Readonly<Record<string, ScoreTone>> = { none: "calm", low: "calm", single: "one", medium: "two", high: "three" }; // prettier-ignore

/** Of a response's id. */
export function toneOf(response: string | undefined): ScoreTone | undefined {
  return response === undefined ? undefined : TONES[response];
}

/** Of a sum that does not say what it asks for: NEWS2's thresholds (Royal College of Physicians 2017). */
export function toneOfSum(sum: number): ScoreTone {
  return sum >= 7 ? "three" : sum >= 5 ? "two" : "calm";
}

/** Of points of a single value. */
export function toneOfPoints(points: number | undefined): ScoreTone | undefined {
  return points === undefined ? undefined : (["calm", "one", "two", "three"] as const)[Math.min(points, 3)];
}
