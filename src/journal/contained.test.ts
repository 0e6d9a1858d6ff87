import assert from "node:assert/strict";
import { test } from "node:test";
import { parametersOf, searchResources, type Found } from "./index.ts";
import { journalOfTest, patient, THEIRS, type JournalOfTest } from "./testing/index.ts";

const medication = (id: string, status: string): object => ({ resourceType: "Medication", id, status });
const request = (id: string, contained: readonly object[], more: object = {}): Parameters<JournalOfTest["put"]>[0] =>
  ({
    resourceType: "MedicationRequest",
    id,
    status: "active",
    intent: "order",
    subject: { reference: "Patient/p1" },
    contained,
    medicationReference: { reference: "#m1" },
    ...more,
  }) as Parameters<JournalOfTest["put"]>[0];

async function filled(t: Parameters<typeof journalOfTest>[0]): Promise<JournalOfTest> {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put({ resourceType: "Medication", id: "whole", status: "active" });
  await journal.put(
    request("r1", [medication("m1", "active"), medication("m2", "active")], {
      supportingInformation: [{ reference: "#m2" }],
    }),
  );
  await journal.put(request("r2", [medication("m1", "inactive")]));
  await journal.put(request("r3", [medication("m1", "active")]));
  return journal;
}

const found = async (journal: JournalOfTest, query: string, visit = journal.client()): Promise<Found> =>
  (await searchResources(visit, "Medication", parametersOf(query))).value;

const names = ({ rows }: Found): string[] =>
  rows.map(({ type, id, fragment }) => `${type}/${id}${fragment === undefined ? "" : `#${fragment}`}`);

async function pages(journal: JournalOfTest, query: string): Promise<string[]> {
  const seen: string[] = [];
  for (let next: string | null = query; next !== null;) {
    const page: Found = await found(journal, next);
    seen.push(...names(page));
    ({ next } = page);
  }
  return seen;
}

test("JRN-CONTAINED-1 containers or what they contain, alone or with the ordinary matches, page by page", async (t) => {
  const journal = await filled(t);
  assert.deepEqual(names(await found(journal, "status=active")), ["Medication/whole"]);
  for (const [query, expected] of [
    ["status=active&_contained=true", ["MedicationRequest/r1", "MedicationRequest/r3"]],
    ["status=active&_contained=both", ["Medication/whole", "MedicationRequest/r1", "MedicationRequest/r3"]],
    [
      "status=active&_contained=both&_containedType=contained",
      ["Medication/whole", "MedicationRequest/r1#m1", "MedicationRequest/r1#m2", "MedicationRequest/r3#m1"],
    ],
    ["status=active&_contained=false", ["Medication/whole"]],
    ["_contained=true&_id=m2", ["MedicationRequest/r1"]],
    ["status=entered-in-error&_contained=true", []],
  ] as const) {
    const whole = await found(journal, query);
    assert.deepEqual(names(whole), expected, query);
    assert.equal(whole.total, expected.length);
    assert.deepEqual(await pages(journal, `${query}&_count=1`), expected, `${query} one by one`);
    assert.equal((await found(journal, `${query}&_summary=count`)).total, expected.length);
  }
  const [first] = (await found(journal, "_contained=true&_containedType=contained&_id=m2")).rows;
  assert.deepEqual(JSON.parse(first?.content ?? ""), medication("m2", "active"));
});

test("JRN-CONTAINED-2 what is contained is seen by who sees its container, and logged for the container's patient", async (t) => {
  const journal = await filled(t);
  const theirs = journal.person(THEIRS);
  assert.deepEqual(names(await found(journal, "status=active&_contained=true", theirs)), []);
  const visit = journal.client();
  await found(journal, "_contained=true&_containedType=contained&_id=m2", visit);
  assert.deepEqual(
    (await journal.log(visit.request)).map(({ patient: whose, what }) => [whose, what]),
    [["p1", ["MedicationRequest/r1/_history/1"]]],
  );
});

test("JRN-CONTAINED-3 a chain is followed into what a resource contains and refers to, within reach, page by page", async (t) => {
  const journal = await journalOfTest(t);
  for (const id of ["p1", "p2"]) await journal.put(patient(id));
  const coded = (code: string, more: object = {}): object => ({
    resourceType: "Medication",
    id: "m1",
    code: { coding: [{ system: "urn:atc", code }], text: `Läkemedel ${code}` },
    ...more,
  });
  await journal.put({ ...coded("A"), id: "whole" });
  await journal.put(
    request("ref", [], { contained: undefined, medicationReference: { reference: "Medication/whole" } }),
  );
  await journal.put(request("in1", [coded("A", { status: "active" })]));
  await journal.put(
    request("in2", [coded("A", { batch: { expirationDate: "2027-01-01" } })], { subject: { reference: "Patient/p2" } }),
  );
  await journal.put(request("other", [coded("B")]));
  // Contained and coded as asked, but not what the parameter refers to.
  const aside = {
    medicationReference: { reference: "Medication/none" },
    supportingInformation: [{ reference: "#m1" }],
  };
  await journal.put(request("aside", [coded("A")], aside));
  await journal.put(request("theirs", [coded("A")]), THEIRS);
  const ask = async (query: string, visit = journal.client()): Promise<string> => {
    const seen: string[] = [];
    for (let next: string | null = query; next !== null;) {
      const page: Found = (await searchResources(visit, "MedicationRequest", parametersOf(next))).value;
      seen.push(...page.rows.map(({ id }) => id));
      ({ next } = page);
    }
    return seen.toSorted().join(" ");
  };
  const person = journal.person();
  for (const [query, expected] of [
    ["medication.code=urn:atc|A", "in1 in2 ref"],
    ["medication:Medication.code=A&_count=1", "in1 in2 ref"],
    ["medication.code=A&_sort=-_lastUpdated&_count=2", "in1 in2 ref"],
    ["medication.code=A&patient=p2", "in2"],
    ["medication.code=A&medication.status=active", "in1"],
    ["medication.code:not=A", "other"],
    ["medication.expiration-date=ge2026", "in2"],
    ["medication.status:missing=true&medication.code=A", "in2 ref"],
    ["medication.code:text=läkemedel", "in1 in2 other ref"],
    ["medication.code=C", ""],
    ["medication.code=A&_contained=true&_count=1", "in1 in2"],
    ["medication.code=A&_contained=both&_count=2", "in1 in2 ref"],
    [`_filter=${encodeURIComponent("medication.code eq A and not (medication.status eq active)")}`, "in2 ref"],
    ["medication.manufacturer.name=x", ""],
  ] as const)
    assert.equal(await ask(query, person), expected, query);
  assert.equal(await ask("medication.code=A"), "in1 in2 ref theirs");
  const { value } = await searchResources(
    person,
    "MedicationRequest",
    parametersOf("medication.code=A&_summary=count"),
  );
  assert.deepEqual([value.total, value.rows.length], [3, 0]);
});

test("JRN-CONTAINED-3 more holders than are looked into are said to be so", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(request("one", [medication("m1", "active")]));
  await journal.sql(
    `INSERT INTO medicationrequest (id, home, version, patient, care_provider, care_unit, last_updated, key, tokens, content)
     SELECT 'c' || n, home, 1, patient, care_provider, care_unit, last_updated, n, tokens, replace(content, '"one"', '"c' || n || '"')
     FROM medicationrequest, generate_series(1, 2000) AS n`,
  );
  const { value } = await searchResources(
    journal.client(),
    "MedicationRequest",
    parametersOf("medication.status=active&_count=1"),
  );
  assert.deepEqual(
    value.ignored.map(({ severity, code }) => [severity, code]),
    [["warning", "incomplete"]],
  );
});
