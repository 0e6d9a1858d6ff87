/**
 * Conditions as SQL. A condition on keys is written in one of two ways: as GIN can answer it over a whole table, or as a
 * filter on rows that a patient or an id has narrowed to already, where asking GIN costs ten times more (measured).
 *
 * SPEC SEARCH-SQL
 */
import { homeOf } from "../base/index.ts";
import { fhirErrorAt } from "../fhir/index.ts";
import { binarySql } from "./binary.ts";
import { NO_CODE_KEY } from "./keys.ts";
import { CODE_KEY } from "./layout.ts";
import { mayHaveOtherPatients, patientPathsOf, sureHomeOf } from "./patient.ts";
import type { Condition, NearPoint } from "./plan.ts";
import { unprotectedSql } from "./protected.ts";
import { conjunction, disjunction, type Row, type SqlWriter } from "./sql.ts";
import { chainSql, hasSql } from "./where-chain.ts";
import { hierarchySql } from "./where-hierarchy.ts";
import { lastUpdatedSql, presenceSql, rangeSql } from "./where-range.ts";
import { textSql } from "./where-text.ts";
import { tupleSql } from "./where-tuple.ts";
import { wordsSql } from "./where-words.ts";

/** Few enough alternatives to be written one by one in a filter. */
const FEW = 8;

type Of<K extends Condition["kind"]> = Extract<Condition, { kind: K }>;

/** The condition on a row as SQL. Errors: NOT_SUPPORTED when terminology has not been asked yet. */
export function conditionSql(condition: Condition, row: Row, sql: SqlWriter): string {
  switch (condition.kind) {
    case "all":
      return conjunction(condition.of.map((one) => conditionSql(one, row, sql)));
    case "any":
      return disjunction(condition.of.map((one) => conditionSql(one, row, sql)));
    case "not":
      // What is unknown of a row (it has no such value) does not hold, so its negation does.
      return `(${conditionSql(condition.of, row, sql)}) IS NOT TRUE`;
    case "terminology":
      throw fhirErrorAt("NOT_SUPPORTED", condition.parameter, condition.question.ask);
    default:
      return singleSql(condition, row, sql);
  }
}

function singleSql(
  condition: Exclude<Condition, { kind: "all" | "any" | "not" | "terminology" }>,
  row: Row,
  sql: SqlWriter,
): string {
  switch (condition.kind) {
    case "keys":
      return keysSql(condition, row, sql);
    case "text":
      return textSql(condition, row, sql);
    case "range":
      return rangeSql(condition, row, sql);
    case "presence":
      return presenceSql(condition, row, sql);
    case "id":
      return idSql(condition, row, sql);
    case "last-updated":
      return lastUpdatedSql(condition, row, sql);
    case "tuple":
      return tupleSql(condition, row, sql);
    case "near":
      return nearSql(condition.points, row, sql);
    case "unprotected":
      return unprotectedSql(row, sql);
    case "compartment":
      return compartmentSql(condition.patient, row, sql);
    case "words":
      return wordsSql(condition, row, sql);
    case "hierarchy":
      return hierarchySql(condition, row, sql);
    case "chain":
      return chainSql(condition, row, sql, whereSql);
    case "has":
      return hasSql(condition, row, sql, whereSql);
  }
}

/** Each of the conditions on a row. */
export function conditionsSql(conditions: readonly Condition[], row: Row, sql: SqlWriter): string[] {
  const asked = sql.withholds ? conditions : conditions.filter(({ kind }) => kind !== "unprotected");
  return asked.map((condition) => conditionSql(condition, row, sql));
}

/** Everything that a row must meet: its access condition first, then the conditions. */
export function whereSql(conditions: readonly Condition[], row: Row, sql: SqlWriter): string {
  const narrowed = { ...row, narrow: row.narrow || conditions.some(isNarrowing) };
  return conjunction([sql.allowed(row), ...conditionsSql(conditions, narrowed, sql)]);
}

/** True when a condition leaves the rows of a few patients or ids, found by a B-tree. */
export function isNarrowing(condition: Condition): boolean {
  if (condition.kind === "compartment") return true;
  if (condition.kind === "id") return !condition.negated;
  if (condition.kind === "keys") return condition.patients !== undefined && !condition.negated;
  return condition.kind === "all" && condition.of.some(isNarrowing);
}

function keysSql({ keys, negated, patients, areCodes }: Of<"keys">, row: Row, sql: SqlWriter): string {
  if (patients !== undefined && !negated) return ownPatientSql(keys, patients, row, sql);
  if (negated) return `NOT ${filterSql(keys, row, sql)}`;
  if (!row.narrow) return indexedSql(keys, row, sql);
  return areCodes === true ? codesSql(keys, row, sql) : likelySql(keys, row, sql);
}

/** The index on a patient's rows knows their one code: rows of others are never visited. */
function codesSql(keys: readonly string[], row: Row, sql: SqlWriter): string {
  const column = `${row.alias}.${CODE_KEY} = ANY (${sql.bind([...keys, NO_CODE_KEY])}::int8[])`;
  return `(${column} AND ${likelySql(keys, row, sql)})`;
}

/**
 * A filter that PostgreSQL believes most rows to pass. Of a key in an array it believes that one row of 200 does, and would
 * then read and sort all that a patient has instead of walking them in order until the page is full.
 */
function likelySql(keys: readonly string[], row: Row, sql: SqlWriter): string {
  if (keys.length > FEW) return filterSql(keys, row, sql);
  return disjunction(keys.map((key) => `array_position(${row.alias}.tokens, ${sql.bind(key)}::int8) IS NOT NULL`));
}

function indexedSql(keys: readonly string[], { alias }: Row, sql: SqlWriter): string {
  if (keys.length === 1) return `${alias}.tokens @> ARRAY[${sql.bind(keys[0])}]::int8[]`;
  return `${alias}.tokens && ${sql.bind(keys)}::int8[]`;
}

function filterSql(keys: readonly string[], { alias }: Row, sql: SqlWriter): string {
  if (keys.length > FEW)
    return `EXISTS (SELECT 1 FROM unnest(${alias}.tokens) AS k WHERE k = ANY (${sql.bind(keys)}::int8[]))`;
  return disjunction(keys.map((key) => `${sql.bind(key)}::int8 = ANY (${alias}.tokens)`));
}

/** The column can hold another patient of the compartment where a resource names none of its own; the key tells. */
function ownPatientSql(keys: readonly string[], patients: readonly string[], row: Row, sql: SqlWriter): string {
  const own = patientSql(patients, row, sql);
  return mayHaveOtherPatients(row.type) ? `(${own} AND ${likelySql(keys, row, sql)})` : own;
}

/** Naming the home with the patient takes the statement to one shard. */
function patientSql(patients: readonly string[], { alias }: Row, sql: SqlWriter): string {
  if (patients.length === 1) {
    const [patient = ""] = patients;
    return `(${alias}.home = ${sql.bind(homeOf(patient))} AND ${alias}.patient = ${sql.bind(patient)})`;
  }
  return `(${alias}.home = ANY (${sql.bind([...new Set(patients.map(homeOf))])}::int4[]) AND ${alias}.patient = ANY (${sql.bind(patients)}::text[]))`;
}

/** A resource can be in several patients' compartments only where the type has more than one way into them. */
function compartmentSql(patient: string, row: Row, sql: SqlWriter): string {
  if (patientPathsOf(row.type) === undefined) return "FALSE";
  const own = patientSql([patient], row, sql);
  return mayHaveOtherPatients(row.type)
    ? `(${own} OR ${row.alias}.other_patients @> ARRAY[${sql.bind(patient)}]::text[])`
    : own;
}

function idSql({ ids, negated }: Of<"id">, row: Row, sql: SqlWriter): string {
  if (negated) return `NOT (${row.alias}.id = ANY (${sql.bind(ids)}::text[]))`;
  return idsSql(ids, row, sql);
}

/** Rows of these ids, at their homes where these must be so. */
export function idsSql(ids: readonly string[], { alias, type }: Row, sql: SqlWriter): string {
  const [id = ""] = ids;
  const own = ids.length === 1 ? `${alias}.id = ${sql.bind(id)}` : `${alias}.id = ANY (${sql.bind(ids)}::text[])`;
  const homes = new Set(ids.map((one) => sureHomeOf(type, one)));
  const [home, ...others] = [...homes].filter((one) => one !== undefined);
  if (home === undefined || homes.has(undefined)) return own;
  const there = others.length === 0 ? `= ${sql.bind(home)}` : `= ANY (${sql.bind([...homes])}::int4[])`;
  return `(${alias}.home ${there} AND ${own})`;
}

const EARTH_RADIUS_M = 6_371_000;

/** The haversine of the stored position; locations are few, so no index is needed. */
function nearSql(points: readonly NearPoint[], row: Row, sql: SqlWriter): string {
  const at = (name: string): string => `((${binarySql(row)} #>> '{position,${name}}')::float8)`;
  return disjunction(
    points.map(({ latitude, longitude, metres }) => {
      const [lat, lon] = [`${sql.bind(latitude)}::float8`, `${sql.bind(longitude)}::float8`];
      const haversine =
        `power(sin(radians(${at("latitude")} - ${lat}) / 2), 2)` +
        ` + cos(radians(${lat})) * cos(radians(${at("latitude")})) * power(sin(radians(${at("longitude")} - ${lon}) / 2), 2)`;
      return `(2 * ${EARTH_RADIUS_M} * asin(least(1, sqrt(${haversine}))) <= ${sql.bind(metres)}::float8)`;
    }),
  );
}
