/** Rules of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "./connection.ts";
import { declareLeakproof, missingDeclarations } from "./leakproof.ts";
import { migrate } from "./migrate.ts";
import { testDatabase } from "./testing/index.ts";

const ASK = "EXPLAIN SELECT id FROM observation WHERE tokens @> ARRAY[1]::int8[]";

/** How PostgreSQL would answer a search by token under row-level security. */
async function planOf(config: Parameters<typeof Connection.open>[0]): Promise<string> {
  const connection = await Connection.open(config, "eira_app");
  try {
    await connection.serve("P1");
    await connection.client.query("SET enable_seqscan = off");
    const rows = await connection.many<{ "QUERY PLAN": string }>({ text: ASK });
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  } finally {
    await connection.close();
  }
}

test("STORE-LEAKPROOF-1 a migrated database answers searches by index in spite of row-level security", async () => {
  const { config, drop } = await testDatabase({});
  const owner = await Connection.open(config, undefined);
  try {
    await migrate(config);
    assert.deepEqual(await missingDeclarations(owner), []);
    assert.match(await planOf(config), /observation_tokens/);
    await owner.client.query("ALTER FUNCTION pg_catalog.arraycontains(anyarray, anyarray) NOT LEAKPROOF");
    assert.doesNotMatch(await planOf(config), /observation_tokens/); // the enemy: this is what an upgrade leaves behind
    assert.deepEqual(await missingDeclarations(owner), ["arraycontains(anyarray, anyarray)"]);
    await migrate(config);
    assert.match(await planOf(config), /observation_tokens/);
  } finally {
    await owner.close();
    await drop();
  }
});

test("STORE-LEAKPROOF-2 a user who may not declare them gets a schema that works, and is told what is missing", async () => {
  const { config, drop } = await testDatabase({});
  const owner = await Connection.open(config, undefined);
  try {
    await migrate(config);
    await owner.client.query("ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) NOT LEAKPROOF");
    const plain = await Connection.open(config, "eira_app");
    try {
      assert.deepEqual(await declareLeakproof(plain), ["ts_match_vq(tsvector, tsquery)"]);
    } finally {
      await plain.close();
    }
  } finally {
    await owner.close();
    await drop();
  }
});
