import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { databaseAccount } from "./account.ts";
import { isRoot, one, readyDataDir, withClient } from "./testing/fixture.ts";
import { startEmbedded } from "./index.ts";
import { defaultSharedBuffersMb } from "./settings.ts";

const STRANGER = 65534; // nobody

function mayRun(uid: number): boolean {
  return (
    isRoot &&
    databaseAccount().uid !== uid &&
    spawnSync(process.execPath, ["-v"], { uid, gid: uid, cwd: "/" }).status === 0
  );
}

/** The first letter of the server's answer to a start-up message, or the system's error: in plain Node, as the user may not read our checkout. */
function answerTo(uid: number, socket: string): string {
  const script = `
    const words = Buffer.from("user\\0eira\\0database\\0eira\\0\\0"), head = Buffer.alloc(8);
    head.writeInt32BE(words.length + 8, 0); head.writeInt32BE(196608, 4);
    const s = require("net").connect(${JSON.stringify(socket)}, () => s.write(Buffer.concat([head, words])));
    s.on("error", (e) => console.log(e.code)).on("data", (d) => { console.log(String.fromCharCode(d[0])); process.exit(); });`;
  return spawnSync(process.execPath, ["-e", script], {
    uid,
    gid: uid,
    cwd: "/",
    encoding: "utf8",
    timeout: 10_000,
  }).stdout.trim();
}

test("EMB-SET-2 nothing listens on TCP, and a stranger neither enters the socket's folder nor passes the server", async (t) => {
  const dataDir = await readyDataDir(t);
  const server = await startEmbedded({ dataDir });
  const { host, port } = server.connection;
  assert.equal(await one(server, "show listen_addresses"), "");
  assert.equal((await stat(host)).mode & 0o777, 0o700);
  assert.equal((await stat(host)).uid, databaseAccount().uid);
  assert.equal(
    await one(server, "select count(*)::int from pg_hba_file_rules where type <> 'local' or auth_method <> 'peer'"),
    0,
  );

  if (!mayRun(STRANGER))
    t.diagnostic("the stranger's part was not tried: it needs root, and a Node that everybody may run");
  else {
    const socket = join(host, `.s.PGSQL.${port}`);
    assert.equal(answerTo(STRANGER, socket), "EACCES");
    await chmod(host, 0o755); // the first lock forgotten: the second, peer authentication, still holds
    await chmod(socket, 0o777);
    assert.equal(answerTo(STRANGER, socket), "E"); // error: 28000 by the protocol
    assert.equal(answerTo(databaseAccount().uid, socket), "R"); // who may, is let in
  }
  await server.stop();
});

test("EMB-SET-3 the server's log holds no values and no statements", async (t) => {
  const dataDir = await readyDataDir(t);
  const server = await startEmbedded({ dataDir });
  const canary = "191212121212";
  await withClient(server.connection, async (client) => {
    await client.query("create table person (id text primary key, born date)");
    await client.query("insert into person values ($1, null)", [canary]);
    for (const [sql, values] of [
      ["insert into person values ($1, null)", [canary]],
      ["select $1::int", [`x${canary}`]],
      ["select * from person where born = $1", [canary]],
      [`select nothing from person where id = '${canary}'`, []],
    ] as const) {
      await assert.rejects(client.query(sql, [...values]), sql);
    }
  });
  await server.stop();
  const log = await readFile(join(dataDir, "server.log"), "utf8");
  assert.match(log, /database system is ready to accept connections/); // the log is the right one
  assert.ok(!log.includes(canary), log);
});

test("EMB-SET-4 the cache is 256 MB, less on a small machine, or as asked", async (t) => {
  const GB = 1024 ** 3;
  assert.equal(defaultSharedBuffersMb(16 * GB), 256);
  assert.equal(defaultSharedBuffersMb(1 * GB), 128);
  assert.equal(defaultSharedBuffersMb(0.1 * GB), 32);
  const dataDir = await readyDataDir(t);
  const server = await startEmbedded({ dataDir, sharedBuffersMb: 48, maxConnections: 120 });
  assert.equal(await one(server, "show shared_buffers"), "48MB");
  assert.equal(await one(server, "show max_connections"), "120");
  await server.stop();
});
