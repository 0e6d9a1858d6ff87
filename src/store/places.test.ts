import assert from "node:assert/strict";
import { test } from "node:test";
import { homeOf, newId, newPatientId } from "../base/index.ts";
import { compileIncludes, compileRevinclude, compileSearch, compileWhole, parseSearch } from "../search/index.ts";
import type { CurrentRow, NewRow } from "./resources.ts";
import type { Store } from "./store.ts";
import { onEveryPostgresAndSpread, ownerOf } from "./testing/contract.ts";
import { homeless, tablesWithHome } from "./testing/homes.ts";
import { create, entry, observation, patient, remove, rowOf, update } from "./testing/rows.ts";
import { statementsOf } from "./testing/statements.ts";

const NOW = Date.parse("2026-11-21T08:00:00Z");
let made = 0;
const random = (): Uint8Array => Uint8Array.from({ length: 10 }, (_, at) => (made++ * 31 + at * 7) % 256);

/** A patient and an observation with the ids that the server gives. */
function newPair(): { readonly p: string; readonly o: string } {
  const p = newPatientId(NOW, random());
  return { p, o: newId(homeOf(p), NOW, random()) };
}

const at = (minute: number): string => `2026-11-21T08:${String(minute).padStart(2, "0")}:00.000Z`;
const everybody = (alias: string): string => `${alias}.care_provider IS NOT NULL`;

/** Every path that a request for one patient takes through the store. */
async function hotPaths(store: Store): Promise<void> {
  const { p, o } = newPair();
  const other = newPair();
  await create(store, [
    rowOf(patient(p)),
    rowOf(observation(o, p)),
    rowOf(patient(other.p)),
    rowOf(observation(other.o, other.p)),
  ]);
  await update(store, rowOf(observation(o, p, 6), { version: 2, lastUpdated: at(2) }));
  await store.write("*", async (tx) => {
    await tx.claimKey(homeOf(p), "someone", `key ${p}`, "request");
    await tx.read("Observation", o);
    await tx.readMany("Observation", [o, other.o]);
    await tx.readVersion("Observation", o, 1);
    await tx.demand("Patient", [p]);
    await tx.demand("Observation", [o]);
    await tx.demand("Observation", [o, other.o]);
    await tx.existing("Patient", [p, other.p]);
    await tx.visible("Observation", [o]);
    await tx.readLastVersion("Patient", p);
    await tx.readLastVersions("Patient", [p, other.p]);
    await tx.relabel(rowOf(observation(o, p, 6), { version: 2, lastUpdated: at(2) }));
    await tx.storeReply(homeOf(p), "someone", `key ${p}`, "[]");
  });
  await Promise.all([store.readOne("*", "Observation", o), store.readOne("*", "Observation", other.o)]);
  await store.readOne("*", "Patient", p);
  await store.read("*", async (read) => {
    await read.read("Observation", o);
    await read.readMany("Observation", [o, other.o]);
    await read.existing("Observation", [o]);
    await read.readOldVersion("Observation", o, 1);
    await read.readLastVersion("Patient", p);
    await read.countVersions("Observation", o);
    await read.instanceHistory({ type: "Observation", id: o, limit: 10 });
    await read.instanceHistoryAt({ type: "Observation", id: o, limit: 10 }, { low: at(0), high: at(9) });
    await read.readersOf(p, undefined, 10);
    await read.readersOf(p, { recorded: at(0), chain: "00000000-0000-0000-0000-000000000000", seq: "1" }, 10);
    for (const [type, query] of searchesFor(p, o)) {
      await read.search(compileSearch(parseSearch(type, [...new URLSearchParams(query)]), everybody));
    }
    for (const statement of [
      compileIncludes(
        [
          { type: "Patient", id: p },
          { type: "Practitioner", id: "x" },
        ],
        everybody,
      ),
      compileRevinclude(
        { source: "Observation", parameter: "patient", target: undefined, iterate: false },
        [{ type: "Patient", id: p }],
        everybody,
        10,
      ),
      compileWhole({ focus: { patients: [p] }, types: ["Encounter"], limit: 10 }, everybody),
      compileWhole({ focus: { patients: [p] }, types: ["Observation"], limit: 10 }, everybody),
    ]) {
      if (statement !== undefined) await read.search(statement);
    }
  });
  await remove(store, "Observation", o, at(3));
  await store.recordAccess([entry(1, { patient: p })]);
}

const searchesFor = (p: string, o: string): readonly (readonly [type: string, query: string])[] => [
  ["Observation", `patient=${p}`],
  ["Observation", `patient=${p}&category=vital-signs&code=188736&date=ge2026-01-01&_sort=-date&_count=20`],
  ["Observation", `subject=Patient/${p}&value-quantity=gt5`],
  ["Condition", `patient=${p}&clinical-status=active&_sort=-recorded-date`],
  ["MedicationRequest", `patient=${p},${p}x&status=active,on-hold`],
  ["Observation", `patient=${p}&_id=${o}`],
  ["Patient", `_id=${p}`],
  ["Practitioner", "_id=x"],
];

/** What names no home, and why: an observation can also be in the compartment of a patient whose home it does not lie at. */
const EXCEPTIONS: readonly RegExp[] = [/other_patients (@>|&&)/];

onEveryPostgresAndSpread((postgres) => {
  const { name } = postgres;

  test(`STORE-HOME-1 every statement of a request for one patient names its home (${name})`, async (t) => {
    const { store, database } = await postgres.shared();
    const owner = await ownerOf(t, database);
    const tables = await tablesWithHome(owner);
    assert.ok(tables.size > 150, `${tables.size} tables`);
    const statements = await statementsOf(() => hotPaths(store));
    assert.deepEqual(statements.filter(({ text }) => EXCEPTIONS.some((one) => one.test(text))).length, 1);
    assert.ok(statements.length >= 38, `only ${statements.length} statements were seen`);
    for (const statement of statements) {
      if (EXCEPTIONS.some((one) => one.test(statement.text))) continue;
      assert.deepEqual(await homeless(owner, statement, tables), [], statement.text);
    }
  });

  test(`STORE-HOME-2 the judge of STORE-HOME-1 sees a statement that names no home (${name})`, async (t) => {
    const { database } = await postgres.shared();
    const owner = await ownerOf(t, database);
    const tables = await tablesWithHome(owner);
    const judge = (text: string, values: readonly unknown[]): Promise<string[]> =>
      homeless(owner, { text, values }, tables);
    assert.deepEqual(await judge("SELECT 1 FROM observation WHERE id = $1", ["x"]), ["observation"]);
    assert.deepEqual(
      await judge("SELECT 1 FROM observation WHERE id = $1 AND (home = $2 OR patient = $3)", ["x", 1, "p"]),
      ["observation"],
    );
    assert.deepEqual(await judge("SELECT 1 FROM observation WHERE id = $1 AND home > $2", ["x", 1]), ["observation"]);
    assert.deepEqual(await judge("DELETE FROM history WHERE type = $1 AND id = $2", ["x", "y"]), ["history"]);
    assert.deepEqual(await judge("INSERT INTO idempotency (actor, key) SELECT $1::text, $2::text", ["a", "b"]), [
      "idempotency",
    ]);
    assert.deepEqual(
      await judge(
        "SELECT 1 FROM observation o WHERE home = $1 AND EXISTS (SELECT 1 FROM encounter e WHERE e.key = o.key)",
        [1],
      ),
      ["encounter"],
    );
    assert.deepEqual(await judge("SELECT 1 FROM observation WHERE patient = $1 AND home = $2", ["p", 1]), []);
    assert.deepEqual(
      await judge("SELECT 1 FROM observation WHERE id = ANY($1) AND home = ANY($2::int4[])", [["p"], [1]]),
      [],
    );
  });

  test(`STORE-HOME-3 what lies elsewhere than its id tells is found all the same, whole, and can be changed (${name})`, async () => {
    const { store } = await postgres.shared();
    const { p, o } = newPair();
    const second = newPair().p;
    const foreign = `own-${o}`;
    const rows = [
      rowOf(patient(p)),
      rowOf(patient(second)),
      rowOf(observation(o, p)),
      rowOf(observation(foreign, second)),
    ];
    await create(store, rows);
    const moved = rowOf(observation(o, second, 6), { version: 2, lastUpdated: at(2) });
    assert.notEqual(moved.home, homeOf(o));
    await store.write("*", async (tx) => tx.replace(moved, homeOf(p)));
    for (const id of [o, foreign]) {
      assert.equal((await store.readOne("*", "Observation", id))?.home, homeOf(second));
      assert.deepEqual(await store.read("*", (read) => read.existing("Observation", [id, "none"])), [id]);
    }
    assert.equal(
      (await Promise.all([o, foreign, p].map((id) => store.readOne("*", "Observation", id)))).filter(Boolean).length,
      2,
    );
    await store.write("*", async (tx) => {
      assert.deepEqual(
        (await tx.readMany("Observation", [o, foreign, "none"])).map(({ id }) => id).toSorted(),
        [o, foreign].toSorted(),
      );
      assert.deepEqual((await tx.existing("Observation", [o, foreign, "none"])).toSorted(), [o, foreign].toSorted());
      await tx.demand("Observation", [foreign]);
      assert.match((await tx.readVersion("Observation", o, 1)) ?? "", new RegExp(p));
      assert.match((await tx.readVersion("Observation", o, 2)) ?? "", new RegExp(second));
    });
    assert.deepEqual(await versionsOf(store, o), [2, 1]);
    const back = rowOf(observation(o, p, 7), { version: 3, lastUpdated: at(3) });
    await store.write("*", async (tx) => tx.replace(back, moved.home));
    assert.deepEqual(await versionsOf(store, o), [3, 2, 1]);
    const current = (await store.readOne("*", "Observation", o)) as CurrentRow;
    await store.write("*", (tx) => tx.remove("Observation", current, at(4)));
    assert.deepEqual(await versionsOf(store, o), [4, 3, 2, 1]);
    await create(store, [again(second, o)]);
    await store.write("*", (tx) => tx.remove("Observation", again(second, o) as unknown as CurrentRow, at(6)));
    assert.equal((await store.read("*", (read) => read.readLastVersion("Observation", o)))?.version, 6);
    await store.write("*", async (tx) => assert.equal((await tx.readLastVersions("Observation", [o]))[0]?.version, 6));
  });
});

/** Made again, of another patient, after the deletion. */
function again(patientId: string, id: string): NewRow {
  return rowOf(observation(id, patientId, 8), { version: 5, lastUpdated: at(5) });
}

/** The versions of an observation that its history shows, which are as many as are counted. */
async function versionsOf(store: Store, id: string): Promise<number[]> {
  return store.read("*", async (read) => {
    const rows = await read.instanceHistory({ type: "Observation", id, limit: 10 });
    const held = await read.instanceHistoryAt({ type: "Observation", id, limit: 10 }, { low: at(0), high: at(59) });
    assert.equal(await read.countVersions("Observation", id), rows.length);
    assert.ok(held.length > 0);
    return rows.map(({ version }) => version);
  });
}
