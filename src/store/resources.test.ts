import assert from "node:assert/strict";
import { test } from "node:test";
import { onEveryPostgres } from "./testing/contract.ts";
import { create, observation, patient, remove, rowOf, update } from "./testing/rows.ts";

onEveryPostgres((postgres) => {
  test(`STORE-RES-1 the text comes back as it was written, to the byte (${postgres.name})`, async (t) => {
    const { store } = await postgres.store(t);
    const content = '{"resourceType":"Observation","id":"o1","valueQuantity":{"value":6.0},"note":[{"text":"åäö ÅÄÖ é 🫀 \\u2028 \\"x\\" \\\\ 1.00 1e3 123456789.1234567891"}]}';
    await create(store, [rowOf(patient("p1")), rowOf(observation("o1", "p1", 6), { content })]);
    const row = await store.read("*", (read) => read.read("Observation", "o1"));
    assert.equal(row?.content, content);
    assert.deepEqual([row?.id, row?.version, row?.patient], ["o1", 1, "p1"]);
  });
});
