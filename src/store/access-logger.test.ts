import assert from "node:assert/strict";
import { test } from "node:test";
import { onEveryPostgresAndSpread, sqlOf, storeOn, type StoreOfTest } from "./testing/contract.ts";
import { entry } from "./testing/rows.ts";

const count = async (sql: StoreOfTest["sql"], condition: string, values: readonly unknown[] = []): Promise<number> =>
  (await sql<{ n: number }>(`SELECT count(*)::int AS n FROM access_log WHERE ${condition}`, values))[0]?.n ?? 0;

onEveryPostgresAndSpread((postgres) => {
  const { name } = postgres;

  test(`STORE-LOG-GROUP-1 a hundred at once share a few commits, and none is answered before another can see its rows (${name})`, async (t) => {
    const { store, sql, database } = await postgres.store(t);
    const lookers = await Promise.all(Array.from({ length: 10 }, () => sqlOf(t, database)));
    let seenTooSoon = 0;
    const one = async (n: number): Promise<void> => {
      await store.recordAccess([entry(n), entry(`${n} again`)]);
      const look = lookers[n % 10 === 0 ? n / 10 : -1]; // a tenth of them look at once, each with a session of its own
      if (look !== undefined && (await count(look, "entry ~ $1", [`"request ${n}( again)?"`])) !== 2) seenTooSoon += 1;
    };
    await Promise.all(Array.from({ length: 100 }, (_, n) => one(n)));
    assert.equal(seenTooSoon, 0);
    assert.equal(await count(sql, "patient = 'p1'"), 200);
    const [row] = await sql<{ commits: number }>("SELECT count(DISTINCT xmin::text)::int AS commits FROM access_log");
    assert.ok((row?.commits ?? 100) <= 10, `${row?.commits} commits for 100 requests`);
    assert.deepEqual((await store.verifyAccessLog([])).faults, []);
  });

  test(`STORE-LOG-GROUP-2 when the log cannot be written, all who wait for it are refused, and it recovers by itself (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await store.recordAccess([entry("before")]);
    await sql("ALTER TABLE access_log RENAME TO away");
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => store.recordAccess([entry(n)])));
    for (const one of outcomes)
      assert.equal(one.status === "rejected" && (one.reason as { code: string }).code, "UNAVAILABLE");
    await sql("ALTER TABLE away RENAME TO access_log");
    await store.recordAccess([entry("after")]);
    // Its session ends while it is idle, and while it writes.
    for (const isBusy of [false, true]) {
      const writing = isBusy
        ? Promise.allSettled(Array.from({ length: 50 }, (_, n) => store.recordAccess([entry(`busy ${n}`)])))
        : undefined;
      await sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'eira'",
      );
      for (const [n, one] of ((await writing) ?? []).entries()) {
        const rows = await count(sql, "entry LIKE $1", [`%"request busy ${n}"%`]);
        if (one.status === "fulfilled") assert.equal(rows, 1, "answered and not there");
      }
      while ((await store.recordAccess([entry("again")]).catch(() => "again")) === "again");
    }
    assert.deepEqual((await store.verifyAccessLog([])).faults, []);
  });

  test(`STORE-LOG-GROUP-3 large groups are parted, a large request is not, and order is kept within each (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const many = (request: string, n: number) =>
      Array.from({ length: n }, (_, at) => entry(at, { request, action: `a${at}` }));
    await Promise.all([
      store.recordAccess(many("small", 900)),
      store.recordAccess(many("next", 900)),
      store.recordAccess(many("third", 900)),
      store.recordAccess(many("huge", 5000)),
    ]);
    const rows = await sql<{ request: string; n: number; commits: number; ordered: boolean }>(
      `SELECT e.request, count(*)::int AS n, count(DISTINCT a.xmin::text)::int AS commits,
              array_agg(e.action ORDER BY a.seq) = array_agg(e.action ORDER BY substr(e.action, 2)::int) AS ordered
       FROM access_log a, json_to_record(a.entry::json) AS e(request text, action text) GROUP BY e.request ORDER BY n, 1`,
    );
    assert.deepEqual(
      rows,
      [
        ["next", 900],
        ["small", 900],
        ["third", 900],
        ["huge", 5000],
      ].map(([request, n]) => ({ request, n, commits: 1, ordered: true })),
    );
    const [row] = await sql<{ commits: number }>("SELECT count(DISTINCT xmin::text)::int AS commits FROM access_log");
    assert.equal(row?.commits, 3);
    await store.recordAccess([]);
  });

  test(`STORE-LOG-GROUP-4 closing waits for what is on its way (${name})`, async () => {
    const { database, sql } = await postgres.shared();
    const scope = { after: () => undefined };
    const { store } = await storeOn(scope, database);
    const pending = Array.from({ length: 10 }, (_, n) => store.recordAccess([entry(`closing ${n}`)]));
    await store.close();
    await Promise.all(pending);
    assert.equal(await count(sql, `entry LIKE '%"request closing %'`), 10);
  });
});
