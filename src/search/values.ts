/**
 * From a FHIR value to what a parameter compares: codes with their system, texts, ranges of time and number. The same
 * functions serve extraction and tests of composites; each takes any JSON and gives nothing for a shape it does not know.
 *
 * SPEC SEARCH-VALUE · https://hl7.org/fhir/R4/search.html#ptypes
 */
import {
  dateRange,
  isJsonArray,
  isJsonObject,
  isNumber,
  numberText,
  type JsonObject,
  type JsonValue,
} from "../fhir/index.ts";

/** A code, an identifier or a contact point. An undefined system means that there is none; undefined code likewise. */
export type Token = {
  readonly system: string | undefined;
  readonly code: string | undefined;
  /** True for a bare code, whose system only its definition knows. */
  readonly bare: boolean;
  /** True for a coding: one of a limited number, unlike an identifier. */
  readonly isCoding: boolean;
  readonly text: string | undefined;
  /** Of an identifier: its type's codings. */
  readonly types: readonly Token[];
};

/** Numbers as PostgreSQL numeric text, which also knows Infinity. */
export type NumberRange = { readonly low: string; readonly high: string };
export type QuantityRange = NumberRange & {
  readonly system: string | undefined;
  readonly code: string | undefined;
  readonly unit: string | undefined;
};
/** Instants as PostgreSQL timestamptz text; high is exclusive. */
export type DateRange = { readonly low: string; readonly high: string };

/** The tokens of a coding, codeable concept, identifier, contact point, code, string, boolean or number. */
export function tokensOf(value: JsonValue): Token[] {
  if (!isJsonObject(value)) return scalarToken(value);
  const { coding, text, code, value: content } = value;
  if (isJsonArray(coding))
    return [...coding.flatMap((one) => (isJsonObject(one) ? [codingToken(one)] : [])), ...textToken(text)];
  if (typeof code === "string" || (content === undefined && typeof value["system"] === "string"))
    return [codingToken(value)];
  if (typeof content === "string") return identifierTokens(value, content);
  return textToken(text);
}

function scalarToken(value: JsonValue): Token[] {
  if (typeof value !== "string" && typeof value !== "boolean" && !isNumber(value)) return [];
  const code = isNumber(value) ? numberText(value) : String(value);
  return [{ system: undefined, code, bare: true, isCoding: false, text: undefined, types: [] }];
}

function codingToken(coding: JsonObject): Token {
  return {
    system: textOf(coding["system"]),
    code: textOf(coding["code"]),
    bare: false,
    isCoding: true,
    text: textOf(coding["display"]),
    types: [],
  };
}

function textToken(text: JsonValue | undefined): Token[] {
  return typeof text === "string"
    ? [{ system: undefined, code: undefined, bare: false, isCoding: false, text, types: [] }]
    : [];
}

/** R4 lets the part before the bar be a contact point's use; its system (phone, email) is taken too. */
function identifierTokens(value: JsonObject, code: string): Token[] {
  const system = textOf(value["system"]);
  const type = value["type"];
  const types = isJsonObject(type) ? tokensOf(type) : [];
  const text = isJsonObject(type) ? textOf(type["text"]) : undefined;
  const token: Token = { system, code, bare: false, isCoding: false, text, types };
  const use = textOf(value["use"]);
  return use !== undefined && CONTACT_SYSTEMS.has(system ?? "") ? [token, { ...token, system: use }] : [token];
}

const CONTACT_SYSTEMS: ReadonlySet<string> = new Set(["phone", "fax", "email", "pager", "url", "sms", "other"]);

const NAME_AND_ADDRESS = [
  "text",
  "family",
  "given",
  "prefix",
  "suffix",
  "line",
  "city",
  "district",
  "state",
  "postalCode",
  "country",
];

/** The texts of a string, or of every part of a name or an address. */
export function textsOf(value: JsonValue): string[] {
  if (typeof value === "string") return [value];
  if (!isJsonObject(value)) return [];
  return NAME_AND_ADDRESS.flatMap((name) => {
    const part = value[name];
    if (typeof part === "string") return [part];
    return isJsonArray(part) ? part.filter((one) => typeof one === "string") : [];
  });
}

/** The range of a date, dateTime, instant, period or timing; open ends reach to infinity. */
export function dateRangeOf(value: JsonValue): DateRange | undefined {
  if (typeof value === "string") return dateRange(value);
  if (!isJsonObject(value)) return undefined;
  const { start, end, event, repeat } = value;
  if (start !== undefined || end !== undefined) return periodRange(start, end);
  const events = isJsonArray(event) ? event.flatMap((one) => dateRangeOf(one) ?? []) : [];
  const bounds =
    isJsonObject(repeat) && repeat["boundsPeriod"] !== undefined ? dateRangeOf(repeat["boundsPeriod"]) : undefined;
  return hull(bounds === undefined ? events : [...events, bounds]);
}

function periodRange(start: JsonValue | undefined, end: JsonValue | undefined): DateRange | undefined {
  const from = typeof start === "string" ? dateRange(start) : undefined;
  const to = typeof end === "string" ? dateRange(end) : undefined;
  if (from === undefined && to === undefined) return undefined;
  const low = from?.low ?? "-infinity";
  const high = to?.high ?? "infinity";
  // A period that ends before it begins is refused on write; should one be stored, it is found by where it begins.
  return compareInstants(low, high) < 0 ? { low, high } : from;
}

/** Orders two instants, of which either may be an infinity. */
export function compareInstants(left: string, right: string): number {
  if (isPlainInstant(left) && isPlainInstant(right)) return left < right ? -1 : left > right ? 1 : 0;
  return instantNumber(left) - instantNumber(right);
}

/** True when a range lasts longer than so many milliseconds. */
export function isLongerThan(ms: number, { low, high }: DateRange): boolean {
  return instantNumber(high) - instantNumber(low) > ms;
}

/** As most instants are written: in UTC, to the millisecond, of years with four digits. Such are in order as texts. */
function isPlainInstant(text: string): boolean {
  return text.length === PLAIN_INSTANT.length && text.endsWith("Z") && text.startsWith("-", PLAIN_INSTANT.indexOf("-"));
}

const PLAIN_INSTANT = "2026-11-22T00:00:00.000Z";

function instantNumber(text: string): number {
  if (text === "infinity") return Number.MAX_SAFE_INTEGER;
  return text === "-infinity" ? Number.MIN_SAFE_INTEGER : Date.parse(text);
}

function hull(ranges: readonly DateRange[]): DateRange | undefined {
  const [first] = ranges;
  if (first === undefined) return undefined;
  return ranges.reduce(
    (all, { low, high }) => ({
      low: compareInstants(low, all.low) < 0 ? low : all.low,
      high: compareInstants(high, all.high) > 0 ? high : all.high,
    }),
    first,
  );
}

/** The range of a number, or of a Range without units. */
export function numberRangeOf(value: JsonValue): NumberRange | undefined {
  if (isNumber(value)) return point(numericText(numberText(value)));
  return isJsonObject(value) ? boundsRange(value) : undefined;
}

/** The range and unit of a quantity, money, range or sampled data. A comparator opens the range to one side. */
export function quantityRangeOf(value: JsonValue): QuantityRange | undefined {
  if (!isJsonObject(value)) return undefined;
  const { value: number, low, high, origin, currency } = value;
  if (low !== undefined || high !== undefined) return withUnit(boundsRange(value), isJsonObject(low) ? low : high);
  if (isJsonObject(origin)) return withUnit(sampledRange(value, origin), origin);
  if (!isNumber(number)) return undefined;
  const range = compared(numericText(numberText(number)), value["comparator"]);
  if (typeof currency === "string")
    return { ...range, system: "urn:iso:std:iso:4217", code: currency, unit: undefined };
  return withUnit(range, value);
}

function boundsRange({ low, high }: JsonObject): NumberRange | undefined {
  const from = isJsonObject(low) && isNumber(low["value"]) ? numericText(numberText(low["value"])) : undefined;
  const to = isJsonObject(high) && isNumber(high["value"]) ? numericText(numberText(high["value"])) : undefined;
  if (from === undefined && to === undefined) return undefined;
  return { low: from ?? "-Infinity", high: to ?? "Infinity" };
}

function compared(number: string, comparator: JsonValue | undefined): NumberRange {
  if (comparator === "<" || comparator === "<=") return { low: "-Infinity", high: number };
  if (comparator === ">" || comparator === ">=") return { low: number, high: "Infinity" };
  return point(number);
}

/** The hull of the samples: their written numbers times the factor, from the origin. */
function sampledRange(sampled: JsonObject, origin: JsonObject): NumberRange | undefined {
  const { data, factor } = sampled;
  if (typeof data !== "string" || !isNumber(origin["value"])) return undefined;
  const scale = isNumber(factor) ? Number(numberText(factor)) : 1;
  const zero = Number(numberText(origin["value"]));
  let low = Infinity;
  let high = -Infinity;
  for (const sample of data.split(/\s+/)) {
    const number = sample === "" ? NaN : Number(sample) * scale + zero; // E, L and U stand for what could not be measured
    if (number < low) low = number;
    if (number > high) high = number;
  }
  return low > high ? undefined : { low: numericText(String(low)), high: numericText(String(high)) };
}

function withUnit(range: NumberRange | undefined, of: JsonValue | undefined): QuantityRange | undefined {
  if (range === undefined) return undefined;
  const unit: JsonObject = isJsonObject(of) ? of : {};
  const { low, high } = range;
  return { low, high, system: textOf(unit["system"]), code: textOf(unit["code"]), unit: textOf(unit["unit"]) };
}

function point(number: string): NumberRange {
  return { low: number, high: number };
}

/** Text that PostgreSQL takes as numeric without growing: an exponent may not make a number of a million digits. */
export function numericText(text: string): string {
  const exponent = /e([+-]?\d+)$/i.exec(text)?.[1];
  if (text.length <= 120 && Math.abs(Number(exponent ?? 0)) <= 120) return text;
  const near = Number(text);
  return Number.isFinite(near) && Math.abs(near) < 1e120 ? near.toFixed(20) : near > 0 ? "Infinity" : "-Infinity";
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
