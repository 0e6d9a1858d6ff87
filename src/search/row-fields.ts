/**
 * What a statement selects of a row that is found.
 *
 * SPEC SEARCH-SQL
 */
import type { Row } from "./sql.ts";

const FIELDS = ["id", "version", "patient", "content", "last_updated"];

/** The select list of a found row, its type first. */
export function fieldsSql({ alias, type }: Row): string {
  const fields = FIELDS.map((field) => `${alias}.${field}`);
  return [`'${type}' AS type`, ...fields].join(", ");
}
