import assert from "node:assert/strict";
import { mkdtempSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { JobFiles } from "./job-files.ts";
import type { NewJob } from "./jobs-table.ts";
import { onEveryPostgresAndSpread, ownerOf } from "./testing/contract.ts";

const NOW = new Date("2026-11-21T10:00:00.000Z");
const HOUR = 3_600_000;
const MANY = { open: 100, kept: 100 };

const jobOf = (id: string, more: Partial<NewJob> = {}): NewJob => ({
  id,
  kind: "kind",
  owner: "client a",
  actor: { kind: "client" },
  request: { n: 1 },
  created: NOW,
  expires: new Date(NOW.getTime() + HOUR),
  ...more,
});

onEveryPostgresAndSpread((postgres) => {
  const { name } = postgres;

  test(`STORE-JOB-1 a job is its owner's, and nobody's when it is cancelled (${name})`, async () => {
    const { store, sql } = await postgres.shared();
    await sql("DELETE FROM job");
    assert.equal(await store.jobs.add(jobOf("one"), MANY), true);
    const found = await store.jobs.find("one", "client a");
    assert.deepEqual([found?.state, found?.request, found?.created], ["waiting", { n: 1 }, NOW.toISOString()]);
    assert.equal(await store.jobs.find("one", "client b"), undefined);
    assert.deepEqual([await store.jobs.idsOf("client a"), await store.jobs.idsOf("client b")], [["one"], []]);
    assert.equal(await store.jobs.cancel("one", "client b", NOW), false);
    assert.equal(await store.jobs.cancel("one", "client a", NOW), true);
    assert.equal(await store.jobs.find("one", "client a"), undefined);
    assert.equal(await store.jobs.cancel("one", "client a", NOW), false);
    assert.equal(await store.jobs.claim(["kind"], 30), undefined);
  });

  test(`STORE-JOB-2 of many that claim at once each job goes to one, and a lease that ran out to another (${name})`, async () => {
    const { store, sql } = await postgres.shared();
    await sql("DELETE FROM job");
    for (let n = 0; n < 6; n += 1) await store.jobs.add(jobOf(`job-${n}`), MANY);
    await sql("UPDATE job SET due = now() - interval '1 hour' WHERE id = 'job-5'");
    assert.equal((await store.jobs.claim(["kind"], 30))?.id, "job-5");
    const claimed = await Promise.all(Array.from({ length: 20 }, () => store.jobs.claim(["kind"], 30)));
    const ids = claimed.flatMap((one) => (one === undefined ? [] : [one.id]));
    assert.deepEqual(ids.toSorted(), ["job-0", "job-1", "job-2", "job-3", "job-4"]);
    assert.equal(await store.jobs.claim(["other"], 30), undefined);
    const first = claimed.find((one) => one?.id === "job-0");
    assert.ok(first);
    assert.equal(await store.jobs.renew(first, 30), true);
    await sql("UPDATE job SET lease_until = now() - interval '1 s' WHERE id = 'job-0'");
    const second = await store.jobs.claim(["kind"], 30);
    assert.deepEqual([second?.id, second?.attempts], ["job-0", 2]);
    const end = { state: "done", result: {}, error: undefined, ended: NOW, expires: NOW } as const;
    assert.equal(await store.jobs.renew(first, 30), false);
    assert.equal(await store.jobs.save(first, {}, 30), false);
    assert.equal(await store.jobs.release(first, 0), false);
    assert.equal(await store.jobs.finish(first, end), false);
    assert.ok(second);
    assert.equal(await store.jobs.release(second, 60), true);
    assert.equal(await store.jobs.claim(["kind"], 30), undefined); // not yet due
  });

  test(`STORE-JOB-3 no owner has more jobs than the limits, however many come at once (${name})`, async () => {
    const { store, sql } = await postgres.shared();
    await sql("DELETE FROM job");
    const added = await Promise.all(
      Array.from({ length: 12 }, (_, n) => store.jobs.add(jobOf(`at-once-${n}`), { open: 3, kept: 100 })),
    );
    assert.equal(added.filter(Boolean).length, 3);
    assert.equal(await store.jobs.add(jobOf("of-another", { owner: "client b" }), { open: 3, kept: 100 }), true);
    await sql("UPDATE job SET state = 'done' WHERE owner = 'client a'");
    assert.equal(await store.jobs.add(jobOf("kept"), { open: 3, kept: 3 }), false);
    await sql("UPDATE job SET expires = $1 WHERE owner = 'client a'", [NOW.toISOString()]);
    assert.equal(await store.jobs.add(jobOf("after"), { open: 3, kept: 3 }), true);
  });

  test(`STORE-JOB-4 expired jobs are told unless a server is at work on them, and forgotten when asked (${name})`, async () => {
    const { store, sql } = await postgres.shared();
    await sql("DELETE FROM job");
    for (const id of ["old", "busy", "fresh"])
      await store.jobs.add(jobOf(id, { expires: new Date(NOW.getTime() + (id === "fresh" ? HOUR : -1)) }), MANY);
    await sql("UPDATE job SET state = 'running', lease_until = now() + interval '1 hour' WHERE id = 'busy'");
    assert.deepEqual(await store.jobs.expired(NOW, 10), ["old"]);
    await sql("UPDATE job SET lease_until = now() - interval '1 s' WHERE id = 'busy'");
    assert.deepEqual((await store.jobs.expired(NOW, 10)).toSorted(), ["busy", "old"]);
    await store.jobs.remove("old");
    assert.deepEqual([...(await store.jobs.known(["old", "busy", "none"]))], ["busy"]);
  });

  test(`STORE-JOB-5 a lease is one holder's until it ends or runs out (${name})`, async () => {
    const { store, sql } = await postgres.shared();
    await sql("DELETE FROM lease");
    const [a, b] = ["0b9f5ad0-0000-4000-8000-000000000001", "0b9f5ad0-0000-4000-8000-000000000002"];
    const all = await Promise.all([a, b].map((holder) => store.jobs.lease("readers", holder, 30)));
    assert.deepEqual(all.filter(Boolean), [true]);
    const [holder, other] = all[0] === true ? [a, b] : [b, a];
    assert.equal(await store.jobs.lease("readers", holder, 30), true);
    await store.jobs.endLease("readers", other); // not the other's to end
    assert.equal(await store.jobs.lease("readers", other, 30), false);
    assert.equal(await store.jobs.lease("something else", other, 30), true);
    await store.jobs.endLease("readers", holder);
    assert.equal(await store.jobs.lease("readers", other, 0.01), true);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(await store.jobs.lease("readers", holder, 30), true);
  });

  test(`STORE-JOB-6 a job whose session ends while it is committed may stand: OUTCOME_UNKNOWN (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    // A commit that takes a while, because a check is put off until then.
    const dawdle = "BEGIN PERFORM pg_sleep(30); RETURN NULL; END";
    await sql(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ ${dawdle} $$`);
    const trigger = "CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON job DEFERRABLE INITIALLY DEFERRED";
    await sql(`${trigger} FOR EACH ROW EXECUTE FUNCTION dawdle()`);
    const doomed = assert.rejects(store.jobs.add(jobOf("doomed"), MANY), { code: "OUTCOME_UNKNOWN" });
    const committing = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    let found: { pid: number }[] = [];
    while (found.length === 0) found = await sql(committing);
    await sql("SELECT pg_terminate_backend($1)", [found[0]?.pid]);
    await doomed;
    await sql("DROP TRIGGER dawdle ON job");
    assert.equal(await store.jobs.add(jobOf("next"), MANY), true);
    await assert.rejects(store.jobs.add(jobOf("next"), MANY), { code: "DUPLICATE" }); // a refusal is known not to be done
  });

  test(`STORE-FLIGHT-1 open transactions are told, with whether they have written; one's own are not (${name})`, async (t) => {
    const { store, database } = await postgres.shared();
    const before = new Set((await store.openTransactions()).map((one) => one.name));
    const owner = await ownerOf(t, database);
    await owner.begin();
    await owner.many({ text: "SELECT 1" });
    const fresh = async (): Promise<boolean[]> =>
      (await store.openTransactions()).filter((one) => !before.has(one.name)).map(({ writes }) => writes);
    assert.deepEqual(await fresh(), [false]);
    await owner.many({ text: "INSERT INTO setting (name, value) VALUES ('in flight', '1')" });
    assert.deepEqual(await fresh(), [true]);
    await owner.rollback();
    assert.deepEqual(await fresh(), []);
  });

  test(`STORE-FLIGHT-2 what bears a settled time is tried again and gets a later one; moments that cannot be settle nothing (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const now = Date.now();
    const iso = (ahead: number): string => new Date(now + ahead).toISOString();
    const times: string[] = [];
    const write = (...recorded: string[]): Promise<void> => {
      times.length = 0;
      return store.write("*", async (tx) => {
        times.push(recorded[times.length] ?? iso(-1));
        const at = times.at(-1) ?? "";
        const whose = { home: 0, patient: null, careProvider: null, careUnit: null };
        await tx.recordChanges([{ ...whose, type: "Basic", id: "b", version: 1, method: "create", recorded: at }]);
      });
    };
    await store.settle(iso(-1000));
    await write(iso(-1000), iso(-1500), iso(-999));
    assert.deepEqual(times, [iso(-1000), iso(-1500), iso(-999)]);
    const kept = await sql("SELECT 1 FROM change_log WHERE id = 'b'");
    assert.equal(kept.length, 1);
    await store.settle(iso(-5000)); // not back
    await write(iso(-1000), iso(-999));
    assert.equal(times.length, 2);
    await assert.rejects(write(...Array.from({ length: 8 }, () => iso(-1000))), { code: "CONFLICT" });
    await write(iso(-120_000)); // a clock far behind
    assert.equal(times.length, 1);
    await store.settle(iso(3_600_000)); // a clock far ahead
    await write(iso(0));
    assert.equal(times.length, 1);
    await store.settle(iso(-10)); // is put right by the next one
    await write(iso(-10), iso(-9));
    assert.equal(times.length, 2);
  });
});

const folder = mkdtempSync(join(tmpdir(), "eira-job-files-"));

test("STORE-JOBFILE-1 a job's files are their account's, hold what was added, and go with the job", async (t) => {
  t.after(() => rm(folder, { recursive: true, force: true }));
  const files = new JobFiles(join(folder, "jobs"));
  assert.deepEqual(await files.olderThan(new Date(8.64e15)), []);
  const file = await files.create("job", "part");
  await file.append("åäö\n");
  await file.append(Buffer.from("two\n"));
  await file.settle();
  await file.close();
  assert.equal(file.bytes, 11);
  assert.equal(await files.size("job", "part"), 11);
  assert.equal((await files.bytes("job", "part"))?.toString("utf8"), "åäö\ntwo\n");
  const read: Buffer[] = [];
  for await (const part of files.read("job", "part", 0, 7)) read.push(part as Buffer);
  assert.equal(Buffer.concat(read).toString("utf8"), "åäö\n");
  assert.equal(statSync(join(folder, "jobs", "job")).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, "jobs", "job", "part")).mode & 0o777, 0o600);
  await assert.rejects(files.create("job", "part"), { code: "EEXIST" });
  assert.deepEqual(await files.olderThan(new Date(8.64e15)), ["job"]);
  assert.deepEqual(await files.olderThan(new Date(0)), []);
  await files.remove("job");
  assert.equal(await files.size("job", "part"), undefined);
  assert.equal(await files.bytes("job", "part"), undefined);
});

test("STORE-JOBFILE-3 the bytes of some jobs are told with every file of theirs; one file can go alone", async (t) => {
  const place = mkdtempSync(join(tmpdir(), "eira-job-bytes-"));
  t.after(() => rm(place, { recursive: true, force: true }));
  const files = new JobFiles(place);
  for (const [job, name, text] of [
    ["a", "one", "1"],
    ["a", "two", "22"],
    ["b", "one", "4444"],
  ] as const) {
    // prettier-ignore
    const file = await files.create(job, name);
    await file.append(text);
    await file.close();
  }
  assert.deepEqual([await files.bytesOf(["a", "none"]), await files.bytesOf(["a", "b"]), await files.bytesOf([])], [3, 7, 0]); // prettier-ignore
  await files.remove("a", "two");
  assert.deepEqual([await files.bytesOf(["a"]), await files.size("a", "one")], [1, 1]);
  await assert.rejects(files.remove("a", "../b"));
});

test("STORE-JOBFILE-2 a name that could lead elsewhere is no file", async () => {
  const files = new JobFiles(folder);
  for (const bad of ["..", ".", "", "a/b", "a\\b", "a\0", "å", "a".repeat(65)]) {
    await assert.rejects(files.size(bad, "part"), /no file of a job/, bad);
    await assert.rejects(files.create("job", bad), /no file of a job/, bad);
    await assert.rejects(files.remove(bad), /no file of a job/, bad);
  }
});
