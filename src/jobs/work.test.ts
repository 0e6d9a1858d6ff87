/** Rules of SPEC.md in this folder about loops, leases and jobs. The database is real; what a job does is the test's own. */
import assert from "node:assert/strict";
import { after, test, type TestContext } from "node:test";
import { fhirError } from "../fhir/index.ts";
import { readJob, startJob, type JobRunner, type JobView, type Visit } from "../journal/index.ts";
import { journalOfTest } from "../journal/testing/index.ts";
import { startLoop, startWork, underLease, type Loop } from "./index.ts";

const journal = await journalOfTest({ after });
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(done: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await done()) return;
    await pause(10);
  }
  assert.fail("it did not happen");
}

type Server = { readonly loop: Loop; readonly faults: unknown[] };

function serverWith(t: TestContext, runners: Readonly<Record<string, JobRunner>>, leaseSeconds = 10): Server {
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const loop = startWork({ journal: journal.options, runners, onFault, every: 20, leaseSeconds });
  t.after(() => loop.stop());
  return { loop, faults };
}

const RESULT = { transactionTime: "2026-11-21T08:00:00.000Z", files: [] };
const stateOf = async (visit: Visit, id: string): Promise<JobView> => (await readJob(visit, id)).value;

test("JOBS-LOOP-1 rounds follow at once while there is more to do, else after a wait that a call ends; a stop waits for the round", async () => {
  let rounds = 0;
  let isOn = false;
  const loop = startLoop({
    every: 60_000,
    onFault: () => assert.fail("no round fails"),
    round: async () => {
      isOn = true;
      await pause(40);
      isOn = false;
      rounds += 1;
      return rounds < 4;
    },
  });
  await until(() => rounds === 4);
  await pause(50);
  assert.equal(rounds, 4);
  loop.wake();
  await until(() => rounds === 5);
  loop.wake();
  await until(() => isOn);
  loop.wake(); // while a round is on: another one comes
  await until(() => rounds === 7);
  loop.wake();
  await until(() => isOn);
  await loop.stop();
  assert.deepEqual([isOn, rounds], [false, 8]);
  await loop.stop();
});

test("JOBS-LOOP-2 a round that fails is told, and the next ones come later and later", async () => {
  const times: number[] = [];
  const faults: unknown[] = [];
  const loop = startLoop({
    every: 10,
    onFault: (error) => faults.push(error),
    round: () => {
      times.push(performance.now());
      return Promise.reject(new Error("no"));
    },
  });
  await until(() => times.length === 5);
  await loop.stop();
  const waits = times.slice(1).map((time, at) => time - (times[at] ?? 0));
  assert.ok(
    waits.every((wait, at) => wait > 9 * 2 ** at),
    String(waits),
  );
  assert.ok(faults.length >= 4);
});

test("JOBS-LOOP-3 under a lease one server at a time goes its round; another takes over when it stops or its lease has run out", async () => {
  let inside = 0;
  const went: string[] = [];
  const start = (name: string, leaseSeconds: number): Loop => {
    const round = underLease({ store: journal.store, name: "readers", leaseSeconds }, async () => {
      inside += 1;
      assert.equal(inside, 1);
      await pause(5);
      went.push(name);
      inside -= 1;
      return false;
    });
    return startLoop({ round, every: 10, onFault: (error) => went.push(String(error)) });
  };
  const first = start("first", 30);
  await until(() => went.length > 2);
  const second = start("second", 30);
  await pause(100);
  assert.deepEqual([...new Set(went)], ["first"]);
  await first.stop();
  await until(() => went.includes("second"));
  await journal.sql("UPDATE lease SET holder = gen_random_uuid(), until = now() + interval '0.3 s'"); // one that died
  const before = went.length;
  await pause(100);
  assert.ok(went.length - before <= 1);
  await until(() => went.length > before + 2);
  await second.stop();
});

test("JOBS-WORK-1 each job is done by one of several servers, once", async (t) => {
  const visit = journal.client();
  const ran: string[] = [];
  const runner: JobRunner = async (_options, { id }) => {
    ran.push(id);
    await pause(2);
    return RESULT;
  };
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.push(await startJob(visit, "once", { n }));
  for (let n = 0; n < 4; n += 1) serverWith(t, { once: runner });
  await until(async () =>
    (await Promise.all(ids.map((id) => stateOf(visit, id)))).every(({ state }) => state === "done"),
  );
  assert.deepEqual(ran.toSorted(), ids.toSorted());
});

test("JOBS-WORK-2 when a server dies, another goes on from the saved progress; what the dead one still says does not count", async (t) => {
  const visit = journal.client();
  const id = await startJob(visit, "resumed", {});
  const dead = await journal.store.jobs.claim(["resumed"], 0.3);
  assert.ok(dead);
  assert.equal(await journal.store.jobs.claim(["resumed"], 30), undefined);
  assert.equal(await journal.store.jobs.save(dead, { at: 7 }, 0.3), true);
  const seen: unknown[] = [];
  serverWith(t, {
    resumed: async (_options, job, { save }) => {
      seen.push(job.progress);
      await save({ at: 8 });
      return RESULT;
    },
  });
  await until(async () => (await stateOf(visit, id)).state === "done");
  assert.deepEqual(seen, [{ at: 7 }]);
  assert.equal(await journal.store.jobs.save(dead, { at: 1 }, 30), false);
  const end = { state: "failed", result: undefined, error: {}, ended: new Date(), expires: new Date() } as const;
  assert.equal(await journal.store.jobs.finish(dead, end), false);
  assert.deepEqual((await stateOf(visit, id)).progress, { at: 8 });
});

test("JOBS-WORK-3 a passing fault is tried again; a refusal, and a fault that stays, end as failed; the server goes on", async (t) => {
  const visit = journal.client();
  let attempts = 0;
  const { faults } = serverWith(t, {
    passing: async () => {
      attempts += 1;
      if (attempts === 1) throw fhirError("UNAVAILABLE");
      return RESULT;
    },
    refused: async () => {
      throw fhirError("FORBIDDEN");
    },
    broken: async () => {
      throw new TypeError("a fault of ours");
    },
  });
  const [passing, refused, broken] = [await startJob(visit, "passing", {}), await startJob(visit, "refused", {}), await startJob(visit, "broken", {})]; // prettier-ignore
  await journal.sql("UPDATE job SET attempts = 7 WHERE id = $1", [broken]); // the last attempt
  await until(async () => (await stateOf(visit, broken)).state === "failed");
  assert.equal((await stateOf(visit, broken)).error?.status, 500);
  await until(() => faults.length > 0); // it is told after it is kept
  assert.deepEqual([...new Set(faults.map(String))], ["TypeError: a fault of ours"]);
  await until(async () => (await stateOf(visit, refused)).error?.status === 403);
  await until(async () => (await stateOf(visit, passing)).state === "done");
  assert.equal(attempts, 2);
  const killer = await startJob(visit, "passing", {});
  await journal.sql("UPDATE job SET attempts = 30 WHERE id = $1", [killer]); // each time its server died
  await until(async () => (await stateOf(visit, killer)).state === "failed");
});

test("JOBS-WORK-4 a server that stops leaves its job at once to the next", async (t) => {
  const visit = journal.client();
  const id = await startJob(visit, "left", {});
  let isOn = false;
  const first = serverWith(t, {
    left: async (_options, _job, { save, signal }) => {
      for (let at = 0; ; at += 1) {
        isOn = true;
        await save({ at });
        await pause(5);
        signal.throwIfAborted();
      }
    },
  });
  await until(() => isOn);
  await first.loop.stop();
  const { state, progress } = await stateOf(visit, id);
  assert.equal(state, "waiting");
  assert.ok(progress !== null);
  serverWith(t, { left: async () => RESULT });
  await until(async () => (await stateOf(visit, id)).state === "done");
  assert.deepEqual(first.faults, []);
});

test("JOBS-WORK-5 a job that is cancelled while it goes on stops at its next step and leaves nothing", async (t) => {
  const visit = journal.client();
  const id = await startJob(visit, "cancelled", {});
  let steps = 0;
  const { faults } = serverWith(t, {
    cancelled: async ({ files }, job, { save }) => {
      await (await files?.create(job.id, "part"))?.close();
      for (;;) {
        steps += 1;
        await save({ steps });
        await pause(5);
      }
    },
  });
  await until(() => steps > 2);
  assert.equal(await journal.store.jobs.cancel(id, "client lab", journal.clock()), true);
  await until(async () => (await journal.sql("SELECT 1 FROM job WHERE id = $1", [id])).length === 0);
  assert.equal(await journal.options.files?.size(id, "part"), undefined);
  const before = steps;
  await pause(30);
  assert.equal(steps, before);
  assert.deepEqual(faults, []);
});

test("JOBS-WORK-6 a job that has failed keeps no files, and one that is done keeps none that it needs no more", async (t) => {
  const visit = journal.client();
  const files = journal.options.files!;
  const keep = async (id: string): Promise<void> => {
    for (const name of ["sent", "made"]) await (await files.create(id, name)).close();
  };
  const { faults } = serverWith(t, {
    fails: async (_options, { id }) => {
      await keep(id);
      throw fhirError("FORBIDDEN");
    },
    ends: async (_options, { id }) => {
      await keep(id);
      return { ...RESULT, spent: ["sent"] };
    },
  });
  const [failed, done] = [await startJob(visit, "fails", {}), await startJob(visit, "ends", {})];
  await until(async () => (await stateOf(visit, failed)).state === "failed" && (await files.size(failed, "made")) === undefined); // prettier-ignore
  await until(async () => (await stateOf(visit, done)).state === "done" && (await files.size(done, "sent")) === undefined); // prettier-ignore
  assert.deepEqual([await files.size(failed, "sent"), await files.size(done, "made")], [undefined, 0]);
  assert.deepEqual(faults, []);
});
