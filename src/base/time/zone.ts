/**
 * Local time in a time zone, right on the days the clock is changed; Europe/Stockholm unless another zone is named.
 * Offsets come from the run-time's own zone data and are kept per year, so that only the first question of a year is slow.
 * SPEC BASE-ZONE · https://www.iana.org/time-zones
 */
import { localDate, type LocalDate } from "./calendar.ts";

/** The zone in which Swedish care reads its clocks. */
export const STOCKHOLM = "Europe/Stockholm";

const SECOND = 1000;
const DAY = 86_400 * SECOND;
/** No zone has changed its offset back and forth within so short a time. */
const SAMPLE = 7 * DAY;

/** From `from` up to, not including, `to` (UTC ms), local time is UTC plus `offset` (ms). */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/**
 * Stockholm up to 1980. Many run-times carry Berlin's history under Stockholm's name (summer time in 1940-1949,
 * Berlin's mean time before 1893), as the zone database merges zones that agree since 1970.
 */
const STOCKHOLM_UNTIL_1980: readonly Span[] = spans([
  [-Infinity, 4332],
  [Date.UTC(1878, 11, 31, 22, 47, 48), 3614],
  [Date.UTC(1899, 11, 31, 22, 59, 46), 3600],
  [Date.UTC(1916, 4, 14, 22), 7200],
  [Date.UTC(1916, 8, 30, 23), 3600],
  [Date.UTC(1980, 0, 1), 0],
]);

/** How far local time is ahead of UTC at a moment, in ms. @throws RangeError for a zone that the run-time does not know. */
export function zoneOffset(ms: number, zone: string = STOCKHOLM): number {
  return spanAt(ms, zone).offset;
}

/** The date that the calendars on the wall show at a moment (UTC ms). */
export function zonedDate(ms: number, zone: string = STOCKHOLM): LocalDate {
  const local = new Date(ms + zoneOffset(ms, zone));
  return localDate(local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate());
}

let second = { at: Number.NaN, before: "", after: "" };

/**
 * A moment (UTC ms) as Swedish clocks show it, with their offset: `YYYY-MM-DDThh:mm:ss.sss+01:00`. Its first ten characters
 * are the Swedish day. The text of the last second is kept: every write needs one. Offsets of part of a minute, which FHIR
 * cannot write, are not met after 1899.
 */
export function isoLocal(ms: number): string {
  const at = Math.floor(ms / SECOND);
  if (at !== second.at) {
    const offset = zoneOffset(ms);
    const before = new Date(at * SECOND + offset).toISOString().slice(0, 20);
    second = { at, before, after: offset === 0 ? "Z" : `+${new Date(offset).toISOString().slice(11, 16)}` };
  }
  return second.before + String(ms - at * SECOND).padStart(3, "0") + second.after;
}

/**
 * The first moment (UTC ms) at which the clocks on the wall show this time or a later one. So a time that is shown
 * twice in autumn is its first showing, and one that is skipped in spring is the moment of the skip. Fields may
 * overflow as in `Date.UTC` (month 13 is January of the next year), which gives the end of a period as the start of the next.
 */
// oxlint-disable-next-line eslint/max-params -- in the order of Date.UTC, which every reader knows
export function zonedStart(
  year: number,
  month = 1,
  day = 1,
  hour = 0,
  minute = 0,
  second = 0,
  zone: string = STOCKHOLM,
): number {
  const wall = utcOf(year, month - 1, day) + ((hour * 60 + minute) * 60 + second) * SECOND;
  const span = spanAt(wall - DAY, zone);
  const before = span.offset;
  if (wall + DAY < span.to || zoneOffset(wall - before, zone) === before) return wall - before;
  const after = zoneOffset(wall + DAY, zone);
  if (zoneOffset(wall - after, zone) === after) return wall - after;
  return firstWithOffset(after, { from: wall - after, to: wall - before }, zone);
}

/** The first moment of a date. */
export function startOfDate(date: LocalDate, zone: string = STOCKHOLM): number {
  return zonedStart(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)), 0, 0, 0, zone);
}

const zones = new Map<string, ZoneYears>();

interface ZoneYears {
  readonly wallTime: (ms: number) => number;
  readonly years: Map<number, readonly Span[]>;
  last: Span;
}

function spanAt(ms: number, zone: string): Span {
  const known = zones.get(zone) ?? openZone(zone);
  if (ms >= known.last.from && ms < known.last.to) return known.last;
  known.last = findSpan(ms, zone, known);
  return known.last;
}

function findSpan(ms: number, zone: string, known: ZoneYears): Span {
  if (zone === STOCKHOLM && ms < Date.UTC(1980, 0, 1)) return containing(ms, STOCKHOLM_UNTIL_1980);
  const year = new Date(ms).getUTCFullYear();
  const kept = known.years.get(year) ?? spansOfYear(year, known);
  known.years.set(year, kept);
  return containing(ms, kept);
}

function containing(ms: number, among: readonly Span[]): Span {
  const found = among.find((span) => ms < span.to);
  if (!found) throw new RangeError("not a moment within the calendar");
  return found;
}

function openZone(zone: string): ZoneYears {
  const opened = { wallTime: wallTimeIn(zone), years: new Map(), last: { from: 0, to: 0, offset: 0 } };
  zones.set(zone, opened);
  return opened;
}

/** Samples a year's offsets and narrows each change down to its second. */
function spansOfYear(year: number, { wallTime }: ZoneYears): readonly Span[] {
  const start = utcOf(year, 0, 1);
  const end = utcOf(year + 1, 0, 1);
  const offsetAt = (ms: number): number => wallTime(ms) - ms;
  const changes: [number, number][] = [[start, offsetAt(start) / SECOND]];
  for (let at = start; at < end; at += SAMPLE) {
    const next = Math.min(at + SAMPLE, end - SECOND);
    const offset = offsetAt(next);
    if (offset !== changes.at(-1)![1] * SECOND) changes.push([firstChange(at, next, offsetAt), offset / SECOND]);
  }
  return spans([...changes, [end, 0]]);
}

/** The first second in (from, to] from which the offset is that of `to`. */
function firstChange(from: number, to: number, offsetAt: (ms: number) => number): number {
  const wanted = offsetAt(to);
  let low = from;
  let high = to;
  while (high - low > SECOND) {
    const middle = low + Math.floor((high - low) / 2 / SECOND) * SECOND;
    if (offsetAt(middle) === wanted) high = middle;
    else low = middle;
  }
  return high;
}

function firstWithOffset(offset: number, { from, to }: { from: number; to: number }, zone: string): number {
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (zoneOffset(middle, zone) === offset) high = middle;
    else low = middle;
  }
  return high;
}

/** Spans from the moments of change, each with its offset in seconds; the last entry only ends the one before it. */
function spans(changes: readonly (readonly [number, number])[]): readonly Span[] {
  return changes.slice(0, -1).map(([from, seconds], i) => ({ from, to: changes[i + 1]![0], offset: seconds * SECOND }));
}

/** What the wall clock shows at a moment, as if it were UTC. */
function wallTimeIn(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (ms) => {
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(ms)) part[type] = value;
    const year = part["era"]!.startsWith("B") ? 1 - Number(part["year"]) : Number(part["year"]);
    const date = utcOf(year, Number(part["month"]) - 1, Number(part["day"]));
    return date + ((Number(part["hour"]) * 60 + Number(part["minute"])) * 60 + Number(part["second"])) * SECOND;
  };
}

/** As `Date.UTC`, which takes the years 0 to 99 for 1900 to 1999. */
function utcOf(year: number, monthIndex: number, day: number): number {
  if (year >= 100) return Date.UTC(year, monthIndex, day);
  return new Date(0).setUTCFullYear(year, monthIndex, day);
}
