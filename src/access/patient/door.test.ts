/** Rules of ../SPEC.md: the patient's door, protected identity, purposes, search terms. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decideAtDoor,
  PURPOSES,
  refuseBlockRequest,
  refusePopulationSearch,
  refuseUse,
  TELLING,
  USUAL_DOOR_RULES,
  withheldOf,
  type DoorFacts,
  type DoorRules,
  type Reader,
  type RecordFacts,
  type Use,
} from "../index.ts";

const NOW = "2026-11-22T05:30:00.000Z";
const PATIENT: Reader = { kind: "patient" };
const GUARDIAN: Reader = { kind: "guardian", person: "G1" };
const PROXY: Reader = { kind: "proxy", person: "O1" };
const STANDS = { start: "2010-01-01", end: null, ended: null } as const;
const PERSON: DoorFacts = {
  birthDate: "1980-05-17",
  protection: { sekretessmarkering: false, skyddadFolkbokforing: false },
  representations: [
    { id: "f1", kind: "guardian", person: "G1", ...STANDS },
    { id: "f2", kind: "guardian", person: "G2", ...STANDS },
    { id: "o1", kind: "proxy", person: "O1", ...STANDS },
  ],
  grants: [],
};
const RECORD: RecordFacts = {
  careProvider: "P1",
  careUnit: "U1",
  start: null,
  end: null,
  type: null,
  isNotForPatient: false,
  classes: [],
};

type Some = { person?: Partial<DoorFacts>; record?: Partial<RecordFacts>; at?: string; rules?: DoorRules };

function ruleOf(reader: Reader, { person, record, at = NOW, rules = USUAL_DOOR_RULES }: Some): string {
  const facts = { person: { ...PERSON, ...person }, record: { ...RECORD, ...record } };
  const decision = decideAtDoor(reader, facts, { at, rules });
  return "grounds" in decision ? decision.grounds.rule : decision.refusal.rule;
}
const reads = (reader: Reader, some: Some): boolean =>
  /-(PATIENT|GUARDIAN|PROXY)$/.test(ruleOf(reader, some)) && !ruleOf(reader, some).includes("NOT");

test("ACC-DOOR-1 ages: who reads changes on the birthday, at midnight in Sweden", () => {
  const born = (birthDate: string) => ({ person: { birthDate } });
  const matrix: [string, boolean, boolean, boolean][] = [
    ["2026-11-22", false, true, false],
    ["2013-11-23", false, true, false], // the day before the 13th birthday is the guardian's last
    ["2013-11-22", false, false, false],
    ["2010-11-23", false, false, false],
    ["2010-11-22", true, false, false],
    ["2008-11-23", true, false, false],
    ["2008-11-22", true, false, true],
    ["1926-11-22", true, false, true],
  ];
  for (const [birthDate, patient, guardian, proxy] of matrix)
    assert.deepEqual(
      [PATIENT, GUARDIAN, PROXY].map((reader) => reads(reader, born(birthDate))),
      [patient, guardian, proxy],
      birthDate,
    );
  const guardianAt = (birthDate: string, at: string): boolean => reads(GUARDIAN, { ...born(birthDate), at });
  assert.ok(
    guardianAt("2013-07-01", "2026-06-30T21:59:59.999Z") && !guardianAt("2013-07-01", "2026-06-30T22:00:00.000Z"),
  );
  assert.ok(
    guardianAt("2013-12-01", "2026-11-30T22:59:59.999Z") && !guardianAt("2013-12-01", "2026-11-30T23:00:00.000Z"),
  );
  assert.ok(
    guardianAt("2012-02-29", "2025-02-27T22:59:59.999Z") && !guardianAt("2012-02-29", "2025-02-27T23:00:00.000Z"),
  );
  assert.ok(!reads(PATIENT, { ...born("2012-02-29"), at: "2028-02-28T22:59:59.999Z" }));
  assert.ok(reads(PATIENT, { ...born("2012-02-29"), at: "2028-02-28T23:00:00.000Z" }));
});

test("ACC-DOOR-2 an age that is not known, or cannot be, opens nothing", () => {
  assert.equal(ruleOf(PATIENT, { person: { birthDate: null } }), "ACC-DOOR-AGE-UNKNOWN");
  for (const birthDate of ["2026-11-23", "2013", "", "2013-02-29"]) {
    const facts = { person: { ...PERSON, birthDate }, record: RECORD };
    const decision = decideAtDoor(PATIENT, facts, { at: NOW, rules: USUAL_DOOR_RULES });
    assert.ok("refusal" in decision && decision.refusal.rule === "ACC-MALFORMED");
    assert.deepEqual(decision.alarms, ["birthDate"]);
  }
  for (const at of ["0001-01-01T00:30:00+14:00", "9999-12-31T23:59:59Z"])
    assert.match(ruleOf(PATIENT, { at, person: { birthDate: "0001-01-01" } }), /^ACC-/);
});

test("ACC-DOOR-3 a guardian or proxy reads while the right stands; lost custody and protection end it at once", () => {
  const child = { birthDate: "2020-01-01" };
  const [first] = PERSON.representations;
  assert.ok(first);
  assert.ok(reads(GUARDIAN, { person: child }) && reads({ kind: "guardian", person: "G2" }, { person: child }));
  assert.equal(ruleOf({ kind: "guardian", person: "O1" }, { person: child }), "ACC-DOOR-RIGHT");
  const ended = (ended: string | null, end: string | null = null) =>
    ruleOf(GUARDIAN, { person: { ...child, representations: [{ ...first, ended, end }] } });
  assert.equal(ended(NOW), "ACC-DOOR-RIGHT");
  assert.equal(ended("2026-11-22T05:30:00.001Z"), "ACC-DOOR-GUARDIAN");
  assert.equal(ended(null, "2026-11-21"), "ACC-DOOR-RIGHT");
  for (const protection of [
    { sekretessmarkering: true, skyddadFolkbokforing: false },
    { sekretessmarkering: false, skyddadFolkbokforing: true },
    {} as never,
  ])
    assert.equal(ruleOf(GUARDIAN, { person: { ...child, protection } }), "ACC-DOOR-PROTECTED");
});

test("ACC-DOOR-4 what is not approved for the patient leaves for nobody; youth clinics never for others", () => {
  const child = { birthDate: "2020-01-01" };
  for (const record of [
    { isNotForPatient: true },
    { classes: ["violence-exposed"] },
    { classes: ["other", "third-person"] },
  ]) {
    assert.equal(ruleOf(PATIENT, { record }), "ACC-DOOR-NOT-FOR-PATIENT");
    assert.equal(ruleOf(PROXY, { record }), "ACC-DOOR-NOT-FOR-PATIENT");
    assert.equal(ruleOf(GUARDIAN, { person: child, record }), "ACC-DOOR-NOT-FOR-PATIENT");
  }
  const record = { classes: ["youth-clinic"] };
  assert.equal(ruleOf(GUARDIAN, { person: child, record }), "ACC-DOOR-NOT-FOR-OTHERS");
  assert.equal(ruleOf(PATIENT, { record }), "ACC-DOOR-PATIENT");
  assert.equal(ruleOf(PATIENT, { record: { classes: "youth-clinic" as never } }), "ACC-MALFORMED");
});

test("ACC-DOOR-5 from 13 to 15 a unit may grant the child its own reading, and a guardian's by agreement, at that unit only", () => {
  const grant = { id: "g", careUnit: "U1", start: "2026-01-01", end: null, cancelled: null };
  const teen = { birthDate: "2012-01-01" };
  const child = { person: { ...teen, grants: [{ ...grant, kind: "child" as const, person: null }] } };
  const parent = { person: { ...teen, grants: [{ ...grant, kind: "guardian" as const, person: "G1" }] } };
  assert.ok(reads(PATIENT, child) && !reads(GUARDIAN, child));
  assert.ok(!reads(PATIENT, { ...child, record: { careUnit: "U2" } }));
  assert.ok(reads(GUARDIAN, parent) && !reads(PATIENT, parent) && !reads({ kind: "guardian", person: "G2" }, parent));
  const over = { person: { ...teen, grants: [{ ...grant, kind: "child" as const, person: null, cancelled: NOW }] } };
  assert.equal(ruleOf(PATIENT, over), "ACC-DOOR-AGE");
});

test("ACC-DOOR-6 age rules hold on their days; a day with none, or with two, opens nothing and raises an alarm", () => {
  const [usual] = USUAL_DOOR_RULES.ages;
  assert.ok(usual);
  const wider = usual.rules.map((rule) => (rule.from === 13 ? { ...rule, guardian: "all" as const } : rule));
  const changed = (until: string): DoorRules => ({
    ...USUAL_DOOR_RULES,
    ages: [
      { ...usual, until },
      { from: "2027-01-01", until: null, rules: wider },
    ],
  });
  const teen = { person: { birthDate: "2012-06-01" }, rules: changed("2026-12-31") };
  assert.ok(!reads(GUARDIAN, { ...teen, at: "2026-12-31T22:59:59.999Z" }));
  assert.ok(reads(GUARDIAN, { ...teen, at: "2026-12-31T23:00:00.000Z" }));
  for (const until of ["2026-11-21", "2027-06-01"]) {
    const at = until < "2027" ? NOW : "2027-03-01T12:00:00Z";
    const decision = decideAtDoor(PATIENT, { person: PERSON, record: RECORD }, { at, rules: changed(until) });
    assert.ok("refusal" in decision && decision.refusal.rule === "ACC-MALFORMED", until);
    assert.deepEqual(decision.alarms, ["rules"]);
  }
});

test("ACC-DOOR-7 the patient has blocks registered, a child when mature; a guardian or proxy never", () => {
  const asked = { at: NOW, rules: USUAL_DOOR_RULES };
  const ask = (reader: Reader, birthDate: string | null, isFoundMature = false) =>
    refuseBlockRequest({ reader, person: { ...PERSON, birthDate }, isFoundMature }, asked)?.rule;
  assert.equal(ask(PATIENT, "1980-05-17"), undefined);
  assert.equal(ask(PATIENT, "2010-01-01"), undefined);
  assert.equal(ask(PATIENT, "2014-01-01"), "ACC-BLOCK-MATURITY");
  assert.equal(ask(PATIENT, "2014-01-01", true), undefined);
  assert.equal(ask(PATIENT, "?"), "ACC-MALFORMED");
  for (const reader of [GUARDIAN, PROXY, {} as never])
    assert.equal(ask(reader, "2020-01-01", true), "ACC-BLOCK-ONLY-PATIENT");
});

test("ACC-PROTECTED-1 of a protected person nothing telling is shown outside the chart, and an address nowhere", () => {
  const uses: readonly Use[] = ["chart", "contact", "list", "print", "search", "log", "message"];
  const open = { sekretessmarkering: false, skyddadFolkbokforing: false };
  for (const use of uses) {
    assert.deepEqual(withheldOf(open, use), { withheld: [], because: null });
    for (const protection of [
      { ...open, sekretessmarkering: true },
      { ...open, skyddadFolkbokforing: true },
      {} as never,
    ]) {
      const { withheld, because } = withheldOf(protection, use);
      for (const one of ["address", "municipality", "unit-trail"] as const)
        assert.ok(withheld.includes(one), `${use} ${one}`);
      assert.equal(withheld.includes("name"), use !== "chart" && use !== "contact");
      if (["list", "print", "log", "message"].includes(use)) assert.deepEqual(withheld, TELLING);
      assert.match(because?.sentence ?? "", /\.$/);
    }
  }
});

test("ACC-USE-1 one purpose never opens what another is for, and a patient who has declined is left out", () => {
  for (const purpose of PURPOSES) {
    assert.equal(refuseUse(purpose, "chart", false) === undefined, purpose === "Vård och behandling", purpose);
    assert.equal(refuseUse(purpose, "identified-cohort", false)?.rule, "ACC-USE-PURPOSE");
  }
  assert.equal(refuseUse("Statistik", "de-identified", true), undefined);
  assert.equal(refuseUse("Vård och behandling", "de-identified", false)?.rule, "ACC-USE-PURPOSE");
  assert.equal(refuseUse("Kvalitetsregister", "role-separated", false), undefined);
  assert.equal(refuseUse("Kvalitetsregister", "role-separated", true)?.rule, "ACC-USE-DECLINED");
  assert.equal(refuseUse("anything" as never, "chart", false)?.rule, "ACC-USE-PURPOSE");
});

test("ACC-TERMS-1 sensitive terms select nobody among many patients; within one patient they may be looked for", () => {
  const sensitive = [
    { system: "http://icd", prefixes: ["F64", "Z65"] },
    { system: "http://religion", prefixes: "all" as const },
  ];
  const ask = (system: string | null, code: string | null, isOfOnePatient = false) =>
    refusePopulationSearch(
      {
        isOfOnePatient,
        terms: [
          { system: "http://icd", code: "J45" },
          { system, code },
        ],
      },
      sensitive,
    )?.rule;
  for (const [system, code] of [
    ["http://icd", "F64.0"],
    ["http://icd", "f64"],
    ["http://icd", null],
    [null, "Z651"],
    ["http://religion", "1"],
    ["http://religion", null],
  ] as const) {
    assert.equal(ask(system, code), "ACC-TERMS", `${system}|${code}`);
    assert.equal(ask(system, code, true), undefined);
  }
  assert.equal(ask("http://icd", "J45"), undefined);
  assert.equal(ask("http://loinc", "F64"), undefined);
  assert.equal(ask(null, "J45"), "ACC-TERMS-SYSTEM");
});

test("ACC-TERMS-2 a list of sensitive terms that cannot be read refuses every search over many patients", () => {
  const search = { isOfOnePatient: false, terms: [{ system: "http://icd", code: "J45" }] };
  for (const broken of [
    undefined,
    {},
    [{}],
    [{ system: " ", prefixes: "all" }],
    [{ system: "s", prefixes: [] }],
    [{ system: "s", prefixes: [""] }],
  ])
    assert.equal(refusePopulationSearch(search, broken as never)?.rule, "ACC-MALFORMED", JSON.stringify(broken));
  assert.equal(refusePopulationSearch({ isOfOnePatient: true, terms: search.terms }, undefined as never), undefined);
});
