import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { run } from "./run.ts";
import { Installation } from "./testing/index.ts";

/** Runs the command; answers its code, its last line and what it told. */
async function simulate(
  t: TestContext,
  ...args: string[]
): Promise<{ code: number; last: Record<string, unknown>; told: string }> {
  const printed: string[] = [];
  const told: string[] = [];
  const terminal = {
    print: (line: string) => void printed.push(line),
    tell: (line: string) => void told.push(line),
    progress: () => undefined,
    onStop: () => undefined,
  };
  const code = await run(Installation.make(t).invocation(["simulate", ...args], terminal));
  return { code, last: JSON.parse(printed.at(-1) ?? "{}") as Record<string, unknown>, told: told.join("\n") };
}

test("CLI-SIM-1 worlds run in processes of their own, and the last line has the counts", async (t) => {
  const { code, last } = await simulate(t, "--loops", "600", "--seed", "5", "--world", "300");
  assert.equal(code, 0);
  const { orphans, doubles, hidden, broken, unended, seed } = last;
  assert.deepEqual(
    { orphans, doubles, hidden, broken, unended, seed },
    { orphans: 0, doubles: 0, hidden: 0, broken: 0, unended: 0, seed: 5 },
  );
  assert.ok(Number(last["loops"]) >= 600 && Number(last["worlds"]) >= 2);
  assert.equal((await simulate(t, "--loops", "0")).code, 1);
});

test("CLI-SIM-4 a run that was stopped goes on from what it kept, and not from what another kept", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "eira-simulate-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const keep = join(folder, "worlds.ndjson");
  const ask = (...more: string[]) =>
    simulate(t, "--seed", "5", "--world", "150", "--processes", "1", "--keep", keep, ...more);
  const first = await ask("--loops", "150");
  writeFileSync(keep, `${readFileSync(keep, "utf8")}{"name":"5.7","wor`); // it was killed while it wrote
  const { code, last } = await ask("--loops", "300");
  assert.deepEqual([first.code, first.last["worlds"], code, last["worlds"]], [0, 1, 0, 2]);
  const kept = readFileSync(keep, "utf8").trim().split("\n");
  assert.deepEqual(
    kept.map((line) => (JSON.parse(line) as { name: string }).name),
    ["5.0", "5.1"],
  );
  assert.equal((await ask("--loops", "300")).last["loops"], last["loops"], "nothing is run again");
  const other = await simulate(t, "--seed", "6", "--world", "150", "--keep", keep);
  assert.deepEqual([other.code, other.told.includes("is of another run")], [1, true]);
});

test("CLI-SIM-2 planted faults are told and listed, and a plant that is not there is refused", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "eira-simulate-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "list.md");
  const { code, last } = await simulate(
    t,
    "--plant",
    "ack-before-persist",
    "--seed",
    "5",
    "--loops",
    "300",
    "--markdown",
    file,
  );
  assert.equal(code, 0);
  assert.deepEqual(last, { plants: 1, found: 1, missed: [], seed: 5 });
  assert.match(
    readFileSync(file, "utf8"),
    /\| ack-before-persist \| what is acknowledged is durable \| 5\.0 \| \d+ \| orphans \|/,
  );
  assert.match((await simulate(t, "--plant", "no-such")).told, /There is no plant no-such/);
  const missed = await simulate(t, "--plant", "fallen-booking-unseen", "--seed", "5", "--loops", "1");
  assert.equal(missed.code, 1, "a plant that is not found is not passed over");
});

test("CLI-SIM-3 a unit's calendar is run and told", async (t) => {
  const { code, last } = await simulate(t, "--calendar", "--days", "8", "--seed", "5");
  assert.equal(code, 0);
  assert.ok(last["results"] === last["reached"] && last["late"] === 0 && last["unknownToHead"] === 0);
});
