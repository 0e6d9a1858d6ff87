/**
 * The search keys of one resource while they are gathered: each parameter type puts in what its searches look for.
 *
 * SPEC SEARCH-EXTRACT
 */
import type { JsonValue } from "../fhir/index.ts";
import {
  belowValue,
  codeValue,
  commonKey,
  identifierValue,
  longRangeValue,
  ofTypeValue,
  presentValue,
  SHORT_RANGE_MS,
  systemCodeValue,
  systemValue,
  tokenKey,
} from "./keys.ts";
import { rangeColumnName } from "./layout.ts";
import { canonicalTexts, referenceTexts } from "./references.ts";
import { commonLexemes, displayName, lexemesOf, quoted } from "./text.ts";
import { belowPrefixes } from "./uris.ts";
import {
  compareInstants,
  dateRangeOf,
  isLongerThan,
  numberRangeOf,
  quantityRangeOf,
  textsOf,
  tokensOf,
  type QuantityRange,
  type Token,
} from "./values.ts";

/** Values of one parameter as `many` holds them: [low, high], for quantities followed by system, code and unit. */
export type ManyValue = readonly [low: string, high: string, ...unit: (string | null)[]];

/** In UTF-16 units, of at most three bytes each: PostgreSQL takes one megabyte. What is beyond cannot be found by text. */
const LONGEST_TSVECTOR = 250_000;

export class Harvest {
  readonly tokens = new Set<string>();
  readonly lexemes = new Set<string>();
  readonly ranges: Record<string, string> = {};
  readonly many: Record<string, JsonValue> = {};
  /** This server's own address: a reference below it is a reference to a resource here. */
  readonly base: string | undefined;

  constructor(base: string | undefined) {
    this.base = base;
  }

  key(parameter: string, value: string): void {
    this.tokens.add(tokenKey(parameter, value));
  }

  common(parameter: string, value: string): void {
    this.tokens.add(commonKey(parameter, value));
  }

  /** Marks that there is a value; a range is marked so only when it is no range that can be compared. */
  present(parameter: string): void {
    this.common(parameter, presentValue);
  }

  token(parameter: string, value: JsonValue): void {
    for (const token of tokensOf(value)) {
      const isCommon = token.bare || token.isCoding;
      for (const form of tokenForms(token))
        if (isCommon) this.common(parameter, form);
        else this.key(parameter, form);
      for (const form of ofTypeForms(token)) this.key(parameter, form);
      if (token.text !== undefined)
        for (const one of commonLexemes(displayName(parameter), token.text)) this.lexemes.add(one);
    }
  }

  string(parameter: string, value: JsonValue): void {
    for (const text of textsOf(value)) {
      this.key(parameter, text);
      for (const one of lexemesOf(parameter, text)) this.lexemes.add(one);
    }
  }

  reference(parameter: string, value: JsonValue): void {
    for (const text of referenceTexts(value, this.base)) this.key(parameter, text);
    if (typeof value === "string") for (const prefix of belowPrefixes(value)) this.key(parameter, belowValue(prefix));
    for (const form of identifierForms(value)) this.key(parameter, identifierValue(form));
  }

  uri(parameter: string, value: JsonValue): void {
    if (typeof value !== "string") return;
    for (const text of canonicalTexts(value)) this.key(parameter, text);
    if (value.includes("#")) this.key(parameter, value);
    for (const prefix of belowPrefixes(value)) this.key(parameter, belowValue(prefix));
  }

  dates(parameter: string, values: readonly JsonValue[]): void {
    const ranges = values.flatMap((value) => dateRangeOf(value) ?? []);
    this.hold(parameter, ranges.map(bounds), INSTANTS);
    if (ranges.length === 0) this.present(parameter);
  }

  numbers(parameter: string, values: readonly JsonValue[]): void {
    const ranges = values.flatMap((value) => numberRangeOf(value) ?? []);
    this.hold(parameter, ranges.map(bounds), NUMBERS);
    if (ranges.length === 0) this.present(parameter);
  }

  quantities(parameter: string, values: readonly JsonValue[]): void {
    const ranges = values.flatMap((value) => quantityRangeOf(value) ?? []);
    for (const range of ranges) for (const form of unitForms(range)) this.common(parameter, form);
    this.hold(parameter, ranges.map(manyQuantity), NUMBERS);
    if (ranges.length === 0) this.present(parameter);
  }

  /** The text form of `strings`, or null when there is no text to find. */
  tsvector(): string | null {
    if (this.lexemes.size === 0) return null;
    let length = 0;
    const kept: string[] = [];
    for (const one of this.lexemes) {
      if ((length += one.length) > LONGEST_TSVECTOR) break;
      kept.push(quoted(one));
    }
    return kept.join(" ");
  }

  /** The lowest low and highest high go to the columns; several values also go to `many`, each by itself. */
  private hold(parameter: string, values: readonly ManyValue[], { compare, isLong }: Line): void {
    const [first] = values;
    if (first === undefined) return;
    let [low, high] = first;
    if (values.length > 1) {
      for (const [from, to] of values) {
        if (compare(from, low) < 0) low = from;
        if (compare(to, high) > 0) high = to;
      }
    }
    this.ranges[rangeColumnName(parameter, "lo")] = low;
    this.ranges[rangeColumnName(parameter, "hi")] = high;
    if (isLong(low, high)) this.common(parameter, longRangeValue);
    if (values.length > 1) this.many[parameter] = values;
  }
}

/** How ends are compared, and which ranges cannot be found by where they begin. */
type Line = {
  readonly compare: (left: string, right: string) => number;
  readonly isLong: (low: string, high: string) => boolean;
};

const INSTANTS: Line = {
  compare: compareInstants,
  isLong: (low, high) => !isSameDay(low, high) && isLongerThan(SHORT_RANGE_MS, { low, high }),
};
/** Of instants as texts; the infinities are on no day. */
function isSameDay(low: string, high: string): boolean {
  return low.startsWith("2") && high.startsWith(low.slice(0, "2026-11-22".length));
}

const NUMBERS: Line = {
  compare: (left, right) => Math.sign(Number(left) - Number(right)) || 0,
  isLong: (low, high) => low !== high,
};

/** Each spelling that finds a token: `code`, `system|code`, `|code` where there is no system, and `system|`. */
export function tokenForms({ system, code, bare }: Token): string[] {
  if (code === undefined) return system === undefined ? [] : [systemValue(system)];
  if (system === undefined) return bare ? [codeValue(code)] : [codeValue(code), systemCodeValue("", code)];
  return [codeValue(code), systemCodeValue(system, code), systemValue(system)];
}

/** The units that a quantity's value can be asked for in. */
export function unitForms({
  system,
  code,
  unit,
}: {
  system: string | undefined;
  code: string | undefined;
  unit: string | undefined;
}): string[] {
  const forms = code === undefined ? [] : [codeValue(code), systemCodeValue(system ?? "", code)];
  return unit === undefined || unit === code ? forms : [...forms, codeValue(unit)];
}

/** A range of time or number as `many` keeps it. */
export function bounds({ low, high }: { readonly low: string; readonly high: string }): ManyValue {
  return [low, high];
}

/** A quantity as `many` keeps it. */
export function manyQuantity({ low, high, system, code, unit }: QuantityRange): ManyValue {
  return [low, high, system ?? null, code ?? null, unit ?? null];
}

function ofTypeForms({ code, types }: Token): string[] {
  if (code === undefined) return [];
  return types.flatMap((type) => (type.code === undefined ? [] : [ofTypeValue(type.system ?? "", type.code, code)]));
}

function identifierForms(value: JsonValue): string[] {
  if (typeof value !== "object" || value === null || !("identifier" in value)) return [];
  const { identifier } = value as { identifier?: JsonValue };
  return identifier === undefined ? [] : tokensOf(identifier).flatMap(tokenForms);
}
