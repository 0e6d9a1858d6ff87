import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../base/index.ts";
import type { ClaimedMessage } from "./outbox.ts";
import type { Store } from "./store.ts";
import { onEveryPostgres, type StoreOfTest } from "./testing/contract.ts";

const SEED = 20261121;

const enqueue = (store: Store, n: number): Promise<void> =>
  store.write("*", (tx) =>
    tx.enqueue(Array.from({ length: n }, (_, at) => ({ home: at % 7, topic: "t", payload: { at } }))),
  );
const left = async (sql: StoreOfTest["sql"]): Promise<number> =>
  (await sql<{ n: number }>("SELECT count(*)::int AS n FROM outbox"))[0]?.n ?? -1;
const failure = (park: boolean, delaySeconds = 0) => ({ error: "no answer", delaySeconds, park });

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-OUTBOX-1 a message is claimed by one of sixteen workers, tried again until it is done, and done once (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t, { connections: 16 });
    await enqueue(store, 300);
    const held = new Map<string, string>();
    const done = new Map<string, number>();
    const worker = async (who: string): Promise<void> => {
      const random = seededRandom(`${SEED} ${who}`);
      while (done.size < 300) {
        for (const message of await store.outbox.claim(who, 1 + random.int(9), 60)) {
          assert.equal(held.get(message.id), undefined, "two workers hold it");
          held.set(message.id, who);
          await sleep(random.int(3));
          held.delete(message.id);
          if (random.int(4) === 0) await store.outbox.fail(who, message, failure(false));
          else if (await store.outbox.finish(who, message)) done.set(message.id, (done.get(message.id) ?? 0) + 1);
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, n) => worker(`worker ${n}`)));
    assert.deepEqual([done.size, Math.max(...done.values()), await left(sql)], [300, 1, 0]);
  });

  test(`STORE-OUTBOX-2 a lease that has run out gives the message to another, and the first one's finish answers false (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await enqueue(store, 1);
    const [first] = await store.outbox.claim("a", 10, 0.05);
    assert.ok(first);
    assert.deepEqual(await store.outbox.claim("b", 10, 60), []);
    await sleep(80);
    const [second] = await store.outbox.claim("b", 10, 60);
    assert.deepEqual([second?.id, second?.attempts], [first.id, 2]);
    assert.equal(await store.outbox.finish("a", first), false);
    await store.outbox.fail("a", first, failure(true)); // nor may it park what is another's
    assert.equal(await left(sql), 1);
    assert.equal(await store.outbox.finish("b", second as ClaimedMessage), true);
    assert.equal(await store.outbox.finish("b", second as ClaimedMessage), false); // the second click
    assert.equal(await left(sql), 0);
  });

  test(`STORE-OUTBOX-3 a worker that claimed the same message again does not take its own earlier claim for the later (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await enqueue(store, 1);
    const [first] = await store.outbox.claim("a", 1, 0.02);
    await sleep(40);
    const [second] = await store.outbox.claim("a", 1, 60);
    assert.ok(first && second);
    assert.equal(await store.outbox.finish("a", first), false);
    await store.outbox.fail("a", first, failure(false));
    assert.deepEqual(await sql("SELECT claimed_by, attempts FROM outbox"), [{ claimed_by: "a", attempts: 2 }]);
    assert.equal(await store.outbox.finish("a", second), true);
  });

  test(`STORE-OUTBOX-4 a failed message is due again after its delay, and a parked one waits for a person and is not lost (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await enqueue(store, 2);
    const [later, parked] = await store.outbox.claim("a", 2, 60);
    assert.ok(later && parked);
    await store.outbox.fail("a", later, failure(false, 0.2));
    await store.outbox.fail("a", parked, failure(true));
    assert.deepEqual(await store.outbox.claim("a", 10, 60), []);
    let again: ClaimedMessage[] = [];
    while (again.length === 0) again = await store.outbox.claim("a", 10, 60);
    assert.deepEqual(
      again.map(({ id, attempts, payload }) => [id, attempts, payload]),
      [[later.id, 2, later.payload]],
    );
    const [kept] = await sql("SELECT id, payload, last_error, claimed_by FROM outbox WHERE parked IS NOT NULL");
    assert.deepEqual(kept, { id: parked.id, payload: parked.payload, last_error: "no answer", claimed_by: null });
  });

  test(`STORE-OUTBOX-5 a message of a write that failed was never there, and the longest due comes first (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const failing = store.write("*", async (tx) => {
      await tx.enqueue([{ home: 1, topic: "never", payload: null }]);
      throw new Error("a bug");
    });
    await assert.rejects(failing);
    assert.deepEqual(await store.outbox.claim("a", 10, 60), []);
    for (const topic of ["first", "second", "third"]) {
      await store.write("*", (tx) => tx.enqueue([{ home: 1, topic, payload: { text: "åäö 🫀", n: 6 } }]));
    }
    await sql("UPDATE outbox SET due = now() + interval '1 hour' WHERE topic = 'first'");
    const claimed = await store.outbox.claim("a", 10, 60);
    assert.deepEqual(claimed.map(({ topic }) => topic).toSorted(), ["second", "third"]);
    assert.deepEqual((await store.outbox.claim("a", 10, 60)).length, 0);
    assert.deepEqual(claimed[0]?.payload, { text: "åäö 🫀", n: 6 });
  });
});
