/**
 * Dates with the precision they were written with: what a date, dateTime or instant covers, as a range
 * of instants. A date without a time zone is a Swedish date.
 *
 * SPEC FHIR-DATE · https://hl7.org/fhir/R4/datatypes.html#date · https://hl7.org/fhir/R4/search.html#date
 */
import { isRealDate, zonedStart } from "../base/index.ts";

export interface DateRange {
  /** The first instant, in UTC with milli- or microseconds. */
  readonly low: string;
  /** The first instant after. */
  readonly high: string;
}

const FORM = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,30}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
/** Days from 1970-01-01 to 0001-01-01 and to 9999-12-31. */
const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;
const FIRST = "0001-01-01T00:00:00.000Z";
const SECOND_INSTANT = "0001-01-01T00:00:00.001Z";
const LAST_BUT_ONE = "9999-12-31T23:59:59.999998Z";
const LAST = "9999-12-31T23:59:59.999999Z";

/**
 * What a date covers; undefined when it is no real date.
 * @param text a FHIR date, dateTime or instant; for searches also without seconds or zone
 * @param zone of a text that names none; "Europe/Stockholm" unless told
 */
export function dateRange(text: string, zone?: string): DateRange | undefined {
  const [, y, month, day, hour, minute, second, fraction, offset] = FORM.exec(text) ?? [];
  const year = Number(y);
  if (!isRealDate(year, Number(month ?? 1), Number(day ?? 1))) return undefined;
  if (hour === undefined) return wholeDays(year, month, day, zone);
  const time: Three = [Number(hour), Number(minute), Number(second ?? 0)];
  if (!isRealTime(...time)) return undefined;
  const ahead = offset === undefined ? 0 : offsetOf(offset);
  if (!(Math.abs(ahead) <= 14 * 60 * MINUTE)) return undefined;
  const on: Three = [year, Number(month), Number(day)];
  const start = offset === undefined ? zonedStart(...on, ...time, zone) : utcStart(on, time) - ahead;
  if (fraction !== undefined) return withFraction(start, fraction);
  return rangeOf(start, start + (second === undefined ? MINUTE : SECOND));
}

type Three = readonly [number, number, number];

/** True for a time of day; 60 seconds is a leap second. */
function isRealTime(hour: number, minute: number, second: number): boolean {
  return hour <= 23 && minute <= 59 && second <= 60;
}

/** Milliseconds that a written offset is ahead of UTC; NaN for one that cannot be. */
function offsetOf(offset: string): number {
  if (offset === "Z") return 0;
  const minutes = Number(offset.slice(4, 6));
  const size = minutes < 60 ? (Number(offset.slice(1, 3)) * 60 + minutes) * MINUTE : Number.NaN;
  return offset.startsWith("-") ? -size : size;
}

function wholeDays(year: number, month: string | undefined, day: string | undefined, zone?: string): DateRange {
  const [m, d] = [Number(month ?? 1), Number(day ?? 1)];
  const next: Three = day ? [year, m, d + 1] : month ? [year, m + 1, 1] : [year + 1, 1, 1];
  return rangeOf(zonedStart(year, m, d, 0, 0, 0, zone), zonedStart(...next, 0, 0, 0, zone));
}

/** Date.UTC, which would take the years 0 to 99 for 1900 to 1999. */
function utcStart([year, month, day]: Three, [hour, minute, second]: Three): number {
  if (year > 99) return Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(Date.UTC(2000, month - 1, day, hour, minute, second)).setUTCFullYear(year, month - 1, day);
}

function withFraction(start: number, fraction: string): DateRange {
  const micros = Number(fraction.slice(0, 6).padEnd(6, "0"));
  const step = 10 ** Math.max(0, 6 - fraction.length);
  return atLeastOne(iso(start, micros), iso(start, micros + step));
}

function rangeOf(low: number, high: number): DateRange {
  return atLeastOne(iso(low, 0), iso(high, 0));
}

/** No range is empty, not even one that is cut at the end of the calendar. */
function atLeastOne(low: string, high: string): DateRange {
  return low < high ? { low, high } : low === FIRST ? { low, high: SECOND_INSTANT } : { low: LAST_BUT_ONE, high };
}

/** UTC text with microseconds only where there are any, kept within the years 1 to 9999. */
function iso(instant: number, micros: number): string {
  const ms = instant + Math.floor(micros / 1000);
  const days = Math.floor(ms / DAY);
  if (days < FIRST_DAY) return FIRST;
  if (days > LAST_DAY) return LAST;
  const rest = micros % 1000;
  return `${dateText(days)}T${timeText(ms - days * DAY)}${rest === 0 ? "" : padded(rest, 3)}Z`;
}

// Date.toISOString takes over 1 µs, and every date of every write passes here twice.
function timeText(ms: number): string {
  const seconds = Math.floor(ms / SECOND);
  const minutes = Math.floor(seconds / 60);
  const [hour, minute, second] = [Math.floor(minutes / 60), minutes % 60, seconds % 60];
  return `${padded(hour, 2)}:${padded(minute, 2)}:${padded(second, 2)}.${padded(ms % SECOND, 3)}`;
}

/**
 * The date of a day counted from 1970-01-01, with years that begin in March, so that the leap day is
 * their last. 719,468 days lie between 0000-03-01 and 1970-01-01, and 146,097 in 400 years.
 */
function dateText(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return `${padded(era * 400 + yearOfEra + (month <= 2 ? 1 : 0), 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

const ZEROS = ["", "0", "00", "000"] as const;

function padded(value: number, width: number): string {
  const text = String(value);
  return (ZEROS[width - text.length] ?? "") + text;
}
