import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { carelessServer } from "./embedded/testing/fixture.ts";
import { migrate } from "./migrate.ts";
import { Store } from "./store.ts";
import { auditKey, sqlOf, type StoreOfTest } from "./testing/contract.ts";
import { entry, insertInto, patient, rowOf } from "./testing/rows.ts";

/** A store on a server of its own, whose commits can be made to wait for a standby that never comes. */
async function ghostly(
  t: TestContext,
): Promise<Omit<StoreOfTest, "database"> & { readonly waitForGhost: (isWaited: boolean) => Promise<void> }> {
  const config = await carelessServer(t, []);
  await migrate(config);
  const store = await Store.open({ config, auditKey, clock: () => new Date(), connections: 3 });
  t.after(() => store.close());
  const sql = await sqlOf(t, { config, url: "", drop: async () => undefined });
  await sql("SET synchronous_commit = local"); // this session must get on
  await store.setting("warm"); // a connection that is open before the standby is missed
  return {
    store,
    sql,
    waitForGhost: async (isWaited) => {
      await sql(`ALTER SYSTEM SET synchronous_standby_names = '${isWaited ? "ghost" : ""}'`);
      await sql("SELECT pg_reload_conf()");
      while (
        (await sql<{ names: string }>("SELECT current_setting('synchronous_standby_names') AS names"))[0]?.names !==
        (isWaited ? "ghost" : "")
      )
        await sleep(10);
      await sleep(100); // the others read it in their own time
    },
  };
}

/** Lets every commit that waits for the standby go on, as an administrator or a shutdown would. */
async function interrupt(sql: StoreOfTest["sql"], how: "pg_cancel_backend" | "pg_terminate_backend"): Promise<void> {
  let hit: unknown[] = [];
  while (hit.length === 0) hit = await sql(`SELECT ${how}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
}

const make = (store: Store, id: string, key: string): Promise<string> =>
  store.write("*", async (tx) => {
    const before = await tx.claimKey(1, "actor", key, id);
    if (before !== undefined) return `${before} again`;
    await insertInto(tx, [rowOf(patient(id))]);
    await tx.storeReply(1, "actor", key, id);
    return id;
  });

test(
  "STORE-OUTCOME-1 a commit that the standby did not confirm is never called a success",
  { timeout: 60_000 },
  async (t) => {
    const { store, sql, waitForGhost } = await ghostly(t);
    await waitForGhost(true);
    for (const [how, id] of [
      ["pg_cancel_backend", "p1"],
      ["pg_terminate_backend", "p2"],
    ] as const) {
      const doubtful = assert.rejects(make(store, id, `key of ${id}`), { code: "OUTCOME_UNKNOWN" }, how);
      await interrupt(sql, how);
      await doubtful;
    }
    // Both are there, on this server: whoever had been told "failed" would write them twice.
    assert.deepEqual(await sql("SELECT id FROM patient ORDER BY id"), [{ id: "p1" }, { id: "p2" }]);

    // A statement that commits by itself, and the access log, are judged alike.
    const statement = assert.rejects(store.saveSetting("name", 1), { code: "OUTCOME_UNKNOWN" });
    await interrupt(sql, "pg_cancel_backend");
    await statement;
    const log = assert.rejects(store.recordAccess([entry(1)]), { code: "UNAVAILABLE" });
    await interrupt(sql, "pg_cancel_backend");
    await log;
  },
);

test(
  "STORE-OUTCOME-2 a retry with the same key waits for the standby too, and writes once",
  { timeout: 60_000 },
  async (t) => {
    const { store, sql, waitForGhost } = await ghostly(t);
    assert.equal(await make(store, "p1", "key"), "p1");
    const position = async (): Promise<bigint> =>
      BigInt((await sql<{ at: string }>("SELECT (pg_current_wal_insert_lsn() - '0/0')::int8 AS at"))[0]?.at ?? 0);
    const before = await position();
    await store.read("*", (read) => read.read("Patient", "p1"));
    assert.equal(await position(), before, "a quiet server writes nothing by itself");
    assert.equal(await make(store, "p1", "key"), "p1 again");
    assert.ok((await position()) > before, "the duplicate wrote nothing");

    await waitForGhost(true);
    let answered = false;
    const retry = make(store, "p1", "key").finally(() => (answered = true));
    retry.catch(() => undefined);
    await sleep(500);
    assert.equal(answered, false, "the retry was answered although no standby has what it answers from");
    await waitForGhost(false);
    assert.equal(await retry, "p1 again");
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM change_log"), [{ n: 1 }]);
  },
);

test(
  "STORE-OUTCOME-3 after a doubtful commit the connection is not used again, and the chain it wrote is whole",
  { timeout: 60_000 },
  async (t) => {
    const { store, sql, waitForGhost } = await ghostly(t);
    await make(store, "p0", "k0");
    await waitForGhost(true);
    const doubtful = assert.rejects(make(store, "p1", "k1"), { code: "OUTCOME_UNKNOWN" });
    await interrupt(sql, "pg_cancel_backend");
    await doubtful;
    await waitForGhost(false);
    await make(store, "p2", "k2");
    assert.equal(await make(store, "p1", "k1"), "p1 again");
    const report = await store.verifyAccessLog([]);
    assert.deepEqual(report.faults, []);
    const lines = await sql("SELECT 1 FROM access_log WHERE patient IS NOT NULL");
    assert.equal(lines.length, 3);
  },
);
