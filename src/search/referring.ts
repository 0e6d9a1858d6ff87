/**
 * `_revinclude=*`: whatever refers to the matches, of any type and by any element, in one statement. It goes by the key that
 * every reference to a resource here has whatever element it stands in.
 *
 * SPEC SEARCH-INCLUDE-5 · https://hl7.org/fhir/R4/search.html#revinclude
 */
import { RESOURCE_TYPES } from "../fhir/index.ts";
import { sharing } from "./everything.ts";
import type { IncludeTarget } from "./includes.ts";
import { referenceToken } from "./keys.ts";
import { mayReferTo } from "./reference-forms.ts";
import { unprotectedSql } from "./protected.ts";
import { parametersOf } from "./registry.ts";
import { fieldsSql } from "./row-fields.ts";
import { SqlWriter, type AccessPredicate, type Statement } from "./sql.ts";

/** The resources that refer to the given ones, at most `limit`; undefined when there is nothing to refer to. */
export function compileReferring(
  targets: readonly IncludeTarget[],
  access: AccessPredicate,
  limit: number,
): Statement | undefined {
  if (targets.length === 0) return undefined;
  const sql = new SqlWriter(sharing(access));
  const keys = sql.bind(targets.map(({ type, id }) => referenceToken(type, id)));
  const wanted = new Set(targets.map(({ type }) => type));
  const most = sql.bind(limit);
  const arms = RESOURCE_TYPES.filter((type) => mayRefer(type, wanted)).map((type) => {
    const row = sql.row(type, true);
    // What a Patient refers to is where somebody goes.
    const guard = type === "Patient" && sql.withholds ? ` AND ${unprotectedSql(row, sql)}` : "";
    const where = `${sql.allowed(row)} AND ${row.alias}.tokens && ${keys}::int8[]${guard}`;
    return `(SELECT ${fieldsSql(row)} FROM ${sql.from(row)} WHERE ${where} ORDER BY ${row.alias}.id LIMIT ${most})`;
  });
  return sql.statement(`${arms.join("\nUNION ALL\n")}\nLIMIT ${most}`);
}

function mayRefer(type: string, wanted: ReadonlySet<string>): boolean {
  return [...parametersOf(type).values()].some(
    (parameter) => parameter.type === "reference" && [...wanted].some((target) => mayReferTo(parameter, target)),
  );
}
