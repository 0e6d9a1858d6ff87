/**
 * An ordination as a person means it, pure: which product, how much, when, how long, and why. What FHIR and the Swedish line say of it is
 * made from this, and never from one another.
 *
 * SPEC CLIN-MED-1 · HSLF-FS 2017:37 6 kap.
 */
import type { Amount } from "./amount.ts";
import type { Product, Route } from "./knowledge/model.ts";

/** Parts of the day in the order of `1+0+1+0`. */
export const PARTS = ["MORN", "NOON", "EVE", "NIGHT"] as const;

export type Timing =
  /** So many times in so many days, weeks or hours. */
  | { readonly kind: "often"; readonly times: number; readonly every: number; readonly unit: "d" | "wk" | "h" }
  /** At these times of the day (HH:MM). */
  | { readonly kind: "clock"; readonly at: readonly string[] }
  /** So many doses in the morning, at noon, in the evening and for the night. */
  | { readonly kind: "parts"; readonly counts: readonly [number, number, number, number] }
  /** Once. */
  | { readonly kind: "once" }
  /** When needed, and nothing else is said of when. */
  | { readonly kind: "need" };

export type Ordination = {
  readonly product: Product;
  readonly dose: Amount;
  readonly timing: Timing;
  /** At need; the most in a day, as a number of doses or an amount, when it was said. */
  readonly asNeeded: { readonly most: number | Amount | null } | null;
  /** For how many days; null is until further notice. */
  readonly days: number | null;
  readonly route: Route;
  /** Ordinationsorsak. */
  readonly reason: string | null;
};

const HOURS: Readonly<Record<"d" | "wk" | "h", number>> = { h: 1, d: 24, wk: 168 };

/**
 * How many doses are given in one day at most; null when that was not said. A dose that is given every other day, or once a week, is one on
 * the day when it is given.
 */
export function dosesADay({ timing, asNeeded }: Pick<Ordination, "timing" | "asNeeded">): number | null {
  switch (timing.kind) {
    case "once":
      return 1;
    case "clock":
      return timing.at.length;
    case "parts":
      return timing.counts.reduce((sum, one) => sum + one, 0);
    case "often":
      return Math.max(timing.unit === "wk" && timing.every === 1 ? Math.ceil(timing.times / 7) : 1, inADay(timing));
    case "need":
      return typeof asNeeded?.most === "number" ? asNeeded.most : null;
  }
}

function inADay({ times, every, unit }: Extract<Timing, { kind: "often" }>): number {
  return Math.ceil((times * 24) / (every * HOURS[unit]));
}

/** How many doses in seven days; null when that was not said. */
export function dosesAWeek(one: Pick<Ordination, "timing" | "asNeeded">): number | null {
  const { timing } = one;
  if (timing.kind === "once") return 1;
  if (timing.kind === "often") return Math.ceil((timing.times * 168) / (timing.every * HOURS[timing.unit]));
  const day = dosesADay(one);
  return day === null ? null : day * 7;
}
