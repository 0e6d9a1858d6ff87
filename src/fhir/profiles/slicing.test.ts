/** Slices: counted, told apart in every way that R4 has, divided again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type JsonObject } from "../index.ts";
import { check, definition, observation, told, URL } from "../testing/profile.ts";

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
