/**
 * Number parameters. `eq` and `ne` go by the precision that the number was written with, the other prefixes by the
 * exact number, as R4 says.
 *
 * SPEC SEARCH-NUMBER · https://hl7.org/fhir/R4/search.html#number
 */
import { convertedRanges, UCUM } from "./conversion.ts";
import { alternativesOf, invalidValue, unknownModifier, type Asked } from "./context.ts";
import { splitPrefix } from "./date.ts";
import { unescaped } from "./escapes.ts";
import type { Condition, RangeTest, UnitTest } from "./plan.ts";
import type { Ratio } from "./ucum.ts";

const NUMBER = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The condition of a number parameter, whatever its modifier but `:missing`. */
export function numberCondition(asked: Asked): Condition {
  if (asked.modifier !== undefined) throw unknownModifier(asked);
  const tests = alternativesOf(asked).map((alternative) =>
    numberTest(unescaped(alternative), asked.written, undefined),
  );
  return { kind: "range", of: "number", parameters: asked.parameter.sources.map(({ name }) => name), tests };
}

/** The test that one value means, in its own unit and in those it can be converted to. Errors: SEARCH_VALUE_INVALID. */
export function numberTest(value: string, written: string, unit: UnitTest | undefined): RangeTest {
  const [prefix, text] = splitPrefix(value);
  const number = readNumber(text.replace(/^ /, "+"));
  if (number === undefined) throw invalidValue(written, "5.4, ge5.4");
  const { digits, places } = number;
  // A tenth of the stated number on each side; otherwise half a unit of the last digit.
  const margin = prefix === "ap" ? absolute(digits) : 5n;
  const limits = {
    low: { digits: digits * 10n - margin, places: places + 1 },
    high: { digits: digits * 10n + margin, places: places + 1 },
    exact: number,
  };
  const { low, high, exact } = limits;
  const test = { prefix, low: decimal(low), high: decimal(high), exact: decimal(exact), unit };
  if (unit?.system !== UCUM) return test;
  return {
    ...test,
    converted: convertedRanges(unit.code, { low: ratio(low), high: ratio(high), exact: ratio(exact) }),
  };
}

/** A number as whole digits and how many of them stand after the point; negative places are zeros before it. */
type Decimal = { readonly digits: bigint; readonly places: number };

/**
 * R4's example reads 1e2 as 95 to 105: a mantissa without decimals counts as having one.
 */
function readNumber(text: string): Decimal | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction, exponent] = match;
  const decimals = exponent !== undefined && fraction === undefined ? "0" : (fraction ?? "");
  const digits = BigInt(`${whole}${decimals}`);
  return { digits: sign === "-" ? -digits : digits, places: decimals.length - Number(exponent ?? 0) };
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Plain decimal text, as PostgreSQL's numeric takes it. */
function decimal({ digits, places }: Decimal): string {
  return `${digits}e${-places}`;
}

function ratio({ digits, places }: Decimal): Ratio {
  const power = 10n ** BigInt(Math.abs(places));
  return places < 0 ? { over: digits * power, under: 1n } : { over: digits, under: power };
}
