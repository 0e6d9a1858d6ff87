/** R4's table of prefixes, case by case: what each makes of ranges that a precision, a period or a comparator gives. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ExactNumber, type JsonObject } from "../../src/fhir/index.ts";
import { planOf, SearchDatabase, type Stored } from "./search-database.ts";

let database: SearchDatabase;

const stored = (resource: JsonObject, lastUpdated = "2026-01-01T00:00:00.000Z"): Stored => ({
  resource,
  lastUpdated,
  careProvider: "north",
});
const stay = (id: string, start?: string, end?: string): Stored =>
  stored({
    resourceType: "EpisodeOfCare",
    id,
    period: { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) },
  });
const at = (id: string, when: string): Stored =>
  stored({ resourceType: "EpisodeOfCare", id, period: { start: when, end: when } });
const number = (id: string, value: string): Stored =>
  stored({ resourceType: "RiskAssessment", id, prediction: [{ probabilityDecimal: new ExactNumber(value) }] });

before(async () => {
  database = await SearchDatabase.open();
});
after(() => database.close());

async function find(type: string, query: string, now?: number): Promise<string> {
  const plan = planOf(type, `${query}&_count=1000`, { now });
  return (await database.all(plan))
    .map((one) => one.slice(type.length + 1))
    .toSorted()
    .join(" ");
}

test("SEARCH-DATE-3 the cases of R4's own table, and their borders", async () => {
  const rows = [
    at("00:00", "2013-01-14T00:00:00+01:00"),
    at("10:00", "2013-01-14T10:00:00+01:00"),
    at("15th", "2013-01-15T00:00:00+01:00"),
    stay("14th", "2013-01-14", "2013-01-14"),
    stay("from-21-jan", "2013-01-21"),
    stay("from-15-mar", "2013-03-15"),
    stay("until-21-jan", undefined, "2013-01-21"),
    stay("14-mar", "2013-03-14", "2013-03-14"),
  ];
  await database.insert("EpisodeOfCare", rows);
  for (const [value, expected] of [
    ["eq2013-01-14", "00:00 10:00 14th"],
    ["2013-01-14", "00:00 10:00 14th"],
    ["ne2013-01-14", "14-mar 15th from-15-mar from-21-jan until-21-jan"],
    ["lt2013-01-14T10:00+01:00", "00:00 14th until-21-jan"],
    ["gt2013-01-14T10:00+01:00", "14-mar 14th 15th from-15-mar from-21-jan until-21-jan"],
    ["ge2013-03-14", "14-mar from-15-mar from-21-jan"],
    ["le2013-03-14", "00:00 10:00 14-mar 14th 15th from-21-jan until-21-jan"],
    ["sa2013-03-14", "from-15-mar"],
    ["eb2013-03-14", "00:00 10:00 14th 15th until-21-jan"],
    ["eb2013-01-14", ""],
    ["sa2013-01-14", "14-mar 15th from-15-mar from-21-jan"],
    ["eq2013", "00:00 10:00 14-mar 14th 15th"],
    ["eq2013-01", "00:00 10:00 14th 15th"],
    ["gt2013-03", "from-15-mar from-21-jan"],
  ] as const)
    assert.equal(await find("EpisodeOfCare", `date=${encodeURIComponent(value)}`), expected, value);
  const now = Date.parse("2013-03-24T00:00:00+01:00");
  assert.equal(await find("EpisodeOfCare", "date=ap2013-03-14", now), "14-mar from-15-mar from-21-jan");
  assert.equal(await find("EpisodeOfCare", "date=ap2013-03-10", now), "from-21-jan", "a tenth of two weeks");
});

test("SEARCH-DATE-4 a date without a zone is a Swedish day, month or year, on the days when clocks are changed too", async () => {
  const moments = [
    ["summer-first", "2024-03-30T23:00:00Z"],
    ["summer-last", "2024-03-31T21:59:59Z"],
    ["summer-after", "2024-03-31T22:00:00Z"],
    ["winter-first", "2024-10-26T22:00:00Z"],
    ["winter-last", "2024-10-27T22:59:59Z"],
    ["winter-after", "2024-10-27T23:00:00Z"],
    ["new-year", "2024-12-31T23:00:00Z"],
    ["old-year", "2024-12-31T22:59:59Z"],
  ] as const;
  await database.insert(
    "Encounter",
    moments.map(([id, when]) => stored({ resourceType: "Encounter", id, period: { start: when, end: when } })),
  );
  assert.equal(await find("Encounter", "date=2024-03-31"), "summer-first summer-last");
  assert.equal(await find("Encounter", "date=2024-10-27"), "winter-first winter-last");
  assert.equal(await find("Encounter", "date=2025"), "new-year");
  assert.equal(await find("Encounter", "date=2024-12"), "old-year");
  assert.equal(await find("Encounter", "date=sa2024-10-27"), "new-year old-year winter-after");
  assert.equal(await find("Encounter", "date=eb2024-10-27&date=sa2024-03-31"), "summer-after");
  assert.equal(await find("Encounter", "date=2024-03-31T01:00%2B01:00"), "", "a minute is a minute");
});

test("SEARCH-NUMBER-2 the cases of R4's own table, and their borders", async () => {
  await database.insert(
    "RiskAssessment",
    ["99.4", "99.5", "99.995", "100", "100.004", "100.005", "100.5", "95", "94.9", "104.9", "105", "-100", "0"].map(
      (one) => number(`n${one}`, one),
    ),
  );
  for (const [value, expected] of [
    ["100", "n100 n100.004 n100.005 n99.5 n99.995"],
    ["eq100.00", "n100 n100.004 n99.995"],
    ["1e2", "n100 n100.004 n100.005 n100.5 n104.9 n95 n99.4 n99.5 n99.995"],
    ["1.00e2", "n100 n100.004 n100.005 n99.5 n99.995"],
    ["lt100", "n-100 n0 n94.9 n95 n99.4 n99.5 n99.995"],
    ["le100", "n-100 n0 n100 n94.9 n95 n99.4 n99.5 n99.995"],
    ["gt100", "n100.004 n100.005 n100.5 n104.9 n105"],
    ["ge100", "n100 n100.004 n100.005 n100.5 n104.9 n105"],
    ["ne100", "n-100 n0 n100.5 n104.9 n105 n94.9 n95 n99.4"],
    ["sa100", "n100.004 n100.005 n100.5 n104.9 n105"],
    ["eb100", "n-100 n0 n94.9 n95 n99.4 n99.5 n99.995"],
    ["ap100", "n100 n100.004 n100.005 n100.5 n104.9 n105 n94.9 n95 n99.4 n99.5 n99.995"],
    ["-100", "n-100"],
    ["0", "n0"],
    ["ap0", "n0"],
  ] as const)
    assert.equal(await find("RiskAssessment", `probability=${value}`), expected, value);
});

test("SEARCH-NUMBER-3 a range and a comparator are ranges: eq must have all of it, gt and lt some of it, sa and eb all beyond", async () => {
  const between = (id: string, low: JsonObject, high: JsonObject): Stored =>
    stored({ resourceType: "ValueSet", id, useContext: [{ valueRange: { ...low, ...high } }] });
  await database.insert("ValueSet", [
    between("5-6", { low: { value: 5 } }, { high: { value: 6 } }),
    between("5-", { low: { value: 5 } }, {}),
    between("-6", {}, { high: { value: 6 } }),
  ]);
  for (const [value, expected] of [
    ["eq5", ""],
    ["eq5.5", ""],
    ["gt5.5", "-6 5- 5-6"],
    ["gt6", "5-"],
    ["lt5", "-6"],
    ["lt5.5", "-6 5- 5-6"],
    ["sa4", "5- 5-6"],
    ["sa5", ""],
    ["eb7", "-6 5-6"],
    ["eb6", ""],
    ["ge6", "-6 5- 5-6"],
    ["le5", "-6 5- 5-6"],
  ] as const)
    assert.equal(await find("ValueSet", `context-quantity=${value}`), expected, value);
});

test("SEARCH-DATE-5 the time of change is compared to the millisecond", async () => {
  await database.insert("Basic", [
    stored({ resourceType: "Basic", id: "a" }, "2026-01-01T10:00:00.122Z"),
    stored({ resourceType: "Basic", id: "b" }, "2026-01-01T10:00:00.123Z"),
    stored({ resourceType: "Basic", id: "c" }, "2026-01-01T10:00:00.124Z"),
  ]);
  for (const [value, expected] of [
    ["2026-01-01T10:00:00.123Z", "b"],
    ["ne2026-01-01T10:00:00.123Z", "a c"],
    ["gt2026-01-01T10:00:00.123Z", "c"],
    ["ge2026-01-01T10:00:00.123Z", "b c"],
    ["lt2026-01-01T10:00:00.123Z", "a"],
    ["le2026-01-01T10:00:00.123Z", "a b"],
    ["2026-01-01T10:00:00Z", "a b c"],
    ["2026-01-01", "a b c"],
    ["sa2026-01-01", ""],
  ] as const)
    assert.equal(await find("Basic", `_lastUpdated=${value}`), expected, value);
});
