/** XML, pretty answers and FHIRPath Patch, over the network. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { parseXml, writeJson, writeXml, type JsonObject } from "../fhir/index.ts";
import { patient } from "../journal/testing/index.ts";
import { serverOfTest, type Answer, type Call } from "./testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();

const XML = "application/fhir+xml";
const OBSERVATION =
  '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":6.0},' +
  '"subject":{"reference":"Patient/format"}}';

const call = (method: string, path: string, more: Call = {}): Promise<Answer> =>
  server.call(method, path, { token, ...more });

/** A change by FHIRPath, as the Parameters of a request or an entry. */
function pathPatch(type: string, path: string, ...parts: object[]): object {
  const part = [{ name: "type", valueCode: type }, { name: "path", valueString: path }, ...parts];
  return { resourceType: "Parameters", parameter: [{ name: "operation", part }] };
}

test("HTTP-FORMAT-1 a resource is written and read as XML, and is the same resource, numbers as written", async () => {
  await server.put(patient("format"));
  const body = writeXml({ ...(JSON.parse(OBSERVATION.replace("6.0", "7")) as JsonObject) }).replace('"7"', '"6.0"');
  const made = await call("POST", "Observation", { body, headers: { "content-type": XML, accept: XML } });
  assert.equal(made.status, 201, made.text);
  assert.equal(made.headers["content-type"], `${XML}; charset=utf-8`);
  assert.match(made.text, /^<\?xml version="1\.0" encoding="UTF-8"\?><Observation xmlns="http:\/\/hl7\.org\/fhir">/);
  const { id } = parseXml(made.text);
  assert.match((await call("GET", `Observation/${String(id)}`)).text, /"value":6\.0\b/);
  const updated = await call("PUT", `Observation/${String(id)}`, {
    body: made.text.replace("6.0", "6.00"),
    headers: { "content-type": "application/xml" },
  });
  assert.deepEqual([updated.status, /"value":6\.00\b/.test(updated.text)], [200, true]);
});

test("HTTP-FORMAT-1 Bundles are taken and given as XML: transaction, search, history, metadata", async () => {
  const bundle: JsonObject = {
    resourceType: "Bundle",
    type: "transaction",
    entry: [{ resource: { resourceType: "Patient", active: true }, request: { method: "POST", url: "Patient" } }],
  };
  const done = await call("POST", "", { body: writeXml(bundle), headers: { "content-type": XML, accept: XML } });
  assert.equal(done.status, 200, done.text);
  assert.match(writeJson(parseXml(done.text)), /"status":"201 Created"/);
  for (const path of [
    "Patient?_format=xml",
    "Patient/format/_history?_format=text/xml",
    "metadata?_format=xml",
    "?_type=Patient&_format=xml",
  ]) {
    const answer = await call("GET", path);
    assert.equal(answer.status, 200, answer.text);
    assert.ok(["Bundle", "CapabilityStatement"].includes(String(parseXml(answer.text)["resourceType"])), path);
  }
});

test("HTTP-FORMAT-2 the caller's best liked form is given, JSON when all are alike, and none but these", async () => {
  const kinds: readonly (readonly [accept: string, type: string])[] = [
    [XML, XML],
    ["application/xml;q=0.9, application/json", "application/fhir+json"],
    ["application/xml, application/json;q=0.9", XML],
    ["*/*", "application/fhir+json"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/fhir+json"],
  ];
  for (const [accept, type] of kinds) {
    const { headers, status } = await call("GET", "Patient/format", { headers: { accept } });
    assert.deepEqual([status, headers["content-type"]], [200, `${type}; charset=utf-8`], accept);
  }
  assert.equal((await call("GET", "Patient/format", { headers: { accept: "text/turtle" } })).status, 406);
  assert.equal((await call("GET", "Patient/format?_format=ttl")).status, 406);
  assert.equal((await call("GET", "Patient/format", { headers: { accept: "application/xml;q=0" } })).status, 406);
});

test("HTTP-FORMAT-3 refusals come in the form that was asked for", async () => {
  const missing = await call("GET", "Patient/none", { headers: { accept: XML } });
  assert.deepEqual([missing.status, parseXml(missing.text)["resourceType"]], [404, "OperationOutcome"]);
  assert.equal(parseXml((await call("GET", "Nothing/1?_format=xml")).text)["resourceType"], "OperationOutcome");
  const stranger = await server.call("GET", "Patient/format", { headers: { accept: XML } });
  assert.deepEqual([stranger.status, parseXml(stranger.text)["resourceType"]], [401, "OperationOutcome"]);
  const headers = { "content-type": XML };
  for (const body of [
    "<",
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"/>',
    "{}",
  ]) {
    const refused = await call("POST", "Patient", { body, headers });
    assert.deepEqual([refused.status, refused.code()], [400, "BODY_NOT_XML"], body);
  }
  const wrong = await call("POST", "Patient", { body: '<Basic xmlns="http://hl7.org/fhir"/>', headers });
  assert.equal(wrong.code(), "TYPE_MISMATCH");
  const invalid = await call("POST", "Patient", {
    body: '<Patient xmlns="http://hl7.org/fhir"><active value="x"/></Patient>',
    headers,
  });
  assert.deepEqual([invalid.status, invalid.at("issue.0.expression.0")], [422, "Patient.active"]);
});

test("HTTP-FORMAT-4 a pretty answer means the same, with numbers as written", async () => {
  const made = await call("POST", "Observation", { body: OBSERVATION });
  const path = `Observation/${String(made.at("id"))}`;
  const pretty = await call("GET", `${path}?_pretty=true`);
  assert.deepEqual(pretty.json(), made.json());
  assert.match(pretty.text, /\n {4}"value": 6\.0\n/);
  assert.match((await call("GET", `${path}?_pretty=true&_format=xml`)).text, /\n {4}<value value="6\.0"\/>\n/);
  assert.equal((await call("GET", `${path}?_pretty=false`)).text, made.text);
});

test("HTTP-FHIR-PATCH-2 a FHIRPath Patch changes a resource, as JSON and as XML, and what it cannot do is refused", async () => {
  await server.put(patient("pathed", { active: true }));
  const value = { name: "value", valueBoolean: false };
  const patch = pathPatch("replace", "Patient.active", value);
  const changed = await call("PATCH", "Patient/pathed", { body: patch });
  assert.deepEqual(
    [changed.status, changed.at("active"), changed.at("meta.versionId")],
    [200, false, "2"],
    changed.text,
  );
  const xml = writeXml(JSON.parse(JSON.stringify(pathPatch("delete", "Patient.active"))) as JsonObject);
  const removed = await call("PATCH", "Patient/pathed", { body: xml, headers: { "content-type": XML } });
  assert.deepEqual([removed.status, removed.at("active")], [200, undefined]);
  const astray = await call("PATCH", "Patient/pathed", { body: patch });
  assert.deepEqual([astray.status, astray.code()], [422, "PATCH_INVALID"]);
  assert.equal(astray.at("issue.0.expression.0"), "Parameters.parameter[0]");
  const other = await call("PATCH", "Patient/pathed", { body: { resourceType: "Patient" } });
  assert.equal(other.code(), "TYPE_MISMATCH");
  const object = await call("PATCH", "Patient/pathed", {
    body: patch,
    headers: { "content-type": "application/json-patch+json" },
  });
  assert.equal(object.code(), "PATCH_INVALID");
});

test("HTTP-ENTRY-3 a FHIRPath Patch works in a transaction, where it is the entry's resource", async () => {
  await server.put(patient("entry", { active: true }));
  const patch = pathPatch("replace", "Patient.active", { name: "value", valueBoolean: false });
  const bundle = {
    resourceType: "Bundle",
    type: "transaction",
    entry: [{ resource: patch, request: { method: "PATCH", url: "Patient/entry" } }],
  };
  const done = await call("POST", "", { body: bundle });
  assert.deepEqual([done.status, done.at("entry.0.resource.active")], [200, false], done.text);
});

test("HTTP-FHIR-UPDATE-2 a part of a resource, which says that it is one, is not saved in the place of the whole", async () => {
  await server.put(patient("part", { active: true }));
  const part = await call("GET", "Patient/part?_elements=name");
  const refused = await call("PUT", "Patient/part", { body: part.text });
  assert.deepEqual(
    [refused.status, refused.code(), refused.at("issue.0.expression.0")],
    [422, "SUBSETTED", "Patient.meta.tag"],
  );
});

test("HTTP-FHIR-TRANSACTION-6 an Idempotency-Key serves resources whose numbers are kept as written", async () => {
  const headers = { "idempotency-key": "exact" };
  const first = await call("POST", "Observation", { body: OBSERVATION, headers });
  assert.equal(first.status, 201, first.text);
  const again = await call("POST", "Observation", { body: OBSERVATION, headers });
  assert.equal(again.text, first.text);
});
