/**
 * Spreads the tables over the servers of a Citus cluster, each in a transaction of its own: what was cut off goes on where
 * it stopped. Only who holds the lock of the migrations does it.
 *
 * SPEC STORE-CITUS · decision 0026
 */
import pg from "pg";
import type { Connection } from "../connection.ts";
import { standingOf } from "./layout.ts";
import { LEAKPROOF_FUNCTIONS } from "../leakproof.ts";
import { onAllNodes } from "./nodes.ts";
import { ONE_BY_ONE, spreadingStatements } from "./statements.ts";

/** To be called before migrations run: their statements then go to each server one after the other. */
export async function prepareToSpread(connection: Connection): Promise<void> {
  await connection.client.query(ONE_BY_ONE);
}

/**
 * Puts every table where it shall lie. Errors: a server that the role cannot work on, with what an administrator is to do;
 * then nothing has been spread.
 */
export async function spreadTables(connection: Connection, role: string): Promise<void> {
  await setUp(connection, role);
  await proveRole(connection, role);
  for (const statement of spreadingStatements(await standingOf(connection))) await connection.client.query(statement);
  await declareLeakproofEverywhere(connection);
}

/** What a session of ours is set to does not reach the others; what the role is set to does. */
const SETTINGS = ["timezone = 'UTC'", "datestyle = 'ISO'", "jit = off"];

async function setUp(connection: Connection, role: string): Promise<void> {
  const statements = SETTINGS.map((setting) => `ALTER ROLE ${pg.escapeIdentifier(role)} SET ${setting}`);
  try {
    for (const statement of statements) await connection.client.query(statement);
  } catch (error) {
    throw new Error(
      `The database user may not set up the role ${role} (${(error as Error).message}). Let an administrator run on the coordinator: ${statements.join("; ")}. Nothing was spread.`,
      { cause: error },
    );
  }
}

/** Servers work for each other as the role that asks: it must be there, with as few rights, and may be let in. */
async function proveRole(connection: Connection, role: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const asked = `SELECT count(*) FROM pg_roles WHERE rolname = ${pg.escapeLiteral(role)} AND rolcanlogin AND NOT rolsuper AND NOT rolbypassrls`;
  const found = await onAllNodes(connection, asked, "citus");
  if (found.some((count) => count !== "1"))
    throw new Error(
      `The role ${role} is not on every node of Citus as it is to be. Let an administrator run on the coordinator: ALTER ROLE ${role} LOGIN NOSUPERUSER NOBYPASSRLS; and where it is missing: CREATE ROLE ${role} LOGIN NOSUPERUSER NOBYPASSRLS. Nothing was spread.`,
    );
  await connection.client.query(`SET ROLE ${name}`);
  try {
    const zones = await onAllNodes(connection, "SELECT current_setting('TimeZone')", "citus");
    if (zones.some((zone) => zone !== "UTC")) throw new Error(`its time zone is ${zones.join(", ")}, not UTC`);
  } catch (error) {
    throw new Error(
      `The nodes of Citus do not let ${role} in as they should. Let pg_hba.conf on every node accept it from the others, or give it a line in pg_dist_authinfo (${(error as Error).message}). Nothing was spread.`,
      { cause: error },
    );
  } finally {
    await connection.client.query("RESET ROLE");
  }
}

/** Like `declareLeakproof`, on the servers where the rows lie; who may not is told by `doctor`. */
async function declareLeakproofEverywhere(connection: Connection): Promise<void> {
  for (const name of LEAKPROOF_FUNCTIONS) {
    await onAllNodes(connection, `ALTER FUNCTION pg_catalog.${name} LEAKPROOF`, "citus").catch(() => undefined);
  }
}
