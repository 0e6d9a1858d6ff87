import assert from "node:assert/strict";
import { test } from "node:test";
import { memberText, type LogAsk, type LogRow } from "./access-log-rows.ts";
import type { AccessLogEntry } from "./access-log.ts";
import { onEveryPostgres, ownerOf } from "./testing/contract.ts";
import { entry } from "./testing/rows.ts";

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-LOG-PURGE-1 no role may remove a row, however old, and what the owner removes is found (${name})`, async (t) => {
    const { store, sql, database } = await postgres.store(t, { connections: 1 });
    await store.recordAccess([entry("old", { recorded: "2019-01-01T00:00:00.000Z" }), entry("new")]);
    const rights = `SELECT r.rolname, p.kind FROM pg_roles r CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS p(kind)
      WHERE NOT r.rolsuper AND r.rolname NOT LIKE 'pg\\_%' AND r.oid <> (SELECT relowner FROM pg_class WHERE oid = 'access_log'::regclass)
        AND (has_table_privilege(r.oid, 'access_log', p.kind) OR (p.kind = 'UPDATE' AND has_any_column_privilege(r.oid, 'access_log', p.kind)))`;
    assert.deepEqual(await sql(rights), []);
    const owner = await ownerOf(t, database);
    const removals = [
      "DELETE FROM access_log WHERE recorded < '2020-01-01'",
      "TRUNCATE access_log",
      "UPDATE access_log SET entry = ''",
      "DROP TABLE access_log",
    ];
    for (const text of removals) {
      await owner.begin();
      await owner.many({ text: "SET LOCAL ROLE eira_app" });
      await assert.rejects(owner.many({ text }), (error: { code?: string }) => error.code === "42501", text);
      await owner.rollback();
    }
    await sql("GRANT DELETE ON access_log TO eira_app"); // planted, so that a look that sees nothing is found out
    const members = ["eira_app", "eira_person"]; // who is a member has it too
    assert.deepEqual(
      await sql(rights),
      members.map((rolname) => ({ rolname, kind: "DELETE" })),
    );
    await sql("REVOKE DELETE ON access_log FROM eira_app");
    await sql(removals[0] ?? "");
    assert.ok((await store.verifyAccessLog([])).faults.length > 0);
  });

  test(`STORE-LOG-ROWS-1 rows are found by what they say, in either direction, page after page (${name})`, async (t) => {
    const { store } = await postgres.store(t, { connections: 2 });
    const at = (minute: number): string => new Date(Date.UTC(2026, 10, 21, 8, minute)).toISOString();
    const entries = Array.from({ length: 30 }, (_, n) =>
      entry(n, {
        request: `r${n}`,
        recorded: at(Math.floor(n / 3)), // three at each moment
        patient: n % 2 === 0 ? "even" : "odd",
        action: n % 5 === 0 ? "update" : "read",
        ground: '"action":"delete",',
      }),
    );
    for (const one of entries) await store.recordAccess([one]);
    const ask = (more: Partial<LogAsk>): Promise<LogRow[]> =>
      store.read("*", (look) => look.log({ limit: 100, ...more }));
    const requests = async (more: Partial<LogAsk>): Promise<string[]> =>
      (await ask(more)).map((row) => (JSON.parse(row.entry) as AccessLogEntry).request);
    const numbered = (test_: (n: number) => boolean): string[] =>
      entries.flatMap(({ request }, n) => (test_(n) ? [request] : []));
    const same = async (more: Partial<LogAsk>, wanted: string[]): Promise<void> =>
      assert.deepEqual((await requests(more)).toSorted(), wanted.toSorted());

    await same({}, numbered(() => true)); // prettier-ignore
    await same({ patient: "odd" }, numbered((n) => n % 2 === 1)); // prettier-ignore
    await same({ texts: [[memberText("action", "update")]] }, numbered((n) => n % 5 === 0)); // prettier-ignore
    await same({ texts: [[memberText("action", "delete")]] }, []);
    await same({ texts: [[]] }, []);
    await same({ rows: [] }, []);
    const inside = { low: at(2), high: at(4) };
    await same({ within: [inside] }, numbered((n) => n >= 6 && n < 12)); // prettier-ignore
    await same({ without: [inside] }, numbered((n) => n < 6 || n >= 12)); // prettier-ignore

    const newest = await ask({});
    for (const size of [1, 7, 29]) {
      for (const direction of ["before", "after"] as const) {
        const walked: LogRow[] = [];
        let end: LogRow | undefined;
        for (;;) {
          const page = await ask({
            limit: size,
            ...(direction === "before" ? { before: end } : { after: end ?? "start" }),
          });
          walked.push(...page);
          end = page.at(-1);
          if (page.length < size) break;
        }
        assert.deepEqual(walked, direction === "before" ? newest : newest.toReversed(), `${direction} by ${size}`);
      }
    }
    const last = newest[4];
    assert.ok(last);
    assert.deepEqual(await ask({ rows: [last] }), [last]);
    assert.deepEqual(await store.read("", (look) => look.log({ limit: 10 })), []); // nothing without a reach
    assert.deepEqual((await store.verifyAccessLog([])).faults, []);
  });
});
