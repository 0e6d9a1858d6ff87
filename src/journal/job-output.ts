/**
 * The files that a job gives, written a part at a time. After each part the lengths are what is saved with the job's
 * progress, and only that much of a file counts: whoever takes the job over begins new files, so that what a server that
 * was thought dead still writes changes nothing.
 *
 * SPEC JRN-OUTPUT
 */
import type { JobFile, JobFiles } from "../store/index.ts";

export type OutputFile = {
  /** The list of the manifest in which it stands. */
  readonly list: "output" | "deleted" | "error";
  readonly type: string;
  readonly name: string;
  readonly bytes: number;
  readonly count: number;
};

const LARGEST_FILE = 256 * 1024 * 1024;

export type OutputPlace = {
  readonly files: JobFiles;
  readonly job: string;
  readonly random: (bytes: number) => Uint8Array;
};

export class JobOutput {
  private readonly place: OutputPlace;
  private readonly written: OutputFile[];
  private readonly open = new Map<string, { readonly at: number; readonly file: JobFile }>();

  constructor(place: OutputPlace, written: readonly OutputFile[]) {
    this.place = place;
    this.written = [...written];
  }

  /** What is there already; undefined when any of it has gone, and the job must begin anew. */
  static async resume(place: OutputPlace, written: readonly OutputFile[]): Promise<JobOutput | undefined> {
    for (const { name, bytes } of written) {
      if (((await place.files.size(place.job, name)) ?? -1) < bytes) return undefined;
    }
    return new JobOutput(place, written);
  }

  /** The files as they stand after what was added last. */
  get files(): readonly OutputFile[] {
    return [...this.written];
  }

  /** Adds lines to the type's file; they survive a power cut when this resolves. */
  async append(list: OutputFile["list"], type: string, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const { at, file } = await this.fileFor(list, type);
    await file.append(`${lines.join("\n")}\n`);
    await file.settle();
    const before = this.written[at];
    if (before === undefined) throw new Error("a file that was opened is not on the list");
    this.written[at] = { ...before, bytes: file.bytes, count: before.count + lines.length };
  }

  async close(): Promise<void> {
    for (const { file } of this.open.values()) await file.close();
    this.open.clear();
  }

  private async fileFor(list: OutputFile["list"], type: string): Promise<{ at: number; file: JobFile }> {
    const key = `${list} ${type}`;
    const found = this.open.get(key);
    if (found !== undefined && found.file.bytes < LARGEST_FILE) return found;
    await this.close(); // one is written at a time
    const name = Buffer.concat([this.place.random(10), this.place.random(10)]).toString("hex");
    const file = await this.place.files.create(this.place.job, name);
    const at = this.written.push({ list, type, name, bytes: 0, count: 0 }) - 1;
    this.open.set(key, { at, file });
    return { at, file };
  }
}
