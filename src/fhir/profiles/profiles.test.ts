/** What a profile can say, each with a small profile of its own: what keeps it, what breaks it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { codeIssue, isError, parseJson, ProfileSet, writeJson, type JsonObject, type JsonValue } from "../index.ts";
import { fullResource } from "../testing/example.ts";

const URL = "urn:test:profile";

/** A definition with a differential; `more` may say another type, url, base or kind. */
function definition(element: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    resourceType: "StructureDefinition",
    url: URL,
    type: "Observation",
    derivation: "constraint",
    baseDefinition: "http://hl7.org/fhir/StructureDefinition/Observation",
    differential: { element: element.map((one) => ({ id: one["id"] ?? one["path"], ...one })) },
    ...more,
  };
}

function observation(more: JsonObject = {}): JsonObject {
  return { resourceType: "Observation", meta: { profile: [URL] }, status: "final", code: { text: "x" }, ...more };
}

/** What is told of a resource, as `expression code`. */
function told(definitions: readonly JsonObject[], resource: JsonObject, severity = "error"): string[] {
  return new ProfileSet(definitions)
    .judge(resource)
    .issues.filter((one) => one.severity === severity)
    .map(({ expression, code }) => `${expression} ${code}`);
}

function check(
  definitions: readonly JsonObject[],
  right: readonly JsonObject[],
  wrong: readonly [JsonObject, ...string[]][],
): void {
  for (const one of right) assert.deepEqual(told(definitions, one), [], writeJson(one));
  for (const [one, ...expected] of wrong) assert.deepEqual(told(definitions, one), expected, writeJson(one));
}

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
  const profile = definition([
    { path: "Observation.value[x]", fixedQuantity: parseJson('{"value":6.0,"unit":"g"}') as JsonObject },
  ]);
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

const bySystem = (slicing: JsonObject, slices: readonly JsonObject[]): JsonObject =>
  definition(
    [
      {
        id: "Patient.identifier",
        path: "Patient.identifier",
        slicing: { discriminator: [{ type: "value", path: "system" }], ...slicing },
      },
      ...slices.flatMap(({ name, ...slice }) => [
        { id: `Patient.identifier:${String(name)}`, path: "Patient.identifier", sliceName: name, ...slice },
        {
          id: `Patient.identifier:${String(name)}.system`,
          path: "Patient.identifier.system",
          min: 1,
          fixedUri: `urn:${String(name)}`,
        },
      ]),
    ],
    { type: "Patient" },
  );

function patient(...systems: readonly string[]): JsonObject {
  return {
    resourceType: "Patient",
    meta: { profile: [URL] },
    identifier: systems.map((one) => ({ system: `urn:${one}`, value: "1" })),
  };
}

test("FHIR-PROFILE-SLICE-1 slices are counted, and each value is held against its own", () => {
  const profile = bySystem({ rules: "open" }, [
    { name: "a", min: 1, max: "1" },
    { name: "b", max: "2" },
  ]);
  check(
    [profile],
    [patient("a"), patient("c", "b", "a", "b")],
    [
      [patient("b"), "Patient.identifier required"],
      [patient("a", "a"), "Patient.identifier structure"],
      [patient("a", "b", "b", "b"), "Patient.identifier structure"],
    ],
  );
  const strict = definition(
    [
      {
        id: "Patient.telecom",
        path: "Patient.telecom",
        slicing: { discriminator: [{ type: "value", path: "system" }], rules: "open" },
      },
      { id: "Patient.telecom:phone", path: "Patient.telecom", sliceName: "phone" },
      { id: "Patient.telecom:phone.system", path: "Patient.telecom.system", min: 1, patternCode: "phone" },
      { id: "Patient.telecom:phone.use", path: "Patient.telecom.use", min: 1 },
    ],
    { type: "Patient" },
  );
  const telecom = (...list: readonly JsonObject[]): JsonObject => ({
    resourceType: "Patient",
    meta: { profile: [URL] },
    telecom: list,
  });
  check(
    [strict],
    [telecom({ system: "email", value: "a" }, { system: "phone", use: "home" })],
    [[telecom({ system: "email", value: "a" }, { system: "phone", value: "1" }), "Patient.telecom[1].use required"]],
  );
});

test("FHIR-PROFILE-SLICE-2 closed, open at the end and ordered slicings are kept", () => {
  const slices = [
    { name: "a", max: "*" },
    { name: "b", max: "*" },
  ];
  check(
    [bySystem({ rules: "closed" }, slices)],
    [patient("a", "b", "a")],
    [[patient("a", "c"), "Patient.identifier[1] structure"]],
  );
  check(
    [bySystem({ rules: "openAtEnd" }, slices)],
    [patient("a", "b", "c", "c")],
    [[patient("a", "c", "b"), "Patient.identifier[1] structure"]],
  );
  check(
    [bySystem({ rules: "open", ordered: true }, slices)],
    [patient("a", "a", "c", "b")],
    [[patient("b", "a"), "Patient.identifier[1] structure"]],
  );
});

test("FHIR-PROFILE-SLICE-3 slices are told by pattern, form, existence and profile, and divided again", () => {
  const component = (type: string, path: string, a: readonly JsonObject[], b: readonly JsonObject[]): JsonObject =>
    definition([
      {
        id: "Observation.component",
        path: "Observation.component",
        slicing: { discriminator: [{ type, path }], rules: "open" },
      },
      { id: "Observation.component:a", path: "Observation.component", sliceName: "a", max: "1" },
      ...a.map((one) => ({
        ...one,
        id: `Observation.component:a.${String(one["path"])}`,
        path: `Observation.component.${String(one["path"])}`,
      })),
      { id: "Observation.component:b", path: "Observation.component", sliceName: "b", min: 1 },
      ...b.map((one) => ({
        ...one,
        id: `Observation.component:b.${String(one["path"])}`,
        path: `Observation.component.${String(one["path"])}`,
      })),
    ]);
  const of = (...list: readonly JsonObject[]): JsonObject =>
    observation({ component: list.map((one) => ({ code: { text: "x" }, ...one })) });
  const coded = (code: string): JsonObject => ({ code: { coding: [{ system: "urn:s", code }], text: "t" } });
  const pattern = (code: string): JsonObject => ({ path: "code", patternCodeableConcept: { coding: [{ code }] } });
  const lone = "Observation.component required";
  const many = "Observation.component structure";
  check(
    [component("pattern", "code", [pattern("1")], [pattern("2")])],
    [of(coded("1"), coded("2"))],
    [
      [of(coded("1")), lone],
      [of(coded("2"), coded("1"), coded("1")), many],
    ],
  );
  const form = (code: string): JsonObject => ({ path: "value[x]", type: [{ code }] });
  check(
    [component("type", "value", [form("string")], [form("Quantity")])],
    [of({ valueString: "a" }, { valueQuantity: { value: 1 } })],
    [
      [of({ valueString: "a" }), lone],
      [of({ valueString: "a" }, { valueString: "b" }, { valueQuantity: { value: 1 } }), many],
    ],
  );
  const absent = [{ path: "value[x]", max: "0" }];
  check(
    [component("exists", "value", [{ path: "value[x]", min: 1 }], absent)],
    [of({ valueString: "a" }, {})],
    [
      [of({ valueString: "a" }), lone],
      [of({ valueString: "a" }, { valueInteger: 1 }, {}), many],
    ],
  );
  const again = bySystem({ rules: "open" }, [
    { name: "a", max: "*", slicing: { discriminator: [{ type: "value", path: "use" }], rules: "open" } },
  ]);
  const inner = [
    { id: "Patient.identifier:a/old", path: "Patient.identifier", sliceName: "a/old", max: "1" },
    { id: "Patient.identifier:a/old.use", path: "Patient.identifier.use", fixedCode: "old" },
  ];
  const divided = {
    ...again,
    differential: { element: [...((again["differential"] as JsonObject)["element"] as JsonObject[]), ...inner] },
  };
  const old = (system: string): JsonObject => ({ system: `urn:${system}`, use: "old", value: "1" });
  const withOld = (...list: readonly JsonObject[]): JsonObject => ({ ...patient(), identifier: list });
  check(
    [divided],
    [withOld(old("a"), old("b"), old("b"))],
    [[withOld(old("a"), old("a")), "Patient.identifier structure"]],
  );
});

test("FHIR-PROFILE-SLICE-4 references are told apart by what they lead to; what leads out of the document is nobody's fault", () => {
  const kind = (name: string, type: string): JsonObject =>
    definition([{ path: `${type}.language`, min: 1 }], { url: `urn:${name}`, type });
  const focus = (discriminator: string): JsonObject =>
    definition([
      {
        id: "Observation.focus",
        path: "Observation.focus",
        slicing: { discriminator: [{ type: discriminator, path: "resolve()" }], rules: "closed" },
      },
      {
        id: "Observation.focus:a",
        path: "Observation.focus",
        sliceName: "a",
        min: 1,
        type: [{ code: "Reference", targetProfile: ["urn:group"] }],
      },
    ]);
  const group = { resourceType: "Group", id: "g", type: "person", actual: true };
  const to = (reference: string, contained: readonly JsonObject[] = []): JsonObject =>
    observation({ focus: [{ reference }], ...(contained.length > 0 && { contained }) });
  check(
    [focus("profile"), kind("group", "Group")],
    [to("#g", [{ ...group, language: "sv" }]), to("Group/1"), to("urn:uuid:1")],
    [
      [to("#g", [group]), "Observation.focus required", "Observation.focus[0] structure"],
      [to("Patient/1"), "Observation.focus required", "Observation.focus[0] structure"],
    ],
  );
  check(
    [focus("type"), kind("group", "Group")],
    [to("Group/1"), to("urn:uuid:1")],
    [[to("Patient/1"), "Observation.focus required", "Observation.focus[0] structure"]],
  );
});

test("FHIR-PROFILE-SLICE-5 slices that cannot be told apart are said to be so, and break nothing", () => {
  const profile = bySystem({ rules: "open", discriminator: [{ type: "value", path: "repeat(a)" }] }, [
    { name: "a", min: 1 },
  ]);
  assert.deepEqual(told([profile], patient("b")), []);
  assert.deepEqual(told([profile], patient("b"), "information"), ["Patient.identifier not-supported"]);
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

const extension = (url: string, context: readonly string[], elements: readonly JsonObject[] = []): JsonObject =>
  definition([{ path: "Extension.value[x]", min: 1, type: [{ code: "string" }] }, ...elements], {
    url,
    type: "Extension",
    context: context.map((expression) => ({ type: "element", expression })),
  });

test("FHIR-PROFILE-EXTENSION-1 an extension is what its definition says, where it may stand, among its kind", () => {
  const on = (place: string, url: string, value: JsonObject = { valueString: "a" }): JsonObject => {
    const list = [{ url, ...value }];
    const at: Readonly<Record<string, JsonObject>> = {
      root: { extension: list },
      modifier: { modifierExtension: list },
      name: { name: [{ family: "Ek", extension: list }] },
      date: { _birthDate: { extension: list } },
      contact: { contact: [{ gender: "male", extension: list }] },
      inside: { extension: [{ url: "urn:outer", extension: list }] },
    };
    return { resourceType: "Patient", birthDate: "2026", ...at[place] };
  };
  const outer = definition([], { url: "urn:outer", type: "Extension" });
  const set = [
    outer,
    extension("urn:patient", ["Patient"]),
    extension("urn:name", ["HumanName"]),
    extension("urn:date", ["Patient.birthDate"]),
    extension("urn:contact", ["Patient.contact", "Organization"]),
    extension("urn:any", ["Element"]),
    extension("urn:domain", ["DomainResource"]),
    extension("urn:modifier", ["Patient"], [{ path: "Extension", isModifier: true }]),
  ];
  check(
    set,
    [
      on("root", "urn:patient"),
      on("name", "urn:name"),
      on("date", "urn:date"),
      on("contact", "urn:contact"),
      on("name", "urn:any"),
      on("date", "urn:any"),
      on("inside", "urn:any"),
      on("root", "urn:domain"),
      on("modifier", "urn:modifier"),
    ],
    [
      [on("root", "urn:patient", { valueCode: "a" }), "Patient.extension[0].valueCode structure"],
      [on("name", "urn:patient"), "Patient.name[0].extension[0] extension"],
      [on("root", "urn:name"), "Patient.extension[0] extension"],
      [on("root", "urn:any"), "Patient.extension[0] extension"],
      [on("contact", "urn:date"), "Patient.contact[0].extension[0] extension"],
      [on("modifier", "urn:patient"), "Patient.modifierExtension[0] extension"],
      [on("root", "urn:modifier"), "Patient.extension[0] extension"],
    ],
  );
});

test("FHIR-PROFILE-EXTENSION-2 an unknown extension is said to be unknown, one that changes the meaning with a warning, without identity numbers", () => {
  const resource = {
    resourceType: "Patient",
    extension: [{ url: "urn:x:191212121212", valueCode: "a" }],
    modifierExtension: [{ url: "urn:y", valueCode: "a" }],
  };
  const { issues } = new ProfileSet([]).judge(resource);
  assert.deepEqual(issues.map(({ severity, expression }) => `${severity} ${expression}`).toSorted(), [
    "information Patient.extension[0]",
    "warning Patient.modifierExtension[0]",
  ]);
  assert.ok(!JSON.stringify(issues).includes("191212121212"));
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

test("FHIR-PROFILE-HOSTILE-1 any JSON as a definition, and any as a resource, gets an answer", () => {
  const rule = fc.record(
    {
      id: fc.constantFrom(
        "Observation",
        "Observation.code",
        "Observation.component:a",
        "Observation.component:a.code",
        "Observation.value[x]",
        "..",
        ":a",
      ),
      path: fc.constantFrom(
        "Observation",
        "Observation.code",
        "Observation.component",
        "Observation.value[x]",
        "",
        "a.b.c",
      ),
      min: fc.oneof(fc.integer(), fc.string()),
      max: fc.constantFrom("*", "0", "1", "x"),
      type: fc.oneof(
        fc.constant([{ code: "Reference", targetProfile: [URL] }]),
        fc.constant([{ code: "Quantity", profile: [URL] }]),
        fc.jsonValue(),
      ),
      slicing: fc.oneof(
        fc.constant({ discriminator: [{ type: "profile", path: "$this" }], rules: "closed" }),
        fc.jsonValue(),
      ),
      sliceName: fc.constantFrom("a", "a/b", ""),
      constraint: fc.oneof(fc.constant([{ key: "a", expression: "repeat(" }]), fc.jsonValue()),
      contentReference: fc.constantFrom("#Observation", "#Observation.component", "#x", ""),
      fixedCode: fc.jsonValue(),
      patternCodeableConcept: fc.jsonValue(),
      binding: fc.jsonValue(),
    },
    { requiredKeys: ["path"] },
  );
  const full = fullResource("Observation");
  const resource = fc.oneof(
    fc.constant(full),
    fc.dictionary(
      fc.constantFrom("code", "component", "extension", "contained", "valueQuantity", "subject"),
      fc.jsonValue(),
    ),
  );
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 8 }), resource, (rules, one) => {
      const set = new ProfileSet([definition(rules as unknown as JsonObject[])]);
      const asked = { ...observation(), ...(one as Readonly<Record<string, JsonValue>>), resourceType: "Observation" };
      assert.ok(set.judge(asked, { profiles: [URL] }).issues.length <= 101);
    }),
    { numRuns: 600 },
  );
});

test("FHIR-PROFILE-HOSTILE-2 a resource that is made to take long by a profile is judged in bounded time, and says so", () => {
  const deep = definition(
    [
      {
        id: "Bundle.entry",
        path: "Bundle.entry",
        slicing: { discriminator: [{ type: "profile", path: "resource" }], rules: "open" },
      },
      ...Array.from({ length: 40 }, (_, i) => [
        { id: `Bundle.entry:s${i}`, path: "Bundle.entry", sliceName: `s${i}` },
        {
          id: `Bundle.entry:s${i}.resource`,
          path: "Bundle.entry.resource",
          type: [{ code: "Observation", profile: [`urn:p${i}`] }],
        },
      ]).flat(),
    ],
    { type: "Bundle" },
  );
  const each = Array.from({ length: 40 }, (_, i) =>
    definition(
      [
        { path: "Observation.method", min: 1 },
        { path: "Observation.subject", min: 1 },
      ],
      { url: `urn:p${i}` },
    ),
  );
  const entry = Array.from({ length: 10_000 }, () => ({
    resource: { resourceType: "Observation", status: "final", code: { text: "x" } },
  }));
  const bundle = { resourceType: "Bundle", meta: { profile: [URL] }, type: "collection", entry };
  const before = process.cpuUsage();
  const { issues } = new ProfileSet([deep, ...each]).judge(bundle);
  const { user } = process.cpuUsage(before);
  assert.ok(user < 5_000_000, `${user / 1000} ms`);
  assert.deepEqual(
    issues.filter(isError).map(({ code }) => code),
    ["too-costly"],
    "what was not judged is not right",
  );
});
