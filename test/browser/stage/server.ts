/**
 * The real server, built from the sources as they are, on a free port and a database of the test file's own: a clone of one
 * into which the demonstration region was loaded, which takes a minute and is done once for each build and day.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureTemplate, testDatabase } from "../../../src/store/testing/index.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MAIN = join(ROOT, "dist/server/main.js");
const REGIONS = join(tmpdir(), `eira-browser-regions-${process.getuid?.() ?? 0}`);
const LONGEST_START_MS = 240_000;
const DAY_MS = 86_400_000;

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
export async function startServer(settings: NodeJS.ProcessEnv = {}): Promise<Server> {
  const running = process.env["EIRA_BROWSER_BASE"];
  if (running !== undefined)
    return { base: running, stop: async () => undefined, command: (...args) => runCommand(process.env, args) };
  build();
  const region = await regionOfFile();
  const { base, environment, child } = await serve(region, settings).catch(async (error: unknown) => {
    await region.remove();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await stopped(child);
    await region.remove();
  };
  return { base, stop, command: (...args) => runCommand(environment, args) };
}

type Region = { readonly dataDir: string; readonly databaseUrl: string };
type Serving = { readonly base: string; readonly environment: NodeJS.ProcessEnv; readonly child: ChildProcess };

async function serve({ dataDir, databaseUrl }: Region, settings: NodeJS.ProcessEnv = {}): Promise<Serving> {
  const port = await freePort();
  const environment = {
    ...process.env,
    EIRA_PORT: String(port),
    EIRA_DATA_DIR: dataDir,
    EIRA_DEMO: "1",
    EIRA_CALLS_A_MINUTE: "100000", // one person walks through many screens at a time here
    DATABASE_URL: databaseUrl,
    ...settings,
  };
  const child = spawn(process.execPath, [MAIN, "serve"], {
    cwd: ROOT,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    await isReady(child);
  } catch (error) {
    await stopped(child);
    throw error;
  }
  return { base: `http://127.0.0.1:${port}`, environment, child };
}

function runCommand(environment: NodeJS.ProcessEnv, args: readonly string[]): void {
  const ran = spawnSync(process.execPath, [MAIN, ...args], { cwd: ROOT, env: environment, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`${args.join(" ")} failed\n${ran.stderr}`);
}

/** Builds what is older than its sources; a whole run has done so before its first test. */
function build(): void {
  if (process.env["EIRA_BUILT_TESTS"] !== undefined) return;
  const built = spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs"), "server", "web"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(`the build failed\n${built.stdout}${built.stderr}`);
}

/** A copy of the loaded region: its database, and the folder with its keys, which the access log in it is signed with. */
async function regionOfFile(): Promise<Region & { readonly remove: () => Promise<void> }> {
  const day = new Date().toISOString().slice(0, 10);
  const name = createHash("sha256").update(readFileSync(MAIN)).update(day).digest("hex").slice(0, 16);
  const keys = join(REGIONS, name);
  const template = await ensureTemplate(`region_${name}_${idOf(keys)}`, async ({ connectionString = "" }) => {
    const { child } = await serve({ dataDir: join(keys, "data"), databaseUrl: connectionString });
    await stopped(child);
  });
  removeOld();
  const { url, drop } = await testDatabase({ template });
  const own = mkdtempSync(join(tmpdir(), "eira-browser-"));
  cpSync(join(keys, "data"), own, { recursive: true });
  const remove = async (): Promise<void> => {
    rmSync(own, { recursive: true, force: true });
    await drop();
  };
  return { dataDir: own, databaseUrl: url, remove };
}

/** Tells this folder from another of the same name, whose keys are gone: whoever comes first gives it its number. */
function idOf(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const [file, draft] = [join(folder, "id"), join(folder, `id-${process.pid}`)];
  writeFileSync(draft, randomBytes(4).toString("hex"));
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, "utf8");
}

function removeOld(): void {
  for (const name of readdirSync(REGIONS)) {
    const folder = join(REGIONS, name);
    if (Date.now() - statSync(folder).mtimeMs > 2 * DAY_MS) rmSync(folder, { recursive: true, force: true });
  }
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
