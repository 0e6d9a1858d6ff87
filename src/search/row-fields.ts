/**
 * What a statement selects of a row that is found.
 *
 * SPEC SEARCH-SQL
 */
import type { Row } from "./sql.ts";

const FIELDS = ["id", "version", "patient", "content"];
const LAST_UPDATED = `to_char(%.last_updated AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS last_updated`;

/** The select list of a found row, its type first. */
export function fieldsSql({ alias, type }: Row): string {
  const fields = FIELDS.map((field) => `${alias}.${field}`);
  return [`'${type}' AS type`, ...fields, LAST_UPDATED.replace("%", alias)].join(", ");
}
