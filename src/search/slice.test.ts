/** Rules of SPEC.md in this folder about slices; what they answer is shown by the export's tests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileDeletions, compileSlice, parseSearch, type SliceAsk } from "./index.ts";

const ASK: SliceAsk = {
  type: "Observation",
  after: "x'; DROP TABLE patient; --",
  rows: 1000,
  bytes: 4096,
  moment: "2026-11-21T10:00:00.000Z",
  since: "2026-11-20T10:00:00.000Z",
  before: undefined,
  patients: undefined,
  filters: [],
};

const tables = (text: string): number =>
  text.match(/(?:FROM|JOIN) (?:"?observation"? AS r1|history AS h|change_log AS c)\b/g)?.length ?? 0;
const allowed = (text: string): number => text.match(/\(ALLOWED (?:r1|h|c) Observation\)/g)?.length ?? 0;
const access = (alias: string, type: string): string => `ALLOWED ${alias} ${type}`;

test("SEARCH-SLICE-1 every table that rows come from has its access condition, and the caller's words are parameters", () => {
  const [condition] = parseSearch("Observation", [["status", "final'--"]]).types[0]?.conditions ?? [];
  assert.ok(condition);
  const asks: SliceAsk[] = [
    ASK,
    { ...ASK, patients: "any" },
    { ...ASK, patients: ["p'1"] },
    { ...ASK, filters: [condition], before: "2026-11-21T10:00:00.000Z" },
    { ...ASK, type: "Observation", after: "" },
  ];
  for (const ask of asks) {
    for (const { text, values } of [compileSlice(ask, access), compileDeletions(ask, access)]) {
      assert.ok(tables(text) > 0, text);
      assert.equal(allowed(text), tables(text), text);
      assert.doesNotMatch(text, /DROP|p'1|final'|2026/);
      assert.ok(values.includes(ask.after));
    }
  }
});

test("SEARCH-SLICE-2 as of the moment where history can tell it; with a filter or other patients as it stands", () => {
  const [condition] = parseSearch("Observation", [["status", "final"]]).types[0]?.conditions ?? [];
  assert.ok(condition);
  assert.match(compileSlice(ASK, access).text, /FROM history AS h/);
  assert.match(compileSlice({ ...ASK, type: "Basic" }, access).text, /FROM history AS h/);
  assert.doesNotMatch(compileSlice({ ...ASK, filters: [condition] }, access).text, /history/);
  assert.doesNotMatch(compileSlice({ ...ASK, type: "Observation", patients: "any" }, access).text, /history/);
});
