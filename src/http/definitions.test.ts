import assert from "node:assert/strict";
import { after, test } from "node:test";
import { BASE } from "../journal/testing/index.ts";
import { serverOfTest, type Answer, type Call } from "./testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const call = (method: string, path: string, more: Call = {}): Promise<Answer> =>
  server.call(method, path, { token, ...more });
const get = (path: string): Promise<Answer> => call("GET", path);

const OF_TYPES = [
  ["SearchParameter/Patient-name", "http://hl7.org/fhir/SearchParameter/Patient-name"],
  ["OperationDefinition/ValueSet-expand", "http://hl7.org/fhir/OperationDefinition/ValueSet-expand"],
  ["CompartmentDefinition/patient", "http://hl7.org/fhir/CompartmentDefinition/patient"],
  ["CodeSystem/administrative-gender", "http://hl7.org/fhir/administrative-gender"],
  ["ValueSet/observation-status", "http://hl7.org/fhir/ValueSet/observation-status"],
  ["ConceptMap/cm-address-use-v3", "http://hl7.org/fhir/ConceptMap/cm-address-use-v3"],
] as const;

test("HTTP-DEFINITION-1 what R4 defines is read as if it lay here", async () => {
  for (const [path, url] of OF_TYPES) {
    const answer = await get(path);
    assert.deepEqual([answer.status, answer.at("url"), answer.headers.etag], [200, url, 'W/"1"'], path);
    assert.equal(`${String(answer.at("resourceType"))}/${String(answer.at("id"))}`, path);
    assert.equal((await get(`${path}/_history/1`)).text, answer.text);
    assert.equal((await get(`${path}/_history/2`)).status, 404);
    assert.equal((await call("HEAD", path)).status, 200);
    assert.equal((await call("GET", path, { headers: { "if-none-match": 'W/"1"' } })).status, 304);
    const xml = await call("GET", path, { headers: { accept: "application/fhir+xml" } });
    assert.match(xml.text, new RegExp(`<${path.split("/")[0] ?? ""} `));
    assert.equal((await get(`${path}?_elements=url`)).at("meta.tag.0.code"), "SUBSETTED");
  }
  for (const path of [
    "SearchParameter/nothing",
    "CodeSystem/toString",
    "Patient/patient",
    "StructureDefinition/Patient",
  ])
    assert.equal((await get(path)).status, 404, path);
  const entry = ["SearchParameter/Patient-name", "SearchParameter/nothing"].map((url) => ({
    request: { method: "GET", url },
  }));
  const batch = await call("POST", "", { body: { resourceType: "Bundle", type: "batch", entry } });
  assert.deepEqual(
    [batch.at("entry.0.resource.id"), batch.at("entry.0.response.status"), batch.at("entry.1.response.status")],
    ["Patient-name", "200 OK", "404"],
  );
  const listed = await get("ValueSet/observation-status/$expand");
  assert.ok((listed.at("expansion.total") as number) > 5, listed.text);
  const narrow = await server.token("system/Patient.rs");
  assert.equal((await server.call("GET", "SearchParameter/Patient-name", { token: narrow })).status, 403);
  assert.equal((await server.call("GET", "SearchParameter?code=name", { token: narrow })).status, 403);
  assert.equal((await server.call("GET", "SearchParameter/Patient-name")).status, 401);
});

test("HTTP-DEFINITION-2 and found, after what is stored, page by page", async () => {
  for (const [path, url] of OF_TYPES) {
    const type = path.split("/")[0] ?? "";
    const found = await get(`${type}?url=${url}`);
    assert.deepEqual([found.names(), found.at("total")], [[path], 1], path);
    assert.deepEqual((await get(`${type}?_id=${path.split("/")[1] ?? ""}`)).names(), [path]);
  }
  for (const [query, name] of [
    ["SearchParameter?base=Patient&code=name", "SearchParameter/Patient-name"],
    ["OperationDefinition?code=subsumes", "OperationDefinition/CodeSystem-subsumes"],
    ["CompartmentDefinition?code=Encounter", "CompartmentDefinition/encounter"],
    ["CodeSystem?code=male&name=administrativeg", "CodeSystem/administrative-gender"],
    ["ValueSet?reference=http://hl7.org/fhir/administrative-gender", "ValueSet/administrative-gender"],
  ] as const)
    assert.deepEqual((await get(query)).names(), [name], query);
  const posted = await call("POST", "SearchParameter/_search", {
    body: "code=name&base=Patient",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  assert.deepEqual(posted.names(), ["SearchParameter/Patient-name"]);
  for (const query of ["_lastUpdated=gt2000", "_tag=x", "url=http://nothing.example", "_text=name"])
    assert.deepEqual((await get(`SearchParameter?${query}`)).names(), [], query);
  assert.equal((await get("SearchParameter?nonsense=1")).status, 400);
  const own = { resourceType: "OperationDefinition", id: "own", url: "http://example.com/own", name: "Own" };
  const more = { status: "active", kind: "operation", code: "own", system: true, type: false, instance: false };
  assert.equal((await call("PUT", "OperationDefinition/own", { body: { ...own, ...more } })).status, 201);
  const all: string[] = [];
  let path: string | undefined = "OperationDefinition?_count=20&_total=accurate";
  for (let page = 0; path !== undefined && page < 9; page += 1) {
    const answer: Answer = await get(path);
    assert.equal(answer.at("total"), 47, path);
    all.push(...answer.names());
    const links = answer.at("link") as { relation: string; url: string }[];
    path = links.find(({ relation }) => relation === "next")?.url.slice(BASE.length + 1);
  }
  assert.deepEqual([all[0], all.length, new Set(all).size], ["OperationDefinition/own", 47, 47]);
  assert.equal((await get("OperationDefinition?_summary=count")).at("total"), 47);
  assert.deepEqual((await get("OperationDefinition?_count=20&_cursor=def99999")).names(), []);
  assert.equal((await get("OperationDefinition?_cursor=def-1")).status, 400);
});

test("HTTP-DEFINITION-3 what R4 defines is not changed, but a copy takes its place", async () => {
  const path = "CodeSystem/administrative-gender";
  const { text } = await get(path);
  const patch = { "content-type": "application/json-patch+json" };
  for (const answer of [
    await call("PUT", path, { body: text }),
    await call("DELETE", path),
    await call("PATCH", path, { body: [{ op: "replace", path: "/status", value: "retired" }], headers: patch }),
  ])
    assert.deepEqual([answer.status, answer.code()], [405, "METHOD_NOT_ALLOWED"]);
  const entry = [{ request: { method: "DELETE", url: path } }];
  const bundle = { resourceType: "Bundle", entry };
  assert.equal((await call("POST", "", { body: { ...bundle, type: "transaction" } })).status, 405);
  assert.equal((await call("POST", "", { body: { ...bundle, type: "batch" } })).at("entry.0.response.status"), "405");
  assert.equal((await get(path)).text, text);
  const copy = { ...(JSON.parse(text) as object), id: "own-genders", concept: [{ code: "only" }] };
  assert.equal((await call("PUT", "CodeSystem/own-genders", { body: copy })).status, 201);
  const url = "http://hl7.org/fhir/administrative-gender";
  const found = await get(`CodeSystem?url=${url}`);
  assert.deepEqual([found.names(), found.at("total")], [["CodeSystem/own-genders"], 1]);
  assert.equal((await get(`CodeSystem/$lookup?system=${url}&code=only`)).status, 200);
  assert.equal((await get(`CodeSystem/$lookup?system=${url}&code=male`)).status, 404);
});
