/** The template of a database with this build's schema, made once for all tests of all modules. SPEC TDB-2. */
import { createHash } from "node:crypto";
import pg from "pg";
import { knownMigrations, migrate } from "../migrate.ts";
import { ensureTemplate } from "./test-database.ts";
import type { TestServer } from "./test-server.ts";

/**
 * The migrated template on this server. `more` is SQL that tests of one kind want in all their databases: what is made with the
 * database itself, not after it was lent, need not be made again for each test.
 */
export function migratedTemplate(
  server?: TestServer,
  more?: { readonly name: string; readonly sql: string },
): Promise<string> {
  const hash = createHash("sha256").update(more?.sql ?? "");
  for (const { sql } of knownMigrations()) hash.update(sql);
  const make = async (config: pg.ClientConfig): Promise<void> => {
    await migrate(config);
    if (more !== undefined) await runOn(config, more.sql);
  };
  return ensureTemplate(`${more?.name ?? "store"}_${hash.digest("hex").slice(0, 16)}`, make, server);
}

async function runOn(config: pg.ClientConfig, sql: string): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
