import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { commit, parametersOf, searchResources } from "./index.ts";
import { asCreate, asUpdate, journalOfTest, observation, patient } from "./testing/index.ts";

test("JRN-RIVAL-1 what is acknowledged is there for everybody at once", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const elsewhere = new pg.Client(journal.database.config);
  await elsewhere.connect();
  const writing = Array.from({ length: 40 }, async (_, n) => {
    const { value } = await commit(journal.client(), [
      n % 2 === 0 ? asCreate(observation(undefined)) : asUpdate(patient("p1", { multipleBirthInteger: n })),
    ]);
    const [written] = value;
    const { rows } = await elsewhere.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM change_log WHERE type = $1 AND id = $2 AND version = $3",
      [written?.type, written?.id, written?.version],
    );
    return rows[0]?.n;
  });
  const counts = new Set(await Promise.all(writing));
  await elsewhere.end();
  assert.deepEqual([...counts], [1]);
});

test("JRN-RIVAL-2 many values after one another find each of theirs", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const codes = Array.from({ length: 113 }, (_, n) => `code-${n}`);
  await commit(
    journal.client(),
    codes.map((code) =>
      asCreate(observation(undefined, "Patient/p1", { code: { coding: [{ system: "urn:test:c", code }] } })),
    ),
  );
  for (const query of [
    `code=${codes.join(",")}`,
    `code=${codes.map((code) => `urn:test:c|${code}`).join(",")}`,
    `patient=p1&code=${codes.join(",")}`,
  ]) {
    const { value } = await searchResources(journal.client(), "Observation", parametersOf(`${query}&_count=200`));
    assert.equal(value.rows.length, 113);
  }
});

test("JRN-RIVAL-3 a day is the Swedish day, in winter and in summer", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const moments = [
    "2026-11-19T23:30:00+01:00",
    "2026-11-20T00:30:00+01:00",
    "2026-11-20T23:30:00+01:00",
    "2026-11-21T00:30:00+01:00",
    "2026-06-19T22:30:00Z",
    "2026-06-20T21:30:00Z",
    "2026-06-20T22:30:00Z",
  ];
  for (const [n, at] of moments.entries())
    await journal.put(observation(`o${n}`, "Patient/p1", { effectiveDateTime: at }));
  const on = async (query: string): Promise<string[]> =>
    (await searchResources(journal.client(), "Observation", parametersOf(`${query}&_sort=date`))).value.rows.map(
      ({ id }) => id,
    );
  assert.deepEqual(await on("date=2026-11-20"), ["o1", "o2"]);
  assert.deepEqual(await on("date=2026-06-20"), ["o4", "o5"]);
  assert.deepEqual(await on("date=ge2026-11-21"), ["o3"]);
  assert.deepEqual(await on("date=lt2026-11-20&date=ge2026-11-19"), ["o0"]);
});
