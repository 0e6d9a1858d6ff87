import assert from "node:assert/strict";
import { test } from "node:test";
import type { CodeSystem } from "fhir/r4";
import type { FhirError } from "../fhir/index.ts";
import { memorySystem } from "./code-system.ts";
import { EVERYTHING, type ConceptSource, type Filter } from "./concept.ts";
import { Draft } from "./importers/draft.ts";
import { tableSystem } from "./table-system.ts";
import { ANIMALS, animals } from "./testing/animals.ts";
import { terminologyOfTest } from "./testing/index.ts";
import { textQuery } from "./words.ts";

const ALL = { offset: 0, limit: 100 };
const memory = memorySystem(animals);
const codesOf = async (source: ConceptSource, ...filters: Filter[]): Promise<string[]> =>
  (await source.select({ filters, activeOnly: false }, ALL)).map(({ code }) => code).toSorted();
const filter = (property: string, op: Filter["op"], value: string): Filter => ({ property, op, value });

test("TERM-MODEL-1 nested concepts and properties that mean parent or child are one hierarchy", async () => {
  const above = await memory.ancestors(["poodle", "animal", "nothing"]);
  assert.deepEqual([...(above.get("poodle") ?? [])].toSorted(), ["animal", "curly", "dog"]);
  assert.deepEqual([above.get("animal")?.size, above.has("nothing")], [0, false]);
  const child = memorySystem({
    ...animals,
    concept: [
      {
        code: "a",
        property: [
          { code: "child", valueCode: "b" },
          { code: "child", valueCode: "gone" },
        ],
      },
      { code: "b" },
    ],
  });
  assert.deepEqual((await child.find(["b"])).get("b")?.parents, ["a"]);
});

test("TERM-MODEL-2 status properties say what is inactive and what only groups others", async () => {
  const found = await memory.find(["animal", "old-dog", "dog"]);
  assert.deepEqual(
    [found.get("animal")?.abstract, found.get("old-dog")?.active, found.get("dog")?.active],
    [true, false, true],
  );
  const retired = memorySystem({
    ...animals,
    concept: [{ code: "a", property: [{ code: "status", valueCode: "retired" }] }],
  });
  assert.equal((await retired.find(["a"])).get("a")?.active, false);
});

test("TERM-MODEL-3 case is minded unless the code system says that it is not", async () => {
  assert.equal((await memory.find(["DOG"])).size, 0);
  const folding = memorySystem({ ...animals, caseSensitive: false });
  assert.equal((await folding.find(["DOG"])).get("DOG")?.code, "dog");
  assert.deepEqual(await codesOf(folding, filter("concept", "descendent-of", "DOG")), ["old-dog", "poodle"]);
});

test("TERM-MODEL-4 a hierarchy that runs in a ring has an end, and a long chain is no trouble", async () => {
  const ring: CodeSystem = {
    ...animals,
    concept: [
      { code: "a", property: [{ code: "parent", valueCode: "b" }] },
      { code: "b", property: [{ code: "parent", valueCode: "a" }] },
    ],
  };
  assert.deepEqual(await codesOf(memorySystem(ring), filter("concept", "is-a", "a")), ["a", "b"]);
  const concept = Array.from({ length: 20_000 }, (_, n) => ({
    code: `c${n}`,
    property: [{ code: "parent", valueCode: `c${n - 1}` }],
  }));
  assert.equal((await memorySystem({ ...animals, concept }).ancestors(["c19999"])).get("c19999")?.size, 19_999);
});

test("TERM-MODEL-5 only a hierarchy of kinds says that one code subsumes another", () => {
  const meaning = (hierarchyMeaning?: CodeSystem["hierarchyMeaning"]): boolean =>
    memorySystem({ ...animals, hierarchyMeaning }).isSubsumptive;
  assert.deepEqual([meaning(), meaning("is-a"), meaning("classified-with")], [true, true, true]);
  assert.deepEqual([meaning("part-of"), meaning("grouped-by")], [false, false]);
});

test("TERM-FILTER-1 each operator chooses the concepts that R4 says", async () => {
  const expected: readonly (readonly [Filter, string])[] = [
    [filter("concept", "is-a", "dog"), "dog old-dog poodle"],
    [filter("code", "descendent-of", "dog"), "old-dog poodle"],
    [filter("concept", "is-not-a", "animal"), "curly"],
    [filter("concept", "generalizes", "poodle"), "animal curly dog poodle"],
    [filter("legs", "=", "4"), "cat dog"],
    [filter("code", "in", "cat,dog, gone"), "cat dog"],
    [filter("code", "not-in", "cat,dog"), "animal curly eagle old-dog poodle"],
    [filter("legs", "exists", "true"), "cat dog eagle"],
    [filter("legs", "exists", "false"), "animal curly old-dog poodle"],
    [filter("code", "regex", ".*dog"), "dog old-dog"],
    [filter("display", "=", "Örn"), "eagle"],
    [filter("display", "regex", "[HK].+"), "cat dog"],
    [filter("parent", "=", "dog"), "old-dog poodle"],
    [filter("inactive", "=", "true"), "old-dog"],
    [filter("concept", "is-a", "gone"), ""],
  ];
  for (const [one, codes] of expected) assert.equal((await codesOf(memory, one)).join(" "), codes, JSON.stringify(one));
});

test("TERM-FILTER-2 a filter that makes no sense is refused", async () => {
  for (const one of [filter("legs", "is-a", "4"), filter("legs", "exists", "perhaps")])
    await assert.rejects(codesOf(memory, one), (error: FhirError) => error.code === "FILTER_NOT_SUPPORTED");
});

test("TERM-TABLE-1 concepts in tables answer every question as the same concepts in memory do", async (t) => {
  const { store, ask } = await terminologyOfTest(t);
  const draft = new Draft();
  for (const { parents, ...concept } of await memory.select(EVERYTHING, ALL)) {
    const one = draft.concept(concept.code, concept.display ?? "");
    Object.assign(one, { active: concept.active, abstract: concept.abstract, definition: concept.definition });
    one.designations.push(...concept.designations);
    one.properties.push(...concept.properties);
    for (const parent of parents) one.parents.add(parent);
  }
  const system = { url: ANIMALS, version: "1", name: "Animals", title: "Animals", language: "sv" };
  await store.replaceSystem({ ...system, url: "http://example.com/other" }, draft.numbered()); // numbers are not the places
  await store.replaceSystem(system, draft.numbered());
  const filters = [
    filter("concept", "is-a", "dog"), filter("concept", "descendent-of", "animal"), filter("concept", "is-not-a", "dog"), filter("concept", "is-not-a", "gone"),
    filter("concept", "generalizes", "poodle"), filter("legs", "=", "4"), filter("legs", "in", "2,4"), filter("code", "in", "cat,dog"), filter("code", "not-in", "cat"),
    filter("legs", "exists", "true"), filter("legs", "exists", "false"), filter("code", "regex", ".*dog"), filter("display", "=", "Örn"), filter("parent", "=", "dog"),
    filter("inactive", "=", "true"), filter("inactive", "=", "false"), filter("concept", "is-a", "gone"),
  ]; // prettier-ignore
  await ask(async ({ library }) => {
    const [row] = await library.tables.systems(ANIMALS);
    assert.ok(row !== undefined);
    assert.equal(row.concepts, 7);
    const table = tableSystem(row, library.tables);
    let asked = 0;
    for (const first of [undefined, ...filters]) {
      for (const second of [undefined, ...filters]) {
        for (const more of [
          {},
          { activeOnly: true },
          { text: textQuery("hu") },
          { text: textQuery("'\\ ö") },
          { codes: ["dog", "cat"] },
        ]) {
          const both = [first, second].filter((one) => one !== undefined);
          const selection = { activeOnly: false, filters: both, ...more };
          const answer = async (source: ConceptSource): Promise<string[]> =>
            (await source.select(selection, ALL)).map(({ code }) => code).toSorted();
          const expected = await answer(memory);
          assert.deepEqual(await answer(table), expected, JSON.stringify(selection));
          assert.equal(await table.count(selection), expected.length);
          assert.deepEqual([...(await table.codes(selection, 100))].toSorted(), expected);
          asked += expected.length;
        }
      }
    }
    assert.ok(asked > 500); // something was found
    assert.deepEqual((await table.find(["poodle", "gone"])).get("poodle")?.parents.toSorted(), ["curly", "dog"]);
    assert.deepEqual(await table.ancestors(["poodle"]), await memory.ancestors(["poodle"]));
    assert.deepEqual((await table.find(["dog"])).get("dog"), (await memory.find(["dog"])).get("dog"));
    assert.deepEqual(
      (await table.select(EVERYTHING, { offset: 2, limit: 2 })).map(({ code }) => code),
      ["poodle", "old-dog"],
    );
    assert.deepEqual(await library.systemsWith("dog"), [ANIMALS, "http://example.com/other"]);
  });
});

test("TERM-TABLE-2 a code system is replaced whole or not at all, and its other versions stay", async (t) => {
  const { store, ask } = await terminologyOfTest(t);
  const system = (version: string): Parameters<typeof store.replaceSystem>[0] => ({
    url: ANIMALS,
    version,
    name: "A",
    title: "A",
    language: "sv",
  });
  const draftOf = (...codes: string[]): Draft => {
    const draft = new Draft();
    for (const code of codes) draft.concept(code, code);
    return draft;
  };
  await store.replaceSystem(system("1"), draftOf("a", "b").numbered());
  await store.replaceSystem(system("2"), draftOf("c").numbered());
  const seen = (version?: string): Promise<string[]> =>
    ask(async ({ library }) =>
      [...(await (await library.system({ url: ANIMALS, version })).codes(EVERYTHING, 10))].toSorted(),
    );
  const breaking = function* (): Generator<ReturnType<Draft["numbered"]> extends Generator<infer T> ? T : never> {
    yield* draftOf("x").numbered();
    throw new Error("the file ends here");
  };
  await assert.rejects(store.replaceSystem(system("1"), breaking()), /the file ends here/);
  assert.deepEqual([await seen("1"), await seen("2"), await seen()], [["a", "b"], ["c"], ["c"]]);
  const told: number[] = [];
  assert.equal(await store.replaceSystem(system("1"), draftOf("d", "e", "f").numbered(), (n) => told.push(n)), 3);
  assert.deepEqual([await seen("1"), told], [["d", "e", "f"], [3]]);
});
