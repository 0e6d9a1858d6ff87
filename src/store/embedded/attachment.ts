/**
 * One process's hold on the running server: a connection kept open and idle. It tells at once when the server ends,
 * and the server's own list of sessions then tells who else uses it, right even after kill -9. SPEC EMB-USE.
 */
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { systemCode } from "./embedded-error.ts";
import type { Instance } from "./placement.ts";
import { isRunning, type Postmaster } from "./postmaster.ts";
import { OWNER_ROLE, PORT } from "./settings.ts";

/** What a PostgreSQL client needs to connect; `host` is the socket's folder. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** A hold on the server. */
export interface Attachment {
  /** How many other processes hold the server. */
  others(): Promise<number>;
  /** Lets go; no more calls to `onEnd`. */
  release(): Promise<void>;
}

const APPLICATION = "eira supervisor";
const RETRY_MS = 50;

/** How to connect to a database of this instance. */
export function connectionTo({ sockets }: Instance, database: string): Connection {
  return { host: sockets, port: PORT, user: OWNER_ROLE, database };
}

/** Takes hold of the server; `onEnd` is called once when its process is gone, not for a passing loss of the connection. */
export async function attach(
  instance: Instance,
  postmaster: Postmaster,
  database: string,
  onEnd: () => void,
): Promise<Attachment> {
  let released = false;
  let session = await connect(instance, database, () => void lost());

  async function lost(): Promise<void> {
    // A backend that crashed makes the postmaster close every session and recover by itself.
    for (; !released && isRunning(postmaster); await sleep(RETRY_MS, undefined, { ref: false })) {
      const again = await connect(instance, database, () => void lost()).catch(() => undefined);
      if (again === undefined) continue;
      session = again;
      if (released) await again.client.end();
      return;
    }
    if (!released) onEnd();
  }

  return {
    others: () => othersOf(session),
    release: async () => {
      released = true;
      session.socket.ref();
      await session.client.end().catch(() => undefined);
    },
  };
}

/** Runs one piece of work on a connection of its own; undefined when the server does not answer at all. */
export async function withConnection<T>(
  connection: Connection,
  work: (client: pg.Client) => Promise<T>,
): Promise<T | undefined> {
  const client = new pg.Client({ ...connection, application_name: "eira start" });
  client.on("error", () => undefined); // reported by the call that is under way
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    if (["ECONNREFUSED", "ENOENT"].includes(systemCode(error) ?? "")) return undefined;
    throw error;
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

interface Session {
  readonly client: pg.Client;
  readonly socket: Socket;
}

/** Holding the server must not keep the process alive: the socket counts only while something is asked. */
async function connect(instance: Instance, database: string, onLost: () => void): Promise<Session> {
  const socket = new Socket();
  const client = new pg.Client({
    ...connectionTo(instance, database),
    application_name: APPLICATION,
    stream: () => socket,
  });
  let connected = false;
  client.on("error", () => undefined); // always followed by "end"
  client.on("end", () => connected && onLost());
  await client.connect();
  connected = true;
  socket.unref();
  return { client, socket };
}

async function othersOf({ client, socket }: Session): Promise<number> {
  socket.ref();
  try {
    const { rows } = await client.query<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()",
      [APPLICATION],
    );
    return rows[0]?.n ?? 0;
  } finally {
    socket.unref();
  }
}
