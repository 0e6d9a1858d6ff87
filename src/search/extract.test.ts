import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ExactNumber, RESOURCE_TYPES, type JsonObject, type JsonValue } from "../fhir/index.ts";
import { officialExamples } from "../fhir/testing/index.ts";
import { extractKeys, rootsOfParameter, type SearchKeys } from "./extract.ts";
import {
  identifierValue,
  ofTypeValue,
  presentValue,
  referenceToken,
  systemCodeValue,
  systemValue,
  tokenKey,
} from "./keys.ts";
import { sureHomeOf } from "./patient.ts";
import { localReferences } from "./references.ts";
import { parametersOf } from "./registry.ts";
import { compileWalk } from "./walk.ts";
import { dateRangeOf, numberRangeOf, numericText, quantityRangeOf, textsOf, tokensOf } from "./values.ts";

const has = ({ tokens }: SearchKeys, parameter: string, value: string): boolean =>
  tokens.includes(tokenKey(parameter, value));
const observation = (fields: JsonObject): SearchKeys =>
  extractKeys("Observation", { resourceType: "Observation", id: "o", ...fields });

test("SEARCH-EXTRACT-1 an Observation's keys: codes, references, ranges, text, and each once", () => {
  const keys = observation({
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "8480-6", display: "Systoliskt" }], text: "Systoliskt" },
    subject: { reference: "Patient/p1" },
    effectiveDateTime: "2026-11-21",
    valueQuantity: {
      value: new ExactNumber("120.0"),
      system: "http://unitsofmeasure.org",
      code: "mm[Hg]",
      unit: "mmHg",
    },
  });
  assert.equal(new Set(keys.tokens).size, keys.tokens.length);
  assert.ok(has(keys, "status", "final"));
  for (const form of [
    "8480-6",
    systemCodeValue("http://loinc.org", "8480-6"),
    systemValue("http://loinc.org"),
    presentValue,
  ])
    assert.ok(has(keys, "code", form), form);
  assert.ok(!has(keys, "code", systemCodeValue("", "8480-6")), "it has a system");
  assert.ok(has(keys, "subject", "Patient/p1") && has(keys, "patient", presentValue));
  assert.ok(!has(keys, "patient", "Patient/p1"), "patient is stored as subject");
  for (const unit of ["mm[Hg]", "mmHg", systemCodeValue("http://unitsofmeasure.org", "mm[Hg]")])
    assert.ok(has(keys, "value-quantity", unit), unit);
  assert.equal(keys.strings, "'code#:systoliskt'");
  assert.deepEqual(keys.ranges, {
    date_lo: "2026-11-20T23:00:00.000Z",
    date_hi: "2026-11-21T23:00:00.000Z",
    value_quantity_lo: "120.0",
    value_quantity_hi: "120.0",
  });
  assert.equal(keys.many, null);
  assert.equal(keys.patient, "p1");
});

test("SEARCH-EXTRACT-2 several values of a range keep their hull in the columns and each by itself in many", () => {
  const keys = extractKeys("Goal", {
    resourceType: "Goal",
    id: "g",
    target: [{ dueDate: "2026-03-01" }, { dueDate: "2025-01-01" }],
  });
  assert.deepEqual(keys.ranges, {
    target_date_lo: "2024-12-31T23:00:00.000Z",
    target_date_hi: "2026-03-01T23:00:00.000Z",
  });
  assert.deepEqual(keys.many, {
    "target-date": [
      ["2026-02-28T23:00:00.000Z", "2026-03-01T23:00:00.000Z"],
      ["2024-12-31T23:00:00.000Z", "2025-01-01T23:00:00.000Z"],
    ],
  });
});

test("SEARCH-EXTRACT-3 every literal reference has a key, wherever it stands; a stored Bundle's entries do not count", () => {
  const resource = {
    resourceType: "Observation",
    id: "o",
    subject: { reference: "Patient/1/_history/3" },
    extension: [{ url: "x", valueReference: { reference: "Device/2" } }],
    contained: [{ resourceType: "Group", id: "c", managingEntity: { reference: "Organization/3" } }],
    performer: [
      { reference: "#c" },
      { reference: "urn:uuid:4" },
      { reference: "https://other.example/fhir/Practitioner/5" },
      { reference: "https://here.example/fhir/R4/Practitioner/6" },
    ],
  };
  assert.deepEqual(localReferences(resource, "https://here.example/fhir/R4").toSorted(), [
    "Device/2",
    "Organization/3",
    "Patient/1",
    "Practitioner/6",
  ]);
  assert.ok(extractKeys("Observation", resource).tokens.includes(referenceToken("Device", "2")));
  assert.deepEqual(
    localReferences({
      resourceType: "Bundle",
      entry: [{ resource }],
      signature: { who: { reference: "Practitioner/7" } },
    }),
    ["Practitioner/7"],
  );
});

test("SEARCH-PAT-1 a resource's own patient comes first, then the others in whose compartment it is", () => {
  const of = (type: string, fields: JsonObject): [string | null, readonly string[]] => {
    const { patient, otherPatients } = extractKeys(type, { resourceType: type, id: "x", ...fields });
    return [patient, otherPatients];
  };
  const [a, b] = [{ reference: "Patient/a" }, { reference: "Patient/b" }];
  assert.deepEqual(of("Observation", { subject: a, performer: [b, a] }), ["a", ["b"]]);
  assert.deepEqual(of("Observation", { performer: [b] }), ["b", []]);
  assert.deepEqual(of("Observation", { subject: { reference: "Group/a" } }), [null, []]);
  assert.deepEqual(of("Observation", { subject: { reference: "https://other.example/fhir/Patient/a" } }), [null, []]);
  assert.deepEqual(of("Patient", { link: [{ other: a }] }), ["x", ["a"]]);
  assert.deepEqual(
    of("Appointment", { participant: [{ actor: { reference: "Practitioner/p" } }, { actor: a }, { actor: b }] }),
    ["a", ["b"]],
  );
  assert.deepEqual(of("Organization", { name: "x" }), [null, []]);
});

test("SEARCH-PAT-4 a document is its Composition's subject's, content the patient's on whose terms it is read, where these are here", () => {
  const base = "https://eira.example/fhir";
  const of = (type: string, fields: JsonObject): string | null =>
    extractKeys(type, { resourceType: type, id: "x", ...fields }, { base }).patient;
  const document = (reference: string, fullUrl?: string, type = "document"): JsonObject => {
    const composition = { resourceType: "Composition", subject: { reference } };
    return {
      type,
      entry: [
        { ...(fullUrl === undefined ? {} : { fullUrl }), resource: composition },
        { resource: { resourceType: "Patient", id: "b" } },
      ],
    };
  };
  for (const fullUrl of [undefined, "urn:uuid:1", `${base}/Composition/1`])
    for (const subject of ["Patient/a", `${base}/Patient/a`, "Patient/a/_history/2"])
      assert.equal(of("Bundle", document(subject, fullUrl)), "a", `${subject} in ${fullUrl}`);
  assert.equal(of("Binary", { securityContext: { reference: "Patient/a" } }), "a");
  const nobodys: [string, JsonObject][] = [
    ["Bundle", document("Patient/a", "https://other.example/fhir/Composition/1")],
    ["Bundle", document("https://other.example/fhir/Patient/a")],
    ["Bundle", document("urn:uuid:2", "urn:uuid:1")],
    ["Bundle", document("Group/a")],
    ["Bundle", document("Patient/a", undefined, "collection")],
    [
      "Bundle",
      { type: "document", entry: [{ resource: { resourceType: "Observation", subject: { reference: "Patient/a" } } }] },
    ],
    ["Bundle", { type: "document", entry: {} }],
    ["Bundle", { type: "document", entry: [7] }],
    ["Binary", { securityContext: { reference: "DocumentReference/a" } }],
    ["Binary", { securityContext: "Patient/a" }],
    ["Binary", {}],
  ];
  for (const [type, fields] of nobodys) assert.equal(of(type, fields), null, JSON.stringify(fields));
  assert.deepEqual([sureHomeOf("Bundle", "x"), sureHomeOf("Organization", "x")], [undefined, 0]);
});

test("SEARCH-REF-1 a reference to another server is found by its address, one into the resource by nothing, a version by its resource", () => {
  const keys = observation({
    performer: [
      { reference: "https://other.example/fhir/Practitioner/1" },
      { reference: "#x" },
      { reference: "Practitioner/2/_history/5" },
    ],
  });
  assert.ok(has(keys, "performer", "https://other.example/fhir/Practitioner/1"));
  assert.ok(!has(keys, "performer", "Practitioner/1") && !has(keys, "performer", "#x"));
  assert.ok(has(keys, "performer", "Practitioner/2"));
});

test("SEARCH-REF-3 a reference is found by the identifier it carries, also when it names no resource", () => {
  const keys = observation({ subject: { identifier: { system: "urn:pnr", value: "191212121212" } } });
  assert.ok(has(keys, "subject", identifierValue(systemCodeValue("urn:pnr", "191212121212"))));
  assert.ok(has(keys, "subject", identifierValue("191212121212")));
});

test("SEARCH-VALUE-1 a token is read from every type that can be one", () => {
  const first = (value: JsonValue): object => {
    const { system, code, text } = tokensOf(value)[0] ?? {};
    return { system, code, text };
  };
  assert.deepEqual(first("final"), { system: undefined, code: "final", text: undefined });
  assert.deepEqual(first(true), { system: undefined, code: "true", text: undefined });
  assert.deepEqual(first({ system: "s", code: "c", display: "d" }), { system: "s", code: "c", text: "d" });
  assert.deepEqual(first({ coding: [{ code: "c" }], text: "t" }), { system: undefined, code: "c", text: undefined });
  assert.deepEqual(first({ system: "s", value: "v", type: { text: "t" } }), { system: "s", code: "v", text: "t" });
  assert.deepEqual(
    tokensOf({ system: "phone", value: "070", use: "mobile" }).map(({ system }) => system),
    ["phone", "mobile"],
  );
  const patient = extractKeys("Patient", {
    resourceType: "Patient",
    id: "p",
    identifier: [{ system: "s", value: "v", type: { coding: [{ system: "t", code: "MR" }] } }],
  });
  assert.ok(has(patient, "identifier", ofTypeValue("t", "MR", "v")));
});

test("SEARCH-VALUE-2 a period without an end reaches to infinity, a timing spans its events, and text is no date", () => {
  assert.deepEqual(dateRangeOf({ start: "2026-01-01" }), { low: "2025-12-31T23:00:00.000Z", high: "infinity" });
  assert.deepEqual(dateRangeOf({ end: "2026-01-01" }), { low: "-infinity", high: "2026-01-01T23:00:00.000Z" });
  assert.deepEqual(
    dateRangeOf({
      event: ["2026-01-02", "2026-01-01"],
      repeat: { boundsPeriod: { start: "2026-02-01", end: "2026-02-01" } },
    }),
    { low: "2025-12-31T23:00:00.000Z", high: "2026-02-01T23:00:00.000Z" },
  );
  for (const value of [{}, { event: [] }, { value: 5, unit: "a" }, "i våras", 5, true, null])
    assert.equal(dateRangeOf(value), undefined, JSON.stringify(value));
  assert.ok(
    extractKeys("Procedure", { resourceType: "Procedure", id: "p", performedString: "i våras" }).tokens.includes(
      tokenKey("date", presentValue),
    ),
  );
});

test("SEARCH-VALUE-3 quantities: comparators open the range, money has a currency, ranges and samples span theirs", () => {
  assert.deepEqual(quantityRangeOf({ value: 5, comparator: "<" })?.low, "-Infinity");
  assert.deepEqual(quantityRangeOf({ value: 5, comparator: ">=" })?.high, "Infinity");
  assert.deepEqual(quantityRangeOf({ value: 100, currency: "SEK" }), {
    low: "100",
    high: "100",
    system: "urn:iso:std:iso:4217",
    code: "SEK",
    unit: undefined,
  });
  assert.deepEqual(quantityRangeOf({ low: { value: 1, code: "a" } }), {
    low: "1",
    high: "Infinity",
    system: undefined,
    code: "a",
    unit: undefined,
  });
  assert.deepEqual(quantityRangeOf({ origin: { value: 10, unit: "mV" }, factor: 2, data: "1 E -3 U 4" }), {
    low: "4",
    high: "18",
    system: undefined,
    code: undefined,
    unit: "mV",
  });
  assert.equal(quantityRangeOf({ unit: "mg" }), undefined);
  assert.deepEqual(numberRangeOf({ low: { value: 1 }, high: { value: 2 } }), { low: "1", high: "2" });
});

test("SEARCH-VALUE-4 a number of absurd size does not reach PostgreSQL as a million digits", () => {
  assert.equal(numericText("6.00"), "6.00");
  assert.equal(numericText("1e999999"), "Infinity");
  assert.equal(numericText("-1e999999"), "-Infinity");
  assert.equal(Number(numericText("1e-999999")), 0);
  assert.ok(numericText("9".repeat(4000)).length < 200);
});

test("SEARCH-VALUE-5 a name or an address is all its parts", () => {
  assert.deepEqual(textsOf({ family: "Berg", given: ["Bo", "Ivar"], text: "Bo Berg", use: "official" }), [
    "Bo Berg",
    "Berg",
    "Bo",
    "Ivar",
  ]);
  assert.deepEqual(textsOf({ line: ["Storg. 1"], city: "Örebro", period: { start: "2020" } }), ["Storg. 1", "Örebro"]);
});

test("SEARCH-EXTRACT-4 any JSON of any type gives keys, without an error and without running away", () => {
  const names = [
    ...new Set(
      RESOURCE_TYPES.flatMap((type) =>
        [...parametersOf(type).values()].flatMap(({ atoms }) => atoms.flatMap(({ text }) => text.split(/\W+/))),
      ),
    ),
  ];
  const tree = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<JsonValue>(
        "2026-13-45",
        "",
        "x".repeat(3000),
        "Patient/1",
        "#",
        "|",
        "http://",
        new ExactNumber("1e400"),
        -0,
        true,
        null,
        "\ud800",
      ),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(...names, "coding", "reference", "value", "start", "low", "data", "origin", "system", "code"),
        tie("value"),
        { maxKeys: 6 },
      ),
    ),
  })).value;
  fc.assert(
    fc.property(
      fc.constantFrom(...RESOURCE_TYPES),
      fc.dictionary(fc.constantFrom(...names), tree, { maxKeys: 12 }),
      (type, fields) => {
        const keys = extractKeys(type, { ...fields, resourceType: type, id: "x" });
        assert.ok(keys.tokens.length < 5000);
        for (const key of keys.tokens) assert.equal(BigInt.asIntN(64, BigInt(key)).toString(), key);
      },
    ),
    { numRuns: 2000 },
  );
});

test("SEARCH-EXTRACT-5 without an id there are no keys: the row could not be found by what refers to it", () => {
  assert.throws(() => extractKeys("Patient", { resourceType: "Patient" }), TypeError);
});

test("SEARCH-EXTRACT-6 a parameter that is not looked at would have found nothing, in any official example", () => {
  const found = { looked: 0, passed: 0, unknown: 0 };
  for (const { text, isInstance } of officialExamples()) {
    if (!isInstance) continue;
    const resource = JSON.parse(text) as JsonObject;
    for (const parameter of parametersOf(String(resource["resourceType"])).values()) {
      const roots = rootsOfParameter(parameter);
      if (roots === undefined) found.unknown += 1;
      else if (roots.some((root) => resource[root] !== undefined)) found.looked += 1;
      else {
        found.passed += 1;
        for (const { path } of [...parameter.atoms, ...parameter.stored])
          compileWalk(path)(resource, resource, () => assert.fail(`${text.slice(0, 80)} ${parameter.name}`));
      }
    }
  }
  assert.ok(found.looked > 3000 && found.passed > 3000, JSON.stringify(found));
  assert.ok(found.unknown < found.looked / 10, JSON.stringify(found));
});
