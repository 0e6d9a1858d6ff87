/**
 * Ticks for a true time axis, on whole hours, days, months or years of Swedish time, with labels as short as they can be.
 *
 * SPEC WEB-TREND-2
 */
import { sayClock, sayDay } from "../say/dates.ts";

export type Tick = { readonly ms: number; readonly label: string };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
type Step = { readonly ms: number; readonly kind: "hour" | "day" | "month" | "year"; readonly count: number };
const STEPS: readonly Step[] = [
  { ms: HOUR, kind: "hour", count: 1 },
  { ms: 3 * HOUR, kind: "hour", count: 3 },
  { ms: 6 * HOUR, kind: "hour", count: 6 },
  { ms: 12 * HOUR, kind: "hour", count: 12 },
  { ms: DAY, kind: "day", count: 1 },
  { ms: 2 * DAY, kind: "day", count: 2 },
  { ms: 7 * DAY, kind: "day", count: 7 },
  { ms: 14 * DAY, kind: "day", count: 14 },
  { ms: 30 * DAY, kind: "month", count: 1 },
  { ms: 91 * DAY, kind: "month", count: 3 },
  { ms: 182 * DAY, kind: "month", count: 6 },
  { ms: 365 * DAY, kind: "year", count: 1 },
  { ms: 2 * 365 * DAY, kind: "year", count: 2 },
  { ms: 5 * 365 * DAY, kind: "year", count: 5 },
];
const LONGEST: Step = { ms: 10 * 365 * DAY, kind: "year", count: 10 };

/** At most `most` ticks within the time shown. */
export function timeTicks(from: number, to: number, most: number): readonly Tick[] {
  const step = STEPS.find((one) => (to - from) / one.ms <= most) ?? LONGEST;
  const ticks: Tick[] = [];
  for (let ms = firstTick(from, step.kind, step.count); ms <= to; ms = nextTick(ms, step.kind, step.count)) {
    if (ms >= from) ticks.push({ ms, label: labelOf(ms, step.kind) });
  }
  return ticks;
}

function firstTick(from: number, kind: string, count: number): number {
  const day = sayDay(new Date(from).toISOString());
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  if (kind === "year") return midnight(year - (year % count), 1, 1);
  if (kind === "month") return midnight(year, month - ((month - 1) % count), 1);
  return midnight(year, month, Number(day.slice(8, 10)));
}

/** The next tick, always again at a Swedish midnight or whole hour, also across the change of clocks. */
function nextTick(ms: number, kind: string, count: number): number {
  if (kind === "hour") return ms + count * HOUR;
  const day = sayDay(new Date(ms + HOUR).toISOString());
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))];
  if (kind === "day") return midnight(year, month, date + count);
  return kind === "month" ? midnight(year, month + count, 1) : midnight(year + count, 1, 1);
}

/** Midnight in Sweden, which is one or two hours before midnight UTC. */
function midnight(year: number, month: number, day: number): number {
  const utc = Date.UTC(year, month - 1, day);
  return (
    [2, 1].map((hours) => utc - hours * HOUR).find((ms) => sayClock(new Date(ms).toISOString()) === "00.00") ?? utc
  );
}

function labelOf(ms: number, kind: string): string {
  const iso = new Date(ms).toISOString();
  if (kind === "year") return sayDay(iso).slice(0, 4);
  if (kind === "month") return sayDay(iso).slice(0, 7);
  const clock = sayClock(iso) ?? "";
  return kind === "day" || clock === "00.00" ? sayDay(iso).slice(5) : clock;
}
