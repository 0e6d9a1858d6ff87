import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CapabilityStatement } from "fhir/r4";
import { BASE, identified, observation, OURS, patient } from "../journal/testing/index.ts";
import { serverOfTest, type Answer, type Call } from "./testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const call = (method: string, path: string, more: Call = {}): Promise<Answer> =>
  server.call(method, path, { token, ...more });
const tx = (type: string, ...entry: readonly unknown[]): Promise<Answer> =>
  call("POST", "", { body: { resourceType: "Bundle", type, entry } });
const statuses = (answer: Answer): string[] => answer.entries().map(({ response }) => response?.status ?? "");
const named = (system: string, more = {}): ReturnType<typeof patient> =>
  patient(undefined, { ...identified(system, "1"), ...more });

test("HTTP-CONDITION-1 what the caller has is not sent again, on read and vread, with HEAD too", async () => {
  await server.put(patient("c1"));
  await server.put(patient("c1", { active: true }));
  const full = await call("GET", "Patient/c1");
  const { etag = "", "last-modified": modified = "" } = full.headers;
  const second = (by: number): string => new Date(Date.parse(modified) + by * 1000).toUTCString();
  const known: Record<string, string>[] = [
    { "if-none-match": etag },
    { "if-none-match": '"2"' },
    { "if-none-match": 'W/"7", "x" ,W/"2"' },
    { "if-none-match": "*" },
    { "if-modified-since": modified },
    { "if-modified-since": second(60) },
    { "if-none-match": etag, "if-modified-since": second(-60) },
    {
      "if-modified-since": new Date(Date.parse(modified))
        .toUTCString()
        .replace(/^(\w{3}), (\d\d) (\w{3}) (\d{4}) (.*) GMT$/, "$1 $3 $2 $5 $4"),
    },
  ];
  const unknown: Record<string, string>[] = [
    { "if-none-match": 'W/"1"' },
    { "if-none-match": 'W/"22"' },
    { "if-none-match": "2" },
    { "if-none-match": "" },
    { "if-modified-since": second(-1) },
    { "if-none-match": 'W/"1"', "if-modified-since": second(60) },
    { "if-modified-since": "2099-01-01T00:00:00Z" },
    { "if-modified-since": "soon" },
  ];
  for (const [path, method] of [
    ["Patient/c1", "GET"],
    ["Patient/c1", "HEAD"],
    ["Patient/c1/_history/2", "GET"],
    ["Patient/c1/_history/2", "HEAD"],
  ] as const) {
    for (const headers of known) {
      const answer = await call(method, path, { headers });
      assert.deepEqual(
        [answer.status, answer.text, answer.headers.etag, answer.headers["last-modified"]],
        [304, "", etag, modified],
        `${method} ${path} ${JSON.stringify(headers)}`,
      );
      assert.equal(answer.headers["vary"], full.headers["vary"]);
    }
    for (const headers of unknown) {
      const answer = await call(method, path, { headers });
      assert.deepEqual(
        [answer.status, answer.text],
        [200, method === "GET" ? full.text : ""],
        `${method} ${path} ${JSON.stringify(headers)}`,
      );
    }
  }
  assert.equal((await call("GET", "Patient/c1/_history/1", { headers: { "if-none-match": etag } })).status, 200);
  assert.equal((await call("GET", "Patient/c1/_history/1", { headers: { "if-none-match": 'W/"1"' } })).status, 304);
  assert.equal((await call("GET", "Patient/c2", { headers: { "if-none-match": "*" } })).status, 404);
  const raw = await call("POST", "Binary", { body: "x", headers: { "content-type": "text/plain" } });
  const shown = await call("GET", `Binary/${String(raw.at("id"))}`, { headers: { accept: "text/plain" } });
  assert.deepEqual([shown.text, shown.headers.etag, shown.headers["vary"]], ["x", 'W/"1"', full.headers["vary"]]);
  const ask = { accept: "text/plain", "if-none-match": 'W/"1"' };
  assert.equal((await call("GET", `Binary/${String(raw.at("id"))}`, { headers: ask })).status, 304);
});

test("HTTP-CONDITION-2 that something is unchanged is told, and logged as a read", async () => {
  await server.put(patient("c3"));
  const rows = async (): Promise<unknown[]> =>
    (await server.log())
      .filter(({ patient: whose }) => whose === "c3")
      .map(({ action, outcome, what }) => [action, outcome, what]);
  const before = (await rows()).length;
  assert.equal((await call("GET", "Patient/c3", { headers: { "if-none-match": 'W/"1"' } })).status, 304);
  await tx("batch", { request: { method: "GET", url: "Patient/c3", ifNoneMatch: 'W/"1"' } });
  assert.deepEqual((await rows()).slice(before), [
    ["read", "granted", ["Patient/c3/_history/1"]],
    ["read", "granted", ["Patient/c3/_history/1"]],
  ]);
  const narrow = await server.token("system/Observation.r");
  const refused = await server.call("GET", "Patient/c3", { token: narrow, headers: { "if-none-match": 'W/"1"' } });
  assert.equal(refused.status, 403);
});

test("HTTP-CONDITION-3 HEAD has the headers of GET, everywhere", async () => {
  await server.put(patient("c4", { name: [{ text: "x".repeat(5000) }] }));
  for (const path of [
    "Patient/c4",
    "Patient/c4/_history/1",
    "Patient?_id=c4",
    "?_type=Patient&_id=c4",
    "Patient/c4/Observation",
    "Patient/c4/_history",
    "Patient/_history?_count=1",
    "_history?_count=1",
    "metadata",
    "Patient/none",
    "Patient?nonsense=1",
  ]) {
    const asked: Record<string, string>[] = [{}, { "accept-encoding": "gzip" }, { accept: "application/fhir+xml" }];
    for (const headers of asked) {
      const [get, head] = [await call("GET", path, { headers }), await call("HEAD", path, { headers })];
      assert.deepEqual([head.status, head.text], [get.status, ""], path);
      const { date: _g, ...wanted } = get.headers;
      const { date: _h, ...got } = head.headers;
      assert.deepEqual(got, wanted, path);
    }
  }
});

test("HTTP-FHIR-UPDATE-3 an update on criteria", async () => {
  const path = "Patient?identifier=urn:test:u|1";
  const made = await call("PUT", path, { body: named("u") });
  const id = String(made.at("id"));
  assert.deepEqual([made.status, made.headers.location], [201, `${BASE}/Patient/${id}/_history/1`]);
  const changed = await call("PUT", `${path}&_summary=true&_pretty=true`, { body: named("u", { active: true }) });
  assert.deepEqual(
    [changed.status, changed.headers.etag, changed.headers["content-location"], changed.at("meta.tag.0.code")],
    [200, 'W/"2"', `${BASE}/Patient/${id}/_history/2`, "SUBSETTED"],
  );
  assert.match(changed.text, /\n/);
  const conditions: [Call, number, string][] = [
    [{ body: named("u"), headers: { "if-match": 'W/"1"' } }, 412, "VERSION_CONFLICT"],
    [{ body: named("u"), headers: { "if-none-match": "*" } }, 412, "PRECONDITION_FAILED"],
    [{ body: patient("other", identified("u", "1")) }, 400, "ID_MISMATCH"],
    [{ body: observation(undefined) }, 400, "TYPE_MISMATCH"],
  ];
  for (const [more, status, code] of conditions) {
    const answer = await call("PUT", path, more);
    assert.deepEqual([answer.status, answer.code()], [status, code]);
  }
  await server.put(patient("u-twin", identified("u", "1")));
  assert.deepEqual([(await call("PUT", path, { body: named("u") })).code()], ["MULTIPLE_MATCHES"]);
  for (const [query, code] of [
    ["", "CRITERIA_EMPTY"],
    ["?", "CRITERIA_EMPTY"],
    ["?_pretty=true&_format=json", "CRITERIA_EMPTY"],
    ["?nonsense=1", "SEARCH_PARAM_UNKNOWN"],
    ["?identifier=%zz", "QUERY_ENCODING"],
    ["?birthdate=x", "SEARCH_VALUE_INVALID"],
  ]) {
    for (const [method, more] of [
      ["PUT", { body: named("u") }],
      ["PATCH", { body: [], headers: { "content-type": "application/json-patch+json" } }],
      ["DELETE", {}],
    ] as const) {
      const answer = await call(method, `Patient${query}`, more);
      assert.deepEqual([answer.status, answer.code()], [400, code], `${method} ${query}`);
    }
  }
  // What is passed over in a search is refused where it would change something else.
  const lenient = { headers: { prefer: "handling=lenient" } };
  assert.equal((await call("DELETE", "Patient?nonsense=1&_id=u-twin", lenient)).code(), "SEARCH_PARAM_UNKNOWN");
  assert.equal((await call("PUT", "Nonsense?_id=1", { body: named("u") })).status, 404);
  assert.equal((await call("PUT", `${path}&_summary=nonsense`, { body: named("u2") })).status, 400);
});

test("HTTP-FHIR-PATCH-3 a patch on criteria", async () => {
  const { id } = await server.put(patient("pc", identified("pc", "1")));
  const path = "Patient?identifier=urn:test:pc|1";
  const headers = { "content-type": "application/json-patch+json" };
  const add = [{ op: "add", path: "/active", value: true }];
  const patched = await call("PATCH", path, { body: add, headers });
  assert.deepEqual([patched.status, patched.at("id"), patched.at("active")], [200, id, true]);
  const fhirPath = {
    resourceType: "Parameters",
    parameter: [
      {
        name: "operation",
        part: [
          { name: "type", valueCode: "replace" },
          { name: "path", valueString: "Patient.active" },
          { name: "value", valueBoolean: false },
        ],
      },
    ],
  };
  assert.equal((await call("PATCH", path, { body: fhirPath })).at("active"), false);
  assert.equal((await call("PATCH", path, { body: add, headers: { ...headers, "if-match": 'W/"1"' } })).status, 412);
  assert.equal((await call("PATCH", "Patient?identifier=none", { body: add, headers })).status, 404);
});

test("HTTP-FHIR-DELETE-2 a deletion on criteria takes all that meet them", async () => {
  for (const id of ["d1", "d2", "d3"]) await server.put(patient(id, identified("d", "1")));
  const path = "Patient?identifier=urn:test:d|1";
  const several = await call("DELETE", path);
  assert.deepEqual([several.status, several.text, several.headers.etag], [204, "", undefined]);
  for (const id of ["d1", "d2", "d3"]) assert.equal((await call("GET", `Patient/${id}`)).status, 410);
  assert.equal((await call("DELETE", path)).status, 204);
  await server.put(patient("d1", identified("d", "1")));
  assert.equal((await call("DELETE", path, { headers: { "if-match": 'W/"1"' } })).status, 412);
  assert.deepEqual([(await call("DELETE", path)).headers.etag], ['W/"4"']);
});

test("HTTP-ENTRY-4 entries on criteria, and reading ones on what the caller has", async () => {
  await server.put(patient("en", identified("en", "1")));
  const url = "Patient?identifier=urn:test:en|1";
  const binary = (patch: unknown): unknown => ({
    resourceType: "Binary",
    contentType: "application/json-patch+json",
    data: Buffer.from(JSON.stringify(patch)).toString("base64"),
  });
  const put = { resource: named("en", { active: true }), request: { method: "PUT", url, ifMatch: 'W/"1"' } };
  const patch = {
    resource: binary([{ op: "replace", path: "/active", value: false }]),
    request: { method: "PATCH", url, ifMatch: 'W/"2"' },
  };
  const remove = { request: { method: "DELETE", url } };
  assert.deepEqual(statuses(await tx("transaction", put)), ["200 OK"]);
  assert.deepEqual(statuses(await tx("transaction", patch)), ["200 OK"]);
  assert.deepEqual(statuses(await tx("batch", put, patch)), ["412", "412"]);
  const both = await tx(
    "transaction",
    { ...put, request: { method: "PUT", url } },
    { request: { method: "DELETE", url: "Patient/en" } },
  );
  assert.deepEqual(
    [both.status, both.code(), both.at("issue.0.expression.0")],
    [400, "BUNDLE_OVERLAP", "Bundle.entry[1]"],
  );
  const odd = await tx("transaction", { ...put, request: { method: "PUT", url, ifMatch: "x" } });
  assert.equal(odd.at("issue.0.expression.0"), "Bundle.entry[0].request.ifMatch");
  const after = await tx("batch", remove, remove, { ...put, request: { method: "PUT", url } });
  assert.deepEqual(statuses(after), ["204 No Content", "204 No Content", "201 Created"]);

  const { lastUpdated } = await server.put(patient("er"));
  const get = (more: object): unknown => ({ request: { method: "GET", url: "Patient/er", ...more } });
  const before = new Date(Date.parse(lastUpdated) - 1).toISOString();
  const read = await tx(
    "batch",
    get({}),
    get({ ifNoneMatch: 'W/"1"' }),
    get({ ifNoneMatch: 'W/"2"' }),
    get({ ifModifiedSince: lastUpdated }),
    get({ ifModifiedSince: before }),
    get({ url: "Patient/er/_history/1", ifNoneMatch: "*" }),
  );
  assert.deepEqual(statuses(read), [
    "200 OK",
    "304 Not Modified",
    "200 OK",
    "304 Not Modified",
    "200 OK",
    "304 Not Modified",
  ]);
  assert.deepEqual(
    read.entries().map(({ resource, response }) => [resource?.id, response?.etag, response?.lastModified]),
    ["er", undefined, "er", undefined, "er", undefined].map((id) => [id, 'W/"1"', lastUpdated]),
  );
});

test("HTTP-PROVENANCE-1 a Provenance in a header is written along, from every kind of write", async () => {
  const who = "Läkemedelslådan å ä ö";
  const told = JSON.stringify({
    resourceType: "Provenance",
    recorded: "2026-11-21T09:00:00+01:00",
    agent: [{ who: { display: who } }],
  });
  const headers = { "x-provenance": Buffer.from(told).toString("latin1") };
  const targets = async (name: string): Promise<number> =>
    (await call("GET", `Provenance?target=${name}`)).entries().length;
  const made = await call("POST", "Patient", { body: named("prov"), headers });
  const name = `Patient/${String(made.at("id"))}`;
  const [one] = (await call("GET", `Provenance?target=${name}`)).entries();
  assert.deepEqual(
    [made.status, JSON.stringify(one?.resource).includes(`"target":[{"reference":"${name}/_history/1"}]`)],
    [201, true],
  );
  assert.match(JSON.stringify(one?.resource), new RegExp(who));
  const patch = {
    body: [{ op: "add", path: "/active", value: true }],
    headers: { ...headers, "content-type": "application/json-patch+json" },
  };
  assert.equal((await call("PATCH", name, patch)).status, 200);
  assert.equal((await call("PUT", "Patient?identifier=urn:test:prov|1", { body: named("prov"), headers })).status, 200);
  assert.equal(await targets(name), 3);
  assert.equal((await call("DELETE", name, { headers })).status, 204);
  assert.equal(await targets(name), 4);
  const entries = [1, 2].map(() => ({ resource: patient(undefined), request: { method: "POST", url: "Patient" } }));
  for (const [type, expected] of [
    ["transaction", 1],
    ["batch", 2],
  ] as const) {
    const before = Number((await call("GET", "Provenance?_summary=count")).at("total"));
    const body = { resourceType: "Bundle", type, entry: entries };
    const answer = await call("POST", "", { body, headers });
    assert.deepEqual(statuses(answer), ["201 Created", "201 Created"]);
    assert.equal(await targets(`Patient/${answer.entries()[0]?.resource?.id}`), 1);
    assert.equal(Number((await call("GET", "Provenance?_summary=count")).at("total")), before + expected);
  }
  const amount = async (): Promise<unknown> => (await call("GET", "Patient?_summary=count")).at("total");
  const before = await amount();
  for (const bad of [
    "",
    "x",
    "[]",
    "null",
    '{"resourceType":"Patient"}',
    `${told}${told}`,
    told.replace("}]", '}],"target":[]'),
    " ".repeat(9000),
    "\u00ff\u00fe",
  ]) {
    const answer = await call("POST", "Patient", { body: patient(undefined), headers: { "x-provenance": bad } });
    assert.deepEqual([answer.status, answer.code()], [400, "PROVENANCE_INVALID"], bad.slice(0, 50));
    assert.match(String(answer.at("issue.0.expression.0")), /^X-Provenance/);
  }
  assert.deepEqual(await amount(), before);
});

test("HTTP-HISTORY-1 what was at a moment, shaped, and only what R4 names", async () => {
  const path = "Patient/h1/_history";
  const times: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    times.push((await server.put(patient("h1", { multipleBirthInteger: n }))).lastUpdated);
    server.clock.forward(60_000);
  }
  const versions = async (query: string): Promise<(string | undefined)[]> =>
    (await call("GET", `${path}?${query}`)).entries().map(({ response }) => response?.etag);
  assert.deepEqual(await versions(`_at=${times[1]}`), ['W/"2"']); // its plus, not encoded, has become a space
  assert.deepEqual(await versions(`_since=${times[2]}`), ['W/"3"']);
  assert.equal((await call("GET", path)).at("entry.0.response.lastModified"), times[2]);
  assert.deepEqual(await versions("_at=2026-11-21"), ['W/"3"', 'W/"2"', 'W/"1"']);
  assert.deepEqual(await versions("_at=2026-11-20"), []);
  assert.deepEqual(await versions("_at=2026-11-22"), ['W/"3"']);
  const page = await call("GET", `${path}?_at=2026-11-21&_count=2&_elements=multipleBirth`);
  assert.deepEqual(
    page
      .entries()
      .map(({ resource }) => ["multipleBirthInteger", "Tove"].map((word) => JSON.stringify(resource).includes(word))),
    [
      [true, false],
      [true, false],
    ],
  );
  const links = page.at("link") as { relation: string; url: string }[];
  const next = links.find(({ relation }) => relation === "next")?.url.slice(BASE.length + 1);
  assert.deepEqual(
    (await call("GET", String(next))).entries().map(({ response }) => response?.etag),
    ['W/"1"'],
  );
  for (const bad of ["_sort=_lastUpdated", "_list=a%20b", "_summary=count&_at=2026", "_summary=x", "_at=x", "_id=h1"])
    for (const where of [path, "Patient/_history", "_history"])
      assert.equal((await call("GET", `${where}?${bad}`)).status, 400, `${where}?${bad}`);
});

test("HTTP-SHAPE-2 form and parts of an answer are chosen on every interaction", async () => {
  const pretty = /^\{\n/;
  const form = "application/x-www-form-urlencoded";
  await server.put(patient("sh", { birthDate: "1912-12-12" }));
  const search = (body: string): Promise<Answer> =>
    call("POST", "Patient/_search", { body, headers: { "content-type": form } });
  assert.match((await search("_id=sh&_pretty=true")).text, pretty);
  assert.equal((await search("_id=sh&_format=xml")).headers["content-type"], "application/fhir+xml; charset=utf-8");
  assert.equal((await search("_id=sh&_elements=gender")).at("entry.0.resource.birthDate"), undefined);
  assert.match((await search("nonsense=1&_pretty=true")).text, pretty);
  assert.equal((await search("_id=sh&_format=ttl")).status, 406);
  const body = patient("sh", { birthDate: "1912-12-12", active: true });
  for (const [method, path, more] of [
    ["PUT", "Patient/sh", { body }],
    ["PUT", "Patient?_id=sh", { body }],
    ["POST", "Patient", { body: patient(undefined, { birthDate: "1912-12-12" }) }],
    ["GET", "metadata", {}],
    ["GET", "Patient/sh", {}],
    ["GET", "Patient/sh/_history/1", {}],
  ] as const) {
    const address = `${path}${path.includes("?") ? "&" : "?"}`;
    const part = await call(method, `${address}_elements=gender&_pretty=true`, more);
    assert.deepEqual([part.at("birthDate"), part.at("meta.tag.0.code")], [undefined, "SUBSETTED"], `${method} ${path}`);
    assert.match(part.text, pretty);
    assert.equal(
      (await call(method, `${address}_format=xml`, more)).headers["content-type"],
      "application/fhir+xml; charset=utf-8",
    );
    assert.equal((await call(method, `${address}_format=ttl`, more)).status, 406);
    assert.equal((await call(method, `${address}_summary=x`, more)).status, 400);
  }
  const entry = [
    { resource: body, request: { method: "PUT", url: "Patient/sh" } },
    { request: { method: "GET", url: "Patient/sh?_elements=gender&_format=xml" } },
    { request: { method: "GET", url: "Patient/sh/_history?_elements=gender" } },
  ];
  const bundle = { resourceType: "Bundle", type: "transaction", entry };
  const whole = await call("POST", "?_summary=text&_pretty=true", { body: bundle });
  assert.deepEqual(
    [
      whole.at("entry.0.resource.birthDate"),
      whole.at("entry.1.resource.birthDate"),
      whole.at("entry.2.resource.entry.0.resource.birthDate"),
    ],
    [undefined, undefined, undefined],
  );
  assert.match(whole.text, pretty);
  assert.equal((await call("POST", "?_summary=x", { body: bundle })).status, 400);
});

test("HTTP-REPLY-2 an answer says what it depends on and is kept by nobody", async () => {
  for (const path of ["Patient/sh", "Patient?_id=sh", "Patient/none", "metadata"]) {
    const { headers } = await call("GET", path);
    assert.equal(headers["vary"], "Accept, Accept-Encoding, Accept-Language", path);
    assert.equal(headers["cache-control"], "private, no-store", path);
  }
});

test("HTTP-HEADERS-4 an outcome instead of the resource, from every kind of write", async () => {
  const headers = { prefer: "return=OperationOutcome" };
  const said = async (method: string, path: string, more: Call = {}): Promise<unknown> => {
    const answer = await call(method, path, {
      ...more,
      headers: { ...headers, ...more.headers, "accept-language": "en" },
    });
    return [
      answer.status,
      answer.at("resourceType"),
      String(answer.at("issue.0.diagnostics")).replace(/e[0-9a-z]{25}/, "ID"),
    ];
  };
  const is = (status: number, words: string): unknown => [status, "OperationOutcome", words];
  await server.put(patient("oo"));
  assert.deepEqual(
    await said("PUT", "Patient/oo", { body: patient("oo") }),
    is(200, "Unchanged: Patient/oo, version 1."),
  );
  assert.deepEqual(
    await said("PUT", "Patient/oo", { body: patient("oo", { active: true }) }),
    is(200, "Saved: Patient/oo, version 2."),
  );
  assert.deepEqual(await said("DELETE", "Patient/oo"), is(200, "Deleted: Patient/oo, version 3."));
  assert.deepEqual(await said("DELETE", "Patient/oo"), is(200, "Nothing to delete."));
  for (let n = 0; n < 2; n += 1) await server.put(patient(`oo${n}`, identified("oo", "1")));
  assert.deepEqual(await said("DELETE", "Patient?identifier=urn:test:oo|1"), is(200, "Deleted: 2 Patient."));
  const entry = [{ resource: patient("oo"), request: { method: "PUT", url: "Patient/oo" } }];
  const whole = await call("POST", "", { body: { resourceType: "Bundle", type: "transaction", entry }, headers });
  assert.deepEqual(
    [
      whole.at("entry.0.resource"),
      whole.at("entry.0.response.outcome.resourceType"),
      whole.at("entry.0.response.status"),
    ],
    [undefined, "OperationOutcome", "201 Created"],
  );
});

test("HTTP-FHIR-METADATA-2 conditional interactions are declared as they are", async () => {
  const statement = (await call("GET", "metadata")).json<CapabilityStatement>();
  const [rest] = statement.rest ?? [];
  for (const one of rest?.resource ?? [])
    assert.deepEqual(
      [one.conditionalCreate, one.conditionalRead, one.conditionalUpdate, one.conditionalDelete],
      [true, "full-support", true, "multiple"],
    );
  const codes = rest?.interaction?.map(({ code }) => code) ?? [];
  for (const code of ["transaction", "batch", "search-system", "history-system"])
    assert.ok(codes.includes(code as never), code);
});

test("HTTP-SAME-3 what another has meets no criteria, and changes no answer to them", async () => {
  await server.put(patient("shared"));
  const theirs = { careProvider: "SE2321000131-E000000000002", careUnit: "SE2321000131-E000000000022" };
  await server.put(observation("their", "Patient/shared", identified("same", "1")), theirs);
  const cookie = await server.cookie(OURS);
  const told = async (system: string): Promise<unknown[]> => {
    const seen: unknown[] = [];
    const url = `Observation?identifier=urn:test:${system}|1`;
    const json = { "content-type": "application/json-patch+json" };
    const body = observation(undefined, "Patient/shared", identified("same", "2"));
    const asks: [string, string, Call][] = [
      ["PATCH", url, { body: [{ op: "test", path: "/status", value: "final" }], headers: json }],
      ["PATCH", url, { body: [], headers: { ...json, "if-match": 'W/"1"' } }],
      ["DELETE", url, {}],
      ["DELETE", url, { headers: { "if-match": 'W/"1"' } }],
      ["PUT", url, { body, headers: { "if-match": 'W/"1"' } }],
      ["PUT", url, { body: { ...body, id: system === "same" ? "their" : "nobody" } }],
      ["PUT", url, { body, headers: { "if-none-match": "*", prefer: "return=minimal" } }],
    ];
    for (const [method, path, more] of asks) {
      const { status, text, headers } = await server.call(method, path, { cookie, ...more });
      seen.push([method, status, text.replaceAll(/their|nobody/g, "NAME"), headers.etag]);
    }
    return seen;
  };
  assert.deepEqual(await told("same"), await told("none"));
  assert.equal((await call("GET", "Observation/their")).headers.etag, 'W/"1"');
});
