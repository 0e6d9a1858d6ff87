/** Rules of SPEC.md: several statements with one answer. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Connection, demanding } from "./connection.ts";
import { onEveryPostgres, type ContractPostgres } from "./testing/contract.ts";
import type { TrainError } from "./train.ts";

async function connected(t: TestContext, postgres: ContractPostgres): Promise<Connection> {
  const { database } = await postgres.shared();
  const connection = await Connection.open(database.config, undefined, true);
  t.after(() => connection.close());
  await connection.client.query("CREATE TEMP TABLE wagon (n int4 PRIMARY KEY)");
  return connection;
}

const put = (n: number) => ({ name: "put", text: "INSERT INTO wagon VALUES ($1)", values: [n] });
const COUNT = { name: "count", text: "SELECT count(*)::int4 AS n FROM wagon" };

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-TRAIN-1 each statement gets its own answer, in their order, beside others that are under way (${name})`, async (t) => {
    const connection = await connected(t, postgres);
    const answers = await Promise.all([
      connection.train([put(1), COUNT, { text: "SELECT $1::int8 AS big, 'å' AS text", values: ["9007199254740993"] }]),
      connection.many<{ n: number }>(COUNT),
      connection.train([put(2), put(3), COUNT]),
      connection.many<{ n: number }>({ text: "SELECT 7 AS n" }),
    ]);
    assert.deepEqual(
      answers[0].map(({ rows }) => rows),
      [[], [{ n: 1 }], [{ big: "9007199254740993", text: "å" }]],
    );
    assert.deepEqual(answers[1], [{ n: 1 }]);
    assert.deepEqual(answers[2].at(-1)?.rows, [{ n: 3 }]);
    assert.deepEqual(answers[3], [{ n: 7 }]);
  });

  test(`STORE-TRAIN-2 without BEGIN a train is a transaction: what fails undoes what came before, and says where (${name})`, async (t) => {
    const connection = await connected(t, postgres);
    const failing = connection.train([put(1), put(2), put(1), put(3)]);
    await assert.rejects(failing, (error: TrainError & { code?: string }) => error.at === 2 && error.code === "23505");
    assert.deepEqual(await connection.many(COUNT), [{ n: 0 }]);
    const kept = await connection.train([{ text: "BEGIN" }, put(1)]);
    assert.equal(kept[0]?.command, "BEGIN");
    await connection.rollback();
    assert.deepEqual(await connection.many(COUNT), [{ n: 0 }]);
  });

  test(`STORE-TRAIN-3 after a failure every statement can be sent again, prepared before it or cut off by it (${name})`, async (t) => {
    const connection = await connected(t, postgres);
    const fresh = (at: number) => ({ name: `fresh-${at}`, text: `SELECT ${at} AS n` });
    const broken = { name: "broken", text: "SELECT 1/0 AS n" };
    const wrong = { name: "wrong", text: "SELECT nonsense" };
    for (const bad of [broken, wrong]) await assert.rejects(connection.train([fresh(1), bad, fresh(2), fresh(3)]));
    assert.deepEqual(await connection.many(fresh(2)), [{ n: 2 }]);
    const answers = await connection.train([fresh(1), fresh(2), fresh(3), put(1), COUNT]);
    assert.deepEqual(
      answers.flatMap(({ rows }) => rows),
      [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 1 }],
    );
    await assert.rejects(connection.train([broken]), { code: "22012" });
    // Prepared by a train, failed alone, and asked again: by itself and in a train.
    const divided = (by: number) => ({ name: "divided", text: "SELECT 6 / $1::int4 AS n", values: [by] });
    await connection.train([divided(2)]);
    for (let time = 0; time < 3; time += 1) {
      await assert.rejects(connection.many(divided(0)), { code: "22012" });
      assert.deepEqual(await connection.many(divided(3)), [{ n: 2 }]);
      await assert.rejects(connection.train([divided(1), divided(0)]), { code: "22012" });
      assert.deepEqual((await connection.train([divided(6)]))[0]?.rows, [{ n: 1 }]);
    }
  });

  test(`STORE-TRAIN-4 a train that cannot be sent whole is not done at all (${name})`, async (t) => {
    const { database } = await postgres.shared();
    const connection = await connected(t, postgres);
    await connection.client.query("CREATE TABLE IF NOT EXISTS rail (n int4)");
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    const unsendable = { text: "SELECT $1::text", values: [circle] };
    await assert.rejects(connection.train([{ text: "INSERT INTO rail VALUES (1)" }, unsendable]));
    const other = await Connection.open(database.config, undefined);
    t.after(() => other.close());
    assert.deepEqual(await other.many({ text: "SELECT count(*)::int4 AS n FROM rail" }), [{ n: 0 }]);
    await other.client.query("DROP TABLE rail");
  });

  test(`STORE-TRAIN-5 a demand that holds answers 1, one that does not fails the train (${name})`, async (t) => {
    const connection = await connected(t, postgres);
    const demand = (n: number) => ({ text: `SELECT ${demanding("count(*) = $1")} AS held FROM wagon`, values: [n] });
    assert.deepEqual((await connection.train([put(1), demand(1)])).at(-1)?.rows, [{ held: 1 }]);
    await assert.rejects(connection.train([put(2), demand(1)]), { code: "22P02" });
    assert.deepEqual(await connection.many(COUNT), [{ n: 1 }]);
  });
});
