/**
 * What long work keeps beside the database: what was sent to it and what it gives, in files that only the server's own
 * account can read. A file is only ever added to; how much of it counts is said by whoever saved a length.
 *
 * SPEC STORE-JOBFILE
 */
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { flush } from "./embedded/durable-file.ts";

const NAME = /^[A-Za-z0-9-]{1,64}$/;

export class JobFiles {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Opens a new file of a job. Errors: EEXIST. */
  async create(job: string, name: string): Promise<JobFile> {
    const path = this.path(job, name);
    await mkdir(join(this.folder, job), { recursive: true, mode: 0o700 });
    const file = await open(path, "wx", 0o600);
    await flush(join(this.folder, job)); // a new name is durable when its folder is
    return new JobFile(file);
  }

  /** Bytes of a file; nothing when it is not there. */
  async size(job: string, name: string): Promise<number | undefined> {
    const found = await stat(this.path(job, name)).catch(absent);
    return found?.size;
  }

  /** The bytes from `start`, and before `end`. */
  read(job: string, name: string, start: number, end: number): Readable {
    return createReadStream(this.path(job, name), { start, end: Math.max(start, end - 1) });
  }

  /** A whole file that is known to be small; nothing when it is not there. */
  async bytes(job: string, name: string): Promise<Buffer | undefined> {
    return readFile(this.path(job, name)).catch(absent);
  }

  /** Removes everything of a job, or one file of it. */
  async remove(job: string, name?: string): Promise<void> {
    await rm(name === undefined ? this.path(job) : this.path(job, name), { recursive: true, force: true });
  }

  /** Bytes of everything that jobs have here. */
  async bytesOf(jobs: readonly string[]): Promise<number> {
    let sum = 0;
    for (const job of jobs) {
      for (const name of (await readdir(this.path(job)).catch(absent)) ?? [])
        sum += (await stat(join(this.folder, job, name)).catch(absent))?.size ?? 0;
    }
    return sum;
  }

  /** The jobs that have files which were last changed before `before`. */
  async olderThan(before: Date): Promise<readonly string[]> {
    const names = (await readdir(this.folder).catch(absent)) ?? [];
    const old: string[] = [];
    for (const name of names.filter((one) => NAME.test(one))) {
      const found = await stat(join(this.folder, name)).catch(absent);
      if (found !== undefined && found.mtime < before) old.push(name);
    }
    return old;
  }

  /** The jobs of which some file has one of the texts in it. */
  async mentioning(texts: readonly string[]): Promise<readonly string[]> {
    const jobs = (await readdir(this.folder).catch(absent)) ?? [];
    const found: string[] = [];
    for (const job of jobs.filter((one) => NAME.test(one))) {
      for (const name of (await readdir(join(this.folder, job)).catch(absent)) ?? []) {
        if (!(await hasOneOf(join(this.folder, job, name), texts))) continue;
        found.push(job);
        break;
      }
    }
    return found;
  }

  private path(...names: readonly string[]): string {
    if (!names.every((name) => NAME.test(name))) throw new Error("a name that is no file of a job");
    return join(this.folder, ...names);
  }
}

/** Reads piece by piece, each with the end of the one before: a text may lie across two. */
async function hasOneOf(path: string, texts: readonly string[]): Promise<boolean> {
  const longest = Math.max(...texts.map((text) => text.length));
  let before = "";
  for await (const piece of createReadStream(path, "latin1")) {
    const part = before + String(piece);
    if (texts.some((text) => part.includes(text))) return true;
    before = part.slice(-longest);
  }
  return false;
}

/** A file that is being written. */
export class JobFile {
  private readonly file: FileHandle;
  private written = 0;

  constructor(file: FileHandle) {
    this.file = file;
  }

  /** Bytes that have been added. */
  get bytes(): number {
    return this.written;
  }

  async append(part: string | Buffer): Promise<void> {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    await this.file.appendFile(bytes);
    this.written += bytes.length;
  }

  /** Resolves when what was added survives a power cut. */
  async settle(): Promise<void> {
    await this.file.datasync();
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
  throw error;
}
