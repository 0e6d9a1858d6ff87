/**
 * Spreads the tables over the servers of a Citus cluster, each in a transaction of its own: what was cut off goes on where
 * it stopped. Only who holds the lock of the migrations does it.
 *
 * SPEC STORE-CITUS · decision 0026
 */
import pg from "pg";
import type { Connection } from "../connection.ts";
import { refuseStandingBlocks, standingOf } from "./layout.ts";
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
  await refuseStandingBlocks(connection);
  await proveRole(connection, role);
  for (const statement of spreadingStatements(await standingOf(connection))) await connection.client.query(statement);
  await declareLeakproofEverywhere(connection);
}

/** What a session of ours is set to does not reach the other servers; what the role is set to there does. */
const SETTINGS = ["timezone = 'UTC'", "datestyle = 'ISO'", "jit = off"];

/**
 * Servers work for each other as the role that asks: it must be on every one, with as few rights, and be let in. Citus takes
 * along only the roles that were made when the servers knew each other, so it is made where it is missing.
 */
async function proveRole(connection: Connection, role: string): Promise<void> {
  if (!(await isEverywhere(connection, role))) {
    const reason = await onAllNodes(connection, makingRole(role), "citus").then(
      () => "",
      (error: unknown) => ` (${(error as Error).message})`,
    );
    if (!(await isEverywhere(connection, role)))
      throw new Error(
        `The role ${role} is not on every node of Citus as it is to be${reason}. Let a superuser run on each: ${makingRole(role)}. Nothing was spread.`,
      );
  }
  await proveWayIn(connection, role);
}

async function isEverywhere(connection: Connection, role: string): Promise<boolean> {
  const asked = `SELECT count(*)::text FROM pg_roles WHERE rolname = ${pg.escapeLiteral(role)} AND rolcanlogin AND NOT rolsuper
    AND NOT rolbypassrls AND EXISTS (SELECT 1 FROM unnest(rolconfig) AS c WHERE c ILIKE 'timezone=utc')`;
  return (await onAllNodes(connection, asked, "citus")).every((count) => count === "1");
}

/** Makes the role on one server, or what it is to be; without telling the others. */
export function makingRole(role: string): string {
  const name = pg.escapeIdentifier(role);
  const made = `IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = ${pg.escapeLiteral(role)}) THEN CREATE ROLE ${name}; END IF;`;
  const set = SETTINGS.map((setting) => `ALTER ROLE ${name} SET ${setting};`).join(" ");
  return `DO $$ BEGIN PERFORM set_config('citus.enable_ddl_propagation', 'off', true); ${made} ALTER ROLE ${name} LOGIN NOSUPERUSER NOBYPASSRLS; ${set} END $$`;
}

async function proveWayIn(connection: Connection, role: string): Promise<void> {
  await connection.client.query(`SET ROLE ${pg.escapeIdentifier(role)}`);
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
