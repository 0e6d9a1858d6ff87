import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { APP_ROLE, Connection, type Reach } from "./connection.ts";
import { Pool } from "./pool.ts";
import { START } from "./change-log.ts";
import type { ReadTx } from "./reading.ts";
import { onEveryPostgresAndSpread, sqlOf } from "./testing/contract.ts";
import { create, entry, observation, OURS, patient, rowOf, THEIRS, update } from "./testing/rows.ts";

const ANYTHING = {
  text: "SELECT id FROM observation UNION ALL SELECT id FROM patient UNION ALL SELECT id FROM organization UNION ALL SELECT id FROM history UNION ALL SELECT id FROM change_log",
};
const OBSERVATIONS = { text: "SELECT id FROM observation ORDER BY id" };

const idsOf = (rows: readonly Readonly<Record<string, unknown>>[]): string[] =>
  rows.map(({ id }) => String(id)).toSorted();

/** One resource of each kind of owner, each with a second version. */
const ROWS = (version: number) => [
  rowOf(observation("of-ours", "p1", version), { version }),
  rowOf(observation("of-theirs", "p1", version), { version, careProvider: THEIRS }),
  rowOf(observation("of-nobody", "p1", version), { version, careProvider: null }),
  rowOf({ resourceType: "Organization", id: "directory", name: `v${version}` }, { version, careProvider: null }),
  rowOf(patient("p1", `v${version}`), { version, careProvider: THEIRS }),
];

onEveryPostgresAndSpread((postgres) => {
  test(`STORE-CONN-1 and STORE-CONN-2 a reach sees what it may and nothing else; no reach sees nothing (${postgres.name})`, async (t) => {
    const { store } = await postgres.store(t);
    await create(store, ROWS(1));
    for (const row of ROWS(2)) await update(store, row);
    const seen = (reach: Reach, look: (read: ReadTx) => Promise<readonly Readonly<Record<string, unknown>>[]>) =>
      store.read(reach, async (read) => idsOf(await look(read)));
    const all = ["directory", "of-nobody", "of-ours", "of-theirs", "p1"];
    const ours = ["directory", "of-ours", "p1"];
    const looks: Record<string, (read: ReadTx) => Promise<readonly Readonly<Record<string, unknown>>[]>> = {
      current: (read) =>
        read.search({
          text: "SELECT id FROM observation UNION ALL SELECT id FROM patient UNION ALL SELECT id FROM organization",
        }),
      history: (read) => read.search({ text: "SELECT id FROM history" }),
      changes: async (read) => (await read.changeHistory({ limit: 100 })).filter(({ method }) => method === "create"),
    };
    for (const [name, look] of Object.entries(looks)) {
      assert.deepEqual(await seen("*", look), all, name);
      assert.deepEqual(await seen(OURS, look), ours, name);
      assert.deepEqual(await seen("", look), [], name);
      assert.deepEqual(await seen("SE-nobody", look), ["directory", "p1"], name);
    }
    assert.deepEqual(await seen("", (read) => read.search(ANYTHING)), []);
    assert.deepEqual(await store.read("", (read) => read.readersOf("p1", undefined, 10)), []); // the access log too
    assert.equal((await store.read(OURS, (read) => read.readersOf("p1", undefined, 100))).length, 8);
    // Readers of the change log serve the whole region; other databases of the cluster may hold them back for a while.
    while ((await store.changes(START, 100)).length < 10) await sleep(20);
    assert.equal((await store.changes(START, 100)).length, 10);
  });

  test(`STORE-CONN-3 what is out of reach cannot be written, changed or removed either (${postgres.name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await create(store, ROWS(1));
    const theirs = rowOf(observation("new", "p1"), { careProvider: THEIRS });
    for (const reach of [OURS, ""]) await assert.rejects(create(store, [theirs], reach), { code: "FORBIDDEN" }, reach);
    await assert.rejects(create(store, [rowOf(observation("new", "p1"), { careProvider: null })], OURS), {
      code: "FORBIDDEN",
    });
    await assert.rejects(update(store, rowOf(observation("of-theirs", "p1", 9), { version: 2 }), OURS), {
      code: "VERSION_CONFLICT",
    });
    await assert.rejects(
      update(store, rowOf(observation("of-theirs", "p1", 9), { version: 2, careProvider: THEIRS }), OURS),
      { code: "VERSION_CONFLICT" },
    );
    // Not given away either: the new version would be somebody else's.
    await assert.rejects(
      update(store, rowOf(observation("of-ours", "p1", 9), { version: 2, careProvider: THEIRS }), OURS),
      { code: "FORBIDDEN" },
    );
    await create(store, [rowOf(observation("mine", "p1"))], OURS);
    assert.deepEqual(
      await sql("SELECT id, version FROM observation ORDER BY id"),
      ["mine", "of-nobody", "of-ours", "of-theirs"].map((id) => ({ id, version: 1 })),
    );
    await store.recordAccess([entry("refused", { outcome: "refused" })]); // written for somebody without any reach
  });

  test(`STORE-CONN-4 the connection works as the role without bypass, whoever logged in (${postgres.name})`, async (t) => {
    const { store } = await postgres.store(t);
    const who = await store.read("*", (read) =>
      read.search({ text: "SELECT current_user::text AS id, current_setting('row_security') AS security" }),
    );
    assert.deepEqual(who, [{ id: APP_ROLE, security: "on" }]);
    for (const statement of [
      "UPDATE access_log SET entry = ''",
      "DELETE FROM history",
      "TRUNCATE access_log",
      "ALTER TABLE history DISABLE ROW LEVEL SECURITY",
      "INSERT INTO client_token VALUES ('', '', '', '', '', now(), now())",
    ]) {
      await assert.rejects(
        store.write("*", async (tx) => void (await tx.search({ text: statement }))),
        { code: "FORBIDDEN" },
        statement,
      );
    }
  });

  test(`STORE-CONN-5 numbers of eight bytes and times come as PostgreSQL wrote them (${postgres.name})`, async () => {
    const { store } = await postgres.shared();
    const [row] = await store.read("*", (read) =>
      read.search({
        text: "SELECT 9223372036854775807::int8 AS n, '2026-11-21 08:00:00.123456+01'::timestamptz AS at, 7::int4 AS small, '{\"a\":1}'::jsonb AS json",
      }),
    );
    assert.deepEqual(row, { n: "9223372036854775807", at: "2026-11-21 07:00:00.123456+00", small: 7, json: { a: 1 } });
  });

  test(`STORE-CONN-6 an opening that fails half way leaves no session behind (${postgres.name})`, async (t) => {
    const database = await postgres.migrated(t);
    const sql = await sqlOf(t, database);
    for (let n = 0; n < 5; n += 1)
      await assert.rejects(Connection.open(database.config, "no_such_role"), /no_such_role/);
    const sessions =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for (let wait = 0; wait < 100 && (await sql<{ n: number }>(sessions))[0]?.n !== 0; wait += 1) await sleep(20);
    assert.deepEqual(await sql(sessions), [{ n: 0 }]);
  });

  test(`STORE-CONN-7 a statement that commits by itself and whose answer is lost is OUTCOME_UNKNOWN (${postgres.name})`, async (t) => {
    const { store, database, sql } = await postgres.store(t);
    const holder = await sqlOf(t, database);
    await holder("BEGIN");
    await holder("LOCK TABLE setting");
    const lost = assert.rejects(store.saveSetting("name", 1), { code: "OUTCOME_UNKNOWN" });
    const waiting =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'eira' AND wait_event_type = 'Lock'";
    while ((await sql(waiting)).length === 0) await sleep(5);
    await lost;
    await holder("ROLLBACK");
    await assert.rejects(store.saveSetting("name", undefined), { code: "23502" }); // what PostgreSQL refuses is known not to be done
    await store.saveSetting("name", 2);
    assert.equal(await store.setting("name"), 2);
  });

  test(`STORE-POOL-2 a connection given back never keeps another's reach (${postgres.name})`, async (t) => {
    const { store, database, sql } = await postgres.store(t);
    await create(store, ROWS(1));
    const pool = new Pool({ config: database.config, role: APP_ROLE, size: 2, patience: 10_000 });
    t.after(() => pool.close());
    const visible: Record<string, string[]> = {
      "": [],
      "*": ["of-nobody", "of-ours", "of-theirs"],
      [OURS]: ["of-ours"],
      [THEIRS]: ["of-theirs"],
    };
    const act = fc.constantFrom("read", "fail", "rollback", "open", "kill");
    const step = fc.record({ reach: fc.constantFrom(...Object.keys(visible)), act, together: fc.boolean() });
    const visit = (reach: string, what: string): Promise<void> =>
      pool.with(reach, async (connection) => {
        assert.deepEqual(idsOf(await connection.many(OBSERVATIONS)), visible[reach], `${reach} ${what}`);
        if (what === "fail") await assert.rejects(connection.many({ text: "SELECT 1/0" }));
        if (what === "rollback") {
          await connection.begin();
          await assert.rejects(connection.many({ text: "SELECT 1/0" }));
          await connection.rollback();
        }
        if (what === "kill") {
          const [own] = await connection.many({ text: "SELECT pg_backend_pid() AS pid" });
          await sql("SELECT pg_terminate_backend($1)", [own?.["pid"]]);
          await assert.rejects(connection.many(OBSERVATIONS));
        } else assert.deepEqual(idsOf(await connection.many(OBSERVATIONS)), visible[reach], `${reach} after ${what}`);
      });
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      let running: Promise<void>[] = [];
      for (const { reach, act: what, together } of steps) {
        running.push(visit(reach, what));
        if (together) continue;
        await Promise.all(running);
        running = [];
      }
      await Promise.all(running);
    });
    await fc.assert(property, { seed: 20261121, numRuns: 60 });
  });
});
