/**
 * The embedded database's supervisor: brings up the PostgreSQL of a data directory, or joins the one that runs
 * there already, and stops it when the last user leaves. SPEC EMB.
 */
import { databaseAccount, type Account } from "./account.ts";
import { attach, connectionTo, withConnection, type Attachment, type Connection } from "./attachment.ts";
import { findPostgresPackage, installBinaries, type Binaries } from "./binaries.ts";
import { EmbeddedError } from "./embedded-error.ts";
import { initialiseIfEmpty } from "./initialise.ts";
import {
  abandonedInstances,
  placeInstance,
  prepareDataDir,
  prepareSocketDir,
  prepareSystemDirectory,
  SYSTEM_DIRECTORY,
  type Instance,
} from "./placement.ts";
import {
  becomesReady,
  isRunning,
  runningPostmaster,
  startPostmaster,
  stopPostmaster,
  type Postmaster,
} from "./postmaster.ts";
import { clusterName, defaultSharedBuffersMb, OWNER_ROLE, writeSettings, type Sizes } from "./settings.ts";
import { withStartLock } from "./start-lock.ts";
import { refuseOtherMachine, rememberStart } from "./whereabouts.ts";

/** What the supervisor is told. */
export interface EmbeddedOptions {
  /** The data directory (EIRA_DATA_DIR). */
  readonly dataDir: string;
  /** Receives a line where something unusual takes time or is put right. */
  readonly log?: (message: string) => void;
  /** The server's own cache; 256 MB, less on a small machine. */
  readonly sharedBuffersMb?: number;
  /** How many sessions the server takes; 100. */
  readonly maxConnections?: number;
}

/** "if-unused" stops the server only when no other Eira process uses it; the others stop it for all. */
export type StopMode = "if-unused" | "fast" | "immediate";

/** A running embedded database. */
export interface EmbeddedServer {
  readonly connection: Connection;
  /** Whether this call started the server or found it running. */
  readonly ownership: "started" | "adopted";
  readonly pid: number;
  /** Lets go of the server and stops it as told. Waits until it is gone (if it goes). A second call does nothing. */
  stop(mode?: StopMode): Promise<void>;
  /** Calls back once when the server has ended without our `stop`; `startEmbedded` then starts it anew. */
  onExit(callback: () => void): void;
}

interface Context {
  readonly dataDir: string;
  readonly account: Account;
  readonly log: (message: string) => void;
  readonly sizes: Sizes;
}

const DATABASE = "eira";

/**
 * Starts the database of the data directory, made on the first call, or joins the one that runs there. Returns when it
 * accepts connections, after recovery if it had been killed. Safe to call in many processes at once.
 * Throws EmbeddedError, with what to do, when this machine, user or directory does not allow it.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { log = () => undefined, sharedBuffersMb = defaultSharedBuffersMb(), maxConnections = 100 } = options;
  const account = databaseAccount();
  const dataDir = await prepareDataDir(options.dataDir);
  return withStartLock(dataDir, log, () =>
    bringUp({ dataDir, account, log, sizes: { sharedBuffersMb, maxConnections } }),
  );
}

async function bringUp(context: Context): Promise<EmbeddedServer> {
  const instance = await placeInstance(context.dataDir, context.account);
  await stopAbandoned(instance, context.log);
  const running = await adoptable(instance, context.log);
  const postmaster = running ?? (await start(instance, context));
  await ensureDatabase(instance);
  return embeddedServer(instance, postmaster, running ? "adopted" : "started", context.log);
}

async function start(instance: Instance, { account, log, sizes }: Context): Promise<Postmaster> {
  const binaries = await binariesFor(instance, account);
  await initialiseIfEmpty(instance, account, binaries);
  await refuseOtherMachine(instance);
  await writeSettings(instance, account, sizes);
  await prepareSocketDir(instance, account);
  await rememberStart(instance);
  return startPostmaster(instance, account, binaries, log);
}

/** For root, one copy for all instances, in a place that the account can reach; otherwise with the data. */
async function binariesFor(instance: Instance, account: Account): Promise<Binaries> {
  const pkg = await findPostgresPackage();
  if (!account.borrowed) return installBinaries(pkg, instance.home);
  try {
    await prepareSystemDirectory();
    return await installBinaries(pkg, SYSTEM_DIRECTORY);
  } catch (error) {
    if (error instanceof EmbeddedError || instance.home !== instance.dataDir) throw error;
    return installBinaries(pkg, instance.home); // a root file system that is read-only, with a volume for the data
  }
}

/** The server that runs on our data and answers on our socket; one that does not answer as ours is stopped in order. */
async function adoptable(instance: Instance, log: (message: string) => void): Promise<Postmaster | undefined> {
  const running = await runningPostmaster(instance);
  if (running === undefined) return refuseUnseenServer(instance);
  if (!(await becomesReady(instance, running, log))) return undefined;
  if ((await dataDirectoryServed(instance)) === instance.data) return running;
  log(
    `the running database of ${instance.dataDir} does not answer there (moved, or its socket removed); restarting it`,
  );
  await stopPostmaster(running, "fast");
  return undefined;
}

/** A server of another container on the same volume: its process is out of sight, its socket is not. */
async function refuseUnseenServer(instance: Instance): Promise<undefined> {
  const served = await dataDirectoryServed(instance).catch(() => "?");
  if (served === undefined) return undefined;
  throw new EmbeddedError(
    `Another system (a container, perhaps) runs a database on ${instance.data}. Stop it first: two servers on one directory would destroy it.`,
  );
}

async function dataDirectoryServed(instance: Instance): Promise<string | undefined> {
  return withConnection(connectionTo(instance, "postgres"), async (client) => {
    const { rows } = await client.query<{ data: string; cluster: string }>(
      "select current_setting('data_directory') as data, current_setting('cluster_name') as cluster",
    );
    return rows[0]?.cluster === clusterName(instance) ? rows[0].data : "?";
  });
}

/** A deleted data directory leaves its database elsewhere, perhaps running: that is stopped, never removed. */
async function stopAbandoned(current: Instance, log: (message: string) => void): Promise<void> {
  for (const instance of await abandonedInstances(current)) {
    log(`${instance.home} holds the database of a deleted ${current.dataDir}; delete it when nobody needs it`);
    const postmaster = await runningPostmaster(instance);
    if (postmaster !== undefined) await stopPostmaster(postmaster, "fast");
  }
}

async function ensureDatabase(instance: Instance): Promise<void> {
  await withConnection(connectionTo(instance, "postgres"), async (client) => {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (rowCount !== 0) return;
    // Errors of our statements reach us as errors; in the server's log their texts could hold a patient's data.
    await client.query(`alter role ${OWNER_ROLE} set log_min_messages = 'log'`);
    await client.query(`create database ${DATABASE}`);
  });
}

async function embeddedServer(
  instance: Instance,
  postmaster: Postmaster,
  ownership: EmbeddedServer["ownership"],
  log: (message: string) => void,
): Promise<EmbeddedServer> {
  let ended = false;
  let stopping: Promise<void> | undefined;
  const listeners = new Set<() => void>();
  const attachment = await attach(instance, postmaster, DATABASE, () => {
    ended = true;
    for (const listener of listeners) listener();
  });
  return {
    connection: connectionTo(instance, DATABASE),
    ownership,
    pid: postmaster.pid,
    stop: (mode = "if-unused") => (stopping ??= stop({ instance, postmaster, attachment, log }, mode)),
    onExit: (callback) => {
      if (ended) queueMicrotask(callback);
      else listeners.add(callback);
    },
  };
}

interface Held {
  readonly instance: Instance;
  readonly postmaster: Postmaster;
  readonly attachment: Attachment;
  readonly log: (message: string) => void;
}

/** Under the start lock, so that nobody joins between the look at who else is there and the stop. */
async function stop({ instance, postmaster, attachment, log }: Held, mode: StopMode): Promise<void> {
  await withStartLock(instance.dataDir, log, async () => {
    const isWanted = mode === "if-unused" && isRunning(postmaster) && (await attachment.others()) > 0;
    await attachment.release();
    if (!isWanted && isRunning(postmaster))
      await stopPostmaster(postmaster, mode === "immediate" ? "immediate" : "fast");
  });
}
