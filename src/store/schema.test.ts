import assert from "node:assert/strict";
import { test } from "node:test";
import { RESOURCE_TYPES } from "../fhir/index.ts";
import { onEveryPostgres, type StoreOfTest } from "./testing/contract.ts";

/** Small tables without a shard key: on Citus they are reference tables, the same on every node. */
const REFERENCE_TABLES = [
  "absence",
  "access_log_head",
  "access_review",
  "access_sample",
  "access_sample_item",
  "block",
  "block_lift",
  "care_fact",
  "change_reader",
  "client_token",
  "destruction",
  "door_grant",
  "duty",
  "emergency_review",
  "hl7_channel",
  "hl7_volume",
  "instance",
  "job",
  "lease",
  "letter_template",
  "loop_state",
  "loop_step",
  "oauth_client",
  "oauth_state",
  "opening",
  "representation",
  "reserve_number",
  "same_person",
  "schema_migration",
  "session",
  "setting",
  "terminology_closure",
  "terminology_closure_concept",
  "terminology_concept",
  "terminology_system",
  "worklist",
  "worklist_member",
];

/** Tables that hold something of a patient and are shared by all types. */
const PATIENT_TABLES = [
  "access_log",
  "block",
  "care_fact",
  "change_log",
  "destroyed",
  "door_grant",
  "emergency_review",
  "history",
  "loop",
  "opening",
  "remark",
  "representation",
  "same_person",
  "seal",
  "subscriber_event",
];

type Look = StoreOfTest["sql"];

/** Unique indexes (primary keys among them) of tables with a shard key that do not contain it. */
const keysWithoutHome = (sql: Look): Promise<{ index: string }[]> =>
  sql(`SELECT i.indexrelid::regclass::text AS index FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
       JOIN pg_attribute h ON h.attrelid = c.oid AND h.attname = 'home'
       WHERE c.relnamespace = 'public'::regnamespace AND (i.indisunique OR i.indisexclusion) AND NOT h.attnum = ANY (i.indkey::int2[])`);

const tablesWithoutHome = (sql: Look): Promise<{ name: string }[]> =>
  sql(`SELECT c.relname::text AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'home' AND a.attnotnull) ORDER BY 1`);

/** Tables with a patient column that the server's role could read past row-level security. */
const openTables = (sql: Look): Promise<{ name: string }[]> =>
  sql(`SELECT c.relname::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'patient'
       WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
       AND NOT (c.relrowsecurity AND pg_get_userbyid(c.relowner) <> 'eira_app'
                AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'reach' AND p.polpermissive AND p.polroles = ARRAY['eira_app'::regrole::oid])) ORDER BY 1`);

/** What the server's role may do with a table, as letters: SELECT INSERT UPDATE DELETE TRUNCATE, also on single columns. */
async function rights(sql: Look, table: string): Promise<string> {
  const [row] = await sql<{ rights: string }>(
    `SELECT string_agg(left(kind, 1), '' ORDER BY at) AS rights FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) WITH ORDINALITY AS k(kind, at)
     WHERE CASE WHEN kind IN ('DELETE', 'TRUNCATE') THEN has_table_privilege('eira_app', $1, kind) ELSE has_any_column_privilege('eira_app', $1, kind) END`,
    [`"${table}"`],
  );
  return row?.rights ?? "";
}

onEveryPostgres((postgres) => {
  test(`STORE-SCHEMA-1 every key of a table with a shard key contains it; the others are on the list of reference tables (${postgres.name})`, async () => {
    const { sql } = await postgres.shared();
    assert.deepEqual(await keysWithoutHome(sql), []);
    assert.deepEqual(
      (await tablesWithoutHome(sql)).map(({ name }) => name),
      REFERENCE_TABLES,
    );
    await sql("BEGIN"); // planted, so that a look that sees nothing is found out
    await sql("CREATE UNIQUE INDEX planted_key ON observation (id)");
    await sql("CREATE TABLE planted (n int PRIMARY KEY)");
    assert.deepEqual(await keysWithoutHome(sql), [{ index: "planted_key" }]);
    assert.ok((await tablesWithoutHome(sql)).some(({ name }) => name === "planted"));
    await sql("ROLLBACK");
  });

  test(`STORE-SCHEMA-2 every resource type has its table, and every table of patients has row-level security for the server's role (${postgres.name})`, async () => {
    const { sql } = await postgres.shared();
    const expected = [...RESOURCE_TYPES.map((type) => type.toLowerCase()), ...PATIENT_TABLES].toSorted();
    const found = await sql<{ name: string }>(
      "SELECT table_name::text AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'patient'",
    );
    assert.deepEqual(found.map(({ name }) => name).toSorted(), expected);
    assert.deepEqual(await openTables(sql), []);
    await sql("BEGIN");
    await sql("ALTER TABLE observation DISABLE ROW LEVEL SECURITY");
    await sql("DROP POLICY reach ON condition");
    await sql("ALTER POLICY reach ON flag TO PUBLIC"); // then it would no longer be this role's own
    assert.deepEqual(await openTables(sql), [{ name: "condition" }, { name: "flag" }, { name: "observation" }]);
    await sql("ROLLBACK");
  });

  test(`STORE-SCHEMA-3 the server's role has no way past row-level security, and cannot alter or remove what was logged (${postgres.name})`, async () => {
    const { sql } = await postgres.shared();
    const role =
      "SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = 'eira_app'";
    const none = {
      rolsuper: false,
      rolbypassrls: false,
      rolcanlogin: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
    };
    assert.deepEqual(await sql(role), [none]);
    assert.deepEqual(await sql("SELECT 1 FROM pg_auth_members WHERE member = 'eira_app'::regrole"), []);
    for (const table of [
      "access_log",
      "access_review",
      "access_sample",
      "access_sample_item",
      "change_log",
      "history",
      "remark",
      "seal",
    ])
      assert.equal(await rights(sql, table), "SI", table);
    for (const table of ["destruction", "destroyed"])
      assert.equal(await rights(sql, table), table === "destroyed" ? "S" : "", table);
    assert.equal(await rights(sql, "client_token"), "S");
    assert.equal(await rights(sql, "instance"), "S");
    assert.equal(await rights(sql, "schema_migration"), "");
    assert.equal(await rights(sql, "access_log_head"), "SIU");
    assert.equal(await rights(sql, "observation"), "SIUD");
    await sql("BEGIN");
    await sql("GRANT UPDATE (entry) ON access_log TO eira_app");
    assert.equal(await rights(sql, "access_log"), "SIU"); // a right on one column would be seen
    await sql("ROLLBACK");
  });
});
