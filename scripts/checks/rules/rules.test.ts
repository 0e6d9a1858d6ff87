import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeRules } from "./judge.ts";
import { blindSpots } from "./plants.ts";

test("HOUSE-RULE-1 every planted fault is caught and sound rules pass", () => {
  assert.deepEqual(blindSpots(), []);
});

test("HOUSE-RULE-2 a title may name several rules, and a longer id is another rule", () => {
  const spec = { path: "SPEC.md", text: "- **A-B-1** one\n- **A-B-2** two\n- **A-B-12** twelve\n" };
  const judged = (title: string): readonly string[] =>
    judgeRules([spec], [{ path: "a.test.ts", text: `test("${title}", () => {});` }]).findings;
  assert.deepEqual(judged("A-B-1, A-B-2 and A-B-12 hold"), []);
  assert.equal(judged("A-B-12 holds").length, 2);
  assert.equal(judged("A-B-123 holds").length, 4);
});
