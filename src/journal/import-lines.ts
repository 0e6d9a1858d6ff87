/**
 * The lines of a kept NDJSON file, in segments small enough to be one commit. A line is known by its number and place, so
 * that a segment can be read again by whoever goes on.
 *
 * SPEC JRN-IMPORT
 */
import type { Readable } from "node:stream";

/** A line with something in it; `text` is missing when it is longer than a line may be. */
export type Line = {
  readonly number: number;
  readonly offset: number;
  readonly bytes: number;
  readonly text: string | undefined;
};

/** Lines after one another: from a byte, so many bytes, the first being line `line`. */
export type Segment = { readonly offset: number; readonly bytes: number; readonly line: number };

const LONGEST_LINE = 16 * 1024 * 1024;
const LINES = 500;
const BYTES = 2 * 1024 * 1024;
const NEWLINE = 10;

/** The lines of a part of a file that begins at `offset` with line `line`. Memory is bounded by the longest line. */
export async function* linesOf(source: Readable, offset: number, line: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let held = 0;
  let start = offset;
  let number = line;
  const take = (): Line | undefined => {
    const isTooLong = held > LONGEST_LINE;
    const text = isTooLong ? undefined : Buffer.concat(parts).toString("utf8");
    const taken = { number, offset: start, bytes: held, text };
    parts = [];
    start += held;
    held = 0;
    number += 1;
    return text?.trim() === "" ? undefined : taken;
  };
  for await (const chunk of source) {
    let rest = chunk as Buffer;
    for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
      held += at + 1;
      if (held <= LONGEST_LINE) parts.push(rest.subarray(0, at + 1));
      const taken = take();
      if (taken !== undefined) yield taken;
      rest = rest.subarray(at + 1);
    }
    held += rest.length;
    if (held <= LONGEST_LINE) parts.push(rest);
    else parts = [];
  }
  const last = held === 0 ? undefined : take();
  if (last !== undefined) yield last;
}

/** Lines in groups that are written together. */
export async function* grouped(lines: AsyncIterable<Line>): AsyncGenerator<readonly Line[]> {
  let group: Line[] = [];
  let bytes = 0;
  for await (const line of lines) {
    group.push(line);
    bytes += line.bytes;
    if (group.length < LINES && bytes < BYTES) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}

/** Lines parted where others stand between them. */
export function runsOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const runs: Line[][] = [];
  let end = -1;
  for (const line of lines) {
    if (line.offset === end) runs.at(-1)?.push(line);
    else runs.push([line]);
    end = line.offset + line.bytes;
  }
  return runs;
}

/** Where lines lie that follow each other. */
export function segmentOf(lines: readonly Line[]): Segment {
  const [first] = lines;
  const last = lines.at(-1);
  if (first === undefined || last === undefined) throw new Error("no lines make no segment");
  return { offset: first.offset, bytes: last.offset + last.bytes - first.offset, line: first.number };
}
