/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiagnosticReport, FhirResource, Observation } from "fhir/r4";
import { timeTicks } from "../graph/time-ticks.ts";
import { trendOf } from "../graph/trend.ts";
import { spanStart, usualSpan } from "../chart/results/spans.ts";
import { readWritten } from "../wire/written-json.ts";
import { analysesOf, findAnalyses, plottable, sayParts } from "./analyses.ts";
import { besideOf } from "./concepts.ts";
import { latestLines } from "./latest.ts";
import { choicesOf, filterEntries } from "./timeline-filter.ts";
import { timelineEntries } from "./timeline-groups.ts";
import { timelineEntry } from "./timeline.ts";
import { gravestOf, standingOf, valueOf } from "./values.ts";

const nothing = besideOf();
const observation = (id: string, more: object): Observation => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: { coding: [{ system: "npu", code: "HB" }], text: "B-Hemoglobin" },
  ...more,
});
const hb = (id: string, day: string, value: number, more: object = {}): Observation =>
  observation(id, { effectiveDateTime: `2026-${day}T08:00:00+01:00`, valueQuantity: { value, unit: "g/L" }, ...more });
const range = [{ low: { value: 117 }, high: { value: 153 } }];

test("WEB-VALUE-1 the laboratory's own interpretation goes before arithmetic; a limit value is not compared", () => {
  assert.equal(valueOf(hb("a", "01-01", 110, { referenceRange: range })).deviation, "low");
  assert.equal(valueOf(hb("a", "01-01", 160, { referenceRange: range })).deviation, "high");
  assert.equal(valueOf(hb("a", "01-01", 117, { referenceRange: range })).deviation, "normal");
  assert.equal(
    valueOf(hb("a", "01-01", 110, { referenceRange: range, interpretation: [{ coding: [{ code: "N" }] }] })).deviation,
    "normal",
  );
  assert.equal(
    valueOf(hb("a", "01-01", 110, { interpretation: [{ coding: [{ code: "L" }, { code: "LL" }] }] })).deviation,
    "critical-low",
  );
  assert.equal(
    valueOf(observation("a", { valueQuantity: { value: 5, comparator: "<" }, referenceRange: [{ low: { value: 6 } }] }))
      .deviation,
    undefined,
  );
  assert.equal(valueOf(hb("a", "01-01", 110)).deviation, undefined);
  assert.equal(gravestOf([undefined, "normal", "high"]), "high");
});

test("WEB-VALUE-2 how far a result stands is said; an unknown status is unclear and not final", () => {
  assert.deepEqual(
    [
      "final",
      "preliminary",
      "registered",
      "corrected",
      "amended",
      "cancelled",
      "entered-in-error",
      "unknown",
      undefined,
    ].map(standingOf),
    ["final", "preliminary", "preliminary", "corrected", "corrected", "cancelled", "mistaken", "unclear", "unclear"],
  );
});

test("WEB-VALUE-3 every kind of value is said, and a value that is absent says why", () => {
  assert.equal(
    valueOf(
      readWritten(
        `{"resourceType":"Observation","status":"final","code":{},"valueQuantity":{"value":6.0}}`,
      ) as Observation,
    ).text,
    "6,0",
  );
  assert.equal(valueOf(observation("a", { valueString: "Ingen växt" })).text, "Ingen växt");
  assert.equal(valueOf(observation("a", { valueCodeableConcept: { text: "Negativ" } })).text, "Negativ");
  assert.equal(valueOf(observation("a", { valueBoolean: false })).text, "nej");
  assert.equal(valueOf(observation("a", { valueInteger: 0 })).text, "0");
  const absent = valueOf(observation("a", { dataAbsentReason: { text: "Provet hemolyserat" } }));
  assert.deepEqual([absent.text, absent.absent], [undefined, "Provet hemolyserat"]);
});

test("WEB-VALUE-4 only the ordinary reference interval marks a value; two that could apply mark none", () => {
  const treatment = { low: { value: 0 }, high: { value: 50 }, type: { coding: [{ code: "treatment" }] } };
  assert.equal(valueOf(hb("a", "01-01", 130, { referenceRange: [...range, treatment] })).deviation, "normal");
  assert.equal(valueOf(hb("a", "01-01", 130, { referenceRange: [treatment] })).deviation, undefined);
  assert.equal(valueOf(hb("a", "01-01", 110, { referenceRange: [...range, ...range] })).deviation, undefined);
});

test("WEB-TREND-1 another unit never shares the axis, nor does what is cancelled or mistaken; the table keeps all", () => {
  const all = [
    hb("new", "11-01", 120),
    hb("old", "10-01", 118),
    hb("mmol", "09-01", 7.4, { valueQuantity: { value: 7.4, unit: "mmol/L" } }),
    hb("no", "08-01", 119, { status: "cancelled" }),
    hb("err", "07-01", 11, { status: "entered-in-error" }),
    observation("text", { effectiveDateTime: "2026-06-01", valueString: "hemolys" }),
  ];
  const [analysis] = analysesOf(all, [], nothing);
  assert.ok(analysis);
  assert.equal(analysis.values.length, all.length);
  assert.deepEqual(
    plottable(analysis).map((one) => one.id),
    ["old", "new"],
  );
  assert.equal(analysis.unit, "g/L");
});

test("WEB-TREND-2 time ticks fall on Swedish midnights and month starts, also across the change of clocks", () => {
  const days = timeTicks(Date.parse("2026-03-27T12:00:00+01:00"), Date.parse("2026-03-31T12:00:00+02:00"), 6);
  assert.deepEqual(
    days.map((tick) => tick.label),
    ["03-28", "03-29", "03-30", "03-31"],
  );
  assert.deepEqual(
    days.map((tick) => new Date(tick.ms).toISOString().slice(11, 13)),
    ["23", "23", "22", "22"],
  );
  const years = timeTicks(Date.parse("2024-11-21"), Date.parse("2026-11-21"), 3);
  assert.deepEqual(
    years.map((tick) => tick.label),
    ["2025", "2026"],
  );
  for (const [from, to] of [
    [0, 4e12],
    [1.7e12, 1.7e12 + 6e4],
    [1.7e12, 1.7e12 + 9e6],
  ] as const) {
    assert.ok(timeTicks(from, to, 6).length <= 12, `${from} ${to}`);
  }
});

test("WEB-TREND-2 time runs left to right on a true scale, and a changed reference interval makes its own stretch", () => {
  const point = (
    ms: number,
    number: number,
    low: number,
  ): { ms: number; number: number; low: number; high: number } => ({ ms, number, low, high: 150 });
  const frame = { width: 500, height: 200, left: 0, right: 0, top: 0, bottom: 0 };
  const trend = trendOf([[point(0, 120, 110), point(100, 130, 110), point(400, 125, 117)]], 0, 60_000 * 10, frame);
  const [a, b, c] = (trend.series[0] ?? []).map((one) => one.x);
  assert.ok(a !== undefined && b !== undefined && c !== undefined && Math.abs((c - b) / (b - a) - 3) < 1e-9);
  assert.equal(trend.bands.length, 2);
  const lonely = trendOf([[point(5, 7, 7)]], 5, 5, frame);
  assert.ok(Number.isFinite(lonely.series[0]?.[0]?.y) && Number.isFinite(lonely.series[0]?.[0]?.x));
});

test("WEB-TREND-4 two years are shown, or as much as it takes to see three values", () => {
  const now = Date.parse("2026-11-21");
  const at = (...years: readonly number[]): { ms: number }[] =>
    years.map((back) => ({ ms: now - back * 365.25 * 86_400_000 }));
  assert.equal(usualSpan(at(0.1, 0.5, 1), now), "2a");
  assert.equal(usualSpan(at(0.5, 1.5, 2.5), now), "5a");
  assert.equal(usualSpan(at(0.5, 6), now), "allt");
  assert.equal(usualSpan(at(0.5), now), "2a");
  assert.equal(usualSpan([], now), "2a");
  assert.ok(spanStart("allt", now, now - 1000) < now - 1000);
});

test("WEB-RESULT-2 an analysis is found by its name or the abbreviation people use, the closest first", () => {
  const named = (text: string): Observation =>
    observation(text, { code: { text }, effectiveDateTime: "2026-01-01", valueQuantity: { value: 1, unit: "x" } });
  const analyses = analysesOf(
    [named("Hb(B)-HbA1c"), named("B-Hemoglobin"), named("P-Kreatinin"), named("P-Kalium")],
    [],
    nothing,
  );
  const found = (typed: string): readonly (string | undefined)[] =>
    findAnalyses(analyses, typed).map((one) => one.name);
  assert.deepEqual(found("hb"), ["B-Hemoglobin", "Hb(B)-HbA1c"]);
  assert.deepEqual(found("KREA"), ["P-Kreatinin"]);
  assert.deepEqual(found("p kal"), ["P-Kalium"]);
  assert.deepEqual(found("xyz"), []);
  assert.equal(found("").length, 4);
});

test("WEB-RESULT-3 analyses stand in the panel and order of their newest answer, the latest panel first", () => {
  const named = (id: string, text: string, day: string): Observation =>
    observation(id, { code: { text }, effectiveDateTime: `2026-${day}`, valueQuantity: { value: 1, unit: "x" } });
  const report = (text: string, ...ids: readonly string[]): DiagnosticReport => ({
    resourceType: "DiagnosticReport",
    status: "final",
    code: { text },
    result: ids.map((id) => ({ reference: `Observation/${id}` })),
  });
  const analyses = analysesOf(
    [named("1", "Natrium", "01-01"), named("2", "Hb", "05-01"), named("3", "CRP", "05-01"), named("4", "Lös", "02-01")],
    [report("Gammal", "1"), report("Ny", "3", "2")],
    nothing,
  );
  assert.deepEqual(
    analyses.map((one) => `${one.group}: ${one.name}`),
    ["Ny: CRP", "Ny: Hb", "undefined: Lös", "Gammal: Natrium"],
  );
});

test("WEB-VITAL-1 a pressure is one value, systolic first in whatever order it came", () => {
  const part = (text: string, value: number): object => ({ code: { text }, valueQuantity: { value, unit: "mmHg" } });
  const pressure = observation("p", { component: [part("Diastoliskt", 82), part("Systoliskt", 128)] });
  const [analysis] = analysesOf([pressure], [], nothing);
  assert.equal(sayParts(analysis?.values[0]?.parts ?? []), "128/82");
  const half = observation("q", { component: [part("Systoliskt", 128), { code: { text: "Diastoliskt" } }] });
  assert.equal(sayParts(analysesOf([half], [], nothing)[0]?.values[0]?.parts ?? []), "128/–");
});

test("WEB-OVER-3 the latest of each analysis: together with its time and unit, deviating first, answers in words too", () => {
  const lab = (id: string, text: string, value: number): Observation =>
    observation(id, {
      code: { text },
      effectiveDateTime: "2026-05-01",
      valueQuantity: { value, unit: "x" },
      referenceRange: [{ high: { value: 5 } }],
    });
  const words: DiagnosticReport = {
    resourceType: "DiagnosticReport",
    id: "r",
    status: "final",
    code: { text: "DT" },
    effectiveDateTime: "2026-06-01",
    conclusion: "Utan anmärkning",
  };
  const lines = latestLines(
    [lab("1", "A", 1), lab("2", "B", 9), { ...lab("3", "A", 2), effectiveDateTime: "2026-01-01" }, words],
    nothing,
  );
  assert.deepEqual(
    lines.map((line) => [line.report?.id ?? line.analysis?.name, line.isFirstOfItsTime]),
    [
      ["r", true],
      ["B", true],
      ["A", false],
    ],
  );
  assert.equal(lines[2]?.analysis?.values.length, 2);
});

test("WEB-TIME-2 filters keep exactly what meets them all, and say what there is to choose from", () => {
  const entry = (id: string, type: string, day: string, unit?: string): ReturnType<typeof timelineEntry> => ({
    ...timelineEntry({ resourceType: "Basic", id, code: { text: `Ord ${id}` } }, nothing),
    type,
    when: day,
    unit,
  });
  const all = [
    entry("1", "Encounter", "2026-11-02", "A"),
    entry("2", "Composition", "2026-10", "B"),
    entry("3", "Composition", "2025-01-01"),
  ];
  const ids = (filter: Parameters<typeof filterEntries>[1]): readonly string[] =>
    filterEntries(all, filter).map((one) => one.id.slice(-1));
  assert.deepEqual(ids({}), ["1", "2", "3"]);
  assert.deepEqual(ids({ typ: "Composition", enhet: "B" }), ["2"]);
  assert.deepEqual(ids({ fran: "2026-10-15" }), ["1", "2"]);
  assert.deepEqual(ids({ tom: "2026-10-01" }), ["2", "3"]);
  assert.deepEqual(ids({ sok: "ORD 3" }), ["3"]);
  assert.deepEqual(choicesOf(all, "type"), [
    { value: "Composition", count: 2 },
    { value: "Encounter", count: 1 },
  ]);
});

test("WEB-TIME-4 values of one answer stand in its line, values of one occasion in one line, and none is lost", () => {
  const vital = (id: string, text: string, value: number): Observation =>
    observation(id, {
      code: { text },
      effectiveDateTime: "2026-11-02T08:00:00+01:00",
      category: [{ coding: [{ code: "vital-signs" }] }],
      valueQuantity: { value, unit: "x" },
    });
  const report: DiagnosticReport = {
    resourceType: "DiagnosticReport",
    id: "r",
    status: "final",
    code: { text: "Elstatus" },
    effectiveDateTime: "2026-11-01",
    result: [{ reference: "Observation/lab" }, { reference: "Observation/elsewhere" }],
  };
  const items: FhirResource[] = [
    vital("v1", "Puls", 70),
    vital("v2", "Vikt", 66),
    report,
    hb("lab", "11-01", 110, { referenceRange: range }),
  ];
  const lines = timelineEntries(items, nothing);
  assert.deepEqual(
    lines.map((line) => [line.title, line.summary]),
    [
      [undefined, "Puls 70\u00a0x, Vikt 66\u00a0x"],
      ["Elstatus", "B-Hemoglobin 110\u00a0g/L ▼"],
    ],
  );
  assert.ok(lines[0]?.words.includes("vikt"));
});

test("WEB-TIME-5 a code is never shown as if it were words", () => {
  const allergy = {
    resourceType: "AllergyIntolerance",
    patient: {},
    type: "allergy",
    code: { text: "Penicillin" },
    reaction: [{ manifestation: [{ text: "Utslag" }] }],
  } as const;
  const line = timelineEntry({ ...allergy, reaction: [{ manifestation: [{ text: "Utslag" }] }] }, nothing);
  assert.deepEqual([line.title, line.summary], ["Penicillin", "Utslag"]);
  const device = timelineEntry({ resourceType: "Device", type: { text: "Pacemaker" } }, nothing);
  assert.equal(device.title, "Pacemaker");
  const media = { resourceType: "Basic", code: {}, type: "photo" } as never;
  assert.equal(timelineEntry(media, nothing).title, undefined);
});

test("WEB-TIME-5 a kind of resource that has no wording of its own is shown all the same", () => {
  const entry = timelineEntry(
    {
      resourceType: "CarePlan",
      id: "c",
      status: "active",
      intent: "plan",
      subject: {},
      title: "Vårdplan",
      period: { start: "2026-02-01" },
    },
    nothing,
  );
  assert.deepEqual([entry.title, entry.when, entry.type], ["Vårdplan", "2026-02-01", "CarePlan"]);
});
