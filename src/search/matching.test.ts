import assert from "node:assert/strict";
import { test } from "node:test";
import { compileMatching, parseSearch } from "./index.ts";

test("SEARCH-MATCH-1 criteria are asked of the rows that come along, with the access condition, and of no table of theirs", () => {
  const plan = parseSearch("Observation", [
    ["status", "final'; DROP TABLE observation"],
    ["date", "ge2026"],
  ]);
  const records = '[{"id":"o1"}]';
  const { text, values } = compileMatching(plan, (alias, type) => `${alias}.care_provider = 'of ${type}'`, records);
  assert.match(text, /FROM json_populate_recordset\(NULL::"observation", \$\d+::json\) AS r1 /);
  assert.ok(!text.includes('FROM "observation"') && !text.includes("DROP"));
  assert.match(text, /r1\.care_provider = 'of Observation'/);
  assert.ok(values.includes(records));
  const chain = compileMatching(
    parseSearch("Observation", [["subject:Patient.name", "Ek"]]),
    () => "TRUE",
    records,
  ).text;
  assert.ok(chain.includes('"patient" AS'), "what a chain leads to is read where it stands");
  assert.throws(() => compileMatching({ ...plan, types: [...plan.types, ...plan.types] }, () => "TRUE", records));
});
