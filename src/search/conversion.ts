/**
 * A range of one unit in every other unit of the same kind, so that 5.4 mg finds 5400 ug. It is done when a search is
 * asked, so that storing a value costs nothing.
 *
 * SPEC SEARCH-QUANTITY
 */
import type { ConvertedRange } from "./plan.ts";
import { KNOWN_CODES } from "./ucum-table.ts";
import { inverse, negative, plus, times, unitOf, type Ratio, type Unit } from "./ucum.ts";

export const UCUM = "http://unitsofmeasure.org";

/** Digits kept of a number that has no end in decimals; no stored number is that long. */
const DIGITS = 80;

type Limits = { readonly low: Ratio; readonly high: Ratio; readonly exact: Ratio };
type Kin = { readonly codes: string[]; readonly unit: Unit };

let known: ReadonlyMap<string, readonly Kin[]> | undefined;

/** The limits in each unit that `code` can be converted to, itself first; undefined for a code that is not understood. */
export function convertedRanges(code: string, limits: Limits): readonly ConvertedRange[] | undefined {
  const asked = unitOf(code);
  if (asked === undefined) return undefined;
  return relatedTo(code, asked).map(({ codes, factor, offset }) => {
    const into = (value: Ratio): string => decimalText(plus(times(value, factor), offset));
    return { codes, low: into(limits.low), high: into(limits.high), exact: into(limits.exact) };
  });
}

/** How to get from one unit to another of its kind: the value in the other is `value × factor + offset`. */
type Related = { readonly codes: readonly string[]; readonly factor: Ratio; readonly offset: Ratio };

const MOST_REMEMBERED = 500;
const related = new Map<string, readonly Related[]>();

/** Worked out once for each code that is asked for; how many are remembered is bounded, since callers choose them. */
function relatedTo(code: string, asked: Unit): readonly Related[] {
  let found = related.get(code);
  if (found === undefined) {
    found = kinOf(code, asked).map(({ codes, unit }) => {
      const back = inverse(unit.factor);
      const offset = times(plus(asked.offset, negative(unit.offset)), back);
      return { codes, factor: times(asked.factor, back), offset };
    });
    if (related.size >= MOST_REMEMBERED) related.clear();
    related.set(code, found);
  }
  return found;
}

/** Units of the same kind, those of the same size together. */
function kinOf(code: string, asked: Unit): readonly Kin[] {
  known ??= knownKin();
  const kin = known.get(asked.dimension) ?? [];
  const same = kin.find(({ unit }) => isSameSize(unit, asked));
  if (same?.codes.includes(code) === true) return kin;
  return same === undefined
    ? [{ codes: [code], unit: asked }, ...kin]
    : kin.map((one) => (one === same ? { ...one, codes: [code, ...one.codes] } : one));
}

function knownKin(): ReadonlyMap<string, readonly Kin[]> {
  const byDimension = new Map<string, Kin[]>();
  for (const code of new Set(KNOWN_CODES)) {
    const unit = unitOf(code);
    if (unit === undefined) throw new Error(`the table of units has a code that cannot be read: ${code}`);
    const kin = byDimension.get(unit.dimension) ?? [];
    const same = kin.find((one) => isSameSize(one.unit, unit));
    if (same === undefined) kin.push({ codes: [code], unit });
    else same.codes.push(code);
    byDimension.set(unit.dimension, kin);
  }
  return byDimension;
}

function isSameSize(left: Unit, right: Unit): boolean {
  return isSame(left.factor, right.factor) && isSame(left.offset, right.offset);
}

function isSame(left: Ratio, right: Ratio): boolean {
  return left.over * right.under === right.over * left.under;
}

/** Plain decimal text, exact when it has an end, else cut where no stored number reaches. */
export function decimalText({ over, under }: Ratio): string {
  const size = over < 0n ? -over : over;
  const places = Math.max(DIGITS, DIGITS + under.toString().length - size.toString().length);
  const digits = (size * 10n ** BigInt(places)) / under;
  const text = digits.toString().padStart(places + 1, "0");
  const decimal = `${text.slice(0, -places)}.${text.slice(-places)}`.replace(/\.?0+$/, "");
  return over < 0n && decimal !== "0" ? `-${decimal}` : decimal;
}
