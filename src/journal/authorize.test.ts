import assert from "node:assert/strict";
import { test } from "node:test";
import type { FhirError } from "../fhir/index.ts";
import {
  commit,
  disclosedTogether,
  readHistory,
  readResource,
  readVersion,
  searchResources,
  type Command,
} from "./index.ts";
import * as door from "./index.ts";
import {
  asCreate,
  asDelete,
  asPatch,
  asUpdate,
  identified,
  journalOfTest,
  observation,
  OURS,
  patient,
  THEIRS,
} from "./testing/index.ts";

test("JRN-AUTHORIZE-1 a refusal says why and is in the log before it is told", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const ended = journal.person(OURS, { until: "2026-01-01" });
  const stranger = journal.client("system/Observation.rs");
  for (const visit of [ended, stranger]) {
    for (const reading of [
      () => readResource(visit, "Patient", "p1"),
      () => readVersion(visit, "Patient", "p1", "1"),
      () => readHistory(visit, { type: "Patient", id: "p1", count: 1 }),
      () => searchResources(visit, "Patient", []),
      () => commit(visit, [asDelete("Patient/p1")]),
    ]) {
      const before = (await journal.log(visit.request)).length;
      const error = await reading().then(
        () => assert.fail("it was disclosed"),
        (one: FhirError) => one,
      );
      assert.deepEqual([error.code, error.status], ["FORBIDDEN", 403]);
      assert.match(
        error.issues[0]!.sv,
        visit === ended ? /^Medarbetaruppdraget gäller inte i dag\.$/ : /^Systemet lab har inte behörighet/,
      );
      const rows = (await journal.log(visit.request)).slice(before);
      assert.equal(rows.length, 1);
      assert.deepEqual([rows[0]?.outcome, rows[0]?.patient ?? "p1"], ["refused", "p1"]);
      assert.match(rows[0]!.ground, /ACC-.*PDL/);
    }
  }
  const named = (await journal.log(ended.request)).map(({ patient: whose }) => whose);
  assert.deepEqual(named.filter((one) => one === "p1").length, 4); // all but the search
});

test("JRN-AUTHORIZE-2 grounds for each command and for what it shows", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", identified("a", "1")));
  await journal.put(observation("o1"));
  const cases: [string, Command][] = [
    ["system/Patient.u", asUpdate(patient("p9"))],
    ["system/Patient.c", asCreate(patient(undefined), { ifNoneExist: "identifier=urn:test:a|1" })],
    ["system/Observation.c", asCreate(observation(undefined, "Patient?identifier=urn:test:a|1"))],
    ["system/Patient.u", asPatch("Patient/p1", [{ op: "test", path: "/name/0/family", value: "Ek" }])],
    ["system/Patient.cru", asDelete("Patient/p1")],
  ];
  for (const [scope, command] of cases) {
    const visit = journal.client(scope);
    await assert.rejects(commit(visit, [command]), { code: "FORBIDDEN" }, scope);
    assert.ok((await journal.log(visit.request)).some(({ outcome }) => outcome === "refused"));
  }
  const mixed = journal.client("system/Observation.cruds");
  await assert.rejects(commit(mixed, [asCreate(observation(undefined)), asUpdate(patient("p1"))]), {
    code: "FORBIDDEN",
  });
  assert.deepEqual(await journal.sql("SELECT count(*)::int AS n FROM observation"), [{ n: 1 }]);
  await assert.rejects(commit(mixed, []), { code: "BUNDLE_EMPTY" });
});

test("JRN-PREDICATE-1 what may not be searched is empty in chains and includes", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"));
  await journal.put({
    resourceType: "AuditEvent",
    id: "a1",
    type: { code: "rest" },
    recorded: "2026-11-21T08:00:00Z",
    agent: [{ requestor: true, who: { reference: "Patient/p1" } }],
    source: { observer: { display: "x" } },
  });
  const found = async (visit: ReturnType<typeof journal.client>, type: string, query: string): Promise<string[]> =>
    (await searchResources(visit, type, door.parametersOf(query))).value.rows.map((row) => `${row.type}/${row.id}`);
  const narrow = "system/Observation.rs";
  assert.deepEqual(
    await found(journal.client(), "Observation", "subject:Patient.family=Ek&_include=Observation:subject"),
    ["Observation/o1", "Patient/p1"],
  );
  assert.deepEqual(await found(journal.client(narrow), "Observation", "subject:Patient.family=Ek"), []);
  assert.deepEqual(await found(journal.client(narrow), "Observation", "patient.family=Ek"), []);
  assert.deepEqual(await found(journal.client(narrow), "Observation", "_include=Observation:subject&_include=*"), [
    "Observation/o1",
  ]);
  assert.deepEqual(
    await found(journal.client("system/Patient.rs"), "Patient", "_has:Observation:patient:status=final"),
    [],
  );
  assert.deepEqual(await found(journal.client("system/Patient.rs"), "Patient", "_revinclude=Observation:subject"), [
    "Patient/p1",
  ]);
  assert.deepEqual(await found(journal.client(), "Patient", "_revinclude=AuditEvent:patient"), [
    "Patient/p1",
    "AuditEvent/a1",
  ]);
  assert.deepEqual(await found(journal.person(), "Patient", "_revinclude=AuditEvent:patient"), ["Patient/p1"]);
  assert.deepEqual(await found(journal.person(), "Patient", "_has:AuditEvent:patient:type=rest"), []);
  assert.equal(
    (
      await searchResources(journal.client(narrow), "Observation", [
        ["patient.family", "Ek"],
        ["_summary", "count"],
      ])
    ).value.total,
    0,
  );
});

test("JRN-CONTEXT-1 who, where, on which grounds, what", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const person = journal.person(THEIRS);
  await readResource(person, "Patient", "p1");
  const { recorded, home, ...row } = (await journal.log(person.request))[0]!;
  assert.match(recorded, /^2026-11-21T08:0\d:\d\d\.\d{3}Z$/);
  assert.ok(home > 0);
  assert.deepEqual(row, {
    patient: "p1",
    action: "read",
    outcome: "granted",
    ground:
      "ACC-NEED-CONTACT · PDL 4 kap. 1 § · Sjuksköterska med uppdrag vid Vårdcentralen Ek: vårdenheten har en vårdkontakt med patienten.",
    actor: person.actor.kind === "person" ? person.actor.hsaId : "",
    person: "Bo Hägglund, Sjuksköterska",
    assignment: "assignment-bo",
    careUnit: "Vårdcentralen Ek",
    careUnitId: THEIRS.careUnit,
    careProvider: "Ek Vård AB",
    careProviderId: THEIRS.careProvider,
    purpose: "Vård och behandling",
    request: person.request,
    what: ["Patient/p1/_history/1"],
  });
  const client = journal.client();
  await readResource(client, "Patient", "p1");
  const [other] = await journal.log(client.request);
  assert.deepEqual(
    [other?.actor, other?.person, other?.careProvider, other?.purpose],
    ["client lab", null, OURS.careProvider, "Administration"],
  );
});

test("JRN-CONTEXT-2 log texts that cannot hurt", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const asked = ["a\0b", "half \ud800", "x".repeat(5000), "19121212-1212", "191212121212", "\r\n\u0007"];
  const visits = asked.map((id) => ({ id, visit: journal.client("system/Observation.r") }));
  const good = journal.client();
  const results = await Promise.allSettled([
    ...visits.map(({ id, visit }) => readResource(visit, "Patient", id)),
    readResource(good, "Patient", "p1"),
  ]);
  assert.equal(results.at(-1)?.status, "fulfilled"); // in the same group of log rows
  for (const { id, visit } of visits) {
    const [row] = await journal.log(visit.request);
    assert.equal(row?.outcome, "refused");
    assert.ok(row.what[0]!.length <= 300 && !/[\p{Cc}\p{Cs}]/u.test(row.what[0]!), JSON.stringify(id));
    assert.doesNotMatch(JSON.stringify(row), /19121212-?1212/);
  }
});

test("JRN-DISCLOSED-1 only the journal makes a Disclosed", async (t) => {
  assert.ok(!Object.keys(door).includes("disclose"));
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const read = await readResource(journal.client(), "Patient", "p1");
  const joined = disclosedTogether([read, read], ([one, two]) => [one.id, two.version]);
  assert.deepEqual(joined.value, ["p1", 1]);
});
