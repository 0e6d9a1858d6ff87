/** The stories told on purpose: breast cancer, the frail woman, referrals, the one who did not come. SPEC.md in this folder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FhirResource } from "fhir/r4";
import { ofType, pastTimes, sample, type ChartOf } from "./testing/inspect.ts";

const STATES = ["skickad", "mottagen", "vidareskickad", "bedömd", "komplettering begärd", "besvarad", "svar mottaget"];

function chartWith(match: (resource: FhirResource) => boolean): ChartOf {
  const found = sample().charts.find((one) => one.entries.some((entry) => match(entry.resource)));
  assert.ok(found, "no such chart");
  return found;
}

/** The first time at which something with these words was done. */
function when(chart: ChartOf, type: FhirResource["resourceType"], words: RegExp): number {
  const times = chart.entries
    .filter((entry) => entry.resource.resourceType === type && words.test(JSON.stringify(entry.resource)))
    .map((entry) =>
      Math.max(
        ...pastTimes(entry.resource)
          .slice(0, 1)
          .map((one) => one.at),
      ),
    );
  assert.ok(times.length > 0, `${type} ${String(words)} is missing`);
  return Math.min(...times);
}

const breastCancer = (): ChartOf =>
  chartWith((one) => one.resourceType === "Condition" && one.code?.coding?.[0]?.code === "C50.4");

test("DEMO-BREAST-1 the pathway is whole and in order, from the call to the first yearly control", () => {
  const chart = breastCancer();
  const steps: readonly (readonly [FhirResource["resourceType"], RegExp])[] = [
    ["DocumentReference", /Kallelse till mammografi/],
    ["DiagnosticReport", /Screeningmammografi/],
    ["Composition", /Återkallelse/],
    ["DiagnosticReport", /Klinisk mammografi/],
    ["ServiceRequest", /Standardiserat vårdförlopp/],
    ["Composition", /"Multidisciplinär konferens"/],
    ["Composition", /Diagnosbesked/],
    ["Procedure", /Partiell mastektomi/],
    ["Composition", /Multidisciplinär konferens efter operation/],
    ["ServiceRequest", /Efterbehandling/],
    ["MedicationAdministration", /Epirubicin/],
    ["MedicationAdministration", /Paklitaxel/],
    ["Procedure", /Strålbehandling/],
    ["MedicationRequest", /Letrozol/],
    ["DiagnosticReport", /Uppföljningsmammografi/],
    ["Composition", /Ettårskontroll/],
  ];
  const times = steps.map(([type, words]) => when(chart, type, words));
  times.forEach((one, index) =>
    assert.ok(index === 0 || one >= times[index - 1]!, `${String(steps[index]![1])} is too early`),
  );
  assert.equal(2026 - Number(chart.patient.birthDate!.slice(0, 4)), 54);
});

test("DEMO-BREAST-2 the pathway has its pathology, twelve cycles, rehabilitation, plans, team and times ahead, all linked", () => {
  const chart = breastCancer();
  const { entries } = chart;
  const reports = ofType(entries, "DiagnosticReport");
  assert.equal(reports.filter((one) => one.category![0]!.coding![0]!.code === "PAT").length, 3);
  assert.equal(
    ofType(entries, "Encounter").filter((one) => /Cytostatika, kur/.test(one.reasonCode![0]!.text!)).length,
    12,
  );
  assert.ok(ofType(entries, "Composition").filter((one) => one.title === "Fysioterapi").length >= 3);
  assert.deepEqual(
    ofType(entries, "CarePlan")
      .map((one) => one.status)
      .toSorted(),
    ["active", "completed"],
  );
  assert.ok(ofType(entries, "CareTeam")[0]!.participant!.length >= 4);
  assert.ok(ofType(entries, "Appointment").filter((one) => one.status === "booked").length >= 4);
  const kva = ofType(entries, "Procedure").filter((one) => one.code!.coding![0]!.code === "HAB40");
  assert.equal(kva.length, 1);
  assert.ok(kva[0]!.basedOn && kva[0]!.reasonReference);
  for (const one of ofType(entries, "Task")) assert.equal(one.status, "completed", one.description ?? "");
});

test("DEMO-FRAIL-1 the frail woman has nine drugs from home, two of them paused, a NEWS2 that rises and a review not signed", () => {
  const chart = chartWith((one) => one.resourceType === "Composition" && one.title === "Läkemedelsavstämning");
  const { entries, patient } = chart;
  assert.equal(2026 - Number(patient.birthDate!.slice(0, 4)), 82);
  const home = ofType(entries, "MedicationRequest").filter((one) => one.category![0]!.coding![0]!.code === "community");
  assert.equal(home.length, 9);
  assert.equal(home.filter((one) => one.status === "on-hold").length, 2);
  assert.equal(ofType(entries, "MedicationStatement").length, 2);
  const news = ofType(entries, "Observation")
    .filter((one) => one.code.text === "NEWS2")
    .toSorted((a, b) => Date.parse(a.effectiveDateTime!) - Date.parse(b.effectiveDateTime!))
    .map((one) => one.valueInteger!);
  assert.ok(news.length >= 4 && news[0]! <= 3 && news[news.length - 1]! >= 7, news.join(" "));
  assert.ok(
    ofType(entries, "Composition").some((one) => one.title === "Läkemedelsgenomgång" && one.status === "preliminary"),
  );
  const owners = new Set(entries.map((entry) => entry.careProvider));
  assert.equal(owners.size, 2, "region and municipality both write");
});

test("DEMO-REF-1 referrals stand in every national state, at least two in each", () => {
  const tasks = ofType(sample().entries, "Task").filter((one) => one.businessStatus);
  for (const [index, state] of STATES.entries()) {
    const own = tasks.filter((one) => one.businessStatus!.text === state);
    assert.ok(own.length >= 2, state);
    for (const one of own) {
      assert.equal(one.businessStatus!.coding![0]!.system, "urn:oid:1.2.752.129.2.2.2.43");
      assert.equal(one.businessStatus!.coding![0]!.code, String(index + 1));
    }
  }
});

test("DEMO-REF-2 a referral has one task that tells its way, its owner and a latest date; answered ones have the answer", () => {
  const { entries } = sample();
  const requests = ofType(entries, "ServiceRequest").filter((one) => one.category![0]!.text === "Remiss");
  const tasks = new Map(
    ofType(entries, "Task")
      .filter((one) => one.businessStatus)
      .map((one) => [one.focus!.reference!, one]),
  );
  assert.equal(tasks.size, requests.length);
  for (const one of requests) {
    const task = tasks.get(`ServiceRequest/${one.id}`)!;
    assert.ok(task.owner && task.restriction!.period!.end && task.note!.length >= 1);
    const answered = ["besvarad", "svar mottaget"].includes(task.businessStatus!.text!);
    assert.equal(task.output !== undefined, answered, task.description ?? "");
    assert.equal(one.status === "completed", answered);
    const times = task.note!.map((note) => Date.parse(note.time!));
    times.forEach((at, index) => assert.ok(index === 0 || at >= times[index - 1]!));
  }
});

test("DEMO-REF-3 who has a referral now follows from its state: the receiver, or the sender when the ball is there", () => {
  const { entries } = sample();
  const organizations = new Set(ofType(entries, "Organization").map((one) => `Organization/${one.id}`));
  for (const one of ofType(entries, "Task").filter((each) => each.businessStatus)) {
    const withSender = ["komplettering begärd", "besvarad", "svar mottaget"].includes(one.businessStatus!.text!);
    assert.equal(organizations.has(one.owner!.reference!), !withSender, one.description ?? "");
    if (one.businessStatus!.text === "komplettering begärd") assert.ok(one.statusReason?.text);
  }
});

test("DEMO-STORY-3 the psychiatric patient has two no-shows, each followed up the same day, a time ahead, and a cancelled referral", () => {
  const chart = chartWith(
    (one) => one.resourceType === "Appointment" && one.description === "Nybesök psykiatri, tredje kallelsen",
  );
  const missed = ofType(chart.entries, "Appointment").filter((one) => one.status === "noshow");
  assert.equal(missed.length, 2);
  for (const one of missed) {
    const followed = ofType(chart.entries, "Encounter").filter(
      (each) =>
        each.reasonCode![0]!.text === "Uteblivet besök" && each.period!.start!.slice(0, 10) === one.start!.slice(0, 10),
    );
    assert.equal(followed.length, 1);
  }
  assert.ok(ofType(chart.entries, "Appointment").some((one) => one.status === "booked" && one.basedOn));
  const cancelled = ofType(chart.entries, "Task").filter((one) => one.status === "cancelled");
  assert.equal(cancelled.length, 1);
  assert.ok(cancelled[0]!.statusReason?.text);
});

test("DEMO-STORY-4 chest pain: the second troponin is back, much higher than the first, and nobody has read it", () => {
  const chart = chartWith(
    (one) => one.resourceType === "DiagnosticReport" && /Kritiskt svar/.test(one.conclusion ?? ""),
  );
  const values = ofType(chart.entries, "Observation")
    .filter((one) => one.code.text === "P-Troponin T")
    .map((one) => one.valueQuantity!.value!);
  assert.equal(values.length, 2);
  assert.ok(values[1]! > 5 * values[0]!);
  const [report] = ofType(chart.entries, "DiagnosticReport").filter((one) =>
    /Kritiskt svar/.test(one.conclusion ?? ""),
  );
  const task = ofType(chart.entries, "Task").find((one) => one.focus!.reference === `DiagnosticReport/${report!.id}`)!;
  assert.equal(task.status, "requested");
  assert.equal(task.priority, "urgent");
});

test("DEMO-STORY-5 a hip fracture runs from the fall through surgery to the municipality's rehabilitation", () => {
  const chart = chartWith(
    (one) => one.resourceType === "CarePlan" && one.title === "Rehabiliteringsplan efter höftfraktur",
  );
  const side = ofType(chart.entries, "Procedure").find((one) => one.code!.coding![0]!.code === "NFB19")!.bodySite![0]!
    .text!;
  for (const one of ofType(chart.entries, "Composition")) {
    const other = side === "höger" ? "vänster" : "höger";
    const text = JSON.stringify(one.section);
    if (/höft/.test(text))
      assert.ok(!text.includes(`${other} höft`) && !text.includes(`${other} sida`), "the side changes in a note");
  }
  assert.ok(new Set(chart.entries.map((entry) => entry.careProvider)).size >= 2);
});
