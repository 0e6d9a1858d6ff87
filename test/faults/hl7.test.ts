import assert from "node:assert/strict";
import { test } from "node:test";
import { drill } from "./drill.ts";

const ROUNDS = process.env["EIRA_LONG"] === "1" ? "200" : "2";

test(
  "DRILL-HL7-1 acknowledged messages survive every kill once, in order, worked on and owned; one that nobody sent is missed",
  { timeout: 1_200_000 },
  async (t) => {
    const { code, counts, told } = await drill(
      "hl7",
      "--rounds",
      ROUNDS,
      "--seed",
      "20261122",
      "--control",
      "invented",
    );
    t.diagnostic(JSON.stringify(counts));
    const { lost, double, disordered, unworked, ownerless, refused } = counts;
    assert.deepEqual(
      { lost, double, disordered, unworked, ownerless, refused },
      { lost: 1, double: 0, disordered: 0, unworked: 0, ownerless: 0, refused: 0 },
      told,
    );
    assert.match(told, /invented-1 was acknowledged and is not here/);
    assert.equal(code, 1, "what was invented is missed");
    assert.ok((counts["again"] ?? 0) > 0 && (counts["acknowledged"] ?? 0) > 10, told);
  },
);
