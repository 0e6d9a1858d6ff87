/**
 * Whether the rows of a database are spread over several servers, and whether that is what it is asked for. Only looks.
 *
 * SPEC STORE-CITUS
 */
import type { Connection } from "../connection.ts";
import type { Spread } from "./spread-connection.ts";
import { spreadingStatements, strangelySpread, unnamedTables, type Policy, type Standing } from "./statements.ts";

/** The database is not laid out as it is asked for. Nothing was changed. */
export class LayoutRefusal extends Error {}

const OLDEST = 12;

/** The version of Citus in the database, or nothing. */
async function extensionOf(connection: Connection): Promise<string | undefined> {
  const [row] = await connection.many<{ version: string }>({
    text: "SELECT extversion AS version FROM pg_extension WHERE extname = 'citus'",
  });
  return row?.version;
}

/** A part of a table that is divided; a coordinator can have some, too. */
const PART = /_\d+$/;

/** The database's tables, and what Citus has done with them. */
export async function standingOf(connection: Connection): Promise<Standing> {
  const tables = await connection.many<{ name: string }>({
    text: "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
  });
  const policies = await connection.many<Policy>({
    text: `SELECT tablename::text AS table, policyname::text AS name, qual AS using, with_check AS check FROM pg_policies
           WHERE schemaname = current_schema() ORDER BY 1, 2`,
  });
  const spread = (await extensionOf(connection)) === undefined ? [] : await spreadTables(connection);
  return {
    tables: tables.map(({ name }) => name).filter((name) => !PART.test(name)),
    spread: new Map(spread.map(({ name, by }) => [name, by])),
    policies,
  };
}

/** Tables that Citus only knows of, and keeps on the coordinator, are not spread. */
function spreadTables(connection: Connection): Promise<{ name: string; by: string | null }[]> {
  return connection.many({
    text: `SELECT c.relname::text AS name, column_to_column_name(p.logicalrelid, p.partkey) AS by
           FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid
           WHERE c.relnamespace = current_schema()::regnamespace AND (p.partmethod = 'h' OR (p.partmethod = 'n' AND p.repmodel = 't'))`,
  });
}

/**
 * Refuses a database that is laid out otherwise than it is asked for, before anything is done to it.
 * @throws LayoutRefusal with what to do, in Swedish and English.
 */
export async function refuseOtherLayout(connection: Connection, spread: Spread | undefined): Promise<void> {
  const version = await extensionOf(connection);
  if (spread === "citus") return refuseWithoutCitus(connection, version);
  if (!(await isSpreadOver(connection))) return;
  throw new LayoutRefusal(
    "Databasens tabeller är fördelade med Citus. Sätt EIRA_CITUS=on. Inget har ändrats. / " +
      "The database's tables are spread by Citus. Set EIRA_CITUS=on. Nothing was changed.",
  );
}

async function refuseWithoutCitus(connection: Connection, version: string | undefined): Promise<void> {
  if (version === undefined)
    throw new LayoutRefusal(
      "EIRA_CITUS=on, men databasen saknar tillägget Citus. Låt en administratör köra CREATE EXTENSION citus på alla noder och lägga till arbetsnoderna, eller ta bort EIRA_CITUS. Den inbäddade databasen har inte Citus: sätt DATABASE_URL. Inget har ändrats. / " +
        "EIRA_CITUS=on, but the database does not have the extension Citus. Let an administrator run CREATE EXTENSION citus on every node and add the workers, or unset EIRA_CITUS. The embedded database has no Citus: set DATABASE_URL. Nothing was changed.",
    );
  if (Number.parseInt(version, 10) < OLDEST)
    throw new LayoutRefusal(
      `Eira behöver Citus ${OLDEST} eller nyare; detta är ${version}. Inget har ändrats. / Eira needs Citus ${OLDEST} or newer; this one is ${version}. Nothing was changed.`,
    );
  const [place] = await connection.many<{ coordinator: boolean; nodes: number }>({
    text: `SELECT (SELECT groupid = 0 FROM pg_dist_local_group) AS coordinator,
                  (SELECT count(*) FROM pg_dist_node WHERE isactive AND noderole = 'primary' AND shouldhaveshards)::int4 AS nodes`,
  });
  if (place?.coordinator !== true)
    throw new LayoutRefusal(
      "DATABASE_URL ska peka på Citus koordinator. Inget har ändrats. / DATABASE_URL is to point to the coordinator of Citus. Nothing was changed.",
    );
  if (place.nodes === 0)
    throw new LayoutRefusal(
      "Citus har ingen nod som får ha data: kör citus_set_coordinator_host och citus_add_node. Inget har ändrats. / " +
        "Citus has no node that may hold data: run citus_set_coordinator_host and citus_add_node. Nothing was changed.",
    );
  const standing = await standingOf(connection);
  const strange = [...strangelySpread(standing), ...(standing.spread.size > 0 ? unnamedTables(standing.tables) : [])];
  if (strange.length > 0)
    throw new LayoutRefusal(
      `Citus har tabeller på annat sätt än Eira: ${strange.join(", ")}. Inget har ändrats. / Citus has tables otherwise than Eira: ${strange.join(", ")}. Nothing was changed.`,
    );
}

/**
 * Refuses what is of one server only on a database whose rows are spread: no copy of all of them would be of one moment.
 * @throws LayoutRefusal
 */
export async function refuseSpread(connection: Connection): Promise<void> {
  if (!(await isSpreadOver(connection))) return;
  throw new LayoutRefusal(
    "Säkerhetskopiering och återläsning med eira görs inte på Citus: noderna har inget gemensamt ögonblick. Se docs/operations/growing.md. Inget har gjorts. / " +
      "eira backup and restore do not work on Citus: its nodes have no moment in common. See docs/operations/growing.md. Nothing was done.",
  );
}

/**
 * Refuses to spread rows while blocks stand: on Citus row-level security cannot look for them, and reads by id and histories have
 * no other lock (decision 0029).
 * @throws LayoutRefusal
 */
export async function refuseStandingBlocks(connection: Connection): Promise<void> {
  const [row] = await connection.many<{ n: number }>({
    text: "SELECT count(*)::int4 AS n FROM block WHERE ended IS NULL",
  });
  if (row?.n === 0) return;
  throw new LayoutRefusal(
    `Det finns ${row?.n} spärrar, och de kan inte upprätthållas när tabellerna är fördelade med Citus. Inget har fördelats. / ` +
      `There are ${row?.n} blocks, which cannot be upheld when the tables are spread by Citus. Nothing was spread.`,
  );
}

/** True when Citus has any of the tables. */
export async function isSpreadOver(connection: Connection): Promise<boolean> {
  return (await extensionOf(connection)) !== undefined && (await spreadTables(connection)).length > 0;
}

/** True when every table lies where it shall. */
export async function isSpread(connection: Connection): Promise<boolean> {
  const standing = await standingOf(connection);
  return strangelySpread(standing).length === 0 && spreadingStatements(standing).length === 0;
}
