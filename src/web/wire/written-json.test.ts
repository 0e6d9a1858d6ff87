/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { asWritten, readWritten, WRITTEN } from "./written-json.ts";

const SEED = Number(process.env["FC_SEED"] ?? 20261121);

test("WEB-NUM-1 a number is shown as it was written, and counts as what it is worth", () => {
  for (const written of ["6.0", "1.00", "0.30", "1e3", "-0", "-2.50", "123456789.1234567891", "9007199254740993"]) {
    const quantity = readWritten(`{"value": ${written}}`) as { value: number };
    assert.equal(asWritten(quantity, "value"), written);
    assert.equal(quantity.value, Number(written));
  }
  const plain = readWritten(`{"value": 6.5}`) as { value: number };
  assert.equal(asWritten(plain, "value"), "6.5");
  assert.equal(WRITTEN in plain, false);
});

test("WEB-NUM-1 the written form follows a copy, belongs to its own key, and is not asked of what is no number", () => {
  const read = readWritten(`{"low": {"value": 3.50}, "list": [1.0, 2], "text": "6.0"}`) as {
    low: object;
    list: object;
  };
  assert.equal(asWritten({ ...read.low }, "value"), "3.50");
  assert.equal(asWritten(read.list, "0"), "1.0");
  assert.equal(asWritten(read.list, "1"), "2");
  assert.equal(asWritten(read, "text"), undefined);
  assert.equal(asWritten(read, "toString"), undefined);
});

test("WEB-NUM-2 any JSON is read as the browser reads it", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.integer({ min: 0, max: 3 }), (text, spaces) => {
      const spaced = JSON.stringify(JSON.parse(text), null, spaces);
      assert.deepEqual(withoutWritten(readWritten(spaced)), JSON.parse(spaced));
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test("WEB-NUM-2 what is not JSON is refused as the browser refuses it", () => {
  const broken = [
    "",
    "{",
    "[1,]",
    '{"a":1,}',
    "01",
    "1.",
    ".5",
    "+1",
    "nul",
    "'a'",
    '"\u0001"',
    '"\\x"',
    "[1 2]",
    '{"a" 1}',
    "{a:1}",
    "1 1",
    "NaN",
    '"abc',
  ];
  for (const text of broken) assert.throws(() => readWritten(text), SyntaxError, text);
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 3 }),
      fc.nat(),
      fc.constantFrom("", ",", "}", "]", '"', "0", "x"),
      (text, at, put) => {
        const cut = at % (text.length + 1);
        const changed = text.slice(0, cut) + put + text.slice(cut + 1);
        assert.equal(accepts(readWritten, changed), accepts(JSON.parse, changed), changed);
      },
    ),
    { seed: SEED, numRuns: 2000 },
  );
});

test("WEB-NUM-2 a key named __proto__ is data, and bottomless nesting is refused", () => {
  const read = readWritten(`{"__proto__": {"isAdmin": true}}`) as object;
  assert.equal((read as { isAdmin?: boolean }).isAdmin, undefined);
  assert.deepEqual(Object.keys(read), ["__proto__"]);
  assert.throws(() => readWritten("[".repeat(100_000)), SyntaxError);
});

function accepts(read: (text: string) => unknown, text: string): boolean {
  try {
    read(text);
    return true;
  } catch {
    return false;
  }
}

/** The same value without the symbol that holds the written numbers. */
function withoutWritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWritten);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  const copy: Record<string, unknown> = {};
  for (const [key, own] of Object.entries(value))
    Object.defineProperty(copy, key, {
      value: withoutWritten(own),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return copy;
}
