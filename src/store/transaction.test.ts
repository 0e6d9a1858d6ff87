import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fhirError } from "../fhir/index.ts";
import { Connection, type Sql } from "./connection.ts";
import type { Store } from "./store.ts";
import type { WriteTx } from "./transaction.ts";
import { NotAsDemanded } from "./not-as-demanded.ts";
import { onEveryPostgresAndSpread, sqlOf, storeOn, type StoreOfTest } from "./testing/contract.ts";
import { changeOf, countAll, create, entry, insertInto, observation, patient, rowOf } from "./testing/rows.ts";

const NOW = "2026-11-21T08:00:00.000Z";

/** Everything that a request can write, in one transaction. */
async function everything(tx: WriteTx, id: string): Promise<void> {
  await insertInto(tx, [rowOf(patient(id)), rowOf(observation(`${id}-o`, id))]);
  await tx.replace(rowOf(observation(`${id}-o`, id, 6), { version: 2 }));
  await tx.claimKey(1, "actor", `key-${id}`, "request");
  await tx.storeReply(1, "actor", `key-${id}`, "[]");
  await tx.enqueue([{ home: 1, topic: "t", payload: { id } }]);
}

/** Changes the resource to its next version, as the journal does: reads, then replaces. */
async function next(tx: WriteTx, id: string): Promise<number> {
  const version = ((await tx.read("Patient", id))?.version ?? 0) + 1;
  const row = rowOf(patient(id, `v${version}`), { version });
  await tx.replace(row);
  await tx.recordChanges([changeOf(row, "update")]);
  return version;
}

/** Two gates that let each other through only when both have come. */
function meeting(): () => Promise<void> {
  let come = 0;
  let open = (): void => undefined;
  const both = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if ((come += 1) >= 2) open();
    return Promise.race([both, sleep(3000)]);
  };
}

/** Ends the session that a transaction runs in, from outside. */
async function kill(tx: Pick<WriteTx, "search">, sql: StoreOfTest["sql"]): Promise<void> {
  const [row] = await tx.search({ text: "SELECT pg_backend_pid() AS pid" });
  await sql("SELECT pg_terminate_backend($1)", [row?.["pid"]]);
}

/** A store on the same database whose sessions have other settings. */
async function storeWith(t: TestContext, { database }: StoreOfTest, settings: string): Promise<Store> {
  const { store } = await storeOn(t, { ...database, config: { ...database.config, options: settings } });
  return store;
}

onEveryPostgresAndSpread((postgres) => {
  const { name } = postgres;

  test(`STORE-TX-1 a transaction leaves everything, or when it fails nothing at all (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const empty = await countAll(sql);
    for (const bad of [
      () => Promise.reject(new Error("a bug")),
      () => Promise.reject(fhirError("VERSION_CONFLICT")),
      (tx: WriteTx) => tx.search({ text: "SELECT 1/0" }),
      (tx: WriteTx) => kill(tx, sql).then(() => tx.read("Patient", "x")),
    ]) {
      const failing = store.write("*", async (tx) => {
        await everything(tx, "p1");
        await bad(tx);
      });
      await assert.rejects(failing);
      assert.deepEqual(await countAll(sql), empty);
    }
    await store.write("*", (tx) => everything(tx, "p1"));
    assert.deepEqual(await countAll(sql), {
      patient: 1,
      observation: 1,
      history: 1,
      change_log: 2,
      access_log: 2,
      access_log_head: 1,
      outbox: 1,
      idempotency: 1,
    });
  });

  test(`STORE-TX-2 who takes the same locks waits, in whatever order they are named, and no two wait for each other (${name})`, async () => {
    const { store } = await postgres.shared();
    const inside = new Map<string, number>();
    const names = ["a", "b", "c", "d"];
    const work = (n: number): Promise<void> =>
      store.write("*", async (tx) => {
        const mine = names.filter((_, at) => ((n + at) * 7) % 3 !== 0);
        await tx.lock(n % 2 === 0 ? mine : mine.toReversed());
        await tx.search({ text: "SELECT 1" }); // the locks are taken before whatever is asked next
        for (const one of mine) {
          inside.set(one, (inside.get(one) ?? 0) + 1);
          assert.equal(inside.get(one), 1, `two hold ${one}`);
        }
        await sleep(1);
        for (const one of mine) inside.set(one, 0);
      });
    await Promise.all(Array.from({ length: 40 }, (_, n) => work(n)));
    await store.write("*", (tx) => tx.lock([]));
  });

  test(`STORE-TX-3 a deadlock is tried again, and both changes are there (${name})`, async () => {
    const { store } = await postgres.shared();
    await create(store, [rowOf(patient("dead-a")), rowOf(patient("dead-b"))]);
    const meet = meeting();
    let attempts = 0;
    const crossing = (first: string, second: string): Promise<number> =>
      store.write("*", async (tx) => {
        attempts += 1;
        await next(tx, first);
        await meet();
        return next(tx, second);
      });
    // The one that is tried again may find that the other got there first: then it is asked again, as a client would.
    const untilDone = (first: string, second: string): Promise<number> =>
      crossing(first, second).catch((error: unknown) => {
        assert.match(String(error), /VERSION_CONFLICT/);
        return untilDone(first, second);
      });
    await Promise.all([untilDone("dead-a", "dead-b"), untilDone("dead-b", "dead-a")]);
    assert.ok(attempts > 2, "there was no deadlock");
    const versions = await store.read("*", (read) => read.readMany("Patient", ["dead-a", "dead-b"]));
    assert.deepEqual(
      versions.map(({ version }) => version),
      [3, 3],
    );
  });

  test(`STORE-TX-4 a serialization failure is tried again, and no change is lost (${name})`, async (t) => {
    const shared = await postgres.shared();
    const store = await storeWith(t, shared, "-c default_transaction_isolation=serializable");
    await create(store, [rowOf(patient("ser-1"))]);
    let attempts = 0;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () =>
        store.write("*", (tx) => {
          attempts += 1;
          return next(tx, "ser-1");
        }),
      ),
    );
    const written = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    assert.ok(attempts > 6, "nothing failed to serialize");
    for (const one of outcomes)
      if (one.status === "rejected") assert.match(String(one.reason), /VERSION_CONFLICT|CONFLICT/);
    assert.equal((await store.read("*", (read) => read.read("Patient", "ser-1")))?.version, 1 + written.length);
    assert.equal(new Set(written).size, written.length);
  });

  test(`STORE-TX-5 what stays in the way for too long ends in a refusal that says that nothing was changed (${name})`, async (t) => {
    const shared = await postgres.shared();
    await create(shared.store, [rowOf(patient("held"))]);
    const holder = await sqlOf(t, shared.database);
    await holder("BEGIN");
    await holder("SELECT 1 FROM patient WHERE id = 'held' FOR UPDATE");
    let attempts = 0;
    const work = (tx: WriteTx): Promise<number> => {
      attempts += 1;
      return next(tx, "held");
    };
    const hasty = await storeWith(t, shared, "-c lock_timeout=20");
    await assert.rejects(hasty.write("*", work), { code: "CONFLICT" });
    assert.equal(attempts, 8);
    const slow = await storeOn(t, shared.database, { statementTimeout: 100 });
    await assert.rejects(slow.store.write("*", work), { code: "UNAVAILABLE" });
    await assert.rejects(
      slow.store.read("*", (read) => read.search({ text: "SELECT pg_sleep(1)" })),
      { code: "SEARCH_TOO_COSTLY" },
    );
    await holder("ROLLBACK");
    assert.equal(await slow.store.write("*", work), 2); // the connection is as good as before
  });

  test(`STORE-TX-6 a session that ends before the commit leaves nothing, and is UNAVAILABLE (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const doomed = store.write("*", async (tx) => {
      await insertInto(tx, [rowOf(patient("p1"))]);
      await kill(tx, sql);
      await tx.read("Patient", "p1");
    });
    await assert.rejects(doomed, { code: "UNAVAILABLE" });
    const reading = store.read("*", async (read) => {
      await kill(read, sql);
      await read.read("Patient", "p1");
    });
    await assert.rejects(reading, { code: "UNAVAILABLE" });
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM patient"), [{ n: 0 }]);
    await create(store, [rowOf(patient("p1"))]);
  });

  test(`STORE-TX-7 a session that ends while it commits is OUTCOME_UNKNOWN, whichever way it went (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    // A commit that takes a while, because a check is put off until then.
    await sql(
      "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$",
    );
    await sql(
      "CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON patient DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()",
    );
    const doomed = assert.rejects(create(store, [rowOf(patient("p1"))]), { code: "OUTCOME_UNKNOWN" });
    const committing = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    let found: { pid: number }[] = [];
    while (found.length === 0) found = await sql(committing);
    await sql("SELECT pg_terminate_backend($1)", [found[0]?.pid]);
    await doomed;
    await sql("DROP TRIGGER dawdle ON patient");
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM patient"), [{ n: 0 }]);
    await create(store, [rowOf(patient("p1"))]);
  });

  test(`STORE-TX-8 an error that somebody swallowed inside does not become a success (${name})`, async () => {
    const { store, sql } = await postgres.shared();
    const swallowed = store.write("*", async (tx) => {
      await tx.insert("Patient", [rowOf(patient("swallowed"))]);
      await tx.search({ text: "SELECT 1/0" }).catch(() => undefined);
    });
    await assert.rejects(swallowed, { code: "OUTCOME_UNKNOWN" });
    assert.deepEqual(await sql("SELECT 1 FROM patient WHERE id = 'swallowed'"), []);
  });

  test(`STORE-TX-9 a key is done once: the same request gets the same answer, another request is refused (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    let done = 0;
    const ask = (request: string, actor = "actor"): Promise<string> =>
      store.write("*", async (tx) => {
        const before = await tx.claimKey(7, actor, "key", request);
        if (before !== undefined) return before;
        await sleep(5);
        await insertInto(tx, [rowOf(patient(`made-${(done += 1)}`))]);
        await tx.storeReply(7, actor, "key", `made-${done}`);
        return `made-${done}`;
      });
    assert.equal(await ask("one"), "made-1");
    assert.equal(await ask("one"), "made-1");
    await assert.rejects(ask("two"), { code: "IDEMPOTENCY_KEY_REUSED" });
    assert.equal(await ask("one"), "made-1"); // the refusal changed nothing
    assert.equal(await ask("two", "another actor"), "made-2"); // keys are each actor's own
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM patient"), [{ n: 2 }]);
    // Twenty at once, of which the first to come may fail.
    const many = await Promise.all(Array.from({ length: 20 }, () => ask("one", "many")));
    assert.deepEqual(new Set(many), new Set(["made-3"]));
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM patient"), [{ n: 3 }]);
  });

  test(`STORE-TX-10 a key whose write failed is free again, and a failed duplicate does not harm the first (${name})`, async () => {
    const { store, sql } = await postgres.shared();
    const failing = store.write("*", async (tx) => {
      await tx.claimKey(0, "actor", "again", "request");
      throw fhirError("VERSION_CONFLICT");
    });
    await assert.rejects(failing);
    const second = await store.write("*", async (tx) => {
      assert.equal(await tx.claimKey(0, "actor", "again", "request"), undefined);
      await tx.storeReply(0, "actor", "again", "done");
      return "done";
    });
    assert.equal(second, "done");
    const duplicate = store.write("*", async (tx) => {
      assert.equal(await tx.claimKey(0, "actor", "again", "request"), "done");
      throw new Error("lost");
    });
    await assert.rejects(duplicate);
    assert.deepEqual(await sql("SELECT reply FROM idempotency WHERE key = 'again'"), [{ reply: "done" }]);
  });

  test(`STORE-TX-11 a duplicate writes too, so that its answer waits for the commit like the first (${name})`, async () => {
    const { store } = await postgres.shared();
    const claim = (key: string): Promise<unknown> =>
      store.write("*", async (tx) => {
        const before = await tx.claimKey(0, "actor", key, "request");
        if (before === undefined) await tx.storeReply(0, "actor", key, "done");
        return (await tx.search({ text: "SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS writes" }))[0]?.[
          "writes"
        ];
      });
    assert.deepEqual([await claim("wal"), await claim("wal"), await claim("wal")], [true, true, true]);
    const reading = await store.write("*", (tx) =>
      tx.search({ text: "SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS writes" }),
    );
    assert.deepEqual(reading, [{ writes: false }]); // the look sees the difference
  });

  test(`STORE-TX-12 the text of a version is found wherever it lies, and nothing out of reach (${name})`, async () => {
    const { store } = await postgres.shared();
    const [first, second] = [rowOf(observation("ver", "p"), {}), rowOf(observation("ver", "p", 6), { version: 2 })];
    await create(store, [first]);
    await store.write("*", (tx) => tx.replace(second));
    const texts = (reach: string): Promise<(string | null)[]> =>
      store.write(reach, async (tx) => [
        await tx.readVersion("Observation", "ver", 1),
        await tx.readVersion("Observation", "ver", 2),
        await tx.readVersion("Observation", "ver", 3),
      ]);
    assert.deepEqual(await texts("*"), [first.content, second.content, null]);
    assert.deepEqual(await texts("another"), [null, null, null]);
  });

  test(`STORE-TX-13 what refers to something is found by its search key, whatever its type (${name})`, async () => {
    const { store } = await postgres.shared();
    const row = rowOf(observation("referring", "referred"));
    await create(store, [row]);
    const token = row.keys.tokens.at(-1) ?? "";
    assert.match((await store.write("*", (tx) => tx.firstWithToken(token))) ?? "", /^[A-Z]\w+\/.+/);
    assert.equal(await store.write("*", (tx) => tx.firstWithToken("123456789")), undefined);
    assert.equal(await store.write("", (tx) => tx.firstWithToken(token)), undefined);
  });

  test(`STORE-TX-14 the access log, change log and outbox of a write take none and many (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await store.write("*", async (tx) => {
      await tx.recordChanges([]);
      await tx.recordAccess([], NOW);
      await tx.enqueue([]);
    });
    assert.deepEqual((await countAll(sql))["change_log"], 0);
    await store.write("*", async (tx) => {
      await tx.recordChanges(Array.from({ length: 1000 }, (_, n) => changeOf(rowOf(patient(`p${n}`)), "create")));
      await tx.recordAccess(
        Array.from({ length: 1000 }, (_, n) => entry(n)),
        NOW,
      );
      await tx.enqueue(Array.from({ length: 1000 }, (_, n) => ({ home: n, topic: "t", payload: { n, text: "åäö" } })));
    });
    const counts = await countAll(sql);
    assert.deepEqual([counts["change_log"], counts["access_log"], counts["outbox"]], [1000, 1000, 1000]);
  });

  test(`STORE-TX-15 when the transaction does not begin, nothing of the write is done (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const { train } = Connection.prototype;
    t.after(() => void (Connection.prototype.train = train));
    // As when somebody cancels a statement a moment too late and hits the BEGIN after it.
    Connection.prototype.train = function (this: Connection, statements: readonly Sql[]) {
      const broken = { text: "BEGIN, as PostgreSQL does not understand it" };
      return train.call(
        this,
        statements.map((one) => (one.text === "BEGIN" ? broken : one)),
      );
    };
    const asked = store.write("*", async (tx) => {
      await everything(tx, "p2");
      await tx.read("Patient", "p2");
    });
    await assert.rejects(asked, { code: "42601" });
    Connection.prototype.train = train;
    assert.deepEqual(new Set(Object.values(await countAll(sql))), new Set([0]));
    await create(store, [rowOf(patient("p1"))]);
  });

  test(`STORE-TX-16 a server that may only be read, as after a failover, is UNAVAILABLE and no fault of ours (${name})`, async (t) => {
    const shared = await postgres.shared();
    const standby = await storeWith(t, shared, "-c default_transaction_read_only=on");
    await assert.rejects(create(standby, [rowOf(patient("on-a-standby"))]), { code: "UNAVAILABLE" });
    assert.equal(await standby.read("*", (read) => read.read("Patient", "on-a-standby")), undefined);
  });

  test(`STORE-TX-17 what is demanded and does not hold refuses the write, and nothing of it is done (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await create(store, [rowOf(patient("there")), rowOf(patient("there-too"))]);
    for (const demanded of [["gone"], ["there", "gone"], ["there", "there-too", "gone"]]) {
      const refused = store.write("*", async (tx) => {
        await everything(tx, "new");
        await tx.demand("Patient", demanded);
      });
      await assert.rejects(refused, NotAsDemanded);
    }
    assert.deepEqual(await sql("SELECT id FROM patient ORDER BY id"), [{ id: "there" }, { id: "there-too" }]);
    await store.write("*", async (tx) => {
      await everything(tx, "new");
      await tx.demand("Patient", ["there", "there-too"]);
      await tx.demand("Patient", ["new"]); // what it writes itself is there
    });
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM patient"), [{ n: 3 }]);
  });

  test(`STORE-TX-18 a fault that somebody swallowed is what a later statement's refusal is told as (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await create(store, [rowOf(patient("p1"))]);
    const swallowed = store.write("*", async (tx) => {
      await tx.replace(rowOf(patient("p1"), { version: 7 })); // there is no version 6 to replace
      await tx.read("Patient", "p1").catch(() => undefined);
      await everything(tx, "p2");
    });
    await assert.rejects(swallowed, { code: "VERSION_CONFLICT" });
    assert.deepEqual(await sql("SELECT id, version FROM patient"), [{ id: "p1", version: 1 }]);
  });

  test(`STORE-TX-19 a text that PostgreSQL takes for none is the caller's fault, and nothing is done (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const bad: readonly Sql[] = [
      { text: "SELECT $1::text", values: ["a\0b"] },
      { text: "SELECT $1::jsonb", values: [String.raw`{"a":"\u0000"}`] },
    ];
    for (const statement of bad) {
      await assert.rejects(
        store.read("*", (look) => look.search(statement)),
        { code: "REQUEST_MALFORMED", status: 400 },
      );
      const write = store.write("*", async (tx) => {
        await everything(tx, "p1");
        await tx.search(statement);
      });
      await assert.rejects(write, { code: "REQUEST_MALFORMED", status: 400 });
    }
    assert.deepEqual(await sql("SELECT id FROM patient"), []);
  });
});
