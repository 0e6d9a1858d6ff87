/**
 * The one place that reads the environment and the arguments; everything else is given what it needs.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { configOf, run, type Terminal } from "./cli/index.ts";

const stops: (() => Promise<void>)[] = [];
let stopping = false;

const terminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  tell: (line) => void process.stderr.write(`${line}\n`),
  progress: (line) => void process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`),
  onStop: (listener) => void stops.unshift(listener),
};

/** Puts everything down in the opposite order of bringing it up. */
async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  for (const listener of stops)
    await listener().catch((error: unknown) => terminal.tell(`while stopping: ${(error as Error).message}`));
  process.exit(signal === "SIGINT" ? 130 : 0);
}

process.on("SIGINT", (signal) => void stop(signal));
process.on("SIGTERM", (signal) => void stop(signal));

const root = rootFolder(import.meta.url);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const config = configOf(process.env, { webRoot: join(root, "dist", "web"), version });
const self = { command: [process.execPath, ...process.execArgv, process.argv[1] ?? ""], environment: process.env };
const exitCode = await run({ args: process.argv.slice(2), config, terminal, clock: () => new Date(), self });
process.exit(exitCode);

/** The folder of package.json above this file, from the sources and from the bundle alike. */
function rootFolder(url: string): string {
  let folder = dirname(fileURLToPath(url));
  while (!existsSync(join(folder, "package.json"))) {
    if (dirname(folder) === folder) throw new Error("package.json was not found above the program");
    folder = dirname(folder);
  }
  return folder;
}
