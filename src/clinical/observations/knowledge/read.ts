/**
 * Reads a score from JSON, such as a region's own, and refuses it as a whole with the place of each fault: a value without its points, or
 * a sum that asks for nothing, would be silent where one expects to be told.
 *
 * SPEC CLIN-OBS-KNOW-2
 */
import { isJsonArray, isJsonObject, isNumber, numberOf, parseJson, type JsonObject, type JsonValue } from "../../../fhir/index.ts"; // prettier-ignore
import { LEVELS, VALUE_NAMES } from "../values.ts";
import type { ScoreSet } from "./model.ts";

/** What is wrong with a file, as places and words. */
export class ScoreRefusal extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the score is not used: ${faults.slice(0, 20).join("; ")}`);
    this.name = "ScoreRefusal";
    this.faults = faults;
  }
}

type Check = (value: JsonValue | undefined) => boolean;

const text: Check = (value) => typeof value === "string" && value.trim() !== "" && value.length <= 500;
const number: Check = (value) => isNumber(value) && numberOf(value) >= 0;
const orNull = (check: Check): Check => (value) => value === null || check(value); // prettier-ignore
const words: Check = (value) => isJsonObject(value) && text(value["sv"]) && text(value["en"]);
const day: Check = (value) => typeof value === "string" && /^\d{4}-\d\d(?:-\d\d)?$/.test(value);
const loop: Check = (value) => isJsonObject(value) && (value["priority"] === "urgent" || value["priority"] === "stat") && number(value["minutes"]) && text(value["source"]); // prettier-ignore

const HEAD: Readonly<Record<string, Check>> = {
  format: (value) => value === "eira-score-1",
  id: text,
  name: text,
  version: text,
  owner: text,
  date: day,
  acknowledgement: words,
  sources: isJsonObject,
  fromAge: number,
  inPregnancy: (value) => typeof value === "boolean",
  scored: (value) => isJsonArray(value) && value.length > 0,
  responses: (value) => isJsonArray(value) && value.length > 0,
};
const RESPONSE: Readonly<Record<string, Check>> = { id: text, from: orNull(number), single: orNull(number), risk: words, again: words, asks: words, source: text, loop: orNull(loop) }; // prettier-ignore

/** Errors: ScoreRefusal with the place of each fault. */
export function readScore(json: string): ScoreSet {
  const value = parsed(json);
  if (!isJsonObject(value)) throw new ScoreRefusal(["the file is no JSON object"]);
  const faults = faultsIn(value, HEAD, "");
  const listed = (name: string): readonly JsonValue[] => (isJsonArray(value[name]) ? value[name] : []);
  listed("scored").forEach((one, at) => faults.push(...faultsOfScored(one, `scored[${at}]`)));
  listed("responses").forEach((one, at) => faults.push(...faultsIn(isJsonObject(one) ? one : {}, RESPONSE, `responses[${at}].`))); // prettier-ignore
  if (faults.length === 0) faults.push(...faultsOfWhole(value as unknown as ScoreSet));
  if (faults.length > 0) throw new ScoreRefusal(faults);
  return value as unknown as ScoreSet;
}

function parsed(json: string): JsonValue {
  try {
    parseJson(json); // refuses what two readers would read in two ways
    return JSON.parse(json) as JsonValue; // a score's numbers are counted with, not shown as written
  } catch {
    throw new ScoreRefusal(["the file is no JSON"]);
  }
}

function faultsIn(object: JsonObject, shape: Readonly<Record<string, Check>>, at: string): string[] {
  const unknown = Object.keys(object).flatMap((name) => (Object.hasOwn(shape, name) ? [] : [`${at}${name}: unknown`]));
  return [...unknown, ...Object.entries(shape).flatMap(([name, check]) => (check(object[name]) ? [] : [`${at}${name}: missing or wrong`]))]; // prettier-ignore
}

/** Ends that rise to the one without an end. */
const isBands: Check = (value) => {
  if (!isJsonArray(value) || value.length === 0) return false;
  const ends = value.map((one) => (isJsonObject(one) && number(one["points"]) && orNull(number)(one["upTo"]) ? one["upTo"] : undefined)); // prettier-ignore
  return ends.every((end, at) => (at === ends.length - 1 ? end === null : typeof end === "number" && (at === 0 || end > Number(ends[at - 1])))); // prettier-ignore
};

function faultsOfScored(value: JsonValue, at: string): string[] {
  if (!isJsonObject(value)) return [`${at}: missing or wrong`];
  const faults = VALUE_NAMES.some((one) => one === value["value"]) ? [] : [`${at}.value: missing or wrong`];
  if (!text(value["source"])) faults.push(`${at}.source: missing or wrong`);
  const { kind, bands, scales, choices } = value;
  if (kind === "bands") return isBands(bands) ? faults : [...faults, `${at}.bands: missing or wrong`];
  if (kind === "scales") {
    const all = isJsonObject(scales) ? Object.values(scales) : [];
    const isWhole = all.length > 0 && all.every((one) => isJsonObject(one) && isBands(one["air"]) && isBands(one["oxygen"])); // prettier-ignore
    return isWhole ? faults : [...faults, `${at}.scales: missing or wrong`];
  }
  const isWhole = kind === "choices" && isJsonObject(choices) && LEVELS.every((one) => number(choices[one]));
  return isWhole ? faults : [...faults, `${at}.${kind === "choices" ? "choices" : "kind"}: missing or wrong`];
}

/** No value twice, every source named, and a response for every sum. */
function faultsOfWhole({ scored, responses, sources }: ScoreSet): string[] {
  const faults = scored.flatMap(({ value }, at) => (scored.findIndex((one) => one.value === value) < at ? [`scored[${at}].value: twice`] : [])); // prettier-ignore
  const named = [...scored.map(({ source }) => source), ...responses.flatMap(({ source, loop: owed }) => [source, ...(owed === null ? [] : [owed.source])])]; // prettier-ignore
  for (const one of new Set(named.flatMap((source) => source.split(", ")))) if (!Object.hasOwn(sources, one)) faults.push(`sources: ${one} is not among them`); // prettier-ignore
  const sums = responses.flatMap(({ from }) => (from === null ? [] : [from]));
  if (!sums.includes(0)) faults.push("responses: none from 0");
  if (sums.some((from, at) => at > 0 && from >= (sums[at - 1] ?? 0))) faults.push("responses: not the gravest first");
  return faults;
}
