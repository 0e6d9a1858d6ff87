/**
 * Which tables have rows, by the size of their files, so that those of transactions in flight count. Of a table that is
 * divided the part here is always empty: its parts on the other servers are looked at.
 *
 * SPEC STORE-CITUS
 */
import type { Talk } from "../connection.ts";
import { onAllNodes } from "./nodes.ts";
import { spreadOf } from "./spread-connection.ts";

const PARTS = `SELECT coalesce(string_agg(DISTINCT regexp_replace(relname, '_[0-9]+$', ''), ','), '') FROM pg_class
  WHERE relkind = 'r' AND relname ~ '_[0-9]+$' AND pg_relation_size(oid) > 0`;

/** A table and its bytes, without its indexes; those of a table that is divided are not known and said to be many. */
export type UsedTable = { readonly name: string; readonly size: number };

/** Those of the tables that have ever held a row. */
export async function tablesInUse(talk: Talk, tables: readonly string[]): Promise<UsedTable[]> {
  if (spreadOf(talk) === "citus") {
    const used = new Set(
      (await onAllNodes(talk, PARTS)).flatMap((list) => list.split(",")).filter((name) => name !== ""),
    );
    // None at all: then the parts are hidden from us, and any may be in use.
    const some = used.size === 0 ? tables : tables.filter((table) => used.has(table));
    return some.map((name) => ({ name, size: Number.MAX_SAFE_INTEGER }));
  }
  const rows = await talk.many<{ name: string; size: string }>({
    name: "tables-in-use",
    text: `SELECT name, size FROM (SELECT relname AS name, pg_relation_size(oid) AS size FROM pg_class
             WHERE relnamespace = current_schema()::regnamespace AND relname = ANY($1) OFFSET 0) AS t WHERE size > 0`,
    values: [tables],
  });
  return rows.map(({ name, size }) => ({ name, size: Number(size) }));
}
