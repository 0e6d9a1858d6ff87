/** The formats of the primitive types: for each what is right and what is nearly right. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseJson, writeJson, type JsonValue } from "../index.ts";
import { primitiveOf } from "./primitives.ts";

function accepts(type: string, values: readonly JsonValue[]): void {
  for (const value of values)
    assert.ok(primitiveOf(type)?.isValid(value), `${type} refuses ${writeJson(value).slice(0, 60)}`);
}

function refuses(type: string, values: readonly JsonValue[]): void {
  for (const value of values)
    assert.ok(!primitiveOf(type)?.isValid(value), `${type} accepts ${writeJson(value).slice(0, 60)}`);
}

const numbers = (text: string): readonly JsonValue[] => parseJson(`[${text}]`) as readonly JsonValue[];

test("FHIR-PRIM-1 date, dateTime, instant and time are real, with zone where there is a time", () => {
  accepts("date", ["2026", "2026-02", "2026-02-28", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"]);
  refuses("date", [
    "",
    "26",
    "2026-2",
    "2026-13",
    "2026-00",
    "2026-02-29",
    "1900-02-29",
    "2026-04-31",
    "2026-01-00",
    "2026-01-32",
    "0000",
    "0000-01-01",
    "2026-01-01T00:00:00Z",
    "2026-01-01 ",
    " 2026",
    "2026-01-01\n",
    "1973-02-30x",
    "02026",
    2026,
    "２０２６",
  ]);
  accepts("dateTime", [
    "2026",
    "2026-02-28",
    "2026-02-28T23:59:59Z",
    "2026-02-28T00:00:00.123456+14:00",
    "2016-12-31T23:59:60Z",
    "2026-02-28T10:00:00-13:59",
  ]);
  refuses("dateTime", [
    "2026-02-28T10:00",
    "2026-02-28T10:00Z",
    "2026-02-28T10:00:00",
    "2026-02-28T24:00:00Z",
    "2026-02-30T10:00:00Z",
    "2026-02-28T10:60:00Z",
    "2026-02-28T10:00:61Z",
    "2026-02-28T10:00:00+14:01",
    "2026-02-28T10:00:00+15:00",
    "2026-02-28T10:00:00.Z",
    "2026-02-28t10:00:00z",
    "2026-02-28 10:00:00Z",
    "2026-02T10:00:00Z",
  ]);
  accepts("instant", ["2026-02-28T10:00:00Z", "2026-02-28T10:00:00.000+01:00"]);
  refuses("instant", ["2026", "2026-02-28", "2026-02-29T10:00:00Z", "0000-01-01T00:00:00Z"]);
  accepts("time", ["00:00:00", "23:59:59.999"]);
  refuses("time", ["24:00:00", "10:00", "10:00:00Z", "1:00:00"]);
});

test("FHIR-PRIM-1 accepts every day that the calendar has and no other", () => {
  const part = (max: number, width: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(width, "0"));
  fc.assert(
    fc.property(part(9999, 4), part(13, 2), part(32, 2), (year, month, day) => {
      const text = `${year}-${month}-${day}`;
      const date = new Date(`${text}T00:00:00Z`);
      const isReal = year !== "0000" && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
      assert.equal(primitiveOf("date")?.isValid(text), isReal, text);
    }),
    { numRuns: 5000 },
  );
});

test("FHIR-PRIM-2 whole numbers are written whole and within 32 bits", () => {
  accepts("integer", numbers("0, 1, -1, 2147483647, -2147483648"));
  refuses("integer", [...numbers("1.0, 1.5, 1e3, -0, 2147483648, -2147483649, 1e400"), "1", true]);
  accepts("unsignedInt", numbers("0, 2147483647"));
  refuses("unsignedInt", numbers("-1, 0.0"));
  accepts("positiveInt", numbers("1"));
  refuses("positiveInt", numbers("0, -1"));
});

test("FHIR-PRIM-3 decimals keep their digits, within what can be compared", () => {
  accepts("decimal", numbers("0, 6.0, -0.00, 1e3, 1.50E-10, 123456789012345678.123456789"));
  refuses("decimal", [
    "1",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    ...numbers(`1e400, 1e-400, 1e301, ${"9".repeat(65)}, 0.${"0".repeat(64)}1`),
  ]);
});

test("FHIR-PRIM-4 string and markdown are not empty, not over 1 MB and without control characters", () => {
  accepts("string", ["a", " ", "å ä ö\r\n\t", "a".repeat(1024 * 1024), "😀"]);
  refuses("string", ["", "\u0000", "a\u0007", "\u001b[0m", "a\ufffe", "\uffffb", "a".repeat(1024 * 1024 + 1), 1, null]);
  accepts("markdown", ["# a"]);
  refuses("markdown", ["", "\u0000"]);
});

test("FHIR-PRIM-5 code, id, uri, oid, uuid and base64Binary follow their patterns", () => {
  accepts("code", ["a", "a b c", "A|B", "å"]);
  refuses("code", ["", " a", "a ", "a  b", "a\tb", "a\n"]);
  accepts("id", ["a", "A.b-1", "x".repeat(64)]);
  refuses("id", ["", "a_b", "x".repeat(65), "a/b", "é"]);
  for (const type of ["uri", "url", "canonical"]) {
    accepts(type, ["urn:x", "https://x.org/å#1|2", "relative"]);
    refuses(type, ["", " ", "a b", "a\n"]);
  }
  accepts("oid", ["urn:oid:1.2.752.129.2.1.3.1", "urn:oid:2.0"]);
  refuses("oid", ["1.2.752", "urn:oid:3.1", "urn:oid:1", "urn:oid:1.02", "urn:oid:1."]);
  accepts("uuid", ["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"]);
  refuses("uuid", [
    "c757873d-ec9a-4326-a141-556f43239520",
    "urn:uuid:C757873D-ec9a-4326-a141-556f43239520",
    "urn:uuid:c757873d",
  ]);
  accepts("base64Binary", ["AAAA", "AA==", "AAA=", "AAAA\r\nAAAA", "A A A A"]);
  refuses("base64Binary", ["", "A", "AAA", "=AAA", "AA=A", "A===", "AAAA====", "AA-_", "AAAå", " "]);
});

test("FHIR-PRIM-5 base64Binary accepts what an encoder makes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) =>
      accepts("base64Binary", [Buffer.from(bytes).toString("base64")]),
    ),
  );
});

test("FHIR-PRIM-6 no pattern takes long over a hostile text", () => {
  const hostile = [
    `${"a ".repeat(50_000)}\t`,
    `${"a".repeat(100_000)} `,
    `urn:oid:1${".0".repeat(50_000)}x`,
    `2026-01-01T10:00:00.${"0".repeat(100_000)}`,
    "A".repeat(100_001),
  ];
  const before = process.cpuUsage();
  for (const type of ["code", "uri", "oid", "uuid", "id", "date", "dateTime", "instant", "time", "base64Binary"]) {
    for (const text of hostile) primitiveOf(type)?.isValid(text);
  }
  assert.ok(process.cpuUsage(before).user < 1_000_000, "over a second");
});
