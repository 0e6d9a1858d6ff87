/** The people: numbers, names, families, protected identity. SPEC.md in this folder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Patient } from "fhir/r4";
import { parseIdentityNumber } from "../base/index.ts";
import { generateRegion } from "./index.ts";
import { numberPool } from "./people/numbers.ts";
import { needsOfficialNumbers, officialPersonnummer, officialSamordningsnummer } from "./testing/official.ts";
import { chartsOf, ofType, sample, SEED, TODAY } from "./testing/inspect.ts";
import { TEST_PERSONNUMMER, TEST_SAMORDNINGSNUMMER, TEST_SAMORDNINGSNUMMER_UNKNOWN_DATE } from "./test-numbers.ts";
import { wall } from "./time.ts";

const PERSONNUMMER = "http://electronichealth.se/identifier/personnummer";
const numberOf = (patient: Patient): string => patient.identifier![0]!.value!;
const systemOf = (patient: Patient): string => patient.identifier![0]!.system!;

test("DEMO-NUM-1 the committed table holds only official test numbers, each once", needsOfficialNumbers, () => {
  const personnummer = new Set(officialPersonnummer());
  const samordningsnummer = new Set(officialSamordningsnummer());
  for (const one of TEST_PERSONNUMMER) assert.ok(personnummer.has(one), one);
  for (const one of [...TEST_SAMORDNINGSNUMMER, ...TEST_SAMORDNINGSNUMMER_UNKNOWN_DATE])
    assert.ok(samordningsnummer.has(one), one);
  assert.equal(new Set(TEST_PERSONNUMMER).size, TEST_PERSONNUMMER.length);
  assert.ok(TEST_PERSONNUMMER.length >= 700);
  assert.ok(TEST_SAMORDNINGSNUMMER.length + TEST_SAMORDNINGSNUMMER_UNKNOWN_DATE.length >= 35);
});

test("DEMO-NUM-2 no two patients share a number, and personnummer and samordningsnummer come from the table", () => {
  const table = new Set([...TEST_PERSONNUMMER, ...TEST_SAMORDNINGSNUMMER, ...TEST_SAMORDNINGSNUMMER_UNKNOWN_DATE]);
  const patients = sample().charts.map((one) => one.patient);
  assert.equal(new Set(patients.map(numberOf)).size, patients.length);
  for (const patient of patients.filter(
    (one) => !systemOf(one).includes("eserv") && !systemOf(one).startsWith("urn:"),
  )) {
    assert.ok(table.has(numberOf(patient)), numberOf(patient));
  }
});

test("DEMO-NUM-3 a number that tells day of birth and sex agrees with the patient's", () => {
  for (const { patient } of sample().charts.filter((one) => systemOf(one.patient) === PERSONNUMMER)) {
    const number = numberOf(patient);
    assert.equal(patient.birthDate!.replace(/-/g, ""), number.slice(0, 8));
    assert.equal(patient.gender, Number(number[10]) % 2 === 1 ? "male" : "female");
  }
});

test("DEMO-NUM-4 every number is one that the identity rules of base accept, under its own system", () => {
  const kinds = new Map<string, number>();
  for (const { patient } of sample().charts) {
    const parsed = parseIdentityNumber(numberOf(patient));
    assert.ok(parsed, numberOf(patient));
    assert.equal(parsed.value, numberOf(patient));
    assert.equal(parsed.system, systemOf(patient));
    kinds.set(parsed.kind, (kinds.get(parsed.kind) ?? 0) + 1);
  }
  assert.ok(kinds.get("samordningsnummer")! >= 3);
  assert.equal(kinds.get("nationellt-reservnummer"), 1);
  assert.ok(
    kinds.get("regionalt-reservnummer")! <= 30,
    "reserve numbers are for the smallest children and the unidentified",
  );
});

test("DEMO-NUM-5 the pool hands out a number once, near the wished day, and says when there is none", () => {
  const pool = numberPool();
  const wished = wall(1985, 6, 1);
  const first = pool.personnummer("female", wished, 200, wall(2026, 1, 1))!;
  const second = pool.personnummer("female", wished, 200, wall(2026, 1, 1))!;
  assert.notEqual(first.identity.value, second.identity.value);
  assert.ok(Math.abs(first.birth! - wished) <= 200 * 86_400_000);
  assert.equal(pool.personnummer("male", wall(1915, 6, 1), 200, wall(2026, 1, 1)), undefined);
  assert.equal(pool.personnummer("male", wall(2026, 6, 1), 120, wall(2026, 7, 1)), undefined);
});

test("DEMO-NUM-6 a regional reserve number carries sex, day and a check digit that base accepts", () => {
  const pool = numberPool();
  const made = [
    pool.regionalReserve("female", wall(2026, 11, 20), wall(2026, 11, 21)),
    pool.regionalReserve("female", wall(2026, 11, 20), wall(2026, 11, 21)),
    pool.regionalReserve("male", wall(2025, 2, 3), wall(2026, 11, 21)),
    pool.regionalReserve("unknown", undefined, wall(2026, 11, 21)),
  ].map((one) => one.identity.value);
  assert.equal(new Set(made).size, 4);
  for (const one of made) assert.equal(parseIdentityNumber(one)?.kind, "regionalt-reservnummer", one);
  assert.deepEqual(
    made.map((one) => one[8]),
    ["K", "K", "M", "X"],
  );
});

test("DEMO-PEOPLE-1 ages from newborn to over ninety, both sexes, one whose sex and birth nobody knows", () => {
  const patients = sample().charts.map((one) => one.patient);
  const age = (patient: Patient): number => 2026 - Number(patient.birthDate?.slice(0, 4) ?? 1976);
  const within = (low: number, high: number): number =>
    patients.filter((one) => age(one) >= low && age(one) <= high).length;
  assert.ok(within(0, 1) >= 3 && within(2, 6) >= 15 && within(7, 17) >= 25);
  assert.ok(within(18, 64) >= 130 && within(65, 79) >= 40 && within(80, 100) >= 25);
  for (const sex of ["female", "male"]) assert.ok(patients.filter((one) => one.gender === sex).length >= 150, sex);
  const unknown = patients.filter((one) => one.gender === "unknown");
  assert.equal(unknown.length, 1);
  assert.equal(unknown[0]!.birthDate, undefined);
  assert.ok(patients.filter((one) => one.deceasedDateTime).length >= 4);
});

test("DEMO-PEOPLE-2 children have guardians among the patients, at the same address", () => {
  const { charts } = sample();
  const byNumber = new Map(charts.map((one) => [numberOf(one.patient), one.patient]));
  let guardians = 0;
  for (const { patient, entries } of charts) {
    for (const related of ofType(entries, "RelatedPerson")) {
      if (!related.relationship![0]!.text!.includes("vårdnadshavare")) continue;
      const guardian = byNumber.get(related.identifier![0]!.value!)!;
      guardians += 1;
      assert.ok(guardian.birthDate! < patient.birthDate!);
      assert.deepEqual(guardian.address, patient.address);
    }
  }
  assert.ok(guardians >= 100);
});

test("DEMO-PEOPLE-3 some speak another language and some need an interpreter", () => {
  const patients = sample().charts.map((one) => one.patient);
  assert.ok(new Set(patients.flatMap((one) => one.communication?.map((each) => each.language.text!) ?? [])).size >= 4);
  assert.ok(patients.filter((one) => one.extension?.some((each) => each.valueBoolean === true)).length >= 4);
});

test("DEMO-PEOPLE-4 a smaller region has the same first people and stories", () => {
  const few = chartsOf([...generateRegion({ seed: SEED, today: TODAY, patients: 60 }).resources]);
  const many = sample().charts.slice(0, 60);
  assert.deepEqual(
    few.map((one) => one.patient),
    many.map((one) => one.patient),
  );
});

test("DEMO-PAT-1 a protected person's record holds no home, telephone, centre or relative, and no name outside the Patient", () => {
  const hidden = sample().charts.filter((one) =>
    one.patient.meta!.security!.some((label) => label.system!.includes("hl7.se")),
  );
  const labels = hidden.map((one) => one.patient.meta!.security!.map((label) => label.code));
  assert.deepEqual(new Set(labels.flat()), new Set(["DEMO", "sekretessmarkering", "skyddadFolkbokforing"]));
  assert.equal(hidden.length, 2);
  for (const { patient, entries } of hidden) {
    assert.equal(patient.telecom, undefined);
    assert.equal(patient.generalPractitioner, undefined);
    assert.deepEqual(
      patient.address!.map((one) => one.line),
      [["Förmedlingsuppdrag", "Box 2820"]],
    );
    assert.equal(ofType(entries, "RelatedPerson").length, 0);
    const text = JSON.stringify(entries.slice(1).map((entry) => entry.resource));
    assert.ok(!text.includes(patient.name![0]!.family!), "the family name stands outside the Patient");
    assert.ok(entries.length > 10);
  }
});

test("DEMO-PAT-2 every patient is labelled as demonstration data", () => {
  for (const { patient } of sample().charts) assert.ok(patient.meta!.security!.some((one) => one.code === "DEMO"));
});

test("DEMO-PLACE-1 addresses are in towns and postcode series that do not exist, telephones in series kept for fiction", () => {
  const fiction = /^(070-174 06 |031-390 06 |040-628 04 |08-465 004 |0980-31 92 )\d\d$/;
  for (const { patient } of sample().charts) {
    for (const address of patient.address ?? []) assert.match(address.postalCode!, /^(48\d \d\d|403 20)$/);
    for (const telecom of patient.telecom ?? []) assert.match(telecom.value!, fiction);
  }
});
