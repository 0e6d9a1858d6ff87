/** Rules of ../SPEC.md: the reserve numbers that there are to give. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { identityNumberIn } from "./identity-number.ts";
import { REGIONAL_ISSUERS, vgrReserveNumbers } from "./regionalt-reservnummer.ts";

test("BASE-RRN-5 all numbers of a day and a sex are told, each once, each as the series has it, and no other", () => {
  const counts = { female: 37, male: 37, unknown: 10 } as const;
  for (const sex of ["female", "male", "unknown"] as const) {
    const numbers = vgrReserveNumbers("19960229", sex);
    assert.equal(new Set(numbers).size, counts[sex]);
    for (const one of numbers) assert.equal(identityNumberIn(REGIONAL_ISSUERS.vgr.oid, one)?.value, one);
  }
  const all = new Set(["female", "male", "unknown"].flatMap((sex) => vgrReserveNumbers("19810829", sex as "male")));
  assert.ok(all.has("19810829M071")); // a published example
});
