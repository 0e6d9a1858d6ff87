/** Extensions against their definitions, wherever they stand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProfileSet, type JsonObject } from "../index.ts";
import { check, definition } from "../testing/profile.ts";

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
  const extension = Array.from({ length: 300 }, (_, at) => ({ url: `urn:x:${at}`, valueCode: "a" }));
  const many = new ProfileSet([]).judge({ ...resource, extension }).issues;
  assert.ok(many.length > 100 && many.length < 110 && many.every(({ severity }) => severity !== "error"));
});
