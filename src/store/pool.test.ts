import assert from "node:assert/strict";
import { Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "./connection.ts";
import { Pool, type PoolOptions } from "./pool.ts";
import { onEveryPostgres, type ContractPostgres } from "./testing/contract.ts";

/** Holds a connection until it is told to let go. */
function hold(
  pool: Pool,
  reach = "",
): { readonly held: Promise<Connection>; readonly release: () => void; readonly done: Promise<void> } {
  let release = (): void => undefined;
  let tell: (connection: Connection) => void = () => undefined;
  const held = new Promise<Connection>((resolve) => (tell = resolve));
  const done = pool.with(reach, (connection) => {
    tell(connection);
    return new Promise<void>((resolve) => (release = resolve));
  });
  done.catch(() => undefined);
  return { held, release: () => release(), done };
}

/** A socket that needs a while to connect. */
function slowSocket(): Socket {
  const socket = new Socket();
  const connect = socket.connect.bind(socket) as (...where: unknown[]) => Socket;
  const connectLater = (...where: unknown[]): Socket => {
    setTimeout(() => connect(...where), 700);
    return socket;
  };
  return Object.assign(socket, { connect: connectLater });
}

async function poolOf(t: TestContext, postgres: ContractPostgres, options: Partial<PoolOptions> = {}): Promise<Pool> {
  const { database } = await postgres.shared();
  const pool = new Pool({ config: database.config, role: undefined, size: 2, patience: 5000, ...options });
  t.after(() => pool.close());
  return pool;
}

const pidOf = async (connection: Connection): Promise<number> =>
  (await connection.many<{ pid: number }>({ text: "SELECT pg_backend_pid() AS pid" }))[0]?.pid ?? 0;

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-POOL-1 it lends no more connections than its size, and who waits is served in turn (${name})`, async (t) => {
    const pool = await poolOf(t, postgres);
    let atOnce = 0;
    let most = 0;
    const served: number[] = [];
    const pids = new Set<number>();
    let meet = (): void => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        pool.with("", async (connection) => {
          served.push(n);
          most = Math.max(most, (atOnce += 1));
          if (atOnce === 2) meet();
          await met; // one connection may serve everybody before the other is open
          pids.add(await pidOf(connection));
          atOnce -= 1;
        }),
      ),
    );
    assert.deepEqual([most, pids.size], [2, 2]);
    const waited = served.filter((n) => n >= 2); // the first two open their connections meanwhile
    assert.deepEqual(
      waited,
      waited.toSorted((a, b) => a - b),
    );
  });

  test(`STORE-POOL-3 of free connections it prefers one that serves the reach already (${name})`, async (t) => {
    const pool = await poolOf(t, postgres);
    const [a, b] = [hold(pool, "A"), hold(pool, "B")];
    const [pidA, pidB] = [await pidOf(await a.held), await pidOf(await b.held)];
    a.release();
    b.release();
    await Promise.all([a.done, b.done]);
    assert.equal(await pool.with("A", pidOf), pidA);
    assert.equal(await pool.with("A", pidOf), pidA);
    assert.equal(await pool.with("B", pidOf), pidB);
  });

  test(`STORE-POOL-7 work that asks for it is planned once for all values, and no other (${name})`, async (t) => {
    const pool = await poolOf(t, postgres);
    const look = async (connection: Connection): Promise<[string | undefined, number]> => {
      const [row] = await connection.many<{ mode: string }>({
        text: "SELECT current_setting('plan_cache_mode') AS mode",
      });
      return [row?.mode, await pidOf(connection)];
    };
    const [once, pid] = await pool.with("A", look, "once");
    assert.equal(once, "force_generic_plan");
    assert.deepEqual(await pool.with("A", look), ["auto", pid]); // there is no other: it is set back
    const other = hold(pool, "A");
    await other.held;
    const [again, second] = await pool.with("A", look, "once");
    assert.equal(again, "force_generic_plan");
    other.release();
    await other.done;
    for (let round = 0; round < 3; round += 1) {
      assert.deepEqual(await pool.with("A", look, "once"), ["force_generic_plan", second]);
      assert.deepEqual(await pool.with("A", look), ["auto", pid]);
    }
  });

  test(`STORE-POOL-4 who waits too long is told UNAVAILABLE, and takes nobody else's place or connection with him (${name})`, async (t) => {
    const pool = await poolOf(t, postgres, { size: 1, patience: 300 });
    const first = hold(pool);
    await first.held;
    const impatient = pool.with("", async () => "served");
    await assert.rejects(impatient, { code: "UNAVAILABLE" });
    const next = pool.with("", async () => "served");
    first.release();
    assert.equal(await next, "served");

    // The connection breaks while one waits, and the new one takes longer than he has patience.
    const { database } = await postgres.shared();
    const slow = await poolOf(t, postgres, {
      size: 1,
      patience: 1000,
      config: { ...database.config, stream: slowSocket },
    });
    const doomed = hold(slow);
    (await doomed.held).broken = true;
    const late = slow.with("", async () => "late");
    await sleep(500);
    doomed.release(); // now a connection is opened for the late one, who does not run out of patience any more
    await sleep(400);
    const behind = slow.with("", async () => "behind");
    assert.equal(await late, "late");
    assert.equal(await behind, "behind");
    assert.equal(await slow.with("", async () => "still there"), "still there");
  });

  test(`STORE-POOL-5 a broken connection is thrown away and replaced; when the database is gone all are told at once (${name})`, async (t) => {
    const pool = await poolOf(t, postgres, { size: 1 });
    const before = await pool.with("", pidOf);
    await assert.rejects(
      pool.with("", (connection) => connection.many({ text: "SELECT pg_terminate_backend(pg_backend_pid())" })),
    );
    assert.notEqual(await pool.with("", pidOf), before);
    // It breaks while nobody looks.
    const { sql } = await postgres.shared();
    const idle = await pool.with("", pidOf);
    await sql("SELECT pg_terminate_backend($1)", [idle]);
    await sleep(100);
    assert.notEqual(await pool.with("", pidOf), idle);

    const config: { port?: number } = {};
    const { database } = await postgres.shared();
    const lost = await poolOf(t, postgres, {
      size: 1,
      patience: 20_000,
      config: Object.assign(config, database.config),
    });
    const holder = hold(lost);
    (await holder.held).broken = true;
    Object.assign(config, { connectionString: "postgresql://nobody@127.0.0.1:1/none" });
    const waiting = [1, 2, 3].map(() =>
      assert.rejects(
        lost.with("", async () => undefined),
        { code: "UNAVAILABLE" },
      ),
    );
    const begun = Date.now();
    holder.release();
    await Promise.all(waiting);
    assert.ok(Date.now() - begun < 5000, "they waited for their patience to run out");
  });

  test(`STORE-POOL-6 a closed pool refuses, also those who wait, and closes what is given back (${name})`, async (t) => {
    const pool = await poolOf(t, postgres, { size: 1 });
    const holder = hold(pool);
    const connection = await holder.held;
    const waiting = assert.rejects(
      pool.with("", async () => undefined),
      { code: "UNAVAILABLE" },
    );
    await pool.close();
    await waiting;
    await assert.rejects(
      pool.with("", async () => undefined),
      { code: "UNAVAILABLE" },
    );
    holder.release();
    await holder.done;
    assert.equal(connection.broken, true);
  });
});
