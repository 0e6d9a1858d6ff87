/** Rules of SPEC.md: reads and searches that are asked at the same time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../base/index.ts";
import { GroupedSearches } from "./grouped-searches.ts";
import { Pool } from "./pool.ts";
import { onEveryPostgres, onEveryPostgresAndSpread } from "./testing/contract.ts";
import { create, patient, rowOf } from "./testing/rows.ts";

const SEED = 20_261_121;

const BY_ID = "SELECT id FROM patient WHERE id = ANY ($1::text[]) ORDER BY id";
const ids = (rows: readonly object[]): unknown[] => rows.map((row) => (row as { id: string }).id);

onEveryPostgresAndSpread((postgres) => {
  const { name } = postgres;

  test(`STORE-GROUP-1 each of many reads at a time gets its own row, or nothing (${name}, seed ${SEED})`, async (t) => {
    const { store } = await postgres.store(t);
    const ids = Array.from({ length: 60 }, (_, n) => `p${n}`);
    await create(
      store,
      ids.map((id) => rowOf(patient(id))),
    );
    const random = seededRandom(SEED);
    for (const size of [1, 2, 450]) {
      const asked = Array.from({ length: size }, () => ({
        type: random.pick(["Patient", "Patient", "Observation"]),
        id: random.pick([...ids, "nobody", "p", "p1' OR true --"]),
      }));
      const rows = await Promise.all(asked.map(({ type, id }) => store.readOne("*", type, id)));
      for (const [at, { type, id }] of asked.entries())
        assert.equal(rows[at]?.id, type === "Patient" && ids.includes(id) ? id : undefined, `${type}/${id}`);
    }
  });

  test(`STORE-GROUP-2 reads of different reach never come together (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    const owned = { resourceType: "Observation", status: "final" };
    await create(store, [
      rowOf({ ...owned, id: "of-a" }, { careProvider: "A" }),
      rowOf({ ...owned, id: "of-b" }, { careProvider: "B" }),
    ]);
    const reaches = Array.from({ length: 90 }, (_, n) => ["A", "B", "", "*"][n % 4] ?? "");
    const rows = await Promise.all(
      reaches.flatMap((reach) => ["of-a", "of-b"].map((id) => store.readOne(reach, "Observation", id))),
    );
    for (const [at, row] of rows.entries()) {
      const reach = reaches[Math.floor(at / 2)];
      const mine = at % 2 === 0 ? "A" : "B";
      assert.equal(row !== undefined, reach === "*" || reach === mine, `${reach} ${mine}`);
    }
  });

  test(`STORE-GROUP-3 when a group fails each of it is told, and the next one is served (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await create(store, [rowOf(patient("p1"))]);
    await sql("ALTER TABLE patient RENAME TO elsewhere");
    const told = await Promise.allSettled([1, 2, 3].map(() => store.readOne("*", "Patient", "p1")));
    assert.deepEqual(
      told.map(({ status }) => status),
      ["rejected", "rejected", "rejected"],
    );
    await sql("ALTER TABLE elsewhere RENAME TO patient");
    assert.equal((await store.readOne("*", "Patient", "p1"))?.id, "p1");
  });

  test(`STORE-GROUP-4 each of many searches at a time gets its own rows, within its own reach (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    const known = Array.from({ length: 12 }, (_, n) => `p${String(n).padStart(2, "0")}`);
    await create(
      store,
      known.map((id) => rowOf(patient(id))),
    );
    const owned = { resourceType: "Observation", status: "final" };
    await create(store, [rowOf({ ...owned, id: "of-a" }, { careProvider: "A" })]);
    const wanted = Array.from({ length: 30 }, (_, n) => known.slice(n % 12, (n % 12) + (n % 4)));
    const found = await Promise.all(wanted.map((values) => store.search("*", { text: BY_ID, values: [values] })));
    for (const [at, rows] of found.entries()) assert.deepEqual(ids(rows), wanted[at]);
    const reaches = ["A", "B", "*", "", "A", "B"] as const;
    const seen: readonly object[][] = await Promise.all(
      reaches.map((reach) => store.search(reach, { text: "SELECT id FROM observation" })),
    );
    for (const [at, rows] of seen.entries())
      assert.deepEqual(ids(rows), reaches[at] === "A" || reaches[at] === "*" ? ["of-a"] : [], reaches[at] ?? "");
  });

  test(`STORE-GROUP-5 only a search that fails by itself is told so, not those that came with it (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    await create(store, [rowOf(patient("p1"))]);
    const texts = [BY_ID, "SELECT 1 / cardinality($1::text[]) - 1 / 0 AS id", BY_ID, "SELECT id FROM nowhere", BY_ID];
    for (let round = 0; round < 2; round += 1) {
      const told = await Promise.allSettled(
        texts.map((text) => store.search("*", { text, values: text.includes("$1") ? [["p1"]] : [] })),
      );
      assert.deepEqual(
        told.map((one) => (one.status === "fulfilled" ? ids(one.value) : (one.reason as { code: string }).code)),
        [["p1"], "22012", ["p1"], "42P01", ["p1"]],
      );
    }
  });
});

onEveryPostgres((postgres) => {
  test(`STORE-SEARCH-1 so is one that came with others, which get their answers (${postgres.name})`, async (t) => {
    const { database } = await postgres.shared();
    const pool = new Pool({ config: database.config, role: undefined, size: 2, patience: 5000 });
    t.after(() => pool.close());
    const searches = new GroupedSearches(pool, 300);
    const told = await Promise.allSettled(
      ["SELECT 1 AS id", "SELECT pg_sleep(5)::text AS id", "SELECT 3 AS id"].map((text) =>
        searches.search("", { text }),
      ),
    );
    assert.deepEqual(
      told.map((one) => (one.status === "fulfilled" ? ids(one.value) : (one.reason as { code: string }).code)),
      [[1], "SEARCH_TOO_COSTLY", [3]],
    );
  });
});
