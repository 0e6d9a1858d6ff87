/**
 * References into a hierarchy as SQL: its rows are followed step by step, each with its access condition, so that what may
 * not be seen leads nowhere. A circle ends where the steps do.
 *
 * SPEC SEARCH-REF-5
 */
import { nameHashText } from "./keys.ts";
import { LIMITS } from "./limits.ts";
import type { Condition } from "./plan.ts";
import type { Row, SqlWriter } from "./sql.ts";

type Hierarchy = Extract<Condition, { kind: "hierarchy" }>;

export function hierarchySql({ direction, references, of }: Hierarchy, row: Row, sql: SqlWriter): string {
  const first = sql.row(of.type);
  const next = sql.row(of.type);
  const hash = hashSql(of.parent, sql);
  // Row-level security lets an index be asked with columns only, so what is looked for is computed a step ahead.
  const fields = (row: Row): string => `${row.alias}.key, ${row.alias}.key # ${hash}, ${row.alias}.tokens`;
  const start =
    `SELECT ${fields(first)}, 0 FROM ${sql.from(first)} ` +
    `WHERE ${sql.allowed(first)} AND ${first.alias}.id = ANY (${sql.bind(of.ids)}::text[])`;
  const link =
    direction === "below"
      ? `s JOIN ${sql.from(next)} ON ${next.alias}.tokens @> ARRAY[s.child]`
      : `s, LATERAL (SELECT unnest(s.tokens) # ${hash} AS k) AS t JOIN ${sql.from(next)} ON ${next.alias}.key = t.k`;
  const step =
    `SELECT ${fields(next)}, s.depth + 1 FROM ${link} ` +
    `WHERE ${sql.allowed(next)} AND s.depth < ${LIMITS.hierarchy}`;
  const found = references.map((name) => `SELECT s.key # ${hashSql(name, sql)} AS k FROM s`).join(" UNION ALL ");
  const keys = `ARRAY(WITH RECURSIVE s(key, child, tokens, depth) AS (${start} UNION ${step}) ${found})`;
  if (!row.narrow) return `${row.alias}.tokens && ${keys}`;
  return `EXISTS (SELECT 1 FROM unnest(${row.alias}.tokens) AS k WHERE k = ANY (${keys}))`;
}

function hashSql(name: string, sql: SqlWriter): string {
  return `${sql.bind(nameHashText(name))}::int8`;
}
