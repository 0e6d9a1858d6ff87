/**
 * Conditions held against one resource that has no row of its own, by the same keys that a row would have.
 *
 * SPEC SEARCH-CONTAINED
 */
import { fhirErrorAt, isJsonArray, type JsonObject, type JsonValue } from "../fhir/index.ts";
import type { Harvest } from "./harvest.ts";
import { codeValue, systemCodeValue, tokenKey } from "./keys.ts";
import { rangeColumnName } from "./layout.ts";
import type { Condition, RangeKind, RangeTest, TupleTest } from "./plan.ts";
import { lexeme } from "./text.ts";
import { compareInstants } from "./values.ts";
import { compareNumbers } from "./number-order.ts";

export type Held = { readonly resource: JsonObject; readonly harvest: Harvest };

type Of<K extends Condition["kind"]> = Extract<Condition, { kind: K }>;

/** Whether the resource meets the condition. Errors: NOT_SUPPORTED where other rows would have to be looked at. */
export function meets(condition: Condition, held: Held): boolean {
  const { tokens, ranges } = held.harvest;
  switch (condition.kind) {
    case "keys":
      return condition.keys.some((key) => tokens.has(key)) !== condition.negated;
    case "text":
      return meetsText(condition, held);
    case "range":
      return condition.parameters.some((name) =>
        condition.tests.some((test) => meetsRange(condition.of, name, test, held)),
      );
    case "presence": {
      const isRange = condition.parameters.some((name) => ranges[rangeColumnName(name, "lo")] !== undefined);
      return (isRange || condition.present.some((key) => tokens.has(key))) !== condition.missing;
    }
    case "id":
      return condition.ids.some((id) => id === held.resource["id"]) !== condition.negated;
    case "tuple":
      return meetsTuple(condition, held);
    case "unprotected":
      return true; // what is contained is the container's, and that has been asked
    case "not":
      return !meets(condition.of, held);
    case "all":
      return condition.of.every((one) => meets(one, held));
    case "any":
      return condition.of.some((one) => meets(one, held));
    default:
      throw fhirErrorAt("NOT_SUPPORTED", "_contained", `_contained + ${condition.kind}`);
  }
}

function meetsText({ names, values, match }: Of<"text">, { harvest }: Held): boolean {
  const prefixes = match === "contains" || match === "ends" ? names.flatMap((one) => [`${one}:`, `${one}~:`]) : [];
  const isIn = (text: string, value: string): boolean =>
    match === "contains" ? text.includes(value) : text.endsWith(value);
  for (const one of harvest.lexemes) {
    for (const value of values) {
      if (match === "equals" && names.some((name) => lexeme(name, value) === one)) return true;
      if (match === "prefix" && names.some((name) => one.startsWith(lexeme(name, value)))) return true;
      if (prefixes.some((prefix) => one.startsWith(prefix) && isIn(one.slice(prefix.length), value))) return true;
    }
  }
  return false;
}

function meetsRange(of: RangeKind, parameter: string, test: RangeTest, { harvest }: Held): boolean {
  const many = harvest.many[parameter];
  if (isJsonArray(many)) return many.some((entry) => meetsEntry(of, test, entry));
  const low = harvest.ranges[rangeColumnName(parameter, "lo")];
  const high = harvest.ranges[rangeColumnName(parameter, "hi")];
  if (low === undefined || high === undefined) return false;
  const { unit } = test;
  if (unit === undefined) return compares(of, test, low, high);
  const has = (code: string): boolean => {
    const form = unit.system === undefined ? codeValue(code) : systemCodeValue(unit.system, code);
    return harvest.tokens.has(tokenKey(parameter, form));
  };
  return inUnits(test).some(
    ({ codes, ...limits }) => codes.some(has) && compares(of, { ...test, ...limits }, low, high),
  );
}

/** An entry of `many`: [low, high, system, code, unit]. */
function meetsEntry(of: RangeKind, test: RangeTest, entry: JsonValue): boolean {
  if (!isJsonArray(entry)) return false;
  const [low, high, system, code, name] = entry;
  const { unit } = test;
  if (typeof low !== "string" || typeof high !== "string") return false;
  const ends = [low, high] as const;
  if (unit === undefined) return compares(of, test, ...ends);
  return inUnits(test).some(({ codes, ...limits }) => {
    const isUnit =
      unit.system === undefined
        ? codes.some((one) => one === code || one === name)
        : unit.system === system && codes.some((one) => one === code);
    return isUnit && compares(of, { ...test, ...limits }, ...ends);
  });
}

function inUnits({ converted, unit, low, high, exact }: RangeTest): NonNullable<RangeTest["converted"]> {
  return converted ?? [{ codes: [unit?.code ?? ""], low, high, exact }];
}

function meetsTuple({ stored, tests }: Of<"tuple">, { harvest }: Held): boolean {
  const tuples = harvest.many[stored];
  if (!isJsonArray(tuples)) return false;
  return tuples.some((tuple) => isJsonArray(tuple) && tests.every((test, at) => meetsPart(test, tuple[at] ?? null)));
}

function meetsPart(test: TupleTest, part: JsonValue): boolean {
  if (!isJsonArray(part)) return false;
  if (test.kind === "forms") return part.some((one) => typeof one === "string" && test.forms.includes(one));
  return part.some((entry) => meetsEntry(test.of, test.test, entry));
}

function compares(of: RangeKind, test: RangeTest, from: string, to: string): boolean {
  return of === "date" ? DATE_TESTS[test.prefix](test, from, to) : NUMBER_TESTS[test.prefix](test, from, to);
}

type Compare = (test: RangeTest, from: string, to: string) => boolean;

const date = compareInstants;
const number = compareNumbers;

/** The end of a range of time is not within it. */
const DATE_TESTS: Readonly<Record<RangeTest["prefix"], Compare>> = {
  eq: ({ low, high }, from, to) => date(from, low) >= 0 && date(to, high) <= 0,
  ne: ({ low, high }, from, to) => date(from, low) < 0 || date(to, high) > 0,
  gt: ({ high }, _, to) => date(to, high) > 0,
  lt: ({ low }, from) => date(from, low) < 0,
  ge: ({ low, high }, from, to) => date(to, high) > 0 || date(from, low) >= 0,
  le: ({ low, high }, from, to) => date(from, low) < 0 || date(to, high) <= 0,
  sa: ({ high }, from) => date(from, high) >= 0,
  eb: ({ low }, _, to) => date(to, low) <= 0,
  ap: ({ low, high }, from, to) => date(from, high) < 0 && date(to, low) > 0,
  co: ({ low, high }, from, to) => date(from, low) <= 0 && date(to, high) >= 0,
};

/** Only `eq`, `ne` and `ap` go by the written precision. */
const NUMBER_TESTS: Readonly<Record<RangeTest["prefix"], Compare>> = {
  eq: ({ low, high }, from, to) => number(from, low) >= 0 && number(to, high) < 0,
  ne: ({ low, high }, from, to) => number(from, low) < 0 || number(to, high) >= 0,
  gt: ({ exact }, _, to) => number(to, exact) > 0,
  lt: ({ exact }, from) => number(from, exact) < 0,
  ge: ({ exact }, _, to) => number(to, exact) >= 0,
  le: ({ exact }, from) => number(from, exact) <= 0,
  sa: ({ exact }, from) => number(from, exact) > 0,
  eb: ({ exact }, _, to) => number(to, exact) < 0,
  ap: ({ low, high }, from, to) => number(from, high) <= 0 && number(to, low) >= 0,
  co: ({ exact }, from, to) => number(from, exact) <= 0 && number(to, exact) >= 0,
};
