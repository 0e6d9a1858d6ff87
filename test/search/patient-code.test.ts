/** What a patient has of a code, whatever the codings of the rows: the code's column must never hide a row. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { seededRandom } from "../../src/base/index.ts";
import { compileSearch, extractKeys } from "../../src/search/index.ts";
import { naiveSearch } from "./naive.ts";
import { ALL, planOf, SearchDatabase, type Stored } from "./search-database.ts";

const SEED = 20_261_122;
const random = seededRandom(SEED);
const PATIENTS = ["p1", "p2", "p3"];
const SYSTEMS = ["http://loinc.org", "urn:local", undefined];
const CODES = ["8867-4", "8480-6", "0", undefined];

/** One of every shape that a code can have: no code, text only, one coding or several, whole or in part. */
function codeOf(): Record<string, unknown> | undefined {
  const codings = Array.from({ length: random.pick([0, 1, 1, 1, 2, 3]) }, () => {
    const [system, code] = [random.pick(SYSTEMS), random.pick(CODES)];
    return { ...(system === undefined ? {} : { system }), ...(code === undefined ? {} : { code }), display: "d" };
  });
  if (codings.length === 0) return random.pick([{ text: "bara ord" }, undefined]);
  return { coding: codings };
}

const observations: Stored[] = Array.from({ length: 400 }, (_, n) => ({
  resource: {
    resourceType: "Observation",
    id: `o${n}`,
    status: "final",
    subject: { reference: `Patient/${random.pick(PATIENTS)}` },
    effectiveDateTime: `2026-0${1 + random.int(9)}-1${random.int(10)}`,
    ...(() => {
      const code = codeOf();
      return code === undefined ? {} : { code };
    })(),
  } as Stored["resource"],
  lastUpdated: "2026-11-22T08:00:00.000Z",
  careProvider: "north",
}));

let database: SearchDatabase;
before(async () => {
  database = await SearchDatabase.open();
  await database.insert("Observation", observations);
  await database.analyze();
});
after(() => database.close());

test(`SEARCH-LAYOUT-6 a patient's rows of a code are found whatever codings they have (seed ${SEED})`, async () => {
  const world = new Map([["Observation", observations]]);
  const whole = ["http://loinc.org|8867-4", "http://loinc.org|8480-6", "urn:local|8867-4", "urn:local|0"];
  const asked = [...whole, "8867-4", "|8867-4", "http://loinc.org|", whole.slice(0, 2).join(","), `${whole[0]},8480-6`];
  let hits = 0;
  for (const patient of PATIENTS) {
    for (const code of [...asked, "urn:nobody|1"]) {
      const expected = naiveSearch(world, "Observation", [
        ["patient", patient],
        ["code", code],
      ]);
      for (const page of ["&_count=1000", "&_sort=-date&_count=7"]) {
        const plan = planOf("Observation", `patient=${patient}&code=${encodeURIComponent(code)}${page}`);
        assert.deepEqual((await database.all(plan)).toSorted(), expected.toSorted(), `${patient} ${code} ${page}`);
      }
      hits += expected.length;
    }
  }
  assert.ok(hits > 300, `${hits} rows found`);
});

test("SEARCH-LAYOUT-7 only what has one whole coding keeps its key, and only rows that a patient has narrowed are asked for it", () => {
  const keyOf = (code: object): string | null =>
    extractKeys("Observation", { resourceType: "Observation", id: "o", code } as never).codeKey;
  const [one, other] = [
    { system: "http://loinc.org", code: "8867-4" },
    { system: "urn:local", code: "8867-4" },
  ];
  assert.match(String(keyOf({ coding: [one] })), /^-?\d{15,}$/);
  assert.notEqual(keyOf({ coding: [one] }), keyOf({ coding: [other] }));
  for (const coding of [[one, other], [], [{ code: "8867-4" }], [{ system: "urn:local" }]])
    assert.equal(keyOf({ coding }), "0");
  assert.equal(extractKeys("Patient", { resourceType: "Patient", id: "p" }).codeKey, null);
  const textOf = (query: string): string => compileSearch(planOf("Observation", query), ALL).text;
  assert.match(textOf("patient=p1&code=http://loinc.org|8867-4"), /code_key/);
  for (const query of ["code=http://loinc.org|8867-4", "patient=p1&code=8867-4", "patient=p1&code:not=urn:x|1"])
    assert.doesNotMatch(textOf(query), /code_key/, query);
});
