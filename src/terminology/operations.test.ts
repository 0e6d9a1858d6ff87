import assert from "node:assert/strict";
import { before, after, test } from "node:test";
import type { Parameters, ValueSet } from "fhir/r4";
import type { FhirError } from "../fhir/index.ts";
import { Budget } from "./budget.ts";
import { closure, type ClosureAsk } from "./closure.ts";
import { expand, type ExpandOptions } from "./expand.ts";
import { Library } from "./library.ts";
import { lookup } from "./lookup.ts";
import { meaningOf, type Question } from "./meaning.ts";
import type { Coding } from "./scope.ts";
import { subsumes } from "./subsumes.ts";
import { ANIMALS, animals, toPlants, valueSet } from "./testing/animals.ts";
import { NOW, terminologyOfTest, type TerminologyOfTest } from "./testing/index.ts";
import { translate, type TranslateOptions } from "./translate.ts";
import { validateInSystem, validateInValueSet } from "./validate-code.ts";

const PLANTS = "http://example.com/plants";
const vs = (id: string): string => `http://example.com/vs/${id}`;
const dog = { system: ANIMALS, code: "dog" };
const isA = (value: string): { property: string; op: "is-a"; value: string }[] => [
  { property: "concept", op: "is-a", value },
];

let there: TerminologyOfTest;
const cleanups: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

before(async () => {
  there = await terminologyOfTest({ after: (work) => void cleanups.unshift(work as () => Promise<unknown>) });
  const sets: ValueSet[] = [
    valueSet("all", { include: [{ system: ANIMALS }] }),
    valueSet("dogs", { include: [{ system: ANIMALS, filter: isA("dog") }] }),
    valueSet("dogs-by-name", { include: [{ valueSet: [vs("dogs")] }] }),
    valueSet("not-dogs", { include: [{ system: ANIMALS }], exclude: [{ valueSet: [vs("dogs")] }] }),
    valueSet("mixed", {
      include: [
        { system: PLANTS, concept: [{ code: "oak", display: "Ek" }, { code: "ash" }] },
        { system: ANIMALS, concept: [{ code: "eagle", display: "Kungsörn" }, { code: "gone" }, { code: "cat" }] },
      ],
    }),
    valueSet("both", { include: [{ system: ANIMALS, filter: isA("animal"), valueSet: [vs("dogs"), vs("curly")] }] }),
    valueSet("curly", { include: [{ system: ANIMALS, filter: isA("curly") }] }),
    valueSet("ring", { include: [{ valueSet: [vs("ring-back")] }] }),
    valueSet("ring-back", { include: [{ system: ANIMALS, concept: [{ code: "dog" }] }, { valueSet: [vs("ring")] }] }),
    valueSet("unknown", { include: [{ system: PLANTS }] }),
    valueSet("strange", { include: [{ system: ANIMALS, filter: [{ property: "legs", op: "child-of" as "=", value: "x" }] }] }),
    { ...valueSet("expanded", undefined), expansion: { timestamp: NOW, contains: [{ abstract: true, display: "Grupp", contains: [{ system: ANIMALS, code: "cat", display: "Katt" }] }] } },
  ]; // prettier-ignore
  await there.put(animals);
  await there.put(toPlants);
  for (const one of sets) await there.put(one);
});

const parameter = ({ parameter: all }: Parameters, name: string): unknown => {
  const found = all?.find((one) => one.name === name);
  return found?.valueBoolean ?? found?.valueString ?? found?.valueCode;
};
const isRefusal = (code: string) => (error: FhirError) => error.code === code;

const expanded = (id: string, options: Partial<ExpandOptions> = {}, languages: string[] = []): Promise<ValueSet> =>
  there.ask(
    async (scope) =>
      expand(scope, await scope.library.valueSet({ url: vs(id), version: undefined }), { now: NOW, ...options }),
    { languages },
  );
const codesOf = ({ expansion }: ValueSet): string => (expansion?.contains ?? []).map(({ code }) => code).join(" ");
const codes = async (id: string, options: Partial<ExpandOptions> = {}): Promise<string> =>
  codesOf(await expanded(id, options));

test("TERM-LOOKUP-1 tells name, version, display, designations and properties of a code, in the language asked for", async () => {
  const found = await there.ask((scope) => lookup(scope, dog, []), { languages: ["en-GB"] });
  assert.deepEqual(
    [parameter(found, "name"), parameter(found, "version"), parameter(found, "display")],
    ["Animals", "1", "Dog"],
  );
  const properties = (found.parameter ?? []).filter(({ name }) => name === "property").map(({ part }) => part);
  assert.deepEqual(properties, [
    [
      { name: "code", valueCode: "inactive" },
      { name: "value", valueBoolean: false },
    ],
    [
      { name: "code", valueCode: "definition" },
      { name: "value", valueString: "Människans bästa vän" },
    ],
    [
      { name: "code", valueCode: "parent" },
      { name: "value", valueCode: "animal" },
    ],
    [
      { name: "code", valueCode: "legs" },
      { name: "value", valueInteger: 4 },
    ],
  ]);
  assert.equal((found.parameter ?? []).filter(({ name }) => name === "designation").length, 3);
  const children = await there.ask((scope) => lookup(scope, dog, ["child"]));
  assert.deepEqual(
    children.parameter?.flatMap(({ part, name }) => (name === "property" ? (part?.[1]?.valueCode ?? "") : [])),
    ["poodle", "old-dog"],
  );
});

test("TERM-LOOKUP-2 an unknown code and an unknown code system are refused as not found", async () => {
  await assert.rejects(
    there.ask((scope) => lookup(scope, { ...dog, code: "x" }, [])),
    isRefusal("CODE_UNKNOWN"),
  );
  await assert.rejects(
    there.ask((scope) => lookup(scope, { ...dog, system: PLANTS }, [])),
    isRefusal("TERMINOLOGY_UNKNOWN"),
  );
  await assert.rejects(
    there.ask((scope) => lookup(scope, { ...dog, version: "7" }, [])),
    isRefusal("TERMINOLOGY_UNKNOWN"),
  );
});

test("TERM-SUBSUMES-1 says how two codes lie to each other, and refuses codes that are not there", async () => {
  const outcome = (codeA: string, codeB: string): Promise<string> =>
    there.ask((scope) => subsumes(scope, { system: ANIMALS, version: undefined, codeA, codeB }));
  assert.deepEqual(
    [
      await outcome("dog", "dog"),
      await outcome("animal", "poodle"),
      await outcome("poodle", "curly"),
      await outcome("dog", "cat"),
    ],
    ["equivalent", "subsumes", "subsumed-by", "not-subsumed"],
  );
  await assert.rejects(outcome("dog", "x"), isRefusal("CODE_UNKNOWN"));
});

test("TERM-EXPAND-1 lists what includes say, less what excludes say, each code once", async () => {
  assert.equal(await codes("all"), "animal dog poodle old-dog cat eagle curly");
  assert.equal(await codes("dogs"), "dog poodle old-dog");
  assert.equal(await codes("dogs-by-name"), "dog poodle old-dog");
  assert.equal(await codes("not-dogs"), "animal cat eagle curly");
  assert.equal(await codes("mixed"), "oak ash eagle cat"); // gone is not in a code system that is known whole
  assert.equal(await codes("both"), "poodle");
  assert.equal(await codes("expanded"), "cat");
});

test("TERM-EXPAND-2 text finds by the beginnings of words, the shortest text first, and pages keep their total", async () => {
  assert.equal(await codes("all", { filter: "u" }), "old-dog");
  assert.equal(await codes("all", { filter: "jyck" }), "dog"); // a synonym
  assert.equal(await codes("mixed", { filter: "kungs" }), "eagle");
  const page = await expanded("all", { offset: 2, count: 2 });
  assert.deepEqual([codesOf(page), page.expansion?.total, page.expansion?.offset], ["poodle old-dog", 7, 2]);
  const none = await expanded("mixed", { count: 0 });
  assert.deepEqual([codesOf(none), none.expansion?.total], ["", 4]);
  assert.equal(await codes("not-dogs", { offset: 3, count: 5 }), "curly");
});

test("TERM-EXPAND-3 inactive codes are marked, and left out on request; abstract ones are marked", async () => {
  const { expansion } = await expanded("all");
  const marked = (expansion?.contains ?? []).filter((one) => one.inactive === true || one.abstract === true);
  assert.deepEqual(
    marked.map(({ code, inactive, abstract }) => [code, inactive, abstract]),
    [
      ["animal", undefined, true],
      ["old-dog", true, undefined],
    ],
  );
  assert.equal(await codes("dogs", { activeOnly: true }), "dog poodle");
});

test("TERM-EXPAND-4 codes lie within each other when nesting is asked for", async () => {
  const { expansion } = await expanded("all", { excludeNested: false });
  const shape = (contains: NonNullable<ValueSet["expansion"]>["contains"]): unknown =>
    (contains ?? []).map((one) => (one.contains === undefined ? one.code : [one.code, shape(one.contains)]));
  assert.deepEqual(shape(expansion?.contains), [["animal", [["dog", ["poodle", "old-dog"]], "cat", "eagle"]], "curly"]);
});

test("TERM-EXPAND-5 designations, properties and the display's language come as asked", async () => {
  const { expansion, compose } = await expanded(
    "dogs",
    { includeDesignations: true, includeDefinition: true, properties: ["legs", "parent"] },
    ["en"],
  );
  const first = expansion?.contains?.[0];
  assert.deepEqual([first?.display, first?.designation?.map(({ value }) => value)], ["Dog", ["Hund", "Dog", "Jycke"]]);
  assert.deepEqual(
    first?.extension?.map(({ extension }) => extension?.[1]?.valueString),
    ["4", "animal"],
  );
  assert.equal(compose?.include.length, 1);
  assert.deepEqual(expansion?.parameter?.at(-1), { name: "version", valueUri: `${ANIMALS}|1` });
  assert.equal((await expanded("mixed")).expansion?.contains?.[2]?.display, "Kungsörn");
});

test("TERM-EXPAND-7 what is listed is narrowed as the caller asks", async () => {
  const codes = async (options: Partial<ExpandOptions>, id = "all"): Promise<string[]> => {
    const { expansion } = await there.ask(async (scope) =>
      expand(scope, await scope.library.valueSet({ url: vs(id), version: undefined }), { now: NOW, ...options }),
    );
    return (expansion?.contains ?? []).map(({ code }) => String(code)).toSorted();
  };
  const all = await codes({});
  assert.ok(all.includes("animal"));
  assert.deepEqual(await codes({ excludeNotForUI: false }), all);
  assert.deepEqual(
    await codes({ excludeNotForUI: true }),
    all.filter((code) => code !== "animal"),
  );
  assert.deepEqual(await codes({ excludeSystems: [ANIMALS] }), []);
  assert.deepEqual(await codes({ excludeSystems: [`${ANIMALS}|no-such`] }), all);
  assert.deepEqual(await codes({ excludeSystems: [ANIMALS] }, "mixed"), ["ash", "oak"]);
  assert.equal((await codes({ excludeNotForUI: true, offset: 1, count: 2 })).length, 2);
  const { version } = animals;
  assert.deepEqual(await codes({ checkVersions: [`${ANIMALS}|${version}`] }), all);
  await assert.rejects(codes({ checkVersions: [`${ANIMALS}|other`] }), { code: "TERMINOLOGY_UNKNOWN" });
  await assert.rejects(
    there.ask(async (scope) =>
      expand(
        { ...scope, forced: [`${ANIMALS}|other`] },
        await scope.library.valueSet({ url: vs("all"), version: undefined }),
        { now: NOW },
      ),
    ),
    { code: "TERMINOLOGY_UNKNOWN" },
  );
  const designations = async (options: Partial<ExpandOptions>): Promise<number> => {
    const { expansion } = await there.ask(async (scope) =>
      expand(scope, await scope.library.valueSet({ url: vs("all"), version: undefined }), { now: NOW, ...options }),
    );
    return (expansion?.contains ?? []).flatMap(({ designation = [] }) => designation).length;
  };
  const whole = await designations({ includeDesignations: true });
  const english = await designations({ designations: ["urn:ietf:bcp:47|en"] });
  assert.ok(whole > 0 && english > 0 && english <= whole, `${whole} ${english}`);
  assert.deepEqual(
    [
      await designations({ designations: ["urn:ietf:bcp:47|fi"] }),
      await designations({ includeDesignations: false, designations: ["en"] }),
    ],
    [0, 0],
  );
});

test("TERM-EXPAND-6 what cannot be listed is refused: too much, an unknown system, a ring, an unknown filter", async () => {
  await assert.rejects(expanded("unknown"), isRefusal("TERMINOLOGY_UNKNOWN"));
  await assert.rejects(expanded("ring"), isRefusal("VALUE_SET_LOOP"));
  await assert.rejects(expanded("strange"), isRefusal("FILTER_NOT_SUPPORTED"));
  const budget = new Budget(() => 0, { concepts: 3 });
  const set = valueSet("x", { include: [{ system: ANIMALS }, { system: ANIMALS }] });
  await assert.rejects(
    there.ask((scope) => expand({ ...scope, budget }, set, { now: NOW })),
    isRefusal("TERMINOLOGY_TOO_COSTLY"),
  );
});

test("TERM-MEMBER-1 membership without listing is what listing says, for every code", async () => {
  for (const id of ["all", "dogs", "dogs-by-name", "not-dogs", "mixed", "both", "curly", "expanded"]) {
    const listed = (await codes(id)).split(" ");
    const set = await there.ask(({ library }) => library.valueSet({ url: vs(id), version: undefined }));
    for (const code of ["animal", "dog", "poodle", "old-dog", "cat", "eagle", "curly", "gone", "oak"]) {
      const system = code === "oak" ? PLANTS : ANIMALS;
      const found = await there.ask((scope) => validateInValueSet(scope, set, [{ system, code }], undefined));
      assert.equal(parameter(found, "result"), listed.includes(code), `${code} in ${id}`);
    }
  }
  const ring = await there.ask(({ library }) => library.valueSet({ url: vs("ring"), version: undefined }));
  await assert.rejects(
    there.ask((scope) => validateInValueSet(scope, ring, [{ system: ANIMALS, code: "cat" }], undefined)),
    isRefusal("VALUE_SET_LOOP"),
  );
});

test("TERM-VALIDATE-1 a code is right when the system has it and the display is one of its own", async () => {
  const judged = async (...codings: Coding[]): Promise<unknown[]> => {
    const found = await there.ask((scope) => validateInSystem(scope, codings));
    return [parameter(found, "result"), parameter(found, "display"), parameter(found, "message")];
  };
  assert.deepEqual(await judged(dog), [true, "Hund", undefined]);
  assert.deepEqual(await judged({ ...dog, display: " hund " }), [true, "Hund", undefined]);
  assert.deepEqual(await judged({ ...dog, display: "Dog" }), [true, "Hund", undefined]);
  assert.deepEqual(await judged({ ...dog, display: "Katt" }), [false, "Hund", "Texten hör inte till koden dog."]);
  assert.equal((await judged({ ...dog, code: "x" }))[0], false);
  assert.equal((await judged({ ...dog, code: "x" }, dog))[0], true); // one coding of a codeable concept is enough
});

test("TERM-VALIDATE-2 in a value set a code may lack its system, and a group may be refused", async () => {
  const judge = (
    id: string,
    coding: { system: string | undefined; code: string; display?: string },
    abstract?: boolean,
  ): Promise<unknown> =>
    there.ask(async (scope) =>
      parameter(
        await validateInValueSet(
          scope,
          await scope.library.valueSet({ url: vs(id), version: undefined }),
          [coding],
          abstract,
        ),
        "result",
      ),
    );
  assert.equal(await judge("mixed", { system: undefined, code: "oak" }), true);
  assert.equal(await judge("mixed", { system: undefined, code: "dog" }), false);
  assert.equal(await judge("mixed", { system: PLANTS, code: "oak", display: "Ask" }), false);
  assert.deepEqual(
    [
      await judge("all", { system: ANIMALS, code: "animal" }),
      await judge("all", { system: ANIMALS, code: "animal" }, false),
    ],
    [true, false],
  );
});

const translated = async (
  coding: { system: string; code: string },
  options: Partial<TranslateOptions> = {},
): Promise<unknown> => {
  const found = await there.ask((scope) => translate(scope, undefined, [coding], { reverse: false, ...options }));
  const matches = (found.parameter ?? []).filter(({ name }) => name === "match");
  return [
    parameter(found, "result"),
    ...matches.map(({ part }) => `${part?.[0]?.valueCode} ${part?.[1]?.valueCoding?.code ?? part?.[1]?.valueUri}`),
  ];
};

test("TERM-TRANSLATE-1 gives what the maps say, also for codes that they do not name; unmatched is no match", async () => {
  assert.deepEqual(await translated(dog), [true, "wider dogwood"]);
  assert.deepEqual(await translated({ ...dog, code: "cat" }), [false, "unmatched http://example.com/map"]);
  assert.deepEqual(await translated({ ...dog, code: "poodle" }), [true, "wider plant"]);
  assert.deepEqual(await translated({ system: PLANTS, code: "dogwood" }), [false]);
  assert.deepEqual(await translated(dog, { targetSystem: "http://example.com/stones" }), [false]);
  assert.deepEqual(await translated(dog, { source: vs("all"), target: vs("plants") }), [true, "wider dogwood"]);
  assert.deepEqual(await translated(dog, { target: vs("all") }), [false]);
});

test("TERM-TRANSLATE-2 the other way about, wider is narrower", async () => {
  assert.deepEqual(await translated({ system: PLANTS, code: "dogwood" }, { reverse: true }), [true, "narrower dog"]);
  assert.deepEqual(await translated(dog, { reverse: true }), [false]);
});

test("TERM-TRANSLATE-3 maps that send a code round in a ring are refused", async () => {
  const group = [
    {
      source: ANIMALS,
      target: PLANTS,
      element: [],
      unmapped: { mode: "other-map" as const, url: "http://example.com/round" },
    },
  ];
  const round = {
    ...toPlants,
    id: "round",
    url: "http://example.com/round",
    group: [{ ...group[0], element: [{ code: "q" }] }],
  } as typeof toPlants;
  await there.put(round);
  await assert.rejects(
    there.ask((scope) => translate(scope, round, [dog], { reverse: false })),
    isRefusal("VALUE_SET_LOOP"),
  );
  const provided: typeof toPlants = {
    ...round,
    group: [{ source: ANIMALS, target: PLANTS, element: [{ code: "q" }], unmapped: { mode: "provided" } }],
  };
  await there.put(provided); // leaves nothing for the other tests to run into
});

const closed = (given: Partial<ClosureAsk>): Promise<string> =>
  there.store.write("*", async (tx) => {
    const scope = { library: new Library(tx.terminology, there.cache), budget: new Budget(() => 0), languages: [] };
    const map = await closure(scope, tx.closures, {
      owner: "client a",
      name: "mine",
      concepts: [],
      version: undefined,
      now: NOW,
      ...given,
    });
    const pairs = (map.group ?? []).flatMap(({ element }) =>
      element.map(({ code, target }) => `${code}<${(target ?? []).map((one) => one.code).join("&")}`),
    );
    return [map.version, ...pairs].join(" ");
  });

test("TERM-CLOSURE-1 answers the relations that are new, once, and again from a version on", async () => {
  const of = (...all: string[]): { system: string; code: string }[] => all.map((code) => ({ system: ANIMALS, code }));
  assert.equal(await closed({}), "0");
  assert.equal(await closed({ concepts: of("poodle", "cat") }), "1");
  assert.equal(await closed({ concepts: of("animal") }), "2 cat<animal poodle<animal");
  assert.equal(await closed({ concepts: of("dog", "animal") }), "3 dog<animal poodle<dog");
  assert.equal(await closed({ concepts: of("dog") }), "3");
  assert.equal(await closed({ version: "1" }), "3 cat<animal dog<animal poodle<animal&dog");
  assert.equal(await closed({}), "0"); // begun anew
});

test("TERM-CLOSURE-2 belongs to the one who began it, and refuses what it cannot place", async () => {
  await closed({});
  await assert.rejects(closed({ owner: "client b", concepts: [dog] }), isRefusal("OPERATION_PARAMETER"));
  await assert.rejects(closed({ name: "never begun", concepts: [dog] }), isRefusal("OPERATION_PARAMETER"));
  await assert.rejects(closed({ version: "x" }), isRefusal("OPERATION_PARAMETER"));
  await assert.rejects(closed({ concepts: [{ ...dog, code: "x" }] }), isRefusal("CODE_UNKNOWN"));
});

const meant = async (question: Question): Promise<string> => {
  const { codings, systems } = await there.ask((scope) => meaningOf(scope, question));
  return [...codings.map(({ code }) => code), ...systems].join(" ");
};

test("TERM-MEANING-1 a value set means its codes; all of a system that is not known here means that system", async () => {
  assert.equal(await meant({ ask: "value-set", url: vs("dogs") }), "dog poodle old-dog");
  assert.equal(await meant({ ask: "value-set", url: vs("unknown") }), PLANTS);
  await assert.rejects(meant({ ask: "value-set", url: vs("nothing") }), isRefusal("SEARCH_TERMINOLOGY_UNKNOWN"));
});

test("TERM-MEANING-2 below and above mean the code itself and all under or over it; without a system, in each that has it", async () => {
  const ask = (which: "below" | "above", code: string, system?: string): Promise<string> =>
    meant({ ask: which, code, system });
  assert.equal(await ask("below", "dog", ANIMALS), "dog poodle old-dog");
  assert.deepEqual((await ask("above", "poodle", ANIMALS)).split(" ").toSorted(), ["animal", "curly", "dog", "poodle"]);
  assert.equal(await ask("below", "dog"), "dog poodle old-dog");
  assert.equal(await ask("below", "x", ANIMALS), "x");
  await assert.rejects(ask("below", "oak", PLANTS), isRefusal("SEARCH_TERMINOLOGY_UNKNOWN"));
  await assert.rejects(ask("below", "x"), isRefusal("SEARCH_TERMINOLOGY_UNKNOWN"));
});
