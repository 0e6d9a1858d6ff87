/** Rules of SPEC.md: reads that are asked at the same time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../base/index.ts";
import { onEveryPostgresAndSpread } from "./testing/contract.ts";
import { create, patient, rowOf } from "./testing/rows.ts";

const SEED = 20_261_121;

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
});
