import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Bundle, CapabilityStatement, Patient } from "fhir/r4";
import { RESOURCE_TYPES } from "../fhir/index.ts";
import { BASE, identified, observation, patient } from "../journal/testing/index.ts";
import { parametersOf } from "../search/index.ts";
import { FHIR_ROUTES } from "./routes.ts";
import { serverOfTest, type Answer, type Call } from "./testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();

const call = (method: string, path: string, more: Call = {}): Promise<Answer> =>
  server.call(method, path, { token, ...more });

/** The path of a link or Location of ours. */
function pathOf(url: unknown): string {
  assert.ok(typeof url === "string" && url.startsWith(`${BASE}`), String(url));
  return url.slice("http://eira.test".length);
}

function link({ at }: Answer, relation: string): string | undefined {
  return (at("link") as { relation: string; url: string }[]).find((one) => one.relation === relation)?.url;
}

test("HTTP-FHIR-CREATE-1 creating", async () => {
  const made = await call("POST", "Patient", { body: patient(undefined, identified("create", "1")) });
  assert.equal(made.status, 201);
  assert.match(String(made.headers["content-type"]), /^application\/fhir\+json; charset=utf-8$/);
  assert.equal(made.headers.etag, 'W/"1"');
  assert.equal(
    new Date(String(made.headers["last-modified"])).getTime(),
    Math.floor(Date.parse(String(made.at("meta.lastUpdated"))) / 1000) * 1000,
  );
  const version = await call("GET", pathOf(made.headers.location));
  assert.equal(version.text, made.text);
  const again = await call("POST", "Patient", {
    body: patient(undefined),
    headers: { "if-none-exist": "identifier=urn:test:create|1" },
  });
  assert.deepEqual(
    [again.status, again.text, again.headers.location, again.headers.etag],
    [200, made.text, made.headers.location, 'W/"1"'],
  );
  assert.ok(again.headers["last-modified"] === made.headers["last-modified"]);
  const named = await call("POST", "Patient", { body: patient("mine") });
  assert.notEqual(named.at("id"), "mine");
});

test("HTTP-FHIR-READ-1 reading, and HEAD", async () => {
  const { content } = await server.put(patient("read", { active: true }));
  const read = await call("GET", "Patient/read");
  assert.deepEqual([read.status, read.text, read.headers.etag], [200, content, 'W/"1"']);
  const head = await call("HEAD", "Patient/read");
  assert.deepEqual([head.status, head.text], [200, ""]);
  for (const name of ["etag", "last-modified", "content-type", "content-length"])
    assert.equal(head.headers[name], read.headers[name], name);
  for (const path of [
    "Patient/none",
    "Patient/a%00b",
    "Patient/%F0%9F%AB%80",
    `Patient/${"x".repeat(65)}`,
    "Patient/a%2Fb",
    "Patient/_search",
    "Observation/read",
  ]) {
    const answer = await call("GET", path);
    assert.deepEqual([answer.status, answer.code()], [404, "NOT_FOUND"], path);
    assert.equal((await call("HEAD", path)).status, 404);
  }
  assert.deepEqual(
    [
      (await call("GET", "Nonsense/1")).code(),
      (await call("GET", "patient/read")).code(),
      (await call("GET", "constructor/x")).code(),
    ],
    ["TYPE_UNKNOWN", "TYPE_UNKNOWN", "TYPE_UNKNOWN"],
  );
});

test("HTTP-FHIR-VREAD-1 older versions", async () => {
  await server.put(patient("vread", { active: true }));
  await server.put(patient("vread", { active: false }));
  const [one, two] = [await call("GET", "Patient/vread/_history/1"), await call("GET", "Patient/vread/_history/2")];
  assert.deepEqual(
    [one.at("active"), one.headers.etag, two.at("active"), two.headers.etag],
    [true, 'W/"1"', false, 'W/"2"'],
  );
  for (const version of ["3", "0", "x", "99999999999999999999", "%00"])
    assert.equal((await call("GET", `Patient/vread/_history/${version}`)).status, 404, version);
});

test("HTTP-FHIR-UPDATE-1 updating with and without conditions", async () => {
  const put = (n: number, headers: Record<string, string> = {}): Promise<Answer> =>
    call("PUT", "Patient/update", { body: patient("update", { multipleBirthInteger: n }), headers });
  const made = await put(1);
  assert.deepEqual([made.status, pathOf(made.headers.location)], [201, "/fhir/R4/Patient/update/_history/1"]);
  assert.deepEqual([(await put(2)).status, (await put(2)).headers.etag], [200, 'W/"2"']);
  assert.equal((await put(3, { "if-match": 'W/"1"' })).code(), "VERSION_CONFLICT");
  assert.equal((await put(3, { "if-match": '"2"' })).headers.etag, 'W/"3"');
  assert.equal((await put(4, { "if-none-match": "*" })).code(), "PRECONDITION_FAILED");
  const race = await Promise.all(Array.from({ length: 8 }, (_, n) => put(10 + n, { "if-match": 'W/"3"' })));
  assert.deepEqual(
    race.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 412, 412, 412, 412, 412, 412, 412],
  );
  assert.equal((await call("GET", "Patient/update")).headers.etag, 'W/"4"');
  const disagreeing: [unknown, string][] = [
    [patient("other"), "ID_MISMATCH"],
    [patient(undefined), "ID_MISSING"],
    [observation("update"), "TYPE_MISMATCH"],
  ];
  for (const [body, code] of disagreeing) assert.equal((await call("PUT", "Patient/update", { body })).code(), code);
});

test("HTTP-FHIR-PATCH-1 JSON Patch", async () => {
  await server.put(patient("patch"));
  const patch = (body: unknown, type = "application/json-patch+json"): Promise<Answer> =>
    call("PATCH", "Patient/patch", { body, headers: { "content-type": type } });
  const patched = await patch([{ op: "add", path: "/active", value: true }]);
  assert.deepEqual([patched.status, patched.at("active"), patched.headers.etag], [200, true, 'W/"2"']);
  const refused: [unknown, string][] = [
    [[{ op: "test", path: "/active", value: false }], "PATCH_TEST_FAILED"],
    [[{ op: "replace", path: "/none", value: 1 }], "PATCH_INVALID"],
    [{ op: "add" }, "PATCH_INVALID"],
    ["nonsense", "BODY_NOT_JSON"],
    [[{ op: "add", path: "/birthDate", value: "x" }], "INVALID"],
    [[{ op: "replace", path: "/id", value: "x" }], "PATCH_INVALID"],
  ];
  for (const [body, code] of refused) assert.equal((await patch(body)).code(), code, JSON.stringify(body));
  assert.deepEqual(
    [(await patch("<x/>", "text/plain")).status, (await patch([], "application/x-ndjson")).status],
    [415, 415],
  );
  assert.equal(
    (await call("PATCH", "Patient/none", { body: [], headers: { "content-type": "application/json-patch+json" } }))
      .status,
    404,
  );
  assert.equal((await call("GET", "Patient/patch")).headers.etag, 'W/"2"');
});

test("HTTP-FHIR-DELETE-1 deleting", async () => {
  await server.put(patient("delete"));
  assert.equal((await call("DELETE", "Patient/delete", { headers: { "if-match": 'W/"7"' } })).status, 412);
  const gone = await call("DELETE", "Patient/delete");
  assert.deepEqual([gone.status, gone.text, gone.headers.etag], [204, "", 'W/"2"']);
  const again = await call("DELETE", "Patient/delete");
  assert.deepEqual([again.status, again.headers.etag], [204, undefined]);
  assert.deepEqual(
    [(await call("GET", "Patient/delete")).code(), (await call("GET", "Patient/delete/_history/2")).code()],
    ["GONE", "GONE"],
  );
  assert.equal((await call("DELETE", "Patient/never")).status, 204);
});

test("HTTP-FHIR-HISTORY-1 history of one, a type, and everything", async () => {
  for (let n = 1; n <= 3; n += 1) await server.put(patient("history", { multipleBirthInteger: n }));
  await call("DELETE", "Patient/history");
  const seen: unknown[] = [];
  for (let next: string | undefined = "/fhir/R4/Patient/history/_history?_count=3"; next !== undefined;) {
    const page = await call("GET", next);
    assert.deepEqual([page.at("type"), page.at("total")], ["history", 4]);
    assert.ok(pathOf(link(page, "self")).startsWith("/fhir/R4/Patient/history/_history"));
    for (const { fullUrl, request, response, resource } of page.entries()) {
      assert.equal(fullUrl, `${BASE}/Patient/history`);
      seen.push([
        request?.method,
        request?.url,
        response?.status,
        response?.etag,
        (resource as Patient | undefined)?.multipleBirthInteger,
      ]);
    }
    const url = link(page, "next");
    next = url === undefined ? undefined : pathOf(url);
  }
  assert.deepEqual(seen, [
    ["DELETE", "Patient/history", "204 No Content", 'W/"4"', undefined],
    ["PUT", "Patient/history", "200 OK", 'W/"3"', 3],
    ["PUT", "Patient/history", "200 OK", 'W/"2"', 2],
    ["PUT", "Patient/history", "201 Created", 'W/"1"', 1],
  ]);
  assert.equal((await call("GET", "Patient/_history?_count=2")).entries().length, 2);
  assert.equal((await call("GET", "_history?_since=2026-11-21&_at=2030&_count=2")).entries().length, 2);
  assert.equal((await call("GET", "Patient/none/_history")).status, 404);
  assert.equal((await call("GET", "Patient/history/_history?_cursor=99999999999")).entries().length, 4);
  for (const bad of [
    "_count=x",
    "_count=-1",
    "_since=yesterday",
    "_at=2026-13",
    "_cursor=x",
    "_cursor=-1",
    "name=x",
    "_cursor=9999999999999999999",
  ]) {
    for (const path of ["Patient/history/_history", "Patient/_history", "_history"])
      assert.equal((await call("GET", `${path}?${bad}`)).status, 400, `${path}?${bad}`);
  }
  for (const odd of ["_since=0001", "_since=9999", "_at=0001-01-01", "_at=9999-12-31T23:59:59Z", "_since="])
    assert.equal((await call("GET", `Patient/history/_history?${odd}`)).status, 200, odd);
});

test("HTTP-FHIR-SEARCH-1 searching by GET and POST, and following the links", async () => {
  for (let n = 0; n < 7; n += 1)
    await server.put(patient(`search${n}`, { name: [{ family: "Sökman", given: [`N${n}`] }] }));
  const byGet = await call("GET", `Patient?family=${encodeURIComponent("Sökman")}&_sort=given&_count=3`);
  const byPost = await call("POST", "Patient/_search", {
    body: `family=${encodeURIComponent("Sökman")}&_sort=given&_count=3`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  assert.equal(byPost.text, byGet.text);
  const seen: string[] = [];
  for (let page: Answer | undefined = byGet; page !== undefined;) {
    assert.equal(page.at("type"), "searchset");
    assert.equal((await call("GET", pathOf(link(page, "self")))).text, page.text);
    seen.push(...page.names());
    for (const { fullUrl, search, resource } of page.entries())
      assert.deepEqual([fullUrl, search?.mode], [`${BASE}/Patient/${resource?.id}`, "match"]);
    const next = link(page, "next");
    page = next === undefined ? undefined : await call("GET", pathOf(next));
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 7 }, (_, n) => `Patient/search${n}`),
  );
  const empty = await call("GET", "Patient?family=Ingen");
  assert.deepEqual([empty.at("total"), empty.json<Bundle>().entry], [0, undefined]);
});

test("HTTP-FHIR-SEARCH-2 unknown parameters", async () => {
  await server.put(patient("strict"));
  for (const path of [
    "Patient?_id=strict&shoe-size=42",
    "Patient?_id=strict&name:nonsense=x",
    "?_type=Patient&_id=strict&shoe-size=42",
    "Patient/strict/Observation?shoe-size=42",
  ]) {
    const refused = await call("GET", path);
    assert.equal(refused.status, 400, path);
    assert.ok((refused.at("issue.0.expression") as string[]).length === 1);
  }
  for (const prefer of [
    "handling=lenient",
    "return=minimal; handling=lenient",
    "return=representation, handling=lenient",
  ]) {
    const lenient = await call("GET", "Patient?_id=strict&shoe-size=42", { headers: { prefer } });
    assert.deepEqual(
      lenient.entries().map(({ search, resource }) => [search?.mode, resource?.resourceType]),
      [
        ["match", "Patient"],
        ["outcome", "OperationOutcome"],
      ],
    );
    assert.equal(pathOf(link(lenient, "self")), "/fhir/R4/Patient?_id=strict");
    assert.match(lenient.text, /shoe-size/);
  }
  assert.equal((await call("GET", "Patient?name:nonsense=x", { headers: { prefer: "handling=lenient" } })).status, 400);
  assert.equal(
    (await call("GET", "Patient?birthdate=yesterday", { headers: { prefer: "handling=lenient" } })).status,
    400,
  );
});

test("HTTP-FHIR-SEARCH-SYSTEM-1 several types, or all", async () => {
  await server.put(patient("system"));
  await server.put(observation("system", "Patient/system"));
  const several = await call("GET", "?_type=Patient,Observation&_id=system");
  assert.deepEqual(several.names().toSorted(), ["Observation/system", "Patient/system"]);
  const form = { body: "_id=system", headers: { "content-type": "application/x-www-form-urlencoded" } };
  assert.deepEqual((await call("POST", "_search", form)).names().toSorted(), ["Observation/system", "Patient/system"]);
  assert.deepEqual((await call("GET", "?_id=system")).names().toSorted(), ["Observation/system", "Patient/system"]);
  for (const bad of ["?_type=Nonsense", "?_type=Patient,", "?family=x&_type=Observation"])
    assert.ok([200, 400].includes((await call("GET", bad)).status), bad);
});

test("HTTP-FHIR-COMPARTMENT-1 a patient's compartment", async () => {
  for (const id of ["comp1", "comp2"]) {
    await server.put(patient(id));
    await server.put(observation(`of-${id}`, `Patient/${id}`));
  }
  assert.deepEqual((await call("GET", "Patient/comp1/Observation")).names(), ["Observation/of-comp1"]);
  assert.deepEqual((await call("GET", "Patient/comp1/Observation?status=preliminary")).names(), []);
  assert.deepEqual((await call("GET", "Patient/comp1/*")).names().toSorted(), [
    "Observation/of-comp1",
    "Patient/comp1",
  ]);
  assert.equal(
    pathOf(link(await call("GET", "Patient/comp1/Observation?status=final"), "self")),
    "/fhir/R4/Patient/comp1/Observation?status=final",
  );
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const posted = await call("POST", "Patient/comp1/Observation/_search?status=final", {
    body: "_count=1",
    headers: form,
  });
  assert.deepEqual(posted.names(), ["Observation/of-comp1"]);
  assert.equal(pathOf(link(posted, "self")), "/fhir/R4/Patient/comp1/Observation?status=final&_count=1");
  for (const id of ["comp1,comp2", "comp1%7Ccomp2", "Patient/comp1", "none", "a%00b", "%2A"]) {
    const answer = await call("GET", `Patient/${id}/Observation`);
    assert.ok(
      answer.status === 404 || (answer.status === 200 && answer.names().length === 0),
      `${id}: ${answer.status}`,
    );
  }
  assert.equal((await call("GET", "Organization/x/Observation")).status, 400);
  assert.equal((await call("GET", "Patient/comp1/Nonsense")).status, 404);
});

test("HTTP-FHIR-COMPARTMENT-2 other compartments, and the places of what is contained", async () => {
  await server.put(patient("comp3"));
  await server.put({ resourceType: "Practitioner", id: "comp-doctor" });
  await server.put(
    observation("by-doctor", "Patient/comp3", {
      performer: [{ reference: "Practitioner/comp-doctor" }],
      device: { reference: "#dev" },
      contained: [{ resourceType: "Device", id: "dev", distinctIdentifier: "comp-dev" }],
    }),
  );
  assert.deepEqual((await call("GET", "Practitioner/comp-doctor/Observation")).names(), ["Observation/by-doctor"]);
  assert.deepEqual((await call("GET", "Practitioner/comp-doctor/Observation?status=preliminary")).names(), []);
  assert.deepEqual((await call("GET", "Practitioner/comp-doctor/*")).names().toSorted(), [
    "Observation/by-doctor",
    "Practitioner/comp-doctor",
  ]);
  assert.equal(
    pathOf(link(await call("GET", "Practitioner/comp-doctor/Observation?status=final"), "self")),
    "/fhir/R4/Practitioner/comp-doctor/Observation?status=final",
  );
  for (const type of ["Device", "Encounter", "RelatedPerson"])
    assert.deepEqual((await call("GET", `${type}/none/Observation`)).names(), [], type);
  const inside = await call("GET", "Device?_contained=true&_containedType=contained&_id=dev");
  assert.match(String(inside.at("entry.0.fullUrl")), /\/Observation\/by-doctor#dev$/);
  assert.equal(inside.at("entry.0.resource.distinctIdentifier"), "comp-dev");
});

test("HTTP-FHIR-METADATA-1 the CapabilityStatement says what is there", async () => {
  const { rest, format, patchFormat, fhirVersion, implementation } = (
    await server.call("GET", "metadata")
  ).json<CapabilityStatement>();
  assert.deepEqual(
    [fhirVersion, format, patchFormat, implementation?.url],
    [
      "4.0.1",
      ["application/fhir+json", "application/fhir+xml", "json", "xml"],
      ["application/json-patch+json", "application/fhir+json", "application/fhir+xml"],
      BASE,
    ],
  );
  const [{ resource = [], interaction = [], searchParam: ofAll = [], compartment = [] } = {}] = rest ?? [];
  assert.ok(compartment.includes("http://hl7.org/fhir/CompartmentDefinition/patient"));
  assert.ok(ofAll.some(({ name }) => name === "_lastUpdated"));
  const back = resource.find(({ type }) => type === "Encounter")?.searchRevInclude ?? [];
  assert.ok(back.includes("*") && back.includes("Observation:encounter") && !back.includes("Patient:organization"));
  assert.deepEqual(
    resource.map(({ type }) => type),
    [...RESOURCE_TYPES],
  );
  const said = new Set([...interaction, ...(resource[0]?.interaction ?? [])].map(({ code }) => code as string));
  assert.deepEqual(
    [...said].toSorted(),
    [...new Set(FHIR_ROUTES.flatMap(({ interaction: code }) => code?.split(" ") ?? []))].toSorted(),
  );
  for (const { type, searchParam = [] } of resource) {
    const names = searchParam.map(({ name }) => name);
    assert.equal(names.length, parametersOf(type).size + 2);
    assert.ok(names.includes("_filter") && names.includes("_list") && !names.includes("_query"));
  }
  const others = (await server.call("GET", "metadata", { headers: { accept: "text/turtle" } })).status;
  assert.equal(others, 406);
});

test("HTTP-SEARCH-1 modes, full URLs, summary and elements", async () => {
  await server.put(
    patient("shape", {
      birthDate: "1912-12-12",
      text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
    }),
  );
  await call("PUT", "Observation/shape", {
    body: '{"resourceType":"Observation","id":"shape","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/shape"},"valueQuantity":{"value":6.0}}',
  });
  const both = await call("GET", "Observation?_id=shape&_include=Observation:subject");
  assert.deepEqual(
    both.entries().map(({ fullUrl, search }) => [fullUrl, search?.mode]),
    [
      [`${BASE}/Observation/shape`, "match"],
      [`${BASE}/Patient/shape`, "include"],
    ],
  );
  for (const query of ["", "&_elements=valueQuantity", "&_summary=data", "&_elements=value"])
    assert.match((await call("GET", `Observation?_id=shape${query}`)).text, /"value":6\.0[,}]/, query);
  const elements = (await call("GET", "Patient?_id=shape&_elements=birthDate")).at("entry.0.resource");
  assert.deepEqual(Object.keys(elements as object).toSorted(), ["birthDate", "id", "meta", "resourceType"]);
  assert.equal((await call("GET", "Patient?_id=shape&_summary=text")).at("entry.0.resource.birthDate"), undefined);
  assert.equal((await call("GET", "Patient?_id=shape&_summary=true")).at("entry.0.resource.text"), undefined);
  const count = await call("GET", "Patient?_id=shape&_summary=count");
  assert.deepEqual([count.at("total"), count.at("entry")], [1, undefined]);
  assert.equal((await call("GET", "Patient?_id=shape&_summary=nonsense")).status, 400);
});

test("HTTP-SHAPE-1 summary and elements of a read", async () => {
  await server.put(patient("shaped", { birthDate: "1912-12-12" }));
  assert.equal((await call("GET", "Patient/shaped?_elements=gender")).at("birthDate"), undefined);
  assert.equal((await call("GET", "Patient/shaped/_history/1?_elements=birthDate")).at("birthDate"), "1912-12-12");
  assert.equal((await call("GET", "Patient/shaped?_summary=text")).at("meta.tag.0.code"), "SUBSETTED");
  assert.equal((await call("GET", "Patient/shaped?_summary=nonsense")).status, 400);
});

test("HTTP-BINARY-2 content is given as it is unless FHIR is asked for, put by PUT, and says whose it is", async () => {
  await server.put(patient("binary"));
  const headers = { "content-type": "text/plain", "x-security-context": "Patient/binary" };
  const made = await call("POST", "Binary", { body: "hej", headers });
  const id = String(made.at("id"));
  assert.deepEqual([made.status, made.at("securityContext.reference")], [201, "Patient/binary"]);
  const put = await call("PUT", `Binary/${id}`, { body: "hej då", headers });
  assert.deepEqual([put.status, put.headers.etag], [200, 'W/"2"']);
  for (const [path, text] of [
    [`Binary/${id}`, "hej då"],
    [`Binary/${id}/_history/1`, "hej"],
  ]) {
    for (const accept of [{}, { accept: "*/*" }, { accept: "text/*" }, { accept: "text/html, text/plain;q=0.5" }]) {
      const raw = await call("GET", String(path), { headers: accept as Record<string, string> });
      assert.deepEqual(
        [raw.text, raw.headers["content-type"], raw.headers["x-security-context"]],
        [text, "text/plain", "Patient/binary"],
      );
    }
    assert.equal((await call("GET", String(path), { headers: { accept: "image/png" } })).status, 406);
    assert.equal((await call("GET", String(path), { headers: { accept: "text/plain;q=0, image/png" } })).status, 406);
  }
  for (const context of ["Nobody/1", "Patient/a b"]) {
    const bad = await call("POST", "Binary", { body: "x", headers: { ...headers, "x-security-context": context } });
    assert.ok(bad.status >= 400 && bad.status < 500, context);
  }
});

test("HTTP-BINARY-1 content of any kind", async () => {
  const bytes = Buffer.from([0, 1, 2, 250, 255]);
  const made = await call("POST", "Binary", { body: bytes, headers: { "content-type": "application/x-eira" } });
  assert.deepEqual(
    [made.status, made.at("contentType"), made.at("data")],
    [201, "application/x-eira", bytes.toString("base64")],
  );
  const id = String(made.at("id"));
  const raw = await call("GET", `Binary/${id}`, { headers: { accept: "application/x-eira" } });
  assert.deepEqual([raw.status, raw.headers["content-type"]], [200, "application/x-eira"]);
  for (const accept of ["application/fhir+json", "application/json", "application/fhir+xml, */*;q=0.1"])
    assert.match((await call("GET", `Binary/${id}`, { headers: { accept } })).text, /Binary/, accept);
  assert.equal((await call("GET", `Binary/${id}?_format=json`)).at("resourceType"), "Binary");
  assert.equal((await call("GET", `Binary/${id}`, { headers: { accept: "image/png" } })).status, 406);
  const page = await call("POST", "Binary", {
    body: "<script>alert(1)</script>",
    headers: { "content-type": "text/html" },
  });
  const shown = await call("GET", `Binary/${String(page.at("id"))}`, { headers: { accept: "text/html" } });
  assert.deepEqual(
    [shown.headers["content-disposition"], shown.headers["x-content-type-options"]],
    [`attachment; filename="Binary-${String(page.at("id"))}"`, "nosniff"],
  );
  assert.equal(raw.headers["content-disposition"], `inline; filename="Binary-${id}"`);
  assert.match(String(shown.headers["content-security-policy"]), /default-src 'none'/);
  for (const contentType of ["text/☃", "text/plain; x=å", "text/x\u0085y"]) {
    const odd = await call("POST", "Binary", { body: { resourceType: "Binary", contentType, data: "AAAA" } });
    if (odd.status !== 201) continue;
    assert.equal(
      (await call("GET", `Binary/${String(odd.at("id"))}`, { headers: { accept: "text/*" } })).status,
      406,
      contentType,
    );
  }
  for (const type of ["", "nonsense", "text/", "x y/z"])
    assert.equal((await call("POST", "Binary", { body: "x", headers: { "content-type": type } })).status, 415, type);
  assert.equal((await call("POST", "Binary", { headers: { "content-type": "text/plain" } })).status, 400);
});
