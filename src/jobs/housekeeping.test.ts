/** Rules of SPEC.md in this folder. The clock's hours are node's own mock timers; the store and its database are real. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mock, test, type TestContext } from "node:test";
import { migrate, Store } from "../store/index.ts";
import { testDatabase } from "../store/testing/index.ts";
import { startHousekeeping } from "./index.ts";

const HOUR = 3_600_000;
const NOW = new Date("2026-11-21T10:00:00.000Z");

async function openStore(t: TestContext): Promise<Store> {
  const { config, drop } = await testDatabase({});
  t.after(() => drop());
  await migrate(config);
  const store = await Store.open({ config, auditKey: generateKeyPairSync("ed25519").privateKey, clock: () => NOW });
  t.after(() => store.close());
  return store;
}

/** Lets what a timer started come to its end. */
async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 10_000; tries += 1) {
    if (done()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail("it did not happen");
}

test("JOBS-HOUSE-1 ended sessions leave within the hour, living ones stay, and a stopped job does no more", async (t) => {
  const store = await openStore(t);
  const faults: unknown[] = [];
  await store.addSession("a-session-that-has-ended", { kind: "person" }, new Date(NOW.getTime() - 1));
  await store.addSession("a-session-that-goes-on-x", { kind: "person" }, new Date(NOW.getTime() + HOUR));
  mock.timers.enable({ apis: ["setInterval"] });
  t.after(() => mock.timers.reset());
  const stop = startHousekeeping(store, (error) => faults.push(error));
  mock.timers.tick(HOUR);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.equal((await store.tidy(30)).sessions, 0); // the job has been there; one more round finds nothing
  assert.notEqual(await store.findSession("a-session-that-goes-on-x"), undefined);
  stop();
  await store.addSession("another-that-has-ended-x", { kind: "person" }, new Date(NOW.getTime() - 1));
  mock.timers.tick(5 * HOUR);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal((await store.tidy(30)).sessions, 1); // it was still there
  assert.deepEqual(faults, []);
});

test("JOBS-HOUSE-2 a failed round is told and the next one comes", async (t) => {
  const store = await openStore(t);
  const faults: unknown[] = [];
  await store.close(); // every round fails from here on
  mock.timers.enable({ apis: ["setInterval"] });
  t.after(() => mock.timers.reset());
  const stop = startHousekeeping(store, (error) => faults.push(error));
  mock.timers.tick(HOUR);
  await until(() => faults.length === 1);
  mock.timers.tick(HOUR);
  await until(() => faults.length === 2);
  stop();
});
