/**
 * Reads a set of knowledge from JSON, such as a region's own or one that a national service has published, and refuses it as a whole with
 * the place of each fault: half a set would be silent where it is expected to warn.
 *
 * SPEC CLIN-MED-KNOW-2
 */
import { isJsonArray, isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../../fhir/index.ts";
import { UNITS } from "../amount.ts";
import { ANALYSES, LEVELS, MEASURES, ROUTES, type KnowledgeSet, type Measure } from "./model.ts";

type Check = (value: JsonValue | undefined) => boolean;

const text: Check = (value) => typeof value === "string" && value.trim() !== "" && value.length <= 500;
const atc: Check = (value) => typeof value === "string" && /^[A-Z]\d\d[A-Z]{2}\d\d$/.test(value);
const group: Check = (value) => typeof value === "string" && /^[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?$/.test(value); // prettier-ignore
const positive: Check = (value) => typeof value === "number" && value > 0;
const zeroOrMore: Check = (value) => typeof value === "number" && value >= 0;
const flag: Check = (value) => typeof value === "boolean";
const oneOf = (values: readonly string[]): Check => (value) => typeof value === "string" && values.includes(value); // prettier-ignore
const orNull = (check: Check): Check => (value) => value === null || check(value); // prettier-ignore
const many = (check: Check, least = 0): Check => (value) => isJsonArray(value) && value.length >= least && value.every(check); // prettier-ignore

const groups = many(group, 1);
const level = oneOf(LEVELS);
const route = oneOf(ROUTES);
const words = { sv: text, en: text } as const;
const strength: Check = (value) => isJsonObject(value) && positive(value["value"]) && oneOf(UNITS)(value["unit"]);
const pair: Check = (value) => isJsonArray(value) && value.length === 2 && value.every(text);

type Shape = Readonly<Record<string, Check>>;

const SHAPES = {
  substances: { atc, name: text, names: many(text), holds: many(atc) },
  products: { id: text, atc, name: text, form: text, one: pair, strength, route },
  limits: { id: text, atc, route: orNull(route), per: oneOf(["dose", "day", "week"]), unit: oneOf(UNITS), max: positive, stop: positive, perKg: flag, from: zeroOrMore, below: orNull(positive), unlessTaking: many(group) }, // prettier-ignore
  weekly: { id: text, atc, route: orNull(route), ...words },
  interactions: { id: text, one: groups, other: groups, level, ...words },
  crosses: { id: text, allergy: groups, drug: groups, severe: level, other: level, ...words },
  allergyNames: { says: text, atc: groups },
  ages: { id: text, atc: groups, from: zeroOrMore, below: orNull(positive), level, ...words },
  pregnancy: { id: text, atc: groups, level, ...words },
  kidney: { id: text, atc: groups, below: positive, level, ...words },
  laboratory: { id: text, atc: groups, analysis: oneOf(ANALYSES), above: orNull(positive), below: orNull(positive), level, ...words }, // prettier-ignore
  duplicates: { id: text, atc: groups, level, ...words },
  validities: {
    id: text,
    measure: oneOf(MEASURES),
    days: positive,
    from: zeroOrMore,
    below: orNull(positive),
    ...words,
  },
} as const satisfies Readonly<Record<string, Shape>>;

const HEAD: Shape = { format: oneOf(["eira-medication-knowledge-1"]), name: text, version: text, owner: text, date: (value) => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) }; // prettier-ignore
const MOST_TOLD = 20;

/** What is wrong with a file, as places and words. */
export class KnowledgeRefusal extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const more = faults.length > MOST_TOLD ? `; ${faults.length - MOST_TOLD} more` : "";
    super(`the knowledge is not used: ${faults.slice(0, MOST_TOLD).join("; ")}${more}`);
    this.name = "KnowledgeRefusal";
    this.faults = faults;
  }
}

/** Errors: KnowledgeRefusal with the place of each fault. */
export function readKnowledge(json: string): KnowledgeSet {
  const value = parsed(json);
  if (!isJsonObject(value)) throw new KnowledgeRefusal(["the file is no JSON object"]);
  const known = new Set([...Object.keys(HEAD), "sources", ...Object.keys(SHAPES)]);
  const faults = Object.keys(value).flatMap((name) => (known.has(name) ? [] : [`${name}: unknown`]));
  faults.push(...faultsOf(value, HEAD, ""), ...faultsOfSources(value["sources"]));
  for (const [name, shape] of Object.entries(SHAPES)) faults.push(...faultsOfList(value, name, shape));
  if (faults.length === 0) faults.push(...faultsOfWhole(value as unknown as KnowledgeSet));
  if (faults.length > 0) throw new KnowledgeRefusal(faults);
  return value as unknown as KnowledgeSet;
}

function parsed(json: string): JsonValue {
  try {
    return JSON.parse(JSON.stringify(parseJson(json)), (_key, one: JsonValue) => one) as JsonValue;
  } catch {
    throw new KnowledgeRefusal(["the file is no JSON"]);
  }
}

function faultsOf(value: JsonObject, shape: Shape, where: string): string[] {
  return Object.entries(shape).flatMap(([name, check]) => (check(value[name]) ? [] : [`${where}${name}: missing or wrong`])); // prettier-ignore
}

function faultsOfSources(value: JsonValue | undefined): string[] {
  return isJsonObject(value) && Object.values(value).every(text) ? [] : ["sources: each a text"];
}

function faultsOfList(set: JsonObject, name: string, shape: Shape): string[] {
  const list = set[name];
  if (!isJsonArray(list)) return [`${name}: no list`];
  const sources = set["sources"];
  const isSource: Check = (value) => typeof value === "string" && isJsonObject(sources) && Object.hasOwn(sources, value); // prettier-ignore
  return list.flatMap((one, at) => {
    const where = `${name}[${at}]`;
    if (!isJsonObject(one)) return [`${where}: no object`];
    const unknown = Object.keys(one).filter((key) => !(key in shape) && key !== "source");
    return [
      ...faultsOf(one, shape, `${where}.`),
      ...unknown.map((key) => `${where}.${key}: unknown`),
      ...(isSource(one["source"]) ? [] : [`${where}.source: not among the sources`]),
    ];
  });
}

/** What no entry shows by itself. */
function faultsOfWhole(set: KnowledgeSet): string[] {
  const { substances, products, limits, laboratory } = set;
  const known = new Set(substances.map((one) => one.atc));
  const twice = products.map(({ id }) => id).filter((id, at, all) => all.indexOf(id) !== at);
  return [
    ...twice.map((id) => `products: ${id} twice`),
    ...products.filter((one) => !known.has(one.atc)).map((one) => `products: ${one.id} is of no substance`),
    ...limits.filter((one) => !known.has(one.atc)).map((one) => `limits: ${one.id} is of no substance`),
    ...limits.filter((one) => one.stop <= one.max).map((one) => `limits: ${one.id} stops what it allows`),
    ...laboratory.filter((one) => (one.above === null) === (one.below === null)).map((one) => `laboratory: ${one.id} needs above or below`), // prettier-ignore
    ...MEASURES.flatMap((one) => (isWhole(set, one) ? [] : [`validities: ${one} not once for each age`])),
  ];
}

/** Each age has one greatest age of the value: with none, or with two, nobody could say whether it counts. */
function isWhole({ validities }: KnowledgeSet, measure: Measure): boolean {
  const own = validities.filter((one) => one.measure === measure).toSorted((a, b) => a.from - b.from);
  const ends = own.map(({ below }) => below);
  return own.length > 0 && own.every(({ from }, at) => from === (at === 0 ? 0 : ends[at - 1])) && ends.at(-1) === null;
}
