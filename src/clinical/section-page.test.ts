import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "../fhir/index.ts";
import { commit } from "../journal/index.ts";
import { asDelete, journalOfTest, patient, THEIRS } from "../journal/testing/index.ts";
import { parametersOf } from "../search/index.ts";
import { mergeNewest } from "./chart/merge.ts";
import { SECTIONS, TIMELINE } from "./chart/sections.ts";
import { readOverview, readSection, readStaff } from "./index.ts";

const journal = await journalOfTest({ after });
const SEED = 20261121;

/** Few days and hours, so that many share a moment; some have none. */
const MOMENTS = [
  "2026-11-20T10:00:00+01:00",
  "2026-11-20T09:00:00Z",
  "2026-11-20",
  "2026-11-19T08:30:00.5+01:00",
  "2026-11",
  "2026",
  undefined,
];

const clinical = (system: string): JsonObject => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: "active" }],
});

/** One resource of each kind of the timeline, with a moment in the element that orders it. */
function event(n: number, id: string, whose: string, at: string | undefined): JsonObject {
  const subject = { reference: `Patient/${whose}` };
  const code = { text: `händelse ${n}` };
  const instant = at !== undefined && at.length > 10 ? { issued: at } : {};
  const kinds: readonly JsonObject[] = [
    {
      resourceType: "Encounter",
      status: "finished",
      class: { code: "AMB" },
      subject,
      ...(at === undefined ? {} : { period: { start: at } }),
    },
    {
      resourceType: "Condition",
      clinicalStatus: clinical("condition-clinical"),
      subject,
      code,
      recordedDate: at,
      category: [
        { coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-category", code: "problem-list-item" }] },
      ],
    },
    {
      resourceType: "AllergyIntolerance",
      clinicalStatus: clinical("allergyintolerance-clinical"),
      patient: subject,
      code,
      recordedDate: at,
    },
    {
      resourceType: "MedicationRequest",
      status: "active",
      intent: "order",
      subject,
      medicationCodeableConcept: code,
      authoredOn: at,
    },
    { resourceType: "DiagnosticReport", status: "final", code, subject, effectiveDateTime: at, ...instant },
    { resourceType: "Observation", status: "final", code, subject, effectiveDateTime: at },
    { resourceType: "Procedure", status: "completed", code, subject, performedDateTime: at },
    { resourceType: "ServiceRequest", status: "active", intent: "order", code, subject, authoredOn: at },
  ];
  const resource = { ...kinds[n % kinds.length], id };
  return JSON.parse(JSON.stringify(resource)) as JsonObject;
}

const nameOf = (text: string): string => {
  const { resourceType, id } = JSON.parse(text) as { resourceType: string; id: string };
  return `${resourceType}/${id}`;
};

async function walk(
  whose: string,
  section: string,
  count: number,
  between: () => Promise<unknown> = async () => undefined,
): Promise<string[]> {
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const { value } = await readSection(journal.person(), whose, section, { count, before });
    assert.ok(value.items.length <= count);
    if (value.next !== null) assert.equal(value.items.length, count);
    seen.push(...value.items.map(nameOf));
    await between();
    before = value.next ?? undefined;
  } while (before !== undefined);
  return seen;
}

/** When something was, in milliseconds: where its date begins in Swedish time; nothing is before everything. */
function began(at: string | undefined): number {
  if (at === undefined) return -Infinity;
  if (at.includes("T")) return Date.parse(at);
  return Date.parse(`${at.padEnd(10, "-01")}T00:00:00+01:00`);
}

test("CLIN-SECTION-1 a timeline pages as a naive merge has it", { timeout: 120_000 }, async () => {
  console.log(`seed ${SEED}`);
  const lists = fc.sample(
    fc.array(fc.tuple(fc.nat(7), fc.constantFrom(...MOMENTS)), { minLength: 15, maxLength: 30 }),
    { seed: SEED, numRuns: 3 },
  );
  for (const [round, list] of lists.entries()) {
    const whose = `time${round}`;
    await journal.put(patient(whose));
    const events = list.map(([kind, at], n) => ({ at, resource: event(kind, `t${round}x${n}`, whose, at) }));
    for (const { resource } of events) await journal.put(resource);
    const moments = new Map(
      events.map(({ at, resource }) => [`${String(resource["resourceType"])}/${String(resource["id"])}`, began(at)]),
    );
    for (const count of [1, 2, 3, 4, 5, 6, 7, 100]) {
      const seen = await walk(whose, "timeline", count);
      assert.deepEqual(seen.toSorted(), [...moments.keys()].toSorted(), `round ${round}, pages of ${count}`);
      const order = seen.map((name) => moments.get(name) ?? NaN);
      assert.deepEqual(
        order,
        order.toSorted((a, b) => b - a),
        `round ${round}, pages of ${count}`,
      );
    }
  }
});

test("CLIN-SECTION-1 more of one moment than a page can hold", async () => {
  await journal.put(patient("ties"));
  for (let n = 0; n < 60; n += 1) await journal.put(event(n % 2 === 0 ? 5 : 4, `tie${n}`, "ties", "2026-11-20"));
  for (const count of [1, 7, 50]) {
    const seen = await walk("ties", "timeline", count);
    assert.deepEqual([seen.length, new Set(seen).size], [60, 60]);
  }
});

test("CLIN-SECTION-2 what stands still is shown once while others write", async () => {
  await journal.put(patient("busy"));
  const standing: string[] = [];
  for (let n = 0; n < 24; n += 1) {
    const resource = event(n, `still${n}`, "busy", MOMENTS[n % MOMENTS.length]);
    await journal.put(resource);
    standing.push(`${String(resource["resourceType"])}/still${n}`);
    await journal.put(event(n, `moving${n}`, "busy", MOMENTS[n % 5]));
  }
  let n = 0;
  const write = async (): Promise<void> => {
    n += 1;
    await journal.put(event(n, `new${n}`, "busy", MOMENTS[n % MOMENTS.length]));
    await journal.put(event(n, `moving${n % 24}`, "busy", MOMENTS[(n + 2) % 5]));
    const { resourceType } = event(n + 9, "x", "busy", undefined);
    await commit(journal.client(), [asDelete(`${String(resourceType)}/moving${(n + 9) % 24}`)]);
  };
  const seen = await walk("busy", "timeline", 3, write);
  const kept = seen.filter((name) => name.includes("/still"));
  assert.deepEqual(kept.toSorted(), standing.toSorted());
});

test("CLIN-SECTION-3 what is no cursor, section or patient", async () => {
  await journal.put(patient("one"));
  await journal.put(patient("two"));
  for (const whose of ["one", "two"])
    for (let n = 0; n < 4; n += 1) await journal.put(event(5, `${whose}${n}`, whose, "2026-11-20"));
  const { value } = await readSection(journal.person(), "one", "timeline", { count: 1 });
  const good = value.next!;
  const encoded = (places: unknown): string => Buffer.from(JSON.stringify(places)).toString("base64url");
  const places = JSON.parse(Buffer.from(good, "base64url").toString("utf8")) as unknown[];
  const made = [
    "",
    "x",
    encoded(null),
    encoded([]),
    encoded(places.slice(1)),
    encoded(places.map(() => 7)),
    encoded(places.map(() => ({ after: "" }))),
    encoded(places.map(() => ({ after: "x" }))),
    encoded(places.map(() => ({ after: 7 }))),
  ];
  for (const before of made)
    await assert.rejects(
      readSection(journal.person(), "one", "timeline", { count: 1, before }),
      { code: "SEARCH_VALUE_INVALID" },
      before,
    );
  await assert.rejects(readSection(journal.person(), "two", "timeline", { count: 1, before: good }), {
    code: "SEARCH_VALUE_INVALID",
  });
  await assert.rejects(readSection(journal.person(), "one", "vitals", { count: 1, before: good }), {
    code: "SEARCH_VALUE_INVALID",
  });
  for (const section of ["", "nonsense", "constructor", "__proto__", "toString"])
    await assert.rejects(readSection(journal.person(), "one", section, { count: 1 }), { code: "NOT_FOUND" }, section);
  for (const whose of ["nobody", "one,two", "one|two", "Patient/one", "", "a\0b"]) {
    const visit = journal.person();
    await assert.rejects(readSection(visit, whose, "timeline", { count: 1 }), { code: "NOT_FOUND" }, whose);
    assert.deepEqual(
      (await journal.log(visit.request)).map(({ outcome }) => outcome),
      ["refused"],
    );
  }
});

test("CLIN-MERGE-1 lists in order become one in order", () => {
  const list = fc.array(fc.constantFrom("a", "b", "c", null), { maxLength: 8 });
  const inOrder = (values: readonly (string | null)[]): (string | null)[] =>
    values.toSorted((a, b) => ((a ?? "") < (b ?? "") ? 1 : (a ?? "") > (b ?? "") ? -1 : 0));
  fc.assert(
    fc.property(fc.array(list, { maxLength: 4 }), fc.nat(20), (lists, count) => {
      const sortedLists = lists.map((one, which) => inOrder(one).map((at, n) => ({ at, which, n })));
      const { items, taken } = mergeNewest(sortedLists, count);
      const all = sortedLists.flat();
      assert.equal(items.length, Math.min(count, all.length));
      assert.deepEqual(
        items.map(({ at }) => at),
        inOrder(all.map(({ at }) => at)).slice(0, items.length),
      );
      for (const [which, n] of taken.entries())
        assert.deepEqual(
          items.filter((one) => one.which === which).map((one) => one.n),
          Array.from({ length: n }, (_, at) => at),
        );
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

test("CLIN-CHART-1 every kind has a date that the search knows", () => {
  for (const { type, date, filter } of [...TIMELINE, ...Object.values(SECTIONS).flatMap(({ sources }) => sources)]) {
    assert.equal(parametersOf(type).get(date ?? "")?.type, "date", `${type}.${date}`);
    for (const [name] of filter) assert.ok(parametersOf(type).has(name.split(":")[0] ?? ""), `${type}.${name}`);
  }
  for (const { glance } of Object.values(SECTIONS)) assert.ok(glance >= 1 && glance <= 100);
});

test("CLIN-OVERVIEW-1 the newest of every section", async () => {
  await journal.put(patient("over", { gender: "female" }));
  for (let n = 0; n < 12; n += 1) await journal.put(event(0, `visit${n}`, "over", `2026-10-${10 + n}`));
  await journal.put(event(3, "order", "over", "2026-10-01"));
  await journal.put({
    resourceType: "MedicationStatement",
    id: "statement",
    status: "active",
    subject: { reference: "Patient/over" },
    medicationCodeableConcept: { text: "x" },
    effectiveDateTime: "2026-10-15",
  });
  await journal.put(event(3, "late-order", "over", "2026-10-20"));
  const { value } = await readOverview(journal.person(), "over");
  assert.equal((JSON.parse(value.patient) as { gender: string }).gender, "female");
  assert.deepEqual(Object.keys(value.sections).toSorted(), Object.keys(SECTIONS).toSorted());
  const { contacts, medications, problems } = value.sections;
  assert.deepEqual(
    contacts.items.map(nameOf),
    Array.from({ length: 8 }, (_, n) => `Encounter/visit${11 - n}`),
  );
  assert.deepEqual([contacts.more, medications.more], [true, false]);
  assert.deepEqual(medications.items.map(nameOf), [
    "MedicationRequest/late-order",
    "MedicationStatement/statement",
    "MedicationRequest/order",
  ]);
  assert.deepEqual(problems, { items: [], more: false });
});

test("CLIN-OVERVIEW-2 whose overview, and for whom", async () => {
  await journal.put(patient("reach"));
  await journal.put(event(5, "reach-theirs", "reach", "2026-10-10"), THEIRS);
  await journal.put(event(3, "reach-order", "reach", "2026-10-10"), THEIRS);
  const items = (overview: Awaited<ReturnType<typeof readOverview>>): number =>
    Object.values(overview.value.sections).reduce((sum, one) => sum + one.items.length, 0);
  assert.equal(items(await readOverview(journal.person(), "reach")), 0);
  assert.equal(items(await readOverview(journal.person(THEIRS), "reach")), 1);
  await journal.put(patient("gone"));
  await commit(journal.client(), [asDelete("Patient/gone")]);
  for (const [id, code] of [
    ["gone", "GONE"],
    ["never", "NOT_FOUND"],
    ["a\0b", "NOT_FOUND"],
    ["reach,gone", "NOT_FOUND"],
  ] as const)
    await assert.rejects(readOverview(journal.person(), id), { code }, id);
});

test("CLIN-STAFF-1 all staff with an assignment that holds together", async () => {
  const hsa = (value: string): JsonObject => ({ identifier: [{ system: "urn:oid:1.2.752.29.4.19", value }] });
  await journal.put({ resourceType: "Organization", id: "top", name: "Regionen", ...hsa("SE1-TOP") });
  await journal.put({
    resourceType: "Organization",
    id: "unit",
    name: "Enheten",
    partOf: { reference: "Organization/top" },
    ...hsa("SE1-UNIT"),
  });
  await journal.put({
    resourceType: "Organization",
    id: "loop",
    name: "Ringen",
    partOf: { reference: "Organization/loop" },
    ...hsa("SE1-LOOP"),
  });
  const people = Array.from({ length: 1_050 }, (_, n): JsonObject => ({
    resourceType: "Practitioner",
    id: `staff${n}`,
    name: [{ text: `Person ${n}` }],
    ...hsa(`SE1-${n}`),
  }));
  const role = (n: number, more: JsonObject = {}): JsonObject => ({
    resourceType: "PractitionerRole",
    id: `role${n}`,
    active: true,
    practitioner: { reference: `Practitioner/staff${n}` },
    organization: { reference: "Organization/unit" },
    code: [{ text: "Läkare" }],
    ...more,
  });
  const roles = [
    ...Array.from({ length: 1_040 }, (_, n) => role(n)),
    role(1_041, { active: false }),
    role(1_042, { organization: { reference: "Organization/loop" } }),
    role(1_043, { organization: { reference: "Organization/none" } }),
    { ...role(1_044), active: false },
  ];
  const careless = { ...journal.client(), referentialIntegrity: false };
  await commit(
    careless,
    [...people, ...roles].map((resource) => ({
      kind: "update",
      type: resource["resourceType"] as string,
      id: resource["id"] as string,
      resource: JSON.parse(JSON.stringify(resource)) as JsonObject,
      where: "x",
    })),
  );
  const { value } = await readStaff(journal.client());
  assert.equal(value.length, 1_040);
  assert.deepEqual(
    value.find(({ id }) => id === "staff7"),
    {
      id: "staff7",
      name: "Person 7",
      title: "Läkare",
      profession: "Läkare",
      hsaId: "SE1-7",
      isProtected: false,
      assignments: [
        {
          id: "role7",
          unit: "Enheten",
          unitHsaId: "SE1-UNIT",
          provider: "Regionen",
          providerHsaId: "SE1-TOP",
          role: "Läkare",
          from: null,
          until: null,
        },
      ],
    },
  );
});
