/**
 * Row-level security and indexes: before a row has passed its policy, PostgreSQL lets only operators declared leakproof
 * look at it, and so use an index only through these. Those of arrays, full text and numbers are not declared so although
 * their results tell nothing by errors; without the declaration a search by identifier reads its whole table (measured:
 * 126 ms instead of 0.2 ms on 62,000 rows).
 *
 * The declaration lies in the system catalog: it needs a superuser, and is lost in an upgrade to a new major version.
 *
 * SPEC STORE-LEAKPROOF · https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
import { onAllNodes } from "./citus/nodes.ts";
import type { Connection, Talk } from "./connection.ts";

/** What searches need. */
export const LEAKPROOF_FUNCTIONS = [
  "arraycontains(anyarray, anyarray)",
  "arrayoverlap(anyarray, anyarray)",
  "ts_match_vq(tsvector, tsquery)",
  "numeric_lt(numeric, numeric)",
  "numeric_le(numeric, numeric)",
  "numeric_gt(numeric, numeric)",
  "numeric_ge(numeric, numeric)",
] as const;

const INSUFFICIENT_PRIVILEGE = "42501";

/** The functions behind searches that are not declared leakproof here; searches are slow, not wrong, while there are any. */
export async function missingDeclarations(connection: Connection): Promise<readonly string[]> {
  const rows = await connection.many<{ name: string }>({
    text: `SELECT name FROM unnest($1::text[]) AS f(name)
           WHERE NOT (SELECT proleakproof FROM pg_proc WHERE oid = ('pg_catalog.' || name)::regprocedure)`,
    values: [LEAKPROOF_FUNCTIONS],
  });
  return rows.map(({ name }) => name);
}

/** The same on the other servers on which rows lie. */
export async function missingOnNodes(talk: Talk): Promise<readonly string[]> {
  const names = LEAKPROOF_FUNCTIONS.map((name) => `'${name}'`).join(", ");
  const command = `SELECT coalesce(string_agg(name, ';'), '') FROM unnest(ARRAY[${names}]) AS f(name)
    WHERE NOT (SELECT proleakproof FROM pg_proc WHERE oid = ('pg_catalog.' || name)::regprocedure)`;
  const nodes = await onAllNodes(talk, command, "citus");
  return [...new Set(nodes.flatMap((list) => list.split(";")))].filter((name) => name !== "");
}

/** Declares what is missing as far as the database's user may; answers what still is. */
export async function declareLeakproof(connection: Connection): Promise<readonly string[]> {
  for (const name of await missingDeclarations(connection)) {
    try {
      await connection.client.query(`ALTER FUNCTION pg_catalog.${name} LEAKPROOF`); // one of the names above
    } catch (error) {
      if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
      break; // a user who is no superuser may declare none of them: `doctor` tells
    }
  }
  return missingDeclarations(connection);
}
