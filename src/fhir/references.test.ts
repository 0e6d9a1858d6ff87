/** Types and references: the forms that R4 knows, and their near misses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isFhirId, isResourceType, parseReference, RESOURCE_TYPES } from "./index.ts";

test("FHIR-TYPE-1 there are 146 concrete types, each recognised by its exact name only", () => {
  assert.equal(RESOURCE_TYPES.length, 146);
  for (const type of RESOURCE_TYPES) assert.ok(isResourceType(type));
  for (const type of [
    "patient",
    "PATIENT",
    "Patient ",
    "",
    "Resource",
    "DomainResource",
    "toString",
    "SubscriptionStatus",
    undefined,
    1,
  ]) {
    assert.ok(!isResourceType(type), String(type));
  }
});

test("FHIR-REF-1 a relative or absolute reference gives type, id, version and base", () => {
  assert.deepEqual(parseReference("Patient/a-1.b"), { kind: "resource", type: "Patient", id: "a-1.b" });
  assert.deepEqual(parseReference("Patient/1/_history/2"), {
    kind: "resource",
    type: "Patient",
    id: "1",
    version: "2",
  });
  assert.deepEqual(parseReference("https://r.se:8443/fhir/R4/Observation/x/_history/9"), {
    kind: "resource",
    type: "Observation",
    id: "x",
    version: "9",
    base: "https://r.se:8443/fhir/R4/",
  });
});

test("FHIR-REF-1 what only looks like one is other", () => {
  const others = [
    "Patient",
    "Patient/",
    "/Patient/1",
    "patient/1",
    "Nothing/1",
    "Patient/1/",
    "Patient/1/_history",
    "Patient/1/_history/",
    "Patient/a b",
    "Patient/å",
    `Patient/${"a".repeat(65)}`,
    "ftp://x/Patient/1",
    "urn:uuid:0b0e0d3e-0000-4000-8000-000000000000",
    "http://x?y=/Patient/1",
    "",
  ];
  for (const uri of others) assert.deepEqual(parseReference(uri), { kind: "other", uri });
});

test("FHIR-REF-2 fragments and conditional references", () => {
  assert.deepEqual(parseReference("#p"), { kind: "fragment", id: "p" });
  assert.deepEqual(parseReference("#"), { kind: "fragment", id: "" });
  assert.deepEqual(parseReference("Patient?identifier=a|b"), {
    kind: "conditional",
    type: "Patient",
    query: "identifier=a|b",
  });
  assert.equal(parseReference("Nothing?x=1").kind, "other");
  assert.equal(parseReference("Patient?").kind, "other");
});

test("FHIR-REF-3 an id has 1 to 64 letters, digits, hyphens and dots", () => {
  for (const id of ["a", "A-1.b", "x".repeat(64)]) assert.ok(isFhirId(id));
  for (const id of ["", "x".repeat(65), "a_b", "a/b", "a b", "å", "a\n", undefined, 1])
    assert.ok(!isFhirId(id), String(id));
});
