/**
 * A look at a database as it stands, for whoever must say whether it is well: it only looks, makes nothing, and works also
 * where the schema is missing or newer.
 *
 * SPEC STORE-HEALTH
 */
import { isFromElsewhere } from "./change-log.ts";
import { isSpreadOver, onAllNodes, type Spread } from "./citus/index.ts";
import { checkDurability, checkOtherNodes, type DurabilityProblem } from "./durability.ts";
import { Connection, type ConnectionConfig } from "./connection.ts";
import { missingDeclarations, missingOnNodes } from "./leakproof.ts";
import { knownMigrations } from "./migrate.ts";

export type ReaderLag = {
  readonly name: string;
  /** Entries that it has not handled. */
  readonly behind: number;
  /** Seconds since the oldest of them was written; 0 when there is none. */
  readonly seconds: number;
};

export type Health = {
  /** The server's version, such as "18.4". */
  readonly version: string;
  readonly schema: { readonly found: number; readonly known: number };
  /** The rows lie on several servers (Citus). */
  readonly spread: boolean;
  /** As for production without standbys. */
  readonly durability: readonly DurabilityProblem[];
  /** Operators that searches need and that are not declared leakproof. */
  readonly leakproof: readonly string[];
  /** Seconds that the oldest transaction in flight has lasted; readers of the change log wait for it. */
  readonly oldestTransaction: number;
  /** Nothing when the schema is not this build's. */
  readonly content: Content | undefined;
};

export type Content = {
  readonly readers: readonly ReaderLag[];
  readonly outbox: { readonly waiting: number; readonly parked: number; readonly overdueSeconds: number };
  /** Subscriptions: those that cannot be served, those set aside (whole or in part), and what is not acknowledged. */
  readonly subscribers: {
    readonly failing: number;
    readonly parked: number;
    readonly waiting: number;
    readonly oldestSeconds: number;
  };
  /** The change log was written in another cluster (STORE-CHANGE-5). */
  readonly foreignTransactions: boolean;
  readonly bytes: number;
};

/** Errors: whatever keeps the database from answering. */
export async function examine(config: ConnectionConfig): Promise<Health> {
  const connection = await Connection.open(config, undefined);
  try {
    const known = knownMigrations().length;
    const found = await schemaOf(connection);
    const spread = (await isSpreadOver(connection)) ? "citus" : undefined;
    return {
      version: await textOf(connection, "SELECT current_setting('server_version') AS text"),
      schema: { found, known },
      spread: spread !== undefined,
      durability: [
        ...(await checkDurability(connection.client, { production: true, ha: false })),
        ...(spread === undefined ? [] : await checkOtherNodes(connection)),
      ],
      leakproof: spread === undefined ? await missingDeclarations(connection) : await missingOnNodes(connection),
      oldestTransaction: await oldestTransaction(connection),
      content: found === known ? await contentOf(connection, spread) : undefined,
    };
  } finally {
    await connection.close();
  }
}

async function textOf(connection: Connection, text: string): Promise<string> {
  const [row] = await connection.many<{ text: string }>({ text });
  return row?.text ?? "";
}

async function schemaOf(connection: Connection): Promise<number> {
  const there = await textOf(connection, "SELECT to_regclass('schema_migration')::text AS text");
  if (there === "") return 0;
  return Number(await textOf(connection, "SELECT coalesce(max(version), 0)::text AS text FROM schema_migration"));
}

async function oldestTransaction(connection: Connection): Promise<number> {
  const seconds = await textOf(
    connection,
    `SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::text AS text FROM pg_stat_activity
     WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
  return Number(seconds);
}

async function contentOf(connection: Connection, spread: Spread | undefined): Promise<Content> {
  const readers = await readersOf(connection);
  const [outbox] = await connection.many<Content["outbox"]>({
    text: `SELECT count(*) FILTER (WHERE parked IS NULL)::int4 AS waiting, count(parked)::int4 AS parked,
                  greatest(coalesce(extract(epoch FROM clock_timestamp() - min(due) FILTER (WHERE parked IS NULL)), 0), 0)::float8 AS "overdueSeconds" FROM outbox`,
  });
  const [subscribers] = await connection.many<Content["subscribers"]>({
    text: `SELECT (SELECT count(*) FROM subscriber WHERE state = 'error' OR (state = 'active' AND why IS NOT NULL))::int4 AS failing,
                  ((SELECT count(*) FROM subscriber WHERE parked IS NOT NULL) + (SELECT count(*) FROM subscriber_line WHERE parked IS NOT NULL))::int4 AS parked,
                  (SELECT coalesce(sum(waiting), 0) FROM subscriber_line)::float8 AS waiting,
                  (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(recorded)), 0) FROM subscriber_event WHERE delivered IS NULL)::float8 AS "oldestSeconds"`,
  });
  const sizes = await onAllNodes(connection, "SELECT pg_database_size(current_database())::text", spread);
  return {
    readers,
    outbox: outbox ?? { waiting: 0, parked: 0, overdueSeconds: 0 },
    subscribers: subscribers ?? { failing: 0, parked: 0, waiting: 0, oldestSeconds: 0 },
    foreignTransactions: await isFromElsewhere(connection, "change_log"),
    bytes: sizes.reduce((sum, size) => sum + Number(size), 0),
  };
}

/** Reader by reader: the log may lie on other servers than the positions. */
async function readersOf(connection: Connection): Promise<ReaderLag[]> {
  const positions = await connection.many<{ name: string; xid: string; seq: string }>({
    text: "SELECT name, xid::text, seq::text FROM change_reader ORDER BY name",
  });
  const readers: ReaderLag[] = [];
  for (const { name, xid, seq } of positions) {
    const [row] = await connection.many<{ behind: number; seconds: number }>({
      text: `SELECT count(*)::int4 AS behind, coalesce(extract(epoch FROM statement_timestamp() - min(recorded)), 0)::float8 AS seconds
             FROM change_log WHERE (xid, seq) > ($1::xid8, $2::int8)`,
      values: [xid, seq],
    });
    readers.push({ name, behind: row?.behind ?? 0, seconds: Math.max(0, row?.seconds ?? 0) });
  }
  return readers;
}
