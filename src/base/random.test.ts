import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assertNever, seededRandom } from "./index.ts";

test("BASE-RANDOM-1 a seed's sequence never changes", () => {
  const random = seededRandom(7);
  assert.deepEqual(
    [random.int(1000), random.int(1000), random.int(6), random.int(2 ** 32)],
    [26, 192, 1, 1_143_762_510],
  );
  assert.equal(random.next(), 0.04725198586644119);
  assert.equal(Buffer.from(random.bytes(8)).toString("hex"), "801909083fcc7ab8");
});

test("BASE-RANDOM-1 one seed gives one sequence, other seeds others", () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer(), fc.string()), fc.oneof(fc.integer(), fc.string()), (seed, other) => {
      assert.deepEqual(seededRandom(seed).bytes(20), seededRandom(String(seed)).bytes(20));
      fc.pre(String(seed) !== String(other));
      assert.notDeepEqual(seededRandom(seed).bytes(20), seededRandom(other).bytes(20));
    }),
  );
});

test("BASE-RANDOM-2 what is drawn stays within bounds", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 2 ** 32 }),
      fc.array(fc.integer(), { minLength: 1 }),
      (seed, n, list) => {
        const random = seededRandom(seed);
        const drawn = random.int(n);
        assert.ok(Number.isInteger(drawn) && drawn >= 0 && drawn < n);
        assert.ok(list.includes(random.pick(list)));
        const fraction = random.next();
        assert.ok(fraction >= 0 && fraction < 1);
        assert.equal(random.bytes(list.length).length, list.length);
      },
    ),
    { numRuns: 1000 },
  );
});

test("BASE-RANDOM-2 what is drawn is even", () => {
  const random = seededRandom("even");
  const draws: readonly (() => number)[] = [
    () => random.int(100),
    () => Math.floor(random.next() * 100),
    () => random.pick(Array.from({ length: 100 }, (_, i) => i)),
    () => random.bytes(1)[0]! % 64,
  ];
  for (const draw of draws) {
    const counts = new Map<number, number>();
    for (let i = 0; i < 100_000; i++) {
      const drawn = draw();
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    const expected = 100_000 / counts.size;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    assert.ok(counts.size >= 64 && chiSquare < 160, `${chiSquare} over ${counts.size}`);
  }
});

test("BASE-RANDOM-3 impossible ranges are refused", () => {
  const random = seededRandom(1);
  for (const n of [0, -1, 0.5, 2 ** 32 + 1, Number.NaN, Infinity]) assert.throws(() => random.int(n), RangeError);
  assert.throws(() => random.pick([]), RangeError);
  assert.deepEqual([...random.bytes(0)], []);
});

test("BASE-NEVER-1 an impossible value throws without showing itself", () => {
  const impossible = "189001019802" as never;
  assert.throws(
    () => assertNever(impossible, "kind"),
    (error: Error) => {
      return error instanceof TypeError && error.message.includes("kind") && !error.message.includes("1890");
    },
  );
});
