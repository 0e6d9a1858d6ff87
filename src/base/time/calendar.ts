/**
 * Calendar dates without time or zone, and whole years and months between them.
 * A year or month is full on the day with the same number, or on the last day of a month that lacks it, so that a
 * person born on 29 February turns a year older on 28 February in a common year. SPEC BASE-DATE, BASE-AGE ·
 * lag (1930:173) om beräkning av lagstadgad tid 1 § · https://lagen.nu/1930:173
 */
import type { Brand } from "../brand.ts";

/** A real date of the Gregorian calendar as `YYYY-MM-DD`, year 0001 to 9999. Two dates compare as texts. */
export type LocalDate = Brand<string, "LocalDate">;

const DATE_FORM = /^\d{4}-\d{2}-\d{2}$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** How many days a month (1 to 12) has; 0 for a month that does not exist. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2 && isLeapYear(year)) return 29;
  return MONTH_DAYS[month - 1] ?? 0;
}

/** Whether these numbers name a day that exists. */
export function isRealDate(year: number, month: number, day: number): boolean {
  return isYear(year) && Number.isInteger(day) && day >= 1 && day <= daysInMonth(year, month);
}

/** The date with these numbers. @throws RangeError if there is no such day. */
export function localDate(year: number, month: number, day: number): LocalDate {
  if (!isRealDate(year, month, day)) throw new RangeError("no such date");
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}` as LocalDate;
}

/** Reads `YYYY-MM-DD`; undefined for anything else, also for a day that does not exist. */
export function parseLocalDate(text: string): LocalDate | undefined {
  if (!DATE_FORM.test(text)) return undefined;
  const { year, month, day } = dateFields(text as LocalDate);
  return isRealDate(year, month, day) ? (text as LocalDate) : undefined;
}

/** The numbers of a date. */
export function dateFields(date: LocalDate): { readonly year: number; readonly month: number; readonly day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

/** The date `days` later, or earlier if negative. @throws RangeError outside years 0001 to 9999. */
export function addDays(date: LocalDate, days: number): LocalDate {
  const { year, month, day } = dateFields(date);
  const moved = new Date(0);
  moved.setUTCFullYear(year, month - 1, day + days);
  return localDate(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate());
}

/** The same day `months` later (or earlier); the last day of the month if it has no such day. @throws RangeError outside years 0001 to 9999. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const { year, month, day } = dateFields(date);
  const index = year * 12 + month - 1 + months;
  const toYear = Math.floor(index / 12);
  const toMonth = index - toYear * 12 + 1;
  return localDate(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
}

/** The day a person reaches an age: the `years`th birthday. */
export function birthdayOf(birth: LocalDate, years: number): LocalDate {
  return addMonths(birth, years * 12);
}

/** Age in whole months on a day; undefined on a day before the birth, where there is no age. */
export function ageInMonths(birth: LocalDate, on: LocalDate): number | undefined {
  if (on < birth) return undefined;
  const from = dateFields(birth);
  const to = dateFields(on);
  const fullOn = Math.min(from.day, daysInMonth(to.year, to.month));
  return (to.year - from.year) * 12 + to.month - from.month - (to.day < fullOn ? 1 : 0);
}

/** Age in whole years on a day; undefined on a day before the birth, where there is no age. */
export function ageInYears(birth: LocalDate, on: LocalDate): number | undefined {
  const months = ageInMonths(birth, on);
  return months === undefined ? undefined : Math.floor(months / 12);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function isYear(year: number): boolean {
  return Number.isInteger(year) && year >= 1 && year <= 9999;
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
