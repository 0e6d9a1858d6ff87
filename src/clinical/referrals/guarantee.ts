/**
 * The care guarantee (vårdgarantin) 0-3-90-90: from when the days count, how many have gone, the last day, and whether it has passed. Days
 * are those of the calendar in Sweden; what the patient has chosen to wait does not count. Pure.
 *
 * SPEC CLIN-WAIT · hälso- och sjukvårdslagen (2017:30) 9 kap. 1 § · hälso- och sjukvårdsförordningen (2017:80) 6 kap. 1 §
 */
import { addDays, parseLocalDate, zonedDate, type LocalDate } from "../../base/index.ts";

export const CLOCKS = {
  /** Contact with primary care: the same day. */
  contact: 0,
  /** A medical assessment in primary care. */
  assessment: 3,
  /** A first visit in specialised care, from the day that the referral was written. */
  visit: 90,
  /** Planned treatment, from the day that it was decided. */
  treatment: 90,
} as const;
export type ClockName = keyof typeof CLOCKS;

/** Why somebody waits who could have come; only what the patient has chosen stops the clock of the guarantee. */
export const PAUSE_CODES = ["patient-chosen", "medical"] as const;
export type PauseCode = (typeof PAUSE_CODES)[number];

/** From a day on, to the day before another; without an end it still lasts. */
export type Pause = { readonly code: PauseCode; readonly from: LocalDate; readonly until: LocalDate | null };

export type Guarantee = {
  readonly clock: ClockName;
  readonly limit: number;
  readonly start: LocalDate;
  /** Days that count, to today. */
  readonly waited: number;
  /** All days, to today. */
  readonly days: number;
  /** The last day on which it is kept; null while the clock stands still. */
  readonly lastDay: LocalDate | null;
  readonly isStopped: boolean;
  readonly isOver: boolean;
};

/** The day of a FHIR date or moment, in Sweden; undefined of one that does not say a day. */
export function dayOf(written: string): LocalDate | undefined {
  if (written.length <= 10) return parseLocalDate(written);
  const at = Date.parse(written);
  return Number.isNaN(at) ? undefined : zonedDate(at);
}

/** How the guarantee stands at a moment for somebody who has waited since a day. */
export function guaranteeOf(
  clock: ClockName,
  start: LocalDate,
  { pauses, now }: { readonly pauses: readonly Pause[]; readonly now: number },
): Guarantee {
  const today = zonedDate(now);
  const stops = pauses.filter(({ code }) => code === "patient-chosen");
  const limit = CLOCKS[clock];
  const waited = countedDays(start, today, stops);
  const isStopped = stops.some((stop) => covers(stop, today));
  const lastDay = lastDayOf(start, limit, stops);
  return {
    clock,
    limit,
    start,
    waited,
    isStopped,
    lastDay,
    days: daysBetween(start, today),
    isOver: waited > limit,
  };
}

/** Whole days from one day to another by the calendar: an hour more or less in spring and autumn is no day. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The day on which somebody begins to wait is day 0. */
function countedDays(start: LocalDate, today: LocalDate, stops: readonly Pause[]): number {
  const all = Math.max(0, daysBetween(start, today));
  return all - stoppedDays(start, today, stops);
}

type Span = { readonly from: LocalDate; readonly until: LocalDate | null };

/** The pauses after the first day, in order, those that touch as one. */
function spansOf(start: LocalDate, stops: readonly Pause[]): readonly Span[] {
  const first = addDays(start, 1);
  const merged: Span[] = [];
  for (const { from, until } of stops.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const begin = from > first ? from : first;
    if (until !== null && until <= begin) continue;
    const last = merged.at(-1);
    if (last === undefined || (last.until !== null && begin > last.until)) merged.push({ from: begin, until });
    else merged[merged.length - 1] = { from: last.from, until: later(last.until, until) };
  }
  return merged;
}

/** No end is later than any. */
function later(a: LocalDate | null, b: LocalDate | null): LocalDate | null {
  if (a === null || b === null) return null;
  return a > b ? a : b;
}

function stoppedDays(start: LocalDate, today: LocalDate, stops: readonly Pause[]): number {
  const end = addDays(today, 1);
  return spansOf(start, stops).reduce((sum, { from, until }) => {
    const to = until !== null && until < end ? until : end;
    return from < to ? sum + daysBetween(from, to) : sum;
  }, 0);
}

function covers({ from, until }: Pause, day: LocalDate): boolean {
  return from <= day && (until === null || day < until);
}

/** The last day on which no more than the limit has gone; null when a pause without end comes first. */
function lastDayOf(start: LocalDate, limit: number, stops: readonly Pause[]): LocalDate | null {
  let last = addDays(start, limit);
  for (const { from, until } of spansOf(start, stops)) {
    if (from > addDays(last, 1)) break;
    if (until === null) return null;
    last = addDays(last, daysBetween(from, until));
  }
  return last;
}
