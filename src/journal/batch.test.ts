import assert from "node:assert/strict";
import { test } from "node:test";
import { homeOf, homeOfId } from "../base/index.ts";
import { commit, readResource, type Command } from "./index.ts";
import {
  asCreate,
  asDelete,
  asPatch,
  asUpdate,
  identified,
  journalOfTest,
  observation,
  patient,
  type JournalOfTest,
} from "./testing/index.ts";

const URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";

async function everything({ sql }: JournalOfTest): Promise<unknown> {
  const tables = ["patient", "observation", "practitioner", "history", "change_log", "outbox"];
  return Promise.all(tables.map((name) => sql(`SELECT count(*)::int AS ${name} FROM ${name}`)));
}

test("JRN-BATCH-1 one bad command leaves nothing of any", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"));
  const good: Command[] = [
    asCreate(patient(undefined)),
    asUpdate(observation("o1", "Patient/p1", { valueInteger: 1 })),
    asDelete("Observation/o2"),
    asUpdate({ resourceType: "Practitioner", id: "d1" }),
  ];
  const bad: [Command, string][] = [
    [asCreate({ resourceType: "Patient", birthDate: "yesterday" }), "INVALID"],
    [asCreate(observation(undefined, "Patient/missing")), "REFERENCE_NOT_FOUND"],
    [asCreate(observation(undefined, URN)), "REFERENCE_NOT_FOUND"],
    [asUpdate(patient("p1"), { ifMatch: "9" }), "VERSION_CONFLICT"],
    [asPatch("Patient/p1", [{ op: "remove", path: "/nothing" }]), "PATCH_INVALID"],
    [asPatch("Patient/nobody", []), "NOT_FOUND"],
    [asDelete("Patient/p1"), "REFERENCE_IN_USE"],
    [asCreate(observation(undefined, "Patient?identifier=urn:test:a|none")), "REFERENCE_NOT_FOUND"],
    [asCreate(observation(undefined, "Patient?nonsense=1")), "SEARCH_PARAM_UNKNOWN"],
    [asUpdate({ resourceType: "Practitioner", id: "d 2" }), "ID_INVALID"],
  ];
  const before = await everything(journal);
  for (const [command, code] of bad) {
    for (const at of [0, 2, 4]) {
      const visit = journal.client();
      const commands = good.toSpliced(at, 0, command);
      await assert.rejects(commit(visit, commands, { idempotencyKey: `${code} ${at}` }), { code });
      assert.deepEqual(await everything(journal), before, `${code} ${at}`);
      assert.ok((await journal.log(visit.request)).every(({ outcome }) => outcome === "refused"));
    }
  }
  assert.deepEqual(await journal.sql("SELECT count(*)::int AS n FROM idempotency"), [{ n: 0 }]);
  assert.equal((await commit(journal.client(), good)).value.length, 4);
});

test("JRN-BATCH-2 ten thousand commands are one commit", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const commands = Array.from({ length: 10_000 }, (_, n) =>
    asCreate(observation(undefined, "Patient/p1", { valueInteger: n })),
  );
  const { value } = await commit(journal.client(), commands);
  assert.equal(new Set(value.map(({ id }) => id)).size, 10_000);
  const [row] = await journal.sql(
    "SELECT count(*)::int AS n, count(DISTINCT xid)::int AS transactions FROM change_log WHERE type = 'Observation'",
  );
  assert.deepEqual(row, { n: 10_000, transactions: 1 });
});

test("JRN-BATCH-3 the same thing twice is refused", async (t) => {
  const journal = await journalOfTest(t);
  const condition = { ifNoneExist: "identifier=urn:test:a|1" };
  const twice: Command[][] = [
    [asUpdate(patient("p1")), asUpdate(patient("p1"))],
    [asUpdate(patient("p1")), asDelete("Patient/p1")],
    [asPatch("Patient/p1", []), asPatch("Patient/p1", [])],
    [asCreate(patient(undefined), { fullUrl: URN }), asCreate(patient(undefined), { fullUrl: URN })],
    [
      asCreate(patient(undefined), condition),
      asCreate(patient(undefined), { ifNoneExist: "?identifier=urn%3Atest%3Aa%7C1" }),
    ],
  ];
  for (const commands of twice) {
    await assert.rejects(commit(journal.client(), commands), { code: "BUNDLE_OVERLAP" });
  }
  const error = await commit(journal.client(), twice[4]!).catch((one: Error) => one);
  assert.doesNotMatch(JSON.stringify(error), /urn:test:a/);
});

test("JRN-BATCH-4 deletions first, integrity at the end", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", identified("a", "1")));
  await journal.put(patient("p2"));
  await journal.put(observation("o1", "Patient/p1"));
  // The referrer turns away from what is deleted, in either order.
  await commit(journal.client(), [asDelete("Patient/p1"), asUpdate(observation("o1", "Patient/p2"))]);
  await assert.rejects(readResource(journal.client(), "Patient", "p1"), { code: "GONE" });
  // What is deleted and what refers to it go together.
  await commit(journal.client(), [asDelete("Patient/p2"), asDelete("Observation/o1")]);
  // A condition does not find what the same bundle deletes.
  await journal.put(patient("p3", identified("a", "1")));
  const { value } = await commit(journal.client(), [
    asCreate(patient(undefined, identified("a", "1")), { ifNoneExist: "identifier=urn:test:a|1" }),
    asDelete("Patient/p3"),
  ]);
  assert.deepEqual(
    value.map(({ outcome }) => outcome),
    ["created", "deleted"],
  );
  // To delete and refer to it all the same is refused.
  await journal.put(patient("p4"));
  await assert.rejects(
    commit(journal.client(), [asCreate(observation(undefined, "Patient/p4")), asDelete("Patient/p4")]),
    (error: { code: string }) => /REFERENCE/.test(error.code),
  );
});

test("JRN-BATCH-5 ids carry the patient's home", async (t) => {
  const journal = await journalOfTest(t);
  const { value } = await commit(journal.client(), [
    asCreate(observation(undefined, URN)),
    asCreate(patient(undefined), { fullUrl: URN }),
    asCreate({ resourceType: "Organization", name: "Enhet" }),
  ]);
  const [seen, whose, nobody] = value.map(({ id }) => id);
  assert.equal(homeOfId(seen!), homeOf(whose!));
  assert.equal(homeOfId(nobody!), 0);
  assert.deepEqual(await journal.sql("SELECT home, patient FROM observation"), [
    { home: homeOf(whose!), patient: whose },
  ]);
});
