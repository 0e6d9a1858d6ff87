/**
 * What the installation remembers about itself, and the removal of what nobody can use any more. Nothing clinical.
 *
 * SPEC STORE-HOUSE
 */
import type { Connection } from "./connection.ts";

export async function readSetting(connection: Connection, name: string): Promise<unknown> {
  const [row] = await connection.many<{ value: unknown }>({
    text: "SELECT value FROM setting WHERE name = $1",
    values: [name],
  });
  return row?.value;
}

export async function writeSetting(connection: Connection, name: string, value: unknown): Promise<void> {
  await connection.commitStatement({
    text: `INSERT INTO setting (name, value) VALUES ($1, $2)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated = clock_timestamp()`,
    values: [name, JSON.stringify(value)],
  });
}

const DAY_MS = 86_400_000;

/** Removes ended sessions and tokens, and old idempotency keys. */
export async function tidy(
  connection: Connection,
  now: Date,
  keepKeysDays: number,
): Promise<{ readonly sessions: number; readonly keys: number }> {
  const sessions = await connection.commitStatement({
    text: "DELETE FROM session WHERE expires < $1 RETURNING 1",
    values: [now.toISOString()],
  });
  await connection.commitStatement({
    text: "DELETE FROM oauth_state WHERE expires < $1",
    values: [now.toISOString()],
  });
  const keys = await connection.commitStatement({
    text: "DELETE FROM idempotency WHERE touched < $1 RETURNING 1",
    values: [new Date(now.getTime() - keepKeysDays * DAY_MS).toISOString()],
  });
  return { sessions: sessions.length, keys: keys.length };
}
