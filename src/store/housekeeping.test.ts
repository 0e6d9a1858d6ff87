import assert from "node:assert/strict";
import { test } from "node:test";
import { storeOn, onEveryPostgres } from "./testing/contract.ts";

const DAY = 86_400_000;

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-HOUSE-1 a setting is what was last written, or nothing (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    assert.equal(await store.setting("demo"), undefined);
    for (const value of [{ seed: 7, done: false }, { seed: 7, done: true }, null, "text", [1, "å"]]) {
      await store.saveSetting("demo", value);
      assert.deepEqual(await store.setting("demo"), value);
    }
    assert.equal(await store.setting("dem"), undefined);
  });

  test(`STORE-HOUSE-2 tidying removes ended sessions and old keys, and nothing that is still of use (${name})`, async (t) => {
    const now = new Date();
    const { store, sql } = await postgres.store(t, { clock: () => now });
    await store.addSession("ended", {}, new Date(now.getTime() - 1));
    await store.addSession("lasting", {}, new Date(now.getTime() + DAY));
    for (const key of ["old", "touched", "fresh"]) {
      await store.write("*", async (tx) => {
        await tx.claimKey(1, "actor", key, "request");
        await tx.storeReply(1, "actor", key, "reply");
      });
    }
    await sql(
      "UPDATE idempotency SET created = created - interval '31 days', touched = touched - interval '31 days' WHERE key <> 'fresh'",
    );
    await store.write("*", async (tx) => void (await tx.claimKey(1, "actor", "touched", "request"))); // used again: kept
    assert.deepEqual(await store.tidy(30), { sessions: 1, keys: 1, openings: 0 });
    assert.deepEqual(await store.tidy(30), { sessions: 0, keys: 0, openings: 0 });
    assert.deepEqual(await sql("SELECT key FROM idempotency ORDER BY 1"), [{ key: "fresh" }, { key: "touched" }]);
    assert.ok(await store.findSession("lasting"));
  });

  test(`STORE-HOUSE-3 what may make the database forget what it acknowledged is told, as it holds for the store's sessions (${name})`, async (t) => {
    const { store, database } = await postgres.shared();
    const production = { production: true, ha: false };
    assert.deepEqual(await store.durabilityProblems(production), []);
    const config = { ...database.config, options: "-c synchronous_commit=off" };
    const { store: forgetful } = await storeOn(t, { ...database, config });
    assert.deepEqual(
      (await forgetful.durabilityProblems(production)).map(({ setting }) => setting),
      ["synchronous_commit"],
    );
    assert.deepEqual(await forgetful.durabilityProblems({ production: false, ha: false }), []);
    const standbys = await store.durabilityProblems({ production: true, ha: true });
    assert.deepEqual(
      standbys.map(({ setting }) => setting),
      ["synchronous_standby_names"],
    );
  });

  test(`STORE-HOUSE-4 a store is ready when its database answers with this build's schema, and not otherwise (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    assert.equal(await store.isReady(), true);
    await sql("INSERT INTO schema_migration (version, name, checksum) VALUES (9999, 'of-tomorrow', '')");
    assert.equal(await store.isReady(), false);
    await sql("DELETE FROM schema_migration WHERE version = 9999");
    assert.equal(await store.isReady(), true);
  });

  test(`STORE-HOUSE-5 openings that have ended are taken away, some at a time, and no others; what stands open is the same (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await sql(`INSERT INTO opening (patient, care_unit, source_provider, source_unit, rule, since, until)
      SELECT 'p' || n, 'u', 'v', 'u', 'ACC-NEED-CONTACT', since, until FROM generate_series(1, 3) AS n CROSS JOIN (VALUES
        (NULL::timestamptz, NULL::timestamptz), (NULL, 'infinity'), (NULL, now() + interval '1 minute'), (now() + interval '1 day', now() + interval '2 days'),
        (NULL, now() - interval '1 second'), (now() - interval '2 days', now() - interval '1 day')) AS v (since, until)`);
    const standing = (): Promise<unknown[]> =>
      store.read("v u one", (look) => look.care.openings(["p1", "p2", "p3", "p4"]));
    const before = await standing();
    assert.equal(before.length, 9);
    assert.equal((await store.tidy(30)).openings, 6);
    assert.deepEqual(await standing(), before);
    assert.equal((await store.tidy(30)).openings, 0);
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM opening"), [{ n: 12 }]);
    await sql(`INSERT INTO opening (patient, care_unit, source_provider, rule, until)
      SELECT 'p', 'u', 'v', 'ACC-NEED-CONTACT', now() - interval '1 hour' FROM generate_series(1, 10001)`);
    assert.equal((await store.tidy(30)).openings, 10_000);
    assert.equal((await store.tidy(30)).openings, 1);
  });
});
