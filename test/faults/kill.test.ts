import assert from "node:assert/strict";
import { test } from "node:test";
import { drill } from "./drill.ts";

const SEED = "20261121";
/** Each of the four ways to kill, more than twice; each round starts the server anew. */
const ROUNDS = process.env["EIRA_LONG"] === "1" ? 30 : 10;

test(
  "DRILL-KILL-1 and DRILL-KILL-4 rounds of killing lose nothing, halve nothing, double nothing and leave no answer without its row in the log",
  { timeout: 400_000 },
  async (t) => {
    const { code, counts, told } = await drill("kill", "--rounds", String(ROUNDS), "--seed", SEED);
    t.diagnostic(JSON.stringify(counts));
    assert.equal(code, 0, told);
    const { rounds, seed, lost, half, double, refused, logFaults, unlogged } = counts;
    assert.deepEqual(
      { rounds, seed, lost, half, double, refused, logFaults, unlogged },
      { rounds: ROUNDS, seed: Number(SEED), lost: 0, half: 0, double: 0, refused: 0, logFaults: 0, unlogged: 0 },
    );
    assert.ok(
      (counts["kills"] ?? 0) >= ROUNDS &&
        (counts["acknowledged"] ?? 0) > 3 * ROUNDS &&
        (counts["reads"] ?? 0) > 3 * ROUNDS &&
        (counts["retried"] ?? 0) > ROUNDS / 3,
      told,
    );
    assert.match(told, /seed 20261121/);
    assert.match(told, new RegExp(`round ${ROUNDS} of ${ROUNDS}: killed`));
  },
);

test("DRILL-KILL-2 a write that nobody made is missed", { timeout: 120_000 }, async () => {
  const { code, counts, told } = await drill("kill", "--rounds", "1", "--seed", SEED, "--control", "invented");
  assert.deepEqual([code, counts["lost"], counts["half"], counts["double"]], [1, 1, 0, 0], told);
  assert.match(told, /Patient\/invented\/1 of invented was acknowledged and is not there/);
});

test("DRILL-KILL-3 a drill that killed nothing claims nothing", { timeout: 120_000 }, async () => {
  const { code, counts, told } = await drill("kill", "--rounds", "0", "--seed", SEED);
  assert.deepEqual([code, counts["kills"], counts["lost"]], [1, 0, 0], told);
  assert.match(told, /saw too little to claim anything/);
});

test(
  "DRILL-USE-1 what the drill does not know is refused before anything is started",
  { timeout: 60_000 },
  async () => {
    for (const words of [
      [],
      ["burn"],
      ["kill", "--rounds", "many"],
      ["kill", "--only", "disk"],
      ["backup", "--rounds"],
    ]) {
      const { code, counts, told } = await drill(...words);
      assert.deepEqual([code, counts], [1, {}], told);
      assert.match(told, /Usage: drill|--rounds|--only/, words.join(" "));
    }
  },
);
