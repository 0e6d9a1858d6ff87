import assert from "node:assert/strict";
import { test } from "node:test";
import { drill } from "./drill.ts";

const [LOOPS, KILLS] = process.env["EIRA_LONG"] === "1" ? ["100000", "1000"] : ["60", "2"];

test(
  "DRILL-LOOPS-1 every order that was acknowledged is answered once and its answer is somebody's, whatever is killed; one that nobody made is missed",
  { timeout: 7_200_000 },
  async (t) => {
    const words = ["--loops", LOOPS, "--kills", KILLS, "--seed", "20261122", "--control", "invented"];
    const { code, counts, told } = await drill("loops", ...words);
    t.diagnostic(JSON.stringify(counts));
    const { orphans, doubles, unanswered, ownerless, parked, refused } = counts;
    assert.deepEqual(
      { orphans, doubles, unanswered, ownerless, parked, refused },
      { orphans: 1, doubles: 0, unanswered: 0, ownerless: 0, parked: 0, refused: 0 },
      told,
    );
    assert.match(told, /order invented was acknowledged and has no loop/);
    assert.equal(code, 1, "what was invented is missed");
    assert.ok((counts["again"] ?? 0) > 0 && (counts["loops"] ?? 0) >= Number(LOOPS), told);
  },
);
