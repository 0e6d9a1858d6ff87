import assert from "node:assert/strict";
import { test } from "node:test";
import { homeOf } from "../base/index.ts";
import { NotAsDemanded } from "./not-as-demanded.ts";
import type { CurrentRow, NewRow } from "./resources.ts";
import type { Store } from "./store.ts";
import { onEveryPostgresAndSpread, ownerOf } from "./testing/contract.ts";
import { homeless, tablesWithHome } from "./testing/homes.ts";
import { at, hotPaths, newPair } from "./testing/hot-paths.ts";
import { create, observation, patient, rowOf } from "./testing/rows.ts";
import { statementsOf } from "./testing/statements.ts";

/** What names no home, and why: an observation can also be in the compartment of a patient whose home it does not lie at. */
const EXCEPTIONS: readonly RegExp[] = [/other_patients (@>|&&)/];

onEveryPostgresAndSpread((postgres) => {
  const { name } = postgres;

  test(`STORE-HOME-1 every statement of a request for one patient names its home (${name})`, async (t) => {
    const { store, database } = await postgres.shared();
    const owner = await ownerOf(t, database);
    const tables = await tablesWithHome(owner);
    assert.ok(tables.size > 150, `${tables.size} tables`);
    const statements = await statementsOf(() => hotPaths(store));
    assert.deepEqual(statements.filter(({ text }) => EXCEPTIONS.some((one) => one.test(text))).length, 1);
    assert.ok(statements.length >= 38, `only ${statements.length} statements were seen`);
    for (const statement of statements) {
      if (EXCEPTIONS.some((one) => one.test(statement.text))) continue;
      assert.deepEqual(await homeless(owner, statement, tables), [], statement.text);
    }
  });

  test(`STORE-HOME-2 the judge of STORE-HOME-1 sees a statement that names no home (${name})`, async (t) => {
    const { database } = await postgres.shared();
    const owner = await ownerOf(t, database);
    const tables = await tablesWithHome(owner);
    const judge = (text: string, values: readonly unknown[]): Promise<string[]> =>
      homeless(owner, { text, values }, tables);
    assert.deepEqual(await judge("SELECT 1 FROM observation WHERE id = $1", ["x"]), ["observation"]);
    assert.deepEqual(
      await judge("SELECT 1 FROM observation WHERE id = $1 AND (home = $2 OR patient = $3)", ["x", 1, "p"]),
      ["observation"],
    );
    assert.deepEqual(await judge("SELECT 1 FROM observation WHERE id = $1 AND home > $2", ["x", 1]), ["observation"]);
    assert.deepEqual(await judge("DELETE FROM history WHERE type = $1 AND id = $2", ["x", "y"]), ["history"]);
    assert.deepEqual(await judge("INSERT INTO idempotency (actor, key) SELECT $1::text, $2::text", ["a", "b"]), [
      "idempotency",
    ]);
    assert.deepEqual(
      await judge(
        "SELECT 1 FROM observation o WHERE home = $1 AND EXISTS (SELECT 1 FROM encounter e WHERE e.key = o.key)",
        [1],
      ),
      ["encounter"],
    );
    assert.deepEqual(await judge("SELECT 1 FROM observation WHERE patient = $1 AND home = $2", ["p", 1]), []);
    assert.deepEqual(
      await judge("SELECT 1 FROM observation WHERE id = ANY($1) AND home = ANY($2::int4[])", [["p"], [1]]),
      [],
    );
  });

  test(`STORE-HOME-3 what lies elsewhere than its id tells is found all the same, whole, and can be changed (${name})`, async () => {
    const { store } = await postgres.shared();
    const { p, o } = newPair();
    const second = newPair().p;
    const foreign = `own-${o}`;
    const rows = [
      rowOf(patient(p)),
      rowOf(patient(second)),
      rowOf(observation(o, p)),
      rowOf(observation(foreign, second)),
    ];
    await create(store, rows);
    const moved = rowOf(observation(o, second, 6), { version: 2, lastUpdated: at(2) });
    assert.notEqual(moved.home, homeOf(o));
    await store.write("*", async (tx) => tx.replace(moved, homeOf(p)));
    for (const id of [o, foreign]) {
      assert.equal((await store.readOne("*", "Observation", id))?.home, homeOf(second));
      assert.deepEqual(await store.read("*", (read) => read.existing("Observation", [id, "none"])), [id]);
    }
    assert.equal(
      (await Promise.all([o, foreign, p].map((id) => store.readOne("*", "Observation", id)))).filter(Boolean).length,
      2,
    );
    await store.write("*", async (tx) => {
      assert.deepEqual(
        (await tx.readMany("Observation", [o, foreign, "none"])).map(({ id }) => id).toSorted(),
        [o, foreign].toSorted(),
      );
      assert.deepEqual((await tx.existing("Observation", [o, foreign, "none"])).toSorted(), [o, foreign].toSorted());
      assert.match((await tx.readVersion("Observation", o, 1)) ?? "", new RegExp(p));
      assert.match((await tx.readVersion("Observation", o, 2)) ?? "", new RegExp(second));
    });
    // Over several servers it is refused, and who asked then looks closer.
    const demanded = store.write("*", (tx) => tx.demand("Observation", [foreign]));
    await demanded.catch((error: unknown) => assert.ok(error instanceof NotAsDemanded && name.includes("spread")));
    assert.deepEqual(await versionsOf(store, o), [2, 1]);
    const back = rowOf(observation(o, p, 7), { version: 3, lastUpdated: at(3) });
    await store.write("*", async (tx) => tx.replace(back, moved.home));
    assert.deepEqual(await versionsOf(store, o), [3, 2, 1]);
    const current = (await store.readOne("*", "Observation", o)) as CurrentRow;
    await store.write("*", (tx) => tx.remove("Observation", current, at(4)));
    assert.deepEqual(await versionsOf(store, o), [4, 3, 2, 1]);
    await create(store, [again(second, o)]);
    await store.write("*", (tx) => tx.remove("Observation", again(second, o) as unknown as CurrentRow, at(6)));
    assert.equal((await store.read("*", (read) => read.readLastVersion("Observation", o)))?.version, 6);
    await store.write("*", async (tx) => assert.equal((await tx.readLastVersions("Observation", [o]))[0]?.version, 6));
  });
});

/** Made again, of another patient, after the deletion. */
function again(patientId: string, id: string): NewRow {
  return rowOf(observation(id, patientId, 8), { version: 5, lastUpdated: at(5) });
}

/** The versions of an observation that its history shows, which are as many as are counted. */
async function versionsOf(store: Store, id: string): Promise<number[]> {
  return store.read("*", async (read) => {
    const rows = await read.instanceHistory({ type: "Observation", id, limit: 10 });
    const held = await read.instanceHistoryAt({ type: "Observation", id, limit: 10 }, { low: at(0), high: at(59) });
    assert.equal(await read.countVersions("Observation", id), rows.length);
    assert.ok(held.length > 0);
    return rows.map(({ version }) => version);
  });
}
