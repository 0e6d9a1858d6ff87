import assert from "node:assert/strict";
import { test } from "node:test";
import { RESOURCE_TYPES } from "../../fhir/index.ts";
import { migrateSpread } from "../migrate.ts";
import { Store } from "../store.ts";
import { auditKey, onEveryPostgres, ownerOf, sqlOf, storeOn } from "../testing/contract.ts";
import { create, observation, OURS, patient, rowOf, THEIRS } from "../testing/rows.ts";
import { LayoutRefusal, refuseStandingBlocks, standingOf } from "./layout.ts";
import { makingRole } from "./spread-tables.ts";
import { plainPolicy, spreadingStatements, strangelySpread, unnamedTables } from "./statements.ts";
import { FOREIGN_KEYS, LYING } from "./tables.ts";

const tableOf = (statement: string): string => /'"(\w+)"'/.exec(statement)?.[1] ?? "";

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-CITUS-1 it is said of every table where it lies, and of no other; every key has the column that its table is divided by (${name})`, async (t) => {
    const { database, sql } = await postgres.shared();
    const { tables, spread } = await standingOf(await ownerOf(t, database));
    assert.deepEqual([...LYING.keys()].toSorted(), tables.toSorted());
    assert.deepEqual(unnamedTables([...tables, "planted"]), ["planted"]);
    assert.equal(spread.size, 0);
    const keys = await sql<{ name: string; columns: string[] }>(
      `SELECT c.relname::text AS name, array_agg(a.attname::text) AS columns FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
       WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique GROUP BY c.relname, i.indexrelid`,
    );
    const bare = keys.filter(({ name: table, columns }) => {
      const lying = LYING.get(table);
      return lying?.how === "spread" && !columns.includes(lying.by);
    });
    assert.ok(keys.length >= LYING.size);
    assert.deepEqual(bare, []);
    // Citus takes no table with a trigger, so each goes before its table is spread.
    const triggers = await sql<{ drop: string }>(
      `SELECT format('DROP TRIGGER IF EXISTS %I ON "%s"', tgname, tgrelid::regclass) AS drop FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`,
    );
    const standing = await standingOf(await ownerOf(t, database));
    const dropped = spreadingStatements(standing).filter((one) => one.startsWith("DROP TRIGGER"));
    assert.deepEqual(dropped.toSorted(), triggers.map(({ drop }) => drop).toSorted());
  });

  test(`STORE-CITUS-2 each table is put in its place once, those of a patient together, foreign keys last (${name})`, async (t) => {
    const { database } = await postgres.shared();
    const standing = await standingOf(await ownerOf(t, database));
    const statements = spreadingStatements(standing);
    const spreading = statements.filter((one) => one.includes("create_"));
    const elsewhere = [...LYING].filter(([, { how }]) => how !== "coordinator").map(([table]) => table);
    assert.deepEqual(spreading.map(tableOf).toSorted(), elsewhere.toSorted());
    assert.match(spreading[0] ?? "", /create_distributed_table\('"history"', 'home', colocate_with => 'none'\)/);
    for (const type of RESOURCE_TYPES)
      assert.ok(
        spreading.includes(
          `SELECT create_distributed_table('"${type.toLowerCase()}"', 'home', colocate_with => 'history')`,
        ),
        type,
      );
    // What is left behind is forgotten right after its copy, and never before it.
    for (const [at, one] of statements.entries()) {
      if (one.includes("truncate_local_data"))
        assert.match(statements[at - 1] ?? "", new RegExp(`create_.*"${tableOf(one)}"`));
    }
    const lastSpread = statements.findLastIndex((one) => one.includes("create_"));
    const isForeign = (one: string): boolean => /FOREIGN KEY|REFERENCES/.test(one);
    assert.ok(statements.slice(0, lastSpread).every((one) => !isForeign(one)));
    assert.equal(statements.filter(isForeign).length, FOREIGN_KEYS.length);
    const policies = statements.filter((one) => one.startsWith("ALTER POLICY"));
    assert.ok(policies.length >= RESOURCE_TYPES.length + 3);
    assert.deepEqual(
      policies.filter((one) => /SELECT|eira_reach/.test(one)),
      [],
    );
    assert.ok(statements.findIndex((one) => one.includes("create_")) >= policies.length);
  });

  test(`STORE-CITUS-3 what was cut off goes on where it stopped, and what lies otherwise is told (${name})`, async (t) => {
    const { database } = await postgres.shared();
    const standing = await standingOf(await ownerOf(t, database));
    const places = (tables: readonly string[]): Map<string, string | null> =>
      new Map(tables.map((table) => [table, by(table)]));
    const by = (table: string): string | null => {
      const lying = LYING.get(table);
      return lying?.how === "spread" ? lying.by : null;
    };
    const done = ["history", "observation", "session"];
    const rest = spreadingStatements({ ...standing, spread: places(done) });
    for (const table of done)
      assert.ok(
        rest.every((one) => !one.includes(`"${table}"`)),
        table,
      );
    const all = [...LYING].filter(([, { how }]) => how !== "coordinator").map(([table]) => table);
    assert.equal(rest.filter((one) => one.includes("create_")).length, all.length - done.length);
    assert.deepEqual(spreadingStatements({ ...standing, spread: places(all) }), []);
    assert.deepEqual(strangelySpread({ spread: places(all) }), []);
    const strange = new Map([
      ...places(all),
      ["patient", "id"],
      ["session", "token_hash"],
      ["job", null],
      ["other", "x"],
    ]);
    assert.deepEqual(strangelySpread({ spread: strange }).toSorted(), ["job", "other", "patient", "session"]);
    assert.throws(() => spreadingStatements({ ...standing, tables: [...standing.tables, "planted"] }), /planted/);
  });

  test(`STORE-CITUS-4 the policies as Citus takes them let through what the others do, and nothing without a reach (${name})`, async (t) => {
    const database = await postgres.migrated(t);
    const sql = await sqlOf(t, database);
    const { policies } = await standingOf(await ownerOf(t, database));
    for (const statement of policies.flatMap(plainPolicy)) await sql(statement);
    const after = await sql<{ qual: string | null }>("SELECT qual FROM pg_policies");
    assert.ok(after.length > 150);
    assert.ok(after.every(({ qual }) => !/SELECT|eira_reach/.test(qual ?? "")));
    const { store } = await storeOn(t, database, { spread: "here" });
    await create(store, [rowOf(patient("p1")), rowOf(observation("o1", "p1"))]);
    await create(store, [rowOf(observation("o2", "p1"), { careProvider: THEIRS })]);
    const seen = (reach: string): Promise<string[]> =>
      store.read(reach, async (read) => [
        ...(await read.existing("Patient", ["p1"])),
        ...(await read.existing("Observation", ["o1", "o2"])).toSorted(),
        ...(await read.changeHistory({ limit: 10 })).map(({ id }) => `change ${id}`).toSorted(),
        `${(await read.readersOf("p1", undefined, 10)).length} readers`,
      ]);
    assert.deepEqual(await seen(""), ["0 readers"]);
    assert.deepEqual(await seen(OURS), ["p1", "o1", "change o1", "change p1", "3 readers"]);
    assert.deepEqual(await seen(THEIRS), ["p1", "o2", "change o2", "change p1", "3 readers"]);
    assert.deepEqual((await seen("*")).length, 7);
    await assert.rejects(create(store, [rowOf(observation("o3", "p1"))], THEIRS), { code: "FORBIDDEN" });
  });

  test(`STORE-CITUS-6 the role is made where it is missing, as it is to be, however often that is asked (${name})`, async (t) => {
    const owner = await ownerOf(t, await postgres.empty(t));
    const role = `eira_try_${process.pid}_${name.replace(/\W/g, "")}`;
    const isMade = async (): Promise<unknown[]> =>
      owner.many({
        text: "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, array_to_string(rolconfig, ' ') AS set FROM pg_roles WHERE rolname = $1",
        values: [role],
      });
    const wanted = [
      {
        rolcanlogin: true,
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        set: "TimeZone=UTC DateStyle=ISO jit=off",
      },
    ];
    // Only a superuser may say so much: the other owner of the contract is told what one is to run.
    const [{ is_superuser: may } = { is_superuser: "?" }] = await owner.many<{ is_superuser: string }>({
      text: "SHOW is_superuser",
    });
    if (may !== "on") {
      await assert.rejects(owner.client.query(makingRole(role)), { code: "42501" });
      return;
    }
    try {
      for (const before of ["SELECT 1", "SELECT 2", `ALTER ROLE ${role} NOLOGIN BYPASSRLS`]) {
        await owner.client.query(before);
        await owner.client.query(makingRole(role));
        assert.deepEqual(await isMade(), wanted);
      }
    } finally {
      await owner.client.query(`DROP ROLE IF EXISTS ${role}`);
    }
  });

  test(`STORE-CITUS-5 a PostgreSQL without Citus is refused before anything is done to it (${name})`, async (t) => {
    const database = await postgres.empty(t);
    const sql = await sqlOf(t, database);
    await assert.rejects(migrateSpread(database.config), (error) => {
      assert.ok(error instanceof LayoutRefusal);
      assert.match(error.message, /saknar tillägget Citus.*does not have the extension Citus.*DATABASE_URL/s);
      return true;
    });
    assert.deepEqual(await sql("SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace"), []);
    const { config } = await postgres.migrated(t);
    const options = { config, auditKey, clock: () => new Date(), spread: "citus" as const };
    await assert.rejects(Store.open(options), LayoutRefusal);
  });

  test(`STORE-CITUS-8 rows are not spread while blocks stand, which row-level security could not look for (${name})`, async (t) => {
    const database = await postgres.migrated(t);
    const sql = await sqlOf(t, database);
    const owner = await ownerOf(t, database);
    const { policies } = await standingOf(owner);
    assert.ok(policies.flatMap(plainPolicy).includes('DROP POLICY "blocks" ON "observation"'));
    await refuseStandingBlocks(owner);
    await sql(
      "INSERT INTO block (id, patient, kind, care_provider, care_unit, registered, registered_by) VALUES ('b', 'p', 'inner', 'P', 'U', now(), 'x')",
    );
    await assert.rejects(
      refuseStandingBlocks(owner),
      (error) => error instanceof LayoutRefusal && /1 spärrar/.test(error.message),
    );
    await sql("UPDATE block SET ended = now(), ended_by = 'x', end_reason = 'lifted'");
    await refuseStandingBlocks(owner);
  });
});
