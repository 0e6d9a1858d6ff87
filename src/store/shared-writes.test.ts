/** Rules of SPEC.md: small writes that come at the same time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../base/index.ts";
import { referenceToken } from "../search/index.ts";
import type { Reach } from "./connection.ts";
import type { Needs } from "./gathered-write.ts";
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

/** What a change of one patient looks at. */
function patientsNeeds(id: string): Needs {
  return { locks: [`Patient/${id}`], rows: new Map([["Patient", new Set([id])]]) };
}

class NotThere extends Error {}

/** As an update or a deletion does: it looks at what stands, and writes the version after it. Answers its number. */
function change(store: Store, id: string, how: "update" | "delete", reach: Reach = "*"): Promise<number> {
  const work = async (tx: WriteTx): Promise<number> => {
    await tx.lock([`Patient/${id}`]);
    const [old] = await tx.readMany("Patient", [id]);
    if (old === undefined) throw new NotThere(id);
    const row = rowOf(patient(id), { version: old.version + 1 });
    if (how === "update") await tx.replace(row, old.home);
    else {
      await tx.remove("Patient", old, row.lastUpdated);
      const token = referenceToken("Patient", id);
      if ((await tx.firstWithToken(token)) !== undefined) throw new RangeError(`${id} is referred to`);
    }
    await tx.recordChanges([changeOf(row, how)]);
    await tx.recordAccess([entry(id, { action: how, home: row.home, patient: id })], row.lastUpdated);
    return row.version;
  };
  return store.writeTogether(reach, work, patientsNeeds(id));
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

  test(`STORE-SHARE-6 of any mixture of changes each success is one version, without a gap (${name}, seed ${SEED})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const random = seededRandom(SEED + 6);
    const ids = Array.from({ length: 14 }, (_, n) => `p${n}`);
    await store.write("*", (tx) =>
      insertInto(
        tx,
        ids.slice(0, 10).map((id) => rowOf(patient(id))),
      ),
    );
    const versions = new Map(ids.map((id, n) => [id, n < 10 ? [1] : []]));
    for (let wave = 0; wave < 6; wave += 1) {
      const wishes = Array.from({ length: 40 }, (_, n) => ({
        id: random.pick(ids),
        how: random.pick(["update", "update", "update", "delete", "observe"] as const),
        n,
      }));
      const told = await Promise.allSettled(
        wishes.map(({ id, how, n }) =>
          how === "observe" ? observe(store, `o-${wave}-${n}`, id) : change(store, id, how),
        ),
      );
      for (const [at, { id, how }] of wishes.entries()) {
        const one = told[at];
        if (one?.status === "fulfilled" && how !== "observe") versions.get(id)?.push(Number(one.value));
        if (one?.status === "rejected" && how === "update")
          assert.ok(one.reason instanceof NotThere, String(one.reason));
      }
    }
    for (const [id, numbers] of versions) {
      const last = numbers.length;
      assert.deepEqual(
        numbers.toSorted((a, b) => a - b),
        Array.from({ length: last }, (_, n) => n + 1),
        id,
      );
      const stored = await sql<{ version: number; isHistory: boolean }>(
        `SELECT version, false AS "isHistory" FROM patient WHERE id = $1 UNION ALL SELECT version, true FROM history WHERE type = 'Patient' AND id = $1 ORDER BY 1`,
        [id],
      );
      assert.deepEqual(
        stored.map(({ version }) => version),
        Array.from({ length: last }, (_, n) => n + 1),
        id,
      );
      assert.ok(
        stored.slice(0, -1).every(({ isHistory }) => isHistory),
        id,
      );
    }
    const dangling = "SELECT o.id FROM observation o LEFT JOIN patient p ON p.id = o.patient WHERE p.id IS NULL";
    assert.deepEqual(await sql(dangling), []);
    const [lines] = await sql<{ changes: number; transactions: number }>(
      `SELECT count(*)::int AS changes, count(DISTINCT xid)::int AS transactions FROM change_log WHERE method <> 'create'`,
    );
    assert.ok((lines?.transactions ?? 0) < (lines?.changes ?? 0), `${lines?.changes} in ${lines?.transactions}`);
    assert.deepEqual((await store.verifyAccessLog([])).faults, []);
  });

  test(`STORE-SHARE-7 what somebody refers to is not deleted, and takes nobody of its group along (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const ids = Array.from({ length: 24 }, (_, n) => `p${n}`);
    await store.write("*", (tx) =>
      insertInto(
        tx,
        ids.map((id) => rowOf(patient(id))),
      ),
    );
    await observe(store, "before", "p0");
    const deletions = Promise.allSettled(ids.map((id) => change(store, id, "delete")));
    const references = Promise.allSettled(["p1", "p2", "p3"].map((id) => observe(store, `at-${id}`, id)));
    const deleted = (await deletions).map(({ status }) => status === "fulfilled");
    const referred = (await references).map(({ status }) => status === "fulfilled");
    assert.equal(deleted[0], false);
    assert.ok(deleted.slice(4).every(Boolean), "nobody refers to these");
    for (const [n, isReferred] of referred.entries()) assert.equal(deleted[n + 1], !isReferred, `p${n + 1}`);
    const left = await sql<{ id: string }>("SELECT id FROM patient");
    assert.equal(left.length, deleted.filter((is) => !is).length);
  });

  test(`STORE-SHARE-8 a change that has to wait holds up none that came with it (${name})`, async (t) => {
    const { store, sql, database } = await postgres.store(t);
    await store.write("*", (tx) =>
      insertInto(
        tx,
        ["held", "a", "b", "c"].map((id) => rowOf(patient(id))),
      ),
    );
    const holder = await ownerOf(t, database);
    await holder.begin();
    await holder.many({ text: "SELECT 1 FROM patient WHERE id = 'held' FOR UPDATE" });
    let isDone = false;
    const waiting = change(store, "held", "update").finally(() => (isDone = true));
    const others = ["a", "b", "c"].map((id) => change(store, id, "update"));
    assert.deepEqual(await Promise.all(others), [2, 2, 2]);
    assert.ok(!isDone, "it waits for who holds the patient");
    await holder.rollback();
    assert.equal(await waiting, 2);
    assert.deepEqual(await sql("SELECT DISTINCT version FROM patient"), [{ version: 2 }]);
  });

  test(`STORE-SHARE-10 what is done at the end is done once for a group, after all its rows; refused, each is done alone (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await store.write("*", (tx) => insertInto(tx, [rowOf(patient("p1"))]));
    const ended: string[][] = [];
    const write = (id: string): Promise<void> =>
      store.writeTogether("*", async (tx) => {
        await add(tx, [rowOf(observation(id, "p1"))]);
        const run = async (at: WriteTx, items: readonly string[]): Promise<void> => {
          assert.equal((await at.readMany("Observation", items)).length, items.length);
          if (items.includes("bad")) throw new RangeError("bad");
          ended.push([...items]);
        };
        await tx.atEnd({ name: "all", run }, id);
      });
    await Promise.all(["a", "b", "c", "d"].map(write));
    assert.deepEqual(ended.flat().toSorted(), ["a", "b", "c", "d"]);
    assert.ok(ended.length < 4, `four ends were done in ${ended.length} turns`);
    const told = await Promise.allSettled(["e", "bad", "f"].map(write));
    assert.deepEqual(
      told.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    const there = await sql<{ id: string }>("SELECT id FROM observation ORDER BY id");
    assert.deepEqual(
      there.map(({ id }) => id),
      ["a", "b", "c", "d", "e", "f"],
    );
  });

  test(`STORE-SHARE-9 what was deleted is written again, and goes on counting (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const ids = Array.from({ length: 8 }, (_, n) => `p${n}`);
    await store.write("*", (tx) =>
      insertInto(
        tx,
        ids.slice(0, 6).map((id) => rowOf(patient(id))),
      ),
    );
    await Promise.all(ids.slice(0, 6).map((id) => change(store, id, "delete")));
    const put = (id: string): Promise<number> =>
      store.writeTogether(
        "*",
        async (tx) => {
          await tx.lock([`Patient/${id}`]);
          assert.deepEqual(await tx.readMany("Patient", [id]), []);
          const [last] = await tx.readLastVersions("Patient", [id]);
          const row = rowOf(patient(id), { version: (last?.version ?? 0) + 1 });
          await add(tx, [row]);
          return row.version;
        },
        patientsNeeds(id),
      );
    assert.deepEqual(await Promise.all(ids.map(put)), [3, 3, 3, 3, 3, 3, 1, 1]);
    const [log] = await sql<{ n: number }>(
      "SELECT count(DISTINCT xid)::int AS n FROM change_log WHERE version = 3 OR id IN ('p6', 'p7')",
    );
    assert.ok((log?.n ?? 8) < 8, `8 writes went in ${log?.n} transactions`);
  });
});
