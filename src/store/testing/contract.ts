/**
 * The frame of the store's contract suite: the same tests on every PostgreSQL that we support, the embedded one and the
 * external one of this system. A test gets a database of its own, which is dropped after it.
 */
import { generateKeyPairSync } from "node:crypto";
import { after } from "node:test";
import { Store, type StoreOptions } from "../store.ts";
import { Connection, type Row } from "../connection.ts";
import { externalPostgres } from "./external-postgres.ts";
import { keptDatabase } from "./kept-database.ts";
import { migratedTemplate } from "./migrated.ts";
import { testDatabase, type TestDatabase } from "./test-database.ts";
import { testServer, type TestServer } from "./test-server.ts";

/** What cleaning up waits for the end of: a test, or the whole file. */
type Scope = { after(work: () => Promise<unknown>): void };

/** One PostgreSQL that the suite runs on. */
export interface ContractPostgres {
  /** Part of the tests' titles: "embedded", "external 15". */
  readonly name: string;
  readonly server: TestServer;
  /** An empty database. */
  empty(t: Scope): Promise<TestDatabase>;
  /** A database with this build's schema. */
  migrated(t: Scope): Promise<TestDatabase>;
  /** A store on the file's database, in which nothing is left of the tests before. */
  store(t: Scope, options?: Partial<StoreOptions>): Promise<StoreOfTest>;
  /** Another database of the file, in which nothing is left either: to restore into. */
  spare(): Promise<TestDatabase>;
  /** The file's store, with whatever other tests have left, for tests that mind only their own rows. */
  shared(): Promise<StoreOfTest>;
}

export interface StoreOfTest {
  readonly store: Store;
  readonly database: TestDatabase;
  /** Runs a statement as the database's owner, past row-level security: for looking and for doing harm. */
  sql<T = Row>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

/** The tables that the suite writes. Emptying them takes a moment, another clone of the template several seconds on a busy disk. */
const USED =
  "access_log access_log_head change_log change_reader client_token history hl7_channel hl7_received hl7_sent hl7_volume idempotency oauth_client oauth_state observation organization outbox patient session setting subscriber subscriber_event subscriber_line".split(
    " ",
  );

/** How the suite's own sessions are called, beside those of the stores that it looks at, which are called "eira". */
const LOOKER = "eira test";

/** The key that signs the access log of this test process. */
export const auditKey = generateKeyPairSync("ed25519").privateKey;

const cleanups: (() => Promise<unknown>)[] = [];
const file: Scope = { after: (work) => void cleanups.unshift(work) };
const servers: TestServer[] = [{ ...(await testServer()), name: "embedded" }];
const external = await externalPostgres();
if (external !== undefined) {
  servers.push(external.server);
  file.after(() => external.stop());
}
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

const everyPostgres: readonly ContractPostgres[] = servers.map((server) => contractPostgres(server));

/** Defines the tests once for each PostgreSQL; `other` is another kind when there is one. */
export function onEveryPostgres(define: (postgres: ContractPostgres, other: ContractPostgres) => void): void {
  for (const one of everyPostgres) define(one, everyPostgres.find((two) => two !== one) ?? one);
}

/** The same, and once more with a store that asks as if its rows were spread over several servers. */
export function onEveryPostgresAndSpread(define: (postgres: ContractPostgres, other: ContractPostgres) => void): void {
  onEveryPostgres(define);
  const [first] = servers;
  if (first === undefined) throw new Error("no PostgreSQL to test on");
  const spread = contractPostgres({ ...first, name: `${first.name}, spread` }, { spread: "here" });
  define(spread, spread);
}

function contractPostgres(server: TestServer, usual: Partial<StoreOptions> = {}): ContractPostgres {
  let shared: Promise<StoreOfTest> | undefined;
  let spare: Promise<Omit<StoreOfTest, "store">> | undefined;
  const migrated = async (t: Scope): Promise<TestDatabase> =>
    dropAfter(t, await keptDatabase(await migratedTemplate(server), server));
  const open = (): Promise<StoreOfTest> =>
    (shared ??= migrated(file).then((database) => storeOn(file, database, usual)));
  return {
    name: server.name,
    server,
    empty: async (t) => dropAfter(t, await testDatabase({ server })),
    migrated,
    store: async (t, options) => {
      const { database, sql } = await open();
      await empty(sql);
      return storeOn(t, database, { ...usual, ...options });
    },
    spare: async () => {
      const { database, sql } = await (spare ??= migrated(file).then(async (made) => ({
        database: made,
        sql: await sqlOf(file, made),
      })));
      await empty(sql);
      return database;
    },
    shared: open,
  };
}

/** Opens a store on a migrated database; closed after the test. */
export async function storeOn(
  t: Scope,
  database: TestDatabase,
  options: Partial<StoreOptions> = {},
): Promise<StoreOfTest> {
  const store = await Store.open({
    config: database.config,
    auditKey,
    clock: () => new Date(),
    connections: 8,
    ...options,
  });
  t.after(() => store.close());
  return { store, database, sql: await sqlOf(t, database) };
}

/** A connection as the owner, closed after the test. */
export async function ownerOf(t: Scope, { config }: TestDatabase): Promise<Connection> {
  const connection = await Connection.open({ ...config, application_name: LOOKER }, undefined);
  t.after(() => connection.close());
  return connection;
}

/** Statements as the owner, on one connection. */
export async function sqlOf(t: Scope, database: TestDatabase): Promise<StoreOfTest["sql"]> {
  const owner = await ownerOf(t, database);
  return (text, values = []) => owner.many({ text, values });
}

async function empty(sql: StoreOfTest["sql"]): Promise<void> {
  for (const table of USED) await sql(`DELETE FROM "${table}"`);
}

function dropAfter(t: Scope, database: TestDatabase): TestDatabase {
  t.after(() => database.drop());
  return database;
}
