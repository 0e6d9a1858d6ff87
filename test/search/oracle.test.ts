/** Search held against a naive filter over the same resources, in a real PostgreSQL. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AccessPredicate } from "../../src/search/index.ts";
import { Dice, worldOf, type World } from "./corpus.ts";
import { naiveSearch } from "./naive.ts";
import { PARAMETERS } from "./naive-parameters.ts";
import { criterionFor, type Criterion } from "./questions.ts";
import { planOf, SearchDatabase } from "./search-database.ts";

const SEED = Number(process.env["SEARCH_SEED"] ?? 7);
const QUESTIONS = Number(process.env["SEARCH_QUESTIONS"] ?? 1500);

let database: SearchDatabase;
const world = worldOf(SEED);

before(async () => {
  database = await SearchDatabase.open();
  for (const [type, stored] of world) await database.insert(type, stored);
  await database.analyze();
});
after(() => database.close());

const queryOf = (criteria: readonly Criterion[]): string =>
  criteria.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
const types = Object.keys(PARAMETERS);

async function compare(
  dice: Dice,
  seen: World,
  access: AccessPredicate,
): Promise<{ asked: number; found: number; hits: number }> {
  const result = { asked: 0, found: 0, hits: 0 };
  for (let n = 0; n < QUESTIONS; n++) {
    const type = dice.one(types);
    const criteria = Array.from({ length: 1 + dice.below(3) }, () => criterionFor(dice, world, type));
    const plan = planOf(type, `${queryOf(criteria)}&_count=1000`);
    const expected = naiveSearch(seen, type, criteria).toSorted();
    const found = await database.all(plan, access);
    assert.deepEqual(
      found.toSorted(),
      expected,
      `seed ${SEED}, question ${n}: ${type}?${criteria.map((one) => one.join("=")).join("&")}`,
    );
    if (n % 10 === 0) assert.equal(await database.count(plan, access), expected.length, "the total");
    result.asked += 1;
    result.found += expected.length;
    result.hits += expected.length > 0 ? 1 : 0;
  }
  return result;
}

test("SEARCH-ORACLE-1 random questions find what a naive filter finds", async (t) => {
  const { asked, found, hits } = await compare(new Dice(SEED), world, () => "TRUE");
  t.diagnostic(`seed ${SEED}: ${asked} questions, ${hits} with answers, ${found} resources`);
  assert.ok(hits > asked / 5, "questions that find nothing show nothing");
});

test("SEARCH-ACCESS-1 what the access condition hides changes no answer: not by chain, not backwards, not in the total", async (t) => {
  const visible = new Map(
    [...world].map(([type, stored]) => [type, stored.filter(({ careProvider }) => careProvider === "north")]),
  );
  const { asked, hits } = await compare(
    new Dice(SEED + 1),
    visible,
    (alias, _, bind) => `${alias}.care_provider = ${bind("north")}`,
  );
  t.diagnostic(`seed ${SEED + 1}: ${asked} questions, ${hits} with answers`);
});
