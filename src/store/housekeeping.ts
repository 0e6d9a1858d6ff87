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

/** How many openings one round takes away, so that a region's whole past does not stand in the way of writers. */
const MOST_OPENINGS = 10_000;

/** What one round has taken away. */
export type Tidied = { readonly sessions: number; readonly keys: number; readonly openings: number };

/**
 * Removes ended sessions and tokens, old idempotency keys, and openings whose end has passed by the database's clock, which is the one
 * that they are asked by: they open nothing any more, and the facts and contacts that they follow from stay.
 */
export async function tidy(connection: Connection, now: Date, keepKeysDays: number): Promise<Tidied> {
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
  const openings = await connection.commitStatement({
    text: `DELETE FROM opening WHERE id IN (SELECT id FROM opening WHERE until < now() ORDER BY until LIMIT ${MOST_OPENINGS}) RETURNING 1`,
  });
  return { sessions: sessions.length, keys: keys.length, openings: openings.length };
}
