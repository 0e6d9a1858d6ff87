/**
 * One running PostgreSQL server (its first process, the postmaster): found, started, waited for, ended.
 * SPEC EMB-START, EMB-ADOPT · https://www.postgresql.org/docs/18/server-shutdown.html
 */
import type { ChildProcess } from "node:child_process";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { spawnAs, type Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { EmbeddedError } from "./embedded-error.ts";
import type { Instance } from "./placement.ts";
import { postmasterFilePath, readPostmasterFile } from "./postmaster-file.ts";
import { allProcesses, commandLine, parentOf, processStart } from "./processes.ts";
import { clusterName, serverArguments } from "./settings.ts";

/** A server process that we know: its number together with its start, so that a reused number is not taken for it. */
export interface Postmaster {
  readonly pid: number;
  readonly start: string;
}

type Log = (message: string) => void;

const POLL_MS = 10;
const TELL_MS = 5_000;
const LOG_LIMIT = 16 * 1024 * 1024;
const STOP_LIMIT_MS = 60_000;
const REMAINS_LIMIT_MS = 30_000;
const REMAINS_PATIENCE_MS = 3_000;

/** The server that already runs on this instance's data, if any. */
export async function runningPostmaster(instance: Instance): Promise<Postmaster | undefined> {
  const file = await readPostmasterFile(instance.data);
  const start = file && processStart(file.pid);
  if (file === undefined || start === undefined || !isPostmasterOf(instance, file.pid)) return undefined;
  return { pid: file.pid, start };
}

/** Whether the very process still runs. */
export function isRunning({ pid, start }: Postmaster): boolean {
  return processStart(pid) === start;
}

/**
 * Starts the server and returns when it accepts connections, however long it must recover first.
 * Throws EmbeddedError with the end of its log when it gives up. Hold the start lock.
 */
export async function startPostmaster(
  instance: Instance,
  account: Account,
  binaries: Binaries,
  log: Log,
): Promise<Postmaster> {
  await removeStalePostmasterFile(instance);
  for (const deadline = Date.now() + REMAINS_LIMIT_MS; ;) {
    const logStart = await makeRoomInLog(instance);
    const postmaster = await launch(instance, account, binaries);
    if (await becomesReady(instance, postmaster, log)) return postmaster;
    const complaint = await logSince(instance, logStart);
    const remains = /pre-existing shared memory block|lock file ".*" already exists/.test(complaint);
    if (!remains || Date.now() > deadline)
      throw new EmbeddedError(
        `The database in ${instance.data} did not start. Its log (${instance.serverLog}) ends:\n${complaint}`,
      );
    endRemains(instance, Date.now() > deadline - REMAINS_LIMIT_MS + REMAINS_PATIENCE_MS);
    await sleep(100);
  }
}

/** Waits until the server accepts connections; false when it ended instead. */
export async function becomesReady(instance: Instance, postmaster: Postmaster, log: Log): Promise<boolean> {
  for (let tell = Date.now() + TELL_MS; isRunning(postmaster); await sleep(POLL_MS)) {
    const file = await readPostmasterFile(instance.data);
    if (file?.pid === postmaster.pid && file.status === "ready") return true;
    if (Date.now() < tell) continue;
    log(`the database in ${instance.data} is ${file?.status ?? "starting"}; waiting for it`);
    tell = Date.now() + TELL_MS;
  }
  return false;
}

/**
 * Ends the server. "fast" breaks off what is going on and closes in order; "immediate" leaves the work to the next
 * start's recovery. Neither loses a commit. A fast stop that takes over a minute becomes an immediate one.
 */
export async function stopPostmaster(postmaster: Postmaster, mode: "fast" | "immediate"): Promise<void> {
  signal(postmaster, mode === "fast" ? "SIGINT" : "SIGQUIT");
  const deadline = Date.now() + STOP_LIMIT_MS;
  for (let immediate = mode === "immediate"; isRunning(postmaster); await sleep(POLL_MS)) {
    if (immediate || Date.now() < deadline) continue;
    signal(postmaster, "SIGQUIT");
    immediate = true;
  }
}

function signal(postmaster: Postmaster, name: NodeJS.Signals): void {
  if (!isRunning(postmaster)) return;
  try {
    process.kill(postmaster.pid, name);
  } catch (error) {
    if (isRunning(postmaster))
      throw new EmbeddedError(`The database's process ${postmaster.pid} could not be stopped.`, { cause: error });
  }
}

async function launch(instance: Instance, account: Account, binaries: Binaries): Promise<Postmaster> {
  const log = await open(instance.serverLog, "a", 0o600);
  try {
    // Detached: Ctrl-C in the terminal must reach Eira alone, which then stops the database in its turn.
    const child = spawnAs(account, binaries.postgres, serverArguments(instance), {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await spawned(child, binaries, account);
    child.unref();
    const pid = child.pid ?? 0;
    return { pid, start: processStart(pid) ?? "ended" };
  } finally {
    await log.close();
  }
}

function spawned(child: ChildProcess, binaries: Binaries, account: Account): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) =>
      reject(
        new EmbeddedError(`${binaries.postgres} could not be started as ${account.name}: ${error.message}.`, {
          cause: error,
        }),
      ),
    );
  });
}

/** By the instance's random id on the command line, which every process may read also where /proc/<pid>/cwd is closed. */
function isPostmasterOf(instance: Instance, pid: number): boolean {
  return commandLine(pid).includes(`cluster_name=${clusterName(instance)}`);
}

/**
 * After a crash the file names a process number that may by now be somebody else's; PostgreSQL would then refuse to
 * start. That no backend still works on the files it checks by shared memory, whose key it takes from the folder.
 */
async function removeStalePostmasterFile(instance: Instance): Promise<void> {
  const file = await readPostmasterFile(instance.data);
  if (file !== undefined && isPostmasterOf(instance, file.pid) && processStart(file.pid) !== undefined) return;
  await rm(postmasterFilePath(instance.data), { force: true });
}

/** Backends whose postmaster was killed leave when they next look; one that is busy is ended after a short patience. */
function endRemains(instance: Instance, impatient: boolean): void {
  if (!impatient) return;
  const title = `postgres: ${clusterName(instance)}: `;
  for (const pid of allProcesses()) {
    if (!commandLine(pid).join(" ").startsWith(title)) continue;
    const parent = parentOf(pid);
    const isOrphan = parent === undefined || !commandLine(parent).join(" ").includes("cluster_name=");
    if (isOrphan) process.kill(pid, "SIGKILL");
  }
}

async function makeRoomInLog({ serverLog }: Instance): Promise<number> {
  const size = (await stat(serverLog).catch(() => undefined))?.size ?? 0;
  if (size < LOG_LIMIT) return size;
  await rename(serverLog, `${serverLog}.1`);
  return 0;
}

async function logSince({ serverLog }: Instance, start: number): Promise<string> {
  const text = await readFile(serverLog).catch(() => Buffer.alloc(0));
  return text
    .subarray(Math.max(start, text.length - 2_000))
    .toString()
    .trim();
}
