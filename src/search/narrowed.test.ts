import assert from "node:assert/strict";
import { test } from "node:test";
import { narrowedSql, narrowingKeys } from "./index.ts";

test("SEARCH-NARROWED-1 rows are narrowed to a patient's, to keys, or to what is nobody's; versions and nothing at all give nothing", () => {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const at = { alias: "r1", type: "Observation", isVersion: false };
  const keys = narrowingKeys("Observation", [["category", "laboratory"]]);
  assert.equal(keys.length, 1);
  assert.equal(
    narrowedSql([{ patient: "p", keys, isCommon: false }], at, bind),
    "((r1.patient = $1 AND r1.other_patients IS NULL AND r1.tokens && $2::int8[]))",
  );
  assert.match(narrowedSql([{ patient: "p", keys: [], isCommon: true }], at, bind), /r1\.patient IS NULL/);
  assert.match(
    narrowedSql([{ patient: "p", keys: [], isCommon: false }], { ...at, type: "Patient" }, bind),
    /r1\.id = /,
  );
  assert.equal(narrowedSql([], at, bind), "FALSE");
  assert.equal(narrowedSql([{ patient: null, keys, isCommon: false }], { ...at, isVersion: true }, bind), "FALSE");
});

test("SEARCH-NARROWED-2 only tokens without modifiers narrow; what would have to be looked up elsewhere is refused", () => {
  assert.equal(
    narrowingKeys("Observation", [
      ["category", "laboratory"],
      ["code", "http://loinc.org|1-8,2-2"],
    ]).length,
    2,
  );
  for (const [name, value] of [
    ["category:not", "laboratory"],
    ["category:in", "http://x"],
    ["subject.name", "x"],
    ["_has:Provenance:target:agent", "x"],
    ["date", "2020"],
    ["value-string", "x"],
    ["_lastUpdated", "gt2020"],
    ["_count", "5"],
    ["_include", "Observation:subject"],
    ["nonsense", "x"],
  ] as const)
    assert.throws(() => narrowingKeys("Observation", [[name, value]]), Error, name);
  assert.throws(() => narrowingKeys("Observation", []), Error);
});
