/** Rules of ../SPEC.md: the score of measured values, and scores as data. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EARLY_WARNING, readScore, ScoreRefusal } from "./knowledge/index.ts";
import { scoreOf } from "./score.ts";
import { LEVELS, VALUE_NAMES, type Measured, type ValueName } from "./values.ts";

const CALM: Measured = { breaths: "16", saturation: "97", oxygen: "0", systolic: "125", pulse: "75", consciousness: "A", temperature: "37.0" }; // prettier-ignore
const pointsWith = (change: Measured, scale = "1"): number | null => scoreOf(EARLY_WARNING, { ...CALM, ...change }, scale).total; // prettier-ignore

/** The chart as it is printed: from and to, and points. */
const CHART: Readonly<Partial<Record<ValueName, readonly (readonly [from: number, to: number, points: number])[]>>> = {
  breaths: [[0, 8, 3], [9, 11, 1], [12, 20, 0], [21, 24, 2], [25, 60, 3]],
  saturation: [[50, 91, 3], [92, 93, 2], [94, 95, 1], [96, 100, 0]],
  systolic: [[40, 90, 3], [91, 100, 2], [101, 110, 1], [111, 219, 0], [220, 300, 3]],
  pulse: [[20, 40, 3], [41, 50, 1], [51, 90, 0], [91, 110, 1], [111, 130, 2], [131, 220, 3]],
  temperature: [[30, 35, 3], [35.1, 36, 1], [36.1, 38, 0], [38.1, 39, 1], [39.1, 43, 2]],
}; // prettier-ignore
const SCALE_2_AIR = [[50, 83, 3], [84, 85, 2], [86, 87, 1], [88, 100, 0]] as const; // prettier-ignore
const SCALE_2_OXYGEN = [[50, 83, 3], [84, 85, 2], [86, 87, 1], [88, 92, 0], [93, 94, 1], [95, 96, 2], [97, 100, 3]] as const; // prettier-ignore

test("CLIN-OBS-SCORE-1 every limit of the chart, on both sides and by both scales, has its points; each threshold asks for its response", () => {
  assert.equal(pointsWith({}), 0);
  for (const [value, rows] of Object.entries(CHART))
    for (const [from, to, points] of rows) for (const at of [from, to]) assert.equal(pointsWith({ [value]: String(at) }), points, `${value} ${at}`); // prettier-ignore
  for (const [from, to, points] of SCALE_2_AIR) for (const at of [from, to]) assert.equal(pointsWith({ saturation: String(at) }, "2"), points, `air ${at}`); // prettier-ignore
  for (const [from, to, points] of SCALE_2_OXYGEN) for (const at of [from, to]) assert.equal(pointsWith({ saturation: String(at), oxygen: "2" }, "2"), points + 2, `oxygen ${at}`); // prettier-ignore
  assert.deepEqual(["0", "0.5", "15"].map((oxygen) => pointsWith({ oxygen })), [0, 2, 2]); // prettier-ignore
  assert.deepEqual(LEVELS.map((consciousness) => pointsWith({ consciousness })), [0, 3, 3, 3, 3]); // prettier-ignore
  const asked = (change: Measured): unknown => {
    const { total, response } = scoreOf(EARLY_WARNING, { ...CALM, ...change }, "1");
    return [total, response?.id, response?.loop?.priority];
  };
  assert.deepEqual(asked({}), [0, "none", undefined]);
  assert.deepEqual(asked({ oxygen: "2", breaths: "21" }), [4, "low", undefined]);
  assert.deepEqual(asked({ consciousness: "C" }), [3, "single", "urgent"]);
  assert.deepEqual(asked({ oxygen: "2", breaths: "21", pulse: "91" }), [5, "medium", "urgent"]);
  assert.deepEqual(asked({ consciousness: "C", oxygen: "2" }), [5, "medium", "urgent"]);
  assert.deepEqual(asked({ consciousness: "C", oxygen: "2", breaths: "21" }), [7, "high", "stat"]);
});

const whole = fc.record({
  breaths: fc.integer({ min: 0, max: 60 }).map(String),
  saturation: fc.integer({ min: 60, max: 100 }).map(String),
  oxygen: fc.integer({ min: 0, max: 15 }).map(String),
  systolic: fc.integer({ min: 40, max: 260 }).map(String),
  pulse: fc.integer({ min: 20, max: 200 }).map(String),
  consciousness: fc.constantFrom(...LEVELS),
  temperature: fc.integer({ min: 330, max: 420 }).map((tenths) => (tenths / 10).toFixed(1)),
});

test("CLIN-OBS-SCORE-2 whatever is missing the score has no sum and is not called low; what there is gives at least what it gives, and asks for what it asks for", () => {
  const scored = EARLY_WARNING.scored.map(({ value }) => value);
  fc.assert(
    fc.property(whole, fc.subarray(scored, { minLength: 1 }), fc.constantFrom("1", "2"), (all, left, scale) => {
      const some = Object.fromEntries(Object.entries(all).filter(([name]) => !left.some((one) => one === name)));
      const [full, part] = [scoreOf(EARLY_WARNING, all, scale), scoreOf(EARLY_WARNING, some, scale)];
      assert.equal(full.total, full.atLeast);
      assert.equal(part.total, null);
      for (const one of left) assert.ok(part.missing.includes(one));
      assert.ok(part.atLeast <= full.atLeast);
      assert.ok(part.response === null || part.response.loop !== null);
      if (part.atLeast >= 7) assert.equal(part.response?.id, "high");
      if (part.parts.some(({ points }) => points === 3)) assert.ok(part.response !== null);
    }),
    { numRuns: process.env["EIRA_LONG"] === "1" ? 20_000 : 300 },
  );
  assert.equal(scoreOf(EARLY_WARNING, {}, "1").response, null);
  assert.equal(scoreOf(EARLY_WARNING, CALM, "3").total, null); // there is no such scale
  // By the second scale a high saturation means one thing on air and another on oxygen: which is not known, it is missing.
  assert.ok(scoreOf(EARLY_WARNING, { saturation: "97" }, "2").missing.includes("saturation"));
  assert.ok(!scoreOf(EARLY_WARNING, { saturation: "90" }, "2").missing.includes("saturation"));
});

test("CLIN-OBS-KNOW-1 the score says version, owner and acknowledgement, every part a source of the list, and every response what to do in both languages", () => {
  const { version, owner, acknowledgement, sources, scored, responses } = EARLY_WARNING;
  assert.equal(version, "2017");
  assert.match(`${owner} ${acknowledgement.sv}`, /Royal College of Physicians.*National Early Warning Score/);
  assert.deepEqual(scored.map(({ value }) => value).toSorted(), VALUE_NAMES.filter((one) => one !== "diastolic").toSorted()); // prettier-ignore
  for (const { source } of [...scored, ...responses]) for (const one of source.split(", ")) assert.ok((sources[one] ?? "").length > 10, one); // prettier-ignore
  for (const { risk, again, asks, loop } of responses) {
    for (const words of [risk, again, asks]) assert.ok(words.sv.length > 5 && words.en.length > 5);
    if (loop !== null) assert.ok((sources[loop.source] ?? "").length > 10 && loop.minutes > 0);
  }
});

type Loose = Record<string, unknown> & { scored: Record<string, unknown>[]; responses: Record<string, unknown>[] };
const faultsOf = (change: (set: Loose) => void): readonly string[] => {
  const set = JSON.parse(JSON.stringify(EARLY_WARNING)) as Loose;
  change(set);
  return faultsOfText(JSON.stringify(set));
};
const faultsOfText = (json: string): readonly string[] => {
  try {
    readScore(json);
    return [];
  } catch (error) {
    assert.ok(error instanceof ScoreRefusal, String(error));
    return error.faults;
  }
};

test("CLIN-OBS-KNOW-2 a score is read from JSON as it was written, and one with any fault is refused whole with its place", () => {
  assert.deepEqual(readScore(JSON.stringify(EARLY_WARNING)), EARLY_WARNING);
  assert.deepEqual([faultsOfText("{"), faultsOfText("[]")], [["the file is no JSON"], ["the file is no JSON object"]]);
  assert.ok(faultsOfText("{}").length === 12);
  assert.deepEqual(faultsOf((set) => void (set["extra"] = 1)), ["extra: unknown"]); // prettier-ignore
  assert.deepEqual(faultsOf(({ scored }) => void delete scored[0]?.["source"]), ["scored[0].source: missing or wrong"]); // prettier-ignore
  assert.deepEqual(faultsOf(({ scored }) => void Object.assign(scored[0] ?? {}, { bands: [{ upTo: 8, points: 3 }] })), ["scored[0].bands: missing or wrong"]); // prettier-ignore
  assert.deepEqual(faultsOf(({ scored }) => void Object.assign(scored[0] ?? {}, { bands: [{ upTo: 8, points: 3 }, { upTo: 7, points: 1 }, { upTo: null, points: 0 }] })), ["scored[0].bands: missing or wrong"]); // prettier-ignore
  assert.deepEqual(faultsOf(({ scored }) => void Object.assign(scored[1] ?? {}, { scales: {} })), ["scored[1].scales: missing or wrong"]); // prettier-ignore
  assert.deepEqual(faultsOf(({ scored }) => void Object.assign(scored[5] ?? {}, { choices: { A: 0 } })), ["scored[5].choices: missing or wrong"]); // prettier-ignore
  assert.deepEqual(faultsOf(({ scored }) => void Object.assign(scored[2] ?? {}, { value: "breaths" })), ["scored[2].value: twice"]); // prettier-ignore
  assert.deepEqual(
    faultsOf(({ responses }) => void responses.pop()),
    ["responses: none from 0"],
  );
  assert.deepEqual(
    faultsOf(({ responses }) => void responses.splice(0, 2, ...responses.slice(0, 2).toReversed())),
    ["responses: not the gravest first"],
  );
  assert.deepEqual(faultsOf(({ responses }) => void Object.assign(responses[0] ?? {}, { source: "hearsay" })), ["sources: hearsay is not among them"]); // prettier-ignore
});
