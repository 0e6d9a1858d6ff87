/** Rules of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "./index.ts";

test("BASE-CSV-1 a CSV file opens as it is, and no cell becomes a formula", () => {
  const text = csvOf(["a;b", "c"], [['say "x"', "=1+1"], ["two\nlines", null], [7, true], ["-2", "@x"]]); // prettier-ignore
  assert.equal(text, '\ufeff"a;b";c\r\n"say ""x""";\'=1+1\r\n"two\nlines";\r\n7;ja\r\n\'-2;\'@x\r\n');
});
