/**
 * The PostgreSQL of this system (Debian's packages), started as an administrator would offer it to Eira: by TCP, with
 * a password, and a role that is no superuser. The store's contract suite runs on it besides the embedded one. SPEC TDB-8.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { databaseAccount, spawnAs, type Account } from "../embedded/account.ts";
import { writeDurably } from "../embedded/durable-file.ts";
import { giveFolder } from "../embedded/placement.ts";
import { readPostmasterFile } from "../embedded/postmaster-file.ts";
import { commandLine, processStart } from "../embedded/processes.ts";
import { withStartLock } from "../embedded/start-lock.ts";
import { adminSession, type AdminSession } from "./admin-session.ts";
import { testFolder, type TestServer } from "./test-server.ts";

/** A running PostgreSQL of this system. */
export interface ExternalPostgres {
  readonly server: TestServer;
  readonly major: number;
  /** Lets go of it; the last process to do so stops it. Its databases stay for the next run. */
  stop(): Promise<void>;
}

interface Installed {
  readonly bin: string;
  readonly major: number;
}

const OLDEST = 15;
const ROLE = "region_owner";
const START_LIMIT_MS = 30_000;

/** Where it is looked for and kept; for the tests of this file. */
interface Whereabouts {
  readonly root?: string;
  readonly folder?: string;
}

/**
 * Starts or joins the newest PostgreSQL of this system; undefined, and said aloud, when there is none of version 15 or
 * newer. Throws where CI is true.
 */
export async function externalPostgres(where: Whereabouts = {}): Promise<ExternalPostgres | undefined> {
  const { root = "/usr/lib/postgresql", folder = "external" } = where;
  const installed = newestIn(root);
  if (installed !== undefined) return joinShared(installed, join(testFolder(), `${folder}-${installed.major}`));
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

/** One server for all test processes of this user; the first makes or starts it, the last to leave stops it. */
async function joinShared({ bin, major }: Installed, folder: string): Promise<ExternalPostgres> {
  const account = databaseAccount();
  await mkdir(folder, { recursive: true });
  const places = {
    bin,
    account,
    home: join(folder, "home"),
    data: join(folder, "home", "data"),
    urlFile: join(folder, "url"),
  };
  return withStartLock(folder, console.warn, async () => {
    if ((await runningPid(places)) === undefined) await start(places);
    const server = { name: `external ${major}`, url: await readFile(places.urlFile, "utf8") };
    const session = await adminSession(server); // from here on the others see that we use it
    return { server, major, stop: () => withStartLock(folder, console.warn, () => leave(places, session)) };
  });
}

interface Places {
  readonly bin: string;
  readonly account: Account;
  readonly home: string;
  readonly data: string;
  readonly urlFile: string;
}

async function leave(places: Places, session: AdminSession): Promise<void> {
  const others = await session.others();
  await session.close();
  const pid = await runningPid(places);
  if (others > 0 || pid === undefined) return;
  process.kill(pid, "SIGINT");
  while (processStart(pid) !== undefined) await sleep(20);
}

async function start(places: Places): Promise<void> {
  if (!existsSync(places.urlFile)) await make(places);
  const port = await launch(places);
  const url = existsSync(places.urlFile)
    ? new URL(await readFile(places.urlFile, "utf8"))
    : await makeOwner(places, port);
  url.port = String(port);
  await writeDurably(places.urlFile, url.href, 0o600);
}

async function make({ bin, account, home, data }: Places): Promise<void> {
  await rm(home, { recursive: true, force: true }); // without an owner's address it was never finished
  await giveFolder(home, account);
  const how = [
    "--auth-local=peer",
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--data-checksums",
    "--no-sync",
  ];
  const initdb = spawnAs(account, join(bin, "initdb"), ["-D", data, "-U", "postgres", ...how], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = (await once(initdb, "close")) as [number | null];
  if (code !== 0) throw new Error(`${bin}/initdb ended with ${code}`);
  await writeFile(join(data, "pg_hba.conf"), "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"); // the folder is closed to others
}

/** The port is free when we look and may be taken when PostgreSQL comes: then another. */
async function launch(places: Places): Promise<number> {
  const { bin, account, home, data } = places;
  for (const deadline = Date.now() + START_LIMIT_MS; Date.now() < deadline;) {
    const port = await freePort();
    const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${home}`, "max_connections=400"];
    const args = ["-D", data, "-p", String(port), ...settings.flatMap((each) => ["-c", each])];
    const child = spawnAs(account, join(bin, "postgres"), args, { detached: true, stdio: "ignore" });
    child.unref();
    while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      const file = await readPostmasterFile(data);
      if (file?.pid === child.pid && file?.status === "ready") return port;
      await sleep(20);
    }
  }
  throw new Error(`${bin}/postgres did not start in ${START_LIMIT_MS / 1000} s`);
}

async function makeOwner({ home }: Places, port: number): Promise<URL> {
  const password = randomBytes(12).toString("hex");
  const client = new pg.Client({ host: home, port, user: "postgres", database: "postgres" });
  await client.connect();
  try {
    await client.query(`create role ${ROLE} login nosuperuser createdb createrole password '${password}'`);
    await client.query(`create database ${ROLE} owner ${ROLE}`);
  } finally {
    await client.end();
  }
  return new URL(`postgresql://${ROLE}:${password}@127.0.0.1:${port}/${ROLE}`);
}

async function runningPid({ data }: Places): Promise<number | undefined> {
  const file = await readPostmasterFile(data).catch(() => undefined);
  return file !== undefined && commandLine(file.pid).includes(data) ? file.pid : undefined;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
