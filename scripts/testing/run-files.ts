/** Runs test files with node:test in a process group of its own, and counts the results of each. */
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../checks/check.ts";
import { GROUPS, type BuiltTests } from "./built-tests.ts";
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
  /** The processor's seconds of each file and of the processes that it waited for. */
  readonly spent: ReadonlyMap<string, number>;
  readonly fault: string | undefined;
}

/** Runs the groups of files in the given order, each group in a process; a file that gave no result has failed. */
export async function runFiles(groups: readonly (readonly string[])[], manner: Manner): Promise<Ran> {
  const { tell = console.log, built } = manner;
  const absolute = groups.map((files) => files.map((file) => resolve(root, file)));
  const relative = (file: string): string => (file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file);
  const tally = new Tally(tell, relative);
  const ending = await runNode(absolute, manner, tally);
  const counts = tally.finish(absolute.flat());
  const isTold = ending === "ended" || [...counts.values()].some(({ failed }) => failed > 0);
  if (!isTold) tell(`  FAIL the test runner ${ending}`);
  const spent = new Map([...built.spent()].map(([file, seconds]) => [relative(file), seconds]));
  return { files: counts, spent, fault: isTold ? undefined : ending };
}

/** What a part with these files came to; one that has none has failed. */
export function countsOf(files: readonly string[], ran: Ran): FileCounts {
  return files.length === 0 ? FAILED_ONCE : sumOf(files.map((file) => ran.files.get(file) ?? FAILED_ONCE));
}

async function runNode(groups: readonly (readonly string[])[], manner: Manner, tally: Tally): Promise<string> {
  const { limits, environment, built } = manner;
  const runners = new Map(groups.map((files) => [built.runnerOf(files), files]));
  const wanted = {
    files: [...runners.keys()],
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
  let last = "";
  for await (const line of createInterface({ input: child.stdout })) {
    const event = eventOf(line, { built, runners, last });
    last = event.file ?? last;
    tally.take(event);
  }
  const code = await closed;
  clearTimeout(alarm);
  process.off("SIGINT", stop).off("SIGTERM", stop);
  endGroup(); // servers and browsers that a test left behind
  if (isLate) return `was ended after ${limits.runMinutes} minutes`;
  return code === 0 ? "ended" : `ended with ${code}`;
}

type Telling = {
  readonly built: BuiltTests;
  readonly runners: ReadonlyMap<string, readonly string[]>;
  /** The file that was told of last. */
  readonly last: string;
};

/** What node:test tells of a built file or of a whole group, told of a source. */
function eventOf(line: string, { built, runners, last }: Telling): TestEvent {
  const event = JSON.parse(line) as TestEvent;
  if (event.file === undefined) return event;
  const group = runners.get(event.file);
  if (group !== undefined) {
    // Of the process: told of the file that it was at.
    const file = group.includes(last) ? last : (group[0] ?? event.file);
    return event.kind !== "output" && event.name === event.file ? { ...event, file, name: file } : { ...event, file };
  }
  // The suite of a file, or what stands for a file that could not be read.
  if (event.file === GROUPS && event.kind !== "output") return { ...event, file: event.name };
  return { ...event, file: built.sourceOf(event.file) };
}

function endProcessGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
