/**
 * Range conditions as SQL. A row holds the hull of a parameter's values; where there are several, each stands in `many`.
 * The hull narrows, with an index on where it begins; the values decide.
 *
 * A range is half open for dates and closed for numbers. Where only the end is asked about, a row can still be found by
 * its beginning: a range that is not marked as long ends within two days (numbers: at once).
 *
 * SPEC SEARCH-DATE SEARCH-NUMBER SEARCH-QUANTITY · https://hl7.org/fhir/R4/search.html#prefix
 */
import { codeValue, longRangeValue, SHORT_RANGE_MS, systemCodeValue, tokenKey } from "./keys.ts";
import { rangeColumnName } from "./layout.ts";
import type { Condition, RangeKind, RangeTest, UnitTest } from "./plan.ts";
import { isRepeating } from "./repeating.ts";
import { conjunction, disjunction, type Row, type SqlWriter } from "./sql.ts";

type Of<K extends Condition["kind"]> = Extract<Condition, { kind: K }>;
type Bind = SqlWriter["bind"];
/** SQL of the two ends of one value. */
type Ends = { readonly lo: string; readonly hi: string };

const SQL_TYPE: Readonly<Record<RangeKind, string>> = { date: "timestamptz", number: "numeric" };

export function rangeSql({ of, parameters, tests }: Of<"range">, row: Row, sql: SqlWriter): string {
  return disjunction(parameters.flatMap((parameter) => tests.map((test) => testSql(of, parameter, test, row, sql))));
}

export function noRangeSql({ parameters, missing }: Of<"no-range">, { alias }: Row): string {
  const columns = parameters.map((parameter) => `${alias}."${rangeColumnName(parameter, "lo")}"`);
  return missing ? conjunction(columns.map((column) => `${column} IS NULL`)) : disjunction(columns.map((column) => `${column} IS NOT NULL`));
}

/** The time of change is an instant to the millisecond, so that its range is one millisecond long. */
export function lastUpdatedSql({ tests }: Of<"last-updated">, { alias }: Row, sql: SqlWriter): string {
  const column = `${alias}.last_updated`;
  return disjunction(tests.map(({ prefix, low, high }) => {
    const from = (): string => `${sql.bind(low)}::timestamptz`;
    const to = (): string => `${sql.bind(high)}::timestamptz`;
    switch (prefix) {
      case "ne": return `(${column} < ${from()} OR ${column} >= ${to()})`;
      case "gt": case "sa": return `${column} >= ${to()}`;
      case "lt": case "eb": return `${column} < ${from()}`;
      case "ge": return `${column} >= ${from()}`;
      case "le": return `${column} < ${to()}`;
      case "eq": case "ap": return `(${column} >= ${from()} AND ${column} < ${to()})`;
    }
  }));
}

/** The test on one value whose ends are given. Also used inside tuples. */
export function endsSql(of: RangeKind, test: RangeTest, ends: Ends, bind: Bind): string {
  return of === "date" ? dateSql(test, ends, bind) : numberSql(test, ends, bind);
}

/** Whether an entry of `many` ([low, high, system, code, unit]) meets the test. */
export function entrySql(of: RangeKind, test: RangeTest, entry: string, bind: Bind): string {
  const end = (at: number): string => `(${entry} ->> ${at})::${SQL_TYPE[of]}`;
  const range = endsSql(of, test, { lo: end(0), hi: end(1) }, bind);
  return test.unit === undefined ? range : `(${range} AND ${entryUnitSql(test.unit, entry, bind)})`;
}

function testSql(of: RangeKind, parameter: string, test: RangeTest, row: Row, sql: SqlWriter): string {
  const ends = endsOf(parameter, row);
  const hull = hullSql(of, parameter, test, ends, row, sql);
  const alone = endsSql(of, test, ends, sql.bind);
  const unit = test.unit === undefined ? [] : [unitSql(parameter, test.unit, row, sql)];
  if (!isRepeating(row.type, parameter)) return conjunction([...hull, alone, ...unit]);
  const values = `${row.alias}.many -> '${parameter}'`;
  const oneOfMany = `EXISTS (SELECT 1 FROM jsonb_array_elements(${values}) AS e WHERE ${entrySql(of, test, "e", sql.bind)})`;
  return conjunction([...hull, ...unit, `CASE WHEN ${values} IS NULL THEN ${alone} ELSE ${oneOfMany} END`]);
}

function endsOf(parameter: string, { alias }: Row): Ends {
  return { lo: `${alias}."${rangeColumnName(parameter, "lo")}"`, hi: `${alias}."${rangeColumnName(parameter, "hi")}"` };
}

/** What the hull of all values must meet for one of them to meet the test; it is what indexes are asked. */
function hullSql(of: RangeKind, parameter: string, test: RangeTest, ends: Ends, row: Row, sql: SqlWriter): string[] {
  if (row.narrow) return [];
  const type = SQL_TYPE[of];
  const { prefix } = test;
  const isExact = of === "number" && prefix !== "eq" && prefix !== "ap";
  const low = isExact ? test.exact : test.low;
  const high = isExact ? test.exact : test.high;
  const before = (limit: string): string => `${ends.lo} <= ${sql.bind(limit)}::${type}`;
  const after = (limit: string): string => endsAfterSql(of, parameter, limit, ends, row, sql);
  switch (prefix) {
    case "eq": case "ap": return isSingle(prefix, parameter, row) ? [before(high)] : [before(high), after(low)];
    case "lt": case "le": case "eb": return [before(prefix === "le" ? high : low)];
    case "gt": case "sa": return [after(high)];
    case "ge": return [after(low)];
    case "ne": return [`${ends.lo} IS NOT NULL`];
  }
}

/** An equal single value begins within the range, as the test itself says: nothing else is needed to find it. */
function isSingle(prefix: "eq" | "ap", parameter: string, { type }: Row): boolean {
  return prefix === "eq" && !isRepeating(type, parameter);
}

/** The hull ends at or after a limit: then it begins little before it, or it is marked as long. */
function endsAfterSql(of: RangeKind, parameter: string, limit: string, ends: Ends, { alias }: Row, sql: SqlWriter): string {
  const begins = of === "date" ? new Date(Math.max(Date.parse(limit) - SHORT_RANGE_MS, EARLIEST)).toISOString() : limit;
  return `(${ends.lo} >= ${sql.bind(begins)}::${SQL_TYPE[of]} OR ${alias}.tokens @> ARRAY[${sql.bind(tokenKey(parameter, longRangeValue))}]::int8[])`;
}

const EARLIEST = Date.parse("0001-01-01T00:00:00Z");

/** R4's prefixes on half-open ranges: `lo`–`hi` is the resource's value, `low`–`high` what the search value covers. */
function dateSql({ prefix, low, high }: RangeTest, { lo, hi }: Ends, bind: Bind): string {
  const from = (): string => `${bind(low)}::timestamptz`;
  const to = (): string => `${bind(high)}::timestamptz`;
  switch (prefix) {
    case "eq": return `(${lo} >= ${from()} AND ${hi} <= ${to()})`;
    case "ne": return `(${lo} < ${from()} OR ${hi} > ${to()})`;
    case "gt": return `${hi} > ${to()}`;
    case "lt": return `${lo} < ${from()}`;
    // Reaching beyond, or contained: a value that begins within and does not reach beyond is contained.
    case "ge": return `(${hi} > ${to()} OR ${lo} >= ${from()})`;
    case "le": return `(${lo} < ${from()} OR ${hi} <= ${to()})`;
    case "sa": return `${lo} >= ${to()}`;
    case "eb": return `${hi} <= ${from()}`;
    case "ap": return `(${lo} < ${to()} AND ${hi} > ${from()})`;
  }
}

/** The same on closed ranges; only `eq`, `ne` and `ap` go by the precision of the search value. */
function numberSql({ prefix, low, high, exact }: RangeTest, { lo, hi }: Ends, bind: Bind): string {
  const number = (): string => `${bind(exact)}::numeric`;
  switch (prefix) {
    case "eq": return `(${lo} >= ${bind(low)}::numeric AND ${hi} < ${bind(high)}::numeric)`;
    case "ne": return `(${lo} < ${bind(low)}::numeric OR ${hi} >= ${bind(high)}::numeric)`;
    case "gt": return `${hi} > ${number()}`;
    case "lt": return `${lo} < ${number()}`;
    case "ge": return `${hi} >= ${number()}`;
    case "le": return `${lo} <= ${number()}`;
    case "sa": return `${lo} > ${number()}`;
    case "eb": return `${hi} < ${number()}`;
    case "ap": return `(${lo} <= ${bind(high)}::numeric AND ${hi} >= ${bind(low)}::numeric)`;
  }
}

/** A filter, not an index condition: beside a range on values the unit narrows little. */
function unitSql(parameter: string, { system, code }: UnitTest, { alias }: Row, sql: SqlWriter): string {
  const form = system === undefined ? codeValue(code) : systemCodeValue(system, code);
  return `${sql.bind(tokenKey(parameter, form))}::int8 = ANY (${alias}.tokens)`;
}

function entryUnitSql({ system, code }: UnitTest, entry: string, bind: Bind): string {
  if (system !== undefined) return `${entry} ->> 2 = ${bind(system)}::text AND ${entry} ->> 3 = ${bind(code)}::text`;
  return `${bind(code)}::text IN (${entry} ->> 3, ${entry} ->> 4)`;
}
