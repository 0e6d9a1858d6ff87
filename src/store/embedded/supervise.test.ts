import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { databaseAccount, spawnAs } from "./account.ts";
import { eventually, freshDataDir, one, readyDataDir, superviseElsewhere, withClient } from "./testing/fixture.ts";
import { removeEmbedded, startEmbedded, type EmbeddedServer } from "./index.ts";
import { existingInstance } from "./placement.ts";
import { allProcesses, commandLine, processStart } from "./processes.ts";
import { clusterName } from "./settings.ts";

function exitOf(server: EmbeddedServer): { times: number } {
  const seen = { times: 0 };
  server.onExit(() => void seen.times++);
  return seen;
}

test("EMB-ADOPT-1 and EMB-USE-1 a second start joins; whoever leaves last stops the server", async (t) => {
  const dataDir = await readyDataDir(t);
  const first = await startEmbedded({ dataDir });
  const second = await startEmbedded({ dataDir });
  assert.deepEqual([first.ownership, second.ownership], ["started", "adopted"]);
  assert.equal(second.pid, first.pid);
  const exits = exitOf(second);

  await first.stop();
  assert.equal(await one(second, "select 1"), 1);
  assert.equal(exits.times, 0);
  const third = await startEmbedded({ dataDir });
  await third.stop(); // the second still uses it
  assert.equal(await one(second, "select 1"), 1);
  await second.stop();
  await second.stop(); // a second call does nothing
  assert.equal(processStart(first.pid), undefined);
  assert.equal(exits.times, 0);
});

test(
  "EMB-ADOPT-2 the server of a killed Eira is joined and has every acknowledged row",
  { timeout: 60_000 },
  async (t) => {
    const dataDir = await readyDataDir(t);
    const child = superviseElsewhere(t, dataDir);
    const { pid } = await child.next("pid");
    child.say("write");
    await child.next("written");
    await sleep(100);
    child.process.kill("SIGKILL");
    await child.exited;
    const acknowledged = Math.max(...child.told.map(({ written = 0 }) => written));

    const server = await startEmbedded({ dataDir });
    assert.deepEqual([server.ownership, server.pid], ["adopted", pid]);
    const rows = (await one(server, "select count(distinct n)::int from written")) as number;
    assert.ok(rows === acknowledged || rows === acknowledged + 1, `${rows} rows, ${acknowledged} acknowledged`);
    await server.stop();
    assert.equal(processStart(server.pid), undefined); // the dead child does not count as a user
  },
);

test("EMB-ADOPT-3 a server whose directory was moved is started again at the new place", async (t) => {
  const dataDir = await readyDataDir(t);
  const child = superviseElsewhere(t, dataDir);
  const { pid } = await child.next("pid");
  child.process.kill("SIGKILL");
  await child.exited;
  const moved = join(dirname(dataDir), "moved");
  await rename(dataDir, moved);
  const server = await startEmbedded({ dataDir: moved });
  assert.equal(server.ownership, "started");
  assert.notEqual(server.pid, pid);
  assert.equal(await one(server, "show data_directory"), join(moved, "data"));
  await server.stop("immediate");
  await rename(moved, dataDir);
});

test(
  "EMB-START-1 and EMB-START-2 a killed server is told once and recovers, also past a busy backend",
  { timeout: 60_000 },
  async (t) => {
    const dataDir = await readyDataDir(t);
    const server = await startEmbedded({ dataDir });
    const exits = exitOf(server);
    await one(server, "create table kept (n int)");
    const client = new pg.Client(server.connection);
    client.on("error", () => undefined);
    await client.connect();
    await client.query("insert into kept select generate_series(1, 1000)");
    // Never looks up from its work, so it does not notice that its postmaster is gone.
    const busy = client
      .query("select sum(hashint8(a * b)) from generate_series(1, 1e6::int) a, generate_series(1, 1e6::int) b")
      .catch(() => "ended");
    await sleep(200);
    process.kill(server.pid, "SIGKILL");
    await eventually(() => exits.times === 1, "onExit");

    const again = await startEmbedded({ dataDir });
    assert.equal(again.ownership, "started");
    assert.equal(await one(again, "select count(*)::int from kept"), 1000);
    assert.equal(await busy, "ended");
    const title = `postgres: ${clusterName((await existingInstance(dataDir))!)}: client backend`;
    assert.ok(!allProcesses().some((pid) => commandLine(pid).join(" ").startsWith(title)));
    await sleep(100);
    assert.equal(exits.times, 1);
    await server.stop(); // of a server that is gone: nothing to do, and it leaves the next one alone
    assert.equal(await one(again, "select 1"), 1);
    await again.stop();
  },
);

test("EMB-START-3 and EMB-MACHINE-1 a stale postmaster.pid with a stranger's number is no obstacle, another machine's is", async (t) => {
  const dataDir = await readyDataDir(t);
  const server = await startEmbedded({ dataDir });
  await one(server, "create table kept ()");
  const pidFile = join(dataDir, "data", "postmaster.pid");
  const left = (await readFile(pidFile, "utf8")).split("\n");
  await server.stop("immediate");
  const stranger = spawnAs(databaseAccount(), "sleep", ["60"], { stdio: "ignore" }); // PostgreSQL minds only its own user's processes
  t.after(() => void stranger.kill());
  await writeFile(pidFile, [stranger.pid, ...left.slice(1)].join("\n"));

  const lastStart = join(dataDir, "last-start.json");
  const here = await readFile(lastStart, "utf8");
  await writeFile(lastStart, JSON.stringify({ machine: "another", boot: "another" }));
  await assert.rejects(startEmbedded({ dataDir }), /last started on the machine another .*postmaster\.pid/);
  const { machine } = JSON.parse(here) as { machine: string };
  await writeFile(lastStart, JSON.stringify({ machine, boot: "before we were restarted" }));

  const again = await startEmbedded({ dataDir });
  assert.equal(await one(again, "select to_regclass('kept')::text"), "kept");
  assert.notEqual(processStart(stranger.pid ?? 0), undefined);
  await again.stop();
});

test("EMB-START-4 a server that cannot start shows the end of its log", async (t) => {
  const dataDir = await readyDataDir(t);
  const server = await startEmbedded({ dataDir });
  await one(server, "alter system set shared_preload_libraries = 'not_there'");
  await server.stop();
  await assert.rejects(startEmbedded({ dataDir }), /did not start.*not_there/s);
  await writeFile(join(dataDir, "data", "postgresql.auto.conf"), "");
  await (await startEmbedded({ dataDir })).stop();
});

test("EMB-MACHINE-2 a server that answers though its process is out of sight is not started beside", async (t) => {
  const dataDir = await readyDataDir(t);
  const server = await startEmbedded({ dataDir });
  const pidFile = join(dataDir, "data", "postmaster.pid");
  const text = await readFile(pidFile, "utf8");
  await writeFile(pidFile, [2 ** 22 + 1, ...text.split("\n").slice(1)].join("\n")); // as another container's number looks
  await assert.rejects(startEmbedded({ dataDir }), /Another system/);
  await writeFile(pidFile, text);
  await server.stop();
});

test(
  "EMB-USE-2 a fast stop ends it for all; the others are told, the one that stops is not",
  { timeout: 60_000 },
  async (t) => {
    const dataDir = await readyDataDir(t);
    const server = await startEmbedded({ dataDir });
    const exits = exitOf(server);
    const child = superviseElsewhere(t, dataDir);
    assert.equal((await child.next("ownership")).ownership, "adopted");
    await server.stop("fast");
    assert.equal((await child.next("ended")).ended, true);
    assert.equal(processStart(server.pid), undefined);
    assert.equal(exits.times, 0);
  },
);

test("EMB-USE-3 losing the supervising session, or a crashed backend, is not an exit", async (t) => {
  const dataDir = await readyDataDir(t);
  const server = await startEmbedded({ dataDir });
  const exits = exitOf(server);
  const watching = "select pid from pg_stat_activity where application_name = 'eira supervisor'";
  const before = await one(server, watching);
  await one(server, `select pg_terminate_backend(pid) from (${watching})`);
  await eventually(async () => ![before, undefined].includes(await one(server, watching)), "a new session");
  const crashing = (await one(server, watching)) as number;
  process.kill(crashing, "SIGKILL"); // the postmaster closes all sessions and recovers
  await eventually(async () => {
    const now = await one(server, watching).catch(() => undefined);
    return now !== undefined && now !== crashing;
  }, "a session after the crash");
  assert.equal(exits.times, 0);
  assert.notEqual(processStart(server.pid), undefined);
  await server.stop();
});

test("EMB-USE-4 a process that holds the server and has nothing to do ends", async (t) => {
  const dataDir = await readyDataDir(t);
  const index = new URL("index.ts", import.meta.url).href;
  const code = `const { startEmbedded } = await import(${JSON.stringify(index)}); console.log((await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} })).pid)`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 20_000,
  });
  const code0 = await new Promise((resolve) => child.once("close", resolve));
  assert.equal(code0, 0);
  const server = await startEmbedded({ dataDir });
  assert.equal(server.ownership, "adopted"); // it did not stop what it started: it never said so
  await server.stop();
});

test("EMB-REMOVE-1 a running database is not deleted, a stopped one is", async (t) => {
  const dataDir = await freshDataDir(t);
  await mkdir(dataDir);
  await removeEmbedded(dataDir); // nothing there is no error
  const server = await startEmbedded({ dataDir });
  await withClient(server.connection, (client) => client.query("create table mine ()"));
  await assert.rejects(removeEmbedded(dataDir), /is running/);
  assert.equal(await one(server, "select to_regclass('mine')::text"), "mine");
  await server.stop();
  await removeEmbedded(dataDir);
  assert.equal(await existingInstance(dataDir), undefined);
  const next = await startEmbedded({ dataDir });
  assert.equal(await one(next, "select to_regclass('mine')"), null);
  await next.stop();
});
