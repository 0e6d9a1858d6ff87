/**
 * Swedish wall-clock time as a number, so that stories can count days and hours without a clock or a time zone table.
 * A `Wall` is the milliseconds since 1970 of the local date and time read as if it were UTC; text gets its offset here.
 * Summer time follows the rule of Directive 2000/84/EC. SPEC DEMO-TIME
 */

/** Local Swedish date and time, in milliseconds. */
export type Wall = number;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const YEAR = 365.25 * DAY;

const SUMMER_TIME_BEGAN = 1980;

/** Midnight of a calendar day; a day of month out of range runs into the months beside it. */
export function wall(year: number, month: number, day: number): Wall {
  return Date.UTC(year, month - 1, day);
}

/** Reads YYYY-MM-DD. @throws RangeError when it is not a calendar date. */
export function parseDay(text: string): Wall {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const at = parts ? wall(Number(parts[1]), Number(parts[2]), Number(parts[3])) : Number.NaN;
  if (Number.isNaN(at) || dayText(at) !== text) throw new RangeError("not a date written YYYY-MM-DD");
  return at;
}

/** The same day at a given time. */
export function atTime(day: Wall, hour: number, minute = 0): Wall {
  return startOfDay(day) + hour * HOUR + minute * MINUTE;
}

export function startOfDay(at: Wall): Wall {
  return Math.floor(at / DAY) * DAY;
}

/** Whole months later; the 31st becomes the last day of a shorter month. */
export function addMonths(at: Wall, months: number): Wall {
  const date = new Date(at);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const next = new Date(first);
  const last = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate();
  return first + (Math.min(date.getUTCDate(), last) - 1) * DAY + (at - startOfDay(at));
}

/** Whole years lived on a day. */
export function ageAt(birth: Wall, at: Wall): number {
  const born = new Date(birth);
  const day = new Date(at);
  const had =
    day.getUTCMonth() > born.getUTCMonth() ||
    (day.getUTCMonth() === born.getUTCMonth() && day.getUTCDate() >= born.getUTCDate());
  return day.getUTCFullYear() - born.getUTCFullYear() - (had ? 0 : 1);
}

/** YYYY-MM-DD. */
export function dayText(at: Wall): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** A FHIR dateTime or instant with the offset that holds in Sweden at that time. */
export function timeText(at: Wall): string {
  return new Date(at).toISOString().slice(0, 19) + (isSummer(at) ? "+02:00" : "+01:00");
}

/** The instant in UTC milliseconds, never before 1970. */
export function utcMs(at: Wall): number {
  return Math.max(0, at - (isSummer(at) ? 2 : 1) * HOUR);
}

/** The nearest day from `at` on that is not a weekend, a fixed public holiday or an eve on which clinics close. */
export function workday(at: Wall): Wall {
  let day = at;
  while (isWeekend(day) || isHoliday(day)) day += DAY;
  return day;
}

/** The nearest working day before `at`. */
export function workdayBefore(at: Wall): Wall {
  let day = at - DAY;
  while (isWeekend(day) || isHoliday(day)) day -= DAY;
  return day;
}

export function isWeekend(at: Wall): boolean {
  const weekday = new Date(at).getUTCDay();
  return weekday === 0 || weekday === 6;
}

const FIXED_HOLIDAYS: ReadonlySet<string> = new Set([
  "01-01",
  "01-06",
  "05-01",
  "06-06",
  "12-24",
  "12-25",
  "12-26",
  "12-31",
]);

function isHoliday(at: Wall): boolean {
  return FIXED_HOLIDAYS.has(dayText(at).slice(5));
}

const SUMMERS = new Map<number, readonly [from: Wall, to: Wall]>();

function isSummer(at: Wall): boolean {
  const year = new Date(at).getUTCFullYear();
  const known = SUMMERS.get(year);
  const [from, to] = known ?? summerOf(year);
  if (!known) SUMMERS.set(year, [from, to]);
  return at >= from && at < to;
}

function summerOf(year: number): readonly [from: Wall, to: Wall] {
  if (year < SUMMER_TIME_BEGAN) return [Infinity, Infinity];
  return [lastSunday(year, 3) + 2 * HOUR, lastSunday(year, year < 1996 ? 9 : 10) + 3 * HOUR];
}

function lastSunday(year: number, month: number): Wall {
  const last = Date.UTC(year, month, 0);
  return last - new Date(last).getUTCDay() * DAY;
}
