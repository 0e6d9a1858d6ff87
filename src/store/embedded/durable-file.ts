/**
 * Small files that must be whole after a power cut: written beside, flushed, renamed into place, folder flushed.
 */
import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { EmbeddedError, systemCode } from "./embedded-error.ts";

/** Replaces the file's content; a reader, or a power cut, meets the old or the new content and nothing between. */
export async function writeDurably(path: string, text: string, mode = 0o644): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(draft, "wx", mode);
    try {
      await file.writeFile(text);
      await file.chmod(mode); // whatever the umask says
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await flush(dirname(path));
}

/** Makes a file's content, or the new and renamed names in a folder, survive a power cut. */
export async function flush(path: string): Promise<void> {
  const opened = await open(path, "r");
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

/** The file's text, or undefined when it is not there. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The file's JSON as a T that we wrote ourselves, or undefined when it is not there; EmbeddedError when it is not JSON. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new EmbeddedError(`${path} is damaged. Restore it from a backup.`, { cause: error });
  }
}
