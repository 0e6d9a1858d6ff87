/**
 * Date parameters: a prefix and a date of any precision, which means the whole range it covers in Swedish time.
 *
 * SPEC SEARCH-DATE · https://hl7.org/fhir/R4/search.html#date
 */
import { dateRange } from "../fhir/index.ts";
import { alternativesOf, invalidValue, unknownModifier, type Asked, type ParseContext } from "./context.ts";
import { unescaped } from "./escapes.ts";
import type { Condition, Prefix, RangeTest } from "./plan.ts";

const PREFIXED = /^(eq|ne|gt|ge|lt|le|sa|eb|ap)(?=[\d.+-])/;

/** The condition of a date parameter, whatever its modifier but `:missing`. */
export function dateCondition(asked: Asked): Condition {
  const tests = dateTests(asked);
  if (asked.parameter.name === "_lastUpdated") return { kind: "last-updated", tests };
  return { kind: "range", of: "date", parameters: asked.parameter.sources.map(({ name }) => name), tests };
}

/**
 * What a filter asks beyond the prefixes: `po`, a period in common with the value's; `co`, a period that has all of it.
 * Errors: SEARCH_VALUE_INVALID.
 */
export function periodCondition(asked: Asked, compare: "po" | "co"): Condition {
  const { parameter, written, value } = asked;
  const range = dateRange(unescaped(value));
  if (range === undefined || parameter.name === "_lastUpdated") throw invalidValue(written, "2026-11-21");
  const prefix = compare === "po" ? "ap" : "co";
  const tests: RangeTest[] = [{ prefix, ...range, exact: range.low, unit: undefined }];
  return { kind: "range", of: "date", parameters: parameter.sources.map(({ name }) => name), tests };
}

/** One test for each alternative. */
export function dateTests(asked: Asked): RangeTest[] {
  if (asked.modifier !== undefined) throw unknownModifier(asked);
  return alternativesOf(asked).map((alternative) => dateTest(unescaped(alternative), asked.written, asked.context));
}

/** The test that one value means. Errors: SEARCH_VALUE_INVALID. */
export function dateTest(value: string, written: string, context: ParseContext): RangeTest {
  const [prefix, text] = splitPrefix(value);
  // A form decodes "+" to a space, and a time zone is the only place where a date can have one.
  const range = dateRange(text.replace(/ (?=\d\d:\d\d$)/, "+"));
  if (range === undefined) throw invalidValue(written, "2026-11-21, ge2026-11, lt2026-11-21T10:00+01:00");
  const { low, high } = prefix === "ap" ? widened(range, context.now) : range;
  return { prefix, low, high, exact: low, unit: undefined };
}

/** The comparison and the rest of a value; without a prefix it is `eq`. */
export function splitPrefix(value: string): [Prefix, string] {
  const prefix = PREFIXED.exec(value)?.[1] as Prefix | undefined;
  return prefix === undefined ? ["eq", value] : [prefix, value.slice(2)];
}

/** R4 recommends a tenth of the time between now and the date. */
function widened(
  range: { readonly low: string; readonly high: string },
  now: number | undefined,
): { readonly low: string; readonly high: string } {
  const low = Date.parse(range.low);
  const high = Date.parse(range.high);
  const margin = now === undefined ? 0 : Math.round(Math.abs(now - (low + high) / 2) / 10);
  return { low: instant(low - margin, range.low), high: instant(high + margin, range.high) };
}

function instant(ms: number, otherwise: string): string {
  const text = Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : otherwise;
  return /^\d{4}-/.test(text) && !text.startsWith("0000") ? text : otherwise;
}
