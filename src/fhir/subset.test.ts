/** Parts of resources: what they keep, what they leave out, and that they say so. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  elementsOf,
  isSubset,
  parseJson,
  RESOURCE_TYPES,
  subsetResource,
  validateResource,
  type JsonObject,
} from "./index.ts";
import { fullResource } from "./testing/example.ts";

const patient: JsonObject = {
  resourceType: "Patient",
  id: "p",
  meta: { versionId: "3", tag: [{ system: "x", code: "y" }] },
  text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
  active: false,
  name: [{ family: "A", extension: [{ url: "urn:x", valueString: "y" }] }],
  birthDate: "2000-01-01",
  _birthDate: { extension: [{ url: "urn:x", valueString: "y" }] },
  photo: [{ contentType: "image/png", data: "AAAA" }],
  contact: [{ name: { family: "B" } }],
};

/** Without R4's conditions, which made-up resources do not meet. */
const faultsOf = (resource: JsonObject) => validateResource(resource).filter(({ code }) => code !== "invariant");

const names = (resource: JsonObject): string[] => Object.keys(resource).toSorted();

test("FHIR-SUBSET-1 every part is tagged SUBSETTED and keeps type, id, meta and other tags", () => {
  for (const subset of [
    { summary: "true" },
    { summary: "text" },
    { summary: "data" },
    { elements: ["name"] },
  ] as const) {
    const part = subsetResource(patient, subset);
    assert.deepEqual(part["meta"], {
      versionId: "3",
      tag: [
        { system: "x", code: "y" },
        { system: "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", code: "SUBSETTED" },
      ],
    });
    assert.equal(part["id"], "p");
    assert.deepEqual(subsetResource(part, subset)["meta"], part["meta"], "tagged once");
  }
  assert.ok(!("id" in subsetResource({ resourceType: "Patient" }, { summary: "data" })));
});

test("FHIR-SUBSET-2 _summary=true has the summary elements at every level, and is valid for every type", () => {
  const part = subsetResource(patient, { summary: "true" });
  assert.deepEqual(names(part), ["_birthDate", "active", "birthDate", "id", "meta", "name", "resourceType"]);
  assert.deepEqual(part["name"], [{ family: "A" }]);
  for (const type of RESOURCE_TYPES) {
    const summary = subsetResource(fullResource(type), { summary: "true" });
    assert.deepEqual(faultsOf(summary), [], type);
    for (const element of elementsOf(type) ?? []) {
      if (element.isSummary || element.min > 0 || element.name === "contained") continue;
      assert.ok(!Object.keys(summary).some((name) => name === element.name), `${type}.${element.name}`);
    }
  }
});

test("FHIR-SUBSET-3 _summary=text has the text and what is mandatory; _summary=data all but the text", () => {
  assert.deepEqual(names(subsetResource(patient, { summary: "text" })), ["id", "meta", "resourceType", "text"]);
  assert.deepEqual(
    names(subsetResource({ ...patient, resourceType: "Observation", status: "final", code: {} }, { summary: "text" })),
    ["code", "id", "meta", "resourceType", "status", "text"],
  );
  assert.deepEqual(
    names(subsetResource(patient, { summary: "data" })),
    names(patient).filter((name) => name !== "text"),
  );
});

test("FHIR-SUBSET-4 _elements has what was chosen, what is mandatory and what changes the meaning", () => {
  assert.deepEqual(names(subsetResource(patient, { elements: ["birthDate"] })), [
    "_birthDate",
    "active",
    "birthDate",
    "id",
    "meta",
    "resourceType",
  ]);
  const observation: JsonObject = {
    resourceType: "Observation",
    status: "entered-in-error",
    code: { text: "x" },
    valueQuantity: { value: 1 },
    note: [{ text: "y" }],
  };
  for (const name of ["value", "value[x]", "valueQuantity", "Observation.value", " value "]) {
    assert.deepEqual(
      names(subsetResource(observation, { elements: [name] })),
      ["code", "meta", "resourceType", "status", "valueQuantity"],
      name,
    );
  }
  assert.deepEqual(names(subsetResource(observation, { elements: ["nothing", "__proto__"] })), [
    "code",
    "meta",
    "resourceType",
    "status",
  ]);
  for (const type of RESOURCE_TYPES)
    assert.deepEqual(faultsOf(subsetResource(fullResource(type), { elements: ["id"] })), [], type);
});

test("FHIR-SUBSET-5 a contained resource that is referred to comes along, another does not", () => {
  const contained = [{ resourceType: "Organization", id: "o", name: "x" }];
  const part = (reference: string): JsonObject =>
    subsetResource({ ...patient, contained, managingOrganization: { reference } }, { summary: "true" });
  assert.deepEqual(part("#o")["contained"], contained);
  assert.equal(part("Organization/1")["contained"], undefined);
});

test("FHIR-SUBSET-5 the resource itself is not changed", () => {
  const before = JSON.stringify(patient);
  subsetResource(patient, { summary: "true" });
  subsetResource(patient, { elements: ["name"] });
  assert.equal(JSON.stringify(patient), before);
});

test("FHIR-SUBSET-6 a part is recognised by its tag, and by that tag only", () => {
  const patient = parseJson('{"resourceType":"Patient","active":true}') as JsonObject;
  assert.equal(isSubset(patient), false);
  assert.equal(isSubset(subsetResource(patient, { summary: "data" })), true);
  for (const meta of [
    null,
    "x",
    { tag: "x" },
    { tag: [null, { code: "SUBSETTED" }, { system: "urn:x", code: "SUBSETTED" }] },
  ])
    assert.equal(isSubset({ ...patient, meta }), false);
});
