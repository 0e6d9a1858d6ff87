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
