import assert from "node:assert/strict";
import { test } from "node:test";
import { homeOf } from "../../base/index.ts";
import { NotAsDemanded } from "../not-as-demanded.ts";
import type { JsonObject } from "../../fhir/index.ts";
import {
  compileDeletions,
  compileSearch,
  compileSlice,
  parseSearch,
  type AccessPredicate,
} from "../../search/index.ts";
import type { NewRow } from "../resources.ts";
import type { Store } from "../store.ts";
import { onEveryPostgres, storeOn } from "../testing/contract.ts";
import { unfenced } from "./split.ts";
import { at, hotPaths, newPair } from "../testing/hot-paths.ts";
import { create, observation, patient, remove, rowOf } from "../testing/rows.ts";
import { statementsOf } from "../testing/statements.ts";
import { LYING } from "./tables.ts";
import { allResolved } from "./unresolved.ts";

const NAMES = /\b(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z_]+)"?/g;
const WRITTEN = /\b(?:DELETE FROM|INSERT INTO|UPDATE)\s+"?([a-z_]+)"?/g;

const namesIn = (text: string, form: RegExp): string[] =>
  [...text.matchAll(form)].map(([, name = ""]) => name).filter((name) => LYING.has(name));

/** What Citus would not take in a statement; nothing when all is well. */
function faultsOf(text: string): string[] {
  const spread = namesIn(text, NAMES).filter((name) => LYING.get(name)?.how !== "coordinator");
  const here = namesIn(text, NAMES).filter((name) => LYING.get(name)?.how === "coordinator");
  const written = namesIn(text, WRITTEN);
  if (spread.length === 0) return [];
  return [
    ...(here.length > 0 ? [`${here.join()} lies elsewhere than ${spread.join()}`] : []),
    ...(new Set(written).size > 1 ? [`writes ${written.join()}`] : []),
    ...(written.length > 0 && /\bWITH\b/.test(text) ? ["writes within a WITH"] : []),
    ...(written.length > 0 && /json_(to|populate)_recordset|unnest/.test(text) ? ["writes a list"] : []),
    ...(/FOR (KEY SHARE|UPDATE)/.test(text) && !/home = \$\d/.test(text) ? ["holds rows of several homes"] : []),
    ...(/clock_timestamp|gen_random|pg_current_snapshot|pg_relation_size/.test(text)
      ? ["asks what differs by server"]
      : []),
    ...(/DO UPDATE SET [^;]*\(/.test(text.replace(/excluded\.\w+/g, "x")) ? ["sets by a function on conflict"] : []),
  ];
}

onEveryPostgres((postgres) => {
  const { name } = postgres;
  if (name !== "embedded") return; // the statements are the same

  test(`STORE-SPREAD-3 no statement writes two tables, writes a list, holds rows of several homes or asks what each server would answer otherwise (${name})`, async (t) => {
    const { store } = await postgres.store(t, { spread: "here" });
    const statements = await statementsOf(async () => {
      await hotPaths(store);
      await store.write("*", (tx) => tx.enqueue([{ home: 1, topic: "t", payload: {} }]));
      await store.write("*", (tx) => tx.firstWithToken("1").then(() => undefined));
      await store.changes({ xid: "0", seq: "0" }, 10);
      await store.tidy(30);
      await store.definitionStamp();
      await store.currentVersions(["Organization/one", "Practitioner/one", "PractitionerRole/one"]);
      await store.read("*", (read) => read.changeHistory({ limit: 10 }));
    });
    assert.ok(statements.length >= 45, `only ${statements.length} statements were seen`);
    for (const { text } of statements) assert.deepEqual(faultsOf(text), [], text);
    // What the same paths say to a single server would be seen.
    const single = await postgres.store(t);
    const others = await statementsOf(() => hotPaths(single.store));
    const faults = new Set(others.flatMap(({ text }) => faultsOf(text)));
    for (const fault of ["writes within a WITH", "writes a list"]) assert.ok(faults.has(fault), [...faults].join());
    assert.deepEqual(faultsOf("SELECT id FROM observation WHERE id = ANY($1) FOR KEY SHARE"), [
      "holds rows of several homes",
    ]);
    assert.deepEqual(faultsOf("UPDATE idempotency SET touched = clock_timestamp()"), ["asks what differs by server"]);
  });

  test(`STORE-SPREAD-4 what a write says to the server that is asked is bound to what it says to the others (${name})`, async (t) => {
    const { store } = await postgres.store(t, { spread: "here" });
    const bindings = async (work: () => Promise<unknown>): Promise<number> => {
      let seen = 0;
      await statementsOf(
        async () => void (await work()),
        ({ text }) => {
          if (/DELETE FROM session WHERE token_hash = ''/.test(text)) seen += 1;
        },
      );
      return seen;
    };
    const { p } = newPair();
    assert.equal(await bindings(() => create(store, [rowOf(patient(p))])), 0); // it says nothing to that server
    assert.equal(await bindings(() => store.write("*", (tx) => tx.enqueue([{ home: 1, topic: "t", payload: {} }]))), 1);
    assert.equal(await bindings(() => store.write("*", (tx) => tx.subscribers.one("x"))), 0); // it only looks
    assert.equal(await bindings(() => store.write("*", (tx) => tx.subscribers.remove("x"))), 1);
    assert.equal(await bindings(() => store.write("*", (tx) => tx.closures.initialise("o", "n"))), 1);
  });

  test(`STORE-CITUS-7 a question goes to several servers without its fences, and its answer is the same (${name})`, async (t) => {
    const { store } = await postgres.store(t, { spread: "here" });
    const single = await storeOn(t, (await postgres.shared()).database);
    const { p } = newPair();
    await create(store, [rowOf(patient(p, "Öberg")), rowOf(patient(`${p}a`, "Ek")), rowOf(patient(`${p}b`, "Alm"))]);
    const plan = parseSearch("Patient", [...new URLSearchParams("_sort=-family")]);
    const sql = compileSearch(plan, () => "TRUE");
    assert.match(sql.text, / OFFSET 0\)/);
    assert.doesNotMatch(unfenced(sql).text, /OFFSET 0/);
    const found = async (from: Store): Promise<unknown[]> =>
      (await from.read("*", (read) => read.search(sql))).map(({ id }) => id);
    assert.deepEqual(await found(store), [p, `${p}a`, `${p}b`]);
    assert.deepEqual(await found(store), await found(single.store));
  });

  test(`SEARCH-SQL-8 searches as several servers can plan them find the same as the others (${name})`, async (t) => {
    const { store } = await postgres.store(t, { spread: "here" });
    const [one, two] = [newPair(), newPair()];
    const resource = (type: string, id: string, more: JsonObject): NewRow => rowOf({ resourceType: type, id, ...more });
    const performed = (id: string, of: string, by: string): NewRow =>
      rowOf({ ...observation(id, of), performer: [{ reference: `Practitioner/${by}` }] });
    await create(store, [
      rowOf(patient(one.p, "Öberg")),
      rowOf(patient(two.p, "Ek")),
      resource("Practitioner", "d1", { name: [{ family: "Alm" }] }),
      resource("Practitioner", "d2", { name: [{ family: "Berg" }] }),
      performed(one.o, one.p, "d1"),
      performed(`${one.o}b`, one.p, "d2"),
      performed(two.o, two.p, "d1"),
      resource("Encounter", "e1", {
        status: "finished",
        class: { code: "AMB" },
        subject: { reference: `Patient/${one.p}` },
        period: { start: "2026-01-01", end: "2026-03-01" },
      }),
    ]);
    const everybody = (): string => "TRUE";
    const spread: AccessPredicate = Object.assign(() => "TRUE", { isSpread: true });
    const found = (type: string, query: string, access: AccessPredicate): Promise<unknown[]> => {
      const sql = compileSearch(parseSearch(type, [...new URLSearchParams(query)]), access);
      if (access.isSpread === true)
        assert.doesNotMatch(sql.text, /EXISTS \(SELECT 1 FROM \(SELECT unnest|UNION ALL\s+SELECT r\d+\.\*/);
      return store.read("*", async (read) => (await read.search(sql)).map(({ id }) => id));
    };
    for (const [type, query, count] of [
      ["Observation", `patient=${one.p}&performer:Practitioner.name=alm`, 1],
      ["Observation", "performer:Practitioner.name=alm", 2],
      ["Observation", "subject:Patient.name=ek", 1],
      ["Patient", "_has:Observation:patient:performer:Practitioner.name=berg", 1],
      ["Practitioner", "_has:Observation:performer:patient.name=ek", 1],
      ["Encounter", "date=ge2026-02-01", 1],
      ["Observation", `patient=${one.p}&performer=Practitioner/d2`, 1],
    ] as const) {
      const wanted = await found(type, query, everybody);
      assert.deepEqual(await found(type, query, spread), wanted, query);
      assert.equal(wanted.length, count, query);
    }
  });

  test(`SEARCH-SQL-8 so do slices of a moment, and of what was deleted until then (${name})`, async (t) => {
    const { store } = await postgres.store(t, { spread: "here" });
    const [one, two] = [newPair(), newPair()];
    const ids = Array.from({ length: 9 }, (_, n) => `s${n}`);
    const version = (id: string, of: string, n: number, minute: number): NewRow =>
      rowOf(observation(id, of, n), { version: n, lastUpdated: at(minute) });
    for (const [n, id] of ids.entries()) {
      const isChanged = n % 2 === 1;
      await create(store, [version(id, one.p, 1, 1)]);
      // Some are changed, some come to another patient, some are deleted, some made again.
      if (isChanged)
        await store.write("*", (tx) => tx.replace(version(id, n % 4 === 1 ? two.p : one.p, 2, 3), homeOf(one.p)));
      if (n % 3 === 0) await remove(store, "Observation", id, at(5));
      if (n % 6 === 0) await create(store, [version(id, two.p, isChanged ? 4 : 3, 7)]);
    }
    const spread: AccessPredicate = Object.assign(() => "TRUE", { isSpread: true });
    const ask = {
      type: "Observation",
      bytes: 1e9,
      before: undefined,
      since: undefined,
      patients: undefined,
      filters: [],
    };
    let seen = 0;
    for (const minute of [0, 1, 2, 3, 4, 5, 9]) {
      for (const [rows, after] of [
        [100, ""],
        [3, ""],
        [3, "s3"],
      ] as const) {
        const slice = { ...ask, moment: at(minute), rows, after };
        for (const compile of [compileSlice, compileDeletions] as const) {
          const answer = (access: AccessPredicate): Promise<unknown[]> =>
            store.read("*", (read) => read.rarely(compile(slice, access)).then((found) => [...found]));
          const wanted = await answer(() => "TRUE");
          assert.doesNotMatch(compile(slice, spread).text, /FROM history AS n WHERE n\.type = [ch]\.type/);
          assert.deepEqual(await answer(spread), wanted, `${compile.name} ${minute} ${rows} ${after}`);
          seen += wanted.length;
        }
      }
    }
    assert.ok(seen > 50, `${seen} rows`);
  });

  test(`STORE-CHANGE-6 a reader waits for transactions that have ended here and not yet on every server, and no others (${name})`, async () => {
    const looks = (lists: readonly (readonly string[])[]): (() => Promise<readonly string[]>) => {
      let n = 0;
      return () => Promise.resolve(lists[Math.min(n++, lists.length - 1)] ?? []);
    };
    assert.equal(await allResolved(looks([[]])), true);
    assert.equal(
      await allResolved(
        looks([
          ["a", "b"],
          ["b", "c"],
          ["c", "d"],
        ]),
      ),
      true,
    ); // c came later: it is past the place
    assert.equal(await allResolved(looks([["a"], ["a", "b"]]), 4), false);
    await assert.rejects(allResolved(() => Promise.reject(new Error("a server does not answer"))));
  });

  test(`STORE-SPREAD-5 an observation of another patient is moved with its whole history, whatever server that is on (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t, { spread: "here" });
    const [one, two] = [newPair(), newPair()];
    await create(store, [rowOf(patient(one.p)), rowOf(patient(two.p)), rowOf(observation(one.o, one.p))]);
    await store.write("*", (tx) =>
      tx.replace(rowOf(observation(one.o, two.p), { version: 2, lastUpdated: at(2) }), homeOf(one.p)),
    );
    const lie = await sql<{ version: number; home: number }>(
      "SELECT version, home FROM history WHERE id = $1 UNION ALL SELECT version, home FROM observation WHERE id = $1 ORDER BY 1",
      [one.o],
    );
    assert.deepEqual(lie, [
      { version: 1, home: homeOf(one.p) },
      { version: 2, home: homeOf(two.p) },
    ]);
    const stale = store.write("*", (tx) => tx.replace(rowOf(observation(one.o, two.p), { version: 2 }), homeOf(one.p)));
    await assert.rejects(stale, { code: "VERSION_CONFLICT" });
    await assert.rejects(
      store.write("*", (tx) => tx.demand("Observation", [`own-${one.o}`])),
      NotAsDemanded,
    );
  });
});
