/** Rules of src/http/SPEC.md and src/journal/SPEC.md about bulk export, on a server with its long work. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { asDelete, asUpdate, observation, patient, putInDirectory, THEIRS } from "../journal/testing/index.ts";
import { commit, startJob, type Command, type JobView, type Visit } from "../journal/index.ts";
import type { Answer } from "../http/testing/index.ts";
import { workingServer, type Manifest, type ManifestFile } from "./testing/long-work.ts";

const server = await workingServer({ after }, { referentialIntegrity: false });

await server.put(patient("tove"));
await server.put(patient("otto"));
await server.put(patient("ines"));
for (const who of ["tove", "otto", "ines"]) {
  await server.put(observation(`${who}-weight`, `Patient/${who}`, { valueQuantity: { value: 6.0, unit: "kg" } }));
  await server.put(observation(`${who}-draft`, `Patient/${who}`, { status: "preliminary" }), THEIRS);
}
await server.put({ resourceType: "Organization", id: "region", name: "Region Västmark" }, null);
await server.put({ resourceType: "Group", id: "some", type: "person", actual: true, member: [{ entity: { reference: "Patient/tove" } }, { entity: { reference: "Patient/otto" }, inactive: true }, { entity: { reference: "Group/inner" } }] }); // prettier-ignore
await server.put({ resourceType: "Group", id: "inner", type: "person", actual: true, member: [{ entity: { reference: "Patient/ines" } }] }); // prettier-ignore

const fileOf = (files: readonly ManifestFile[], type: string): ManifestFile | undefined =>
  files.find((one) => one.type === type);

async function namesIn(manifest: Manifest): Promise<string[]> {
  const names: string[] = [];
  for (const file of manifest.output) {
    const lines = await server.lines_(file);
    assert.equal(lines.length, file.count);
    for (const line of lines) {
      const { resourceType, id } = JSON.parse(line) as { resourceType: string; id: string };
      assert.equal(resourceType, file.type);
      names.push(`${resourceType}/${id}`);
    }
  }
  return names.toSorted();
}

const kickOff = (path: string, call: Parameters<typeof server.call>[2] = {}): Promise<Answer> =>
  server.call(call.body === undefined ? "GET" : "POST", path, {
    token: server.token_,
    ...call,
    headers: { prefer: "respond-async", ...call.headers },
  });

test("HTTP-EXPORT-1 the whole system comes, each resource once and as it is stored, with a manifest", async () => {
  const manifest = await server.export("$export");
  assert.equal(manifest.requiresAccessToken, true);
  assert.equal(manifest.request, "http://eira.test/fhir/R4/$export");
  assert.deepEqual([manifest.deleted, manifest.error], [[], []]);
  assert.deepEqual(await namesIn(manifest), [
    "Group/inner",
    "Group/some",
    "Observation/ines-draft",
    "Observation/ines-weight",
    "Observation/otto-draft",
    "Observation/otto-weight",
    "Observation/tove-draft",
    "Observation/tove-weight",
    "Organization/region",
    "Patient/ines",
    "Patient/otto",
    "Patient/tove",
  ]);
  const stored = await server.sql<{ content: string }>("SELECT content FROM observation ORDER BY id");
  assert.deepEqual(
    await server.lines_(fileOf(manifest.output, "Observation")),
    stored.map(({ content }) => content),
  );
});

test("HTTP-EXPORT-2 Patient and Group levels come with the compartments of their patients, by GET and by POST", async () => {
  const everybody = await namesIn(await server.export("Patient/$export"));
  assert.equal(everybody.filter((name) => name.startsWith("Patient/")).length, 3);
  assert.ok(!everybody.includes("Organization/region"));
  const some = await namesIn(await server.export("Group/some/$export"));
  assert.deepEqual(
    some.filter((name) => !name.startsWith("Group/")),
    [
      "Observation/ines-draft",
      "Observation/ines-weight",
      "Observation/tove-draft",
      "Observation/tove-weight",
      "Patient/ines",
      "Patient/tove",
    ],
  );
  const body = {
    resourceType: "Parameters",
    parameter: [
      { name: "patient", valueReference: { reference: "Patient/otto" } },
      { name: "_type", valueString: "Patient,Observation" },
    ],
  };
  assert.deepEqual(await namesIn(await server.export("Patient/$export", { body })), [
    "Observation/otto-draft",
    "Observation/otto-weight",
    "Patient/otto",
  ]);
});

test("HTTP-EXPORT-3 filters: several of a type are alternatives, other types come whole; elements leave the rest out", async () => {
  const filter = "_typeFilter=Observation%3Fstatus%3Dpreliminary,Observation%3F_id%3Dtove-weight";
  const filtered = await namesIn(await server.export(`$export?_type=Observation,Organization&${filter}`));
  assert.deepEqual(filtered, [
    "Observation/ines-draft",
    "Observation/otto-draft",
    "Observation/tove-draft",
    "Observation/tove-weight",
    "Organization/region",
  ]);
  const manifest = await server.export("$export?_type=Observation,Patient&_elements=id,Observation.status");
  const [line = ""] = await server.lines_(fileOf(manifest.output, "Observation"));
  const { status, subject, meta } = JSON.parse(line) as Record<string, { tag?: { code: string }[] }>;
  assert.ok(status !== undefined && subject === undefined && meta?.tag?.[0]?.code === "SUBSETTED");
});

test("HTTP-EXPORT-4 since a moment, only what changed after it and what was deleted; an export begins where the last ended", async () => {
  const first = await server.export("$export?_type=Patient,Observation");
  await server.put(observation("fresh", "Patient/tove"));
  await server.put(observation("brief", "Patient/tove"));
  await commit(server.client(), [asDelete("Observation/brief"), asDelete("Observation/otto-draft")]);
  const since = encodeURIComponent(first.transactionTime);
  const next = await server.export(`$export?_type=Patient,Observation&_since=${since}`);
  assert.deepEqual(await namesIn(next), ["Observation/fresh"]);
  const [bundle = "{}"] = await server.lines_(next.deleted[0]);
  const { type, entry } = JSON.parse(bundle) as { type: string; entry: { request: { method: string; url: string } }[] };
  assert.equal(type, "transaction");
  assert.deepEqual(
    entry.map(({ request }) => `${request.method} ${request.url}`),
    ["DELETE Observation/brief", "DELETE Observation/otto-draft"],
  );
  await server.put(observation("otto-draft", "Patient/otto", { status: "preliminary" }), THEIRS); // lives again
  const again = await server.export(`$export?_type=Observation&_since=${since}`);
  assert.deepEqual(await namesIn(again), ["Observation/fresh", "Observation/otto-draft"]);
  assert.deepEqual((await server.lines_(again.deleted[0])).length, 1);
  const none = await server.export(`$export?_until=${encodeURIComponent("2001-01-01T00:00:00Z")}`);
  assert.deepEqual(none.output, []);
});

test("HTTP-EXPORT-5 files are fetched by their asker with a token, also compressed, and by nobody else", async () => {
  const manifest = await server.export("$export?_type=Patient");
  const path = (manifest.output[0]?.url ?? "").replace("http://eira.test/fhir/R4/", "");
  const plain = await server.call("GET", path, { token: server.token_ });
  assert.equal(plain.headers["content-type"], "application/fhir+ndjson");
  const zipped = await server.call("GET", path, { token: server.token_, headers: { "accept-encoding": "gzip" } });
  assert.equal(zipped.headers["content-encoding"], "gzip");
  assert.equal(zipped.text, plain.text);
  const head = await server.call("HEAD", path, { token: server.token_ });
  assert.deepEqual([head.status, head.headers["content-length"]], [200, String(Buffer.byteLength(plain.text))]);
  assert.equal((await server.call("GET", path)).status, 401);
  const cookie = await server.cookie();
  assert.equal((await server.call("GET", path, { cookie })).status, 404);
  assert.equal((await server.call("GET", `${path}0`, { token: server.token_ })).status, 404);
});

test("HTTP-EXPORT-6 only machine clients take out in bulk, and only what their scopes open; refusals are logged", async () => {
  const cookie = await server.cookie();
  for (const path of ["$export", "Patient/$export", "Group/some/$export"]) {
    const answer = await server.call("GET", path, { cookie, headers: { prefer: "respond-async" } });
    assert.equal(answer.status, 403, path);
  }
  const token = await server.token("system/Patient.rs");
  assert.equal((await kickOff("$export?_type=Observation", { token })).status, 403);
  const manifest = await server.export("$export", { token });
  assert.deepEqual(
    manifest.output.map(({ type }) => type),
    ["Patient"],
  );
  const refusals = (await server.log()).filter(
    ({ what, outcome }) => outcome === "refused" && /\$export/.test(what[0] ?? ""),
  );
  assert.ok(refusals.length >= 4);
});

test("HTTP-EXPORT-ASK-1 what is not understood, not done here, or not there is refused and named", async () => {
  const refused: [string, number, string?][] = [
    ["$export?_outputFormat=application/xml", 400, "_outputFormat"],
    ["$export?_since=yesterday", 400, "_since"],
    ["$export?_since=2026-99-99", 400, "_since"],
    ["$export?_type=Patient,Nonsense", 400, "_type"],
    ["Patient/$export?_type=Organization", 400, "_type"],
    ["$export?_typeFilter=Observation", 400, "_typeFilter"],
    ["$export?_typeFilter=Nonsense%3Fa%3Db", 400, "_typeFilter"],
    ["$export?_type=Patient&_typeFilter=Observation%3Fstatus%3Dfinal", 400, "_typeFilter"],
    ["$export?_typeFilter=Observation%3F_sort%3Ddate", 400, "_typeFilter"],
    ["$export?_typeFilter=Observation%3F_contained%3Dtrue", 400, "_typeFilter"],
    ["$export?_typeFilter=Observation%3Fnonsense%3D1", 400],
    ["$export?includeAssociatedData=LatestProvenanceResources", 400, "includeAssociatedData"],
    ["$export?organizeOutputBy=Patient", 400, "organizeOutputBy"],
    ["$export?allowPartialManifests=true", 400, "allowPartialManifests"],
    ["$export?_nonsense=1", 400, "_nonsense"],
    ["Patient/$export?patient=Patient/tove", 400, "patient"],
    ["Group/none/$export", 404],
    ["$export?_since=%ff", 400],
  ];
  for (const [path, status, expression] of refused) {
    const answer = await kickOff(path);
    assert.equal(answer.status, status, `${path}: ${answer.text}`);
    if (expression !== undefined) assert.equal(answer.at("issue.0.expression.0"), expression, path);
  }
  const parameters = (...parameter: object[]): object => ({ resourceType: "Parameters", parameter });
  const bodies = [
    parameters({ name: "patient", valueReference: { reference: "Patient/nobody" } }),
    parameters({ name: "patient", valueReference: { reference: "Observation/fresh" } }),
    parameters({ name: "_type", valueInteger: 3 }),
    { resourceType: "Bundle", type: "batch" },
    "{",
  ];
  for (const body of bodies) {
    const answer = await kickOff("Patient/$export", { body });
    assert.ok([400, 404].includes(answer.status), answer.text);
  }
});

test("HTTP-EXPORT-ASK-2 a lenient caller gets what is understood", async () => {
  const headers = { prefer: "respond-async, handling=lenient" };
  const path = "$export?_type=Patient,Nonsense&organizeOutputBy=Patient&_nonsense=1";
  const manifest = await server.export(path, { headers });
  assert.equal((await namesIn(manifest)).length, 3);
  assert.equal((await kickOff("$export?_type=Nonsense", { headers })).status, 400);
});

test("JRN-EXPORT-1 what left is in the access log of each patient before the file can be fetched, in a bounded number of rows", async () => {
  const before = (await server.log()).length;
  const path = await server.ask("GET", "$export?_type=Patient,Observation");
  assert.equal((await server.ended(path)).status, 200);
  const rows = (await server.log()).slice(before).filter(({ action }) => action === "export");
  const told = rows.flatMap(({ what }) => what).toSorted();
  assert.equal(new Set(told).size, told.length);
  const current = await server.sql<{ name: string }>(
    `SELECT 'Patient/' || id || '/_history/' || version AS name FROM patient
     UNION ALL SELECT 'Observation/' || id || '/_history/' || version FROM observation`,
  );
  assert.deepEqual(told, current.map(({ name }) => name).toSorted());
  assert.ok(rows.length <= 6 && rows.every(({ patient: whose }) => whose !== null));
});

test("JRN-EXPORT-2 an export is of one moment: a write under way at its beginning is waited for, a later one is not in it", async () => {
  let finish = (): void => undefined;
  const gate = new Promise<void>((resolve) => (finish = resolve));
  let begun = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => (begun = resolve));
  const slow = server.store.write("*", async (tx) => {
    await tx.lock(["slow"]);
    await tx.read("Patient", "tove"); // what is asked for an answer is what opens the transaction
    begun();
    await gate;
  });
  await isOpen;
  const path = await server.ask("GET", "$export?_type=Observation");
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal((await server.call("GET", path, { token: server.token_ })).status, 202);
  await server.put(observation("tove-weight", "Patient/tove", { status: "amended" })); // after the moment
  await commit(server.client(), [asDelete("Observation/ines-weight")]);
  await server.put(observation("too-late", "Patient/tove"));
  finish();
  await slow;
  const manifest = (await server.ended(path)).json<Manifest>();
  const lines = await server.lines_(manifest.output[0]);
  const found = new Map(
    lines.map((line) => JSON.parse(line) as { id: string; status: string }).map((one) => [one.id, one]),
  );
  assert.equal(found.size, lines.length);
  assert.equal(found.get("tove-weight")?.status, "final");
  assert.equal(found.get("ines-weight")?.status, "final");
  assert.equal(found.has("too-late"), false);
  const since = encodeURIComponent(manifest.transactionTime);
  const next = await server.export(`$export?_type=Observation&_since=${since}`);
  assert.deepEqual(await namesIn(next), ["Observation/too-late", "Observation/tove-weight"]);
  assert.match((await server.lines_(next.deleted[0]))[0] ?? "", /"DELETE","url":"Observation\/ines-weight"/);
});

test("JRN-MOMENT-1 a write that took its time before the moment and comes to the database after it gets a later time", async () => {
  const first = await server.export("$export?_type=Observation");
  const moment = Date.parse(first.transactionTime);
  const until = performance.now() + 20;
  const clock = (): Date => (performance.now() < until ? new Date(moment - 5) : server.clock());
  const visit = { ...server.client(), clock };
  const { value } = await commit(visit, [asUpdate(observation("in-between", "Patient/tove"))]);
  assert.ok(Date.parse(value[0]?.lastUpdated ?? "") > moment);
  const next = await server.export(`$export?_type=Observation&_since=${encodeURIComponent(first.transactionTime)}`);
  assert.deepEqual(await namesIn(next), ["Observation/in-between"]);
});

test("JRN-EXPORT-3 ten thousand resources leave with the hashes of what is stored, while others write", async () => {
  const many = Array.from({ length: 10_000 }, (_, n): Command => {
    const resource = {
      resourceType: "Basic",
      id: `b${n}`,
      code: { text: `sak ${n}` },
      subject: { reference: `Patient/${["tove", "otto", "ines"][n % 3]}` },
    };
    return { kind: "update", type: "Basic", id: resource.id, resource, where: "Basic" };
  });
  await commit({ ...server.client(), referentialIntegrity: false }, many);
  const hash = (lines: readonly string[]): string => createHash("sha256").update(lines.join("\n")).digest("hex");
  const path = await server.ask("GET", "$export?_type=Basic");
  for (let n = 0; n < 20; n += 1)
    await server.put({ resourceType: "Basic", id: `b${n * 499}`, code: { text: "nytt" } });
  const manifest = (await server.ended(path)).json<Manifest>();
  const lines: string[] = [];
  for (const file of manifest.output) lines.push(...(await server.lines_(file)));
  const ofTheMoment = await server.sql<{ content: string }>(
    `SELECT DISTINCT ON (id) content FROM (SELECT id, version, last_updated, content FROM basic
       UNION ALL SELECT id, version, last_updated, content FROM history WHERE type = 'Basic') AS versions
     WHERE last_updated <= $1 ORDER BY id, version DESC`,
    [manifest.transactionTime],
  );
  assert.equal(lines.length, 10_000);
  assert.equal(hash(lines), hash(ofTheMoment.map(({ content }) => content)));
  assert.deepEqual(server.faults, []);
});

test("JRN-EXPORT-4 an export reaches no further than its actor does when it runs, and ends when the actor may no more", async () => {
  const ask = { url: "", types: ["Observation"], elements: [], filters: {} };
  type Ended = Pick<JobView, "state" | "result" | "error">;
  const run = async (visit: Visit): Promise<Ended> => {
    const { actor } = visit;
    const expires = new Date(server.clock().getTime() + 3_600_000);
    if (actor.kind === "person") {
      await putInDirectory(server, actor);
      await server.store.addSession(randomBytes(16).toString("hex"), actor, expires);
    }
    const id = await startJob(visit, "export", ask);
    for (let tries = 0; tries < 500; tries += 1) {
      const [job] = await server.sql<Ended>("SELECT state, result, error FROM job WHERE id = $1", [id]);
      if (job?.state === "done" || job?.state === "failed") return job;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return assert.fail("the job did not end");
  };
  const theirs = await run(server.person(THEIRS));
  const drafts = await server.sql("SELECT 1 FROM observation WHERE care_provider = $1", [THEIRS.careProvider]);
  assert.equal(
    theirs.result?.files.reduce((sum, { count }) => sum + count, 0),
    drafts.length,
  );
  const over = await run(server.person(THEIRS, { until: "2026-11-20" }));
  assert.equal(over.error?.status, 403);
  const narrow = await run(server.client("system/Patient.rs"));
  assert.equal(narrow.error?.status, 403);
});

test("JRN-GROUP-1 a Group's patients are its active members, those of its groups, each once; circles end", async () => {
  await server.put({ resourceType: "Group", id: "ring", type: "person", actual: true, member: [{ entity: { reference: "Group/ring" } }, { entity: { reference: "Patient/otto" } }, { entity: { reference: "Patient/tove" }, period: { end: "2020-01-01" } }] }); // prettier-ignore
  assert.deepEqual(await namesIn(await server.export("Group/ring/$export?_type=Patient")), ["Patient/otto"]);
});
