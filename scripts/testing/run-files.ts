/** Runs the test files of one part with node:test in a process group of its own, and counts their results. */
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../checks/check.ts";
import type { BuiltTests } from "./built-tests.ts";
import { Tally, type Counts, type TestEvent } from "./tally.ts";
import type { PartLimits } from "./parts.ts";

/** How files are run, and where they lie built. */
export interface Manner {
  readonly limits: PartLimits;
  readonly environment: NodeJS.ProcessEnv;
  readonly built: BuiltTests;
  readonly tell?: (line: string) => void;
}

/** What came of the files, and the seconds that the tests of each took. */
export interface Ran {
  readonly counts: Counts;
  readonly times: ReadonlyMap<string, number>;
}

/** Runs the files; a part that has none, hangs or crashes has failed. */
export async function runFiles(files: readonly string[], manner: Manner): Promise<Ran> {
  const { tell = console.log } = manner;
  if (files.length === 0) {
    tell("  FAIL there is no test file in this part");
    return { counts: { passed: 0, failed: 1, skipped: 0 }, times: new Map() };
  }
  const absolute = files.map((file) => resolve(root, file));
  const tally = new Tally(tell, (file) => (file.startsWith(root) ? file.slice(root.length + 1) : file));
  const ending = await runNode(absolute, manner, tally);
  const counts = tally.finish(absolute);
  if (ending === "ended" || counts.failed > 0) return { counts, times: tally.times };
  tell(`  FAIL the test runner ${ending}`);
  return { counts: { ...counts, failed: counts.failed + 1 }, times: tally.times };
}

async function runNode(files: readonly string[], manner: Manner, tally: Tally): Promise<string> {
  const { limits, environment, built } = manner;
  const options = [
    "--enable-source-maps",
    "--test",
    `--test-concurrency=${limits.atOnce}`,
    `--test-timeout=${limits.fileMinutes * 60_000}`,
    `--test-reporter=${join(root, "scripts/testing/events.mjs")}`,
  ];
  const child = spawn(process.execPath, [...options, ...files.map((file) => built.placeOf(file))], {
    cwd: root,
    env: { ...environment, EIRA_BUILT_TESTS: built.folder },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true, // a group of its own: whatever a test started can be ended with it
  });
  const endGroup = (): void => {
    if (child.pid !== undefined) endProcessGroup(child.pid);
  };
  let isLate = false;
  const alarm = setTimeout(() => {
    isLate = true;
    endGroup();
  }, limits.partMinutes * 60_000);
  const stop = (): void => {
    endGroup();
    process.exit(130);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);

  const closed = new Promise<number>((resolve, reject) =>
    child.on("error", reject).on("close", (code) => resolve(code ?? 1)),
  );
  for await (const line of createInterface({ input: child.stdout })) tally.take(eventOf(line, built));
  const code = await closed;
  clearTimeout(alarm);
  process.off("SIGINT", stop).off("SIGTERM", stop);
  endGroup(); // servers and browsers that a test left behind
  if (isLate) return `was ended after ${limits.partMinutes} minutes`;
  return code === 0 ? "ended" : `ended with ${code}`;
}

/** What node:test tells of a built file, told of its source. */
function eventOf(line: string, built: BuiltTests): TestEvent {
  const event = JSON.parse(line) as TestEvent;
  if (event.file === undefined) return event;
  const file = built.sourceOf(event.file);
  return event.kind !== "output" && event.name === event.file ? { ...event, file, name: file } : { ...event, file };
}

function endProcessGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
