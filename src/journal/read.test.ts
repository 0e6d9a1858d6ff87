import assert from "node:assert/strict";
import { test } from "node:test";
import { commit, readHistory, readResource, readVersion, stored, type Disclosed } from "./index.ts";
import { asCreate, asDelete, asUpdate, journalOfTest, observation, patient, THEIRS } from "./testing/index.ts";

test("JRN-READ-1 the current version comes back to the byte", async (t) => {
  const journal = await journalOfTest(t);
  const { value } = await commit(journal.client(), [
    asCreate(patient(undefined, { name: [{ family: 'Åström 🫀 \u2028 "x" \\' }] })),
  ]);
  const [written] = value;
  const { value: read } = await readResource(journal.client(), "Patient", written!.id);
  assert.equal(read.content, written!.content);
  assert.deepEqual([read.type, read.id, read.version], ["Patient", written!.id, 1]);
});

test("JRN-READ-2 gone, not found, and ids that cannot be", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await commit(journal.client(), [asDelete("Patient/p1")]);
  for (const [id, code] of [
    ["p1", "GONE"],
    ["p2", "NOT_FOUND"],
    ["", "NOT_FOUND"],
    ["a\0b", "NOT_FOUND"],
    ["å", "NOT_FOUND"],
    ["p1' OR 1=1", "NOT_FOUND"],
    ["x".repeat(65), "NOT_FOUND"],
  ] as const) {
    const visit = journal.client();
    await assert.rejects(readResource(visit, "Patient", id), { code }, id);
    const [row, ...more] = await journal.log(visit.request);
    assert.equal(more.length, 0);
    assert.deepEqual([row?.action, row?.outcome], ["read", "refused"], id);
  }
  const visit = journal.client();
  await assert.rejects(readResource(visit, "Patient", "p2"), { code: "NOT_FOUND" });
  assert.deepEqual(
    (await journal.log(visit.request)).map(({ patient: whose, what }) => [whose, what]),
    [["p2", ["Patient/p2"]]],
  );
});

test("JRN-READ-3 older versions by their number", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", { gender: "female" }));
  await journal.put(patient("p1", { gender: "male" }));
  await commit(journal.client(), [asDelete("Patient/p1")]);
  await journal.put(patient("p1", { gender: "other" }));
  const genders = async (version: string): Promise<unknown> =>
    (JSON.parse((await readVersion(journal.client(), "Patient", "p1", version)).value.content) as { gender: string })
      .gender;
  assert.deepEqual([await genders("1"), await genders("2"), await genders("4")], ["female", "male", "other"]);
  await assert.rejects(readVersion(journal.client(), "Patient", "p1", "3"), { code: "GONE" });
  for (const version of ["0", "5", "-1", "01", "1.0", "one", "", "99999999999999999999", "2147483648", "1\0"]) {
    await assert.rejects(readVersion(journal.client(), "Patient", "p1", version), { code: "NOT_FOUND" }, version);
  }
});

test("JRN-READ-4 another care provider's is not found, deleted or not", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("theirs"), THEIRS);
  await journal.put(observation("theirs-gone"), THEIRS);
  await commit(journal.client("system/*.cruds", THEIRS), [asDelete("Observation/theirs-gone")]);
  const refusals = await Promise.all(
    ["theirs", "theirs-gone", "never"].flatMap((id) => [
      failure(readResource(journal.person(), "Observation", id)),
      failure(readVersion(journal.person(), "Observation", id, "1")),
      failure(readHistory(journal.person(), { type: "Observation", id, count: 10 })),
    ]),
  );
  assert.equal(new Set(refusals).size, 1);
  assert.match(refusals[0]!, /NOT_FOUND/);
  assert.equal((await readResource(journal.person(THEIRS), "Observation", "theirs")).value.version, 1);
});

test("JRN-HISTORY-1 every version once, newest first, page by page", async (t) => {
  const journal = await journalOfTest(t);
  for (let n = 1; n <= 5; n += 1) await journal.put(patient("p1", { multipleBirthInteger: n }));
  await commit(journal.client(), [asDelete("Patient/p1")]);
  await journal.put(patient("p1", { multipleBirthInteger: 7 }));
  const seen: [number, string][] = [];
  let before: string | undefined;
  do {
    const { value: page } = await readHistory(journal.client(), { type: "Patient", id: "p1", count: 2, before });
    assert.equal(page.total, 7);
    seen.push(...page.rows.map(({ version, method }): [number, string] => [version, method]));
    before = page.next ?? undefined;
  } while (before !== undefined);
  assert.deepEqual(seen, [
    [7, "update"],
    [6, "delete"],
    [5, "update"],
    [4, "update"],
    [3, "update"],
    [2, "update"],
    [1, "create"],
  ]);
});

test("JRN-HISTORY-2 a type's and everything's history pages while others write", async (t) => {
  const journal = await journalOfTest(t);
  for (let n = 0; n < 20; n += 1) await journal.put(patient(`p${n}`));
  for (const type of ["Patient", undefined]) {
    let writes = 0;
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const { value: page } = await readHistory(journal.client(), { type, count: 3, before });
      seen.push(...page.rows.map((row) => `${row.type}/${row.id}/${row.version}`));
      before = page.next ?? undefined;
      await journal.put(patient(`new-${type}-${(writes += 1)}`));
      await journal.put(patient(`p${writes}`, { multipleBirthInteger: writes, active: type === undefined }));
    } while (before !== undefined);
    assert.equal(new Set(seen).size, seen.length);
    for (let n = 0; n < 20; n += 1) assert.ok(seen.includes(`Patient/p${n}/1`), `p${n}`);
    const firsts = seen.filter((name) => /^Patient\/p\d+\/1$/.test(name));
    assert.deepEqual(
      firsts,
      Array.from({ length: 20 }, (_, n) => `Patient/p${19 - n}/1`),
    );
  }
});

test("JRN-HISTORY-3 since, at, and positions beyond the end", async (t) => {
  const journal = await journalOfTest(t);
  const times: string[] = [];
  for (let n = 1; n <= 3; n += 1) {
    times.push((await journal.put(patient("p1", { multipleBirthInteger: n }))).lastUpdated);
    journal.clock.forward(60_000);
  }
  const versions = async (more: object): Promise<number[]> =>
    (await readHistory(journal.client(), { type: "Patient", id: "p1", count: 10, ...more })).value.rows.map(
      ({ version }) => version,
    );
  assert.deepEqual(await versions({ since: times[1] }), [3, 2]);
  const [first = "", second = "", third = ""] = times;
  assert.deepEqual(await versions({ at: { low: second, high: after(second) } }), [2]);
  assert.deepEqual(await versions({ at: { low: first, high: second } }), [1]);
  assert.deepEqual(await versions({ at: { low: first, high: after(second) } }), [2, 1]);
  assert.deepEqual(await versions({ at: { low: after(first), high: third } }), [2, 1]);
  assert.deepEqual(await versions({ at: { low: after(first), high: third }, before: "2" }), [1]);
  assert.deepEqual(await versions({ at: { low: after(first), high: third }, since: second }), [2]);
  assert.deepEqual(await versions({ at: { low: "2026-11-21T07:00:00Z", high: "2026-11-21T07:00:01Z" } }), []);
  assert.deepEqual(await versions({ before: "999999999999999999" }), [3, 2, 1]);
  const all = await readHistory(journal.client(), { count: 10, before: "999999999999999999" });
  assert.equal(all.value.rows.length, 3);
});

const after = (instant: string): string => new Date(Date.parse(instant) + 1).toISOString();

test("JRN-HISTORY-3 at a moment a type and everything show what held then, page by page", async (t) => {
  const journal = await journalOfTest(t);
  const moments: { readonly at: string; readonly names: string[] }[] = [];
  const held = new Map<string, number>();
  const note = (): void => {
    journal.clock.forward(10);
    const names = [...held].map(([id, version]) => `${id}/${version}`).toSorted();
    moments.push({ at: journal.clock().toISOString(), names });
    journal.clock.forward(10);
  };
  for (let n = 0; n < 9; n += 1) held.set(`Patient/p${n}`, (await journal.put(patient(`p${n}`))).version);
  note();
  for (let n = 0; n < 9; n += 2)
    for (let times = 0; times <= n; times += 1)
      held.set(`Patient/p${n}`, (await journal.put(patient(`p${n}`, { multipleBirthInteger: times }))).version);
  await journal.put(observation("o1", "Patient/p1"));
  held.set("Observation/o1", 1);
  note();
  const { value } = await commit(journal.client(), [asDelete("Patient/p3")]);
  held.set("Patient/p3", value[0]?.version ?? 0);
  note();
  held.set("Patient/p3", (await journal.put(patient("p3", { active: true }))).version);
  note();
  for (const { at, names } of moments) {
    for (const type of [undefined, "Patient", "Observation"]) {
      const seen: string[] = [];
      let before: string | undefined;
      do {
        const ask = { type, count: 2, before, at: { low: at, high: after(at) } };
        const { value: page } = await readHistory(journal.client(), ask);
        seen.push(...page.rows.map((row) => `${row.type}/${row.id}/${row.version}`));
        assert.ok(page.rows.every(({ method, content }) => (method === "delete") === (content === null)));
        before = page.next ?? undefined;
      } while (before !== undefined);
      assert.deepEqual(
        seen.toSorted(),
        names.filter((name) => type === undefined || name.startsWith(type)),
        `${type} at ${at}`,
      );
    }
  }
  // A period has all that held at some time in it.
  const [{ at: low } = { at: "" }, , , { at: high } = { at: "" }] = moments;
  const all = await readHistory(journal.client(), { type: "Patient", count: 100, at: { low, high } });
  assert.equal(
    all.value.rows.length,
    Number(
      (await journal.sql<{ n: number }>("SELECT count(*)::int AS n FROM change_log WHERE type = 'Patient'"))[0]?.n,
    ),
  );
});

test("JRN-HISTORY-4 a person's history of a type is the own care provider's", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("ours"));
  await journal.put(observation("theirs"), THEIRS);
  await journal.put(observation("theirs", "Patient/p1", { valueInteger: 2 }), THEIRS);
  const { value } = await readHistory(journal.person(), { type: "Observation", count: 10 });
  assert.deepEqual(
    value.rows.map(({ id }) => id),
    ["ours"],
  );
  await assert.rejects(readHistory(journal.person(), { count: 10 }), { code: "FORBIDDEN" });
});

test("JRN-STORED-1 exactly the ids that are there and within reach", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("ours"));
  await journal.put(observation("theirs"), THEIRS);
  await journal.put(observation("gone"));
  await commit(journal.client(), [asDelete("Observation/gone")]);
  const asked = ["ours", "theirs", "gone", "never"];
  assert.deepEqual((await stored(journal.client(), "Observation", asked)).toSorted(), ["ours", "theirs"]);
  assert.deepEqual(await stored(journal.person(), "Observation", asked), ["ours"]);
  await assert.rejects(stored(journal.client("system/Patient.r"), "Observation", asked), { code: "FORBIDDEN" });
  await commit(journal.client(), [asUpdate(observation("gone"))]);
  assert.deepEqual((await stored(journal.client(), "Observation", asked)).toSorted(), ["gone", "ours", "theirs"]);
});

async function failure(reading: Promise<Disclosed<unknown>>): Promise<string> {
  return reading.then(
    () => assert.fail("it was disclosed"),
    (error: Error & { code: string; issues: unknown }) => JSON.stringify([error.code, error.issues]),
  );
}
