import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { commit, parametersOf, readersOf, readResource, searchResources, type Found, type Reader } from "./index.ts";
import {
  asCreate,
  asDelete,
  identified,
  journalOfTest,
  observation,
  OURS,
  patient,
  sorted,
  THEIRS,
  type JournalOfTest,
} from "./testing/index.ts";

const CANARY = "19121212-1212";

async function found(
  journal: JournalOfTest,
  type: string | undefined,
  query: string,
  visit = journal.client(),
): Promise<Found> {
  return (await searchResources(visit, type, parametersOf(query))).value;
}

function names({ rows }: Found): string[] {
  return rows.map((row) => `${row.type}/${row.id}`);
}

/** Follows the pages to the end, with something happening between them. */
async function walk(
  journal: JournalOfTest,
  type: string | undefined,
  query: string,
  between: () => Promise<unknown>,
): Promise<string[]> {
  const seen: string[] = [];
  for (let next: string | null = query; next !== null;) {
    const page: Found = await found(journal, type, next);
    seen.push(...names(page));
    await between();
    ({ next } = page);
  }
  return seen;
}

test("JRN-SEARCH-1, JRN-HITS-1 every hit is logged for its patient", async (t) => {
  const journal = await journalOfTest(t);
  for (const id of ["p1", "p2"]) {
    await journal.put(patient(id));
    await journal.put(observation(`o-${id}`, `Patient/${id}`, { performer: [{ reference: "Organization/org" }] }));
  }
  await journal.put({ resourceType: "Organization", name: "Enhet", id: "org" });
  const visit = journal.client();
  const page = await found(
    journal,
    "Observation",
    "_include=Observation:performer&_include=Observation:subject",
    visit,
  );
  const all = ["Observation/o-p1", "Observation/o-p2", "Organization/org", "Patient/p1", "Patient/p2"];
  assert.deepEqual(names(page).toSorted(), all);
  const rows = await journal.log(visit.request);
  assert.deepEqual(
    sorted(rows.map(({ patient: whose, action, outcome, what }) => [whose, action, outcome, what.toSorted()])),
    sorted([
      [null, "search", "granted", ["Organization/org/_history/1"]],
      ["p1", "search", "granted", ["Observation/o-p1/_history/1", "Patient/p1/_history/1"]],
      ["p2", "search", "granted", ["Observation/o-p2/_history/1", "Patient/p2/_history/1"]],
    ]),
  );
  for (const query of ["status=preliminary", "status=final&_summary=count", "status=final&_count=0"]) {
    const counting = journal.client();
    await found(journal, "Observation", query, counting);
    const [row, ...more] = await journal.log(counting.request);
    assert.deepEqual(
      [row?.what, row?.patient, more.length],
      [[`Observation?${query.replaceAll(/=\w+/g, "")}`], null, 0],
    );
  }
});

test("JRN-SEARCH-2 no values and no words of the caller in the log", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", identified("a", CANARY)));
  const queries = [
    `identifier=urn:test:a|${CANARY}`,
    `identifier=${CANARY}`,
    `identifier=none|${CANARY}`,
    `_has:Observation:patient:code=${CANARY}`,
    `name=${CANARY}`,
    `phone=${CANARY}&_summary=count`,
  ];
  for (const query of queries) await found(journal, "Patient", query);
  const lenient = await searchResources(
    journal.client(),
    "Patient",
    [
      [CANARY, CANARY],
      ["name", "none"],
    ],
    { lenient: true },
  );
  assert.equal(lenient.value.ignored.length, 1);
  await assert.rejects(found(journal, "Patient", `${CANARY}=1`), { code: "SEARCH_PARAM_UNKNOWN" });
  await commit(journal.client(), [asCreate(patient(undefined), { ifNoneExist: `identifier=urn:test:a|${CANARY}` })]);
  await commit(journal.client(), [asCreate(observation(undefined, `Patient?identifier=urn:test:a|${CANARY}`))]);
  await assert.rejects(
    commit(journal.client(), [asCreate(observation(undefined, `Patient?identifier=none|${CANARY}`))]),
    { code: "REFERENCE_NOT_FOUND" },
  );
  const log = JSON.stringify(await journal.log());
  assert.ok(log.includes("Patient?identifier"));
  assert.doesNotMatch(log, /19121212/);
});

test("JRN-SEARCH-3 pages neither repeat nor skip while others write", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const standing: string[] = [];
  for (let n = 0; n < 24; n += 1) {
    // Many share a date and a code, a few have none.
    const more = {
      code: { coding: [{ code: `c${n % 3}` }] },
      ...(n % 8 === 7 ? { effectiveDateTime: undefined } : { effectiveDateTime: `2026-10-${10 + (n % 5)}` }),
    };
    await journal.put(observation(`s${n}`, "Patient/p1", more));
    standing.push(`Observation/s${n}`);
    await journal.put(observation(`d${n}`));
  }
  for (const order of ["", "&_sort=date", "&_sort=-date", "&_sort=code,-date", "&_sort=_lastUpdated", "&_sort=-_id"]) {
    let n = 0;
    const write = async (): Promise<void> => {
      n += 1;
      const at = { effectiveDateTime: `2026-10-${10 + (n % 6)}` };
      const writers = [
        journal.put(observation(`n${order.length}x${n}`, "Patient/p1", at)),
        journal.put(observation(`m${order.length}x${n}`)),
        journal.put(observation(`d${(n + 5) % 24}`, "Patient/p1", { ...at, valueInteger: n })),
        commit(journal.client(), [asDelete(`Observation/d${n % 24}`)]),
      ];
      await Promise.all(writers);
    };
    const seen = await walk(journal, "Observation", `patient=p1&_count=5${order}`, write);
    const kept = seen.filter((name) => name.startsWith("Observation/s"));
    assert.deepEqual(kept.toSorted(), standing.toSorted(), order);
    // Rows that came or moved may be seen or not, but a row that stood still is never seen twice.
    if (!order.includes("date")) assert.equal(new Set(seen).size, seen.length, order);
  }
});

test("JRN-SEARCH-4 grounds for every type that is searched", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"));
  assert.deepEqual(names(await found(journal, undefined, "_type=Patient,Observation&_sort=_id")), [
    "Observation/o1",
    "Patient/p1",
  ]);
  assert.deepEqual(names(await found(journal, undefined, "_id=o1")), ["Observation/o1"]);
  for (const scope of ["system/Patient.rs", "system/*.r"]) {
    const visit = journal.client(scope);
    await assert.rejects(found(journal, undefined, "_type=Patient,Observation", visit), { code: "FORBIDDEN" });
    await assert.rejects(found(journal, undefined, "_id=o1", visit), { code: "FORBIDDEN" });
    assert.equal((await journal.log(visit.request)).length, 2);
  }
  assert.deepEqual(names(await found(journal, undefined, "_type=Patient,Observation", journal.person())).length, 2);
  await assert.rejects(found(journal, undefined, "_id=o1", journal.person()), { code: "FORBIDDEN" });
  await assert.rejects(found(journal, undefined, "_type=Patient,AuditEvent", journal.person()), { code: "FORBIDDEN" });
});

test("JRN-SEARCH-5 the same answer twice, and the total of all pages", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  for (let n = 0; n < 17; n += 1) await journal.put(observation(`o${n}`), n % 2 === 0 ? OURS : THEIRS);
  for (const visit of [journal.client(), journal.person(), journal.person(THEIRS)]) {
    const query = "patient=p1&_sort=-date&_count=4&_total=accurate";
    const [one, two] = await Promise.all([
      found(journal, "Observation", query, visit),
      found(journal, "Observation", query, visit),
    ]);
    assert.deepEqual({ ...one, cursorAfter: 0 }, { ...two, cursorAfter: 0 });
    let count = 0;
    for (let next: string | null = query; next !== null;) {
      const page: Found = await found(journal, "Observation", next, visit);
      assert.equal(page.total, one.total);
      count += page.rows.length;
      ({ next } = page);
    }
    assert.equal(count, one.total);
    assert.equal((await found(journal, "Observation", "patient=p1&_summary=count", visit)).total, one.total);
  }
});

test("JRN-ROWS-1 a row's moment is its date", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(observation("o1", "Patient/p1", { effectiveDateTime: "2026-11-20" }));
  await journal.put(observation("o2", "Patient/p1", { effectiveDateTime: "2026-11-20T07:30:00.1234+01:00" }));
  await journal.put(observation("o3", "Patient/p1", { effectiveDateTime: undefined }));
  const moments = async (query: string): Promise<unknown[]> =>
    (await found(journal, "Observation", query)).rows.map(({ id, at }) => [id, at]);
  assert.deepEqual(await moments("_sort=-date"), [
    ["o2", "2026-11-20T06:30:00.123Z"],
    ["o1", "2026-11-19T23:00:00.000Z"],
    ["o3", null],
  ]);
  assert.deepEqual(await moments("_sort=_id"), [
    ["o1", null],
    ["o2", null],
    ["o3", null],
  ]);
});

test("JRN-INCLUDE-1 includes once, iterated, in circles, within reach", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  for (const [id, parent] of [
    ["a", "b"],
    ["b", "c"],
    ["c", "a"],
  ])
    await journal.put({
      resourceType: "Organization",
      name: "Enhet",
      id,
      partOf: { reference: `Organization/${parent}` },
    });
  await journal.put(
    observation("o1", "Patient/p1", {
      performer: [{ reference: "Organization/a" }, { reference: "Organization/a" }],
      hasMember: [{ reference: "Observation/theirs" }],
    }),
  );
  await journal.put(observation("theirs"), THEIRS);
  const include = "_id=o1&_include=Observation:performer&_include=Observation:subject";
  assert.deepEqual(names(await found(journal, "Observation", include)).toSorted(), [
    "Observation/o1",
    "Organization/a",
    "Patient/p1",
  ]);
  const iterate = `${include}&_include:iterate=Organization:partof`;
  assert.deepEqual(names(await found(journal, "Observation", iterate)).toSorted(), [
    "Observation/o1",
    "Organization/a",
    "Organization/b",
    "Organization/c",
    "Patient/p1",
  ]);
  const modes = (await found(journal, "Observation", iterate)).rows.map(({ mode }) => mode);
  assert.deepEqual(modes, ["match", "include", "include", "include", "include"]);
  const all = "_id=o1&_include=*";
  assert.ok(names(await found(journal, "Observation", all)).includes("Observation/theirs"));
  assert.ok(!names(await found(journal, "Observation", all, journal.person())).includes("Observation/theirs"));
  const back = "_id=p1&_revinclude=Observation:subject";
  assert.deepEqual(names(await found(journal, "Patient", back)).toSorted(), [
    "Observation/o1",
    "Observation/theirs",
    "Patient/p1",
  ]);
  assert.deepEqual(names(await found(journal, "Patient", back, journal.person(THEIRS))), [
    "Patient/p1",
    "Observation/theirs",
  ]);
});

test("SEARCH-INCLUDE-5 what refers to a match by any element goes along, of every type, within reach", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(patient("p2"));
  await journal.put({ resourceType: "Organization", id: "a", name: "Enhet" });
  await journal.put(observation("o1", "Patient/p1", { performer: [{ reference: "Organization/a" }] }));
  await journal.put(observation("o2", "Patient/p2", { focus: [{ reference: "Patient/p1" }] }));
  await journal.put(observation("o3", "Patient/p2"));
  await journal.put(observation("theirs"), THEIRS);
  await journal.put({
    resourceType: "Flag",
    id: "f",
    status: "active",
    code: { text: "x" },
    subject: { reference: "Patient/p1" },
  });
  const all = "_id=p1&_revinclude=*";
  const ours = ["Flag/f", "Observation/o1", "Observation/o2"];
  const seen = names(await found(journal, "Patient", all, journal.person()));
  assert.deepEqual(seen.toSorted(), [...ours, "Patient/p1"]);
  assert.deepEqual(names(await found(journal, "Patient", all)).toSorted(), [
    ...ours,
    "Observation/theirs",
    "Patient/p1",
  ]);
  assert.deepEqual(
    names(await found(journal, "Organization", "_id=a&_revinclude=*&_include:iterate=Observation:subject")).toSorted(),
    ["Observation/o1", "Organization/a", "Patient/p1"],
  );
  assert.deepEqual(names(await found(journal, "Patient", "_id=none&_revinclude=*")), []);
});

test("JRN-INCLUDE-2 an answer that cannot take everything along says so", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await commit(
    journal.client(),
    Array.from({ length: 2001 }, () => asCreate(observation(undefined))),
  );
  const page = await found(journal, "Patient", "_revinclude=Observation:subject");
  assert.equal(page.rows.length, 2001);
  assert.deepEqual(
    page.ignored.map(({ severity, code }) => [severity, code]),
    [["warning", "incomplete"]],
  );
  assert.deepEqual((await found(journal, "Patient", "_id=p1")).ignored, []);
});

test("JRN-READERS-1 newest first, page by page, and looking is logged", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"));
  for (let n = 0; n < 11; n += 1) {
    journal.clock.forward(1000);
    await found(journal, "Observation", "patient=p1", journal.person());
  }
  const visit = journal.person();
  const items: Reader[] = [];
  let before: string | undefined;
  do {
    const { value } = await readersOf(visit, "p1", { count: 4, before });
    assert.ok(value.items.length <= 4);
    items.push(...value.items.filter(({ action }) => action === "search"));
    before = value.next ?? undefined;
  } while (before !== undefined);
  assert.equal(items.length, 11);
  const times = items.map(({ recorded }) => recorded);
  assert.deepEqual(times, times.toSorted().toReversed());
  const { recorded: _recorded, ground, actor: _actor, ...first } = items[0]!;
  assert.match(ground, /vårdenheten har en vårdkontakt/);
  assert.deepEqual(first, {
    person: "Anna Ek, Överläkare",
    unit: "Medicinkliniken",
    provider: "Region Västmark",
    action: "search",
    refused: false,
    count: 1,
    types: ["Observation"],
  });
  const looked = await journal.log(visit.request);
  assert.ok(
    looked.length >= 3 && looked.every(({ action, patient: whose }) => action === "read access log" && whose === "p1"),
  );
});

test("JRN-READERS-2 a person does not see that another care provider has read", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"), THEIRS);
  for (let n = 0; n < 250; n += 1) await found(journal, "Observation", "patient=p1", journal.person(THEIRS));
  await found(journal, "Patient", "_id=p1", journal.person());
  await found(journal, "Patient", "_id=p1", journal.client("system/*.rs", null));
  const all = async (visit: ReturnType<typeof journal.person>): Promise<(string | null)[]> => {
    const providers: (string | null)[] = [];
    let before: string | undefined;
    do {
      const { value } = await readersOf(visit, "p1", { count: 50, before });
      providers.push(...value.items.filter(({ action }) => action === "search").map(({ provider }) => provider));
      before = value.next ?? undefined;
    } while (before !== undefined);
    return providers;
  };
  assert.deepEqual(sorted(await all(journal.person())), sorted(["Region Västmark", null]));
  assert.equal((await all(journal.person(THEIRS))).filter((one) => one === "Ek Vård AB").length, 250);
  assert.equal((await all(journal.client())).length, 252);
});

test("JRN-READERS-6 what is not shown, however much of it there is, ends no page and stands in no cursor", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  for (let n = 0; n < 3; n += 1) await readResource(journal.person(), "Patient", "p1");
  const [own] = (await journal.log()).filter(({ action }) => action === "read");
  assert.ok(own !== undefined);
  const theirs = { ...own, careProvider: "Ek Vård AB", careProviderId: THEIRS.careProvider, person: "Bo Hägglund" };
  await journal.store.recordAccess(Array.from({ length: 2_500 }, () => theirs));
  const page = async (before?: string): Promise<[number, string | null]> => {
    const { value } = await readersOf(journal.person(), "p1", { count: 2, before });
    const shown = value.items.filter(({ action }) => action === "read");
    assert.ok(value.items.every(({ person }) => person !== "Bo Hägglund"));
    return [shown.length, value.next];
  };
  const [count, next] = await page();
  assert.equal(count, 2);
  assert.ok(next !== null);
  assert.deepEqual(await page(next), [1, null]);
});

test("JRN-READERS-3 unknown patients and made-up cursors", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  for (const id of ["nobody", "a\0b", "p1,p2", CANARY]) {
    const visit = journal.person();
    await assert.rejects(readersOf(visit, id, { count: 5 }), { code: "NOT_FOUND" });
    assert.deepEqual(
      (await journal.log(visit.request)).map(({ outcome }) => outcome),
      ["refused"],
    );
  }
  const made = [
    "",
    "x",
    "2026-11-21 08:00:00+00~1~1",
    "2026-11-21 08:00:00+00~00000000-0000-0000-0000-000000000000~x",
    "2026-02-30 08:00:00+00~00000000-0000-0000-0000-000000000000~1",
    "0000-01-01 08:00:00+00~00000000-0000-0000-0000-000000000000~1",
    "2026-13-41 08:00:00+00~00000000-0000-0000-0000-000000000000~1",
    "'; DROP TABLE access_log; --~~",
  ];
  for (const before of made)
    await assert.rejects(
      readersOf(journal.person(), "p1", { count: 5, before }),
      { code: "SEARCH_VALUE_INVALID" },
      before,
    );
  const early = "2026-11-21 07:00:00+00~00000000-0000-0000-0000-000000000000~1";
  assert.deepEqual((await readersOf(journal.person(), "p1", { count: 5, before: early })).value, {
    items: [],
    next: null,
  });
});

test("JRN-QUERY-1 names and values in their order, decoded", () => {
  assert.deepEqual(parametersOf("a=1&a=2&&b&c=&=d&e=x%3Dy=z&f=a+b%2B%C3%A5"), [
    ["a", "1"],
    ["a", "2"],
    ["b", ""],
    ["c", ""],
    ["", "d"],
    ["e", "x=y=z"],
    ["f", "a b+å"],
  ]);
  for (const bad of ["a=%", "a=%zz", "%E5=1", "a=%ED%A0%80"])
    assert.throws(() => parametersOf(bad), { code: "QUERY_ENCODING" }, bad);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }))),
      (pairs) => {
        const text = pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
        assert.deepEqual(parametersOf(text), pairs);
      },
    ),
    { seed: 5, numRuns: 500 },
  );
});
