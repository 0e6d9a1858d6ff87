import assert from "node:assert/strict";
import { test } from "node:test";
import { FhirError } from "../fhir/index.ts";
import type { LogRow } from "./access-log-rows.ts";
import type { HistoryRow } from "./reading.ts";
import type { Store } from "./store.ts";
import { onEveryPostgresAndSpread } from "./testing/contract.ts";
import { create, entry, observation, OURS, patient, remove, rowOf, THEIRS, update } from "./testing/rows.ts";

const at = (minute: number): string => `2026-11-21T08:${String(minute).padStart(2, "0")}:00.000Z`;

/** A patient with seven versions: made, changed, changed, removed, made again, changed, changed. */
async function sevenVersions(store: Store, id: string): Promise<void> {
  await create(store, [rowOf(patient(id, "v1"), { lastUpdated: at(1) })]);
  for (const version of [2, 3])
    await update(store, rowOf(patient(id, `v${version}`), { version, lastUpdated: at(version) }));
  await remove(store, "Patient", id, at(4));
  await create(store, [rowOf(patient(id, "v5"), { version: 5, lastUpdated: at(5) })]);
  for (const version of [6, 7])
    await update(store, rowOf(patient(id, `v${version}`), { version, lastUpdated: at(version) }));
}

const versions = (rows: readonly HistoryRow[]): number[] => rows.map(({ version }) => version);

onEveryPostgresAndSpread((postgres) => {
  const { name } = postgres;

  test(`STORE-READ-1 the history of a resource comes newest first, page by page, as it held in a period, deletions without content (${name})`, async () => {
    const { store } = await postgres.shared();
    await sevenVersions(store, "seven");
    const history = (more: object): Promise<HistoryRow[]> =>
      store.read("*", (read) => read.instanceHistory({ type: "Patient", id: "seven", limit: 100, ...more }));
    const all = await history({});
    assert.deepEqual(versions(all), [7, 6, 5, 4, 3, 2, 1]);
    assert.deepEqual(
      all.map(({ method }) => method),
      ["update", "update", "update", "delete", "update", "update", "create"],
    );
    assert.deepEqual(
      all.map(({ content }) => /v\d/.exec(content ?? "")?.[0] ?? null),
      ["v7", "v6", "v5", null, "v3", "v2", "v1"],
    );
    assert.deepEqual(
      all.map(({ recorded }) => recorded),
      [7, 6, 5, 4, 3, 2, 1].map(at),
    );
    const paged: number[] = [];
    for (let before: number | undefined; ;) {
      const page = await history({ limit: 3, before });
      paged.push(...versions(page));
      if (page.length < 3) break;
      before = Number(page.at(-1)?.position);
    }
    assert.deepEqual(paged, [7, 6, 5, 4, 3, 2, 1]);
    assert.deepEqual(versions(await history({ since: at(3) })), [7, 6, 5, 4, 3]);
    const held = (low: number, high: number, more: object = {}): Promise<HistoryRow[]> =>
      store.read("*", (read) => {
        const query = { type: "Patient", id: "seven", limit: 100, ...more };
        return read.instanceHistoryAt(query, { low: at(low), high: at(high) });
      });
    assert.deepEqual(versions(await held(3, 6)), [5, 4, 3]);
    assert.deepEqual(versions(await held(3, 6, { since: at(4), limit: 1 })), [5]);
    assert.deepEqual(versions(await held(3, 6, { before: 5 })), [4, 3]);
    assert.deepEqual([versions(await held(0, 1)), versions(await held(8, 9))], [[], [7]]);
    assert.deepEqual(await history({ id: "never" }), []);
    assert.deepEqual(await history({ type: "Observation" }), []); // the same id of another type is another resource
    assert.equal(await store.read("*", (read) => read.countVersions("Patient", "seven")), 7);
    assert.equal(await store.read("*", (read) => read.countVersions("Patient", "never")), 0);
  });

  test(`STORE-READ-2 the history of everything comes in the order it was written, each version with the text it had (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    await sevenVersions(store, "p1");
    await create(store, [rowOf(observation("o1", "p1")), rowOf(observation("o2", "p1"), { careProvider: THEIRS })]);
    const history = (more: object = {}, reach = "*"): Promise<HistoryRow[]> =>
      store.read(reach, (read) => read.changeHistory({ limit: 100, ...more }));
    const all = await history();
    assert.deepEqual(
      all.map(({ type, version }) => `${type}/${version}`),
      ["Observation/1", "Observation/1", ...[7, 6, 5, 4, 3, 2, 1].map((n) => `Patient/${n}`)],
    );
    assert.deepEqual(
      all.map(({ method, content }) => (content === null ? method : "text")).filter((one) => one !== "text"),
      ["delete"],
    );
    assert.deepEqual(
      all.slice(2).map(({ content }) => /v\d/.exec(content ?? "")?.[0] ?? null),
      ["v7", "v6", "v5", null, "v3", "v2", "v1"],
    );
    const paged: HistoryRow[] = [];
    for (let before: string | undefined; ;) {
      const page = await history({ limit: 2, before });
      paged.push(...page);
      if (page.length < 2) break;
      before = page.at(-1)?.position;
    }
    assert.deepEqual(paged, all);
    assert.deepEqual((await history({ type: "Observation" })).map(({ id }) => id).toSorted(), ["o1", "o2"]);
    assert.deepEqual(versions(await history({ type: "Patient", since: at(2) })), [7, 6, 5, 4, 3, 2]);
    const held = (low: number, high: number, reach = "*"): Promise<HistoryRow[]> =>
      store.read(reach, async (read) => {
        const found = await read.changeHistoryAt({ type: "Patient", limit: 100 }, { low: at(low), high: at(high) });
        return [...found.rows];
      });
    assert.deepEqual(versions(await held(2, 5)), [4, 3, 2]);
    assert.deepEqual(
      (await held(5, 6)).map(({ version, content }) => [version, /v\d/.exec(content ?? "")?.[0]]),
      [[5, "v5"]],
    );
    assert.deepEqual([versions(await held(0, 1)), versions(await held(8, 9)), await held(1, 9, "")], [[], [7], []]);
    assert.deepEqual(
      (await history({ type: "Observation" }, OURS)).map(({ id }) => id),
      ["o1"],
    );
    assert.deepEqual(await history({}, ""), []);
  });

  test(`STORE-READ-3 a page of that history is of one moment: no version lacks its text while others write (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    await create(store, [rowOf(patient("p1")), rowOf(patient("p2"))]);
    let writing = true;
    const writer = async (id: string): Promise<void> => {
      for (let version = 2; writing; version += 1) await update(store, rowOf(patient(id, `v${version}`), { version }));
    };
    const writers = [writer("p1"), writer("p2")];
    for (let look = 0; look < 60; look += 1) {
      const page = await store.read("*", (read) => read.changeHistory({ limit: 12 }));
      assert.deepEqual(
        page.filter(({ content }) => content === null),
        [],
      );
    }
    writing = false;
    await Promise.all(writers);
  });

  test(`STORE-READ-4 who has read about a patient comes newest first, page by page, also within one moment (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    const entries = Array.from({ length: 25 }, (_, n) =>
      entry(n, { recorded: at(Math.floor(n / 6)), patient: n % 5 === 0 ? "p2" : "p1" }),
    );
    await Promise.all(entries.map((one) => store.write("*", (tx) => tx.recordAccess([one], one.recorded)))); // several chains
    const read = (patientId: string, before: LogRow | undefined, limit: number): Promise<LogRow[]> =>
      store.read(OURS, (look) => look.readersOf(patientId, before, limit));
    const all = await read("p1", undefined, 100);
    assert.equal(all.length, 20);
    assert.deepEqual(
      all.map(({ recorded }) => Date.parse(recorded)),
      all.map(({ recorded }) => Date.parse(recorded)).toSorted((a, b) => b - a),
    );
    const paged: LogRow[] = [];
    for (let before: LogRow | undefined; ; before = paged.at(-1)) {
      const page = await read("p1", before, 3);
      paged.push(...page);
      if (page.length < 3) break;
    }
    assert.deepEqual(paged, all);
    assert.equal((await read("p2", undefined, 100)).length, 5);
    assert.deepEqual(await read("p3", undefined, 100), []);
  });

  test(`STORE-READ-5 a read cannot write, whatever it is given (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await create(store, [rowOf(patient("p1"))]);
    const inSnapshot = store.read("*", (read) => read.changeHistory({ limit: 1, type: "'; DELETE FROM patient; --" }));
    assert.deepEqual(await inSnapshot, []);
    for (const id of ["'; DELETE FROM patient; --", "p1' OR '1'='1", "\\'; --"]) {
      assert.equal(await store.read("*", (read) => read.read("Patient", id)), undefined);
      assert.deepEqual(await store.read("*", (read) => read.readersOf(id, undefined, 5)), []);
    }
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM patient"), [{ n: 1 }]);
  });

  test(`STORE-SEARCH-1 a search that takes too long is stopped in the database and refused, and the next caller is served (${name})`, async () => {
    const { store } = await postgres.shared();
    const slow = { text: "SELECT pg_sleep(30), 4711 AS slow" };
    const began = performance.now();
    await assert.rejects(
      store.read("*", (read) => read.search(slow, 300)),
      (error: unknown) => error instanceof FhirError && error.code === "SEARCH_TOO_COSTLY" && error.status === 400,
    );
    assert.ok(performance.now() - began < 5000);
    for (let n = 0; n < 20; n++)
      assert.deepEqual(await store.read("*", (read) => read.search({ text: "SELECT 1 AS one" }, 5000)), [{ one: 1 }]);
    const [row] = await store.read("*", (read) =>
      read.search({
        text: "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%4711 AS slow%' AND state = 'active' AND pid <> pg_backend_pid()",
      }),
    );
    assert.deepEqual(row, { n: 0 });
  });

  test(`STORE-SEARCH-1 so is one inside a transaction, which leaves nothing (${name})`, async () => {
    const { store } = await postgres.shared();
    await assert.rejects(
      store.write("*", async (tx) => {
        await tx.search({ text: "SELECT pg_sleep(30)" }, 300);
      }),
      (error: unknown) => error instanceof FhirError && error.code === "SEARCH_TOO_COSTLY",
    );
    assert.deepEqual(await store.read("*", (read) => read.search({ text: "SELECT 1 AS one" })), [{ one: 1 }]);
  });

  test(`STORE-SEARCH-2 another error than the time is told as it is (${name})`, async () => {
    const { store } = await postgres.shared();
    await assert.rejects(
      store.read("*", (read) => read.search({ text: "SELECT 1 / 0" }, 300)),
      { code: "22012" },
    );
  });
});
