/** What a profile can say, each with a small profile of its own: what keeps it, what breaks it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { codeIssue, parseJson, ProfileSet, type JsonObject } from "../index.ts";
import { check, definition, observation, told, URL } from "../testing/profile.ts";

test("FHIR-PROFILE-1 number, form, fixed and patterned value, bounds and length are kept", () => {
  const profile = definition([
    { path: "Observation.subject", min: 1 },
    { path: "Observation.note", max: "1" },
    { path: "Observation.method", max: "0" },
    { path: "Observation.status", fixedCode: "final" },
    { path: "Observation.code", patternCodeableConcept: { coding: [{ system: "urn:a", code: "1" }] } },
    {
      path: "Observation.value[x]",
      type: [{ code: "Quantity" }, { code: "integer" }],
      minValueInteger: 2,
      maxValueInteger: 4,
    },
    { path: "Observation.effective[x]", type: [{ code: "dateTime" }], minValueDateTime: "2026-01-01" },
    { path: "Observation.implicitRules", maxLength: 5 },
  ]);
  const right = observation({
    subject: { reference: "Patient/1" },
    code: {
      coding: [
        { system: "urn:b", code: "2" },
        { system: "urn:a", code: "1", display: "One" },
      ],
    },
    valueInteger: 3,
    effectiveDateTime: "2026-11-21",
  });
  check(
    [profile],
    [right, { ...right, valueInteger: 2, implicitRules: "urn:a" }],
    [
      [{ ...right, subject: undefined }, "Observation.subject required"],
      [{ ...right, note: [{ text: "a" }, { text: "b" }] }, "Observation.note structure"],
      [{ ...right, method: { text: "a" } }, "Observation.method structure"],
      [{ ...right, status: "amended" }, "Observation.status value"],
      [{ ...right, code: { coding: [{ system: "urn:a", code: "2" }] } }, "Observation.code value"],
      [{ ...right, valueInteger: undefined, valueString: "a" }, "Observation.valueString structure"],
      [{ ...right, valueInteger: 1 }, "Observation.valueInteger value"],
      [{ ...right, valueInteger: 5 }, "Observation.valueInteger value"],
      [{ ...right, effectiveDateTime: "2025-12-31" }, "Observation.effectiveDateTime value"],
      [{ ...right, implicitRules: "urn:abc" }, "Observation.implicitRules too-long"],
    ],
  );
});

test("FHIR-PROFILE-1 numbers are compared by what they are worth, and a value that is only an extension is not the fixed one", () => {
  const profile = definition([{ path: "Observation.value[x]", fixedQuantity: parseJson('{"value":6.0,"unit":"g"}') }]);
  const six = parseJson('{"value":6.00,"unit":"g"}');
  check(
    [profile],
    [observation({ valueQuantity: six })],
    [[observation({ valueQuantity: { value: 7, unit: "g" } }), "Observation.valueQuantity value"]],
  );
  const status = definition([{ path: "Observation.status", fixedCode: "final" }]);
  const absent = observation({ status: undefined, _status: { extension: [{ url: "urn:x", valueCode: "unknown" }] } });
  check([status], [], [[absent, "Observation.status value"]]);
});

test("FHIR-PROFILE-2 a differential holds together with what its base says, however many steps below", () => {
  const base = definition(
    [
      { path: "Observation.subject", min: 1 },
      { path: "Observation.note", max: "1" },
    ],
    { url: "urn:test:base" },
  );
  const middle = definition([{ path: "Observation.issued", min: 1 }], {
    url: "urn:test:middle",
    baseDefinition: "urn:test:base",
  });
  const own = definition([{ path: "Observation.note", max: "0" }], { baseDefinition: "urn:test:middle" });
  check(
    [own, middle, base],
    [observation({ subject: { reference: "Patient/1" }, issued: "2026-11-21T10:00:00Z" })],
    [],
  );
  const all = told([own, middle, base], observation({ note: [{ text: "a" }] }));
  assert.deepEqual(all.toSorted(), [
    "Observation.issued required",
    "Observation.note structure",
    "Observation.subject required",
  ]);
  const ring = definition([{ path: "Observation.subject", min: 1 }], { baseDefinition: URL });
  assert.deepEqual(told([ring], observation()), ["Observation.subject required"], "a ring of bases ends");
});

test("FHIR-PROFILE-TYPE-1 profiles of data types hold inside, however deep; of several, one is enough", () => {
  const name = definition([{ path: "HumanName.family", min: 1 }], { url: "urn:name", type: "HumanName" });
  const other = definition([{ path: "HumanName.text", min: 1 }], { url: "urn:other", type: "HumanName" });
  const profile = (...profiles: readonly string[]): JsonObject =>
    definition([{ path: "Patient.name", type: [{ code: "HumanName", profile: profiles }] }], { type: "Patient" });
  const named = (one: JsonObject): JsonObject => ({ resourceType: "Patient", meta: { profile: [URL] }, name: [one] });
  check(
    [profile("urn:name"), name],
    [named({ family: "Ek" })],
    [[named({ text: "Ek" }), "Patient.name[0].family required"]],
  );
  check(
    [profile("urn:name", "urn:other"), name, other],
    [named({ family: "Ek" }), named({ text: "Ek" })],
    [[named({ given: ["Tove"] }), "Patient.name[0] structure"]],
  );
  assert.deepEqual(told([profile("urn:unknown")], named({ text: "Ek" }), "information"), ["Patient.name[0] not-found"]);
});

test("FHIR-PROFILE-TYPE-2 a reference leads to what the profile permits, and in a bundle to what conforms", () => {
  const self = definition(
    [
      { path: "Patient.link.other", type: [{ code: "Reference", targetProfile: [URL] }] },
      { path: "Patient.language", min: 1 },
    ],
    { type: "Patient" },
  );
  const linked = (id: string, to: string, more: JsonObject = { language: "sv" }): JsonObject => ({
    resourceType: "Patient",
    id,
    ...more,
    link: [{ type: "seealso", other: { reference: to } }],
  });
  const bundle = (...patients: readonly JsonObject[]): JsonObject => ({
    resourceType: "Bundle",
    type: "collection",
    entry: patients.map((resource) => ({ resource })),
  });
  const claim = { language: "sv", meta: { profile: [URL] } };
  check(
    [self],
    [
      { ...linked("1", "Patient/2"), ...claim },
      // They refer to each other in a ring.
      bundle(linked("1", "Patient/2", claim), linked("2", "Patient/1")),
    ],
    [
      [{ ...linked("1", "RelatedPerson/2"), ...claim }, "Patient.link[0].other value"],
      [
        bundle(linked("1", "Patient/2", claim), linked("2", "Patient/1", {})),
        "Bundle.entry[0].resource.link[0].other value",
      ],
    ],
  );
});

test("FHIR-PROFILE-BINDING-1 codes are asked about by the binding's strength, and the answer becomes an issue", () => {
  const bound = (strength: string): ProfileSet =>
    new ProfileSet([definition([{ path: "Observation.code", binding: { strength, valueSet: "urn:vs|1" } }])]);
  const coded = observation({
    code: {
      coding: [
        { system: "urn:a", code: "1" },
        { system: "urn:b", code: "2" },
      ],
    },
  });
  const [question, ...others] = bound("required").judge(coded).questions;
  assert.ok(question !== undefined && others.length === 0);
  assert.equal(question.expression, "Observation.code");
  assert.deepEqual(
    question.codes.map(({ system, code }) => `${system}|${code}`),
    ["urn:a|1", "urn:b|2"],
  );
  assert.equal(codeIssue(question, true), undefined);
  assert.equal(codeIssue(question, false)?.severity, "error");
  assert.equal(codeIssue(question, undefined)?.severity, "information");
  assert.match(codeIssue(question, false)?.sv ?? "", /urn:vs\|1.*urn:test:profile/);
  assert.equal(bound("required").judge(observation()).questions[0]?.codes.length, 0, "text alone is no code");
  assert.equal(bound("extensible").judge(observation()).questions.length, 0, "text alone is enough");
  const [extensible] = bound("extensible").judge(coded).questions;
  assert.equal(extensible && codeIssue(extensible, false)?.severity, "warning");
  assert.equal(bound("preferred").judge(coded).questions.length, 0);
});

const constrained = (expression: string, severity = "error", path = "Observation"): JsonObject =>
  definition([{ path, constraint: [{ key: "t-1", severity, human: "Said so", expression }] }]);

test("FHIR-PROFILE-CONSTRAINT-1 conditions hold at their element; a warning refuses nothing", () => {
  const profile = constrained("value.exists() or note.text.first().lower().startsWith('no')");
  check(
    [profile],
    [observation({ valueString: "a" }), observation({ note: [{ text: "None" }] })],
    [[observation(), "Observation invariant"]],
  );
  const inner = constrained("text.length() <= 3 and text.matches('[a-z]+')", "error", "Observation.code");
  check([inner], [observation()], [[observation({ code: { text: "abcd" } }), "Observation.code invariant"]]);
  assert.deepEqual(told([constrained("value.exists()", "warning")], observation(), "warning"), [
    "Observation invariant",
  ]);
  assert.deepEqual(told([constrained("value.exists()", "warning")], observation()), []);
});

test("FHIR-PROFILE-CONSTRAINT-2 a condition that cannot be read, or takes too much, is said to be so and breaks nothing", () => {
  const big = observation({ component: Array.from({ length: 3_000 }, (_, i) => ({ code: { text: `x${i}` } })) });
  const costly = [
    "memberOf('urn:vs')",
    "((((",
    "component.where(%resource.component.where(code.text = 'q').count() > component.count()).exists()",
    "descendants().all(%resource.descendants().select(descendants().count()).exists())",
    "code.text.matches('(a*)*(?=b)')",
    `code.text = '${"x".repeat(3_000)}'`,
  ];
  for (const expression of costly) {
    const before = process.cpuUsage();
    assert.deepEqual(told([constrained(expression)], big), [], expression.slice(0, 80));
    const { user } = process.cpuUsage(before);
    assert.ok(user < 2_000_000, `${expression.slice(0, 80)} took ${user / 1000} ms`);
    assert.deepEqual(
      told([constrained(expression)], big, "information"),
      ["Observation not-supported"],
      expression.slice(0, 80),
    );
  }
});

test("FHIR-PROFILE-CONTENT-1 what a place refers to in the same profile holds there too", () => {
  const profile = definition(
    [
      { path: "Questionnaire.item.text", min: 1 },
      { path: "Questionnaire.item.item", contentReference: "#Questionnaire.item" },
    ],
    { type: "Questionnaire" },
  );
  const item = (linkId: string, text: string | undefined, inner: readonly JsonObject[] = []): JsonObject => ({
    linkId,
    type: "group",
    ...(text !== undefined && { text }),
    ...(inner.length > 0 && { item: inner }),
  });
  const asked = (one: JsonObject): JsonObject => ({
    resourceType: "Questionnaire",
    meta: { profile: [URL] },
    status: "draft",
    item: [one],
  });
  check(
    [profile],
    [asked(item("1", "a", [item("2", "b", [item("3", "c")])]))],
    [
      [
        asked(item("1", "a", [item("2", "b", [item("3", undefined)])])),
        "Questionnaire.item[0].item[0].item[0].text required",
      ],
    ],
  );
});

test("FHIR-PROFILE-CLAIM-1 what a resource and those in it claim is enforced; what is not here is told and refuses nothing", () => {
  const profile = definition([{ path: "Observation.subject", min: 1 }], { version: "2" });
  const bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource: observation() }] };
  const contained = { resourceType: "Patient", contained: [{ ...observation(), id: "o" }] };
  check(
    [profile],
    [observation({ meta: {} }), observation({ meta: { profile: ["urn:other", `${URL}|1`] } })],
    [
      [observation({ meta: { profile: [`${URL}|2`] } }), "Observation.subject required"],
      [bundle, "Bundle.entry[0].resource.subject required"],
      [contained, "Patient.contained[0].subject required"],
      [{ resourceType: "Patient", meta: { profile: [URL] } }, "Patient structure"],
    ],
  );
  const set = new ProfileSet([profile]);
  const foreign = observation({ meta: { profile: ["urn:other"] } });
  assert.deepEqual(told([profile], foreign, "warning"), ["Observation.meta.profile[0] not-found"]);
  assert.deepEqual(set.judge(foreign, { isErrorsOnly: true }).issues, []);
  assert.equal(set.hasClaims(foreign), false);
  assert.equal(set.hasClaims(bundle), true);
  const asked = set.judge(observation({ meta: {} }), { profiles: [URL, "urn:unknown"] }).issues;
  assert.deepEqual(
    asked.map(({ expression, code }) => `${expression} ${code}`),
    ["Observation.subject required", "Observation not-found"],
  );
});
