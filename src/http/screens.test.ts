import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { identified, observation, patient } from "../journal/testing/index.ts";
import { serverOfTest, type Answer, type Call } from "./testing/index.ts";

const folder = mkdtempSync(join(tmpdir(), "eira-web-"));
const webRoot = join(folder, "web");
mkdirSync(join(webRoot, "assets"), { recursive: true });
writeFileSync(join(folder, "secret.txt"), "secret");
writeFileSync(join(webRoot, "index.html"), "<!doctype html><title>Eira</title>");
writeFileSync(join(webRoot, "assets", "app-1a2b3c.js"), "export const eira = 1;");
writeFileSync(join(webRoot, "icon.svg"), "<svg/>");
after(() => rmSync(folder, { recursive: true }));

const server = await serverOfTest({ after }, { webRoot });
const cookie = await server.cookie();
const call = (path: string, more: Call = {}): Promise<Answer> => server.call("GET", path, { cookie, ...more });

test("HTTP-API-PATIENT-1 finding, overview, sections and readers", async () => {
  await server.put(patient("p1", { name: [{ family: "Sökmark", given: ["Anna"] }], ...identified("a", "1") }));
  for (let n = 0; n < 5; n += 1)
    await server.put(
      observation(`o${n}`, "Patient/p1", {
        effectiveDateTime: `2026-11-1${n}`,
        category: [
          { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs" }] },
        ],
      }),
    );
  const found = await call("/api/patients?q=anna%20s%C3%B6k");
  assert.deepEqual(
    [found.status, found.at("items.0.id"), found.at("items.length"), found.at("more")],
    [200, "p1", 1, false],
  );
  assert.equal(found.headers["cache-control"], "no-store");
  assert.deepEqual(JSON.parse((await call("/api/patients")).text), { items: [], more: false });

  const overview = await call("/api/patients/p1/overview");
  assert.deepEqual(
    [
      overview.at("patient.id"),
      overview.at("sections.vitals.items.length"),
      overview.at("sections.vitals.more"),
      overview.at("sections.problems.items.length"),
    ],
    ["p1", 5, false, 0],
  );
  assert.match(String(overview.at("asOf")), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

  const seen: unknown[] = [];
  for (let before: unknown = ""; before !== null;) {
    const page = await call(`/api/patients/p1/vitals?limit=2${before === "" ? "" : `&before=${String(before)}`}`);
    seen.push(...(page.at("items") as { id: string }[]).map(({ id }) => id));
    before = page.at("next");
  }
  assert.deepEqual(seen, ["o4", "o3", "o2", "o1", "o0"]);

  const readers = await call("/api/patients/p1/readers?limit=3");
  assert.equal(readers.status, 200);
  const [first] = readers.at("items") as Record<string, unknown>[];
  assert.deepEqual(
    [first?.["person"], first?.["unit"], first?.["refused"]],
    ["Anna Ek, Överläkare", "Medicinkliniken", false],
  );
  assert.equal(typeof readers.at("next"), "string");
});

test("HTTP-API-PATIENT-2 what cannot be is refused", async () => {
  for (const limit of ["0", "-1", "x", "1.5", "", "99999", "1e3"]) {
    for (const path of ["/api/patients?q=anna&", "/api/patients/p1/timeline?", "/api/patients/p1/readers?"]) {
      const answer = await call(`${path}limit=${limit}`);
      assert.deepEqual([answer.status, answer.code()], [400, "SEARCH_VALUE_INVALID"], `${path} ${limit}`);
    }
  }
  assert.equal((await call("/api/patients?q=anna&limit=5000")).status, 200);
  for (const path of ["timeline?before=x", "readers?before=x", "vitals?before=W10"])
    assert.equal((await call(`/api/patients/p1/${path}`)).status, 400, path);
  for (const id of ["none", "p1,p2", "p1%2Cp2", "a%00b", "Patient%2Fp1", "%F0%9F%AB%80"]) {
    for (const screen of ["overview", "timeline", "readers", "problems"])
      assert.equal((await call(`/api/patients/${id}/${screen}`)).status, 404, `${id} ${screen}`);
  }
  for (const screen of ["nonsense", "constructor", "__proto__", ""])
    assert.equal((await call(`/api/patients/p1/${screen}`)).status, 404, screen);
  assert.equal((await call("/api/patients?q=%ff")).status, 400);
});

test("HTTP-API-PATIENT-3 what is sought may come beside the address", async () => {
  const seek = (sought: string, path = "/api/patients?limit=20"): Promise<Answer> =>
    server.call("GET", path, { cookie, headers: { "x-eira-sought": sought } });
  const found = await seek(encodeURIComponent("anna sök"));
  assert.deepEqual([found.status, found.at("items.0.id")], [200, "p1"]);
  assert.equal((await seek(encodeURIComponent("anna sök"), "/api/patients?q=nobody")).at("items.0.id"), "p1");
  for (const odd of ["", "%", "%ff", "a&q=anna", "a+b", "x".repeat(8000), encodeURIComponent("' OR 1=1 --")]) {
    const answer = await seek(odd);
    assert.ok([200, 400].includes(answer.status), odd);
    assert.doesNotMatch(answer.text, /p1/, odd);
  }
  assert.equal((await seek("%ff")).status, 400);
});

test("HTTP-HEALTH-1 alive, and able to work", async (t) => {
  const own = await serverOfTest(t);
  const [alive, ready] = [await own.call("GET", "/healthz"), await own.call("GET", "/readyz")];
  assert.deepEqual([alive.status, JSON.parse(alive.text)], [200, { status: "ok" }]);
  assert.deepEqual([ready.status, JSON.parse(ready.text)], [200, { status: "ready", faults: [] }]);
  await own.sql(
    "UPDATE schema_migration SET version = version + 1000 WHERE version = (SELECT max(version) FROM schema_migration)",
  );
  const [still, not] = [await own.call("GET", "/healthz"), await own.call("GET", "/readyz")];
  assert.deepEqual([still.status, not.status, not.at("status"), not.at("faults.length")], [200, 503, "not ready", 1]);
});

test("HTTP-WEB-1 the application's files", async (t) => {
  const page = await call("/");
  assert.deepEqual(
    [page.status, page.headers["content-type"], page.headers["cache-control"]],
    [200, "text/html; charset=utf-8", "no-cache"],
  );
  for (const path of ["/patient/p1/overview", "/logga-in", "/x?y=z"])
    assert.equal((await call(path)).text, page.text, path);
  const script = await call("/assets/app-1a2b3c.js", { headers: { "accept-encoding": "gzip" } });
  assert.deepEqual(
    [script.text, script.headers["content-encoding"], script.headers["cache-control"]],
    ["export const eira = 1;", "gzip", "public, max-age=31536000, immutable"],
  );
  assert.equal((await call("/icon.svg")).headers["content-type"], "image/svg+xml; charset=utf-8");
  for (const path of [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/../../secret.txt",
    "/assets/none.js",
    "/index.html/x.txt",
    "/fhir",
    "/fhir/R4x",
    "/api",
    "/api/none",
  ]) {
    const answer = await call(path);
    assert.ok(answer.status === 404 || answer.status === 400, `${path} ${answer.status}`);
    assert.doesNotMatch(answer.text, /secret\b.*secret|<!doctype/);
  }
  assert.equal((await server.call("POST", "/", { body: "x" })).status, 404);
  assert.equal((await server.call("HEAD", "/")).status, 200);
  const without = await serverOfTest(t);
  assert.equal((await without.call("GET", "/")).status, 404);
});
