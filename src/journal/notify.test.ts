import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  commit,
  discloseVersions,
  matchVersions,
  parametersOf,
  searchResources,
  type QueryParameters,
  type VersionName,
  type Visit,
} from "./index.ts";
import { changedVersions } from "./notify.ts";
import {
  asCreate,
  asDelete,
  asPatch,
  asUpdate,
  journalOfTest,
  observation,
  patient,
  THEIRS,
  wherever,
  type JournalOfTest,
} from "./testing/index.ts";

let journal: JournalOfTest;
const closing: (() => Promise<unknown>)[] = [];

before(async () => {
  journal = await journalOfTest({ after: (work) => void closing.push(work) });
});

after(async () => {
  for (const work of closing) await work();
});

const matching = (visit: Visit, versions: readonly VersionName[], criteria: QueryParameters) =>
  matchVersions(visit, { type: "Observation", versions, criteria });

const named = (id: string, version: number) => ({ type: "Observation", id, version });

test("JRN-NOTIFY-1 versions meet criteria exactly when a search would have found them while they stood", async () => {
  await journal.put(patient("p1", { gender: "female", birthDate: "1970-02-03" }));
  await journal.put(patient("p2", { gender: "male" }));
  for (let n = 0; n < 6; n += 1) {
    const more = {
      status: n % 2 === 0 ? "final" : "amended",
      valueQuantity: { value: n, unit: "kg", system: "http://unitsofmeasure.org", code: "kg" },
      effectiveDateTime: `2026-11-${10 + n}`,
      ...(n === 5 && { note: [{ text: "last" }], bodySite: { text: "left arm" } }),
    };
    await journal.put(observation(`m${n}`, `Patient/p${1 + (n % 2)}`, more));
  }
  const all = Array.from({ length: 6 }, (_, n) => named(`m${n}`, 1));
  const questions = [
    "",
    "status=final",
    "status:not=final",
    "code=http://loinc.org|29463-7&status=amended",
    "subject=Patient/p1",
    "patient=p2",
    "date=ge2026-11-12&date=lt2026-11-15",
    "value-quantity=gt2.5|http://unitsofmeasure.org|kg",
    "subject.gender=female",
    "patient:Patient.birthdate=1970",
    "_id=m1,m3",
    "value-string:missing=true",
    "code:text=nothing",
    "combo-code-value-quantity=http://loinc.org|29463-7$lt2",
    "_lastUpdated=gt2026-01-01",
  ];
  for (const question of questions) {
    const found = await searchResources(journal.client(), "Observation", parametersOf(question));
    const met = await matching(journal.client(), all, parametersOf(question));
    const expected = found.value.rows.filter(({ id }) => /^m\d$/.test(id)).map(({ id }) => `${id}/1`);
    assert.deepEqual([...met].toSorted(), expected.toSorted(), question);
  }
  await journal.put(observation("m0", "Patient/p1", { status: "cancelled" }));
  await commit(journal.client(), [asDelete("Observation/m0")]);
  const past = await matching(
    journal.client(),
    [named("m0", 1), named("m0", 2), named("m0", 3), named("m9", 1)],
    [["status", "cancelled"]],
  );
  assert.deepEqual([...past], ["m0/2"]);
});

test("JRN-NOTIFY-2 what is out of reach meets no criteria and differs in nothing, and neither is logged", async () => {
  await journal.put(observation("theirs", "Patient/p1"), THEIRS);
  await journal.put(observation("theirs", "Patient/p1", { status: "amended" }), THEIRS);
  const lines = (await journal.log()).length;
  const versions = [named("theirs", 1), named("theirs", 2)];
  assert.equal((await matching(journal.person(THEIRS), versions, [])).size, 2);
  assert.equal((await matching(journal.person(), versions, [])).size, 0);
  assert.equal((await matching(journal.client("system/Observation.r"), versions, [])).size, 0);
  assert.deepEqual(
    [...(await changedVersions(journal.client(), "Observation", versions, ["status"]))],
    ["theirs/1", "theirs/2"],
  );
  assert.deepEqual([...(await changedVersions(journal.client(), "Observation", versions.slice(1), ["code"]))], []);
  assert.equal(
    (await changedVersions(journal.client("system/Patient.rs"), "Observation", versions, ["status"])).size,
    0,
  );
  assert.equal((await journal.log()).length, lines);
});

test("JRN-NOTIFY-3 the texts of versions come in their order, logged patient by patient; without grounds they are refused, and that is logged", async () => {
  const visit = journal.client();
  const asked = [
    { ...named("m2", 1), patient: "p1" },
    { ...named("m1", 1), patient: "p2" },
    { ...named("m9", 7), patient: "p1" },
  ];
  const { value } = await discloseVersions(visit, asked);
  assert.deepEqual(
    value.map((one) => one?.id),
    ["m2", "m1", undefined],
  );
  const log = await journal.log(visit.request);
  assert.deepEqual(log.map(({ action, patient: whose }) => `${action} ${whose}`).toSorted(), [
    "notify p1",
    "notify p2",
  ]);
  const narrow = journal.client("system/Observation.r");
  await assert.rejects(discloseVersions(narrow, asked), { code: "FORBIDDEN" });
  assert.equal((await journal.log(narrow.request))[0]?.outcome, "refused");
});

test("JRN-SUBSCRIPTION-1 and JRN-SUBSCRIPTION-2 whose a subscription is stands in the commit that makes it, and nobody else changes it", async () => {
  const hook = (id: string | undefined) => ({
    resourceType: "Subscription",
    ...(id !== undefined && { id }),
    status: "requested",
    reason: "test",
    criteria: "Observation",
    channel: { type: "rest-hook", endpoint: "https://a.example/" },
  });
  const owner = journal.client("system/Subscription.crud");
  const { value } = await commit(owner, [asCreate(hook(undefined))]);
  const id = value[0]?.id ?? "";
  const rows = () =>
    journal.sql<{ owner: string; written: number; scope: string }>(
      "SELECT owner, written, actor->>'scope' AS scope FROM subscriber",
    );
  assert.deepEqual(await rows(), [{ owner: "client lab", written: 1, scope: "system/Subscription.crud" }]);
  const other = { ...journal.client(), actor: { ...journal.client().actor, name: "other" } } as typeof owner;
  await assert.rejects(
    commit(
      other,
      [asUpdate(hook(id))].map((one) => ({ ...one, resource: { ...one.resource, reason: "mine now" } })),
    ),
    { code: "FORBIDDEN" },
  );
  await assert.rejects(
    commit(other, [asPatch(`Subscription/${id}`, [{ op: "replace", path: "/criteria", value: "Patient" }])]),
    { code: "FORBIDDEN" },
  );
  assert.equal((await rows())[0]?.written, 1);
  await assert.rejects(commit(journal.person(), [asCreate(hook(undefined))]), { code: "FORBIDDEN" }); // ACC-DECIDE-6
  await assert.rejects(commit(owner, [asCreate(hook(undefined)), asCreate({ resourceType: "Subscription" })])); // all or nothing
  assert.equal((await rows()).length, 1);
  await journal.sql(
    "INSERT INTO subscriber (home, id, owner, actor, written, content) SELECT n, 's' || n, 'client lab', '{}', 1, '{}' FROM generate_series(1, 499) AS n",
  );
  await assert.rejects(commit(owner, [asCreate(hook(undefined))]), { code: "FORBIDDEN" }); // a client has 500 at most
  await journal.sql("DELETE FROM subscriber WHERE id <> $1", [id]);
  await commit(owner, [asUpdate({ ...hook(id), reason: "another" })]);
  assert.equal((await rows())[0]?.written, 2);
  await commit(owner, [asDelete(`Subscription/${id}`)]);
  assert.deepEqual(await rows(), []);
});

test("JRN-SUBSCRIPTION-3 nobody but its owner removes a subscription, by its id or by criteria, and the attempt is logged", async () => {
  const hook = {
    resourceType: "Subscription",
    status: "requested",
    reason: "test",
    criteria: "Observation",
    channel: { type: "rest-hook", endpoint: "https://a.example/remove" },
  };
  const owner = journal.client();
  const { value } = await commit(owner, [asCreate(hook)]);
  const name = `Subscription/${value[0]?.id}`;
  const other = { ...journal.client(), actor: { ...journal.client().actor, name: "other" } } as typeof owner;
  await assert.rejects(commit(other, [asDelete(name)]), { code: "FORBIDDEN", status: 403 });
  const refused = (await journal.log(other.request)).at(-1);
  assert.deepEqual([refused?.outcome, refused?.action], ["refused", "write"]);
  const byCriteria = wherever(asDelete(name), "url=https://a.example/remove");
  await assert.rejects(commit(other, [byCriteria]), { code: "FORBIDDEN" });
  assert.equal((await journal.sql("SELECT 1 FROM subscriber")).length, 1);
  assert.equal((await journal.sql("SELECT 1 FROM subscription WHERE id = $1", [value[0]?.id])).length, 1);
  await commit(owner, [asDelete(name)]);
  assert.deepEqual(await journal.sql("SELECT 1 FROM subscriber"), []);
});
