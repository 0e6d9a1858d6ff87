/** Rules of src/http/SPEC.md and src/journal/SPEC.md about requests that nobody waits for, and jobs as their askers meet them. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Bundle, OperationOutcome } from "fhir/r4";
import { serverOfTest } from "../http/testing/index.ts";
import { observation, OURS, patient, THEIRS } from "../journal/testing/index.ts";
import { workingServer } from "./testing/long-work.ts";

const HOUR = 3_600_000;
const server = await workingServer({ after });
await server.put(patient("tove"));
await server.put(patient("p1"));
await server.put(observation("ours"));
await server.put(observation("theirs"), THEIRS);

const files = (id: string): Promise<readonly string[]> =>
  server.options.files?.olderThan(new Date(8.64e15)).then((all) => all.filter((one) => one === id)) ??
  Promise.resolve([]);
/** The searchset in the one entry of an answer. */
const innerOf = ({ entry }: Bundle): Bundle => (entry ?? [])[0]?.resource as Bundle;
const idOf = (path: string): string => path.split("/").at(-1) ?? "";

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail("it did not happen");
}

test("HTTP-LATER-1 a search is answered later as it would have been at once, a refusal too, in the form that is asked for then", async () => {
  const now = await server.call("GET", "Observation?_sort=_id", { token: server.token_ });
  const path = await server.ask("GET", "Observation?_sort=_id&_format=xml");
  const later = await server.ended(path);
  const bundle = later.json<Bundle>();
  assert.equal(bundle.type, "batch-response");
  assert.deepEqual(bundle.entry?.[0]?.response, { status: "200 OK" });
  assert.deepEqual(bundle.entry?.[0]?.resource, now.json());
  const inXml = await server.call("GET", path, { token: server.token_, headers: { accept: "application/fhir+xml" } });
  assert.match(inXml.text, /<Bundle xmlns="http:\/\/hl7.org\/fhir"><type value="batch-response"\/>/);
  const byPost = await server.ask("POST", "Observation/_search", {
    body: "_id=ours",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const found = innerOf((await server.ended(byPost)).json<Bundle>());
  assert.deepEqual(
    found.entry?.map(({ resource }) => resource?.id),
    ["ours"],
  );
  const refused = (await server.ended(await server.ask("GET", "Observation?nonsense=1"))).json<Bundle>();
  const [entry] = refused.entry ?? [];
  assert.equal(entry?.response?.status, "400 Bad Request");
  assert.equal(
    (entry?.response?.outcome as OperationOutcome | undefined)?.issue[0]?.details?.coding?.[0]?.code,
    "SEARCH_PARAM_UNKNOWN",
  );
});

test("HTTP-LATER-2 a transaction or batch is done once, also when its server dies before it could say so", async () => {
  const entry = [1, 2].map((n) => ({
    fullUrl: `urn:uuid:0000000${n}-0000-4000-8000-000000000000`,
    resource: observation(undefined, "Patient/tove", { code: { text: "sent" } }),
    request: { method: "POST", url: "Observation" },
  }));
  for (const type of ["transaction", "batch"]) {
    const path = await server.ask("POST", "", { body: { resourceType: "Bundle", type, entry } });
    const answer = (await server.ended(path)).json<Bundle>();
    assert.equal(answer.type, `${type}-response`);
    assert.deepEqual(
      answer.entry?.map(({ response }) => response?.status),
      ["201 Created", "201 Created"],
    );
    const count = await server.sql("SELECT id FROM observation");
    await server.sql("UPDATE job SET state = 'waiting', result = NULL, lease_until = NULL WHERE id = $1", [idOf(path)]);
    server.work.wake("request");
    const again = (await server.ended(path)).json<Bundle>();
    const places = (bundle: Bundle): unknown => bundle.entry?.map(({ response }) => response?.location);
    assert.deepEqual(places(again), places(answer));
    assert.equal((await server.sql("SELECT id FROM observation")).length, count.length);
  }
});

test("HTTP-LATER-3 it is done in the asker's name: a person's search finds what that person may see", async () => {
  for (const [owner, name] of [
    [OURS, "ours"],
    [THEIRS, "theirs"],
  ] as const) {
    const cookie = await server.cookie(owner);
    const path = await server.ask("GET", "Observation?_id=ours,theirs", { cookie });
    const bundle = (await server.ended(path, { cookie })).json<Bundle>();
    const found = innerOf(bundle);
    assert.deepEqual(
      found.entry?.map(({ resource }) => resource?.id),
      [name],
    );
    assert.equal((await server.call("GET", path, { token: server.token_ })).status, 404);
  }
  const ended = await server.cookie(OURS, { until: "2026-11-21" });
  const path = await server.ask("GET", "Observation?_id=ours", { cookie: ended });
  await server.ended(path, { cookie: ended });
});

test("HTTP-LATER-4 operations and history may be done later; what is one resource is answered at once", async () => {
  for (const path of ["_history", "Patient/tove/$everything", "?_type=Patient"]) {
    const bundle = (await server.ended(await server.ask("GET", path))).json<Bundle>();
    assert.equal(bundle.entry?.[0]?.response?.status, "200 OK", path);
  }
  const headers = { prefer: "respond-async" };
  assert.equal((await server.call("GET", "Patient/tove", { token: server.token_, headers })).status, 200);
  const made = await server.call("POST", "Patient", { token: server.token_, headers, body: patient(undefined) });
  assert.equal(made.status, 201);
});

test("HTTP-JOB-1 a job is its asker's own: to others, by unknown and by impossible names it is not there, and the refusal is logged", async () => {
  const path = await server.ask("GET", "Patient");
  await server.ended(path);
  const other = await server.token("system/*.cruds");
  await server.sql("UPDATE client_token SET client = 'other' WHERE created = (SELECT max(created) FROM client_token)");
  const before = (await server.log()).length;
  for (const method of ["GET", "DELETE"]) {
    for (const one of [path, "$jobs/0000000000000000000000000000000000000000", "$jobs/..%2f..", "$jobs/x"]) {
      const answer = await server.call(method, one, { token: other });
      assert.deepEqual([answer.status, answer.code()], [404, "NOT_FOUND"], `${method} ${one}`);
    }
  }
  const refusals = (await server.log()).slice(before);
  assert.equal(refusals.filter(({ outcome }) => outcome === "refused").length, 8);
  assert.equal((await server.call("GET", path)).status, 401);
});

test("HTTP-JOB-2 a job goes on unseen with its progress told, until it is cancelled; then it is gone for good with its files", async () => {
  const idle = await serverOfTest({ after });
  const token = await idle.token();
  const headers = { prefer: "respond-async" };
  const accepted = await idle.call("GET", "$export", { token, headers });
  assert.equal(accepted.status, 202);
  const path = (accepted.headers["content-location"] ?? "").replace("http://eira.test/fhir/R4/", "");
  const waiting = await idle.call("GET", path, { token });
  assert.deepEqual(
    [waiting.status, waiting.headers["x-progress"], waiting.headers["retry-after"]],
    [202, "waiting", "1"],
  );
  await idle.sql(`UPDATE job SET state = 'running', progress = '{"told": "Patient: 17"}'`);
  idle.clock.forward(60_000);
  const running = await idle.call("GET", path, { token });
  assert.deepEqual([running.headers["x-progress"], running.headers["retry-after"]], ["Patient: 17", "5"]);
  assert.equal((await idle.call("DELETE", path, { token })).status, 202);
  for (const method of ["GET", "DELETE"]) assert.equal((await idle.call(method, path, { token })).status, 404);

  const done = await server.ask("GET", "$export?_type=Patient");
  assert.equal((await server.ended(done)).status, 200);
  assert.equal((await files(idOf(done))).length, 1);
  assert.equal((await server.call("DELETE", done, { token: server.token_ })).status, 202);
  server.clock.forward(HOUR / 2);
  await until(async () => (await files(idOf(done))).length === 0);
  assert.deepEqual(await server.sql("SELECT 1 FROM job WHERE id = $1", [idOf(done)]), []);
});

test("HTTP-JOB-3 one actor has few jobs under way; more are refused with a time to try again, also twenty at once", async () => {
  const idle = await serverOfTest({ after });
  const token = await idle.token();
  const headers = { prefer: "respond-async" };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => idle.call("GET", "$export?_type=Patient", { token, headers })),
  );
  assert.equal(answers.filter(({ status }) => status === 202).length, 5);
  const refused = answers.filter(({ status }) => status === 429);
  assert.equal(refused.length, 15);
  assert.ok(refused.every((one) => one.code() === "TOO_MANY_REQUESTS" && Number(one.headers["retry-after"]) > 0));
  const cookie = await idle.cookie();
  assert.equal((await idle.call("GET", "Patient", { cookie, headers })).status, 202); // somebody else's are not counted
});

test("JRN-JOB-1 what a job gave is kept for a day and then removed, and so is what was sent and never became a job", async () => {
  const path = await server.ask("GET", "$export?_type=Patient");
  const answer = await server.ended(path);
  const expires = Date.parse(answer.headers["expires"] ?? "");
  assert.ok(Math.abs(expires - server.clock().getTime() - 24 * HOUR) < 60_000);
  const orphan = await server.options.files?.create("orphan", "upload");
  await orphan?.close();
  server.clock.forward(23 * HOUR);
  assert.equal((await server.call("GET", path, { token: server.token_ })).status, 200);
  server.clock.forward(2 * HOUR);
  assert.equal((await server.call("GET", path, { token: server.token_ })).status, 404);
  await until(async () => (await files(idOf(path))).length === 0);
  await until(async () => (await server.sql("SELECT 1 FROM job WHERE id = $1", [idOf(path)])).length === 0); // after its files
  server.clock.forward(365 * 24 * HOUR); // the files' own times are the machine's
  await until(async () => (await files("orphan")).length === 0);
  assert.deepEqual(server.faults, []);
});
