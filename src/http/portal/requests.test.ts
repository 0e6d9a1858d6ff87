/** Rules CLIN-REFERRAL-10 to 13 of the clinical SPEC.md: what patients see of their referrals at their own door, and write there. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { JsonObject } from "../../fhir/index.ts";
import { OURS } from "../../journal/testing/index.ts";
import { ledgerAlong } from "../../loop/index.ts";
import { serverOfTest, type Answer } from "../testing/index.ts";
import { doorOf, PNR, putPerson } from "./testing.ts";

const server = await serverOfTest({ after }, { referentialIntegrity: false });
Object.assign(server.options, { along: ledgerAlong });
const SENDER = { ...OURS, careUnit: "SE2321000131-E000000000012" } as const;
const HSA = "urn:oid:1.2.752.29.4.19";

test("CLIN-REFERRAL-10 the patient sees the own referrals with who has each, since when, its words and its day; nothing that the door keeps back, nothing of others, and nobody's name", async () => {
  for (const [id, name, { careUnit }] of [
    ["asked", "Ortopeden", OURS],
    ["sender", "Vårdcentralen", SENDER],
  ] as const) {
    await server.put({ resourceType: "Organization", id, name, identifier: [{ system: HSA, value: careUnit }] }, null);
    await server.put({ resourceType: "Practitioner", id, identifier: [{ system: HSA, value: `${careUnit}-P` }] }, null);
    const works = {
      practitioner: { reference: `Practitioner/${id}` },
      organization: { reference: `Organization/${id}` },
    };
    await server.put({ resourceType: "PractitionerRole", id, active: true, ...works }, null);
  }
  await putPerson(server, "own", "1970-01-01", { identifier: [{ system: PNR, value: "own" }] });
  await putPerson(server, "other", "1980-01-01");
  const refer = (id: string, of: string, more: JsonObject = {}): Promise<unknown> =>
    server.put(
      {
        resourceType: "ServiceRequest",
        id,
        status: "active",
        intent: "order",
        authoredOn: "2026-01-01T08:00:00Z",
        category: [{ coding: [{ system: "http://snomed.info/sct", code: "3457005" }] }],
        code: { text: "Bedömning av knä" },
        subject: { reference: `Patient/${of}` },
        performer: [{ reference: "Organization/asked" }],
        reasonCode: [{ text: "Protes?" }],
        ...more,
      },
      SENDER,
    );
  await refer("r-own", "own");
  await refer("r-other", "other");
  await refer("r-closed", "own", { meta: { security: [{ system: "urn:eira:class", code: "NOPATIENT" }] } });
  await server.put({
    resourceType: "Task",
    id: "t1",
    status: "accepted",
    intent: "order",
    businessStatus: { coding: [{ code: "4" }] },
    code: { coding: [{ system: "urn:eira:remiss", code: "bedomning" }] },
    focus: { reference: "ServiceRequest/r-own" },
    for: { reference: "Patient/own" },
    restriction: { period: { end: "2026-12-24" } },
    note: [{ text: "Intern anteckning" }],
  });
  const door = await doorOf(server, "own");
  const answer = await door.get("requests");
  assert.equal(answer.status, 200, answer.text);
  const { items } = answer.json<{ items: Record<string, unknown>[] }>();
  assert.equal(items.length, 1, answer.text);
  const [one] = items;
  assert.deepEqual(
    [one?.["id"], one?.["title"], one?.["question"], one?.["owner"], one?.["sender"], one?.["state"], one?.["target"]],
    ["r-own", "Bedömning av knä", "Protes?", "Ortopeden", "Vårdcentralen", "taken-over", "2026-12-24"],
  );
  assert.deepEqual(one?.["national"], { code: "4", isReturned: false, isWithdrawn: false });
  assert.doesNotMatch(answer.text, /Intern anteckning|r-other|r-closed|-P"/);
  const seen = (await server.log()).filter(({ actor }) => actor === "patient own").flatMap(({ what }) => what);
  assert.ok(seen.some((name) => name.startsWith("ServiceRequest/r-own")));
});

type OwnItem = { id: string; title: string; owner: string | null; state: string; canAdd: boolean; canWithdraw: boolean; isOwn: boolean; notes: string[]; national: { code: string } }; // prettier-ignore
const itemsOf = (answer: Answer): readonly OwnItem[] => {
  assert.equal(answer.status, 200, answer.text);
  return answer.json<{ items: OwnItem[] }>().items;
};
let keys = 0;
const key = (): string => `key-${String((keys += 1)).padStart(8, "0")}`;
const loopRows = (id: string): Promise<Record<string, unknown>[]> =>
  server.sql(
    "SELECT id, kind, state, owner, sender, sent_by, version, deadline IS NOT NULL AS is_due FROM loop WHERE subject_id = $1 ORDER BY opened, kind",
    [id],
  );

test("CLIN-REFERRAL-12, LOOP-OWN-1 a patient writes a referral to a unit: once, owned there with a deadline, assessed as others; words are added and it is taken back until it is too late; nobody else's is there, and no system or proxy writes", async () => {
  const door = await doorOf(server, "own");
  const units = (await door.get("units?words=orto")).json<{ items: { id: string; title: string }[] }>().items;
  assert.deepEqual(units, [{ id: OURS.careUnit, title: "Ortopeden" }]);
  assert.deepEqual((await door.get("units?words=")).json(), { items: [] });
  const wish = { unit: OURS.careUnit, matter: "Värk i höger knä", words: "Jag kan inte gå i trappor.", key: key() };
  for (const bad of [{ unit: "nowhere" }, { matter: " " }, { words: "" }, { key: "k" }, { words: "x".repeat(5000) }])
    assert.equal((await door.post("requests", { ...wish, ...bad })).status, 422, JSON.stringify(bad));
  const [one] = itemsOf(await door.post("requests", wish)).filter(({ isOwn }) => isOwn);
  assert.equal(itemsOf(await door.post("requests", wish)).filter(({ isOwn }) => isOwn).length, 1); // a second click
  assert.ok(one !== undefined);
  assert.deepEqual(
    [one.title, one.owner, one.state, one.canAdd, one.canWithdraw],
    ["Egenremiss: Värk i höger knä", "Ortopeden", "received", true, true],
  );
  const [loop] = await loopRows(one.id);
  assert.deepEqual(
    { ...loop, id: null, version: null },
    { id: null, kind: "referral", state: "received", owner: OURS.careUnit, sender: OURS.careUnit, sent_by: "patient own", version: null, is_due: true }, // prettier-ignore
  );
  const words = { words: "Höger knä sedan mars.", key: key() };
  const added = itemsOf(await door.post(`requests/${one.id}/words`, words));
  assert.deepEqual(added.find(({ id }) => id === one.id)?.notes, ["Höger knä sedan mars."]);
  itemsOf(await door.post(`requests/${one.id}/words`, words));
  assert.equal((await server.sql("SELECT version FROM servicerequest WHERE id = $1", [one.id]))[0]?.["version"], 2);
  const other = await doorOf(server, "other");
  assert.equal((await other.post(`requests/${one.id}/words`, { ...words, key: key() })).status, 404);
  assert.equal((await door.post("requests/r-own/words", { ...words, key: key() })).status, 404); // a unit's own words
  assert.equal((await door.post("requests/r-own/end", { reason: "x" })).status, 404);
  await server.sql("INSERT INTO representation (id, patient, kind, person, since, until, registered, registered_by) VALUES ('r9', 'own', 'proxy', $1, '2026-01-01', '2030-01-01', '2026-01-01', 'test')", [`${PNR}|other`]); // prettier-ignore
  const proxy = await doorOf(server, "other", "own");
  assert.equal((await proxy.get("requests")).status, 200);
  assert.equal((await proxy.post("requests", { ...wish, key: key() })).status, 403);
  await server.sql("UPDATE representation SET writes = true WHERE id = 'r9'");
  assert.ok(itemsOf(await proxy.post("requests", { ...wish, matter: "Genom ombud", key: key() })).length > 1);
  const anna = await server.cookie();
  const look = await server.call("GET", `/api/referrals/${String(loop?.["id"])}`, { cookie: anna });
  assert.deepEqual([look.at("kinds"), look.at("can")], [["own"], ["assess", "answer", "pause", "second-opinion", "ask-patient"]]); // prettier-ignore
  const taken = itemsOf(await door.post(`requests/${one.id}/end`, { reason: "Det gick över." }));
  itemsOf(await door.post(`requests/${one.id}/end`, { reason: "Det gick över." }));
  assert.equal(taken.find(({ id }) => id === one.id)?.canAdd, false);
  assert.deepEqual(
    (await loopRows(one.id)).map(({ kind, state, owner }) => [kind, state, owner]),
    [
      ["referral", "cancelled", null],
      ["task", "created", OURS.careUnit],
    ],
  );
  assert.equal((await door.post(`requests/${one.id}/words`, { ...words, key: key() })).status, 409);
});

test("CLIN-REFERRAL-13, CLIN-REFERRAL-11 whoever has an own referral asks the patient for more and answers in letters; the patient's words come back to them; an answer is not given back to nobody", async () => {
  const door = await doorOf(server, "own");
  const anna = await server.cookie();
  const wish = { unit: OURS.careUnit, matter: "Artros", words: "Jag vill ha en ny bedömning.", isSecondOpinion: true, key: key() }; // prettier-ignore
  const one = itemsOf(await door.post("requests", wish)).find(({ title }) => title.endsWith("Artros"));
  assert.equal(one?.title, "Ny medicinsk bedömning: Artros");
  const loop = async (): Promise<Record<string, unknown>> => (await loopRows(one.id))[0] ?? {};
  const id = String((await loop())["id"]);
  const act = async (name: string, body: object): Promise<Answer> =>
    server.call("POST", `/api/referrals/${id}/${name}`, {
      cookie: anna,
      body: { seen: Number((await loop())["version"]), key: key(), ...body },
    });
  const step = async (event: string): Promise<Answer> =>
    server.call("POST", "/api/loops/steps", {
      cookie: anna,
      body: { steps: [{ loop: id, seen: Number((await loop())["version"]), event, note: "x", key: key() }] },
    });
  for (const event of ["return", "ask-completion", "close"])
    assert.notEqual((await step(event)).status, 200, `${event} leads nowhere`);
  assert.equal((await act("ask-patient", { text: "Vilken medicin tar du?" })).status, 200);
  assert.equal((await loop())["state"], "completion-asked");
  const letters = async (): Promise<readonly { id: string; title: string; read: number | null }[]> =>
    (await door.get("letters")).json<{ items: { id: string; title: string; read: number | null }[] }>().items;
  const [question] = await letters();
  assert.equal(question?.title, "Vi behöver veta mer: Ny medicinsk bedömning: Artros");
  assert.match((await door.post(`letters/${question.id}/open`)).text, /Vilken medicin tar du\?/);
  const asked = itemsOf(await door.get("requests")).find((item) => item.id === one.id);
  assert.deepEqual([asked?.national.code, asked?.canAdd], ["5", true]);
  itemsOf(await door.post(`requests/${one.id}/words`, { words: "Alvedon.", key: key() }));
  assert.equal((await loop())["state"], "received");
  const target = new Date(server.clock().getTime() + 7 * 86_400_000).toISOString().slice(0, 10);
  assert.equal((await act("assess", { priority: "routine", target })).status, 200);
  assert.equal((await door.post(`requests/${one.id}/words`, { words: "Mer.", key: key() })).status, 409);
  assert.equal((await act("answer", { text: " " })).status, 422);
  assert.equal((await act("answer", { text: "Du får en tid i maj." })).status, 200);
  assert.equal((await loop())["state"], "answered");
  const answer = (await letters()).find(({ title }) => title === "Svar: Ny medicinsk bedömning: Artros");
  assert.ok(answer !== undefined);
  const mine = await server.sql<{ kind: string; state: string; owner: string }>("SELECT kind, state, owner FROM loop WHERE subject_id = $1", [answer.id]); // prettier-ignore
  assert.deepEqual(mine, [{ kind: "letter", state: "received", owner: OURS.careUnit }]); // its writer's until it is read
  const seal = await server.sql("SELECT type FROM seal WHERE id = $1", [answer.id]);
  assert.deepEqual(seal, [{ type: "Communication" }]);
  const national = async (): Promise<unknown> =>
    (await server.call("GET", `/api/referrals/${id}`, { cookie: anna })).at("national.code");
  assert.equal(await national(), "6");
  assert.match((await door.post(`letters/${answer.id}/open`)).text, /Du får en tid i maj/);
  assert.equal(await national(), "7");
});
