/** Runs test files with node:test in a process group of its own, and counts the results of each. */
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../checks/check.ts";
import type { BuiltTests } from "./built-tests.ts";
import { FAILED_ONCE, sumOf, Tally, type FileCounts, type TestEvent } from "./tally.ts";
import type { Limits } from "./parts.ts";

/** How files are run, and where they lie built. */
export interface Manner {
  readonly limits: Limits;
  readonly environment: NodeJS.ProcessEnv;
  readonly built: BuiltTests;
  readonly tell?: (line: string) => void;
}

/** What came of each file, by its path, and of the run itself when it hung or crashed. */
export interface Ran {
  readonly files: ReadonlyMap<string, FileCounts>;
  readonly fault: string | undefined;
}

/** Runs the files in the given order; one that gave no result has failed. */
export async function runFiles(files: readonly string[], manner: Manner): Promise<Ran> {
  const { tell = console.log } = manner;
  const absolute = files.map((file) => resolve(root, file));
  const tally = new Tally(tell, (file) => (file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file));
  const ending = await runNode(absolute, manner, tally);
  const counts = tally.finish(absolute);
  const isTold = ending === "ended" || [...counts.values()].some(({ failed }) => failed > 0);
  if (!isTold) tell(`  FAIL the test runner ${ending}`);
  return { files: counts, fault: isTold ? undefined : ending };
}

/** What a part with these files came to; one that has none has failed. */
export function countsOf(files: readonly string[], ran: Ran): FileCounts {
  return files.length === 0 ? FAILED_ONCE : sumOf(files.map((file) => ran.files.get(file) ?? FAILED_ONCE));
}

async function runNode(files: readonly string[], manner: Manner, tally: Tally): Promise<string> {
  const { limits, environment, built } = manner;
  const wanted = {
    files: files.map((file) => built.placeOf(file)),
    concurrency: limits.atOnce,
    timeout: limits.fileMinutes * 60_000,
  };
  const program = join(root, "scripts/testing/run-in-order.mjs");
  const child = spawn(process.execPath, ["--enable-source-maps", program, JSON.stringify(wanted)], {
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
  }, limits.runMinutes * 60_000);
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
  if (isLate) return `was ended after ${limits.runMinutes} minutes`;
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
