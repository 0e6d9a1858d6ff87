/** Rules of ../SPEC.md: measuring at the bedside, on a real database with the ledger along. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { PersonActor } from "../../access/index.ts";
import { listOf, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import { readHistory, readResource, searchResources, type Visit } from "../../journal/index.ts";
import { patient as patientOf } from "../../journal/testing/index.ts";
import { ledgerAlong } from "../../loop/index.ts";
import { loopJournalOfFile, UNITS, type UnitName } from "../../loop/testing/index.ts";
import { textIn } from "../said.ts";
import { correctMeasured, type CorrectWish } from "./correct.ts";
import { measureDesk } from "./desk.ts";
import { EARLY_WARNING } from "./knowledge/index.ts";
import { ordainScale, type ScaleWish } from "./scale.ts";
import { scoreOf } from "./score.ts";
import { faultsOf, type Measured } from "./values.ts";
import { holdsFor } from "./whom.ts";
import { momentOf, writeMeasured, type MeasureWish } from "./write.ts";

const NUMBER = "191212121212";
const CALM: Measured = { breaths: "16", saturation: "97", oxygen: "0", systolic: "125", diastolic: "75", pulse: "75", consciousness: "A", temperature: "37.0" }; // prettier-ignore
const journal = await loopJournalOfFile();

before(async () => {
  const identifier = [{ system: "http://electronichealth.se/identifier/personnummer", value: NUMBER }];
  for (const id of ["p1", "p2", "p3", "p4"]) await journal.put(patientOf(id, { identifier, birthDate: "1940-01-02" }));
  await journal.put(patientOf("child", { identifier, birthDate: "2020-05-05" }));
  await journal.put(patientOf("unborn", { identifier }));
  const active = { coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code: "active" }] };
  await journal.put(patientOf("mother", { identifier, birthDate: "1995-01-01" }));
  await journal.put({ resourceType: "Condition", id: "z34", clinicalStatus: active, code: { coding: [{ system: "https://www.icd10.se/", code: "Z34.9" }] }, recordedDate: journal.clock().toISOString(), subject: { reference: "Patient/mother" } }, UNITS.sender); // prettier-ignore
});

function at(unit: UnitName, person = "1", footing?: PersonActor["assignment"]["footing"]): Visit {
  const visit = journal.at(unit, person);
  const assignment = { ...visit.actor.assignment, id: `role-${unit}${person}`, ...(footing === undefined ? {} : { footing }) }; // prettier-ignore
  return { ...visit, referentialIntegrity: false, actor: { ...visit.actor, assignment } };
}
let keys = 0;
const NOT_SAID = { position: null, thermometer: null, device: null };
function round(measured: Measured, more: Partial<MeasureWish> = {}, scale = "1"): MeasureWish {
  const score = { total: scoreOf(EARLY_WARNING, measured, scale).total };
  return { key: `round-${(keys += 1)}`, shown: NUMBER, time: null, measured, how: NOT_SAID, sure: new Set(), score, ...more }; // prettier-ignore
}
const isCode = (code: string, place?: string) => (error: unknown) => {
  const { code: said, issues } = error as { code?: string; issues?: readonly { expression?: string }[] };
  assert.deepEqual([said, place ?? issues?.[0]?.expression], [code, issues?.[0]?.expression], String(error));
  return true;
};
const stored = async (type: string, id: string): Promise<JsonObject> => parseJson((await readResource(at("sender"), type, id)).value.content) as JsonObject; // prettier-ignore
const membersOf = async (panel: string): Promise<readonly JsonObject[]> => {
  const ids = listOf((await stored("Observation", panel))["hasMember"]).map((one) => textIn(objectOf(one)["reference"])?.split("/")[1] ?? ""); // prettier-ignore
  return Promise.all(ids.map((id) => stored("Observation", id)));
};
const named = (all: readonly JsonObject[], text: string): JsonObject => {
  const found = all.find(({ code }) => objectOf(code)["text"] === text);
  assert.ok(found !== undefined, text);
  return found;
};
const amounts = async (): Promise<unknown> => (await journal.sql("SELECT (SELECT count(*)::int FROM observation) AS observations, (SELECT count(*)::int FROM task) AS tasks, (SELECT count(*)::int FROM loop) AS loops"))[0]; // prettier-ignore

test("CLIN-OBS-1 a round is coded observations with the digits as typed, its score and its panel in one commit; the same key is the same round, and other values under it are refused", async () => {
  const wish = round(CALM, { how: { position: "sitting", thermometer: "ear", device: null } });
  const first = (await writeMeasured(at("sender"), "p1", wish)).value;
  const counted = await amounts();
  const again = await Promise.all([1, 2, 3].map(() => writeMeasured(at("sender"), "p1", wish)));
  for (const { value } of again) assert.deepEqual(value, first);
  assert.deepEqual(await amounts(), counted);
  await assert.rejects(writeMeasured(at("sender"), "p1", { ...wish, measured: { ...CALM, pulse: "76" } }), isCode("IDEMPOTENCY_KEY_REUSED")); // prettier-ignore
  const members = await membersOf(first.panel);
  assert.equal(members.length, 8);
  for (const one of members) {
    assert.equal(objectOf(listOf(objectOf(listOf(one["category"])[0])["coding"])[0])["code"], "vital-signs");
    assert.deepEqual([one["status"], objectOf(one["subject"])["reference"]], ["final", "Patient/p1"]);
    assert.match(String(objectOf(listOf(one["performer"])[0])["reference"]), /^PractitionerRole\//);
  }
  const temperature = named(members, "Kroppstemperatur");
  const { value, code } = objectOf(temperature["valueQuantity"]);
  assert.deepEqual([String(value), code, objectOf(temperature["method"])["text"]], ["37.0", "Cel", "Öra"]);
  const pressure = listOf(named(members, "Blodtryck")["component"]).map(objectOf);
  assert.deepEqual(pressure.map((one) => String(objectOf(one["valueQuantity"])["value"])), ["125", "75"]); // prettier-ignore
  const score = named(members, "NEWS2");
  assert.deepEqual([score["valueInteger"], listOf(score["derivedFrom"]).length], [0, 7]);
  assert.match(String(objectOf(score["method"])["text"]), /Royal College of Physicians 2017\), SpO₂-skala 1/);
  assert.equal(named(members, "Puls")["method"], undefined);
  // What was not measured is not there.
  const few = (await writeMeasured(at("sender"), "p1", round({ pulse: "75", systolic: "120" }))).value;
  const some = await membersOf(few.panel);
  assert.deepEqual(some.map(({ code: one }) => objectOf(one)["text"]), ["Blodtryck", "Puls", "NEWS2"]); // prettier-ignore
  assert.deepEqual([named(some, "NEWS2")["valueInteger"], objectOf(named(some, "NEWS2")["dataAbsentReason"])["text"]], [undefined, "ofullständig"]); // prettier-ignore
  assert.match(JSON.stringify(named(some, "NEWS2")["note"]), /andningsfrekvens, syremättnad \(SpO₂\), syrgastillförsel, medvetandegrad \(ACVPU\), kroppstemperatur saknas/); // prettier-ignore
});

test("CLIN-OBS-2, CLIN-OBS-7 what cannot be is refused at its value, the unusual until it is said to be right, another identity, another score and nothing at all; and then nothing is written", async () => {
  const counted = await amounts();
  const cases: readonly (readonly [string, string | undefined, Measured, Partial<MeasureWish>?])[] = [
    ["OBSERVATION_INVALID", "values", {}],
    ["OBSERVATION_INVALID", "values.saturation", { saturation: "101" }],
    ["OBSERVATION_INVALID", "values.pulse", { pulse: "75.5" }],
    ["OBSERVATION_INVALID", "values.pulse", { pulse: "-5" }],
    ["OBSERVATION_INVALID", "values.temperature", { temperature: "372" }],
    ["OBSERVATION_INVALID", "values.temperature", { temperature: "37.25" }],
    ["OBSERVATION_INVALID", "values.consciousness", { consciousness: "X" }],
    ["OBSERVATION_INVALID", "values.diastolic", { diastolic: "80" }],
    ["OBSERVATION_INVALID", "values.diastolic", { systolic: "80", diastolic: "120" }],
    ["OBSERVATION_INVALID", "values.pulse", { pulse: "999", temperature: "42.0" }, { sure: new Set(["pulse"]) }],
    ["OBSERVATION_UNSURE", "values.temperature", { temperature: "42.0" }],
    ["OBSERVATION_UNSURE", "values.saturation", { saturation: "60", temperature: "42.0" }, { sure: new Set(["temperature"]) }], // prettier-ignore
    ["OBSERVATION_INVALID", "time", CALM, { time: "24:10" }],
    ["OBSERVATION_INVALID", "how.device", CALM, { how: { ...NOT_SAID, device: "straw" } }],
    ["OBSERVATION_OTHER_PATIENT", "shown", CALM, { shown: "198112189876" }],
    ["OBSERVATION_OTHER_PATIENT", "shown", CALM, { shown: null }],
    ["OBSERVATION_SCORE", undefined, CALM, { score: { total: 3 } }],
    ["OBSERVATION_SCORE", undefined, CALM, { score: null }],
  ];
  for (const [code, place, measured, more] of cases)
    await assert.rejects(writeMeasured(at("sender"), "p1", round(measured, more)), isCode(code, place), JSON.stringify(measured)); // prettier-ignore
  assert.deepEqual(await amounts(), counted);
  await writeMeasured(at("sender"), "p1", round({ temperature: "42.0" }, { sure: new Set(["temperature"]) }));
  assert.deepEqual(faultsOf({ pulse: "0", breaths: "0" }, new Set()).map(({ kind }) => kind), ["improbable", "improbable"]); // prettier-ignore
});

test("CLIN-OBS-2 a time is the latest at which Swedish clocks showed it, today or yesterday, also over the change of the hour", () => {
  const on = (time: string | null, now: string): string => momentOf(time, new Date(now)).toISOString();
  assert.equal(on(null, "2026-11-22T12:00:00Z"), "2026-11-22T12:00:00.000Z");
  assert.equal(on("12:15", "2026-11-22T12:00:00Z"), "2026-11-22T11:15:00.000Z");
  assert.equal(on("23:50", "2026-11-22T12:00:00Z"), "2026-11-21T22:50:00.000Z");
  assert.equal(on("13:01", "2026-11-22T12:00:00Z"), "2026-11-22T12:00:00.000Z"); // a clock that is ahead
  assert.equal(on("00:30", "2026-03-29T10:00:00Z"), "2026-03-28T23:30:00.000Z");
});

test("CLIN-OBS-3 whoever measures is told the values, the score, for whom it holds and the newest of each, without mistakes; whoever nothing opens the patient to is told nothing", async () => {
  await writeMeasured(at("sender"), "p2", round(CALM));
  await writeMeasured(at("sender"), "p2", round({ pulse: "81" }));
  const { value } = await measureDesk(at("sender"), "p2");
  const newest = Object.fromEntries(value.before.map((one) => [one.value, one.text]));
  assert.deepEqual(newest, { ...CALM, pulse: "81" });
  assert.deepEqual([value.whom.holds, value.whom.scale, value.set.name, value.values.pulse.unit], ["yes", "1", "NEWS2", "slag/min"]); // prettier-ignore
  const wrong = (await writeMeasured(at("sender"), "p2", round({ pulse: "180" }))).value;
  await correctMeasured(at("sender"), "p2", { id: wrong.panel, wish: correction(1, {}) });
  assert.equal((await measureDesk(at("sender"), "p2")).value.before.find(({ value: one }) => one === "pulse")?.text, "81"); // prettier-ignore
  await assert.rejects(measureDesk(at("theirs"), "elsewhere"), isCode("NO_CARE_RELATION"));
});

test("CLIN-OBS-4 below 16 and in pregnancy the values are written without a score, and one that is sent along is refused; where the age is not known the score says so; a year alone is enough when it is", async () => {
  for (const id of ["child", "mother"]) {
    assert.notEqual((await measureDesk(at("sender"), id)).value.whom.holds, "yes");
    await assert.rejects(writeMeasured(at("sender"), id, round(CALM)), isCode("OBSERVATION_SCORE"));
    const { panel, task } = (await writeMeasured(at("sender"), id, round({ ...CALM, consciousness: "U" }, { score: null }))).value; // prettier-ignore
    assert.equal(task, null);
    assert.ok(
      (await membersOf(panel)).every(({ code }) => objectOf(code)["text"] !== "NEWS2"),
      id,
    );
  }
  const { panel } = (await writeMeasured(at("sender"), "unborn", round(CALM))).value;
  assert.match(JSON.stringify(named(await membersOf(panel), "NEWS2")["note"]), /Åldern är inte känd: NEWS2 gäller från 16 år/); // prettier-ignore
  const born = (birthDate: string): string => holdsFor([patientOf("x", { birthDate })], { set: EARLY_WARNING, now: Date.parse("2026-11-22T12:00:00Z") }); // prettier-ignore
  assert.deepEqual(["2010-11-22", "2010-11-23", "2009", "2010", "2011", "1960-03"].map(born), ["yes", "child", "yes", "age-unknown", "child", "yes"]); // prettier-ignore
});

test("CLIN-OBS-5 the second scale holds while its ordination stands, made once and ended with why; a screen that has the other scale is refused", async () => {
  const oxygen: Measured = { ...CALM, saturation: "97", oxygen: "2" };
  const ordain: ScaleWish = { key: "scale-001", shown: NUMBER, why: "KOL med känd koldioxidretention", ends: null };
  const first = (await ordainScale(at("sender"), "p3", ordain)).value;
  const second = (await ordainScale(at("sender", "2"), "p3", { ...ordain, key: "scale-002" })).value;
  assert.deepEqual([first.scale, first.target?.why, second.target?.id], ["2", ordain.why, first.target?.id]);
  await assert.rejects(writeMeasured(at("sender"), "p3", round(oxygen)), isCode("OBSERVATION_SCORE"));
  const { panel, task } = (await writeMeasured(at("sender"), "p3", round(oxygen, {}, "2"))).value;
  const score = named(await membersOf(panel), "NEWS2");
  assert.deepEqual([score["valueInteger"], task !== null], [5, true]);
  assert.match(String(objectOf(score["method"])["text"]), /SpO₂-skala 2/);
  const seen = { id: first.target?.id ?? "", version: first.target?.version ?? 0 };
  const cases: readonly (readonly [string, Visit, string, Partial<ScaleWish>])[] = [
    ["OBSERVATION_INVALID", at("sender"), "p3", { why: " " }],
    ["OBSERVATION_OTHER_PATIENT", at("sender"), "p3", { shown: "198112189876" }],
    ["OBSERVATION_CHANGED", at("sender"), "p3", { ends: { ...seen, version: 99 } }],
    ["FORBIDDEN", at("sender", "1", { kind: "student", supervisor: "sender2" } as unknown as PersonActor["assignment"]["footing"]), "p3", {}], // prettier-ignore
    ["NO_CARE_RELATION", at("theirs"), "elsewhere", {}],
  ];
  for (const [code, visit, id, more] of cases) await assert.rejects(ordainScale(visit, id, { ...ordain, key: `scale-x${(keys += 1)}`, ...more }), isCode(code)); // prettier-ignore
  await assert.rejects(ordainScale(at("sender"), "p1", { ...ordain, key: "scale-other", ends: seen })); // another patient's
  assert.equal((await measureDesk(at("sender"), "p3")).value.whom.scale, "2");
  const ended = (await ordainScale(at("sender"), "p3", { ...ordain, key: "scale-003", why: "Ny blodgas", ends: seen })).value; // prettier-ignore
  assert.deepEqual([ended.scale, ended.target], ["1", null]);
  assert.deepEqual([(await stored("Goal", seen.id))["lifecycleStatus"], (await stored("Goal", seen.id))["statusReason"]], ["cancelled", "Ny blodgas"]); // prettier-ignore
});

const GRAVE: Measured = { ...CALM, consciousness: "C", oxygen: "2", breaths: "21" };

test("CLIN-OBS-6 five, seven and three of a single value, also of an incomplete round, open a loop of the unit's list with risk and deadline in the same commit; what is calm opens nothing", async () => {
  const cases: readonly (readonly [Measured, string, number, number])[] = [
    [GRAVE, "NEWS2 7: hög risk", 0, 15],
    [{ ...CALM, oxygen: "2", breaths: "21", pulse: "95" }, "NEWS2 5: medelhög risk", 1, 60],
    [{ ...CALM, consciousness: "V" }, "NEWS2 3: 3 poäng för ett enskilt värde", 1, 60],
    [{ systolic: "85" }, "NEWS2 minst 3: 3 poäng för ett enskilt värde", 1, 60],
  ];
  for (const [measured, title, risk, minutes] of cases) {
    const { task, due } = (await writeMeasured(at("sender"), "p1", round(measured))).value;
    assert.ok(task !== null, title);
    const resource = await stored("Task", task);
    assert.deepEqual([objectOf(resource["code"])["text"], objectOf(resource["for"])["reference"]], [title, "Patient/p1"]); // prettier-ignore
    assert.equal(Date.parse(due ?? "") - Date.parse(String(resource["authoredOn"])), minutes * 60_000);
    const [loop] = await journal.loops(`Task/${task}`);
    assert.deepEqual([loop?.kind, loop?.owner, loop?.state, loop?.risk], ["task", UNITS.sender.careUnit, "created", risk]); // prettier-ignore
    const [row] = await journal.sql<{ due: string }>("SELECT to_char(deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') AS due FROM loop WHERE id = '" + (loop?.id ?? "") + "'"); // prettier-ignore
    assert.equal(row?.due, due?.slice(0, 19), title);
  }
  const { task } = (await writeMeasured(at("sender"), "p1", round({ ...CALM, oxygen: "2", breaths: "21" }))).value;
  assert.equal(task, null);
});

function correction(version: number, measured: Measured, more: Partial<CorrectWish> = {}): CorrectWish {
  const score = Object.keys(measured).length === 0 ? null : { total: scoreOf(EARLY_WARNING, measured, "1").total };
  return { key: `correct-${(keys += 1)}`, shown: NUMBER, version, measured, sure: new Set(), score, why: "Felskrivet", ...more }; // prettier-ignore
}

test("CLIN-OBS-8, CLIN-OBS-9 a wrong value is corrected with what it was beside it and the score is counted anew, what was left out comes in, and the task of the score that was too grave says so and stays open", async () => {
  const { temperature: _left, ...wrong } = { ...GRAVE, systolic: "85" };
  const { panel, task } = (await writeMeasured(at("sender"), "p4", round(wrong))).value;
  assert.ok(task !== null);
  const wish = correction(1, { ...CALM, oxygen: "2" });
  const answers = await Promise.all([1, 2].map(() => correctMeasured(at("sender", "2"), "p4", { id: panel, wish })));
  assert.deepEqual(answers.map(({ value }) => value), [{ panel, task: null, due: null }, { panel, task: null, due: null }]); // prettier-ignore
  const members = await membersOf(panel);
  const score = named(members, "NEWS2");
  assert.deepEqual([score["valueInteger"], score["status"], score["dataAbsentReason"]], [2, "corrected", undefined]);
  assert.match(JSON.stringify(score["note"]), /Rättad, var ofullständig\. Felskrivet/);
  assert.doesNotMatch(JSON.stringify(score["note"]), /saknas/);
  assert.equal(listOf(score["derivedFrom"]).length, 7);
  const pressure = named(members, "Blodtryck");
  assert.equal(pressure["status"], "corrected");
  const marks = listOf(pressure["extension"]).map(objectOf).filter(({ url }) => url === "urn:eira:matvarden:rattad"); // prettier-ignore
  assert.match(JSON.stringify(marks), /"varde","valueString":"85\/75".*"nar".*"av".*"varfor","valueString":"Felskrivet"/); // prettier-ignore
  assert.equal((await readHistory(at("sender"), { type: "Observation", id: String(pressure["id"]), count: 10 })).value.rows.length, 2); // prettier-ignore
  assert.deepEqual([named(members, "Puls")["status"], named(members, "Kroppstemperatur")["status"]], ["final", "final"]); // prettier-ignore
  const told = await stored("Task", task);
  assert.equal(objectOf(told["code"])["text"], "NEWS2 minst 10: hög risk – rättad till 2");
  assert.equal((await journal.loops(`Task/${task}`))[0]?.state, "created");
  // Corrected to a graver one it asks anew.
  const graver = (await correctMeasured(at("sender"), "p4", { id: panel, wish: correction(2, GRAVE) })).value;
  assert.ok(graver.task !== null && graver.task !== task);
  assert.equal((await journal.loops(`Task/${graver.task}`))[0]?.risk, 0);
  assert.match(JSON.stringify(named(await membersOf(panel), "NEWS2")["note"]), /var ofullständig.*var 2\./);
  // Taken back as a whole nothing of it stands, and nothing of it is scored.
  await correctMeasured(at("sender"), "p4", { id: panel, wish: correction(3, {}, { why: "Fel patient" }) });
  assert.ok((await membersOf(panel)).every(({ status }) => status === "entered-in-error"));
  assert.equal((await stored("Observation", panel))["status"], "entered-in-error");
  assert.match(String(objectOf((await stored("Task", graver.task))["code"])["text"]), /rättad till tillbakadragen/);
});

test("CLIN-OBS-8 a correction that was not seen, changes nothing, has no reason or another score or identity, is of no round, or of another patient's, changes nothing", async () => {
  const { panel } = (await writeMeasured(at("sender"), "p2", round(CALM))).value;
  const pulse = String(named(await membersOf(panel), "Puls")["id"]);
  const other: Measured = { ...CALM, pulse: "85" };
  const cases: readonly (readonly [string, string, CorrectWish, string?])[] = [
    ["OBSERVATION_CHANGED", panel, correction(7, other)],
    ["OBSERVATION_INVALID", panel, correction(1, CALM)],
    ["OBSERVATION_INVALID", panel, correction(1, other, { why: " " })],
    ["OBSERVATION_SCORE", panel, correction(1, other, { score: { total: 9 } })],
    ["OBSERVATION_INVALID", panel, correction(1, { ...CALM, pulse: "999" })],
    ["OBSERVATION_UNSURE", panel, correction(1, { ...CALM, pulse: "240" })],
    ["OBSERVATION_OTHER_PATIENT", panel, correction(1, other, { shown: "198112189876" })],
    ["NOT_FOUND", pulse, correction(1, other)],
    ["NOT_FOUND", panel, correction(1, other), "p1"],
  ];
  for (const [code, id, wish, whose = "p2"] of cases)
    await assert.rejects(correctMeasured(at("sender"), whose, { id, wish }), isCode(code), code);
  assert.deepEqual((await membersOf(panel)).map(({ status }) => status), Array.from({ length: 8 }, () => "final")); // prettier-ignore
  const both = await Promise.allSettled(["80", "90"].map((one) => correctMeasured(at("sender"), "p2", { id: panel, wish: correction(1, { ...CALM, pulse: one }) }))); // prettier-ignore
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]); // prettier-ignore
});

test("CLIN-OBS-7 systems and whoever nothing opens the patient to write nothing this way", async () => {
  const counted = await amounts();
  const system = { ...journal.client("system/*.cruds", UNITS.sender), along: ledgerAlong };
  await assert.rejects(writeMeasured(system, "p4", round(CALM)), isCode("FORBIDDEN"));
  await assert.rejects(writeMeasured(at("theirs"), "elsewhere", round(CALM)), isCode("NO_CARE_RELATION"));
  await assert.rejects(correctMeasured(at("theirs"), "elsewhere", { id: "none", wish: correction(1, CALM) }), isCode("NO_CARE_RELATION")); // prettier-ignore
  assert.deepEqual(await amounts(), counted);
});

test("CLIN-OBS-10 whatever fails of the commit, there is no value, no score, no task and no loop, and the key is free to be tried again", async () => {
  const wish = round(GRAVE);
  for (const table of ["access_log", "change_log", "task"]) {
    const counted = await amounts();
    await journal.sql(`REVOKE INSERT ON ${table} FROM eira_app, eira_person`);
    await assert.rejects(writeMeasured(at("sender"), "p1", wish), table);
    await journal.sql(`GRANT INSERT ON ${table} TO eira_app, eira_person`);
    assert.deepEqual(await amounts(), counted, table);
  }
  assert.ok((await writeMeasured(at("sender"), "p1", wish)).value.task !== null);
  const { value } = await searchResources(at("sender"), "Task", [["patient", "p1"], ["code", "urn:eira:matvarden|atgard-vid-poang"], ["_sort", "-authored-on"]]); // prettier-ignore
  assert.ok(value.rows.length > 0);
});
