/**
 * Text conditions as SQL: a beginning is a prefix query on the lexemes, which GIN answers; a part is looked for in the
 * lexemes of the rows that have such a text at all.
 *
 * SPEC SEARCH-STRING
 */
import type { Condition } from "./plan.ts";
import type { Row, SqlWriter } from "./sql.ts";
import { disjunction } from "./sql.ts";
import { lexeme, PIECE, quoted } from "./text.ts";

type Text = Extract<Condition, { kind: "text" }>;

export function textSql(condition: Text, row: Row, sql: SqlWriter): string {
  if (condition.values.length === 0) return "FALSE";
  switch (condition.match) {
    case "prefix":
      return lexemesSql(condition, row, sql, ":*");
    case "equals":
      return lexemesSql(condition, row, sql, "");
    case "contains":
      return containsSql(condition, row, sql);
    case "ends":
      return endsSql(condition, row, sql);
  }
}

function lexemesSql({ names, values }: Text, { alias }: Row, sql: SqlWriter, ending: "" | ":*"): string {
  const query = names.flatMap((name) => values.map((value) => `${quoted(lexeme(name, value))}${ending}`)).join(" | ");
  return `${alias}.strings @@ ${sql.bind(query)}::tsquery`;
}

/** A piece that is full may go on in the next one, so only one that is not tells how its text ends. */
function endsSql({ names, values, present }: Text, row: Row, sql: SqlWriter): string {
  const prefixes = names.flatMap((name) => [`${name}:`, `${name}~:`]);
  const atEnd = prefixes.flatMap((prefix) => {
    const begins = `starts_with(u.lexeme, ${sql.bind(prefix)}::text) AND length(u.lexeme) < ${prefix.length + PIECE}`;
    return values.map((value) => {
      const asked = sql.bind(value);
      return `(${begins} AND right(substr(u.lexeme, ${prefix.length + 1}), length(${asked}::text)) = ${asked}::text)`;
    });
  });
  const found = `EXISTS (SELECT 1 FROM unnest(${row.alias}.strings) AS u WHERE ${disjunction(atEnd)})`;
  return row.narrow ? found : `(${row.alias}.tokens && ${sql.bind(present)}::int8[] AND ${found})`;
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
