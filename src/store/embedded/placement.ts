/**
 * Where the database of a data directory lies: in it, or, when root keeps it where the database's account cannot
 * go (/root, a private temporary directory), under /var/lib/eira/<id>. The data directory then points there by a
 * random id, so that deleting the directory never brings old data back. SPEC EMB-PLACE.
 */
import { randomBytes } from "node:crypto";
import { chmod, chown, lstat, mkdir, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountMay, type Account } from "./account.ts";
import { readJson, writeDurably } from "./durable-file.ts";
import { EmbeddedError, systemCode } from "./embedded-error.ts";

/** The places of one instance. `home` is ours alone; `data` and `sockets` belong to the database's account. */
export interface Instance {
  readonly id: string;
  /** What the user named, without links. */
  readonly dataDir: string;
  /** The parent of all that follows: `dataDir` itself, or a folder under the system directory. */
  readonly home: string;
  readonly data: string;
  readonly sockets: string;
  readonly serverLog: string;
}

/** Kept in the data directory. */
interface Pointer {
  readonly id: string;
  /** HERE, or a path. */
  readonly home: string;
  readonly note?: string;
}

/** Kept in a home outside the data directory: whose it is. */
interface Owner {
  readonly dataDir: string;
}

/** Where root keeps what the database's account must be able to reach. */
export const SYSTEM_DIRECTORY = "/var/lib/eira";

const HERE = "here";
const POINTER = "instance.json";
const OWNER = "owner.json";
const SOCKET_NAME = "/.s.PGSQL.5432";
const SOCKET_PATH_LIMIT = 103; // sun_path of unix(7) holds 107 characters and a NUL, 103 on macOS

/** Creates the data directory if missing and returns its real path; throws EmbeddedError when it cannot be used. */
export async function prepareDataDir(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o755 });
    return await realpath(dataDir);
  } catch (error) {
    throw new EmbeddedError(
      `The data directory ${dataDir} cannot be used: ${systemCode(error)}. Set EIRA_DATA_DIR to a directory that you may write to.`,
      { cause: error },
    );
  }
}

/** The instance of this data directory, made on the first call. Call it while holding the start lock. */
export async function placeInstance(
  dataDir: string,
  account: Account,
  systemDirectory: string = SYSTEM_DIRECTORY,
): Promise<Instance> {
  const pointer = (await readPointer(dataDir)) ?? (await newPointer(dataDir, account, systemDirectory));
  const home = pointer.home === HERE ? dataDir : pointer.home;
  if (home !== dataDir) await claimHome(home, dataDir, pointer.id);
  return instanceAt(pointer.id, dataDir, home);
}

/** The instance that the data directory points to, or undefined when it has none yet. */
export async function existingInstance(dataDir: string): Promise<Instance | undefined> {
  const pointer = await readPointer(dataDir);
  return pointer && instanceAt(pointer.id, dataDir, pointer.home === HERE ? dataDir : pointer.home);
}

/** Homes that say they belong to this data directory, which points elsewhere: what a deleted directory left behind. */
export async function abandonedInstances(
  current: Instance,
  systemDirectory: string = SYSTEM_DIRECTORY,
): Promise<readonly Instance[]> {
  const found: Instance[] = [];
  for (const id of await readdir(systemDirectory).catch(() => [])) {
    const home = join(systemDirectory, id);
    const owner = await readJson<Owner>(join(home, OWNER)).catch(() => undefined);
    if (owner?.dataDir === current.dataDir && home !== current.home) found.push(instanceAt(id, current.dataDir, home));
  }
  return found;
}

/** Makes the folder for the server's socket: only the account (and root) may enter it. */
export async function prepareSocketDir({ sockets }: Instance, account: Account): Promise<void> {
  await giveFolder(sockets, account);
  const found = await lstat(sockets);
  if (!found.isDirectory() || found.uid !== account.uid || (found.mode & 0o077) !== 0) {
    throw new EmbeddedError(
      `${sockets} is not a private folder of ${account.name}, so the database's socket is not safe there. Remove it and start again.`,
    );
  }
}

/** Makes an empty folder that is the account's own and closed to all others. */
export async function giveFolder(path: string, account: Account): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) === "EEXIST") return;
    throw error;
  }
  await chmod(path, 0o700);
  if (account.borrowed) await chown(path, account.uid, account.gid);
}

/** The first folder of root's that others can read and only root can write: for programs shared by all instances. */
export async function prepareSystemDirectory(systemDirectory: string = SYSTEM_DIRECTORY): Promise<void> {
  await mkdir(systemDirectory, { recursive: true, mode: 0o755 });
  const found = await lstat(systemDirectory);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new EmbeddedError(`${systemDirectory} must be a directory that root owns and nobody else may write to.`);
  }
  await chmod(systemDirectory, 0o755); // a strict umask would have closed it for the database's account
}

async function newPointer(dataDir: string, account: Account, systemDirectory: string): Promise<Pointer> {
  const id = randomBytes(8).toString("hex");
  const home = (await isUsableBy(account, dataDir)) ? HERE : join(systemDirectory, id);
  const note = `PostgreSQL runs as ${account.name}, who cannot reach this directory; its database is kept in ${home}.`;
  const pointer: Pointer = home === HERE ? { id, home } : { id, home, note };
  if (home !== HERE) {
    await prepareSystemDirectory(systemDirectory);
    await mkdir(home, { mode: 0o755 });
    await chmod(home, 0o755);
    await writeDurably(join(home, OWNER), JSON.stringify({ dataDir } satisfies Owner));
  }
  await writeDurably(join(dataDir, POINTER), JSON.stringify(pointer, null, 2));
  return pointer;
}

/** Tried, not computed: every parent must let the account through, and the file system must allow giving files away. */
async function isUsableBy(account: Account, dataDir: string): Promise<boolean> {
  if (!account.borrowed) return true;
  const probe = join(dataDir, `.probe-${randomBytes(6).toString("hex")}`);
  try {
    await giveFolder(probe, account);
    return accountMay(account, 'test -w "$1" && test -x "$1"', probe);
  } catch {
    return false;
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
}

async function readPointer(dataDir: string): Promise<Pointer | undefined> {
  const path = join(dataDir, POINTER);
  const pointer = await readJson<Pointer>(path);
  if (pointer === undefined) return undefined;
  if (/^[0-9a-f]{16}$/.test(pointer.id) && (pointer.home === HERE || pointer.home.endsWith(`/${pointer.id}`)))
    return pointer;
  throw new EmbeddedError(
    `${path} is damaged. Restore it: without it Eira does not know which database belongs to this directory.`,
  );
}

/** Two directories must never share one database: a copied pointer is refused, a moved directory keeps its own. */
async function claimHome(home: string, dataDir: string, id: string): Promise<void> {
  const owner = await readJson<Owner>(join(home, OWNER));
  if (owner === undefined) {
    throw new EmbeddedError(
      `${dataDir} keeps its database in ${home}, which is not there. Restore it, or delete ${join(dataDir, POINTER)} to start empty.`,
    );
  }
  if (owner.dataDir === dataDir) return;
  const formerPointer = await readPointer(owner.dataDir).catch(() => undefined);
  if (formerPointer?.id === id) {
    throw new EmbeddedError(
      `${dataDir} is a copy of ${owner.dataDir}, and both point to the database in ${home}. Delete ${join(dataDir, POINTER)} to start empty.`,
    );
  }
  await writeDurably(join(home, OWNER), JSON.stringify({ dataDir } satisfies Owner));
}

function instanceAt(id: string, dataDir: string, home: string): Instance {
  return {
    id,
    dataDir,
    home,
    data: join(home, "data"),
    sockets: socketDir(id, home),
    serverLog: join(home, "server.log"),
  };
}

function socketDir(id: string, home: string): string {
  const candidates = [join(home, "run"), join(tmpdir(), `eira-${id}`)];
  return (
    candidates.find((dir) => Buffer.byteLength(dir + SOCKET_NAME) <= SOCKET_PATH_LIMIT) ?? join("/tmp", `eira-${id}`)
  );
}
