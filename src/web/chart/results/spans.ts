/** The stretches of time a trend can show, ending now. SPEC WEB-TREND-4 */
import type { SpanName } from "../../search-params.ts";

const DAY = 86_400_000;
const DAYS: Readonly<Record<Exclude<SpanName, "allt">, number>> = {
  "1d": 1,
  "7d": 7,
  "1m": 31,
  "6m": 183,
  "1a": 365,
  "2a": 731,
  "5a": 1827,
};

/** For what is measured many times a day. */
export const CLOSE_SPANS: ReadonlySet<SpanName> = new Set(["1d", "7d"]);

/** How many values make a trend worth looking at. */
const ENOUGH = 3;

/** Two years, or as much longer as it takes to see at least three values. */
export function usualSpan(values: readonly { readonly ms: number | undefined }[], now: number): SpanName {
  const within = (span: SpanName): number => values.filter((one) => (one.ms ?? 0) >= spanStart(span, now, 0)).length;
  return (
    (["2a", "5a"] as const).find((span) => within(span) >= ENOUGH) ?? (within("2a") === values.length ? "2a" : "allt")
  );
}

/** A week in which there is enough to see, of what is measured many times a day; else as of everything. */
export function closeSpan(values: readonly { readonly ms: number | undefined }[], now: number): SpanName {
  const recent = values.filter((one) => (one.ms ?? 0) >= spanStart("7d", now, 0)).length;
  return recent >= ENOUGH ? "7d" : usualSpan(values, now);
}

/** Where the axis starts: so many days back, or just before the first value when everything is shown. */
export function spanStart(span: SpanName, now: number, first: number): number {
  if (span !== "allt") return now - DAYS[span] * DAY;
  return first - Math.max((now - first) * 0.03, DAY / 4);
}
