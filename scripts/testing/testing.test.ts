import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readTable } from "../checks/architecture.ts";
import { filesUnder, root } from "../checks/check.ts";
import { buildTests } from "./built-tests.ts";
import { filesOfParts, inOrder, LONG_FILES, partOf } from "./parts.ts";
import { countsOf, runFiles } from "./run-files.ts";
import type { Counts } from "./tally.ts";
import { FILE_BUDGET, linesOfTimes, RUN_BUDGET } from "./times.ts";

const folder = mkdtempSync(join(tmpdir(), "eira-testing-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let builds = 0;

async function runText(
  texts: Readonly<Record<string, string>>,
  { minutes = 1, atOnce = 2, together = false } = {},
): Promise<{ counts: Counts; told: string; spent: ReadonlyMap<string, number> }> {
  const files = Object.entries(texts).map(([name, text]) => {
    const file = join(folder, `${name}.test.ts`);
    writeFileSync(
      file,
      `import assert from "node:assert/strict";\nimport { describe, test } from "node:test";\n${text}\n`,
    );
    return file;
  });
  const lines: string[] = [];
  const environment = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const limits = { atOnce, fileMinutes: minutes, runMinutes: 2 };
  const built = await buildTests(files, `${process.pid}-${++builds}`);
  const groups = together ? [files] : files.map((file) => [file]);
  const ran = await runFiles(groups, { limits, environment, built, tell: (line) => lines.push(line) });
  rmSync(built.folder, { recursive: true, force: true });
  const { seconds: _, ...counts } = countsOf(files, ran);
  return { counts, told: lines.join("\n"), spent: ran.spent };
}

test("HOUSE-TEST-1 every test file belongs to one part", () => {
  const files = filesUnder("src", "test", "scripts").filter((path) => /\.test\.tsx?$/.test(path));
  assert.deepEqual([...filesOfParts().values()].flat().toSorted(), files.toSorted());
  const table = readTable();
  const parts = {
    "src/base/hash.test.ts": "unit",
    "src/web/say/dates.test.ts": "unit",
    "scripts/testing/testing.test.ts": "unit",
    "src/store/pool.test.ts": "database",
    "src/main.test.ts": "database",
    "test/walks/search.test.ts": "database",
    "src/web/chart/chart.browser.test.ts": "browser",
    "test/browser/sign-in.test.ts": "browser",
    "src/cli/kill.drill.test.ts": "faults",
    "test/faults/kill.test.ts": "faults",
  };
  for (const [path, part] of Object.entries(parts)) assert.equal(partOf(table, path), part, path);
  assert.equal(partOf(table, "src/store/testing.ts"), undefined);
});

test("HOUSE-TEST-2 results are counted and a failure is told with its error and output", async () => {
  const { counts, told } = await runText({
    mixed: `
      test("X-1 passes", () => {});
      test("X-2 fails", () => { console.log("a word before"); assert.equal(1, 2, "one is not two"); });
      test("X-3 is skipped", { skip: "no data here" }, () => {});
      test("X-4 has subtests", async (t) => { await t.test("good", () => {}); });
      describe("a group", () => { test("X-5 passes", () => {}); });`,
    sound: `test("X-6 passes", () => {});`,
  });
  assert.deepEqual(counts, { passed: 5, failed: 1, skipped: 1 });
  assert.match(told, /FAIL .*mixed\.test\.ts/);
  assert.match(told, /X-2 fails\n.*one is not two/);
  assert.match(told, /a word before/);
  assert.match(told, /skipped: X-3 is skipped \(no data here\)/);
  assert.match(told, /ok {3}.*sound\.test\.ts/);
});

test("HOUSE-TEST-3 a file without tests, one that crashes and one that hangs are failures", async () => {
  const empty = await runText({ empty: "export const nothing = [assert, describe, test];" });
  assert.deepEqual(empty.counts, { passed: 0, failed: 1, skipped: 0 });
  const crash = await runText({ crash: `throw new Error("at the beginning");` });
  assert.deepEqual(crash.counts, { passed: 0, failed: 1, skipped: 0 });
  assert.match(crash.told, /at the beginning/);
  const exit = await runText({ exit: `test("X-1", () => {}); test("X-2", () => process.exit(0));` });
  assert.ok(exit.counts.failed > 0, exit.told);
  const hang = await runText(
    { hang: `test("X-1", async () => { setInterval(() => {}, 1000); await new Promise(() => {}); });` },
    { minutes: 0.05 },
  );
  assert.equal(hang.counts.failed, 1);
});

test("HOUSE-TEST-4 a part without files is a failure", async () => {
  assert.deepEqual((await runText({})).counts, { passed: 0, failed: 1, skipped: 0 });
});

test("HOUSE-TEST-5 the last line counts, also when preparing fails", () => {
  const checkout = join(folder, "checkout");
  cpSync(join(root, "scripts"), join(checkout, "scripts"), { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) cpSync(join(root, name), join(checkout, name));
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
  const run = spawnSync(process.execPath, ["scripts/test.mjs"], { cwd: checkout, encoding: "utf8" });
  assert.equal(run.status, 1);
  assert.equal(run.stdout, "0 passed, 1 failed\n");
});

test("HOUSE-TEST-6 the slowest files are told, and what has outgrown its budget loudly", () => {
  const times = new Map(Array.from({ length: 12 }, (_, n) => [`file-${n}`, n + 1]));
  const calm = linesOfTimes(times, new Map(), RUN_BUDGET);
  assert.equal(calm.at(-1), "the run: 20.0 min of 20");
  assert.deepEqual(
    calm.slice(1, -1).map((line) => line.split(" ")[0]),
    [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((n) => `file-${n}`),
  );
  assert.doesNotMatch(calm.join("\n"), /OVER/);
  const late = linesOfTimes(new Map([...times].map(([file]) => [file, FILE_BUDGET + 1])), times, RUN_BUDGET + 1);
  assert.equal(late.filter((line) => /file-.* OVER 30 s$/.test(line)).length, 10);
  assert.match(late.join("\n"), /and 2 more OVER 30 s\n\nof the processor[^\n]*\nfile-11 +12\.0 s\n/);
  assert.match(late.join("\n"), /file-2 +3\.0 s\nall files +78\.0 s\n\nTHE RUN IS OVER ITS BUDGET: 20\.0 min of 20$/);
  assert.deepEqual(linesOfTimes(new Map(), new Map(), RUN_BUDGET + 1), []);
});

test("HOUSE-TEST-7 a built test names its source's lines, and finds what lies beside its source", async () => {
  const text = 'test("X-1", () => { throw new Error(`beside ${new URL("words.sql", import.meta.url).pathname}`); });';
  const { told } = await runText({ built: text });
  assert.match(told, new RegExp(`beside ${join(folder, "words.sql")}`));
  assert.match(told, /built\.test\.ts:3:\d+\)/);
  const main = await buildTests(["src/main.ts"], `${process.pid}-main`);
  assert.equal(main.sourceOf(main.placeOf("src/main.ts")), join(root, "src/main.ts"));
  assert.ok(existsSync(main.placeOf("src/main.ts")));
  rmSync(main.folder, { recursive: true, force: true });
  await assert.rejects(buildTests(["src/no-such.test.ts"], `${process.pid}-none`), /no-such/);
});

test("HOUSE-TEST-8 files begin in the order in which they are given, and those that take long before all others", async () => {
  const order = join(folder, "order");
  const text = 'import { appendFileSync } from "node:fs"; test("X-1", () => appendFileSync(';
  const names = ["m", "z", "a"];
  const texts = names.map((name) => [name, `${text}${JSON.stringify(order)}, "${name}"));`] as const);
  assert.deepEqual((await runText(Object.fromEntries(texts), { atOnce: 1 })).counts, {
    passed: 3,
    failed: 0,
    skipped: 0,
  });
  assert.equal(readFileSync(order, "utf8"), names.join(""));

  const all = [...filesOfParts().values()].flat();
  assert.deepEqual(
    LONG_FILES.filter((path) => !all.includes(path)),
    [],
    "they are there",
  );
  const begun = inOrder(all);
  assert.deepEqual(
    begun.slice(0, LONG_FILES.length),
    LONG_FILES.map((path) => [path]),
  );
  assert.deepEqual(begun.flat().toSorted(), all.toSorted());
  assert.deepEqual(inOrder(["src/base/hash.test.ts", LONG_FILES[3] ?? ""]), [
    [LONG_FILES[3]],
    ["src/base/hash.test.ts"],
  ]);
});

test("HOUSE-TEST-9 files that share a process are told one by one: what one has set up is put down before the next begins, and whoever ends the process or breaks in it fails those that come after", async () => {
  const hooks = (name: string): string => `
    import { after, before } from "node:test";
    const state = globalThis as { up?: string };
    assert.equal(state.up, undefined, "the one before is put down");
    await new Promise((resolve) => setTimeout(resolve, 20));
    before(() => (state.up = "${name}"));
    after(() => delete state.up);
    test("X-${name}", () => assert.equal(state.up, "${name}"));`;
  const sound = await runText({ one: hooks("1"), two: hooks("2"), three: hooks("3") }, { together: true });
  assert.deepEqual(sound.counts, { passed: 3, failed: 0, skipped: 0 }, sound.told);
  for (const name of ["one", "two", "three"]) assert.match(sound.told, new RegExp(`ok .*/${name}\\.test\\.ts +1 `));
  assert.equal(sound.spent.size, 3);
  assert.ok([...sound.spent.values()].every((seconds) => seconds >= 0));

  const fine = `test("X-1", () => {});`;
  const broken = await runText(
    {
      one: fine,
      two: `throw new Error("at the beginning");`,
      three: `test("X-3", () => assert.fail("in the middle"));`,
      four: "export const nothing = [assert, describe, test];",
      five: fine,
    },
    { together: true },
  );
  assert.deepEqual(broken.counts, { passed: 2, failed: 3, skipped: 0 }, broken.told);
  assert.match(broken.told, /FAIL .*two\.test\.ts[^]*at the beginning[^]*FAIL .*three\.test\.ts[^]*in the middle/);
  assert.match(broken.told, /FAIL .*four\.test\.ts[^]*no test in this file/);
  const ended = await runText(
    { one: fine, two: `test("X-1", () => {}); test("X-2", () => process.exit(0));`, three: fine },
    { together: true },
  );
  assert.ok(ended.counts.failed >= 2, ended.told);
  assert.match(ended.told, /FAIL .*three\.test\.ts: gave no result/);
  const late = await runText(
    { one: fine, two: `test("X-1", () => {}); setTimeout(() => { throw new Error("after all"); }, 300);` },
    { together: true },
  );
  assert.ok(late.counts.failed >= 1, late.told);
  assert.match(late.told, /FAIL .*two\.test\.ts/);
});
