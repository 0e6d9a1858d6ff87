/**
 * What processes have cost so far: CPU time and the most memory they have held, read from Linux's /proc. Processor time is
 * the figure that another program on the same machine disturbs least.
 *
 * SPEC CLI-BENCH · proc_pid_stat(5), proc_pid_status(5)
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Milliseconds of CPU time of a process and everything it has started, ended ones included. */
export function cpuMilliseconds(root: number): number {
  const pids = [root, ...descendantsOf(root)];
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) * (1000 / TICKS_PER_SECOND);
}

/** The same of a process and of those below it that run the same program: a server's workers, not the database it started. */
export function programMilliseconds(root: number): number {
  return [root, ...alikeBelow(root)].reduce((sum, pid) => sum + ticksOf(pid), 0) * (1000 / TICKS_PER_SECOND);
}

/** The most memory (megabytes) that one of the process's descendants of the same program, or it when it has none, has held. */
export function peakMegabytes(root: number): number {
  const below = alikeBelow(root);
  return Math.max(...(below.length === 0 ? [root] : below).map((pid) => megabytesOf(pid, "VmHWM")));
}

/** The memory (megabytes) that a process and its descendants of the same program hold now. */
export function memoryMegabytes(root: number): number {
  return [root, ...alikeBelow(root)].reduce((sum, pid) => sum + megabytesOf(pid, "VmRSS"), 0);
}

/** The process that started this one; 0 when it is gone. */
export function parentOf(pid: number): number {
  return Number(fieldsOf(pid)?.[PARENT] ?? 0);
}

/** USER_HZ is 100 on every platform that Node.js runs on with /proc. */
const TICKS_PER_SECOND = 100;

/** Places after the command's closing bracket. */
const PARENT = 1;
const TICKS = [11, 12, 13, 14] as const; // user and system time, its own and its ended children's

function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = parentOf(pid);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [pid]);
    else siblings.push(pid);
  }
  const found: number[] = [];
  for (let next = children.get(root) ?? []; next.length > 0; next = next.flatMap((pid) => children.get(pid) ?? []))
    found.push(...next);
  return found;
}

/** Descendants that run the same program: workers, not the database. */
function alikeBelow(root: number): number[] {
  const program = programOf(root);
  return descendantsOf(root).filter((pid) => programOf(pid) === program);
}

function programOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined; // it has ended
  }
}

function ticksOf(pid: number): number {
  const fields = fieldsOf(pid);
  return fields === undefined ? 0 : TICKS.reduce((sum, at) => sum + Number(fields[at] ?? 0), 0);
}

/** The fields after the command, whose name may hold blanks and brackets; nothing when the process has ended. */
function fieldsOf(pid: number): string[] | undefined {
  const text = contentOf(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Memory as the kernel tells it: VmRSS is now, VmHWM the most so far. */
function megabytesOf(pid: number, what: "VmRSS" | "VmHWM"): number {
  const line = (contentOf(`/proc/${pid}/status`) ?? "").split("\n").find((one) => one.startsWith(`${what}:`));
  return Number(/\d+/.exec(line ?? "")?.[0] ?? 0) / 1024;
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // the process ended between two looks
  }
}
