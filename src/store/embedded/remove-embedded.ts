/**
 * Deletes the database of a data directory for good, wherever it lies: for tests, and for a restore that replaces it.
 * SPEC EMB-REMOVE.
 */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { EmbeddedError } from "./embedded-error.ts";
import { existingInstance, prepareDataDir } from "./placement.ts";
import { runningPostmaster } from "./postmaster.ts";
import { withStartLock } from "./start-lock.ts";

/** Deletes it; throws EmbeddedError when it is running. Nothing to delete is no error. The data directory itself stays, empty of ours. */
export async function removeEmbedded(dataDir: string): Promise<void> {
  const dir = await prepareDataDir(dataDir);
  await withStartLock(
    dir,
    () => undefined,
    async () => {
      const instance = await existingInstance(dir);
      if (instance === undefined) return;
      if ((await runningPostmaster(instance)) !== undefined)
        throw new EmbeddedError(`The database of ${dir} is running; stop it before it is deleted.`);
      if (instance.sockets !== join(instance.home, "run")) await rm(instance.sockets, { recursive: true, force: true });
      if (instance.home !== dir) await rm(instance.home, { recursive: true, force: true });
      for (const name of await readdir(dir)) {
        if (!name.startsWith("start-lock-")) await rm(join(dir, name), { recursive: true, force: true });
      }
    },
  );
}
