import assert from "node:assert/strict";
import { test } from "node:test";
import { commit, readResource, type Command, type Visit, type Written } from "./index.ts";
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
  sorted,
  THEIRS,
  wherever,
  type JournalOfTest,
} from "./testing/index.ts";

const A1 = "identifier=urn:test:a|1";
const ACTIVE = [{ op: "add", path: "/active", value: true }] as const;

async function one(visit: Visit, command: Command): Promise<Written> {
  const { value } = await commit(visit, [command]);
  assert.equal(value.length, 1);
  return value[0]!;
}

/** A patient with the identifier, to be put where the criteria say. */
const who = (id: string | undefined, more = {}): ReturnType<typeof asUpdate> =>
  asUpdate({ ...patient(id, { ...identified("a", "1"), ...more }) });

const amount = async ({ sql }: JournalOfTest): Promise<unknown> =>
  (await sql("SELECT (SELECT count(*)::int FROM patient) AS now, (SELECT count(*)::int FROM history) AS before"))[0];

test("JRN-CHANGE-1 an update on criteria creates, or changes the one that meets them", async (t) => {
  const journal = await journalOfTest(t);
  const created = await one(journal.client(), wherever(who(undefined), A1));
  assert.deepEqual([created.outcome, created.version], ["created", 1]);
  const changed = await one(journal.client(), wherever(who(undefined, { active: true }), `?${A1}&_format=json`));
  assert.deepEqual([changed.outcome, changed.id, changed.version], ["updated", created.id, 2]);
  assert.match(changed.content ?? "", new RegExp(`^{"resourceType":"Patient","id":"${created.id}"`));
  const named = await one(journal.client(), wherever(who(created.id, { active: false }), A1));
  assert.deepEqual([named.outcome, named.version], ["updated", 3]);
  assert.equal((await one(journal.client(), wherever(who(undefined, { active: false }), A1))).outcome, "unchanged");
  await assert.rejects(one(journal.client(), wherever(who("another"), A1)), { code: "ID_MISMATCH", status: 400 });

  const own = await one(
    journal.client(),
    wherever(asUpdate(patient("own", identified("b", "1"))), "identifier=urn:test:b|1"),
  );
  assert.deepEqual([own.outcome, own.id], ["created", "own"]);
  // What already has the id does not meet the criteria: it is not replaced by something else.
  const taken = wherever(asUpdate(patient("own", identified("b", "2"))), "identifier=urn:test:b|2");
  await assert.rejects(one(journal.client(), taken), { code: "CONFLICT", status: 409 });

  await journal.put(patient("twin", identified("a", "1")));
  await assert.rejects(one(journal.client(), wherever(who(undefined), A1)), { code: "MULTIPLE_MATCHES", status: 412 });
  for (const empty of ["", "?", "_count=1", "_summary=count"])
    await assert.rejects(one(journal.client(), wherever(who(undefined), empty)), { code: "CRITERIA_EMPTY" }, empty);
  await assert.rejects(one(journal.client(), wherever(who(undefined), "nonsense=1")), { code: "SEARCH_PARAM_UNKNOWN" });
  await assert.rejects(one(journal.client(), wherever(who(undefined), "_id=twin&_contained=true")), {
    code: "NOT_SUPPORTED",
  });
  const part = who(undefined, { meta: { tag: [{ system: SUBSETTED, code: "SUBSETTED" }] } });
  await assert.rejects(one(journal.client(), wherever(part, "_id=twin")), { code: "SUBSETTED" });
});

const SUBSETTED = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

test("JRN-CHANGE-2 of rivals on one condition one creates, the others change what it made", async (t) => {
  const journal = await journalOfTest(t);
  const ways = [A1, `?${A1}`, "identifier=urn%3Atest%3Aa%7C1&_pretty=true", `_count=7&${A1}`];
  const results = await Promise.all(
    Array.from({ length: 16 }, (_, n) =>
      n % 4 === 3
        ? one(journal.client(), asCreate(patient(undefined, identified("a", "1")), { ifNoneExist: ways[n % 4] }))
        : one(journal.client(), wherever(who(undefined, { multipleBirthInteger: n }), ways[n % 4]!)),
    ),
  );
  assert.equal(new Set(results.map(({ id }) => id)).size, 1);
  assert.equal(results.filter(({ outcome }) => outcome === "created").length, 1);
  const versions = results.filter(({ outcome }) => outcome !== "existed").map(({ version }) => version);
  assert.deepEqual(
    versions.toSorted((a, b) => a - b),
    Array.from(versions, (_, n) => n + 1),
  );
});

test("JRN-CHANGE-2 changes by condition and by id of one resource lose none of each other", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", identified("a", "1")));
  const results = await Promise.all(
    Array.from({ length: 16 }, (_, n) =>
      n % 2 === 0
        ? one(journal.client(), wherever(who(undefined, { multipleBirthInteger: n }), A1))
        : one(journal.client(), who("p1", { multipleBirthInteger: n })),
    ),
  );
  assert.deepEqual(
    results.map(({ version }) => version).toSorted((a, b) => a - b),
    Array.from(results, (_, n) => n + 2),
  );
});

test("JRN-CHANGE-2 bundles that find what each other names get out of each other's way", async (t) => {
  const journal = await journalOfTest(t);
  for (const id of ["x", "y"]) await journal.put(patient(id, identified("c", id)));
  const both = (found: string, named: string, n: number): Command[] => [
    wherever(
      asUpdate(patient(undefined, { ...identified("c", found), multipleBirthInteger: n })),
      `identifier=urn:test:c|${found}`,
    ),
    asUpdate(patient(named, { ...identified("c", named), multipleBirthInteger: n })),
  ];
  const results = await Promise.all(
    Array.from({ length: 6 }, (_, n) => commit(journal.client(), n % 2 === 0 ? both("x", "y", n) : both("y", "x", n))),
  );
  const versions = results.map(({ value }) => value.find(({ id }) => id === "x")?.version ?? 0);
  assert.deepEqual(
    versions.toSorted((a, b) => a - b),
    [2, 3, 4, 5, 6, 7],
  );
});

test("JRN-CHANGE-2 a bundle of many conditions is one commit, beside others", async (t) => {
  const journal = await journalOfTest(t);
  const many = (n: number): Command[] =>
    Array.from({ length: 300 }, (_, at) =>
      wherever(
        asUpdate(patient(undefined, { ...identified("m", String(at)), multipleBirthInteger: n })),
        `identifier=urn:test:m|${at}`,
      ),
    );
  const results = await Promise.all([1, 2, 3].map((n) => commit(journal.client(), many(n))));
  const outcomes = results.map(({ value }) => [...new Set(value.map(({ outcome }) => outcome))].join()).toSorted();
  assert.deepEqual(outcomes, ["created", "updated", "updated"]);
  assert.deepEqual(await journal.sql("SELECT version, count(*)::int AS n FROM patient GROUP BY version"), [
    { version: 3, n: 300 },
  ]);
});

test("JRN-CHANGE-3 a version condition holds for what is found, and a patch needs something", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", identified("a", "1")));
  const stale = { code: "VERSION_CONFLICT", status: 412 };
  await assert.rejects(one(journal.client(), wherever({ ...who(undefined), ifMatch: "7" }, A1)), stale);
  await assert.rejects(one(journal.client(), wherever({ ...who(undefined), ifMatch: "1" }, "identifier=none")), stale);
  await assert.rejects(one(journal.client(), wherever({ ...who(undefined), onlyIfAbsent: true }, A1)), {
    code: "PRECONDITION_FAILED",
  });
  assert.equal(
    (await one(journal.client(), wherever({ ...who(undefined, { active: true }), ifMatch: "1" }, A1))).version,
    2,
  );
  const patched = await one(
    journal.client(),
    wherever(asPatch("Patient/", [{ op: "remove", path: "/active" }], "2"), A1),
  );
  assert.deepEqual([patched.outcome, patched.id, patched.version], ["updated", "p1", 3]);
  await assert.rejects(one(journal.client(), wherever(asPatch("Patient/", ACTIVE, "2"), A1)), stale);
  await assert.rejects(one(journal.client(), wherever(asPatch("Patient/", ACTIVE), "identifier=none")), {
    code: "NOT_FOUND",
  });
  await assert.rejects(one(journal.client(), wherever(asDelete("Patient/", "2"), A1)), stale);
  await journal.put(patient("p2", identified("a", "1")));
  for (const change of [asPatch("Patient/", ACTIVE), asDelete("Patient/", "3")])
    await assert.rejects(one(journal.client(), wherever(change, A1)), { code: "MULTIPLE_MATCHES" });
});

test("JRN-CHANGE-4 a deletion takes all that meet the criteria, up to a hundred, in one commit", async (t) => {
  const journal = await journalOfTest(t);
  for (let n = 0; n < 3; n += 1) await journal.put(patient(`p${n}`, identified("a", "1")));
  await journal.put(patient("other", identified("a", "2")));
  const visit = journal.client();
  const gone = wherever(asDelete("Patient/"), A1);
  await assert.rejects(one(journal.client(), wherever(asDelete("Patient/"), `${A1}&_count=2`)), {
    code: "TOO_MANY_MATCHES",
  });
  const { value } = await commit(visit, [gone], { idempotencyKey: "once" });
  assert.deepEqual([value[0]?.outcome, value[0]?.count, value[0]?.id, value[0]?.content], ["deleted", 3, "", null]);
  assert.deepEqual(
    sorted((await journal.log(visit.request)).map(({ patient: whose, what }) => [whose, what])),
    ["p0", "p1", "p2"].map((id) => [id, [`Patient/${id}/_history/2`]]),
  );
  const again = journal.client();
  assert.deepEqual((await commit(again, [gone], { idempotencyKey: "once" })).value, value);
  assert.deepEqual(sorted((await journal.log(again.request)).map(({ action, patient: whose }) => [action, whose])), [
    ["replay", "p0"],
    ["replay", "p1"],
    ["replay", "p2"],
  ]);
  const none = await one(journal.client(), gone);
  assert.deepEqual([none.outcome, none.count], ["absent", 0]);
  const single = await one(journal.client(), wherever(asDelete("Patient/"), "identifier=urn:test:a|2"));
  assert.deepEqual([single.outcome, single.id, single.version, single.count], ["deleted", "other", 2, undefined]);

  const many = (count: number): Command[] =>
    Array.from({ length: count }, () => asCreate(patient(undefined, identified("m", "1"))));
  await commit(journal.client(), many(101));
  const all = wherever(asDelete("Patient/"), "identifier=urn:test:m|1");
  await assert.rejects(one(journal.client(), all), { code: "TOO_MANY_MATCHES", status: 412 });
  await one(journal.client(), wherever(asDelete("Patient/"), `_id=${(await firstOf(journal)).join()}`));
  assert.equal((await one(journal.client(), all)).count, 100);
  // One that may not go keeps all of them.
  await journal.put(patient("q1", identified("q", "1")));
  await journal.put(patient("q2", identified("q", "1")));
  await journal.put(observation("o1", "Patient/q2"));
  await assert.rejects(one(journal.client(), wherever(asDelete("Patient/"), "identifier=urn:test:q|1")), {
    code: "REFERENCE_IN_USE",
  });
  assert.equal((await readResource(journal.client(), "Patient", "q1")).value.version, 1);
});

async function firstOf({ sql }: JournalOfTest): Promise<string[]> {
  return (await sql<{ id: string }>("SELECT id FROM patient ORDER BY id LIMIT 1")).map(({ id }) => id);
}

test("JRN-CHANGE-5 what is out of reach is never met, and a refusal tells nothing of it", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("theirs", "Patient/p1", identified("o", "1")), THEIRS);
  const mine = (more = {}): ReturnType<typeof asUpdate> =>
    asUpdate(observation(undefined, "Patient/p1", { ...identified("o", "1"), ...more }));
  const criteria = "identifier=urn:test:o|1";
  const asAnna = journal.person(OURS);
  await assert.rejects(one(asAnna, wherever(asPatch("Observation/", ACTIVE), criteria)), { code: "NOT_FOUND" });
  assert.equal((await one(journal.person(OURS), wherever(asDelete("Observation/"), criteria))).outcome, "absent");
  const created = await one(journal.person(OURS), wherever(mine(), criteria));
  assert.equal(created.outcome, "created");
  const changed = await one(journal.person(OURS), wherever(mine({ valueInteger: 1 }), criteria));
  assert.deepEqual([changed.outcome, changed.id], ["updated", created.id]);
  assert.equal((await readResource(journal.client(), "Observation", "theirs")).value.version, 1);
  // An id of the own choice is answered alike, whether another has it or nobody does.
  for (const id of ["theirs", "nobodys"])
    await assert.rejects(
      one(journal.person(OURS), wherever(asUpdate(observation(id, "Patient/p1")), "identifier=urn:test:o|9")),
      { code: "NOT_FOUND" },
    );
  const refused = await journal.log(asAnna.request);
  assert.deepEqual(
    refused.map(({ outcome, patient: whose, what }) => [outcome, whose, what]),
    [["refused", null, ["Observation"]]],
  );
});

test("JRN-CHANGE-5 whoever may not search may not change by criteria", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", identified("a", "1")));
  for (const change of [who(undefined), asPatch("Patient/", ACTIVE), asDelete("Patient/")]) {
    const visit = journal.client("system/Patient.crud");
    await assert.rejects(one(visit, wherever(change, A1)), { code: "FORBIDDEN" });
    assert.deepEqual(
      (await journal.log(visit.request)).map(({ action, outcome }) => [action, outcome]),
      [["search", "refused"]],
    );
  }
  assert.deepEqual(await amount(journal), { now: 1, before: 0 });
});

test("JRN-CHANGE-6 two commands that turn out to be about one resource refuse the whole", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", { ...identified("a", "1"), birthDate: "1912-12-12" }));
  const before = await amount(journal);
  const rest = asCreate(patient(undefined));
  for (const others of [
    [wherever(who(undefined), A1), asDelete("Patient/p1")],
    [wherever(who(undefined), A1), wherever(asPatch("Patient/", ACTIVE), "birthdate=1912-12-12")],
    [wherever(asDelete("Patient/"), A1), asPatch("Patient/p1", [])],
    [wherever(asDelete("Patient/"), A1), wherever(asDelete("Patient/"), "_id=p1")],
    [wherever(who(undefined), A1), asCreate(patient(undefined), { ifNoneExist: "birthdate=1912-12-12" })],
    [wherever(who(undefined), A1), asCreate(patient(undefined), { ifNoneExist: A1 })],
    [wherever(who("new"), "identifier=none"), wherever(who("new"), "identifier=nothing")],
  ])
    await assert.rejects(commit(journal.client(), [rest, ...others]), { code: "BUNDLE_OVERLAP" });
  assert.deepEqual(await amount(journal), before);
});

test("JRN-CHANGE-7 names, references and keys go with what a condition found or made", async (t) => {
  const journal = await journalOfTest(t);
  const [urn, other] = [
    "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
    "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1",
  ];
  const bundle = [
    wherever({ ...who(undefined), fullUrl: urn }, A1),
    wherever(
      { ...asUpdate(observation(undefined, urn, identified("o", "1"))), fullUrl: other },
      "identifier=urn:test:o|1",
    ),
    asCreate(observation(undefined, urn, { hasMember: [{ reference: other }] })),
  ];
  const first = (await commit(journal.client(), bundle, { idempotencyKey: "k" })).value;
  assert.deepEqual(await commit(journal.client(), bundle, { idempotencyKey: "k" }).then(({ value }) => value), first);
  const second = (await commit(journal.client(), bundle)).value;
  assert.deepEqual(
    second.map(({ outcome, id }, at) => [outcome, id === first[at]?.id]),
    [
      ["unchanged", true],
      ["unchanged", true],
      ["created", false],
    ],
  );
  for (const made of [first, second])
    assert.match(made[2]?.content ?? "", new RegExp(`Observation/${first[1]?.id}.*|Patient/${first[0]?.id}`));
  // The answer under a key stays, also when the same condition would by then refuse.
  await journal.put(patient("twin", identified("a", "1")));
  assert.deepEqual((await commit(journal.client(), bundle, { idempotencyKey: "k" })).value, first);
  await assert.rejects(commit(journal.client(), bundle, { idempotencyKey: "k2" }), { code: "MULTIPLE_MATCHES" });
});
