/** Rules of ../SPEC.md and journal's: the checks of drugs on every way into the record, on a real database. Journey 5 of issue 6. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "../../fhir/index.ts";
import { commit, readResource, type Command, type Visit } from "../../journal/index.ts";
import { patient } from "../../journal/testing/index.ts";
import { loopJournal, UNITS, type LoopJournal } from "../../loop/testing/index.ts";
import { medicationCheck } from "./check.ts";
import { CHECK } from "./override.ts";
import { requested } from "./pack/scenario.ts";

let journal: LoopJournal;
const endings: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const ending of endings.toReversed()) await ending();
});
before(async () => {
  journal = await loopJournal({ after: (listener) => void endings.push(listener) });
  const now = journal.clock().getTime();
  const years = (age: number): string => new Date(now - age * 365.25 * 86_400_000).toISOString().slice(0, 10);
  await journal.put(patient("child", { birthDate: years(4), gender: "male" }));
  await journal.put(patient("grown", { birthDate: years(70), gender: "male" }));
  await journal.put(patient("other", { birthDate: years(70), gender: "male" }));
  await put({ resourceType: "Observation", id: "kg", status: "final", code: { coding: [{ system: "http://loinc.org", code: "29463-7" }] }, subject: { reference: "Patient/child" }, effectiveDateTime: journal.clock().toISOString(), valueQuantity: { value: 17, code: "kg", system: "http://unitsofmeasure.org", unit: "kg" } }); // prettier-ignore
});

const client = (scope = "system/*.cruds"): Visit => ({ ...journal.client(scope, UNITS.sender), referentialIntegrity: false, check: medicationCheck }); // prettier-ignore
const person = (): Visit => ({ ...journal.at("sender"), referentialIntegrity: false, check: medicationCheck });
const put = (resource: JsonObject): Promise<unknown> => journal.write(resource);

function ordered(line: string, whose: string, more: JsonObject = {}): JsonObject {
  const { id: _id, ...request } = requested(line);
  return { ...request, subject: { reference: `Patient/${whose}` }, ...more };
}
const create = (resource: JsonObject, where = "MedicationRequest"): Command => ({ kind: "create", type: String(resource["resourceType"]), where, resource }); // prettier-ignore
const write = async (visit: Visit, ...commands: readonly Command[]): Promise<readonly string[]> => (await commit(visit, commands)).value.map(({ id }) => id); // prettier-ignore
type Refused = { readonly code?: string; readonly status?: number; readonly issues?: readonly { readonly expression?: string; readonly sv: string }[] }; // prettier-ignore
const stopped = (place: string, words: RegExp) => (error: unknown) => {
  const { code, status, issues = [] } = error as Refused;
  assert.equal(code, "MEDICATION_STOPPED", String(error));
  assert.equal(status, 422);
  assert.ok(issues.some(({ expression, sv }) => expression === place && words.test(sv)), JSON.stringify(issues)); // prettier-ignore
  return true;
};
const count = async (): Promise<number> => Number((await journal.sql<{ n: number }>("SELECT count(*)::int AS n FROM medicationrequest"))[0]?.n); // prettier-ignore
const reasoned = (request: JsonObject, key: string, reason: string): JsonObject => ({
  ...request,
  contained: [{ resourceType: "DetectedIssue", id: "k1", identifier: [{ system: CHECK, value: key }], status: "final", mitigation: [{ action: { text: reason } }] }], // prettier-ignore
  detectedIssue: [{ reference: "#k1" }],
});

test("CLIN-MED-8, JRN-CHECK-1 (journey 5) a child's dose ten times too high is stopped as a create, an update, a patch, in a transaction and in a renewal, for people and systems, and nothing of it is there", async () => {
  const [right = ""] = await write(client(), create(ordered("alvedon 250 mg 4", "child")));
  const before = await count();
  const wrong = ordered("alvedon 2,5 g 4", "child");
  const dose = stopped("MedicationRequest.dosageInstruction", /gånger|över/);
  for (const visit of [client(), person()]) {
    await assert.rejects(write(visit, create(wrong)), dose);
    await assert.rejects(write(visit, { kind: "update", type: "MedicationRequest", id: right, where: "MedicationRequest", resource: { ...wrong, id: right } }), dose); // prettier-ignore
    const operations = [{ op: "replace", path: "/dosageInstruction/0/doseAndRate/0/doseQuantity/value", value: 2500 }];
    await assert.rejects(write(visit, { kind: "patch", type: "MedicationRequest", id: right, where: "MedicationRequest", operations }), dose); // prettier-ignore
    const entry = "Bundle.entry[1].resource";
    const bundle = [create({ resourceType: "Observation", status: "final", code: { text: "x" }, subject: { reference: "Patient/child" } }, "Bundle.entry[0].resource"), create(wrong, entry)]; // prettier-ignore
    await assert.rejects(write(visit, ...bundle), stopped(`${entry}.dosageInstruction`, /gånger/));
    const renewal = { ...wrong, priorPrescription: { reference: `MedicationRequest/${right}` } };
    await assert.rejects(write(visit, create(renewal)), dose);
  }
  const perKg = ordered("alvedon 250 mg 4", "child", { dosageInstruction: [{ timing: { repeat: { frequency: 4, period: 1, periodUnit: "d" } }, doseAndRate: [{ doseQuantity: { value: 150, code: "mg/kg", system: "http://unitsofmeasure.org" } }] }] }); // prettier-ignore
  await assert.rejects(write(client(), create(perKg)), dose);
  const tablets = { ...perKg, medicationCodeableConcept: { text: "Alvedon tablett 500 mg" }, dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value: 5, unit: "tabletter" } }] }] }; // prettier-ignore
  await assert.rejects(write(client(), create(tablets)), dose);
  assert.equal(await count(), before);
});

test("CLIN-MED-8 a record that is brought over is kept as it was ordained long ago, and is judged when it is changed here; one of this month is judged", async () => {
  const daysAgo = (days: number): string => new Date(journal.clock().getTime() - days * 86_400_000).toISOString();
  const wrong = ordered("alvedon 2,5 g 4", "child");
  const dose = stopped("MedicationRequest.dosageInstruction", /gånger|över/);
  for (const authoredOn of [daysAgo(29), daysAgo(-1), "2999"])
    await assert.rejects(write(client(), create({ ...wrong, authoredOn })), dose, authoredOn);
  const old: JsonObject = { ...wrong, authoredOn: daysAgo(31) };
  const [id = ""] = await write(client(), create(old));
  const [dosage] = old["dosageInstruction"] as readonly JsonObject[];
  const changed = { ...old, id, dosageInstruction: [{ ...dosage, text: "Ändrad" }] };
  await assert.rejects(write(client(), { kind: "update", type: "MedicationRequest", id, where: "MedicationRequest", resource: changed }), dose); // prettier-ignore
  await write(client(), { kind: "update", type: "MedicationRequest", id, where: "MedicationRequest", resource: { ...old, id, status: "stopped" } }); // prettier-ignore
});

test("CLIN-MED-7, CLIN-MED-8 a reason in words about just that, kept with the request, lets it be written, and its renewal is not asked again; a reason about something else, of another dose or without words lets nothing through", async () => {
  const line = "prednisolon 200 mg 1 i 3 d";
  const high = ordered(line, "grown");
  let key = "";
  await assert.rejects(write(client(), create(high)), (error: Refused) => {
    key = /dose-H02AB06-day\/200mg/.exec(error.issues?.[0]?.sv ?? "")?.[0] ?? "";
    return stopped("MedicationRequest.dosageInstruction", /Prednisolon/)(error);
  });
  assert.notEqual(key, "");
  for (const bad of [
    reasoned(high, key, "x"),
    reasoned(high, key, "!!!!"),
    reasoned(high, "dose-H02AB06-day/100mg", "skov av MS"),
  ])
    // prettier-ignore
    await assert.rejects(write(client(), create(bad)), stopped("MedicationRequest.dosageInstruction", /Prednisolon/));
  const [first = ""] = await write(client(), create(reasoned(high, key, "skov av MS")));
  const { value } = await readResource(client(), "MedicationRequest", first);
  assert.match(value.content, /skov av MS/);
  const renewed = { ...high, priorPrescription: { reference: `MedicationRequest/${first}` } };
  const [second = ""] = await write(client(), create(renewed));
  assert.notEqual(second, "");
  const more = ordered("prednisolon 400 mg 1 i 3 d", "grown", { priorPrescription: { reference: `MedicationRequest/${first}` } }); // prettier-ignore
  await assert.rejects(write(client(), create(more)), stopped("MedicationRequest.dosageInstruction", /gånger|över/));
  const own: JsonObject = { resourceType: "DetectedIssue", id: "issue1", identifier: [{ system: CHECK, value: key }], status: "final", patient: { reference: "Patient/other" }, mitigation: [{ action: { text: "skov av MS" } }] }; // prettier-ignore
  await put(own);
  const named = ordered(line, "other", { detectedIssue: [{ reference: "DetectedIssue/issue1" }] });
  await put({ ...own, id: "issue2", patient: { reference: "Patient/grown" } });
  await assert.rejects(write(client(), create({ ...named, detectedIssue: [{ reference: "DetectedIssue/issue2" }] })), stopped("MedicationRequest.dosageInstruction", /Prednisolon/)); // prettier-ignore
  assert.equal((await write(client(), create(named))).length, 1);
});

test("CLIN-MED-8, JRN-CHECK-2 what is ordered together is judged together; what was done elsewhere before is kept; whoever stops, notes or tells of another's order orders nothing", async () => {
  const pair = [create(ordered("warfarin 5 mg 1", "other"), "Bundle.entry[0].resource"), create(ordered("ibuprofen 400 mg 3", "other"), "Bundle.entry[1].resource")]; // prettier-ignore
  await assert.rejects(write(client(), ...pair), stopped("Bundle.entry[1].resource.medication", /blödning/));
  const { value } = await commit(client(), [create(ordered("metotrexat 15 mg 1", "other"))], { isHistory: true });
  const [old] = value;
  assert.ok(old?.content !== null && old !== undefined);
  const patch = (operations: JsonObject[]): Command => ({ kind: "patch", type: "MedicationRequest", where: "MedicationRequest", id: old.id, operations }); // prettier-ignore
  await write(client(), patch([{ op: "add", path: "/note", value: [{ text: "frågad" }] }]));
  await write(client(), patch([{ op: "replace", path: "/status", value: "stopped" }]));
  await assert.rejects(write(client(), patch([{ op: "replace", path: "/status", value: "active" }])), stopped("MedicationRequest.dosageInstruction", /en gång i veckan/)); // prettier-ignore
  for (const more of [{ status: "draft" }, { intent: "plan" }, { reportedBoolean: true }, { doNotPerform: true }])
    assert.equal((await write(client(), create(ordered("metotrexat 15 mg 1", "other", more)))).length, 1);
  const unknown = ordered("alvedon 1 g 4", "other", { medicationCodeableConcept: { text: "Något annat 10 g" } });
  assert.equal((await write(client(), create(unknown))).length, 1);
});

test("JRN-CHECK-3 the check sees what the writer may see and no more: an allergy that a system may not read neither stops nor is told, and the dose is judged all the same", async () => {
  await journal.put(patient("allergic", { birthDate: "1960-01-01" }));
  await put({ resourceType: "AllergyIntolerance", id: "pc", clinicalStatus: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }] }, patient: { reference: "Patient/allergic" }, criticality: "high", code: { coding: [{ system: "http://www.whocc.no/atc", code: "J01C" }], text: "Penicillin" } }); // prettier-ignore
  const order = ordered("kåvepenin 1 g 3 i 7 d", "allergic");
  await assert.rejects(write(client(), create(order)), stopped("MedicationRequest.medication", /Penicillin/));
  const narrow = client("system/MedicationRequest.cruds");
  assert.equal((await write(narrow, create(order))).length, 1);
  await assert.rejects(write(narrow, create(ordered("metotrexat 15 mg 1", "allergic"))), stopped("MedicationRequest.dosageInstruction", /veckan/)); // prettier-ignore
  const log = (await journal.log()).filter(({ outcome, ground }) => outcome === "refused" && ground.includes("MEDICATION_STOPPED")); // prettier-ignore
  assert.ok(log.length > 0, "a refusal is logged");
});
