import assert from "node:assert/strict";
import { test } from "node:test";
import { commit, readHistory } from "./index.ts";
import { locksOf } from "./locks.ts";
import { asCreate, asDelete, asUpdate, journalOfTest, patient } from "./testing/index.ts";

const basic = (id: string, n: number): { resourceType: string; id: string; code: { text: string } } => ({
  resourceType: "Basic",
  id,
  code: { text: String(n) },
});

test("JRN-LOCK-1 large bundles leave room for others", { timeout: 180_000 }, async (t) => {
  const many = Array.from({ length: 10_000 }, (_, n) => n);
  assert.equal(new Set(locksOf(many.map((n) => asUpdate(basic(`b${n}`, n))))).size, 0);
  const conditions = many.map((n) => asCreate(patient(undefined), { ifNoneExist: `identifier=urn:test:a|${n}` }));
  assert.equal(new Set(locksOf(conditions)).size, 512);
  assert.deepEqual(locksOf([asUpdate(basic("a", 1)), asDelete("Basic/b"), asCreate(patient(undefined))]), [
    "Basic/a",
    "Basic/b",
  ]);

  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const bundles = [0, 1, 2].map((k) =>
    commit(
      journal.client(),
      many.slice(0, 3_000).map((n) => asUpdate(basic(`b${k}-${n}`, n))),
    ),
  );
  const single = await Promise.all(
    Array.from({ length: 20 }, (_, n) => journal.put(patient("p1", { multipleBirthInteger: n }))),
  );
  assert.equal(new Set(single.map(({ version }) => version)).size, 20);
  assert.deepEqual(
    (await Promise.all(bundles)).map(({ value }) => value.length),
    [3_000, 3_000, 3_000],
  );
});

test("JRN-LOCK-2 large and small changes of the same resources lose none", async (t) => {
  const journal = await journalOfTest(t);
  const ids = Array.from({ length: 150 }, (_, n) => `b${n}`);
  const large = (n: number): Promise<unknown> =>
    commit(
      journal.client(),
      ids.map((id) => asUpdate(basic(id, 1_000 * n))),
    );
  const small = (n: number): Promise<unknown> =>
    commit(journal.client(), [asUpdate(basic("b7", n)), asUpdate(basic("b8", n))]);
  const results = await Promise.allSettled([large(1), small(1), large(2), small(2), small(3)]);
  assert.deepEqual(
    results.filter(({ status }) => status === "rejected"),
    [],
  );
  for (const [id, writes] of [
    ["b7", 5],
    ["b1", 2],
  ] as const) {
    const { value } = await readHistory(journal.client(), { type: "Basic", id, count: 50 });
    assert.deepEqual(
      value.rows.map(({ version }) => version),
      Array.from({ length: writes }, (_, n) => writes - n),
      id,
    );
  }
});
