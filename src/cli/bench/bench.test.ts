/** Rules of ../SPEC.md. A benchmark is no timed test: nothing here says how fast anything must be. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import type { Invocation } from "../command.ts";
import { configOf } from "../config.ts";
import { benchCommand } from "./bench.ts";
import { Corpus } from "./corpus.ts";
import { measure, median } from "./measure.ts";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));

test("CLI-BENCH-1 each kind of work is done on both sides without a failure, and told as a ratio", async () => {
  const printed: string[] = [];
  const invocation: Invocation = {
    args: ["bench", "--seconds", "1", "--rounds", "1", "--workers", "1"],
    config: configOf({}, { webRoot: "", version: "test" }),
    terminal: {
      print: (line) => printed.push(line),
      tell: () => undefined,
      progress: () => undefined,
      onStop: () => undefined,
    },
    clock: () => new Date(),
    self: { command: [process.execPath, "--import", "tsx", MAIN], environment: process.env },
  };
  assert.equal(await benchCommand(invocation), 0);
  const last = JSON.parse(printed.at(-1) ?? "") as {
    seed: number;
    results: { name: string; eira: number; bare: number; ratio: number; failed: number }[];
  };
  assert.deepEqual(
    last.results.map(({ name }) => name),
    ["create", "import", "read", "search"],
  );
  for (const { name, eira, bare, ratio, failed } of last.results) {
    assert.equal(failed, 0, name);
    assert.ok(eira > 0 && bare > 0, name);
    assert.ok(Math.abs(ratio - eira / bare) < 0.02, name);
  }
});

test("CLI-BENCH-2 a call that fails is counted as a failure, not as work", async () => {
  const rate = await measure(2, 0.05, async (lane) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return lane === 0 ? 3 : undefined;
  });
  assert.ok(rate.failed > 0 && rate.done > 0 && rate.done % 3 === 0);
  assert.equal(median([5, 1, 9]), 5);
});

test("CLI-BENCH-3 the same seed gives the same resources", () => {
  const [one, same, other] = [new Corpus(7), new Corpus(7), new Corpus(8)].map((corpus) =>
    JSON.stringify([corpus.next("Patient/p"), corpus.next("Patient/p")]),
  );
  assert.equal(one, same);
  assert.notEqual(one, other);
});
