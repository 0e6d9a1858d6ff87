/**
 * The last observations of each kind, in one statement: what is found is grouped by subject and code, and of each group
 * the newest are taken, with all that are as new as the last of them.
 *
 * Codings of one observation mean the same thing, so observations that share a coding are of one kind, also when another
 * observation ties two codings together.
 *
 * SPEC HTTP-LASTN · https://hl7.org/fhir/R4/observation-operation-lastn.html
 */
import type { SearchPlan } from "./plan.ts";
import { sourceOf } from "./source.ts";
import { SqlWriter, type AccessPredicate, type Statement } from "./sql.ts";

/** A coding as one text; without any, the words of the concept. */
const CODES = `CASE WHEN c.code -> 'coding' @? '$[*].code'
  THEN ARRAY(SELECT coalesce(k ->> 'system', '') || '|' || (k ->> 'code') FROM jsonb_array_elements(c.code -> 'coding') AS k WHERE k ? 'code')
  ELSE ARRAY['=' || lower(coalesce(c.code ->> 'text', c.code #>> '{coding,0,display}', ''))] END`;

/** Each observation's group: the least of the codings that its own are tied to, in two steps. */
const GROUPS = `pair AS (SELECT f.id, k.code FROM found AS f, unnest(f.codes) AS k(code)),
one AS (SELECT code, min(least) AS least FROM (SELECT code, min(code) OVER (PARTITION BY id) AS least FROM pair) AS p GROUP BY code),
two AS (SELECT code, min(least) AS least FROM (SELECT p.code, min(one.least) OVER (PARTITION BY p.id) AS least FROM pair AS p JOIN one USING (code)) AS p GROUP BY code),
kind AS (SELECT p.id, min(two.least) AS kind FROM pair AS p JOIN two USING (code) GROUP BY p.id)`;

/** At most `limit` rows of the observations that a plan finds; the plan's own order and page are not used. */
export function compileLastN(
  plan: SearchPlan,
  { max, limit }: { readonly max: number; readonly limit: number },
  access: AccessPredicate,
): Statement {
  const sql = new SqlWriter(access);
  const row = sql.row("Observation");
  const { from, where } = sourceOf(plan.types[0]?.conditions ?? [], row, sql);
  const fields = `${row.alias}.id, ${row.alias}.version, ${row.alias}.patient, ${row.alias}.content, ${row.alias}.last_updated`;
  const found = `SELECT ${fields}, ${row.alias}."date_lo" AS at, coalesce(c.subject ->> 'reference', c.subject::text) AS subject, (${CODES})::text[] COLLATE "C" AS codes
FROM ${from}, LATERAL (SELECT j -> 'code' AS code, j -> 'subject' AS subject FROM (SELECT ${row.alias}.content::jsonb AS j OFFSET 0) AS parsed OFFSET 0) AS c WHERE ${where}`;
  return sql.statement(
    `SELECT 'Observation' AS type, id, version, patient, content, last_updated FROM (
WITH found AS MATERIALIZED (${found}),
${GROUPS}
SELECT f.*, kind.kind, rank() OVER (PARTITION BY f.subject, kind.kind ORDER BY f.at DESC NULLS LAST) AS place FROM found AS f JOIN kind USING (id)
) AS ranked WHERE place <= ${sql.bind(max)}::int8 ORDER BY subject COLLATE "C", kind COLLATE "C", at DESC NULLS LAST, id LIMIT ${sql.bind(limit)}`,
  );
}
