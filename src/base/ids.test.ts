import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hash64, HOME_COUNT, homeOf, homeOfId, newId, newPatientId, seededRandom, timeOfId } from "./index.ts";

const BYTES = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
const homes = fc.nat({ max: HOME_COUNT - 1 });
const times = fc.nat({ max: 2 ** 45 - 1 });
const randoms = fc.uint8Array({ minLength: 10, maxLength: 10 });

test("BASE-ID-1 the same arguments give the same id for ever", () => {
  assert.equal(newId(12345, 1795000000000, BYTES), "e0c1s1m7q5cqg0041061050r3g");
  assert.equal(newId(0, 0, new Uint8Array(10)), "e0000000000000000000000000");
  assert.equal(newId(2 ** 20 - 1, 2 ** 45 - 1, new Uint8Array(10).fill(255)), "ezzzzzzzzzzzzzzzzzzzzzzzzz");
  assert.equal(newId(1, 1, Uint8Array.from([128, 0, 0, 0, 0, 0, 0, 16, 0, 0])), "e0001000000001g00000000001");
});

test("BASE-ID-1 every id is a valid FHIR id of 26 characters", () => {
  fc.assert(
    fc.property(homes, times, randoms, (home, time, random) => {
      assert.match(newId(home, time, random), /^[A-Za-z0-9.-]{1,64}$/);
      assert.match(newId(home, time, random), /^e[0-9a-hjkmnp-tv-z]{25}$/);
    }),
  );
});

test("BASE-ID-2 home and time are read back", () => {
  fc.assert(
    fc.property(homes, times, randoms, (home, time, random) => {
      const id = newId(home, time, random);
      assert.equal(homeOfId(id), home);
      assert.equal(timeOfId(id), time);
      assert.equal(homeOf(id), home);
    }),
    { numRuns: 2000 },
  );
});

test("BASE-ID-3 ids sort by home, then by time", () => {
  const places = fc.tuple(homes, times, randoms);
  fc.assert(
    fc.property(places, places, ([home1, time1, random1], [home2, time2, random2]) => {
      const order = home1 - home2 || time1 - time2;
      fc.pre(order !== 0);
      assert.equal(newId(home1, time1, random1) < newId(home2, time2, random2), order < 0);
    }),
    { numRuns: 2000 },
  );
});

test("BASE-ID-4 what is out of range is refused", () => {
  for (const home of [-1, 2 ** 20, 0.5, Number.NaN, Infinity]) assert.throws(() => newId(home, 0, BYTES), RangeError);
  for (const time of [-1, 2 ** 45, 0.5, Number.NaN]) assert.throws(() => newId(0, time, BYTES), RangeError);
  assert.throws(() => newId(0, 0, BYTES.subarray(1)), RangeError);
  assert.throws(() => newPatientId(0, BYTES.subarray(1)), RangeError);
});

test("BASE-ID-5 a text of any other form has no home of its own", () => {
  const id = newId(5, 5, BYTES);
  const others = [
    "",
    id.slice(1),
    `${id}0`,
    `${id}\n`,
    ` ${id}`,
    id.toUpperCase(),
    `f${id.slice(1)}`,
    ...["i", "l", "o", "u", "-", "é"].map((letter) => id.slice(0, 25) + letter),
    "0191b2a0-7b3c-7def-8a12-3456789abcde",
  ];
  for (const other of others) {
    assert.equal(homeOfId(other), undefined, other);
    assert.equal(timeOfId(other), undefined, other);
  }
});

test("BASE-ID-6 an id given by someone else has the home of its hash, never 0", () => {
  assert.equal(homeOf("abc"), 192_159);
  for (const text of ["example", "Patient-1", "åäö", ""]) {
    assert.equal(homeOf(text), 1 + Number(BigInt.asUintN(64, hash64(text)) % (2n ** 20n - 1n)), text);
  }
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      fc.pre(homeOfId(text) === undefined);
      assert.ok(homeOf(text) >= 1 && homeOf(text) < HOME_COUNT);
    }),
    { numRuns: 5000 },
  );
});

test("BASE-ID-7 ids given by others are spread evenly over the homes", () => {
  const spread = bucketsOf(200_000, (i) => homeOf(`patient-${i}`));
  assert.ok(chiSquare(spread) < 1300, `chi-square ${chiSquare(spread)} of 1023 degrees of freedom`);
});

test("BASE-ID-8 a new patient's home comes from the last 20 random bits, evenly and never 0", () => {
  const zero = new Uint8Array(10);
  assert.equal(homeOfId(newPatientId(0, zero)), 1);
  assert.equal(homeOfId(newPatientId(0, Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 15, 255, 254]))), HOME_COUNT - 1);
  assert.equal(homeOfId(newPatientId(0, Uint8Array.from([255, 255, 255, 255, 255, 255, 255, 240, 0, 6]))), 7);
  const random = seededRandom("BASE-ID-8");
  const spread = bucketsOf(200_000, () => homeOf(newPatientId(0, random.bytes(10))));
  assert.ok(chiSquare(spread) < 1300, `chi-square ${chiSquare(spread)} of 1023 degrees of freedom`);
});

test("BASE-ID-9 each of the 60 random bits counts", () => {
  const ids = new Set<string>([newId(1, 1, new Uint8Array(10))]);
  for (let bit = 0; bit < 60; bit++) {
    const bytes = new Uint8Array(10);
    bytes[bit >> 3] = 128 >> (bit & 7);
    ids.add(newId(1, 1, bytes));
  }
  assert.equal(ids.size, 61);
});

test("BASE-ID-9 a million ids of one home and one millisecond differ", () => {
  const random = seededRandom("BASE-ID-9");
  const ids = new Set<string>();
  for (let i = 0; i < 1_000_000; i++) ids.add(newId(1, 1, random.bytes(10)));
  assert.equal(ids.size, 1_000_000);
});

/** How many of `count` homes fall into each of 1024 equal parts. */
function bucketsOf(count: number, homeAt: (i: number) => number): number[] {
  const buckets = Array.from({ length: 1024 }, () => 0);
  for (let i = 0; i < count; i++) {
    const home = homeAt(i);
    assert.ok(home >= 1 && home < HOME_COUNT);
    buckets[home >> 10]!++;
  }
  return buckets;
}

function chiSquare(buckets: readonly number[]): number {
  const expected = buckets.reduce((sum, n) => sum + n, 0) / buckets.length;
  return buckets.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
}
