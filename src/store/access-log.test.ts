import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccessLogEntry } from "./access-log.ts";
import { pinsIn } from "./access-log-pins.ts";
import type { Store } from "./store.ts";
import { onEveryPostgresAndSpread, storeOn, type StoreOfTest } from "./testing/contract.ts";
import { create, entry, patient, rowOf } from "./testing/rows.ts";

type LogRow = { readonly chain: string; readonly seq: string; readonly entry: string };

const rowsOf = (sql: StoreOfTest["sql"]): Promise<LogRow[]> =>
  sql<LogRow>("SELECT chain, seq, entry FROM access_log ORDER BY chain, seq");
const requestsOf = async (sql: StoreOfTest["sql"]): Promise<string[]> =>
  (await rowsOf(sql))
    .map((row) => JSON.parse(row.entry) as AccessLogEntry)
    .filter(({ action }) => action !== "pin")
    .map(({ request }) => request);
const pinned = async (sql: StoreOfTest["sql"]): Promise<string[]> =>
  (await rowsOf(sql))
    .flatMap((row) => pinsIn(JSON.parse(row.entry) as AccessLogEntry))
    .map(({ chain, seq }) => `${chain}/${seq}`);

/** One write that also logs, on a pool of one connection always by the same chain. */
const log = (store: Store, request: string, now = "2026-11-21T08:00:00.000Z"): Promise<void> =>
  store.write("*", (tx) => tx.recordAccess([entry(request, { request })], now));

onEveryPostgresAndSpread((postgres) => {
  const { name } = postgres;

  test(`STORE-LOG-1 an entry is kept with every field, numbered in its chain without a gap (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t, { connections: 1 });
    const entries = [
      entry(1),
      entry(2, { patient: null, home: 0, outcome: "refused", person: null, what: [] }),
      entry('"å\\\u0007\u2028🫀'),
      entry("a NUL \u0000, half a pair \ud83e, and \\u0000 as it is written"),
    ];
    await store.write("*", (tx) => tx.recordAccess(entries, "2026-11-21T08:00:00.000Z"));
    await store.write("*", async (tx) => {
      await tx.recordAccess([entry(4)], "2026-11-21T08:00:01.000Z");
      await tx.recordAccess([entry(5)], "2026-11-21T08:00:02.000Z"); // twice in one transaction
    });
    const rows = await rowsOf(sql);
    assert.deepEqual(
      rows.map((row) => JSON.parse(row.entry) as unknown),
      [...entries, entry(4), entry(5)],
    );
    assert.deepEqual(
      rows.map(({ seq }) => seq),
      ["1", "2", "3", "4", "5", "6"],
    );
    assert.equal(new Set(rows.map(({ chain }) => chain)).size, 1);
    assert.deepEqual(
      await sql(
        "SELECT home, patient, outcome FROM access_log, json_to_record(entry::json) AS e(outcome text) WHERE seq = 2",
      ),
      [{ home: 0, patient: null, outcome: "refused" }],
    );
    assert.deepEqual((await store.verifyAccessLog([])).faults, []);
  });

  test(`STORE-LOG-2 a write that is rolled back leaves no line, and the chain goes on without a gap (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t, { connections: 1 });
    await log(store, "one");
    for (let n = 0; n < 3; n += 1) {
      const failing = store.write("*", async (tx) => {
        await tx.recordAccess([entry("never", { request: "never" })], "2026-11-21T08:00:00.000Z");
        throw new Error("a bug");
      });
      await assert.rejects(failing);
    }
    await log(store, "two");
    assert.deepEqual(await requestsOf(sql), ["one", "two"]);
    assert.deepEqual(await sql("SELECT count(*)::int AS chains FROM access_log_head"), [{ chains: 1 }]);
    assert.deepEqual((await store.verifyAccessLog([])).faults, []);
  });

  test(`STORE-LOG-3 every connection has a chain of its own; a new one points to one that is there (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t, { connections: 4 });
    let inside = 0;
    let open = (): void => undefined;
    const all = new Promise<void>((resolve) => (open = resolve));
    await Promise.all(
      [1, 2, 3, 4].map((n) =>
        store.write("*", async (tx) => {
          if ((inside += 1) === 4) open();
          await all;
          await tx.recordAccess([entry(n)], "2026-11-21T08:00:00.000Z");
        }),
      ),
    );
    assert.deepEqual(await sql("SELECT count(DISTINCT chain)::int AS chains, count(*)::int AS rows FROM access_log"), [
      { chains: 4, rows: 4 },
    ]);
    const victims = await sql<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'eira'",
    );
    for (const { pid } of victims) await sql("SELECT pg_terminate_backend($1)", [pid]);
    while ((await log(store, "after").catch(() => "again")) === "again");
    const [fresh] = await sql<{ previous: string | null }>(
      "SELECT previous FROM access_log_head ORDER BY signed DESC, previous NULLS LAST LIMIT 1",
    );
    assert.equal((await sql("SELECT 1 FROM access_log_head WHERE chain = $1", [fresh?.previous])).length, 1);
    assert.deepEqual((await store.verifyAccessLog([])).faults, []);
  });

  test(`STORE-LOG-PIN-1 the first entry of a process vouches for the chains it finds, and once a minute one does for all others (${name})`, async (t) => {
    const { store, sql, database } = await postgres.store(t, { connections: 1 });
    await log(store, "one", "2026-11-21T08:00:00.000Z");
    await log(store, "two", "2026-11-21T08:05:00.000Z");
    assert.deepEqual(await pinned(sql), []); // a chain does not vouch for itself
    const [first] = await rowsOf(sql);
    const { store: second } = await storeOn(t, database, { connections: 1 });
    await log(second, "three", "2026-11-21T08:06:00.000Z");
    assert.deepEqual(await pinned(sql), [`${first?.chain}/2`]);
    await log(second, "four", "2026-11-21T08:09:00.000Z");
    assert.deepEqual(await pinned(sql), [`${first?.chain}/2`]); // nothing has moved since
    await second.recordAccess([entry("five", { recorded: "2026-11-21T08:09:10.000Z" })]); // the log of reads is a third chain, by the clock
    assert.equal((await pinned(sql)).length, 2);
    assert.deepEqual((await requestsOf(sql)).length, 5);
    assert.deepEqual((await store.verifyAccessLog([])).faults, []);
  });

  test(`STORE-LOG-PIN-2 what was to vouch and was rolled back is done by the next (${name})`, async (t) => {
    const { store, sql, database } = await postgres.store(t, { connections: 1 });
    await log(store, "one");
    const { store: second } = await storeOn(t, database, { connections: 1 });
    const failing = second.write("*", async (tx) => {
      await tx.recordAccess([entry("never")], "2026-11-21T08:01:00.000Z");
      throw new Error("a bug");
    });
    await assert.rejects(failing);
    assert.deepEqual(await pinned(sql), []);
    await log(second, "two", "2026-11-21T08:01:01.000Z");
    assert.equal((await pinned(sql)).length, 1);
  });

  test(`STORE-LOG-4 the log of a write is there when the write is, and not before (${name})`, async () => {
    const { store, sql } = await postgres.shared();
    const lines = async (id: string): Promise<number> =>
      (await sql("SELECT 1 FROM access_log WHERE patient = $1", [id])).length;
    const writing = store.write("*", async (tx) => {
      await tx.insert("Patient", [rowOf(patient("logged"))]);
      await tx.recordAccess([entry(1, { patient: "logged" })], "2026-11-21T08:00:00.000Z");
      assert.equal(await lines("logged"), 0);
    });
    await writing;
    assert.equal(await lines("logged"), 1);
    await create(store, [rowOf(patient("also-logged"))]);
    assert.equal(await lines("also-logged"), 1);
  });
});
