import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  addDays,
  addMonths,
  ageInMonths,
  ageInYears,
  birthdayOf,
  dateFields,
  daysInMonth,
  isoUtc,
  isRealDate,
  localDate,
  parseLocalDate,
  type LocalDate,
} from "../index.ts";

const dates = fc
  .tuple(fc.integer({ min: 1600, max: 2400 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .filter(([year, month, day]) => isRealDate(year, month, day))
  .map(([year, month, day]) => localDate(year, month, day));

test("BASE-DATE-1 exactly the days that exist are accepted", () => {
  let accepted = 0;
  for (let year = 1999; year <= 2004; year++) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const text = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
        const exists = new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) ?? false;
        assert.equal(parseLocalDate(text), exists ? text : undefined, text);
        assert.equal(isRealDate(year, month, day), exists, text);
        accepted += Number(exists);
      }
    }
  }
  assert.equal(accepted, 4 * 365 + 2 * 366);
});

test("BASE-DATE-1 leap years follow the Gregorian rule, to the ends of the calendar", () => {
  const lengths = [1900, 2000, 2023, 2024, 2100, 2400].map((year) => daysInMonth(year, 2));
  assert.deepEqual(lengths, [28, 29, 28, 29, 28, 29]);
  assert.equal(parseLocalDate("0001-01-01"), "0001-01-01");
  assert.equal(parseLocalDate("9999-12-31"), "9999-12-31");
  assert.deepEqual(dateFields(localDate(33, 4, 3)), { year: 33, month: 4, day: 3 });
});

test("BASE-DATE-1 anything else is refused", () => {
  const others = [
    "",
    "2026",
    "2026-11",
    "2026-1-1",
    "20261121",
    "2026-11-21T10:00",
    " 2026-11-21",
    "2026-11-21\n",
    "0000-01-01",
    "-001-01-01",
    "２026-01-01",
  ];
  for (const text of others) assert.equal(parseLocalDate(text), undefined, text);
  for (const [year, month, day] of [
    [2026, 2, 30],
    [2026, 1, 1.5],
    [0, 1, 1],
    [10_000, 1, 1],
    [Number.NaN, 1, 1],
  ] as const) {
    assert.throws(() => localDate(year, month, day), RangeError);
  }
});

test("BASE-DATE-2 addDays goes through every date in order", () => {
  let date = localDate(1600, 1, 1);
  let steps = 0;
  while (date < "2400-12-31") {
    const next = addDays(date, 1);
    assert.ok(next > date && parseLocalDate(next) === next);
    assert.equal(addDays(next, -1), date);
    date = next;
    steps++;
  }
  assert.equal(steps, (Date.UTC(2400, 11, 31) - Date.UTC(1600, 0, 1)) / 86_400_000);
});

test("BASE-DATE-3 addMonths keeps the day or takes the month's last", () => {
  const moved: readonly (readonly [string, number, string])[] = [
    ["2026-01-31", 1, "2026-02-28"],
    ["2024-01-31", 1, "2024-02-29"],
    ["2026-03-31", -1, "2026-02-28"],
    ["2026-12-15", 1, "2027-01-15"],
    ["2026-01-15", -1, "2025-12-15"],
    ["2026-05-31", -18, "2024-11-30"],
  ];
  for (const [from, months, to] of moved) assert.equal(addMonths(from as LocalDate, months), to);
  fc.assert(
    fc.property(dates, fc.integer({ min: -2000, max: 2000 }), (date, months) => {
      const there = dateFields(addMonths(date, months));
      const { year, month, day } = dateFields(date);
      assert.equal(there.year * 12 + there.month, year * 12 + month + months);
      assert.equal(there.day, Math.min(day, daysInMonth(there.year, there.month)));
    }),
  );
});

test("BASE-DATE-4 results outside the calendar are refused", () => {
  assert.throws(() => addDays(localDate(1, 1, 1), -1), RangeError);
  assert.throws(() => addDays(localDate(9999, 12, 31), 1), RangeError);
  assert.throws(() => addMonths(localDate(9999, 12, 31), 1), RangeError);
});

test("BASE-AGE-1 a birthday makes a person a year older, the day before does not", () => {
  fc.assert(
    fc.property(dates, fc.integer({ min: 0, max: 130 }), (birth, years) => {
      const birthday = birthdayOf(birth, years);
      assert.equal(ageInYears(birth, birthday), years);
      if (years > 0) assert.equal(ageInYears(birth, addDays(birthday, -1)), years - 1);
    }),
    { numRuns: 3000 },
  );
});

test("BASE-AGE-1 the thirteenth birthday, at which guardians' access ends", () => {
  const birth = localDate(2013, 11, 21);
  assert.equal(birthdayOf(birth, 13), "2026-11-21");
  assert.equal(ageInYears(birth, localDate(2026, 11, 20)), 12);
  assert.equal(ageInYears(birth, localDate(2026, 11, 21)), 13);
});

test("BASE-AGE-2 born on 29 February", () => {
  const birth = localDate(2008, 2, 29);
  assert.equal(birthdayOf(birth, 18), "2026-02-28");
  assert.equal(ageInYears(birth, localDate(2026, 2, 27)), 17);
  assert.equal(ageInYears(birth, localDate(2026, 2, 28)), 18);
  assert.equal(birthdayOf(birth, 16), "2024-02-29");
  assert.equal(ageInYears(birth, localDate(2024, 2, 28)), 15);
  assert.equal(ageInYears(birth, localDate(2024, 2, 29)), 16);
});

test("BASE-AGE-3 months are full on the same day or on the last of a shorter month", () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ["2026-01-15", "2026-02-14", 0],
    ["2026-01-15", "2026-02-15", 1],
    ["2026-01-31", "2026-02-27", 0],
    ["2026-01-31", "2026-02-28", 1],
    ["2026-01-31", "2026-03-30", 1],
    ["2026-01-31", "2026-03-31", 2],
    ["2024-02-29", "2025-02-28", 12],
    ["2026-11-21", "2026-11-21", 0],
  ];
  for (const [birth, on, months] of cases)
    assert.equal(ageInMonths(birth as LocalDate, on as LocalDate), months, `${birth} ${on}`);
  fc.assert(
    fc.property(dates, fc.integer({ min: 0, max: 1500 }), (birth, months) => {
      assert.equal(ageInMonths(birth, addMonths(birth, months)), months);
      if (months > 0) assert.equal(ageInMonths(birth, addDays(addMonths(birth, months), -1)), months - 1);
    }),
    { numRuns: 3000 },
  );
});

test("BASE-AGE-4 before birth there is no age", () => {
  assert.equal(ageInYears(localDate(2026, 11, 21), localDate(2026, 11, 20)), undefined);
  assert.equal(ageInMonths(localDate(2026, 11, 21), localDate(2026, 11, 20)), undefined);
  assert.equal(ageInYears(localDate(2026, 11, 21), localDate(2026, 11, 21)), 0);
});

test("BASE-CLOCK-1 moments are written with milliseconds and Z", () => {
  assert.equal(isoUtc(0), "1970-01-01T00:00:00.000Z");
  assert.equal(isoUtc(Date.UTC(2026, 10, 21, 18, 14, 22, 7)), "2026-11-21T18:14:22.007Z");
  assert.equal(isoUtc(-62_135_596_800_000), "0001-01-01T00:00:00.000Z");
  for (const ms of [-62_135_596_800_001, 253_402_300_800_000, Number.NaN]) assert.throws(() => isoUtc(ms), RangeError);
});
