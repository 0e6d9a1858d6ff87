/**
 * A real server on a data directory of its own, to be killed: this very program, and the PostgreSQL that it started.
 *
 * SPEC DRILL-KILL
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { migrate, startEmbedded, type Store } from "../../store/index.ts";
import type { Invocation } from "../command.ts";
import type { Config } from "../config.ts";
import { freePort } from "../free-port.ts";
import { openDatabase, openStore } from "../installation.ts";
import type { Service } from "./writer.ts";

const START_LIMIT_MS = 60_000;
const DAY_MS = 86_400_000;

/** An empty folder that the account of the database can reach. */
export function drillFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "eira-drill-"));
  chmodSync(folder, 0o755);
  return folder;
}

export class DrillServer {
  readonly service: Service;
  readonly dataDir: string;
  private readonly invocation: Invocation;
  private readonly port: number;
  private child: ChildProcess | undefined;
  /** The server's last words. */
  private said = "";

  private constructor(invocation: Invocation, dataDir: string, port: number, token: string) {
    this.dataDir = dataDir;
    this.port = port;
    this.service = { base: `http://127.0.0.1:${port}/fhir/R4`, token };
    const config = { ...invocation.config, dataDir, databaseUrl: undefined, citus: false, demo: false, port };
    this.invocation = { ...invocation, config };
  }

  /** The settings of the installation that the server runs. */
  get config(): Config {
    return this.invocation.config;
  }

  /** Makes the database and a client of it, and starts the server. */
  static async start(invocation: Invocation, dataDir: string): Promise<DrillServer> {
    const token = randomBytes(32).toString("base64url");
    const server = new DrillServer(invocation, dataDir, await freePort(), token);
    const client = { client: "drill", scope: "system/*.cruds", careProvider: "DRILL", careUnit: "DRILL" };
    await server.withStore((store) => store.addClient(token, client, new Date(invocation.clock().getTime() + DAY_MS)));
    await server.run();
    return server;
  }

  /** Works on the database beside the server. */
  async withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
    const database = await openDatabase(this.invocation);
    try {
      await migrate(database.config);
      const store = await openStore(this.invocation.config, database, this.invocation.clock, 2);
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    } finally {
      await database.close();
    }
  }

  /** Starts the server and waits until it is ready. Errors: an Error with its last words when it ends instead. */
  async run(): Promise<void> {
    const { command, environment } = this.invocation.self;
    const [program = "", ...args] = command;
    const env = {
      ...environment,
      EIRA_DATA_DIR: this.dataDir,
      EIRA_PORT: String(this.port),
      EIRA_HOST: "127.0.0.1",
      EIRA_DEMO: "0",
      EIRA_WORKERS: "1",
      DATABASE_URL: undefined,
    };
    const child = spawn(program, [...args, "serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    this.said = "";
    const hear = (part: Buffer): void => void (this.said = (this.said + part.toString("utf8")).slice(-2000));
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    for (const deadline = Date.now() + START_LIMIT_MS; !this.said.includes("Eira ready"); await sleep(20)) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server ended. ${this.said}`);
      if (Date.now() > deadline) throw new Error(`The server did not become ready. ${this.said}`);
    }
  }

  /** Waits until the server says that it is ready, after its database was killed. */
  async recovers(): Promise<void> {
    const ready = `http://127.0.0.1:${this.port}/readyz`;
    for (const deadline = Date.now() + START_LIMIT_MS; Date.now() < deadline && this.isRunning(); await sleep(50)) {
      const answer = await fetch(ready, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
      await answer?.text();
      if (answer?.status === 200) return;
    }
    throw new Error(`The server did not bring its database up again. ${this.said}`);
  }

  /** The process that all of this data directory's PostgreSQL hangs on. */
  async postmaster(): Promise<number> {
    const joined = await startEmbedded({ dataDir: this.dataDir });
    await joined.stop("if-unused"); // the server uses it
    return joined.pid;
  }

  killServer(): void {
    this.child?.kill("SIGKILL");
  }

  /** True while the server's process lives. */
  isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  async gone(): Promise<void> {
    if (this.isRunning() && this.child !== undefined) await once(this.child, "exit");
  }

  /** Stops everything at once and removes the data. */
  async destroy(): Promise<void> {
    this.killServer();
    await this.gone();
    const left = await startEmbedded({ dataDir: this.dataDir });
    await left.stop("immediate");
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Ends a process that this drill started, as a power cut would. A process that is gone already is what was wanted. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
