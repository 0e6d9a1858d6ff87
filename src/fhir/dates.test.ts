/** Dates with precision, in Swedish time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dateRange } from "./index.ts";

function covers(text: string, low: string, high: string, zone?: string): void {
  assert.deepEqual(dateRange(text, zone), { low, high }, text);
}

test("FHIR-DATE-1 a year, month or day covers all of it in Swedish time", () => {
  covers("2026", "2025-12-31T23:00:00.000Z", "2026-12-31T23:00:00.000Z");
  covers("2026-02", "2026-01-31T23:00:00.000Z", "2026-02-28T23:00:00.000Z");
  covers("2024-02", "2024-01-31T23:00:00.000Z", "2024-02-29T23:00:00.000Z");
  covers("2026-07-01", "2026-06-30T22:00:00.000Z", "2026-07-01T22:00:00.000Z");
  covers("2026-12", "2026-11-30T23:00:00.000Z", "2026-12-31T23:00:00.000Z");
});

test("FHIR-DATE-1 the day of a clock change has 23 or 25 hours", () => {
  covers("2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z");
  covers("2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z");
  covers("1980-04-06", "1980-04-05T23:00:00.000Z", "1980-04-06T22:00:00.000Z");
  covers("1995-09-24", "1995-09-23T22:00:00.000Z", "1995-09-24T23:00:00.000Z");
});

test("FHIR-DATE-1 Sweden had no summer time in 1945", () => {
  covers("1945-07-01", "1945-06-30T23:00:00.000Z", "1945-07-01T23:00:00.000Z");
});

test("FHIR-DATE-1 a zone can be given", () => {
  covers("2026-07-01", "2026-07-01T00:00:00.000Z", "2026-07-02T00:00:00.000Z", "UTC");
  covers("2026-07-01", "2026-07-01T04:00:00.000Z", "2026-07-02T04:00:00.000Z", "America/New_York");
  covers("2026-07-01", "2026-06-30T18:30:00.000Z", "2026-07-01T18:30:00.000Z", "Asia/Kolkata");
});

test("FHIR-DATE-2 a time covers its last written unit", () => {
  covers("2026-07-01T10:00:00+02:00", "2026-07-01T08:00:00.000Z", "2026-07-01T08:00:01.000Z");
  covers("2026-07-01T10:00:00Z", "2026-07-01T10:00:00.000Z", "2026-07-01T10:00:01.000Z");
  covers("2026-07-01T10:00:00.5-03:30", "2026-07-01T13:30:00.500Z", "2026-07-01T13:30:00.600Z");
  covers("2026-07-01T10:00:00.999Z", "2026-07-01T10:00:00.999Z", "2026-07-01T10:00:01.000Z");
  covers("2026-07-01T10:00:00.1234Z", "2026-07-01T10:00:00.123400Z", "2026-07-01T10:00:00.123500Z");
  covers("2026-07-01T10:00:00.999999Z", "2026-07-01T10:00:00.999999Z", "2026-07-01T10:00:01.000Z");
  covers("2026-07-01T10:00:00.123456789Z", "2026-07-01T10:00:00.123456Z", "2026-07-01T10:00:00.123457Z");
  covers("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z", "2017-01-01T00:00:01.000Z");
});

test("FHIR-DATE-2 a time without zone or seconds is a Swedish minute", () => {
  covers("2026-07-01T10:00", "2026-07-01T08:00:00.000Z", "2026-07-01T08:01:00.000Z");
  covers("2026-01-01T10:00:05", "2026-01-01T09:00:05.000Z", "2026-01-01T09:00:06.000Z");
  covers("2026-10-25T02:30", "2026-10-25T00:30:00.000Z", "2026-10-25T00:31:00.000Z");
  covers("2026-03-29T02:30", "2026-03-29T01:00:00.000Z", "2026-03-29T01:01:00.000Z");
});

test("FHIR-DATE-3 what the calendar does not have is no date", () => {
  const unreal = [
    "",
    "26",
    "2026-13",
    "2026-00",
    "2026-1",
    "2026-02-29",
    "2023-02-29",
    "1900-02-29",
    "2026-04-31",
    "2026-01-00",
    "0000",
    "0000-01-01",
    "2026-01-01T",
    "2026-01-01T10",
    "2026-01-01T24:00:00Z",
    "2026-01-01T10:60:00Z",
    "2026-01-01T10:00:61Z",
    "2026-01-01T10:00:00+14:30",
    "2026-01-01T10:00:00+01:60",
    "2026-01-01T10:00:00+1",
    "2026-01-01T10:00:00.Z",
    "2026-01-01 10:00:00Z",
    "2026-01-01Z",
    " 2026",
    "2026 ",
    "2026\n",
    "20260101",
    "today",
    "2026-01-01t10:00:00z",
    "+2026",
    "12026",
  ];
  for (const text of unreal) assert.equal(dateRange(text), undefined, text);
  assert.ok(dateRange("2000-02-29") && dateRange("2024-02-29"));
});

test("FHIR-DATE-4 the range is never empty, contains the instant, and stays within the years 1 to 9999", () => {
  const instant = fc.date({
    min: new Date("0001-01-02T00:00:00Z"),
    max: new Date("9999-12-30T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instant, fc.constantFrom(4, 7, 10, 24), (date, length) => {
      const text = length === 24 ? date.toISOString() : date.toISOString().slice(0, length);
      const range = dateRange(text, length === 24 ? undefined : "UTC");
      assert.ok(range && range.low <= date.toISOString() && date.toISOString() < range.high, text);
    }),
    { numRuns: 2000 },
  );
  assert.deepEqual(dateRange("9999"), { low: "9998-12-31T23:00:00.000Z", high: "9999-12-31T23:00:00.000Z" });
  assert.deepEqual(dateRange("9999-12-31T23:00:00-12:00"), {
    low: "9999-12-31T23:59:59.999998Z",
    high: "9999-12-31T23:59:59.999999Z",
  });
  covers("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00.000Z", "0001-01-01T00:00:00.001Z");
  covers("0001-01-02T00:00:00Z", "0001-01-02T00:00:00.000Z", "0001-01-02T00:00:01.000Z");
  assert.equal(dateRange("0001-01-01")?.low, "0001-01-01T00:00:00.000Z");
});

test("FHIR-DATE-4 consecutive days meet without gap or overlap", () => {
  let previous = dateRange("1979-12-31")!.high;
  for (let day = Date.UTC(1980, 0, 1); day < Date.UTC(2040, 0, 1); day += 86_400_000) {
    const range = dateRange(new Date(day).toISOString().slice(0, 10))!;
    assert.equal(range.low, previous);
    previous = range.high;
  }
});

test("FHIR-DATE-4 writes the same instant as the engine does", () => {
  const instant = fc.date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instant, (date) => assert.equal(dateRange(date.toISOString())?.low, date.toISOString())),
    { numRuns: 5000 },
  );
});
