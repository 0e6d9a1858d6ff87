/** Rules HTTP-ACCESS-LOG of SPEC.md in src/http. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { AuditEvent, CapabilityStatement } from "fhir/r4";
import { observation, patient } from "../../../journal/testing/index.ts";
import { serverOfTest, type Answer } from "../../testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token("system/AuditEvent.rs");
const get = (path: string, more = token): Promise<Answer> => server.call("GET", path, { token: more });
const LOG = "AuditEvent/$access-log";

test("HTTP-ACCESS-LOG-1 what was read is an AuditEvent, page after page, each by its id", async () => {
  await server.put(patient("p1"));
  await server.put(observation("o1"));
  const cookie = await server.cookie();
  for (let n = 0; n < 5; n += 1) await server.call("GET", "Observation/o1", { cookie });
  const found: AuditEvent[] = [];
  let url: string | undefined = `${LOG}?patient=Patient/p1&entity=Observation/o1&action=R&_count=2`;
  while (url !== undefined) {
    const page: Answer = await get(url);
    assert.equal(page.status, 200, page.text);
    found.push(...page.entries<AuditEvent>().flatMap(({ resource }) => resource ?? []));
    const links = page.at("link") as { relation: string; url: string }[];
    assert.deepEqual(links[0]?.relation, "self");
    url = links.find(({ relation }) => relation === "next")?.url.replace(/^.*\/fhir\/R4\//, "");
  }
  assert.equal(found.length, 5);
  for (const event of found) {
    assert.equal(event.agent[0]?.who?.display, "Anna Ek");
    assert.deepEqual(
      event.entity?.flatMap(({ description }) => description ?? []),
      ["Observation/o1/_history/1"],
    );
    const one = await get(`AuditEvent/${event.id}/$access-log`);
    assert.deepEqual([one.status, one.json()], [200, event]);
  }
  const xml = await server.call("GET", `${LOG}?patient=p1`, { token, headers: { accept: "application/fhir+xml" } });
  assert.match(xml.text, /^<\?xml[^]*<AuditEvent>/);
  assert.equal((await get("AuditEvent/log-1/$access-log")).status, 404);
  const bad = await server.call("GET", `${LOG}?site=x`, { token, headers: { prefer: "handling=lenient" } });
  assert.deepEqual([bad.status, bad.code(), bad.at("issue.0.expression.0")], [400, "SEARCH_PARAM_UNKNOWN", "site"]);
  const { rest } = (await get("metadata")).json<CapabilityStatement>();
  const operations = rest?.[0]?.resource?.find(({ type }) => type === "AuditEvent")?.operation;
  assert.ok(operations?.some(({ name }) => name === "access-log"));
});

test("HTTP-ACCESS-LOG-2 AuditEvents of clients are resources as before, and never stand among the log's own", async () => {
  const all = await server.token();
  const event = {
    resourceType: "AuditEvent",
    type: { system: "urn:x", code: "x" },
    recorded: "2026-11-21T08:00:00Z",
    agent: [{ requestor: true }],
    source: { observer: { display: "lab" } },
  };
  const created = await server.call("POST", "AuditEvent", { token: all, body: event });
  assert.equal(created.status, 201);
  const id = created.json<AuditEvent>().id ?? "";
  assert.deepEqual((await get(`AuditEvent?_id=${id}`)).names(), [`AuditEvent/${id}`]);
  assert.equal((await get(`AuditEvent/${id}/$access-log`)).status, 404);
  const forged = `log-0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0-1`;
  const put = await server.call("PUT", `AuditEvent/${forged}`, { token: all, body: { ...event, id: forged } });
  assert.equal(put.status, 201);
  assert.equal((await get(`AuditEvent/${forged}/$access-log`)).status, 404);
  assert.ok((await get(`${LOG}?_count=1000`)).entries().every(({ resource }) => resource?.id !== forged));
  assert.ok((await get("AuditEvent?_count=1000")).names().every((name) => [id, forged].includes(name.slice(11))));
});
