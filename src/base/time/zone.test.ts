import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  addDays,
  isoLocal,
  isoUtc,
  localDate,
  startOfDate,
  STOCKHOLM,
  zonedDate,
  zonedStart,
  zoneOffset,
} from "../index.ts";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const WINTER = HOUR;
const SUMMER = 2 * HOUR;

test("BASE-ZONE-1 summer time begins and ends on the right second, 1981 to 2100", () => {
  for (let year = 1981; year <= 2100; year++) {
    const begins = lastSunday(year, 3) + HOUR;
    const ends = lastSunday(year, year <= 1995 ? 9 : 10) + HOUR;
    assertChange(begins, WINTER, SUMMER);
    assertChange(ends, SUMMER, WINTER);
    for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += DAY) {
      assert.equal(zoneOffset(at), at >= begins && at < ends ? SUMMER : WINTER, isoUtc(at));
    }
  }
});

test("BASE-ZONE-1 1980 was the first year, from 6 April to 28 September", () => {
  assertChange(Date.UTC(1980, 3, 6, 1), WINTER, SUMMER);
  assertChange(Date.UTC(1980, 8, 28, 1), SUMMER, WINTER);
});

test("BASE-ZONE-2 from 1970 to 2100 the offset is the run-time's own at any moment", () => {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: STOCKHOLM, dateStyle: "short", timeStyle: "medium" });
  const moments = fc.integer({ min: 0, max: Date.UTC(2101, 0, 1) / SECOND - 1 });
  fc.assert(
    fc.property(moments, (seconds) => {
      const wall = isoUtc(seconds * SECOND + zoneOffset(seconds * SECOND)).slice(0, 19);
      assert.equal(wall.replace("T", " "), format.format(seconds * SECOND));
    }),
    { numRuns: 20_000 },
  );
});

test("BASE-ZONE-3 before 1980 Stockholm has its own history", () => {
  assertChange(Date.UTC(1878, 11, 31, 22, 47, 48), 4332 * SECOND, 3614 * SECOND);
  assertChange(Date.UTC(1899, 11, 31, 22, 59, 46), 3614 * SECOND, WINTER);
  assertChange(Date.UTC(1916, 4, 14, 22), WINTER, SUMMER);
  assertChange(Date.UTC(1916, 8, 30, 23), SUMMER, WINTER);
  for (const year of [1917, 1918, 1940, 1942, 1945, 1947, 1949, 1960, 1979]) {
    assert.equal(zoneOffset(Date.UTC(year, 6, 1)), WINTER, `${year}`);
  }
  assert.equal(zoneOffset(-62_135_596_800_000), 4332 * SECOND);
  assert.equal(zonedDate(Date.UTC(1945, 5, 30, 22, 30)), "1945-06-30");
});

const wallTimes = fc.tuple(
  fc.integer({ min: 1860, max: 2150 }),
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 1, max: 31 }),
  fc.integer({ min: 0, max: 23 }),
  fc.integer({ min: 0, max: 59 }),
  fc.integer({ min: 0, max: 59 }),
);

test("BASE-ZONE-4 zonedStart is the earliest moment with that local time or a later one", () => {
  fc.assert(
    fc.property(wallTimes, (wall) => assertEarliest(wall)),
    { numRuns: 20_000 },
  );
});

test("BASE-ZONE-4 also in every minute of the days when the clock is changed", () => {
  for (const year of [1980, 1996, 2026, 2027, 2100]) {
    for (const month of year === 1980 ? [4, 9] : [3, 10]) {
      const [day, hours] = [new Date(changeIn(year, month)).getUTCDate(), [0, 1, 2, 3, 4]];
      for (const hour of hours)
        for (let minute = 0; minute < 60; minute++) assertEarliest([year, month, day, hour, minute, 0]);
    }
  }
});

test("BASE-ZONE-5 skipped and repeated times", () => {
  const iso = (...wall: [number, number, number, number, number]): string => isoUtc(zonedStart(...wall));
  assert.equal(iso(2026, 3, 29, 1, 59), "2026-03-29T00:59:00.000Z");
  assert.equal(iso(2026, 3, 29, 2, 0), "2026-03-29T01:00:00.000Z");
  assert.equal(iso(2026, 3, 29, 2, 30), "2026-03-29T01:00:00.000Z");
  assert.equal(iso(2026, 3, 29, 3, 0), "2026-03-29T01:00:00.000Z");
  assert.equal(iso(2026, 3, 29, 3, 1), "2026-03-29T01:01:00.000Z");
  assert.equal(iso(2026, 10, 25, 2, 0), "2026-10-25T00:00:00.000Z");
  assert.equal(iso(2026, 10, 25, 2, 59), "2026-10-25T00:59:00.000Z");
  assert.equal(iso(2026, 10, 25, 3, 0), "2026-10-25T02:00:00.000Z");
});

test("BASE-ZONE-6 fields may overflow into the next year, month or day", () => {
  assert.equal(zonedStart(2026, 13), zonedStart(2027));
  assert.equal(zonedStart(2026, 2, 29), zonedStart(2026, 3, 1));
  assert.equal(zonedStart(2026, 12, 31, 24), zonedStart(2027));
  assert.equal(zonedStart(2026, 6, 1, 0, 60), zonedStart(2026, 6, 1, 1));
  assert.equal(isoUtc(zonedStart(2026)), "2025-12-31T23:00:00.000Z");
  assert.equal(isoUtc(zonedStart(99, 2)), "0099-01-31T22:47:48.000Z");
});

test("BASE-ZONE-6 days have 23, 24 or 25 hours and make up the year", () => {
  for (let year = 1970; year <= 2100; year++) {
    const hours = new Map<number, number>();
    for (let date = localDate(year, 1, 1); date.startsWith(String(year)); date = addDays(date, 1)) {
      const length = (startOfDate(addDays(date, 1)) - startOfDate(date)) / HOUR;
      hours.set(length, (hours.get(length) ?? 0) + 1);
    }
    const changed = year < 1980 ? undefined : 1;
    assert.deepEqual([hours.get(23), hours.get(25)], [changed, changed], `${year}`);
    assert.equal(zonedStart(year + 1) - zonedStart(year), Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1));
  }
});

test("BASE-ZONE-7 the date changes at the start of a date and nowhere else", () => {
  fc.assert(
    fc.property(fc.integer({ min: -80_000, max: 60_000 }), fc.nat({ max: DAY - 1 }), (days, within) => {
      const date = addDays(localDate(1970, 1, 1), days);
      const start = startOfDate(date);
      assert.equal(zonedDate(start), date);
      assert.equal(zonedDate(start - 1), addDays(date, -1));
      const later = start + Math.min(within, startOfDate(addDays(date, 1)) - start - 1);
      assert.equal(zonedDate(later), date);
    }),
    { numRuns: 10_000 },
  );
});

test("BASE-ZONE-8 other zones, where midnight or a whole day is skipped", () => {
  assert.equal(isoUtc(startOfDate(localDate(2018, 11, 4), "America/Sao_Paulo")), "2018-11-04T03:00:00.000Z");
  assert.equal(isoUtc(startOfDate(localDate(2011, 12, 30), "Pacific/Apia")), "2011-12-30T10:00:00.000Z");
  assert.equal(isoUtc(startOfDate(localDate(2011, 12, 31), "Pacific/Apia")), "2011-12-30T10:00:00.000Z");
  assert.equal(isoUtc(zonedStart(2024, 4, 7, 1, 45, 0, "Australia/Lord_Howe")), "2024-04-06T14:45:00.000Z");
  assert.equal(zonedDate(Date.UTC(2026, 0, 1), "America/New_York"), "2025-12-31");
  assert.equal(zoneOffset(Date.UTC(1942, 6, 1), "Europe/Berlin"), SUMMER);
  assert.equal(zoneOffset(12345, "UTC"), 0);
});

test("BASE-ZONE-8 an unknown zone and an impossible moment are refused", () => {
  assert.throws(() => zoneOffset(0, "Mars/Phobos"), RangeError);
  assert.throws(() => zonedStart(2026, 1, 1, 0, 0, 0, ""), RangeError);
  assert.throws(() => zoneOffset(Number.NaN), RangeError);
  assert.throws(() => zonedStart(Number.NaN), RangeError);
});

/** 00:00 UTC on the last Sunday of a month. */
function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 0));
  return last.getTime() - last.getUTCDay() * DAY;
}

function changeIn(year: number, month: number): number {
  return year === 1980 ? Date.UTC(1980, month - 1, month === 4 ? 6 : 28) : lastSunday(year, month);
}

function assertChange(at: number, before: number, after: number): void {
  assert.deepEqual([zoneOffset(at - 1), zoneOffset(at)], [before, after], isoUtc(at));
}

/** No moment within a day before it shows the wall time or a later one that is earlier than `zonedStart`. */
function assertEarliest([year, month, day, hour, minute, second]: readonly [
  number,
  number,
  number,
  number,
  number,
  number,
]): void {
  const start = zonedStart(year, month, day, hour, minute, second);
  const wall = new Date(0).setUTCFullYear(year, month - 1, day) + hour * HOUR + minute * 60 * SECOND + second * SECOND;
  const shown = start + zoneOffset(start);
  const text = `${year}-${month}-${day} ${hour}:${minute}:${second}`;
  assert.ok(shown >= wall && shown - wall <= HOUR, text);
  for (const back of [1, SECOND, 59 * 60 * SECOND, HOUR, HOUR + SECOND, 2 * HOUR, 12 * HOUR]) {
    const earlier = start - back;
    assert.ok(earlier + zoneOffset(earlier) < wall, `${text}, ${back} ms earlier`);
  }
}

test("BASE-ZONE-9 a moment with the Swedish offset is the same moment, and its day the Swedish day", () => {
  for (const [utc, local] of [
    ["2026-11-21T23:30:00.007Z", "2026-11-22T00:30:00.007+01:00"],
    ["2026-06-30T22:00:00.000Z", "2026-07-01T00:00:00.000+02:00"],
    ["2026-10-25T00:59:59.999Z", "2026-10-25T02:59:59.999+02:00"],
    ["2026-10-25T01:00:00.000Z", "2026-10-25T02:00:00.000+01:00"],
    ["2026-03-29T00:59:59.999Z", "2026-03-29T01:59:59.999+01:00"],
    ["2026-03-29T01:00:00.000Z", "2026-03-29T03:00:00.000+02:00"],
  ] as const)
    assert.equal(isoLocal(Date.parse(utc)), local);
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(2100, 0) }), (ms) => {
      const text = isoLocal(ms);
      assert.equal(Date.parse(text), ms);
      assert.equal(text.slice(0, 10), zonedDate(ms));
    }),
  );
});
