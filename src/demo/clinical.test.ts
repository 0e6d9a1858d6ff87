/** The records: times, codes, results, medication, growth, wards today. SPEC.md in this folder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observation, Task } from "fhir/r4";
import { news2 } from "./chart/vitals.ts";
import { STORIES } from "./stories/all.ts";
import { STORY_NAMES } from "./stories/names.ts";
import { NOW, ofType, pastTimes, sample, TODAY, type ChartOf } from "./testing/inspect.ts";

const codeOf = (one: { code?: { coding?: { code?: string }[] } }): string => one.code?.coding?.[0]?.code ?? "";
const all = <T extends Parameters<typeof ofType>[1]>(type: T) => ofType(sample().entries, type);

test("DEMO-TIME-1 nothing is before birth, except what is told of the unborn in the mother's chart", () => {
  for (const { patient, entries } of sample().charts) {
    if (patient.birthDate === undefined) continue;
    for (const { resource } of entries) {
      for (const { path, text } of pastTimes(resource)) {
        assert.ok(
          text.slice(0, 10) >= patient.birthDate,
          `${resource.resourceType}.${path} ${text} before ${patient.birthDate}`,
        );
      }
    }
  }
});

test("DEMO-TIME-2 nothing is done or written after death", () => {
  const dead = sample().charts.filter((one) => one.patient.deceasedDateTime !== undefined);
  assert.ok(dead.length >= 4);
  for (const { patient, entries } of dead) {
    const died = Date.parse(patient.deceasedDateTime!);
    for (const { resource } of entries) {
      for (const { path, at, text } of pastTimes(resource)) {
        assert.ok(
          at <= died + 2 * 86_400_000,
          `${resource.resourceType}.${path} ${text} after ${patient.deceasedDateTime}`,
        );
      }
      if (resource.resourceType === "MedicationRequest") assert.notEqual(resource.status, "active");
      if (resource.resourceType === "Appointment") assert.ok(Date.parse(resource.start!) <= died);
    }
  }
});

test("DEMO-TIME-3 nothing has happened after now", () => {
  for (const { resource } of sample().entries) {
    for (const { path, at, text } of pastTimes(resource))
      assert.ok(at <= NOW, `${resource.resourceType}.${path} ${text}`);
  }
});

test("DEMO-TIME-4 an end is not before its beginning, an answer not before its question, a signature not before its note", () => {
  for (const one of all("Encounter"))
    if (one.period?.end) assert.ok(Date.parse(one.period.end) >= Date.parse(one.period.start!));
  for (const one of all("Observation"))
    if (one.issued) assert.ok(Date.parse(one.issued) >= Date.parse(one.effectiveDateTime!));
  for (const one of all("DiagnosticReport")) assert.ok(Date.parse(one.issued!) >= Date.parse(one.effectiveDateTime!));
  for (const one of all("Composition")) {
    const signed = one.attester?.[0]?.time;
    if (signed) assert.ok(Date.parse(signed) >= Date.parse(one.date));
  }
  for (const one of all("Task"))
    assert.ok(Date.parse(one.lastModified!) >= Date.parse(one.authoredOn!), one.description ?? "");
  for (const one of all("Procedure"))
    assert.ok(Date.parse(one.performedPeriod!.end!) >= Date.parse(one.performedPeriod!.start!));
});

test("DEMO-TIME-5 what belongs to a contact lies within it, or close to it", () => {
  const encounters = new Map(all("Encounter").map((one) => [`Encounter/${one.id}`, one]));
  for (const one of [...all("Composition"), ...all("Procedure"), ...all("MedicationAdministration")]) {
    const reference =
      "context" in one ? one.context?.reference : "encounter" in one ? one.encounter?.reference : undefined;
    const encounter = encounters.get(reference ?? "");
    if (!encounter) continue;
    const at = pastTimes(one)[0]!;
    const slack = 8 * 86_400_000;
    assert.ok(
      at.at >= Date.parse(encounter.period!.start!) - slack,
      `${one.resourceType} ${at.text} before ${encounter.period!.start}`,
    );
    if (encounter.period!.end)
      assert.ok(
        at.at <= Date.parse(encounter.period!.end) + slack,
        `${one.resourceType} ${at.text} after ${encounter.period!.end}`,
      );
  }
});

test("DEMO-STORY-1 every story is told by somebody", () => {
  const told = new Set(Object.keys(sample().region.summary.stories));
  assert.deepEqual([...told].toSorted(), [...STORY_NAMES].toSorted());
  assert.deepEqual(Object.keys(STORIES).toSorted(), [...STORY_NAMES].toSorted());
});

test("DEMO-STORY-2 everyone has a chart; a long illness makes some 60 to 250 resources, and no chart is endless", () => {
  const ill = (one: ChartOf): boolean =>
    ofType(one.entries, "Condition").some((each) => ["E11.9", "J44.9", "I10.9"].includes(codeOf(each)));
  const sizes = sample()
    .charts.filter(ill)
    .map((one) => one.entries.length)
    .toSorted((a, b) => a - b);
  const middle = sizes[Math.floor(sizes.length / 2)]!;
  assert.ok(middle >= 60 && middle <= 250, `${middle} in the middle`);
  for (const one of sample().charts)
    assert.ok(one.entries.length >= 2 && one.entries.length <= 1000, `${one.patient.id}`);
});

test("DEMO-CODE-1 diagnoses are ICD-10-SE, drugs ATC, procedures KVÅ or local, and every code has a Swedish text", () => {
  for (const one of all("Condition")) {
    assert.equal(one.code!.coding![0]!.system, "https://www.icd10.se/");
    assert.match(codeOf(one), /^[A-Z]\d\d\.\d$/);
    assert.ok(one.code!.text);
  }
  for (const one of [...all("MedicationRequest"), ...all("MedicationAdministration")]) {
    assert.equal(one.medicationCodeableConcept!.coding![0]!.system, "http://www.whocc.no/atc");
    assert.match(one.medicationCodeableConcept!.coding![0]!.code!, /^[A-Z]\d\d[A-Z]{1,2}(\d\d)?$/);
  }
  const systems = new Set(all("Procedure").map((one) => one.code!.coding![0]!.system));
  assert.deepEqual(systems, new Set(["urn:eira:demo:atgard", "urn:oid:1.2.752.116.1.3.2.3.6"]));
});

test("DEMO-CODE-2 both problem lists and contact diagnoses are there, and a contact diagnosis has its contact", () => {
  const category = (one: { category?: { coding?: { code?: string }[] }[] }): string =>
    one.category![0]!.coding![0]!.code!;
  const conditions = all("Condition");
  assert.ok(conditions.filter((one) => category(one) === "problem-list-item").length >= 300);
  for (const one of conditions.filter((each) => category(each) === "encounter-diagnosis")) assert.ok(one.encounter);
  const linked = new Set(
    all("Encounter").flatMap((one) => one.diagnosis?.map((each) => each.condition.reference!) ?? []),
  );
  for (const one of conditions.filter((each) => category(each) === "encounter-diagnosis"))
    assert.ok(linked.has(`Condition/${one.id}`));
});

const laboratory = (): Observation[] =>
  all("Observation").filter((one) => one.category![0]!.coding![0]!.code === "laboratory");

test("DEMO-LAB-1 results have unit, reference interval where there is one, and the interpretation that follows from it, critical ones marked", () => {
  const results = laboratory();
  assert.ok(results.length >= 5000);
  for (const one of results) {
    const { value, unit, code } = one.valueQuantity!;
    assert.ok(unit && code, codeOf(one));
    const range = one.referenceRange?.[0];
    const expected =
      range?.low && value! < range.low.value! ? "L" : range?.high && value! > range.high.value! ? "H" : "N";
    const told = one.interpretation![0]!.coding![0]!.code!;
    assert.ok(told === expected || told === expected + expected, `${one.code.text} ${value} ${told}`);
  }
  assert.ok(results.filter((one) => ["HH", "LL"].includes(one.interpretation![0]!.coding![0]!.code!)).length >= 3);
  const npu = results.filter((one) => one.code.coding![0]!.system === "urn:oid:1.2.752.108.1");
  assert.ok(npu.length > results.length * 0.8);
  for (const one of npu) assert.match(codeOf(one), /^NPU\d{5}$/);
});

test("DEMO-LAB-2 an order, its specimen, its results and its report hang together", () => {
  const orders = new Set(all("ServiceRequest").map((one) => `ServiceRequest/${one.id}`));
  for (const one of laboratory()) {
    assert.ok(orders.has(one.basedOn![0]!.reference!));
    assert.ok(one.specimen);
  }
  for (const one of all("DiagnosticReport")) assert.ok(orders.has(one.basedOn![0]!.reference!));
});

test("DEMO-LAB-3 there are corrected and preliminary results, microbiology, pathology and radiology, and orders not yet answered", () => {
  const reports = all("DiagnosticReport");
  const category = (code: string): number =>
    reports.filter((one) => one.category?.[0]?.coding?.[0]?.code === code).length;
  assert.ok(
    reports.some((one) => one.status === "corrected") && laboratory().some((one) => one.status === "corrected"),
  );
  assert.ok(reports.some((one) => one.status === "preliminary"));
  for (const code of ["MB", "PAT", "RAD"]) assert.ok(category(code) >= 10, code);
  const fracture = reports.filter((one) => /fraktur/i.test(one.conclusion ?? ""));
  assert.ok(
    fracture.some((one) => one.conclusion!.startsWith("Ingen fraktur")) &&
      fracture.some((one) => /radiusfraktur/.test(one.conclusion!)),
  );
  assert.ok(reports.some((one) => one.status === "preliminary" && /ingen fraktur/.test(one.conclusion ?? "")));
  const answered = new Set(reports.map((one) => one.basedOn![0]!.reference));
  const open = all("ServiceRequest").filter(
    (one) => one.status === "active" && !answered.has(`ServiceRequest/${one.id}`),
  );
  assert.ok(open.length >= 15);
});

test("DEMO-LAB-4 every report has one task to read it, done or open, with an owner and a latest date", () => {
  const tasks = new Map<string, Task[]>();
  for (const one of all("Task"))
    if (one.code?.text === "Vidimera svar")
      tasks.set(one.focus!.reference!, [...(tasks.get(one.focus!.reference!) ?? []), one]);
  const reports = all("DiagnosticReport").filter((one) => one.category![0]!.text !== "Remissvar");
  for (const report of reports) {
    const own = tasks.get(`DiagnosticReport/${report.id}`) ?? [];
    assert.equal(own.length, 1, `${report.code.text}`);
    assert.ok(own[0]!.owner && own[0]!.restriction!.period!.end);
  }
  assert.ok(
    [...tasks.values()].flat().filter((one) => one.status === "requested").length >= 25,
    "results that wait to be read",
  );
});

test("DEMO-LAB-5 a change of method is told in the results on both sides of it", () => {
  const methods = new Map<string, Set<string>>();
  for (const one of laboratory().filter((each) => each.code.text === "P-TSH" && each.method)) {
    methods.set(one.subject!.reference!, (methods.get(one.subject!.reference!) ?? new Set()).add(one.method!.text!));
  }
  assert.ok([...methods.values()].some((one) => one.size === 2));
});

test("DEMO-LAB-6 a person with diabetes has HbA1c over years and somebody on warfarin INR over months", () => {
  const series = (name: string, months: number): boolean => {
    const times = new Map<string, number[]>();
    for (const one of laboratory().filter((each) => each.code.text === name)) {
      times.set(one.subject!.reference!, [
        ...(times.get(one.subject!.reference!) ?? []),
        Date.parse(one.effectiveDateTime!),
      ]);
    }
    return [...times.values()].some(
      (one) => one.length >= 4 && Math.max(...one) - Math.min(...one) > months * 30 * 86_400_000,
    );
  };
  assert.ok(series("Hb(B)-HbA1c", 24));
  assert.ok(series("P-PK(INR)", 6));
});

test("DEMO-VITAL-1 NEWS2 follows the chart of the Royal College of Physicians", () => {
  const calm = {
    breaths: 16,
    saturation: 97,
    oxygen: 0,
    pressure: [125, 75] as const,
    pulse: 75,
    temperature: 37,
    consciousness: "A" as const,
  };
  assert.equal(news2(calm), 0);
  const steps: readonly (readonly [Partial<Parameters<typeof news2>[0]>, number])[] = [
    [{ breaths: 8 }, 3],
    [{ breaths: 9 }, 1],
    [{ breaths: 12 }, 0],
    [{ breaths: 20 }, 0],
    [{ breaths: 21 }, 2],
    [{ breaths: 25 }, 3],
    [{ saturation: 91 }, 3],
    [{ saturation: 92 }, 2],
    [{ saturation: 94 }, 1],
    [{ saturation: 96 }, 0],
    [{ oxygen: 1 }, 2],
    [{ pressure: [90, 60] }, 3],
    [{ pressure: [91, 60] }, 2],
    [{ pressure: [101, 60] }, 1],
    [{ pressure: [111, 60] }, 0],
    [{ pressure: [220, 90] }, 3],
    [{ pulse: 40 }, 3],
    [{ pulse: 41 }, 1],
    [{ pulse: 51 }, 0],
    [{ pulse: 91 }, 1],
    [{ pulse: 111 }, 2],
    [{ pulse: 131 }, 3],
    [{ temperature: 35 }, 3],
    [{ temperature: 35.1 }, 1],
    [{ temperature: 36.1 }, 0],
    [{ temperature: 38.1 }, 1],
    [{ temperature: 39.1 }, 2],
    [{ consciousness: "C" }, 3],
    [{ consciousness: "U" }, 3],
  ];
  for (const [change, points] of steps) assert.equal(news2({ ...calm, ...change }), points, JSON.stringify(change));
  assert.ok(all("Observation").filter((one) => one.code.text === "NEWS2").length >= 200);
});

test("DEMO-VITAL-2 vital signs carry a LOINC code or a local one, a unit and plausible values", () => {
  const bounds: Readonly<Record<string, readonly [number, number]>> = {
    Puls: [40, 160],
    Andningsfrekvens: [8, 40],
    "Syremättnad (SpO₂)": [80, 100],
    Kroppstemperatur: [32, 41],
    Vikt: [1.5, 170],
    Längd: [40, 205],
    Huvudomfång: [28, 56],
    BMI: [14, 48],
  };
  for (const one of all("Observation")) {
    const bound = bounds[one.code.text!];
    if (!bound) continue;
    assert.equal(one.code.coding![0]!.system, "http://loinc.org");
    const value = one.valueQuantity!.value!;
    assert.ok(value >= bound[0] && value <= bound[1], `${one.code.text} ${value}`);
  }
});

test("DEMO-MED-1 every ordination says why, how much and when, in words and as Timing, with a measured dose", () => {
  for (const one of all("MedicationRequest")) {
    const [dosage] = one.dosageInstruction!;
    assert.ok(one.reasonCode![0]!.text!.length > 2);
    assert.ok(dosage!.timing!.repeat!.frequency! >= 1 && dosage!.timing!.repeat!.boundsPeriod!.start);
    assert.ok(dosage!.doseAndRate![0]!.doseQuantity!.value! > 0 && dosage!.doseAndRate![0]!.doseQuantity!.code);
    assert.ok(dosage!.route!.text);
  }
});

test("DEMO-MED-2 a stopped or paused ordination says why; one that replaces another points at a stopped one of the same patient", () => {
  const requests = all("MedicationRequest");
  const byId = new Map(requests.map((one) => [`MedicationRequest/${one.id}`, one]));
  for (const one of requests.filter((each) => each.status === "stopped" || each.status === "on-hold"))
    assert.ok(one.statusReason?.text);
  const replacing = requests.filter((one) => one.priorPrescription);
  assert.ok(replacing.length >= 15);
  for (const one of replacing) {
    const before = byId.get(one.priorPrescription!.reference!)!;
    assert.equal(before.subject.reference, one.subject.reference);
    assert.equal(before.status, "stopped");
  }
  for (const status of ["active", "completed", "stopped", "on-hold"])
    assert.ok(
      requests.some((one) => one.status === status),
      status,
    );
});

test("DEMO-MED-3 nobody with a recorded penicillin allergy has a penicillin ordered after it was recorded", () => {
  let allergic = 0;
  for (const { entries } of sample().charts) {
    const [allergy] = ofType(entries, "AllergyIntolerance").filter((one) => one.code?.text === "Penicillin");
    if (!allergy) continue;
    allergic += 1;
    for (const one of ofType(entries, "MedicationRequest")) {
      const penicillin = one.medicationCodeableConcept!.coding![0]!.code!.startsWith("J01C");
      assert.ok(!penicillin || one.authoredOn! < allergy.recordedDate!, `${one.medicationCodeableConcept!.text}`);
    }
  }
  assert.ok(allergic >= 5);
});

test("DEMO-MED-4 doses on the wards belong to an ordination; some were not given, with a reason", () => {
  const given = all("MedicationAdministration");
  const requests = new Set(all("MedicationRequest").map((one) => `MedicationRequest/${one.id}`));
  for (const one of given) assert.ok(requests.has(one.request!.reference!));
  const missed = given.filter((one) => one.status === "not-done");
  assert.ok(missed.length >= 2);
  for (const one of missed) assert.ok(one.statusReason![0]!.text);
});

test("DEMO-MED-5 no one has the same drug active twice", () => {
  for (const { patient, entries } of sample().charts) {
    const active = ofType(entries, "MedicationRequest").filter(
      (one) => one.status === "active" && one.category![0]!.coding![0]!.code !== "inpatient",
    );
    const texts = active.map((one) => `${one.medicationCodeableConcept!.coding![0]!.code} ${one.reasonCode![0]!.text}`);
    const doubled = texts.filter((one, index) => texts.indexOf(one) !== index);
    assert.deepEqual(doubled, [], `${patient.name![0]!.text}`);
  }
});

test("DEMO-CHILD-1 children grow: length never shrinks, weight hardly, and the programme's vaccinations follow age", () => {
  let growing = 0;
  for (const { patient, entries } of sample().charts) {
    if ((patient.birthDate ?? "") < "2019-01-01") continue;
    const series = (name: string): number[] =>
      ofType(entries, "Observation")
        .filter((one) => one.code.text === name)
        .toSorted((a, b) => Date.parse(a.effectiveDateTime!) - Date.parse(b.effectiveDateTime!))
        .map((one) => one.valueQuantity!.value!);
    const length = series("Längd");
    if (length.length >= 4) growing += 1;
    length.forEach((one, index) =>
      assert.ok(index === 0 || one >= length[index - 1]! - 0.5, `${patient.id} ${length.join(" ")}`),
    );
    const weight = series("Vikt");
    weight.forEach((one, index) =>
      assert.ok(index < 2 || one >= weight[index - 1]! - 0.25, `${patient.id} ${weight.join(" ")}`),
    );
    const hexa = ofType(entries, "Immunization").filter((one) => one.vaccineCode.coding![0]!.code === "J07CA09");
    const months = hexa.map((one) =>
      Math.round((Date.parse(one.occurrenceDateTime!) - Date.parse(patient.birthDate!)) / (30.44 * 86_400_000)),
    );
    assert.deepEqual(months, [3, 5, 12].slice(0, months.length));
  }
  assert.ok(growing >= 12);
});

test("DEMO-BIRTH-1 a birth is told alike in the mother's chart and the child's", () => {
  const { charts } = sample();
  let told = 0;
  for (const { patient, entries } of charts) {
    const note = ofType(entries, "Composition").find((one) => one.title === "Nyfödd");
    const number = patient.identifier![0]!.value;
    if (!note) continue;
    const grams = /Födelsevikt (\d+) g/.exec(note.section![0]!.text!.div)![1]!;
    const mother = charts.find(
      (one) =>
        ofType(one.entries, "RelatedPerson").some(
          (each) => each.identifier?.[0]?.value === number && each.relationship![0]!.text === "Barn",
        ) && one.patient.gender === "female",
    );
    const delivery =
      mother &&
      ofType(mother.entries, "Composition")
        .filter((one) => one.title === "Förlossningsberättelse")
        .map((one) => JSON.stringify(one.section));
    if (!delivery || delivery.length === 0) continue;
    assert.ok(
      delivery.some((one) => one.includes(`${grams} g`)),
      `${grams} g in ${mother.patient.id}`,
    );
    told += 1;
  }
  assert.ok(told >= 8);
});

test("DEMO-PREG-1 a pregnancy has visits with pressure, SF measure, heart sounds and blood", () => {
  const pregnant = sample().charts.filter((one) =>
    ofType(one.entries, "Composition").some((note) => note.title === "Graviditet vecka 29"),
  );
  assert.ok(pregnant.length >= 3);
  for (const one of pregnant) {
    const names = new Set(ofType(one.entries, "Observation").map((each) => each.code.text));
    for (const name of ["Blodtryck", "Symfys-fundusmått (SF)", "Fosterljud", "B-Hemoglobin", "P-Glukos"])
      assert.ok(names.has(name), name);
  }
});

test("DEMO-WARD-1 at least twenty lie in beds now, each bed taken once, in every kind of ward", () => {
  const here = all("Encounter").filter(
    (one) =>
      one.class.code === "IMP" &&
      one.status === "in-progress" &&
      one.location?.some((each) => each.physicalType?.coding?.[0]?.code === "bd"),
  );
  const beds = here.map(
    (one) => one.location!.find((each) => each.physicalType?.coding?.[0]?.code === "bd")!.location.reference!,
  );
  assert.ok(here.length >= 20, `${here.length} in beds`);
  assert.equal(new Set(beds).size, beds.length);
  const wards = new Set(here.map((one) => one.serviceProvider!.display));
  assert.ok(wards.size >= 9, [...wards].join(", "));
});

test("DEMO-NOW-1 the emergency department is at work, with a triage colour each and one whom nobody has identified", () => {
  const waiting = all("Encounter").filter((one) => one.class.code === "EMER" && one.status === "in-progress");
  assert.ok(waiting.length >= 8);
  assert.ok(waiting.every((one) => ["Röd", "Orange", "Gul", "Grön"].includes(one.priority?.text ?? "")));
  const unknown = sample().charts.find((one) => one.patient.gender === "unknown")!;
  assert.ok(ofType(unknown.entries, "ServiceRequest").length >= 2);
});

test("DEMO-NOW-2 today has appointments behind and ahead, unsigned notes and results that nobody has read", () => {
  const today = all("Appointment").filter((one) => one.start!.startsWith(TODAY));
  assert.ok(today.filter((one) => Date.parse(one.start!) > NOW).length >= 10);
  assert.ok(today.filter((one) => one.status === "fulfilled").length >= 4);
  for (const one of all("Appointment")) {
    const begun = Date.parse(one.start!) <= NOW;
    assert.equal(["fulfilled", "noshow", "checked-in"].includes(one.status), begun, `${one.status} ${one.start}`);
  }
  assert.ok(all("Composition").filter((one) => one.status === "preliminary").length >= 25);
  const days = new Set(
    all("Composition")
      .filter((one) => NOW - Date.parse(one.date) < 10 * 86_400_000)
      .map((one) => one.date.slice(0, 10)),
  );
  assert.ok(days.size >= 6, "recent days have notes");
});

test("DEMO-ALERT-1 a dangerous allergy is a warning too, and a statement of none known is recorded as such", () => {
  const flags = all("Flag");
  const linked = new Set(flags.flatMap((one) => one.extension?.map((each) => each.valueReference?.reference) ?? []));
  const allergies = all("AllergyIntolerance");
  const dangerous = allergies.filter((one) => one.criticality === "high");
  assert.ok(dangerous.length >= 1);
  for (const one of dangerous) assert.ok(linked.has(`AllergyIntolerance/${one.id}`));
  assert.ok(allergies.filter((one) => codeOf(one) === "409137002").length >= 100);
});
