import assert from "node:assert/strict";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freshDataDir, freshFolder, one, superviseElsewhere } from "./testing/fixture.ts";
import { startEmbedded } from "./index.ts";
import { bootId, machineName, pidNamespace, processStart } from "./processes.ts";
import { withStartLock } from "./start-lock.ts";

const silent = (): void => undefined;
const us = {
  pid: process.pid,
  start: processStart(process.pid) ?? "?",
  boot: bootId(),
  namespace: pidNamespace(),
  machine: machineName(),
};

async function lockedDir(t: TestContext, holder: object | string): Promise<{ dir: string; lock: string }> {
  const dir = await freshFolder(t);
  const lock = join(dir, "start-lock-1-left");
  await writeFile(lock, typeof holder === "string" ? holder : JSON.stringify(holder));
  return { dir, lock };
}

async function lockInTime(dir: string, limitMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(limitMs);
  const got = withStartLock(dir, silent, async () => true);
  return Promise.race([got, sleep(limitMs, false, { signal }).catch(() => false)]);
}

test("EMB-LOCK-1 two processes that start on one new directory get one server", { timeout: 60_000 }, async (t) => {
  const dataDir = await freshDataDir(t);
  const children = [superviseElsewhere(t, dataDir), superviseElsewhere(t, dataDir)];
  const told = await Promise.all(children.map((child) => child.next("ownership")));
  assert.deepEqual(new Set(told.map(({ ownership }) => ownership)), new Set(["adopted", "started"]));
  assert.equal(told[0]?.pid, told[1]?.pid);
  const here = await startEmbedded({ dataDir });
  assert.equal(here.pid, told[0]?.pid);
  assert.equal(await one(here, "select count(*)::int from pg_database where datname = 'eira'"), 1);
  await here.stop();
});

test("EMB-LOCK-2 a dead process's lock is taken over at once and removed", async (t) => {
  const dead = 2 ** 22 + 1; // above the highest process number of Linux
  for (const holder of [
    { ...us, pid: dead },
    { ...us, start: "1" }, // our own number, given to us after the holder died
    { ...us, boot: "an earlier start of this machine" },
    "", // cut short by a power cut
    '{"pid":',
  ]) {
    const { dir } = await lockedDir(t, holder);
    assert.equal(await lockInTime(dir, 2_000), true, JSON.stringify(holder));
    assert.deepEqual(await readdir(dir), []);
  }
});

test("EMB-LOCK-3 a living process's lock is waited for", async (t) => {
  const { dir } = await lockedDir(t, us);
  assert.equal(await lockInTime(dir, 300), false);
});

test("EMB-LOCK-3 never two hold the lock, and a failing holder gives it back", async (t) => {
  const dir = await freshFolder(t);
  let holders = 0;
  let most = 0;
  const work = async (n: number): Promise<void> => {
    most = Math.max(most, ++holders);
    await sleep(3);
    holders--;
    if (n % 3 === 0) throw new Error("planted");
  };
  const results = await Promise.allSettled(
    Array.from({ length: 24 }, (_, n) => withStartLock(dir, silent, () => work(n))),
  );
  assert.equal(results.filter(({ status }) => status === "rejected").length, 8);
  assert.equal(most, 1);
  assert.deepEqual(await readdir(dir), []);
});

test("EMB-LOCK-4 another container's lock counts while its heartbeat does", async (t) => {
  const elsewhere = { ...us, namespace: "pid:[1]", start: "1" };
  const beating = await lockedDir(t, elsewhere);
  assert.equal(await lockInTime(beating.dir, 300), false);
  const silentOne = await lockedDir(t, elsewhere);
  const minuteAgo = new Date(Date.now() - 60_000);
  await utimes(silentOne.lock, minuteAgo, minuteAgo);
  assert.equal(await lockInTime(silentOne.dir, 2_000), true);
});
