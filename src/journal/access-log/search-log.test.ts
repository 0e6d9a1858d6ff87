/** Rules JRN-LOG-SEARCH of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import type { AuditEvent } from "fhir/r4";
import { FhirError } from "../../fhir/index.ts";
import { journalOfTest, sorted } from "../testing/index.ts";
import type { QueryParameters } from "../query-text.ts";
import { readLogEvent, searchLog } from "./search-log.ts";
import { entryOf, randomEntry } from "./testing.ts";

const journal = await journalOfTest({ after });
const SCOPE = "system/AuditEvent.rs";
const ENTRIES = 300;
await journal.store.recordAccess(Array.from({ length: ENTRIES }, (_, n) => randomEntry(n)));
// What others wrote in the quotes of their own words is found by nobody.
await journal.store.recordAccess([
  entryOf({ patient: "p9", ground: '","action":"delete","actor":"SE2321000131-P000000000009","outcome":"refused' }),
]);

async function all(parameters: QueryParameters, count = "1000"): Promise<AuditEvent[]> {
  const found: AuditEvent[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: QueryParameters = cursor === undefined ? [] : [["_cursor", cursor]];
    const { value } = await searchLog(journal.client(SCOPE), [...parameters, ["_count", count], ...page]);
    assert.ok(value.events.length <= Number(count));
    found.push(...value.events);
    cursor = value.next;
  }
  return found;
}

const BEFORE_TODAY = ["date", "lt2026-11-21"] as const;
const everything = await all([BEFORE_TODAY]);
const ids = (events: readonly AuditEvent[]): string[] => events.map(({ id }) => id ?? "");

type Question = { readonly asked: readonly [string, string]; readonly holds: (event: AuditEvent) => boolean };

const codes = (name: "action" | "outcome", ...values: string[]): Question => ({
  asked: [name, values.join(",")],
  holds: (event) => values.includes(event[name] ?? ""),
});
const hours = [...Array(70).keys()].map((n) => new Date(Date.UTC(2026, 9, 24) + n * 3_600_000).toISOString());

const question = fc.oneof<fc.Arbitrary<Question>[]>(
  fc.constantFrom("p1", "p2", "p3", "p9").map((id) => ({
    asked: [fc.sample(fc.constantFrom("patient", "entity"), 1)[0] ?? "patient", `Patient/${id}`],
    holds: ({ entity }) => entity?.some(({ what }) => what?.reference === `Patient/${id}`) === true,
  })),
  fc.constantFrom("0", "1", "2", "9").map((n) => ({
    asked: ["agent", `urn:oid:1.2.752.29.4.19|SE2321000131-P00000000000${n}`],
    holds: ({ agent }) => agent[0]?.who?.identifier?.value === `SE2321000131-P00000000000${n}`,
  })),
  fc.constant<Question>({ asked: ["agent", "lab"], holds: ({ agent }) => agent[0]?.name === "lab" }),
  fc.constantFrom("Observation/r1", "Condition/r2", "Condition/r2/_history/1").map((name) => ({
    asked: ["entity", name],
    holds: ({ entity }) =>
      entity?.some(({ description = "" }) => description === name || description.startsWith(`${name}/_history/`)) ===
      true,
  })),
  fc.constantFrom(codes("action", "R"), codes("action", "C", "D"), codes("outcome", "0"), codes("outcome", "4", "8")),
  fc
    .tuple(fc.constantFrom("ge", "gt", "lt", "le", "sa", "eb", "eq", "ne", ""), fc.constantFrom(...hours))
    .map(([prefix, hour]) => dated(prefix, hour)),
);

/** A whole hour, as a search reads it: to the minute. */
function dated(prefix: string, hour: string): Question {
  const low = Date.parse(hour);
  const high = low + 60_000;
  const tests: Record<string, (at: number) => boolean> = {
    ge: (at) => at >= low,
    gt: (at) => at >= high,
    sa: (at) => at >= high,
    lt: (at) => at < low,
    eb: (at) => at < low,
    le: (at) => at < high,
    ne: (at) => at < low || at >= high,
  };
  const holds = tests[prefix] ?? ((at: number) => at >= low && at < high);
  return { asked: ["date", `${prefix}${hour.slice(0, 16)}Z`], holds: ({ recorded }) => holds(Date.parse(recorded)) };
}

test("JRN-LOG-SEARCH-1 criteria find exactly the rows whose AuditEvents say so, newest first", async () => {
  assert.equal(everything.length, ENTRIES);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(question, { maxLength: 3, selector: ({ asked }) => asked[0] }),
      async (questions) => {
        const asked: QueryParameters = [...questions.map((one) => one.asked), BEFORE_TODAY];
        const wanted = everything.filter((event) => questions.every(({ holds }) => holds(event)));
        const names = questions.map(({ asked: [name] }) => name);
        if (names.includes("patient") && names.includes("entity")) return; // of two patients; another test
        assert.deepEqual(ids(await all(asked)), ids(wanted), JSON.stringify(asked));
      },
    ),
    { numRuns: 60, seed: 20261122 },
  );
  const times = everything.map(({ recorded }) => recorded);
  assert.deepEqual(times, times.toSorted().toReversed());
  const [one] = everything;
  assert.deepEqual((await readLogEvent(journal.client(SCOPE), one?.id ?? "")).value, one);
  assert.deepEqual(ids(await all([["_id", ids(everything.slice(3, 5)).join()]])), ids(everything.slice(3, 5)));
  assert.deepEqual(await all([["patient", "p1"], ["entity", "Patient/p2"]]), []); // prettier-ignore
});

test("JRN-LOG-SEARCH-2 pages have no gap and no repetition while the log grows", async () => {
  for (const count of ["7", "50"]) assert.deepEqual(ids(await all([BEFORE_TODAY], count)), ids(everything));
  const known = ids(await all([["patient", "p2"]])).length;
  assert.ok(ids(await all([["patient", "p2"]], "3")).length > known); // each reading leaves rows of its own
});

test("JRN-LOG-SEARCH-3 who reads the log is in the log, for each patient", async () => {
  const visit = journal.client(SCOPE);
  const { value } = await searchLog(visit, [BEFORE_TODAY, ["_count", "40"]]);
  const rows = await journal.log(visit.request);
  assert.ok(rows.every(({ action, outcome }) => action === "read access log" && outcome === "granted"));
  assert.deepEqual(sorted(rows.map(({ patient }) => patient)), sorted(["p1", "p2", "p3", null]));
  assert.deepEqual(
    rows.flatMap(({ what }) => what).toSorted(),
    ids(value.events).map((id) => `AuditEvent/${id}`).toSorted(), // prettier-ignore
  );
  const none = journal.client(SCOPE);
  await searchLog(none, [["patient", "nobody"]]);
  assert.deepEqual(
    (await journal.log(none.request)).map(({ patient, what }) => [patient, what]),
    [[null, ["AuditEvent/$access-log"]]],
  );
});

test("JRN-LOG-SEARCH-4 people and clients without scope see nothing of the log", async () => {
  const [one] = everything;
  for (const visit of [journal.person(), journal.client("system/Patient.rs system/AuditEvent.c")]) {
    const asks = [searchLog(visit, []), searchLog(visit, [["nonsense", "1"]]), readLogEvent(visit, one?.id ?? "")];
    for (const ask of asks)
      await assert.rejects(ask, (error) => error instanceof FhirError && error.code === "FORBIDDEN");
    const rows = await journal.log(visit.request);
    assert.deepEqual(
      rows.map(({ outcome }) => outcome),
      ["refused", "refused", "refused"],
    );
  }
});

test("JRN-LOG-SEARCH-5 what cannot be answered is refused, and what was made up is no error of the server", async () => {
  const visit = journal.client(SCOPE);
  const bad: [string, string, string][] = [
    ["policy", "x", "SEARCH_PARAM_UNKNOWN"],
    ["patient.identifier", "x", "SEARCH_PARAM_UNKNOWN"],
    ["constructor", "x", "SEARCH_PARAM_UNKNOWN"],
    ["_include", "AuditEvent:patient", "SEARCH_PARAM_UNKNOWN"],
    ["patient", "p1,p2", "SEARCH_VALUE_INVALID"],
    ["date", "ap2026", "SEARCH_VALUE_INVALID"],
    ["date", "2026-13", "SEARCH_VALUE_INVALID"],
    ["action", "X", "SEARCH_VALUE_INVALID"],
    ["outcome", "1", "SEARCH_VALUE_INVALID"],
    ["agent", "http://x|y", "SEARCH_VALUE_INVALID"],
    ["agent", "Practitioner/1", "SEARCH_VALUE_INVALID"],
    ["entity", "o1", "SEARCH_VALUE_INVALID"],
    ["_count", "0", "SEARCH_VALUE_INVALID"],
    ["_sort", "patient", "SEARCH_VALUE_INVALID"],
    ["_cursor", "2026-11-21 08:00:00+00~x~1", "SEARCH_VALUE_INVALID"],
    ["_cursor", "2026-02-30 08:00:00+00~0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0~1", "SEARCH_VALUE_INVALID"],
    ["_cursor", "0000-01-01 08:00:00+00~0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0~1", "SEARCH_VALUE_INVALID"],
    ["_cursor", "2026-99-21 08:00:00+00~0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0~1", "SEARCH_VALUE_INVALID"],
  ];
  for (const [name, value, code] of bad)
    await assert.rejects(
      searchLog(visit, [[name, value]]),
      (error) => error instanceof FhirError && error.code === code && error.issues[0]?.expression === name,
      `${name}=${value}`,
    );
  await assert.rejects(searchLog(visit, [["_id", "a"], ["_id", "b"]]), /_id/); // prettier-ignore
  for (const id of ["log-x-1", "x", `log-${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}-999999999999999999`]) {
    assert.deepEqual((await searchLog(visit, [["_id", id]])).value, { events: [], next: null });
    await assert.rejects(readLogEvent(visit, id), (error) => error instanceof FhirError && error.code === "NOT_FOUND");
  }
});
