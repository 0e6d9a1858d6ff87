/**
 * Reading moments and spans of facts. What cannot be read is `undefined` and never a guess; every end is the last moment
 * that counts, so that a consent still holds at its end and no longer a millisecond later.
 *
 * SPEC ACC-FACTS · TKB ehr:blocking 3.2.1 (dates are inclusive)
 */
import { addDays, parseLocalDate, startOfDate, zonedDate, type LocalDate } from "../../base/index.ts";

/** From the first to the last millisecond (UTC); an open side is infinite. */
export type Span = { readonly first: number; readonly last: number };

const INSTANT = /^(?!0000)\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const DAY_LENGTH = 10;
const SHORTEST_MONTH = "28";
const DAY_MS = 86_400_000;
/** Registers write it for an end that nobody expects; the calendar ends with it. */
const LAST_DAY = "9999-12-31";
const FIRST_MOMENT = Date.parse("0001-01-02T00:00:00Z");
const LAST_MOMENT = Date.parse("9999-12-31T00:00:00Z");

/** Milliseconds of an instant; a calendar day is none. */
export function instantOf(value: unknown): number | undefined {
  if (typeof value !== "string" || !INSTANT.test(value)) return undefined;
  // Date.parse takes 30 February for 2 March: days that not every month has are looked up.
  if (value.slice(8, DAY_LENGTH) > SHORTEST_MONTH && parseLocalDate(value.slice(0, DAY_LENGTH)) === undefined)
    return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The first millisecond of an instant or a Swedish calendar day. */
export function firstOf(value: unknown): number | undefined {
  const day = dayOf(value);
  return day === undefined ? instantOf(value) : startOfDate(day);
}

/** The last millisecond of an instant or a Swedish calendar day. */
export function lastOf(value: unknown): number | undefined {
  const day = dayOf(value);
  if (day === undefined) return instantOf(value);
  return day === LAST_DAY ? startOfDate(day) + DAY_MS - 1 : startOfDate(addDays(day, 1)) - 1;
}

/** A calendar day; undefined for anything else. */
export function dayOf(value: unknown): LocalDate | undefined {
  return typeof value === "string" && value.length === DAY_LENGTH ? parseLocalDate(value) : undefined;
}

/** The Swedish calendar day at a moment; at the edges of the calendar its first and last one. */
export function swedishDay(at: number): LocalDate {
  return zonedDate(Math.min(Math.max(at, FIRST_MOMENT), LAST_MOMENT));
}

/** A span whose sides may be open (null). Undefined when a side cannot be read or the end comes before the start. */
export function spanOf(start: unknown, end: unknown): Span | undefined {
  const first = start === null ? -Infinity : firstOf(start);
  const last = end === null ? Infinity : lastOf(end);
  if (first === undefined || last === undefined || first > last) return undefined;
  return { first, last };
}

/** Whether a moment lies in a span, both ends included. */
export function isWithin({ first, last }: Span, at: number): boolean {
  return first <= at && at <= last;
}

/** Whether two spans share a moment, both ends included. */
export function isOverlapping(one: Span, other: Span): boolean {
  return one.first <= other.last && other.first <= one.last;
}
