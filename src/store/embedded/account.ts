/**
 * The operating system's account that PostgreSQL runs as. PostgreSQL refuses to run as root, so a root
 * shell borrows an unprivileged account that already exists (we never create users). SPEC EMB-ACCOUNT.
 */
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { EmbeddedError } from "./embedded-error.ts";

/** Who PostgreSQL runs as. `borrowed` when that is somebody else than this process (we are root). */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly borrowed: boolean;
}

// `postgres` owns nothing but databases; `nobody` exists on every system.
const UNPRIVILEGED = ["postgres", "nobody"] as const;

/** The account for this process: itself, or an unprivileged one when it is root. Throws EmbeddedError if there is none. */
export function databaseAccount(): Account {
  if (process.getuid?.() !== 0) return ownAccount();
  const found = unprivilegedAccount(readFileSync("/etc/passwd", "utf8"));
  if (found === undefined) {
    throw new EmbeddedError(
      `PostgreSQL does not run as root, and /etc/passwd has none of the users ${UNPRIVILEGED.join(", ")}. ` +
        `Start Eira as an ordinary user, or set DATABASE_URL.`,
    );
  }
  return found;
}

/** The preferred unprivileged account in the text of a passwd(5) file; undefined when it has none. */
export function unprivilegedAccount(passwd: string): Account | undefined {
  const users = passwd.split("\n").map((line) => line.split(":"));
  for (const name of UNPRIVILEGED) {
    const [, , uid, gid] = users.find((fields) => fields[0] === name) ?? [];
    if (uid === undefined || gid === undefined || !(Number(uid) > 0)) continue;
    return { name, uid: Number(uid), gid: Number(gid), borrowed: true };
  }
  return undefined;
}

function ownAccount(): Account {
  try {
    const { username, uid, gid } = userInfo();
    return { name: username, uid, gid, borrowed: false };
  } catch {
    // initdb and peer authentication both look the user up by number, and refuse one without a name.
    throw new EmbeddedError(
      `The user number ${process.getuid?.()} has no name on this system (no line in /etc/passwd), ` +
        `so PostgreSQL refuses to run. Add the user, or set DATABASE_URL.`,
    );
  }
}

/** Starts a program as the account, with nothing of our environment (a stray PGDATA or PGHOST would mislead it). */
export function spawnAs(
  account: Account,
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  return spawn(program, args, { ...options, ...identityOf(account) });
}

/** Whether the account can do what a shell test says, for example `test -w "$1"`; the permissions of every parent count. */
export function accountMay(account: Account, test: string, path: string): boolean {
  return spawnSync("/bin/sh", ["-c", test, "sh", path], { ...identityOf(account), stdio: "ignore" }).status === 0;
}

function identityOf(account: Account): SpawnOptions {
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
  return { env, cwd: "/", ...(account.borrowed ? { uid: account.uid, gid: account.gid } : {}) };
}
