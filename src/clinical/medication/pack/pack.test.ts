/** Rules of ../../SPEC.md: the safety pack. It prints what share of the serious ones was stopped, and of the others interrupted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { KNOWLEDGE, Knowledge } from "../knowledge/index.ts";
import { PAIRS } from "./pairs.ts";
import { judge, type Expected, type Who } from "./scenario.ts";
import { USUAL } from "./usual.ts";

type Row = { readonly line: string; readonly who: Who; readonly expected: Expected; readonly why: string; readonly source: string }; // prettier-ignore

const rows: readonly Row[] = [
  ...USUAL.map(([line, , who = {}]): Row => ({ line, who, expected: "quiet", why: "vanlig dos", source: "SmPC 4.2" })),
  ...USUAL.flatMap(([, line, who = {}]): Row[] => (line === null ? [] : [{ line, who, expected: "stop", why: "tio gånger dosen", source: "SmPC 4.2, F24" }])), // prettier-ignore
  ...PAIRS.map(([line, who, expected, why, source]): Row => ({ line, who, expected, why, source })),
];
const isStopped = ({ line, who }: Row): boolean => judge(line, who).some(({ level }) => level === "stop");
const nameOf = ({ line, who, why }: Row): string => `${line} · ${JSON.stringify(who)} · ${why}`;

test("CLIN-MED-PACK-1 of at least 300 scenarios, each with its source, at least 95 % of the serious ones are stopped and at most 10 % of the others interrupt", () => {
  const serious = rows.filter(({ expected }) => expected === "stop");
  const others = rows.filter(({ expected }) => expected !== "stop");
  const missed = serious.filter((one) => !isStopped(one));
  const nuisance = others.filter(isStopped);
  const share = (some: number, all: number): string => `${((100 * some) / all).toFixed(1)} %`;
  console.log(`safety pack: ${rows.length} scenarios; ${serious.length} serious, stopped ${share(serious.length - missed.length, serious.length)}; ${others.length} others, interrupted ${share(nuisance.length, others.length)}`); // prettier-ignore
  for (const one of missed) console.log(`missed: ${nameOf(one)}`);
  for (const one of nuisance) console.log(`nuisance: ${nameOf(one)} · ${judge(one.line, one.who).find(({ level }) => level === "stop")?.sv}`); // prettier-ignore
  assert.ok(rows.length >= 300, String(rows.length));
  assert.ok(rows.every(({ source, why }) => source !== "" && why !== ""));
  assert.equal(new Set(rows.map(nameOf)).size, rows.length, "no scenario twice");
  const blind = new Knowledge({ ...KNOWLEDGE.set, limits: [], interactions: [], crosses: [], allergyNames: [], kidney: [] }); // prettier-ignore
  const seen = serious.filter(({ line, who }) => judge(line, who, blind).some(({ level }) => level === "stop"));
  assert.ok(seen.length < serious.length / 2, "a set without its rules is found out");
  assert.ok(missed.length <= serious.length * 0.05, "serious ones are missed");
  assert.ok(nuisance.length <= others.length * 0.1, "too many interruptions");
});

test("CLIN-MED-PACK-2 ten times the dose is stopped in every case, and what is not known is said", () => {
  for (const one of rows.filter(({ why }) => why === "tio gånger dosen")) assert.ok(isStopped(one), nameOf(one));
  for (const one of rows.filter(({ expected }) => expected === "unknown"))
    assert.ok(judge(one.line, one.who).some(({ level }) => level === "unknown"), nameOf(one)); // prettier-ignore
});

test("CLIN-MED-14 of a drug whose highest dose for children is not known a child's order says so, within an adult's highest too", () => {
  const isSaid = (line: string, who: Who): boolean =>
    judge(line, who).some(({ key, level }) => level === "unknown" && key.includes("child-limit"));
  const child: Who = { age: 8, weight: 28, egfr: 90 };
  assert.ok(isSaid("tramadol 50 mg 2", child));
  assert.ok(!isSaid("alvedon 250 mg 4", child));
  assert.ok(!isSaid("tramadol 50 mg 2", { age: 30, egfr: 90 }));
});

test("CLIN-MED-6 every finding has words in both languages, a key of its own, and what interrupts or reminds has its source", () => {
  for (const { line, who } of rows) {
    const found = judge(line, who);
    assert.equal(new Set(found.map(({ key }) => key)).size, found.length);
    for (const one of found) {
      assert.ok(
        one.sv.length > 8 && one.en.length > 8 && !/undefined|NaN|null/.test(one.sv + one.en + one.key),
        one.sv,
      );
      if (one.level !== "unknown" && !one.key.startsWith("dose-jump")) assert.ok(one.source.length > 10, one.key);
    }
  }
});
