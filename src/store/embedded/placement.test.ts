import assert from "node:assert/strict";
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { discard, freshDataDir, freshFolder, isRoot, one, readyDataDir } from "./testing/fixture.ts";
import { startEmbedded } from "./index.ts";
import { existingInstance, SYSTEM_DIRECTORY } from "./placement.ts";
import { runningPostmaster, stopPostmaster } from "./postmaster.ts";

const rootOnly = { skip: !isRoot && "needs root: only root keeps data where the database's account cannot go" };

test("EMB-PLACE-1 the database lies in a data directory that the account can reach", async (t) => {
  const dataDir = await readyDataDir(t);
  const server = await startEmbedded({ dataDir });
  assert.equal(await one(server, "show data_directory"), join(dataDir, "data"));
  assert.equal((await stat(join(dataDir, "data"))).mode & 0o777, 0o700);
  await server.stop();
});

test(
  "EMB-PLACE-2 and EMB-PLACE-3 an unreachable data directory points elsewhere, and deleting it never brings old data back",
  rootOnly,
  async (t) => {
    const dataDir = await freshDataDir(t, "private");
    const server = await startEmbedded({ dataDir });
    const first = await existingInstance(dataDir);
    assert.ok(first);
    t.after(async () => {
      const left = await runningPostmaster(first);
      if (left !== undefined) await stopPostmaster(left, "immediate");
      await rm(first.home, { recursive: true, force: true });
    });
    assert.equal(await one(server, "show data_directory"), join(SYSTEM_DIRECTORY, first.id, "data"));
    assert.match(
      await readFile(join(dataDir, "instance.json"), "utf8"),
      new RegExp(`is kept in ${SYSTEM_DIRECTORY}/${first.id}`),
    );
    await one(server, "create table mine ()");

    await rm(dataDir, { recursive: true }); // with the server running
    const lines: string[] = [];
    const second = await startEmbedded({ dataDir, log: (line) => lines.push(line) });
    assert.equal(second.ownership, "started");
    assert.equal(await one(second, "select to_regclass('mine')"), null);
    assert.equal(await runningPostmaster(first), undefined);
    assert.ok((await stat(join(first.data, "PG_VERSION"))).isFile());
    assert.ok(lines.some((line) => line.includes(first.home)));
    await second.stop();
    await rm(first.home, { recursive: true });
  },
);

test(
  "EMB-PLACE-4 a copy that points to the same database is refused, a moved directory keeps it",
  rootOnly,
  async (t) => {
    const dataDir = await freshDataDir(t, "private");
    const server = await startEmbedded({ dataDir });
    await one(server, "create table mine ()");
    await server.stop();
    const other = await freshDataDir(t, "private");
    await cp(dataDir, other, { recursive: true });
    await assert.rejects(startEmbedded({ dataDir: other }), /is a copy of/);
    await rm(other, { recursive: true });

    await rename(dataDir, other);
    const moved = await startEmbedded({ dataDir: other });
    assert.equal(await one(moved, "select to_regclass('mine')::text"), "mine");
    await moved.stop();
    await assert.doesNotReject(startEmbedded({ dataDir: other }).then((again) => again.stop()));
  },
);

test("EMB-PLACE-5 a damaged or dangling pointer is refused", async (t) => {
  const dataDir = await freshDataDir(t);
  await mkdir(dataDir);
  const pointer = join(dataDir, "instance.json");
  for (const text of ["", "{", '{"id":"../../etc","home":"here"}', '{"id":"0123456789abcdef","home":"/etc"}']) {
    await writeFile(pointer, text);
    await assert.rejects(startEmbedded({ dataDir }), /instance\.json is damaged/, text);
  }
  await writeFile(
    pointer,
    JSON.stringify({ id: "0123456789abcdef", home: join(SYSTEM_DIRECTORY, "0123456789abcdef") }),
  );
  await assert.rejects(startEmbedded({ dataDir }), /which is not there/);
  await rm(pointer);
});

test("EMB-PLACE-6 a very long path works", async (t) => {
  const parent = await freshDataDir(t);
  const dataDir = join(parent, "x".repeat(100), "y".repeat(60));
  const server = await startEmbedded({ dataDir });
  assert.ok(server.connection.host.length < 90, server.connection.host);
  assert.equal(await one(server, "select 1"), 1);
  await server.stop();
  await discard(dataDir);
  assert.ok(!(await readdir(tmpdir())).includes(server.connection.host));
});

test("EMB-PLACE-7 a data directory that cannot be made names the setting", async (t) => {
  const folder = await freshFolder(t);
  await writeFile(join(folder, "file"), "");
  await assert.rejects(startEmbedded({ dataDir: join(folder, "file", "eira") }), /EIRA_DATA_DIR/);
});
