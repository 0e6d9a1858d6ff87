/**
 * Full text as SQL: the words are taken out of the row when it is looked at, with Swedish endings removed, so that storing
 * a resource costs nothing. What else is asked for narrows first; a search that nothing narrows reads every row, and the
 * time of a statement is limited.
 *
 * SPEC SEARCH-WORDS · https://www.postgresql.org/docs/current/textsearch-controls.html
 */
import type { Condition, WordQuery } from "./plan.ts";
import { disjunction, type Row, type SqlWriter } from "./sql.ts";

type Words = Extract<Condition, { kind: "words" }>;

const SWEDISH = "'pg_catalog.swedish'";
/** Texts of parameters are kept without accents, which Swedish endings cannot be told from. */
const SIMPLE = "'pg_catalog.simple'";
/** In characters: a tsvector holds one megabyte, words and their places together. */
const LONGEST = 200_000;

export function wordsSql({ within, query }: Words, row: Row, sql: SqlWriter): string {
  if (typeof within === "object") return textsSql(within, query, row, sql);
  const vector = within === "narrative" ? narrativeSql(row) : contentSql(row);
  return `${vector} @@ (SELECT ${querySql(query, SWEDISH, sql)})`;
}

/** PostgreSQL's parser passes over the tags of XHTML. */
function narrativeSql({ alias }: Row): string {
  return `to_tsvector(${SWEDISH}, left(${alias}.content::json #>> '{text,div}', ${LONGEST}))`;
}

/** Every text in the resource, but not the names of its elements; of one that is too long the beginning, names and all. */
function contentSql({ alias }: Row): string {
  const whole = `json_to_tsvector(${SWEDISH}, ${alias}.content::json, '["string", "numeric"]')`;
  return `CASE WHEN length(${alias}.content) <= ${LONGEST} THEN ${whole} ELSE to_tsvector(${SWEDISH}, left(${alias}.content, ${LONGEST})) END`;
}

function textsSql(names: readonly string[], query: WordQuery, { alias }: Row, sql: SqlWriter): string {
  const asked = `(SELECT ${querySql(query, SIMPLE, sql)})`;
  const prefixes = names.flatMap((name) => [`${name}:`, `${name}~:`]);
  const inText = prefixes.map(
    (prefix) =>
      `(starts_with(u.lexeme, ${sql.bind(prefix)}::text) AND to_tsvector(${SIMPLE}, substr(u.lexeme, ${prefix.length + 1})) @@ ${asked})`,
  );
  return `EXISTS (SELECT 1 FROM unnest(${alias}.strings) AS u WHERE ${disjunction(inText)})`;
}

function querySql(query: WordQuery, config: string, sql: SqlWriter): string {
  switch (query.op) {
    case "phrase":
      return `phraseto_tsquery(${config}, ${sql.bind(query.text)}::text)`;
    case "not":
      return `(!! ${querySql(query.of, config, sql)})`;
    default:
      return `(${query.of.map((one) => querySql(one, config, sql)).join(query.op === "and" ? " && " : " || ")})`;
  }
}
