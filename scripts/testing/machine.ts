/**
 * What the machine must have besides Node for some parts: a Chromium for the browser tests, and PostgreSQL's own
 * programs for the contract suite on an external server. On Debian as root they are installed; elsewhere it is said how.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../checks/check.ts";

const SHELL = "/usr/bin/chromium-headless-shell";
const CHROMIUM = [SHELL, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The Chromium to test with: EIRA_CHROMIUM, or the system's, first the one that has no windows to draw. */
export function findChromium(environment: NodeJS.ProcessEnv): string | undefined {
  const named = environment["EIRA_CHROMIUM"];
  return [...(named === undefined ? [] : [named]), ...CHROMIUM].find((path) => existsSync(path));
}

/** Installs the Debian packages that are missing when that is possible; says what to do when it is not. */
export function prepareMachine(environment: NodeJS.ProcessEnv): void {
  const lacksChromium = findChromium(environment) === undefined;
  const lacksPostgres = !existsSync("/usr/lib/postgresql") && environment["EIRA_TEST_DATABASE_URL"] === undefined;
  if (!lacksChromium && !lacksPostgres) return;
  const isDebianRoot = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (isDebianRoot) {
    console.log("Installing Chromium, fonts and PostgreSQL for the tests (apt-get, once) …");
    spawnSync(join(root, "scripts/testing/debian-packages"), { stdio: ["ignore", "inherit", "inherit"] });
  }
  if (findChromium(environment) === undefined) {
    console.log("There is no Chromium for the browser tests. Install one and run again:");
    console.log(
      "  sudo apt-get install chromium-headless-shell fonts-liberation    (or set EIRA_CHROMIUM to its path)",
    );
  }
}
