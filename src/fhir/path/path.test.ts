/** FHIRPath and FHIRPath Patch: what the operations do, and what is refused. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { applyFhirPathPatch, FhirError, loadFhirPath, parseJson, writeJson, type JsonObject } from "../index.ts";
import { PathError, type FhirPath } from "./path.ts";

let engine: FhirPath;
before(async () => {
  engine = await loadFhirPath();
});

const read = (text: string): JsonObject => parseJson(text) as JsonObject;
const PATIENT =
  '{"resourceType":"Patient","id":"a","meta":{"versionId":"1"},"active":true,"deceasedBoolean":false,"birthDate":"2026-01-01",' +
  '"name":[{"family":"A","given":["B","C"],"_given":[null,{"id":"c"}]},{"family":"D"}],"contact":[{"gender":"male"}],' +
  '"telecom":[{"system":"phone","value":"1","rank":1}]}';

type Part = Readonly<Record<string, unknown>>;

/** An operation: its type, path and other parts. */
function operation(type: string, path: string, ...parts: readonly Part[]): Part {
  return {
    name: "operation",
    part: [{ name: "type", valueCode: type }, { name: "path", valueString: path }, ...parts],
  };
}

function patched(text: string, ...operations: readonly Part[]): JsonObject {
  return applyFhirPathPatch(read(text), read(JSON.stringify({ resourceType: "Parameters", parameter: operations })));
}

const value = (given: Part): Part => ({ name: "value", ...given });
const name = (valueString: string): Part => ({ name: "name", valueString });
const index = (valueInteger: number, called = "index"): Part => ({ name: called, valueInteger });

function refused(expression: string, ...operations: readonly Part[]): void {
  assert.throws(
    () => patched(PATIENT, ...operations),
    (error) => {
      assert.ok(error instanceof FhirError, String(error));
      assert.equal(error.code, "PATCH_INVALID");
      assert.equal(error.issues[0]?.expression, expression);
      return true;
    },
  );
}

test("FHIR-PATH-1 an expression leads to places", () => {
  const patient = read(PATIENT);
  assert.deepEqual(engine.placesOf(patient, "Patient.name.where(family = 'A').given"), [
    "Patient.name[0].given[0]",
    "Patient.name[0].given[1]",
  ]);
  assert.deepEqual(engine.placesOf(patient, "Patient"), ["Patient"]);
  assert.deepEqual(engine.placesOf(patient, "Patient.address"), []);
  const observation = read('{"resourceType":"Observation","valueQuantity":{"value":6.0}}');
  assert.deepEqual(engine.placesOf(observation, "Observation.value.where(value = 6)"), ["Observation.value"]);
});

test("FHIR-PATH-2 what is no path, or costs too much, is refused", () => {
  const patient = read(PATIENT);
  const follow = (expression: string) => () => engine.placesOf(patient, expression);
  for (const expression of [
    "",
    "Patient.",
    "Patient.name(",
    "1 + 1",
    "'text'",
    "Patient.name.count()",
    "Patient.name.where(family.matches('(a+)+$'))",
    "Patient.repeat(name)",
    "resolve()",
    "Patient.name.trace('x')",
    "now()",
    "%unknown",
    `Patient${".name".repeat(500)}`,
  ])
    assert.throws(follow(expression), PathError, expression);
  const large = { ...patient, name: Array.from({ length: 2_000 }, (_, i) => ({ family: `A${i}` })) };
  const costly =
    "Patient.descendants().where(%resource.descendants().where(%resource.descendants().exists()).exists())";
  assert.throws(() => engine.placesOf(large, costly), /too much work/);
});

test("FHIR-PATH-3 the engine is the same for all who ask", async () => {
  assert.equal(await loadFhirPath(), engine);
});

test("FHIR-PATHPATCH-1 add puts a value, or one more in a list", () => {
  assert.equal(
    patched(PATIENT, operation("add", "Patient", name("gender"), value({ valueCode: "male" })))["gender"],
    "male",
  );
  const named = patched(PATIENT, operation("add", "Patient.name[0]", name("given"), value({ valueString: "E" })));
  assert.match(writeJson(named), /"given":\["B","C","E"\],"_given":\[null,\{"id":"c"\},null\]/);
  const observation = '{"resourceType":"Observation","status":"final"}';
  const quantity = { valueQuantity: { value: 1.5 } };
  assert.deepEqual(
    patched(observation, operation("add", "Observation", name("value"), value(quantity)))["valueQuantity"],
    {
      value: 1.5,
    },
  );
  const contact = value({
    part: [
      { name: "name", valueHumanName: { text: "E" } },
      { name: "telecom", valueContactPoint: { rank: 1 } },
    ],
  });
  assert.deepEqual(
    (patched(PATIENT, operation("add", "Patient", name("contact"), contact))["contact"] as object[])[1],
    {
      name: { text: "E" },
      telecom: [{ rank: 1 }],
    },
  );
  const extension = value({
    part: [
      { name: "url", valueUri: "u" },
      { name: "value", valueCode: "x" },
    ],
  });
  assert.deepEqual(
    patched(PATIENT, operation("add", "Patient.birthDate", name("extension"), extension))["_birthDate"],
    {
      extension: [{ url: "u", valueCode: "x" }],
    },
  );
});

test("FHIR-PATHPATCH-1 insert, move and replace work in lists and single elements", () => {
  const inserted = patched(
    PATIENT,
    operation("insert", "Patient.name[0].given", index(1), value({ valueString: "X" })),
  );
  assert.match(writeJson(inserted), /"given":\["B","X","C"\],"_given":\[null,null,\{"id":"c"\}\]/);
  const moved = patched(PATIENT, operation("move", "Patient.name", index(1, "source"), index(0, "destination")));
  assert.match(writeJson(moved), /"name":\[\{"family":"D"\},\{"family":"A"/);
  const replaced = patched(
    PATIENT,
    operation("replace", "Patient.name.where(family = 'D').family", value({ valueString: "E" })),
    operation("replace", "Patient.deceased", value({ valueDateTime: "2026" })),
    operation("replace", "Patient.name[0].given[1]", value({ valueString: "F" })),
  );
  assert.match(writeJson(replaced), /"given":\["B","F"\]\},\{"family":"E"\}/);
  assert.equal(replaced["deceasedDateTime"], "2026");
  assert.equal(replaced["deceasedBoolean"], undefined);
});

test("FHIR-PATHPATCH-2 all or none, nothing given is changed, and numbers stay as written", () => {
  const text = '{"resourceType":"Observation","status":"final","valueQuantity":{"value":6.0,"unit":"g"}}';
  const resource = read(text);
  const patch = read(
    JSON.stringify({ resourceType: "Parameters", parameter: [operation("delete", "Observation.value.unit")] }),
  );
  const patchText = writeJson(patch);
  assert.equal(
    writeJson(applyFhirPathPatch(resource, patch)),
    '{"resourceType":"Observation","status":"final","valueQuantity":{"value":6.0}}',
  );
  assert.equal(writeJson(resource), text);
  assert.equal(writeJson(patch), patchText);
  refused(
    "Parameters.parameter[1]",
    operation("delete", "Patient.active"),
    operation("replace", "Patient.address", value({ valueString: "x" })),
  );
});

test("FHIR-PATHPATCH-3 what is malformed or leads astray is refused at its operation", () => {
  refused("Parameters.parameter", ...Array.from({ length: 1_001 }, () => operation("delete", "Patient.active")));
  for (const wrong of [
    { name: "other" },
    operation("change", "Patient.active"),
    operation("replace", "Patient.name", value({ valueString: "x" })),
    operation("delete", "Patient.name.given"),
    operation("delete", "Patient"),
    operation("replace", "Patient", value({ valueString: "x" })),
    operation("replace", "Patient.active"),
    operation("replace", "Patient.active", value({})),
    operation("add", "Patient", name("nothing"), value({ valueString: "x" })),
    operation("add", "Patient", name("active"), value({ valueBoolean: true })),
    operation("add", "Patient", name("deceased"), value({ valueString: "x" })),
    operation("add", "Patient.address", name("city"), value({ valueString: "x" })),
    operation("insert", "Patient.active", index(0), value({ valueBoolean: true })),
    operation("insert", "Patient.name", index(9), value({ valueHumanName: { text: "x" } })),
    operation("insert", "Patient.name", index(-1), value({ valueHumanName: { text: "x" } })),
    operation("move", "Patient.name", index(0, "source"), index(2, "destination")),
    operation("delete", "Patient.name.where("),
    operation("delete", "Patient.name.where(family.matches('A'))"),
    { name: "operation", part: [{ name: "type", valueCode: "delete" }] },
  ])
    refused("Parameters.parameter[0]", wrong);
  assert.equal(writeJson(patched(PATIENT, operation("delete", "Patient.address"))), PATIENT);
});

test("FHIR-PATHPATCH-3 the operations of a patch share what they may cost", () => {
  const large = read(PATIENT) as Record<string, unknown>;
  const names = Array.from({ length: 2_000 }, (_, i) => ({ family: `A${i}` }));
  const text = JSON.stringify({ ...large, name: names });
  const replace = operation("replace", "Patient.active", value({ valueBoolean: false }));
  assert.equal(patched(text, replace)["active"], false);
  const started = process.cpuUsage().user;
  assert.throws(() => patched(text, ...Array.from({ length: 1_000 }, () => replace)), { code: "PATCH_INVALID" });
  assert.ok(process.cpuUsage().user - started < 5_000_000);
});

test("FHIR-PATHPATCH-4 type, id, version and time of change are the server's", () => {
  refused("Patient.id", operation("replace", "Patient.id", value({ valueId: "b" })));
  refused("Patient.meta.versionId", operation("delete", "Patient.meta"));
});

test("FHIR-PATHPATCH-5 what was emptied goes too, and lists stay aligned", () => {
  assert.equal(patched(PATIENT, operation("delete", "Patient.contact.gender"))["contact"], undefined);
  const names = writeJson(patched(PATIENT, operation("delete", "Patient.name[0].given[0]")));
  assert.match(names, /"given":\["C"\],"_given":\[\{"id":"c"\}\]/);
  const fewer = writeJson(patched(PATIENT, operation("delete", "Patient.name[0].given[1]")));
  assert.match(fewer, /"family":"A","given":\["B"\]\}/);
});
