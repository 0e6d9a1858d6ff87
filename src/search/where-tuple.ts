/**
 * Composites over repeating elements as SQL: one tuple of `many` in which every part holds.
 *
 * SPEC SEARCH-COMPOSITE
 */
import type { Condition, TupleTest } from "./plan.ts";
import { disjunction, type Row, type SqlWriter } from "./sql.ts";
import { entrySql } from "./where-range.ts";

export function tupleSql(
  { stored, tests }: Extract<Condition, { kind: "tuple" }>,
  { alias }: Row,
  sql: SqlWriter,
): string {
  const parts = tests.map((test, at) => partSql(test, `(t -> ${at})`, sql));
  return `EXISTS (SELECT 1 FROM jsonb_array_elements(${alias}.many -> '${stored}') AS t WHERE ${parts.join(" AND ")})`;
}

function partSql(test: TupleTest, part: string, sql: SqlWriter): string {
  if (test.kind === "forms") return disjunction(test.forms.map((form) => `${part} ? ${sql.bind(form)}::text`));
  return `EXISTS (SELECT 1 FROM jsonb_array_elements(${part}) AS e WHERE ${entrySql(test.of, test.test, "e", sql.bind)})`;
}
