/**
 * Text conditions as SQL: a beginning is a prefix query on the lexemes, which GIN answers; a part is looked for in the
 * lexemes of the rows that have such a text at all.
 *
 * SPEC SEARCH-STRING
 */
import type { Condition } from "./plan.ts";
import type { Row, SqlWriter } from "./sql.ts";
import { disjunction } from "./sql.ts";
import { lexeme, quoted } from "./text.ts";

type Text = Extract<Condition, { kind: "text" }>;

export function textSql(condition: Text, row: Row, sql: SqlWriter): string {
  if (condition.values.length === 0) return "FALSE";
  return condition.match === "prefix" ? prefixSql(condition, row, sql) : containsSql(condition, row, sql);
}

function prefixSql({ names, values }: Text, { alias }: Row, sql: SqlWriter): string {
  const query = names.flatMap((name) => values.map((value) => `${quoted(lexeme(name, value))}:*`)).join(" | ");
  return `${alias}.strings @@ ${sql.bind(query)}::tsquery`;
}

/** The pieces of long texts stand under `name~`. Nothing the caller wrote is a pattern: no LIKE. */
function containsSql({ names, values, present }: Text, row: Row, sql: SqlWriter): string {
  const prefixes = names.flatMap((name) => [`${name}:`, `${name}~:`]);
  const inLexeme = disjunction(
    prefixes.flatMap((prefix) => {
      const begins = `starts_with(u.lexeme, ${sql.bind(prefix)}::text)`;
      return values.map(
        (value) => `(${begins} AND strpos(substr(u.lexeme, ${prefix.length + 1}), ${sql.bind(value)}::text) > 0)`,
      );
    }),
  );
  const found = `EXISTS (SELECT 1 FROM unnest(${row.alias}.strings) AS u WHERE ${inLexeme})`;
  return row.narrow ? found : `(${row.alias}.tokens && ${sql.bind(present)}::int8[] AND ${found})`;
}
