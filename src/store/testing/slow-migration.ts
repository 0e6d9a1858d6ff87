/** For tests of the test databases: a migration that takes long enough for others to come in between. */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** Makes the table `thing` with one row. */
export async function makeSlowly(config: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query("create table thing (n int)");
    await sleep(300);
    await client.query("insert into thing values (1)");
  } finally {
    await client.end();
  }
}
