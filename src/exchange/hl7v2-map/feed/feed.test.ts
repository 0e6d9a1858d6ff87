/** Rules EXCH-FEED: what partners are told of unasked, on a real database. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../../../fhir/index.ts";
import { commit } from "../../../journal/index.ts";
import { asDelete, OURS, THEIRS } from "../../../journal/testing/index.ts";
import { parseMessage, type Hl7Message } from "../../hl7v2/codec/index.ts";
import { edgeOfTest } from "../../hl7v2/testing.ts";
import type { Partner } from "../partner.ts";
import { LAB, logIsOpen, NUMBER, OTHER_NUMBER, patientResource, toldAll } from "../testing/index.ts";
import { feedReader, Feeds } from "./round.ts";
import { TOLD, type FeedTerms } from "./terms.ts";

const edge = await edgeOfTest();
const WARD = "SE2321000131-E000000000012";
const ALL: FeedTerms = { tells: new Set(TOLD), units: [], classes: [], basis: "care-provider", protected: "withhold" };

function partnerWith(feed: Partial<FeedTerms> = {}, more: Partial<Partner> = {}): Partner {
  const owner = { careProvider: OURS.careProvider, careUnit: WARD };
  return { ...LAB, name: "vard", kind: "other", unit: WARD, owner, channels: { in: undefined, out: "ris" }, feed: { ...ALL, ...feed }, ...more }; // prettier-ignore
}

const feedsOf = (...partners: readonly Partner[]): Feeds =>
  new Feeds({ journal: edge.options, partners, faults: edge.faults, onFault: (error) => assert.fail(String(error)) });

/** A feed that has begun; what it tells of what is written after that. */
async function begun(feed: Partial<FeedTerms> = {}, more: Partial<Partner> = {}): Promise<Feeds> {
  await edge.reset();
  await edge.sql("DELETE FROM change_reader");
  await logIsOpen(edge);
  const feeds = feedsOf(partnerWith(feed, more));
  await feeds.round();
  return feeds;
}

async function told(): Promise<readonly Hl7Message[]> {
  const rows = await edge.sql<{ raw: Buffer }>("SELECT raw FROM hl7_sent ORDER BY position");
  return rows.map(({ raw }) => parseMessage(raw));
}

async function types(): Promise<string> {
  const rows = await edge.sql<{ type: string }>("SELECT type FROM hl7_sent ORDER BY position");
  return rows.map(({ type }) => type.split("^")[1]).join(" ");
}

const subject = { reference: "Patient/anna" };
let made = 0;
const report = (id: string, status: string, more: JsonObject = {}): JsonObject => ({
  resourceType: "DiagnosticReport",
  id,
  status,
  code: { text: "Odling" },
  subject,
  conclusion: `Ingen växt, ej heller svamp ${(made += 1)}`,
  ...more,
});
const note = (id: string, status: string, words: string): JsonObject => ({
  resourceType: "Composition",
  id,
  status,
  type: { text: "Epikris" },
  subject,
  date: "2026-11-21T08:00:00+01:00",
  author: [{ display: "Anna Berg" }],
  title: "Epikris",
  section: [{ text: { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${words}</p></div>` } }],
});
const visit = (id: string, status: string, code = "IMP"): JsonObject => ({
  resourceType: "Encounter",
  id,
  status,
  class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code },
  subject,
});

test("EXCH-FEED-1 what is written becomes messages in each patient's order, each once: with two servers, and after a write that failed", async () => {
  const feeds = await begun();
  await edge.put(patientResource("anna", NUMBER));
  await edge.put(visit("v1", "in-progress"));
  for (const status of ["preliminary", "final", "corrected", "cancelled"]) await edge.put(report("r1", status));
  await edge.put(note("n1", "preliminary", "utkast"));
  for (const words of ["Ej inlagd.", "Ej inlagd. Åter v 3."]) await edge.put(note("n1", "final", words));
  await edge.put(visit("v1", "finished"));
  await logIsOpen(edge);
  await edge.sql("REVOKE INSERT ON hl7_sent FROM eira_app");
  await assert.rejects(feeds.round());
  await edge.sql("GRANT INSERT ON hl7_sent TO eira_app");
  assert.equal(await types(), "");
  await Promise.all([feeds.round(), feedsOf(partnerWith()).round()]);
  assert.equal(await types(), "A28 A01 R01 R01 R01 R01 T02 T08 A03");
  const answers = (await told()).filter((one) => one.all("OBR").length > 0);
  assert.deepEqual(
    answers.map((one) => one.all("OBR")[0]?.maybeOne("25")),
    ["P", "F", "C", "X"],
  );
  const [, , , ...rest] = await edge.sql<{ line: string; control_id: string }>("SELECT line, control_id FROM hl7_sent");
  assert.ok(rest.every(({ line, control_id: id }) => line === "anna" && id.length === 20));
  assert.equal(await feeds.round(), false);
  assert.equal((await told()).length, 9);
  for (const one of await told()) {
    assert.match(one.all("MSH")[0]?.maybeOne("7") ?? "", /^20261121\d{6}(\.\d+)?\+0100$/);
    assert.equal(one.all("OBR")[0]?.maybeOne("22") === null, false);
  }
  assert.match(answers.at(-1)?.all("OBR")[0]?.maybeOne("22") ?? "", /^2026/);
});

test("EXCH-FEED-BACK-1 a feed that is set back tells what is missing, and nothing twice; one that is declared begins at that moment", async () => {
  const feeds = await begun();
  assert.equal(await types(), "", "what is history is no news");
  await edge.put(report("r2", "final"));
  await toldAll(edge, feeds);
  const [first] = await edge.sql<{ control_id: string }>("SELECT control_id FROM hl7_sent");
  const setBack = (since: string): Promise<boolean> =>
    edge.store.write("*", (tx) => tx.hl7.feeds.setBack(feedReader("ris"), since));
  assert.equal(await setBack("2026-11-21T00:00:00Z"), true);
  await toldAll(edge, feeds);
  const all = await edge.sql<{ control_id: string }>("SELECT control_id FROM hl7_sent ORDER BY position");
  assert.ok(all.length > 5, "what came before the feed is told when somebody asks for it");
  assert.equal(all.filter(({ control_id: id }) => id === first?.control_id).length, 1);
  assert.equal(await setBack("2027-01-01T00:00:00Z"), false);
});

test("EXCH-FEED-GROUNDS-1 nothing leaves of other care providers, of units that are not agreed on, of what a block keeps, or of other classes", async () => {
  const feeds = await begun({ tells: new Set(["results", "visits"]), units: [OURS.careUnit], classes: ["IMP"] });
  await edge.put(report("r3", "final"), THEIRS);
  await edge.put(report("r4", "final"), { ...OURS, careUnit: WARD });
  await edge.put(visit("v2", "in-progress", "AMB"));
  await edge.put(note("n2", "final", "inte avtalat"));
  await edge.put(report("r5", "final"));
  const hidden = { resourceType: "Observation", status: "final", code: { text: "K" }, subject, valueString: "4" };
  await edge.put({ ...hidden, id: "o1" }, THEIRS);
  await edge.put(report("r6", "final", { result: [{ reference: "Observation/o1" }] }));
  await toldAll(edge, feeds);
  const [only, ...others] = await told();
  assert.equal(others.length, 0, "an answer of which a part may not leave does not leave");
  assert.deepEqual(only?.all("OBR")[0]?.maybeOne("3.1"), "r5");
  await edge.sql(`INSERT INTO block (id, patient, kind, care_provider, care_unit, registered, registered_by)
    VALUES ('b1', 'anna', 'inner', '${OURS.careProvider}', '${OURS.careUnit}', now(), 'SE-A')`);
  await edge.put(report("r7", "final"));
  await toldAll(edge, feeds);
  assert.equal((await told()).length, 1, "an inner block keeps it from other units");
  const own = await begun({ tells: new Set(["results"]), basis: "own-unit", units: [WARD] });
  await edge.put(report("r8", "final"), { ...OURS, careUnit: WARD });
  await edge.put(report("r9", "final"));
  await toldAll(edge, own);
  assert.deepEqual((await told()).map((one) => one.all("OBR")[0]?.maybeOne("3.1")), ["r8"]); // prettier-ignore
  await edge.sql("DELETE FROM block");
  const lines = await edge.log();
  const ours = lines.filter(({ actor }) => JSON.stringify(actor).includes("hl7v2 vard feed"));
  assert.ok(
    ours.some(({ action, what }) => action === "notify" && JSON.stringify(what).includes("DiagnosticReport/r8")),
  );
  assert.ok(!JSON.stringify(ours).includes("DiagnosticReport/r9"), "what does not leave is not said to have left");
});

test("EXCH-FEED-GROUNDS-2 of people with protected identity nothing leaves but the id here, unless numbers or everything are agreed on", async () => {
  const security = [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "R" }];
  const person = {
    ...patientResource("hemlig", OTHER_NUMBER),
    meta: { security },
    address: [{ line: ["Gömda vägen 1"], city: "Ort" }],
    telecom: [{ system: "phone", value: "070-1740605", use: "mobile" }],
  };
  const seen: string[] = [];
  for (const how of ["withhold", "number", "whole"] as const) {
    const feeds = await begun({ protected: how });
    await edge.put({ ...person, gender: ["male", "female", "other"][seen.length] ?? "" });
    await edge.put({
      ...visit(`h${seen.length}`, "in-progress"),
      subject: { reference: "Patient/hemlig", display: "Anna Ek" },
    });
    await toldAll(edge, feeds);
    const all = (await told()).map((one) => one.bytes().toString()).join("\n");
    assert.match(all, /hemlig\^\^\^EIRA/);
    assert.match(all, /PD1\|{11,12}Y/);
    seen.push([OTHER_NUMBER, "Ek", "Gömda", "070-1740605"].map((word) => Number(all.includes(word))).join(""));
  }
  assert.deepEqual(seen, ["0000", "1000", "1111"]);
});

test("EXCH-FEED-PATIENT-1 people are told of, joined and parted; an own unit hears of those who have been there, and of nobody else", async () => {
  const feeds = await begun({ tells: new Set(["patients"]) });
  const old = patientResource("gammal", OTHER_NUMBER);
  await edge.put(old);
  const link = [{ other: { reference: "Patient/anna" }, type: "replaced-by" }];
  await edge.put({ ...old, active: false, link });
  await edge.put({
    ...patientResource("anna", NUMBER),
    link: [{ other: { reference: "Patient/gammal" }, type: "replaces" }],
  });
  await edge.put(old);
  await toldAll(edge, feeds);
  assert.equal(await types(), "A28 A40 A37");
  const [, joined] = await told();
  assert.ok(
    joined?.all("PID")[0]?.fields[3]?.includes(NUMBER) && joined.all("MRG")[0]?.fields[1]?.includes(OTHER_NUMBER),
  );
  const own = await begun({ tells: new Set(["patients"]), basis: "own-unit", units: [WARD] });
  await edge.put({ ...old, gender: "male" });
  await edge.put({ ...visit("v9", "finished"), subject: { reference: "Patient/gammal" } }, { ...OURS, careUnit: WARD });
  await toldAll(edge, own);
  await edge.put({ ...old, gender: "female" });
  await edge.put({ ...patientResource("anna", NUMBER), gender: "female" });
  await toldAll(edge, own);
  assert.deepEqual((await told()).map((one) => one.all("PID")[0]?.maybeOne("8")), ["M", "F"]); // prettier-ignore
});

test("EXCH-FEED-FAULT-1 what cannot be said in HL7 v2 has an owner and holds no other back; what the receiver told of itself is not told back", async () => {
  const feeds = await begun({}, { charset: "iso-8859-1" });
  await edge.put(report("r10", "final", { conclusion: "tecken som saknas: ≥ 2" }));
  await edge.put(report("r11", "final", { conclusion: "Åtgärd: ingen" }));
  await edge.put(report("r12", "final", { meta: { source: "urn:eira:hl7v2:vard#17" } }));
  const { conclusion: _c, ...empty } = report("r13", "final");
  await edge.put(empty);
  await edge.put(report("r14", "final"));
  await commit(edge.client(), [asDelete("DiagnosticReport/r14")]);
  await toldAll(edge, feeds);
  const numbers = (await told()).map(
    (one) => `${one.all("OBR")[0]?.maybeOne("3.1")} ${one.all("OBR")[0]?.maybeOne("25")}`,
  );
  assert.deepEqual(numbers, ["r11 F", "r14 F", "r14 X"]);
  const owned = await edge.owned();
  assert.equal(owned.length, 2);
  assert.match(owned.join("\n"), /Hl7Feed\/ris-DiagnosticReport-r10 region ris: DiagnosticReport version 1/);
  assert.match(owned.join("\n"), /r13.*the answer says nothing/);
  assert.doesNotMatch(owned.join("\n"), /tecken som saknas/);
  await edge.put(report("r13", "final"));
  await toldAll(edge, feeds);
  assert.doesNotMatch((await edge.owned()).join("\n"), /r13/, "the next version says it, and then it is over");
});
