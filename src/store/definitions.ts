/**
 * The definitions that steer how resources are judged: which are stored, and whether any of them has changed since. They
 * belong to no patient and no care provider.
 *
 * SPEC STORE-DEFINITIONS
 */
import type { Connection } from "./connection.ts";
import { tableOf } from "./resources.ts";

// What belongs to no patient lies at home 0 (decision 0004), and is looked for there.

/** More than any server has; the newest of them. */
const MOST_DEFINITIONS = 5_000;

/**
 * A text that is another one as soon as a StructureDefinition or ValueSet has been written or deleted. Every write makes
 * a version, and a later time or another number of rows.
 */
export async function definitionStamp(connection: Connection): Promise<string> {
  const stampOf = (type: string): string =>
    `SELECT '${type}' AS type, count(*) || ' ' || coalesce(max(last_updated)::text, '') || ' ' || coalesce(sum(version), 0) AS stamp FROM ${tableOf(type)} WHERE home = 0`;
  const rows = await connection.many<{ type: string; stamp: string }>({
    name: "definition-stamp",
    text: ["StructureDefinition", "ValueSet"].map(stampOf).join(" UNION ALL "),
  });
  return rows
    .map(({ type, stamp }) => `${type} ${stamp}`)
    .toSorted()
    .join(", ");
}

/** The texts of all StructureDefinitions, oldest first. */
export function readStructureDefinitions(connection: Connection): Promise<string[]> {
  return contents(connection, {
    name: "definitions",
    text: `SELECT content FROM ${tableOf("StructureDefinition")} WHERE home = 0 ORDER BY last_updated DESC, id LIMIT $1`,
    values: [MOST_DEFINITIONS],
  });
}

/** The texts of the ValueSets that carry one of the search keys, oldest first. */
export function readValueSets(connection: Connection, keys: readonly string[]): Promise<string[]> {
  return contents(connection, {
    name: "definitions-value-sets",
    text: `SELECT content FROM ${tableOf("ValueSet")} WHERE home = 0 AND tokens && $2::int8[] ORDER BY last_updated DESC, id LIMIT $1`,
    values: [MOST_DEFINITIONS, keys],
  });
}

async function contents(
  connection: Connection,
  sql: { readonly name: string; readonly text: string; readonly values: readonly unknown[] },
): Promise<string[]> {
  const rows = await connection.many<{ content: string }>(sql);
  return rows.map(({ content }) => content).toReversed();
}
