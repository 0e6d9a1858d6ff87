/**
 * What the kinds of identity number have in common: the parts of a twelve-character number, and what recognising one yields.
 */

/**
 * A recognised kind's own facts about a number, or undefined if the number is not of that kind.
 * `born` is the earliest day it can speak of as YYYYMMDD, 00 for an unknown month or day, absent if it tells of none. It serves
 * only to refuse a number from the future: the birth date of a person is never taken from the number.
 */
export interface Recognised {
  readonly born?: string;
}

/** The first eight characters as numbers, if they are digits. */
export function datePart(value: string): { readonly year: number; readonly month: number; readonly day: number } {
  return { year: Number(value.slice(0, 4)), month: Number(value.slice(4, 6)), day: Number(value.slice(6, 8)) };
}

/** Personnummer are given out for births in these centuries only, which is all that guards the century: the check digit does not. */
export function isBirthCentury(year: number): boolean {
  return year >= 1800 && year <= 2099;
}
