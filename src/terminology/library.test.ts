import assert from "node:assert/strict";
import { test } from "node:test";
import type { FhirError } from "../fhir/index.ts";
import { Budget } from "./budget.ts";
import { EVERYTHING } from "./concept.ts";
import { Draft } from "./importers/draft.ts";
import { compareVersions, type Library } from "./library.ts";
import { languagesOf } from "./scope.ts";
import { TermCache } from "./term-cache.ts";
import { ANIMALS, animals, valueSet } from "./testing/animals.ts";
import { terminologyOfTest } from "./testing/index.ts";

const codesIn = async (library: Library, version?: string): Promise<string> =>
  [...((await (await library.maybeSystem({ url: ANIMALS, version }))?.codes(EVERYTHING, 10)) ?? ["nothing"])].join(" ");
const small = (id: string, code: string, more: Partial<typeof animals> = {}): typeof animals => ({
  ...animals,
  id,
  concept: [{ code }],
  ...more,
});

test("TERM-LIBRARY-1 a written resource answers at once after its commit, and an unchanged one is parsed once", async (t) => {
  const { put, ask } = await terminologyOfTest(t);
  assert.equal(await ask(({ library }) => codesIn(library)), "nothing");
  await put(small("one", "a"));
  assert.equal(await ask(({ library }) => codesIn(library)), "a");
  await put(small("one", "b"));
  assert.equal(await ask(({ library }) => codesIn(library)), "b");
  const twice = await Promise.all(
    [1, 2].map(() => ask(({ library }) => library.maybeSystem({ url: ANIMALS, version: undefined }))),
  );
  assert.equal(twice[0], twice[1]);
});

test("TERM-LIBRARY-2 the version asked for answers; without one the newest in use", async (t) => {
  const { put, ask } = await terminologyOfTest(t);
  await put(small("nine", "nine", { version: "9.2" }));
  await put(small("ten", "ten", { version: "10.1" }));
  await put(small("eleven", "eleven", { version: "11", status: "retired" }));
  assert.equal(await ask(({ library }) => codesIn(library)), "ten");
  assert.equal(await ask(({ library }) => codesIn(library, "9.2")), "nine");
  assert.equal(await ask(({ library }) => codesIn(library, "12")), "nothing");
  const sorted = ["2.10", "2.9", "2", "10", "2026-01", "a", ""].toSorted(compareVersions);
  assert.deepEqual(sorted, ["", "2", "2.9", "2.10", "10", "2026-01", "a"]);
});

test("TERM-LIBRARY-3 what the caller cannot reach is unknown, also when it is kept from another caller's question", async (t) => {
  const { put, ask } = await terminologyOfTest(t);
  await put(small("theirs", "secret"), "SE-THEIRS");
  assert.equal(await ask(({ library }) => codesIn(library), { reach: "SE-THEIRS" }), "secret");
  assert.equal(await ask(({ library }) => codesIn(library), { reach: "SE-OURS" }), "nothing");
  assert.deepEqual(await ask(({ library }) => library.systemsWith("secret"), { reach: "SE-OURS" }), []);
});

test("TERM-LIBRARY-4 a whole resource comes before what was imported, and that before a fragment", async (t) => {
  const { put, ask, store } = await terminologyOfTest(t);
  const draft = new Draft();
  draft.concept("imported", "Imported");
  await put(small("fragment", "fragment", { content: "fragment", version: "9" }));
  await put(small("none", "none", { content: "not-present", version: "99" }));
  assert.equal(await ask(({ library }) => codesIn(library)), "fragment");
  await store.replaceSystem({ url: ANIMALS, version: "3", name: "A", title: "A", language: "sv" }, draft.numbered());
  assert.equal(await ask(({ library }) => codesIn(library)), "imported");
  await put(small("whole", "whole"));
  assert.equal(await ask(({ library }) => codesIn(library)), "whole");
});

test("TERM-LIBRARY-5 value sets that an address of SNOMED CT or LOINC defines need not be stored, nor those of R4's own required codes", async (t) => {
  const { ask } = await terminologyOfTest(t);
  const include = (url: string): Promise<unknown> =>
    ask(async ({ library }) => (await library.maybeValueSet({ url, version: undefined }))?.compose?.include[0]);
  const filter = [{ property: "concept", op: "is-a", value: "73211009" }];
  assert.deepEqual(await include("http://snomed.info/sct?fhir_vs=isa/73211009"), {
    system: "http://snomed.info/sct",
    filter,
  });
  assert.deepEqual(await include("http://snomed.info/sct?fhir_vs"), { system: "http://snomed.info/sct" });
  assert.deepEqual(await include("http://loinc.org/vs"), { system: "http://loinc.org" });
  assert.equal(await include("http://snomed.info/sct?fhir_vs=ecl/<1"), undefined);
  const gender = "administrative-gender";
  assert.deepEqual(await include(`http://hl7.org/fhir/ValueSet/${gender}`), {
    system: `http://hl7.org/fhir/${gender}`,
  });
  assert.equal(await include("http://hl7.org/fhir/ValueSet/constructor"), undefined);
});

test("TERM-CACHE-1 keeps no more text than it may, and lets go of the longest unused", () => {
  const cache = new TermCache(10);
  const made: string[] = [];
  const take = (key: string, size = 4): unknown => cache.take(key, size, () => made.push(key) && key);
  for (const key of ["a", "b", "a", "c", "a", "b"]) take(key);
  assert.deepEqual(made, ["a", "b", "c", "b"]); // b was the longest unused when c came
  assert.equal(take("large", 100), "large"); // too large to be kept for long, and still answered
  cache.remember("q", ["a", "large"]);
  assert.deepEqual([...cache.held("q").keys()], ["large"]);
});

test("TERM-BUDGET-1 beyond its number of concepts or its time an operation is refused", () => {
  let now = 0;
  const budget = new Budget(() => now, { concepts: 5, ms: 10 });
  budget.spend(5);
  assert.equal(budget.rest, 0);
  const refused = (error: FhirError): boolean => error.code === "TERMINOLOGY_TOO_COSTLY";
  assert.throws(() => budget.spend(1), refused);
  const slow = new Budget(() => now, { ms: 10 });
  now = 11;
  assert.throws(() => slow.spend(0), refused);
});

test("TERM-SCOPE-1 languages come in the order of their quality, and what is no language tag is left out", () => {
  assert.deepEqual(languagesOf("en;q=0.5, sv-SE, sv;q=0.9, *;q=0.1, de;q=0"), ["sv-SE", "sv", "en"]);
  assert.deepEqual(languagesOf(undefined), []);
});

test("TERM-REFUSE-1 what is not known is said by its address, never as an empty answer", async (t) => {
  const { ask, put } = await terminologyOfTest(t);
  await put(valueSet("vs", undefined));
  const wanted = { url: "http://example.com/none", version: "2" };
  for (const question of [
    (library: Library) => library.system(wanted),
    (library: Library) => library.valueSet(wanted),
    (library: Library) => library.conceptMap(wanted),
  ]) {
    await assert.rejects(
      ask(async ({ library }) => question(library)),
      (error: FhirError) => error.code === "TERMINOLOGY_UNKNOWN" && error.message.includes("http://example.com/none|2"),
    );
  }
});
