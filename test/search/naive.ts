/**
 * FHIR search the slow way: every resource is looked at, every value compared as R4's text says, in the plainest code.
 * It shares nothing with src/search, so that the two can be held against each other.
 */
import {
  isJsonArray,
  isJsonObject,
  isNumber,
  numberText,
  type JsonObject,
  type JsonValue,
} from "../../src/fhir/index.ts";
import { PARAMETERS, type NaiveParameter } from "./naive-parameters.ts";
import type { Stored } from "./search-database.ts";

export type Lookup = ReadonlyMap<string, readonly Stored[]>;

/** The ids of a type's resources that meet every criterion, in the order of the world. */
export function naiveSearch(world: Lookup, type: string, criteria: readonly (readonly [string, string])[]): string[] {
  const found = (world.get(type) ?? []).filter((stored) =>
    criteria.every(([name, value]) => meets(world, type, stored, name, value)),
  );
  return found.map(({ resource }) => `${type}/${idOf(resource)}`);
}

function meets(world: Lookup, type: string, stored: Stored, name: string, value: string): boolean {
  if (name.startsWith("_has:")) return meetsHas(world, type, stored, name, value);
  if (name.includes(".")) return meetsChain(world, type, stored, name, value);
  const [plain = "", modifier] = name.split(":");
  const alternatives = splitAt(value, ",");
  if (plain === "_id") return alternatives.includes(idOf(stored.resource)) !== (modifier === "not");
  if (plain === "_lastUpdated") return alternatives.some((one) => dateMeets(one, [instantRange(stored.lastUpdated)]));
  const parameter = PARAMETERS[type]?.[plain];
  if (parameter === undefined) throw new Error(`the naive search does not know ${type}.${plain}`);
  const values =
    (modifier === "identifier" ? parameter.unlimited : undefined)?.(stored.resource) ?? parameter.get(stored.resource);
  if (modifier === "missing") return (values.length === 0) === (value === "true");
  if (modifier === "not")
    return !alternatives.some((one) => valueMeets(parameter, values, undefined, one, stored.resource));
  return alternatives.some((one) => valueMeets(parameter, values, modifier, one, stored.resource));
}

function meetsChain(world: Lookup, type: string, stored: Stored, name: string, value: string): boolean {
  const [link = "", ...rest] = name.split(".");
  const [plain = "", only] = link.split(":");
  const parameter = PARAMETERS[type]?.[plain];
  return (parameter?.get(stored.resource) ?? []).some((reference) => {
    const [targetType = "", id] = referenceText(reference)?.split("/") ?? [];
    if (only !== undefined && only !== targetType) return false;
    if (parameter?.targets !== undefined && !parameter.targets.includes(targetType)) return false;
    const target = (world.get(targetType) ?? []).find(({ resource }) => idOf(resource) === id);
    const next = rest.join(".");
    const known = PARAMETERS[targetType]?.[next.split(/[:.]/)[0] ?? ""] !== undefined || next.startsWith("_");
    return target !== undefined && known && meets(world, targetType, target, next, value);
  });
}

function meetsHas(world: Lookup, type: string, stored: Stored, name: string, value: string): boolean {
  const [, source = "", link = "", ...rest] = name.split(":");
  const own = `${type}/${idOf(stored.resource)}`;
  const parameter = PARAMETERS[source]?.[link];
  return (world.get(source) ?? []).some(
    (other) =>
      (parameter?.get(other.resource) ?? []).some((reference) => referenceText(reference) === own) &&
      meets(world, source, other, rest.join(":"), value),
  );
}

/** Whether one of the values meets one asked value. */
export function valueMeets(
  parameter: NaiveParameter,
  values: readonly JsonValue[],
  modifier: string | undefined,
  asked: string,
  resource: JsonObject,
): boolean {
  switch (parameter.type) {
    case "token":
      return values.some((value) => tokenMeets(parameter, value, modifier, asked));
    case "string":
      return values.flatMap(textsIn).some((text) => stringMeets(text, modifier, plain(asked)));
    case "reference":
      return values.some((value) => referenceMeets(parameter, value, modifier, asked));
    case "uri":
      return values.some((value) => typeof value === "string" && uriMeets(value, modifier, plain(asked)));
    case "date":
      return dateMeets(
        plain(asked),
        values.flatMap((value) => dateRangeIn(value) ?? []),
      );
    case "number":
    case "quantity":
      return values.some((value) => numberMeets(asked, value));
    case "composite":
      return (parameter.foci?.(resource) ?? []).some((focus) => compositeMeets(parameter, focus, asked, resource));
  }
}

function compositeMeets(parameter: NaiveParameter, focus: JsonObject, asked: string, resource: JsonObject): boolean {
  const parts = splitAt(asked, "$");
  return (parameter.parts ?? []).every((part, at) =>
    valueMeets(part, part.get(focus), undefined, parts[at] ?? "", resource),
  );
}

// --- tokens

type Coded = { readonly system?: string; readonly code?: string; readonly text?: string; readonly type?: JsonObject };

export function codedIn(value: JsonValue): Coded[] {
  if (!isJsonObject(value)) return [{ code: isNumber(value) ? numberText(value) : String(value) }];
  if (value["coding"] !== undefined || value["text"] !== undefined) {
    const codings = listOf(value["coding"])
      .filter(isJsonObject)
      .map((coding) => ({ system: text(coding["system"]), code: text(coding["code"]), text: text(coding["display"]) }));
    return [...codings, { text: text(value["text"]) }];
  }
  if (value["value"] === undefined)
    return [{ system: text(value["system"]), code: text(value["code"]), text: text(value["display"]) }];
  const type = isJsonObject(value["type"]) ? value["type"] : undefined;
  const base = { system: text(value["system"]), code: text(value["value"]), text: text(type?.["text"]), type };
  return value["use"] === undefined ? [base] : [base, { ...base, system: text(value["use"]) }];
}

function tokenMeets({ bare }: NaiveParameter, value: JsonValue, modifier: string | undefined, asked: string): boolean {
  return codedIn(value).some((coded) => {
    if (modifier === "text") return coded.text !== undefined && stringMeets(coded.text, undefined, plain(asked));
    const parts = splitAt(asked, "|", true).map(plain);
    if (modifier === "of-type") {
      const types = listOf(coded.type?.["coding"]).filter(isJsonObject);
      return coded.code === parts[2] && types.some((type) => type["system"] === parts[0] && type["code"] === parts[1]);
    }
    if (parts.length === 1) return coded.code !== undefined && coded.code === parts[0];
    const [system, code] = parts;
    if (bare !== undefined) {
      const isMeant = system === "" ? bare.length === 0 : bare.includes(system ?? "");
      return isMeant && (code === "" || coded.code === code);
    }
    if (code === "") return coded.system === system;
    return coded.code === code && (coded.system ?? "") === system;
  });
}

// --- strings, uris, references

export function textsIn(value: JsonValue): string[] {
  if (typeof value === "string") return [value];
  if (!isJsonObject(value)) return [];
  const parts = [
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
  return parts.flatMap((part) => listOf(value[part])).filter((one) => typeof one === "string");
}

export function folded(value: string): string {
  return value
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
}

function stringMeets(value: string, modifier: string | undefined, asked: string): boolean {
  if (modifier === "exact") return value === asked;
  return modifier === "contains" ? folded(value).includes(folded(asked)) : folded(value).startsWith(folded(asked));
}

function uriMeets(value: string, modifier: string | undefined, asked: string): boolean {
  const [bareValue = "", version] = value.split("|");
  const [bareAsked = ""] = asked.split("|");
  if (modifier === undefined) return value === asked || bareValue === asked;
  if (modifier === "above") {
    if (version !== undefined) return `${asked}.`.startsWith(`${value}.`);
    return asked === value || isUnder(value, bareAsked) || value === `${asked}/`;
  }
  if (asked.includes("|")) return `${value}.`.startsWith(`${asked}.`);
  return value === asked || bareValue === asked || isUnder(asked.replace(/\/$/, ""), bareValue);
}

function isUnder(above: string, below: string): boolean {
  return above.includes("://") && (below === above || below.startsWith(`${above}/`));
}

function referenceText(value: JsonValue): string | undefined {
  return isJsonObject(value) ? text(value["reference"]) : undefined;
}

function referenceMeets(
  { targets }: NaiveParameter,
  value: JsonValue,
  modifier: string | undefined,
  asked: string,
): boolean {
  if (modifier === "identifier") {
    const identifier = isJsonObject(value) ? value["identifier"] : undefined;
    return identifier !== undefined && tokenMeets({ type: "token", get: () => [] }, identifier, undefined, asked);
  }
  const wanted = plain(asked);
  if (typeof value === "string") return uriMeets(value, undefined, wanted);
  const reference = referenceText(value);
  if (reference === undefined) return false;
  const type = reference.split("/").at(-2);
  if (wanted.includes("/")) return reference === wanted && (modifier === undefined || modifier === type);
  if (reference.startsWith("http")) return false;
  return (
    reference === `${type}/${wanted}` &&
    (modifier === undefined ? targets === undefined || targets.includes(type ?? "") : modifier === type)
  );
}

// --- dates: half-open ranges of milliseconds

type Range = readonly [low: number, high: number];

/** Hours that Sweden is ahead of UTC at a local wall time, from the rule of the last Sundays of March and October. */
function swedishOffset(year: number, month: number, day: number, hour: number): number {
  const lastSunday = (of: number): number => 31 - new Date(Date.UTC(year, of - 1, 31)).getUTCDay();
  const [start, end] = [lastSunday(3), lastSunday(10)];
  const afterStart = month > 3 || (month === 3 && (day > start || (day === start && hour >= 2)));
  const beforeEnd = month < 10 || (month === 10 && (day < end || (day === end && hour < 3)));
  return afterStart && beforeEnd ? 2 : 1;
}

function wall(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(year, month - 1, day));
  const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return date.getTime() - swedishOffset(y, m, d, 0) * 3_600_000;
}

function instantRange(value: string): Range {
  const [, y, m, d, time, fraction] =
    /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d:\d\d:\d\d)(\.\d{3})?.+)?$/.exec(value) ?? [];
  const [year, month, day] = [Number(y), Number(m ?? 1), Number(d ?? 1)];
  if (time !== undefined) return [Date.parse(value), Date.parse(value) + (fraction === undefined ? 1000 : 1)];
  if (d !== undefined) return [wall(year, month, day), wall(year, month, day + 1)];
  return m !== undefined ? [wall(year, month, 1), wall(year, month + 1, 1)] : [wall(year, 1, 1), wall(year + 1, 1, 1)];
}

export function dateRangeIn(value: JsonValue): [Range] | undefined {
  if (typeof value === "string") return /^\d{4}(?:-|$)/.test(value) ? [instantRange(value)] : undefined;
  if (!isJsonObject(value)) return undefined;
  const { start, end, event, repeat } = value;
  if (isJsonObject(repeat)) return dateRangeIn(repeat["boundsPeriod"] ?? null);
  if (event !== undefined) {
    const ranges = listOf(event).map((one) => instantRange(String(one)));
    return ranges.length === 0
      ? undefined
      : [[Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))]];
  }
  if (start === undefined && end === undefined) return undefined;
  return [
    [
      typeof start === "string" ? instantRange(start)[0] : -Infinity,
      typeof end === "string" ? instantRange(end)[1] : Infinity,
    ],
  ];
}

function dateMeets(asked: string, ranges: readonly Range[]): boolean {
  const [prefix, rest] = prefixOf(asked);
  const [low, high] = instantRange(rest);
  const isWithin = ([from, to]: Range): boolean => from >= low && to <= high;
  return ranges.some((range) => {
    const [from, to] = range;
    switch (prefix) {
      case "eq":
        return isWithin(range);
      case "ne":
        return !isWithin(range);
      case "gt":
        return to > high;
      case "lt":
        return from < low;
      case "ge":
        return to > high || isWithin(range);
      case "le":
        return from < low || isWithin(range);
      case "sa":
        return from >= high;
      case "eb":
        return to <= low;
      default:
        return from < high && to > low;
    }
  });
}

function prefixOf(asked: string): [string, string] {
  const match = /^(eq|ne|gt|ge|lt|le|sa|eb|ap)(.*)$/.exec(asked);
  return match === null ? ["eq", asked] : [match[1] ?? "", match[2] ?? ""];
}

// --- numbers: whole numbers of attounits

type NumberRange = readonly [low: bigint, high: bigint];

const ATTO = 10n ** 18n;
const ENDLESS = 10n ** 60n;

/** Picograms of each unit that the world has; other units are only themselves. */
const PICOGRAMS: Readonly<Record<string, bigint>> = {
  kg: 10n ** 15n,
  g: 10n ** 12n,
  mg: 10n ** 9n,
  ug: 10n ** 6n,
};

function atto(written: string): bigint {
  const [mantissa = "", exponent = "0"] = written.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const size = BigInt(`${whole}${fraction.padEnd(18, "0")}`);
  const power = Number(exponent);
  const scaled = power < 0 ? size / 10n ** BigInt(-power) : size * 10n ** BigInt(power);
  return written.startsWith("-") ? -scaled : scaled;
}

function numberMeets(asked: string, value: JsonValue): boolean {
  const [number = "", system, code] = splitAt(asked, "|", true).map(plain);
  const range = numberRangeIn(value);
  if (range === undefined) return false;
  if (code === undefined || code === "") return comparesWith(number, range);
  const unit = isJsonObject(value) ? (isJsonObject(value["low"]) ? value["low"] : value) : {};
  const own = typeof unit["currency"] === "string" ? unit["currency"] : unit["code"];
  if (system === "") return (own === code || unit["unit"] === code) && comparesWith(number, range);
  const ownSystem = typeof unit["currency"] === "string" ? "urn:iso:std:iso:4217" : unit["system"];
  if (ownSystem !== system) return false;
  if (own === code) return comparesWith(number, range);
  const [from, to] = [PICOGRAMS[String(own)], PICOGRAMS[code]];
  if (system !== "http://unitsofmeasure.org" || from === undefined || to === undefined) return false;
  const [low, high] = range;
  const into = (one: bigint): bigint => (one === ENDLESS || one === -ENDLESS ? one : (one * from) / to);
  return comparesWith(number, [into(low), into(high)]);
}

function comparesWith(number: string, [low, high]: NumberRange): boolean {
  const [prefix, rest] = prefixOf(number);
  const exact = atto(rest);
  const [mantissa = "", exponent] = rest.split(/e/i);
  const decimals = mantissa.includes(".") ? (mantissa.split(".")[1] ?? "").length : exponent === undefined ? 0 : 1;
  const half = (ATTO * 5n * 10n ** BigInt(Number(exponent ?? 0))) / 10n ** BigInt(decimals + 1);
  const isEqual = low >= exact - half && high < exact + half;
  const margin = (exact < 0n ? -exact : exact) / 10n;
  switch (prefix) {
    case "eq":
      return isEqual;
    case "ne":
      return !isEqual;
    case "gt":
      return high > exact;
    case "ge":
      return high >= exact;
    case "lt":
      return low < exact;
    case "le":
      return low <= exact;
    case "sa":
      return low > exact;
    case "eb":
      return high < exact;
    default:
      return low <= exact + margin && high >= exact - margin;
  }
}

export function numberRangeIn(value: JsonValue): NumberRange | undefined {
  if (isNumber(value)) return [atto(numberText(value)), atto(numberText(value))];
  if (!isJsonObject(value)) return undefined;
  const number = (of: JsonValue | undefined): bigint | undefined =>
    isJsonObject(of) && isNumber(of["value"]) ? atto(numberText(of["value"])) : undefined;
  if (value["low"] !== undefined || value["high"] !== undefined)
    return [number(value["low"]) ?? -ENDLESS, number(value["high"]) ?? ENDLESS];
  const own = number(value);
  if (own === undefined) return undefined;
  const comparator = String(value["comparator"] ?? "");
  return [comparator.startsWith("<") ? -ENDLESS : own, comparator.startsWith(">") ? ENDLESS : own];
}

// --- small parts

function splitAt(value: string, sign: string, keepEmpty = false): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (let at = 0; at < value.length; at++) {
    if (value[at] === "\\") piece += (value[at] ?? "") + (value[++at] ?? "");
    else if (value[at] === sign) {
      pieces.push(piece);
      piece = "";
    } else piece += value[at];
  }
  return [...pieces, piece].filter((one) => keepEmpty || one !== "");
}

function plain(value: string): string {
  return value.replace(/\\([\\,|$])/g, "$1");
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined || value === null ? [] : isJsonArray(value) ? value : [value];
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function idOf(resource: JsonObject): string {
  return String(resource["id"]);
}
