/** Rules of src/http/SPEC.md and src/journal/SPEC.md about bulk import, on a server with its long work. */
import assert from "node:assert/strict";
import { request as send } from "node:http";
import { after, test } from "node:test";
import type { OperationOutcome } from "fhir/r4";
import { observation, patient } from "../journal/testing/index.ts";
import type { Answer } from "../http/testing/index.ts";
import { workingServer, type Manifest } from "./testing/long-work.ts";

const server = await workingServer({ after });
const NDJSON = { "content-type": "application/fhir+ndjson" };
const linesOf = (...resources: readonly unknown[]): string =>
  resources.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n");

async function take(body: string): Promise<Manifest> {
  const answer = await server.ended(await server.ask("POST", "$import", { body, headers: NDJSON }));
  assert.equal(answer.status, 200, answer.text);
  return answer.json<Manifest>();
}

const refuse = (body: unknown, headers: Record<string, string> = NDJSON, path = "$import"): Promise<Answer> =>
  server.call("POST", path, { token: server.token_, body, headers });

async function refusals(
  manifest: Manifest,
): Promise<{ line: number | undefined; code: string | undefined; text: string }[]> {
  const lines = manifest.error.length === 0 ? [] : await server.lines_(manifest.error[0]);
  return lines.map((line) => {
    const outcome = JSON.parse(line) as OperationOutcome;
    const [issue] = outcome.issue;
    return {
      line: outcome.extension?.[0]?.valueInteger,
      code: issue?.details?.coding?.[0]?.code,
      text: issue?.details?.text ?? "",
    };
  });
}

test("HTTP-IMPORT-1 each line is a resource: put under its id, or under a new one; what it says is stored as it was written", async () => {
  const manifest = await take(
    linesOf(patient("p1"), observation("o1", "Patient/p1", { id: "o1" }), "", observation(undefined)),
  );
  assert.deepEqual(manifest.counts, {
    Observation: { created: 2, updated: 0, unchanged: 0 },
    Patient: { created: 1, updated: 0, unchanged: 0 },
  });
  assert.deepEqual([manifest.refused, manifest.error], [0, []]);
  const numbers = `{"resourceType":"Observation","id":"n1","status":"final","code":{"text":"vikt"},"subject":{"reference":"Patient/p1"},"valueQuantity":{"value":6.0}}\r\n`;
  const again = await take(numbers + JSON.stringify(observation("o1", "Patient/p1", { status: "amended" })));
  assert.deepEqual(again.counts, { Observation: { created: 1, updated: 1, unchanged: 0 } });
  assert.match((await server.call("GET", "Observation/n1", { token: server.token_ })).text, /"value":6\.0/);
  const third = await take(numbers);
  assert.deepEqual(third.counts, { Observation: { created: 0, updated: 0, unchanged: 1 } });
  const [given] = await server.sql<{ home: number; patient: string }>(
    "SELECT o.home, o.patient FROM observation o WHERE o.id NOT IN ('o1', 'n1')",
  );
  const [whose] = await server.sql<{ home: number }>("SELECT home FROM patient WHERE id = 'p1'");
  assert.equal(given?.home, whose?.home);
});

test("HTTP-IMPORT-2 a line that is refused is told with its number and fault, and the others are taken in", async () => {
  const good = Array.from({ length: 700 }, (_, n) => observation(`g${n}`, "Patient/p1"));
  const lines: unknown[] = [...good];
  lines.splice(3, 0, "{ not json");
  lines.splice(300, 0, { resourceType: "Nonsense", id: "x" });
  lines.splice(301, 0, observation("bad", "Patient/p1", { status: "nonsense" }));
  lines.splice(302, 0, "[1, 2]");
  lines.splice(600, 0, observation("lost", "Patient/nobody"));
  lines.splice(601, 0, { ...observation("g1", "Patient/p1"), id: "not an id" });
  const manifest = await take(linesOf(...lines));
  assert.equal(manifest.counts?.["Observation"]?.["created"], 700);
  assert.equal(manifest.refused, 6);
  const told = await refusals(manifest);
  assert.deepEqual(told.map(({ line, code }) => `${line} ${code}`).toSorted(), [
    "301 TYPE_UNKNOWN",
    "302 INVALID",
    "303 TYPE_MISMATCH",
    "4 BODY_NOT_JSON",
    "601 REFERENCE_NOT_FOUND",
    "602 ID_INVALID",
  ]);
  assert.ok(told.every(({ line, text }) => text.startsWith(`Rad ${line}: `)));
  assert.equal(manifest.error[0]?.count, 6);
});

test("HTTP-IMPORT-3 what refers to later lines waits for them; what never comes is refused", async () => {
  const observations = Array.from({ length: 1200 }, (_, n) => observation(`later-${n}`, `Patient/later-${n % 40}`));
  const missing = observation("never", "Patient/never");
  const patients = Array.from({ length: 40 }, (_, n) => patient(`later-${n}`));
  const manifest = await take(linesOf(...observations, missing, ...patients));
  assert.equal(manifest.counts?.["Observation"]?.["created"], 1200);
  assert.equal(manifest.counts?.["Patient"]?.["created"], 40);
  assert.deepEqual(
    (await refusals(manifest)).map(({ line, code }) => [line, code]),
    [[1201, "REFERENCE_NOT_FOUND"]],
  );
});

test("HTTP-IMPORT-4 the same resource on several lines gets the last one's text, in as many versions", async () => {
  const manifest = await take(
    linesOf(patient("twin"), patient("twin", { gender: "female" }), patient("twin", { gender: "male" })),
  );
  assert.deepEqual(manifest.counts, { Patient: { created: 1, updated: 2, unchanged: 0 } });
  assert.match((await server.call("GET", "Patient/twin", { token: server.token_ })).text, /"gender":"male"/);
});

test("HTTP-IMPORT-5 inputs by address, other forms, empty bodies, people and unknown parameters are refused, and nothing is kept", async () => {
  const manifest = { resourceType: "Parameters", parameter: [{ name: "input", valueUrl: "file:///etc/passwd" }] };
  const byAddress = await refuse(manifest, { "content-type": "application/fhir+json" });
  assert.deepEqual([byAddress.status, byAddress.code()], [400, "NOT_SUPPORTED"]);
  assert.equal((await refuse("a", { "content-type": "text/plain" })).status, 415);
  assert.equal((await refuse("a", { ...NDJSON, "content-encoding": "gzip" })).status, 415);
  assert.equal((await refuse("")).status, 400);
  assert.equal((await refuse("{}", NDJSON, "$import?mode=x")).status, 400);
  const cookie = await server.cookie();
  assert.equal((await server.call("POST", "$import", { cookie, body: "{}", headers: NDJSON })).status, 403);
  const byReader = { token: await server.token("system/*.rs system/Patient.cr"), body: "{}", headers: NDJSON };
  assert.equal((await server.call("POST", "$import", byReader)).status, 403);
  const reader = await server.token("system/Basic.cu");
  const path = await server.ask("POST", "$import", {
    token: reader,
    body: JSON.stringify(patient("no")),
    headers: NDJSON,
  });
  const answer = (await server.ended(path, { token: reader })).json<Manifest>();
  assert.deepEqual([answer.counts, answer.refused], [{}, 1]);
});

test("HTTP-IMPORT-6 an upload that breaks off is no import", async () => {
  const before = await server.sql("SELECT id FROM job");
  await new Promise<void>((resolve) => {
    const headers = { ...NDJSON, authorization: `Bearer ${server.token_}`, "content-length": "100000" };
    const call = send({ host: "127.0.0.1", port: server.port, method: "POST", path: "/fhir/R4/$import", headers });
    call.on("error", () => resolve());
    call.write(JSON.stringify(patient("half")));
    setTimeout(() => call.destroy(), 100);
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal((await server.sql("SELECT id FROM job")).length, before.length);
  assert.equal((await server.call("GET", "Patient/half", { token: server.token_ })).status, 404);
});

test("JRN-IMPORT-1 empty files of lines, lines of nothing and a last line without its end are what they are", async () => {
  const manifest = await take(`\n\n  \n${JSON.stringify(patient("alone"))}`);
  assert.deepEqual(manifest.counts, { Patient: { created: 1, updated: 0, unchanged: 0 } });
  assert.deepEqual((await take("\n")).counts, {});
  assert.deepEqual(server.faults, []);
});
