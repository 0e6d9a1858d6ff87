import assert from "node:assert/strict";
import { test } from "node:test";
import { compileSearch, parseSearch } from "../search/index.ts";
import type { Store } from "./store.ts";
import { onEveryPostgres, ownerOf } from "./testing/contract.ts";
import { create, entry, observation, patient, remove, rowOf, update } from "./testing/rows.ts";
import { crossings, statementsOf } from "./testing/statements.ts";

const LATER = "2026-11-21T09:00:00.000Z";

const SEARCHES: readonly (readonly [type: string, query: string])[] = [
  ["Observation", "patient=p1"],
  ["Observation", "patient=p1&category=vital-signs&code=188736&date=ge2026-01-01&_sort=-date&_count=20"],
  ["Observation", "subject=Patient/p1&value-quantity=gt5"],
  ["Condition", "patient=p1&clinical-status=active&_sort=-recorded-date"],
  ["MedicationRequest", "patient=p1&status=active,on-hold"],
  ["Encounter", "patient=p1&_id=e1"],
  ["Patient", "_id=p1"],
];

/** What a request for one patient does, on every path of the store. */
async function workOnOnePatient(store: Store): Promise<void> {
  await create(store, [rowOf(patient("p1")), rowOf(observation("o1", "p1"))]);
  await update(store, rowOf(observation("o1", "p1", 6), { version: 2, lastUpdated: LATER }));
  await store.write("*", async (tx) => {
    await tx.claimKey(1, "someone", "key", "request");
    await tx.readVersion("Observation", "o1", 1);
    await tx.existing("Patient", ["p1"]);
    await tx.enqueue([{ home: 1, topic: "t", payload: {} }]);
    await tx.storeReply(1, "someone", "key", "[]");
  });
  await remove(store, "Observation", "o1", LATER);
  await store.read("*", async (read) => {
    await read.read("Observation", "o1");
    await read.readMany("Observation", ["o1", "o2"]);
    await read.existing("Observation", ["o1"]);
    await read.readOldVersion("Observation", "o1", 1);
    await read.readLastVersion("Observation", "o1");
    await read.countVersions("Observation", "o1");
    await read.instanceHistory({ type: "Observation", id: "o1", limit: 10 });
    await read.readersOf("p1", undefined, 10);
    for (const [type, query] of SEARCHES) {
      const plan = parseSearch(type, [...new URLSearchParams(query)]);
      await read.search(compileSearch(plan, (alias, _type, bind) => `${alias}.care_provider = ${bind("x")}`));
    }
  });
  await store.recordAccess([entry(1)]);
}

onEveryPostgres((postgres) => {
  test(`STORE-SCHEMA-4 no statement of a request for one patient joins two patients' rows, or reads a table without an id or a patient (${postgres.name})`, async (t) => {
    const { store, database } = await postgres.shared();
    const owner = await ownerOf(t, database);
    const statements = await statementsOf(() => workOnOnePatient(store));
    assert.ok(statements.length >= 25, `only ${statements.length} statements were seen`);
    for (const kind of [
      'INSERT INTO "observation"',
      'DELETE FROM "observation"',
      "INSERT INTO change_log",
      "INSERT INTO access_log",
      "INSERT INTO outbox",
      "INTO idempotency",
    ]) {
      assert.ok(
        statements.some(({ text }) => text.includes(kind)),
        kind,
      );
    }
    for (const statement of statements) assert.deepEqual(await crossings(owner, statement), [], statement.text);
  });

  test(`STORE-SCHEMA-5 the judge of statements sees a join of two patients, and a table that nothing narrows (${postgres.name})`, async (t) => {
    const { database } = await postgres.shared();
    const owner = await ownerOf(t, database);
    const planted = (text: string, values: readonly unknown[] = []): Promise<string[]> =>
      crossings(owner, { text, values });
    const join =
      "SELECT a.id FROM observation a JOIN condition b ON a.key = b.key WHERE a.patient = $1 AND b.patient = $2";
    assert.match(
      (await planted(join, ["p1", "p2"])).join(),
      /of (observation and condition|condition and observation)/,
    );
    assert.match((await planted("SELECT id FROM observation WHERE care_provider = $1", ["x"])).join(), /not narrowed/);
    assert.match(
      (await planted("SELECT id FROM observation WHERE tokens @> ARRAY[$1::int8]", ["1"])).join(),
      /not narrowed/,
    );
    assert.match((await planted("DELETE FROM history WHERE version = $1", [1])).join(), /not narrowed/);
    assert.match(
      (
        await planted(
          "SELECT 1 FROM observation WHERE patient = $1 AND EXISTS (SELECT 1 FROM patient WHERE version = 1)",
          ["p1"],
        )
      ).join(),
      /patient is not narrowed/,
    );
    assert.deepEqual(await planted("SELECT id FROM observation WHERE patient = $1", ["p1"]), []);
  });
});
