import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type pg from "pg";
import { Connection } from "./connection.ts";
import { knownMigrations, migrate, type Migration, type Roles } from "./migrate.ts";
import { Store } from "./store.ts";

import { carelessServer } from "./embedded/testing/fixture.ts";
import { auditKey, onEveryPostgres, sqlOf, type ContractPostgres } from "./testing/contract.ts";
import { programOf } from "./testing/program.ts";

const ALL = knownMigrations().map(({ version }) => version);
const child = programOf(new URL("testing/migrate-child.ts", import.meta.url));

/** Small migrations, where it does not matter what they make. */
const SMALL: readonly Migration[] = [
  { version: 1, name: "0001-one.sql", sql: "CREATE TABLE one (n int)" },
  { version: 2, name: "0002-two.sql", sql: "CREATE TABLE two (n int)" },
];

async function migrateElsewhere(url: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [...child, url]);
  return JSON.parse(stdout) as number[];
}

/** A server where others than the superuser may log in, as an administrator works on it. */
type Cluster = {
  readonly run: (statement: string) => Promise<unknown>;
  /** A new database, and how its owner, a new role with these attributes, logs in. */
  readonly ownedBy: (attributes: string) => Promise<{ readonly config: pg.ClientConfig; readonly owner: string }>;
  /** A name that no role has yet. */
  readonly freshRoles: () => Roles;
};

/** The embedded server lets nobody but its owner in; another one made of the same programs does. */
async function openCluster(t: TestContext, { name, server }: ContractPostgres): Promise<Cluster> {
  return clusterOf(t, name === "embedded" ? await carelessServer(t, []) : { connectionString: server.url });
}

/** Everything made here is removed after the test. */
async function clusterOf(t: TestContext, config: pg.ClientConfig): Promise<Cluster> {
  const { client: admin } = await Connection.open(config, undefined);
  const made: string[] = [];
  const fresh = (prefix: string, kind: string): string => {
    const name = `${prefix}_${randomBytes(4).toString("hex")}`;
    made.unshift(`DROP ${kind} IF EXISTS ${name}`);
    return name;
  };
  t.after(async () => {
    for (const statement of made) await admin.query(statement).catch(() => undefined); // the whole server may be gone
    await admin.end();
  });
  return {
    run: (statement) => admin.query(statement),
    freshRoles: () => ({ app: fresh("eira_app", "ROLE"), members: [fresh("eira_person", "ROLE")] }),
    ownedBy: async (attributes) => {
      const owner = fresh("owner", "ROLE");
      const database = fresh("eira_test", "DATABASE");
      await admin.query(`CREATE ROLE ${owner} LOGIN ${attributes} PASSWORD 'x'`);
      await admin.query(`GRANT ${owner} TO CURRENT_USER`); // an admin who is no superuser needs it for the next line
      await admin.query(`CREATE DATABASE ${database} OWNER ${owner}`);
      return { owner, config: { host: admin.host, port: admin.port, user: owner, password: "x", database } };
    },
  };
}

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-MIG-1 an empty database gets the whole schema, and a second time nothing happens (${name})`, async (t) => {
    const database = await postgres.empty(t);
    assert.deepEqual(await migrate(database.config), ALL);
    assert.deepEqual(await migrate(database.config), []);
    const sql = await sqlOf(t, database);
    assert.deepEqual(await sql("SELECT count(*)::int AS applied FROM schema_migration"), [{ applied: ALL.length }]);
  });

  test(`STORE-MIG-2 two processes at once: each migration is applied by one, both succeed (${name})`, async (t) => {
    const { url } = await postgres.empty(t);
    const both = await Promise.all([migrateElsewhere(url), migrateElsewhere(url)]);
    assert.deepEqual(
      both.flat().toSorted((a, b) => a - b),
      ALL,
    );
  });

  test(`STORE-MIG-3 a newer schema is refused with a clear message, and nothing is changed (${name})`, async (t) => {
    const { config } = await postgres.migrated(t);
    const owner = await Connection.open(config, undefined);
    t.after(() => owner.close());
    const newer = ALL.length + 1;
    await owner.client.query("INSERT INTO schema_migration VALUES ($1, 'of-tomorrow', '')", [newer]);
    await assert.rejects(
      migrate(config),
      new RegExp(`schema ${newer}, this build of Eira knows ${ALL.length}.*Nothing was changed`),
    );
    const [row] = await owner.many<{ newest: number }>({ text: "SELECT max(version) AS newest FROM schema_migration" });
    assert.equal(row?.newest, newer);
    await assert.rejects(Store.open({ config, auditKey, clock: () => new Date() }), /schema/); // whoever skips migrating
  });

  test(`STORE-MIG-4 a migration that was altered after it was applied is refused (${name})`, async (t) => {
    const database = await postgres.empty(t);
    await migrate(database.config, SMALL);
    const altered = [SMALL[0]!, { ...SMALL[1]!, sql: "CREATE TABLE other (n int)" }];
    await assert.rejects(
      migrate(database.config, altered),
      /Migration 2 .* is not the one in this build.*Nothing was changed/,
    );
    const sameText = SMALL.map((one) => ({ ...one, sql: one.sql.replaceAll("\n", "\r\n") }));
    assert.deepEqual(await migrate(database.config, sameText), []); // only a checkout with other line ends
  });

  test(`STORE-MIG-5 a failing migration leaves nothing of itself; those before it stay (${name})`, async (t) => {
    const database = await postgres.empty(t);
    const failing = [
      ...SMALL.slice(0, 1),
      { version: 2, name: "0002-bad.sql", sql: "CREATE TABLE half (n int); INSERT INTO half VALUES (1); SELECT 1/0" },
    ];
    await assert.rejects(migrate(database.config, failing), /0002-bad\.sql failed: division by zero/);
    const sql = await sqlOf(t, database);
    const tables =
      "SELECT to_regclass('one')::text AS one, to_regclass('half')::text AS half, (SELECT max(version) FROM schema_migration) AS version";
    assert.deepEqual(await sql(tables), [{ one: "one", half: null, version: 1 }]);
    assert.deepEqual(await migrate(database.config, SMALL), [2]); // and it goes on from there
  });

  test(`STORE-MIG-6 an owner that is no superuser but may make roles is enough (${name})`, async (t) => {
    const { ownedBy, freshRoles } = await openCluster(t, postgres);
    const [one, two] = [await ownedBy("NOSUPERUSER CREATEROLE"), await ownedBy("NOSUPERUSER NOCREATEROLE")];
    const roles = freshRoles();
    assert.deepEqual(await migrate(one.config, SMALL, roles), [1, 2]);
    assert.deepEqual(await migrate(one.config, SMALL, roles), []);
    await assert.rejects(migrate(two.config, SMALL, roles), /GRANT/); // the role is there, but not for this owner
  });

  test(`STORE-MIG-7 an owner who may not make roles is told what to do, and that is enough (${name})`, async (t) => {
    const { run, ownedBy, freshRoles } = await openCluster(t, postgres);
    const { config, owner } = await ownedBy("NOSUPERUSER NOCREATEROLE");
    const roles = freshRoles(); // the cluster may have eira_app already, from other databases
    const {
      app,
      members: [person],
    } = roles;
    await assert.rejects(migrate(config, SMALL, roles), new RegExp(`may not create roles.*CREATE ROLE ${app} NOLOGIN`));
    await run(`CREATE ROLE ${app} NOLOGIN`);
    await assert.rejects(migrate(config, SMALL, roles), new RegExp(`GRANT ${app} TO ${owner}`));
    await run(`GRANT ${app} TO ${owner}`);
    await assert.rejects(migrate(config, SMALL, roles), new RegExp(`CREATE ROLE ${person} NOLOGIN`));
    await run(`CREATE ROLE ${person} NOLOGIN`);
    await run(`GRANT ${person} TO ${owner}`);
    await assert.rejects(migrate(config, SMALL, roles), new RegExp(`GRANT ${app} TO ${person}`));
    await run(`GRANT ${app} TO ${person}`);
    assert.deepEqual(await migrate(config, SMALL, roles), [1, 2]);
    assert.deepEqual(await migrate(config, SMALL, roles), []);
  });

  test(`STORE-MIG-11 databases of one cluster may be migrated at once, though the role is everybody's (${name})`, async (t) => {
    const { freshRoles } = await clusterOf(t, { connectionString: postgres.server.url });
    const databases = await Promise.all([1, 2, 3].map(() => postgres.empty(t)));
    const roles = freshRoles();
    assert.deepEqual(await Promise.all(databases.map(({ config }) => migrate(config, SMALL, roles))), [
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });

  test(`STORE-MIG-8 a PostgreSQL older than 15 is refused by its version (${name})`, async (t) => {
    const database = await postgres.empty(t);
    const sql = await sqlOf(t, database);
    // The nearest thing to an old server: one that says it is.
    await sql(
      "CREATE FUNCTION public.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT CASE $1 WHEN 'server_version_num' THEN '140012' ELSE '14.12' END $$",
    );
    const old = { ...database.config, options: "-c search_path=public,pg_catalog" };
    await assert.rejects(migrate(old), /PostgreSQL 15 or newer; this one is 14\.12/);
    assert.deepEqual(await sql("SELECT to_regclass('schema_migration')::text AS made"), [{ made: null }]);
  });

  test(`STORE-MIG-9 a store does not open on a database without this build's schema, and says what to run (${name})`, async (t) => {
    const { config } = await postgres.empty(t);
    await assert.rejects(
      Store.open({ config, auditKey, clock: () => new Date() }),
      /does not have this build's schema.*eira -- migrate/,
    );
  });
});

test("STORE-MIG-10 migration files are numbered without a gap; a stray name or an empty folder is refused", (t) => {
  assert.deepEqual(
    ALL,
    ALL.map((_, at) => at + 1),
  );
  const folder = mkdtempSync(join(tmpdir(), "eira-migrations-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const known = (): readonly Migration[] => knownMigrations(pathToFileURL(`${folder}/`));
  assert.throws(known, /no migrations/);
  writeFileSync(join(folder, "0001-first.sql"), "SELECT 1");
  writeFileSync(join(folder, "README.md"), "not a migration");
  assert.deepEqual(
    known().map(({ version }) => version),
    [1],
  );
  writeFileSync(join(folder, "0003-third.sql"), "SELECT 3");
  assert.throws(known, /0003-third\.sql is out of order/);
  writeFileSync(join(folder, "2-second.sql"), "SELECT 2");
  assert.throws(known, /bad name: 2-second\.sql/);
});
