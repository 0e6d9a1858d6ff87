/** Rules of SPEC.md: signing, correcting and what is locked, over HTTP. One server for all, each with a note of its own. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Bundle, CapabilityStatement, Provenance } from "fhir/r4";
import type { JsonObject } from "../fhir/index.ts";
import { OURS, patient, personActor, THEIRS } from "../journal/testing/index.ts";
import { serverOfTest, type Answer } from "./testing/index.ts";

const server = await serverOfTest({ after }, { referentialIntegrity: false });
const cookie = await server.cookie();
const token = await server.token();
await server.put(patient("p1"));

function note(id: string, more: JsonObject = {}): JsonObject {
  return {
    resourceType: "Composition",
    id,
    status: "final",
    type: { text: "Anteckning" },
    subject: { reference: "Patient/p1" },
    date: "2026-11-20T09:00:00+01:00",
    author: [{ reference: "Practitioner/anna" }],
    title: `Besök ${id}`,
    section: [{ text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">Vikt 6.0 kg</div>' } }],
    ...more,
  };
}

const seen = (version: number): Record<string, string> => ({ "if-match": `W/"${version}"` });
const onNote = (id: string, operation: string, headers = seen(1), body?: unknown): Promise<Answer> =>
  server.call("POST", `Composition/${id}/$${operation}`, { cookie, headers, body });
const parameters = (...parameter: JsonObject[]): JsonObject => ({ resourceType: "Parameters", parameter });

test("HTTP-SIGN-1 $sign answers the seal as a Provenance, of the version that was seen and of no other", async () => {
  await server.put(note("signed"));
  const signed = await onNote("signed", "sign");
  assert.equal(signed.status, 200, signed.text);
  const { target, signature, agent } = signed.json<Provenance>();
  assert.equal(target[0]?.reference, "Composition/signed/_history/1");
  assert.equal(Buffer.from(signature?.[0]?.data ?? "", "base64").length, 32);
  assert.deepEqual([agent[0]?.who.reference, agent[0]?.onBehalfOf?.display], ["Practitioner/anna", "Medicinkliniken"]);
  assert.equal((await onNote("signed", "sign")).text, signed.text);
  const other = await server.cookie(OURS, { id: "assignment-eva" }, { id: "eva", name: "Eva Lind" });
  const refusals: [Answer, number, string | undefined][] = [
    [await server.call("POST", "Composition/signed/$sign", { cookie: other, headers: seen(1) }), 409, "ALREADY_SIGNED"],
    [await onNote("signed", "sign", {}), 428, "IF_MATCH_MISSING"],
    [await onNote("signed", "sign", { "if-match": "one" }), 400, "IF_MATCH_INVALID"],
    [await onNote("signed", "sign", seen(2)), 412, "VERSION_CONFLICT"],
    [await onNote("never", "sign"), 404, "NOT_FOUND"],
    [await onNote("signed", "sign", seen(1), parameters({ name: "x", valueString: "y" })), 400, "OPERATION_PARAMETER"],
    [await server.call("POST", "Composition/signed/$sign", { token, headers: seen(1) }), 403, "FORBIDDEN"],
    [await server.call("POST", "Observation/o1/$sign", { cookie, headers: seen(1) }), 405, undefined],
    [await server.call("GET", "Composition/signed/$sign", { cookie, headers: seen(1) }), 400, "NOT_SUPPORTED"],
    [
      await server.call("POST", "Composition/signed/$sign", { cookie, headers: { ...seen(1), "x-eira": "0" } }),
      403,
      "FORBIDDEN",
    ],
  ];
  for (const [answer, status, code] of refusals) {
    assert.equal(answer.status, status, `${code} ${answer.text}`);
    if (code !== undefined) assert.equal(answer.code(), code);
  }
  const [rest] = (await server.call("GET", "metadata")).json<CapabilityStatement>().rest ?? [];
  const names = rest?.resource?.find(({ type }) => type === "Composition")?.operation?.map(({ name }) => name) ?? [];
  for (const name of ["sign", "correct", "disagree", "signatures"]) assert.ok(names.includes(name), name);
});

test("HTTP-SIGN-2 what is locked answers 409 in Swedish to everybody, whatever the way", async () => {
  await server.put(note("locked"));
  await onNote("locked", "sign");
  const body = note("locked", { title: "Ändrad" });
  const patch = [{ op: "replace", path: "/title", value: "Ändrad" }];
  const json = { "content-type": "application/json-patch+json" };
  const entry = (method: string, url: string, resource?: JsonObject): JsonObject => ({
    resource,
    request: { method, url },
  });
  const bundle = (type: string): JsonObject => ({
    resourceType: "Bundle",
    type,
    entry: [entry("PUT", "Composition/locked", body)],
  });
  const tag = parameters({ name: "meta", valueMeta: { tag: [{ code: "x" }] } });
  const ways: [string, string, unknown, Record<string, string>?][] = [
    ["PUT", "Composition/locked", body],
    ["PUT", "Composition?_id=locked", body],
    ["PATCH", "Composition/locked", patch, json],
    ["PATCH", "Composition?_id=locked", patch, json],
    ["DELETE", "Composition/locked", undefined],
    ["DELETE", "Composition?_id=locked", undefined],
    ["POST", "", bundle("transaction")],
    ["POST", "Composition/locked/$meta-add", tag],
  ];
  for (const [method, path, sent, headers] of ways) {
    for (const who of [{ cookie }, { token }]) {
      const answer = await server.call(method, path, { ...who, body: sent, headers });
      assert.equal(answer.status, 409, `${method} ${path} ${answer.text}`);
      assert.equal(answer.code(), "RECORD_LOCKED");
      assert.match(String(answer.at("issue.0.details.text")), /^Anteckningen är låst/);
    }
  }
  const batch = await server.call("POST", "", { cookie, body: bundle("batch") });
  assert.match(String(batch.at("entry.0.response.status")), /^409/);
  assert.equal((await server.call("GET", "Composition/locked", { token })).at("meta.versionId"), "1");
});

test("HTTP-SIGN-3 $correct keeps the original and numbers as written; $disagree and $signatures tell all beside the note", async () => {
  await server.put(note("wrong"));
  await onNote("wrong", "sign");
  const resource = JSON.stringify(note("wrong", { title: "Rättad" })).replace(
    '"title":"Rättad"',
    '"title":"Rättad","extension":[{"url":"urn:x","valueDecimal":6.0}]',
  );
  const text = `{"resourceType":"Parameters","parameter":[{"name":"reason","valueString":"Fel titel"},{"name":"resource","resource":${resource}}]}`;
  const corrected = await onNote("wrong", "correct", seen(1), text);
  assert.equal(corrected.status, 200, corrected.text);
  assert.match(corrected.text, /"valueDecimal":6\.0\b/);
  assert.equal(corrected.headers["etag"], 'W/"2"');
  assert.equal((await server.call("GET", "Composition/wrong/_history/1", { cookie })).at("title"), "Besök wrong");
  assert.equal((await onNote("wrong", "correct", seen(1), text)).status, 412);
  assert.equal((await onNote("wrong", "correct", {}, text)).status, 428);
  for (const bad of [
    parameters(),
    parameters({ name: "reason", valueString: "x" }),
    parameters({ name: "x", valueString: "y" }),
  ])
    assert.equal((await onNote("wrong", "correct", seen(2), bad)).status, 400);
  const said = await onNote("wrong", "disagree", seen(2), parameters({ name: "text", valueString: "Jag väger mer." }));
  assert.equal(said.status, 200, said.text);
  const beside = await server.call("GET", "Composition/wrong/$signatures", { cookie });
  assert.equal(beside.text, said.text);
  const resources = (beside.json<Bundle>().entry ?? []).map((one) => one.resource?.resourceType);
  assert.deepEqual(resources, ["Provenance", "Provenance", "Communication"]);
  const theirs = await server.cookie(THEIRS);
  assert.equal((await server.call("GET", "Composition/wrong/$signatures", { cookie: theirs })).status, 404);
});

test("HTTP-SIGN-4 with an identity provider's session one signs within an hour of having proved who one is, and the seal has the proof", async () => {
  const person = personActor(OURS);
  const proof = { method: "siths", name: "SITHS", acr: "loa3", at: server.clock().toISOString() };
  await server.put(note("proved"));
  const sign = async (at: number): Promise<Answer> => {
    const proved = { ...proof, at: new Date(server.clock().getTime() - at * 60_000).toISOString() };
    const { token: session } = await server.sessions.open(person, proved);
    return server.call("POST", "Composition/proved/$sign", { cookie: `eira_session=${session}`, headers: seen(1) });
  };
  const late = await sign(61);
  assert.deepEqual([late.status, late.code()], [403, "PROOF_TOO_OLD"]);
  assert.equal((await sign(59)).status, 200);
  const [row] = await server.sql<{ signer: { proof: unknown } }>("SELECT signer FROM seal WHERE id = 'proved'");
  assert.deepEqual({ ...(row?.signer.proof as typeof proof), at: "" }, { ...proof, at: "" });
});

test("HTTP-API-SIGN-1 the chart and the list of what waits are told how notes stand", async () => {
  await server.put(note("waits", { date: "2026-11-01T09:00:00+01:00" }));
  const list = await server.call("GET", "/api/unsigned", { cookie });
  assert.equal(list.status, 200, list.text);
  const { items } = JSON.parse(list.text) as { items: { id: string; days: number; person: { id: string } | null }[] };
  const first = items[0];
  assert.deepEqual([first?.id, first?.days, first?.person?.id], ["waits", 20, "p1"]);
  const chart = await server.call("GET", "/api/patients/p1/signing", { cookie });
  assert.equal(
    (JSON.parse(chart.text) as { records: Record<string, { state: string }> }).records["Composition/waits"]?.state,
    "unsigned",
  );
  assert.equal((await server.call("GET", "/api/patients/never/signing", { cookie })).status, 404);
  for (const limit of ["0", "x", "101"])
    assert.equal((await server.call("GET", `/api/unsigned?limit=${limit}`, { cookie })).status, 400, limit);
  assert.equal((await server.call("GET", "/api/unsigned", { token })).status, 403);
});
