/**
 * Runs the built server program in this process: signals reach it directly, its exit code is ours, and there is no
 * second process to lose. The program sees the arguments as if Node had been started on it.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dist } from "./paths.mjs";

/** Runs dist/server/main.js with the arguments; it decides when the process ends. */
export async function runProgram(args) {
  const program = join(dist, "server", "main.js");
  process.setSourceMapsEnabled(true); // stack traces name the TypeScript lines
  process.argv.splice(1, process.argv.length - 1, program, ...args);
  await import(pathToFileURL(program).href);
}
