/** Rules of SPEC.md: how PostgreSQL goes about the hottest question of a chart, under row-level security. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileSearch, parseSearch, type Statement } from "../search/index.ts";
import type { Connection, Reach } from "./connection.ts";
import { onEveryPostgres, ownerOf } from "./testing/contract.ts";
import { create, observation, OURS, rowOf } from "./testing/rows.ts";

const PATIENTS = 5;
const ROWS = 300;

/** The plan for values that are not known beforehand, as the server has it made. */
async function planOf(owner: Connection, reach: Reach, { text, values }: Statement): Promise<string> {
  await owner.begin();
  try {
    await owner.many({ text: "SET LOCAL plan_cache_mode = force_generic_plan" });
    await owner.many({ text: "SET LOCAL ROLE eira_app" });
    await owner.many({ text: "SELECT set_config('eira.reach', $1, true)", values: [reach] });
    await owner.many({ text: `PREPARE asked AS ${text}` });
    const given = values.map((value) => (Array.isArray(value) ? `'{${value.join(",")}}'` : `'${String(value)}'`));
    const rows = await owner.many<{ "QUERY PLAN": string }>({
      text: `EXPLAIN (COSTS OFF) EXECUTE asked (${given.join(", ")})`,
    });
    await owner.many({ text: "DEALLOCATE asked" });
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  } finally {
    await owner.rollback();
  }
}

onEveryPostgres((postgres) => {
  test(`STORE-PLAN-1 a patient's newest rows are read in order and no others, whoever asks (${postgres.name})`, async (t) => {
    const { store, sql, database } = await postgres.store(t);
    for (let patient = 0; patient < PATIENTS; patient += 1) {
      const rows = Array.from({ length: ROWS }, (_, n) => ({
        ...observation(`${patient}-${n}`, `p${patient}`),
        effectiveDateTime: `2026-${String(1 + (n % 12)).padStart(2, "0")}-${String(1 + (n % 28)).padStart(2, "0")}`,
      }));
      await create(
        store,
        rows.map((row) => rowOf(row)),
      );
    }
    await sql("ANALYZE observation");
    const owner = await ownerOf(t, database);
    const [{ version } = {}] = await sql<{ version?: string }>(
      "SELECT current_setting('server_version_num') AS version",
    );
    for (const reach of ["*", OURS]) {
      for (const query of ["patient=p1", "patient=p1&code=urn:iso:std:iso:11073:10101|188736"]) {
        const parameters = [...new URLSearchParams(`${query}&_sort=-date&_count=20`)];
        const plan = await planOf(
          owner,
          reach,
          compileSearch(parseSearch("Observation", parameters), () => "TRUE"),
        );
        assert.match(plan, /Index Scan using observation_patient/, plan);
        assert.match(plan, /Incremental Sort/, plan);
        // Before 17 the index could not be asked for one of several codes and still give its order.
        if (query.includes("code"))
          assert.match(plan, Number(version) < 170_000 ? /code_key/ : /Index Cond: .*code_key/);
      }
    }
  });
});
