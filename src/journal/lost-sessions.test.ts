import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../base/index.ts";
import { commit, type Written } from "./index.ts";
import {
  asCreate,
  asUpdate,
  identified,
  journalOfTest,
  observation,
  patient,
  type JournalOfTest,
} from "./testing/index.ts";

const SEED = 20261121;
const ROUNDS = 20;

/** Sends the same request under its key until somebody says that it is done. */
async function untilDone(journal: JournalOfTest, n: number): Promise<readonly Written[]> {
  const commands = [
    asCreate(observation(undefined, "Patient/p1", identified("n", String(n)))),
    asUpdate(patient(`with-${n}`)),
  ];
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      return (await commit(journal.client(), commands, { idempotencyKey: `key ${n}` })).value;
    } catch (error) {
      // Either nothing was done, or nobody knows; never a fault without a name.
      assert.ok(
        ["UNAVAILABLE", "OUTCOME_UNKNOWN", "CONFLICT"].includes((error as { code: string }).code),
        String(error),
      );
      await sleep(5);
    }
  }
  return assert.fail("it was never done");
}

test(
  "JRN-COMMIT-8 a session lost at any moment leaves a write whole or not there, and a retry makes it once",
  { timeout: 120_000 },
  async (t) => {
    console.log(`seed ${SEED}`);
    const random = seededRandom(SEED);
    const journal = await journalOfTest(t);
    await journal.put(patient("p1"));
    for (let n = 0; n < ROUNDS; n += 1) {
      const done = untilDone(journal, n);
      for (let strikes = 0; strikes < 3; strikes += 1) {
        await sleep(random.int(13));
        await journal.sql(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'eira'",
        );
      }
      const written = await done;
      assert.deepEqual(
        written.map(({ version }) => version),
        [1, 1],
        `round ${n}`,
      );
      const found = await journal.sql("SELECT id FROM observation WHERE content LIKE $1", [`%"value":"${n}"%`]);
      assert.deepEqual(found, [{ id: written[0]?.id }], `round ${n}`);
    }
    const [row] = await journal.sql(
      "SELECT (SELECT count(*)::int FROM observation) AS o, (SELECT count(*)::int FROM patient) AS p, (SELECT count(*)::int FROM change_log) AS c, (SELECT count(*)::int FROM idempotency WHERE reply IS NOT NULL) AS k",
    );
    assert.deepEqual(row, { o: ROUNDS, p: ROUNDS + 1, c: 2 * ROUNDS + 1, k: ROUNDS });
  },
);
