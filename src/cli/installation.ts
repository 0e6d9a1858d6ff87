/**
 * An installation on this machine: its database (embedded or external), its schema, and the key that signs the access
 * log. Every command works on it the same way.
 *
 * SPEC CLI-INSTALL
 */
import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { doorRulesIn, USUAL_DOOR_RULES, type DoorRules } from "../access/index.ts";
import { medicationCheck } from "../clinical/index.ts";
import { ledgerAlong } from "../loop/index.ts";
import type { JournalOptions } from "../journal/index.ts";
import { JobFiles, migrate, migrateSpread, startEmbedded, Store, type ConnectionConfig } from "../store/index.ts";
import type { Invocation } from "./command.ts";
import type { Config } from "./config.ts";
import { knownPersonsAt } from "./known-persons.ts";

export type Database = {
  readonly config: ConnectionConfig;
  readonly embedded: boolean;
  /** Lets go of the database; an embedded one that nobody else uses is stopped. */
  readonly close: () => Promise<void>;
  /** Calls back when an embedded server has ended without being asked to. */
  readonly onExit: (callback: () => void) => void;
};

/** Starts or joins the database. */
export async function openDatabase({ config, terminal }: Pick<Invocation, "config" | "terminal">): Promise<Database> {
  if (config.databaseUrl !== undefined) {
    return {
      config: { connectionString: config.databaseUrl },
      embedded: false,
      close: async () => undefined,
      onExit: () => undefined,
    };
  }
  const server = await startEmbedded({ dataDir: resolve(config.dataDir), log: (line) => terminal.tell(line) });
  return {
    config: server.connection,
    embedded: true,
    close: () => server.stop("if-unused"),
    onExit: (callback) => server.onExit(callback),
  };
}

/** Brings the database to this build's schema, on one server or spread over several as the settings say. */
export function migrateAs({ citus }: Pick<Config, "citus">, database: Pick<Database, "config">): Promise<number[]> {
  return citus ? migrateSpread(database.config) : migrate(database.config);
}

/** Opens the migrated store; `connections` is the size of its pool. */
export function openStore(
  config: Config,
  database: Pick<Database, "config">,
  clock: () => Date,
  connections?: number,
): Promise<Store> {
  const spread = config.citus ? "citus" : undefined;
  return Store.open({ config: database.config, auditKey: auditKey(config.dataDir), clock, connections, spread });
}

/** Brings up database, schema and store for one command, and puts them down afterwards. */
export async function withStore<T>(invocation: Invocation, work: (store: Store) => Promise<T>): Promise<T> {
  const database = await openDatabase(invocation);
  try {
    await migrateAs(invocation.config, database);
    const store = await openStore(invocation.config, database, invocation.clock);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  } finally {
    await database.close();
  }
}

/** What the journal works with in this installation. */
export function journalOptions(config: Config, store: Store, clock: () => Date): JournalOptions {
  return {
    store,
    clock,
    random: pooledRandom(),
    referentialIntegrity: config.referentialIntegrity,
    lockDays: config.lockDays,
    base: baseOf(config),
    doorRules: doorRulesAt(config.doorRules),
    knownPersons: knownPersonsAt(config.knownPersons),
    along: ledgerAlong,
    check: medicationCheck,
    files: new JobFiles(join(resolve(config.dataDir), "jobs")),
  };
}

/** Errors: an Error that names the file and what is wrong in it; with it no server starts. */
export function doorRulesAt(file: string | undefined): DoorRules {
  if (file === undefined) return USUAL_DOOR_RULES;
  try {
    return doorRulesIn(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new Error(`EIRA_DOOR_RULES: ${file} cannot be used. ${(error as Error).message}`, { cause: error });
  }
}

const POOL_BYTES = 8192;

/** Bytes from the system's source, fetched many at a time: to ask for ten costs as much as to ask for thousands. */
function pooledRandom(): (bytes: number) => Uint8Array {
  let pool = randomBytes(POOL_BYTES);
  let used = 0;
  return (bytes) => {
    if (bytes > POOL_BYTES) return randomBytes(bytes);
    if (used + bytes > POOL_BYTES) [pool, used] = [randomBytes(POOL_BYTES), 0];
    used += bytes;
    return pool.subarray(used - bytes, used);
  };
}

/** The absolute FHIR base. */
export function baseOf(config: Config): string {
  return config.base ?? `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${config.port}/fhir/R4`;
}

/** The file of the access log's key, in the data directory. */
export const AUDIT_KEY = "audit-key.pem";

/**
 * The key that signs the access log, made on the first call. It lies beside the database, not in it, readable by its
 * owner only; whoever can change the log's rows does not thereby get the key.
 */
export function auditKey(dataDir: string): KeyObject {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, AUDIT_KEY);
  const fresh = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  try {
    const file = openSync(path, "wx", 0o600);
    writeSync(file, fresh);
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return createPrivateKey(readFileSync(path));
}
