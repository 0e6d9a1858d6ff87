import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { freshDataDir, one, readyDataDir, withClient } from "./testing/fixture.ts";
import { startEmbedded } from "./index.ts";

test("EMB-INIT-1 and EMB-INIT-2 a new database is durable and plain, also where an earlier try was killed half-way", async (t) => {
  const dataDir = await freshDataDir(t);
  await mkdir(join(dataDir, "data.partial", "base"), { recursive: true });
  await writeFile(join(dataDir, "data.partial", "PG_VERSION"), "18\n");
  const server = await startEmbedded({ dataDir });
  assert.equal(server.ownership, "started");
  const expected = {
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    data_checksums: "on",
    server_encoding: "UTF8",
    TimeZone: "UTC",
    jit: "off",
  };
  for (const [setting, value] of Object.entries(expected))
    assert.equal(await one(server, `show ${setting}`), value, setting);
  // C order: by code point, not alphabetically. Case is still known for every letter.
  assert.equal(
    await one(server, "select string_agg(x, '' order by x) from unnest(array['å','a','Z','z','ä']) x"),
    "Zazäå",
  );
  assert.equal(await one(server, "select lower('ÅÄÖÉ')"), "åäöé");
  assert.ok(!(await readdir(dataDir)).includes("data.partial"));
  await server.stop();
});

test("EMB-INIT-3 a database of another major version is refused and left alone", async (t) => {
  const dataDir = await readyDataDir(t);
  const server = await startEmbedded({ dataDir });
  await server.stop();
  await writeFile(join(dataDir, "data", "PG_VERSION"), "17\n");
  await assert.rejects(startEmbedded({ dataDir }), /is of PostgreSQL 17, and this Eira brings 18/);
  assert.equal(await readFile(join(dataDir, "data", "PG_VERSION"), "utf8"), "17\n");
});

test("EMB-INIT-4 files that are no database are not touched", async (t) => {
  const dataDir = await freshDataDir(t);
  await mkdir(join(dataDir, "data"), { recursive: true });
  await writeFile(join(dataDir, "data", "precious"), "mine");
  await assert.rejects(startEmbedded({ dataDir }), /holds files but no database/);
  assert.equal(await readFile(join(dataDir, "data", "precious"), "utf8"), "mine");
});

test("EMB-SET-1 ALTER SYSTEM tunes what may be tuned and cannot switch durability off", async (t) => {
  const dataDir = await readyDataDir(t);
  const first = await startEmbedded({ dataDir, sharedBuffersMb: 32 });
  await withClient(first.connection, async (client) => {
    for (const setting of [
      "fsync = off",
      "full_page_writes = off",
      "synchronous_commit = off",
      "listen_addresses = '*'",
      "work_mem = '9MB'",
    ]) {
      await client.query(`alter system set ${setting}`);
    }
  });
  await first.stop();
  const second = await startEmbedded({ dataDir, sharedBuffersMb: 32 });
  for (const setting of ["fsync", "full_page_writes", "synchronous_commit"])
    assert.equal(await one(second, `show ${setting}`), "on", setting);
  assert.equal(await one(second, "show listen_addresses"), "");
  assert.equal(await one(second, "show work_mem"), "9MB");
  await second.stop();
});
