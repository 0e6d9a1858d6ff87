/**
 * The order of numbers written in decimals, with exponents or as an infinity, without rounding any of them.
 *
 * SPEC SEARCH-CONTAINED
 */
const NUMBER = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Below, equal to or above zero as the left number is less than, equal to or greater than the right. */
export function compareNumbers(left: string, right: string): number {
  const [one, other] = [read(left), read(right)];
  if (typeof one === "number" || typeof other === "number") return Math.sign(Number(left) - Number(right)) || 0;
  const places = Math.max(one.places, other.places);
  const [a, b] = [scaled(one, places), scaled(other, places)];
  return a < b ? -1 : a > b ? 1 : 0;
}

type Decimal = { readonly digits: bigint; readonly places: number };

/** A decimal, or a number of JavaScript for what is none (an infinity). */
function read(text: string): Decimal | number {
  const match = NUMBER.exec(text);
  if (match === null) return Number(text);
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = BigInt(whole + fraction);
  return { digits: sign === "-" ? -digits : digits, places: fraction.length - Number(exponent) };
}

function scaled({ digits, places }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - places);
}
