/**
 * Range conditions as SQL. A row holds the hull of a parameter's values; where there are several, each stands in `many`.
 * The hull narrows, with an index on where it begins; the values decide.
 *
 * A range is half open for dates and closed for numbers. Where only the end is asked about, a row can still be found by
 * its beginning: a range that is not marked as long ends within two days (numbers: at once).
 *
 * SPEC SEARCH-DATE SEARCH-NUMBER SEARCH-QUANTITY · https://hl7.org/fhir/R4/search.html#prefix
 */
import { codeValue, commonKey, longRangeValue, SHORT_RANGE_MS, systemCodeValue, tokenKey } from "./keys.ts";
import { rangeColumnName } from "./layout.ts";
import type { Condition, ConvertedRange, RangeKind, RangeTest, UnitTest } from "./plan.ts";
import { isRepeating } from "./repeating.ts";
import { conjunction, disjunction, type Row, type SqlWriter } from "./sql.ts";

type Of<K extends Condition["kind"]> = Extract<Condition, { kind: K }>;
type Bind = SqlWriter["bind"];
/** SQL of the two ends of one value. */
type Ends = { readonly lo: string; readonly hi: string };
/** One test on one parameter of one row. */
type Asked = {
  readonly of: RangeKind;
  readonly parameter: string;
  readonly test: RangeTest;
  readonly row: Row;
  readonly ends: Ends;
  /** True when an index has been asked already, or must not be. */
  readonly isNarrowed: boolean;
};

const SQL_TYPE: Readonly<Record<RangeKind, string>> = { date: "timestamptz", number: "numeric" };

export function rangeSql(condition: Of<"range">, row: Row, sql: SqlWriter): string {
  const { of, parameters, tests } = condition;
  const isNarrowed = row.narrow || row.divided === condition;
  return disjunction(
    parameters.flatMap((parameter) => {
      const ends = { lo: columnSql(parameter, "lo", row), hi: columnSql(parameter, "hi", row) };
      return tests.map((test) => testSql({ of, parameter, test, row, ends, isNarrowed }, sql));
    }),
  );
}

export function presenceSql({ parameters, present, missing }: Of<"presence">, row: Row, sql: SqlWriter): string {
  const columns = parameters.map((parameter) => `${columnSql(parameter, "lo", row)} IS NOT NULL`);
  const keys = present.map((key) => `${sql.bind(key)}::int8 = ANY (${row.alias}.tokens)`);
  return `${missing ? "NOT " : ""}(${[...columns, ...keys].join(" OR ")})`;
}

export function lastUpdatedSql({ tests }: Of<"last-updated">, { alias }: Row, sql: SqlWriter): string {
  return disjunction(tests.map((test) => changedSql(test, `${alias}.last_updated`, sql.bind)));
}

/** The time of change is known to the millisecond, so that its range is one millisecond long. */
function changedSql({ prefix, low, high }: RangeTest, column: string, bind: Bind): string {
  const from = (): string => `${bind(low)}::timestamptz`;
  const to = (): string => `${bind(high)}::timestamptz`;
  switch (prefix) {
    case "ne":
      return `(${column} < ${from()} OR ${column} >= ${to()})`;
    case "gt":
    case "sa":
      return `${column} >= ${to()}`;
    case "lt":
    case "eb":
      return `${column} < ${from()}`;
    case "ge":
      return `${column} >= ${from()}`;
    case "le":
      return `${column} < ${to()}`;
    case "eq":
    case "ap":
    case "co":
      return `(${column} >= ${from()} AND ${column} < ${to()})`;
  }
}

/** Whether an entry of `many` ([low, high, system, code, unit]) meets the test. */
export function entrySql(of: RangeKind, test: RangeTest, entry: string, bind: Bind): string {
  const end = (at: number): string => `(${entry} ->> ${at})::${SQL_TYPE[of]}`;
  const ends = { lo: end(0), hi: end(1) };
  if (test.unit === undefined) return endsSql(of, test, ends, bind);
  if (test.converted === undefined)
    return `(${endsSql(of, test, ends, bind)} AND ${entryUnitSql(test.unit, entry, bind)})`;
  const codes = bind(test.converted.flatMap((range) => range.codes));
  const limits = unitLimits(test, `array_position(${codes}::text[], ${entry} ->> 3)`, bind);
  return `(${entry} ->> 2 = ${bind(test.unit.system)}::text AND ${numberSql(test.prefix, limits, ends)})`;
}

/** The limits in the unit that stands at a place among the codes: those of the written precision, or the exact number. */
function unitLimits({ prefix, converted = [] }: RangeTest, at: string, bind: Bind): Limits {
  const isPrecise = BY_PRECISION.has(prefix);
  const listed = (limit: (range: ConvertedRange) => string): string =>
    `(${bind(converted.flatMap((range) => range.codes.map(() => limit(range))))}::numeric[])[${at}]`;
  const low = listed((range) => (isPrecise ? range.low : range.exact));
  const high = isPrecise ? listed((range) => range.high) : low;
  return { low, high, lowExact: low, highExact: high };
}

const BY_PRECISION: ReadonlySet<RangeTest["prefix"]> = new Set(["eq", "ne", "ap"]);

function columnSql(parameter: string, bound: "lo" | "hi", { alias }: Row): string {
  return `${alias}."${rangeColumnName(parameter, bound)}"`;
}

function testSql(asked: Asked, sql: SqlWriter): string {
  const { of, parameter, test, row, ends, isNarrowed } = asked;
  const isOne = !isRepeating(row.type, parameter);
  const isConverted = test.converted !== undefined;
  if (isConverted && !isNarrowed && isOne) return unitArms(asked, sql);
  const hull = isNarrowed ? [] : isConverted ? [unitArms(asked, sql)] : hullSql(asked, sql);
  const unit = test.unit === undefined || isConverted ? [] : [unitSql(parameter, test.unit, row, sql)];
  const necessary = [...hull, ...unit];
  const alone = isConverted ? convertedSql(parameter, test, asked, sql) : endsSql(of, test, ends, sql.bind);
  if (isOne) return conjunction([...necessary, alone]);
  const values = `${row.alias}.many -> '${parameter}'`;
  const oneOfMany = `EXISTS (SELECT 1 FROM jsonb_array_elements(${values}) AS e WHERE ${entrySql(of, test, "e", sql.bind)})`;
  return conjunction([...necessary, `CASE WHEN ${values} IS NULL THEN ${alone} ELSE ${oneOfMany} END`]);
}

/** A row's value in whichever of the units it has: of the row's keys, the one that is a unit's says which. */
function convertedSql(parameter: string, test: RangeTest, { row, ends }: Asked, sql: SqlWriter): string {
  const codes = (test.converted ?? []).flatMap((range) => range.codes);
  const keys = `${sql.bind(codes.map((code) => unitKey(parameter, test, code)))}::int8[]`;
  const limits = unitLimits(test, `array_position(${keys}, t.k)`, sql.bind);
  const compared = numberSql(test.prefix, limits, ends);
  return `EXISTS (SELECT 1 FROM unnest(${row.alias}.tokens) AS t(k) WHERE CASE WHEN t.k = ANY (${keys}) THEN ${compared} END)`;
}

/** What indexes are asked of a value in several units: each size of unit by itself, with its keys. */
function unitArms(asked: Asked, sql: SqlWriter): string {
  const { test, parameter, row, ends } = asked;
  const arms = (test.converted ?? []).map(({ codes, low, high, exact }) => {
    const inUnit = { ...asked, test: { ...test, low, high, exact } };
    const keys = `${row.alias}.tokens && ${sql.bind(codes.map((code) => unitKey(parameter, test, code)))}::int8[]`;
    const alone = isRepeating(row.type, parameter) ? [] : [endsSql(asked.of, inUnit.test, ends, sql.bind)];
    return conjunction([...hullSql(inUnit, sql), ...alone, keys]);
  });
  return disjunction(arms);
}

function unitKey(parameter: string, { unit }: RangeTest, code: string): string {
  return commonKey(parameter, systemCodeValue(unit?.system ?? "", code));
}

/** What the hull of all values must meet for one of them to meet the test; it is what indexes are asked. */
function hullSql(asked: Asked, sql: SqlWriter): string[] {
  const { of, parameter, test, row, ends } = asked;
  const [low, high] = limitsOf(of, test);
  const before = (limit: string): string => `${ends.lo} <= ${sql.bind(limit)}::${SQL_TYPE[of]}`;
  switch (test.prefix) {
    case "eq":
      // A single value that is equal begins within the range, as the test itself says.
      return isRepeating(row.type, parameter) ? [before(high), endsAfterSql(asked, low, sql)] : [before(high)];
    case "ap":
    case "co":
      return [before(high), endsAfterSql(asked, low, sql)];
    case "lt":
    case "eb":
      return [before(low)];
    case "le":
      return [before(high)];
    case "gt":
    case "sa":
      return [endsAfterSql(asked, high, sql)];
    case "ge":
      return [endsAfterSql(asked, low, sql)];
    case "ne":
      return [`${ends.lo} IS NOT NULL`];
  }
}

/** Between what the comparison is made: the written number itself, where its precision does not count. */
function limitsOf(of: RangeKind, { prefix, low, high, exact }: RangeTest): readonly [low: string, high: string] {
  return of === "date" || prefix === "eq" || prefix === "ap" ? [low, high] : [exact, exact];
}

/** The hull ends at or after a limit: then it begins little before it, or it is marked as long. */
function endsAfterSql({ of, parameter, row }: Asked, limit: string, sql: SqlWriter): string {
  const end = { of, parameter, limit };
  return `(${beginSql(end, ">=", row, sql)} OR ${longMarkSql(end, row, sql)})`;
}

/** A condition that a row's range must end at or after a limit, and so cannot be answered by where it begins alone. */
export type EndAfter = {
  readonly of: RangeKind;
  readonly parameter: string;
  readonly limit: string;
  readonly condition: Condition;
};

/** What a condition says about the end alone, or undefined when it says something else or several things. */
export function endAfter(condition: Condition): EndAfter | undefined {
  if (condition.kind !== "range") return undefined;
  const { of, parameters, tests } = condition;
  const [parameter, another] = parameters;
  const [test, alternative] = tests;
  if (parameter === undefined || another !== undefined || test === undefined || alternative !== undefined)
    return undefined;
  if (test.converted !== undefined) return undefined;
  if (test.prefix !== "gt" && test.prefix !== "ge" && test.prefix !== "sa") return undefined;
  const [low, high] = limitsOf(of, test);
  return { of, parameter, limit: test.prefix === "ge" ? low : high, condition };
}

/** The rows that end after the limit and are short, so that they begin little before it; some that do not are among them. */
export function shortSql(end: EndAfter, row: Row, sql: SqlWriter): string {
  return beginSql(end, ">=", row, sql);
}

/** The rows that begin before those, and are long. */
export function longSql(end: EndAfter, row: Row, sql: SqlWriter): string {
  return `${beginSql(end, "<", row, sql)} AND ${longMarkSql(end, row, sql)}`;
}

type End = Omit<EndAfter, "condition">;

function beginSql({ of, parameter, limit }: End, sign: ">=" | "<", row: Row, sql: SqlWriter): string {
  const begin = of === "date" ? shortBefore(limit) : limit;
  return `${columnSql(parameter, "lo", row)} ${sign} ${sql.bind(begin)}::${SQL_TYPE[of]}`;
}

function longMarkSql({ parameter }: End, { alias }: Row, sql: SqlWriter): string {
  return `${alias}.tokens @> ARRAY[${sql.bind(tokenKey(parameter, longRangeValue))}]::int8[]`;
}

const EARLIEST = Date.parse("0001-01-01T00:00:00Z");

function shortBefore(instant: string): string {
  return new Date(Math.max(Date.parse(instant) - SHORT_RANGE_MS, EARLIEST)).toISOString();
}

/** The test on one value whose ends are given. */
function endsSql(of: RangeKind, test: RangeTest, ends: Ends, bind: Bind): string {
  return of === "date" ? dateSql(test, ends, bind) : numberSql(test.prefix, boundLimits(test, bind), ends);
}

/** A search value's limits as SQL; binding one happens when it is used. */
type Limits = {
  readonly low: string;
  readonly high: string;
  readonly lowExact: string;
  readonly highExact: string;
};

function boundLimits({ low, high, exact }: RangeTest, bind: Bind): Limits {
  const number = (text: string): string => `${bind(text)}::numeric`;
  return {
    get low() {
      return number(low);
    },
    get high() {
      return number(high);
    },
    get lowExact() {
      return number(exact);
    },
    get highExact() {
      return number(exact);
    },
  };
}

/** R4's prefixes on half-open ranges: `lo`–`hi` is the resource's value, `low`–`high` what the search value covers. */
function dateSql({ prefix, low, high }: RangeTest, { lo, hi }: Ends, bind: Bind): string {
  const from = (): string => `${bind(low)}::timestamptz`;
  const to = (): string => `${bind(high)}::timestamptz`;
  switch (prefix) {
    case "eq":
      return `(${lo} >= ${from()} AND ${hi} <= ${to()})`;
    case "ne":
      return `(${lo} < ${from()} OR ${hi} > ${to()})`;
    case "gt":
      return `${hi} > ${to()}`;
    case "lt":
      return `${lo} < ${from()}`;
    case "ge":
      // Reaching beyond, or contained: a value that begins within and does not reach beyond is contained.
      return `(${hi} > ${to()} OR ${lo} >= ${from()})`;
    case "le":
      return `(${lo} < ${from()} OR ${hi} <= ${to()})`;
    case "sa":
      return `${lo} >= ${to()}`;
    case "eb":
      return `${hi} <= ${from()}`;
    case "ap":
      return `(${lo} < ${to()} AND ${hi} > ${from()})`;
    case "co":
      return `(${lo} <= ${from()} AND ${hi} >= ${to()})`;
  }
}

/** The same on closed ranges; only `eq`, `ne` and `ap` go by the precision of the search value. */
function numberSql(prefix: RangeTest["prefix"], limits: Limits, { lo, hi }: Ends): string {
  switch (prefix) {
    case "eq":
      return `(${lo} >= ${limits.low} AND ${hi} < ${limits.high})`;
    case "ne":
      return `(${lo} < ${limits.low} OR ${hi} >= ${limits.high})`;
    case "gt":
      return `${hi} > ${limits.highExact}`;
    case "lt":
      return `${lo} < ${limits.lowExact}`;
    case "ge":
      return `${hi} >= ${limits.highExact}`;
    case "le":
      return `${lo} <= ${limits.lowExact}`;
    case "sa":
      return `${lo} > ${limits.lowExact}`;
    case "eb":
      return `${hi} < ${limits.highExact}`;
    case "ap":
      return `(${lo} <= ${limits.high} AND ${hi} >= ${limits.low})`;
    case "co":
      return `(${lo} <= ${limits.lowExact} AND ${hi} >= ${limits.highExact})`;
  }
}

/** A filter, not an index condition: beside a range on values the unit narrows little. */
function unitSql(parameter: string, { system, code }: UnitTest, { alias }: Row, sql: SqlWriter): string {
  const form = system === undefined ? codeValue(code) : systemCodeValue(system, code);
  return `${sql.bind(tokenKey(parameter, form))}::int8 = ANY (${alias}.tokens)`;
}

function entryUnitSql({ system, code }: UnitTest, entry: string, bind: Bind): string {
  if (system === undefined) return `${bind(code)}::text IN (${entry} ->> 3, ${entry} ->> 4)`;
  return `${entry} ->> 2 = ${bind(system)}::text AND ${entry} ->> 3 = ${bind(code)}::text`;
}
