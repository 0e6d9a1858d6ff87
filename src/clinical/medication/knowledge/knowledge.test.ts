/** Rules of ../../SPEC.md: knowledge as data, with a source for each entry, and the reader of larger sets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { KNOWLEDGE, Knowledge, KnowledgeRefusal, readKnowledge } from "./index.ts";
import { USUAL_SET } from "./usual-set.ts";

type Loose = Record<string, unknown> & { limits: Record<string, unknown>[]; products: Record<string, unknown>[]; interactions: Record<string, unknown>[] }; // prettier-ignore
const changed = (change: (set: Loose) => void): string => {
  const set = JSON.parse(JSON.stringify(USUAL_SET)) as Loose;
  change(set);
  return JSON.stringify(set);
};
const faultsOf = (json: string): readonly string[] => {
  try {
    readKnowledge(json);
    return [];
  } catch (error) {
    assert.ok(error instanceof KnowledgeRefusal, String(error));
    assert.ok(error.message.length < 3_000);
    return error.faults;
  }
};

test("CLIN-MED-KNOW-1 the usual set says its version and owner, every entry has a source of the list, no product, limit or rule stands twice, and names find one substance", () => {
  assert.match(USUAL_SET.version, /^\d{4}\.\d+/);
  assert.ok(USUAL_SET.owner.length > 10 && USUAL_SET.substances.length >= 60);
  const lists = Object.values(USUAL_SET as unknown as Record<string, unknown>).flatMap((one) => (Array.isArray(one) ? [one as { source: string }[]] : [])); // prettier-ignore
  assert.equal(lists.length, 13);
  for (const one of lists.flat()) assert.ok(KNOWLEDGE.source(one.source) !== one.source, JSON.stringify(one));
  for (const list of [
    USUAL_SET.interactions,
    USUAL_SET.kidney,
    USUAL_SET.ages,
    USUAL_SET.crosses,
    USUAL_SET.laboratory,
    USUAL_SET.duplicates,
    USUAL_SET.pregnancy,
    USUAL_SET.validities,
  ])
    // prettier-ignore
    assert.equal(new Set(list.map(({ id }) => id)).size, list.length);
  assert.equal(KNOWLEDGE.productsNamed("alv")[0]?.atc, "N02BE01");
  assert.equal(KNOWLEDGE.productsNamed("paracetamol")[0]?.id, "N02BE01-oral-500mg");
  assert.deepEqual(KNOWLEDGE.productsNamed(" "), []);
  assert.deepEqual(KNOWLEDGE.allergyGroups("misstänkt Penicillinallergi"), ["J01C"]);
  assert.deepEqual(KNOWLEDGE.allergyGroups("okänt rött piller"), []);
  assert.equal(KNOWLEDGE.substanceCalled("Waran tablett 2,5 mg")?.atc, "B01AA03");
});

test("CLIN-MED-KNOW-2 a set is read from JSON as it was written, and one with any fault is refused whole with the place of each", () => {
  assert.deepEqual(readKnowledge(JSON.stringify(USUAL_SET)), USUAL_SET);
  assert.deepEqual(faultsOf("{"), ["the file is no JSON"]);
  assert.deepEqual(faultsOf("[]"), ["the file is no JSON object"]);
  assert.ok(faultsOf("{}").length > 10);
  assert.deepEqual(faultsOf(changed((set) => void (set["extra"] = 1))), ["extra: unknown"]);
  assert.deepEqual(faultsOf(changed((set) => void (set["format"] = "2"))), ["format: missing or wrong"]);
  assert.deepEqual(faultsOf(changed(({ limits }) => void delete limits[0]?.["source"])), ["limits[0].source: not among the sources"]); // prettier-ignore
  assert.deepEqual(faultsOf(changed(({ limits }) => void Object.assign(limits[2] ?? {}, { unit: "mgg" }))), ["limits[2].unit: missing or wrong"]); // prettier-ignore
  assert.deepEqual(faultsOf(changed(({ limits }) => void Object.assign(limits[0] ?? {}, { stop: 1 }))), ["limits: dose-N02BE01-dose stops what it allows"]); // prettier-ignore
  assert.deepEqual(faultsOf(changed(({ products }) => void Object.assign(products[0] ?? {}, { atc: "Z99ZZ99" }))), ["products: N02BE01-oral-500mg is of no substance"]); // prettier-ignore
  assert.deepEqual(faultsOf(changed(({ interactions }) => void Object.assign(interactions[0] ?? {}, { level: "STOP", one: [] }))), ["interactions[0].one: missing or wrong", "interactions[0].level: missing or wrong"]); // prettier-ignore
  assert.deepEqual(faultsOf(changed(({ interactions }) => void Object.assign(interactions[0] ?? {}, { lvel: "stop" }))), ["interactions[0].lvel: unknown"]); // prettier-ignore
  assert.equal(new Knowledge(readKnowledge(JSON.stringify(USUAL_SET))).productsNamed("alv").length, KNOWLEDGE.productsNamed("alv").length); // prettier-ignore
});
