import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isEqualJson, parseJson, writeJson, type JsonObject } from "../../fhir/index.ts";
import { buildMessage, parseMessage, type Charset, type NewField, type Segment } from "../hl7v2/codec/index.ts";
import { conceptAt, cweOf } from "./coded.ts";
import { cxOf, eiOf, entityAt, numbersAt } from "./identifiers.ts";
import { TABLES, AUTHORITY } from "./tables/index.ts";
import { momentOf, toDateTime, toHl7Time } from "./time.ts";
import { referenceRangeAt, unitAt, valueFields, valueOf } from "./values.ts";

const LATIN = "abcdeåäöÅÄÖéü 0123 |^~\\&<>.,;:'\"µ§½\n";

function segmentOf(name: string, fields: Readonly<Record<number, NewField>>, charset: Charset = "iso-8859-1"): Segment {
  const message = buildMessage(
    [
      ["MSH", { 9: ["ORU", "R01"] }],
      [name, fields],
    ],
    { charset },
  );
  const [, segment] = parseMessage(message.bytes()).segments;
  assert.ok(segment !== undefined);
  return segment;
}

const obx = (fields: Readonly<Record<number, NewField>>): Segment => segmentOf("OBX", fields);
const word = fc
  .string({ unit: fc.constantFrom(...Array.from(LATIN)), minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() !== "" && text !== '""');
const code = fc.string({ unit: fc.constantFrom(...Array.from("ABC123-åäö&|")), minLength: 1, maxLength: 8 });
const number = fc
  .tuple(fc.constantFrom("", "-"), fc.nat(9999), fc.constantFrom("", ".0", ".10", ".05", ".000"))
  .map((parts) => parseJson(parts.join("")));
const quantity = fc
  .record({
    value: number,
    unit: fc.constantFrom("mmol/L", "10⁹/L", "µmol/L", "INR"),
    system: fc.constant("http://unitsofmeasure.org"),
  })
  .map((one): JsonObject => ({
    ...one,
    code: { "mmol/L": "mmol/L", "10⁹/L": "10*9/L", "µmol/L": "umol/L", INR: "{INR}" }[one.unit],
  }));
const concept = fc
  .record({
    system: fc.constantFrom("urn:oid:1.2.752.108.1", "http://snomed.info/sct", "urn:x:y", "urn:eira:hl7v2:kodsystem:L"),
    code,
    display: word,
    text: word,
  })
  .map(({ text, ...coding }): JsonObject => ({ coding: [coding], text }));

const value: fc.Arbitrary<JsonObject> = fc.oneof(
  quantity.map((one): JsonObject => ({ valueQuantity: one })),
  fc.tuple(quantity, fc.constantFrom("<", "<=", ">", ">=")).map(([one, comparator]): JsonObject => ({
    valueQuantity: { value: one["value"], comparator, unit: one["unit"], system: one["system"], code: one["code"] },
  })),
  word.map((text): JsonObject => ({ valueString: text })),
  concept.map((one): JsonObject => ({ valueCodeableConcept: one })),
  fc.tuple(number, number).map(([numerator, denominator]): JsonObject => ({
    valueRatio: { numerator: { value: numerator }, denominator: { value: denominator } },
  })),
  fc.tuple(quantity, number).map(([low, high]): JsonObject => ({ valueRange: { low, high: { ...low, value: high } } })),
  fc
    .constantFrom("2026-07-01T10:15:00+02:00", "2026-11-22", "2026-11", "2026", "2026-11-22T09:00:00.120Z")
    .map((at): JsonObject => ({ valueDateTime: at.replace("Z", "+00:00") })),
  fc.constantFrom("10:15:00", "23:59:59").map((at): JsonObject => ({ valueTime: at })),
);

test("EXCH-MAP-VALUE-1 a value of FHIR goes to HL7 v2 and comes back the same, with å, ä, ö and delimiters, in ISO 8859-1", () => {
  fc.assert(
    fc.property(value, (given) => {
      const fields = valueFields(given);
      assert.ok(fields !== undefined);
      const read = valueOf(obx(fields));
      assert.ok("members" in read, writeJson(given));
      assert.equal(writeJson(sortedKeys(read.members)), writeJson(sortedKeys(given)));
    }),
    { numRuns: 300 },
  );
});

function sortedKeys(value: JsonObject): JsonObject {
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, one]) => [name, isPlain(one) ? sortedKeys(one) : one]));
}

function isPlain(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

test("EXCH-MAP-VALUE-2 a number keeps the form that it was written in, also where JSON has no such form; what is no number is refused", () => {
  for (const text of ["6.0", "0", "-0.50", "140", "0.0000001", "123456789012345678901234567890.1"])
    assert.match(writeJson(read("NM", text)), new RegExp(`"value":${text.replaceAll(".", "\\.")}[,}]`));
  for (const text of ["+5", ".5", "007", "5.", "-.25"]) {
    const members = read("NM", text);
    assert.equal(valueFields(members)?.[5], text);
  }
  assert.match(writeJson(read("NM", "+5")), /"value":5,.*"valueString":"\+5"/);
  for (const text of ["4,1", "1e3", "NaN", "-", ".", "4.1.2", "<5", "5 mmol", "0x10"])
    assert.deepEqual(valueOf(obx({ 2: "NM", 5: text })), { fault: "OBX-5" }, text);
});

function read(type: string, value_: NewField): JsonObject {
  const found = valueOf(obx({ 2: type, 5: value_, 6: ["mmol/L", undefined, "UCUM"] }));
  assert.ok("members" in found);
  return found.members;
}

test("EXCH-MAP-VALUE-3 reference intervals keep their words; bounds are read where there is no doubt", () => {
  const bounds = (text: string): unknown[] => {
    const range = referenceRangeAt(obx({ 7: text, 6: ["mmol/L", undefined, "UCUM"] })) ?? {};
    assert.equal(range["text"], text);
    return [range["low"], range["high"]].map((one) => (one as JsonObject | undefined)?.["value"]);
  };
  assert.deepEqual(bounds("3.5-4.4"), [3.5, 4.4]);
  assert.deepEqual(bounds("3,5 - 4,4"), [3.5, 4.4]);
  assert.deepEqual(bounds("<5"), [undefined, 5]);
  assert.deepEqual(bounds(">60"), [60, undefined]);
  for (const text of ["neg", "3.5-", "kvinnor 3-4, män 4-5", "1:64"])
    assert.deepEqual(bounds(text), [undefined, undefined]);
});

test("EXCH-MAP-VALUE-4 a unit gets a UCUM code from the sender or from the table, and is else kept as text", () => {
  const unit = (six: NewField): JsonObject => unitAt(obx({ 6: six }));
  assert.deepEqual(unit(["10*9/L", undefined, "UCUM"]), {
    unit: "10⁹/L",
    system: "http://unitsofmeasure.org",
    code: "10*9/L",
  });
  assert.deepEqual(unit(["µmol/L"]), { unit: "µmol/L", system: "http://unitsofmeasure.org", code: "umol/L" });
  assert.deepEqual(unit(["arb.enh"]), { unit: "arb.enh" });
  assert.deepEqual(unit(["mmol/L", "mmol/L", "L"]), { unit: "mmol/L" }); // a unit of a system that is the laboratory's own
});

test("EXCH-MAP-TIME-1 a time without an offset is Swedish, in summer and winter; what is no time is none", () => {
  const same: [string, string | undefined][] = [
    ["20260701101500", "2026-07-01T10:15:00+02:00"],
    ["202611221430", "2026-11-22T14:30:00+01:00"],
    ["2026112214", "2026-11-22T14:00:00+01:00"],
    ["20261122143000.5+0000", "2026-11-22T14:30:00.5+00:00"],
    ["20261025023000", "2026-10-25T02:30:00+02:00"], // shown twice: the first time
    ["20261122", "2026-11-22"],
    ["2026", "2026"],
    ["20260230", undefined],
    ["20261122250000", undefined],
    ["20261122146000", undefined],
    ["", undefined],
    ["2026-11-22", undefined],
  ];
  for (const [hl7, fhir] of same) assert.equal(toDateTime(hl7), fhir, hl7);
  fc.assert(
    fc.property(fc.date({ min: new Date("1990-01-01"), max: new Date("2060-01-01"), noInvalidDate: true }), (date) => {
      const text = toHl7Time(date.toISOString());
      assert.equal(momentOf(toDateTime(text ?? "")), date.getTime());
    }),
    { numRuns: 100 },
  );
});

test("EXCH-MAP-ID-1 numbers of each kind, with or without hyphen, come back under their own system; one that breaks its own rules is none", () => {
  const oid = (value_: string, system: string): readonly unknown[] =>
    numbersAt(segmentOf("PID", { 3: [value_, undefined, undefined, { parts: [undefined, system, "ISO"] }] }), 3);
  const kinds: [string, string][] = [
    ["1.2.752.129.2.1.3.1", "189001019802"],
    ["1.2.752.113.11.0.2.1.1.1", "19810829M071"],
    ["1.2.752.97.3.1.3", "991904000017"],
  ];
  for (const [system, value_] of kinds.slice(0, 2)) {
    const expected = [{ system: AUTHORITY.toFhir(system), value: value_ }];
    assert.deepEqual(oid(value_, system), expected);
    assert.deepEqual(oid(`${value_.slice(0, 8)}-${value_.slice(8)}`, system), expected);
  }
  assert.deepEqual(oid("189001019803", "1.2.752.129.2.1.3.1"), []);
  assert.deepEqual(numbersAt(segmentOf("PID", { 3: ["18900101-9802"] }), 3), [
    { system: AUTHORITY.toFhir("1.2.752.129.2.1.3.1"), value: "189001019802" },
  ]);
  const systems = fc.constantFrom(
    ...AUTHORITY.rows.map(([, system]) => system),
    "urn:oid:1.2.3",
    "https://x.example/id",
    "urn:eira:hl7v2:utgivare:KEMLAB",
  );
  fc.assert(
    fc.property(
      systems.filter((one) => AUTHORITY.toHl7(one) === undefined),
      code,
      (system, value_) => {
        assert.deepEqual(numbersAt(segmentOf("PID", { 3: cxOf({ system, value: value_ }) }), 3), [
          { system, value: value_ },
        ]);
        assert.deepEqual(entityAt(segmentOf("ORC", { 2: eiOf({ system, value: value_ }) }), "2"), {
          system,
          value: value_,
        });
      },
    ),
    { numRuns: 100 },
  );
  assert.deepEqual(entityAt(segmentOf("ORC", { 2: eiOf({ own: "abc" }) }), "2"), { own: "abc" });
});

test("EXCH-MAP-CODE-1 coded values come back whole, also of systems that no table knows", () => {
  fc.assert(
    fc.property(concept, (given) => {
      const found = conceptAt(segmentOf("OBR", { 4: cweOf(given) }), "4");
      assert.ok(found !== undefined && isEqualJson(found, given), writeJson(given));
    }),
    { numRuns: 100 },
  );
  assert.deepEqual(conceptAt(segmentOf("OBR", { 4: [undefined, "Bara ord"] }), "4"), { text: "Bara ord" });
  assert.ok(TABLES.length > 10);
});
