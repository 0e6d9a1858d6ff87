/** Rules of ../SPEC.md: what opens a patient's records to people. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { predicateOf, reachSetting, type CareReach } from "../../access/index.ts";
import { seededRandom, type SeededRandom } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { timeColumnsOf } from "../../search/index.ts";
import type { CareFact, CareKind } from "../../store/index.ts";
import {
  careOf,
  commit,
  endCare,
  openCare,
  placeNames,
  readResource,
  rewriteOpenings,
  searchResources,
  type CareWish,
  type Visit,
} from "../index.ts";
import {
  asCreate,
  journalOfTest,
  observation,
  OURS,
  patient,
  putInDirectory,
  THEIRS,
  type JournalOfTest,
} from "../testing/index.ts";

const SEED = 20_261_122;
const HOUR = 3_600_000;
const UNITS = ["11", "12", "13"].map((unit) => `SE2321000131-E0000000000${unit}`);
const PEOPLE = ["one", "two"];

/** A journal in which nobody is in anybody's care, with a clock that is the database's. */
async function strangers(t: Parameters<typeof journalOfTest>[0]): Promise<JournalOfTest> {
  const journal = await journalOfTest(t, { isUnrelated: true });
  journal.clock.forward(Date.now() - journal.clock().getTime());
  return journal;
}

function encounter(id: string, status: string, more: JsonObject = {}): JsonObject {
  const kind = { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" };
  return { resourceType: "Encounter", id, status, class: kind, subject: { reference: "Patient/p1" }, ...more };
}

const INSTANT = (at: number): string => new Date(at).toISOString();

/** What of the patient is there: a row for each source, and the source it lies at. */
type Row = { readonly id: string; readonly provider: string; readonly unit: string | null };

function rows(): Row[] {
  const theirs = [THEIRS.careUnit, "SE2321000131-E000000000023"];
  const own = [...UNITS, null].map((unit) => ({ provider: OURS.careProvider, unit }));
  return [...own, ...theirs.map((unit) => ({ provider: THEIRS.careProvider, unit }))].map((one, n) => ({
    ...one,
    id: `r${n}`,
  }));
}

/** Some facts of any kind, of now, before and after. */
function factsFrom(random: SeededRandom, now: number): CareFact[] {
  const kinds: readonly CareKind[] = ["relation", "reason", "choice", "choice", "choice", "consent", "emergency"];
  return Array.from({ length: 2 + random.int(7) }, (_, n): CareFact => {
    const kind = random.pick(kinds);
    const since = now + random.pick([-3, -1, -1, 1]) * HOUR;
    const length = random.pick([1.1, 2.1, 3.5]) * HOUR;
    const isOpen = (kind === "relation" || kind === "consent") && random.int(3) === 0;
    const isOfAll = (kind === "relation" || kind === "consent") && random.int(2) === 0;
    const chosen = random.pick(rows());
    const isAllOfTheirs = chosen.provider === THEIRS.careProvider && random.int(2) === 0;
    return {
      id: `fact-${n}`,
      patient: "p1",
      kind,
      careProvider: OURS.careProvider,
      careUnit: random.pick(UNITS.slice(0, 2)),
      employee: isOfAll ? null : random.pick(PEOPLE),
      sourceProvider: kind === "choice" ? chosen.provider : null,
      sourceUnit: kind !== "choice" || isAllOfTheirs ? null : (chosen.unit ?? "-"),
      reason: kind === "reason" || kind === "emergency" ? "because" : null,
      representedBy: null,
      since: INSTANT(since),
      until: isOpen ? null : INSTANT(since + length),
      registered: INSTANT(since),
      registeredBy: "one",
    };
  });
}

/** What it takes to read another care provider's records, of which one thing may be missing. */
function agreedFrom(random: SeededRandom, now: number): CareFact[] {
  const [employee, careUnit] = [random.pick(PEOPLE), UNITS[0]];
  const isChoice = (kind: CareKind): boolean => kind === "choice";
  return (["relation", "consent", "choice"] as const)
    .filter(() => random.int(8) > 0)
    .map((kind) => ({
      id: `agreed-${kind}`,
      patient: "p1",
      kind,
      careProvider: OURS.careProvider,
      careUnit: careUnit ?? "",
      employee,
      sourceProvider: isChoice(kind) ? THEIRS.careProvider : null,
      sourceUnit: null,
      reason: null,
      representedBy: null,
      since: INSTANT(now - HOUR),
      until: INSTANT(now + HOUR),
      registered: INSTANT(now - HOUR),
      registeredBy: employee,
    }));
}

/** The law of the three gates in plain words: which rows somebody may read, by what is in force now. */
function mayRead(
  row: Row,
  { careUnit, employee }: CareReach,
  { facts, contacts, now }: { facts: readonly CareFact[]; contacts: readonly string[]; now: number },
): boolean {
  const holds = facts.filter(
    ({ careUnit: unit, employee: whose, since, until }) =>
      unit === careUnit &&
      (whose ?? employee) === employee &&
      Date.parse(since) <= now &&
      (until === null || Date.parse(until) >= now),
  );
  const has = (kind: CareKind): boolean => holds.some((fact) => fact.kind === kind);
  const isRelated = holds.some((fact) => fact.kind === "relation" && fact.employee !== null);
  const need = contacts.includes(careUnit) || has("relation") || has("reason") || has("emergency");
  const isChosen = holds.some(
    ({ kind, sourceProvider, sourceUnit }) =>
      kind === "choice" && sourceProvider === row.provider && (sourceUnit === null || sourceUnit === (row.unit ?? "-")),
  );
  if (row.provider !== OURS.careProvider) return isRelated && isChosen && (has("consent") || has("emergency"));
  return row.unit === careUnit ? need : need && isChosen;
}

test(`JRN-CARE-1 both locks let through exactly what the gates open (seed ${SEED})`, async (t) => {
  const journal = await strangers(t);
  const random = seededRandom(SEED);
  await journal.put(patient("p1"));
  for (const { id, provider, unit } of rows()) {
    const owner = { careProvider: provider, careUnit: unit as string };
    await journal.put(observation(id), owner);
    await journal.put(observation(id, "Patient/p1", { language: "sv" }), owner);
  }
  // What is about nobody is the care provider's own affair.
  const { subject: _nobody, ...ofNobody } = observation("nobody");
  await journal.put({ ...ofNobody, id: "nobody-ours" }, OURS);
  await journal.put({ ...ofNobody, id: "nobody-theirs" }, THEIRS);
  const seen = { open: 0, closed: 0, theirs: 0 };
  for (let round = 0; round < 80; round += 1) {
    const now = Date.now();
    const contacts = UNITS.slice(0, 2).filter(() => random.int(3) === 0);
    const facts = [...factsFrom(random, now), ...(random.int(2) === 0 ? agreedFrom(random, now) : [])];
    await journal.sql("DELETE FROM opening; DELETE FROM care_fact; DELETE FROM encounter");
    for (const unit of contacts) await journal.put(encounter(`e-${unit}`, "in-progress"), { ...OURS, careUnit: unit });
    await journal.store.write("*", async (tx) => {
      for (const fact of facts) await tx.care.add(fact);
      await rewriteOpenings(tx, "p1", { before: [], now: new Date(now) });
    });
    const reader: CareReach = {
      kind: "provider",
      careProvider: OURS.careProvider,
      careUnit: random.pick(UNITS.slice(0, 2)),
      employee: random.pick(PEOPLE),
    };
    const expected = rows().filter((row) => mayRead(row, reader, { facts, contacts, now }));
    const told = JSON.stringify({ round, reader, contacts, facts });
    const second = await journal.store.read(reachSetting(reader), (look) =>
      look.search({ text: "SELECT id FROM observation ORDER BY id" }),
    );
    const values: unknown[] = [];
    const where = predicateOf(reader, timeColumnsOf)("r", "Observation", (value) => `$${values.push(value)}`);
    const first = await journal.store.read("*", (look) =>
      look.search({ text: `SELECT id FROM observation AS r WHERE ${where} ORDER BY id`, values }),
    );
    const old = await journal.store.read(reachSetting(reader), (look) =>
      look.search({
        text: "SELECT 'nobody-ours' AS id UNION ALL SELECT id FROM history WHERE type = 'Observation' ORDER BY id",
      }),
    );
    const ids = ["nobody-ours", ...expected.map(({ id }) => id)];
    assert.deepEqual(
      second.map(({ id }) => id),
      ids,
      `row-level security ${told}`,
    );
    assert.deepEqual(
      first.map(({ id }) => id),
      ids,
      `predicate ${told}`,
    );
    assert.deepEqual(
      old.map(({ id }) => id),
      ids,
      `history ${told}`,
    );
    seen.open += expected.length;
    seen.closed += rows().length - expected.length;
    seen.theirs += expected.filter(({ provider }) => provider === THEIRS.careProvider).length;
  }
  assert.ok(seen.open > 60 && seen.closed > 60 && seen.theirs > 5, JSON.stringify(seen));
});

/** Which of the patient's observations the visit finds, or the refusal's code. */
async function found(visit: Visit): Promise<string[] | string> {
  try {
    const { value } = await searchResources(visit, "Observation", [["patient", "p1"]]);
    return value.rows.map(({ id }) => id).toSorted();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test("JRN-CARE-2 a care contact opens the unit's records while it lasts and 90 days after; one that was cancelled opens nothing", async (t) => {
  const journal = await strangers(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"));
  const day = (days: number): string => INSTANT(Date.now() + days * 24 * HOUR).slice(0, 10);
  const asked = async (contact: JsonObject): Promise<string[] | string> => {
    await journal.put(contact);
    const answer = await found(journal.person());
    await journal.sql(`DELETE FROM ${String(contact["resourceType"]).toLowerCase()}`);
    assert.equal(await found(journal.person()), "NO_CARE_RELATION");
    return answer;
  };
  const ended = (start: number, end: number): JsonObject => ({ period: { start: day(start), end: day(end) } });
  assert.deepEqual(await asked(encounter("e", "in-progress")), ["o1"]);
  assert.deepEqual(await asked(encounter("e", "planned", { period: { start: day(20) } })), ["o1"]);
  assert.deepEqual(await asked(encounter("e", "finished", ended(-89, -88))), ["o1"]);
  assert.equal(await asked(encounter("e", "finished", ended(-95, -92))), "NO_CARE_RELATION");
  for (const status of ["cancelled", "entered-in-error"])
    assert.equal(await asked(encounter("e", status, ended(-2, -1))), "NO_CARE_RELATION", status);
  const episode = { resourceType: "EpisodeOfCare", id: "ep", status: "active", patient: { reference: "Patient/p1" } };
  assert.deepEqual(await asked({ ...episode, period: { start: "2019-01-01" } }), ["o1"]);
  assert.equal(
    await asked({ ...episode, status: "finished", period: { start: "2019-01-01", end: "2020-01-01" } }),
    "NO_CARE_RELATION",
  );
  const appointment = {
    resourceType: "Appointment",
    id: "a",
    status: "booked",
    start: INSTANT(Date.now() + HOUR),
    end: INSTANT(Date.now() + 2 * HOUR),
    participant: [{ actor: { reference: "Patient/p1" }, status: "accepted" }],
  };
  assert.deepEqual(await asked(appointment), ["o1"]);
  await journal.put(encounter("again", "in-progress"));
  await journal.put(encounter("again", "cancelled")); // a new version takes back what the one before opened
  assert.equal(await found(journal.person()), "NO_CARE_RELATION");
});

test("JRN-CARE-3 reason, relation, choice and consent open what the law says, the same twice is one, and only one's own is ended", async (t) => {
  const journal = await strangers(t);
  await journal.put(patient("p1"));
  await journal.put(observation("here"));
  await journal.put(observation("beside"), { ...OURS, careUnit: UNITS[1] ?? "" });
  await journal.put(observation("theirs"), THEIRS);
  const visit = (): Visit => journal.person();
  const open = async (wish: CareWish) => (await openCare(visit(), "p1", wish)).value;
  assert.equal((await careOf(visit(), "p1")).value.refusal?.rule, "ACC-NO-NEED");
  await open({ kind: "reason", reason: "Telefonrådgivning" });
  await open({ kind: "reason", reason: "Telefonrådgivning" });
  assert.deepEqual(await found(visit()), ["here"]);
  const state = (await careOf(visit(), "p1")).value;
  assert.equal(state.facts.length, 1);
  assert.deepEqual(
    new Map(state.hidden.map(({ place, rule }) => [place?.careUnit, rule])),
    new Map([
      [UNITS[1], "ACC-NEEDS-CHOICE"],
      [THEIRS.careUnit, "ACC-NEEDS-RELATION"],
    ]),
  );
  await open({ kind: "choice", source: { careProvider: OURS.careProvider, careUnit: UNITS[1] ?? "" } });
  assert.deepEqual(await found(visit()), ["beside", "here"]);
  await open({ kind: "choice", source: { careProvider: THEIRS.careProvider, careUnit: null } });
  await open({ kind: "relation" });
  assert.deepEqual(await found(visit()), ["beside", "here"]);
  const agreed = await open({ kind: "consent", days: 7, representedBy: null });
  assert.deepEqual(await found(visit()), ["beside", "here", "theirs"]);
  assert.deepEqual(agreed.hidden, []);
  const consent = agreed.facts.find(({ kind }) => kind === "consent");
  assert.ok(consent);
  const stranger = journal.person({ ...OURS, careUnit: UNITS[1] ?? "" });
  await assert.rejects(endCare(stranger, { patient: "p1", fact: consent.id }, "withdrawn"), { code: "NOT_FOUND" });
  await endCare(visit(), { patient: "p1", fact: consent.id }, "withdrawn");
  await assert.rejects(endCare(visit(), { patient: "p1", fact: consent.id }, "withdrawn"), { code: "NOT_FOUND" });
  assert.deepEqual(await found(visit()), ["beside", "here"]);
  for (const { id } of (await careOf(visit(), "p1")).value.facts)
    await endCare(visit(), { patient: "p1", fact: id }, "mistake");
  assert.equal(await found(visit()), "NO_CARE_RELATION");
});

test("JRN-CARE-4 an emergency opens at once, for four hours, with exactly one review however often it is asked for", async (t) => {
  const journal = await strangers(t);
  await journal.put(patient("p1"));
  await journal.put(observation("here"));
  await journal.put(observation("theirs"), THEIRS);
  const wish = { kind: "emergency", reason: "Medvetslös, okända läkemedel" } as const;
  await Promise.all([1, 2, 3].map(() => openCare(journal.person(), "p1", wish)));
  const reviews = await journal.sql<{ fact: string; hours: number }>(
    "SELECT r.fact, round(extract(epoch FROM f.until - f.since) / 3600)::int AS hours FROM emergency_review AS r JOIN care_fact AS f ON f.id = r.fact",
  );
  assert.equal(reviews.length, 1);
  assert.equal(reviews[0]?.hours, 4);
  await openCare(journal.person(), "p1", {
    kind: "choice",
    source: { careProvider: THEIRS.careProvider, careUnit: null },
  });
  assert.deepEqual(await found(journal.person()), ["here", "theirs"]);
  await assert.rejects(openCare(journal.person(), "p1", { kind: "emergency", reason: "  " }), { code: "CARE_INVALID" });
  const [entry] = (await journal.log()).filter(({ action }) => action === "emergency access");
  assert.equal(entry?.patient, "p1");
});

test("JRN-CARE-5 the log says what opened each patient; whoever nothing opens it to is refused, reads nothing and writes nothing", async (t) => {
  const journal = await strangers(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"));
  const stranger = journal.person();
  assert.equal(await found(stranger), "NO_CARE_RELATION");
  await assert.rejects(readResource(stranger, "Observation", "o1"), { code: "NOT_FOUND" });
  const writing = { ...asCreate({ ...observation(undefined) }) };
  await assert.rejects(commit(journal.person(), [writing]), { code: "NO_CARE_RELATION" });
  assert.equal((await journal.sql("SELECT 1 FROM observation")).length, 1);
  assert.equal((await journal.log(stranger.request))[0]?.outcome, "refused");
  // Whoever registers a contact makes the relation.
  const { id: _id, ...arrival } = encounter("x", "arrived");
  await commit(journal.person(), [asCreate(arrival), writing]);
  const reading = journal.person();
  await readResource(reading, "Observation", "o1");
  const [entry] = await journal.log(reading.request);
  assert.equal(
    entry?.ground,
    "ACC-NEED-CONTACT · PDL 4 kap. 1 § · Överläkare med uppdrag vid Medicinkliniken: vårdenheten har en vårdkontakt med patienten.",
  );
});

test("JRN-CARE-6 of each open source it is told until when: a contact's 90 days, the longest of several, a choice no longer than the need", async (t) => {
  const journal = await strangers(t);
  await journal.put(patient("p1"));
  await journal.put(observation("here"));
  await journal.put(observation("beside"), { ...OURS, careUnit: UNITS[1] ?? "" });
  const ends = async (): Promise<(string | null)[]> =>
    (await careOf(journal.person(), "p1")).value.open.map(({ until }) => until);
  const day = (days: number): string => INSTANT(Date.now() + days * 24 * HOUR);
  const days = async (): Promise<(number | null)[]> =>
    (await ends()).map((end) => (end === null ? null : Math.round((Date.parse(end) - Date.now()) / (24 * HOUR))));
  await openCare(journal.person(), "p1", { kind: "reason", reason: "Telefonrådgivning" });
  assert.deepEqual(await days(), [1]);
  await journal.put(encounter("e1", "finished", { period: { start: day(-85), end: day(-80) } }));
  assert.deepEqual(await days(), [10]);
  await journal.put(encounter("e1", "finished", { period: { start: day(-91), end: day(-89.9) } }));
  await openCare(journal.person(), "p1", { kind: "choice", source: { ...OURS, careUnit: UNITS[1] ?? "" } });
  assert.deepEqual(await days(), [1, 1]);
  await journal.put(encounter("e1", "in-progress"));
  assert.deepEqual(await days(), [null, 1]);
});

test("JRN-CARE-NAMES-1 places are named as the directory names them, and one that it does not know is left out", async (t) => {
  const journal = await strangers(t);
  const visit = journal.person();
  assert.equal(visit.actor.kind, "person");
  if (visit.actor.kind === "person") await putInDirectory(journal, visit.actor);
  const { value } = await placeNames(visit, [OURS.careUnit, OURS.careProvider, "SE-UNKNOWN"]);
  assert.deepEqual(value, { [OURS.careUnit]: "Medicinkliniken", [OURS.careProvider]: "Region Västmark" });
});
