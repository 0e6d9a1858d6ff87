/**
 * Takes identity numbers out of text that goes to technical logs. It rather masks too much: whatever has the form of a number goes,
 * valid or mistyped, as a mistyped one still points at a person. SPEC BASE-MASK
 */
import type { IdentityNumber } from "./personal-id.ts";

/** What stands in the place of a number. */
export const MASK = "[id-number]";

const SIGN = "[-+\\u2010-\\u2015\\u2212\\s]?";
const LOOKS_LIKE_A_NUMBER = new RegExp(
  `(?<![0-9A-Za-z])(?:\\d{8}${SIGN}(?:\\d{4}|[A-Za-z][0-9A-Za-z]{3}|\\d{2,3}[A-Za-z]\\d?)|\\d{6}${SIGN}\\d{4})(?![0-9A-Za-z])`,
  "g",
);

const NOT_A_SIGN = /[^0-9A-Za-z]/g;

/** The text with everything that looks like an identity number replaced by `MASK`. */
export function maskIdentityNumbers(text: string): string {
  return text.replace(LOOKS_LIKE_A_NUMBER, MASK);
}

/**
 * The text with everything that looks like an identity number replaced by what `hash` makes of its last ten signs, in which all
 * written forms of a number agree. With a secret key in it, lines about the same number can be found together and the number cannot.
 */
export function hashIdentityNumbers(text: string, hash: (lastTen: string) => string): string {
  return text.replace(LOOKS_LIKE_A_NUMBER, (number) =>
    hash(number.replaceAll(NOT_A_SIGN, "").slice(-10).toUpperCase()),
  );
}

/** What a log may say of a number: its kind. */
export function maskedForLog({ kind }: IdentityNumber): string {
  return `[${kind}]`;
}
