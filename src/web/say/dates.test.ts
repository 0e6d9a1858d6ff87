/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import { ageAt, millis, sayClock, sayDay, sayMoment, sayPeriod } from "./dates.ts";
import { typedDay } from "./typed-day.ts";

test("WEB-DATE-1 a date is shown with the precision it was recorded with, and what is no date stays as it is", () => {
  assert.deepEqual(["2026", "2026-11", "2026-11-21"].map(sayMoment), ["2026", "2026-11", "2026-11-21"]);
  assert.equal(sayClock("2026-11-21"), undefined);
  assert.equal(sayMoment("2026-11-21T14:05:00+01:00"), "2026-11-21 kl 14.05");
  assert.equal(sayMoment("i våras"), "i våras");
  assert.equal(sayDay(""), "");
});

test("WEB-DATE-2 clocks are Swedish whatever zone they were written in, in summer and winter and over midnight", () => {
  assert.equal(sayMoment("2026-01-15T12:00:00Z"), "2026-01-15 kl 13.00");
  assert.equal(sayMoment("2026-07-15T12:00:00Z"), "2026-07-15 kl 14.00");
  assert.equal(sayMoment("2026-07-15T22:30:00Z"), "2026-07-16 kl 00.30");
  assert.equal(sayMoment("2026-10-25T00:30:00Z"), "2026-10-25 kl 02.30");
  assert.equal(sayMoment("2026-10-25T01:30:00Z"), "2026-10-25 kl 02.30");
});

test("WEB-DATE-1 a period says its open ends and does not repeat the day", () => {
  assert.equal(
    sayPeriod({ start: "2026-11-21T09:00:00+01:00", end: "2026-11-21T09:45:00+01:00" }),
    "2026-11-21 kl 09.00–09.45",
  );
  assert.equal(sayPeriod({ start: "2026-01-02", end: "2026-03-04" }), "2026-01-02 – 2026-03-04");
  assert.equal(sayPeriod({ start: "2026-01-02" }), "2026-01-02 –");
  assert.equal(sayPeriod({ end: "2026-01-02" }), "– 2026-01-02");
  assert.equal(sayPeriod({}), undefined);
});

test("WEB-DATE-3 age is said in the unit that care uses, and is not guessed from a part of a date", () => {
  const at = (born: string, day: string): string => `${ageAt(born, day)?.count} ${ageAt(born, day)?.unit}`;
  assert.equal(at("2026-11-21", "2026-11-21"), "0 days");
  assert.equal(at("2026-11-08", "2026-11-21"), "13 days");
  assert.equal(at("2026-11-07", "2026-11-21"), "2 weeks");
  assert.equal(at("2026-08-21", "2026-11-21"), "3 months");
  assert.equal(at("2024-11-22", "2026-11-21"), "23 months");
  assert.equal(at("2024-11-21", "2026-11-21"), "2 years");
  assert.equal(at("2004-02-29", "2026-02-28"), "21 years");
  assert.equal(at("2004-02-29", "2026-03-01"), "22 years");
  assert.equal(ageAt("1950", "2026-11-21"), undefined);
  assert.equal(ageAt("2027-01-01", "2026-11-21"), undefined);
});

test("WEB-DATE-4 a date without a clock is placed on its own day in every zone", () => {
  assert.equal(sayDay(new Date(millis("2026-11-21") ?? 0).toISOString()), "2026-11-21");
  assert.equal(sayDay(new Date(millis("2026-11") ?? 0).toISOString()), "2026-11-01");
  assert.equal(millis("2026-11-21T14:05:00+01:00"), Date.UTC(2026, 10, 21, 13, 5));
  assert.equal(millis(undefined), undefined);
  assert.equal(millis("igår"), undefined);
});

test("WEB-DATE-5 days are typed as people type them", () => {
  const today = "2026-11-21";
  const typed: Readonly<Record<string, string | undefined>> = {
    i: "2026-11-21",
    idag: "2026-11-21",
    "i-30": "2026-10-22",
    "i + 3": "2026-11-24",
    v47: "2026-11-16",
    "v.1": "2025-12-29",
    v53: "2026-12-28",
    "v53 2025": undefined,
    "20261121": "2026-11-21",
    "2026-11": "2026-11-01",
    "2026": "2026-01-01",
    "2026-02-30": undefined,
    "21/11": undefined,
    "": undefined,
  };
  for (const [text, day] of Object.entries(typed)) assert.equal(typedDay(text, today), day, text);
});
