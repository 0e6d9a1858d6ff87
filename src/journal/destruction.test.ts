/** Rules JRN-DESTROY of SPEC.md: what is destroyed by decision is nowhere any more, and nothing else is touched. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HSA_SYSTEM } from "../base/index.ts";
import { RESOURCE_TYPES, type JsonObject } from "../fhir/index.ts";
import { JobFiles, STAYING, type DestroyedLine } from "../store/index.ts";
import {
  approveDestruction,
  commit,
  correctRecord,
  destroyRecords,
  destructions,
  noteDisagreement,
  proposeDestruction,
  readHistory,
  readResource,
  SIGNABLE,
  signingOf,
  signRecord,
  type Proposal,
} from "./index.ts";
import {
  asUpdate,
  journalOfTest,
  observation,
  OURS,
  patient,
  personActor,
  type JournalOfTest,
} from "./testing/index.ts";

const CANARY = "Kanariefågel";
const NEIGHBOUR = "Grannens";
const ANNA = `${OURS.careUnit}-P`;
const BO = `${OURS.careUnit}-B`;

function note(id: string, whose: string, word: string): JsonObject {
  return {
    resourceType: "Composition",
    id,
    status: "final",
    type: { text: word },
    subject: { reference: `Patient/${whose}` },
    date: "2026-11-20",
    author: [{ display: word }],
    title: word,
    section: [{ text: { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml">${word}</div>` } }],
  };
}

/** A chart with one word in all that it says, and everything that can stand beside it. */
async function writeChart(journal: JournalOfTest, whose: string, word: string): Promise<void> {
  await journal.put(patient(whose, { name: [{ family: word }] }));
  await journal.put({
    resourceType: "Encounter",
    id: `e-${whose}`,
    status: "in-progress",
    class: { code: "AMB" },
    subject: { reference: `Patient/${whose}` },
  });
  await journal.put(observation(`o-${whose}`, `Patient/${whose}`, { note: [{ text: word }] }));
  await journal.put(observation(`o-${whose}`, `Patient/${whose}`, { note: [{ text: `${word} igen` }] }));
  const composition = note(`c-${whose}`, whose, word);
  await journal.put(composition);
  const entry = [{ fullUrl: `http://eira.test/fhir/R4/Composition/c-${whose}`, resource: composition }];
  await journal.put({
    resourceType: "Bundle",
    id: `d-${whose}`,
    type: "document",
    timestamp: "2026-11-20T10:00:00Z",
    identifier: { system: "urn:x", value: whose },
    entry,
  });
  const it = { type: "Composition", id: `c-${whose}` } as const;
  await signRecord(journal.person(), {
    ...it,
    version: "1",
    proof: { method: "none", name: "", acr: "", at: "2026-11-21T08:00:00Z" },
  });
  await correctRecord(journal.client(), {
    ...it,
    version: "1",
    reason: word,
    resource: { ...composition, title: `${word} rättad` },
  });
  await noteDisagreement(journal.person(), { ...it, version: "2", words: `${word} stämmer inte` });
  await journal.sql(
    "INSERT INTO block (id, patient, kind, care_provider, registered, registered_by) VALUES ($1, $2, 'outer', $3, now(), 'x')",
    [`b-${whose}`, whose, OURS.careProvider],
  );
  await journal.sql(
    "INSERT INTO block_lift (id, block, care_unit, until, reason, note, registered, registered_by) VALUES ($1, $2, 'u', now(), 'Emergency', $3, now(), 'x')",
    [`l-${whose}`, `b-${whose}`, word],
  );
  await journal.sql(
    "INSERT INTO outbox (home, topic, payload) VALUES (0, 't', jsonb_build_object('id', $1::text, 'text', $2::text))",
    [`c-${whose}`, word],
  );
}

/** Two people of the directory, signed in. */
async function twoPeople(journal: JournalOfTest): Promise<void> {
  for (const hsaId of [ANNA, BO]) {
    const identifier = [{ system: HSA_SYSTEM, value: hsaId }];
    await journal.put(
      { resourceType: "Practitioner", id: `p${hsaId.at(-1)}`, identifier, name: [{ text: hsaId }] },
      null,
    );
    const actor = { ...personActor(OURS), hsaId };
    await journal.store.addSession(randomUUID(), actor, new Date(journal.clock().getTime() + 3_600_000));
  }
}

/** Every table that has a word in any column of any row. */
async function tablesWith(sql: JournalOfTest["sql"], word: string): Promise<string[]> {
  const tables = await sql<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
  );
  const looks = tables.map(
    ({ name }) => `SELECT '${name}' AS name WHERE EXISTS (SELECT 1 FROM "${name}" AS t WHERE strpos(t::text, $1) > 0)`,
  );
  return (await sql<{ name: string }>(looks.join(" UNION ALL "), [word])).map(({ name }) => name);
}

const PROPOSAL: Proposal = {
  decision: "3.2.1-12345/2026",
  authority: "IVO",
  decided: "2026-11-01",
  whole: null,
  records: ["Composition/c-p1"],
  by: ANNA,
};

/** The server that destroys: with a scope that finds people in the directory, and nothing else. */
const by = (journal: JournalOfTest): ReturnType<JournalOfTest["client"]> =>
  journal.client("system/Practitioner.rs", null);

async function approved(journal: JournalOfTest, proposal: Proposal): Promise<string> {
  const id = await proposeDestruction(by(journal), proposal);
  await approveDestruction(by(journal), id, BO);
  return id;
}

test("JRN-DESTROY-1 a patient's record goes from every table, and others keep theirs", async (t) => {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  await twoPeople(journal);
  await writeChart(journal, "p1", CANARY);
  await writeChart(journal, "p2", NEIGHBOUR);
  const untouched = await tablesWith(journal.sql, NEIGHBOUR);
  for (const table of ["patient", "composition", "history", "observation", "bundle", "remark", "block_lift", "outbox"])
    assert.ok((await tablesWith(journal.sql, CANARY)).includes(table), table);
  const id = await approved(journal, { ...PROPOSAL, whole: "p1", records: [] });
  const kept: DestroyedLine[] = [];
  const visit = by(journal);
  const line = await destroyRecords(visit, id, (one) => void kept.push(one));
  assert.deepEqual(await tablesWith(journal.sql, CANARY), []);
  assert.deepEqual(await tablesWith(journal.sql, NEIGHBOUR), untouched);
  assert.deepEqual(line.records, [
    "Bundle/d-p1",
    "Composition/c-p1",
    "Encounter/e-p1",
    "Observation/o-p1",
    "Patient/p1",
  ]);
  assert.deepEqual([kept, JSON.stringify(kept).includes(CANARY)], [[line], false]);
  assert.deepEqual(await journal.sql("SELECT count(*)::int AS n FROM block WHERE patient = 'p1'"), [{ n: 0 }]);
  const rows = (await journal.log(visit.request)).filter(({ action }) => action === "destroy");
  assert.ok(rows.every(({ patient: whose, what }) => whose === "p1" && what[0] === `decision ${PROPOSAL.decision}`));
  assert.deepEqual((await journal.store.verifyAccessLog([])).faults, []);
  assert.deepEqual((await journal.store.verifySeals(SIGNABLE)).faults, []);
  assert.deepEqual(await destroyRecords(by(journal), id, () => assert.fail("kept twice")), line); // the second run
});

test("JRN-DESTROY-2 single records go with their documents; what is left says when and by which decision, and nothing is written there again", async (t) => {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  await twoPeople(journal);
  await writeChart(journal, "p1", CANARY);
  await journal.sql("DELETE FROM block"); // or the reader would see nothing of the other unit's
  const id = await approved(journal, PROPOSAL);
  const { records } = await destroyRecords(by(journal), id, () => undefined);
  assert.deepEqual(records, ["Bundle/d-p1", "Composition/c-p1"]);
  const gone = { code: "DESTROYED", status: 410, message: /3\.2\.1-12345\/2026 of IVO \(2026-11-2\d\)/ };
  await assert.rejects(readResource(journal.client(), "Composition", "c-p1"), gone);
  await assert.rejects(commit(journal.client(), [asUpdate(note("c-p1", "p1", "Ny"))]), gone);
  const history = await readHistory(journal.client(), { type: "Composition", id: "c-p1", count: 10 });
  assert.deepEqual(
    history.value.rows.map(({ method, content }) => [method, content]),
    [["delete", null]],
  );
  const { destroyed } = (await signingOf(journal.client(), "p1")).value;
  assert.deepEqual(
    destroyed.map(({ type, decision, authority }) => [type, decision, authority]),
    [["Composition", PROPOSAL.decision, "IVO"]],
  );
  assert.equal((await readResource(journal.client(), "Observation", "o-p1")).value.version, 2);
  const [told] = await destructions(by(journal));
  assert.deepEqual([told?.proposedBy, told?.approvedBy, told?.line?.records], [ANNA, BO, records]);
});

test("JRN-DESTROY-3 one person alone destroys nothing, nor do people who are not here", async (t) => {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  await twoPeople(journal);
  await writeChart(journal, "p1", CANARY);
  const before = await tablesWith(journal.sql, CANARY);
  const refused = { code: "DESTRUCTION_INVALID", status: 422 };
  const bad: Partial<Proposal>[] = [
    { decision: " " },
    { authority: "" },
    { decided: "2027-01-01" },
    { decided: "igår" },
    { records: [] },
    { whole: "p1" },
    { records: ["Composition/never"] },
    { by: "SE2321000131-NOBODY" },
  ];
  for (const one of bad)
    await assert.rejects(proposeDestruction(by(journal), { ...PROPOSAL, ...one }), refused, JSON.stringify(one));
  await assert.rejects(proposeDestruction(by(journal), { ...PROPOSAL, records: ["Nothing/x"] }), { code: "NOT_FOUND" });
  const id = await proposeDestruction(by(journal), PROPOSAL);
  await assert.rejects(
    destroyRecords(by(journal), id, () => assert.fail()),
    refused,
  );
  await assert.rejects(approveDestruction(by(journal), id, ANNA), refused);
  await journal.store.endSessionsOf({ hsaId: BO });
  await assert.rejects(approveDestruction(by(journal), id, BO), refused);
  await twoPeople(journal);
  await approveDestruction(by(journal), id, BO);
  await assert.rejects(approveDestruction(by(journal), id, BO), refused); // the second click
  await assert.rejects(
    destroyRecords(by(journal), "never", () => assert.fail()),
    refused,
  );
  await journal.sql("UPDATE destruction SET approved_by = NULL, approved = NULL");
  await assert.rejects(
    journal.sql("UPDATE destruction SET approved_by = proposed_by, approved = now()"),
    /check constraint/,
  );
  assert.deepEqual(await tablesWith(journal.sql, CANARY), before);
});

test("JRN-DESTROY-5 a run that is cut off has destroyed all or nothing, and goes on; files of long work go too", async (t) => {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  await twoPeople(journal);
  await writeChart(journal, "p1", CANARY);
  const before = await tablesWith(journal.sql, CANARY);
  const id = await approved(journal, PROPOSAL);
  const cut = (): void => {
    throw new Error("the power went");
  };
  await assert.rejects(destroyRecords(by(journal), id, cut), /power/);
  await journal.sql("REVOKE ALL ON destroyed FROM PUBLIC; ALTER TABLE destroyed RENAME TO hidden");
  await assert.rejects(destroyRecords(by(journal), id, () => undefined));
  await journal.sql("ALTER TABLE hidden RENAME TO destroyed");
  assert.deepEqual(await tablesWith(journal.sql, CANARY), before);
  await journal.sql(
    "INSERT INTO job (id, kind, owner, actor, request, created, expires) VALUES ('j', 'export', 'x', '{}', '{}', now(), now())",
  );
  await assert.rejects(
    destroyRecords(by(journal), id, () => undefined),
    { code: "DESTRUCTION_INVALID" },
  );
  await journal.sql("DELETE FROM job");
  await destroyRecords(by(journal), id, () => undefined);
  const folder = mkdtempSync(join(tmpdir(), "eira-jobs-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [job, text] of [
    ["with", `{"id":"c-p1","title":"${CANARY}"}`],
    ["without", '{"id":"c-p2"}'],
  ] as const) {
    mkdirSync(join(folder, job));
    writeFileSync(join(folder, job, "Composition-1"), `${"x".repeat(65_530)}${text}`); // across two pieces of a stream
  }
  assert.deepEqual(await new JobFiles(folder).mentioning(['"id":"c-p1"']), ["with"]);
});

/** A patient's id that is no part of any other word. */
const WHOLE = "patient-to-be-destroyed";

/** A row in every table that can name a patient besides those of records; a new table is missed here, and must be decided about. */
async function plantEverywhere({ sql }: JournalOfTest): Promise<void> {
  const care = `'${OURS.careProvider}', '${OURS.careUnit}'`;
  for (const statement of [
    `INSERT INTO care_fact (id, patient, kind, care_provider, care_unit, employee, reason, since, until, registered, registered_by) VALUES ('f', $1, 'reason', ${care}, 'x', $2, now(), now(), now(), 'x')`,
    `INSERT INTO emergency_review (fact, patient, care_provider, care_unit, employee, opened) VALUES ('f', $1, ${care}, 'x', now())`,
    `INSERT INTO opening (patient, care_unit, source_provider, rule) VALUES ($1, 'u', 'p', 'ACC-NEED-CONTACT')`,
    `INSERT INTO same_person (patient, other) VALUES ($1, 'other'), ('other', $1)`,
    `INSERT INTO representation (id, patient, kind, person, label, since, until, registered, registered_by) VALUES ('r', $1, 'proxy', 'x', $2, now(), now(), now(), 'x')`,
    `INSERT INTO door_grant (id, patient, kind, care_unit, since, registered, registered_by) VALUES ('d', $1, 'child', 'u', now(), now(), 'x')`,
    `INSERT INTO subscriber_event (home, subscriber, number, line, type, id, version, method, recorded, patient) VALUES (0, 's', 1, $1, 'Patient', $1, 1, 'create', now(), $1)`,
    `INSERT INTO session (token_hash, actor, created, expires) VALUES ('x', jsonb_build_object('kind', 'patient', 'patient', jsonb_build_object('id', $1::text, 'name', $2::text)), now(), now())`,
    `INSERT INTO oauth_state (kind, key_hash, content, expires) VALUES ('k', 'x', jsonb_build_object('patient', $1::text, 'name', $2::text), now())`,
    `INSERT INTO access_sample_item (sample, access, risk, rules, care_unit, month, finding) VALUES ('s', 'a', 1, '{}', 'u', '2026-11', jsonb_build_object('patient', $1::text))`,
    `WITH step AS (INSERT INTO loop_event (home, loop, version, kind, from_state, event, state, at, by, level) VALUES (0, 'l', 1, 'task', '', 'open', 'created', now(), 'x', 0))
     INSERT INTO loop (home, id, kind, subject_type, subject_id, patient, state, owner, sender, risk, opened, since, deadline, level, version)
     VALUES (0, 'l', 'task', 'Appointment', 'none', $1, 'created', 'region', 'region', 3, now(), now(), now(), 0, 1)`,
  ])
    await sql(statement, statement.includes("$2") ? [WHOLE, CANARY] : [WHOLE]);
}

test("JRN-DESTROY-6 a whole record goes from every table that the database has with a patient, but for those that are named with a reason", async (t) => {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  await twoPeople(journal);
  await writeChart(journal, WHOLE, CANARY);
  await plantEverywhere(journal);
  const withPatient = await journal.sql<{ name: string }>(
    "SELECT table_name::text AS name FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'patient' ORDER BY 1",
  );
  const before = await tablesWith(journal.sql, WHOLE);
  const types = new Set(RESOURCE_TYPES.map((type) => type.toLowerCase()));
  const missed = withPatient.filter(({ name }) => !types.has(name) && name !== "destroyed" && !before.includes(name));
  assert.deepEqual(missed, [], "planted in no table of these");
  const id = await approved(journal, { ...PROPOSAL, whole: WHOLE, records: [] });
  await destroyRecords(by(journal), id, () => undefined);
  assert.deepEqual(await tablesWith(journal.sql, CANARY), []);
  const left = await tablesWith(journal.sql, WHOLE);
  assert.deepEqual(
    left.filter((name) => !STAYING.has(name)),
    [],
  );
  for (const gone of [
    "opening",
    "care_fact",
    "representation",
    "door_grant",
    "block",
    "session",
    "oauth_state",
    "seal",
  ])
    assert.ok(before.includes(gone) && !left.includes(gone), gone);
  // Every reason is one of a table that is there, and what stays of the history is without content.
  const tables = await journal.sql<{ name: string }>("SELECT tablename::text AS name FROM pg_tables");
  for (const [name, why] of STAYING) assert.ok(why.length > 20 && tables.some((one) => one.name === name), name);
  const words = await journal.sql("SELECT 1 FROM history WHERE patient = $1 AND content IS NOT NULL", [WHOLE]);
  assert.deepEqual(words, []);
});
