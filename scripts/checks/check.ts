/** What a check is, and what all of them use: the source tree, the project's tools, and a place for planted faults. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What a check found. `seen` says what it looked at, so that a check that saw nothing can be told from a clean one. */
export interface Outcome {
  readonly findings: readonly string[];
  readonly seen: string;
}

/** A gate of `npm run check`. It proves on planted faults that it sees before it judges the checkout. */
export interface Check {
  readonly name: string;
  run(): Promise<Outcome>;
}

/** Files of the checkout under the given folders, as paths with `/` relative to the root, in order; a missing folder has none. */
export function filesUnder(...folders: readonly string[]): string[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => {
      const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return paths.map((path) => path.slice(root.length + 1).replaceAll(sep, "/")).toSorted();
    });
}

/** The text of a file of the checkout. */
export const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

/** How a tool ended and everything it wrote. */
export interface ToolRun {
  readonly code: number;
  readonly output: string;
}

const PATIENCE_MS = 300_000;

/** Runs a tool of node_modules/.bin. */
export function runTool(name: string, args: readonly string[], folder = root): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, "node_modules", ".bin", name), args, {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: PATIENCE_MS,
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => output.push(part));
    child.stderr.on("data", (part: Buffer) => output.push(part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(output).toString("utf8") }));
  });
}

/** Lays out files in a folder of their own for the time of the work. */
export async function withPlanted<Result>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "eira-planted-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The words that should be in a tool's output on planted faults and are not, as findings. */
export function unseen(tool: string, run: ToolRun, words: readonly string[]): string[] {
  const missing = words.filter((word) => !run.output.includes(word));
  if (run.code === 0) return [`${tool} found nothing in the planted files`];
  return missing.map((word) => `${tool} did not report the planted ${word}`);
}

/** A tool's output as findings: nothing when it ended well. */
export function findingsOf({ code, output }: ToolRun): string[] {
  if (code === 0) return [];
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return lines.length > 0 ? lines : [`ended with ${code} and said nothing`];
}
