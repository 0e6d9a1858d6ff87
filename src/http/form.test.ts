import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CapabilityStatement, OperationOutcome } from "fhir/r4";
import { BASE, identified, observation, patient } from "../journal/testing/index.ts";
import { serverOfTest, type Answer, type Call } from "./testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const call = (method: string, path: string, more: Call = {}): Promise<Answer> =>
  server.call(method, path, { token, ...more });
await server.put(patient("p1", identified("a", "1")));
await server.put(observation("o1"));

test("HTTP-HEADERS-1 content negotiation", async () => {
  const read = async (headers: Record<string, string>, query = ""): Promise<number> =>
    (await call("GET", `Patient/p1${query}`, { headers })).status;
  for (const accept of [
    "",
    "*/*",
    "application/*",
    "application/fhir+json",
    "application/json",
    "text/json",
    "text/html, application/xhtml+xml, */*;q=0.8",
    "text/turtle;q=0.1, application/fhir+json; fhirVersion=4.0",
    "APPLICATION/FHIR+JSON",
    'application/fhir+json; fhirVersion="4.0.1"; q=0.9',
    "application/fhir+json; fhirVersion=5.0, application/fhir+json; fhirVersion=4.0",
  ]) {
    assert.equal(await read({ accept }), 200, accept);
  }
  for (const accept of ["text/turtle", "image/*", "nonsense", "application/fhir+json; fhirVersion=5.0"]) {
    assert.equal(await read({ accept }), 406, accept);
    assert.equal(await read({ accept }, "?_format=json"), 200);
    assert.equal(await read({ accept }, "?_format=application/fhir%2Bjson"), 200);
    assert.equal(await read({ accept }, "?_format=application/fhir+json"), 200);
  }
  for (const [version, status] of [
    ["4.0", 201],
    ["3.0", 415],
    ["4.3", 415],
  ] as const) {
    const headers = { "content-type": `application/fhir+json; fhirVersion=${version}` };
    assert.equal((await call("POST", "Patient", { body: patient(undefined), headers })).status, status, version);
  }
  assert.deepEqual([await read({}, "?_format="), await read({ accept: "text/turtle" }, "?_format=")], [200, 406]);
  for (const format of ["ttl", "application/fhir+json;fhirVersion=5.0", "text/turtle", "nonsense"])
    assert.equal(await read({}, `?_format=${format}`), 406, format);
  for (const [method, path] of [
    ["GET", "Patient"],
    ["GET", "Patient/p1/_history"],
    ["GET", "Patient/p1/_history/1"],
    ["GET", "Patient/p1/Observation"],
    ["GET", "?_id=p1"],
    ["POST", "Patient"],
    ["PUT", "Patient/p1"],
    ["POST", ""],
    ["PATCH", "Patient/p1"],
  ] as const) {
    const answer = await call(method, path, {
      headers: { accept: "text/turtle" },
      ...(method === "GET" ? {} : { body: patient("p1") }),
    });
    assert.ok(
      answer.status === 406 || (method === "PATCH" && answer.status === 415),
      `${method} ${path}: ${answer.status}`,
    );
  }
});

test("HTTP-HEADERS-2 what comes back from a write", async () => {
  const put = (n: number, prefer?: string): Promise<Answer> =>
    call("PUT", "Patient/prefer", {
      body: patient("prefer", { multipleBirthInteger: n }),
      headers: prefer === undefined ? {} : { prefer },
    });
  assert.equal((await put(1)).at("multipleBirthInteger"), 1);
  assert.equal((await put(2, "return=representation")).at("multipleBirthInteger"), 2);
  const minimal = await put(3, "handling=strict; return=minimal");
  assert.deepEqual([minimal.status, minimal.text, minimal.headers.etag], [200, "", 'W/"3"']);
  const outcome = await put(4, "return=OperationOutcome");
  assert.deepEqual(
    [outcome.at("resourceType"), outcome.at("issue.0.severity"), outcome.headers.etag],
    ["OperationOutcome", "information", 'W/"4"'],
  );
  assert.equal((await put(6, 'respond-async, return="minimal"')).text, "");
  assert.equal((await put(5, "return=nonsense")).at("multipleBirthInteger"), 5);
  const made = await call("POST", "Patient", { body: patient(undefined), headers: { prefer: "return=minimal" } });
  assert.deepEqual([made.status, made.text, typeof made.headers.location], [201, "", "string"]);
});

test("HTTP-HEADERS-3 conditions and keys that say nothing are refused", async () => {
  const before = (await call("GET", "Patient/p1")).headers.etag;
  for (const value of ["1", "W/1", "**", 'W/"1', "", '"1", 2', '"1",', "null"]) {
    for (const [method, body] of [
      ["PUT", patient("p1", { active: true })],
      ["PATCH", []],
      ["DELETE", undefined],
    ] as const) {
      const type = method === "PATCH" ? "application/json-patch+json" : "application/fhir+json";
      const answer = await call(method, "Patient/p1", {
        headers: { "if-match": value, ...(body === undefined ? {} : { "content-type": type }) },
        ...(body === undefined ? {} : { body }),
      });
      assert.deepEqual(
        [answer.status, answer.code(), answer.at("issue.0.expression.0")],
        [400, "IF_MATCH_INVALID", "If-Match"],
        `${method} ${value}`,
      );
    }
  }
  for (const value of ["", 'W/"1"', "x"])
    assert.equal(
      (await call("PUT", "Patient/p1", { body: patient("p1", { active: true }), headers: { "if-none-match": value } }))
        .status,
      400,
    );
  for (const key of ["", " ", "x".repeat(256), "å"]) {
    for (const [method, path] of [
      ["POST", "Patient"],
      ["PUT", "Patient/p1"],
      ["DELETE", "Patient/p1"],
      ["POST", ""],
    ] as const) {
      const body =
        path === "" ? { resourceType: "Bundle", type: "transaction", entry: [] } : patient("p1", { active: true });
      const answer = await call(method, path, {
        headers: { "idempotency-key": Buffer.from(key).toString("latin1") },
        ...(method === "DELETE" ? {} : { body }),
      });
      assert.equal(answer.status, 400, `${method} ${path} ${key}`);
    }
  }
  assert.equal((await call("GET", "Patient/p1")).headers.etag, before);
  const clicks = await Promise.all(
    Array.from({ length: 20 }, () =>
      call("POST", "Patient", {
        body: patient(undefined, identified("click", "1")),
        headers: { "idempotency-key": "one" },
      }),
    ),
  );
  assert.equal(new Set(clicks.map(({ status, text, headers }) => `${status} ${headers.location} ${text}`)).size, 1);
  assert.equal(clicks[0]?.status, 201);
  assert.equal(
    (await call("POST", "Patient", { body: patient(undefined), headers: { "idempotency-key": "one" } })).code(),
    "IDEMPOTENCY_KEY_REUSED",
  );
  assert.equal((await call("GET", "Patient?identifier=urn:test:click|1")).entries().length, 1);
});

test("HTTP-BODY-1 bodies that are none", async () => {
  const refused: [Buffer | string | undefined, string | undefined, number, string][] = [
    [undefined, "application/fhir+json", 400, "BODY_EMPTY"],
    ["", "application/fhir+json", 400, "BODY_EMPTY"],
    ["{", "application/fhir+json", 400, "BODY_NOT_JSON"],
    ['{"resourceType":"Patient","resourceType":"Patient"}', "application/json", 400, "BODY_NOT_JSON"],
    ['{"resourceType":"Patient","active":tru}', "application/json", 400, "BODY_NOT_JSON"],
    [`${"[".repeat(200)}${"]".repeat(200)}`, "application/json", 400, "BODY_NOT_JSON"],
    ['{"resourceType":"Patient","x":"\\ud800"}', "application/json", 400, "BODY_NOT_JSON"],
    ['{"resourceType":"Patient","x":"\\u0000"}', "application/json", 400, "BODY_NOT_JSON"],
    [
      Buffer.from('{"resourceType":"Patient","name":[{"family":"Öberg"}]}', "latin1"),
      "application/json",
      400,
      "BODY_NOT_TEXT",
    ],
    ["[]", "application/json", 400, "TYPE_MISMATCH"],
    ["null", "application/json", 400, "TYPE_MISMATCH"],
    ['"x"', "application/json", 400, "TYPE_MISMATCH"],
    ["{}", "application/json", 400, "TYPE_MISMATCH"],
    ['{"resourceType":"Observation"}', "application/json", 400, "TYPE_MISMATCH"],
    ['{"resourceType":"Patient"}', "text/plain", 415, "CONTENT_TYPE"],
    ['{"resourceType":"Patient"}', "text/turtle", 415, "CONTENT_TYPE"],
    ['{"resourceType":"Patient"}', "application/x-www-form-urlencoded", 415, "CONTENT_TYPE"],
    ['{"resourceType":"Patient"}', "nonsense", 415, "CONTENT_TYPE"],
    ['{"resourceType":"Patient","__proto__":{"x":1}}', "application/json", 422, "INVALID"],
  ];
  for (const [body, type, status, code] of refused) {
    const answer = await call("POST", "Patient", { body, headers: type === undefined ? {} : { "content-type": type } });
    assert.deepEqual([answer.status, answer.code()], [status, code], `${String(body).slice(0, 60)} ${type}`);
  }
  const mark = await call("POST", "Patient", {
    body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"resourceType":"Patient"}')]),
  });
  assert.equal(mark.status, 201);
  const large = await call("POST", "Patient", { body: Buffer.alloc(64 * 1024 * 1024 + 1, 32) });
  assert.deepEqual([large.status, large.code()], [413, "BODY_TOO_LARGE"]);
  assert.equal(
    (await call("POST", "Patient", { body: `{"resourceType":"Patient","name":[{"text":"${"x".repeat(100_000)}"}]}` }))
      .status,
    201,
  );
});

test("HTTP-QUERY-1 parameters of form and address", async () => {
  const form = (body: string, query = "", type = "application/x-www-form-urlencoded"): Promise<Answer> =>
    call("POST", `Patient/_search${query}`, { body, headers: { "content-type": type } });
  assert.deepEqual((await form("_id=p1")).names(), ["Patient/p1"]);
  assert.deepEqual((await form("family=Ek", "?_id=p1")).names(), ["Patient/p1"]);
  assert.deepEqual((await form("family=Nej", "?_id=p1")).names(), []);
  assert.equal((await form('{"_id":"p1"}', "", "application/json")).status, 415);
  assert.deepEqual((await call("POST", "Patient/_search?_id=p1")).names(), ["Patient/p1"]);
  for (const bad of ["_id=%", "%zz=1", "_id=%ff"]) {
    assert.equal((await form(bad)).code(), "QUERY_ENCODING", bad);
    assert.equal((await call("GET", `Patient?${bad}`)).code(), "QUERY_ENCODING", bad);
  }
  assert.equal((await form("_id=p1%00")).status, 400);
});

test("HTTP-REPLY-1 refusals in FHIR's form and the caller's language", async () => {
  for (const [language, text] of [
    [undefined, /finns inte/],
    ["sv", /finns inte/],
    ["en", /is not here/],
    ["en-GB,sv;q=0.5", /is not here/],
    ["de", /finns inte/],
  ] as const) {
    const answer = await call("GET", "Patient/none", {
      headers: language === undefined ? {} : { "accept-language": language },
    });
    assert.match(String(answer.at("issue.0.details.text")), text);
    assert.equal(answer.at("issue.0.details.coding.0.system"), "urn:x-eira:outcome");
    assert.match(String(answer.headers["content-type"]), /application\/fhir\+json/);
  }
  const withPlace: [string, string, unknown, string][] = [
    ["POST", "Patient", { resourceType: "Patient", gender: "x" }, "Patient.gender"],
    [
      "POST",
      "Patient",
      { resourceType: "Patient", contact: [{ telecom: [{ system: 1 }] }] },
      "Patient.contact[0].telecom[0].system",
    ],
    ["PUT", "Patient/p1", patient("p2"), "Patient.id"],
    ["POST", "Observation", observation(undefined, "Patient/none"), "Observation"],
    ["POST", "Patient", observation(undefined), "resourceType"],
  ];
  for (const [method, path, body, place] of withPlace) {
    const places = (await call(method, path, { body }))
      .json<OperationOutcome>()
      .issue.flatMap(({ expression = [] }) => expression);
    assert.ok(places.includes(place), `${place} in ${places.join()}`);
  }
  for (const query of [
    "shoe-size=1",
    "birthdate=x",
    "_sort=shoe-size",
    "_count=x",
    "name:nonsense=x",
    "_include=x",
    "_total=x",
    "_summary=x",
    "_has:x=1",
    "_cursor=x",
    "organization:Nonsense.name=x",
    "_elements=",
    "_lastUpdated=x",
  ]) {
    const answer = await call("GET", `Patient?${query}`);
    if (answer.status === 200) continue;
    assert.ok(
      answer.json<OperationOutcome>().issue.every(({ expression }) => expression?.length === 1),
      `${query}: ${answer.text}`,
    );
  }
});

test("HTTP-COMPRESS-1 larger answers travel compressed", async () => {
  await server.put(patient("large", { name: [{ text: "x".repeat(5000) }] }));
  const plain = await call("GET", "Patient/large");
  const zipped = await call("GET", "Patient/large", { headers: { "accept-encoding": "br, gzip" } });
  assert.deepEqual(
    [plain.headers["content-encoding"], zipped.headers["content-encoding"], zipped.headers["vary"]],
    [undefined, "gzip", "Accept, Accept-Encoding, Accept-Language"],
  );
  assert.equal(zipped.text, plain.text);
  assert.equal(
    (await call("GET", "Patient/p1", { headers: { "accept-encoding": "gzip" } })).headers["content-encoding"],
    undefined,
  );
  assert.equal(
    (await call("GET", "Patient/large", { headers: { "accept-encoding": "identity" } })).headers["content-encoding"],
    undefined,
  );
});

test("HTTP-ALLOW-1 methods and addresses that are not there", async () => {
  const cases: [string, string, number, string | undefined][] = [
    ["PUT", "/fhir/R4", 405, "GET, HEAD, POST"],
    ["DELETE", "/fhir/R4", 405, "GET, HEAD, POST"],
    ["POST", "/fhir/R4/Patient/p1", 405, "DELETE, GET, HEAD, PATCH, PUT"],
    ["PUT", "/fhir/R4/Patient/p1/_history/1", 405, "GET, HEAD"],
    ["PUT", "/fhir/R4/metadata", 405, "GET, HEAD"],
    ["DELETE", "/fhir/R4/metadata", 405, "GET, HEAD"],
    ["POST", "/fhir/R4/_history", 405, "GET, HEAD"],
    ["PUT", "/fhir/R4/nonsense", 404, undefined],
    ["DELETE", "/healthz", 405, "GET, HEAD"],
    ["PUT", "/api/sign-in", 405, "POST"],
    ["GET", "/api/sign-in", 405, "POST"],
    ["GET", "/api/nonsense", 404, undefined],
    ["POST", "/nonsense", 404, undefined],
    ["GET", "/fhir/R5/Patient", 404, undefined],
    ["GET", "/fhir/R4/Patient/p1/_history/1/2/3", 404, undefined],
    ["POST", "/api/patients/p1/overview/x", 404, undefined],
  ];
  for (const [method, path, status, allow] of cases) {
    const answer = await call(method, path);
    assert.deepEqual(
      [answer.status, answer.headers.allow, answer.at("resourceType")],
      [status, allow, "OperationOutcome"],
      `${method} ${path}`,
    );
  }
  assert.equal((await call("OPTIONS", "/fhir/R4/Patient")).status, 405);
});

test("HTTP-CORS-1 other origins call FHIR with a token, and never with a cookie", async () => {
  const origin = "https://app.example";
  const ask = { origin, "access-control-request-method": "PUT", "access-control-request-headers": "authorization" };
  const before = await server.call("OPTIONS", "/fhir/R4/Patient/p1", { headers: ask });
  assert.equal(before.status, 204);
  assert.equal(before.headers["access-control-allow-origin"], "*");
  assert.match(String(before.headers["access-control-allow-methods"]), /PUT/);
  assert.match(String(before.headers["access-control-allow-headers"]), /authorization/);
  assert.doesNotMatch(String(before.headers["access-control-allow-headers"]), /x-eira|cookie/);
  const read = await call("GET", "/fhir/R4/Patient/p1", { headers: { origin } });
  assert.deepEqual([read.status, read.headers["access-control-allow-origin"]], [200, "*"]);
  assert.match(String(read.headers["access-control-expose-headers"]), /etag/);
  const refused = await server.call("GET", "/fhir/R4/Patient/p1", { headers: { origin } });
  assert.deepEqual([refused.status, refused.headers["access-control-allow-origin"]], [401, "*"]);
  for (const answer of [before, read, refused])
    assert.equal(answer.headers["access-control-allow-credentials"], undefined);
  assert.equal((await call("GET", "/fhir/R4/Patient/p1")).headers["access-control-allow-origin"], undefined);
  for (const path of ["/api/session", "/api/patients", "/healthz", "/", "/fhir/R4x"]) {
    for (const method of ["GET", "OPTIONS"]) {
      const other = await call(method, path, { headers: ask });
      assert.equal(other.headers["access-control-allow-origin"], undefined, `${method} ${path}`);
      if (method === "OPTIONS") assert.notEqual(other.status, 204, path);
    }
  }
});

test("HTTP-HISTORY-2 what a list refers to, and how many versions there are", async () => {
  for (let n = 0; n < 3; n += 1) {
    await server.put(patient("l1", { multipleBirthInteger: n }));
    await server.put(patient("l2", { multipleBirthInteger: n }));
    server.clock.forward(1000);
  }
  const entry = ["Patient/l1", "Patient/l2/_history/2", "Patient/none"].map((reference) => ({ item: { reference } }));
  await server.put({ resourceType: "List", id: "listed", status: "current", mode: "working", entry });
  const named = async (path: string): Promise<string[]> =>
    (await call("GET", path)).entries().map(({ request, response }) => `${request?.url} ${response?.etag}`);
  const all = ['Patient/l1 W/"3"', 'Patient/l2 W/"2"', 'Patient/l1 W/"2"', 'Patient/l1 W/"1"'];
  assert.deepEqual(await named("Patient/_history?_list=listed"), all);
  assert.deepEqual(await named("_history?_list=List/listed"), all);
  assert.deepEqual(await named("Patient/l2/_history?_list=listed"), ['Patient/l2 W/"2"']);
  assert.deepEqual(await named("Observation/_history?_list=listed"), []);
  const paged: string[] = [];
  for (let next: string | undefined = "Patient/_history?_list=listed&_count=1"; next !== undefined;) {
    const page = await call("GET", next);
    await server.put(patient("l1", { multipleBirthInteger: 100 + paged.length })); // written while paging
    assert.ok(Number(page.at("total")) >= all.length);
    paged.push(...page.entries().map(({ request, response }) => `${request?.url} ${response?.etag}`));
    const links = page.at("link") as { relation: string; url: string }[];
    next = links.find(({ relation }) => relation === "next")?.url.slice(BASE.length + 1);
  }
  assert.deepEqual(paged, all);
  assert.equal((await call("GET", "Patient/_history?_list=nolist")).status, 404);
  for (const counting of ["_summary=count", "_count=0"]) {
    const total = async (path: string): Promise<unknown[]> => {
      const answer = await call("GET", `${path}${counting}`);
      return [answer.status, answer.entries().length, answer.at("total")];
    };
    assert.deepEqual(await total("Patient/l2/_history?"), [200, 0, 3]);
    assert.deepEqual(await total("Patient/l2/_history?_since=2100&"), [200, 0, 0]);
    assert.deepEqual(await total("List/_history?"), [200, 0, 1]);
    assert.deepEqual(await total("_history?_since=2100&"), [200, 0, 0]);
    assert.deepEqual(await total("_history?_list=listed&"), [200, 0, 8]);
  }
  const lenient = await call("GET", "Patient/l2/_history?odd=1&_count=1", { headers: { prefer: "handling=lenient" } });
  assert.deepEqual([lenient.status, lenient.text.includes("odd=1")], [200, false]);
});

test("HTTP-HISTORY-3 made by PUT under an id of the caller's choice, else by POST", async () => {
  const made = await call("POST", "Patient", { body: patient(undefined) });
  const method = async (id: string): Promise<unknown> =>
    (await call("GET", `Patient/${id}/_history`)).entries().at(-1)?.request;
  assert.deepEqual(await method(String(made.at("id"))), { method: "POST", url: "Patient" });
  assert.deepEqual(await method("l2"), { method: "PUT", url: "Patient/l2" });
});

test("HTTP-FHIR-UPDATE-4 any version, and one of several", async () => {
  const put = (id: string, match: string, n: number): Promise<Answer> =>
    call("PUT", `Patient/${id}`, {
      body: patient(id, { multipleBirthInteger: n }),
      headers: { "if-match": match },
    });
  assert.equal((await put("any", "*", 1)).code(), "VERSION_CONFLICT");
  await server.put(patient("any"));
  assert.equal((await put("any", "*", 1)).headers.etag, 'W/"2"');
  const race = await Promise.all(Array.from({ length: 4 }, (_, n) => put("any", "*", 10 + n)));
  assert.deepEqual([...new Set(race.map(({ status }) => status))], [200]);
  assert.equal((await put("any", 'W/"9", "6"', 2)).headers.etag, 'W/"7"');
  assert.equal((await put("any", 'W/"1", W/"6"', 3)).code(), "VERSION_CONFLICT");
  const entry = (ifMatch: string): unknown => ({ request: { method: "DELETE", url: "Patient/any", ifMatch } });
  const bundle = (ifMatch: string): unknown => ({ resourceType: "Bundle", type: "batch", entry: [entry(ifMatch)] });
  assert.match(String((await call("POST", "", { body: bundle('"6"') })).at("entry.0.response.status")), /^412/);
  assert.match(String((await call("POST", "", { body: bundle("*") })).at("entry.0.response.status")), /^204/);
  assert.equal((await put("any", "*", 1)).code(), "VERSION_CONFLICT");
});

test("HTTP-FHIR-METADATA-3 search parameters are named with their definitions", async () => {
  const { rest } = (await server.call("GET", "metadata")).json<CapabilityStatement>();
  const params = rest?.[0]?.resource?.find(({ type }) => type === "Patient")?.searchParam ?? [];
  const definition = (name: string): string | undefined => params.find((one) => one.name === name)?.definition;
  assert.equal(definition("birthdate"), "http://hl7.org/fhir/SearchParameter/individual-birthdate");
  assert.equal(definition("_id"), "http://hl7.org/fhir/SearchParameter/Resource-id");
  assert.deepEqual(
    params.filter((one) => one.definition?.includes("undefined")),
    [],
  );
});

test("HTTP-FHIR-VERSIONS-1 which versions are spoken", async () => {
  for (const method of ["GET", "POST"]) {
    const { status, text } = await server.call(method, "$versions");
    assert.deepEqual([status, text.match(/"valueCode":"4\.0"/g)?.length], [200, 2], text);
  }
  assert.match((await server.call("GET", "$versions?_format=xml")).text, /<valueCode value="4\.0"\/>/);
  assert.equal((await server.call("GET", "$versions?_format=odd")).status, 406);
});

test("HTTP-REQUEST-ID-1 the caller's name of a request", async () => {
  const named = await server.call("GET", "Patient/none", { headers: { "x-request-id": "abc-1" } });
  assert.equal(named.headers["x-correlation-id"], "abc-1");
  assert.match(String(named.headers["x-request-id"]), /^[0-9a-f-]{36}$/);
  for (const odd of ["å".repeat(3), "x".repeat(129), "a b", ""]) {
    const headers = { "x-request-id": Buffer.from(odd).toString("latin1") };
    assert.equal((await server.call("GET", "metadata", { headers })).headers["x-correlation-id"], undefined, odd);
  }
});
