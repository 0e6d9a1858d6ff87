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
      careProvider: null,
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
      turn: 1,
    } as const;
    assert.equal(await store.write("*", (tx) => tx.reviews.addReview(review)), true);
    assert.equal(await store.write("*", (tx) => tx.reviews.addReview({ ...review, outcome: "unclear" })), false);
    assert.equal(await store.write("*", (tx) => tx.reviews.addReview({ ...review, turn: 3 })), false);
    assert.deepEqual(await sql("SELECT outcome FROM access_review"), [{ outcome: "justified" }]);
    await assert.rejects(
      store.write("*", (tx) => tx.reviews.addReview({ ...review, access: "log-9", outcome: "no" as "unclear" })),
    );
    const counted = (reach: string) => store.read(reach, (look) => look.reviews.counts("2026-01", "2026-12"));
    assert.equal((await counted("*")).length, 1);
    for (const reach of ["", "SE2321000131-E000000000001"]) {
      assert.deepEqual(await counted(reach), []);
      assert.deepEqual(await store.read(reach, (look) => look.reviews.tasks({ provider: null, limit: 9 })), []);
      await assert.rejects(store.write(reach, (tx) => tx.reviews.addReview({ ...review, access: "log-2" })));
    }
  });

  test(`STORE-REVIEW-2 accesses come once, the riskiest first, with their newest verdict, of one care provider or of all (${postgres.name})`, async (t) => {
    const { store } = await postgres.store(t, { connections: 4 });
    const at = "2026-11-21T08:00:00.000Z";
    const sample = { seed: "x", low: at, high: "2026-11-22", size: 9, accesses: 9, rules: {}, drawnBy: "me" };
    const item = (n: number, provider: string) => ({
      access: `log-2${n}`,
      risk: n % 3,
      rules: n % 3 === 0 ? [] : ["emergency"],
      careUnit: `u${n % 2}`,
      month: "2027-11",
      finding: { patient: "p", providerId: provider },
    });
    const both = [1, 2, 3, 4, 5, 6].map((n) => item(n, n === 6 ? "B" : "A"));
    await store.write("*", async (tx) => {
      await tx.reviews.addSample({ ...sample, id: "t1", drawn: at, careProvider: null }, both);
      await tx.reviews.addSample({ ...sample, id: "t2", drawn: "2026-11-21T09:00:00.000Z", careProvider: "A" }, [
        { ...item(1, "A"), risk: 7 },
      ]);
    });
    const verdict = { access: "log-22", sample: "t1", note: "n", reviewer: "me", recorded: at } as const;
    const add = (turn: number, outcome: "justified" | "unclear" | "unjustified") =>
      store.write("*", (tx) => tx.reviews.addReview({ ...verdict, turn, outcome }));
    assert.equal(await add(1, "unclear"), true);
    const raced = await Promise.all([add(2, "justified"), add(2, "unjustified")]);
    assert.deepEqual(raced.map(String).toSorted(), ["false", "true"]);
    const names = async (ask: object): Promise<string[]> =>
      (await store.read("*", (look) => look.reviews.tasks({ provider: "A", limit: 9, ...ask }))).map(
        ({ access }) => access,
      );
    assert.deepEqual(await names({}), ["log-21", "log-22", "log-25", "log-24", "log-23"]);
    assert.deepEqual(await names({ provider: "B" }), ["log-26"]);
    assert.ok((await names({ provider: null })).length >= 6);
    assert.deepEqual(await names({ limit: 2, after: { risk: 7, access: "log-21" } }), ["log-22", "log-25"]);
    assert.deepEqual(await names({ state: "done" }), ["log-22"]);
    assert.deepEqual(await names({ state: "open", rule: "emergency" }), ["log-21", "log-25", "log-24"]);
    assert.deepEqual(await names({ rule: "none" }), ["log-23"]);
    assert.deepEqual(await names({ sample: "t2" }), ["log-21"]);
    assert.deepEqual(await names({ unit: "u0" }), ["log-22", "log-24"]);
    const [one] = await store.read("*", (look) => look.reviews.tasks({ provider: "A", access: "log-22", limit: 1 }));
    const all = await store.read("*", (look) => look.reviews.verdictsOf("log-22"));
    assert.deepEqual(
      all.map(({ turn, recorded }) => [turn, recorded]),
      [
        [1, at],
        [2, at],
      ],
    );
    assert.deepEqual(one?.verdict, all[1]);
    const lines = await store.read("*", (look) => look.reviews.samples("A", 9));
    assert.deepEqual(
      lines.map(({ id, items, judged }) => [id, items, judged]),
      [
        ["t2", 1, 0],
        ["t1", 5, 1],
      ],
    );
    assert.deepEqual(
      (await store.read("*", (look) => look.reviews.samples("B", 9))).map(({ id }) => id),
      ["t1"],
    );
    const counts = await store.read("*", (look) => look.reviews.counts("2027-11", "2027-11", "A"));
    const sum = (name: "sampled" | "justified" | "unjustified" | "unclear") =>
      counts.reduce((total, one_) => total + one_[name], 0);
    assert.deepEqual([sum("sampled"), sum("unclear"), sum("justified") + sum("unjustified")], [5, 0, 1]);
  });
});
