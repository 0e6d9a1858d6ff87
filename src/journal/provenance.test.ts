import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { commit } from "./index.ts";
import {
  asCreate,
  asDelete,
  asPatch,
  asUpdate,
  identified,
  journalOfTest,
  observation,
  patient,
  wherever,
  type JournalOfTest,
} from "./testing/index.ts";

const told = (more: JsonObject = {}): JsonObject => ({
  resourceType: "Provenance",
  recorded: "2026-11-21T09:00:00+01:00",
  agent: [{ who: { display: "Labbsystemet" } }],
  ...more,
});

type Stored = { readonly id: string; readonly patient: string | null; readonly content: string };

async function provenances({ sql }: JournalOfTest): Promise<(Stored & { readonly targets: string[] })[]> {
  const rows = await sql<Stored>("SELECT id, patient, content FROM provenance ORDER BY last_updated, id");
  return rows.map((row) => {
    const { target } = JSON.parse(row.content) as { target: { reference: string }[] };
    return { ...row, targets: target.map(({ reference }) => reference).toSorted() };
  });
}

test("JRN-PROVENANCE-1 it names every version that was written, and nothing else", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(patient("p2", { active: true }));
  await journal.put(patient("here", identified("a", "1")));
  await journal.put(observation("o1"));
  await journal.put(observation("o2"));
  await journal.put(observation("o3", "Patient/p1", identified("o", "3")));
  const visit = journal.client();
  const urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
  const commands = [
    asCreate(patient(undefined), { fullUrl: urn }),
    asUpdate(patient("p1", { active: true })),
    asUpdate(patient("p2", { active: true })),
    asPatch("Observation/o1", [{ op: "add", path: "/valueInteger", value: 1 }]),
    asDelete("Observation/o2"),
    asDelete("Observation/never"),
    wherever(asDelete("Observation/"), "identifier=urn:test:o|3"),
    asCreate(patient(undefined), { ifNoneExist: "identifier=urn:test:a|1" }),
  ];
  const given = told({
    agent: [{ who: { reference: urn }, onBehalfOf: { reference: "Patient?identifier=urn:test:a|1" } }],
  });
  const { value } = await commit(visit, commands, { provenance: given });
  assert.equal(value.length, commands.length);
  const [one] = await provenances(journal);
  assert.deepEqual(
    one?.targets,
    [
      "Observation/o1/_history/2",
      "Observation/o2/_history/2",
      "Observation/o3/_history/2",
      "Patient/p1/_history/2",
      `Patient/${value[0]?.id}/_history/1`,
    ].toSorted(),
  );
  const { agent } = JSON.parse(one?.content ?? "") as { agent: unknown };
  assert.deepEqual(agent, [
    { who: { reference: `Patient/${value[0]?.id}` }, onBehalfOf: { reference: "Patient/here" } },
  ]);
  const logged = (await journal.log(visit.request))
    .filter(({ action }) => action === "create")
    .flatMap(({ what }) => what);
  assert.ok(logged.includes(`Provenance/${one?.id}/_history/1`));
  const [change] = await journal.sql("SELECT count(*)::int AS n FROM change_log WHERE type = 'Provenance'");
  assert.deepEqual(change, { n: 1 });

  await commit(journal.client(), [asUpdate(patient("p2", { active: true }))], { provenance: told() });
  assert.equal((await provenances(journal)).length, 1);
  // It does not keep what it tells of from being deleted.
  await commit(journal.client(), [asDelete("Observation/o1")], { provenance: told() });
  assert.deepEqual((await provenances(journal)).at(-1)?.targets, ["Observation/o1/_history/3"]);
});

test("JRN-INTEGRITY-2 what a Provenance tells of may be deleted", async (t) => {
  const journal = await journalOfTest(t);
  const { value } = await commit(journal.client(), [asCreate(patient(undefined))], { provenance: told() });
  assert.equal((await commit(journal.client(), [asDelete(`Patient/${value[0]?.id}`)])).value[0]?.outcome, "deleted");
  assert.equal((await provenances(journal))[0]?.patient, value[0]?.id);
});

test("JRN-PROVENANCE-2 a bad one refuses the whole", async (t) => {
  const journal = await journalOfTest(t);
  const bad: [JsonObject, string, string][] = [
    [patient("p1"), "PROVENANCE_INVALID", "X-Provenance.resourceType"],
    [told({ target: [{ reference: "Patient/p1" }] }), "PROVENANCE_INVALID", "X-Provenance.target"],
    [told({ agent: [] }), "PROVENANCE_INVALID", "X-Provenance.agent"],
    [told({ recorded: "yesterday" }), "PROVENANCE_INVALID", "X-Provenance.recorded"],
    [told({ nonsense: 1 }), "PROVENANCE_INVALID", "X-Provenance.nonsense"],
    [told({ agent: [{ who: { reference: "Practitioner/nobody" } }] }), "REFERENCE_NOT_FOUND", "X-Provenance"],
    [told({ agent: [{ who: { reference: "Practitioner?identifier=none" } }] }), "REFERENCE_NOT_FOUND", "X-Provenance"],
  ];
  for (const [provenance, code, place] of bad) {
    await assert.rejects(
      commit(journal.client(), [asCreate(patient(undefined))], { provenance }),
      (error: { code: string; issues: { expression?: string }[] }) =>
        error.code === code && error.issues.some(({ expression }) => expression === place),
      `${code} ${place}`,
    );
  }
  const narrow = journal.client("system/Patient.cruds");
  await assert.rejects(commit(narrow, [asCreate(patient(undefined))], { provenance: told() }), { code: "FORBIDDEN" });
  assert.deepEqual(
    (await journal.log(narrow.request)).map(({ outcome, what }) => [outcome, what]),
    [["refused", ["Provenance"]]],
  );
  assert.deepEqual(
    await journal.sql("SELECT (SELECT count(*) FROM patient)::int + (SELECT count(*) FROM provenance)::int AS n"),
    [{ n: 0 }],
  );
});

test("JRN-PROVENANCE-4 it keeps to the profile that it claims, also when nothing else claims one", async (t) => {
  const journal = await journalOfTest(t);
  const url = "urn:test:told-why";
  await journal.put({
    resourceType: "StructureDefinition",
    id: "told-why",
    url,
    name: "ToldWhy",
    status: "active",
    kind: "resource",
    abstract: false,
    type: "Provenance",
    derivation: "constraint",
    baseDefinition: "http://hl7.org/fhir/StructureDefinition/Provenance",
    differential: { element: [{ id: "Provenance.activity", path: "Provenance.activity", min: 1 }] },
  });
  const tell = (more: JsonObject): Promise<unknown> =>
    commit(journal.client(), [asCreate(patient(undefined))], {
      provenance: told({ meta: { profile: [url] }, ...more }),
    });
  await assert.rejects(tell({}), { code: "INVALID" });
  assert.deepEqual(await journal.sql("SELECT id FROM patient"), []);
  await tell({ activity: { text: "Import" } });
  assert.equal((await provenances(journal)).length, 1);
});

test("JRN-PROVENANCE-3 under a key it is written once, and belongs to what the key stands for", async (t) => {
  const journal = await journalOfTest(t);
  const ask = (provenance?: JsonObject): Promise<unknown> =>
    commit(journal.client(), [asCreate(patient(undefined))], { idempotencyKey: "k", provenance }).then(
      ({ value }) => value,
    );
  const [first, second] = await Promise.all([ask(told()), ask(told())]);
  assert.deepEqual(first, second);
  assert.equal((await provenances(journal)).length, 1);
  for (const other of [undefined, told({ recorded: "2026-11-21T10:00:00+01:00" })])
    await assert.rejects(ask(other), { code: "IDEMPOTENCY_KEY_REUSED" });
});
