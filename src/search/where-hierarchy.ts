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
  const start =
    `SELECT ${first.alias}.key, ${first.alias}.tokens, 0 FROM ${sql.from(first)} ` +
    `WHERE ${sql.allowed(first)} AND ${first.alias}.id = ANY (${sql.bind(of.ids)}::text[])`;
  const hash = hashSql(of.parent, sql);
  const from = direction === "below" ? "s" : "s, LATERAL unnest(s.tokens) AS t(k)";
  const joined =
    direction === "below" ? `${next.alias}.tokens @> ARRAY[s.key # ${hash}]` : `${next.alias}.key = t.k # ${hash}`;
  const step =
    `SELECT ${next.alias}.key, ${next.alias}.tokens, s.depth + 1 FROM ${from} JOIN ${sql.from(next)} ON ${joined} ` +
    `WHERE ${sql.allowed(next)} AND s.depth < ${LIMITS.hierarchy}`;
  const found = references.map((name) => `SELECT s.key # ${hashSql(name, sql)} AS k FROM s`).join(" UNION ALL ");
  const keys = `ARRAY(WITH RECURSIVE s(key, tokens, depth) AS (${start} UNION ${step}) ${found})`;
  if (!row.narrow) return `${row.alias}.tokens && ${keys}`;
  return `EXISTS (SELECT 1 FROM unnest(${row.alias}.tokens) AS k WHERE k = ANY (${keys}))`;
}

function hashSql(name: string, sql: SqlWriter): string {
  return `${sql.bind(nameHashText(name))}::int8`;
}
