/**
 * A moment up to which nothing more is written: what is taken out as of it is whole, whatever was on its way in any server.
 * A change gets its time before its transaction has begun, so open transactions alone do not tell of all that is to come.
 *
 * Clocks that differ by more than a minute, or are ahead of the database's, settle nothing: better an export that misses
 * what is dated wrongly than a server that cannot write.
 *
 * SPEC STORE-FLIGHT
 */
import { demanding, type Connection, type Sql } from "./connection.ts";

const SETTLED = "settled moment";
const AT = "(value #>> '{}')::timestamptz";

/** Settles a moment (ISO); it never moves back. */
export async function settleMoment(connection: Connection, moment: string): Promise<void> {
  await connection.commitStatement({
    text: `INSERT INTO setting (name, value) VALUES ($1, to_jsonb($2::text))
           ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated = clock_timestamp()
           WHERE (setting.value #>> '{}')::timestamptz < $2::timestamptz OR (setting.value #>> '{}')::timestamptz > clock_timestamp()`,
    values: [SETTLED, moment],
  });
}

/** The statement that refuses a transaction whose oldest time is settled. */
export function refuseSettled(oldest: string): Sql {
  return {
    name: "refuse-settled",
    text: `SELECT ${demanding("count(*) = 0")} FROM setting WHERE name = $2 AND ${AT} >= $1::timestamptz
             AND ${AT} < $1::timestamptz + interval '1 minute' AND ${AT} <= clock_timestamp()`,
    values: [oldest, SETTLED],
    refusal: "TOO_LATE",
  };
}
