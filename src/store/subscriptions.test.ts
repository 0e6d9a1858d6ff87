import assert from "node:assert/strict";
import { test } from "node:test";
import { START, type Position } from "./change-log.ts";
import type { Store } from "./store.ts";
import type { ClaimedLine, SubscriberEvent, SubscriberRow } from "./subscriptions.ts";
import { onEveryPostgresAndSpread } from "./testing/contract.ts";

type Event = Omit<SubscriberEvent, "number">;

const at = (seq: number): Position => ({ xid: "1", seq: String(seq) });

function event(line: string, version: number): Event {
  const recorded = "2026-11-21T08:00:00.000Z";
  return { line, type: "Observation", id: "o1", version, method: "update", recorded, patient: null };
}

/** An active subscription that has matched nothing yet. */
async function active(store: Store, id = "s1"): Promise<void> {
  await store.write("*", async ({ subscribers }) => {
    await subscribers.record({ id, owner: "client lab", actor: {}, written: 1, content: "{}" });
    await subscribers.settle(id, 1, { state: "active", why: null });
  });
}

const one = (store: Store, id = "s1"): Promise<SubscriberRow | undefined> =>
  store.read("*", (look) => look.subscribers.one(id));
const append = (store: Store, from: Position, to: Position, events: readonly Event[]): Promise<boolean> =>
  store.write("*", (tx) => tx.subscribers.append("s1", from, to, events));
const claim = (store: Store, worker = "w", limit = 10, lease = 60): Promise<ClaimedLine[]> =>
  store.write("*", (tx) => tx.subscribers.claim("s1", worker, limit, lease));
const waiting = async (store: Store, line: string): Promise<number[]> =>
  (await store.read("*", (look) => look.subscribers.waiting("s1", line, 100))).map(({ number }) => number);

onEveryPostgresAndSpread((postgres) => {
  const { name } = postgres;

  test(`STORE-SUBSCRIBER-1 events are numbered and the place is moved in one step, once, whoever tries (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await active(store);
    await sql("UPDATE subscriber SET xid = '0', seq = 0");
    const tried = await Promise.all(
      Array.from({ length: 5 }, () => append(store, START, at(9), [event("a", 1), event("b", 1), event("a", 2)])),
    );
    assert.equal(tried.filter(Boolean).length, 1);
    assert.equal(await append(store, at(9), at(12), [event("a", 3)]), true);
    const row = await one(store);
    assert.deepEqual([row?.lastNumber, row?.position], [4, at(12)]);
    assert.deepEqual([await waiting(store, "a"), await waiting(store, "b")], [[1, 3, 4], [2]]);
    await store.write("*", (tx) => tx.subscribers.settle("s1", 1, { state: "off", why: null }));
    assert.equal(await append(store, at(12), at(13), [event("a", 4)]), false, "who is off gets nothing");
  });

  test(`STORE-SUBSCRIBER-2 a line is held by one worker at a time; a claim that was lost acknowledges nothing (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await active(store);
    await sql("UPDATE subscriber SET xid = '0', seq = 0");
    await append(
      store,
      START,
      at(1),
      Array.from({ length: 20 }, (_, n) => event(`line ${n}`, 1)),
    );
    const all = await Promise.all(Array.from({ length: 8 }, (_, n) => claim(store, `w${n}`, 5)));
    const lines = all.flat().map(({ line }) => line);
    assert.deepEqual([lines.length, new Set(lines).size], [20, 20]);
    const [first] = all.flat().filter(({ line }) => line === "line 3");
    assert.ok(first !== undefined);
    await sql("UPDATE subscriber_line SET lease_until = now() - interval '1 second' WHERE line = 'line 3'");
    const [second] = await claim(store, first.worker); // the same worker again
    const finish = (of: ClaimedLine | undefined): Promise<boolean> =>
      store.write("*", (tx) => tx.subscribers.finish(of ?? first, [4]));
    assert.equal(await finish(first), false);
    assert.deepEqual(await waiting(store, "line 3"), [4]);
    assert.equal(await finish(second), true);
    assert.deepEqual(await waiting(store, "line 3"), []);
    assert.deepEqual(await sql("SELECT 1 FROM subscriber_line WHERE line = 'line 3'"), []);
  });

  test(`STORE-SUBSCRIBER-6 a claim takes no more lines than it asks for, however the database looks them up (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await active(store);
    await sql("UPDATE subscriber SET xid = '0', seq = 0");
    const events = Array.from({ length: 12 }, (_, n) => event(`line ${n}`, 1));
    await append(store, START, at(1), events.slice(0, 1));
    await sql("ANALYZE subscriber_line"); // told that there is one row, PostgreSQL takes the first loop that there is
    await append(store, at(1), at(2), events.slice(1));
    assert.equal((await claim(store, "w", 4)).length, 4);
    assert.equal((await claim(store, "w", 5)).length, 5);
    assert.equal((await claim(store, "w", 5)).length, 3);
  });

  test(`STORE-SUBSCRIBER-3 what failed is due again after its delay; what a person has set aside is not, until let go on (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await active(store);
    await sql("UPDATE subscriber SET xid = '0', seq = 0");
    await append(store, START, at(1), [event("a", 1), event("b", 1)]);
    const claimed = await claim(store);
    for (const one of claimed) await store.write("*", (tx) => tx.subscribers.fail(one, "no answer", 0.05));
    assert.deepEqual(await claim(store), []);
    await store.write("*", (tx) => tx.subscribers.park("s1", "a", true));
    await new Promise((resolve) => setTimeout(resolve, 80));
    assert.deepEqual(
      (await claim(store)).map(({ line, attempts }) => [line, attempts]),
      [["b", 2]],
    );
    const load = await store.read("*", (look) => look.subscribers.load("s1"));
    assert.deepEqual([load.waiting, load.parkedLines, load.failing], [2, ["a"], 2]);
    await store.write("*", (tx) => tx.subscribers.park("s1", undefined, true));
    await store.write("*", (tx) => tx.subscribers.park("s1", "a", false));
    const due = async (): Promise<string[]> => [...(await store.read("*", (look) => look.subscribers.due()))];
    assert.deepEqual(await due(), []);
    await store.write("*", (tx) => tx.subscribers.park("s1", undefined, false));
    assert.deepEqual(await due(), ["s1"]);
    assert.equal(await store.write("*", (tx) => tx.subscribers.park("s2", undefined, true)), false);
  });

  test(`STORE-SUBSCRIBER-4 replaying makes everything from a number on wait again, and counts only what had been acknowledged (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await active(store);
    await sql("UPDATE subscriber SET xid = '0', seq = 0");
    await append(store, START, at(1), [event("a", 1), event("a", 2), event("b", 1)]);
    const [line] = (await claim(store)).filter((one) => one.line === "a");
    assert.ok(line !== undefined);
    await store.write("*", (tx) => tx.subscribers.finish(line, [1], 60));
    await store.write("*", (tx) => tx.subscribers.finish(line, [2]));
    assert.equal(await store.write("*", (tx) => tx.subscribers.replay("s1", 2)), 1);
    assert.deepEqual([await waiting(store, "a"), await waiting(store, "b")], [[2], [3]]);
    assert.equal(await store.write("*", (tx) => tx.subscribers.replay("s1", 1)), 1);
    const counts = await sql("SELECT line, waiting::int FROM subscriber_line ORDER BY line");
    assert.deepEqual(counts, [
      { line: "a", waiting: 2 },
      { line: "b", waiting: 1 },
    ]);
  });

  test(`STORE-SUBSCRIBER-5 a subscription is its owner's; whoever reaches less than the region sees no event (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await active(store);
    const row = { id: "s1", owner: "client other", actor: {}, written: 2, content: "{}" };
    assert.equal(await store.write("*", (tx) => tx.subscribers.record(row)), false);
    assert.equal(await store.write("*", (tx) => tx.subscribers.record({ ...row, owner: "client lab" })), true);
    await sql("UPDATE subscriber SET xid = '0', seq = 0, checked = 2");
    await append(store, START, at(1), [event("a", 1)]);
    const seen = (reach: string): Promise<SubscriberEvent[]> =>
      store.read(reach, (look) => look.subscribers.events("s1", 1, 9, 9));
    assert.deepEqual([(await seen("*")).length, (await seen("SE1")).length, (await seen("")).length], [1, 0, 0]);
    await store.addClient(
      "t1",
      { client: "lab", scope: "system/Patient.r", careProvider: null, careUnit: null },
      new Date(Date.now() + 60_000),
    );
    await store.addClient(
      "t2",
      { client: "lab", scope: "system/*.r", careProvider: null, careUnit: null },
      new Date(Date.now() - 60_000),
    );
    assert.deepEqual(await store.scopesOfClient("lab"), ["system/Patient.r"]);
  });
});
