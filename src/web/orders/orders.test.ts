/** Rules of ../SPEC.md: the basket's own rules, and how it is kept. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Basket, Catalogue, Draft, Orderable, OrderLine, SeenDraft } from "../wire/orders.ts";
import { isCovered, lineOf, missingIn, picksFor, recentOf, withPicked, type Pick } from "./basket.ts";
import { DraftSaver, type Saving } from "./draft-saver.ts";

const item = (id: string, title: string, more: Partial<Orderable> = {}): Orderable => ({
  id,
  url: `urn:${id}`,
  version: "1",
  title,
  category: "laboratory",
  key: `|${id}`,
  parts: [],
  receivers: [{ reference: "Organization/lab", name: "Lab", goesTo: { list: "L", title: "Lab", isCarried: true, detour: null, isException: false } }], // prettier-ignore
  questions: [],
  needs: [],
  publisher: null,
  ...more,
});
const hb = item("hb", "B-Hemoglobin");
const panel = item("akut", "Akuta prover", { parts: [{ key: "|hb", name: "B-Hemoglobin" }] });
const xray = item("rtg", "Slätröntgen lungor", { category: "imaging", needs: ["question"] });
const consult = item("ort", "Bedömning ortopedi", { category: "consultation" });
const set = { id: "s", title: "Akut-lab", whose: "unit", publisher: null, lines: [{ item: "urn:akut", priority: "urgent", question: null }, { item: "urn:gone", priority: null, question: null }] } as const; // prettier-ignore
const catalogue: Catalogue = { items: [hb, panel, xray, consult], sets: [set], more: false };
const basket: Basket = {
  draft: null,
  recent: [
    { key: "|hb", kind: "answered", at: "2026-11-01", by: null },
    { key: "|hb", kind: "ordered", at: "2026-11-02", by: "Anna" },
    { key: "|x", kind: "ordered", at: "2026-11-02", by: "Anna" },
  ],
  sources: [
    { kind: "problem", text: "J18.9 Pneumoni", from: "Akuten", at: "2026-11-01" },
    { kind: "language", text: "tolk: arabiska", from: null, at: null },
    { kind: "phone", text: "070", from: null, at: null },
  ],
  answers: [],
};
const nameOf = (pick: Pick): string => ("set" in pick ? pick.set.title : pick.item.title);

test("WEB-ORDER-2 sets come before items and what begins with the words before the rest; a referral has no analyses and an order no consultations", () => {
  assert.deepEqual(picksFor(catalogue, "ak", "order").map(nameOf), ["Akut-lab", "Akuta prover"]);
  assert.deepEqual(picksFor(catalogue, "HEMO", "order").map(nameOf), ["B-Hemoglobin"]);
  assert.deepEqual(picksFor(catalogue, "lung slät", "referral").map(nameOf), ["Slätröntgen lungor"]);
  assert.deepEqual(picksFor(catalogue, "", "referral").map(nameOf), ["Slätröntgen lungor", "Bedömning ortopedi"]);
  assert.deepEqual(picksFor(catalogue, "ortopedi", "order"), []);
  assert.deepEqual(picksFor(catalogue, "ingenting", "order"), []);
});

test("WEB-ORDER-3 a set brings its items with their priority, what the catalogue has lost is left out, and what a panel covers is not ordered twice", () => {
  const [first] = picksFor(catalogue, "akut-lab", "order");
  assert.ok(first !== undefined);
  const lines = withPicked([], first, { catalogue, basket });
  assert.deepEqual(lines.map((one) => [one.item, one.priority, one.goesTo, one.history]), [["akut", "urgent", "L", ""]]); // prettier-ignore
  assert.deepEqual(withPicked(lines, { item: hb }, { catalogue, basket }), lines);
  assert.ok(isCovered(hb, lines, catalogue) && !isCovered(xray, lines, catalogue));
  assert.equal(withPicked(withPicked(lines, { item: xray }, { catalogue, basket }), first, { catalogue, basket }).length, 2); // prettier-ignore
});

test("WEB-ORDER-4 a referral begins with what the record says and nothing that it does not; what its receiver must be told and is not said is missing", () => {
  const line = lineOf(xray, {}, basket);
  assert.equal(line.history, "Aktuella diagnoser: J18.9 Pneumoni.");
  assert.equal(line.contact, "tolk: arabiska, telefon 070");
  assert.deepEqual(missingIn(line, xray), ["question"]);
  assert.deepEqual(missingIn({ ...line, question: " ?" }, xray), []);
  assert.equal(lineOf(xray, {}, { ...basket, sources: [] }).history, "");
});

test("WEB-ORDER-5 what was ordered or answered lately is found by analysis and by the parts of a panel, the newest first", () => {
  assert.deepEqual(recentOf(panel, basket.recent).map(({ kind }) => kind), ["ordered", "answered"]); // prettier-ignore
  assert.deepEqual(recentOf(xray, basket.recent), []);
});

test("WEB-ORDER-6 changes are saved in turn, each on the draft that the one before it made; what was changed meanwhile goes with the next, and what failed is tried again", async () => {
  const line = lineOf(hb, {}, basket);
  const calls: { seen: SeenDraft; count: number }[] = [];
  const told: Saving["state"][] = [];
  let fails = 1;
  const save = async (seen: SeenDraft, lines: readonly OrderLine[]): Promise<Draft | null> => {
    calls.push({ seen, count: lines.length });
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (calls.length === 2 && fails-- > 0) throw new Error("network");
    return { id: "d", version: calls.length, saved: "now", lines, unread: 0 };
  };
  const saver = new DraftSaver({ save, tell: ({ state }) => void told.push(state), waitMs: 2, againMs: 4 }, null);
  saver.change([line]);
  const first = saver.flush();
  saver.change([line, line]);
  await first;
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.deepEqual(calls.map(({ count }) => count), [1, 2, 2]); // prettier-ignore
  assert.equal(calls[0]?.seen, null);
  assert.deepEqual([calls[1]?.seen?.version, calls[2]?.seen?.version], [1, 1]);
  assert.ok(told.includes("failed") && told.at(-1) === "saved");
  saver.change([]);
  saver.forget();
  assert.equal(await saver.flush(), null);
  assert.equal(calls.length, 3);
});
