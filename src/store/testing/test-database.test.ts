import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import pg from "pg";
import { ensureTemplate, externalPostgres, keptDatabase, testDatabase, testServer, type TestServer } from "./index.ts";
import { programOf } from "./program.ts";
import { testFolder } from "./test-server.ts";
import { makeSlowly } from "./slow-migration.ts";

type Address = string | pg.ClientConfig;

async function ask(address: Address, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(address);
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function exists(server: TestServer, database: string): Promise<boolean> {
  return (await ask(server.url, `select from pg_database where datname = '${database}'`)).length > 0;
}

/** Whoever came next removes it: that may be a process of another test, which is still at it. The test's own time is the limit. */
async function isGone(server: TestServer, database: string): Promise<void> {
  while (await exists(server, database)) await sleep(20);
}

/** A template name of this test alone; the template is removed afterwards. */
function templateName(t: TestContext, server: Pick<TestServer, "url">): string {
  const name = `tdb_${randomBytes(5).toString("hex")}`;
  t.after(() =>
    ask(server.url, `drop database if exists eira_template_${name}`).catch(() => "the server was the test's own"),
  );
  return name;
}

interface Child {
  readonly process: ChildProcess;
  readonly told: Promise<{ readonly url: string; readonly made: number }>;
}

function child(
  t: TestContext,
  name: string,
  manner: "hold" | "end" | "lend",
  environment: NodeJS.ProcessEnv = {},
): Child {
  const script = programOf(new URL("testing-child.ts", import.meta.url));
  const env = { ...process.env, ...environment };
  const started = spawn(process.execPath, [...script, name, manner], {
    stdio: ["pipe", "pipe", "inherit"],
    env,
  });
  t.after(() => started.kill("SIGKILL"));
  const line = once(createInterface({ input: started.stdout }), "line") as Promise<[string]>;
  return { process: started, told: line.then(([text]) => JSON.parse(text) as { url: string; made: number }) };
}

const nameIn = (url: string): string => new URL(url).pathname.slice(1);

/** What every server must give: TDB-1, TDB-2, TDB-6. */
async function contract(t: TestContext, server: TestServer): Promise<void> {
  const name = templateName(t, server);
  let times = 0;
  const failing = ensureTemplate(
    name,
    async (config) => {
      await ask(config, "create table half ()");
      throw new Error("planted");
    },
    server,
  );
  await assert.rejects(failing, /planted/);
  const migrate = async (config: pg.ClientConfig): Promise<void> => {
    times++;
    await makeSlowly(config);
  };
  const template = await ensureTemplate(name, migrate, server);
  assert.equal(await ensureTemplate(name, migrate, server), template);
  assert.equal(times, 1);

  const [one, two, empty] = await Promise.all([
    testDatabase({ template, server }),
    testDatabase({ template, server }),
    testDatabase({ server }),
  ]);
  assert.deepEqual(await ask(one.config, "select n, to_regclass('half') as half from thing"), [{ n: 1, half: null }]);
  await ask(one.url, "insert into thing values (2)");
  assert.equal((await ask(one.config, "select from thing")).length, 2);
  assert.equal((await ask(two.config, "select from thing")).length, 1);
  assert.deepEqual(await ask(empty.config, "select to_regclass('thing') as thing"), [{ thing: null }]);

  const open = new pg.Client(one.config);
  open.on("error", () => undefined);
  await open.connect();
  await Promise.all([one.drop(), two.drop(), empty.drop()]);
  for (const { url } of [one, two, empty]) assert.equal(await exists(server, nameIn(url)), false);
  await open.end().catch(() => undefined);
}

test("TDB-1, TDB-2 and TDB-6 clones of a template on the server of the tests", async (t) => {
  await contract(t, await testServer());
});

test(
  "TDB-2, TDB-3 and TDB-7 processes share a template, and what a dead one left is removed",
  { timeout: 60_000 },
  async (t) => {
    const server = await testServer();
    const name = templateName(t, server);
    const holding = [child(t, name, "hold"), child(t, name, "hold")];
    const [dead, alive] = await Promise.all(holding.map(({ told }) => told));
    assert.ok(dead && alive);
    assert.equal(dead.made + alive.made, 1);
    for (const { url } of [dead, alive]) assert.equal((await ask(url, "select from thing")).length, 1);

    holding[0]?.process.kill("SIGKILL");
    await sessionsGone(server.url, `eira tests ${holding[0]?.process.pid}`);
    const next = child(t, name, "end");
    const { url, made } = await next.told;
    assert.equal(made, 0);
    assert.deepEqual(await once(next.process, "close"), [0, null]); // by itself: nothing holds it
    await isGone(server, nameIn(dead.url));
    assert.equal(await exists(server, nameIn(alive.url)), true);
    assert.equal(await exists(server, nameIn(url)), true); // it did not drop it, so the next run will
  },
);

async function keeps(t: TestContext, server: TestServer): Promise<void> {
  const make = `create table thing (n int); insert into thing values (1); create table more (n int generated by default as identity, text text)`;
  const template = await ensureTemplate(templateName(t, server), (config) => ask(config, make), server);
  const numberOf = async ({ url }: { url: string }): Promise<unknown> =>
    (await ask(url, "select oid from pg_database where datname = current_database()"))[0]?.["oid"];
  const write = "insert into more (text) select repeat('x', 100) from generate_series(1,";

  const one = await keptDatabase(template, server);
  const two = await keptDatabase(template, server);
  const [first, second] = [await numberOf(one), await numberOf(two)];
  assert.notEqual(first, second);
  await ask(one.url, `${write} 3)`);
  await ask(two.url, `${write} 3000)`);
  await ask(one.url, "insert into thing values (2), (3)"); // beside the first ones
  const late = new pg.Client(one.config);
  late.on("error", () => undefined);
  await late.connect();
  await Promise.all([one.drop(), two.drop(), one.drop()]);
  await assert.rejects(late.query("insert into more default values"));
  await assert.rejects(ask(one.url, "insert into more default values"), { code: "3D000" }); // as if it were dropped

  const again = await Promise.all([1, 2].map(() => keptDatabase(template, server)));
  const numbers = await Promise.all(again.map(numberOf));
  assert.deepEqual(new Set(numbers), new Set([first, second]));
  for (const each of again) {
    assert.deepEqual(await ask(each.url, "select n from thing"), [{ n: 1 }]);
    assert.deepEqual(await ask(each.url, "select from more"), []);
    assert.deepEqual(await ask(each.url, "insert into more default values returning n"), [{ n: 1 }]);
  }

  const [alpha, beta] = again as [(typeof again)[0], (typeof again)[0]];
  await ask(alpha.url, "alter table more add column extra int");
  await ask(beta.url, "update thing set n = 2");
  await Promise.all(again.map((each) => each.drop()));
  const fresh = await keptDatabase(template, server);
  assert.equal(numbers.includes(await numberOf(fresh)), false);
  assert.deepEqual(await ask(fresh.url, "select n from thing"), [{ n: 1 }]);
  const analysed = await numberOf(fresh);
  await ask(fresh.url, "analyze thing");
  await fresh.drop();
  const last = await keptDatabase(template, server);
  assert.notEqual(await numberOf(last), analysed);
  await ask(last.url, "drop table more"); // so that it is not kept
  await last.drop();
}

test("TDB-9 a database is lent again when it is as new, and dropped when emptying does not make it so", async (t) => {
  await keeps(t, await testServer());
});

test("TDB-9 one that a dead process had lent is not lent again", { timeout: 60_000 }, async (t) => {
  const server = await testServer();
  const name = templateName(t, server);
  const dead = child(t, name, "lend");
  const { url } = await dead.told;
  await ask(url, "insert into thing values (2)");
  dead.process.kill("SIGKILL");
  await sessionsGone(server.url, `eira tests ${dead.process.pid}`);
  const template = await ensureTemplate(name, () => assert.fail("it is there"), server);
  const next = await keptDatabase(template, server);
  assert.equal((await ask(next.url, "select from thing")).length, 1);
  assert.equal(await exists(server, nameIn(url)), false);
  await ask(next.url, "alter table thing add column extra int");
  await next.drop();
});

test("TDB-4 and TDB-5 the same on an external server, which a variable chooses", { timeout: 120_000 }, async (t) => {
  const external = await externalPostgres();
  if (external === undefined) return t.skip("no PostgreSQL on this system");
  t.after(() => external.stop());
  const { server, major } = external;
  assert.ok(major >= 15);
  assert.deepEqual(await ask(server.url, "select rolsuper from pg_roles where rolname = current_user"), [
    { rolsuper: false },
  ]);
  assert.match(String((await ask(server.url, "select host(inet_server_addr()) as address"))[0]?.["address"]), /^127\./);
  await assert.rejects(ask(server.url.replace(/:[0-9a-f]+@/, ":wrong@"), "select 1"), { code: "28P01" });
  await contract(t, server);
  await keeps(t, server);

  const { told } = child(t, templateName(t, server), "hold", { EIRA_TEST_DATABASE_URL: server.url });
  assert.equal(new URL((await told).url).port, new URL(server.url).port);
});

test("TDB-8 no PostgreSQL on the system is said, and is a failure in CI", async (t) => {
  const { CI } = process.env;
  t.after(() => {
    if (CI === undefined) delete process.env["CI"];
    else process.env["CI"] = CI;
  });
  const warn = t.mock.method(console, "warn", () => undefined);
  delete process.env["CI"];
  assert.equal(await externalPostgres({ root: "/nowhere" }), undefined);
  assert.match(String(warn.mock.calls[0]?.arguments[0]), /no PostgreSQL 15 or newer in \/nowhere/);
  process.env["CI"] = "true";
  await assert.rejects(externalPostgres({ root: "/nowhere" }), /no PostgreSQL/);
});

test("TDB-8 processes share the external server, a killed one does not count, the last stops it", async (t) => {
  const where = { folder: `tdb-${randomBytes(4).toString("hex")}` }; // not the one that other test files use meanwhile
  const first = await externalPostgres(where);
  if (first === undefined) return t.skip("no PostgreSQL on this system");
  t.after(() => rm(join(testFolder(), `${where.folder}-${first.major}`), { recursive: true, force: true }));
  const { url } = first.server;
  const index = new URL("index.ts", import.meta.url).href;
  const code = `const { externalPostgres } = await import(${JSON.stringify(index)}); console.log((await externalPostgres(${JSON.stringify(where)})).server.url); setInterval(() => 0, 1e6);`;
  const other = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => other.kill("SIGKILL"));
  assert.deepEqual(await once(createInterface({ input: other.stdout }), "line"), [url]);
  await first.stop();
  assert.equal((await ask(url, "select 1")).length, 1);
  other.kill("SIGKILL");
  await sessionsGone(url);
  const second = await externalPostgres(where);
  assert.equal(second?.server.url, url);
  await second?.stop();
  await assert.rejects(ask(url, "select 1"), { code: "ECONNREFUSED" });
});

/** A killed process's sessions end when the server next looks: soon, not at once. */
async function sessionsGone(url: string, of = "eira tests %"): Promise<void> {
  const sql = `select from pg_stat_activity where application_name like '${of}'`;
  while ((await ask(url, sql)).length > 0) await sleep(20);
}
