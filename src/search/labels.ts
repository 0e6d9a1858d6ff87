/**
 * Which profiles, security labels and tags are in use. Only rows that have any are looked at, found by the mark that
 * their parameters have a value; they are counted too, since there is no index of the labels themselves.
 *
 * SPEC HTTP-META · https://hl7.org/fhir/R4/resource-operation-meta.html
 */
import { presentValue, tokenKey } from "./keys.ts";
import { SqlWriter, type AccessPredicate, type Statement } from "./sql.ts";

const MARKS = ["_profile", "_security", "_tag"].map((name) => tokenKey(name, presentValue));

/**
 * Rows `part` and `label` (JSON): each profile, security label and tag once, and as `rows` how many resources were looked
 * at, which is never more than `limit`.
 */
export function compileLabels(types: readonly string[], limit: number, access: AccessPredicate): Statement {
  const sql = new SqlWriter(access);
  const marks = sql.bind(MARKS);
  const arms = types.map((type) => {
    const row = sql.row(type);
    return `SELECT ${row.alias}.content FROM ${sql.from(row)} WHERE ${sql.allowed(row)} AND ${row.alias}.tokens && ${marks}::int8[]`;
  });
  const parts = ["profile", "security", "tag"].map(
    (part) => `SELECT '${part}' AS part, l.label FROM metas, jsonb_array_elements(metas.meta -> '${part}') AS l(label)`,
  );
  return sql.statement(
    `WITH metas AS MATERIALIZED (SELECT content::jsonb -> 'meta' AS meta FROM (SELECT content FROM (\n${arms.join("\nUNION ALL\n")}\n) AS labelled LIMIT ${sql.bind(limit)}) AS looked)
SELECT DISTINCT part, label::text AS label FROM (${parts.join(" UNION ALL ")}) AS labels
UNION ALL SELECT 'rows', count(*)::text FROM metas ORDER BY part, label`,
  );
}
