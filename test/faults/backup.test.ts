import assert from "node:assert/strict";
import { test } from "node:test";
import { drill } from "./drill.ts";

const SEED = "20261121";
const ROUNDS = process.env["EIRA_LONG"] === "1" ? 3 : 1;

test(
  "DRILL-BACKUP-1 what was backed up under load is restored whole, and written to",
  { timeout: 300_000 },
  async (t) => {
    const { code, counts, told } = await drill("backup", "--rounds", String(ROUNDS), "--seed", SEED);
    t.diagnostic(JSON.stringify(counts));
    assert.equal(code, 0, told);
    const { rounds, seed, lost, half, double, different, logFaults } = counts;
    assert.deepEqual(
      { rounds, seed, lost, half, double, different, logFaults },
      { rounds: ROUNDS, seed: Number(SEED), lost: 0, half: 0, double: 0, different: 0, logFaults: 0 },
    );
    assert.ok((counts["rows"] ?? 0) > 100 && (counts["acknowledged"] ?? 0) > 10 && (counts["during"] ?? 0) > 0, told);
  },
);

test("DRILL-BACKUP-2 a write that nobody made is missed", { timeout: 120_000 }, async () => {
  const { code, counts, told } = await drill("backup", "--rounds", "1", "--seed", SEED, "--control", "invented");
  assert.deepEqual([code, counts["lost"], counts["half"], counts["different"]], [1, 1, 0, 0], told);
});
