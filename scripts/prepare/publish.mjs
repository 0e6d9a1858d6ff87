/**
 * Builds a target in a folder of its own and puts it in place when it is whole, so that a build that fails or is
 * interrupted leaves the previous one working. Runs in a child process: bundlers write to standard output and hold
 * memory, and the server should have neither. Called with the lock held.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dist } from "./paths.mjs";
import { stopWithChild } from "./stop.mjs";
import { targets } from "./targets.mjs";

const STAGING = ".staging-";

/** Builds and puts in place; ends the process with an explanation when the build fails. */
export async function buildTarget(target) {
  sweepStaging();
  const staging = join(dist, `${STAGING}${target.name}`);
  mkdirSync(staging, { recursive: true });
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), target.name, staging], {
    stdio: ["ignore", 2, 2],
  });
  const code = await stopWithChild(child);
  if (code !== 0 || !existsSync(join(staging, target.proof))) {
    sweepStaging();
    console.error(`Building ${target.name} failed; see the messages above.`);
    process.exit(1);
  }
  replace(target.out, staging);
}

function replace(out, staging) {
  const old = join(dist, `${STAGING}old`);
  if (existsSync(out)) renameSync(out, old);
  renameSync(staging, out);
  rmSync(old, { recursive: true, force: true });
}

function sweepStaging() {
  if (!existsSync(dist)) return;
  for (const name of readdirSync(dist)) {
    if (name.startsWith(STAGING)) rmSync(join(dist, name), { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, out] = process.argv.slice(2);
  await targets[name].build(out);
}
