/** Rules of src/access/SPEC.md and ../../SPEC.md over generated cells: the engine against the reference, and what must hold of every cell. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decideRecord, decideWithin, patientReach, surveySources } from "../../../access/index.ts";
import { seededRandom } from "../../../base/index.ts";
import type { Invocation } from "../../command.ts";
import { configOf } from "../../config.ts";
import { fuzzCommand } from "../fuzz.ts";
import type { Cell, DoorCell, StaffCell } from "./cells.ts";
import { compare, emptyComparison, referenceOf, unseen, verdictOf } from "./compare.ts";
import { cells } from "./generate.ts";

const SEED = 7;

function some(count: number, seed: number): Cell[] {
  const source = cells(seededRandom(seed));
  return Array.from({ length: count }, () => source.next().value);
}

async function fuzz(...args: string[]): Promise<{ code: number; last: Record<string, unknown>; told: string[] }> {
  const printed: string[] = [];
  const told: string[] = [];
  const invocation: Invocation = {
    args: ["fuzz", "access", ...args],
    config: configOf({}, { webRoot: "", version: "test" }),
    terminal: {
      print: (line) => printed.push(line),
      tell: (line) => told.push(line),
      progress: () => undefined,
      onStop: () => undefined,
    },
    clock: () => new Date(),
    self: { command: [], environment: {} },
  };
  const code = await fuzzCommand(invocation);
  return { code, last: JSON.parse(printed.at(-1) ?? "") as Record<string, unknown>, told };
}

test(`ACC-ORACLE-1 and CLI-FUZZ-5 60,000 cells: the engine decides as the reference does (seed ${SEED})`, async () => {
  const { code, last, told } = await fuzz("--requests", "60000", "--seed", String(SEED));
  assert.equal(code, 0, told.join("\n"));
  assert.deepEqual([last["cells"], last["differences"], last["unseen"], last["seed"]], [60_000, 0, 0, SEED]);
});

test("CLI-FUZZ-6 a run in which some class of answers never came does not pass", async () => {
  const { code, last, told } = await fuzz("--requests", "5", "--seed", String(SEED));
  assert.equal(code, 1);
  assert.equal(last["differences"], 0);
  assert.ok(told.some((line) => line.startsWith("never seen: ")));
});

test("CLI-FUZZ-7 the same seed gives the same cells", () => {
  assert.deepEqual(some(500, 1), some(500, 1));
  assert.notDeepEqual(some(500, 1), some(500, 2));
});

/** Engines that get one thing wrong, each made by bending what the right one is asked. */
const staff =
  (bend: (cell: StaffCell) => StaffCell) =>
  (cell: Cell): Cell =>
    cell.kind === "staff" ? bend(cell) : cell;
const door =
  (bend: (cell: DoorCell) => DoorCell) =>
  (cell: Cell): Cell =>
    cell.kind === "door" ? bend(cell) : cell;
const patient = (bend: (one: StaffCell["patient"], cell: StaffCell) => Partial<StaffCell["patient"]>) =>
  staff((cell) => ({ ...cell, patient: { ...cell.patient, ...bend(cell.patient, cell) } }));
const each = <T extends object>(list: readonly T[], bend: (one: T) => Partial<T>): readonly T[] =>
  list.map((one) => ({ ...one, ...bend(one) }));
const moved = (at: string, ms: number): string =>
  Number.isNaN(Date.parse(at)) ? at : new Date(Date.parse(at) + ms).toISOString();

const WRONG: Readonly<Record<string, (cell: Cell) => Cell>> = {
  "a millisecond late": (cell) => ({ ...cell, at: moved(cell.at, 1) }),
  "a millisecond early": (cell) => ({ ...cell, at: moved(cell.at, -1) }),
  "knows no blocks": patient(() => ({ blocks: [] })),
  "takes outer blocks for inner": patient(({ blocks }) => ({ blocks: each(blocks, () => ({ kind: "inner" })) })),
  "knows no lifts": patient(({ blocks }) => ({ blocks: each(blocks, () => ({ revokes: [], lifted: null })) })),
  "lifts for everybody at the unit": patient(({ blocks }) => ({
    blocks: each(blocks, ({ revokes }) => ({ revokes: each(revokes ?? [], () => ({ employee: null })) })),
  })),
  "leaves nothing out of a block": patient(({ blocks }) => ({ blocks: each(blocks, () => ({ excluded: [] })) })),
  "does not look at a block's period": patient(({ blocks }) => ({
    blocks: each(blocks, () => ({ start: null, end: null })),
  })),
  "keeps withdrawn consents": patient(({ consents }) => ({ consents: each(consents, () => ({ cancelled: null })) })),
  "keeps consents registered by mistake": patient(({ consents }) => ({
    consents: each(consents, () => ({ deleted: null })),
  })),
  "takes any consent for the whole unit's": patient(({ consents }) => ({
    consents: each(consents, () => ({ employee: null })),
  })),
  "wants no relation of one's own": patient(({ relations }, { staff: { employee } }) => ({
    relations: each(relations, (one) => (one.employee === null ? { employee } : {})),
  })),
  "chooses a whole care provider": patient(({ choices }) => ({ choices: each(choices, () => ({ careUnit: null })) })),
  "has no emergency": patient(() => ({ emergencies: [] })),
  "asks for no analysis": staff((cell) => ({ ...cell, staff: { ...cell.staff, analysis: "x" } })),
  "asks for no purpose": staff((cell) => ({
    ...cell,
    staff: { ...cell.staff, purpose: "Vård och behandling", isClinical: true },
  })),
  "forgets a student's time": staff((cell) => ({ ...cell, staff: { ...cell.staff, term: null } })),
  "takes an unknown time for none": staff((cell) => ({
    ...cell,
    record: { ...cell.record, end: cell.record?.end ?? "1900-01-01" },
  })),
  "tells everything to the patient": door((cell) => ({ ...cell, record: { ...cell.record, isNotForPatient: false } })),
  "forgets what is not for others": door((cell) => ({ ...cell, record: { ...cell.record, classes: [] } })),
  "forgets protection": door((cell) => ({
    ...cell,
    person: { ...cell.person, protection: { sekretessmarkering: false, skyddadFolkbokforing: false } },
  })),
  "keeps lost custody": door((cell) => ({
    ...cell,
    person: { ...cell.person, representations: each(cell.person?.representations ?? [], () => ({ ended: null })) },
  })),
  "reckons days in UTC": door((cell) => ({ ...cell, at: moved(cell.at, -2 * 3_600_000) })),
};

test("ACC-ORACLE-2 the comparison finds every engine that gets one thing wrong", () => {
  const tried = some(20_000, SEED).filter((cell) => !referenceOf(cell).alarm);
  for (const [name, bend] of Object.entries(WRONG)) {
    const comparison = emptyComparison();
    const found = tried.find((cell) => compare(comparison, cell, (one) => verdictOf(bend(one))) !== undefined);
    assert.ok(found !== undefined && comparison.differences === 1, name);
  }
  assert.ok(unseen(emptyComparison()).length > 20, "nothing seen is nothing shown");
});

const UNREADABLE: readonly unknown[] = [undefined, "", " ", 0, {}];

test("ACC-FACTS-3 no part of any fact, made unreadable, ever opens a record that was closed", () => {
  const random = seededRandom(SEED);
  const isOpen = (cell: Cell): boolean => verdictOf(cell).outcome?.startsWith("open") === true;
  let seen = 0;
  for (const cell of some(6000, 11)) {
    if (isOpen(cell)) continue;
    const spoilt = structuredClone(cell);
    let place: object = spoilt;
    for (let depth = 0; depth < 6; depth += 1) {
      const names = Object.keys(place).filter((name) => depth > 0 || !["kind", "limits", "rules", "at"].includes(name));
      if (names.length === 0) break;
      const name = random.pick(names);
      const inside: unknown = Reflect.get(place, name);
      const isDeeper = typeof inside === "object" && inside !== null && random.int(10) > 0;
      if (!isDeeper) Reflect.set(place, name, random.pick(UNREADABLE));
      if (!isDeeper) break;
      place = inside;
    }
    seen += 1;
    assert.ok(!isOpen(spoilt), `${JSON.stringify(cell)} became ${JSON.stringify(spoilt)}`);
  }
  assert.ok(seen > 3000);
});

test("ACC-REACH-1 a record is open exactly when an open clause holds it and no closed one does", () => {
  let open = 0;
  for (const cell of some(6000, 13)) {
    if (cell.kind !== "staff") continue;
    const reach = patientReach(cell.staff, cell.patient, { at: cell.at, limits: cell.limits });
    const decision = decideWithin(reach, cell.record);
    assert.deepEqual(decision, decideRecord(cell.staff, cell, { at: cell.at, limits: cell.limits }));
    if (referenceOf(cell).alarm) continue;
    const { careProvider, careUnit, type } = cell.record;
    const isOf = (clause: { careProvider: string | null; careUnit: string | null }): boolean =>
      (clause.careProvider ?? careProvider) === careProvider && (clause.careUnit ?? careUnit) === careUnit;
    const isOwn = careProvider === reach.reader.careProvider && careUnit === reach.reader.careUnit;
    const alone = { ...reach, closed: [] };
    const mayBeClosed = reach.closed.some((clause) => isOf(clause) && !clause.except.includes(type ?? "-"));
    assert.equal("grounds" in decideWithin(alone, cell.record), reach.refusal === null && reach.open.some(isOf));
    if ("grounds" in decision) open += 1;
    if (
      !isOwn &&
      mayBeClosed &&
      reach.closed.every(({ period }) => period.first === -Infinity && period.last === Infinity)
    )
      assert.ok("refusal" in decision);
    if (!mayBeClosed || isOwn) assert.equal("grounds" in decision, "grounds" in decideWithin(alone, cell.record));
  }
  assert.ok(open > 300, String(open));
});

test("ACC-SURVEY-5 what a chart is told of a source is what the decision on its records is", () => {
  let seen = 0;
  for (const cell of some(6000, 17)) {
    if (cell.kind !== "staff" || referenceOf(cell).alarm) continue;
    const { careProvider, careUnit } = cell.record;
    const reach = patientReach(cell.staff, cell.patient, { at: cell.at, limits: cell.limits });
    const survey = surveySources(reach, [{ careProvider, careUnit }]);
    const decision = decideWithin(reach, cell.record);
    const told = [survey.refusal, ...survey.hidden].flatMap((one) => (one === null ? [] : [one.rule]));
    if ("grounds" in decision) assert.deepEqual(survey.open[0]?.grounds, decision.grounds);
    else assert.ok(told.includes(decision.refusal.rule), `${told.join()} ${decision.refusal.rule}`);
    seen += 1;
  }
  assert.ok(seen > 3000);
});
