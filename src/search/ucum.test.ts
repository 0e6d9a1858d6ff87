import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { convertedRanges, decimalText } from "./conversion.ts";
import { compareNumbers } from "./number-order.ts";
import { KNOWN_CODES } from "./ucum-table.ts";
import { inverse, ratioOf, times, unitOf } from "./ucum.ts";

/** The value in another unit, or undefined when the two are not of one kind. */
function inUnit(value: string, from: string, to: string): string | undefined {
  const number = ratioOf(value);
  const ranges = convertedRanges(from, { low: number, high: number, exact: number });
  return ranges?.find(({ codes }) => codes.includes(to))?.exact;
}

test("SEARCH-QUANTITY-2 units of one kind are converted exactly, those of different kinds never", () => {
  for (const [value, from, to, expected] of [
    ["5.4", "mg", "ug", "5400"],
    ["5400", "ug", "mg", "5.4"],
    ["1", "kg", "[lb_av]", undefined],
    ["0.45359237", "kg", "[lb_av]", "1"],
    ["120", "mm[Hg]", "kPa", "15.99864"],
    ["60", "U/L", "ukat/L", "1"],
    ["4.5", "10*9/L", "10*3/uL", "4.5"],
    ["4.5", "10*12/L", "10*6/uL", "4.5"],
    ["1", "d", "min", "1440"],
    ["2.5", "mg/dL", "g/L", "0.025"],
    ["37", "Cel", "[degF]", "98.6"],
    ["98.6", "[degF]", "Cel", "37"],
    ["0", "Cel", "K", "273.15"],
    ["-40", "Cel", "[degF]", "-40"],
    ["50", "%", "1", "0.5"],
    ["72", "/min", "{beats}/min", "72"],
    ["1", "[iU]/L", "[IU]/L", "1"],
  ] as const) {
    if (expected !== undefined) assert.equal(inUnit(value, from, to), expected, `${value} ${from} in ${to}`);
    else assert.match(String(inUnit(value, from, to)), /^2\.20462262184877580722973801345027/);
  }
  for (const [from, to] of [
    ["mmol/L", "mg/dL"],
    ["mmol", "mg"],
    ["mmol/L", "10*9/L"],
    ["[IU]", "mg"],
    ["meq/L", "mmol/L"],
    ["Cel", "mg"],
    ["[pH]", "1"],
  ] as const)
    assert.equal(inUnit("1", from, to), undefined, `${from} ${to}`);
});

test("SEARCH-QUANTITY-2 a code that is no unit has no others, whatever it looks like", () => {
  for (const code of [
    "",
    "zorp",
    "mg/",
    "/",
    "mg//L",
    "(g",
    "g)",
    "10*",
    "m[",
    "0",
    "{",
    "g.0",
    "mgg",
    "ML[",
    "°C",
    "a".repeat(61),
  ]) {
    const number = ratioOf("1");
    const known = convertedRanges(code, { low: number, high: number, exact: number });
    assert.ok(known === undefined || code === "10*", code);
  }
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (code) => {
      unitOf(code);
    }),
    { numRuns: 500 },
  );
});

test("SEARCH-QUANTITY-3 every code of the table can be read, and conversion there and back is the number itself", () => {
  assert.ok(KNOWN_CODES.length > 600);
  for (const code of KNOWN_CODES) {
    const unit = unitOf(code);
    assert.ok(unit !== undefined, code);
    const one = times(unit.factor, inverse(unit.factor));
    assert.deepEqual([one.over, one.under], [1n, 1n], code);
  }
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
      fc.integer({ min: 0, max: 12 }),
      (digits, places) => {
        const number = { over: digits, under: 10n ** BigInt(places) };
        const there = convertedRanges("mg/dL", { low: number, high: number, exact: number });
        const grams = there?.find(({ codes }) => codes.includes("g/L"))?.exact ?? "";
        const back = times(ratioOf(grams.replace("-", "")), ratioOf("100"));
        assert.equal(decimalText(back), decimalText({ ...number, over: digits < 0n ? -digits : digits }));
      },
    ),
    { numRuns: 200 },
  );
});

test("SEARCH-CONTAINED-3 numbers are ordered as numbers, however they are written", () => {
  for (const [left, right, order] of [
    ["1e2", "100", 0],
    ["54e-1", "5.40", 0],
    ["5.4", "5.40001", -1],
    ["-1", "1", -1],
    ["Infinity", "1e119", 1],
    ["-Infinity", "-1e119", -1],
    ["0.1", "0.10000000000000000000000000001", -1],
    ["Infinity", "Infinity", 0],
  ] as const)
    assert.equal(compareNumbers(left, right), order, `${left} ${right}`);
});
