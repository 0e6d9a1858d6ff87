/**
 * One preparation at a time per checkout: two starts at once must not both install or write dist/. The lock is a
 * file that says who holds it; a holder that died, or has shown no sign of life for two minutes, loses it.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { dist } from "./paths.mjs";

const SILENT_MS = 120_000;
const lockFile = join(dist, ".preparing");

/** Runs the work while holding the lock; waits for another holder first. */
export async function withLock(work) {
  await take();
  const signOfLife = setInterval(() => utimesSync(lockFile, new Date(), new Date()), 5_000);
  const release = () => rmSync(lockFile, { force: true });
  process.once("exit", release);
  try {
    await work();
  } finally {
    clearInterval(signOfLife);
    process.off("exit", release);
    release();
  }
}

async function take() {
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  for (let tries = 0; !tryToCreate(mine); tries += 1) {
    if (tries === 0) console.error("Another command is preparing this checkout; waiting for it …");
    const holder = readHolder();
    if (holder && isGone(holder)) breakLock(holder.text);
    else await pause(200);
  }
}

function tryToCreate(text) {
  try {
    mkdirSync(dist, { recursive: true });
    writeFileSync(lockFile, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error;
    console.error(`Something has to be installed or built, and this user may not write to ${dist}.`);
    console.error("Run `npm run build` once as the user who owns the checkout, then try again.");
    return process.exit(1);
  }
}

function readHolder() {
  try {
    return { text: readFileSync(lockFile, "utf8"), seen: statSync(lockFile).mtimeMs };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isGone({ text, seen }) {
  if (Date.now() - seen > SILENT_MS) return true;
  if (text === "") return false; // just created, not written yet
  const { pid, host } = JSON.parse(text);
  return host === hostname() && !isAlive(pid);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM"; // someone else's process: alive
  }
}

/** Moves the dead holder's file aside; if a living one took its place between look and move, it is put back. */
function breakLock(expected) {
  const aside = `${lockFile}.${process.pid}`;
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (readFileSync(aside, "utf8") !== expected) linkSync(aside, lockFile);
  rmSync(aside);
}
