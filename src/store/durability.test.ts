import assert from "node:assert/strict";
import { test } from "node:test";
import type pg from "pg";
import { checkDurability } from "./durability.ts";
import { carelessServer, eventually, readyDataDir, withClient } from "./embedded/testing/fixture.ts";
import { startEmbedded } from "./embedded/index.ts";

const production = { production: true, ha: false };

async function settingsOf(client: pg.Client, profile = production): Promise<readonly string[]> {
  return (await checkDurability(client, profile)).map(({ setting }) => setting);
}

test("DUR-1 and DUR-4 a server that may forget is refused in production, setting by setting, and not outside it", async (t) => {
  const connection = await carelessServer(t, [
    "-c",
    "fsync=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "synchronous_commit=off",
  ]);
  await withClient(connection, async (client) => {
    const problems = await checkDurability(client, production);
    assert.deepEqual(
      problems.map(({ setting }) => setting),
      ["fsync", "full_page_writes", "data_checksums", "synchronous_commit"],
    );
    for (const { setting, value, message } of problems) {
      assert.equal(value, "off");
      assert.match(message, new RegExp(`^${setting} is off: .*(Set ${setting} = on|pg_checksums --enable)`));
    }
    assert.deepEqual(await checkDurability(client, { production: false, ha: false }), []);
  });
});

test("DUR-2, DUR-3 and DUR-4 the embedded database passes, a session that does not wait and a missing standby do not", async (t) => {
  const server = await startEmbedded({ dataDir: await readyDataDir(t) });
  await withClient(server.connection, async (client) => {
    assert.deepEqual(await settingsOf(client), []);
    for (const [value, expected] of [
      ["remote_apply", []],
      ["remote_write", ["synchronous_commit"]],
      ["local", ["synchronous_commit"]],
      ["on", []],
    ] as const) {
      await client.query(`set synchronous_commit = ${value}`);
      assert.deepEqual(await settingsOf(client), expected, value);
    }
    assert.deepEqual(await settingsOf(client, { production: true, ha: true }), ["synchronous_standby_names"]);
    await client.query("alter system set synchronous_standby_names = 'ANY 1 (*)'");
    await client.query("select pg_reload_conf()");
    await client.query("set synchronous_commit = local"); // or the next write would wait for a standby that is not there
    await client.query("alter role eira set synchronous_commit = local");
  });
  const inNewSession = (): Promise<readonly string[]> =>
    withClient(server.connection, (client) => settingsOf(client, { production: true, ha: true }));
  await eventually(
    async () => (await inNewSession()).join() === "synchronous_commit",
    "standbys named, the role's setting found",
  );
  await server.stop();
});

test("DUR-5 a database that does not show its settings does not pass", async (t) => {
  const server = await startEmbedded({ dataDir: await readyDataDir(t) });
  await withClient(server.connection, async (client) => {
    await client.query(
      "create view public.pg_settings as select name, setting from pg_catalog.pg_settings where name <> 'fsync'",
    );
    await client.query("set search_path = public, pg_catalog"); // an empty answer, by the nearest means
    const problems = await checkDurability(client, production);
    assert.deepEqual(
      problems.map(({ setting, value }) => [setting, value]),
      [["fsync", "unknown"]],
    );
  });
  await server.stop();
});
