/**
 * Makes a new, empty cluster (initdb), whole or not at all: it is made beside and renamed into place, so a process
 * killed half-way leaves nothing that looks like a database. SPEC EMB-INIT.
 */
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { spawnAs, type Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { flush, readIfThere } from "./durable-file.ts";
import { EmbeddedError } from "./embedded-error.ts";
import { giveFolder, type Instance } from "./placement.ts";
import { OWNER_ROLE } from "./settings.ts";

const DRAFT = "data.partial";

// The built-in provider compares by code point, like C, and knows every letter's case; it depends on no library of
// the system, so an upgrade of the system cannot change an index's order. Swedish order has keys of its own.
const OPTIONS = [
  `--username=${OWNER_ROLE}`,
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--data-checksums",
  "--auth-local=peer",
  "--auth-host=reject",
  "--no-instructions",
];

/** Makes the cluster if there is none; true when it did. Refuses one of another major version. Hold the start lock. */
export async function initialiseIfEmpty(instance: Instance, account: Account, binaries: Binaries): Promise<boolean> {
  const version = await clusterVersion(instance, account);
  if (version === undefined) {
    await initialise(instance, account, binaries);
    return true;
  }
  if (version !== binaries.major) {
    throw new EmbeddedError(
      `The database in ${instance.data} is of PostgreSQL ${version}, and this Eira brings ${binaries.major}. ` +
        `Make a backup with the Eira that wrote it and restore it with this one.`,
    );
  }
  return false;
}

async function clusterVersion({ data }: Instance, account: Account): Promise<number | undefined> {
  try {
    const text = await readIfThere(join(data, "PG_VERSION"));
    return text === undefined ? undefined : Number.parseInt(text, 10);
  } catch (error) {
    throw new EmbeddedError(
      `The database in ${data} cannot be read by ${account.name}. Start Eira as the user who made it.`,
      { cause: error },
    );
  }
}

async function initialise(instance: Instance, account: Account, binaries: Binaries): Promise<void> {
  const draft = join(instance.home, DRAFT);
  await rm(draft, { recursive: true, force: true }); // of a process killed half-way: we hold the lock
  await refuseUnknownContent(instance);
  await giveFolder(draft, account);
  await runInitdb(account, binaries, draft);
  await rename(draft, instance.data);
  await flush(instance.home);
}

async function refuseUnknownContent({ data }: Instance): Promise<void> {
  const content = await readdir(data).catch(() => []);
  if (content.length > 0)
    throw new EmbeddedError(
      `${data} holds files but no database (no PG_VERSION). Eira does not touch it; move it away.`,
    );
  await rm(data, { recursive: true, force: true });
}

function runInitdb(account: Account, binaries: Binaries, dir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const initdb = spawnAs(account, binaries.initdb, ["-D", dir, ...OPTIONS], { stdio: ["ignore", "ignore", "pipe"] });
    let complaint = "";
    initdb.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    initdb.on("error", (error) =>
      reject(
        new EmbeddedError(`${binaries.initdb} could not be started as ${account.name}: ${error.message}.`, {
          cause: error,
        }),
      ),
    );
    initdb.on("close", (code) =>
      code === 0
        ? resolve()
        : reject(new EmbeddedError(`The database could not be made in ${dir}: ${complaint.trim()}`)),
    );
  });
}
