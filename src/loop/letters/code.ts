/**
 * The code of a delivery, as it stands on each page of a letter: the home and the end of its loop's id, and a character that finds every
 * single wrong one and every two that changed places. Short enough to type.
 *
 * SPEC LOOP-LETTER-4
 */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const HOME = [1, 5] as const;
const END = 8;
const GROUP = 4;

/** `ABCD-EFGH-JKMN-P` of a loop's id; nothing of an id that was not made here. */
export function letterCode(loop: string): string | undefined {
  if (!/^e[0-9a-hjkmnp-tv-z]{25}$/.test(loop)) return undefined;
  const body = (loop.slice(...HOME) + loop.slice(-END)).toUpperCase();
  return (`${body}${checkOf(body)}`.match(new RegExp(`.{1,${GROUP}}`, "g")) ?? []).join("-");
}

/** The home and the end of the id that a code stands for, read as people type and scan it; nothing when it is no code. */
export function readCode(typed: string): { readonly home: number; readonly end: string } | undefined {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  const body = text.slice(0, GROUP + END);
  if (text.length !== GROUP + END + 1 || Array.from(text).some((one) => !DIGITS.includes(one))) return undefined;
  if (checkOf(body) !== text.at(-1)) return undefined;
  const home = Array.from(body.slice(0, GROUP)).reduce((sum, one) => sum * 32 + DIGITS.indexOf(one), 0);
  return { home, end: body.slice(GROUP).toLowerCase() };
}

/** Horner's rule at a generator of GF(32): a wrong character, or two that changed places, never cancel out. */
function checkOf(body: string): string {
  return DIGITS[Array.from(body).reduce((sum, one) => doubled(sum ^ DIGITS.indexOf(one)), 0)] ?? "";
}

/** Times x modulo x^5 + x^2 + 1. */
function doubled(value: number): number {
  return value < 16 ? value * 2 : ((value * 2) & 31) ^ 5;
}
