/** Rules CLIN-OWN of the clinical SPEC.md: what patients, guardians and proxies read of the records at the patient's own door. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { JsonObject } from "../../fhir/index.ts";
import { grantAtUnit } from "../../journal/index.ts";
import { observation, OURS, THEIRS } from "../../journal/testing/index.ts";
import { serverOfTest, type Answer } from "../testing/index.ts";
import { doorOf, putGuardian, putPerson } from "./testing.ts";

const server = await serverOfTest({ after });
const OTHER = { ...OURS, careUnit: "SE2321000131-E000000000012" } as const;
const CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
const lab = (id: string, of: string, more: JsonObject = {}): JsonObject => ({
  ...observation(id, `Patient/${of}`),
  category: [{ coding: [{ system: CATEGORY, code: "laboratory" }] }],
  ...more,
});
const labelled = (code: string): JsonObject => ({ meta: { security: [{ system: "urn:eira:class", code }] } });
const subjectOf = (of: string) => ({ subject: { reference: `Patient/${of}` } });
const note = (id: string, of: string): JsonObject => ({
  resourceType: "Composition",
  id,
  status: "final",
  type: { text: "Anteckning" },
  ...subjectOf(of),
  date: "2026-11-01",
  author: [{ display: "Anna Ek, Överläkare" }],
  title: "Besök",
  section: [{ title: "Bedömning", text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">Mår bra</div>' } }], // prettier-ignore
});
const idsOf = (answer: Answer): string[] => ((answer.at("items") ?? []) as { id: string }[]).map(({ id }) => id);

test("CLIN-OWN-1 the patient reads the own notes, diagnoses, medicines, results, allergies and contacts of every care provider, page by page, each logged on the door's ground", async () => {
  const of = "r-own";
  await putPerson(server, of, "1970-01-01");
  await server.put(note("r-note", of));
  await server.put({ resourceType: "DocumentReference", id: "r-doc", status: "current", ...subjectOf(of), content: [{ attachment: { contentType: "text/plain", data: "aGVq" } }] }); // prettier-ignore
  await server.put({ resourceType: "Condition", id: "r-cond", code: { text: "Astma" }, ...subjectOf(of) }, THEIRS);
  await server.put({ resourceType: "MedicationRequest", id: "r-med", status: "active", intent: "order", medicationCodeableConcept: { text: "Alvedon" }, ...subjectOf(of) }); // prettier-ignore
  await server.put({ resourceType: "AllergyIntolerance", id: "r-all", clinicalStatus: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }] }, code: { text: "Nötter" }, patient: subjectOf(of).subject }); // prettier-ignore
  await server.put({ resourceType: "Encounter", id: "r-enc", status: "finished", class: { code: "AMB" }, ...subjectOf(of) }, OTHER); // prettier-ignore
  for (let n = 0; n < 35; n += 1) await server.put(lab(`r-lab-${n}`, of, { effectiveDateTime: `2026-10-${10 + (n % 20)}` })); // prettier-ignore
  await server.put(observation("r-vital", `Patient/${of}`));
  const door = await doorOf(server, of);
  const parts: Record<string, string[]> = {};
  for (const part of ["notes", "diagnoses", "medications", "allergies", "contacts"]) parts[part] = idsOf(await door.get(`records?of=${part}`)).toSorted(); // prettier-ignore
  assert.deepEqual(parts, { notes: ["r-doc", "r-note"], diagnoses: ["r-cond"], medications: ["r-med"], allergies: ["r-all"], contacts: ["r-enc"] }); // prettier-ignore
  const seen: string[] = [];
  for (let before: unknown = ""; before !== null;) {
    const page = await door.get(`records?of=results${before === "" ? "" : `&before=${String(before)}`}`);
    seen.push(...idsOf(page));
    before = page.at("next");
  }
  assert.deepEqual([seen.length, new Set(seen).size, seen.includes("r-vital")], [35, 35, false]);
  const rows = (await server.log()).filter(({ patient, actor }) => patient === of && actor === `patient ${of}`);
  const shown = rows.flatMap(({ what }) => what);
  for (const name of [
    "Composition/r-note",
    "DocumentReference/r-doc",
    "Condition/r-cond",
    "MedicationRequest/r-med",
    ...seen.map((id) => `Observation/${id}`),
  ])
    // prettier-ignore
    assert.ok(shown.some((one) => one.startsWith(`${name}/_history/`)), name);
  assert.ok(rows.every(({ ground }) => ground.startsWith("ACC-DOOR-PATIENT · ")));
  for (const bad of ["records?of=flags", "records?of=timeline", "records?of=constructor", "records?of=notes&before=x"])
    assert.equal((await door.get(bad)).status, 400, bad);
});

test("CLIN-OWN-2 what never leaves through the door is not there; the own blocks hide nothing from the patient; others read what is open to them and no more", async () => {
  await putPerson(server, "r-grown", "1970-01-01");
  await server.put(lab("g-open", "r-grown"));
  for (const code of ["NOPATIENT", "violence-exposed", "third-person"])
    await server.put(lab(`g-${code}`, "r-grown", labelled(code)));
  const door = await doorOf(server, "r-grown");
  assert.deepEqual(idsOf(await door.get("records?of=results")), ["g-open"]);
  await door.post("blocks", { careProvider: OURS.careProvider, careUnit: OURS.careUnit });
  assert.deepEqual(idsOf(await door.get("records?of=results")), ["g-open"]);
  const stranger = await doorOf(server, "r-own", "r-grown");
  assert.equal((await stranger.get("records")).status, 403);
  for (const [id, born] of [["r-kid", "2018-01-01"], ["r-teen", "2012-01-01"], ["r-mum", "1985-01-01"]] as const) await putPerson(server, id, born); // prettier-ignore
  for (const id of ["r-kid", "r-teen"]) await putGuardian(server, "r-mum", id);
  await server.put(note("k-note", "r-kid"));
  await server.put({ ...note("k-youth", "r-kid"), ...labelled("youth-clinic") });
  assert.deepEqual(idsOf(await (await doorOf(server, "r-mum", "r-kid")).get("records")), ["k-note"]);
  assert.equal((await (await doorOf(server, "r-kid")).get("records")).status, 403);
  await server.put(note("t-here", "r-teen"));
  await server.put(note("t-there", "r-teen"), OTHER);
  const grant = { id: "r-grant", patient: "r-teen", kind: "child" as const, person: null, careUnit: OURS.careUnit, since: "2026-01-01T00:00:00Z", until: null }; // prettier-ignore
  await grantAtUnit(server.client(), grant);
  assert.deepEqual(idsOf(await (await doorOf(server, "r-teen")).get("records")), ["t-here"]);
  assert.equal((await (await doorOf(server, "r-mum", "r-teen")).get("records")).status, 403);
});

test("CLIN-OWN-3 the patient whose identity is protected reads the own records; staff with protected identity are not named there", async () => {
  const security = [{ system: "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel", code: "sekretessmarkering" }];
  await putPerson(server, "r-secret", "1970-01-01", { meta: { security } });
  await server.put({
    resourceType: "Practitioner",
    id: "r-hidden",
    meta: { security },
    name: [{ text: "Gömd Person" }],
  });
  await server.put({ ...note("s-note", "r-secret"), author: [{ reference: "Practitioner/r-hidden", display: "Gömd Person" }] }); // prettier-ignore
  const answer = await (await doorOf(server, "r-secret")).get("records");
  assert.deepEqual([idsOf(answer), /Gömd/.test(answer.text), /Mår bra/.test(answer.text)], [["s-note"], false, true]);
});
