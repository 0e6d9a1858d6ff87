/**
 * postmaster.pid, which PostgreSQL keeps in its data directory while it runs (and leaves there when it is killed).
 * https://www.postgresql.org/docs/18/storage-file-layout.html
 */
import { join } from "node:path";
import { readIfThere } from "./durable-file.ts";

/** What we use of the file; `ready` only when connections are accepted. */
export interface PostmasterFile {
  readonly pid: number;
  readonly status: "starting" | "ready" | "stopping";
}

/** Reads the file; undefined when it is absent, or still too short to tell who wrote it. */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | undefined> {
  return parsePostmasterFile((await readIfThere(postmasterFilePath(data))) ?? "");
}

/** Reads the file's text: a line each for pid, directory, start, port, socket folder, address, shared memory and status. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split("\n");
  const pid = Math.abs(Number.parseInt(lines[0] ?? "", 10)); // single-user PostgreSQL writes it negative
  if (!Number.isInteger(pid) || pid === 0) return undefined;
  const status = (lines[7] ?? "").trim();
  return { pid, status: status === "ready" || status === "stopping" ? status : "starting" };
}

export function postmasterFilePath(data: string): string {
  return join(data, "postmaster.pid");
}
