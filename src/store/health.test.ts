import assert from "node:assert/strict";
import { test } from "node:test";
import { examine } from "./health.ts";
import { knownMigrations } from "./migrate.ts";
import { onEveryPostgres, sqlOf } from "./testing/contract.ts";
import { create, patient, rowOf } from "./testing/rows.ts";

const known = knownMigrations().length;

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-HEALTH-1 a database that is well says so, with what it holds (${name})`, async (t) => {
    const { store, database } = await postgres.store(t);
    await create(store, [rowOf(patient("p1"))]);
    const health = await examine(database.config);
    assert.match(health.version, /^\d\d/);
    assert.deepEqual(health.schema, { found: known, known });
    assert.deepEqual(health.durability, []);
    assert.deepEqual(health.content?.readers, []);
    assert.deepEqual(health.content.outbox, { waiting: 0, parked: 0, overdueSeconds: 0 });
    assert.equal(health.content.foreignTransactions, false);
    assert.ok(health.content.bytes > 1_000_000);
  });

  test(`STORE-HEALTH-2 lagging readers, parked and overdue messages and a transaction that lasts are counted (${name})`, async (t) => {
    const { store, database, sql } = await postgres.store(t);
    for (const id of ["p1", "p2", "p3"])
      await create(store, [rowOf(patient(id), { lastUpdated: new Date(Date.now() - 600_000).toISOString() })]);
    await store.moveReader("behind", { xid: "1", seq: "1" });
    await store.moveReader("at the end", { xid: "999999", seq: "1" });
    await store.write("*", (tx) => tx.enqueue([1, 2, 3].map((n) => ({ home: n, topic: "t", payload: n }))));
    await sql("UPDATE outbox SET parked = now() WHERE home = 1");
    await sql("UPDATE outbox SET due = now() - interval '1 hour' WHERE home = 2");
    await sql("UPDATE outbox SET due = now() + interval '1 hour' WHERE home = 3");
    const holder = await sqlOf(t, database);
    await holder("BEGIN");
    await holder("SELECT pg_current_xact_id()");
    await new Promise((resolve) => setTimeout(resolve, 60));
    const { content, oldestTransaction } = await examine(database.config);
    await holder("ROLLBACK");
    assert.deepEqual(
      content?.readers.map(({ name: reader, behind }) => [reader, behind]),
      [
        ["at the end", 0],
        ["behind", 3],
      ],
    );
    assert.ok((content.readers[1]?.seconds ?? 0) > 500 && content.readers[0]?.seconds === 0);
    assert.deepEqual([content.outbox.waiting, content.outbox.parked], [2, 1]);
    assert.ok(content.outbox.overdueSeconds > 3000);
    assert.ok(oldestTransaction >= 0.05);
  });

  test(`STORE-HEALTH-3 it looks only, also where the schema is missing or newer, and says what keeps the writes unsafe (${name})`, async (t) => {
    const empty = await postgres.empty(t);
    const forgetful = { ...empty.config, options: "-c synchronous_commit=off" };
    const health = await examine(forgetful);
    assert.deepEqual([health.schema, health.content], [{ found: 0, known }, undefined]);
    assert.deepEqual(
      health.durability.map(({ setting }) => setting),
      ["synchronous_commit"],
    );
    const sql = await sqlOf(t, empty);
    assert.deepEqual(await sql("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"), []);
    await sql("CREATE TABLE schema_migration (version int4)");
    await sql("INSERT INTO schema_migration VALUES (9999)");
    assert.deepEqual((await examine(empty.config)).schema, { found: 9999, known });
    const { sql: shared, database } = await postgres.shared();
    await create((await postgres.shared()).store, [rowOf(patient("strange"))]);
    await shared("UPDATE change_log SET xid = '999999999999'");
    assert.equal((await examine(database.config)).content?.foreignTransactions, true);
    await assert.rejects(examine({ host: "127.0.0.1", port: 1 }), /ECONNREFUSED/);
  });
});
