/** The region as a whole: repeatable, valid, linked, owned. SPEC.md in this folder. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { homeOfId, isHsaId, isTestHsaId, type HsaId } from "../base/index.ts";
import { validateResource, type JsonObject } from "../fhir/index.ts";
import { generateRegion } from "./index.ts";
import { chartsOf, ofType, pastTimes, referencesOf, sample, SEED, TODAY } from "./testing/inspect.ts";
import { parseDay, timeText } from "./time.ts";

function fingerprint(options: Parameters<typeof generateRegion>[0]): string {
  const hash = createHash("sha256");
  for (const entry of generateRegion(options).resources) hash.update(JSON.stringify(entry));
  return hash.digest("hex");
}

test("DEMO-GEN-1 the same seed and day give the same bytes, again and read twice", () => {
  const options = { seed: 3, today: TODAY, patients: 120 };
  const region = generateRegion(options);
  const texts = [...region.resources].map((entry) => JSON.stringify(entry));
  assert.deepEqual(
    [...region.resources].map((entry) => JSON.stringify(entry)),
    texts,
  );
  assert.equal(fingerprint(options), createHash("sha256").update(texts.join("")).digest("hex"));
});

test("DEMO-GEN-2 another seed, another day or another hour gives another region", () => {
  const base = { seed: 3, today: TODAY, patients: 40 };
  const others = [
    { ...base, seed: 4 },
    { ...base, today: "2026-11-22" },
    { ...base, now: "11:30" },
  ];
  const prints = new Set([base, ...others].map(fingerprint));
  assert.equal(prints.size, 4);
});

test("DEMO-GEN-3 a day, a time or a number of patients out of range is refused", () => {
  const refused = [
    { seed: 1, today: "2026-02-30" },
    { seed: 1, today: "26-11-21" },
    { seed: 1, today: "2024-12-31" },
    { seed: 1, today: "2036-01-01" },
    { seed: 1, today: TODAY, patients: 0 },
    { seed: 1, today: TODAY, patients: 601 },
    { seed: 1, today: TODAY, patients: 2.5 },
    { seed: 1, today: TODAY, now: "24:00" },
    { seed: 1, today: TODAY, now: "08:59" },
  ];
  for (const options of refused) assert.throws(() => generateRegion(options), RangeError, JSON.stringify(options));
});

test("DEMO-GEN-4 the region has the size it is meant to have", () => {
  const { region, entries, charts } = sample();
  assert.equal(charts.length, 400);
  assert.equal(region.summary.patients, 400);
  assert.equal(generateRegion({ seed: SEED, today: TODAY, patients: 37 }).summary.patients, 37);
  assert.ok(entries.length >= 25_000 && entries.length <= 45_000, `${entries.length} resources`);
  const least: Readonly<Record<string, number>> = {
    Encounter: 2000,
    Observation: 10_000,
    Condition: 1500,
    Composition: 2000,
    MedicationRequest: 600,
    MedicationAdministration: 150,
    MedicationStatement: 3,
    DiagnosticReport: 1000,
    ServiceRequest: 1000,
    Specimen: 800,
    Task: 1000,
    Immunization: 1000,
    Procedure: 100,
    AllergyIntolerance: 200,
    Flag: 20,
    Appointment: 800,
    CareTeam: 10,
    CarePlan: 25,
    DocumentReference: 30,
    RelatedPerson: 300,
  };
  for (const [type, count] of Object.entries(least)) {
    const seen = entries.filter((entry) => entry.resource.resourceType === type).length;
    assert.ok(seen >= count, `${seen} of ${type}, at least ${count} wanted`);
  }
});

test("DEMO-GEN-5 every day of a long range, and every hour of the day, makes a sound region", () => {
  const days = [
    ["2025-01-01", "09:00"],
    ["2026-03-29", "23:59"],
    ["2027-06-19", "10:00"],
    ["2028-02-29", "15:30"],
    ["2035-12-31", "10:00"],
  ] as const;
  for (const [today, now] of days) {
    const entries = [...generateRegion({ seed: 11, today, now, patients: 130 }).resources];
    const moment = Date.parse(timeText(parseDay(today) + Date.parse(`1970-01-01T${now}:00Z`)));
    assert.equal(chartsOf(entries).length, 130, today);
    for (const { resource } of entries) {
      const name = `${today} ${resource.resourceType}/${resource.id}`;
      assert.deepEqual(validateResource(resource as unknown as JsonObject), [], name);
      for (const { at, path, text } of pastTimes(resource)) assert.ok(at <= moment, `${name} ${path} ${text}`);
    }
  }
});

test("DEMO-GEN-6 the region is written while it is read: a reader who stops early pays little, and all of it costs seconds", () => {
  const cost = (entries: number): number => {
    const before = process.cpuUsage();
    let left = entries;
    for (const entry of generateRegion({ seed: 5, today: TODAY }).resources) {
      assert.ok(entry.resource.id);
      left -= 1;
      if (left === 0) break;
    }
    const spent = process.cpuUsage(before);
    return (spent.user + spent.system) / 1000;
  };
  const whole = cost(Infinity);
  const start = cost(1500);
  assert.ok(whole < 8000, `${Math.round(whole)} ms of processor for the whole region`);
  assert.ok(start < whole / 2, `${Math.round(start)} ms for the beginning, ${Math.round(whole)} for all`);
});

test("DEMO-VALID-1 every resource passes the server's own validation", () => {
  for (const { resource } of sample().entries) {
    const plain = JSON.parse(JSON.stringify(resource)) as JsonObject;
    assert.deepEqual(validateResource(plain), [], `${resource.resourceType}/${resource.id}`);
  }
});

test("DEMO-ID-1 ids are unique and carry the home of their patient; directory data have home 0", () => {
  const { entries, charts } = sample();
  assert.equal(new Set(entries.map((entry) => entry.resource.id)).size, entries.length);
  for (const { patient, entries: own } of charts) {
    const home = homeOfId(patient.id!);
    assert.ok(home !== undefined && home > 0);
    for (const { resource } of own)
      assert.equal(homeOfId(resource.id!), home, `${resource.resourceType}/${resource.id}`);
  }
  for (const entry of entries.filter((one) => one.careUnit === null)) assert.equal(homeOfId(entry.resource.id!), 0);
});

test("DEMO-LINK-1 every reference leads to a resource of the directory or of the same patient", () => {
  const { entries, charts } = sample();
  const name = (resource: { resourceType: string; id?: string }): string => `${resource.resourceType}/${resource.id}`;
  const directory = new Set(entries.filter((one) => one.careUnit === null).map((one) => name(one.resource)));
  for (const one of entries.filter((entry) => entry.careUnit === null)) {
    for (const reference of referencesOf(one.resource))
      assert.ok(directory.has(reference), `${name(one.resource)} → ${reference}`);
  }
  for (const chart of charts) {
    const own = new Set(chart.entries.map((entry) => name(entry.resource)));
    for (const { resource } of chart.entries) {
      for (const reference of referencesOf(resource)) {
        assert.ok(directory.has(reference) || own.has(reference), `${name(resource)} → ${reference}`);
      }
    }
  }
});

test("DEMO-LINK-2 the directory comes first, then each patient before what is written about the patient", () => {
  const { entries } = sample();
  const firstPatient = entries.findIndex((entry) => entry.resource.resourceType === "Patient");
  const before = entries.slice(0, firstPatient);
  assert.ok(before.every((entry) => entry.careUnit === null || entry.resource.resourceType === "PlanDefinition"));
  assert.ok(entries.slice(firstPatient).every((entry) => entry.careUnit !== null));
  const seen = new Set<string>();
  for (const { resource } of entries) {
    if (resource.resourceType === "Patient") seen.add(`Patient/${resource.id}`);
    for (const reference of referencesOf(resource).filter((one) => one.startsWith("Patient/")))
      assert.ok(seen.has(reference), reference);
  }
});

test("DEMO-CATALOGUE-1, DEMO-CATALOGUE-2 what can be ordered has a version, an owner and receivers of the region; sets are of what is in the catalogue and their unit's own", () => {
  const { entries } = sample();
  const items = ofType(entries, "ActivityDefinition");
  const units = new Set(ofType(entries, "Organization").map((one) => `Organization/${one.id}`));
  assert.ok(items.length > 50);
  for (const { url, version, publisher, extension = [], topic, code } of items) {
    assert.ok(url && version && publisher && topic && code);
    const to = extension.filter((one) => one.url.endsWith(":mottagare"));
    assert.ok(to.length > 0 && to.every((one) => units.has(one.valueReference?.reference ?? "")), url);
  }
  assert.equal(new Set(items.map(({ url }) => url)).size, items.length);
  const known = new Set(items.map(({ url }) => url));
  const sets = entries.filter(({ resource }) => resource.resourceType === "PlanDefinition");
  assert.ok(sets.length > 0);
  for (const { resource, careUnit } of sets) {
    if (resource.resourceType !== "PlanDefinition") continue;
    assert.equal(resource.identifier?.[0]?.value, careUnit);
    for (const { definitionCanonical } of resource.action ?? []) assert.ok(known.has(definitionCanonical ?? ""));
  }
});

test("DEMO-CATALOGUE-3 each analysis and panel has a tube, each tube its place in the order of drawing; somebody is to be drawn from this morning", () => {
  const { entries } = sample();
  const tubes = ofType(entries, "SpecimenDefinition");
  const ranks = tubes.flatMap(({ extension = [] }) => extension.flatMap(({ url, valueInteger }) => (url.endsWith(":ordning") ? [valueInteger ?? 0] : []))); // prettier-ignore
  assert.equal(new Set(ranks).size, tubes.length);
  const drawn = new Set(tubes.flatMap(({ extension = [] }) => extension.flatMap((one) => one.extension?.find(({ url }) => url === "kod")?.valueCodeableConcept?.coding?.[0]?.code ?? []))); // prettier-ignore
  const laboratory = ofType(entries, "ActivityDefinition").filter(({ topic }) => topic?.[0]?.coding?.[0]?.code === "108252007"); // prettier-ignore
  const without = laboratory.filter(({ code }) => !drawn.has(code?.coding?.[0]?.code ?? ""));
  assert.deepEqual(without.map(({ title }) => title), []); // prettier-ignore
  const waiting = ofType(entries, "ServiceRequest").filter(({ status, specimen, category }) => status === "active" && specimen === undefined && category?.[0]?.coding?.[0]?.code === "108252007"); // prettier-ignore
  assert.ok(waiting.length > 0);
});

test("DEMO-CATALOGUE-5 the region has templates for notes of each kind of contact, with search words that stand once", () => {
  const templates = sample().entries.flatMap(({ resource }) =>
    resource.resourceType === "Questionnaire" ? [resource] : [],
  );
  const contacts = new Set(templates.flatMap((one) => (one.useContext ?? []).map(({ valueCodeableConcept }) => valueCodeableConcept?.coding?.[0]?.code))); // prettier-ignore
  for (const kind of ["besok", "telefon", "digitalt", "hembesok", "akut", "vardtillfalle"]) assert.ok(contacts.has(kind), kind); // prettier-ignore
  for (const { title, item = [], version } of templates) {
    assert.ok(item.length > 2 && version === "1", title ?? "-");
    assert.equal(new Set(item.map(({ linkId }) => linkId)).size, item.length, title ?? "-");
  }
});

test("DEMO-CATALOGUE-4 each unit of two or more has templates of each kind, looked at by another than who proposed, with fields that letters have", () => {
  const { staff, templates } = generateRegion({ seed: 7, today: "2026-11-12", patients: 1 });
  const atUnit = (careUnit: string): Set<string> =>
    new Set(staff.filter(({ assignments }) => assignments.some(({ unitHsaId }) => unitHsaId === careUnit)).map(({ hsaId }) => hsaId)); // prettier-ignore
  const units = [...new Set(staff.flatMap(({ assignments }) => assignments.map(({ unitHsaId }) => unitHsaId)))];
  const large = units.filter((one) => atUnit(one).size > 1);
  assert.ok(large.length > 10);
  assert.deepEqual(new Set(templates.map(({ careUnit }) => careUnit)), new Set(large));
  for (const unit of large) {
    const own = templates.filter(({ careUnit }) => careUnit === unit);
    assert.deepEqual(new Set(own.map(({ kind }) => kind)), new Set(["call", "result", "information", "completion"]));
    assert.equal(new Set(own.map(({ title }) => title)).size, own.length);
    assert.ok(own.some(({ title, words }) => title.includes("närstående") && !words.includes("{namn}")));
  }
  assert.equal(new Set(templates.map(({ id }) => id)).size, templates.length);
  for (const { careUnit, proposedBy, reviewedBy, title, words } of templates) {
    assert.ok(proposedBy !== reviewedBy && atUnit(careUnit).has(proposedBy) && atUnit(careUnit).has(reviewedBy));
    for (const [, name = ""] of `${title}${words}`.matchAll(/\{([^{}]*)\}/g))
      assert.ok(["namn", "tid", "plats", "enhet", "fritext"].includes(name), name);
    assert.ok(words.endsWith("{enhet}") && !/[{}]/.test(`${title}${words}`.replaceAll(/\{[^{}]*\}/g, "")));
  }
  assert.deepEqual(generateRegion({ seed: 7, today: "2026-11-12", patients: 1 }).templates, templates);
});

test("DEMO-OWN-1 everything about a patient is owned by a care unit and by the care provider that runs it", () => {
  const { entries } = sample();
  const organizations = ofType(entries, "Organization");
  const parent = new Map(organizations.map((one) => [`Organization/${one.id}`, one.partOf?.reference]));
  const hsaId = new Map(organizations.map((one) => [`Organization/${one.id}`, one.identifier![0]!.value!]));
  const providerOf = new Map(
    organizations.map((one) => {
      let at = `Organization/${one.id}`;
      while (parent.get(at) !== undefined) at = parent.get(at)!;
      return [one.identifier![0]!.value!, hsaId.get(at)!];
    }),
  );
  for (const entry of entries.filter((one) => one.careUnit !== null)) {
    assert.equal(
      entry.careProvider,
      providerOf.get(entry.careUnit!),
      `${entry.resource.resourceType}/${entry.resource.id}`,
    );
  }
  const providers = new Set(entries.flatMap((entry) => entry.careProvider ?? []));
  assert.equal(providers.size, 3, "region, private carer and municipality all own records");
});

test("DEMO-DIR-1 three care providers, a hospital with its wards, health centres and the municipality's units", () => {
  const { entries, region } = sample();
  const organizations = ofType(entries, "Organization");
  const named = (type: string): string[] =>
    organizations.filter((one) => one.type!.some((each) => each.text === type)).map((one) => one.name!);
  assert.equal(named("Vårdgivare").length, 3);
  assert.equal(region.summary.careProviders, 3);
  assert.equal(named("Vårdcentral").length, 5);
  for (const kind of [
    "Akutmottagning",
    "Intensivvård",
    "Röntgen",
    "Patologi",
    "Barnmorskemottagning",
    "Barnavårdscentral",
    "Hemsjukvård",
    "Särskilt boende",
  ]) {
    assert.equal(named(kind).length, 1, kind);
  }
  assert.ok(named("Avdelning").length >= 9);
  assert.equal(region.summary.careUnits, named("Vårdenhet").length);
  for (const one of organizations) {
    const value = one.identifier![0]!.value!;
    assert.ok(isHsaId(value) && isTestHsaId(value), value);
  }
  assert.equal(new Set(organizations.map((one) => one.identifier![0]!.value)).size, organizations.length);
});

test("DEMO-DIR-2 wards have rooms and beds, each within the one above", () => {
  const locations = ofType(sample().entries, "Location");
  const kind = new Map(locations.map((one) => [`Location/${one.id}`, one.physicalType!.coding![0]!.code!]));
  const above: Readonly<Record<string, string>> = { bd: "ro", ro: "wa", wa: "bu" };
  for (const one of locations) {
    const code = kind.get(`Location/${one.id}`)!;
    if (code !== "bu") assert.equal(kind.get(one.partOf!.reference!), above[code]);
  }
  assert.ok([...kind.values()].filter((one) => one === "bd").length >= 100);
});

test("DEMO-STAFF-1 at least sixty people with unique HSA-ids, each with one or two assignments that the directory holds", () => {
  const { region, entries } = sample();
  const roles = new Map(ofType(entries, "PractitionerRole").map((one) => [one.id!, one]));
  assert.ok(region.staff.length >= 60);
  assert.equal(new Set(region.staff.map((one) => one.hsaId)).size, region.staff.length);
  for (const person of region.staff) {
    assert.ok(person.assignments.length >= 1 && person.assignments.length <= 2, person.name);
    assert.ok(isTestHsaId(person.hsaId as HsaId));
    for (const assignment of person.assignments) {
      const role = roles.get(assignment.id)!;
      assert.equal(role.practitioner!.reference, `Practitioner/${person.id}`);
      assert.equal(role.organization!.display, assignment.unit);
      assert.ok(role.period!.start! < TODAY);
    }
  }
  const professions = new Set(region.staff.map((one) => one.profession));
  for (const one of [
    "läkare",
    "sjuksköterska",
    "barnmorska",
    "undersköterska",
    "fysioterapeut",
    "arbetsterapeut",
    "biomedicinsk analytiker",
    "röntgensjuksköterska",
    "medicinsk sekreterare",
    "psykolog",
    "apotekare",
    "dietist",
    "vårdadministratör",
  ])
    assert.ok(professions.has(one), one);
});

test("DEMO-STAFF-2 every unit that writes in the record has staff", () => {
  const { region } = sample();
  const staffed = new Set(region.staff.flatMap((one) => one.assignments.map((assignment) => assignment.unitHsaId)));
  for (const entry of sample().entries)
    if (entry.careUnit !== null) assert.ok(staffed.has(entry.careUnit), entry.careUnit);
});

test("DEMO-STAFF-3 one person reviews the log and one keeps the directory, in roles that rest on an analysis, and no record is theirs", () => {
  const { region, entries } = sample();
  const [roles] = ofType(entries, "CodeSystem");
  const keepers = ofType(entries, "PractitionerRole").filter(({ extension }) => extension !== undefined);
  assert.deepEqual(
    keepers.map(({ code }) => code?.[0]?.coding?.[0]?.code),
    ["logggranskare", "behorighetsadministrator"],
  );
  for (const { code, practitioner } of keepers) {
    const concept = roles?.concept?.find((one) => one.code === code?.[0]?.coding?.[0]?.code);
    assert.match(concept?.property?.find((one) => one.code === "analysis")?.valueString ?? "", /^BRA-/);
    assert.ok(region.staff.every(({ id }) => practitioner?.reference !== `Practitioner/${id}`));
  }
});
