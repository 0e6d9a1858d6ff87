/** Validation of whole resources: what is right stays right, and real data is accepted. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import {
  elementsOf,
  memberName,
  parseJson,
  RESOURCE_TYPES,
  validateResource,
  writeJson,
  type JsonObject,
  type JsonValue,
} from "../index.ts";
import { fullResource, leastResource } from "../testing/example.ts";

/** Expression and code of everything found. */
function found(resource: JsonValue): string[] {
  return validateResource(resource as JsonObject).map(({ expression, code }) => `${expression} ${code}`);
}

/** Without R4's conditions, which made-up resources do not meet: they are tested on real ones. */
function foundInStructure(resource: JsonValue): string[] {
  return found(resource).filter((one) => !one.endsWith(" invariant"));
}

test("FHIR-VALID-1 the least and the fullest resource of every type are valid", () => {
  for (const type of RESOURCE_TYPES) {
    assert.deepEqual(foundInStructure(leastResource(type)), [], type);
    for (let turn = 0; turn < 6; turn++)
      assert.deepEqual(foundInStructure(fullResource(type, turn)), [], `${type} ${turn}`);
  }
});

test("FHIR-VALID-1 every type of every choice, and every extension type, is valid", () => {
  const choices = elementsOf("Extension")!.find(({ name }) => name === "value")!.types.length;
  for (const type of ["Observation", "Condition", "MedicationRequest", "Parameters", "ElementDefinition"]) {
    if (!RESOURCE_TYPES.some((known) => known === type)) continue;
    for (let turn = 0; turn < choices; turn++)
      assert.deepEqual(foundInStructure(fullResource(type, turn)), [], `${type} ${turn}`);
  }
});

test("FHIR-VALID-1 the resource is not changed and its issues are told in both languages", () => {
  const resource = parseJson('{"resourceType":"Patient","active":"yes","birthDate":"2026-13-01","x":1}') as JsonObject;
  const before = writeJson(resource);
  const issues = validateResource(resource);
  assert.equal(writeJson(resource), before);
  assert.equal(issues.length, 3);
  for (const { sv, en, severity } of issues)
    assert.ok(sv.length > 5 && en.length > 5 && sv !== en && severity === "error");
  assert.doesNotMatch(JSON.stringify(issues), /yes|2026/, "no values in the texts");
});

const DATA = "../shared/data/synthea-100.ndjson.gz";

test("FHIR-VALID-2 accepts all 27,730 resources of the public generator, and gives back their text", (t) => {
  if (!existsSync(DATA)) {
    assert.notEqual(process.env["CI"], "true", `${DATA} is missing`);
    console.error(`NOT TESTED: ${DATA} is missing`);
    t.skip("no data");
    return;
  }
  let resources = 0;
  for (const line of gunzipSync(readFileSync(DATA)).toString("utf8").trim().split("\n")) {
    const bundle = parseJson(line) as { entry: { resource: JsonObject }[] } & JsonObject;
    assert.equal(writeJson(bundle), line);
    assert.deepEqual(validateResource(bundle), []);
    resources += bundle.entry.length;
    for (const { resource } of bundle.entry) assert.deepEqual(validateResource(resource), []);
  }
  assert.equal(resources, 27_730);
});

test("FHIR-VALID-3 a resource without a type, or of an unknown one, is refused at resourceType", () => {
  assert.deepEqual(found({}), ["Resource.resourceType required"]);
  assert.deepEqual(found({ resourceType: "Nothing" }), ["Nothing.resourceType structure"]);
  assert.deepEqual(found({ resourceType: 1 }), ["Resource.resourceType structure"]);
  assert.deepEqual(found({ resourceType: "<b>" }), ["Resource.resourceType structure"]);
  assert.deepEqual(found({ resourceType: "DomainResource" }), ["DomainResource.resourceType structure"]);
});

test("FHIR-VALID-4 names the place of a fault, through lists, choices and inner resources", () => {
  const observation = {
    resourceType: "Observation",
    status: "final",
    code: { text: "x" },
    component: [{ code: { text: "y" }, valueQuantity: { value: "6" } }],
  };
  assert.deepEqual(found(observation), ["Observation.component[0].valueQuantity.value structure"]);
  const bundle = {
    resourceType: "Bundle",
    type: "collection",
    entry: [{}, { resource: { ...observation, component: [] } }],
  };
  assert.deepEqual(found(bundle), ["Bundle.entry[0] structure", "Bundle.entry[1].resource.component structure"]);
  assert.deepEqual(found({ resourceType: "Patient", _birthDate: { extension: [{ valueString: "x" }] } }), [
    "Patient.birthDate.extension[0].url required",
  ]);
  assert.deepEqual(found({ resourceType: "Patient", contained: [{ resourceType: "Group", type: "person" }] }), [
    "Patient.contained[0].actual required",
  ]);
});

test("FHIR-VALID-4 a name that is no name is not repeated", () => {
  assert.deepEqual(found({ resourceType: "Patient", "19121212-1212 Anna": 1 }), ["Patient structure"]);
  assert.deepEqual(found({ resourceType: "Patient", [`a${"b".repeat(70)}`]: 1 }), ["Patient structure"]);
  assert.deepEqual(found(parseJson('{"resourceType":"Patient","__proto__":{"active":true}}')), [
    "Patient.__proto__ structure",
  ]);
  assert.deepEqual(found({ resourceType: "Patient", constructor: 1, toString: 2 }).length, 2);
});

test("FHIR-VALID-5 a choice has one form, and its extensions may stand beside it", () => {
  const base = { resourceType: "Patient" };
  const note = { extension: [{ url: "https://x.org", valueCode: "unknown" }] };
  assert.deepEqual(found({ ...base, deceasedBoolean: true, _deceasedBoolean: note }), []);
  assert.deepEqual(found({ ...base, deceasedBoolean: true, deceasedDateTime: "2026" }), [
    "Patient.deceased[x] structure",
  ]);
  assert.deepEqual(found({ ...base, deceasedBoolean: true, _deceasedDateTime: note }), [
    "Patient.deceased[x] structure",
  ]);
  assert.deepEqual(found({ ...base, deceasedString: "no" }), ["Patient.deceasedString structure"]);
  assert.deepEqual(found({ ...base, deceased: true }), ["Patient.deceased structure"]);
});

test("FHIR-VALID-6 a primitive's extensions stand beside it, aligned by null", () => {
  const note = { extension: [{ url: "https://x.org", valueCode: "unknown" }] };
  const given = (name: object): string[] => found({ resourceType: "Patient", name: [name] } as JsonObject);
  assert.deepEqual(given({ given: ["a", null], _given: [null, note] }), []);
  assert.deepEqual(given({ given: ["a"], _given: [{ id: "x" }] }), []);
  assert.deepEqual(given({ _given: [note] }), []);
  assert.deepEqual(given({ _family: note }), []);
  assert.deepEqual(given({ given: ["a", null] }), ["Patient.name[0].given[1] structure"]);
  assert.deepEqual(given({ given: ["a", null], _given: [null, null] }).length, 2);
  assert.deepEqual(given({ given: ["a"], _given: [null, note] }), ["Patient.name[0].given structure"]);
  assert.deepEqual(given({ given: ["a"], _given: note }), ["Patient.name[0].given structure"]);
  assert.deepEqual(given({ family: "a", _family: [note] }), ["Patient.name[0].family structure"]);
  assert.deepEqual(given({ _family: { id: "x" } }), ["Patient.name[0].family structure"]);
  assert.deepEqual(given({ _family: { extension: [], x: 1 } }), [
    "Patient.name[0].family.extension structure",
    "Patient.name[0].family.x structure",
  ]);
  assert.deepEqual(given({ family: null }), ["Patient.name[0].family structure"]);
  assert.deepEqual(given({ text: "a", _period: { start: "2026" } }), ["Patient.name[0]._period structure"]);
});

test("FHIR-VALID-7 an extension has a url, and a value or extensions of its own but not both", () => {
  const extension = (value: object): string[] => found({ resourceType: "Patient", extension: [value] } as JsonObject);
  const inner = [{ url: "a", valueString: "b" }];
  assert.deepEqual(extension({ url: "https://x.org", extension: inner }), []);
  assert.deepEqual(extension({ url: "https://x.org", _valueString: { extension: inner } }), []);
  assert.deepEqual(extension({ url: "https://x.org" }), ["Patient.extension[0] invariant"]);
  assert.deepEqual(extension({ url: "https://x.org", valueString: "a", extension: inner }), [
    "Patient.extension[0] invariant",
  ]);
  assert.deepEqual(extension({ valueString: "a" }), ["Patient.extension[0].url required"]);
  assert.deepEqual(extension({ url: "https://x.org", valueNothing: "a" }), [
    "Patient.extension[0].valueNothing structure",
  ]);
});

test("FHIR-VALID-8 contained resources are not nested, and every #reference finds its own", () => {
  const owner = (contained: object[], reference: string): string[] =>
    found({ resourceType: "Patient", contained, managingOrganization: { reference } } as unknown as JsonObject);
  const organization = { resourceType: "Organization", id: "o", name: "x" };
  assert.deepEqual(owner([organization], "#o"), []);
  assert.deepEqual(owner([organization], "#p"), ["Patient.managingOrganization.reference invariant"]);
  assert.deepEqual(owner([{ ...organization, partOf: { reference: "#o" } }], "#o"), []);
  assert.deepEqual(owner([{ resourceType: "Basic", id: "o", code: { text: "x" } }], "#o"), [
    "Patient.managingOrganization.reference value",
  ]);
  assert.deepEqual(owner([{ ...organization, contained: [organization] }], "#o"), [
    "Patient.contained[0].contained[0] invariant",
  ]);
  assert.deepEqual(owner([{ ...organization, partOf: { reference: "#" } }], "#o"), [
    "Patient.contained[0].partOf.reference value",
  ]);
  assert.deepEqual(owner([{ id: "o" }], "Organization/1"), ["Patient.contained[0].resourceType required"]);
});

test("FHIR-VALID-8 a resource in a bundle has contained resources of its own", () => {
  const patient = {
    resourceType: "Patient",
    contained: [{ resourceType: "Organization", id: "o", name: "x" }],
    managingOrganization: { reference: "#o" },
  };
  const bundle = (resource: object): string[] =>
    found({
      resourceType: "Bundle",
      type: "collection",
      entry: [{ resource: patient }, { resource }],
    } as unknown as JsonObject);
  assert.deepEqual(bundle(patient), []);
  assert.deepEqual(bundle({ ...patient, contained: undefined }), [
    "Bundle.entry[1].resource.managingOrganization.reference invariant",
  ]);
});

test("FHIR-VALID-9 a required binding allows only its codes, with their system where there is one", () => {
  const condition = (clinicalStatus: object): string[] =>
    found({ resourceType: "Condition", subject: { reference: "Patient/1" }, clinicalStatus } as JsonObject);
  const system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
  assert.deepEqual(condition({ coding: [{ system, code: "active" }] }), []);
  assert.deepEqual(
    condition({
      coding: [
        { system: "http://x.org", code: "own" },
        { system, code: "active" },
      ],
    }),
    [],
  );
  assert.deepEqual(condition({ extension: [{ url: "https://x.org", valueCode: "unknown" }] }), []);
  for (const concept of [
    { coding: [{ system, code: "banana" }] },
    { coding: [{ code: "active" }] },
    { coding: [{ system: "http://x.org", code: "active" }] },
    { text: "active" },
  ]) {
    assert.deepEqual(condition(concept), ["Condition.clinicalStatus code-invalid"], JSON.stringify(concept));
  }
  assert.deepEqual(found({ resourceType: "Patient", gender: "mann" }), ["Patient.gender code-invalid"]);
  assert.deepEqual(found({ resourceType: "Patient", gender: "Male" }), ["Patient.gender code-invalid"]);
  assert.deepEqual(found({ resourceType: "Patient", gender: "toString" }), ["Patient.gender code-invalid"]);
});

test("FHIR-VALID-9 value sets that R4 does not carry whole are not guessed at", () => {
  assert.deepEqual(found({ resourceType: "Binary", contentType: "application/x-something", data: "AAAA" }), []);
});

test("FHIR-VALID-10 a reference points at a type that may stand there", () => {
  const subject = (reference: object): string[] =>
    found({ resourceType: "Condition", subject: reference } as JsonObject);
  for (const reference of [
    "Patient/1",
    "Group/1/_history/2",
    "https://x.org/fhir/Patient/1",
    "Patient?identifier=a",
    "urn:uuid:0b0e0d3e-0000-4000-8000-000000000000",
    "http://x.org/anything",
  ]) {
    assert.deepEqual(subject({ reference }), [], reference);
  }
  assert.deepEqual(subject({ identifier: { value: "1" }, type: "Patient" }), []);
  for (const reference of [
    "Practitioner/1",
    "https://x.org/fhir/Device/1",
    "Practitioner?identifier=a",
    "patient/1",
    "Patient/",
    "1",
  ]) {
    assert.deepEqual(subject({ reference }), ["Condition.subject.reference value"], reference);
  }
  assert.deepEqual(subject({ identifier: { value: "1" }, type: "Practitioner" }), ["Condition.subject.type value"]);
});

test("FHIR-VALID-11 an element says something: no empty object, list or text, and not an id alone", () => {
  const patient = (part: object): string[] => found({ resourceType: "Patient", ...part });
  assert.deepEqual(patient({ name: [] }), ["Patient.name structure"]);
  assert.deepEqual(patient({ name: [{}] }), ["Patient.name[0] structure"]);
  assert.deepEqual(patient({ name: [{ id: "x" }] }), ["Patient.name[0] structure"]);
  assert.deepEqual(patient({ name: [{ family: "" }] }), ["Patient.name[0].family structure"]);
  assert.deepEqual(patient({ name: [null] }), ["Patient.name[0] structure"]);
  assert.deepEqual(patient({ meta: {} }), ["Patient.meta structure"]);
});

test("FHIR-VALID-12 stops listing after a hundred faults and says that there are more", () => {
  const issues = validateResource({ resourceType: "Patient", name: Array.from({ length: 5000 }, () => ({})) });
  assert.equal(issues.length, 101);
  assert.equal(issues.at(-1)?.code, "incomplete");
});

test("FHIR-VALID-13 an ordinary Observation takes at most 0.03 ms of CPU", () => {
  const observation = parseJson(
    '{"resourceType":"Observation","id":"a","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"718-7","display":"Hemoglobin"}],"text":"Hb"},"subject":{"reference":"Patient/1"},"encounter":{"reference":"Encounter/1"},"effectiveDateTime":"2026-01-01T10:00:00+01:00","issued":"2026-01-01T10:05:00.000+01:00","valueQuantity":{"value":135.0,"unit":"g/L","system":"http://unitsofmeasure.org","code":"g/L"}}',
  ) as JsonObject;
  const times: number[] = [];
  for (let round = 0; round < 20; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < 500; i++) validateResource(observation);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000 / 500);
  }
  assert.ok(Math.min(...times) < 0.03, `best of 20: ${Math.min(...times)} ms`);
});

test("FHIR-VALID-14 lists and single values are not mistaken for each other", () => {
  for (const type of ["Patient", "Observation", "Encounter"] as const) {
    const full = fullResource(type);
    for (const element of elementsOf(type) ?? []) {
      const name = memberName(element, element.types[0]!);
      const value = full[name]!;
      const other = Array.isArray(value) ? (value as JsonValue[])[0]! : [value];
      assert.ok(
        found({ ...full, [name]: other }).some((issue) => issue.startsWith(`${type}.${name}`)),
        `${type}.${name}`,
      );
    }
  }
});

test("FHIR-VALID-15 gives an answer for any JSON whatever in the place of any part, and never another error", () => {
  const replaced = fc.tuple(fc.constantFrom(...RESOURCE_TYPES), fc.nat(), fc.nat(), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(replaced, ([type, turn, place, junk]) => {
      const full = fullResource(type, turn % 50);
      const names = Object.keys(full).filter((name) => name !== "resourceType");
      const name = names[place % names.length]!;
      const part = place % 2 === 0 ? junk : [junk];
      const resource = parseJson(
        JSON.stringify({ ...full, [name]: part, [`_${name}`]: place % 3 === 0 ? part : undefined }),
      );
      for (const { expression, sv, en } of validateResource(resource as JsonObject)) assert.ok(expression && sv && en);
    }),
    { numRuns: 1000 },
  );
});
