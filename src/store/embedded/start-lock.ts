/**
 * The start lock of a data directory: only one process at a time creates, starts, adopts or stops its
 * database. Node has no flock(2), and unlinking a stale lock file is a race (two may each remove the
 * other's new one). So each process announces itself in a file with a name never used again, then looks:
 * whoever sees another living announcement withdraws. Removing a dead one can then hit nobody. SPEC EMB-LOCK.
 */
import { randomBytes, randomInt } from "node:crypto";
import { utimes } from "node:fs";
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bootId, machineName, pidNamespace, processStart } from "./processes.ts";

const PREFIX = "start-lock-";
const HEARTBEAT_MS = 1_000;
const SILENT_MS = 15_000; // fifteen missed heartbeats of a holder that we cannot look up
const TELL_MS = 2_000;

/** The owner as the lock file tells it. */
interface Holder {
  readonly pid: number;
  readonly start: string;
  readonly boot: string;
  readonly namespace: string;
  readonly machine: string;
}

interface Announcement {
  readonly holder: Holder | undefined; // undefined: half a file, left by a power cut
  readonly silentMs: number;
}

/** Does the work while holding the directory's start lock; waits for it as long as a living process holds it, and says for whom. */
export async function withStartLock<T>(
  dir: string,
  log: (message: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const path = await acquire(dir, log);
  const heartbeat = setInterval(() => utimes(path, new Date(), new Date(), () => undefined), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  }
}

async function acquire(dir: string, log: (message: string) => void): Promise<string> {
  for (let tell = Date.now() + TELL_MS; ;) {
    const other = await livingOther(dir);
    if (other === undefined) {
      const own = await announce(dir);
      if ((await livingOther(dir, own)) === undefined) return own;
      await rm(own, { force: true }); // both may withdraw; the random wait lets one come first next time
    } else if (Date.now() > tell) {
      log(`waiting for process ${other.pid}, which is starting or stopping the database in ${dir}`);
      tell = Date.now() + 5 * TELL_MS;
    }
    await sleep(randomInt(5, 40));
  }
}

async function announce(dir: string): Promise<string> {
  const name = `${PREFIX}${process.pid}-${randomBytes(8).toString("hex")}`;
  const draft = join(dir, `.${name}`);
  await writeFile(draft, JSON.stringify(ourselves()), { flag: "wx", mode: 0o644 });
  await rename(draft, join(dir, name)); // appears with its content, never empty
  return join(dir, name);
}

function ourselves(): Holder {
  const start = processStart(process.pid) ?? "?";
  return { pid: process.pid, start, boot: bootId(), namespace: pidNamespace(), machine: machineName() };
}

/** One living holder other than `own`; removes the announcements of the dead on the way. */
async function livingOther(dir: string, own?: string): Promise<Holder | undefined> {
  let living: Holder | undefined;
  for (const name of await readdir(dir)) {
    const path = join(dir, name);
    if (!name.startsWith(PREFIX) || path === own) continue;
    const announcement = await readAnnouncement(path);
    if (announcement === undefined) continue;
    if (isLiving(announcement)) living = announcement.holder;
    else await rm(path, { force: true });
  }
  return living;
}

async function readAnnouncement(path: string): Promise<Announcement | undefined> {
  try {
    const [text, { mtimeMs }] = [await readFile(path, "utf8"), await stat(path)];
    return { holder: parseHolder(text), silentMs: Date.now() - mtimeMs };
  } catch {
    return undefined; // released between two looks
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, start, boot, namespace, machine } = JSON.parse(text) as Partial<Holder>;
    if (
      pid === undefined ||
      start === undefined ||
      boot === undefined ||
      namespace === undefined ||
      machine === undefined
    )
      return undefined;
    return { pid, start, boot, namespace, machine };
  } catch {
    return undefined;
  }
}

function isLiving({ holder, silentMs }: Announcement): boolean {
  if (holder === undefined) return false;
  if (holder.boot === bootId() && holder.namespace === pidNamespace()) return processStart(holder.pid) === holder.start;
  if (holder.boot !== bootId() && holder.machine === machineName()) return false; // we have been restarted since
  return silentMs < SILENT_MS; // another container or machine: its process numbers mean nothing here, its heartbeat does
}
