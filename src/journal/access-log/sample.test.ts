/** Rules JRN-LOG-RISK, JRN-LOG-SAMPLE and JRN-LOG-REVIEW of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { HSA_SYSTEM, PERSONNUMMER_SYSTEM } from "../../base/index.ts";
import { FhirError, type JsonObject } from "../../fhir/index.ts";
import type { AccessLogEntry } from "../../store/index.ts";
import { journalOfTest, OURS, patient } from "../testing/index.ts";
import { AccessGatherer } from "./accesses.ts";
import { recordReview, reviewStatistics } from "./review.ts";
import { riskConfigIn, USUAL_CONFIG, type RiskConfig } from "./risk-rules.ts";
import { drawSample, type Sample, type SampleAsk } from "./sample.ts";
import { entryOf } from "./testing.ts";

const journal = await journalOfTest({ after });
const SCOPE = "system/AuditEvent.crs";
const PERIOD = { low: "2026-11-01T00:00:00.000Z", high: "2026-11-20T00:00:00.000Z" };
const code = (wanted: string) => (error: unknown) => error instanceof FhirError && error.code === wanted;

const draw = async (more: Partial<SampleAsk> = {}): Promise<Sample> => {
  const ask = { period: PERIOD, size: 1000, seed: "s", config: USUAL_CONFIG, known: new Set<string>(), ...more };
  return (await drawSample(journal.client(SCOPE, null), ask)).value;
};

const number = (value: string): JsonObject => ({ identifier: [{ system: PERSONNUMMER_SYSTEM, value }] });
const address = (line: string, postalCode: string): JsonObject => ({ address: [{ line: [line], postalCode }] });
const named = (family: string): JsonObject => ({ name: [{ family, given: ["Tove"] }] });
const encounter = (whose: string, start: string): JsonObject => ({
  resourceType: "Encounter",
  id: `e-${whose}`,
  status: "finished",
  class: { code: "AMB" },
  subject: { reference: `Patient/${whose}` },
  period: { start, end: start },
});

const READER = "SE2321000131-P000000000001";
const WEEKDAY = "2026-11-11T10:00:00.000Z"; // a Wednesday
await journal.put({
  resourceType: "Practitioner",
  id: "anna",
  identifier: [
    { system: HSA_SYSTEM, value: READER },
    { system: PERSONNUMMER_SYSTEM, value: "197001012399" },
  ],
  ...named("Ek"),
  ...address("Storgatan 1", "411 01"),
});
const PEOPLE: Record<string, JsonObject> = {
  plain: named("Berg"),
  surname: named("EK"),
  address: { ...named("Berg"), ...address("storgatan  1", "41101") },
  staff: { ...named("Berg"), ...number("19700101-2399") },
  known: { ...named("Berg"), ...number("191212121212") },
  emergency: named("Berg"),
  refused: named("Berg"),
  night: named("Berg"),
  stranger: named("Berg"),
  longago: named("Berg"),
  noid: named("Berg"),
};
for (const [id, more] of Object.entries(PEOPLE)) {
  await journal.put(patient(id, more));
  if (id !== "stranger" && id !== "noid")
    await journal.put(encounter(id, id === "longago" ? "2024-01-01" : "2026-03-01"));
}
const read = (whose: string, more: Partial<AccessLogEntry> = {}): AccessLogEntry =>
  entryOf({ patient: whose, actor: READER, recorded: WEEKDAY, careUnitId: OURS.careUnit, ...more });
const { careUnitId: _unit, ...withoutUnit } = read("noid");
await journal.store.recordAccess([
  ...Object.keys(PEOPLE).filter((id) => id !== "noid").map((id) => read(id)), // prettier-ignore
  withoutUnit,
  read("gone"), // a patient that the record does not have
  read("emergency", { ground: "ACC-NEED-EMERGENCY · PDL · Nöd." }),
  ...Array.from({ length: 3 }, () => read("refused", { outcome: "refused" })),
  read("night", { recorded: "2026-11-11T21:30:00.000Z" }), // 22.30 in Sweden
  read("plain", { actor: "client lab", person: null }),
  read("plain", { patient: null }),
]);

test("JRN-LOG-RISK-1 each rule applies where it should, with its reason", async () => {
  const { drawn, accesses } = await draw({ known: new Set(["191212121212"]) });
  const found = new Map(drawn.map((one) => [one.patient, one.findings.map(({ rule }) => rule).join()]));
  assert.deepEqual(Object.fromEntries(found), {
    plain: "",
    surname: "same-surname",
    address: "same-address",
    staff: "colleague",
    known: "known-person",
    emergency: "emergency",
    refused: "refused-repeated",
    night: "outside-hours",
    stranger: "no-relation",
    longago: "no-relation",
    noid: "",
    gone: "no-relation",
  });
  assert.equal(accesses, found.size);
  assert.deepEqual(drawn.map(({ risk }) => risk), drawn.map(({ risk }) => risk).toSorted((a, b) => b - a)); // prettier-ignore
  for (const { findings } of drawn)
    for (const { explanation } of findings)
      assert.match(explanation, /^(?!.*(Ek|Berg|Tove|Anna|1912|Storgatan))[A-ZÅÄÖ0-9].*\.$/);
});

test("JRN-LOG-RISK-2 rows are joined by person, patient, unit and Swedish day", () => {
  const gatherer = new AccessGatherer({ hours: [6, 20] });
  const times = ["2026-10-24T21:59:00Z", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T22:59:00Z", "2026-10-25T23:00:00Z"]; // prettier-ignore
  const rows = times.map((time, n) => ({ time: new Date(time).toISOString(), n }));
  const done = rows.flatMap(({ time, n }) =>
    ["p1", "p2"].flatMap((whose, at) =>
      gatherer.add({
        chain: "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
        seq: String(1 + 2 * n + at),
        recorded: "",
        entry: JSON.stringify(entryOf({ patient: whose, recorded: time })),
      }),
    ),
  );
  const all = [...done, ...gatherer.end()].filter(({ patient: whose }) => whose === "p1");
  assert.deepEqual(
    all.map(({ day, rows: count, outside }) => [day, count, outside]),
    [
      ["2026-10-24", 1, 1],
      ["2026-10-25", 4, 4],
      ["2026-10-26", 1, 1],
    ],
  );
});

test("JRN-LOG-RISK-3 weights and limits are configuration, and what is malformed is refused", async () => {
  const config = riskConfigIn({ weights: { colleague: 0, "same-surname": 40 }, relationDays: 4000 });
  const { drawn } = await draw({ config });
  assert.deepEqual(
    drawn.filter(({ risk }) => risk > 0).map(({ patient: whose, risk }) => [whose, risk]).slice(0, 1), // prettier-ignore
    [["surname", 40]],
  );
  const of = (whose: string) => drawn.find((one) => one.patient === whose)?.risk;
  assert.deepEqual([of("staff"), of("longago"), of("stranger")], [0, 0, USUAL_CONFIG.weights["no-relation"]]);
  assert.deepEqual(riskConfigIn({}), USUAL_CONFIG);
  const bad: readonly unknown[] = [[], null, "x", { weight: {} }, { weights: { vip: 1 } }, { weights: { colleague: -1 } }, { weights: { colleague: "1" } }, { hours: [6] }, { hours: [6, 25] }, { refusals: 1.5 }, { weights: { __proto__: null, constructor: 1 } }]; // prettier-ignore
  for (const json of bad) assert.throws(() => riskConfigIn(json), JSON.stringify(json));
});

test("JRN-LOG-SAMPLE-1 the same seed draws the same sample, another seed another", async () => {
  const samples = [];
  for (const seed of ["a", "a", "b", "c"]) samples.push(await draw({ seed, size: 4 }));
  const [first, again, ...others] = samples.map(({ drawn }) => drawn);
  assert.equal(first?.length, 4);
  assert.deepEqual(first, again);
  assert.ok(others.some((one) => JSON.stringify(one) !== JSON.stringify(first)));
});

test("JRN-LOG-SAMPLE-2 the riskier is drawn more often, and everyone can be", async () => {
  const config: RiskConfig = { ...USUAL_CONFIG, weights: { ...USUAL_CONFIG.weights, "known-person": 20 } };
  const times = new Map<string, number>();
  const of = (whose: string): number => times.get(whose) ?? 0;
  // The entries' own names are drawn anew each time, so the counts vary; the plain one comes about once in 25.
  for (let seed = 0; seed < 160 || (of("plain") === 0 && seed < 1000); seed += 1) {
    const { drawn } = await draw({ seed: `n${seed}`, size: 3, config, known: new Set(["known"]) });
    for (const { patient: whose } of drawn) times.set(whose, of(whose) + 1);
  }
  assert.ok(of("known") > 2 * of("surname") && of("known") > 80, JSON.stringify([...times]));
  assert.ok(of("plain") > 0 && of("plain") < of("known"));
});

test("JRN-LOG-SAMPLE-3 a sample is kept and logged, and others draw none", async () => {
  const visit = journal.client(SCOPE, null);
  const ask = { period: PERIOD, size: 2, seed: "kept", config: USUAL_CONFIG, known: new Set<string>() };
  const { value } = await drawSample(visit, ask);
  const [kept] = await journal.sql("SELECT seed, size, accesses::int, rules FROM access_sample WHERE id = $1", [
    value.id,
  ]);
  assert.deepEqual(kept, { seed: "kept", size: 2, accesses: 12, rules: USUAL_CONFIG });
  const items = await journal.sql<{ access: string }>("SELECT access FROM access_sample_item WHERE sample = $1", [
    value.id,
  ]);
  assert.deepEqual(items.map(({ access }) => access).toSorted(), value.drawn.map(({ id }) => id).toSorted()); // prettier-ignore
  assert.deepEqual(
    (await journal.log(visit.request)).map(({ action, outcome }) => [action, outcome]),
    [["sample access log", "granted"]],
  );
  const before = await journal.sql("SELECT count(*) FROM access_sample");
  for (const other of [journal.person(), journal.client("system/Patient.rs")])
    await assert.rejects(drawSample(other, ask), code("FORBIDDEN"));
  assert.deepEqual(await journal.sql("SELECT count(*) FROM access_sample"), before);
});

const wish = { outcome: "justified", note: "Ringde enheten.", reviewer: "SE2321000131-P000000000009" } as const;

test("JRN-LOG-REVIEW-1 an outcome is kept once, also when two come at the same moment", async () => {
  const { drawn } = await draw();
  const access = drawn.find(({ patient: whose }) => whose === "surname")?.id ?? "";
  const visit = journal.client(SCOPE, null);
  const both = await Promise.allSettled([
    recordReview(visit, { ...wish, access }),
    recordReview(journal.client(SCOPE, null), { ...wish, access, outcome: "unjustified" }),
  ]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]); // prettier-ignore
  await assert.rejects(recordReview(visit, { ...wish, access, outcome: "unclear" }), code("REVIEWED_ALREADY"));
  const rows = await journal.sql<{ outcome: string }>("SELECT outcome FROM access_review WHERE access = $1", [access]);
  assert.equal(rows.length, 1);
  const logged = (await journal.log()).filter(
    ({ action, outcome }) => action === "review access" && outcome === "granted",
  );
  assert.deepEqual(
    logged.map(({ patient: whose, what }) => [whose, what]),
    [["surname", [`AuditEvent/${access}`, `reviewer ${wish.reviewer}`]]],
  );
});

test("JRN-LOG-REVIEW-2 statistics count each access once and name nobody", async () => {
  const { drawn } = await draw(); // sampled before as well
  const idOf = (whose: string): string => drawn.find((one) => one.patient === whose)?.id ?? "";
  await recordReview(journal.client(SCOPE, null), { ...wish, access: idOf("stranger"), outcome: "unjustified" });
  const visit = journal.client(SCOPE, null);
  const { value } = await reviewStatistics(visit, { first: "2026-11", last: "2026-11" });
  const of = (rule: string) => value.counts.filter((one) => one.rule === rule);
  assert.deepEqual(of("no-relation"), [
    {
      month: "2026-11",
      careUnit: OURS.careUnit,
      rule: "no-relation",
      sampled: 3,
      justified: 0,
      unjustified: 1,
      unclear: 0,
    },
  ]);
  assert.deepEqual([of("same-surname")[0]?.sampled, of("none").reduce((sum, { sampled }) => sum + sampled, 0)], [1, 3]);
  assert.doesNotMatch(JSON.stringify(value), /Anna|stranger|P0000/);
  assert.deepEqual((await reviewStatistics(visit, { first: "2026-12", last: "2027-01" })).value, {
    counts: [],
    months: [],
  });
  assert.equal((await journal.log(visit.request)).length, 2);
});

test("JRN-LOG-REVIEW-3 what cannot be judged is refused and leaves nothing", async () => {
  const visit = journal.client(SCOPE, null);
  const [item] = await journal.sql<{ access: string }>(
    "SELECT access FROM access_sample_item i WHERE NOT EXISTS (SELECT 1 FROM access_review r WHERE r.access = i.access) LIMIT 1",
  );
  const access = item?.access ?? "";
  const before = await journal.sql("SELECT count(*) FROM access_review");
  for (const bad of [
    { note: " " },
    { note: "a\0" },
    { note: "x".repeat(5000) },
    { outcome: "fine" as "unclear" },
    { reviewer: "" },
    { reviewer: "å å" },
  ])
    // prettier-ignore
    await assert.rejects(recordReview(visit, { ...wish, access, ...bad }), code("REVIEW_INVALID"), JSON.stringify(bad));
  for (const unknown of ["x", "log-0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0-1"])
    await assert.rejects(recordReview(visit, { ...wish, access: unknown }), code("NOT_FOUND"));
  for (const other of [journal.person(), journal.client("system/AuditEvent.rs")]) {
    await assert.rejects(recordReview(other, { ...wish, access }), code("FORBIDDEN"));
    await assert.rejects(reviewStatistics(journal.person(), { first: "", last: "" }), code("FORBIDDEN"));
  }
  assert.deepEqual(await journal.sql("SELECT count(*) FROM access_review"), before);
});
