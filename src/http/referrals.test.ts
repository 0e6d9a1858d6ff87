/** Rules of SPEC.md: referrals and waiting lists over HTTP. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { OURS, patient } from "../journal/testing/index.ts";
import { ledgerAlong } from "../loop/index.ts";
import { serverOfTest, type Answer } from "./testing/index.ts";

const SENDER = { ...OURS, careUnit: "SE2321000131-E000000000012" } as const;
const server = await serverOfTest({ after }, { referentialIntegrity: false });
Object.assign(server.options, { along: ledgerAlong });
const HSA = "urn:oid:1.2.752.29.4.19";
const anna = await server.cookie();
const sender = await server.cookie(SENDER, { id: "assignment-b" });
for (const [id, { careUnit }] of [
  ["asked", OURS],
  ["sender", SENDER],
] as const)
  await server.put(
    { resourceType: "Organization", id, name: id, identifier: [{ system: HSA, value: careUnit }] },
    null,
  );
for (const [id, { careUnit }] of [
  ["asked", OURS],
  ["sender", SENDER],
] as const) {
  await server.put({ resourceType: "Practitioner", id, identifier: [{ system: HSA, value: `${careUnit}-P` }] }, null);
  const works = {
    practitioner: { reference: `Practitioner/${id}` },
    organization: { reference: `Organization/${id}` },
  };
  await server.put({ resourceType: "PractitionerRole", id, active: true, ...works }, null);
}
await server.put(patient("p1", { name: [{ family: "Väntande", given: ["Vera"] }] }));

let made = 0;
async function referred(): Promise<string> {
  const id = `r${(made += 1)}`;
  await server.put(
    {
      resourceType: "ServiceRequest",
      id,
      status: "active",
      intent: "order",
      authoredOn: server.clock().toISOString(),
      category: [{ coding: [{ system: "http://snomed.info/sct", code: "3457005" }] }],
      code: { text: "=Knä; höger" },
      subject: { reference: "Patient/p1" },
      performer: [{ reference: "Organization/asked" }],
    },
    SENDER,
  );
  const rows = await server.sql<{ id: string }>("SELECT id FROM loop WHERE subject_id = $1 AND kind = 'referral'", [
    id,
  ]);
  return rows[0]?.id ?? "";
}

const get = (path: string, cookie = anna): Promise<Answer> => server.call("GET", path, { cookie });
let keys = 0;
async function wish(loop: string, name: string, body: JsonObject, cookie = anna): Promise<Answer> {
  const { version } = (await get(`/api/referrals/${loop}`, cookie)).json<{ version: number }>();
  return server.call("POST", `/api/referrals/${loop}/${name}`, {
    cookie,
    body: { seen: version, key: `k${(keys += 1)}`, ...body },
  });
}
const day = (days: number): string => new Date(server.clock().getTime() + days * 86_400_000).toISOString().slice(0, 10);

test("HTTP-REFERRAL-1, CLIN-REFERRAL-8 how a referral stands and what the reader may do is told to sender and receiver; each thing is done by a call of its own; bad input is told where it is bad", async () => {
  const loop = await referred();
  const at = async (cookie: string): Promise<Answer> => get(`/api/referrals/${loop}`, cookie);
  assert.deepEqual((await at(anna)).at("national"), { code: "2", isReturned: false, isWithdrawn: false });
  assert.deepEqual((await at(anna)).at("can"), ["assess", "answer", "pause", "second-opinion"]);
  assert.deepEqual((await at(sender)).at("can"), ["add", "cancel"]);
  assert.equal((await at(anna)).at("guarantee.limit"), 90);
  const bad: [string, JsonObject, string][] = [
    ["assess", { priority: "soon", target: day(3) }, "priority"],
    ["assess", { priority: "routine", target: "3 dagar" }, "target"],
    ["assess", { priority: "routine", target: day(3), note: 5 }, "note"],
    ["assess", { priority: "routine", target: day(3), key: "" }, "key"],
    ["assess", { priority: "routine", target: day(3), seen: "1" }, "seen"],
    ["answer", { text: " " }, "text"],
    ["pause", { code: "patient-chosen", reason: "x", from: "2026-02-30" }, "from"],
    ["second-opinion", { unit: OURS.careUnit, question: "?" }, "unit"],
  ];
  for (const [name, body, where] of bad) {
    const answer = await wish(loop, name, body);
    assert.deepEqual([answer.status, answer.at("issue.0.expression.0")], [422, where], `${name} ${answer.text}`);
  }
  const assessed = await wish(loop, "assess", { priority: "urgent", target: day(20) });
  assert.equal(assessed.status, 200, assessed.text);
  assert.deepEqual([(await at(sender)).at("national.code"), (await at(anna)).at("target")], ["4", day(20)]);
  assert.equal((await wish(loop, "add", { text: "Mer" }, sender)).status, 409);
  assert.equal(
    (
      await server.call("POST", `/api/referrals/${loop}/answer`, {
        cookie: anna,
        body: { seen: 1, key: "z", text: "x" },
      })
    ).status,
    412,
  );
  assert.equal((await wish(loop, "answer", { text: "Ingen åtgärd." })).status, 200);
  assert.equal((await at(sender)).at("national.code"), "6");
  const [result] = await server.sql<{ id: string; version: number }>(
    "SELECT id, version FROM loop WHERE parent = $1 AND kind = 'result'",
    [loop],
  );
  const read = { loop: result?.id ?? "", seen: result?.version ?? 0, event: "read", key: "read" };
  assert.equal(
    (await server.call("POST", "/api/loops/steps", { cookie: sender, body: { steps: [read] } })).status,
    200,
  );
  assert.equal((await at(anna)).at("national.code"), "7");
  assert.deepEqual((await at(anna)).at("can"), []);
});

test("HTTP-REFERRAL-2 strangers, systems, other sites and nobody are let at neither; what is on nobody's list of theirs is not there", async () => {
  const loop = await referred();
  const body = { seen: 2, key: "x", reason: "Nej" };
  const stranger = await server.cookie({ ...OURS, careUnit: "SE2321000131-E000000000013" }, { id: "assignment-c" });
  assert.equal((await get(`/api/referrals/${loop}`, stranger)).status, 404);
  assert.equal((await server.call("POST", `/api/referrals/${loop}/cancel`, { cookie: stranger, body })).status, 404);
  assert.equal((await server.call("POST", `/api/referrals/${loop}/cancel`, { cookie: anna, body })).status, 403);
  const elsewhere = { cookie: sender, body, headers: { "x-eira": "0" } };
  assert.equal((await server.call("POST", `/api/referrals/${loop}/cancel`, elsewhere)).status, 403);
  assert.equal((await server.call("GET", "/api/waiting", { token: await server.token() })).status, 403);
  assert.equal((await server.call("GET", "/api/waiting")).status, 401);
  assert.equal((await wish(loop, "cancel", { reason: "Fått tid privat" }, sender)).status, 200);
});

test("HTTP-REFERRAL-3 the waiting list of the reader's unit is told as JSON and as a file that a spreadsheet opens, without names in the file; each patient shown is in the log", async () => {
  await referred();
  const before = (await server.log()).length;
  const list = await get("/api/waiting");
  assert.equal(list.at("items.0.known.person.name.0.family"), "Väntande");
  assert.equal(list.at("items.0.guarantee.waited"), 0);
  assert.ok((await server.log()).length > before);
  const file = await get("/api/waiting.csv");
  assert.match(file.headers["content-type"] ?? "", /^text\/csv/);
  assert.match(file.text, /väntar sedan/);
  assert.match(file.text, /"'=Knä; höger"/);
  assert.doesNotMatch(file.text, /Väntande/);
  assert.deepEqual((await get("/api/waiting", sender)).at("items"), []);
  assert.equal((await get("/api/waiting?kind=letter")).code(), "SEARCH_VALUE_INVALID");
});

test("HTTP-ORDER-1, HTTP-ORDER-2 what can be ordered, the basket, signing and one order are told to staff, each look logged; bad input is told where it is bad; students, systems, other sites and strangers are let at nothing", async () => {
  const URL = "urn:eira:bestallning";
  const code = { coding: [{ system: "urn:local", code: "ett", display: "P-Ett" }], text: "P-Ett" };
  const topic = [{ coding: [{ system: "http://snomed.info/sct", code: "108252007" }] }];
  const extension = [
    { url: `${URL}:mottagare`, valueReference: { reference: "Organization/asked", display: "asked" } },
  ];
  await server.put({ resourceType: "ActivityDefinition", id: "ett", url: `${URL}:katalog:ett`, version: "1", title: "P-Ett", status: "active", kind: "ServiceRequest", topic, code, extension }, null); // prettier-ignore
  const post = (path: string, body: JsonObject, cookie = sender, headers = {}): Promise<Answer> => server.call("POST", path, { cookie, body, headers }); // prettier-ignore
  const catalogue = await get("/api/order-catalogue", sender);
  assert.equal(catalogue.at("items.0.title"), "P-Ett");
  const [goesTo, item] = [String(catalogue.at("items.0.receivers.0.goesTo.list")), "ett"];
  const line = { item, version: "1", receiver: "Organization/asked", goesTo, priority: "routine", when: null, question: "", history: "", contact: "", attached: [] }; // prettier-ignore
  const path = "/api/patients/p1/orders";
  const kept = await post(`${path}/basket`, { seen: null, lines: [line] });
  assert.equal(kept.at("draft.lines.0.item"), "ett");
  const before = (await server.log()).length;
  const basket = await get(`${path}/basket`, sender);
  assert.equal(basket.at("draft.id"), kept.at("draft.id"));
  assert.equal((await get(`${path}/draft`, sender)).at("draft.id"), kept.at("draft.id"));
  assert.equal((await get(`${path}/draft`)).at("draft"), null);
  assert.ok((await server.log()).length > before);
  const shown = null; // p1 has no number in this test
  const signed = await post(path, { key: "order-key-1", shown, draft: String(kept.at("draft.id")), lines: [line] });
  assert.equal(signed.status, 200, signed.text);
  const order = String(signed.at("orders.0"));
  assert.equal((await get(`${path}/${order}`, sender)).at("request.code.text"), "P-Ett");
  assert.equal((await post(path, { key: "order-key-1", shown, lines: [line] })).at("orders.0"), order);

  for (const [body, place] of [
    [{ key: "x", shown, lines: [line] }, "key"],
    [{ key: "order-key-2", shown, lines: {} }, "lines"],
    [{ key: "order-key-2", shown, lines: [{ ...line, when: 1 }] }, "lines[0]"],
    [{ key: "order-key-2", shown: 5, lines: [line] }, "shown"],
    [{ key: "order-key-2", shown, draft: "å", lines: [line] }, "draft"],
    [{ key: "order-key-2", shown, lines: [{ ...line, item: "a,b" }] }, "lines[0].item"],
  ] as const) {
    const refused = await post(path, body);
    assert.deepEqual([refused.status, refused.code(), refused.at("issue.0.expression.0")], [422, "ORDER_INVALID", place]); // prettier-ignore
  }
  assert.equal((await post("/api/order-sets", { title: "X", whose: "all", key: "set-key-1", lines: [] })).code(), "ORDER_INVALID"); // prettier-ignore
  const set = await post("/api/order-sets", { title: "Mitt", whose: "own", key: "set-key-1", lines: [{ item: `${URL}:katalog:ett`, priority: null, question: null }] }); // prettier-ignore
  assert.equal(set.at("sets.0.title"), "Mitt");
  assert.deepEqual((await post(`/api/order-sets/${String(set.at("sets.0.id"))}/retire`, {})).at("sets"), []);

  const body = { key: "order-key-3", shown, lines: [line] };
  assert.equal((await post(path, body, sender, { "x-eira": "0" })).status, 403);
  assert.equal((await server.call("POST", path, { token: await server.token(), body })).status, 403);
  assert.equal((await server.call("GET", "/api/order-catalogue")).status, 401);
});
