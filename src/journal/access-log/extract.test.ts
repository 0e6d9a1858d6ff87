/** Rules JRN-LOG-EXTRACT of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { FhirError } from "../../fhir/index.ts";
import type { LogPeriod } from "../../store/index.ts";
import { readResource } from "../read.ts";
import { readersOf } from "../readers.ts";
import { journalOfTest, patient } from "../testing/index.ts";
import { extractLog, MOST_LINES, type ExtractLine } from "./extract.ts";
import { entryOf } from "./testing.ts";

const journal = await journalOfTest({ after });
const OPEN: LogPeriod = { low: null, high: null };
const extract = async (id: string, period = OPEN, most?: number): Promise<readonly ExtractLine[]> =>
  (await extractLog(journal.client("system/AuditEvent.rs"), id, period, most)).value;
const code = (wanted: string) => (error: unknown) => error instanceof FhirError && error.code === wanted;

test("JRN-LOG-EXTRACT-1 everything about the patient and nobody else, newest first", async () => {
  const minute = (n: number): string => new Date(Date.UTC(2026, 9, 1, 8, n)).toISOString();
  const mine = [
    entryOf({ recorded: minute(1) }),
    entryOf({ recorded: minute(2), outcome: "refused", what: ["Patient/p1"] }),
    entryOf({ recorded: minute(3), ground: "ACC-NEED-EMERGENCY · PDL 4 kap. 5 § · Nödöppning." }),
    entryOf({ recorded: minute(4), actor: "client lab", person: null, careUnit: null, careProvider: null }),
    entryOf({ recorded: minute(5), action: "search", what: ["Observation/1/_history/1", "Condition/2/_history/1", "Condition/3/_history/2"] }), // prettier-ignore
  ];
  await journal.store.recordAccess([...mine, entryOf({ patient: "p2", recorded: minute(3) })]);
  const lines = await extract("p1");
  assert.deepEqual(
    lines.map(({ time, activity, refused, emergency, name }) => [time, activity, refused, emergency, name]),
    [
      [minute(5), "Läsa", false, false, "Anna Ek"],
      [minute(4), "Läsa", false, false, "lab"],
      [minute(3), "Nödöppning", false, true, "Anna Ek"],
      [minute(2), "Läsa", true, false, "Anna Ek"],
      [minute(1), "Läsa", false, false, "Anna Ek"],
    ],
  );
  const [first] = lines;
  assert.deepEqual(
    [first?.unit, first?.unitId, first?.provider, first?.title, first?.types, first?.count],
    ["Medicinkliniken", "SE2321000131-E000000000011", "Region Västmark", "Överläkare", ["Observation", "Condition"], 3],
  );
  assert.match(first?.ground ?? "", /^PDL 4 kap\. 1 §/);
  assert.deepEqual((await extract("p1", { low: minute(2), high: minute(4) })).length, 2); // prettier-ignore
  assert.equal((await extract("p1", { low: minute(1), high: null })).length, 7); // the extracts before are in it
});

test("JRN-LOG-EXTRACT-2 staff with protected identity are told by unit and time only", async () => {
  const anna = journal.person();
  assert.equal(anna.actor.kind, "person");
  const hidden = { ...anna, actor: { ...anna.actor, protectedIdentity: true as const } };
  await journal.put(patient("protected"));
  await readResource(hidden, "Patient", "protected");
  const lines = await extract("protected");
  const one = lines.find(({ unit }) => unit === "Medicinkliniken");
  assert.deepEqual([one?.name, one?.userId, one?.title, one?.protectedIdentity], [null, null, null, true]);
  assert.doesNotMatch(JSON.stringify(lines), /Anna|Ek\b|0011-P|Överläkare/);
});

test("JRN-READERS-4 staff with protected identity are among the readers without name and HSA-id", async () => {
  const { value } = await readersOf(journal.person(), "protected", { count: 100 });
  const hidden = value.items.filter(({ actor }) => actor === "");
  assert.deepEqual(
    hidden.map(({ person, unit, action }) => [person, unit, action]),
    [["Personal med skyddade personuppgifter", "Medicinkliniken", "read"]],
  );
  assert.doesNotMatch(JSON.stringify(hidden), /Anna|0011-P/);
});

test("JRN-LOG-EXTRACT-3 above ten thousand rows nothing is cut, and ten thousand are fast", async (t) => {
  const rows = Array.from({ length: MOST_LINES }, (_, n) =>
    entryOf({ patient: "many", what: Array.from({ length: 10 }, (__, o) => `Observation/o${n}-${o}/_history/1`) }),
  );
  await journal.store.recordAccess(rows);
  const start = performance.now();
  assert.equal((await extract("many")).length, MOST_LINES);
  const took = performance.now() - start;
  t.diagnostic(`${MOST_LINES} rows in ${Math.round(took)} ms`);
  assert.ok(took < 15_000);
  await assert.rejects(extract("many"), code("LOG_TOO_MANY")); // the extract itself was one more
  await assert.rejects(extract("p1", OPEN, 2), code("LOG_TOO_MANY"));
});

test("JRN-LOG-EXTRACT-4 the extract is logged, and others get none", async () => {
  const visit = journal.client("system/AuditEvent.rs");
  await extractLog(visit, "p1", OPEN);
  assert.deepEqual(
    (await journal.log(visit.request)).map(({ action, patient: whose, outcome }) => [action, whose, outcome]),
    [["extract access log", "p1", "granted"]],
  );
  for (const id of ["nobody", "x y", "'"]) await assert.rejects(extract(id), code("NOT_FOUND"));
  for (const other of [journal.person(), journal.client("system/Patient.rs")]) {
    await assert.rejects(extractLog(other, "p1", OPEN), code("FORBIDDEN"));
    assert.deepEqual(
      (await journal.log(other.request)).map(({ outcome }) => outcome),
      ["refused"],
    );
  }
});
