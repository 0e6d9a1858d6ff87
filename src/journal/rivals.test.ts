import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { commit, parametersOf, searchResources } from "./index.ts";
import {
  asCreate,
  asPatch,
  asUpdate,
  identified,
  journalOfTest,
  observation,
  patient,
  wherever,
} from "./testing/index.ts";

test("JRN-RIVAL-1 what is acknowledged is there for everybody at once", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const elsewhere = new pg.Client(journal.database.config);
  await elsewhere.connect();
  const writing = Array.from({ length: 40 }, async (_, n) => {
    const { value } = await commit(journal.client(), [
      n % 2 === 0 ? asCreate(observation(undefined)) : asUpdate(patient("p1", { multipleBirthInteger: n })),
    ]);
    const [written] = value;
    const { rows } = await elsewhere.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM change_log WHERE type = $1 AND id = $2 AND version = $3",
      [written?.type, written?.id, written?.version],
    );
    return rows[0]?.n;
  });
  const counts = new Set(await Promise.all(writing));
  await elsewhere.end();
  assert.deepEqual([...counts], [1]);
});

test("JRN-RIVAL-2 many values after one another find each of theirs", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const codes = Array.from({ length: 113 }, (_, n) => `code-${n}`);
  await commit(
    journal.client(),
    codes.map((code) =>
      asCreate(observation(undefined, "Patient/p1", { code: { coding: [{ system: "urn:test:c", code }] } })),
    ),
  );
  for (const query of [
    `code=${codes.join(",")}`,
    `code=${codes.map((code) => `urn:test:c|${code}`).join(",")}`,
    `patient=p1&code=${codes.join(",")}`,
  ]) {
    const { value } = await searchResources(journal.client(), "Observation", parametersOf(`${query}&_count=200`));
    assert.equal(value.rows.length, 113);
  }
});

test("JRN-RIVAL-3 a day is the Swedish day, in winter and in summer", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const moments = [
    "2026-11-19T23:30:00+01:00",
    "2026-11-20T00:30:00+01:00",
    "2026-11-20T23:30:00+01:00",
    "2026-11-21T00:30:00+01:00",
    "2026-06-19T22:30:00Z",
    "2026-06-20T21:30:00Z",
    "2026-06-20T22:30:00Z",
  ];
  for (const [n, at] of moments.entries())
    await journal.put(observation(`o${n}`, "Patient/p1", { effectiveDateTime: at }));
  const on = async (query: string): Promise<string[]> =>
    (await searchResources(journal.client(), "Observation", parametersOf(`${query}&_sort=date`))).value.rows.map(
      ({ id }) => id,
    );
  assert.deepEqual(await on("date=2026-11-20"), ["o1", "o2"]);
  assert.deepEqual(await on("date=2026-06-20"), ["o4", "o5"]);
  assert.deepEqual(await on("date=ge2026-11-21"), ["o3"]);
  assert.deepEqual(await on("date=lt2026-11-20&date=ge2026-11-19"), ["o0"]);
});

test("JRN-RIVAL-4 a write that PostgreSQL refuses to serialize begins again and is made once", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", identified("a", "1")));
  // A sequence is not rolled back, so it counts the attempts.
  await journal.sql("CREATE SEQUENCE attempts; GRANT USAGE ON attempts TO eira_app");
  await journal.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('attempts') < 4 THEN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END IF;
    RETURN NEW; END $$`);
  await journal.sql("CREATE TRIGGER refuse BEFORE INSERT ON observation FOR EACH STATEMENT EXECUTE FUNCTION refuse()");
  const commands = [
    wherever(asUpdate(patient(undefined, { ...identified("a", "1"), active: true })), "identifier=urn:test:a|1"),
    asCreate(observation(undefined)),
  ];
  const visit = journal.client();
  const { value } = await commit(visit, commands, { idempotencyKey: "k" });
  assert.deepEqual(
    value.map(({ outcome, version }) => [outcome, version]),
    [
      ["updated", 2],
      ["created", 1],
    ],
  );
  const counted = "(SELECT count(*)::int FROM observation) AS made, (SELECT count(*)::int FROM history) AS replaced";
  assert.deepEqual(await journal.sql(`SELECT ${counted}, last_value::int AS attempts FROM attempts`), [
    { made: 1, replaced: 1, attempts: 4 },
  ]);
  assert.equal((await journal.log(visit.request)).flatMap(({ what }) => what).length, 2);
});

test("JRN-RIVAL-5 bundles at once decide their conditions inside their transactions", async (t) => {
  const journal = await journalOfTest(t);
  const urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
  const bundle = (n: number): Parameters<typeof commit>[1] => [
    asCreate(patient(undefined, identified("p", "1")), { fullUrl: urn, ifNoneExist: "identifier=urn:test:p|1" }),
    wherever(
      asUpdate(observation(undefined, urn, { ...identified("o", "1"), valueInteger: n })),
      "identifier=urn:test:o|1",
    ),
    asCreate(observation(undefined, "Patient?identifier=urn:test:p|1")),
  ];
  const results = await Promise.all(Array.from({ length: 12 }, (_, n) => commit(journal.client(), bundle(n))));
  assert.equal(new Set(results.map(({ value }) => value[0]?.id)).size, 1);
  const versions = results.map(({ value }) => value[1]?.version ?? 0);
  assert.deepEqual(
    versions.toSorted((a, b) => a - b),
    Array.from(versions, (_, n) => n + 1),
  );
  // And a bundle that fails leaves nothing of what its conditions would have made.
  const failing = [
    wherever(asUpdate(patient(undefined, identified("q", "1"))), "identifier=urn:test:q|1"),
    wherever(asPatch("Patient/", []), "identifier=urn:test:q|2"),
  ];
  await assert.rejects(commit(journal.client(), failing), { code: "NOT_FOUND" });
  assert.deepEqual(await journal.sql("SELECT count(*)::int AS n FROM patient"), [{ n: 1 }]);
});
