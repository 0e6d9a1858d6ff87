import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom, type SeededRandom } from "../base/index.ts";
import { START, type LoggedChange, type Position } from "./change-log.ts";
import type { Store } from "./store.ts";
import { onEveryPostgresAndSpread, sqlOf, storeOn, type StoreOfTest } from "./testing/contract.ts";
import { changeOf, create, observation, patient, rowOf } from "./testing/rows.ts";

const SEED = 20261121;
const WRITERS = 32;
const ROUNDS = 14;
const READERS = 5;

const isBefore = (a: Position, b: Position): boolean =>
  BigInt(a.xid) === BigInt(b.xid) ? BigInt(a.seq) < BigInt(b.seq) : BigInt(a.xid) < BigInt(b.xid);
const nameOf = ({ id, version }: { readonly id: string; readonly version: number }): string => `${id}/${version}`;

/** Writes the next version of some resources, dawdling, and now and then thinking better of it. Answers what was acknowledged. */
async function writer(store: Store, n: number): Promise<string[]> {
  const random = seededRandom(`${SEED} writer ${n}`);
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const ids = new Set(Array.from({ length: 1 + random.int(3) }, () => `o${random.int(24)}`));
    const gives = random.int(6) === 0;
    try {
      acknowledged.push(...(await writeOnce(store, [...ids], random, gives)));
    } catch (error) {
      assert.match(String(error), /on second thoughts|UNAVAILABLE|OUTCOME_UNKNOWN/);
    }
  }
  return acknowledged;
}

function writeOnce(store: Store, ids: readonly string[], random: SeededRandom, givesUp: boolean): Promise<string[]> {
  return store.write("*", async (tx) => {
    await tx.lock(ids.map((id) => `Observation/${id}`));
    const written: string[] = [];
    for (const id of ids) {
      const version = ((await tx.read("Observation", id))?.version ?? 0) + 1;
      const row = rowOf(observation(id, "p1", version), { version });
      await (version === 1 ? tx.insert("Observation", [row]) : tx.replace(row));
      if (random.int(3) === 0) await sleep(random.int(12)); // numbers are given, and others overtake
      await tx.recordChanges([changeOf(row, version === 1 ? "create" : "update")]);
      written.push(nameOf(row));
    }
    await sleep(random.int(8));
    if (givesUp) throw new Error("on second thoughts");
    return written;
  });
}

/** Reads on until it is told that nobody writes any more and there is nothing left. */
async function reader(store: Store, limit: number, isDone: () => boolean): Promise<LoggedChange[]> {
  const read: LoggedChange[] = [];
  let position = START;
  for (;;) {
    const done = isDone();
    const page = await store.changes(position, limit);
    read.push(...page);
    position = page.at(-1) ?? position;
    if (page.length < limit && done && (await isQuiet(store, position))) return read;
    if (page.length < limit) await sleep(3);
  }
}

/** Nothing is behind the position that a reader may not see yet. */
async function isQuiet(store: Store, { xid, seq }: Position): Promise<boolean> {
  const rows = await store.read("*", (look) =>
    look.search({
      text: "SELECT 1 FROM change_log WHERE (xid, seq) > ($1::xid8, $2::int8) LIMIT 1",
      values: [xid, seq],
    }),
  );
  return rows.length === 0;
}

/** Where a reader stands that has read everything. */
async function endOf(store: Store): Promise<Position> {
  let position = START;
  while (!(await isQuiet(store, position))) position = (await store.changes(position, 1000)).at(-1) ?? position;
  return position;
}

async function killer(sql: StoreOfTest["sql"], isDone: () => boolean): Promise<number> {
  const random = seededRandom(`${SEED} killer`);
  let kills = 0;
  while (!isDone()) {
    await sleep(15 + random.int(40));
    const victims = await sql<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'victim' ORDER BY pid",
    );
    if (victims.length === 0) continue;
    await sql("SELECT pg_terminate_backend($1)", [random.pick(victims).pid]);
    kills += 1;
  }
  return kills;
}

onEveryPostgresAndSpread((postgres) => {
  const { name } = postgres;

  test(
    `STORE-CHANGE-1 32 writers with rollbacks and killed sessions: every reader gets every change once, in one order (${name})`,
    { timeout: 120_000 },
    async (t) => {
      const { store: readers, database, sql } = await postgres.store(t);
      const config = { ...database.config, application_name: "victim" };
      const { store } = await storeOn(t, { ...database, config }, { connections: WRITERS });
      let done = false;
      const reading = Array.from({ length: READERS }, (_, n) =>
        reader(readers, [1, 3, 7, 50, 1000][n] ?? 10, () => done),
      );
      const killing = killer(await sqlOf(t, database), () => done);
      const acknowledged = (await Promise.all(Array.from({ length: WRITERS }, (_, n) => writer(store, n)))).flat();
      done = true;
      const [kills, ...reads] = await Promise.all([killing, ...reading]);

      const whole = await sql<Position & { id: string; version: number }>(
        "SELECT xid::text, seq::text, id, version FROM change_log c ORDER BY c.xid, c.seq",
      );
      t.diagnostic(
        `seed ${SEED}: ${whole.length} changes, ${acknowledged.length} acknowledged, ${kills} sessions killed`,
      );
      assert.ok(kills > 5 && acknowledged.length > 100, `${kills} kills, ${acknowledged.length} acknowledged`);
      for (const read of reads) {
        const at = whole.findIndex((one, place) => one.seq !== read[place]?.seq);
        assert.deepEqual([at, read.length], [-1, whole.length], "a reader has something else than what was written");
      }
      const all = new Set(whole.map(nameOf));
      assert.equal(all.size, whole.length);
      assert.deepEqual(
        acknowledged.filter((one) => !all.has(one)),
        [],
      );
      // Of each resource the versions come in order, without a hole, and end where the resource stands.
      const seen = new Map<string, number>();
      for (const { id, version } of whole) {
        assert.equal(version, (seen.get(id) ?? 0) + 1, `${id}/${version}`);
        seen.set(id, version);
      }
      const current = await sql<{ id: string; version: number }>("SELECT id, version FROM observation");
      assert.deepEqual(new Map(current.map(({ id, version }) => [id, version])), seen);
    },
  );

  test(`STORE-CHANGE-2 a transaction in flight holds the readers back, and what it writes is not lost (${name})`, async () => {
    const { store } = await postgres.shared();
    const before = await endOf(store);
    let finish = (): void => undefined;
    let begun = (): void => undefined;
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    const slow = store.write("*", async (tx) => {
      await tx.recordChanges([changeOf(rowOf(patient("slow")), "create")]);
      await tx.search({ text: "SELECT 1" }); // what is asked goes with what was written before it
      begun();
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await isBegun;
    await create(store, [rowOf(patient("quick-1")), rowOf(patient("quick-2"))]);
    for (let look = 0; look < 5; look += 1) {
      assert.deepEqual(await store.changes(before, 10), []); // they are committed, and a reader must not pass the slow one
      await sleep(10);
    }
    finish();
    await slow;
    let read: LoggedChange[] = [];
    while ((read = await store.changes(before, 10)).length < 3) await sleep(10);
    assert.deepEqual(
      read.map(({ id }) => id),
      ["slow", "quick-1", "quick-2"],
    );
    assert.ok(isBefore(read[0]!, read[1]!) && isBefore(read[1]!, read[2]!));
  });

  test(`STORE-CHANGE-3 a reader's position is kept, starts at nothing, and never goes back (${name})`, async () => {
    const { store } = await postgres.shared();
    assert.deepEqual(await store.readerPosition("nobody"), START);
    await store.moveReader("reader", { xid: "100", seq: "5" });
    for (const back of [{ xid: "99", seq: "900" }, { xid: "100", seq: "4" }, START]) {
      await store.moveReader("reader", back);
      assert.deepEqual(await store.readerPosition("reader"), { xid: "100", seq: "5" });
    }
    const random = seededRandom(SEED);
    const moves = Array.from({ length: 100 }, () => ({
      xid: String(100 + random.int(20)),
      seq: String(random.int(1000)),
    }));
    let before = await store.readerPosition("reader");
    const watching = (async (): Promise<void> => {
      for (let look = 0; look < 50; look += 1) {
        const now = await store.readerPosition("reader");
        assert.ok(!isBefore(now, before), "it went back");
        before = now;
      }
    })();
    await Promise.all([watching, ...moves.map((to) => store.moveReader("reader", to))]);
    const furthest = moves.reduce((a, b) => (isBefore(a, b) ? b : a));
    assert.deepEqual(await store.readerPosition("reader"), furthest);
    assert.deepEqual(await store.readerPosition("another"), START);
  });

  test(`STORE-CHANGE-4 an entry says what was done, to whose resource, and when (${name})`, async () => {
    const { store } = await postgres.shared();
    const before = await endOf(store);
    const row = rowOf(observation("said", "p1"));
    await create(store, [row]);
    let read: LoggedChange[] = [];
    while ((read = await store.changes(before, 10)).length === 0) await sleep(10);
    const { xid: _xid, seq: _seq, recorded, ...said } = read[0]!;
    assert.deepEqual(said, {
      home: row.home,
      type: "Observation",
      id: "said",
      version: 1,
      method: "create",
      patient: "p1",
      care_provider: row.careProvider,
    });
    assert.equal(Date.parse(recorded), Date.parse(row.lastUpdated));
  });

  test(`STORE-CHANGE-5 a change log from another cluster's transactions is refused, not read past (${name})`, async (t) => {
    const { store, sql, database } = await postgres.store(t);
    await create(store, [rowOf(patient("p1"))]);
    await storeOn(t, database);
    await sql("UPDATE change_log SET xid = '999999999999'");
    await assert.rejects(storeOn(t, database), /another PostgreSQL cluster.*eira restore/);
    await sql("UPDATE change_log SET xid = '1'");
    await sql("INSERT INTO change_reader (name, xid, seq) VALUES ('r', '999999999999', 1)");
    await assert.rejects(storeOn(t, database), /another PostgreSQL cluster/);
  });

  test(`STORE-CHANGE-5 what others write while a server starts is not taken for another cluster's (${name})`, async (t) => {
    const { store, database } = await postgres.store(t);
    let isOver = false;
    const write = async (n: number): Promise<void> => {
      for (let round = 0; !isOver; round += 1) await create(store, [rowOf(patient(`w${n}-${round}`))]);
    };
    const writing = Promise.all([0, 1, 2].map(write));
    try {
      for (let start = 0; start < 6; start += 1) await storeOn(t, database);
    } finally {
      isOver = true;
      await writing;
    }
  });
});
