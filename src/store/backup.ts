/**
 * Backup and restore by PostgreSQL's own COPY, the same for the embedded and any external server: every table as it
 * stood at one moment, with row counts and hashes in a manifest. Works while others write.
 *
 * Transaction numbers mean nothing in another cluster, so the change log is renumbered in its readers' order, and the
 * readers' positions with it.
 *
 * SPEC STORE-BACKUP · HSLF-FS 2016:40 3 kap. (backup, and its restore test)
 */
import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { refuseSpread } from "./citus/index.ts";
import { Connection, type ConnectionConfig } from "./connection.ts";
import { destroyAgain, type DestroyedLine } from "./destruction.ts";
import { knownMigrations } from "./migrate.ts";

export type TableCopy = { readonly table: string; readonly rows: number; readonly sha256: string };
export type Manifest = {
  readonly format: 1;
  readonly schema: number;
  readonly created: string;
  readonly tables: readonly TableCopy[];
};

type Progress = (table: string, done: number, of: number) => void;

const MANIFEST = "manifest.json";
/** What the schema itself brings along. */
const NOT_COPIED: ReadonlySet<string> = new Set(["loop_state", "loop_step", "schema_migration"]);

/** What is exported of a table when it is not the table as it stands. Order makes the hash of equal content equal. */
const EXPORTS: Readonly<Record<string, string>> = {
  change_log:
    "SELECT home, row_number() OVER (ORDER BY xid, seq) AS seq, '1'::xid8 AS xid, type, id, version, method, recorded, patient, care_provider, care_unit FROM change_log ORDER BY 2",
  change_reader:
    "SELECT name, '1'::xid8 AS xid, (SELECT count(*) FROM change_log c WHERE (c.xid, c.seq) <= (r.xid, r.seq)) AS seq, updated FROM change_reader r ORDER BY name COLLATE \"C\"",
  subscriber: `SELECT home, id, owner, actor, written, content, checked, state, why, '1'::xid8 AS xid,
    (SELECT count(*) FROM change_log c WHERE (c.xid, c.seq) <= (s.xid, s.seq)) AS seq, last_number, due, attempts, last_sent, last_success,
    last_error, last_error_at, parked FROM subscriber s ORDER BY id COLLATE "C"`,
};

/**
 * Writes a backup to `folder`, which must not exist. It appears whole or not at all.
 * @throws Error when the folder exists or the database has another schema than this build.
 */
export async function backup(
  config: ConnectionConfig,
  folder: string,
  now: Date,
  onProgress: Progress = () => undefined,
): Promise<Manifest> {
  if (existsSync(folder)) throw new Error(`${folder} exists already.`);
  const partial = `${folder}.partial`;
  const connection = await Connection.open(config, undefined);
  try {
    await refuseSpread(connection);
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    const manifest = await connection.snapshot(() => copyOut(connection, partial, now, onProgress));
    writeFileSync(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600 });
    await syncFile(join(partial, MANIFEST));
    await syncFile(partial);
    renameSync(partial, folder);
    await syncFile(dirname(resolve(folder))); // a new name is durable when its folder is
    return manifest;
  } finally {
    await connection.close();
  }
}

/**
 * Fills an empty, migrated database from a backup, in one transaction, and proves that every table has the rows and the
 * hash of the manifest before it commits. What has been destroyed since the backup was made is destroyed again in the same transaction.
 * @throws Error when the database is not empty, the schema differs, or a file is not what was written.
 */
export async function restore(
  config: ConnectionConfig,
  folder: string,
  onProgress: Progress = () => undefined,
  destroyed: readonly DestroyedLine[] = [],
): Promise<Manifest> {
  const manifest = readManifest(folder);
  for (const copy of manifest.tables) await proveFile(folder, copy); // before the database is touched
  const connection = await Connection.open(config, undefined);
  try {
    await refuseSpread(connection);
    await connection.begin();
    const tables = await tablesOf(connection);
    const names = tables.map((table) => pg.escapeIdentifier(table)).join(", ");
    await connection.client.query(`LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE`); // nobody writes between the look and the end
    await refuseUnlessEmpty(connection, tables);
    const missing = tables.filter((table) => !manifest.tables.some((one) => one.table === table));
    if (missing.length > 0) throw new Error(`The backup has no ${missing.join(", ")}.`);
    await connection.client.query(`TRUNCATE ${names} RESTART IDENTITY`);
    const triggered = await tablesWithTriggers(connection);
    await switchTriggers(connection, triggered, "DISABLE"); // what they would write is in the backup
    for (const [at, copy] of (await referredFirst(connection, manifest.tables)).entries()) {
      await copyIn(connection, folder, copy);
      onProgress(copy.table, at + 1, manifest.tables.length);
    }
    await countOn(connection);
    await switchTriggers(connection, triggered, "ENABLE");
    for (const copy of manifest.tables) refuseDifference(copy, await copyTable(connection, copy.table));
    await destroyAgain(connection, destroyed);
    await connection.commit();
    await connection.client.query("ANALYZE");
    return manifest;
  } finally {
    await connection.close(); // an open transaction is rolled back by this
  }
}

/** Tables in an order in which each comes after those that its rows refer to. What is checked at the commit alone orders nothing. */
async function referredFirst(connection: Connection, copies: readonly TableCopy[]): Promise<readonly TableCopy[]> {
  const referring = await connection.many<{ from: string; to: string }>({
    text: `SELECT DISTINCT f.relname::text AS from, t.relname::text AS to FROM pg_constraint AS c JOIN pg_class AS f ON f.oid = c.conrelid JOIN pg_class AS t ON t.oid = c.confrelid
           WHERE c.contype = 'f' AND NOT c.condeferred AND c.conrelid <> c.confrelid AND f.relnamespace = current_schema()::regnamespace`,
  });
  const waiting = new Set(copies);
  const ordered: TableCopy[] = [];
  for (let before = -1; waiting.size > 0 && before !== ordered.length;) {
    before = ordered.length;
    const names = new Set([...waiting].map(({ table }) => table));
    for (const copy of waiting) {
      if (referring.some(({ from, to }) => from === copy.table && names.has(to))) continue;
      waiting.delete(copy);
      ordered.push(copy);
    }
  }
  return [...ordered, ...waiting]; // tables that refer to each other in a circle: the database says so
}

async function tablesWithTriggers(connection: Connection): Promise<string[]> {
  const rows = await connection.many<{ name: string }>({
    text: `SELECT DISTINCT c.relname::text AS name FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
           WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace ORDER BY 1`,
  });
  return rows.map(({ name }) => name);
}

async function switchTriggers(
  connection: Connection,
  tables: readonly string[],
  how: "DISABLE" | "ENABLE",
): Promise<void> {
  for (const table of tables)
    await connection.client.query(`ALTER TABLE ${pg.escapeIdentifier(table)} ${how} TRIGGER USER`);
}

/** Has every column that counts by itself go on after the highest number that was put back. */
async function countOn(connection: Connection): Promise<void> {
  const columns = await connection.many<{ table: string; column: string }>({
    text: `SELECT table_name::text AS table, column_name::text AS column FROM information_schema.columns
           WHERE table_schema = current_schema() AND is_identity = 'YES' ORDER BY 1`,
  });
  for (const { table, column } of columns) {
    const highest = `(SELECT max(${pg.escapeIdentifier(column)}) FROM ${pg.escapeIdentifier(table)})`;
    const sequence = `pg_get_serial_sequence(quote_ident(${pg.escapeLiteral(table)}), ${pg.escapeLiteral(column)})`;
    await connection.client.query(`SELECT setval(${sequence}, greatest(${highest}, 1))`);
  }
}

/** Row count and hash of every table as they stand; for comparing an installation with another, or with a manifest. */
export async function tableCopies(config: ConnectionConfig): Promise<readonly TableCopy[]> {
  const connection = await Connection.open(config, undefined);
  try {
    return await connection.snapshot(async () => {
      const copies: TableCopy[] = [];
      for (const table of await tablesOf(connection)) copies.push(await copyTable(connection, table));
      return copies;
    });
  } finally {
    await connection.close();
  }
}

function readManifest(folder: string): Manifest {
  if (!existsSync(join(folder, MANIFEST))) throw new Error(`${folder} is not a backup: it has no ${MANIFEST}.`);
  const manifest = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")) as Manifest;
  const known = knownMigrations().length;
  if (manifest.format !== 1) throw new Error(`The backup has format ${String(manifest.format)}; this build knows 1.`);
  if (manifest.schema !== known)
    throw new Error(
      `The backup has schema ${manifest.schema}, this build ${known}. Restore it with the build that made it.`,
    );
  return manifest;
}

async function copyOut(connection: Connection, folder: string, now: Date, onProgress: Progress): Promise<Manifest> {
  const [row] = await connection.many<{ version: number }>({
    text: "SELECT max(version) AS version FROM schema_migration",
  });
  const known = knownMigrations().length;
  if (row?.version !== known)
    throw new Error(
      `The database has schema ${row?.version ?? "none"}, this build knows ${known}. Nothing was written.`,
    );
  const tables = await tablesOf(connection);
  const copies: TableCopy[] = [];
  for (const [at, table] of tables.entries()) {
    copies.push(await copyTable(connection, table, fileOf(folder, { table })));
    onProgress(table, at + 1, tables.length);
  }
  return { format: 1, schema: row?.version ?? 0, created: now.toISOString(), tables: copies };
}

async function tablesOf(connection: Connection): Promise<string[]> {
  const rows = await connection.many<{ name: string }>({
    text: "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
  });
  return rows.map(({ name }) => name).filter((name) => !NOT_COPIED.has(name));
}

async function exportOf(connection: Connection, table: string): Promise<string> {
  const known = EXPORTS[table];
  if (known !== undefined) return known;
  const key = await connection.many<{ name: string; collated: boolean }>({
    text: `SELECT a.attname AS name, a.attcollation <> 0 AS collated FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
           WHERE i.indrelid = $1::regclass AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum)`,
    values: [pg.escapeIdentifier(table)],
  });
  // What the database works out by itself is not put back.
  const columns = await connection.many<{ name: string }>({
    text: "SELECT attname::text AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
    values: [pg.escapeIdentifier(table)],
  });
  const list = columns.map(({ name }) => pg.escapeIdentifier(name)).join(", ");
  return `SELECT ${list} FROM ${pg.escapeIdentifier(table)} ORDER BY ${key.map(orderBy).join(", ")}`;
}

/** Another cluster may sort texts otherwise; bytes are bytes everywhere. */
function orderBy({ name, collated }: { readonly name: string; readonly collated: boolean }): string {
  return `${pg.escapeIdentifier(name)}${collated ? ' COLLATE "C"' : ""}`;
}

/** Copies a table out, to a file when one is named, and tells what it was. */
async function copyTable(connection: Connection, table: string, file?: string): Promise<TableCopy> {
  const stream = connection.client.query(copyTo(`COPY (${await exportOf(connection, table)}) TO STDOUT`));
  const meter = new Meter();
  try {
    if (file === undefined) await pipeline(stream, meter.resume());
    else await pipeline(stream, meter, createGzip({ level: 1 }), createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await connection.close(); // PostgreSQL is still sending, and would answer nothing else before it is done
    throw error;
  }
  if (file !== undefined) await syncFile(file);
  return { table, rows: stream.rowCount ?? 0, sha256: meter.digest() };
}

/** COPY writes one line for each row, whatever is in it. */
async function proveFile(folder: string, copy: TableCopy): Promise<void> {
  const meter = new Meter();
  await pipeline(createReadStream(fileOf(folder, copy)), createGunzip(), meter.resume());
  refuseDifference(copy, { table: copy.table, rows: meter.lines, sha256: meter.digest() });
}

function fileOf(folder: string, { table }: Pick<TableCopy, "table">): string {
  return join(folder, `${table}.copy.gz`);
}

async function copyIn(connection: Connection, folder: string, copy: TableCopy): Promise<void> {
  const meter = new Meter();
  const sink = connection.client.query(copyFrom(`COPY ${pg.escapeIdentifier(copy.table)} FROM STDIN`));
  await pipeline(createReadStream(fileOf(folder, copy)), createGunzip(), meter, sink);
  refuseDifference(copy, { table: copy.table, rows: sink.rowCount ?? 0, sha256: meter.digest() });
}

function refuseDifference(wanted: TableCopy, found: TableCopy): void {
  if (wanted.rows === found.rows && wanted.sha256 === found.sha256) return;
  throw new Error(
    `${wanted.table}: the backup has ${wanted.rows} rows (${wanted.sha256.slice(0, 12)}), found ${found.rows} (${found.sha256.slice(0, 12)}). Nothing was restored.`,
  );
}

/** Rows that a migrated database has from the beginning. */
const BORN: Readonly<Record<string, string>> = { worklist: " WHERE id <> 'region'" };

/** Every database has the row of `instance` and its applied migrations; anything else is somebody's. */
async function refuseUnlessEmpty(connection: Connection, tables: readonly string[]): Promise<void> {
  const used = tables
    .filter((table) => table !== "instance")
    .map(
      (table) =>
        `SELECT '${table}' AS name WHERE EXISTS (SELECT 1 FROM ${pg.escapeIdentifier(table)}${BORN[table] ?? ""})`,
    );
  const [found] = await connection.many<{ name: string }>({ text: `${used.join(" UNION ALL ")} LIMIT 1` });
  if (found !== undefined)
    throw new Error(`The database is not empty (${found.name}). Restore into a new one: nothing is ever written over.`);
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

const NEWLINE = 0x0a;

/** Passes bytes on, hashes them and counts their lines. */
class Meter extends Transform {
  lines = 0;
  private readonly hash = createHash("sha256");

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.hash.update(chunk);
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) this.lines += 1;
    done(null, chunk);
  }

  digest(): string {
    return this.hash.digest("hex");
  }
}
