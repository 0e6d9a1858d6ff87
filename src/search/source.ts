/**
 * Where the rows of a search come from: FROM and WHERE together. Two kinds of condition have no one good plan, so they
 * divide the table in two parts that have one each, and PostgreSQL reads them one after the other (UNION ALL, flattened):
 *
 * - A chain: when few targets are found, the rows that refer to them, by GIN; when many, every row whose references are
 *   among them. GIN compares each row with each key, so many keys cost their product (measured: 12,000 keys, 1.3 s).
 * - A range that must end after something: short ranges by where they begin, and the few long ones by their mark.
 *
 * SPEC SEARCH-PLAN-4
 */
import type { Condition } from "./plan.ts";
import { conjunction, type Row, type SqlWriter } from "./sql.ts";
import { conditionsSql, isNarrowing, whereSql } from "./where.ts";
import { foundTargetsSql } from "./where-chain.ts";
import { endAfter, longSql, shortSql, type EndAfter } from "./where-range.ts";

/** With more targets than these, each row's references are looked up among them instead. */
const FEW_TARGETS = 2000;

/** Where rows come from, and what they must meet; the access condition of every table is in one of the two. */
export type Source = { readonly from: string; readonly where: string };

/** The source of the rows that meet all conditions. */
export function sourceOf(conditions: readonly Condition[], row: Row, sql: SqlWriter): Source {
  if (row.narrow || conditions.some(isNarrowing)) return plainSource(conditions, { ...row, narrow: true }, sql);
  if (sql.isSpread) return plainSource(conditions, row, sql); // each server has a part already
  const chain = conditions.find(isDividing);
  if (chain !== undefined) return dividedByChain(chain, conditions, row, sql);
  const range = conditions.find((condition) => endAfter(condition) !== undefined);
  const end = range === undefined ? undefined : endAfter(range);
  return end === undefined ? plainSource(conditions, row, sql) : dividedByRange(end, conditions, row, sql);
}

type Chain = Extract<Condition, { kind: "chain" }>;

/** A chain to the resource's own patient joins on columns and has a good plan already. */
function isDividing(condition: Condition): condition is Chain {
  return (
    condition.kind === "chain" && !(condition.ownPatient && condition.targets.some(({ type }) => type === "Patient"))
  );
}

function plainSource(conditions: readonly Condition[], row: Row, sql: SqlWriter): Source {
  return { from: sql.from(row), where: conjunction([sql.allowed(row), ...conditionsSql(conditions, row, sql)]) };
}

function dividedByChain(chain: Chain, conditions: readonly Condition[], row: Row, sql: SqlWriter): Source {
  const found = sql.name(`SELECT t.k FROM (${foundTargetsSql(chain, sql, whereSql)}) AS t(k)`);
  const few = sql.row(row.type);
  const many = sql.row(row.type);
  // A named query is read only as far as it is asked for, so counting stops at the limit.
  const areFew = `(SELECT count(*) FROM (SELECT 1 FROM ${found} LIMIT ${FEW_TARGETS + 1}) AS t) <= ${FEW_TARGETS}`;
  // IS TRUE keeps the planner from making a join of it: as an expression it is one hash table for all rows.
  const isFound = `EXISTS (SELECT 1 FROM unnest(${many.alias}.tokens) AS t(k) WHERE (t.k IN (SELECT k FROM ${found})) IS TRUE)`;
  const from = [
    partSql(few, [areFew, `${few.alias}.tokens && ARRAY(SELECT k FROM ${found})`], sql),
    partSql(many, [`NOT ${areFew}`, isFound], sql),
  ];
  const others = conditions.filter((condition) => condition !== chain);
  return { from: unionSql(from, row), where: conjunction(conditionsSql(others, row, sql)) };
}

function dividedByRange(end: EndAfter, conditions: readonly Condition[], row: Row, sql: SqlWriter): Source {
  const short = sql.row(row.type);
  const long = sql.row(row.type);
  const from = [partSql(short, [shortSql(end, short, sql)], sql), partSql(long, [longSql(end, long, sql)], sql)];
  const where = conditionsSql(conditions, { ...row, divided: end.condition }, sql);
  return { from: unionSql(from, row), where: conjunction(where) };
}

function partSql(row: Row, parts: readonly string[], sql: SqlWriter): string {
  return `SELECT ${row.alias}.* FROM ${sql.from(row)} WHERE ${[sql.allowed(row), ...parts].join(" AND ")}`;
}

function unionSql(parts: readonly string[], { alias }: Row): string {
  return `(\n  ${parts.join("\n  UNION ALL\n  ")}\n) AS ${alias}`;
}
