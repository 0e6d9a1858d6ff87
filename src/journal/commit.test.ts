import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJson, type FhirError, type JsonObject } from "../fhir/index.ts";
import { commit, parametersOf, readHistory, readResource, searchResources, type Command, type Visit } from "./index.ts";
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
  type JournalOfTest,
} from "./testing/index.ts";

/** How much of everything there is; what must not change when nothing is to be written. */
async function amounts({ sql }: JournalOfTest): Promise<unknown> {
  const counted = ["patient", "observation", "organization", "history", "change_log", "idempotency", "outbox"];
  const [row] = await sql(
    `SELECT ${counted.map((name) => `(SELECT count(*)::int FROM ${name}) AS ${name}`).join(", ")}`,
  );
  return row;
}

test("JRN-COMMIT-1 what cannot be written whole is not written at all", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  for (const table of ["access_log", "access_log_head", "change_log", "idempotency"]) {
    const before = await amounts(journal);
    const visit = journal.client();
    await journal.sql(`REVOKE INSERT ON ${table} FROM eira_app`);
    const commands = [
      asUpdate(patient("p1", { active: true })),
      asCreate(observation(undefined)),
      asCreate({ resourceType: "Organization", name: "Enhet" }),
    ];
    await assert.rejects(
      commit(visit, commands, { idempotencyKey: table }),
      (error: { status: number }) => error.status >= 400,
      table,
    );
    await journal.sql(`GRANT INSERT ON ${table} TO eira_app`);
    assert.deepEqual(await amounts(journal), before, table);
    const logged = await journal.log(visit.request);
    assert.ok(
      logged.every(({ outcome }) => outcome === "refused"),
      table,
    );
    const { value } = await commit(journal.client(), commands, { idempotencyKey: table }); // it is free to be tried again
    assert.equal(value.length, 3);
    await journal.put(patient("p1", { active: false }));
  }
  await journal.sql("REVOKE INSERT ON access_log FROM eira_app");
  await assert.rejects(commit(journal.client(), [asUpdate(patient("p1"))]), { code: "UNAVAILABLE", status: 503 });
});

test("JRN-COMMIT-2 of eight updates of one version one is made", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  for (const kind of ["update", "patch", "delete"]) {
    const { version } = (await readResource(journal.client(), "Patient", "p1")).value;
    const command = (n: number): Command =>
      kind === "update"
        ? asUpdate(patient("p1", { multipleBirthInteger: 10 * version + n }), { ifMatch: String(version) })
        : kind === "patch"
          ? asPatch(
              "Patient/p1",
              [{ op: "add", path: "/multipleBirthInteger", value: 10 * version + n }],
              String(version),
            )
          : asDelete("Patient/p1", String(version));
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => commit(journal.client(), [command(n)])),
    );
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1, kind);
    const codes = results.flatMap((one) => (one.status === "rejected" ? [(one.reason as { code: string }).code] : []));
    const expected = kind === "patch" ? ["VERSION_CONFLICT"] : ["VERSION_CONFLICT"];
    assert.deepEqual([...new Set(codes)], expected, kind);
  }
  const { value } = await readHistory(journal.client(), { type: "Patient", id: "p1", count: 50 });
  assert.deepEqual(
    value.rows.map(({ version }) => version),
    [4, 3, 2, 1],
  );
  await assert.rejects(commit(journal.client(), [asUpdate(patient("p9"), { ifMatch: "1" })]), {
    code: "VERSION_CONFLICT",
  });
});

test("JRN-COMMIT-2 unconditional updates at once become versions in a row", async (t) => {
  const journal = await journalOfTest(t);
  await Promise.all(Array.from({ length: 12 }, (_, n) => journal.put(patient("p1", { multipleBirthInteger: n }))));
  const { value } = await readHistory(journal.client(), { type: "Patient", id: "p1", count: 50 });
  assert.deepEqual(
    value.rows.map(({ version }) => version),
    Array.from({ length: 12 }, (_, n) => 12 - n),
  );
  const births = value.rows.map(
    ({ content }) => (JSON.parse(content ?? "") as { multipleBirthInteger: number }).multipleBirthInteger,
  );
  assert.equal(new Set(births).size, 12);
});

test("JRN-COMMIT-3 an update that changes nothing makes no version", async (t) => {
  const journal = await journalOfTest(t);
  const first = await journal.put(patient("p1", { meta: { tag: [{ code: "x" }] } }));
  const before = await amounts(journal);
  const again = await journal.put({
    ...patient("p1"),
    meta: { versionId: "77", lastUpdated: "2001-01-01T00:00:00Z", tag: [{ code: "x" }] },
  });
  assert.deepEqual(
    [again.outcome, again.version, again.lastUpdated, again.content],
    ["unchanged", 1, first.lastUpdated, first.content],
  );
  assert.deepEqual(await amounts(journal), before);
  const exact = parseJson(
    '{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"valueQuantity":{"value":6.0}}',
  ) as JsonObject;
  await journal.put(exact);
  assert.equal(
    (
      await journal.put(
        parseJson(
          '{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"valueQuantity":{"value":6.00}}',
        ) as JsonObject,
      )
    ).outcome,
    "updated",
  );
});

test("JRN-COMMIT-4 under a key a request is done once", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const commands = [asCreate(observation(undefined)), asUpdate(patient("p2")), asDelete("Observation/none")];
  const asked = Array.from({ length: 20 }, () => journal.client());
  const answers = await Promise.all(asked.map((visit) => commit(visit, commands, { idempotencyKey: "k 1" })));
  assert.equal(new Set(answers.map(({ value }) => JSON.stringify(value))).size, 1);
  assert.deepEqual(
    answers[0]?.value.map(({ outcome }) => outcome),
    ["created", "created", "absent"],
  );
  assert.deepEqual(await journal.sql("SELECT count(*)::int AS n FROM observation"), [{ n: 1 }]);

  // Later the answer is still what it was then, and whose it was is in the log.
  const created = answers[0].value[0]!;
  await commit(journal.client(), [
    asPatch(`Observation/${created.id}`, [{ op: "replace", path: "/status", value: "amended" }]),
  ]);
  await commit(journal.client(), [asDelete(`Observation/${created.id}`)]);
  const late = journal.client();
  const { value: replayed } = await commit(late, commands, { idempotencyKey: "k 1" });
  assert.deepEqual(replayed, answers[0]?.value);
  const rows = await journal.log(late.request);
  assert.deepEqual(
    sorted(rows.map(({ action, patient: whose }) => [action, whose])),
    sorted([
      ["replay", null],
      ["replay", "p1"],
      ["replay", "p2"],
    ]),
  );

  // Another body, another actor, a refusal before, keys that are none.
  await assert.rejects(
    commit(journal.client(), [asCreate(observation(undefined, "Patient/p2"))], { idempotencyKey: "k 1" }),
    { code: "IDEMPOTENCY_KEY_REUSED" },
  );
  const { value: others } = await commit(journal.person(), [asCreate(observation(undefined))], {
    idempotencyKey: "k 1",
  });
  assert.equal(others[0]?.outcome, "created");
  await assert.rejects(
    commit(journal.client(), [asCreate(observation(undefined, "Patient/missing"))], { idempotencyKey: "k 2" }),
    { code: "REFERENCE_NOT_FOUND" },
  );
  assert.equal(
    (await commit(journal.client(), [asCreate(observation(undefined))], { idempotencyKey: "k 2" })).value[0]?.outcome,
    "created",
  );
  for (const idempotencyKey of ["", "x".repeat(301), "å", "a\nb", "\0"]) {
    await assert.rejects(commit(journal.client(), [asUpdate(patient("p1"))], { idempotencyKey }), {
      code: "REQUEST_MALFORMED",
    });
  }
});

test("JRN-COMMIT-5 refusals by what is here are logged, malformed ones are not", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", identified("a", "1")));
  await journal.put(patient("p2", identified("a", "1")));
  await journal.put(observation("o1"));
  const refused: [Command, string][] = [
    [asUpdate(patient("p1"), { ifMatch: "7" }), "VERSION_CONFLICT"],
    [asPatch("Patient/nobody", []), "NOT_FOUND"],
    [asCreate(patient(undefined), { ifNoneExist: "identifier=urn:test:a|1" }), "MULTIPLE_MATCHES"],
    [asCreate(observation(undefined, "Patient/nobody")), "REFERENCE_NOT_FOUND"],
    [asDelete("Patient/p1"), "REFERENCE_IN_USE"],
    [asPatch("Patient/p1", [{ op: "test", path: "/name/0/family", value: "Alm" }]), "PATCH_TEST_FAILED"],
  ];
  for (const [command, code] of refused) {
    const visit = journal.client();
    await assert.rejects(commit(visit, [command]), { code });
    const rows = await journal.log(visit.request);
    assert.deepEqual(
      rows.map(({ outcome, ground }) => [outcome, ground]),
      [["refused", code]],
    );
    const [row] = rows;
    if (!("id" in command)) continue;
    assert.deepEqual(row?.what, [`${command.type}/${command.id}`]);
    if (command.type === "Patient") assert.equal(row?.patient, command.id);
  }
  const malformed = journal.client();
  await assert.rejects(commit(malformed, [asCreate({ resourceType: "Patient", nonsense: 1 })]), { code: "INVALID" });
  assert.deepEqual(await journal.log(malformed.request), []);
});

test("JRN-COMMIT-6 only-if-absent creates and never replaces", async (t) => {
  const journal = await journalOfTest(t);
  const results = await Promise.allSettled(
    Array.from({ length: 6 }, (_, n) =>
      commit(journal.client(), [asUpdate(patient("p1", { multipleBirthInteger: n }), { onlyIfAbsent: true })]),
    ),
  );
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  await assert.rejects(commit(journal.client(), [asUpdate(patient("p1"), { onlyIfAbsent: true })]), {
    code: "PRECONDITION_FAILED",
  });
  await commit(journal.client(), [asDelete("Patient/p1")]);
  assert.equal(
    (await commit(journal.client(), [asUpdate(patient("p1"), { onlyIfAbsent: true })])).value[0]?.version,
    3,
  );
  const onlyOne = { onlyIfAbsent: true, ifNoneExist: "identifier=urn:x|same" };
  const said = { identifier: [{ system: "urn:x", value: "same" }] };
  const race = await Promise.allSettled(
    ["r1", "r2", "r3", "r4"].map((id) => commit(journal.client(), [asUpdate(patient(id, said), onlyOne)])),
  );
  const refusals = race.flatMap((one) => (one.status === "rejected" ? [(one.reason as FhirError).code] : []));
  assert.deepEqual(
    refusals,
    Array.from({ length: 3 }, () => "PRECONDITION_FAILED"),
  );
});

test("JRN-COMMIT-7 a deleted resource goes on where it was; deleting nothing changes nothing", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"), THEIRS);
  await commit(journal.client(), [asDelete("Observation/o1")]);
  const before = await amounts(journal);
  const { value } = await commit(journal.client(), [asDelete("Observation/o1"), asDelete("Observation/never")]);
  assert.deepEqual(
    value.map(({ outcome }) => outcome),
    ["absent", "absent"],
  );
  assert.deepEqual(await amounts(journal), before);
  const again = await journal.put(observation("o1"), OURS);
  assert.deepEqual([again.outcome, again.version], ["created", 3]);
  assert.deepEqual(await journal.sql("SELECT care_provider FROM observation"), [
    { care_provider: THEIRS.careProvider },
  ]);
});

const NUMBERS = ["6.0", "1.00", "1e3", "123456789.1234567891", "0.10", "-0.0", "1E-7", "12345678901234567890"];

test("JRN-TEXT-1 numbers stay as they were written", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  for (const [at, number] of NUMBERS.entries()) {
    const text = (id: string | undefined, unit = "kg"): JsonObject =>
      parseJson(
        `{"resourceType":"Observation",${id === undefined ? "" : `"id":"${id}",`}"status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"},"valueQuantity":{"value":${number},"unit":"${unit}"}}`,
      ) as JsonObject;
    const kept = `"value":${number},`;
    const id = `n${at}`;
    const { value: created } = await commit(journal.client(), [asCreate(text(undefined)), asUpdate(text(id))]);
    for (const one of created) assert.ok(one.content?.includes(kept), number);
    const updated = await journal.put(text(id, "g"));
    assert.ok(updated.content?.includes(kept));
    const patched = await commit(journal.client(), [
      asPatch(
        `Observation/${id}`,
        parseJson(
          `[{"op":"add","path":"/component","value":[{"code":{"text":"y"},"valueQuantity":{"value":${number},"unit":"mg"}}]}]`,
        ),
      ),
    ]);
    assert.equal(patched.value[0]?.content?.split(kept).length, 3, number);
    const { value: history } = await readHistory(journal.client(), { type: "Observation", id, count: 10 });
    assert.ok(history.rows.every(({ content }) => content?.includes(kept)));
    const { value: found } = await searchResources(journal.client(), "Observation", [["_id", id]]);
    assert.equal(found.rows[0]?.content, patched.value[0]?.content);
    assert.equal((await readResource(journal.client(), "Observation", id)).value.content, patched.value[0]?.content);
  }
});

test("JRN-TEXT-2 id and server meta first, the client's own meta kept", async (t) => {
  const journal = await journalOfTest(t);
  const meta = { versionId: "99", lastUpdated: "2001-01-01T00:00:00Z", profile: ["urn:p"], tag: [{ code: "x" }] };
  const { value } = await commit(journal.client(), [
    asCreate({ resourceType: "Patient", active: true, id: "mine", meta }),
  ]);
  const { id, lastUpdated, content } = value[0]!;
  assert.notEqual(id, "mine");
  assert.equal(
    content,
    `{"resourceType":"Patient","id":"${id}","meta":{"versionId":"1","lastUpdated":"${lastUpdated}","profile":["urn:p"],"tag":[{"code":"x"}]},"active":true}`,
  );
});

test("JRN-TEXT-3 the time of change is written with the Swedish offset, and the day that it shows is the one that finds it", async (t) => {
  const journal = await journalOfTest(t);
  const told = async (): Promise<readonly [string, string]> => {
    const { lastUpdated, content } = await journal.put(
      patient("p1", { multipleBirthInteger: journal.clock().getHours() }),
    );
    const { meta } = JSON.parse(content ?? "") as { meta: { lastUpdated: string } };
    assert.equal(meta.lastUpdated, lastUpdated);
    const { content: read } = (await readResource(journal.client(), "Patient", "p1")).value;
    assert.equal(read, content);
    return [lastUpdated, lastUpdated.slice(0, 10)];
  };
  const found = async (query: string): Promise<number> =>
    (await searchResources(journal.client(), "Patient", parametersOf(query))).value.rows.length;
  for (const hours of [0, 5, 5, 5, 5, 5]) {
    journal.clock.forward(hours * 3_600_000);
    const [lastUpdated, day] = await told();
    assert.match(lastUpdated, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0[12]:00$/);
    assert.ok(Math.abs(Date.parse(lastUpdated) - journal.clock().getTime()) < 60_000);
    for (const query of [
      `_lastUpdated=${day}`,
      `_lastUpdated=${encodeURIComponent(lastUpdated)}`,
      `_lastUpdated=ge${lastUpdated}`,
    ])
      assert.equal(await found(query), 1, query);
  }
});

test("JRN-OWNER-1 ownership is given once", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const owners = async (id: string, table = "observation"): Promise<unknown> =>
    (
      await journal.sql(`SELECT care_provider AS "careProvider", care_unit AS "careUnit" FROM ${table} WHERE id = $1`, [
        id,
      ])
    )[0];
  const { value } = await commit(journal.person(), [asCreate(observation(undefined))]);
  const { id } = value[0]!;
  assert.deepEqual(await owners(id), OURS);
  await commit(journal.client("system/*.cruds", THEIRS), [
    asUpdate(observation(id, "Patient/p1", { valueInteger: 1 })),
  ]);
  await commit(journal.client("system/*.cruds", THEIRS), [
    asPatch(`Observation/${id}`, [{ op: "replace", path: "/valueInteger", value: 2 }]),
  ]);
  await commit(journal.client("system/*.cruds", null), [
    { ...asUpdate(observation(id, "Patient/p1", { valueInteger: 3 })), owner: THEIRS },
  ]);
  assert.deepEqual(await owners(id), OURS);
  await commit(journal.client(), [asDelete(`Observation/${id}`)]);
  await commit(journal.client("system/*.cruds", THEIRS), [asUpdate(observation(id))]);
  assert.deepEqual(await owners(id), OURS);
  const rows = await journal.sql("SELECT DISTINCT care_provider, care_unit FROM history WHERE type = 'Observation'");
  assert.deepEqual(rows, [{ care_provider: OURS.careProvider, care_unit: OURS.careUnit }]);

  // A person cannot say that something is another unit's; directory data is nobody's.
  const { value: lie } = await commit(journal.person(), [{ ...asCreate(observation(undefined)), owner: THEIRS }]);
  assert.deepEqual(await owners(lie[0]!.id), OURS);
  await journal.put({ resourceType: "Organization", name: "Enhet", id: "org" });
  assert.deepEqual(await owners("org", "organization"), { careProvider: null, careUnit: null });
});

test("JRN-OWNER-2 a person chooses no ids", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("theirs"), THEIRS);
  for (const id of ["theirs", "never"]) {
    for (const more of [{}, { onlyIfAbsent: true }]) {
      await assert.rejects(commit(journal.person(), [asUpdate(observation(id), more)]), { code: "NOT_FOUND" }, id);
    }
    await assert.rejects(commit(journal.person(), [asUpdate(observation(id), { ifMatch: "1" })]), {
      code: "VERSION_CONFLICT",
    });
    await assert.rejects(commit(journal.person(), [asPatch(`Observation/${id}`, [])]), { code: "NOT_FOUND" });
    assert.equal((await commit(journal.person(), [asDelete(`Observation/${id}`)])).value[0]?.outcome, "absent");
  }
  assert.equal((await readResource(journal.client(), "Observation", "theirs")).value.version, 1);
  // What one's own care provider has deleted may be brought back.
  await journal.put(observation("ours"));
  await commit(journal.person(), [asDelete("Observation/ours")]);
  assert.equal((await commit(journal.person(), [asUpdate(observation("ours"))])).value[0]?.version, 3);
});

test("JRN-COMMIT-9 a key is the assignment's: under another one the same person does the request anew", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const theirs = { id: "anna-theirs", unitHsaId: THEIRS.careUnit, providerHsaId: THEIRS.careProvider };
  const commands = [asCreate(observation(undefined))];
  const ask = async (visit: Visit): Promise<string> =>
    (await commit(visit, commands, { idempotencyKey: "k" })).value[0]!.id;
  const first = await ask(journal.person());
  assert.equal(await ask(journal.person()), first);
  const other = await ask(journal.person(OURS, theirs));
  assert.notEqual(other, first);
  assert.equal(await ask(journal.person(OURS, theirs)), other);
  const owners = await journal.sql<{ care_provider: string }>("SELECT care_provider FROM observation");
  assert.deepEqual(owners.map((row) => row.care_provider).toSorted(), [OURS.careProvider, THEIRS.careProvider]);
});
