/** Rules of SPEC.md in this folder about jobs and their askers. The database is real. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import {
  cancelJob,
  openJobFile,
  readJob,
  refuseUnlessWriter,
  refuseWhenFull,
  runExport,
  runImport,
  startJob,
  visitOfJob,
  type JobResult,
  type JobRunner,
  type Visit,
} from "./index.ts";
import { journalOfTest, observation, OURS, patient, personActor, putInDirectory, THEIRS } from "./testing/index.ts";

const journal = await journalOfTest({ after });
const FILE = { list: "output", type: "Bundle", name: "made", bytes: 2, count: 1 };

/** A job that has given a file. */
async function endedJob(visit: Visit, kind = "request", request: unknown = {}): Promise<string> {
  const id = await startJob(visit, kind, request);
  const file = await journal.options.files!.create(id, FILE.name);
  await file.append("{}");
  await file.close();
  const result = JSON.stringify({ transactionTime: journal.clock().toISOString(), files: [FILE] });
  await journal.sql("UPDATE job SET state = 'done', result = $2 WHERE id = $1", [id, result]);
  return id;
}

test("JRN-JOB-2 under another assignment the same person neither sees the job, nor cancels it, nor fetches its file", async () => {
  const id = await endedJob(journal.person());
  const theirs = { id: "anna-theirs", unitHsaId: THEIRS.careUnit, providerHsaId: THEIRS.careProvider };
  for (const other of [theirs, { id: "anna-elsewhere" }]) {
    const visit = journal.person(OURS, other);
    await assert.rejects(readJob(visit, id), { code: "NOT_FOUND" });
    await assert.rejects(openJobFile(visit, id, FILE.name), { code: "NOT_FOUND" });
    await assert.rejects(cancelJob(visit, id), { code: "NOT_FOUND" });
    assert.deepEqual(
      (await journal.log(visit.request)).map(({ outcome }) => outcome),
      ["refused", "refused", "refused"],
    );
  }
  assert.equal((await readJob(journal.person(), id)).value.state, "done");
  assert.equal((await openJobFile(journal.person(), id, FILE.name)).value.file.count, 1);
});

const DAY_MS = 86_400_000;
const ASK = { url: "", types: ["Observation", "Patient"], elements: [], filters: {} };

/** Lets the client "lab" have exactly this, from now on. */
async function allow(scope: string | undefined): Promise<void> {
  await journal.sql("UPDATE client_token SET revoked = now()");
  const client = { client: "lab", scope: scope ?? "", careProvider: null, careUnit: null };
  const expires = new Date(journal.clock().getTime() + DAY_MS);
  if (scope !== undefined) await journal.store.addClient(randomBytes(16).toString("hex"), client, expires);
}

/** Runs the newest job as a server would; `atSave` comes each time that it has got somewhere. */
async function run(runner: JobRunner, kind: string, atSave: () => Promise<void>): Promise<JobResult> {
  const job = await journal.store.jobs.claim([kind], 60);
  assert.ok(job);
  const save = async (): Promise<void> => atSave();
  try {
    return await runner(journal.options, job, { save, signal: AbortSignal.timeout(20_000) });
  } finally {
    await journal.sql("UPDATE job SET state = 'failed' WHERE id = $1", [job.id]);
  }
}

test("JRN-JOB-3 a job works with what its asker may do at that moment and ends as refused, logged, when that is withdrawn", async () => {
  await journal.put(patient("p1"));
  for (const id of ["o1", "o2"]) await journal.put(observation(id, "Patient/p1"));
  const exported = async (atSave: (saves: number) => Promise<void>): Promise<string[]> => {
    let saves = 0;
    await startJob(journal.client(), "export", ASK);
    const { files } = await run(runExport, "export", () => atSave((saves += 1)));
    return files.map(({ type, count }) => `${type} ${count}`);
  };
  const nothing = async (): Promise<void> => undefined;
  await allow("system/*.rs");
  assert.deepEqual(await exported(nothing), ["Observation 2", "Patient 1"]);
  // Withdrawn before it begins, when it has saved its beginning, and between two types; narrowed to one of the types.
  for (const [before, withdrawnAt, left] of [
    [undefined, 0, undefined],
    ["system/Patient.c", 0, undefined],
    ["system/*.rs", 1, undefined],
    ["system/*.rs", 2, undefined],
    ["system/*.rs", 2, "system/Observation.rs"],
  ] as const) {
    await allow(before);
    const rows = (await journal.log()).length;
    const ended = exported(async (saves) => (saves === withdrawnAt ? allow(left) : undefined));
    await assert.rejects(ended, { code: "FORBIDDEN" }, `${before} ${withdrawnAt}`);
    const [refused] = (await journal.log()).slice(rows).filter(({ outcome }) => outcome === "refused");
    assert.match(refused?.request ?? "", /^job /);
  }
  // An import stops at its next group.
  await allow("system/*.cruds");
  const id = await startJob(journal.client(), "import", { url: "", bytes: 2 });
  const upload = await journal.options.files!.create(id, "upload");
  await upload.append("{}");
  await upload.close();
  await allow(undefined);
  await assert.rejects(run(runImport, "import", nothing), { code: "FORBIDDEN" });
  // More than it was asked for with it never gets.
  await allow("system/*.cruds");
  await startJob(journal.client("system/Observation.rs"), "narrow", {});
  const narrow = await journal.store.jobs.claim(["narrow"], 60);
  await assert.rejects(refuseUnlessWriter(await visitOfJob(journal.options, narrow!)), { code: "FORBIDDEN" });
});

test("JRN-JOB-3 a person's job goes on as long as the person is signed in under the same assignment, which still holds", async () => {
  await startJob(journal.person(), "person", {});
  const job = await journal.store.jobs.claim(["person"], 60);
  assert.ok(job);
  const expires = new Date(journal.clock().getTime() + DAY_MS);
  await journal.store.addSession("other", personActor(OURS, { id: "anna-elsewhere" }), expires);
  await journal.store.addSession("over", personActor(OURS), journal.clock());
  await assert.rejects(visitOfJob(journal.options, job), { code: "FORBIDDEN" });
  await journal.store.addSession("same", personActor(OURS), expires);
  await assert.rejects(visitOfJob(journal.options, job), { code: "FORBIDDEN" }); // the directory has no such assignment
  await putInDirectory(journal, personActor(OURS));
  assert.deepEqual((await visitOfJob(journal.options, job)).actor, personActor(OURS));
  await journal.store.removeSession("same");
  await assert.rejects(visitOfJob(journal.options, job), { code: "FORBIDDEN" });
});

test("JRN-JOB-4 what a job gave is shown on the grounds of whoever asks at that moment, and a refusal is logged", async () => {
  const kinds: [string, unknown, allowed: string[], refused: string[]][] = [
    ["export", ASK, ["system/*.rs", "system/Patient.s system/Observation.s"], ["system/Patient.rs", "system/*.r"]],
    ["import", {}, ["system/Basic.cu"], ["system/*.rs", "system/*.c"]],
    ["request", {}, ["system/*.cruds", "system/*.rs"], ["system/Observation.cruds", "system/*.s"]],
  ];
  for (const [kind, request, allowed, refused] of kinds) {
    const id = await endedJob(journal.client(), kind, request);
    for (const scope of allowed)
      assert.equal((await openJobFile(journal.client(scope), id, FILE.name)).value.file.count, 1, `${kind} ${scope}`);
    for (const scope of refused) {
      const visit = journal.client(scope);
      await assert.rejects(readJob(visit, id), { code: "FORBIDDEN" }, `${kind} ${scope}`);
      await assert.rejects(openJobFile(visit, id, FILE.name), { code: "FORBIDDEN" }, `${kind} ${scope}`);
      const told = (await journal.log(visit.request)).map(({ outcome }) => outcome);
      assert.deepEqual(told, ["refused", "refused"]);
    }
    await journal.sql("UPDATE job SET state = 'failed', result = NULL WHERE id = $1", [id]);
    assert.equal((await readJob(journal.client(refused[0]), id)).value.state, "failed"); // gives nothing but its reason
  }
  const id = await endedJob(journal.person());
  await assert.rejects(readJob(journal.person(OURS, { until: "2026-11-20" }), id), { code: "FORBIDDEN" });
});

test("JRN-JOB-5 an owner whose jobs keep as much as they may sends no more; what an import was sent goes when it has ended", async () => {
  await allow("system/*.cruds");
  await journal.sql("DELETE FROM job");
  const visit = journal.client();
  await refuseWhenFull(visit, 1);
  const first = await endedJob(visit);
  await endedJob(visit);
  await endedJob(journal.person());
  await refuseWhenFull(visit, 5);
  await assert.rejects(refuseWhenFull(visit, 4), { code: "TOO_MANY_REQUESTS" });
  await journal.options.files!.remove(first);
  await refuseWhenFull(visit, 4);
  const id = await startJob(visit, "import", { url: "", bytes: 2 });
  const upload = await journal.options.files!.create(id, "upload");
  await upload.append("{}");
  await upload.close();
  assert.deepEqual((await run(runImport, "import", async () => undefined)).spent, ["upload"]);
});
