/** Rules HTTP-LETTER, CLIN-LETTER and LOOP-LETTER-6: letters from the unit's template to the patient's page or to paper, and back. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { CANARIES, canaryResources, OURS, patient, wordsIn } from "../journal/testing/index.ts";
import { ledgerAlong, letterCode } from "../loop/index.ts";
import { doorOf, PNR, putGuardian } from "./portal/testing.ts";
import { serverOfTest, type Answer } from "./testing/index.ts";

const server = await serverOfTest({ after }, { referentialIntegrity: false });
Object.assign(server.options, { along: ledgerAlong });
const ADDRESS = [{ line: ["Storgatan 1"], postalCode: "504 30", city: "BORÅS" }];
const BESIDE = { ...OURS, careUnit: "SE2321000131-E000000000012" };
const anna = await server.cookie();
const bert = await server.cookie(OURS, { id: "assignment-bert" }, { id: "bert", name: "Bert Ö", hsaId: "SE-BERT" });
const cia = await server.cookie(BESIDE, { id: "assignment-cia" }, { id: "cia", name: "Cia Å", hsaId: "SE-CIA" });
for (const [id, birthDate] of [
  ["p1", "1970-01-01"],
  ["kid", "2020-01-01"],
] as const)
  // prettier-ignore
  await server.put(patient(id, { birthDate, identifier: [{ system: PNR, value: id }], address: ADDRESS }), null);
await server.put({ resourceType: "Appointment", id: "b1", status: "booked", start: "2027-01-13T08:30:00Z", end: "2027-01-13T09:00:00Z", participant: [{ status: "accepted", actor: { reference: "Patient/p1" } }, { status: "accepted", actor: { reference: "Location/x", display: "Hjärtmottagningen, plan 3" } }] }); // prettier-ignore

const get = (path: string, cookie = anna): Promise<Answer> => server.call("GET", path, { cookie });
const post = (path: string, body: JsonObject, cookie = anna): Promise<Answer> => server.call("POST", path, { cookie, body }); // prettier-ignore
const ok = (answer: Answer): Answer => {
  assert.equal(answer.status, 200, answer.text);
  return answer;
};
let keys = 0;
const key = (): string => `key-${String((keys += 1)).padStart(8, "0")}`;
const OWN: JsonObject = {
  kind: "information",
  template: null,
  title: "Om ditt besök",
  text: "Välkommen.",
  booking: null,
};
type Sent = { id: string; items: { id: string; title: string; text: string; deliveries: { loop: string; recipient: string; state: string; transport: string; read: number | null; code: string }[] }[] }; // prettier-ignore
const sent = async (
  of: string,
  recipients: JsonObject[],
  more: JsonObject = {},
  cookie = anna,
): Promise<Sent["items"][number]> => {
  const told = ok(await post(`/api/patients/${of}/letters`, { ...OWN, recipients, key: key(), ...more }, cookie)).json<Sent>(); // prettier-ignore
  const one = told.items.find(({ id }) => id === told.id);
  assert.ok(one !== undefined);
  return one;
};
const stateOf = async (loop: string): Promise<unknown> => (await server.sql("SELECT state FROM loop WHERE id = $1", [loop]))[0]?.["state"]; // prettier-ignore
const TO_P1: JsonObject = { to: "Patient/p1", way: "page" };

test("CLIN-LETTER-1, CLIN-LETTER-2 a template is used when a colleague has looked at it; its words cannot be changed, its fields come from the record, and what is missing stops the letter", async () => {
  const words = "Hej {namn}!\n\nDu är välkommen {tid} till {plats}.\n\n{fritext}\n\nMed vänlig hälsning\n{enhet}";
  const proposed = ok(await post("/api/letter-templates", { kind: "call", title: "Kallelse till {enhet}", words }));
  const id = String(proposed.at("items.0.id"));
  const wish: JsonObject = { kind: "call", template: id, title: "", text: "Ta med medicinlista.", booking: "b1" };
  assert.equal((await post("/api/patients/p1/letters/preview", wish)).status, 422); // nobody has looked at it
  assert.equal((await post("/api/letter-templates", { id, kind: "call", title: "Annan", words })).status, 422); // one waits
  const review = (cookie: string, version = 1): Promise<Answer> => post(`/api/letter-templates/${id}/review`, { version, approve: true }, cookie); // prettier-ignore
  assert.equal((await review(anna)).status, 404); // one's own
  assert.equal((await review(cia)).status, 404); // another unit's
  ok(await review(bert));
  assert.equal((await review(bert)).status, 404);
  const preview = ok(await post("/api/patients/p1/letters/preview", wish));
  assert.match(String(preview.at("text")), /^Hej Tove Ek!\n\nDu är välkommen onsdag 13 januari 2027 kl\. 09\.30 till Hjärtmottagningen, plan 3\.\n\nTa med/); // prettier-ignore
  for (const more of [{ text: " " }, { booking: null }, { booking: "b2" }, { kind: "result" }, { template: "none" }])
    assert.equal(
      (await post("/api/patients/p1/letters/preview", { ...wish, ...more })).status,
      422,
      JSON.stringify(more),
    );
  for (const bad of ["{adress}", "Hej {", "{namn", "", "a\u0007"])
    assert.equal((await post("/api/letter-templates", { kind: "call", title: "T", words: bad })).status, 422, bad);
  ok(await post("/api/letter-templates", { id, kind: "call", title: "Kallelse", words: `${words} 2` }, bert));
  assert.doesNotMatch(ok(await post("/api/patients/p1/letters/preview", wish)).text, / 2"/); // the old one until somebody has looked
  ok(await review(anna, 2));
  assert.match(ok(await post("/api/patients/p1/letters/preview", wish)).text, / 2"/);
  const letter = await sent("p1", [TO_P1], wish);
  assert.equal(letter.title, "Kallelse");
  const states = (await get("/api/letter-templates")).json<{ items: { version: number; state: string }[] }>().items;
  assert.deepEqual(states.map(({ version, state }) => [version, state]), [[2, "current"], [1, "replaced"]]); // prettier-ignore
});

test("CLIN-LETTER-9 an address that somebody types is refused at its place unless the post can deliver to it; nothing of a protected identity goes to one", async () => {
  const good: JsonObject = { name: "Eva Ek", line: "c/o Ek\nBox 1", postalCode: "50430", city: "Borås" };
  const isOpen = async (of: string): Promise<unknown> => ok(await get(`/api/patients/${of}/letters/options`)).at("isAddressOpen"); // prettier-ignore
  const send = (of: string, address: JsonObject): Promise<Answer> => post(`/api/patients/${of}/letters`, { ...OWN, recipients: [{ way: "paper", address }], key: key() }); // prettier-ignore
  const count = async (): Promise<unknown> => (await server.sql("SELECT count(*)::int AS n FROM communication"))[0]?.["n"]; // prettier-ignore
  assert.equal(await isOpen("p1"), true);
  const before = await count();
  for (const [part, words] of [
    ["name", ""],
    ["name", "a\u0007"],
    ["line", " "],
    ["line", "a\n\nb"],
    ["line", "a\nb\nc\nd"],
    ["line", "a\tb"],
    ["postalCode", ""],
    ["postalCode", "5043"],
    ["postalCode", "012 34"],
    ["postalCode", "504 3a"],
    ["city", ""],
    ["city", "Bor\nås"],
  ] as const) {
    const answer = await send("p1", { ...good, [part]: words });
    assert.equal(answer.status, 422, `${part} ${JSON.stringify(words)}`);
    assert.match(answer.text, new RegExp(`recipients\\[0\\]\\.address\\.${part}`));
  }
  assert.equal(await count(), before);
  const letter = await sent("p1", [{ way: "paper", address: good }]);
  const paper = ok(await get(`/api/letters/${letter.deliveries[0]?.loop ?? ""}/print`));
  assert.deepEqual(paper.at("address"), ["Eva Ek", "c/o Ek", "Box 1", "504 30 BORÅS"]);
  const security = [{ system: "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel", code: "sekretessmarkering" }];
  await server.put(patient("skyddad", { meta: { security }, identifier: [{ system: PNR, value: "189001029819" }] }), null); // prettier-ignore
  assert.equal(await isOpen("skyddad"), false);
  const refused = await send("skyddad", good);
  assert.equal(refused.status, 422, refused.text);
  assert.match(refused.text, /LETTER_NO_WAY|recipients\[0\]/);
  assert.equal(
    (await server.sql("SELECT count(*)::int AS n FROM communication WHERE patient = 'skyddad'"))[0]?.["n"],
    0,
  );
});

test("STORE-LETTER-1 the keys hold that a version has been looked at by somebody else, and that one at a time is in use and waits", async () => {
  const add = (id: string, version: number, state: string, by: string | null): Promise<unknown> =>
    server.sql("INSERT INTO letter_template (id, version, care_unit, kind, title, words, state, proposed, proposed_by, reviewed, reviewed_by) VALUES ($1, $2, 'u', 'call', 't', 'w', $3, now(), 'a', $4, $5)", [id, version, state, by === null ? null : "2026-01-01", by]); // prettier-ignore
  await add("t1", 1, "current", "b");
  for (const [version, state, by] of [
    [2, "current", "b"],
    [2, "refused", "a"],
    [2, "proposed", "b"],
    [2, "current", null],
  ] as const)
    // prettier-ignore
    await assert.rejects(add("t1", version, state, by), `${version} ${state} ${by}`);
  await add("t1", 2, "proposed", null);
  await assert.rejects(add("t1", 3, "proposed", null));
});

test("CLIN-LETTER-3, CLIN-LETTER-4, HTTP-LETTER-1 who has no way is told so and cannot be sent to; each recipient is its own delivery; a second click is one letter", async () => {
  const options = ok(await get("/api/patients/p1/letters/options"));
  assert.deepEqual(options.at("recipients.0.ways"), ["page", "paper"]);
  assert.match(String(options.at("bookings.0.time")), /^onsdag 13 januari 2027/);
  assert.deepEqual(ok(await get("/api/patients/kid/letters/options")).at("recipients.0.ways"), ["paper"]);
  const refused = await post("/api/patients/kid/letters", { ...OWN, recipients: [{ to: "Patient/kid", way: "page" }], key: key() }); // prettier-ignore
  assert.deepEqual([refused.status, refused.code()], [422, "LETTER_NO_WAY"]);
  await putGuardian(server, "p1", "kid");
  assert.deepEqual(ok(await get("/api/patients/kid/letters/options")).at("recipients.0.ways"), ["page", "paper"]);
  const address = { name: "Försäkringen", line: "Box 1", postalCode: "111 11", city: "STOCKHOLM" };
  const letter = await sent("p1", [TO_P1, { to: BESIDE.careUnit, way: "inbox" }, { way: "paper", address }]);
  assert.deepEqual(letter.deliveries.map(({ transport, state }) => [transport, state]).toSorted((a, b) => String(a[0]).localeCompare(String(b[0]))), [["inbox", "received"], ["page", "received"], ["paper", "created"]]); // prettier-ignore
  const body: JsonObject = { ...OWN, recipients: [TO_P1], key: key() };
  const [one, two] = [ok(await post("/api/patients/p1/letters", body)), ok(await post("/api/patients/p1/letters", body))]; // prettier-ignore
  assert.equal(one.at("id"), two.at("id"));
  for (const bad of [{ recipients: [] }, { recipients: [{ to: "Patient/p1", way: "sms" }] }, { recipients: [{ to: "no-such-unit", way: "inbox" }] }, { text: " " }, { title: "" }, { kind: "x" }, { recipients: "x" }, { recipients: [{ to: "Patient/kid", way: "paper" }] }]) // prettier-ignore
    assert.equal((await post("/api/patients/p1/letters", { ...body, key: key(), ...bad })).status, 422, JSON.stringify(bad)); // prettier-ignore
  assert.equal((await server.call("POST", "/api/patients/p1/letters", { cookie: anna, body, headers: { "x-eira": "" } })).status, 403); // prettier-ignore
});

test("CLIN-LETTER-5, CLIN-LETTER-6, HTTP-LETTER-2 what is to be printed is the unit's list, with a code on the paper that is typed when it leaves and when it comes back", async () => {
  const letter = await sent("p1", [{ to: "Patient/p1", way: "paper" }]);
  const loop = letter.deliveries[0]?.loop ?? "";
  const queue = async (cookie: string): Promise<string[]> =>
    ok(await get("/api/letters", cookie))
      .json<{ items: { loop: string }[] }>()
      .items.map((one) => one.loop);
  assert.ok((await queue(anna)).includes(loop));
  assert.deepEqual(await queue(cia), []);
  const paper = ok(await get(`/api/letters/${loop}/print`));
  assert.deepEqual(paper.at("address"), ["Tove Ek", "Storgatan 1", "504 30 BORÅS"]);
  assert.equal(paper.at("delivery.code"), letterCode(loop));
  assert.match(String(paper.at("seal")), /^[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}$/);
  assert.equal((await get(`/api/letters/${loop}/print`, cia)).status, 404);
  assert.equal((await get(`/api/letters/nothing/print`)).status, 404);
  const once = key();
  ok(await post("/api/letters/steps", { loop, did: "printed", key: once }));
  ok(await post("/api/letters/steps", { loop, did: "printed", key: once }));
  ok(await post("/api/letters/steps", { loop, did: "printed", key: key() }));
  assert.equal(await stateOf(loop), "transferred");
  const code = letterCode(loop) ?? "";
  assert.equal(ok(await post("/api/letters/steps", { code, did: "left", key: key() }, bert)).at("state"), "received");
  assert.equal(ok(await post("/api/letters/steps", { code: code.toLowerCase(), did: "returned", key: key() })).at("state"), "failed"); // prettier-ignore
  assert.equal((await post("/api/letters/steps", { code: `${code.slice(0, -1)}${code.endsWith("A") ? "B" : "A"}`, did: "left", key: key() })).status, 404); // prettier-ignore
  for (const bad of [{ did: "burnt" }, { key: "" }, { code: 7 }, { loop: "x".repeat(65) }])
    assert.equal((await post("/api/letters/steps", { loop, did: "left", key: key(), ...bad })).status, 422);
});

test("CLIN-LETTER-7, CLIN-LETTER-8, LOOP-LETTER-6, HTTP-LETTER-3 a letter is read when the patient has opened it, not a proxy; an answer is a message on the list of the unit that sent it, once", async () => {
  const letter = await sent("p1", [TO_P1]);
  const loop = letter.deliveries[0]?.loop ?? "";
  const door = await doorOf(server, "p1");
  const list = ok(await door.get("letters"));
  assert.ok(!list.text.includes("Välkommen."), "words are given out when it is opened");
  const mine = list.json<{ items: { id: string; read: number | null; canAnswer: boolean }[] }>().items.find(({ id }) => id === letter.id); // prettier-ignore
  assert.deepEqual([mine?.read, mine?.canAnswer], [null, true]);

  await server.sql("INSERT INTO representation (id, patient, kind, person, label, since, until, registered, registered_by) VALUES ('r1', 'p1', 'proxy', $1, null, '2026-01-01', '2030-01-01', '2026-01-01', 'test')", [`${PNR}|ombud`]); // prettier-ignore
  await server.put(patient("ombud", { birthDate: "1980-01-01", identifier: [{ system: PNR, value: "ombud" }] }), null);
  const proxy = await doorOf(server, "ombud", "p1");
  assert.match(ok(await proxy.post(`letters/${letter.id}/open`)).text, /Välkommen\./);
  assert.equal(await stateOf(loop), "received");
  assert.equal((await proxy.post(`letters/${letter.id}/answers`, { words: "Tack", key: key() })).status, 403);
  ok(await door.post(`letters/${letter.id}/open`));
  assert.equal(await stateOf(loop), "read");
  ok(await door.post(`letters/${letter.id}/open`));
  const [count] = await server.sql("SELECT count(*)::int AS n FROM loop_event WHERE loop = $1 AND event = 'read'", [
    loop,
  ]);
  assert.equal(count?.["n"], 1);
  const answer = { words: "Tack, jag kommer.", key: key() };
  ok(await door.post(`letters/${letter.id}/answers`, answer));
  const after = ok(await door.post(`letters/${letter.id}/answers`, answer)).json<{ items: { isOwn: boolean }[] }>().items; // prettier-ignore
  assert.equal(after.filter(({ isOwn }) => isOwn).length, 1);
  const messages = await server.sql("SELECT owner FROM loop WHERE kind = 'message' AND patient = 'p1' AND receiver = $1", [OURS.careUnit]); // prettier-ignore
  assert.equal(messages.length, 1);
  for (const words of ["", "x".repeat(3000), "\u0007"])
    assert.equal((await door.post(`letters/${letter.id}/answers`, { words, key: key() })).status, 422);
  // Whom the patient lets write answers too; whose right has been taken back does not.
  await server.sql("UPDATE representation SET writes = true WHERE id = 'r1'");
  const byProxy = { words: "Hon kommer.", key: key() };
  ok(await proxy.post(`letters/${letter.id}/answers`, byProxy));
  const written = await server.sql("SELECT content::json #>> '{sender,display}' AS by FROM communication WHERE content LIKE '%Hon kommer.%'"); // prettier-ignore
  assert.deepEqual(written, [{ by: "Ombud" }]);
  await server.sql("UPDATE representation SET writes = false WHERE id = 'r1'");
  assert.equal((await proxy.post(`letters/${letter.id}/answers`, { ...byProxy, key: key() })).status, 403);
  const other = await doorOf(server, "ombud");
  assert.equal((await other.post(`letters/${letter.id}/open`)).status, 404);
  assert.equal((await other.post(`letters/${letter.id}/answers`, { words: "Hej", key: key() })).status, 404);
  const kid = await sent("kid", [{ to: "Patient/kid", way: "page" }]);
  ok(await (await doorOf(server, "p1", "kid")).post(`letters/${kid.id}/open`));
  assert.equal(await stateOf(kid.deliveries[0]?.loop ?? ""), "read");
  // What is between units, and what somebody is still writing, is not the patient's.
  for (const [id, status, to] of [
    ["c-unit", "completed", "Organization/x"],
    ["c-draft", "preparation", "Patient/p1"],
  ] as const) {
    // prettier-ignore
    await server.put({ resourceType: "Communication", id, status, subject: { reference: "Patient/p1" }, recipient: [{ reference: to }], payload: [{ contentString: "Internt" }] }); // prettier-ignore
    assert.equal((await door.post(`letters/${id}/open`)).status, 404);
    assert.ok(!ok(await door.get("letters")).text.includes(id));
  }
  const rows = await server.log();
  assert.ok(rows.some(({ action, actor: who, patient: of }) => action === "open letter" && who === "patient p1" && of === "p1")); // prettier-ignore
});

test("HTTP-LETTER-4 nothing of a protected identity stands on paper, in the list, in the letter or in its template: it goes by the tax agency's relay", async () => {
  for (const one of canaryResources()) await server.put(one, null);
  for (const { id } of CANARIES) {
    const options = ok(await get(`/api/patients/${id}/letters/options`));
    assert.ok(!(options.at("recipients.0.ways") as string[]).includes("paper"));
    assert.deepEqual(options.at("recipients.1.ways") ?? [], []); // nobody of the family is told that there is a letter
    const all = ok(await get("/api/letter-templates")).json<{ items: { id: string; state: string }[] }>().items;
    const template = all.find(({ state }) => state === "current")?.id ?? "";
    await server.put({ resourceType: "Appointment", id: `b-${id}`, status: "booked", start: "2027-01-13T08:30:00Z", end: "2027-01-13T09:00:00Z", participant: [{ status: "accepted", actor: { reference: `Patient/${id}` } }, { status: "accepted", actor: { reference: "Location/x", display: "Plan 3" } }] }); // prettier-ignore
    const letter = await sent(id, [{ to: `Patient/${id}`, way: "relay" }], { kind: "call", template, text: "Ta med lista.", booking: `b-${id}` }); // prettier-ignore
    assert.match(letter.text, /^Hej!/);
    const loop = letter.deliveries[0]?.loop ?? "";
    const paper = ok(await get(`/api/letters/${loop}/print`));
    assert.deepEqual((paper.at("address") as string[]).slice(1), ["Förmedlingsuppdrag", "Box 2820", "403 20 GÖTEBORG"]);
    const step = ok(await post("/api/letters/steps", { loop, did: "printed", key: key() }));
    assert.equal((await post("/api/letters/steps", { loop, did: "paper", key: key() })).code(), "LETTER_NO_WAY");
    const chart = [options, ok(await get(`/api/patients/${id}/letters`))]; // where the patient is named, as in every chart
    for (const told of [...chart, paper, step, ok(await get("/api/letters"))]) {
      const may = chart.includes(told) ? ["name", "number"] : ["number"];
      assert.deepEqual(wordsIn(told.text).filter(({ kind }) => !may.includes(kind)), [], told.text.slice(0, 300)); // prettier-ignore
    }
  }
});
