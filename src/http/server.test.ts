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

/** What the server says to these very bytes, until it closes the connection. */
function rawAnswer(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
    let told = "";
    socket
      .on("data", (part) => (told += part.toString("utf8")))
      .on("end", () => resolve(told))
      .on("error", reject);
  });
}

test("HTTP-BROKEN-2 a request whose end can be read in two ways is refused with all that follows", async () => {
  const hidden = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
  const start = "POST /fhir/R4/Patient HTTP/1.1\r\nhost: x\r\n";
  for (const lengths of [
    "content-length: 5\r\ntransfer-encoding: chunked",
    "transfer-encoding: chunked\r\ncontent-length: 5",
    "content-length: 5\r\ncontent-length: 6",
    "transfer-encoding: chunked\r\ntransfer-encoding: identity",
    "transfer-encoding: xchunked",
    "transfer-encoding : chunked",
    "content-length: 0x5",
    "content-length: +5",
  ]) {
    const told = await rawAnswer(`${start}${lengths}\r\n\r\n0\r\n\r\n${hidden}`);
    assert.match(told, /^HTTP\/1\.1 400 /, lengths);
    assert.equal(told.match(/HTTP\/1\.1 /g)?.length, 1, lengths);
    assert.doesNotMatch(told, /"status":"ok"/, lengths);
  }
});

test("HTTP-BROKEN-1 what is not HTTP", async () => {
  for (const [text, status] of [
    ["nonsense\r\n\r\n", 400],
    [`GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 431],
    ["GET / HTTP/1.1\r\nbad header\r\n\r\n", 400],
    ["POST /fhir/R4/Patient HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n", 400],
  ] as const) {
    const told = await rawAnswer(text);
    assert.match(told, new RegExp(`^HTTP/1.1 ${status} `), text.slice(0, 40));
    assert.match(told, /content-security-policy: default-src 'none'[^]*x-content-type-options: nosniff/);
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
  assert.deepEqual(
    server.lines.filter((line) => line.includes('"level":"error"')),
    [],
  );
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
    const policy = String(headers["content-security-policy"]).split("; ");
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ])
      assert.ok(policy.includes(part), part);
    assert.doesNotMatch(policy.join(), /unsafe|\*|https?:|blob:/);
    assert.deepEqual(
      [headers["x-content-type-options"], headers["referrer-policy"], headers["cross-origin-resource-policy"]],
      ["nosniff", "no-referrer", "same-origin"],
    );
  }
});

test("HTTP-SERVER-4 browsers are told to come by https where there is https", async (t) => {
  const secure = await serverOfTest(t, { base: "https://eira.test/fhir/R4" });
  for (const path of ["/healthz", "/fhir/R4/metadata", "/fhir/R4/Patient/none", "/nonsense", "/fhir/R4/Patient/%"]) {
    const { headers } = await secure.call("GET", path);
    assert.equal(headers["strict-transport-security"], "max-age=63072000; includeSubDomains", path);
    assert.equal((await call("GET", path)).headers["strict-transport-security"], undefined, path);
  }
});

test("HTTP-SERVER-5 every answer says its type and that texts are UTF-8", async () => {
  for (const { method, path } of ROUTES) {
    const address = path.replace(":type", "Patient").replaceAll(/:\w+/g, "p1");
    const answer = await call(method, address, method === "GET" ? {} : { body: {} });
    if (answer.text === "") continue;
    const type = String(answer.headers["content-type"]);
    assert.match(type, /^[a-z]+\/[a-z+.-]+/, `${method} ${address}`);
    if (/text|json|xml/.test(type)) assert.match(type, /; charset=utf-8$/i, `${method} ${address}`);
  }
});

test("HTTP-ALLOW-2 TRACE gives nothing back", async () => {
  for (const path of ["/", "/healthz", "/fhir/R4/Patient", "/fhir/R4/Patient/p1"]) {
    const told = await rawAnswer(`TRACE ${path} HTTP/1.1\r\nhost: x\r\nx-mine: mirror\r\nconnection: close\r\n\r\n`);
    assert.match(told, /^HTTP\/1\.1 40[045] /, path);
    assert.doesNotMatch(told, /mirror/);
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
