/** Rules of SPEC.md: writing notes over HTTP. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { OURS, patient } from "../journal/testing/index.ts";
import { ledgerAlong } from "../loop/index.ts";
import { serverOfTest, type Answer } from "./testing/index.ts";

const server = await serverOfTest({ after }, { referentialIntegrity: false });
Object.assign(server.options, { along: ledgerAlong });
const HSA = "urn:oid:1.2.752.29.4.19";
const anna = await server.cookie();
await server.put({ resourceType: "Organization", id: "ours", name: "Medicin", identifier: [{ system: HSA, value: OURS.careUnit }] }, null); // prettier-ignore
await server.put(patient("p1", { name: [{ family: "Skriven", given: ["Siv"] }] }));
await server.put({ resourceType: "Questionnaire", id: "besok", url: "urn:eira:anteckningsmall:besok", identifier: [{ system: "urn:eira:anteckningsmall:region", value: "besok" }], version: "1", title: "Besöksanteckning", status: "active", item: [{ linkId: "anamnes", text: "Anamnes", type: "text" }] }, null); // prettier-ignore

const PATH = "/api/patients/p1/notes";
const get = (path: string): Promise<Answer> => server.call("GET", path, { cookie: anna });
const post = (path: string, body: JsonObject, headers = {}): Promise<Answer> => server.call("POST", path, { cookie: anna, body, headers }); // prettier-ignore
const CONTACT = { kind: "new", contact: "telefon" };
const TEMPLATE = "urn:eira:anteckningsmall:besok|1";
let turn = 0;
const draftWish = (text: string, more: JsonObject = {}): JsonObject => ({ window: "window-one", turn: (turn += 1), draft: null, template: TEMPLATE, contact: CONTACT, changes: [{ key: "anamnes", title: "Anamnes", was: "", text, pulled: [], settled: [] }], ...more }); // prettier-ignore

test("HTTP-NOTE-1, HTTP-NOTE-2 a note is begun, kept, signed once under its key with the session's proof, and told with its history; each look is logged, and bad input is told where it is bad", async () => {
  const before = (await server.log()).length;
  const desk = await get(`${PATH}/desk`);
  assert.deepEqual([desk.at("templates.0.title"), desk.at("draft"), desk.at("maySign")], ["Besöksanteckning", null, true]); // prettier-ignore
  const kept = await post(`${PATH}/draft`, draftWish("Hosta. Ingen fraktur."));
  assert.equal(kept.status, 200, kept.text);
  assert.equal((await get(`${PATH}/desk`)).at("draft.sections.0.text"), "Hosta. Ingen fraktur.");
  assert.deepEqual((await get(`${PATH}/pull?kind=lab`)).at("lines"), []);
  assert.ok((await server.log()).length > before);
  const draft = { id: String(kept.at("draft.id")), version: Number(kept.at("draft.version")) };
  const sections = [{ key: "anamnes", text: "Hosta. Ingen fraktur." }];
  const body = { key: "note-key-1", shown: null, draft, template: TEMPLATE, contact: CONTACT, sections, sign: true };
  for (const [more, place] of [
    [{ key: "x" }, "key"],
    [{ shown: 5 }, "shown"],
    [{ draft: null }, "draft.id"],
    [{ draft: { id: draft.id, version: "1" } }, "version"],
    [{ contact: { kind: "new", contact: "x" } }, "contact"],
    [{ contact: { kind: "there", encounter: "å" } }, "contact"],
    [{ sections: [{ key: "anamnes", text: 1 }] }, "sections[0].text"],
  ] as const) {
    const refused = await post(PATH, { ...body, ...more });
    assert.deepEqual([refused.status, refused.code(), refused.at("issue.0.expression.0")], [422, "NOTE_INVALID", place]); // prettier-ignore
  }
  for (const [wish, place] of [
    [draftWish("x", { window: "w" }), "window"],
    [draftWish("x", { turn: 1.5 }), "turn"],
    [draftWish("x", { changes: {} }), "changes"],
    [draftWish("x", { changes: [{ key: "a" }] }), "changes[0].pulled"],
  ] as const)
    assert.equal((await post(`${PATH}/draft`, wish)).at("issue.0.expression.0"), place);
  assert.equal((await get(`${PATH}/pull?kind=all`)).code(), "NOTE_INVALID");
  const other = await post(PATH, { ...body, shown: "191212121212" });
  assert.deepEqual([other.status, other.code()], [409, "NOTE_OTHER_PATIENT"]);
  assert.doesNotMatch(other.text, /Hosta|Skriven/);

  const signed = await post(PATH, body);
  assert.equal(signed.status, 200, signed.text);
  assert.equal((await post(PATH, body)).at("note"), signed.at("note"));
  const note = String(signed.at("note"));
  const history = await get(`${PATH}/${note}/history`);
  assert.equal(history.at("template"), "Besöksanteckning, version 1");
  assert.match(String(history.at("versions.0.signedBy")), /Anna/);
  const gone = await post(`${PATH}/draft`, draftWish("mer", { draft: draft.id }));
  assert.deepEqual([gone.status, gone.code()], [409, "NOTE_DRAFT_GONE"]);
  const next = await post(`${PATH}/draft`, draftWish("Åter"));
  const seen = { id: String(next.at("draft.id")), version: Number(next.at("draft.version")) };
  assert.equal((await post(`${PATH}/draft/discard`, { draft: seen })).status, 200);
  assert.equal((await get(`${PATH}/desk`)).at("draft"), null);

  assert.equal((await post(PATH, body, { "x-eira": "0" })).status, 403);
  assert.equal((await server.call("POST", PATH, { token: await server.token(), body })).status, 403);
  assert.equal((await server.call("GET", `${PATH}/desk`)).status, 401);
});

test("HTTP-NOTE-1 the unit's templates and phrases are kept; one's own proposal is not one's own to take into use, and bad input is told where it is bad", async () => {
  const wish = { from: "urn:eira:anteckningsmall:besok", title: "Vårt", contacts: ["besok"], professions: [], words: [{ title: "Anamnes", isNeeded: true }] }; // prettier-ignore
  const proposed = await post("/api/note-templates", wish);
  assert.equal(proposed.status, 200, proposed.text);
  const own = proposed.json<{ templates: { id: string; unit: string | null }[] }>().templates.find(({ unit }) => unit !== null); // prettier-ignore
  assert.equal((await post(`/api/note-templates/${own?.id ?? ""}/review`, { approve: true })).status, 404);
  assert.equal((await post(`/api/note-templates/${own?.id ?? ""}/review`, {})).at("issue.0.expression.0"), "approve");
  assert.equal((await post("/api/note-templates", { ...wish, words: [] })).at("issue.0.expression.0"), "words");
  assert.equal((await get("/api/note-templates")).json<{ templates: unknown[] }>().templates.length, 2);
  const phrase = { short: "ua", text: "Utan anmärkning.", whose: "own", key: "phrase-key" };
  const kept = await post("/api/note-phrases", phrase);
  assert.equal(kept.at("phrases.0.short"), "ua", kept.text);
  assert.equal((await post("/api/note-phrases", { ...phrase, whose: "all" })).at("issue.0.expression.0"), "whose");
  assert.deepEqual((await post(`/api/note-phrases/${String(kept.at("phrases.0.id"))}/retire`, {})).at("phrases"), []);
  assert.deepEqual((await get("/api/note-phrases")).at("phrases"), []);
});
