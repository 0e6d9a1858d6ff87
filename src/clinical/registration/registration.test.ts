/** Rules of ../SPEC.md: registering somebody unknown, a child, and the band, on a real database with the ledger along. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { PersonActor } from "../../access/index.ts";
import { identityNumberIn, vgrReserveNumbers } from "../../base/index.ts";
import { listOf, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import { drawReserveNumber, readResource, requireNeed, searchResources, type Visit } from "../../journal/index.ts";
import { loopJournal, UNITS, type LoopJournal, type UnitName } from "../../loop/testing/index.ts";
import { signOrders } from "../orders/sign.ts";
import { beginBand, endBand } from "./band.ts";
import { sameAs } from "./merge.ts";
import { RESERVE_SYSTEM } from "./reserve.ts";
import { registerChild, registerUnknown, type UnknownWish } from "./unknown.ts";

let journal: LoopJournal;
const endings: (() => Promise<unknown>)[] = [];

before(async () => {
  journal = await loopJournal({ after: (listener) => void endings.push(listener) });
  await journal.sql("DELETE FROM relation_of_test"); // nobody is in anybody's care until somebody is registered
});
after(async () => {
  for (const ending of endings.toReversed()) await ending();
});

function at(unit: UnitName, person = "1", footing?: PersonActor["assignment"]["footing"]): Visit {
  const visit = journal.at(unit, person);
  const assignment = { ...visit.actor.assignment, id: `role-${unit}${person}`, ...(footing === undefined ? {} : { footing }) }; // prettier-ignore
  return { ...visit, actor: { ...visit.actor, assignment } };
}

let keys = 0;
const wish = (more: Partial<UnknownWish> = {}): UnknownWish => ({ key: `register-${(keys += 1)}`, sex: "female", age: 30, reason: null, ...more }); // prettier-ignore
const register = async (more: Partial<UnknownWish> = {}, visit = at("sender")): Promise<string> => (await registerUnknown(visit, wish(more))).value.id; // prettier-ignore
const read = async (type: string, id: string, visit = at("sender")): Promise<JsonObject> => parseJson((await readResource(visit, type, id)).value.content) as JsonObject; // prettier-ignore
const numberOf = (patient: JsonObject): string => String(objectOf(listOf(patient["identifier"])[0])["value"]);
const labelOf = (patient: JsonObject): string => String(objectOf(listOf(patient["name"])[0])["text"]);
const isCode = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

test("CLIN-REGISTER-1 one command makes the person, the visit and the unit's relation at once; another unit has none, and the log says who did it", async () => {
  const visit = at("sender");
  const id = await register({ reason: "Förlossningsarbete" }, visit);
  const patient = await read("Patient", id);
  assert.deepEqual([patient["gender"], patient["birthDate"], patient["active"]], ["female", "1996", true]);
  assert.match(labelOf(patient), /^Okänd kvinna 2026-11-2\d [A-Z]$/);
  await requireNeed(at("sender", "2"), id, "x"); // everybody at the unit
  await assert.rejects(requireNeed(at("beside"), id, "x"), isCode("NO_CARE_RELATION"));
  const [row] = (await searchResources(at("sender"), "Encounter", [["patient", id]])).value.rows;
  const encounter = parseJson(row?.content ?? "{}") as JsonObject;
  assert.deepEqual([encounter["status"], objectOf(encounter["class"])["code"]], ["in-progress", "EMER"]);
  const lines = await journal.log(visit.request);
  assert.ok(lines.some(({ action, patient: whose }) => action === "create" && whose === id));
  assert.ok(lines.some(({ action }) => action === "draw number"));
});

test("CLIN-REGISTER-2 the number is one of the region's series by its own rules, and what is guessed says so; without an age there is none, and the number is of a year in which nobody alive was born", async () => {
  const guessed = await read("Patient", await register({ age: 4, sex: "male" }));
  assert.match(labelOf(guessed), /^Okänd pojke /);
  assert.equal(guessed["birthDate"], "2022");
  assert.equal(objectOf(listOf(objectOf(guessed["_birthDate"])["extension"])[0])["valueBoolean"], true);
  assert.equal(identityNumberIn(RESERVE_SYSTEM, numberOf(guessed))?.kind, "regionalt-reservnummer");
  assert.match(numberOf(guessed), /^2022\d{4}M\d{3}$/);
  const unknown = await read("Patient", await register({ age: null, sex: "unknown" }));
  assert.deepEqual([unknown["birthDate"], unknown["_birthDate"], unknown["gender"]], [undefined, undefined, "unknown"]);
  assert.match(numberOf(unknown), /^1900\d{4}X\d{3}$/);
  assert.match(labelOf(unknown), /^Okänd person /);
});

test("CLIN-REGISTER-2, STORE-RESERVE-1 of twenty at once each has a number and a letter of their own", async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => register({ age: 52 }, at(n % 2 === 0 ? "sender" : "asked")))); // prettier-ignore
  const patients = await Promise.all(ids.map((id) => read("Patient", id)));
  assert.equal(new Set(patients.map(numberOf)).size, 20);
  assert.equal(new Set(patients.map(labelOf)).size, 20);
});

test("CLIN-REGISTER-2, STORE-RESERVE-1 a number that another system gave out is passed over, and one that was drawn is never drawn again, not when its patient is gone", async () => {
  const [first = "", second = ""] = vgrReserveNumbers("19690101", "female");
  await journal.put({ resourceType: "Patient", id: "given-elsewhere", identifier: [{ system: RESERVE_SYSTEM, value: first }] }); // prettier-ignore
  const own = await register({ age: 57 });
  const drawn = numberOf(await read("Patient", own));
  assert.notEqual(drawn, first);
  await journal.sql("DELETE FROM patient WHERE id = $1", [own]);
  const again = numberOf(await read("Patient", await register({ age: 57 })));
  assert.notEqual(again, drawn);
  const all = { system: "urn:test", by: "a", values: [second] };
  assert.equal((await drawReserveNumber(at("sender"), all)).value, second);
  assert.equal((await drawReserveNumber(at("sender"), all)).value, second); // the same registration
  assert.equal((await drawReserveNumber(at("sender"), { ...all, by: "b" })).value, undefined);
});

test("CLIN-REGISTER-3 the second click, in turn and at once, is the same person; another wish under the key is refused", async () => {
  const one = wish();
  const before = await journal.sql<{ n: number }>("SELECT count(*)::int AS n FROM patient");
  const [a, b] = await Promise.all([registerUnknown(at("sender"), one), registerUnknown(at("sender"), one)]);
  const c = await registerUnknown(at("sender"), one);
  assert.deepEqual([b.value.id, c.value.id], [a.value.id, a.value.id]);
  const then = await journal.sql<{ n: number }>("SELECT count(*)::int AS n FROM patient");
  assert.equal((then[0]?.n ?? 0) - (before[0]?.n ?? 0), 1);
  await assert.rejects(registerUnknown(at("sender"), { ...one, sex: "male" }), isCode("IDEMPOTENCY_KEY_REUSED"));
});

test("CLIN-REGISTER-4 students, systems and applications register nobody, and what cannot be is refused before anything is drawn", async () => {
  const student = { kind: "student", by: "SE1-P", from: "2026-01-01", until: "2026-12-31" } as unknown as PersonActor["assignment"]["footing"]; // prettier-ignore
  await assert.rejects(registerUnknown(at("sender", "1", student), wish()), isCode("FORBIDDEN"));
  await assert.rejects(registerUnknown(journal.client(), wish()), isCode("FORBIDDEN"));
  const drawn = (): Promise<{ n: number }[]> => journal.sql("SELECT count(*)::int AS n FROM reserve_number");
  const before = await drawn();
  for (const bad of [{ age: -1 }, { age: 116 }, { age: 1.5 }, { key: "short" }])
    await assert.rejects(registerUnknown(at("sender"), wish(bad)), isCode("REGISTER_INVALID"));
  assert.deepEqual(await drawn(), before);
});

test("CLIN-REGISTER-1 blood and imaging are ordered in the next moment under the reserve number", async () => {
  const items = [["blod", "108252007"], ["bild", "363679005"]] as const; // prettier-ignore
  for (const [id, category] of items) {
    const topic = [{ coding: [{ system: "http://snomed.info/sct", code: category }] }];
    const extension = [{ url: "urn:eira:bestallning:mottagare", valueReference: { reference: "Organization/asked", display: "asked" } }]; // prettier-ignore
    await journal.put({ resourceType: "ActivityDefinition", id, url: `urn:eira:bestallning:katalog:${id}`, version: "1", title: id, status: "active", kind: "ServiceRequest", intent: "order", topic, code: { text: id }, extension }, null); // prettier-ignore
  }
  const id = await register();
  const shown = numberOf(await read("Patient", id));
  const lines = items.map(([item]) => ({ item, version: "1", receiver: "Organization/asked", goesTo: UNITS.asked.careUnit, priority: "stat", when: null, question: "", history: "", contact: "", attached: [] }) as const); // prettier-ignore
  const { value } = await signOrders(at("sender"), id, { key: "blood-now", shown, draft: null, lines });
  assert.equal(value.length, 2);
  const loops = await journal.loops(`ServiceRequest/${value[0]}`);
  assert.deepEqual(loops.map(({ receiver }) => receiver), [UNITS.asked.careUnit]); // prettier-ignore
});

test("CLIN-REGISTER-5 a child has its own number and day of birth; mother and child lead to each other, once however often it is sent, and only by whoever has the mother", async () => {
  const mother = await register();
  const child = { key: "child-of-unknown", sex: "female" } as const;
  const { value } = await registerChild(at("sender"), mother, child);
  assert.equal((await registerChild(at("sender"), mother, child)).value.id, value.id);
  const born = await read("Patient", value.id);
  assert.match(labelOf(born), /^Nyfödd flicka /);
  assert.match(String(born["birthDate"]), /^2026-11-2\d$/);
  assert.notEqual(numberOf(born), numberOf(await read("Patient", mother)));
  const fromMother = (await sameAs(at("sender"), mother)).value.family;
  assert.deepEqual(fromMother.map(({ id, how }) => [id, how]), [[value.id, "child"]]); // prettier-ignore
  const fromChild = (await sameAs(at("sender"), value.id)).value.family;
  assert.deepEqual(fromChild.map(({ id, how }) => [id, how]), [[mother, "mother"]]); // prettier-ignore
  const [relative] = (await searchResources(at("sender"), "RelatedPerson", [["patient", value.id]])).value.rows;
  const known = parseJson(relative?.content ?? "{}") as JsonObject;
  assert.equal(numberOf(known), numberOf(await read("Patient", mother)));
  const links = listOf((await read("Patient", mother))["link"]).map(objectOf);
  assert.deepEqual(links.map(({ type }) => type), ["seealso"]); // prettier-ignore
  await requireNeed(at("sender", "2"), value.id, "x");
  await assert.rejects(registerChild(at("beside"), mother, { ...child, key: "another-one" }), isCode("NO_CARE_RELATION")); // prettier-ignore
});

test("CLIN-REGISTER-5 twins at once are two, each with a number of their own, and both are their mother's", async () => {
  const mother = await register();
  const two = await Promise.all(["twin-one-1", "twin-two-2"].map((key) => registerChild(at("sender"), mother, { key, sex: "male" }))); // prettier-ignore
  const ids = two.map(({ value }) => value.id);
  const numbers = await Promise.all(ids.map(async (id) => numberOf(await read("Patient", id))));
  assert.equal(new Set(numbers).size, 2);
  const { family } = (await sameAs(at("sender"), mother)).value;
  assert.deepEqual(family.map(({ id }) => id).toSorted(), ids.toSorted());
});

test("CLIN-REGISTER-5 of a mother whose identity is protected the child's record has neither number nor name", async () => {
  const security = [{ system: "http://electronichealth.se/fhir/CodeSystem/securityLabel", code: "sekretessmarkering" }];
  const id = "protected-mother";
  await journal.put({ resourceType: "Patient", id, meta: { security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "V" }, ...security] }, identifier: [{ system: "urn:x", value: "1" }], name: [{ text: "Hemlig Person" }] }); // prettier-ignore
  await journal.sql("INSERT INTO opening (patient, care_unit, source_provider, source_unit, rule) VALUES ($1, $2, $3, $2, 'ACC-NEED-CONTACT')", [id, UNITS.sender.careUnit, UNITS.sender.careProvider]); // prettier-ignore
  const { value } = await registerChild(at("sender"), id, { key: "protected-child", sex: "male" });
  const rows = await journal.sql<{ content: string }>("SELECT content FROM relatedperson WHERE patient = $1 UNION ALL SELECT content FROM patient WHERE id = $1", [value.id]); // prettier-ignore
  assert.equal(rows.length, 2);
  assert.ok(rows.every(({ content }) => !content.includes("Hemlig") && !content.includes("urn:x")));
  const [mother] = await journal.sql<{ content: string }>("SELECT content FROM patient WHERE id = $1", [id]);
  assert.match(mother?.content ?? "", /Hemlig Person.*seealso/);
});

test("CLIN-BAND-1 a band is a task that is open until it has come out; asked for twice it is one, and whoever has not the patient gets none", async () => {
  const id = await register();
  const printing = { key: "band-key-1", printer: "Skrivaren" };
  const first = await beginBand(at("sender"), id, printing);
  assert.deepEqual([first.isNew, first.status], [true, "requested"]);
  assert.equal(first.band.number, numberOf(await read("Patient", id)));
  assert.deepEqual([first.band.isEstimated, first.band.born, first.band.sex], [true, "1996", "female"]);
  const second = await beginBand(at("sender"), id, printing);
  assert.deepEqual([second.isNew, second.task], [false, first.task]);
  await endBand(at("sender"), first.task, "out-of-paper");
  assert.equal((await read("Task", first.task))["status"], "failed");
  await assert.rejects(beginBand(at("beside"), id, { ...printing, key: "band-key-2" }), isCode("NO_CARE_RELATION"));
});
