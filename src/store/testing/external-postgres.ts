/**
 * The PostgreSQL of this system (Debian's packages), started as an administrator would offer it to Eira: by TCP, with
 * a password, and a role that is no superuser. The store's contract suite runs on it besides the embedded one. SPEC TDB-8.
 */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { databaseAccount, spawnAs, type Account } from "../embedded/account.ts";
import { giveFolder } from "../embedded/placement.ts";
import { readPostmasterFile } from "../embedded/postmaster-file.ts";
import { commandLine, processStart } from "../embedded/processes.ts";
import { testFolder, type TestServer } from "./test-server.ts";

/** A running PostgreSQL of this system. */
export interface ExternalPostgres {
  readonly server: TestServer;
  readonly major: number;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

interface Installed {
  readonly bin: string;
  readonly major: number;
}

const OLDEST = 15;
const ROLE = "region_owner";
const START_LIMIT_MS = 30_000;

/** Starts the newest PostgreSQL under `root`; undefined, and said aloud, when there is none of version 15 or newer. Throws where CI is true. */
export async function externalPostgres(root = "/usr/lib/postgresql"): Promise<ExternalPostgres | undefined> {
  const installed = newestIn(root);
  if (installed !== undefined) return start(installed);
  const message = `no PostgreSQL ${OLDEST} or newer in ${root}: nothing was tested on an external server`;
  if (process.env["CI"] === "true") throw new Error(message);
  console.warn(message);
  return undefined;
}

function newestIn(root: string): Installed | undefined {
  const names = existsSync(root) ? readdirSync(root) : [];
  const found = names.map((name) => ({ bin: join(root, name, "bin"), major: Number(name) }));
  return found
    .filter(({ bin, major }) => major >= OLDEST && existsSync(join(bin, "initdb")))
    .toSorted((a, b) => b.major - a.major)[0];
}

async function start({ bin, major }: Installed): Promise<ExternalPostgres> {
  await removeLeftovers();
  const account = databaseAccount();
  const folder = join(
    testFolder(),
    `external-${process.pid}-${processStart(process.pid) ?? "x"}-${randomBytes(3).toString("hex")}`,
  );
  await mkdir(folder);
  const home = join(folder, "home");
  await giveFolder(home, account);
  await finished(
    spawnAs(
      account,
      join(bin, "initdb"),
      [
        "-D",
        join(home, "data"),
        "-U",
        "postgres",
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
        "-E",
        "UTF8",
        "--locale=C",
        "-k",
        "-N",
      ],
      { stdio: ["ignore", "ignore", "inherit"] },
    ),
  );
  const { process: postgres, port } = await launch(account, bin, home);
  const kill = (): void => void postgres.kill("SIGQUIT");
  process.once("exit", kill);
  return {
    server: { name: `external ${major}`, url: await makeOwner(home, port) },
    major,
    stop: async () => {
      process.off("exit", kill);
      postgres.ref();
      const closed = once(postgres, "close");
      kill();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The port is free when we look and may be taken when PostgreSQL comes: then another. */
async function launch(account: Account, bin: string, home: string): Promise<{ process: ChildProcess; port: number }> {
  for (const deadline = Date.now() + START_LIMIT_MS; ;) {
    const port = await freePort();
    const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${home}`, "max_connections=200"];
    const child = spawnAs(
      account,
      join(bin, "postgres"),
      ["-D", join(home, "data"), "-p", String(port), ...settings.flatMap((each) => ["-c", each])],
      { stdio: "ignore" },
    );
    while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      if ((await readPostmasterFile(join(home, "data")))?.status === "ready") {
        child.unref();
        return { process: child, port };
      }
      await sleep(20);
    }
    if (Date.now() > deadline) throw new Error(`${bin}/postgres did not start`);
  }
}

async function makeOwner(home: string, port: number): Promise<string> {
  const password = randomBytes(12).toString("hex");
  const client = new pg.Client({ host: home, port, user: "postgres", database: "postgres" });
  await client.connect();
  try {
    await client.query(`create role ${ROLE} login nosuperuser createdb createrole password '${password}'`);
    await client.query(`create database ${ROLE} owner ${ROLE}`);
  } finally {
    await client.end();
  }
  return `postgresql://${ROLE}:${password}@127.0.0.1:${port}/${ROLE}`;
}

/** Of processes that were killed: their server may still run. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(testFolder())) {
    const [, pid, begun] = /^external-(\d+)-([^-]+)-/.exec(name) ?? [];
    if (pid === undefined || processStart(Number(pid)) === begun) continue;
    const folder = join(testFolder(), name);
    const data = join(folder, "home", "data");
    const left = await readPostmasterFile(data).catch(() => undefined);
    if (left !== undefined && commandLine(left.pid).includes(data)) {
      process.kill(left.pid, "SIGQUIT");
      while (processStart(left.pid) !== undefined) await sleep(20);
    }
    await rm(folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

async function finished(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${code}`);
}
