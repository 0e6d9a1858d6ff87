import assert from "node:assert/strict";
import { after, test } from "node:test";
import { BASE, identified, observation, patient } from "../journal/testing/index.ts";
import { serverOfTest, type Answer, type Call } from "./testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const call = (method: string, path: string, more: Call = {}): Promise<Answer> =>
  server.call(method, path, { token, ...more });

type Entry = Readonly<Record<string, unknown>>;

const bundle = (type: string, entry: readonly unknown[]): Entry => ({ resourceType: "Bundle", type, entry });
const post = (resource: { resourceType?: unknown }, more: Entry = {}, request: Entry = {}): Entry => ({
  resource,
  request: { method: "POST", url: resource.resourceType, ...request },
  ...more,
});
const put = (resource: { resourceType?: unknown; id?: unknown }, request: Entry = {}): Entry => ({
  resource,
  request: { method: "PUT", url: `${String(resource.resourceType)}/${String(resource.id)}`, ...request },
});
const get = (url: string, method = "GET"): Entry => ({ request: { method, url } });
const patch = (url: string, operations: unknown, more: Entry = {}): Entry => ({
  resource: {
    resourceType: "Binary",
    contentType: "application/json-patch+json",
    data: Buffer.from(JSON.stringify(operations)).toString("base64"),
    ...more,
  },
  request: { method: "PATCH", url },
});

async function count(): Promise<unknown> {
  const names = ["patient", "observation", "history", "change_log"];
  return Promise.all(names.map((name) => server.sql(`SELECT count(*)::int AS ${name} FROM ${name}`)));
}

const statuses = (answer: Answer): string[] => answer.entries().map(({ response }) => response?.status ?? "");
const URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";

test("HTTP-FHIR-TRANSACTION-1 each entry's answer stands in its place", async () => {
  await server.put(patient("t1"));
  await server.put(observation("t-gone", "Patient/t1"));
  const body = bundle("transaction", [
    get("Patient/t1"),
    post(observation(undefined, URN)),
    post(patient(undefined), { fullUrl: URN }),
    { request: { method: "DELETE", url: "Observation/t-gone" } },
    put(patient("t1", { active: true })),
    patch("Patient/t1x", [{ op: "add", path: "/active", value: true }]),
    get("Patient?_id=t1"),
  ]);
  await server.put(patient("t1x"));
  const answer = await call("POST", "", { body });
  assert.deepEqual([answer.status, answer.at("type")], [200, "transaction-response"]);
  assert.deepEqual(statuses(answer), [
    "200 OK",
    "201 Created",
    "201 Created",
    "204 No Content",
    "200 OK",
    "200 OK",
    "200 OK",
  ]);
  const [read, seen, whose, gone, updated, patched, found] = answer.entries();
  assert.equal(answer.at("entry.1.resource.subject.reference"), `Patient/${whose?.resource?.id}`);
  assert.equal(seen?.response?.location, `${BASE}/Observation/${seen?.resource?.id}/_history/1`);
  assert.deepEqual(
    [seen?.response?.etag, updated?.response?.etag, seen?.fullUrl],
    ['W/"1"', 'W/"2"', `${BASE}/Observation/${seen?.resource?.id}`],
  );
  assert.deepEqual(
    [gone?.resource, gone?.response?.location, patched?.response?.etag],
    [undefined, undefined, 'W/"2"'],
  );
  assert.deepEqual(
    [answer.at("entry.0.resource.active"), found?.resource?.resourceType, read?.resource?.id],
    [true, "Bundle", "t1"],
  ); // read after the changes
  const minimal = await call("POST", "", {
    body: bundle("transaction", [post(patient(undefined))]),
    headers: { prefer: "return=minimal" },
  });
  assert.deepEqual([minimal.at("entry.0.resource"), statuses(minimal)], [undefined, ["201 Created"]]);
  const empty = await call("POST", "", { body: { resourceType: "Bundle", type: "transaction" } });
  assert.deepEqual([empty.status, empty.at("entry")], [200, undefined]);
});

test("HTTP-FHIR-TRANSACTION-2 one bad entry and nothing is changed", async () => {
  const good = [post(patient(undefined)), put(patient("t2"))];
  const bad: [Entry, string, string][] = [
    [post({ resourceType: "Patient", nonsense: 1 } as never), "INVALID", "resource.nonsense"],
    [post(observation(undefined, "Patient/missing")), "REFERENCE_NOT_FOUND", "resource"],
    [put(patient("t2b"), { ifMatch: 'W/"3"' }), "VERSION_CONFLICT", "resource"],
    [get("Nonsense/1"), "ENTRY_URL", "request.url"],
    [{ request: { method: "DELETE", url: "Patient" } }, "ENTRY_URL", "request.url"],
    [put(patient("t2")), "BUNDLE_OVERLAP", "resource"],
    [{ resource: patient(undefined) }, "ENTRY_REQUEST", "request"],
    [{ request: { method: "POST", url: "Patient" } }, "ENTRY_RESOURCE", "resource"],
    [post(patient(undefined), {}, { url: "Patient?x=1" }), "ENTRY_URL", "request.url"],
  ];
  const before = await count();
  for (const [entry, code, place] of bad) {
    const answer = await call("POST", "", { body: bundle("transaction", [...good, entry]) });
    assert.deepEqual([answer.code(), answer.at("issue.0.expression.0")], [code, `Bundle.entry[2].${place}`]);
    assert.deepEqual(await count(), before, code);
  }
  const search = await call("POST", "", { body: bundle("transaction", [...good, get("Patient?nonsense=1")]) });
  assert.equal(search.code(), "SEARCH_PARAM_UNKNOWN");
  const narrow = await server.token("system/Patient.cud");
  const forbidden = await server.call("POST", "", {
    token: narrow,
    body: bundle("transaction", [...good, get("Patient/t2")]),
  });
  assert.deepEqual([forbidden.status, await count()], [403, before]);
  const missing = await call("POST", "", { body: bundle("transaction", [...good, get("Patient/never")]) });
  assert.deepEqual(statuses(missing), ["201 Created", "201 Created", "404"]);
  assert.equal(missing.at("entry.2.response.outcome.issue.0.code"), "not-found");
});

test("HTTP-FHIR-TRANSACTION-3 how many, and of which type", async () => {
  const many = (n: number): Entry =>
    bundle(
      "transaction",
      Array.from({ length: n }, () => post({ resourceType: "Basic", code: { text: "x" } } as never)),
    );
  const done = await call("POST", "", { body: many(10_000), headers: { prefer: "return=minimal" } });
  assert.deepEqual([done.status, done.entries().length], [200, 10_000]);
  const [row] = await server.sql("SELECT count(DISTINCT xid)::int AS n FROM change_log WHERE type = 'Basic'");
  assert.deepEqual(row, { n: 1 });
  const more = await call("POST", "", { body: many(10_001) });
  assert.deepEqual([more.status, more.code()], [413, "BUNDLE_TOO_LARGE"]);
  assert.deepEqual(await server.sql("SELECT count(*)::int AS n FROM basic"), [{ n: 10_000 }]);
  for (const type of ["collection", "document", "history", "searchset", "Transaction", "", undefined]) {
    const answer = await call("POST", "", {
      body: { resourceType: "Bundle", type, entry: [post(patient(undefined))] },
    });
    assert.equal(answer.code(), "BUNDLE_TYPE", String(type));
  }
  for (const entry of ["x", {}, 1, [null], ["x"], [[]]]) {
    const answer = await call("POST", "", { body: { resourceType: "Bundle", type: "transaction", entry } });
    assert.equal(answer.status, 422, JSON.stringify(entry));
  }
});

test("HTTP-FHIR-TRANSACTION-4 a batch's entries do not disturb each other", async () => {
  await server.put(patient("b1"));
  const body = bundle("batch", [
    post({ resourceType: "Patient", nonsense: 1 } as never),
    put(patient("b2")),
    {},
    get("Patient/b2"),
    get("Patient/never"),
    "nonsense",
    put(patient("b1", { active: true }), { ifMatch: 'W/"9"' }),
    get("Patient?nonsense=1"),
    post(observation(undefined, URN)),
    { request: { method: "DELETE", url: "Patient/b1" } },
    get("Patient/b1"),
    put(patient("b2", { active: true })),
  ]);
  const answer = await call("POST", "", { body });
  assert.deepEqual([answer.status, answer.at("type")], [200, "batch-response"]);
  assert.deepEqual(statuses(answer), [
    "422",
    "201 Created",
    "400",
    "200 OK",
    "404",
    "422",
    "412",
    "400",
    "422",
    "204 No Content",
    "410",
    "200 OK",
  ]);
  for (const at of [0, 2, 4, 5, 6, 7, 8, 10])
    assert.equal(answer.at(`entry.${at}.response.outcome.resourceType`), "OperationOutcome");
  assert.equal(answer.at("entry.0.response.outcome.issue.0.expression.0"), "Bundle.entry[0].resource.nonsense");
});

test("HTTP-FHIR-TRANSACTION-5 the second click on a bundle", async () => {
  for (const type of ["transaction", "batch"]) {
    const headers = { "idempotency-key": `click-${type}` };
    const body = bundle(
      type,
      [
        post(patient(undefined, identified("click", type)), { fullUrl: URN }),
        put(patient(`click-${type}`)),
        post({ resourceType: "Patient", gender: "x" } as never),
      ].slice(0, type === "batch" ? 3 : 2),
    );
    const answers = await Promise.all(Array.from({ length: 20 }, () => call("POST", "", { body, headers })));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1, type);
    assert.equal((await call("GET", `Patient?identifier=urn:test:click|${type}&_summary=count`)).at("total"), 1);
    const other = bundle(type, [post(patient(undefined, identified("click", `${type}-other`)))]);
    const reused = await call("POST", "", { body: other, headers });
    assert.ok(type === "transaction" ? reused.code() === "IDEMPOTENCY_KEY_REUSED" : statuses(reused)[0] === "422");
    assert.equal((await call("GET", `Patient?identifier=urn:test:click|${type}-other&_summary=count`)).at("total"), 0);
  }
});

test("HTTP-FHIR-TRANSACTION-7 it stays one with many conditions, updates and patches", async () => {
  for (let n = 0; n < 60; n += 1) await server.put(patient(`many${n}`, identified("many", String(n))));
  const criteria = (n: number): string => `Patient?identifier=urn:test:many|${n}`;
  const fhirPath = {
    resourceType: "Parameters",
    parameter: [
      {
        name: "operation",
        part: [
          { name: "type", valueCode: "add" },
          { name: "path", valueString: "Patient" },
          { name: "name", valueString: "active" },
          { name: "value", valueBoolean: true },
        ],
      },
    ],
  };
  const json = [{ op: "add", path: "/active", value: true }];
  const entries = Array.from({ length: 60 }, (_, n) => {
    if (n % 4 === 0) return put(patient(`many${n}`, { ...identified("many", String(n)), active: true }));
    if (n % 4 === 1) return patch(criteria(n), json);
    if (n % 4 === 2) return { resource: fhirPath, request: { method: "PATCH", url: criteria(n) } };
    const resource = patient(undefined, { ...identified("many", String(n)), active: true });
    return { resource, request: { method: "PUT", url: criteria(n) } };
  });
  const versions = async (): Promise<unknown> =>
    server.sql("SELECT version, count(*)::int AS n FROM patient WHERE id LIKE 'many%' GROUP BY version");
  const bad = await call("POST", "", { body: bundle("transaction", [...entries, patch(criteria(99), json)]) });
  assert.deepEqual([bad.status, bad.at("resourceType")], [404, "OperationOutcome"]);
  assert.deepEqual(await versions(), [{ version: 1, n: 60 }]);
  const good = await call("POST", "", { body: bundle("transaction", entries) });
  assert.deepEqual([good.at("type"), [...new Set(statuses(good))]], ["transaction-response", ["200 OK"]]);
  assert.deepEqual(await versions(), [{ version: 2, n: 60 }]);
});

test("HTTP-ENTRY-1 an entry's request", async () => {
  await server.put(patient("e1"));
  const before = (await call("GET", "Patient/e1")).headers.etag;
  const refused: Entry[] = [
    put(patient("e1", { active: true }), { ifMatch: 3 }),
    put(patient("e1", { active: true }), { ifmatch: 'W/"9"' }),
    put(patient("e1", { active: true }), { ifMatch: "3" }),
    put(patient("e1", { active: true }), { ifNoneMatch: 'W/"1"' }),
    put(patient("e1", { active: true }), { ifNoneMatch: "*" }),
    post(patient(undefined), {}, { ifNoneExist: ["identifier=x"] }),
    post(patient(undefined), {}, { ifNonExist: "identifier=x" }),
    post(patient(undefined), {}, { ifNoneExist: "" }),
    post(patient(undefined), { fullUrl: 7 }),
    post(patient(undefined), { fulUrl: URN }),
    post(patient(undefined), {}, { url: "Patient/e1" }),
    post(patient(undefined), {}, { url: "Observation" }),
    put(patient("e1"), { url: "Patient" }),
    put(patient("e1"), { url: "Patient/e1/x" }),
    put(patient("e1"), { url: "Patient/e2" }),
    put(patient("e1"), { method: "put" }),
    put(patient("e1"), { method: "OPTIONS" }),
    put(patient("e1", { active: true }), { ifModifiedSince: "2026-11-21T00:00:00Z" }),
    put(patient("e1", { active: true }), { ifNoneExist: "identifier=x" }),
    post(patient(undefined), {}, { ifMatch: 'W/"1"' }),
    post(patient(undefined), {}, { url: "Patient?identifier=x" }),
    { request: { method: "DELETE", url: "Patient/e1", ifNoneMatch: "*" } },
    { request: { method: "GET", url: "Patient/e1", ifMatch: 'W/"1"' } },
    { request: { method: "GET", url: "Patient/e1", ifModifiedSince: "yesterday" } },
    { request: { method: "GET", url: "Patient?_id=e1", ifNoneMatch: "*" } },
    { request: { method: "DELETE", url: "Patient/e1?x=1" } },
    { request: { method: "DELETE", url: "http://elsewhere.test/fhir/R4/Patient/e1" } },
    { request: { method: "DELETE", url: `${BASE}Patient/e1` } },
    { request: "DELETE Patient/e1" },
  ];
  const amount = (await call("GET", "Patient?_summary=count")).at("total");
  for (const entry of refused) {
    const alone = await call("POST", "", { body: bundle("batch", [entry]) });
    assert.match(statuses(alone)[0] ?? "", /^4\d\d$/, JSON.stringify(entry));
    const whole = await call("POST", "", { body: bundle("transaction", [entry]) });
    assert.ok(
      whole.status >= 400 && whole.status < 500 && typeof whole.at("issue.0.expression.0") === "string",
      JSON.stringify(entry),
    );
  }
  assert.deepEqual(
    [(await call("GET", "Patient/e1")).headers.etag, (await call("GET", "Patient?_summary=count")).at("total")],
    [before, amount],
  );
  assert.deepEqual(
    statuses(
      await call("POST", "", {
        body: bundle("batch", [put(patient("e1", { active: true }), { ifMatch: 'W/"1"', _url: {} })]),
      }),
    ),
    ["200 OK"],
  );
});

test("HTTP-ENTRY-2 patches in bundles", async () => {
  await server.put(patient("ep"));
  const add = [{ op: "add", path: "/active", value: true }];
  assert.deepEqual(statuses(await call("POST", "", { body: bundle("transaction", [patch("Patient/ep", add)]) })), [
    "200 OK",
  ]);
  for (const more of [
    { contentType: "application/json" },
    { resourceType: "Parameters" },
    { data: 7 },
    { data: Buffer.from([0xff]).toString("base64") },
    { data: "" },
  ]) {
    const answer = await call("POST", "", { body: bundle("transaction", [patch("Patient/ep", add, more)]) });
    assert.ok(answer.status >= 400 && answer.status < 500, JSON.stringify(more));
  }
});

test("HTTP-ENTRY-5 operations in a batch are answered as alone, in the same name, and refused in a transaction", async () => {
  await server.put(patient("op1"));
  await server.put(observation("op1-o", "Patient/op1"));
  const operation = (method: string, url: string, resource?: unknown): Entry => ({
    ...(resource === undefined ? {} : { resource }),
    request: { method, url },
  });
  const meta = { name: "meta", valueMeta: { tag: [{ system: "urn:test", code: "x" }] } };
  const asked = [
    operation("GET", "Patient/op1/$everything?_type=Observation"),
    operation("POST", `${BASE}/Patient/$validate`, patient("op1", { gender: "nonsense" })),
    operation("GET", "metadata?_elements=fhirVersion"),
    operation("POST", "Patient/op1/$meta-add", { resourceType: "Parameters", parameter: [meta] }),
    operation("POST", "Patient/_search?_id=op1"),
    operation("POST", "_search?_type=Patient&_id=op1"),
  ];
  const done = await call("POST", "", { body: bundle("batch", asked) });
  assert.deepEqual(
    statuses(done),
    Array.from({ length: 6 }, () => "200 OK"),
  );
  assert.equal(done.at("entry.0.resource.entry.0.resource.id"), "op1-o");
  assert.equal(done.at("entry.1.resource.issue.0.severity"), "error");
  assert.equal(done.at("entry.2.resource.fhirVersion"), "4.0.1");
  assert.equal(done.at("entry.4.resource.entry.0.resource.meta.tag.0.code"), "x");
  const refused = [
    operation("GET", "Patient/op1/$nonsense"),
    operation("GET", "Patient/none/$everything"),
    operation("GET", "$export"),
    operation("POST", "$import", { resourceType: "Parameters" }),
    operation("GET", "$graphql?query={x}"),
    operation("GET", "../../api/session/$x"),
    operation("GET", "Patient/../$meta"),
    operation("DELETE", "Patient/op1/$everything"),
    operation("POST", "metadata"),
    { request: { method: "GET", url: "Patient/op1/$everything", ifNoneMatch: "*" } },
    operation("POST", "Patient/op1/_history/_search"),
  ];
  const told = await call("POST", "", { body: bundle("batch", refused) });
  for (const [at, status] of statuses(told).entries()) assert.match(status, /^4\d\d/, JSON.stringify(refused[at]));
  const whole = await call("POST", "", { body: bundle("transaction", [asked[0]]) });
  assert.deepEqual([whole.code(), whole.at("issue.0.expression.0")], ["ENTRY_URL", "Bundle.entry[0].request.url"]);
  const weak = await server.call("POST", "", {
    token: await server.token("system/Observation.rs"),
    body: bundle("batch", asked),
  });
  assert.equal(statuses(weak)[3], "403 Forbidden");
});

test("HTTP-ENTRY-GET-1 reading entries", async () => {
  await server.put(patient("eg", { active: true }));
  await server.put(patient("eg", { active: false }));
  const urls = ["Patient/eg", `${BASE}/Patient/eg`, "Patient/eg/_history/1", "Patient?_id=eg", "?_type=Patient&_id=eg"];
  const answer = await call("POST", "", {
    body: bundle("batch", [...urls.map((url) => get(url)), get("Patient/eg", "HEAD")]),
  });
  assert.deepEqual(
    statuses(answer),
    Array.from({ length: 6 }, () => "200 OK"),
  );
  assert.deepEqual(
    [0, 1, 2].map((at) => answer.at(`entry.${at}.resource.active`)),
    [false, false, true],
  );
  assert.deepEqual(
    [3, 4].map((at) => answer.at(`entry.${at}.resource.entry.0.resource.id`)),
    ["eg", "eg"],
  );
  assert.equal(answer.at("entry.5.resource"), undefined);
  for (const url of [
    "Patient/eg/_history?nonsense=1",
    "Patient/eg?_summary=nonsense",
    "Patient/eg/x/y",
    "Patient/eg/_history/1/2",
    "nonsense",
    "Patient/eg/x",
    "Patient?a=%zz",
  ]) {
    assert.equal(statuses(await call("POST", "", { body: bundle("batch", [get(url)]) }))[0], "400", url);
  }
  const lists = ["Patient/eg/_history", "Patient/_history?_count=1", "_history?_count=1", "Patient/eg/Observation"];
  const listed = await call("POST", "", {
    body: bundle(
      "transaction",
      lists.map((url) => get(url)),
    ),
  });
  assert.deepEqual(
    listed.entries().map(({ response, resource }) => [response?.status, (resource as { type?: string }).type]),
    ["history", "history", "history", "searchset"].map((type) => ["200 OK", type]),
  );
  assert.equal(listed.at("entry.0.resource.total"), 2);
  const person = await server.call("POST", "", {
    cookie: await server.cookie(),
    body: bundle("transaction", [get("_history")]),
  });
  assert.deepEqual([person.status, person.code()], [403, "FORBIDDEN"]);
  const nul = await call("POST", "", { body: bundle("batch", [get("Patient/a\u0000b")]) });
  assert.equal(nul.code(), "BODY_NOT_JSON");
});

test("HTTP-ENTRY-6 entries of a batch do not refer to each other; conditional references mean what they find", async () => {
  const inside = { resourceType: "Basic", id: "b", code: { text: "x" }, subject: { reference: URN } };
  const answer = await call("POST", "", {
    body: bundle("batch", [
      post(patient(undefined, identified("sibling", "1")), { fullUrl: URN }),
      post(observation(undefined, "Patient/none", { contained: [inside] })),
      post(observation(undefined, URN)),
    ]),
  });
  assert.deepEqual(
    statuses(answer).map((one) => one.slice(0, 3)),
    ["201", "400", "400"],
    answer.text,
  );
  assert.equal(answer.at("entry.2.response.outcome.issue.0.details.coding.0.code"), "BATCH_REFERENCE");
  const found = answer.at("entry.0.resource.identifier.0") as { system?: string; value?: string };
  const named = observation(undefined, `Patient?identifier=${found.system}|${found.value}`);
  const next = await call("POST", "", { body: bundle("batch", [post(named)]) });
  assert.match(String(next.at("entry.0.resource.subject.reference")), /^Patient\/[^?]+$/);
});
