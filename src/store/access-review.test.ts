import assert from "node:assert/strict";
import { test } from "node:test";
import { onEveryPostgres } from "./testing/contract.ts";

onEveryPostgres((postgres) => {
  test(`STORE-REVIEW-1 samples and outcomes are for the whole region's reach, and no outcome is changed (${postgres.name})`, async (t) => {
    const { store, sql } = await postgres.store(t, { connections: 2 });
    const at = "2026-11-21T08:00:00.000Z";
    const sample = {
      id: "s1",
      seed: "x",
      low: "2026-11-01",
      high: at,
      size: 1,
      accesses: 1,
      rules: {},
      drawn: at,
      drawnBy: "me",
    };
    const item = {
      access: "log-1",
      risk: 3,
      rules: ["emergency"],
      careUnit: "u",
      month: "2026-11",
      finding: { patient: "p" },
    };
    await store.write("*", (tx) => tx.reviews.addSample(sample, [item]));
    const review = {
      access: "log-1",
      sample: "s1",
      outcome: "justified",
      note: "n",
      reviewer: "me",
      recorded: at,
    } as const;
    assert.equal(await store.write("*", (tx) => tx.reviews.addReview(review)), true);
    assert.equal(await store.write("*", (tx) => tx.reviews.addReview({ ...review, outcome: "unclear" })), false);
    assert.deepEqual(await sql("SELECT outcome FROM access_review"), [{ outcome: "justified" }]);
    const counted = (reach: string) => store.read(reach, (look) => look.reviews.counts("2026-01", "2026-12"));
    assert.equal((await counted("*")).length, 1);
    for (const reach of ["", "SE2321000131-E000000000001"]) {
      assert.deepEqual(await counted(reach), []);
      assert.equal(await store.write(reach, (tx) => tx.reviews.itemOf("log-1")), undefined);
      await assert.rejects(store.write(reach, (tx) => tx.reviews.addReview({ ...review, access: "log-2" })));
    }
  });
});
