/** JSON text in and out, against JSON.parse on ordinary documents and alone on hostile ones. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  ExactNumber,
  FhirError,
  isJsonArray,
  isJsonObject,
  isNumber,
  numberOf,
  numberText,
  parseJson,
  writeJson,
  type JsonObject,
} from "./index.ts";

/** Documents that both parsers must agree on: no -0, no numbers that print differently, whole characters. */
const ordinary = fc.jsonValue({ stringUnit: "binary", depthSize: "medium" }).filter((value) => !hasOddKey(value));

function hasOddKey(value: unknown): boolean {
  return JSON.stringify(value).includes("\\u0000");
}

/** Makes ExactNumbers into what JSON.parse gives, so that the two can be compared. */
function plain(value: unknown): unknown {
  if (value instanceof ExactNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    Object.defineProperty(copy, name, { value: plain(member), enumerable: true, writable: true, configurable: true });
  }
  return copy;
}

function refusal(text: string): FhirError {
  try {
    parseJson(text);
  } catch (error) {
    assert.ok(error instanceof FhirError, `not a FhirError: ${String(error)}`);
    return error;
  }
  return assert.fail(`accepted: ${text.slice(0, 60)}`);
}

test("FHIR-JSON-1 reads what JSON.parse reads, compact and spread out", () => {
  fc.assert(
    fc.property(ordinary, fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      assert.deepEqual(plain(parseJson(text)), JSON.parse(text));
    }),
    { numRuns: 1000 },
  );
});

test("FHIR-JSON-1 refuses what JSON.parse refuses, as a 400 and never as another error", () => {
  const broken = fc
    .tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.string({ maxLength: 3 }))
    .map(([value, place, noise]) => {
      const text = JSON.stringify(value);
      const at = place % (text.length + 1);
      return text.slice(0, at) + noise + text.slice(at + 1);
    });
  fc.assert(
    fc.property(broken, (text) => {
      if (isAcceptedByEngine(text)) return;
      assert.equal(refusal(text).status, 400);
    }),
    { numRuns: 3000 },
  );
});

function isAcceptedByEngine(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("FHIR-JSON-1 refuses the classical near-JSON forms", () => {
  const forms = [
    "{",
    "[",
    '"',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    "[1,]",
    "[,1]",
    "{,}",
    "{a:1}",
    "{'a':1}",
    "01",
    "-",
    "+1",
    ".5",
    "1.",
    "1e",
    "1e+",
    "--1",
    "0x1",
    "NaN",
    "Infinity",
    "-Infinity",
    "undefined",
    "tru",
    "nul",
    "True",
    "1 2",
    "[1 2]",
    '{"a" 1}',
    '{"a":1 "b":2}',
    '"\t"',
    '"\n"',
    '"\\x41"',
    '"\\u12"',
    '"\\u12G4"',
    '"\\',
    "/**/1",
    "1//",
    "\ufeff1",
    "\u00a01",
    '{"a":1}}',
    "]",
    "}",
    ":",
    ",",
    "[1}",
    '{"a":1]',
  ];
  for (const form of forms) assert.equal(refusal(form).code, "BODY_NOT_JSON", form);
});

test("FHIR-JSON-2 keeps every number as it was written", () => {
  const digits = fc.stringMatching(/^[0-9]{1,25}$/);
  const lexeme = fc
    .tuple(
      fc.constantFrom("", "-"),
      fc.stringMatching(/^(0|[1-9][0-9]{0,24})$/),
      fc.option(digits),
      fc.option(fc.stringMatching(/^[eE][+-]?[0-9]{1,4}$/)),
    )
    .map(
      ([sign, whole, fraction, exponent]) =>
        sign + whole + (fraction === null ? "" : `.${fraction}`) + (exponent ?? ""),
    );
  fc.assert(
    fc.property(lexeme, (text) => {
      const value = parseJson(text);
      assert.ok(isNumber(value));
      assert.equal(writeJson(value), text);
      assert.equal(numberText(value), text);
      assert.equal(numberOf(value), Number(text));
      assert.equal(value instanceof ExactNumber, String(Number(text)) !== text);
    }),
    { numRuns: 3000 },
  );
});

test("FHIR-JSON-2 keeps 6.0, 1.00, 1e3, -0 and long fractions, also deep inside", () => {
  const text = '{"a":[6.0,1.00,1e3,-0,123456789.1234567891,0.1,5,999999999999999,9999999999999999],"b":{"c":-0.0}}';
  assert.equal(writeJson(parseJson(text)), text);
});

test("FHIR-JSON-3 refuses a name that comes twice, also when written differently", () => {
  for (const text of [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"x":null,"x":null}}]',
    '{"__proto__":1,"__proto__":2}',
  ]) {
    assert.match(refusal(text).issues[0]!.en, /only once/, text);
  }
});

test("FHIR-JSON-3 accepts the same name in different objects", () => {
  assert.deepEqual(parseJson('[{"a":1},{"a":{"a":2}}]'), [{ a: 1 }, { a: { a: 2 } }]);
});

test("FHIR-JSON-4 nests 100 deep and no deeper, and the limit can be set", () => {
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
  const objects = (depth: number): string => '{"a":'.repeat(depth) + "1" + "}".repeat(depth);
  assert.ok(parseJson(nested(100)) && parseJson(objects(100)));
  assert.match(refusal(nested(101)).issues[0]!.en, /nesting/);
  assert.match(refusal(objects(101)).issues[0]!.en, /nesting/);
  assert.throws(() => parseJson(nested(3), { depth: 2 }), FhirError);
  assert.equal(refusal("[".repeat(1_000_000)).code, "BODY_NOT_JSON");
});

test("FHIR-JSON-4 counts depth, not the number of objects", () => {
  assert.equal((parseJson(`[${"{},[],".repeat(500)}1]`) as unknown[]).length, 1001);
});

test("FHIR-JSON-5 refuses NUL and halves of characters, raw and escaped", () => {
  for (const text of [
    '"\\u0000"',
    '"a\\u0000b"',
    '{"\\u0000":1}',
    '"\ud800"',
    '"\udc00"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\ud800x"',
    '"\ud800\\udc00"',
    '"\u0000"',
  ]) {
    assert.equal(refusal(text).code, "BODY_NOT_JSON", JSON.stringify(text));
  }
});

test("FHIR-JSON-5 accepts whole characters outside the basic plane, raw and escaped", () => {
  assert.deepEqual(parseJson('["😀","\\ud83d\\ude00","å\\u00e5\\/\\b\\f\\n\\r\\t\\\\\\""]'), [
    "😀",
    "😀",
    'åå/\b\f\n\r\t\\"',
  ]);
});

test("FHIR-JSON-6 a member called __proto__ is a member and nothing else", () => {
  const value = parseJson(
    '{"__proto__":{"polluted":true},"constructor":1,"toString":2,"hasOwnProperty":3}',
  ) as JsonObject;
  assert.deepEqual(Object.keys(value), ["__proto__", "constructor", "toString", "hasOwnProperty"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  assert.equal(writeJson(value), '{"__proto__":{"polluted":true},"constructor":1,"toString":2,"hasOwnProperty":3}');
});

test("FHIR-JSON-7 says line and column and what was expected, and repeats nothing of the document", () => {
  const error = refusal('{\n  "name": "Hemlig",\n  "id": Hemlig\n}');
  assert.equal(error.issues[0]!.en, "The body is not valid JSON: line 3, column 9. Expected a value.");
  assert.equal(error.issues[0]!.sv, "Innehållet är inte giltig JSON: rad 3, tecken 9. Här väntades ett värde.");
  assert.doesNotMatch(JSON.stringify(error.toOutcome()) + error.message, /Hemlig/);
});

test("FHIR-JSON-7 an empty or blank text is BODY_EMPTY", () => {
  for (const text of ["", " ", "\n\t\r "]) assert.equal(refusal(text).code, "BODY_EMPTY");
});

test("FHIR-JSON-8 writes what it read, character for character", () => {
  fc.assert(
    fc.property(ordinary, (value) => {
      const text = JSON.stringify(value);
      assert.equal(writeJson(parseJson(text)), text);
    }),
    { numRuns: 1000 },
  );
});

test("FHIR-JSON-8 leaves out members that are undefined", () => {
  assert.equal(writeJson({ a: undefined, b: [{ c: undefined }], d: 1 }), '{"b":[{}],"d":1}');
});

test("FHIR-JSON-8 a text cannot pass for an exact number", () => {
  const value = { a: new ExactNumber("6.0"), b: "\\ud8006.0", c: '"\\ud8007.0"', d: "6.0" };
  assert.deepEqual(JSON.parse(writeJson(value)), { ...value, a: 6 });
  assert.throws(() => writeJson({ a: new ExactNumber("6.0"), b: "\ud8006.0" }), TypeError);
  assert.throws(() => writeJson([new ExactNumber('6,"x":1')]), TypeError);
});

test("FHIR-JSON-9 JSON.stringify refuses an exact number instead of losing digits", () => {
  assert.throws(() => JSON.stringify({ a: new ExactNumber("6.0") }), TypeError);
  assert.equal(writeJson({ a: 1 }), '{"a":1}');
  assert.throws(() => JSON.stringify([parseJson("1.0")]), TypeError);
});

test("FHIR-JSON-10 tells objects, arrays and numbers apart", () => {
  assert.ok(isJsonObject({}) && !isJsonObject([]) && !isJsonObject(null) && !isJsonObject(new ExactNumber("1.0")));
  assert.ok(isJsonArray([]) && !isJsonArray({}) && isNumber(1) && isNumber(new ExactNumber("1.0")) && !isNumber("1"));
});

test("FHIR-JSON-11 a pretty text is the same value, numbers as written", () => {
  const value = parseJson('{"a":[6.0,{"b":1e3}],"c":"x"}');
  assert.equal(writeJson(value, true), '{\n  "a": [\n    6.0,\n    {\n      "b": 1e3\n    }\n  ],\n  "c": "x"\n}');
  assert.equal(writeJson(parseJson(writeJson(value, true))), writeJson(value));
});
