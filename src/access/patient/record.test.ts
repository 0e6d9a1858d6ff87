/** Rules of ../SPEC.md: facts, blocks, gates, what a chart may tell. Cases by hand; the generated ones are in src/cli/fuzz/access. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkBlocks,
  CLOSES,
  decideRecord,
  OPENS,
  patientReach,
  surveySources,
  type Block,
  type PatientFacts,
  type RecordFacts,
  type Staff,
  type TemporaryRevoke,
} from "../index.ts";

const NOW = "2026-11-22T05:30:00.000Z";
const later = (ms: number): string => new Date(Date.parse(NOW) + ms).toISOString();
const HOUR = 3_600_000;

const STAFF: Staff = {
  employee: "E1",
  careProvider: "P1",
  careUnit: "U1",
  from: null,
  until: null,
  purpose: "Vård och behandling",
  isClinical: true,
  analysis: "BRA-1",
  term: null,
};
const REGISTERED = { registered: "2026-01-01", cancelled: null, deleted: null } as const;
const HERE = { careProvider: "P1", careUnit: "U1", employee: "E1", start: "2026-01-01", end: null } as const;
const RELATION: PatientFacts["relations"][number] = { id: "r", ...HERE, ...REGISTERED };
const CONSENT: PatientFacts["consents"][number] = {
  id: "s",
  ...HERE,
  type: "Consent",
  representedBy: null,
  ...REGISTERED,
};
const OPEN_DOORS: PatientFacts = {
  relations: [RELATION],
  reasons: [],
  choices: [choice("P1", "U2"), choice("P2", null)],
  blocks: [],
  consents: [CONSENT],
  emergencies: [],
  protection: { sekretessmarkering: false, skyddadFolkbokforing: false },
};

function choice(careProvider: string, careUnit: string | null): PatientFacts["choices"][number] {
  return { id: "c", employee: "E1", careProvider, careUnit, chosen: later(-HOUR), expires: later(HOUR) };
}

function block(some: Partial<Block> = {}): Block {
  const inner = { id: "b", kind: "inner", careProvider: "P1", careUnit: "U2", start: null, end: null } as const;
  return { ...inner, excluded: [], cancelled: null, lifted: null, revokes: [], ...some };
}

function revoke(some: Partial<TemporaryRevoke> = {}): TemporaryRevoke {
  return {
    id: "h",
    careUnit: "U1",
    employee: null,
    end: later(HOUR),
    reason: "PatientsConsent",
    cancelled: null,
    ...some,
  };
}

function record(some: Partial<RecordFacts> = {}): RecordFacts {
  const own = { careProvider: "P1", careUnit: "U2", start: "2026-03-10", end: "2026-03-20" };
  return { ...own, type: null, isNotForPatient: false, classes: [], ...some };
}

/** The rule that decides, and whether it opens. */
function ruleOf(
  patient: Partial<PatientFacts>,
  of: Partial<RecordFacts> = {},
  by: { staff?: Partial<Staff>; at?: string } = {},
): string {
  const facts = { patient: { ...OPEN_DOORS, ...patient }, record: record(of) };
  const decision = decideRecord({ ...STAFF, ...by.staff }, facts, { at: by.at ?? NOW });
  return "grounds" in decision ? decision.grounds.rule : decision.refusal.rule;
}

test("ACC-FACTS-1 a day lasts from its first to its last Swedish moment, and an end still counts", () => {
  const held = (end: string, at: string): boolean =>
    ruleOf({ relations: [{ ...RELATION, end }] }, { careUnit: "U1" }, { at }) === "ACC-NEED-RELATION";
  assert.ok(held("2026-11-22", "2026-11-22T22:59:59.999Z"));
  assert.ok(!held("2026-11-22", "2026-11-22T23:00:00.000Z"));
  assert.ok(held("2026-10-25", "2026-10-25T22:59:59.999Z"), "a day of 25 hours");
  assert.ok(!held("2026-03-29", "2026-03-29T22:00:00.000Z"), "a day of 23 hours");
  assert.ok(held("2026-11-22T06:30:00+01:00", NOW) && !held("2026-11-22T06:30:00+01:00", later(1)));
  assert.ok(held("9999-12-31", NOW));
  for (const end of [
    "2026-13-01",
    "2026-02-30",
    "2026-02-30T10:00:00Z",
    "2027",
    "0000-01-01T00:00:00Z",
    "2027-01-01T10:00",
  ])
    assert.ok(!held(end, NOW), end);
});

test("ACC-FACTS-2 a fact that cannot be read opens nothing, is named, and closes nothing else", () => {
  const broken = [
    { relations: [RELATION, { ...RELATION, employee: undefined as never }] },
    { consents: [CONSENT, { ...CONSENT, start: "when" }] },
    { choices: [...OPEN_DOORS.choices, { ...choice("P3", null), expires: later(-2 * HOUR) }] },
    { choices: [...OPEN_DOORS.choices, { ...choice("P3", null), chosen: later(-24 * HOUR) }] },
    { emergencies: [{ id: "n", employee: "E1", reason: " ", start: later(-1), end: later(1) }] },
    { emergencies: [{ id: "n", employee: "E1", reason: "Akut", start: later(-HOUR), end: later(4 * HOUR) }] },
    { reasons: "none" as never },
    { protection: {} as never },
  ];
  for (const some of broken) {
    const facts = { patient: { ...OPEN_DOORS, ...some }, record: record() };
    const decision = decideRecord(STAFF, facts, { at: NOW });
    assert.ok("grounds" in decision);
    assert.equal(decision.alarms.length, 1, JSON.stringify(some));
    assert.ok(decision.alarms[0]?.startsWith(Object.keys(some)[0] ?? ""));
  }
  assert.equal(ruleOf({ relations: [{ ...RELATION, start: "?" }] }), "ACC-NO-NEED");
});

test("ACC-TABLE-1 the national table of when information is blocked", () => {
  const march = { start: "2026-03-10", end: "2026-03-20" };
  const outer = block({ kind: "outer", careProvider: "P2", careUnit: null });
  const other = { careProvider: "P2", careUnit: "U9" };
  const table: [string, Block[], Partial<RecordFacts>, "OK" | "BLOCKED"][] = [
    ["no block", [], {}, "OK"],
    ["inner, another unit's information", [block()], {}, "BLOCKED"],
    ["inner, the reader's own unit", [block({ careUnit: "U1" })], { careUnit: "U1" }, "OK"],
    ["inner, a third unit's information", [block()], { careUnit: "U3" }, "OK"],
    ["inner, at another care provider", [block({ careProvider: "P2" })], { careProvider: "P2" }, "BLOCKED"],
    [
      "inner, same unit name at another care provider",
      [block({ careProvider: "P2", careUnit: "U1" })],
      { careProvider: "P2", careUnit: "U1" },
      "BLOCKED",
    ],
    ["outer, another care provider's information", [outer], other, "BLOCKED"],
    ["outer, the reader's own care provider", [block({ kind: "outer" })], {}, "OK"],
    ["outer, a third care provider's information", [outer], { careProvider: "P3" }, "OK"],
    ["outer that names a unit is the whole care provider's", [{ ...outer, careUnit: "U8" }], other, "BLOCKED"],
    ["medication left out", [block({ excluded: ["lak"] })], { type: "lak" }, "OK"],
    ["alerts left out", [block({ excluded: ["lak", "upp"] })], { type: "upp" }, "OK"],
    ["medication left out, an alert", [block({ excluded: ["lak"] })], { type: "upp" }, "BLOCKED"],
    ["unknown type", [block({ excluded: ["lak", "upp"] })], { type: "und" }, "BLOCKED"],
    ["empty type", [block({ excluded: ["lak", "upp"] })], { type: "" }, "BLOCKED"],
    ["no type", [block({ excluded: ["lak", "upp"] })], { type: null }, "BLOCKED"],
    ["no period", [block()], { start: "1950-01-01", end: "1950-01-01" }, "BLOCKED"],
    ["inside the period", [block({ start: "2026-03-01", end: "2026-03-31" })], march, "BLOCKED"],
    ["the period inside", [block({ start: "2026-03-12", end: "2026-03-13" })], march, "BLOCKED"],
    ["overlap at the start", [block({ start: "2026-03-01", end: "2026-03-10" })], march, "BLOCKED"],
    ["overlap at the end", [block({ start: "2026-03-20", end: null })], march, "BLOCKED"],
    ["wholly after", [block({ start: "2026-03-01", end: "2026-03-09" })], march, "OK"],
    ["wholly before", [block({ start: "2026-03-21", end: null })], march, "OK"],
    [
      "time of the information unknown",
      [block({ start: "1990-01-01", end: "1990-01-02" })],
      { start: null, end: null },
      "BLOCKED",
    ],
    [
      "one of several applies",
      [block({ careUnit: "U3" }), block({ start: "2026-03-20", end: null })],
      march,
      "BLOCKED",
    ],
    ["none of several applies", [block({ careUnit: "U3" }), block({ lifted: NOW })], march, "OK"],
    ["registered twice", [block(), block()], march, "BLOCKED"],
    ["lifted for good", [block({ lifted: NOW })], march, "OK"],
    ["lifted a millisecond from now", [block({ lifted: later(1) })], march, "BLOCKED"],
    ["registered by mistake", [block({ cancelled: NOW })], march, "OK"],
    ["lifted for the unit", [block({ revokes: [revoke()] })], march, "OK"],
    ["lifted for the employee", [block({ revokes: [revoke({ employee: "E1" })] })], march, "OK"],
    ["lifted for another employee", [block({ revokes: [revoke({ employee: "E2" })] })], march, "BLOCKED"],
    ["lifted for another unit", [block({ revokes: [revoke({ careUnit: "U3" })] })], march, "BLOCKED"],
    ["lifted in an emergency", [block({ revokes: [revoke({ reason: "Emergency" })] })], march, "OK"],
    ["the lift taken back", [block({ revokes: [revoke({ cancelled: NOW })] })], march, "BLOCKED"],
    ["one of two lifted", [block({ revokes: [revoke()] }), block()], march, "BLOCKED"],
    ["both lifted", [block({ revokes: [revoke()] }), block({ revokes: [revoke()] })], march, "OK"],
  ];
  for (const [name, blocks, some, expected] of table)
    assert.deepEqual(checkBlocks(STAFF, blocks, [record(some)], NOW), { code: "OK", rows: [expected] }, name);
});

test("ACC-TABLE-2 a row that cannot be judged says so, and the others are answered", () => {
  const rows = [record(), record({ careUnit: "" }), record({ start: "2026-03-21" }), record({ careUnit: "U3" })];
  assert.deepEqual(checkBlocks(STAFF, [block()], rows, NOW), {
    code: "INFO",
    rows: ["BLOCKED", "VALIDATIONERROR", "VALIDATIONERROR", "OK"],
  });
  for (const check of [
    checkBlocks({ ...STAFF, careUnit: "" }, [], rows, NOW),
    checkBlocks(STAFF, [], rows, "2026-11-22"),
  ])
    assert.deepEqual(check, { code: "VALIDATIONERROR", rows: rows.map(() => "VALIDATIONERROR") });
});

test("ACC-TABLE-3 after the end of a temporary lift the block holds again, with nobody's help", () => {
  const blocks = [block({ revokes: [revoke({ end: later(0) })] })];
  const at = (moment: string) => checkBlocks(STAFF, blocks, [record()], moment).rows[0];
  assert.deepEqual([at(later(-1)), at(later(0)), at(later(1))], ["OK", "OK", "BLOCKED"]);
});

test("ACC-TABLE-4 what cannot be read in a block counts in the way that blocks the most, and raises an alarm", () => {
  const unread: [Partial<Record<keyof Block, unknown>>, Partial<RecordFacts>][] = [
    [{ kind: "Inner" }, { careUnit: "U3" }],
    [{ careProvider: "" }, { careProvider: "P2", careUnit: "U9" }],
    [{ careUnit: null }, { careUnit: "U3" }],
    [
      { start: "March", end: null },
      { start: "1950-01-01", end: "1950-01-01" },
    ],
    [{ start: "2026-04-02", end: "2026-04-01" }, {}],
    [{ excluded: ["lak", "und"] }, { type: "und" }],
    [{ excluded: "lak" }, { type: "lak" }],
    [{ lifted: "yes" }, {}],
    [{ cancelled: undefined }, {}],
    [{ revokes: [{ ...revoke(), end: "soon" }] }, {}],
    [{ revokes: [{ ...revoke(), employee: undefined }] }, {}],
    [{ revokes: [{ ...revoke(), reason: "" }] }, {}],
  ];
  for (const [part, of] of unread) {
    const blocks = [{ ...block(), ...part } as Block];
    const patient = { ...OPEN_DOORS, blocks, choices: [choice("P1", "U2"), choice("P1", "U3"), choice("P2", null)] };
    const decision = decideRecord(STAFF, { patient, record: record(of) }, { at: NOW });
    assert.ok("refusal" in decision && decision.refusal.rule.startsWith("ACC-BLOCK"), JSON.stringify(part));
    assert.deepEqual(decision.alarms, ["blocks/0"]);
    const own = decideRecord(
      STAFF,
      { patient, record: record({ ...of, careProvider: "P1", careUnit: "U1" }) },
      { at: NOW },
    );
    assert.ok("grounds" in own, "a unit reads what it has written itself");
  }
  for (const blocks of [undefined, null, {}, [null]] as never[])
    assert.equal(ruleOf({ blocks }), "ACC-BLOCK-UNREADABLE");
});

test("ACC-GATE-1 need: an assignment in care that holds, an analysed role, and a reason to know this patient", () => {
  const of = { careUnit: "U1" };
  assert.equal(ruleOf({}, of), "ACC-NEED-RELATION");
  for (const [staff, rule] of [
    [{ until: "2026-11-21" }, "ACC-ASSIGNMENT"],
    [{ from: "2026-11-23" }, "ACC-ASSIGNMENT"],
    [{ from: "2026-11-22", until: "2026-11-22" }, "ACC-NEED-RELATION"],
    [{ term: { from: "2026-01-01", until: "2026-11-21" } }, "ACC-ASSIGNMENT"],
    [{ term: { from: "2026-01-01", until: "2026-11-22" } }, "ACC-NEED-RELATION"],
    [{ purpose: "Statistik" }, "ACC-PURPOSE"],
    [{ isClinical: false }, "ACC-PURPOSE"],
    [{ analysis: null }, "ACC-ANALYSIS"],
  ] as const)
    assert.equal(ruleOf({}, of, { staff }), rule, JSON.stringify(staff));
  const span = { start: later(-HOUR), end: later(HOUR) };
  const reason = { id: "w", employee: "E1", careUnit: "U1", reason: "Rådgivning", ...span };
  const emergency = { id: "n", employee: "E1", reason: "Medvetslös", ...span };
  assert.equal(ruleOf({ relations: [] }, of), "ACC-NO-NEED");
  assert.equal(ruleOf({ relations: [{ ...RELATION, employee: null }] }, of), "ACC-NEED-RELATION");
  assert.equal(ruleOf({ relations: [{ ...RELATION, careUnit: "U2" }] }, of), "ACC-NO-NEED");
  assert.equal(ruleOf({ relations: [{ ...RELATION, registered: later(1) }] }, of), "ACC-NO-NEED");
  assert.equal(ruleOf({ relations: [], reasons: [reason] }, of), "ACC-NEED-REASON");
  assert.equal(ruleOf({ relations: [], reasons: [{ ...reason, careUnit: "U2" }] }, of), "ACC-NO-NEED");
  assert.equal(ruleOf({ relations: [], emergencies: [emergency] }, of), "ACC-NEED-EMERGENCY");
  assert.equal(ruleOf({ relations: [], emergencies: [{ ...emergency, employee: "E2" }] }, of), "ACC-NO-NEED");
});

test("ACC-GATE-2 another unit of the care provider opens by active choice, one unit at a time", () => {
  assert.equal(ruleOf({}), "ACC-CHOICE");
  assert.equal(ruleOf({}, { careUnit: "U3" }), "ACC-NEEDS-CHOICE");
  assert.equal(ruleOf({ choices: [choice("P1", null)] }), "ACC-NEEDS-CHOICE");
  assert.equal(ruleOf({ choices: [{ ...choice("P1", "U2"), employee: "E2" }] }), "ACC-NEEDS-CHOICE");
  assert.equal(ruleOf({ consents: [] }), "ACC-CHOICE", "no consent is needed inside the care provider");
});

test("ACC-GATE-3 another care provider opens by a relation of one's own, consent or emergency, and active choice", () => {
  const of = { careProvider: "P2", careUnit: "U9" };
  const emergencies = [{ id: "n", employee: "E1", reason: "Medvetslös", start: later(-HOUR), end: later(HOUR) }];
  const stated = { ...CONSENT, type: "Emergency", start: later(-HOUR), end: later(HOUR) } as const;
  const cases: [Partial<PatientFacts>, string][] = [
    [{}, "ACC-COHESIVE-CONSENT"],
    [{ relations: [{ ...RELATION, employee: null }] }, "ACC-NEEDS-RELATION"],
    [{ consents: [] }, "ACC-NEEDS-CONSENT"],
    [{ consents: [{ ...CONSENT, employee: null }] }, "ACC-COHESIVE-CONSENT"],
    [{ consents: [{ ...CONSENT, employee: "E2" }] }, "ACC-NEEDS-CONSENT"],
    [{ consents: [{ ...CONSENT, careUnit: "U2" }] }, "ACC-NEEDS-CONSENT"],
    [{ consents: [{ ...CONSENT, end: later(-1) }] }, "ACC-NEEDS-CONSENT"],
    [{ consents: [{ ...CONSENT, cancelled: NOW }] }, "ACC-NEEDS-CONSENT"],
    [{ consents: [{ ...CONSENT, deleted: NOW }] }, "ACC-NEEDS-CONSENT"],
    [{ consents: [stated] }, "ACC-COHESIVE-EMERGENCY"],
    [{ consents: [{ ...stated, end: null }] }, "ACC-NEEDS-CONSENT"],
    [{ consents: [], emergencies }, "ACC-COHESIVE-EMERGENCY"],
    [{ consents: [CONSENT], emergencies }, "ACC-COHESIVE-CONSENT"],
    [{ choices: [] }, "ACC-NEEDS-CHOICE"],
    [{ choices: [choice("P2", "U9")] }, "ACC-COHESIVE-CONSENT"],
    [{ choices: [choice("P2", "U8")] }, "ACC-NEEDS-CHOICE"],
  ];
  for (const [patient, rule] of cases) assert.equal(ruleOf(patient, of), rule, JSON.stringify(patient));
});

test("ACC-GATE-4 a block overrides everything that opens, emergency access too; only its own lift opens", () => {
  const emergencies = [{ id: "n", employee: "E1", reason: "Medvetslös", start: later(-HOUR), end: later(HOUR) }];
  const outer = block({ kind: "outer", careProvider: "P2", careUnit: null });
  assert.equal(ruleOf({ emergencies, blocks: [block()] }), "ACC-BLOCK-INNER");
  assert.equal(ruleOf({ emergencies, blocks: [outer] }, { careProvider: "P2" }), "ACC-BLOCK-OUTER");
  const blocks = [{ ...outer, revokes: [revoke({ reason: "Emergency" })] }];
  assert.equal(ruleOf({ emergencies, consents: [], blocks }, { careProvider: "P2" }), "ACC-COHESIVE-EMERGENCY");
  assert.equal(ruleOf({ relations: [], blocks: [block()] }), "ACC-NO-NEED", "who needs nothing is not told of blocks");
});

test("ACC-GATE-5 everything that opens for a time closes at its end, with nobody's help", () => {
  const ending: [Partial<PatientFacts>, Partial<RecordFacts>, string][] = [
    [{ choices: [{ ...choice("P1", "U2"), expires: NOW }] }, {}, "ACC-NEEDS-CHOICE"],
    [{ relations: [{ ...RELATION, end: NOW }] }, {}, "ACC-NO-NEED"],
    [{ consents: [{ ...CONSENT, end: NOW }] }, { careProvider: "P2" }, "ACC-NEEDS-CONSENT"],
    [{ consents: [{ ...CONSENT, cancelled: later(1) }] }, { careProvider: "P2" }, "ACC-NEEDS-CONSENT"],
    [
      { relations: [], emergencies: [{ id: "n", employee: "E1", reason: "Akut", start: later(-HOUR), end: NOW }] },
      { careUnit: "U1" },
      "ACC-NO-NEED",
    ],
  ];
  for (const [patient, of, after] of ending) {
    assert.ok(!/NEEDS|NO-NEED/.test(ruleOf(patient, of)), after);
    assert.equal(ruleOf(patient, of, { at: later(1) }), after);
  }
});

test("ACC-GATE-6 every rule has its id, a law and one Swedish sentence that ends with a full stop", () => {
  for (const { rule, law, sentence } of [...Object.values(OPENS), ...Object.values(CLOSES)]) {
    assert.match(rule, /^ACC-[A-Z-]+$/);
    assert.match(law, /PDL|2022:913|HSLF-FS 2016:40|OSL/);
    assert.match(sentence, /^[A-ZÅÄÖ][^.]*\.$/);
  }
});

test("ACC-GATE-7 an assignment or a time that cannot be read opens nothing and raises an alarm", () => {
  for (const staff of [
    { careUnit: "" },
    { analysis: "" },
    { purpose: "Care" },
    { until: "soon" },
    { isClinical: 1 },
    { term: {} },
  ]) {
    const facts = { patient: OPEN_DOORS, record: record({ careUnit: "U1" }) };
    const decision = decideRecord({ ...STAFF, ...staff } as Staff, facts, { at: NOW });
    assert.ok("refusal" in decision && decision.refusal.rule === "ACC-MALFORMED", JSON.stringify(staff));
    assert.deepEqual(decision.alarms, ["staff"]);
  }
  assert.equal(ruleOf({}, {}, { at: "2026-11-22" }), "ACC-MALFORMED");
  assert.equal(ruleOf({}, { careUnit: " " }), "ACC-MALFORMED");
});

const SOURCES = [
  { careProvider: "P1", careUnit: "U1" },
  { careProvider: "P1", careUnit: "U2" },
  { careProvider: "P1", careUnit: "U3" },
  { careProvider: "P2", careUnit: "U9" },
];
const survey = (patient: Partial<PatientFacts>, sources = SOURCES) =>
  surveySources(patientReach(STAFF, { ...OPEN_DOORS, ...patient }, { at: NOW }), sources);

test("ACC-SURVEY-1 a chart says of each hidden source why it is hidden and what could open it", () => {
  const { open, hidden } = survey({ consents: [], choices: [choice("P1", "U2")] });
  assert.deepEqual(
    open.map(({ source, grounds }) => [source.careUnit, grounds.rule]),
    [
      ["U1", "ACC-NEED-RELATION"],
      ["U2", "ACC-CHOICE"],
    ],
  );
  assert.deepEqual(
    hidden.map(({ source, rule, openings }) => [source?.careUnit, rule, openings]),
    [
      ["U3", "ACC-NEEDS-CHOICE", ["choose"]],
      ["U9", "ACC-NEEDS-CONSENT", ["record-consent", "emergency-access", "choose"]],
    ].toSorted(([, a], [, b]) => (String(a) < String(b) ? -1 : 1)),
  );
  const nobody = survey({ relations: [] });
  assert.deepEqual(
    [nobody.refusal?.openings, nobody.open, nobody.hidden],
    [["register-relation", "give-reason", "emergency-access"], [], []],
  );
});

test("ACC-SURVEY-2 of blocked sources it is told that they exist, not which, how many or in what order", () => {
  const inner = (careUnit: string) => block({ careUnit });
  const outer = block({ kind: "outer", careProvider: "P2", careUnit: null });
  const none = { consents: [] };
  const one = survey({ ...none, blocks: [inner("U2"), inner("U3"), outer] }, SOURCES.slice(0, 2));
  const two = survey({ ...none, blocks: [inner("U2"), inner("U3"), outer] }, SOURCES.slice(0, 3).toReversed());
  assert.deepEqual(one, two);
  assert.deepEqual(
    one.hidden.map(({ rule, source, openings }) => [rule, source, openings]),
    [["ACC-BLOCK-INNER", null, ["lift-with-consent", "lift-in-emergency"]]],
  );
  const more = { careProvider: "P2", careUnit: "U8" };
  assert.deepEqual(
    survey({ ...none, blocks: [outer] }),
    survey({ ...none, blocks: [outer, { ...outer, id: "b2" }] }, [...SOURCES, more, more]),
  );
});

test("ACC-SURVEY-3 who has blocked is told with consent or in an emergency; places of a protected person to one's own relation", () => {
  const blocks = [block({ kind: "outer", careProvider: "P2", careUnit: null })];
  const named = ({ hidden }: ReturnType<typeof survey>) =>
    hidden.map(({ source }) => source?.careUnit ?? "").toSorted((a, b) => a.localeCompare(b));
  const emergencies = [{ id: "n", employee: "E1", reason: "Medvetslös", start: later(-HOUR), end: later(HOUR) }];
  assert.deepEqual(named(survey({ blocks, consents: [] }, SOURCES.slice(3))), [""]);
  assert.deepEqual(named(survey({ blocks }, SOURCES.slice(3))), ["U9"]);
  assert.deepEqual(named(survey({ blocks, consents: [], emergencies }, SOURCES.slice(3))), ["U9"]);
  const protection = { sekretessmarkering: true, skyddadFolkbokforing: false };
  const relations = [{ ...RELATION, employee: null }];
  assert.deepEqual(named(survey({ protection, choices: [] })), ["U2", "U3", "U9"]);
  assert.deepEqual(named(survey({ protection, choices: [], relations })), ["", ""]);
  assert.deepEqual(named(survey({ protection: {} as never, choices: [], relations })), ["", ""]);
});

test("ACC-SURVEY-4 a block of some time or some types leaves the rest of its source open, and says what it holds", () => {
  const { open, hidden } = survey({ blocks: [block({ start: "2026-03-01", end: null, excluded: ["lak"] })] });
  const part = open.find(({ source }) => source.careUnit === "U2");
  assert.deepEqual(
    part?.closed.map(({ why, period, except }) => [why, period, except]),
    [["inner", { first: Date.parse("2026-02-28T23:00:00Z"), last: Infinity }, ["lak"]]],
  );
  assert.equal(hidden.filter(({ rule }) => rule === "ACC-BLOCK-INNER").length, 1);
});
