/** Rules HTTP-MED: ordaining over the wire, and what plain FHIR answers when the checks of drugs stop an order. Journey 5 of issue 6. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { medicationCheck } from "../clinical/index.ts";
import type { JsonObject } from "../fhir/index.ts";
import { patient } from "../journal/testing/index.ts";
import { ledgerAlong } from "../loop/index.ts";
import { serverOfTest, type Answer } from "./testing/index.ts";

const server = await serverOfTest({ after }, { referentialIntegrity: false });
Object.assign(server.options, { along: ledgerAlong, check: medicationCheck });
const anna = await server.cookie();
const token = await server.token();
const NUMBER = "191212121212";
await server.put(patient("p1", { birthDate: "1960-01-01", gender: "male", identifier: [{ system: "http://electronichealth.se/identifier/personnummer", value: NUMBER }] })); // prettier-ignore

const post = (path: string, body: JsonObject, cookie = anna): Promise<Answer> => server.call("POST", path, { cookie, body }); // prettier-ignore
const OF = "/api/patients/p1/medication";
let keys = 0;
const wish = (lines: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({ key: `key-${String((keys += 1)).padStart(8, "0")}`, shown: NUMBER, lines, ...more }); // prettier-ignore
const ALVEDON: JsonObject = { line: "alvedon 1 g 4 mot smärta", reasons: {}, replaces: null };
const request = (grams: number): JsonObject => ({
  resourceType: "MedicationRequest",
  status: "active",
  intent: "order",
  subject: { reference: "Patient/p1" },
  medicationCodeableConcept: { coding: [{ system: "http://www.whocc.no/atc", code: "N02BE01" }], text: "Paracetamol" },
  dosageInstruction: [{ timing: { repeat: { frequency: 4, period: 1, periodUnit: "d" } }, doseAndRate: [{ doseQuantity: { value: grams, unit: "g", system: "http://unitsofmeasure.org", code: "g" } }] }], // prettier-ignore
});

test("HTTP-MED-1 plain FHIR is refused a ten-fold dose with 422 and an OperationOutcome that says where and which key, as a create and in a transaction, and takes it with a reason in a DetectedIssue", async () => {
  const call = (path: string, body: JsonObject): Promise<Answer> => server.call("POST", path, { token, body }); // prettier-ignore
  const refused = await call("MedicationRequest", request(10));
  assert.equal(refused.status, 422, refused.text);
  assert.equal(refused.at("issue.0.code"), "business-rule");
  assert.equal(refused.at("issue.0.expression.0"), "MedicationRequest.dosageInstruction");
  const text = String(refused.at("issue.0.details.text"));
  assert.match(text, /Paracetamol: 10000.mg per dos är 10 gånger det högsta \(1000.mg\)/);
  const bundle: JsonObject = { resourceType: "Bundle", type: "transaction", entry: [{ resource: request(10), request: { method: "POST", url: "MedicationRequest" } }] }; // prettier-ignore
  const transaction = await call("", bundle);
  assert.equal(transaction.status, 422, transaction.text);
  assert.match(transaction.text, /Bundle\.entry\[0\]\.resource\.dosageInstruction/);
  const keysOf = [...refused.text.matchAll(/identifier (\S+) och/g)].map(([, one]) => one ?? "");
  assert.deepEqual(keysOf, ["dose-N02BE01-dose/10000mg", "dose-N02BE01-day/40000mg"]); // prettier-ignore
  const issues = keysOf.map((value, at): JsonObject => ({ resourceType: "DetectedIssue", id: `k${at}`, identifier: [{ system: "urn:eira:lakemedel:kontroll", value }], status: "final", mitigation: [{ action: { text: "Läkares beslut, se anteckning" } }] })); // prettier-ignore
  const taken = await call("MedicationRequest", { ...request(10), contained: issues, detectedIssue: issues.map(({ id }) => ({ reference: `#${String(id)}` })) }); // prettier-ignore
  assert.equal(taken.status, 201, taken.text);
});

test("HTTP-MED-2 lines are looked at, signed under a key, stopped and renewed from Eira's own pages, each logged; bad input is told where it is bad; systems and strangers are let at nothing", async () => {
  const number = "198112189876";
  await server.put(patient("p2", { birthDate: "1981-12-18", identifier: [{ system: "http://electronichealth.se/identifier/personnummer", value: number }] })); // prettier-ignore
  const of = "/api/patients/p2/medication";
  const mine = (lines: readonly JsonObject[]): JsonObject => wish(lines, { shown: number });
  // The frame of these calls is that of orders, notes and registrations too.
  for (const path of [`${of}/look`, "/api/patients/p2/orders", "/api/patients/p2/notes", "/api/registrations"]) {
    const foreign = await server.call("POST", path, { cookie: anna, headers: { "x-eira": "0" }, body: {} });
    assert.equal(foreign.status, 403, path);
    assert.match(foreign.text, /inte från Eiras egen sida/, path);
  }
  const looked = await post(`${of}/look`, { line: "alv 1g 4 mot smärta", instead: null });
  assert.equal(looked.status, 200, looked.text);
  assert.deepEqual([looked.at("line.substance"), looked.at("line.when")], ["Paracetamol", "4 gånger dagligen"]);
  const one = mine([ALVEDON]);
  const [first, second] = [await post(of, one), await post(of, one)];
  assert.equal(first.status, 200, first.text);
  assert.deepEqual(first.json<{ ordained: string[] }>().ordained, second.json<{ ordained: string[] }>().ordained);
  const id = String(first.at("ordained.0"));
  const drafted = await post(`${of}/draft`, { seen: null, line: "alv 1", replaces: id, why: "", isInpatient: false });
  assert.equal(drafted.status, 200, drafted.text);
  const desk = await server.call("GET", of, { cookie: anna });
  assert.deepEqual([desk.at("standing.0.id"), desk.at("draft.line"), desk.at("draft.replaces")], [id, "alv 1", id], desk.text); // prettier-ignore
  assert.equal((await post(`${of}/draft`, { seen: { id: "x", version: "1" }, line: "alv" })).at("issue.0.expression.0"), "version"); // prettier-ignore
  const renewed = await post(`${of}/renew`, { key: "renew-0001", shown: number, items: [{ id, version: 1, reasons: {} }] }); // prettier-ignore
  assert.equal(renewed.status, 200, renewed.text);
  const stopped = await post(`${of}/stop`, { key: "stop-00001", shown: number, id: String(renewed.at("ordained.0")), version: 1, why: "smärtfri" }); // prettier-ignore
  assert.equal(stopped.status, 200, stopped.text);
  const kept = await post("/api/medication-favourites", { line: String(ALVEDON["line"]), whose: "own", key: "favour-01" }); // prettier-ignore
  const list = await server.call("GET", "/api/medication-favourites", { cookie: anna });
  assert.equal(list.at("favourites.0.id"), kept.at("favourites.0.id"));
  const gone = await post(`/api/medication-favourites/${String(list.at("favourites.0.id"))}/retire`, {});
  assert.deepEqual(gone.at("favourites"), []);
  const bad: readonly (readonly [JsonObject, string])[] = [
    [{ ...one, lines: {} }, "lines"],
    [{ ...one, key: "kort" }, "key"],
    [mine([{ line: 7 }]), "line"],
    [mine([{ ...ALVEDON, reasons: { x: 1 } }]), "lines[0].reasons"],
    [mine([{ ...ALVEDON, replaces: { id: "x" } }]), "version"],
  ];
  for (const [body, place] of bad) {
    const answer = await post(of, body);
    assert.deepEqual([answer.status, answer.at("issue.0.expression.0")], [422, place], answer.text);
  }
  const other = await post(of, wish([ALVEDON], { shown: NUMBER }));
  assert.equal(other.status, 409, other.text);
  assert.equal((await server.call("POST", of, { token, body: mine([ALVEDON]) })).status, 403);
  assert.equal((await server.call("POST", OF, { body: mine([ALVEDON]) })).status, 401);
  const log = (await server.log()).filter(({ patient: whose, outcome, action }) => whose === "p2" && outcome === "granted" && action === "create"); // prettier-ignore
  assert.ok(log.length >= 2);
});
