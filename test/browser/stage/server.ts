/**
 * The real server, built from the sources as they are, on a free port. The demonstration region takes a minute to load,
 * so its data folder is kept between test files and runs, under the hash of the server that loaded it and the day. Two
 * files at once never share one: there are two to be kept, and a third would load a region of its own and remove it afterwards.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MAIN = join(ROOT, "dist/server/main.js");
const REGIONS = join(tmpdir(), "eira-browser-tests");
/** Two files run at a time, each on a region that is kept. */
const SEATS = ["", "-2"];
const LOADED = "loaded";
const LOCK = "lock";
const LONGEST_START_MS = 240_000;

export type Server = {
  readonly base: string;
  readonly stop: () => Promise<void>;
  /** Runs a command of the command line on the same installation. */
  readonly command: (...args: string[]) => void;
};

/**
 * Starts the server on the demonstration region and waits until it says that it is ready. While screens are being made,
 * EIRA_BROWSER_BASE names one that runs already.
 */
export async function startServer(): Promise<Server> {
  const running = process.env["EIRA_BROWSER_BASE"];
  if (running !== undefined)
    return { base: running, stop: async () => undefined, command: (...args) => runCommand(process.env, args) };
  build();
  const region = takeRegion();
  const port = await freePort();
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    EIRA_PORT: String(port),
    EIRA_DATA_DIR: join(region.folder, "data"),
    EIRA_DEMO: "1",
  };
  delete environment["DATABASE_URL"];
  const child = spawn(process.execPath, [MAIN, "serve"], {
    cwd: ROOT,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    await isReady(child);
  } catch (error) {
    await stopped(child);
    region.release();
    throw error;
  }
  writeFileSync(join(region.folder, LOADED), "");
  const stop = async (): Promise<void> => {
    await stopped(child);
    region.release();
  };
  return { base: `http://127.0.0.1:${port}`, stop, command: (...args) => runCommand(environment, args) };
}

function runCommand(environment: NodeJS.ProcessEnv, args: readonly string[]): void {
  const ran = spawnSync(process.execPath, [MAIN, ...args], { cwd: ROOT, env: environment, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`${args.join(" ")} failed\n${ran.stderr}`);
}

/** Builds what is older than its sources. */
function build(): void {
  const built = spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs"), "server", "web"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(`the build failed\n${built.stdout}${built.stderr}`);
}

type Region = { readonly folder: string; readonly release: () => void };

/** The folder of this server's region, or a fresh one when somebody else is using that. */
function takeRegion(): Region {
  const day = new Date().toISOString().slice(0, 10);
  const name = createHash("sha256").update(readFileSync(MAIN)).update(day).digest("hex").slice(0, 16);
  const folder = SEATS.map((seat) => join(REGIONS, `${name}${seat}`)).find((one) => {
    mkdirSync(one, { recursive: true });
    return isLocked(one);
  });
  if (folder === undefined) {
    const own = mkdtempSync(join(tmpdir(), "eira-browser-own-"));
    return { folder: own, release: () => rmSync(own, { recursive: true, force: true }) };
  }
  // A loading that was cut short is begun again.
  if (!existsSync(join(folder, LOADED))) rmSync(join(folder, "data"), { recursive: true, force: true });
  for (const other of readdirSync(REGIONS)) if (!other.startsWith(name)) removeUnused(join(REGIONS, other));
  return { folder, release: () => rmSync(join(folder, LOCK), { force: true }) };
}

/** Takes the folder's lock: true when it is ours now. The lock of a process that is gone counts for nothing. */
function isLocked(folder: string): boolean {
  const lock = join(folder, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return true;
    } catch {
      if (isAlive(Number(readFileSync(lock, "utf8")))) return false;
      rmSync(lock, { force: true });
    }
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch {
    return false;
  }
}

function removeUnused(folder: string): void {
  if (isLocked(folder)) rmSync(folder, { recursive: true, force: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

function isReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const tooLate = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`the server was not ready in time:\n${said.slice(-2000)}`));
    }, LONGEST_START_MS);
    const listen = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-20_000);
      if (!said.includes("Eira ready")) return;
      clearTimeout(tooLate);
      resolve();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => {
      clearTimeout(tooLate);
      reject(new Error(`the server ended with ${code}:\n${said.slice(-2000)}`));
    });
  });
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    const tooLate = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.once("exit", () => {
      clearTimeout(tooLate);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
