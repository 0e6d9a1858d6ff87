/**
 * Brings a database to the schema that this build knows: plain SQL files in order, each in its own transaction, one
 * server at a time. A database of a newer build is refused, so that old code never writes what it does not understand.
 *
 * SPEC STORE-MIG
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { prepareToSpread, refuseOtherLayout, spreadTables, type Spread } from "./citus/index.ts";
import { APP_ROLE, Connection, DOOR_ROLE, PERSON_ROLE, type ConnectionConfig } from "./connection.ts";
import { declareLeakproof } from "./leakproof.ts";

export type Migration = { readonly version: number; readonly name: string; readonly sql: string };

/**
 * The roles that the server works as: `app`, and its members for those whose rows are asked more. Those `apart` have none of its rights.
 */
export type Roles = { readonly app: string; readonly members: readonly string[]; readonly apart?: readonly string[] };
const ROLES: Roles = { app: APP_ROLE, members: [PERSON_ROLE], apart: [DOOR_ROLE] };

const MIGRATION_LOCK = 0x65697261; // "eira"
const FOLDER = new URL("./migrations/", import.meta.url);
const FILE = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** The migrations of this build, in order. */
export function knownMigrations(folder: URL = FOLDER): readonly Migration[] {
  const files = readdirSync(fileURLToPath(folder))
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
  const migrations = files.map((name) => {
    const number = FILE.exec(name)?.[1];
    if (number === undefined) throw new Error(`migration file with a bad name: ${name}`);
    return { version: Number(number), name, sql: readFileSync(new URL(name, folder), "utf8") };
  });
  migrations.forEach((one, at) => {
    if (one.version !== at + 1) throw new Error(`migration ${one.name} is out of order`);
  });
  if (migrations.length === 0) throw new Error("no migrations were found");
  return migrations;
}

/**
 * Applies what is missing and answers the versions it applied. Errors: a newer or altered schema, a PostgreSQL older
 * than 15, no right to make or to take the role that the server works as; LayoutRefusal for rows that are spread.
 */
export function migrate(config: ConnectionConfig, migrations = knownMigrations(), roles = ROLES): Promise<number[]> {
  return bringUp(config, { migrations, roles, spread: undefined });
}

/** The same on the coordinator of a Citus cluster; then every table is put where it shall lie. Errors: also LayoutRefusal. */
export function migrateSpread(config: ConnectionConfig): Promise<number[]> {
  return bringUp(config, { migrations: knownMigrations(), roles: ROLES, spread: "citus" });
}

type Goal = {
  readonly migrations: readonly Migration[];
  readonly roles: Roles;
  readonly spread: Spread | undefined;
};

async function bringUp(config: ConnectionConfig, { migrations, roles, spread }: Goal): Promise<number[]> {
  const connection = await Connection.open(config, undefined);
  try {
    await refuseOldServer(connection);
    await refuseOtherLayout(connection, spread);
    if (spread !== undefined) await prepareToSpread(connection);
    await connection.many({ text: "SELECT pg_advisory_lock($1)", values: [MIGRATION_LOCK] });
    await connection.client.query(
      "CREATE TABLE IF NOT EXISTS schema_migration (version int4 PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied timestamptz NOT NULL DEFAULT now())",
    );
    const applied = await connection.many<{ version: number; checksum: string }>({
      text: "SELECT version, checksum FROM schema_migration ORDER BY version",
    });
    refuseStrangeSchema(applied, migrations);
    await ensureRoles(connection, roles, spread === undefined ? "NOLOGIN" : "LOGIN");
    const missing = migrations.slice(applied.length);
    for (const migration of missing) await apply(connection, migration);
    await declareLeakproof(connection);
    if (spread !== undefined) await spreadTables(connection, roles.app);
    return missing.map(({ version }) => version);
  } finally {
    await connection.close(); // also releases the lock
  }
}

/** True when the database has exactly this build's schema. */
export async function isMigrated(connection: Connection, migrations = knownMigrations()): Promise<boolean> {
  const [table] = await connection.many<{ there: boolean }>({
    text: "SELECT to_regclass('schema_migration') IS NOT NULL AS there",
  });
  if (table?.there !== true) return false;
  const rows = await connection.many<{ version: number }>({
    text: "SELECT max(version) AS version FROM schema_migration",
  });
  return rows[0]?.version === migrations.length;
}

async function refuseOldServer(connection: Connection): Promise<void> {
  const [row] = await connection.many<{ number: number; text: string }>({
    text: "SELECT current_setting('server_version_num')::int4 AS number, current_setting('server_version') AS text",
  });
  if (row === undefined || row.number < 150000)
    throw new Error(`Eira needs PostgreSQL 15 or newer; this one is ${row?.text}`);
}

function refuseStrangeSchema(
  applied: readonly { version: number; checksum: string }[],
  known: readonly Migration[],
): void {
  const newest = applied.at(-1)?.version ?? 0;
  if (newest > known.length) {
    throw new Error(
      `The database has schema ${newest}, this build of Eira knows ${known.length}. Start a newer build, or restore a backup made by this one. Nothing was changed.`,
    );
  }
  for (const one of applied) {
    const mine = known[one.version - 1];
    if (mine === undefined || checksum(mine) !== one.checksum) {
      throw new Error(`Migration ${one.version} in the database is not the one in this build. Nothing was changed.`);
    }
  }
}

async function ensureRoles(connection: Connection, roles: Roles, login: "LOGIN" | "NOLOGIN"): Promise<void> {
  const { app, members, apart = [] } = roles;
  await ensureRole(connection, app, login);
  for (const other of apart) await ensureRole(connection, other, "NOLOGIN");
  for (const member of members) {
    await ensureRole(connection, member, "NOLOGIN");
    await ensureMember(connection, member, app);
  }
}

async function ensureMember(connection: Connection, member: string, app: string): Promise<void> {
  const [found] = await connection.many<{ is: boolean }>({
    text: "SELECT pg_has_role($1, $2, 'USAGE') AS is",
    values: [member, app],
  });
  if (found?.is === true) return;
  const statement = `GRANT ${pg.escapeIdentifier(app)} TO ${pg.escapeIdentifier(member)}`;
  const advice = `The database user may not make ${member} a member of ${app}. Let an administrator run: GRANT ${app} TO ${member}`;
  await grantRight(connection, statement, advice);
}

/** Roles belong to the whole cluster: others may have made it, and may be making it at this moment. */
async function ensureRole(connection: Connection, role: string, login: "LOGIN" | "NOLOGIN"): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const [found] = await connection.many<{ login: boolean }>({
    text: "SELECT rolcanlogin AS login FROM pg_roles WHERE rolname = $1",
    values: [role],
  });
  if (found === undefined) {
    await grantRight(
      connection,
      `CREATE ROLE ${name} ${login} NOSUPERUSER NOBYPASSRLS`,
      `The database user may not create roles. Let an administrator run: CREATE ROLE ${role} ${login}`,
    );
  } else if (login === "LOGIN" && !found.login) {
    // Without a password: the servers of the cluster come in as it, by what their pg_hba.conf says.
    const advice = `The database user may not alter roles. Let an administrator run: ALTER ROLE ${role} LOGIN`;
    await grantRight(connection, `ALTER ROLE ${name} LOGIN`, advice);
  }
  if (await mayWorkAs(connection, role)) return;
  const [user] = await connection.many<{ name: string }>({ text: "SELECT quote_ident(current_user) AS name" });
  const advice = `The database user may not work as ${role}. Let an administrator run: GRANT ${role} TO ${user?.name ?? "it"}`;
  for (let attempt = 1; !(await mayWorkAs(connection, role)); attempt += 1) {
    if (attempt > 3) throw new Error(advice);
    await grantRight(connection, `GRANT ${name} TO CURRENT_USER`, advice);
  }
}

const MADE_BY_ANOTHER: ReadonlySet<string | undefined> = new Set(["42710", "23505", "XX000"]);

async function grantRight(connection: Connection, statement: string, advice: string): Promise<void> {
  try {
    await connection.client.query(statement);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "42501") throw new Error(advice, { cause: error });
    if (!MADE_BY_ANOTHER.has(code)) throw error;
  }
}

async function mayWorkAs(connection: Connection, role: string): Promise<boolean> {
  try {
    await connection.client.query(`SET ROLE ${pg.escapeIdentifier(role)}`);
  } catch (error) {
    if (["42501", "22023"].includes((error as { code?: string }).code ?? "")) return false; // not granted, or not there
    throw error;
  }
  await connection.client.query("RESET ROLE");
  return true;
}

async function apply(connection: Connection, migration: Migration): Promise<void> {
  await connection.begin();
  try {
    await connection.client.query(migration.sql);
    await connection.many({
      text: "INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)",
      values: [migration.version, migration.name, checksum(migration)],
    });
    await connection.commit();
  } catch (error) {
    await connection.rollback();
    throw new Error(`migration ${migration.name} failed: ${(error as Error).message}`, { cause: error });
  }
}

function checksum({ sql }: Migration): string {
  return createHash("sha256").update(sql.replaceAll("\r\n", "\n")).digest("hex");
}
