/** Rules of SPEC.md: small writes that come at the same time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../base/index.ts";
import type { Reach } from "./connection.ts";
import type { NewRow } from "./resources.ts";
import type { Store } from "./store.ts";
import type { WriteTx } from "./transaction.ts";
import { onEveryPostgres, ownerOf } from "./testing/contract.ts";
import { changeOf, entry, insertInto, observation, OURS, patient, rowOf, THEIRS } from "./testing/rows.ts";

const SEED = 20_261_122;

/** As a creation does: it asks nothing. */
async function add(tx: WriteTx, rows: readonly NewRow[]): Promise<void> {
  for (const row of rows) await tx.insert(row.type, [row]);
  await tx.recordChanges(rows.map((row) => changeOf(row, "create")));
  const entries = rows.map(({ id, home, keys }) => entry(id, { action: "create", home, patient: keys.patient }));
  await tx.recordAccess(entries, rows[0]?.lastUpdated ?? "");
}

function reasonOf(told: PromiseSettledResult<unknown> | undefined): { message?: string; code?: string } {
  return told?.status === "rejected" ? (told.reason as Error) : {};
}

/** An observation of a patient who is demanded to be there. */
function observe(store: Store, id: string, of: string, reach: Reach = "*"): Promise<string> {
  return store.writeTogether(reach, async (tx) => {
    await add(tx, [rowOf(observation(id, of), { careProvider: reach === "*" ? OURS : reach })]);
    await tx.demand("Patient", [of]);
    return id;
  });
}

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-SHARE-1 of any mixture exactly the good ones are there, whole and once (${name}, seed ${SEED})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await store.write("*", (tx) => insertInto(tx, [rowOf(patient("p1")), rowOf(patient("p2"))]));
    const random = seededRandom(SEED);
    for (const bad of [0, 0.1, 0.6]) {
      const writes = Array.from({ length: 60 }, (_, n) => ({
        id: `o-${bad}-${n}`,
        kind: random.next() < bad ? random.pick(["nobody", "again", "ours to refuse"]) : "good",
      }));
      const told = await Promise.allSettled(
        writes.map(({ id, kind }) =>
          kind === "ours to refuse"
            ? store.writeTogether("*", () => Promise.reject(new RangeError(id)))
            : kind === "again"
              ? observe(store, "p1-twice", "p1")
              : observe(store, id, kind === "nobody" ? kind : random.pick(["p1", "p2"])),
        ),
      );
      const good = writes.filter(({ kind }) => kind === "good").map(({ id }) => id);
      for (const [at, { id, kind }] of writes.entries()) {
        const one = told[at];
        if (kind === "good") assert.deepEqual(one, { status: "fulfilled", value: id });
        if (kind === "nobody") assert.match(String(reasonOf(one)), /Error/);
        if (kind === "ours to refuse") assert.equal(reasonOf(one).message, id);
      }
      const ids = await sql<{ id: string }>("SELECT id FROM observation WHERE id LIKE $1 ORDER BY id", [`o-${bad}-%`]);
      assert.deepEqual(
        ids.map(({ id }) => id),
        good.toSorted(),
      );
    }
    // "again" had the same id each time: at most the first of all of them is there.
    const [twice] = await sql<{ n: number }>("SELECT count(*)::int AS n FROM observation WHERE id = 'p1-twice'");
    assert.equal(twice?.n, 1);
    const [lines] = await sql<{ n: number; changes: number; log: number; transactions: number }>(
      `SELECT (SELECT count(*)::int FROM observation) AS n, (SELECT count(*)::int FROM change_log WHERE type = 'Observation') AS changes,
              (SELECT count(*)::int FROM access_log WHERE entry LIKE '%"action":"create"%' AND entry LIKE '%request o-%' OR entry LIKE '%request p1-twice%') AS log,
              (SELECT count(DISTINCT xid)::int FROM change_log WHERE type = 'Observation' AND id LIKE 'o-0-%') AS transactions`,
    );
    assert.equal(lines?.changes, lines?.n);
    assert.equal(lines?.log, lines?.n);
    assert.ok((lines?.transactions ?? 60) < 20, `60 writes went in ${lines?.transactions} transactions`);
    assert.deepEqual((await store.verifyAccessLog([])).faults, []);
  });

  test(`STORE-SHARE-2 writes of different reach never go together (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await store.write("*", (tx) => insertInto(tx, [rowOf(patient("p1"))]));
    await Promise.all(Array.from({ length: 40 }, (_, n) => observe(store, `o${n}`, "p1", n % 2 === 0 ? OURS : THEIRS)));
    const mixed = await sql(
      "SELECT xid FROM change_log WHERE type = 'Observation' GROUP BY xid HAVING count(DISTINCT care_provider) > 1",
    );
    assert.deepEqual(mixed, []);
    // Each lock still holds: what belongs to somebody else is refused, and takes nobody of its group along.
    const stranger = store.writeTogether(OURS, (tx) =>
      add(tx, [rowOf(observation("x", "p1"), { careProvider: THEIRS })]),
    );
    const told = await Promise.allSettled([observe(store, "y", "p1", OURS), stranger, observe(store, "z", "p1", OURS)]);
    assert.deepEqual(
      told.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.equal(reasonOf(told[1]).code, "FORBIDDEN");
  });

  test(`STORE-SHARE-3 a write that asks, or has many rows, is done alone and once (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await store.write("*", (tx) => insertInto(tx, [rowOf(patient("p1"))]));
    const asking = store.writeTogether("*", async (tx) => {
      await add(tx, [rowOf(observation("asks", "p1"))]);
      return (await tx.read("Patient", "p1"))?.id;
    });
    const swallowing = store.writeTogether("*", async (tx) => {
      const found = await tx.visible("Patient", ["p1"]).catch(() => []);
      if (found.length > 0) await add(tx, [rowOf(observation("swallows", "p1"))]);
    });
    const large = store.writeTogether("*", (tx) =>
      add(
        tx,
        Array.from({ length: 30 }, (_, n) => rowOf(observation(`l${n}`, "p1"))),
      ),
    );
    const [answer] = await Promise.all([asking, swallowing, large, observe(store, "small", "p1")]);
    assert.equal(answer, "p1");
    const rows = await sql<{ n: number; changes: number; transactions: number }>(
      "SELECT count(DISTINCT id)::int AS n, count(*)::int AS changes, count(DISTINCT xid)::int AS transactions FROM change_log WHERE type = 'Observation'",
    );
    assert.deepEqual(rows, [{ n: 33, changes: 33, transactions: 4 }]);
  });

  test(`STORE-SHARE-4 nobody waits for a group that is held up (${name})`, async (t) => {
    const { store, sql, database } = await postgres.store(t);
    await store.write("*", (tx) => insertInto(tx, [rowOf(patient("held")), rowOf(patient("free"))]));
    const holder = await ownerOf(t, database);
    await holder.begin();
    await holder.many({ text: "SELECT 1 FROM patient WHERE id = 'held' FOR UPDATE" });
    let isDone = false;
    const waiting = observe(store, "waits", "held").finally(() => (isDone = true));
    await sleep(50);
    assert.deepEqual(await Promise.all([1, 2, 3].map((n) => observe(store, `goes${n}`, "free"))), [
      "goes1",
      "goes2",
      "goes3",
    ]);
    assert.ok(!isDone, "it waits for who holds the patient");
    await holder.rollback();
    assert.equal(await waiting, "waits");
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM observation"), [{ n: 4 }]);
  });

  test(`STORE-SHARE-5 each of a group is told that its outcome is unknown, or that nothing was done (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    // A commit that takes a while, because a check is put off until then.
    await sql(
      "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$",
    );
    await sql(
      "CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON patient DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger()",
    );
    const write = (id: string): Promise<void> => store.writeTogether("*", (tx) => add(tx, [rowOf(patient(id))]));
    const told = Promise.allSettled(["p1", "p2", "p3"].map(write));
    const committing = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    let found: { pid: number }[] = [];
    while (found.length === 0) found = await sql(committing);
    assert.equal(found.length, 1, "they go together");
    await sql("SELECT pg_terminate_backend($1)", [found[0]?.pid]);
    for (const one of await told) assert.equal(reasonOf(one).code, "OUTCOME_UNKNOWN");
    await sql("DROP TRIGGER linger ON patient");
    await sql("DROP FUNCTION linger");
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM patient"), [{ n: 0 }]);
    await Promise.all(["p1", "p2", "p3"].map(write));
    await store.close();
    for (const one of await Promise.allSettled(["p4", "p5"].map(write)))
      assert.equal(reasonOf(one).code, "UNAVAILABLE");
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM patient"), [{ n: 3 }]);
  });
});
