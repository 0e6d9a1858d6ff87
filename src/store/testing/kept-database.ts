/**
 * Databases that are emptied after a test and lent to the next, in whatever process: a clone of 1,900 relations costs
 * 0.7 s of processor time, emptying one 0.05 s. One whose schema, statistics or first rows were changed is dropped; rows that came
 * beside the first ones are taken away, as others are. SPEC TDB-9.
 */
import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { adminSession, dropDatabase, endSessions, type AdminSession } from "./admin-session.ts";
import { testDatabase, urlOf, type TestDatabase } from "./test-database.ts";
import { testServer, type TestServer } from "./test-server.ts";

/** What a database must again be like before it is lent. */
interface Baseline {
  /** Of the catalogs: any change of schema, rights or statistics makes another. */
  readonly catalogs: string;
  /** A mark of each row that the migrations themselves made, by table. */
  readonly first: Readonly<Record<string, readonly string[]>>;
  readonly sequences: Readonly<Record<string, readonly [string, boolean]>>;
}

const PREFIX = "eira_kept_";
const CLEAN = "clean ";
const LENT_LOCK = 0x65696b6c; // "eikl": the first of two keys, the second is the database's number
// PostgreSQL takes a table that was never analysed for ten pages: that many dead rows change no plan.
const FEW_PAGES = 10;

const CATALOGS =
  "pg_class pg_attribute pg_attrdef pg_proc pg_trigger pg_policy pg_constraint pg_index pg_namespace pg_type pg_rewrite pg_default_acl pg_statistic_ext pg_publication".split(
    " ",
  );

const LISTED = "select datname as name, oid::int, shobj_description(oid, 'pg_database') as text from pg_database";

/** The numbers of those that this process has lent: it could take their locks again. */
const holding = new Set<number>();
let lending: Promise<unknown> = Promise.resolve();

/** A database of the template in which nothing is left of other tests; `drop()` gives it back. EIRA_TEST_FRESH=1 makes a clone for each. */
export async function keptDatabase(template: string, on?: TestServer): Promise<TestDatabase> {
  const server = on ?? (await testServer());
  if (process.env["EIRA_TEST_FRESH"] === "1") return testDatabase({ server, template });
  const session = await adminSession(server);
  // One at a time: a session may take its own lock twice.
  const take = lending.then(() => takeKept(server, session, template));
  lending = take.catch(() => undefined);
  return (await take) ?? (await makeOne(server, session, template));
}

async function takeKept(
  server: TestServer,
  session: AdminSession,
  template: string,
): Promise<TestDatabase | undefined> {
  const found = await session.query(`${LISTED} where starts_with(datname, $1) order by oid`, [
    prefixOf(session, template),
  ]);
  for (const one of found) {
    const oid = Number(one["oid"]);
    if (holding.has(oid) || !(await lock(session, "pg_try_advisory_lock", oid))) continue;
    const [again] = await session.query(`${LISTED} where oid = $1`, [oid]);
    const [name, text] = [String(again?.["name"]), String(again?.["text"] ?? "")];
    if (again !== undefined && text.startsWith(CLEAN)) {
      holding.add(oid);
      await session.query(`comment on database ${name} is null`); // whoever dies with it leaves it unclean
      return lent({ server, session, template, name, oid }, JSON.parse(text.slice(CLEAN.length)) as Baseline);
    }
    if (again !== undefined) await dropDatabase(session, name);
    await lock(session, "pg_advisory_unlock", oid);
  }
  return undefined;
}

interface Kept {
  readonly server: TestServer;
  readonly session: AdminSession;
  readonly template: string;
  readonly name: string;
  readonly oid: number;
}

async function makeOne(server: TestServer, session: AdminSession, template: string): Promise<TestDatabase> {
  await dropThoseWithoutTemplate(session);
  const made = await testDatabase({ server, template });
  const name = freshName(session, template);
  const baseline = await within(made.url, async (client) => {
    const first = await contentOf(client, await tablesWithRows(client));
    return { catalogs: await catalogsOf(client), first, sequences: await sequencesOf(client) };
  });
  const [own] = await session.query(`${LISTED} where datname = $1`, [nameIn(made.url)]);
  const oid = Number(own?.["oid"]);
  holding.add(oid);
  await lock(session, "pg_advisory_lock", oid);
  await rename(session, nameIn(made.url), name);
  return lent({ server, session, template, name, oid }, baseline);
}

async function dropThoseWithoutTemplate(session: AdminSession): Promise<void> {
  const left = await session.query(
    `${LISTED} d where starts_with(datname, $1) and not exists
       (select from pg_database t where starts_with(t.datname, 'eira_template_') and left(md5(t.datname), 16) = split_part(d.datname, '_', 4))`,
    [`${PREFIX}${placeOf(session)}_`],
  );
  for (const one of left) {
    const oid = Number(one["oid"]);
    if (holding.has(oid) || !(await lock(session, "pg_try_advisory_lock", oid))) continue;
    await dropDatabase(session, String(one["name"]));
    await lock(session, "pg_advisory_unlock", oid);
  }
}

function lent(kept: Kept, before: Baseline): TestDatabase {
  const url = urlOf(kept.server, kept.name);
  let back: Promise<void> | undefined;
  return { config: { connectionString: url }, url, drop: () => (back ??= giveBack(kept, before)) };
}

async function giveBack({ server, session, template, name, oid }: Kept, before: Baseline): Promise<void> {
  const next = freshName(session, template);
  try {
    await rename(session, name, next); // whoever still asks for it by its name finds nothing, as if it were dropped
    const after = await within(urlOf(server, next), (client) => emptied(client, before));
    if (after === undefined) throw new Error("its schema, statistics or first rows are others");
    await session.query(`comment on database ${next} is ${pg.escapeLiteral(CLEAN + JSON.stringify(after))}`);
  } catch {
    for (const each of [name, next]) await dropDatabase(session, each);
  } finally {
    await lock(session, "pg_advisory_unlock", oid);
    holding.delete(oid);
  }
}

/** Empties what was written; undefined when something was changed that emptying does not bring back. */
async function emptied(client: pg.Client, before: Baseline): Promise<Baseline | undefined> {
  if ((await catalogsOf(client)) !== before.catalogs) return undefined;
  const names = Object.keys(before.first);
  const content = await contentOf(client, names);
  const isLeft = names.every((name) => before.first[name]?.every((mark) => content[name]?.includes(mark) === true));
  if (!isLeft) return undefined;
  const more = names.filter((name) => content[name]?.length !== before.first[name]?.length);
  const written = (await tablesWithRows(client)).filter((name) => !names.includes(name));
  const { rows } = await client.query<{ name: string; many: boolean }>(
    "select n as name, pg_relation_size(format('public.%I', n)::regclass) > $2 * 8192 as many from unnest($1::text[]) n",
    [[...written, ...more], FEW_PAGES],
  );
  if (rows.some((row) => row.many && more.includes(row.name))) return undefined;
  const quoted = (many: boolean): string[] =>
    rows.filter((row) => row.many === many && !more.includes(row.name)).map(({ name }) => pg.escapeIdentifier(name));
  const statements = [
    "set row_security = off", // an error rather than rows that are left
    ...quoted(false).map((name) => `delete from ${name}`),
    ...(quoted(true).length === 0 ? [] : [`truncate ${quoted(true).join()}`]),
    ...more.map((name) => deleteBeside(name, before.first[name] ?? [])), // last: others' rows refer to theirs
    ...Object.entries(before.sequences).map(
      ([name, [last, isCalled]]) => `select setval(${pg.escapeLiteral(name)}, ${last}, ${isCalled})`,
    ),
  ];
  await client.query(statements.join(";"));
  const left = await contentOf(client, more);
  if (more.some((name) => left[name]?.length !== before.first[name]?.length)) return undefined; // twins of the first
  return { ...before, catalogs: await catalogsOf(client) };
}

function deleteBeside(table: string, first: readonly string[]): string {
  return `delete from ${pg.escapeIdentifier(table)} t where ${MARK} not in (${first.map((mark) => pg.escapeLiteral(mark)).join()})`;
}

async function catalogsOf(client: pg.Client): Promise<string> {
  const each = CATALOGS.map((name) => `(select concat(count(*), ' ', max(xmin::text::bigint)) from ${name})`);
  const { rows } = await client.query<{ all: string }>(
    `select concat_ws(',', ${each.join()}, (select count(*) from pg_stats where schemaname = 'public'),
       (select sum(reltuples) from pg_class where relnamespace = 'public'::regnamespace),
       (select count(*) from pg_db_role_setting join pg_database d on d.oid = setdatabase where datname = current_database())) as all`,
  );
  return rows[0]?.all ?? "";
}

async function tablesWithRows(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        and pg_relation_size(oid) > 0 order by relname`,
  );
  return rows.map(({ name }) => name);
}

/** What tells a row of a table from the others, in few letters: a database's comment keeps those of the first. */
const MARK = "left(md5(t::text), 12)";

async function contentOf(client: pg.Client, tables: readonly string[]): Promise<Record<string, readonly string[]>> {
  const content: Record<string, readonly string[]> = {};
  for (const name of tables) {
    const { rows } = await client.query<{ marks: string[] }>(
      `select coalesce(array_agg(${MARK} order by t::text), '{}') as marks from ${pg.escapeIdentifier(name)} t`,
    );
    content[name] = rows[0]?.marks ?? [];
  }
  return content;
}

async function sequencesOf(client: pg.Client): Promise<Baseline["sequences"]> {
  const { rows } = await client.query<{ name: string; last: string; called: boolean }>(
    `select format('%I.%I', schemaname, sequencename) as name, coalesce(last_value, start_value)::text as last,
        last_value is not null as called from pg_sequences where schemaname = 'public'`,
  );
  return Object.fromEntries(rows.map(({ name, last, called }) => [name, [last, called] as const]));
}

async function rename(session: AdminSession, from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    await endSessions(session, from);
    try {
      return void (await session.query(`alter database ${from} rename to ${to}`));
    } catch (error) {
      if ((error as { code?: string }).code !== "55006" || tries === 20) throw error; // somebody came back meanwhile
      await sleep(10);
    }
  }
}

async function within<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function lock(session: AdminSession, name: string, oid: number): Promise<boolean> {
  const [row] = await session.query(`select ${name}($1, $2)::text as got`, [LENT_LOCK, oid]);
  return row?.["got"] !== "false";
}

const nameIn = (url: string): string => new URL(url).pathname.slice(1);

/** Of this administrative database's runs and this template; names have 63 characters at most. */
const prefixOf = (session: AdminSession, template: string): string =>
  `${PREFIX}${placeOf(session)}_${createHash("md5").update(template).digest("hex").slice(0, 16)}_`;

const placeOf = ({ run }: AdminSession): string => run.split("_")[0] ?? "";

const freshName = (session: AdminSession, template: string): string =>
  `${prefixOf(session, template)}${randomBytes(4).toString("hex")}`;
