/** Rules HTTP-OBS: measuring over the wire. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { patient } from "../journal/testing/index.ts";
import { ledgerAlong } from "../loop/index.ts";
import { serverOfTest, type Answer } from "./testing/index.ts";

const server = await serverOfTest({ after }, { referentialIntegrity: false });
Object.assign(server.options, { along: ledgerAlong });
const anna = await server.cookie();
const token = await server.token();
const NUMBER = "191212121212";
const identifier = [{ system: "http://electronichealth.se/identifier/personnummer", value: NUMBER }];
await server.put(patient("p1", { birthDate: "1960-01-01", identifier }));

const OF = "/api/patients/p1/observations";
const post = (path: string, body: JsonObject, cookie = anna): Promise<Answer> => server.call("POST", path, { cookie, body }); // prettier-ignore
const VALUES: JsonObject = { breaths: "16", saturation: "97", oxygen: "0", systolic: "125", pulse: "75", consciousness: "A", temperature: "37.0" }; // prettier-ignore
let keys = 0;
const wish = (more: JsonObject = {}): JsonObject => ({ key: `round-${String((keys += 1)).padStart(6, "0")}`, shown: NUMBER, time: null, values: VALUES, how: {}, sure: [], score: { total: 0 }, ...more }); // prettier-ignore

test("HTTP-OBS-1 one measures from a desk, writes a round once under a key, corrects it and ordains a scale, each logged; bad input is told where it is bad, systems and strangers are let at nothing", async () => {
  const desk = await server.call("GET", `${OF}/desk`, { cookie: anna });
  assert.equal(desk.status, 200, desk.text);
  assert.deepEqual([desk.at("set.name"), desk.at("whom.holds"), desk.at("values.pulse.ucum")], ["NEWS2", "yes", "/min"]); // prettier-ignore
  const body = wish();
  const [first, second] = [await post(OF, body), await post(OF, body)];
  assert.equal(first.status, 200, first.text);
  assert.equal(first.at("panel"), second.at("panel"));
  const other: JsonObject = { ...VALUES, consciousness: "C" };
  const corrected = await post(`${OF}/${String(first.at("panel"))}/correct`, wish({ version: 1, values: other, score: { total: 3 }, why: "Felskrivet" })); // prettier-ignore
  assert.equal(corrected.status, 200, corrected.text);
  assert.ok(typeof corrected.at("task") === "string");
  const read = await server.call("GET", `Observation?patient=p1&code=85354-9`, { token });
  assert.equal(read.at("entry.0.resource.component.0.valueQuantity.value"), 125);
  const scale = await post(`${OF}/scale`, { key: "scale-0001", shown: NUMBER, why: "KOL", ends: null });
  assert.deepEqual([scale.status, scale.at("scale")], [200, "2"], scale.text);
  const bad: readonly (readonly [string, JsonObject, string])[] = [
    [OF, wish({ values: [] }), "values"],
    [OF, wish({ values: { mood: "1" } }), "values"],
    [OF, wish({ values: { pulse: 75 } }), "values.pulse"],
    [OF, wish({ values: { pulse: "999" } }), "values.pulse"],
    [OF, wish({ key: "kort" }), "key"],
    [OF, wish({ sure: {} }), "sure"],
    [OF, wish({ score: { total: 1.5 } }), "score"],
    [OF, wish({ time: "i morgon" }), "time"],
    [`${OF}/none/correct`, wish({ version: 1 }), "why"],
    [`${OF}/none/correct`, wish({ why: "x" }), "version"],
    [`${OF}/scale`, { key: "scale-0002", shown: NUMBER, why: "KOL", ends: {} }, "ends"],
  ];
  for (const [path, one, place] of bad) {
    const answer = await post(path, one);
    assert.deepEqual([answer.status, answer.at("issue.0.expression.0")], [422, place], answer.text);
  }
  assert.equal((await post(OF, wish({ shown: null }))).status, 409);
  assert.equal((await server.call("POST", OF, { token, body: wish() })).status, 403);
  assert.equal((await server.call("GET", `${OF}/desk`, { token })).status, 403);
  assert.equal((await server.call("POST", OF, { body: wish() })).status, 401);
  const log = (await server.log()).filter(({ patient: whose, outcome }) => whose === "p1" && outcome === "granted");
  for (const action of ["create", "update", "search"])
    assert.ok(
      log.some((one) => one.action === action),
      action,
    );
});
