/** JSON Patch: every operation, and the ways in which a patch can be wrong or hostile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  applyJsonPatch,
  applyResourcePatch,
  FhirError,
  parseJson,
  writeJson,
  type JsonObject,
  type JsonValue,
} from "./index.ts";

const patch = (document: string, operations: string): string =>
  writeJson(applyJsonPatch(parseJson(document), parseJson(operations)));

function refusal(document: string, operations: string): FhirError {
  try {
    const result = patch(document, operations);
    return assert.fail(`accepted, gave ${result.slice(0, 80)}`);
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    return error;
  }
}

test("FHIR-PATCH-1 add, remove, replace, move, copy and test do what RFC 6902 says", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['{"a":1}', '[{"op":"add","path":"/b","value":2}]', '{"a":1,"b":2}'],
    ['{"a":1}', '[{"op":"add","path":"/a","value":null}]', '{"a":null}'],
    ['{"a":[1,3]}', '[{"op":"add","path":"/a/1","value":2}]', '{"a":[1,2,3]}'],
    ['{"a":[1]}', '[{"op":"add","path":"/a/1","value":2}]', '{"a":[1,2]}'],
    ['{"a":[1]}', '[{"op":"add","path":"/a/-","value":[2]}]', '{"a":[1,[2]]}'],
    ['{"a":1}', '[{"op":"add","path":"","value":{"b":2}}]', '{"b":2}'],
    ['{"a":1}', '[{"op":"add","path":"/","value":2}]', '{"a":1,"":2}'],
    ['{"a":1,"b":2}', '[{"op":"remove","path":"/a"}]', '{"b":2}'],
    ['{"a":[1,2,3]}', '[{"op":"remove","path":"/a/1"}]', '{"a":[1,3]}'],
    ['{"a":["b"]}', '[{"op":"remove","path":"/a/0"}]', '{"a":[]}'],
    ['{"a":1}', '[{"op":"replace","path":"/a","value":{"b":[]}}]', '{"a":{"b":[]}}'],
    ["[1,2]", '[{"op":"replace","path":"/1","value":9}]', "[1,9]"],
    ['{"a":1}', '[{"op":"replace","path":"","value":[]}]', "[]"],
    ['{"a":{"b":1},"c":{}}', '[{"op":"move","from":"/a/b","path":"/c/d"}]', '{"a":{},"c":{"d":1}}'],
    ["[1,2,3,4]", '[{"op":"move","from":"/1","path":"/3"}]', "[1,3,4,2]"],
    ['{"a":1}', '[{"op":"move","from":"/a","path":"/a"}]', '{"a":1}'],
    [
      '{"a":{"b":1}}',
      '[{"op":"copy","from":"/a","path":"/c"},{"op":"replace","path":"/c/b","value":2}]',
      '{"a":{"b":1},"c":{"b":2}}',
    ],
    ['{"a":{"b":1}}', '[{"op":"copy","from":"","path":"/a/c"}]', '{"a":{"b":1,"c":{"a":{"b":1}}}}'],
    ['{"a":[1,{"b":"x"}]}', '[{"op":"test","path":"/a","value":[1,{"b":"x"}]}]', '{"a":[1,{"b":"x"}]}'],
    ['{"a":1}', '[{"op":"test","path":"","value":{"a":1}}]', '{"a":1}'],
    ['{"a":1}', "[]", '{"a":1}'],
    ['{"a":1}', '[{"op":"add","path":"/b","value":2,"comment":"unknown members are ignored"}]', '{"a":1,"b":2}'],
  ];
  for (const [document, operations, expected] of cases) assert.equal(patch(document, operations), expected, operations);
});

test("FHIR-PATCH-1 add then remove, and remove then add, give the document back", () => {
  const document = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1, noNullPrototype: true });
  fc.assert(
    fc.property(document, fc.nat(), (plain, n) => {
      const before = parseJson(JSON.stringify(plain)) as JsonObject;
      const name = Object.keys(before)[n % Object.keys(before).length]!;
      const path = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      const after = applyJsonPatch(before, [
        { op: "test", path, value: before[name]! },
        { op: "remove", path },
        { op: "add", path, value: before[name]! },
        { op: "test", path: "", value: before },
      ]);
      assert.deepEqual(after, before);
    }),
    { numRuns: 500 },
  );
});

test("FHIR-PATCH-2 a failed test changes nothing and names its operation", () => {
  const before = parseJson('{"a":{"b":1}}');
  const error = refusal(
    '{"a":{"b":1}}',
    '[{"op":"replace","path":"/a/b","value":2},{"op":"test","path":"/a/b","value":1}]',
  );
  assert.equal(error.code, "PATCH_TEST_FAILED");
  assert.equal(error.issues[0]!.expression, "patch[1]");
  assert.throws(() =>
    applyJsonPatch(before, [
      { op: "remove", path: "/a/b" },
      { op: "remove", path: "/x" },
    ]),
  );
  assert.equal(writeJson(before), '{"a":{"b":1}}');
});

test("FHIR-PATCH-2 neither the document nor the patch is changed by a patch that works", () => {
  const before = parseJson('{"a":[{"b":1}]}');
  const operations = parseJson(
    '[{"op":"add","path":"/c","value":{"d":[]}},{"op":"add","path":"/c/d/-","value":1},{"op":"remove","path":"/a/0/b"}]',
  );
  const texts = [writeJson(before), writeJson(operations)];
  applyJsonPatch(before, operations);
  assert.deepEqual([writeJson(before), writeJson(operations)], texts);
});

test("FHIR-PATCH-3 numbers are tested by value, however written, and never rounded together", () => {
  const equal = [
    ["6.0", "6"],
    ["1e3", "1000"],
    ["1.50", "15e-1"],
    ["-0", "0"],
    ["0.00", "0e9"],
    ["12345678901234567890", "1234567890123456789e1"],
  ];
  for (const [a, b] of equal) assert.ok(patch(`{"a":${a}}`, `[{"op":"test","path":"/a","value":${b}}]`), `${a} = ${b}`);
  const different = [
    ["6.0", "6.1"],
    ["9007199254740993", "9007199254740992"],
    ["0.1000000000000000055", "0.1"],
    ["1", "-1"],
    ["6", '"6"'],
    ["0", "false"],
    ["0", "null"],
  ];
  for (const [a, b] of different) {
    assert.equal(
      refusal(`{"a":${a}}`, `[{"op":"test","path":"/a","value":${b}}]`).code,
      "PATCH_TEST_FAILED",
      `${a} ≠ ${b}`,
    );
  }
});

test("FHIR-PATCH-3 a patch keeps the numbers that it does not touch as they were written", () => {
  assert.equal(patch('{"a":6.0,"b":1.50}', '[{"op":"replace","path":"/b","value":1.500}]'), '{"a":6.0,"b":1.500}');
});

test("FHIR-PATCH-4 ~0 and ~1 stand for ~ and /, and nothing else follows ~", () => {
  assert.equal(
    patch(
      '{"a/b":1,"m~n":2,"~1":3}',
      '[{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/m~0n"},{"op":"remove","path":"/~01"}]',
    ),
    "{}",
  );
  for (const path of ["/~", "/~2", "/a~"])
    assert.equal(refusal('{"~":1}', `[{"op":"remove","path":"${path}"}]`).code, "PATCH_INVALID");
});

test("FHIR-PATCH-5 refuses what leads nowhere, and says which operation", () => {
  const wrong = [
    "{}",
    "null",
    '{"op":"remove","path":"/a"}',
    "[1]",
    "[null]",
    '[{"path":"/a"}]',
    '[{"op":"remove"}]',
    '[{"op":"REMOVE","path":"/a"}]',
    '[{"op":"toString","path":"/a"}]',
    '[{"op":"add","path":"/x"}]',
    '[{"op":"replace","path":"/a"}]',
    '[{"op":"test","path":"/a"}]',
    '[{"op":"move","path":"/a"}]',
    '[{"op":"copy","path":"/a"}]',
    '[{"op":"remove","path":"a"}]',
    '[{"op":"remove","path":""}]',
    '[{"op":"remove","path":"/x"}]',
    '[{"op":"replace","path":"/x","value":1}]',
    '[{"op":"add","path":"/x/y","value":1}]',
    '[{"op":"add","path":"/n/y","value":1}]',
    '[{"op":"add","path":"/l/3","value":1}]',
    '[{"op":"add","path":"/l/01","value":1}]',
    '[{"op":"add","path":"/l/-1","value":1}]',
    '[{"op":"add","path":"/l/1e0","value":1}]',
    '[{"op":"remove","path":"/l/-"}]',
    '[{"op":"remove","path":"/l/2"}]',
    '[{"op":"replace","path":"/l/-","value":1}]',
    '[{"op":"test","path":"/l/length","value":2}]',
    '[{"op":"move","from":"/a","path":"/a/b"}]',
    '[{"op":"move","from":"","path":"/b"}]',
    '[{"op":"copy","from":"/x","path":"/b"}]',
    '[{"op":"remove","path":"/__proto__"}]',
    '[{"op":"test","path":"/toString","value":1}]',
    '[{"op":1,"path":"/a"}]',
  ];
  for (const operations of wrong) {
    const error = refusal('{"a":{"c":1},"n":1,"l":[1,2]}', operations);
    assert.equal(error.code, "PATCH_INVALID", operations);
    assert.equal(error.status, 422);
    assert.match(error.issues[0]!.expression!, /^patch/);
  }
});

test("FHIR-PATCH-6 a member called __proto__ cannot reach the prototype", () => {
  const result = applyJsonPatch(
    {},
    parseJson('[{"op":"add","path":"/__proto__","value":{"x":1}},{"op":"add","path":"/__proto__/y","value":2}]'),
  );
  assert.equal(writeJson(result), '{"__proto__":{"x":1,"y":2}}');
  assert.equal(({} as Record<string, unknown>)["y"], undefined);
  assert.equal(refusal("{}", '[{"op":"add","path":"/constructor/prototype/x","value":1}]').code, "PATCH_INVALID");
});

test("FHIR-PATCH-7 bounds what a small patch can grow into, in size, depth and number", () => {
  const many = (n: number, operation: JsonValue): JsonValue => Array.from({ length: n }, () => operation);
  assert.throws(
    () => applyJsonPatch({ a: ["0123456789"] }, many(60, { op: "copy", from: "/a", path: "/a/-" })),
    FhirError,
  );
  assert.throws(() => applyJsonPatch({ a: {} }, many(1001, { op: "test", path: "", value: {} })), FhirError);
  assert.throws(() => applyJsonPatch({}, [{ op: "add", path: "/a".repeat(101), value: 1 }]), FhirError);
  const nest: JsonValue = [
    { op: "add", path: "/b", value: {} },
    { op: "move", from: "/a", path: "/b/a" },
    { op: "move", from: "/b", path: "/a" },
  ];
  assert.throws(() => applyJsonPatch({ a: {} }, Array.from({ length: 333 }, () => nest).flat()), /deep/);
});

test("FHIR-PATCH-8 a resource keeps its type, id, version and time of change", () => {
  const resource = {
    resourceType: "Patient",
    id: "p1",
    meta: { versionId: "3", lastUpdated: "2026-01-01T00:00:00Z", tag: [{ code: "a" }] },
    active: true,
  };
  for (const path of ["/resourceType", "/id", "/meta/versionId", "/meta/lastUpdated"]) {
    assert.throws(() => applyResourcePatch(resource, [{ op: "replace", path, value: "x" }]), /cannot be changed/, path);
    assert.throws(() => applyResourcePatch(resource, [{ op: "remove", path }]), /cannot be changed/, path);
  }
  assert.throws(() => applyResourcePatch(resource, [{ op: "remove", path: "/meta" }]), /cannot be changed/);
  assert.throws(() => applyResourcePatch(resource, [{ op: "replace", path: "", value: [] }]), FhirError);
  assert.throws(
    () => applyResourcePatch({ resourceType: "Patient" }, [{ op: "add", path: "/id", value: "x" }]),
    FhirError,
  );
  assert.equal(applyResourcePatch(resource, [{ op: "replace", path: "/active", value: false }])["active"], false);
  assert.equal(applyResourcePatch(resource, [{ op: "replace", path: "/id", value: "p1" }])["id"], "p1");
});

test("FHIR-PATCH-9 in a resource the list or object whose last part was removed goes too", () => {
  const resource = {
    resourceType: "Patient",
    name: [{ family: "A" }],
    telecom: [{ value: "1" }, { value: "2" }],
    contact: [{ name: { text: "B" } }],
  };
  const result = applyResourcePatch(resource, [
    { op: "remove", path: "/name/0/family" },
    { op: "remove", path: "/telecom/0" },
    { op: "remove", path: "/telecom/0" },
    { op: "remove", path: "/contact/0/name/text" },
  ]);
  assert.deepEqual(result, { resourceType: "Patient" });
});

test("FHIR-PATCH-9 but not one that was filled again, nor one that the patch itself puts there empty", () => {
  const resource = { resourceType: "Patient", name: [{ family: "A" }] };
  const refilled = applyResourcePatch(resource, [
    { op: "remove", path: "/name/0" },
    { op: "add", path: "/name/-", value: { family: "B" } },
  ]);
  assert.deepEqual(refilled, { resourceType: "Patient", name: [{ family: "B" }] });
  assert.deepEqual(applyResourcePatch(resource, [{ op: "add", path: "/telecom", value: [] }])["telecom"], []);
});
