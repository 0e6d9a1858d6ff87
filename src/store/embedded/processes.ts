/**
 * Is that process still the one we knew? A process number alone does not tell: numbers are reused, and a
 * killed process that nobody has collected (a zombie) still answers to signals. Linux tells by /proc.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

const HAS_PROC = process.platform === "linux";

/** When the process started (ticks since boot; "?" where the system does not say), or undefined when it does not run. */
export function processStart(pid: number): string | undefined {
  return HAS_PROC ? statOf(pid)?.start : signalReaches(pid) ? "?" : undefined;
}

/** The parent's number; undefined when the process does not run or the system does not say. */
export function parentOf(pid: number): number | undefined {
  return HAS_PROC ? statOf(pid)?.parent : undefined;
}

/** The words of the process's command line; empty when it does not run. */
export function commandLine(pid: number): readonly string[] {
  try {
    if (HAS_PROC) return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return execFileSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .split(" ");
  } catch {
    return []; // it ended between two looks
  }
}

/** The numbers of every process that can be seen; empty where the system does not list them. */
export function allProcesses(): readonly number[] {
  return HAS_PROC
    ? readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
    : [];
}

/** This start of the kernel: equal in two places only if both run on the same running kernel. */
export function bootId(): string {
  return readOr("?", () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
}

/** The namespace our process numbers belong to: a number from another container means nothing here. */
export function pidNamespace(): string {
  return readOr("?", () => readlinkSync("/proc/self/ns/pid"));
}

/** The machine's name, as far as the system has one. */
export function machineName(): string {
  return hostname();
}

function statOf(pid: number): { readonly start: string; readonly parent: number } | undefined {
  const line = readOr("", () => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The second field is the program's name in brackets, and may hold spaces and brackets itself: proc(5).
  const [state, parent, ...rest] = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const start = rest[17];
  if (start === undefined || state === "Z" || state === "X") return undefined;
  return { start, parent: Number(parent) };
}

function signalReaches(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
