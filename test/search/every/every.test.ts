/**
 * Every one of R4's 1,709 pairs of type and parameter, with every modifier and prefix that it may have and in both orders,
 * asked of PostgreSQL and of a naive filter over the same generated resources.
 *
 * A longer run: SEARCH_SEED=17 SEARCH_ROUNDS=20 node --import tsx --test test/search/every/every.test.ts
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parseJson, RESOURCE_TYPES, writeJson, type JsonObject, type JsonValue } from "../../../src/fhir/index.ts";
import { resolveTerminology, type SearchPlan } from "../../../src/search/index.ts";
import { Dice } from "../corpus.ts";
import { codedIn, dateRangeIn, folded, numberRangeIn, textsIn } from "../naive.ts";
import { planOf, SearchDatabase } from "../search-database.ts";
import { EACH, resourceOf } from "./generate.ts";
import { DEFINITIONS, typeOf, valuesOf, type Definition } from "./naive.ts";
import { Asker, type World } from "./questions.ts";

const SEED = Number(process.env["SEARCH_SEED"] ?? 7);
const ROUNDS = Number(process.env["SEARCH_ROUNDS"] ?? 1);

let database: SearchDatabase;

before(async () => {
  database = await SearchDatabase.open();
});
after(() => database.close());

/** Answered from the row or its text; the other tests of this folder ask them. */
const BESIDES: ReadonlySet<string> = new Set(["_id", "_lastUpdated", "_text", "_content", "_query", "near"]);

async function filledWorld(dice: Dice): Promise<World> {
  const world = new Map<string, readonly JsonObject[]>();
  for (const type of RESOURCE_TYPES) {
    const resources = Array.from({ length: EACH }, (_, n) => resourceOf(type, n, dice));
    await database.client.query(`TRUNCATE "${type.toLowerCase()}"`);
    await database.insert(
      type,
      resources.map((resource) => ({ resource, lastUpdated: "2026-01-01T00:00:00.000Z", careProvider: "north" })),
    );
    world.set(
      type,
      resources.map((resource) => parseJson(writeJson(resource)) as JsonObject),
    );
  }
  return world;
}

/** A value set and a hierarchy mean here exactly the code that stands in the question. */
async function meant(plan: SearchPlan): Promise<SearchPlan> {
  return resolveTerminology(plan, async (question) => {
    const [system = "", code = ""] =
      question.ask === "value-set" ? (JSON.parse(question.url) as string[]) : [question.system, question.code];
    return { codings: [{ system, code }], systems: [] };
  });
}

async function found(type: string, query: string): Promise<string[]> {
  const ids = await database.all(await meant(planOf(type, `${query}&_count=1000`)));
  return ids.map((one) => one.slice(type.length + 1));
}

/** Whether a value has something to be sorted by; a concept in words has not. */
function isSortable({ type }: Definition, value: JsonValue): boolean {
  switch (type) {
    case "date":
      return dateRangeIn(value) !== undefined;
    case "number":
    case "quantity":
      return numberRangeIn(value) !== undefined;
    case "string":
      return textsIn(value).some((text) => folded(text) !== "");
    case "reference":
      return typeof value === "string" || typeOf(value) !== undefined;
    case "token":
      return codedIn(value).some(({ code }) => code !== undefined);
    default:
      return true;
  }
}

async function wrongOrders(
  definition: Definition,
  type: string,
  resources: readonly JsonObject[],
  byPages: boolean,
): Promise<string[]> {
  const ids = resources.map(({ id }) => String(id)).toSorted();
  const valued = new Map(resources.map((one) => [String(one["id"]), valuesOf(definition, one)]));
  const wrong: string[] = [];
  for (const order of [definition.code, `-${definition.code}`]) {
    const query = `${type}?_sort=${order}`;
    const sorted = await found(type, `_sort=${order}`);
    if (sorted.toSorted().join() !== ids.join()) wrong.push(`${query} has not every row once`);
    const firstMissing = sorted.findIndex((id) => valued.get(id)?.length === 0);
    const late = firstMissing < 0 ? [] : sorted.slice(firstMissing);
    if (late.some((id) => valued.get(id)?.some((value) => isSortable(definition, value)) === true))
      wrong.push(`${query} has missing values before others`);
    if (!byPages) continue;
    const paged = await database.all(planOf(type, `_sort=${order}&_count=3`));
    if (paged.map((one) => one.slice(type.length + 1)).join() !== sorted.join())
      wrong.push(`${query} by pages differs`);
  }
  return wrong;
}

/** The pairs of R4: a type and a parameter that it has. What every resource has is asked of one type. */
function pairs(): readonly (readonly [type: string, definition: Definition])[] {
  return DEFINITIONS.flatMap((definition) =>
    definition.base.map((base) => {
      const type = base === "Resource" || base === "DomainResource" ? "Patient" : base;
      return [type, definition] as const;
    }),
  );
}

type Count = { questions: number; answered: number };

async function wrongAnswers(
  asker: Asker,
  type: string,
  resources: readonly JsonObject[],
  count: Count,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const { query, meets } of asker.questions(type)) {
    const expected = resources
      .filter(meets)
      .map(({ id }) => String(id))
      .toSorted()
      .join(" ");
    const answer = (await found(type, query)).toSorted().join(" ");
    if (answer !== expected) wrong.push(`${type}?${decodeURIComponent(query)} found ${answer} instead of ${expected}`);
    count.questions += 1;
    if (expected !== "") count.answered += 1;
  }
  return wrong;
}

test("SEARCH-EVERY-1, SEARCH-SORT-4 every pair of R4 with every modifier and prefix finds what a naive filter finds, and sorts with missing values last", async (t) => {
  const all = pairs();
  assert.equal(all.length, 1709);
  const count = { questions: 0, answered: 0 };
  for (let seed = SEED; seed < SEED + ROUNDS; seed++) {
    const dice = new Dice(seed);
    const world = await filledWorld(dice);
    const wrong: string[] = [];
    for (const [type, definition] of all) {
      if (BESIDES.has(definition.code)) continue;
      const resources = world.get(type) ?? [];
      wrong.push(...(await wrongAnswers(new Asker(definition, type, world, dice), type, resources, count)));
      if (definition.type !== "composite")
        wrong.push(...(await wrongOrders(definition, type, resources, dice.chance(15))));
    }
    assert.deepEqual(wrong.slice(0, 40), [], `seed ${seed}`);
  }
  t.diagnostic(`seed ${SEED}: ${all.length} pairs, ${count.questions} questions, ${count.answered} with answers`);
  assert.ok(count.questions > 7000 * ROUNDS && count.answered > count.questions / 2);
});
