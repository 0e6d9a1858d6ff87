/** Rules of ../SPEC.md: ordering from the chart, on a real database with the ledger along. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { PersonActor } from "../../access/index.ts";
import { judgeWords } from "../../base/index.ts";
import { parseJson, type JsonObject } from "../../fhir/index.ts";
import { patient as patientOf } from "../../journal/testing/index.ts";
import { commit, readResource, searchResources, type Visit } from "../../journal/index.ts";
import { destinationsOf, ledgerAlong } from "../../loop/index.ts";
import { loopJournal, UNITS, type LoopJournal, type UnitName } from "../../loop/testing/index.ts";
import { orderBasket } from "./basket.ts";
import { orderCatalogue } from "./catalogue.ts";
import { draftOf, saveDraft } from "./draft.ts";
import { lookAtOrder } from "./look.ts";
import { retireSet, saveSet } from "./sets.ts";
import { signOrders, type Basketful } from "./sign.ts";
import type { OrderLine } from "./wish.ts";

type Assignment = PersonActor["assignment"];
const NUMBER = "191212121212";
const SNOMED = "http://snomed.info/sct";
const URL = "urn:eira:bestallning";
let journal: LoopJournal;
const endings: (() => Promise<unknown>)[] = [];

before(async () => {
  journal = await loopJournal({ after: (listener) => void endings.push(listener) });
  const number = { system: "http://electronichealth.se/identifier/personnummer", value: NUMBER };
  await journal.put(patientOf("p1", { identifier: [number], telecom: [{ system: "phone", value: "070-174 06 05" }] }));
  await journal.put(patientOf("p2"));
  const parts = [concept("urn:npu", "NPU1", "B-Ett"), concept("urn:npu", "NPU2", "P-Två")];
  await item("akut", "Akuta prover", "108252007", ["asked"], { parts });
  await item("ett", "B-Ett", "108252007", ["asked"], { code: parts[0] });
  await item("bild", "Slätröntgen lungor", "363679005", ["asked"], { needs: ["question"], questions: ["Pneumoni?"] });
  await item("remiss", "Bedömning", "3457005", ["asked", "theirs"], { needs: ["question", "history"] });
  await item("nowhere", "Till ingen", "108252007", ["gone"], {});
  await journal.put({ resourceType: "ActivityDefinition", id: "other", status: "active", title: "Inget att beställa" }, null); // prettier-ignore
});
after(async () => {
  for (const ending of endings.toReversed()) await ending();
});

function concept(system: string, code: string, text: string): JsonObject {
  return { coding: [{ system, code, display: text }], text };
}

type Item = { readonly parts?: readonly JsonObject[]; readonly code?: JsonObject | undefined; readonly needs?: readonly string[]; readonly questions?: readonly string[] }; // prettier-ignore
async function item(id: string, title: string, category: string, to: readonly string[], given: Item): Promise<void> {
  const { parts = [], needs = [], questions = [], code = concept("urn:local", id, title) } = given;
  const extension = [
    ...to.map((one) => ({ url: `${URL}:mottagare`, valueReference: { reference: `Organization/${one}`, display: one } })), // prettier-ignore
    ...parts.map((valueCodeableConcept) => ({ url: `${URL}:ingar`, valueCodeableConcept })),
    ...questions.map((valueString) => ({ url: `${URL}:fragestallning`, valueString })),
    ...needs.map((valueCode) => ({ url: `${URL}:kraver`, valueCode })),
  ];
  const topic = [concept(SNOMED, category, "slag")];
  await journal.put({ resourceType: "ActivityDefinition", id, url: `${URL}:katalog:${id}`, version: "1", title, status: "active", kind: "ServiceRequest", intent: "order", topic, code, extension }, null); // prettier-ignore
}

function at(unit: UnitName, person = "1", footing?: Assignment["footing"]): Visit {
  const visit = journal.at(unit, person);
  const assignment = { ...visit.actor.assignment, id: `role-${unit}${person}`, ...(footing === undefined ? {} : { footing }) }; // prettier-ignore
  return { ...visit, referentialIntegrity: false, actor: { ...visit.actor, assignment } };
}

const isCode = (code: string, place?: string) => (error: unknown) => {
  const { code: said, issues } = error as { code?: string; issues?: readonly { expression?: string }[] };
  return said === code && (place === undefined || issues?.[0]?.expression === place);
};
const line = (id: string, more: Partial<OrderLine> = {}): OrderLine => ({
  item: id,
  version: "1",
  receiver: "Organization/asked",
  goesTo: UNITS.asked.careUnit,
  priority: "routine",
  when: null,
  question: "",
  history: "",
  contact: "",
  attached: [],
  ...more,
});
let keys = 0;
const basketful = (lines: readonly OrderLine[], more: Partial<Basketful> = {}): Basketful => ({
  key: `key-${(keys += 1)}`,
  shown: NUMBER,
  draft: null,
  lines,
  ...more,
});
const requests = (): Promise<{ n: number }[]> => journal.sql("SELECT count(*)::int AS n FROM servicerequest");
const stored = async (id: string): Promise<JsonObject> => parseJson((await readResource(at("sender"), "ServiceRequest", id)).value.content) as JsonObject; // prettier-ignore

test("CLIN-ORDER-CATALOGUE-1, LOOP-DESTINATION-1 the catalogue tells each item with its parts, questions and needs and who would get it now; what cannot be ordered is not in it, and nobody changes it from a chart", async () => {
  const { value } = await orderCatalogue(at("sender"));
  const byId = new Map(value.items.map((one) => [one.id, one]));
  assert.deepEqual(value.items.map(({ title }) => title), ["Akuta prover", "B-Ett", "Bedömning", "Slätröntgen lungor", "Till ingen"]); // prettier-ignore
  assert.deepEqual(byId.get("akut")?.parts.map(({ name }) => name), ["B-Ett", "P-Två"]); // prettier-ignore
  assert.deepEqual([byId.get("bild")?.questions, byId.get("bild")?.needs], [["Pneumoni?"], ["question"]]);
  const goesTo = byId.get("remiss")?.receivers.map((one) => [one.name, one.goesTo?.list, one.goesTo?.isException]);
  assert.deepEqual(goesTo, [["asked", UNITS.asked.careUnit, false], ["theirs", UNITS.theirs.careUnit, false]]); // prettier-ignore
  const [nobody] = byId.get("nowhere")?.receivers ?? [];
  assert.deepEqual([nobody?.goesTo?.isException, nobody?.goesTo?.list], [true, UNITS.sender.careUnit]);
  const system = journal.client("system/*.cruds", UNITS.sender);
  await assert.rejects(destinationsOf({ ...system, along: ledgerAlong }, ["Organization/asked"]), isCode("FORBIDDEN"));
  const own = { ...(parseJson((await readResource(at("sender"), "ActivityDefinition", "ett")).value.content) as JsonObject), title: "X" }; // prettier-ignore
  await assert.rejects(commit(at("sender"), [{ kind: "update", type: "ActivityDefinition", where: "x", id: "ett", resource: own }]), isCode("FORBIDDEN")); // prettier-ignore
});

test("LOOP-DESTINATION-1 what an integration carries is said to be carried, to the list whose integration it is", async () => {
  await journal.store.write("*", (tx) => tx.hl7.channels.declare([{ name: "ut", direction: "out", declared: {} }], journal.clock().toISOString())); // prettier-ignore
  await journal.store.write("*", (tx) => tx.hl7.channels.route([{ worklist: UNITS.asked.careUnit, channel: "ut" }]));
  try {
    const { value } = await destinationsOf(at("sender"), ["Organization/asked"]);
    assert.deepEqual(value.get("Organization/asked"), { list: UNITS.asked.careUnit, title: "asked", isCarried: true, detour: null, isException: false }); // prettier-ignore
  } finally {
    await journal.store.write("*", (tx) => tx.hl7.channels.route([]));
  }
});

test("CLIN-ORDER-1 a draft comes back as it was saved, is nobody's order and nobody else's draft; a window that had not seen it changes nothing; an empty one is gone", async () => {
  const lines = [line("akut"), line("bild", { question: "Pneumoni? Inte stas.\nVä sida", when: "2030-01-02" })];
  const first = (await saveDraft(at("sender"), "p1", { seen: null, lines })).value;
  assert.ok(first !== null);
  assert.deepEqual((await draftOf(at("sender"), "p1")).value, first);
  assert.deepEqual([first.lines, first.unread], [lines, 0]);
  assert.equal((await draftOf(at("sender", "2"), "p1")).value, null);
  assert.equal((await draftOf(at("sender"), "p2")).value, null);
  assert.deepEqual(await journal.sql("SELECT id FROM loop"), []);
  const second = (await saveDraft(at("sender"), "p1", { seen: first, lines: lines.slice(0, 1) })).value;
  assert.ok(second !== null && second.id === first.id && second.version > first.version);
  await assert.rejects(saveDraft(at("sender"), "p1", { seen: first, lines }), isCode("VERSION_CONFLICT"));
  await assert.rejects(saveDraft(at("sender"), "p1", { seen: null, lines }), isCode("VERSION_CONFLICT"));
  assert.deepEqual((await draftOf(at("sender"), "p1")).value?.lines, lines.slice(0, 1));
  assert.equal((await saveDraft(at("sender"), "p1", { seen: second, lines: [] })).value, null);
  assert.equal((await draftOf(at("sender"), "p1")).value, null);
});

test("CLIN-ORDER-5, CLIN-ORDER-8, CLIN-ORDER-10 a signed basket is requests with their loops and sealed words in one commit, and the draft is gone; the second time under the key nothing is written; each is read in full with its seal", async () => {
  const lines = [
    line("akut", { priority: "urgent" }),
    line("remiss", { question: "Indikation? Inte höger.", history: "Fall i trappa.", contact: "tolk: arabiska", when: "2026-12-24" }), // prettier-ignore
  ];
  const draft = (await saveDraft(at("sender"), "p1", { seen: null, lines })).value;
  const before = (await requests())[0]?.n ?? 0;
  const wish = basketful(lines, { draft: draft?.id ?? null });
  const first = (await signOrders(at("sender"), "p1", wish)).value;
  const again = await Promise.all([1, 2, 3].map(() => signOrders(at("sender"), "p1", wish)));
  assert.deepEqual(again.map(({ value }) => value), [first, first, first]); // prettier-ignore
  assert.equal((await requests())[0]?.n, before + 2);
  assert.equal((await draftOf(at("sender"), "p1")).value, null);
  await assert.rejects(signOrders(at("sender"), "p1", { ...wish, lines: lines.slice(1) }), isCode("IDEMPOTENCY_KEY_REUSED")); // prettier-ignore
  const [panel, referral] = await Promise.all(first.map(stored));
  assert.ok(panel !== undefined && referral !== undefined);
  assert.deepEqual((panel["orderDetail"] as { text: string }[]).map(({ text }) => text), ["B-Ett", "P-Två"]); // prettier-ignore
  assert.deepEqual(panel["requisition"], referral["requisition"]);
  assert.deepEqual([panel["priority"], panel["occurrenceDateTime"]], ["urgent", undefined]);
  assert.deepEqual(referral["reasonCode"], [{ text: "Indikation? Inte höger." }]);
  assert.deepEqual((referral["note"] as { text: string }[]).map(({ text }) => text), ["Fall i trappa.", "Kontakt med patienten: tolk: arabiska"]); // prettier-ignore
  assert.equal(judgeWords(referral).kind, "sealed");
  for (const [at, kind] of ["order", "referral"].entries()) {
    const [loop] = await journal.loops(`ServiceRequest/${first[at] ?? ""}`);
    assert.deepEqual([loop?.kind, loop?.state, loop?.owner, loop?.sender], [kind, "received", UNITS.asked.careUnit, UNITS.sender.careUnit]); // prettier-ignore
  }
  const look = (await lookAtOrder(at("sender"), "p1", first[1] ?? "")).value;
  assert.match(look.seal ?? "", /^\S{4,}/);
  assert.equal(look.request["id"], first[1]);
  await assert.rejects(lookAtOrder(at("sender"), "p2", first[1] ?? ""), isCode("NOT_FOUND"));
  await assert.rejects(lookAtOrder(at("theirs"), "p1", "nothing-like-it"), isCode("NOT_FOUND"));
});

test("CLIN-ORDER-2, CLIN-ORDER-7, CLIN-ORDER-8 what was not shown, is not finished or leads nowhere is refused at its place, and then nothing of the basket is sent", async () => {
  const before = (await requests())[0]?.n;
  const cases: readonly (readonly [string, string, readonly OrderLine[], Partial<Basketful>?])[] = [
    ["ORDER_INVALID", "lines", []],
    ["ORDER_INVALID", "lines", Array.from({ length: 41 }, () => line("ett"))],
    ["ORDER_INVALID", "lines[1].question", [line("ett"), line("bild", { question: " \n" })]],
    ["ORDER_INVALID", "lines[0].history", [line("remiss", { question: "?" })]],
    ["ORDER_INVALID", "lines[0].question", [line("ett", { question: "a\u0000b" })]],
    ["ORDER_INVALID", "lines[0].question", [line("ett", { question: "x".repeat(4_001) })]],
    ["ORDER_INVALID", "lines[0].priority", [line("ett", { priority: "now" })]],
    ["ORDER_INVALID", "lines[0].version", [line("ett", { version: "2" })]],
    ["ORDER_INVALID", "lines[0].item", [line("other")]],
    ["ORDER_INVALID", "lines[0].receiver", [line("ett", { receiver: "Organization/theirs" })]],
    ["ORDER_INVALID", "lines[0].when", [line("ett", { when: "2020-01-01" })]],
    ["ORDER_INVALID", "lines[0].when", [line("ett", { when: "i morgon" })]],
    ["ORDER_INVALID", "lines[0].attached", [line("ett", { attached: ["Patient/p2"] })]],
    ["ORDER_INVALID", "lines[0].attached", [line("ett", { attached: ["DiagnosticReport/nothing"] })]],
    ["ORDER_NOWHERE", "lines[1].receiver", [line("ett"), line("nowhere", { receiver: "Organization/gone" })]],
    ["ORDER_ELSEWHERE", "lines[0].goesTo", [line("ett", { goesTo: UNITS.theirs.careUnit })]],
    ["ORDER_ELSEWHERE", "lines[0].goesTo", [line("ett", { goesTo: null })]],
    ["ORDER_OTHER_PATIENT", "shown", [line("ett")], { shown: "198112189876" }],
    ["ORDER_OTHER_PATIENT", "shown", [line("ett")], { shown: null }],
  ];
  for (const [code, place, lines, more] of cases)
    await assert.rejects(signOrders(at("sender"), "p1", basketful(lines, more)), isCode(code, place), place);
  await assert.rejects(signOrders(at("sender"), "p2", basketful([line("ett")])), isCode("ORDER_OTHER_PATIENT"));
  assert.equal((await requests())[0]?.n, before);
});

test("CLIN-ORDER-6 a student, a system and whoever nothing opens the patient to order nothing and keep no draft", async () => {
  const student = at("sender", "1", { kind: "student", supervisor: "sender2" } as unknown as Assignment["footing"]);
  const before = (await requests())[0]?.n;
  const refusals: readonly (readonly [Visit, string])[] = [
    [student, "FORBIDDEN"],
    [{ ...journal.client("system/*.cruds", UNITS.sender), along: ledgerAlong }, "FORBIDDEN"],
    [at("theirs"), "NO_CARE_RELATION"],
  ];
  for (const [visit, code] of refusals)
    await assert.rejects(signOrders(visit, "p3", basketful([line("ett")])), isCode(code));
  await assert.rejects(orderBasket(at("theirs"), "p3"), isCode("NO_CARE_RELATION"));
  assert.equal((await requests())[0]?.n, before);
});

test("CLIN-ORDER-3, CLIN-ORDER-4 what was ordered or answered lately is told by its parts, and what the record says stands with its source; what belongs to a mistake does not", async () => {
  const ref = { subject: { reference: "Patient/p1" } };
  const value = (id: string, code: string, status: string): Promise<unknown> =>
    journal.write({ resourceType: "Observation", id, status, category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] }], code: concept("urn:npu", code, code), effectiveDateTime: journal.clock().toISOString(), performer: [{ display: "asked" }], ...ref }); // prettier-ignore
  await value("o1", "NPU7", "final");
  await value("o2", "NPU8", "cancelled");
  const CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical";
  await journal.write({ resourceType: "Condition", id: "c1", clinicalStatus: { coding: [{ system: CLINICAL, code: "active" }] }, code: concept("https://www.icd10.se/", "J18.9", "Pneumoni"), recordedDate: "2026-01-02", recorder: { display: "Anna Ek, Läkare" }, ...ref }); // prettier-ignore
  await signOrders(at("sender"), "p1", basketful([line("akut")]));
  const { value: basket } = await orderBasket(at("sender"), "p1");
  const told = basket.recent.map(({ key, kind }) => `${kind} ${key}`);
  for (const one of ["ordered urn:npu|NPU1", "ordered urn:npu|NPU2", "answered urn:npu|NPU7"]) assert.ok(told.includes(one), one); // prettier-ignore
  assert.ok(!told.some((one) => one.includes("NPU8")));
  assert.deepEqual(basket.sources, [
    { kind: "problem", text: "J18.9 Pneumoni", from: "Anna Ek, Läkare", at: "2026-01-02" },
    { kind: "phone", text: "070-174 06 05", from: null, at: null },
  ]);
});

test("CLIN-ORDER-9 a set is kept for the unit or for oneself, told to nobody else, and taken out of use by those whose it is", async () => {
  const url = `${URL}:katalog:`;
  const wish = { title: "Akut-lab", whose: "unit", key: "set-key-1", lines: [{ item: `${url}akut`, priority: "urgent", question: null }] } as const; // prettier-ignore
  const { value } = await saveSet(at("sender"), wish);
  await saveSet(at("sender"), wish);
  assert.deepEqual(value.sets.map(({ title, whose, lines }) => [title, whose, lines]), [["Akut-lab", "unit", wish.lines]]); // prettier-ignore
  const own = (await saveSet(at("sender"), { ...wish, title: "Mitt", whose: "own", key: "set-key-2" })).value.sets;
  assert.deepEqual(own.map(({ title, whose }) => [title, whose]), [["Akut-lab", "unit"], ["Mitt", "own"]]); // prettier-ignore
  const titles = async (visit: Visit): Promise<string[]> => (await orderCatalogue(visit)).value.sets.map(({ title }) => title); // prettier-ignore
  assert.deepEqual(await titles(at("sender", "2")), ["Akut-lab"]);
  assert.deepEqual(await titles(at("beside")), []);
  const [unitSet, ownSet] = own;
  await assert.rejects(retireSet(at("beside"), unitSet?.id ?? ""), isCode("NOT_FOUND"));
  await assert.rejects(retireSet(at("sender", "2"), ownSet?.id ?? ""), isCode("NOT_FOUND"));
  await retireSet(at("sender", "2"), unitSet?.id ?? "");
  assert.deepEqual(await titles(at("sender")), ["Mitt"]);
  const bad = [{ title: " " }, { title: "x".repeat(81) }, { lines: [] }, { lines: [{ item: "urn:x", priority: null, question: null }] }, { lines: [{ item: `${url}akut`, priority: "now", question: null }] }]; // prettier-ignore
  for (const [n, more] of bad.entries())
    await assert.rejects(saveSet(at("sender"), { ...wish, ...more, key: `set-bad-${n}` }), isCode("ORDER_INVALID"));
  const kept = await searchResources(at("sender"), "PlanDefinition", [["status", "retired"]]);
  assert.equal(kept.value.rows.length, 1);
});
