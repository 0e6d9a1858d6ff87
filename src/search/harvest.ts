/**
 * The search keys of one resource while they are gathered: each parameter type puts in what its searches look for.
 *
 * SPEC SEARCH-EXTRACT
 */
import type { JsonValue } from "../fhir/index.ts";
import {
  belowValue,
  codeValue,
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
import { displayName, lexeme, lexemesOf, normalized, quoted } from "./text.ts";
import { belowPrefixes } from "./uris.ts";
import { compareInstants, dateRangeOf, numberRangeOf, quantityRangeOf, textsOf, tokensOf, type Token } from "./values.ts";

type Bounds = { readonly low: string; readonly high: string };
/** Values of one parameter as `many` holds them: [low, high], for quantities followed by system, code and unit. */
export type ManyValue = readonly (string | null)[];

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

  present(parameter: string): void {
    this.key(parameter, presentValue);
  }

  token(parameter: string, value: JsonValue): void {
    for (const token of tokensOf(value)) {
      for (const form of tokenForms(token)) this.key(parameter, form);
      for (const form of ofTypeForms(token)) this.key(parameter, form);
      if (token.text !== undefined) for (const one of lexemesOf(displayName(parameter), token.text)) this.lexemes.add(one);
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
    this.hold(parameter, ranges, compareInstants, isLong, ({ low, high }) => [low, high]);
  }

  numbers(parameter: string, values: readonly JsonValue[]): void {
    this.hold(parameter, values.flatMap((value) => numberRangeOf(value) ?? []), compareNumbers, isWide, ({ low, high }) => [low, high]);
  }

  quantities(parameter: string, values: readonly JsonValue[]): void {
    const ranges = values.flatMap((value) => quantityRangeOf(value) ?? []);
    for (const range of ranges) for (const form of unitForms(range)) this.key(parameter, form);
    this.hold(parameter, ranges, compareNumbers, isWide, manyQuantity);
  }

  /** The text form of `strings`, or null when there is no text to find. */
  tsvector(): string | null {
    return this.lexemes.size === 0 ? null : [...this.lexemes].map(quoted).join(" ");
  }

  /** The lowest low and highest high go to the columns; several values also go to `many`, each by itself. */
  private hold<R extends Bounds>(parameter: string, ranges: readonly R[], compare: (a: string, b: string) => number, mark: (hull: Bounds) => boolean, entry: (range: R) => ManyValue): void {
    const [first] = ranges;
    if (first === undefined) return;
    let { low, high } = first;
    for (const range of ranges) {
      if (compare(range.low, low) < 0) low = range.low;
      if (compare(range.high, high) > 0) high = range.high;
    }
    this.ranges[rangeColumnName(parameter, "lo")] = low;
    this.ranges[rangeColumnName(parameter, "hi")] = high;
    if (mark({ low, high })) this.key(parameter, longRangeValue);
    if (ranges.length > 1) this.many[parameter] = ranges.map(entry);
  }
}

/** A display text as a search for it is spelled. */
export function displayLexeme(parameter: string, text: string): string {
  return lexeme(displayName(parameter), normalized(text));
}

/** Each spelling that finds a token: `code`, `system|code`, `|code` where there is no system, and `system|`. */
export function tokenForms({ system, code, bare }: Token): string[] {
  if (code === undefined) return system === undefined ? [] : [systemValue(system)];
  if (system === undefined) return bare ? [codeValue(code)] : [codeValue(code), systemCodeValue("", code)];
  return [codeValue(code), systemCodeValue(system, code), systemValue(system)];
}

/** The units that a quantity's value can be asked for in. */
export function unitForms({ system, code, unit }: { system: string | undefined; code: string | undefined; unit: string | undefined }): string[] {
  const forms = code === undefined ? [] : [codeValue(code), systemCodeValue(system ?? "", code)];
  return unit === undefined || unit === code ? forms : [...forms, codeValue(unit)];
}

export function manyQuantity(range: Bounds & { system: string | undefined; code: string | undefined; unit: string | undefined }): ManyValue {
  return [range.low, range.high, range.system ?? null, range.code ?? null, range.unit ?? null];
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

function isLong({ low, high }: Bounds): boolean {
  return compareInstants(high, low) > SHORT_RANGE_MS;
}

function isWide({ low, high }: Bounds): boolean {
  return low !== high;
}

function compareNumbers(left: string, right: string): number {
  return Math.sign(Number(left) - Number(right)) || 0;
}
