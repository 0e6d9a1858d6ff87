/** Rules of ../SPEC.md: writing notes, on a real database with the ledger along. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { PersonActor } from "../../access/index.ts";
import { judgeWords } from "../../base/index.ts";
import { parseJson, validateResource, type JsonObject } from "../../fhir/index.ts";
import { patient as patientOf } from "../../journal/testing/index.ts";
import {
  correctRecord,
  readResource,
  searchResources,
  signingOf,
  unsignedOf,
  type Proof,
  type Visit,
} from "../../journal/index.ts";
import { loopJournal, UNITS, type LoopJournal, type UnitName } from "../../loop/testing/index.ts";
import { noteDesk } from "./desk.ts";
import { discardNoteDraft, noteDraftOf, saveNoteDraft, type Draft, type DraftWish } from "./draft.ts";
import { noteHistory } from "./history.ts";
import type { SectionChange } from "./merge.ts";
import { phrasesOf, retirePhrase, savePhrase } from "./phrases.ts";
import { pullIn } from "./pull.ts";
import { noteTemplates, proposeNoteTemplate, reviewNoteTemplate, type TemplateWish } from "./templates.ts";
import { writeNote, type NoteWish } from "./write.ts";

type Assignment = PersonActor["assignment"];
const NUMBER = "191212121212";
const PERSONNUMMER = "http://electronichealth.se/identifier/personnummer";
const REGION = "urn:eira:anteckningsmall:besok";
const PROOF: Proof = { method: "test", name: "Test-id", acr: "", at: "2026-01-01T10:00:00Z" };
let journal: LoopJournal;
const endings: (() => Promise<unknown>)[] = [];

before(async () => {
  journal = await loopJournal({ after: (listener) => void endings.push(listener) });
  await journal.put(patientOf("p1", { identifier: [{ system: PERSONNUMMER, value: NUMBER }] }));
  await journal.put(patientOf("p2", { identifier: [{ system: PERSONNUMMER, value: "198112189876" }] }));
  const item = ["Kontaktorsak", "Anamnes", "Status", "Bedömning"].map((text, at) => ({ linkId: text.toLowerCase(), text, type: "text", ...(at === 1 ? { code: [{ system: "urn:eira:sokord", code: "anamnes" }] } : {}) })); // prettier-ignore
  await journal.put({ resourceType: "Questionnaire", id: "besok", url: REGION, identifier: [{ system: "urn:eira:anteckningsmall:region", value: "besok" }], version: "1", title: "Besöksanteckning", status: "active", code: [{ system: "urn:oid:1.2.752.129.2.2.2.11", code: "bes", display: "Besöksanteckning" }], item }, null); // prettier-ignore
});

after(async () => {
  for (const ending of endings.toReversed()) await ending();
});

function at(unit: UnitName, person = "1", footing?: object): Visit & { readonly actor: PersonActor } {
  const visit = journal.at(unit, person);
  const assignment = { ...visit.actor.assignment, id: `role-${unit}${person}`, ...(footing === undefined ? {} : { footing: footing as Assignment["footing"] }) }; // prettier-ignore
  return { ...visit, referentialIntegrity: false, actor: { ...visit.actor, assignment } };
}

const isCode = (code: string, place?: string) => (error: unknown) => {
  const { code: said, issues } = error as { code?: string; issues?: readonly { expression?: string }[] };
  return said === code && (place === undefined || issues?.[0]?.expression === place);
};
const change = (key: string, text: string, more: Partial<SectionChange> = {}): SectionChange => ({ key, title: key, was: "", text, pulled: [], settled: [], ...more }); // prettier-ignore
let turns = 0;
const wish = (changes: readonly SectionChange[], more: Partial<DraftWish> = {}): DraftWish => ({ window: "window-one", turn: (turns += 1), draft: null, template: `${REGION}|1`, contact: { kind: "new", contact: "besok" }, changes, ...more }); // prettier-ignore
const save = async (visit: Visit, changes: readonly SectionChange[], more: Partial<DraftWish> = {}, patient = "p1"): Promise<Draft> => (await saveNoteDraft(visit, patient, wish(changes, more))).value; // prettier-ignore
let keys = 0;
const noteOf = (draft: Draft, more: Partial<NoteWish> = {}): NoteWish => ({ key: `note-key-${(keys += 1)}`, shown: NUMBER, draft: { id: draft.id, version: draft.version }, template: draft.template, contact: draft.contact, sections: draft.sections.map(({ key, text }) => ({ key, text })), proof: PROOF, ...more }); // prettier-ignore
const stored = async (type: string, id: string): Promise<JsonObject> => parseJson((await readResource(at("sender"), type, id)).value.content) as JsonObject; // prettier-ignore
const count = async (table: string): Promise<number> => (await journal.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? -1; // prettier-ignore
const emptied = async (visit: Visit): Promise<void> => {
  const draft = (await noteDraftOf(visit, "p1")).value;
  if (draft !== null) await discardNoteDraft(visit, "p1", draft);
};

test("CLIN-NOTE-DRAFT-1 a draft comes back word for word, is nobody's note and nobody else's draft, and waits for no signature", async () => {
  const text = "Hosta i 3 dagar.\n  Inte feber <38,0 & trött\tnu. Åäö";
  const draft = await save(at("sender"), [change("anamnes", text), change("status", "")]);
  assert.deepEqual((await noteDraftOf(at("sender"), "p1")).value, draft);
  assert.deepEqual(draft.sections.map((one) => [one.key, one.text]), [["anamnes", text], ["status", ""]]); // prettier-ignore
  assert.equal((await noteDraftOf(at("sender", "2"), "p1")).value, null);
  assert.equal((await noteDraftOf(at("sender"), "p2")).value, null);
  assert.deepEqual([await count("composition"), await journal.sql("SELECT id FROM loop")], [0, []]);
  assert.deepEqual((await unsignedOf(at("sender"), 5)).value.items, []);
  const kept = await stored("QuestionnaireResponse", draft.id);
  assert.deepEqual(validateResource(kept).filter(({ severity }) => severity === "error"), []); // prettier-ignore
  for (const bad of [change("anamnes", "a\u0000b"), change("a b", "x"), change("anamnes", "x".repeat(50_001))])
    await assert.rejects(save(at("sender"), [bad], { draft: draft.id }), isCode("NOTE_INVALID"));
  await assert.rejects(save(at("sender"), [change("anamnes", "x")], { window: "kort" }), isCode("NOTE_INVALID", "window")); // prettier-ignore
  await emptied(at("sender"));
  assert.equal((await noteDraftOf(at("sender"), "p1")).value, null);
});

test("CLIN-NOTE-DRAFT-3 eight windows that save at once all have their words in the draft; one that was thrown away is not begun again unasked", async () => {
  await Promise.all(Array.from({ length: 8 }, (_, n) => save(at("sender"), [change(`ord-${n}`, `text ${n}`), change("anamnes", `fönster ${n}`)], { window: `window-${n}-x` }))); // prettier-ignore
  const draft = (await noteDraftOf(at("sender"), "p1")).value;
  assert.ok(draft !== null);
  assert.equal(await count("questionnaireresponse"), 1);
  for (let n = 0; n < 8; n += 1) assert.ok(draft.sections.some(({ key, text }) => key === `ord-${n}` && text === `text ${n}`)); // prettier-ignore
  const anamnes = draft.sections.find(({ key }) => key === "anamnes");
  const texts = [anamnes?.text, ...(anamnes?.also ?? []).map(({ text }) => text)];
  assert.deepEqual(
    texts.map(String).toSorted(),
    Array.from({ length: 8 }, (_, n) => `fönster ${n}`),
  );
  await assert.rejects(writeNote(at("sender"), "p1", noteOf(draft)), isCode("NOTE_INVALID", "sections.anamnes"));
  await emptied(at("sender"));
  await assert.rejects(save(at("sender"), [change("anamnes", "mer")], { draft: draft.id }), isCode("NOTE_DRAFT_GONE"));
  await assert.rejects(discardNoteDraft(at("sender"), "p1", draft), isCode("NOTE_DRAFT_GONE"));
});

test("CLIN-NOTE-1, CLIN-NOTE-2, CLIN-NOTE-5, CLIN-NOTE-TEMPLATE-3 a signed note is a Composition with its contact, its seal and its signature in one commit, and the draft is gone; the same key is the same note", async () => {
  const draft = await save(at("sender"), [change("status", "Afebril.\nIngen fraktur."), change("anamnes", "Fall <i trappa> & ont."), change("kontaktorsak", "  ")]); // prettier-ignore
  const [notes, contacts] = [await count("composition"), await count("encounter")];
  const signing = noteOf(draft);
  const first = (await writeNote(at("sender"), "p1", signing)).value;
  const again = await Promise.all([1, 2].map(() => writeNote(at("sender"), "p1", signing)));
  assert.deepEqual(again.map(({ value }) => value), [first, first]); // prettier-ignore
  assert.deepEqual([await count("composition"), await count("encounter")], [notes + 1, contacts + 1]);
  assert.equal((await noteDraftOf(at("sender"), "p1")).value, null);
  await assert.rejects(writeNote(at("sender"), "p1", { ...signing, key: "another-key-1" }), isCode("NOTE_DRAFT_GONE")); // prettier-ignore
  await assert.rejects(writeNote(at("sender"), "p1", { ...signing, shown: NUMBER, sections: [] }), isCode("IDEMPOTENCY_KEY_REUSED")); // prettier-ignore
  const note = await stored("Composition", first.note);
  assert.deepEqual(validateResource(note).filter(({ severity }) => severity === "error"), []); // prettier-ignore
  const sections = note["section"] as { title: string; text: { div: string }; code: JsonObject }[];
  assert.deepEqual(sections.map(({ title }) => title), ["Anamnes", "Status"]); // prettier-ignore
  assert.match(sections[0]?.text.div ?? "", /Fall &lt;i trappa&gt; &amp; ont\./);
  assert.deepEqual(sections[0]?.code["coding"], [{ system: "urn:eira:sokord", code: "anamnes" }]);
  assert.deepEqual([note["status"], judgeWords(note).kind], ["final", "sealed"]);
  assert.equal((note["author"] as JsonObject[])[0]?.["reference"], "PractitionerRole/role-sender1");
  assert.deepEqual(note["custodian"], { reference: "Organization/sender", display: "sender" });
  const encounter = await stored("Encounter", String((note["encounter"] as JsonObject)["reference"]).split("/")[1] ?? ""); // prettier-ignore
  assert.deepEqual([encounter["status"], (encounter["serviceProvider"] as JsonObject)["reference"]], ["finished", "Organization/sender"]); // prettier-ignore
  const state = (await signingOf(at("sender"), "p1")).value.records[`Composition/${first.note}`];
  assert.deepEqual([state?.state, state?.isLocked, state?.seals.length], ["signed", true, 1]);
  assert.deepEqual((await journal.loops(`Composition/${first.note}`)).map((loop) => loop.state).filter((one) => one === "created" || one === "received"), []); // prettier-ignore
  assert.equal((await noteHistory(at("sender"), "p1", first.note)).value.template, "Besöksanteckning, version 1");

  const contact = { kind: "there", encounter: String(encounter["id"]) } as const;
  const second = await save(at("sender"), [change("anamnes", "Åter.")], { contact });
  const there = (await writeNote(at("sender"), "p1", noteOf(second))).value;
  assert.equal(await count("encounter"), contacts + 1);
  assert.deepEqual((await stored("Composition", there.note))["encounter"], { reference: `Encounter/${contact.encounter}` }); // prettier-ignore
  const foreign = await save(at("beside"), [change("anamnes", "x")], { contact });
  await assert.rejects(writeNote(at("beside"), "p1", noteOf(foreign)), isCode("NOTE_INVALID", "contact"));
  await emptied(at("beside"));
});

test("CLIN-NOTE-3, CLIN-NOTE-4, CLIN-NOTE-6 another identity, other words than were shown, an old version, an empty note and another patient's draft are refused, and nothing is written", async () => {
  const draft = await save(at("sender"), [change("anamnes", "Ingen fraktur.")]);
  const before = await count("composition");
  const cases: readonly (readonly [Partial<NoteWish>, string])[] = [
    [{ shown: "198112189876" }, "NOTE_OTHER_PATIENT"],
    [{ shown: null }, "NOTE_OTHER_PATIENT"],
    [{ sections: [{ key: "anamnes", text: "Fraktur." }] }, "NOTE_DRAFT_CHANGED"],
    [{ sections: [] }, "NOTE_DRAFT_CHANGED"],
    [{ sections: [{ key: "anamnes", text: "Ingen fraktur." }, { key: "plan", text: "Åter" }] }, "NOTE_DRAFT_CHANGED"], // prettier-ignore
    [{ draft: { id: draft.id, version: draft.version + 1 } }, "NOTE_DRAFT_CHANGED"],
    [{ draft: { id: "nothing", version: 1 } }, "NOTE_DRAFT_GONE"],
    [{ template: "urn:x|1" }, "NOTE_INVALID"],
    [{ contact: { kind: "there", encounter: "nothing" } }, "NOTE_INVALID"],
  ];
  for (const [more, code] of cases) await assert.rejects(writeNote(at("sender"), "p1", noteOf(draft, more)), isCode(code), code); // prettier-ignore
  await assert.rejects(writeNote(at("sender"), "p2", noteOf(draft)), isCode("NOTE_OTHER_PATIENT"));
  await assert.rejects(writeNote(at("sender"), "p2", noteOf(draft, { shown: "198112189876" })), isCode("NOTE_DRAFT_GONE")); // prettier-ignore
  assert.deepEqual((await noteDraftOf(at("sender"), "p1")).value, draft); // and one patient's draft is not taken away by another's note
  const empty = await save(at("sender"), [change("anamnes", " ", { was: "Ingen fraktur." })], { draft: draft.id });
  await assert.rejects(writeNote(at("sender"), "p1", noteOf(empty)), isCode("NOTE_INVALID", "sections"));
  assert.equal(await count("composition"), before);
  await emptied(at("sender"));
});

test("CLIN-NOTE-7 when the seal or the log cannot be written there is no note, no contact and no seal, and the draft stands", async () => {
  const draft = await save(at("sender"), [change("anamnes", "Hosta.")]);
  const before = await Promise.all(["composition", "encounter", "seal"].map(count));
  for (const table of ["seal", "access_log"]) {
    await journal.sql(`REVOKE INSERT ON ${table} FROM eira_app, eira_person`);
    await assert.rejects(writeNote(at("sender"), "p1", noteOf(draft)));
    await journal.sql(`GRANT INSERT ON ${table} TO eira_app, eira_person`);
    assert.deepEqual(await Promise.all(["composition", "encounter", "seal"].map(count)), before, table);
  }
  assert.deepEqual((await noteDraftOf(at("sender"), "p1")).value, draft);
  await emptied(at("sender"));
});

test("CLIN-NOTE-8 a student's note waits with the supervisor; the student's signature, systems and whoever nothing opens the patient to are refused", async () => {
  const supervisor = at("sender", "2").actor.hsaId;
  const student = { ...at("sender", "1", { kind: "student", by: supervisor, task: null }) };
  const dated = { ...student, actor: { ...student.actor, assignment: { ...student.actor.assignment, from: "2020-01-01", until: "2099-01-01" } } }; // prettier-ignore
  const draft = await save(dated, [change("anamnes", "Hosta.")]);
  await assert.rejects(writeNote(dated, "p1", noteOf(draft)), isCode("FORBIDDEN"));
  const { note, isSigned } = (await writeNote(dated, "p1", noteOf(draft, { proof: null }))).value;
  assert.equal(isSigned, false);
  assert.ok((await unsignedOf(at("sender", "2"), 50)).value.items.some(({ id }) => id === note));
  assert.equal((await noteDesk(dated, "p1")).value.maySign, false);
  await assert.rejects(proposeNoteTemplate(dated, { from: null, title: "X", contacts: [], professions: [], words: [{ title: "A", isNeeded: false }] }), isCode("FORBIDDEN")); // prettier-ignore
  await assert.rejects(savePhrase(dated, { short: "x", text: "x", whose: "unit", key: "student-1" }), isCode("FORBIDDEN")); // prettier-ignore
  for (const [visit, code] of [
    [journal.client("system/*.cruds", UNITS.sender), "FORBIDDEN"],
    [at("theirs"), "NO_CARE_RELATION"],
  ] as const) {
    // prettier-ignore
    await assert.rejects(save(visit, [change("anamnes", "x")], {}, "p3"), isCode(code));
    await assert.rejects(noteDesk(visit, "p3"), isCode(code));
    await assert.rejects(pullIn(visit, "p3", { kind: "lab", word: "" }), isCode(code));
    await assert.rejects(writeNote(visit, "p3", noteOf(draft)), isCode(code));
  }
});

const VALUE = (id: string, value: number, more: JsonObject = {}): JsonObject => ({ resourceType: "Observation", id, status: "final", category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] }], code: { coding: [{ system: "urn:npu", code: "NPU1" }], text: "B-Hemoglobin" }, subject: { reference: "Patient/p1" }, effectiveDateTime: journal.clock().toISOString(), performer: [{ display: "Klinisk kemi" }], valueQuantity: { value, unit: "g/L" }, ...more }); // prettier-ignore

test("CLIN-NOTE-PULL-2, CLIN-NOTE-PULL-3 what is pulled in is kept as a reference with its words; a line that the record does not say, or no longer says, is refused", async () => {
  await journal.write(VALUE("hb-old", 120, { effectiveDateTime: "2026-01-01" }));
  await journal.write(VALUE("hb", 132));
  await journal.write(VALUE("hb-wrong", 99, { status: "entered-in-error" }));
  const pulled = (await pullIn(at("sender"), "p1", { kind: "lab", word: "Status" })).value;
  assert.deepEqual(pulled.map(({ reference }) => reference), ["Observation/hb"]); // prettier-ignore
  const line = pulled[0]?.line ?? "";
  const tried = async (text: string): Promise<NoteWish> => {
    await emptied(at("sender"));
    return noteOf(await save(at("sender"), [change("status", text, { pulled })]));
  };
  for (const text of [line.replace("132", "123"), `${line}.`, "Hämtat: Hb 132", "Kopierat: något"])
    await assert.rejects(writeNote(at("sender"), "p1", await tried(text)), (error: unknown) => isCode("NOTE_PULLED", "sections.status")(error) && !String((error as Error).message).includes("132"), text); // prettier-ignore
  const written = await tried(`Opåverkad.\n${line}`);
  await journal.write(VALUE("hb", 82, { status: "corrected" }));
  await assert.rejects(writeNote(at("sender"), "p1", written), isCode("NOTE_PULLED"));
  const fresh = (await pullIn(at("sender"), "p1", { kind: "lab", word: "Status" })).value;
  const now = fresh[0]?.line ?? "";
  await emptied(at("sender"));
  const draft = await save(at("sender"), [change("status", `Opåverkad.\n${now}`, { pulled: [...pulled, ...fresh] })]);
  const { note } = (await writeNote(at("sender"), "p1", noteOf(draft))).value;
  const [section] = (await stored("Composition", note))["section"] as JsonObject[];
  assert.deepEqual(section?.["entry"], [{ reference: "Observation/hb", display: now }]);
  const copied = (await pullIn(at("sender"), "p1", { kind: "before", word: "Status" })).value;
  assert.deepEqual(copied.map((one) => [one.reference, one.line.startsWith("Kopierat: ")]), [[`Composition/${note}`, true], [`Composition/${note}`, true]]); // prettier-ignore
  assert.deepEqual((await pullIn(at("sender"), "p1", { kind: "before", word: "Ingenting" })).value, []);
});

test("CLIN-NOTE-ANSWER-1 (journey 4) a note whose answer is changed before it is signed is sealed as changed, and the radiologist's later change comes to whoever quoted the first", async () => {
  const report = (conclusion: string, status: string): JsonObject => ({ resourceType: "DiagnosticReport", id: "xray", status, code: { text: "Slätröntgen handled" }, subject: { reference: "Patient/p1" }, basedOn: [{ reference: "ServiceRequest/xray" }], effectiveDateTime: journal.clock().toISOString(), performer: [{ reference: "Organization/asked" }], conclusion }); // prettier-ignore
  await journal.write({ resourceType: "ServiceRequest", id: "xray", status: "active", intent: "order", category: [{ coding: [{ system: "http://snomed.info/sct", code: "363679005" }] }], code: { text: "Slätröntgen handled" }, subject: { reference: "Patient/p1" }, requester: { reference: "PractitionerRole/role-sender1" }, performer: [{ reference: "Organization/asked" }], authoredOn: journal.clock().toISOString() }); // prettier-ignore
  // The radiologist's draft says something else than what is signed in the end: only what is signed goes out, under its own seal.
  await journal.write(report("Fraktur i distala radius.", "preliminary"), "asked");
  await journal.write(report("Ingen fraktur.", "final"), "asked");
  const signed = await stored("DiagnosticReport", "xray");
  assert.deepEqual([signed["conclusion"], judgeWords(signed).kind], ["Ingen fraktur.", "sealed"]);
  const first = await journal.loops("DiagnosticReport/xray");
  assert.ok(first.some(({ owner }) => owner === UNITS.sender.careUnit));
  const draft = await save(at("sender"), [change("bedömning", "Röntgen: ingen fraktur.")]);
  const { note } = (await writeNote(at("sender"), "p1", noteOf(draft))).value;
  // Words that differ from their seal are no answer, wherever they come from.
  await assert.rejects(journal.write({ ...signed, conclusion: "Fraktur.", id: "forged" }, "asked"), isCode("WORDS_DIFFER")); // prettier-ignore
  await journal.write(report("Fraktur i distala radius, odislocerad.", "corrected"), "asked");
  const changed = await stored("DiagnosticReport", "xray");
  assert.equal(judgeWords(changed).kind, "sealed");
  const again = await journal.loops("DiagnosticReport/xray");
  assert.ok(again.some((loop) => loop.owner === UNITS.sender.careUnit && loop.version > (first.find(({ id }) => id === loop.id)?.version ?? 0))); // prettier-ignore
  const corrected = { ...(await stored("Composition", note)), section: [{ title: "Bedömning", text: { status: "additional", div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Röntgen: fraktur i distala radius.</p></div>' } }] }; // prettier-ignore
  await correctRecord(at("sender"), { type: "Composition", id: note, version: "1", reason: "Ändrat röntgensvar", resource: corrected }); // prettier-ignore
  const { versions, lines } = (await noteHistory(at("sender"), "p1", note)).value;
  assert.deepEqual(versions.map((one) => [one.version, one.reason, one.signedBy !== null]), [[1, null, true], [2, "Ändrat röntgensvar", false]]); // prettier-ignore
  assert.deepEqual(lines.map((one) => `${one.version} ${one.text}`), ["1 Besöksanteckning", "2 Röntgen: fraktur i distala radius."]); // prettier-ignore
});

test("CLIN-NOTE-HISTORY-2 who made a version is told when the record tells, and said to be unknown when not; another patient's note is not there", async () => {
  await journal.write({ resourceType: "Composition", id: "foreign", status: "preliminary", type: { text: "Anteckning" }, subject: { reference: "Patient/p1" }, date: "2026-01-01", author: [{ reference: "Practitioner/x" }], title: "Äldre", section: [{ title: "Anamnes", text: { status: "additional", div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>a</p></div>' } }] }); // prettier-ignore
  const { versions } = (await noteHistory(at("sender"), "p1", "foreign")).value;
  assert.deepEqual(versions.map(({ by, signedBy }) => [by, signedBy]), [[null, null]]); // prettier-ignore
  await assert.rejects(noteHistory(at("sender"), "p2", "foreign"), isCode("NOT_FOUND"));
  await assert.rejects(noteHistory(at("sender"), "p1", "nothing-here"), isCode("NOT_FOUND"));
});

const template = (title: string, words: readonly string[], from: string | null): TemplateWish => ({ from, title, contacts: ["telefon"], professions: ["läkare"], words: words.map((one, n) => ({ title: one, isNeeded: n === 0 })) }); // prettier-ignore

test("CLIN-NOTE-TEMPLATE-1, CLIN-NOTE-TEMPLATE-2, CLIN-NOTE-TEMPLATE-3 a unit makes a template its own: proposed, looked at by another, in use; every version is kept and a note says which it was written by", async () => {
  const own = async (visit: Visit): Promise<string[]> => (await noteTemplates(visit)).value.filter(({ unit }) => unit !== null).map(({ title, version, state }) => `${title} ${version} ${state}`).toSorted(); // prettier-ignore
  await proposeNoteTemplate(at("sender"), template("Vårt besök", ["Anamnes", "Plan"], REGION));
  await assert.rejects(proposeNoteTemplate(at("sender", "2"), template("Ett till", ["Anamnes"], REGION)), isCode("NOTE_INVALID", "from")); // prettier-ignore
  await assert.rejects(proposeNoteTemplate(at("sender"), template("X", ["A"], "urn:nowhere")), isCode("NOTE_INVALID", "from")); // prettier-ignore
  const first = (await noteTemplates(at("sender"))).value.find(({ unit }) => unit !== null);
  assert.ok(first !== undefined);
  for (const visit of [at("sender"), at("beside", "2")]) await assert.rejects(reviewNoteTemplate(visit, { id: first.id, approve: true }), isCode("NOT_FOUND")); // prettier-ignore
  assert.deepEqual((await noteDesk(at("sender"), "p1")).value.templates.map(({ title }) => title), ["Besöksanteckning"]); // prettier-ignore
  const both = await Promise.allSettled([1, 2].map(() => reviewNoteTemplate(at("sender", "2"), { id: first.id, approve: true }))); // prettier-ignore
  assert.ok(both.some(({ status }) => status === "fulfilled"));
  assert.deepEqual(
    (await noteDesk(at("sender"), "p1")).value.templates.map(({ title }) => title),
    ["Vårt besök"],
  );
  assert.deepEqual((await noteDesk(at("beside"), "p1")).value.templates.map(({ title }) => title), ["Besöksanteckning"]); // prettier-ignore
  const draft = await save(at("sender"), [change("plan", "Åter."), change("anamnes", "Hosta.")], { template: `${first.url}|1` }); // prettier-ignore
  await proposeNoteTemplate(at("sender", "2"), template("Vårt besök", ["Anamnes", "Bedömning"], first.url));
  const second = (await noteTemplates(at("sender"))).value.find(({ version, unit }) => version === "2" && unit !== null); // prettier-ignore
  await reviewNoteTemplate(at("sender"), { id: second?.id ?? "", approve: true });
  assert.deepEqual(await own(at("sender")), ["Vårt besök 1 retired", "Vårt besök 2 active"]);
  assert.deepEqual(await own(at("beside")), []);
  const { note } = (await writeNote(at("sender"), "p1", noteOf(draft))).value;
  assert.equal((await noteHistory(at("sender"), "p1", note)).value.template, "Vårt besök, version 1");
  const needs = await save(at("sender"), [change("plan", "Åter.")], { template: `${first.url}|2` });
  await assert.rejects(writeNote(at("sender"), "p1", noteOf(needs)), isCode("NOTE_INVALID", "sections.anamnes"));
  await emptied(at("sender"));
  await proposeNoteTemplate(at("sender"), template("Nytt", ["A"], null));
  const third = (await noteTemplates(at("sender"))).value.find(({ title }) => title === "Nytt");
  await reviewNoteTemplate(at("sender", "2"), { id: third?.id ?? "", approve: false });
  assert.deepEqual(
    (await own(at("sender"))).filter((one) => one.startsWith("Nytt")),
    ["Nytt 1 retired"],
  );
  const kept = await searchResources(at("sender"), "PlanDefinition", [["identifier", `urn:eira:anteckningsmall:enhet|${UNITS.sender.careUnit}`]]); // prettier-ignore
  for (const { content } of kept.value.rows) assert.deepEqual(validateResource(parseJson(content) as JsonObject).filter(({ severity }) => severity === "error"), []); // prettier-ignore
});

test("CLIN-NOTE-PHRASE-1 phrases are one's own or the unit's, one for each word, and taken out of use by those whose they are", async () => {
  const phrase = {
    short: "ua",
    text: "Utan anmärkning.\nÅterkommer vid behov.",
    whose: "own",
    key: "phrase-1",
  } as const;
  await savePhrase(at("sender"), phrase);
  await assert.rejects(savePhrase(at("sender"), { ...phrase, key: "phrase-2" }), isCode("NOTE_INVALID", "short"));
  const all = (await savePhrase(at("sender"), { ...phrase, text: "U.a.", whose: "unit", key: "phrase-3" })).value;
  assert.deepEqual(all.map(({ short, text, whose }) => [short, text, whose]), [["ua", phrase.text, "own"], ["ua", "U.a.", "unit"]]); // prettier-ignore
  assert.deepEqual(
    (await phrasesOf(at("sender", "2"))).value.map(({ whose }) => whose),
    ["unit"],
  );
  assert.deepEqual((await phrasesOf(at("beside"))).value, []);
  for (const bad of [{ short: "a b" }, { short: "" }, { text: " " }, { text: "a\u0007" }]) await assert.rejects(savePhrase(at("sender"), { ...phrase, short: "ny", ...bad, key: "phrase-bad" }), isCode("NOTE_INVALID")); // prettier-ignore
  const [own, units] = all;
  await assert.rejects(retirePhrase(at("sender", "2"), own?.id ?? ""), isCode("NOT_FOUND"));
  await assert.rejects(retirePhrase(at("beside"), units?.id ?? ""), isCode("NOT_FOUND"));
  await retirePhrase(at("sender", "2"), units?.id ?? "");
  assert.deepEqual(
    (await phrasesOf(at("sender"))).value.map(({ whose }) => whose),
    ["own"],
  );
});

test("CLIN-NOTE-DESK-1 whoever begins is told of what goes on: the ongoing contact of the own unit is chosen, another unit's is not told", async () => {
  const contact = (id: string, unit: string, status: string): Promise<unknown> => journal.write({ resourceType: "Encounter", id, status, class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "EMER" }, type: [{ text: "Akutbesök" }], subject: { reference: "Patient/p2" }, period: { start: journal.clock().toISOString() }, serviceProvider: { reference: `Organization/${unit}` } }); // prettier-ignore
  assert.deepEqual((await noteDesk(at("sender"), "p2")).value.contact, { kind: "new", contact: "besok" });
  await contact("e1", "sender", "in-progress");
  await contact("e2", "beside", "in-progress");
  await contact("e3", "sender", "finished");
  const { contacts, contact: chosen, draft } = (await noteDesk(at("sender"), "p2")).value;
  assert.deepEqual(contacts.map((one) => [one.encounter, one.contact, one.isOngoing]), [["e1", "akut", true], ["e3", "akut", false]]); // prettier-ignore
  assert.deepEqual([chosen, draft], [{ kind: "there", encounter: "e1" }, null]);
});
