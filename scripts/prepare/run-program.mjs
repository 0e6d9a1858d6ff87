/**
 * Runs the built server program in this process: signals reach it directly, its exit code is ours, and there is no
 * second process to lose. The program sees the arguments as if Node had been started on it.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dist, root } from "./paths.mjs";
import { stopWithChild } from "./stop.mjs";

/** Runs dist/server/main.js with the arguments; it decides when the process ends. */
export async function runProgram(args) {
  const program = join(dist, "server", "main.js");
  process.setSourceMapsEnabled(true); // stack traces name the TypeScript lines
  process.argv.splice(1, process.argv.length - 1, program, ...args);
  await import(pathToFileURL(program).href);
}

/** Runs a script of ours that is written in TypeScript (needs the installed tsx); gives its exit code. */
export async function runTypeScript(script, args) {
  const child = spawn(process.execPath, ["--import", "tsx", join(root, script), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  return stopWithChild(child);
}
