/** Rules of SPEC.md: blocks. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { predicateOf, reachSetting, type CareReach } from "../access/index.ts";
import { seededRandom, type SeededRandom } from "../base/index.ts";
import type { JsonObject } from "../fhir/index.ts";
import { timeColumnsOf } from "../search/index.ts";
import { Store } from "../store/index.ts";
import {
  blocksOf,
  endBlock,
  endLifts,
  liftBlocks,
  readersOf,
  readResource,
  registerBlock,
  type Visit,
} from "./index.ts";
import { journalOfTest, OURS, patient, THEIRS, type JournalOfTest } from "./testing/index.ts";

const SEED = 20_261_122;
const DAY = 86_400_000;
const UNITS = ["SE2321000131-E000000000011", "SE2321000131-E000000000012", "SE2321000131-E000000000013"] as const;
const FIRST = Date.parse("2026-01-01T00:00:00Z");

/** A journal whose clock is the database's, by which lifts end. */
async function journalNow(t: Parameters<typeof journalOfTest>[0]): Promise<JournalOfTest> {
  const journal = await journalOfTest(t);
  journal.clock.forward(Date.now() - journal.clock().getTime());
  return journal;
}

function at(journal: JournalOfTest, careUnit: string, careProvider: string = OURS.careProvider): Visit {
  return journal.person({ careProvider, careUnit });
}

const WHOLE = { since: null, until: null, exceptKinds: [] } as const;
const instant = (day: number): string => new Date(FIRST + day * DAY).toISOString();

const ACTIVE = {
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }],
};

type Lift = {
  readonly unit: string;
  readonly employee: string | null;
  readonly hours: number;
  readonly ended: boolean;
};
type Block = {
  readonly id: string;
  readonly kind: "inner" | "outer";
  readonly provider: string;
  readonly unit: string | null;
  readonly since: string | null;
  readonly until: string | null;
  readonly except: readonly string[];
  readonly ended: boolean;
  readonly lifts: readonly Lift[];
};
type Record = { readonly id: string; readonly type: string; readonly unit: string | null; readonly lo: number | null };

const TYPES = ["Observation", "MedicationRequest", "AllergyIntolerance", "Coverage"] as const;

/** The table of TKB ehr:blocking 3.2.1, row by row, in words of its own: true when the record is kept from the reader. */
function isBlocked(record: Record, blocks: readonly Block[], reader: CareReach): boolean {
  return blocks.some((block) => {
    if (block.ended || block.provider !== OURS.careProvider) return false; // every record here is of OURS
    if (block.kind === "outer" && reader.careProvider === block.provider) return false;
    if (block.kind === "inner" && reader.careUnit === block.unit) return false;
    if (block.kind === "inner" && record.unit !== null && record.unit !== block.unit) return false;
    const kind = record.type.startsWith("Medication") ? "lak" : record.type === "AllergyIntolerance" ? "upp" : "";
    if (block.except.includes(kind)) return false;
    if (record.lo !== null && record.type !== "Coverage") {
      const [from, to] = [FIRST + record.lo * DAY, FIRST + record.lo * DAY + DAY - 1];
      if (block.since !== null && to < Date.parse(block.since)) return false;
      if (block.until !== null && from > Date.parse(block.until)) return false;
    }
    return !block.lifts.some(
      (lift) =>
        !lift.ended &&
        lift.hours > 0 &&
        lift.unit === reader.careUnit &&
        (lift.employee === null || lift.employee === reader.employee),
    );
  });
}

function resourceOf({ id, type, lo }: Record): JsonObject {
  const date = lo === null ? {} : { date: instant(lo).slice(0, 10) };
  const who = { reference: "Patient/p1" };
  const code = { text: "x" };
  if (type === "Observation")
    return {
      resourceType: type,
      id,
      status: "final",
      code,
      subject: who,
      ...("date" in date ? { effectiveDateTime: date.date } : {}),
    };
  if (type === "MedicationRequest")
    return {
      resourceType: type,
      id,
      status: "active",
      intent: "order",
      subject: who,
      medicationCodeableConcept: code,
      ...("date" in date ? { authoredOn: date.date } : {}),
    };
  if (type === "Coverage") return { resourceType: type, id, status: "active", beneficiary: who, payor: [who] };
  return {
    resourceType: type,
    id,
    patient: who,
    clinicalStatus: ACTIVE,
    ...("date" in date ? { recordedDate: date.date } : {}),
  };
}

function blockFrom(random: SeededRandom, n: number): Block {
  const kind = random.pick(["inner", "inner", "inner", "outer"] as const);
  const period = random.pick(["none", "since", "until", "both"]);
  const first = random.int(20);
  return {
    id: `b${n}`,
    kind,
    provider: random.next() < 0.9 ? OURS.careProvider : THEIRS.careProvider,
    unit: kind === "inner" ? random.pick(UNITS) : null,
    since: period === "since" || period === "both" ? instant(first) : null,
    until: period === "until" || period === "both" ? instant(first + random.int(8)) : null,
    except: random.pick([[], [], ["lak"], ["upp"], ["lak", "upp"]]),
    ended: random.next() < 0.15,
    lifts: Array.from({ length: random.pick([0, 0, 1, 2]) }, () => ({
      unit: random.pick(UNITS),
      employee: random.pick([null, "one", "two"]),
      hours: random.pick([-1, 1]),
      ended: random.next() < 0.2,
    })),
  };
}

async function store(journal: JournalOfTest, blocks: readonly Block[]): Promise<void> {
  await journal.sql("DELETE FROM block_lift");
  await journal.sql("DELETE FROM block");
  for (const { id, kind, provider, unit, since, until, except, ended, lifts } of blocks) {
    await journal.sql(
      `INSERT INTO block (id, patient, kind, care_provider, care_unit, since, until, except_kinds, registered, registered_by, ended, ended_by, end_reason)
       VALUES ($1, 'p1', $2, $3, $4, $5, $6, $7, now(), 'x', $8, $9, $10)`,
      [
        id,
        kind,
        provider,
        unit,
        since,
        until,
        except,
        ended ? "2026-01-01" : null,
        ended ? "x" : null,
        ended ? "lifted" : null,
      ],
    );
    for (const [n, lift] of lifts.entries())
      await journal.sql(
        `INSERT INTO block_lift (id, block, care_unit, employee, until, reason, registered, registered_by, ended, ended_by)
         VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5), 'Emergency', now(), 'x', $6, $7)`,
        [
          `${id}-${n}`,
          id,
          lift.unit,
          lift.employee,
          lift.hours,
          lift.ended ? "2026-01-01" : null,
          lift.ended ? "x" : null,
        ],
      );
  }
}

test(`JRN-BLOCK-1 both locks keep back exactly what the table of blocks says (seed ${SEED})`, async (t) => {
  const journal = await journalNow(t);
  const random = seededRandom(SEED);
  await journal.put(patient("p1"));
  const records: Record[] = [];
  for (let n = 0; n < 48; n += 1) {
    const type = TYPES[n % TYPES.length] ?? "Observation";
    const record = {
      id: `r${n}`,
      type,
      unit: random.pick([...UNITS, null]),
      lo: random.next() < 0.2 ? null : random.int(30),
    };
    records.push(record);
    await journal.put(resourceOf(record), { ...OURS, careUnit: record.unit as string });
    await journal.put({ ...resourceOf(record), language: "sv" }, OURS); // so that there is an older version
  }
  const seen = { hidden: 0, shown: 0 };
  for (let round = 0; round < 60; round += 1) {
    const blocks = Array.from({ length: 1 + random.int(3) }, (_, n) => blockFrom(random, n));
    await store(journal, blocks);
    const reader = {
      kind: "provider",
      careProvider: OURS.careProvider,
      careUnit: random.pick(UNITS),
      employee: random.pick(["one", "two"]),
    } as const;
    const expected = records.filter((record) => !isBlocked(record, blocks, reader)).map(({ id }) => id);
    const throughSecond = new Set<string>();
    const throughFirst = new Set<string>();
    for (const type of TYPES) {
      const table = type.toLowerCase();
      const look = { name: `all ${type}`, text: `SELECT id FROM ${table}` };
      const second = await journal.store.read(reachSetting(reader), (tx) => tx.search(look));
      second.forEach(({ id }) => throughSecond.add(String(id)));
      const values: unknown[] = [];
      const where = predicateOf(reader, timeColumnsOf)("r", type, (value) => `$${values.push(value)}`);
      const first = await journal.store.read("*", (tx) =>
        tx.search({ text: `SELECT id FROM ${table} AS r WHERE ${where}`, values }),
      );
      first.forEach(({ id }) => throughFirst.add(String(id)));
    }
    const told = JSON.stringify({ round, reader, blocks });
    assert.deepEqual(
      records.filter(({ id }) => throughSecond.has(id)).map(({ id }) => id),
      expected,
      told,
    );
    assert.deepEqual(
      records.filter(({ id }) => throughFirst.has(id)).map(({ id }) => id),
      expected,
      told,
    );
    // A version in history and a line of the change log have no time of their own: a period lets none of them through.
    const timeless = records
      .filter((record) => !isBlocked({ ...record, lo: null }, blocks, reader))
      .map(({ id }) => id);
    for (const table of ["history", "change_log"]) {
      const look = { name: `all ${table}`, text: `SELECT DISTINCT id FROM ${table} WHERE type <> 'Patient'` };
      const rows = await journal.store.read(reachSetting(reader), (tx) => tx.search(look));
      assert.deepEqual(rows.map(({ id }) => String(id)).toSorted(), timeless.toSorted(), `${table} ${told}`);
    }
    seen.hidden += records.length - expected.length;
    seen.shown += expected.length;
  }
  assert.ok(seen.hidden > 200 && seen.shown > 200, JSON.stringify(seen));
});

test("JRN-BLOCK-2 a block is registered once, seen by whom it is about, and only guessed by others", async (t) => {
  const journal = await journalNow(t);
  await journal.put(patient("p1"));
  const [a, b] = [at(journal, UNITS[0]), at(journal, UNITS[1])];
  assert.deepEqual((await blocksOf(b, "p1")).value, { hidden: false, liftedUntil: null, items: [] });
  const { value: first } = await registerBlock(a, "p1", { kind: "inner", ...WHOLE });
  const { value: again } = await registerBlock(a, "p1", { kind: "inner", ...WHOLE });
  assert.deepEqual(again, first);
  assert.equal(first.hidden, false);
  assert.equal(first.items.length, 1);
  assert.deepEqual((await blocksOf(b, "p1")).value, { hidden: true, liftedUntil: null, items: [] });
  const twenty = await Promise.all(
    Array.from({ length: 20 }, () => registerBlock(b, "p1", { kind: "inner", ...WHOLE })),
  );
  assert.ok(twenty.every(({ value }) => value.items.length === 1));
  assert.deepEqual(await journal.sql("SELECT count(*)::int AS n FROM block"), [{ n: 2 }]);
});

test("JRN-BLOCK-3 a block ends where it is about, for good, and what was registered stays in the record", async (t) => {
  const journal = await journalNow(t);
  await journal.put(patient("p1"));
  const [a, b] = [at(journal, UNITS[0]), at(journal, UNITS[1])];
  const { items } = (await registerBlock(a, "p1", { kind: "inner", ...WHOLE })).value;
  const which = { patient: "p1", block: items[0]?.id ?? "" };
  await assert.rejects(endBlock(b, which, "mistake"), { code: "NOT_FOUND" });
  await assert.rejects(endBlock(a, { ...which, patient: "p2" }, "mistake"), { code: "NOT_FOUND" });
  assert.deepEqual((await endBlock(a, which, "mistake")).value.items, []);
  await assert.rejects(endBlock(a, which, "lifted"), { code: "NOT_FOUND" });
  assert.equal((await blocksOf(b, "p1")).value.hidden, false);
  assert.deepEqual(await journal.sql("SELECT end_reason, ended_by FROM block"), [
    { end_reason: "mistake", ended_by: `${UNITS[0]}-P` },
  ]);
});

test("JRN-BLOCK-4 a lift opens for the one who asked, until it ends by itself or is taken back", async (t) => {
  const journal = await journalNow(t);
  await journal.put(patient("p1"));
  const [a, b, c] = UNITS.map((unit) => at(journal, unit)) as [Visit, Visit, Visit];
  await registerBlock(a, "p1", { kind: "inner", ...WHOLE });
  const wish = { reason: "Emergency", hours: 2, note: "Medvetslös, okänd medicinering" } as const;
  const { value } = await liftBlocks(b, "p1", wish);
  assert.equal(value.hidden, false);
  assert.ok(Math.abs(Date.parse(value.liftedUntil ?? "") - Date.now() - 2 * 3_600_000) < 60_000);
  assert.equal((await blocksOf(c, "p1")).value.hidden, true);
  assert.equal((await endLifts(b, "p1")).value.hidden, true);
  await liftBlocks(b, "p1", wish);
  await journal.sql("UPDATE block_lift SET until = now() - interval '1 ms'");
  assert.equal((await blocksOf(b, "p1")).value.hidden, true);
  for (const bad of [{ hours: 0 }, { hours: 25 }, { hours: Number.NaN }, { note: "  " }])
    await assert.rejects(liftBlocks(b, "p1", { ...wish, ...bad }), { code: "BLOCK_INVALID" });
});

test("JRN-BLOCK-5 a lift where nothing is blocked answers as any other and opens nothing to come", async (t) => {
  const journal = await journalNow(t);
  await journal.put(patient("p1"));
  const [a, b] = [at(journal, UNITS[0]), at(journal, UNITS[1])];
  const wish = { reason: "PatientsConsent", hours: 24, note: "Samtycker muntligt" } as const;
  assert.deepEqual((await liftBlocks(b, "p1", wish)).value, { hidden: false, liftedUntil: null, items: [] });
  await registerBlock(a, "p1", { kind: "inner", ...WHOLE });
  assert.equal((await blocksOf(b, "p1")).value.hidden, true);
});

test("JRN-BLOCK-6 everything about blocks stands in the log before it is told, and nothing is done for who may not", async (t) => {
  const journal = await journalNow(t);
  await journal.put(patient("p1"));
  const a = at(journal, UNITS[0]);
  await registerBlock(a, "p1", { kind: "outer", ...WHOLE });
  assert.deepEqual(
    (await journal.log(a.request)).map(({ action, outcome, patient: of }) => [action, outcome, of]),
    [["block", "granted", "p1"]],
  );
  const unknown = at(journal, UNITS[1]);
  await assert.rejects(registerBlock(unknown, "nobody", { kind: "inner", ...WHOLE }), { code: "NOT_FOUND" });
  await assert.rejects(blocksOf(unknown, "nobody"), { code: "NOT_FOUND" });
  const machine = journal.client();
  await assert.rejects(registerBlock(machine, "p1", { kind: "inner", ...WHOLE }), { code: "FORBIDDEN" });
  const ended = journal.person(OURS, { until: "2020-01-01" });
  await assert.rejects(liftBlocks(ended, "p1", { reason: "Emergency", hours: 1, note: "x" }), { code: "FORBIDDEN" });
  for (const visit of [unknown, machine, ended])
    assert.ok((await journal.log(visit.request)).every(({ outcome }) => outcome === "refused"));
  assert.deepEqual(await journal.sql("SELECT count(*)::int AS n FROM block"), [{ n: 1 }]);
  const wrong = { kind: "inner", ...WHOLE, since: "2026-02-01T00:00:00Z", until: "2026-01-01T00:00:00Z" } as const;
  await assert.rejects(registerBlock(a, "p1", wrong), { code: "BLOCK_INVALID" });
});

test("JRN-BLOCK-7 who has read does not tell that a blocked unit has", async (t) => {
  const journal = await journalNow(t);
  await journal.put(patient("p1"));
  const [a, b] = [at(journal, UNITS[0]), at(journal, UNITS[1])];
  await readResource(a, "Patient", "p1");
  await readResource(b, "Patient", "p1");
  const units = async (visit: Visit): Promise<Set<string>> => {
    const { items } = (await readersOf(visit, "p1", { count: 100 })).value;
    return new Set(items.map(({ actor }) => actor).filter((actor) => actor.endsWith("-P")));
  };
  const [staffOfA, staffOfB] = [`${UNITS[0]}-P`, `${UNITS[1]}-P`];
  assert.ok((await units(b)).has(staffOfA));
  await registerBlock(a, "p1", { kind: "inner", ...WHOLE });
  assert.deepEqual(await units(b), new Set([staffOfB]));
  assert.ok((await units(a)).has(staffOfB));
  // Lines from before units had their HSA-ids in the log tell a name only.
  await journal.sql("ALTER TABLE access_log DISABLE TRIGGER ALL");
  await journal.sql(`UPDATE access_log SET entry = regexp_replace(entry, '"careUnitId":"[^"]*",', '')`);
  assert.ok((await units(b)).has(staffOfB), "the own unit, by its name");
  await liftBlocks(b, "p1", { reason: "Emergency", hours: 1, note: "x" });
  assert.ok((await units(b)).has(staffOfA));
});

test("JRN-BLOCK-8 where rows lie on several servers a block that would not hold is refused", async (t) => {
  const journal = await journalNow(t);
  await journal.put(patient("p1"));
  const auditKey = generateKeyPairSync("ed25519").privateKey;
  const store = await Store.open({ config: journal.database.config, auditKey, clock: journal.clock, spread: "here" });
  t.after(() => store.close());
  const visit = { ...at(journal, UNITS[0]), store };
  await assert.rejects(registerBlock(visit, "p1", { kind: "inner", ...WHOLE }), { code: "NOT_SUPPORTED" });
  assert.deepEqual(await journal.sql("SELECT 1 FROM block"), []);
});
