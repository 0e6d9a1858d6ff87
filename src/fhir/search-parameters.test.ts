/** The generated tables of search parameters and the patient compartment. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isResourceType, PATIENT_COMPARTMENT, RESOURCE_TYPES, SEARCH_PARAMETERS, searchParametersOf } from "./index.ts";

test("FHIR-PARAM-1 holds all 1,709 pairs of R4, none twice, each with an expression about its own type", () => {
  let pairs = 0;
  for (const [base, parameters] of Object.entries(SEARCH_PARAMETERS)) {
    assert.ok(isResourceType(base) || base === "Resource" || base === "DomainResource", base);
    assert.equal(new Set(parameters.map(({ name }) => name)).size, parameters.length, base);
    for (const { name, expression } of parameters) {
      pairs++;
      if (["_text", "_content", "_query"].includes(name)) continue;
      for (const part of expression.split(" | "))
        assert.ok(part.replace(/^\(+/, "").startsWith(base), `${base}.${name}: ${part}`);
    }
  }
  assert.equal(pairs, 1709);
});

test("FHIR-PARAM-1 a composite's parts are there, and only a composite has parts", () => {
  for (const parameter of Object.values(SEARCH_PARAMETERS).flat()) {
    assert.equal(parameter.components !== undefined, parameter.type === "composite", parameter.id);
    for (const part of parameter.components ?? []) assert.ok(part.name && part.type && part.expression);
  }
});

test("FHIR-PARAM-2 a type has its own parameters and those it inherits, no name twice", () => {
  for (const type of RESOURCE_TYPES) {
    const names = searchParametersOf(type).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length, type);
    assert.ok(names.includes("_id") && names.includes("_lastUpdated"), type);
    assert.equal(names.includes("_text"), !["Binary", "Bundle", "Parameters"].includes(type), type);
  }
  assert.deepEqual(
    searchParametersOf("Nothing")
      .map(({ name }) => name)
      .includes("name"),
    false,
  );
});

test("FHIR-PARAM-3 every parameter of the patient compartment is a reference parameter of its type that can point at a patient", () => {
  assert.equal(Object.keys(PATIENT_COMPARTMENT).length, 67);
  for (const [type, names] of Object.entries(PATIENT_COMPARTMENT)) {
    for (const name of names) {
      const parameter = searchParametersOf(type).find((candidate) => candidate.name === name);
      assert.equal(parameter?.type, "reference", `${type}.${name}`);
      assert.ok(
        !parameter.target || parameter.target.some((target) => target === "Patient" || target === "Group"),
        `${type}.${name}`,
      );
    }
  }
});
