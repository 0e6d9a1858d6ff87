import assert from "node:assert/strict";
import { test } from "node:test";
import { APP_ROLE } from "../connection.ts";
import { onEveryPostgres, ownerOf } from "../testing/contract.ts";
import { create, observation, OURS, patient, rowOf, THEIRS } from "../testing/rows.ts";
import { connectionKind, spreadOf } from "./spread-connection.ts";

const REACH = "SELECT current_setting('eira.reach', true) AS reach";

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-SPREAD-1 the reach is set for each transaction by SET LOCAL, and the session has none (${name})`, async (t) => {
    const { store, database } = await postgres.shared();
    await create(store, [rowOf(patient("s1")), rowOf(observation("s1-o", "s1"))]);
    await create(store, [rowOf(observation("s1-t", "s1"), { careProvider: THEIRS })]);
    const connection = await connectionKind("here").open(database.config, APP_ROLE, true);
    t.after(() => connection.close());
    assert.equal(spreadOf(connection), "here");
    const session = async (): Promise<string> => {
      const { rows } = await connection.client.query<{ reach: string | null }>(REACH);
      return rows[0]?.reach ?? "";
    };
    const seen = async (): Promise<string[]> =>
      (
        await connection.many<{ id: string }>({
          text: "SELECT id FROM observation WHERE id = ANY($1) ORDER BY id",
          values: [["s1-o", "s1-t"]],
        })
      ).map(({ id }) => id);
    assert.deepEqual(await seen(), []); // nobody has been told to be served
    for (const [reach, ids] of [
      [OURS, ["s1-o"]],
      ["*", ["s1-o", "s1-t"]],
      ["", []],
      [THEIRS, ["s1-t"]],
      [`o'${OURS}\\'; --`, []],
    ] as const) {
      await connection.serve(reach);
      assert.deepEqual(await connection.many({ text: REACH }), [{ reach }]);
      assert.deepEqual(await seen(), ids);
      assert.deepEqual(await connection.snapshot(seen), ids);
      await connection.begin();
      assert.deepEqual(await seen(), ids);
      await connection.commit();
      assert.equal(await session(), "");
    }
    const setting = await connection.many({ text: "SELECT current_setting('citus.propagate_set_commands') AS how" });
    assert.deepEqual(setting, [{ how: "local" }]);
  });

  test(`STORE-SPREAD-2 what is sent besides is not seen: answers and errors have the places that the caller gave them (${name})`, async (t) => {
    const { database } = await postgres.shared();
    const connection = await connectionKind("here").open(database.config, APP_ROLE, true);
    t.after(() => connection.close());
    const owner = await ownerOf(t, database);
    const say = (text: string) => ({ text: `SELECT '${text}' AS said` });
    const bad = { text: "SELECT 1 / 0" };
    const begin = { name: "begin", text: "BEGIN" };
    const commit = { name: "commit", text: "COMMIT" };
    const saidBy = (answers: readonly { readonly rows: readonly object[] }[]): unknown[] =>
      answers.map(({ rows }) => rows);
    assert.deepEqual(saidBy(await connection.train([say("a"), say("b")])), [[{ said: "a" }], [{ said: "b" }]]);
    await assert.rejects(connection.train([say("a"), bad, say("c")]), { code: "22012", at: 1 });
    assert.deepEqual(saidBy(await connection.train([say("again")])), [[{ said: "again" }]]);
    assert.deepEqual(saidBy(await connection.train([begin, say("a")])), [[], [{ said: "a" }]]);
    await assert.rejects(connection.train([say("b"), bad]), { code: "22012", at: 1 });
    await connection.rollback();
    await assert.rejects(connection.train([begin, bad, commit]), { code: "22012", at: 1 });
    await connection.rollback();
    assert.deepEqual(await connection.many(say("well")), [{ said: "well" }]);
    await assert.rejects(connection.many({ text: "SELECT no_such_column" }), { code: "42703" });
    // A statement by itself is committed, one that failed beside it is not.
    const put = { text: "INSERT INTO setting (name, value) VALUES ($1, '1')", values: ["spread"] };
    await connection.commitStatement(put);
    await assert.rejects(connection.train([{ text: "DELETE FROM setting" }, bad]));
    assert.equal((await owner.many({ text: "SELECT 1 FROM setting WHERE name = 'spread'" })).length, 1);
    const [{ state } = { state: "?" }] = await owner.many<{ state: string }>({
      text: "SELECT state FROM pg_stat_activity WHERE pid = $1",
      values: [connection.processId],
    });
    assert.equal(state, "idle");
    await owner.many({ text: "DELETE FROM setting WHERE name = 'spread'" });
  });
});
