import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { extractKeys } from "../search/index.ts";
import { tableOf } from "./resources.ts";
import { onEveryPostgresAndSpread } from "./testing/contract.ts";
import { create, observation, patient, remove, rowOf, update } from "./testing/rows.ts";

const LATER = "2026-11-21T09:00:00.000Z";

onEveryPostgresAndSpread((postgres) => {
  test(`STORE-RES-1 the text comes back as it was written, to the byte (${postgres.name})`, async () => {
    const { store } = await postgres.shared();
    const content =
      '{"resourceType":"Observation","id":"o1-1","valueQuantity":{"value":6.0},"note":[{"text":"åäö ÅÄÖ é 🫀 \\u2028 \\"x\\" \\\\ 1.00 1e3 123456789.1234567891"}]}';
    await create(store, [rowOf(observation("o1-1", "p1-1", 6), { content })]);
    const row = await store.read("*", (read) => read.read("Observation", "o1-1"));
    assert.equal(row?.content, content);
    assert.deepEqual([row?.id, row?.version, row?.patient, typeof row?.version], ["o1-1", 1, "p1-1", "number"]);
    // Any text that the JSON parser lets through: everything but NUL and half surrogates.
    const texts = fc.stringMatching(/^[^\u0000\ud800-\udfff]*$/u);
    let n = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const id = `text-${++n}`;
        const written = JSON.stringify({ ...patient(id), text });
        await create(store, [rowOf(patient(id), { content: written })]);
        assert.equal((await store.read("*", (read) => read.read("Patient", id)))?.content, written);
      }),
      { seed: 20261121, numRuns: 60 },
    );
  });

  test(`STORE-RES-2 an update moves the old version to history, whole (${postgres.name})`, async () => {
    const { store, sql } = await postgres.shared();
    const first = rowOf(observation("o1-2", "p1-2", 5));
    const second = rowOf(observation("o1-2", "p1-2", 6), { version: 2, lastUpdated: LATER });
    await create(store, [first]);
    await update(store, second);
    const [current, old, none] = await store.read("*", async (read) => [
      await read.read("Observation", "o1-2"),
      await read.readOldVersion("Observation", "o1-2", 1),
      await read.readOldVersion("Observation", "o1-2", 2),
    ]);
    assert.deepEqual([current?.version, current?.content], [2, second.content]);
    assert.deepEqual(old, {
      type: "Observation",
      home: first.home,
      id: "o1-2",
      version: 1,
      patient: "p1-2",
      care_provider: first.careProvider,
      care_unit: first.careUnit,
      content: first.content,
      method: "create",
      last_updated: first.lastUpdated,
    });
    assert.equal(none, undefined); // the current version is in one place only
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM observation WHERE id = 'o1-2'"), [{ n: 1 }]);
  });

  test(`STORE-RES-3 a deletion is a version without content, and what is written after it goes on counting (${postgres.name})`, async () => {
    const { store } = await postgres.shared();
    await create(store, [rowOf(patient("p1-3"))]);
    await remove(store, "Patient", "p1-3", LATER);
    const [current, last] = await store.read("*", async (read) => [
      await read.read("Patient", "p1-3"),
      await read.readLastVersion("Patient", "p1-3"),
    ]);
    assert.equal(current, undefined);
    assert.deepEqual([last?.version, last?.method, last?.content, last?.last_updated], [2, "delete", null, LATER]);
    assert.equal(await remove(store, "Patient", "p1-3", LATER), undefined); // the second click: nothing to delete
    await create(store, [rowOf(patient("p1-3"), { version: 3 })]);
    const versions = await store.read("*", (read) => read.instanceHistory({ type: "Patient", id: "p1-3", limit: 10 }));
    assert.deepEqual(
      versions.map(({ version, content }) => [version, content === null]),
      [
        [3, false],
        [2, true],
        [1, false],
      ],
    );
  });

  test(`STORE-RES-4 replacing or removing what is not there, or no longer, is refused and changes nothing (${postgres.name})`, async () => {
    const { store, sql } = await postgres.shared();
    const ghost = rowOf(patient("ghost-4"), { version: 2 });
    await assert.rejects(update(store, ghost), { code: "VERSION_CONFLICT" });
    const row = {
      home: 1,
      id: "ghost-4",
      version: 1,
      patient: "ghost-4",
      care_provider: null,
      care_unit: null,
      content: "{}",
    };
    await assert.rejects(
      store.write("*", (tx) => tx.remove("Patient", row, LATER)),
      { code: "VERSION_CONFLICT" },
    );
    assert.deepEqual(
      await sql(
        "SELECT (SELECT count(*) FROM patient WHERE id = 'ghost-4')::int + (SELECT count(*) FROM history WHERE id = 'ghost-4')::int AS n",
      ),
      [{ n: 0 }],
    );

    // Several at once, without a lock: one wins, and a version that is not the next one is never written.
    await create(store, [rowOf(patient("p1-4"))]);
    const second = (family: string) =>
      store.write("*", (tx) => tx.replace(rowOf(patient("p1-4", family), { version: 2 })));
    const outcomes = await Promise.allSettled(["A", "B", "C", "D"].map(second));
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    for (const one of outcomes) if (one.status === "rejected") assert.match(String(one.reason), /VERSION_CONFLICT/);
    for (const version of [2, 4]) {
      const skipping = store.write("*", (tx) => tx.replace(rowOf(patient("p1-4"), { version })));
      await assert.rejects(skipping, { code: "VERSION_CONFLICT" });
    }
    const stale = { ...row, id: "p1-4" };
    await assert.rejects(
      store.write("*", (tx) => tx.remove("Patient", stale, LATER)),
      { code: "VERSION_CONFLICT" },
    );
    assert.deepEqual(await sql("SELECT version FROM patient WHERE id = 'p1-4'"), [{ version: 2 }]);
  });

  test(`STORE-RES-5 the same id is not made twice (${postgres.name})`, async () => {
    const { store, sql } = await postgres.shared();
    await create(store, [rowOf(patient("p1-5", "First"))]);
    await assert.rejects(create(store, [rowOf(patient("p1-5", "Second"))]), { code: "DUPLICATE" });
    assert.deepEqual(await sql("SELECT content LIKE '%First%' AS first FROM patient WHERE id = 'p1-5'"), [
      { first: true },
    ]);
  });

  test(`STORE-RES-6 a row carries the search keys that the resource has (${postgres.name})`, async () => {
    const { store, sql } = await postgres.shared();
    const resource = observation("o1-6", "p1-6", 71.25);
    const related = {
      resourceType: "Patient",
      id: "p2-6",
      name: [{ family: "Åström" }],
      link: [{ other: { reference: "Patient/p9" }, type: "seealso" }],
    };
    const repeating = {
      ...observation("o2-6", "p1-6"),
      component: [1, 200].map((value) => ({
        code: { text: "x" },
        valueQuantity: { value, unit: "mm", system: "http://unitsofmeasure.org", code: "mm" },
      })),
    };
    await create(store, [rowOf(resource), rowOf(related), rowOf(repeating)]);
    const [row] = await sql<Record<string, unknown>>(
      `SELECT key::text, tokens::text[], patient, date_lo AT TIME ZONE 'UTC' = '2026-11-20 06:30:00' AS date, value_quantity_lo <= 71.25 AND value_quantity_hi >= 71.25 AS value FROM observation WHERE id = 'o1-6'`,
    );
    const keys = extractKeys("Observation", resource);
    assert.equal(row?.["key"], keys.key);
    assert.deepEqual(new Set(row?.["tokens"] as string[]), new Set(keys.tokens));
    assert.deepEqual([row?.["patient"], row?.["date"], row?.["value"]], ["p1-6", true, true]);
    assert.deepEqual(
      await sql("SELECT other_patients, strings IS NOT NULL AS strings FROM patient WHERE id = 'p2-6'"),
      [{ other_patients: extractKeys("Patient", related).otherPatients, strings: true }],
    );
    assert.deepEqual(
      await sql("SELECT many IS NOT NULL AS many FROM observation WHERE id IN ('o1-6', 'o2-6') ORDER BY id"),
      [{ many: false }, { many: true }],
    );
  });

  test(`STORE-RES-7 many are read at once, each at most once, and unknown ids are left out (${postgres.name})`, async () => {
    const { store } = await postgres.shared();
    await create(store, [rowOf(patient("p1-7")), rowOf(patient("p2-7"))]);
    const ids = ["p2-7", "p1-7", "p1-7", "p3-7", "'; DROP TABLE patient; --"];
    const { rows, known, nobody } = await store.read("*", async (read) => ({
      rows: await read.readMany("Patient", ids),
      known: await read.existing("Patient", ids),
      nobody: await read.readMany("Patient", []),
    }));
    assert.deepEqual(rows.map(({ id }) => id).toSorted(), ["p1-7", "p2-7"]);
    assert.deepEqual(known.toSorted(), ["p1-7", "p2-7"]);
    assert.deepEqual(nobody, []);
  });
});

test("STORE-RES-8 a name that is not a resource type never becomes SQL", () => {
  assert.equal(tableOf("Patient"), '"patient"');
  for (const name of [
    "patient",
    "History",
    "access_log",
    'Patient"; DROP TABLE patient; --',
    "",
    "__proto__",
    "constructor",
  ]) {
    assert.throws(() => tableOf(name), /no table/, name);
  }
});
