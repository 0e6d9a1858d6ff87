import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, test } from "node:test";
import fc from "fast-check";
import { identified, observation, patient } from "../journal/testing/index.ts";
import { ROUTES } from "./routes.ts";
import { serverOfTest, type Answer, type Call } from "./testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const cookie = await server.cookie();
const call = (method: string, path: string, more: Call = {}): Promise<Answer> =>
  server.call(method, path, { token, ...more });
await server.put(patient("p1", identified("a", "1")));
await server.put(observation("o1"));

test("HTTP-BROKEN-1 what is not HTTP", async () => {
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
      let told = "";
      socket
        .on("data", (part) => (told += part.toString("utf8")))
        .on("end", () => resolve(told))
        .on("error", reject);
    });
  for (const [text, status] of [
    ["nonsense\r\n\r\n", 400],
    [`GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 431],
    ["GET / HTTP/1.1\r\nbad header\r\n\r\n", 400],
    ["POST /fhir/R4/Patient HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n", 400],
  ] as const) {
    const told = await raw(text);
    assert.match(told, new RegExp(`^HTTP/1.1 ${status} `), text.slice(0, 40));
    assert.match(told, /application\/fhir\+json[\s\S]*"OperationOutcome"/);
  }
  for (const path of ["/fhir/R4/Patient/%", "/fhir/R4/Patient/%E0%A4%A", "/fhir/R4/%ff"]) {
    const answer = await call("GET", path);
    assert.deepEqual([answer.status, answer.code()], [400, "REQUEST_MALFORMED"], path);
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
  }
});

test("HTTP-SERVER-1 no request is answered with a fault of ours", { timeout: 120_000 }, async () => {
  const words = [
    "p1",
    "Patient",
    "Observation",
    "_history",
    "_search",
    "metadata",
    "*",
    "..",
    ".",
    "%00",
    "%2e%2e%2f",
    "a,b",
    "å%CC%8A",
    "x".repeat(300),
    "$everything",
    "null",
    "-1",
    "1e9",
    "'",
    "%22",
    "{id}",
    "__proto__",
    "constructor",
    "timeline",
    "overview",
    "readers",
  ];
  const names = [
    "_id",
    "_count",
    "_sort",
    "_include",
    "_revinclude",
    "_has:Observation:patient:code",
    "_elements",
    "_summary",
    "_total",
    "_cursor",
    "_since",
    "_at",
    "_format",
    "identifier",
    "name:exact",
    "birthdate",
    "patient.name",
    "subject:Patient.identifier",
    "value-quantity",
    "code:in",
    "near",
    "q",
    "limit",
    "before",
    "_type",
    "_lastUpdated",
    "a".repeat(50),
  ];
  const values = [
    "",
    "x",
    "1",
    "-1",
    "0",
    "1e400",
    "99999999999999999999",
    "2026-02-30",
    "ge2026",
    "0001",
    "9999-12-31",
    "|",
    "a|b",
    "a|b|c",
    "\\",
    ",",
    ",,,",
    "$",
    "%00",
    "%F0%9F%AB%80",
    '"',
    "'; DROP TABLE patient; --",
    "Patient/p1",
    "5.4|http://unitsofmeasure.org|mg",
    "5.40e-3",
    "NaN",
    "infinity",
    "true",
    "*",
    "Observation:subject",
    "Observation:*",
    "-date,code",
    "eyJ9",
    "60.1|15.2|5|km",
  ];
  const bodies = [
    undefined,
    "",
    "{}",
    "[]",
    "null",
    "{",
    '{"resourceType":"Patient"}',
    '{"resourceType":"Patient","id":"p1","name":"x"}',
    '{"resourceType":"Bundle","type":"transaction","entry":[{}]}',
    '{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"?"}},{"request":{"method":"DELETE","url":"Patient/%00"}},{"request":{"method":"GET","url":"Patient/a b"}}]}',
    '[{"op":"move","from":"","path":"/a"}]',
    '[{"op":"add","path":"/name/-","value":{}}]',
    '{"assignment":1}',
    "_id=1&_sort=x",
    "\u0000\u0001",
    '{"resourceType":"Observation","status":"final","code":{},"subject":{"reference":"Patient?"},"valueQuantity":{"value":1e9999}}',
  ];
  const types = [
    "application/fhir+json",
    "application/json-patch+json",
    "application/x-www-form-urlencoded",
    "text/html",
    "application/octet-stream",
    "",
  ];
  const pick = <T>(of: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...of);
  const request = fc.record({
    route: pick(ROUTES),
    parts: fc.array(pick(words), { minLength: 4, maxLength: 4 }),
    query: fc.array(fc.tuple(pick(names), pick(values)), { maxLength: 4 }),
    body: pick(bodies),
    type: pick(types),
    who: pick(["token", "cookie"] as const),
    headers: fc.subarray([
      ["if-match", 'W/"1"'],
      ["if-none-exist", "identifier=urn:test:a|1"],
      ["prefer", "handling=lenient"],
      ["accept", "text/*"],
      ["idempotency-key", "k"],
      ["accept-language", "en"],
    ] as [string, string][]),
  });
  const seed = 20261121;
  console.log(`seed ${seed}`);
  await fc.assert(
    fc.asyncProperty(request, async ({ route, parts, query, body, type, who, headers }) => {
      let at = 0;
      const path = route.path.replaceAll(/:[a-z]+/g, () => parts[at++] ?? "x");
      const search = query
        .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%25", "%")}`)
        .join("&");
      const method = route.method;
      const sent =
        method === "GET" ? {} : { body: body ?? "", headers: { "content-type": type, ...Object.fromEntries(headers) } };
      const answer = await server.call(method, `${path}${search === "" ? "" : `?${search}`}`, {
        headers: Object.fromEntries(headers),
        ...sent,
        ...(who === "token" ? { token } : { cookie }),
      });
      assert.ok(
        answer.status < 500,
        `${method} ${path}?${search} → ${answer.status} ${answer.text.slice(0, 300)} ${server.lines.at(-1)}`,
      );
      // Where a person's browser is sent, a page of words answers.
      if (answer.status >= 400 && String(answer.headers["content-type"]).startsWith("text/plain")) {
        assert.match(path, /^\/oauth\/authorize|^\/demo-idp/);
        return;
      }
      // The authorization server's errors have OAuth's own form.
      const [name, value] = path.startsWith("/oauth/")
        ? ["error", /^[a-z_]+$/]
        : ["resourceType", /^OperationOutcome$/];
      if (answer.status >= 400) assert.match(String(answer.at(name)), value, path);
    }),
    { seed, numRuns: 1500, endOnFailure: true },
  );
  assert.deepEqual(server.lines, []);
});

test("HTTP-SERVER-2 headers for browsers", async () => {
  for (const path of [
    "/healthz",
    "/fhir/R4/metadata",
    "/fhir/R4/Patient/p1",
    "/fhir/R4/Patient/none",
    "/nonsense",
    "/api/session",
  ]) {
    const { headers } = await call("GET", path);
    assert.match(String(headers["content-security-policy"]), /default-src 'none'.*frame-ancestors 'none'/);
    assert.deepEqual(
      [headers["x-content-type-options"], headers["referrer-policy"], headers["cross-origin-resource-policy"]],
      ["nosniff", "no-referrer", "same-origin"],
    );
  }
});

test("HTTP-SERVER-3 a fault of ours has a number and tells no one's business", async (t) => {
  const broken = await serverOfTest(t);
  await broken.put(patient("p1", { name: [{ family: "Hemlig" }], ...identified("a", "19121212-1212") }));
  const secret = await broken.token();
  await broken.sql('ALTER TABLE patient RENAME COLUMN content TO "Hemlig 19121212-1212"');
  const before = broken.lines.length;
  for (const [method, path, body] of [
    ["GET", "Patient/p1", undefined],
    ["GET", "Patient?identifier=19121212-1212", undefined],
    ["PUT", "Patient/p1", patient("p1", { name: [{ family: "Hemlig" }] })],
  ] as const) {
    const answer = await broken.call(method, path, { token: secret, ...(body === undefined ? {} : { body }) });
    assert.deepEqual([answer.status, answer.code()], [500, "INTERNAL"]);
    const line = JSON.parse(broken.lines.at(-1) ?? "{}") as { incident: string; at: string; route: string };
    assert.ok(answer.text.includes(line.incident));
    assert.match(line.at, /src\/store\/\w+\.ts/);
    for (const told of [answer.text, JSON.stringify(broken.lines)])
      assert.doesNotMatch(told, new RegExp(`Hemlig|19121212|${secret}`));
  }
  assert.equal(broken.lines.length - before, 3);
});

test("HTTP-OPTIONS-1 the base that the server was started with", async (t) => {
  const other = await serverOfTest(t, { base: "https://journal.example/fhir/R4" });
  const made = await other.call("POST", "Patient", { token: await other.token(), body: patient(undefined) });
  assert.match(String(made.headers.location), /^https:\/\/journal\.example\/fhir\/R4\/Patient\/\w+\/_history\/1$/);
  const found = await other.call("GET", "Patient", { token: await other.token() });
  assert.match(String(found.at("link.0.url")), /^https:\/\/journal\.example\/fhir\/R4\/Patient$/);
});
