/**
 * Is a target built from what now lies in the checkout? Sizes and times answer in a few milliseconds; where they
 * differ, the contents decide. The record lies beside the target in dist/.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dist, root } from "./paths.mjs";

/** The inputs of a target at this moment: their sizes and times, and a hash over their contents. */
export function takeInputs(target) {
  const marks = marksOf(target);
  return { marks, content: contentOf(Object.keys(marks)) };
}

/** Whether the target exists and was built from the present inputs. */
export function isFresh(target) {
  const record = readRecord(target);
  if (!record || !existsSync(join(target.out, target.proof))) return false;
  const marks = marksOf(target);
  if (sameMarks(record.marks, marks)) return true;
  if (record.content !== contentOf(Object.keys(marks))) return false;
  try {
    recordInputs(target, { marks, content: record.content });
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error; // a read-only checkout stays as it is
  }
  return true;
}

/** Remembers what a target was built from. */
export function recordInputs(target, inputs) {
  const next = `${recordFile(target)}.${process.pid}`;
  writeFileSync(next, JSON.stringify(inputs));
  renameSync(next, recordFile(target));
}

const recordFile = (target) => join(dist, `${target.name}.inputs.json`);

function readRecord(target) {
  try {
    return JSON.parse(readFileSync(recordFile(target), "utf8"));
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function marksOf(target) {
  const marks = {};
  for (const input of target.inputs) {
    for (const path of filesUnder(input)) {
      if (target.skip(path)) continue;
      const { size, mtimeMs } = statSync(join(root, path));
      marks[path] = `${size} ${mtimeMs}`;
    }
  }
  return marks;
}

function filesUnder(path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesUnder(`${path}/${name}`));
}

function sameMarks(before, now) {
  const paths = Object.keys(now);
  return paths.length === Object.keys(before).length && paths.every((path) => before[path] === now[path]);
}

function contentOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths.toSorted())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  return hash.digest("hex");
}
