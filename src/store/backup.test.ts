import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { seededRandom } from "../base/index.ts";
import { backup, restore, tableCopies, type Manifest, type TableCopy } from "./backup.ts";
import { START, type LoggedChange, type Position } from "./change-log.ts";
import type { Store } from "./store.ts";
import { onEveryPostgres, sqlOf, storeOn } from "./testing/contract.ts";
import { programOf } from "./testing/program.ts";
import { create, entry, observation, patient, remove, rowOf, update } from "./testing/rows.ts";

const NOW = new Date("2026-11-21T08:00:00Z");
const SEED = 20261121;
/** Bits that are turned at random, each followed by a whole restore. */
const FLIPS = process.env["EIRA_LONG"] === "1" ? 12 : 4;
const child = programOf(new URL("testing/backup-child.ts", import.meta.url));

/** A place for a backup, removed after the test. */
function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "eira-backup-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "backup");
}

/** Some of everything. */
async function fill(store: Store): Promise<void> {
  for (let n = 0; n < 20; n += 1)
    await create(store, [rowOf(patient(`p${n}`, "Åström 🫀\t\\N \n")), rowOf(observation(`o${n}`, `p${n}`, n))]);
  await update(store, rowOf(observation("o1", "p1", 99), { version: 2, content: '{"value":6.0}' }));
  await remove(store, "Observation", "o2", NOW.toISOString());
  await store.recordAccess([entry(1), entry(2)]);
  await store.write("*", async (tx) => {
    await tx.claimKey(1, "actor", "key", "request");
    await tx.storeReply(1, "actor", "key", "reply");
    await tx.enqueue([{ home: 1, topic: "t", payload: { text: "åäö", n: 6 } }]);
  });
  await store.addSession("token", { id: "a" }, NOW);
  await store.addClient("secret", { client: "c", scope: "system/*.rs", careProvider: null, careUnit: null }, NOW);
  await store.saveSetting("name", { a: [1, null] });
}

const byTable = (tables: readonly TableCopy[]): Map<string, TableCopy> =>
  new Map(tables.map((one) => [one.table, one]));
const rowsIn = ({ tables }: Manifest): number => tables.reduce((sum, { rows }) => sum + rows, 0);

/** Everything that a reader gets from a position on. */
async function readOn(store: Store, position: Position): Promise<LoggedChange[]> {
  const read: LoggedChange[] = [];
  for (let from = position; ; from = read.at(-1) ?? from) {
    const page = await store.changes(from, 7);
    read.push(...page);
    if (page.length === 0) return read;
  }
}

onEveryPostgres((postgres, other) => {
  const { name } = postgres;

  test(
    `STORE-BACKUP-1 what is restored has the counts and hashes of what was backed up, on the other kind too (${name} to ${other.name})`,
    { timeout: 120_000 },
    async (t) => {
      const { store, database } = await postgres.store(t);
      await fill(store);
      const folder = place(t);
      const manifest = await backup(database.config, folder, NOW);
      const target = await other.spare();
      assert.deepEqual(await restore(target.config, folder), manifest);
      const copies = await tableCopies(target.config);
      assert.deepEqual(copies, manifest.tables);
      assert.deepEqual(copies, await tableCopies(database.config)); // the source too is as it was
      assert.ok(rowsIn(manifest) > 100 && manifest.tables.length > 150);
      const restored = await storeOn(t, target);
      assert.deepEqual((await restored.store.verifyAccessLog(await store.accessLogHeads())).faults, []);
      assert.equal(
        (await restored.store.read("*", (read) => read.read("Observation", "o1")))?.content,
        '{"value":6.0}',
      );
      await create(restored.store, [rowOf(patient("after"))]); // and life goes on
      const [newest] = await restored.sql<{ fresh: boolean }>("SELECT max(seq) = count(*) AS fresh FROM change_log");
      assert.equal(newest?.fresh, true);
    },
  );

  test(
    `STORE-BACKUP-2 a backup under write load is of one moment, and misses nothing acknowledged before it began (${name} to ${other.name})`,
    { timeout: 120_000 },
    async (t) => {
      const { store, database } = await postgres.store(t);
      const acknowledged: string[] = [];
      let writing = true;
      const writer = async (who: number): Promise<void> => {
        for (let n = 0; writing; n += 1) {
          const id = `w${who}-${n}`;
          await create(store, [rowOf(patient(id)), rowOf(observation(`${id}-o`, id))]);
          if (n % 3 === 1) await update(store, rowOf(observation(`${id}-o`, id, 6), { version: 2 }));
          if (n % 5 === 1) await remove(store, "Observation", `w${who}-${n - 1}-o`, NOW.toISOString());
          acknowledged.push(id);
        }
      };
      const writers = [0, 1, 2, 3].map(writer);
      while (acknowledged.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));
      const before = [...acknowledged];
      const folder = place(t);
      const manifest = await backup(database.config, folder, NOW);
      const during = acknowledged.length - before.length;
      writing = false;
      await Promise.all(writers);
      t.diagnostic(`${before.length} before, ${during} while it ran`);
      assert.ok(during > 0, "there was no load");

      const target = await other.spare();
      await restore(target.config, folder);
      assert.deepEqual(await tableCopies(target.config), manifest.tables);
      const restored = await storeOn(t, target);
      const there = new Set((await restored.sql<{ id: string }>("SELECT id FROM patient")).map(({ id }) => id));
      assert.deepEqual(
        before.filter((id) => !there.has(id)),
        [],
      );
      // One moment: every transaction is whole in it.
      const halves = await restored.sql(
        `SELECT p.id FROM patient p WHERE NOT EXISTS (SELECT 1 FROM observation o WHERE o.id = p.id || '-o')
         AND NOT EXISTS (SELECT 1 FROM history h WHERE h.id = p.id || '-o' AND h.method = 'delete')
       UNION ALL SELECT c.id FROM change_log c WHERE NOT EXISTS (SELECT 1 FROM history h WHERE h.id = c.id AND h.version = c.version)
         AND NOT EXISTS (SELECT 1 FROM patient p WHERE p.id = c.id) AND NOT EXISTS (SELECT 1 FROM observation o WHERE o.id = c.id AND o.version = c.version)`,
      );
      assert.deepEqual(halves, []);
      assert.deepEqual((await restored.store.verifyAccessLog([])).faults, []);
    },
  );

  test(`STORE-BACKUP-3 readers of the change log go on where they were: nothing again, nothing left out (${name} to ${other.name})`, async (t) => {
    const { store, database, sql } = await postgres.store(t);
    for (let n = 0; n < 25; n += 1) await create(store, [rowOf(patient(`p${n}`))]);
    let all: LoggedChange[] = [];
    while (all.length < 25) all = await readOn(store, START);
    await store.moveReader("behind", all[9] as Position);
    await store.moveReader("at the end", all[24] as Position);
    await store.write("*", (tx) =>
      tx.subscribers.record({ id: "s1", owner: "client lab", actor: {}, written: 1, content: "{}" }),
    );
    const stood = all[9] as Position;
    await sql("UPDATE subscriber SET xid = $1::xid8, seq = $2", [stood.xid, stood.seq]);
    const folder = place(t);
    await backup(database.config, folder, NOW);
    const target = await other.spare();
    await restore(target.config, folder);
    const { store: restored } = await storeOn(t, target);
    await create(restored, [rowOf(patient("new-1")), rowOf(patient("new-2"))]);
    const names = async (reader: string): Promise<string[]> =>
      (await readOn(restored, await restored.readerPosition(reader))).map(({ id }) => id);
    while ((await names("at the end")).length < 2); // until no other database's transaction holds readers back
    assert.deepEqual(await names("at the end"), ["new-1", "new-2"]);
    assert.deepEqual(await names("behind"), [...all.slice(10).map(({ id }) => id), "new-1", "new-2"]);
    const subscriber = await restored.read("*", (look) => look.subscribers.one("s1"));
    const missed = (await readOn(restored, subscriber?.position ?? START)).map(({ id }) => id);
    assert.deepEqual(missed, [...all.slice(10).map(({ id }) => id), "new-1", "new-2"], "subscribers too");
    assert.deepEqual(await names("who never read"), [...all.map(({ id }) => id), "new-1", "new-2"]);
  });

  test(
    `STORE-BACKUP-4 a backup that is interrupted leaves no folder that could be taken for one, and the next one succeeds (${name})`,
    { timeout: 120_000 },
    async (t) => {
      const { store, database } = await postgres.store(t);
      await fill(store);
      const folder = place(t);
      const killed = spawn(process.execPath, [...child, database.url, folder], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let tables = 0;
      for await (const line of createInterface({ input: killed.stdout })) {
        tables += 1;
        if (line === "history") killed.kill("SIGKILL");
      }
      assert.ok(tables < 150, "it was killed too late");
      assert.equal(existsSync(folder), false);
      assert.equal(existsSync(join(`${folder}.partial`, "manifest.json")), false);
      await assert.rejects(restore(database.config, folder), /is not a backup/);
      await assert.rejects(restore(database.config, `${folder}.partial`), /is not a backup/);
      await backup(database.config, folder, NOW);
      assert.equal(existsSync(`${folder}.partial`), false);
      assert.equal(readdirSync(folder).length, 1 + (await tableCopies(database.config)).length);
    },
  );

  test(
    `STORE-BACKUP-5 a full disk ends the backup with an error, not with a folder and not with silence (${name})`,
    { timeout: 60_000 },
    async (t) => {
      const { store, database } = await postgres.store(t);
      const random = seededRandom(SEED);
      const noise = (): string => JSON.stringify(Buffer.from(random.bytes(300_000)).toString("base64"));
      const large = Array.from({ length: 12 }, (_, n) => rowOf(patient(`p${n}`), { content: noise() }));
      await create(store, large); // so that it fails in the middle of a table
      const folder = place(t);
      // A file that takes nothing, put where the next table's is to be written.
      const fillDisk = (table: string): void => {
        if (table === "parameters") symlinkSync("/dev/full", join(`${folder}.partial`, "patient.copy.gz"));
      };
      await assert.rejects(backup(database.config, folder, NOW, fillDisk), { code: "ENOSPC" });
      assert.equal(existsSync(folder), false);
    },
  );

  test(
    `STORE-BACKUP-6 whatever differs from what was written is refused, and nothing of it is restored (${name})`,
    { timeout: 120_000 },
    async (t) => {
      const { store, database } = await postgres.store(t);
      await fill(store);
      const folder = place(t);
      const manifest = await backup(database.config, folder, NOW);
      const target = await postgres.spare();
      const empty = await tableCopies(target.config);
      const random = seededRandom(SEED);
      const spoiled = async (
        file: string,
        spoil: (bytes: Buffer) => Buffer | undefined,
        message: RegExp,
      ): Promise<void> => {
        const path = join(folder, file);
        const bytes = readFileSync(path);
        const other = spoil(bytes);
        if (other === undefined) rmSync(path);
        else writeFileSync(path, other);
        await assert.rejects(restore(target.config, folder), message, file);
        writeFileSync(path, bytes);
      };
      const flip = (bytes: Buffer): Buffer => {
        const copy = Buffer.from(bytes);
        const at = random.int(copy.length);
        copy[at] = (copy[at] ?? 0) ^ (1 << random.int(8));
        return copy;
      };
      const json = (change: (content: Manifest) => unknown) => (bytes: Buffer) =>
        Buffer.from(JSON.stringify(change(JSON.parse(bytes.toString()) as Manifest)));
      const text = (change: (content: string) => string) => (bytes: Buffer) =>
        gzipSync(change(gunzipSync(bytes).toString()));
      const tables = byTable(manifest.tables);
      const hash = tables.get("patient")?.sha256 ?? "";
      await spoiled("patient.copy.gz", (bytes) => bytes.subarray(0, bytes.length - 20), /./);
      await spoiled("patient.copy.gz", () => undefined, /ENOENT/);
      await spoiled(
        "patient.copy.gz",
        text((content) => content.replace("Tove", "Love")),
        /patient: the backup has 20 rows.*Nothing was restored/,
      );
      await spoiled(
        "patient.copy.gz",
        text((content) => content.slice(content.indexOf("\n") + 1)),
        /the backup has 20 rows .* found 19/,
      );
      await spoiled(
        "access_log.copy.gz",
        text((content) => content + content.slice(0, content.indexOf("\n") + 1)),
        /duplicate key|access_log/,
      );
      await spoiled(
        "manifest.json",
        json((content) => ({ ...content, schema: content.schema + 1 })),
        /has schema \d+, this build \d+/,
      );
      await spoiled(
        "manifest.json",
        json((content) => ({ ...content, format: 2 })),
        /format 2/,
      );
      await spoiled(
        "manifest.json",
        json((content) => ({ ...content, tables: content.tables.slice(1) })),
        /The backup has no absence/,
      );
      await spoiled(
        "manifest.json",
        (bytes) => Buffer.from(bytes.toString().replace(hash, hash.replace(/./g, "0"))),
        /patient: the backup has/,
      );
      for (let n = 0; n < FLIPS; n += 1) {
        // Bytes 4 to 9 of a gzip file say when and where it was made, and no byte of the content hangs on them.
        const file = random.pick(["patient", "observation", "history", "change_log"]);
        await spoiled(
          `${file}.copy.gz`,
          (bytes) => Buffer.concat([bytes.subarray(0, 10), flip(bytes.subarray(10))]),
          /./,
        );
      }
      assert.deepEqual(await tableCopies(target.config), empty);
      await restore(target.config, folder); // as it was written it is good
    },
  );

  test(`STORE-BACKUP-7 nothing is written over: neither a folder that is there nor a database that holds something (${name})`, async (t) => {
    const { store, database } = await postgres.store(t);
    await fill(store);
    const folder = place(t);
    await backup(database.config, folder, NOW);
    await assert.rejects(backup(database.config, folder, NOW), /exists already/);
    await assert.rejects(restore(database.config, folder), /not empty/);
    const target = await postgres.spare();
    const sql = await sqlOf(t, target);
    await sql("INSERT INTO client_token VALUES ('\\x00', 'c', 's', NULL, NULL, now(), now())"); // only a token was made
    await assert.rejects(restore(target.config, folder), /not empty \(client_token\)/);
    await sql("DELETE FROM client_token");
    await sql("INSERT INTO schema_migration VALUES (9999, 'of-tomorrow', '')");
    await assert.rejects(backup(target.config, place(t), NOW), /has schema 9999, this build knows/);
    await sql("DELETE FROM schema_migration WHERE version = 9999");
  });

  test(`STORE-BACKUP-8 only its owner can read a backup (${name})`, async (t) => {
    const { database } = await postgres.shared();
    const folder = place(t);
    await backup(database.config, folder, NOW);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    for (const file of readdirSync(folder)) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file);
  });
});
