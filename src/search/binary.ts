/**
 * A resource's text as PostgreSQL's jsonb, for what is read from the resource itself.
 *
 * SPEC SEARCH-VALUE-4 · https://www.postgresql.org/docs/current/datatype-json.html
 */
import type { Row } from "./sql.ts";

/** jsonb holds numbers of up to 131,072 digits; a resource may be written with longer ones, which say nothing of order. */
export function binarySql({ alias }: Row): string {
  const long = "'[0-9][eE][+-]?[0-9]{5,}'";
  return `(CASE WHEN ${alias}.content ~ ${long} THEN regexp_replace(${alias}.content, ${long}, '0', 'g') ELSE ${alias}.content END)::jsonb`;
}
