import assert from "node:assert/strict";
import { test } from "node:test";
import { asvsBlindSpots, requirementsUpTo } from "./asvs.ts";

test("HOUSE-ASVS-1 the standard's numbers are all there, by level", () => {
  assert.deepEqual(
    [1, 2, 3].map((level) => requirementsUpTo(level).length),
    [70, 253, 345],
  );
  assert.equal(new Set(requirementsUpTo(3)).size, 345);
});

test("HOUSE-ASVS-2 every planted fault of a checklist is caught and a sound one passes", () => {
  assert.deepEqual(asvsBlindSpots(), []);
});
