/** For tests: data directories that are removed afterwards, child processes that tell lines of JSON, and clients. */
import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { databaseAccount, spawnAs } from "../account.ts";
import { findPostgresPackage, installBinaries } from "../binaries.ts";
import { removeEmbedded, startEmbedded, type Connection, type EmbeddedServer } from "../index.ts";
import {
  existingInstance,
  giveFolder,
  prepareDataDir,
  prepareSystemDirectory,
  SYSTEM_DIRECTORY,
} from "../placement.ts";
import { programOf } from "../../testing/program.ts";
import { readPostmasterFile } from "../postmaster-file.ts";
import { runningPostmaster, stopPostmaster } from "../postmaster.ts";

export const isRoot = process.getuid?.() === 0;

/** A fresh data directory for one test; its database is stopped and deleted afterwards, wherever it lies. */
export async function freshDataDir(t: TestContext, parent: "open" | "private" = "open"): Promise<string> {
  const folder = await freshFolder();
  if (parent === "open") await chmod(folder, 0o755); // as mkdtemp makes it, only its owner may enter
  const dataDir = join(folder, "eira");
  t.after(async () => {
    await discard(dataDir);
    await rm(folder, { recursive: true, force: true });
  });
  return dataDir;
}

/** As freshDataDir, with a database already in it: a copy of one made once per test file, for tests that are not about making it. */
export async function readyDataDir(t: TestContext): Promise<string> {
  const dataDir = await freshDataDir(t);
  await mkdir(dataDir);
  // As cp does it, with owners: the files belong to the database's account.
  execFileSync("cp", ["-a", join(await (template ??= makeTemplate()), "data"), dataDir]);
  return dataDir;
}

let template: Promise<string> | undefined;

async function makeTemplate(): Promise<string> {
  const folder = await freshFolder();
  await chmod(folder, 0o755);
  const dataDir = join(folder, "eira");
  const server = await startEmbedded({ dataDir });
  await server.stop();
  return dataDir;
}

after(async () => {
  const dataDir = await template;
  if (dataDir !== undefined) await rm(dirname(dataDir), { recursive: true });
});

/** An empty folder that the test removes itself, or leaves to `t`. */
export async function freshFolder(t?: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "eira-emb-"));
  t?.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Stops and deletes the database of a data directory. */
export async function discard(dataDir: string): Promise<void> {
  const instance = await existingInstance(await prepareDataDir(dataDir)).catch(() => undefined);
  const postmaster = instance && (await runningPostmaster(instance));
  if (postmaster !== undefined) await stopPostmaster(postmaster, "immediate");
  await removeEmbedded(dataDir).catch(() => undefined);
}

/** A server as a careless administrator might run it: these arguments after those that it needs. Gone after the test. */
export async function carelessServer(t: TestContext, args: readonly string[]): Promise<Connection> {
  const folder = await freshFolder();
  const account = databaseAccount();
  if (isRoot) await prepareSystemDirectory();
  const binaries = await installBinaries(await findPostgresPackage(), isRoot ? SYSTEM_DIRECTORY : folder);
  await chmod(folder, 0o755);
  const home = join(folder, "home");
  await giveFolder(home, account);
  const data = join(home, "data");
  const made = spawnAs(account, binaries.initdb, [
    "-D",
    data,
    "-U",
    "eira",
    "-A",
    "trust",
    "--no-data-checksums",
    "--no-sync",
  ]);
  assert.deepEqual(await once(made, "close"), [0, null]);
  const server = spawnAs(account, binaries.postgres, [
    "-D",
    data,
    "-c",
    "listen_addresses=",
    "-c",
    `unix_socket_directories=${home}`,
    ...args,
  ]);
  t.after(async () => {
    const closed = once(server, "close");
    server.kill("SIGQUIT");
    await closed;
    await rm(folder, { recursive: true, force: true });
  });
  await eventually(async () => (await readPostmasterFile(data))?.status === "ready", "the careless server's start");
  return { host: home, port: 5432, user: "eira", database: "postgres" };
}

/** What a child of `supervised-child.ts` tells. */
export interface Told {
  readonly ownership?: string;
  readonly pid?: number;
  readonly written?: number;
  readonly ended?: boolean;
}

export interface SupervisedChild {
  readonly process: ChildProcess;
  readonly told: Told[];
  /** The first thing told that has this property; waits for it. */
  next(property: keyof Told): Promise<Told>;
  say(word: string): void;
  exited: Promise<void>;
}

/** Another Node process that starts the database of the directory. */
export function superviseElsewhere(
  t: TestContext,
  dataDir: string,
  identity: { uid?: number; gid?: number } = {},
): SupervisedChild {
  const script = programOf(new URL("supervised-child.ts", import.meta.url));
  const child = spawn(process.execPath, [...script, dataDir], {
    stdio: ["pipe", "pipe", "inherit"],
    ...identity,
  });
  const told: Told[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => told.push(JSON.parse(line) as Told));
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  t.after(() => void child.kill("SIGKILL"));
  const next = async (property: keyof Told): Promise<Told> => {
    for (;;) {
      const found = told.find((line) => property in line);
      if (found !== undefined) return found;
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the child ended without telling ${property}`);
      await sleep(10);
    }
  };
  return { process: child, told, next, say: (word) => void child.stdin.write(`${word}\n`), exited };
}

/** Does one thing on a connection of its own. */
export async function withClient<T>(connection: Connection, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection);
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The first column of the first row. */
export async function one(server: EmbeddedServer, sql: string, values: unknown[] = []): Promise<unknown> {
  return withClient(server.connection, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(sql, values);
    return Object.values(rows[0] ?? {})[0];
  });
}

/** Waits until it holds; fails after ten seconds. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await holds()); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`);
  }
}
