/**
 * A test process's connection to a server's administrative database: it makes and drops databases, and holds the
 * advisory locks that tell other processes what is in use. PostgreSQL releases them when the process dies.
 */
import { randomInt } from "node:crypto";
import { Socket } from "node:net";
import pg from "pg";
import type { TestServer } from "./test-server.ts";

/** A statement at a time; keeps the process alive only while one runs. */
export interface AdminSession {
  /** This process's number among the runs on the server; its databases carry it in their names. */
  readonly run: string;
  /** How many other processes have such a session on the server. */
  readonly others: () => Promise<number>;
  /** Ends it; the databases of this process are then free to be removed. */
  readonly close: () => Promise<void>;
  readonly query: (sql: string, values?: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const PREFIX = "eira_test_";
const APPLICATION = "eira tests ";
const RUN_LOCK = 0x65697272; // "eirr": the first of two keys, the second is the run's number

const OTHERS =
  "select count(*)::int as n from pg_stat_activity where starts_with(application_name, $1) and pid <> pg_backend_pid()";

const sessions = new Map<string, Promise<AdminSession>>();

/** The process's session on this server, opened on the first call; then also removes what dead runs left there. */
export function adminSession(server: TestServer): Promise<AdminSession> {
  const known = sessions.get(server.url);
  if (known !== undefined) return known;
  const opened = openSession(server);
  sessions.set(server.url, opened);
  return opened;
}

/** The name of the run's nth database. */
export function databaseName({ run }: AdminSession, n: number): string {
  return `${PREFIX}${run}_${n}`;
}

/**
 * Removes a database, whoever is connected. An owner without superuser rights may not end PostgreSQL's own workers (autovacuum), for
 * which `with (force)` asks too; without it PostgreSQL ends them by itself.
 */
export async function dropDatabase({ query }: Pick<AdminSession, "query">, name: string): Promise<void> {
  const drop = `drop database if exists ${pg.escapeIdentifier(name)}`;
  try {
    await query(`${drop} with (force)`);
  } catch (error) {
    if ((error as { code?: string }).code !== NOT_ALLOWED) throw error;
    await endSessions({ query }, name);
    await query(drop);
  }
}

/** Ends the sessions of whoever is connected to the database. */
export async function endSessions({ query }: Pick<AdminSession, "query">, name: string): Promise<void> {
  await query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
    [name],
  );
}

const NOT_ALLOWED = "42501";

async function openSession(server: TestServer): Promise<AdminSession> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: server.url,
    application_name: `${APPLICATION}${process.pid}`,
    stream: () => socket,
  });
  client.on("error", () => undefined); // the next statement tells
  await client.connect();
  socket.unref();
  const query = oneAtATime(client, socket);
  // Advisory locks belong to one database: runs that administer from another one are left to themselves.
  const [place] = await query("select oid::text from pg_database where datname = current_database()");
  const number = randomInt(1, 2 ** 31);
  await query("select pg_advisory_lock($1, $2)", [RUN_LOCK, number]);
  const session: AdminSession = {
    run: `${String(place?.["oid"])}_${number}`,
    query,
    others: async () => Number((await query(OTHERS, [APPLICATION]))[0]?.["n"]),
    close: async () => {
      sessions.delete(server.url);
      socket.ref();
      await client.end().catch(() => undefined);
    },
  };
  await dropDeadRuns(session, String(place?.["oid"]), number);
  return session;
}

function oneAtATime(client: pg.Client, socket: Socket): AdminSession["query"] {
  let running = 0;
  let last: Promise<unknown> = Promise.resolve();
  const one = async (
    sql: string,
    values: readonly unknown[],
  ): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
    return rows;
  };
  return async (sql, values = []) => {
    if (running++ === 0) socket.ref();
    const mine = last.then(() => one(sql, values));
    last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      if (--running === 0) socket.unref();
    }
  };
}

/** A run whose lock can be had is dead. */
async function dropDeadRuns({ query }: AdminSession, place: string, own: number): Promise<void> {
  const found = await query("select datname from pg_database where starts_with(datname, $1)", [`${PREFIX}${place}_`]);
  for (const { datname } of found) {
    const name = String(datname);
    const number = Number(name.split("_")[3]);
    if (number === own || !Number.isInteger(number)) continue;
    const [lock] = await query("select pg_try_advisory_lock($1, $2) as got", [RUN_LOCK, number]);
    if (lock?.["got"] !== true) continue;
    await dropDatabase({ query }, name);
    await query("select pg_advisory_unlock($1, $2)", [RUN_LOCK, number]);
  }
}
