import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject, JsonValue } from "../fhir/index.ts";
import { expressionText, parseExpression } from "./expression.ts";
import { compileWalk } from "./walk.ts";

function valuesAt(expression: string, resource: JsonObject): JsonValue[] {
  const values: JsonValue[] = [];
  compileWalk(parseExpression(expression))(resource, resource, (value) => values.push(value));
  return values;
}

test("SEARCH-EXPR-1 two spellings of a path have one canonical text", () => {
  const text = (source: string): string => expressionText(parseExpression(source));
  assert.equal(text("(Observation.value as Quantity)"), text("Observation.value.ofType(Quantity)"));
  assert.equal(text(" ( A.b ) | (A.c)"), "A.b | A.c");
  assert.equal(text("A.b.where(resolve() is Patient)"), "A.b.where($this.resolve() is Patient)");
  assert.equal(text("Patient.telecom.where(system='email')"), "Patient.telecom.where($this.system = 'email')");
  assert.equal(text("A.b[0].c"), "A.b[0].c");
});

test("SEARCH-EXPR-2 what lies outside the part is refused, never skipped", () => {
  for (const source of [
    "",
    "A.",
    "A.b.first()",
    "A..b",
    "A.b |",
    "A.b)",
    "A.b.where(c",
    "A + B",
    "A.b.substring(1)",
    "'x",
  ]) {
    assert.throws(() => parseExpression(source), SyntaxError, source);
  }
  assert.throws(() => compileWalk(parseExpression("A.b.resolve()")), SyntaxError);
  assert.throws(() => compileWalk(parseExpression("A.ofType(b).ofType(c).d")), SyntaxError);
  assert.throws(() => compileWalk(parseExpression("A.b.where(c)")), SyntaxError);
});

test("SEARCH-EXPR-3 a walk reaches every value, through arrays, filters, choices and conditions", () => {
  const patient = {
    resourceType: "Patient",
    name: [{ given: ["A", null, "B"] }, { given: ["C"] }],
    telecom: [
      { system: "phone", value: "1" },
      { system: "email", value: "2" },
    ],
    deceasedDateTime: "2020",
  };
  assert.deepEqual(valuesAt("Patient.name.given", patient), ["A", "B", "C"]);
  assert.deepEqual(valuesAt("Patient.telecom.where(system='email').value", patient), ["2"]);
  assert.deepEqual(valuesAt("Patient.name[1].given", patient), ["C"]);
  assert.deepEqual(valuesAt("Patient.deceased", patient), ["2020"]);
  assert.deepEqual(valuesAt("Patient.deceased.exists() and Patient.deceased != false", patient), [true]);
  assert.deepEqual(valuesAt("Patient.deceased.exists() and Patient.deceased != false", { deceasedBoolean: false }), [
    false,
  ]);
  assert.deepEqual(valuesAt("Patient.deceased.exists() and Patient.deceased != false", {}), [false]);
  assert.deepEqual(valuesAt("Patient.name.exists().not()", patient), [false]);
  assert.deepEqual(valuesAt("Patient.birthDate.exists() or Patient.name.exists()", patient), [true]);
  assert.deepEqual(
    valuesAt("Patient.extension('urn:x').value.ofType(string)", {
      extension: [
        { url: "urn:x", valueString: "y" },
        { url: "z", valueString: "n" },
      ],
    }),
    ["y"],
  );
});

test("SEARCH-EXPR-3 a reference is of a type when its address, its contained target or its own word says so", () => {
  const expression = "Observation.subject.where(resolve() is Patient)";
  const isPatient = (subject: JsonObject): boolean =>
    valuesAt(expression, {
      resourceType: "Observation",
      subject,
      contained: [
        { resourceType: "Patient", id: "p" },
        { resourceType: "Group", id: "g" },
      ],
    }).length === 1;
  assert.ok(isPatient({ reference: "Patient/1" }));
  assert.ok(isPatient({ reference: "Patient/1/_history/2" }));
  assert.ok(isPatient({ reference: "https://other.example/fhir/Patient/1" }));
  assert.ok(isPatient({ reference: "#p" }));
  assert.ok(isPatient({ identifier: { value: "1" }, type: "Patient" }));
  assert.ok(isPatient({ reference: "urn:uuid:0b6a", type: "Patient" }));
  assert.ok(!isPatient({ reference: "Group/1" }));
  assert.ok(!isPatient({ reference: "Group/1", type: "Patient" }));
  assert.ok(!isPatient({ reference: "#g" }));
  assert.ok(!isPatient({ reference: "#nobody" }));
  assert.ok(!isPatient({ identifier: { value: "1" } }));
});
