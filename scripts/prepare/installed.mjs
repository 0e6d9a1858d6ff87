/**
 * Are the packages of package-lock.json installed, and if not, install them. npm leaves its own record of what it
 * installed in node_modules/.package-lock.json, written last; that record is compared with the lock, package by package.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { stopWithChild } from "./stop.mjs";

const OPTIONS =
  "--no-save --ignore-scripts --include=dev --include=optional --no-audit --no-fund --loglevel=error".split(" ");

/**
 * Whether every package that this machine needs is there in the locked version.
 * @param {{ development?: boolean }} [options] whether packages used only by tests and checks count
 */
export function isInstalled({ development = false } = {}) {
  const locked = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(join(root, "node_modules", ".package-lock.json"));
  if (!locked) throw new Error("package-lock.json is missing or unreadable; it is part of the checkout.");
  if (!present) return false;
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === "" || wanted.optional || wanted.devOptional) return true; // other platforms' binaries
    if (wanted.dev && !development) return true;
    return present[path]?.version === wanted.version && present[path]?.integrity === wanted.integrity;
  });
}

/**
 * Installs what the lock says, with its hashes. Not `npm ci`: that refuses a lock without an entry for every platform's
 * optional binaries, and not every registry mirror has them all (docs/decisions/0002). No package script ever runs.
 */
export async function install() {
  console.error("Installing the packages of package-lock.json (once, a minute or so) …");
  const npm = process.env.npm_execpath; // the npm that runs us, when there is one
  const [command, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  const child = spawn(command, [...first, "install", ...OPTIONS], { cwd: root, stdio: ["ignore", 2, 2] });
  const code = await stopWithChild(child);
  if (code !== 0) {
    console.error(
      `npm install ended with ${code}. Eira needs the packages; see the messages above (network? rights to ${root}?).`,
    );
    process.exit(1);
  }
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
