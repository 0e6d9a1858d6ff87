/** Rules of ../SPEC.md. A benchmark is no timed test: nothing here says how fast anything must be. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Invocation } from "../command.ts";
import { configOf } from "../config.ts";
import { MAIN } from "../testing/index.ts";
import { benchCommand } from "./bench.ts";
import { benchServerCommand } from "./two-doors.ts";
import { Corpus } from "./corpus.ts";
import { measure, median } from "./measure.ts";
import { cpuMilliseconds, parentOf, peakMegabytes, programMilliseconds } from "./processes.ts";

type Report = {
  readonly rates: readonly { name: string; eira: number; bare: number; ratio: number; goal: number; failed: number }[];
  readonly figures: readonly { name: string; value: number; most: number }[];
  readonly failed: number;
  readonly missed: readonly string[];
};

test("CLI-BENCH-1 and CLI-BENCH-4 each kind of work is done on both sides without a failure, and every goal is judged", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "eira-bench-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "figures.json");
  const printed: string[] = [];
  const told: string[] = [];
  const small = ["--seconds", "1", "--rounds", "1", "--workers", "1", "--disk", "1000", "--growth", "2000", "--cold"];
  const invocation: Invocation = {
    args: ["bench", ...small, "--json", file],
    config: configOf({}, { webRoot: "", version: "test" }),
    terminal: {
      print: (line) => printed.push(line),
      tell: (line) => told.push(line),
      progress: () => undefined,
      onStop: () => undefined,
    },
    clock: () => new Date(),
    self: { command: [process.execPath, ...MAIN], environment: process.env },
  };
  const code = await benchCommand(invocation);
  const last = JSON.parse(printed.at(-1) ?? "") as Report;
  assert.deepEqual(
    last.rates.map(({ name }) => name),
    ["create", "import", "read", "search"],
  );
  for (const { name, eira, bare, ratio, failed } of last.rates) {
    assert.equal(failed, 0, name);
    assert.ok(eira > 0 && bare > 0, name);
    assert.ok(Math.abs(ratio - eira / bare) < 0.02, name);
  }
  assert.equal(last.figures.length, 6);
  for (const { name, value } of last.figures) assert.ok(value > 0, name);
  assert.equal(code, last.missed.length === 0 ? 0 : 1);
  for (const { name, ratio, goal } of last.rates) assert.equal(last.missed.includes(name), ratio < goal, name);
  for (const { name, value, most } of last.figures) assert.equal(last.missed.includes(name), value > most, name);
  for (const name of last.missed) assert.ok(told.includes(`goal missed: ${name}`), name);
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), last);
});

test("CLI-BENCH-7 what access costs is told for reads and searches; the server that leaves it out serves no other database", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "eira-bench-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const printed: string[] = [];
  const invocation = (args: readonly string[], environment = {}): Invocation => ({
    args,
    config: configOf(environment, { webRoot: "", version: "test" }),
    terminal: {
      print: (line) => printed.push(line),
      tell: () => undefined,
      progress: () => undefined,
      onStop: () => undefined,
    },
    clock: () => new Date(),
    self: { command: [process.execPath, ...MAIN], environment: process.env },
  });
  const code = await benchCommand(invocation(["bench", "--access", "--seconds", "1", "--rounds", "1", "--cold"]));
  const last = JSON.parse(printed.at(-1) ?? "") as {
    access: Report["rates"];
    failed: number;
    missed: readonly string[];
  };
  assert.deepEqual(
    last.access.map(({ name, failed }) => `${name} ${failed}`),
    ["read 0", "search 0"],
  );
  for (const { name, ratio, goal } of last.access) assert.equal(last.missed.includes(name), ratio < goal, name);
  assert.equal(code, last.missed.length === 0 ? 0 : 1);
  const ports = ["bench-server", "--guarded", "1", "--open", "2"];
  await assert.rejects(
    benchServerCommand(invocation(ports, { EIRA_DATA_DIR: folder })),
    /only a database that bench has made/,
  );
});

test("CLI-BENCH-5 CPU time and memory are those of a process and of everything it started", async () => {
  const busy = "const until = Date.now() + 400; while (Date.now() < until); ";
  const grandchild = `process.execPath, ["-e", ${JSON.stringify(`${busy} Buffer.alloc(100e6, 1)`)}]`;
  const program = `require("node:child_process").execFileSync(${grandchild}); console.log("done"); setInterval(() => 0, 1000)`;
  const before = cpuMilliseconds(process.pid);
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(child.stdout, "data");
    assert.equal(parentOf(child.pid ?? 0), process.pid);
    assert.ok(cpuMilliseconds(child.pid ?? 0) >= 200, "the time of what has ended counts");
    assert.ok(cpuMilliseconds(process.pid) - before >= 200, "the time of what it started counts");
    assert.ok(peakMegabytes(process.pid) >= 20);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  assert.equal(cpuMilliseconds(child.pid ?? 0), 0); // who is gone costs nothing
});

test("CLI-BENCH-6 a database that the server started does not count as the server", async () => {
  // Another program, as PostgreSQL is, that goes on while it is looked at.
  const program = `const c = require("node:child_process").spawn("/bin/sh", ["-c", "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; echo done; sleep 60"], { stdio: ["ignore", "inherit", "inherit"] }); setInterval(() => 0, 1000)`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"], detached: true });
  try {
    await once(child.stdout, "data");
    const [whole, own] = [cpuMilliseconds(child.pid ?? 0), programMilliseconds(child.pid ?? 0)];
    assert.ok(whole - own >= 100, `${whole} ms with the other program, ${own} ms without`);
  } finally {
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await once(child, "exit");
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

test("CLI-BENCH-8 bench --hl7 sends results over MLLP, and tells how many were durable, matched and owned in a second, beside raw inserts; it answers 0 only when the goal is reached", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "eira-bench-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const printed: string[] = [];
  const told: string[] = [];
  const code = await benchCommand({
    args: ["bench", "--hl7", "--messages", "40", "--lanes", "4"],
    config: configOf({ EIRA_DATA_DIR: folder }, { webRoot: "", version: "test" }),
    terminal: {
      print: (line) => printed.push(line),
      tell: (line) => told.push(line),
      progress: () => undefined,
      onStop: () => undefined,
    },
    clock: () => new Date(),
    self: { command: [process.execPath, ...MAIN], environment: process.env },
  });
  const last = JSON.parse(printed.at(-1) ?? "") as Record<string, number>;
  assert.deepEqual([last["messages"], last["owned"], last["unmatched"]], [40, 40, 0], told.join("\n"));
  for (const name of ["rawPerSecond", "acknowledgedPerSecond", "donePerSecond"]) assert.ok((last[name] ?? 0) > 0, name);
  const isReached = (last["donePerSecond"] ?? 0) >= (last["goal"] ?? Infinity);
  assert.equal(code, isReached ? 0 : 1);
  assert.equal(
    told.some((line) => line.startsWith("goal missed")),
    !isReached,
  );
});
