import assert from "node:assert/strict";
import { test } from "node:test";
import { PATIENT_COMPARTMENT, RESOURCE_TYPES, SEARCH_PARAMETERS } from "../fhir/index.ts";
import { impliedSystems } from "./bare-codes.ts";
import { CHOICES } from "./choices.ts";
import { expressionText, type Expression } from "./expression.ts";
import { extractorOf } from "./extract.ts";
import { rangeColumns, resourceTableSql } from "./layout.ts";
import { isOwnPatient, mayHaveOtherPatients, patientPathsOf } from "./patient.ts";
import { parameterOf, parametersOf, type SearchParameter } from "./registry.ts";
import { isRepeating } from "./repeating.ts";
import { followPath, systemsOf } from "./testing/definitions.ts";

const WITHOUT_EXPRESSION = ["_text", "_content", "_query"];

/** A path as names only, with the type that `ofType` asks for. */
function namesOf(path: Expression): { path: string; as: string | undefined } {
  if (path.op === "ofType") return { path: namesOf(path.of).path, as: path.name };
  if (path.op === "where" || path.op === "index") return namesOf(path.of);
  if (path.op === "field") return { path: `${namesOf(path.of).path}.${path.name}`, as: undefined };
  return { path: expressionText(path), as: undefined };
}

function everyParameter(): { type: string; parameter: SearchParameter }[] {
  return RESOURCE_TYPES.flatMap((type) => [...parametersOf(type).values()].map((parameter) => ({ type, parameter })));
}

test("SEARCH-REG-1 all 1,709 pairs of R4 are known, and every one that has an expression is extracted or derived", () => {
  const pairs = Object.values(SEARCH_PARAMETERS).reduce((sum, list) => sum + list.length, 0);
  assert.equal(pairs, 1709);
  const names = new Set(everyParameter().map(({ type, parameter }) => `${type}.${parameter.name}`));
  for (const [type, list] of Object.entries(SEARCH_PARAMETERS)) {
    if (type === "Resource" || type === "DomainResource") continue;
    for (const { name } of list) assert.ok(names.has(`${type}.${name}`), `${type}.${name}`);
  }
  for (const { type, parameter } of everyParameter()) {
    if (["_id", "_lastUpdated", ...WITHOUT_EXPRESSION].includes(parameter.name)) continue;
    assert.ok(parameter.sources.length > 0, `${type}.${parameter.name} has no path`);
  }
  for (const type of RESOURCE_TYPES) assert.ok(extractorOf(type).byRoot.size > 0, type);
});

test("SEARCH-REG-2 a parameter that is another, limited or joined, is stored under the other's name", () => {
  const sources = (type: string, name: string): string =>
    (parameterOf(type, name)?.sources ?? [])
      .map((source) => source.name + (source.only === undefined ? "" : `:${source.only}`))
      .join(" ");
  assert.equal(sources("Observation", "patient"), "subject:Patient");
  assert.equal(sources("Observation", "combo-code"), "code component-code");
  assert.equal(sources("Observation", "combo-value-quantity"), "value-quantity component-value-quantity");
  assert.equal(sources("AuditEvent", "patient"), "agent:Patient entity:Patient");
  assert.equal(sources("Patient", "phonetic"), "name");
  assert.equal(sources("Observation", "code"), "code");
  assert.equal(sources("InsurancePlan", "name"), "phonetic name", "a path written without its type");
});

test("SEARCH-REG-3 no parameter borrows keys of a path that it does not have", () => {
  let borrowed = 0;
  for (const { type, parameter } of everyParameter()) {
    const own = new Set(parameter.atoms.map(({ text }) => text));
    for (const { name } of parameter.sources) {
      const source = parameterOf(type, name);
      assert.ok(
        source?.stored.every(({ text }) => own.has(text)),
        `${type}.${parameter.name} borrows from ${name}`,
      );
      if (name !== parameter.name) borrowed += 1;
    }
  }
  assert.ok(borrowed > 60, `${borrowed} borrowed`);
});

test("SEARCH-EXPR-4 the table of choices names every element that is read without its type, as R4 defines it", () => {
  const needed = new Set<string>();
  const look = (path: Expression): void => {
    if (path.op === "field" && followPath(namesOf(path).path)?.isChoice === true) needed.add(namesOf(path).path);
    if (path.op !== "ofType" && "of" in path) look(path.of);
  };
  for (const { parameter } of everyParameter()) {
    for (const { path } of parameter.atoms) {
      look(path);
      if (path.op === "and") needed.add("Patient.deceased");
    }
  }
  needed.add("Group.characteristic.value"); // a composite's part
  assert.deepEqual(Object.keys(CHOICES).toSorted(), [...needed].toSorted());
  for (const [path, types] of Object.entries(CHOICES))
    assert.deepEqual(types.toSorted(), followPath(path)?.types.toSorted(), path);
});

test("SEARCH-LAYOUT-5 the table of repeating values names exactly the parameters whose paths repeat", () => {
  let seen = 0;
  for (const { type, parameter } of everyParameter()) {
    if (!["date", "number", "quantity"].includes(parameter.type) || parameter.name.startsWith("_")) continue;
    const repeats = parameter.atoms.some(({ path }) => followPath(namesOf(path).path)?.repeats === true);
    assert.equal(isRepeating(type, parameter.name), repeats, `${type}.${parameter.name}`);
    seen += 1;
  }
  assert.ok(seen > 180, `${seen} seen`);
});

test("SEARCH-TOKEN-7 the table of bare codes gives each the systems that its definition implies, and no others", () => {
  const primitive = new Set(["code", "string", "boolean", "id", "uri", "markdown"]);
  let bare = 0;
  for (const { type, parameter } of everyParameter()) {
    if (parameter.type !== "token" || parameter.name.startsWith("_") || parameter.name === "deceased") continue;
    const found = parameter.atoms.map(({ path }) => ({ as: namesOf(path).as, found: followPath(namesOf(path).path) }));
    const types = found.flatMap(({ as, found: one }) => (as === undefined ? (one?.types ?? []) : [as]));
    const expected = types.every((one) => primitive.has(one))
      ? [
          ...new Set(
            found.flatMap(({ found: one }) =>
              one?.types[0] === "code" && one.valueSet !== undefined ? systemsOf(one.valueSet) : [],
            ),
          ),
        ]
      : undefined;
    assert.deepEqual(
      impliedSystems(type, parameter.name)?.toSorted(),
      expected?.toSorted(),
      `${type}.${parameter.name}`,
    );
    if (expected !== undefined) bare += 1;
  }
  assert.ok(bare > 200, `${bare} bare`);
  assert.deepEqual(impliedSystems("Patient", "deceased"), []);
});

test("SEARCH-PAT-2 a type is listed as having one own patient exactly when its definition allows only one", () => {
  for (const type of RESOURCE_TYPES) {
    const paths = patientPathsOf(type);
    if (paths?.own === undefined) continue;
    const repeats = paths.own.atoms.some(({ path }) => followPath(namesOf(path).path)?.repeats === true);
    assert.equal(paths.single, !repeats, type);
  }
});

test("SEARCH-PAT-3 outside the compartment there is no patient, and only one's own parameter means the column", () => {
  for (const type of RESOURCE_TYPES)
    assert.equal(patientPathsOf(type) === undefined, (PATIENT_COMPARTMENT[type] ?? []).length === 0, type);
  const means = (type: string, name: string): boolean => {
    const parameter = parameterOf(type, name);
    return parameter !== undefined && isOwnPatient(type, parameter);
  };
  assert.ok(means("Observation", "patient") && means("Observation", "subject"));
  assert.ok(!means("Observation", "performer"));
  assert.ok(!means("Appointment", "patient"), "an appointment may be of several patients");
  assert.ok(!means("Patient", "link"));
  assert.ok(mayHaveOtherPatients("Observation") && mayHaveOtherPatients("Patient"));
  assert.ok(!mayHaveOtherPatients("Immunization"));
});

test("SEARCH-LAYOUT-1 each date, number and quantity parameter that is stored has a pair of columns, and no other has", () => {
  assert.deepEqual(
    rangeColumns("Encounter").map(({ name, sqlType }) => `${name} ${sqlType}`),
    [
      "date_lo timestamptz",
      "date_hi timestamptz",
      "length_lo numeric",
      "length_hi numeric",
      "location_period_lo timestamptz",
      "location_period_hi timestamptz",
    ],
  );
  assert.ok(!rangeColumns("Observation").some(({ name }) => name.startsWith("combo")));
});

test("SEARCH-LAYOUT-2 every name fits PostgreSQL's 63 characters and is used once", () => {
  const names = RESOURCE_TYPES.flatMap((type) =>
    [...resourceTableSql(type).matchAll(/CREATE (?:TABLE|INDEX) "([^"]+)"/g)].map(([, name]) => name ?? ""),
  );
  assert.ok(names.length > 700, `${names.length} names`);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.ok(name.length <= 63, name);
});

test("SEARCH-LAYOUT-3 every unique constraint contains the shard key, and GIN keeps no pending list", () => {
  for (const type of RESOURCE_TYPES) {
    const sql = resourceTableSql(type);
    assert.equal([...sql.matchAll(/PRIMARY KEY|UNIQUE/g)].length, 1, type);
    assert.match(sql, /PRIMARY KEY \(id, home\)/);
    for (const [index] of sql.matchAll(/USING gin[^;]+/g)) assert.match(index, /fastupdate = off/, index);
  }
});

test("SEARCH-LAYOUT-4 a patient's resources are indexed by the date that a clinician reads them by, newest first", () => {
  const index = (type: string): string => /"[a-z]+_patient" ON [^;]+/.exec(resourceTableSql(type))?.[0] ?? "";
  assert.match(index("Observation"), /\(patient, "date_lo" DESC NULLS LAST, code_key\) WHERE patient IS NOT NULL/);
  assert.match(index("DiagnosticReport"), /\(patient, "date_lo" DESC NULLS LAST, id\) WHERE patient IS NOT NULL/);
  assert.match(index("MedicationRequest"), /"authoredon_lo"/);
  assert.match(index("Condition"), /"recorded_date_lo"/);
  assert.match(index("Coverage"), /\(patient, id\)/);
  assert.equal(index("Organization"), "");
});
