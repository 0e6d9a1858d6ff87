/**
 * Criteria asked of given versions of resources instead of a table: the rows come with the statement, everything that
 * chains lead to is read as it stands. So a version that has been replaced since is judged as it was.
 *
 * SPEC SEARCH-MATCH · https://hl7.org/fhir/R4/subscription.html
 */
import { tableOf } from "./layout.ts";
import type { SearchPlan } from "./plan.ts";
import { conjunction, SqlWriter, type AccessPredicate, type Statement } from "./sql.ts";
import { conditionsSql } from "./where.ts";

/**
 * The statement that answers `id` and `version` of those of `records` (a JSON list of rows, as the store writes them)
 * that meet a plan of one type and that the actor may see.
 */
export function compileMatching(plan: SearchPlan, access: AccessPredicate, records: string): Statement {
  const [only] = plan.types;
  if (only === undefined || plan.types.length > 1) throw new Error("versions are matched one type at a time");
  const sql = new SqlWriter(access);
  const row = sql.row(only.type, true);
  const from = `json_populate_recordset(NULL::${tableOf(only.type)}, ${sql.bind(records)}::json) AS ${row.alias}`;
  const where = conjunction([sql.allowed(row), ...conditionsSql(only.conditions, row, sql)]);
  return sql.statement(`SELECT ${row.alias}.id, ${row.alias}.version FROM ${from} WHERE ${where}`);
}
