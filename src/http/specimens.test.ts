/** Rules HTTP-SPECIMEN, HTTP-CRITICAL and CLIN-CRITICAL of the SPECs: drawing, labels and tubes over HTTP, and a life-threatening answer by telephone. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { OURS, patient } from "../journal/testing/index.ts";
import { ledgerAlong } from "../loop/index.ts";
import { serverOfTest, type Answer } from "./testing/index.ts";

const server = await serverOfTest({ after }, { referentialIntegrity: false });
let heard = "";
const printer = createServer((socket) => void socket.on("data", (chunk: Buffer) => (heard += chunk.toString())));
await new Promise<void>((resolve) => printer.listen(0, "127.0.0.1", resolve));
const address = printer.address();
const port = address !== null && typeof address === "object" ? address.port : 0;
const unit = OURS.careUnit;
const zebra = { name: "z", title: "Zebra", host: "127.0.0.1", port, tellsStatus: false };
Object.assign(server.options, { along: ledgerAlong });
Object.assign(server.http, {
  labelPlaces: [
    { code: "EXP", title: "Expeditionen", unit, printer: zebra },
    { code: "ROND", title: "Rondvagnen", unit, printer: null },
    { code: "X", title: "En annan enhets", unit: "SE2321000131-E000000000099", printer: zebra },
  ],
});
after(() => printer.close());
const anna = await server.cookie();
await server.put({ resourceType: "Organization", id: "own", name: "own", identifier: [{ system: "urn:oid:1.2.752.29.4.19", value: unit }] }, null); // prettier-ignore
await server.put({ resourceType: "Practitioner", id: "own", identifier: [{ system: "urn:oid:1.2.752.29.4.19", value: `${unit}-P` }] }, null); // prettier-ignore
await server.put({ resourceType: "PractitionerRole", id: "own", active: true, practitioner: { reference: "Practitioner/own" }, organization: { reference: "Organization/own" } }, null); // prettier-ignore
await server.put(
  patient("p1", {
    name: [{ family: "Tolvan", given: ["Tolvan"] }],
    identifier: [{ system: "http://electronichealth.se/identifier/personnummer", value: "191212121212" }],
  }),
);
await server.put(
  {
    resourceType: "ServiceRequest",
    id: "order",
    status: "active",
    intent: "order",
    category: [{ coding: [{ system: "http://snomed.info/sct", code: "108252007" }] }],
    code: { text: "P-Kalium" },
    subject: { reference: "Patient/p1" },
    performer: [{ reference: "Organization/own" }],
    authoredOn: server.clock().toISOString(),
  },
  OURS,
);

const OF = "/api/patients/p1/specimens";
const BESIDE = { ...OURS, careUnit: "SE2321000131-E000000000012" };
const get = (path: string): Promise<Answer> => server.call("GET", path, { cookie: anna });
let keys = 0;
const post = (path: string, body: JsonObject): Promise<Answer> =>
  server.call("POST", path, { cookie: anna, body: { key: `k${(keys += 1)}`, ...body } });
type Told = { readonly tubes: readonly { readonly number: string }[]; readonly print: JsonObject };

test("HTTP-SPECIMEN-1, HTTP-SPECIMEN-2, HTTP-SPECIMEN-3 labels come out of the printer of the place that was shown, or of the browser; tubes are drawn and followed; another unit's place and bad input are refused where they are bad", async () => {
  const places = (await get("/api/label-places")).json<{ items: JsonObject[] }>().items;
  assert.deepEqual(places, [
    { code: "EXP", title: "Expeditionen", printer: "Zebra" },
    { code: "ROND", title: "Rondvagnen", printer: null },
  ]);
  assert.equal((await get("/api/specimens")).json<{ items: JsonObject[] }>().items.length, 1);
  await server.put({ resourceType: "ServiceRequest", id: "theirs", status: "active", intent: "order", category: [{ coding: [{ system: "http://snomed.info/sct", code: "108252007" }] }], code: { text: "P-CRP" }, subject: { reference: "Patient/p1" }, requester: { display: "Eva Ek, Medicin" } }, BESIDE); // prettier-ignore
  const [own, all] = [await get(OF), await get(`${OF}?others=true`)].map((one) => one.json<{ others: number; orders: { title: string; by: string | null }[] }>()); // prettier-ignore
  assert.deepEqual([own?.others, own?.orders.map(({ title }) => title)], [1, ["P-Kalium"]]);
  assert.deepEqual([all?.others, all?.orders.map(({ title, by }) => `${title} ${by}`).toSorted()], [0, ["P-CRP Eva Ek, Medicin", "P-Kalium null"]]); // prettier-ignore
  const labelled = (await post(`${OF}/labels`, {})).json<Told>();
  const numbers = labelled.tubes.map(({ number }) => number);
  assert.match(numbers[0] ?? "", /^\d{16}$/);
  const print = async (body: JsonObject): Promise<JsonObject> =>
    (await post(`${OF}/print`, { numbers, ...body })).json<Told>().print;
  assert.equal((await print({ place: "EXP", printer: "Zebra" }))["outcome"], "handed-over");
  assert.ok(heard.includes(numbers[0] ?? "-"));
  const once = heard;
  const same = { place: "EXP", printer: "Zebra", key: "same" };
  await print(same);
  const twice = heard;
  assert.equal((await print(same))["outcome"], "handed-over");
  assert.equal(heard, twice);
  assert.notEqual(twice, once);
  for (const wrong of [
    { place: "X", printer: "Zebra" },
    { place: "EXP" },
    { place: "EXP", printer: "En annan" },
    { printer: "Zebra" },
  ])
    // prettier-ignore
    assert.equal((await post(`${OF}/print`, { numbers, ...wrong })).status, 422);
  assert.equal((await print({ place: "ROND" }))["outcome"], "browser");
  assert.equal(heard, twice);
  Object.assign(zebra, { port: 1 });
  assert.deepEqual([(await print({ place: "EXP", printer: "Zebra" }))["why"]], ["unreachable"]);
  const identity = { how: "digits", said: "1212" };
  for (const [name, body] of [
    ["collect", { numbers, identity: { how: "digits", said: "9999" } }],
    ["collect", { numbers: [], identity }],
    ["collect", { numbers: ["1"], identity }],
    ["collect", { numbers }],
    ["not-drawn", { requests: ["order"], reason: "fel" }],
    ["labels", { key: 1 }],
    ["labels", { others: "ja" }],
  ] as const)
    assert.equal((await post(`${OF}/${name}`, body)).status, 422, name);
  assert.equal((await post(`${OF}/collect`, { numbers, identity, place: "Expeditionen" })).status, 200);
  const track = await get(`/api/specimens/${numbers[0]}`);
  assert.deepEqual([track.at("state"), track.at("can")], ["collected", ["sent", "received", "lost", "unusable"]]);
  const seen = String(track.at("version"));
  const step = `/api/specimens/${numbers[0]}/steps`;
  assert.equal((await post(step, { did: "bort", seen })).status, 422);
  assert.equal((await post(step, { did: "discarded", seen })).status, 409);
  assert.equal((await post(step, { did: "received", seen })).at("state"), "received");
  assert.equal((await get("/api/specimens/0000000000000000")).status, 404);
  const foreign = await server.call("POST", `${OF}/labels`, { cookie: anna, body: { key: "x" }, headers: { "x-eira": "" } }); // prettier-ignore
  assert.ok(foreign.status >= 400);
});

test("HTTP-CRITICAL-1, CLIN-CRITICAL-1 whoever has a life-threatening answer is told how it stands; that the laboratory rang is kept once, in the record and among the steps, and changes nobody's turn", async () => {
  await server.put({ resourceType: "Observation", id: "k", status: "final", code: { text: "P-Kalium" }, subject: { reference: "Patient/p1" }, valueQuantity: { value: 7 }, interpretation: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code: "HH" }] }] }, OURS); // prettier-ignore
  await server.put({ resourceType: "DiagnosticReport", id: "r", status: "final", code: { text: "P-Kalium" }, subject: { reference: "Patient/p1" }, performer: [{ reference: "Organization/own" }], result: [{ reference: "Observation/k" }], issued: server.clock().toISOString() }, OURS); // prettier-ignore
  const [loop] = await server.sql<{ id: string; version: number }>("SELECT id, version FROM loop WHERE subject_id = 'r'"); // prettier-ignore
  const path = `/api/loops/${loop?.id ?? ""}`;
  const standing = (await get(`${path}/critical`)).json<{ since: string; mustBy: string; asked: unknown[]; next: object }>(); // prettier-ignore
  assert.equal(Date.parse(standing.mustBy) - Date.parse(standing.since), 1_800_000);
  assert.equal(standing.asked.length, 1);
  const said = { seen: loop?.version ?? 0, key: "rang", from: "Eva", to: "Bo", at: server.clock().toISOString(), readBack: true }; // prettier-ignore
  for (const wrong of [{ from: " " }, { to: "" }, { at: "2020-01-01T00:00:00Z" }, { readBack: "ja" }, { key: "" }])
    assert.equal((await post(`${path}/told`, { ...said, ...wrong })).status, 422, JSON.stringify(wrong));
  assert.equal((await post(`${path}/told`, { ...said, seen: 99, key: "other" })).status, 412);
  assert.equal((await post(`${path}/told`, said)).status, 200);
  assert.equal((await post(`${path}/told`, said)).status, 200);
  const rows = await server.sql<{ state: string; level: number; note: string | null }>(
    "SELECT l.state, l.level, e.note FROM loop AS l JOIN loop_event AS e ON e.loop = l.id WHERE l.id = $1 AND e.event = 'note'",
    [loop?.id],
  );
  assert.deepEqual(rows, [{ state: "received", level: 0, note: "Ringt av Eva till Bo. Återläst." }]);
  assert.deepEqual(await server.sql("SELECT count(*)::int AS n FROM communication"), [{ n: 1 }]);
  assert.equal((await get("/api/loops/nobody/critical")).status, 404);
});
