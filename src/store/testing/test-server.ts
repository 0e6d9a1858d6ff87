/**
 * The PostgreSQL server that tests use: the one of EIRA_TEST_DATABASE_URL, or an embedded one that all test processes
 * of this user share. It keeps running after the tests, so that the next run starts at once. SPEC TDB.
 */
import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded, type EmbeddedServer } from "../embedded/index.ts";

/** A server on which databases can be made and dropped. */
export interface TestServer {
  /** For the titles of tests, "embedded" or "external". */
  readonly name: string;
  /** Leads to the administrative database, as a role that may create databases and roles. */
  readonly url: string;
}

let server: Promise<TestServer> | undefined;
let embedded: EmbeddedServer | undefined;

/** The server of this test process; started on the first call of the first process. */
export function testServer(): Promise<TestServer> {
  const url = process.env["EIRA_TEST_DATABASE_URL"];
  server ??= url === undefined || url === "" ? sharedServer() : Promise.resolve({ name: "external", url });
  return server;
}

/** Stops the shared embedded server unless another process uses it: for the end of a whole test run. */
export async function stopTestServer(): Promise<void> {
  await testServer();
  await embedded?.stop("if-unused");
  server = embedded = undefined;
}

/** The folder of this user's test servers. In a folder open to all, somebody else may have put something in its place. */
export function testFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `eira-test-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${folder} is not this user's folder; remove it`);
  return folder;
}

/** A PostgreSQL address by socket: the host in the query is the socket's folder. */
export function socketUrl({ host, port, user, database }: EmbeddedServer["connection"]): string {
  return `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

async function sharedServer(): Promise<TestServer> {
  // Each test file is a process with pools of its own.
  embedded = await startEmbedded({ dataDir: join(testFolder(), "embedded"), maxConnections: 400 });
  return { name: "embedded", url: socketUrl(embedded.connection) };
}
