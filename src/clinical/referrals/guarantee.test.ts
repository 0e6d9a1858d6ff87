/** Rules of ../SPEC.md: the days of the care guarantee. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addDays, startOfDate, zonedDate, type LocalDate } from "../../base/index.ts";
import { CLOCKS, dayOf, daysBetween, guaranteeOf, type ClockName, type Pause } from "./guarantee.ts";

const DAY = "2026-01-01" as LocalDate;
const noon = (day: LocalDate): number => startOfDate(day) + 12 * 3_600_000;
const at = (clock: ClockName, days: number, pauses: readonly Pause[] = []): ReturnType<typeof guaranteeOf> =>
  guaranteeOf(clock, DAY, { pauses, now: noon(addDays(DAY, days)) });
const pause = (from: number, until: number | null, code: Pause["code"] = "patient-chosen"): Pause => ({
  code,
  from: addDays(DAY, from),
  until: until === null ? null : addDays(DAY, until),
});

test("CLIN-WAIT-1 the guarantee is kept on its last day and not on the day after, by the calendar in Sweden, also over a change of the hour", () => {
  for (const clock of ["contact", "assessment", "visit", "treatment"] as const) {
    const limit = CLOCKS[clock];
    assert.deepEqual([at(clock, limit).isOver, at(clock, limit + 1).isOver], [false, true], clock);
    assert.equal(at(clock, 0).lastDay, addDays(DAY, limit));
  }
  assert.deepEqual(Object.values(CLOCKS), [0, 3, 90, 90]);
  // The last minute of a day in Sweden is the day before in UTC in winter and in summer: the local day counts.
  const late = startOfDate("2026-03-30" as LocalDate) - 60_000; // after the spring change of the night before
  assert.equal(guaranteeOf("assessment", "2026-03-27" as LocalDate, { pauses: [], now: late }).waited, 2);
  assert.equal(dayOf("2026-03-28T23:30:00Z"), "2026-03-29");
  assert.equal(dayOf("2026-06-28T22:30:00Z"), "2026-06-29");
  assert.deepEqual([dayOf("2026-03"), dayOf("then"), dayOf("2026-02-30")], [undefined, undefined, undefined]);
});

test("CLIN-WAIT-2 what the patient has chosen to wait does not count, each day once; medical waiting counts; without an end the clock stands still", () => {
  assert.equal(at("visit", 100, [pause(10, 30)]).waited, 80);
  assert.equal(at("visit", 100, [pause(10, 30), pause(20, 40)]).waited, 70);
  assert.equal(at("visit", 100, [pause(10, 30, "medical")]).isOver, true);
  const stopped = at("visit", 100, [pause(10, null)]);
  assert.deepEqual([stopped.waited, stopped.isStopped, stopped.lastDay, stopped.isOver], [9, true, null, false]);
  assert.equal(at("visit", 100, [pause(95, null)]).isOver, true); // too late to help
});

test("CLIN-WAIT-2 the last day is the last one on which no more than the limit has gone, whatever the pauses (counted day by day)", () => {
  const some = fc.record({
    from: fc.integer({ min: -5, max: 130 }),
    length: fc.integer({ min: 0, max: 40 }),
  });
  fc.assert(
    fc.property(
      fc.constantFrom<ClockName>("contact", "assessment", "visit"),
      fc.array(some, { maxLength: 4 }),
      fc.integer({ min: 0, max: 200 }),
      (clock, drawn, today) => {
        const pauses = drawn.map(({ from, length }) => pause(from, from + length));
        const isPaused = (day: LocalDate): boolean => pauses.some((one) => one.from <= day && day < (one.until ?? day));
        let counted = 0;
        let last = DAY;
        for (let day = 1; day <= 600; day += 1) {
          if (!isPaused(addDays(DAY, day))) counted += 1;
          if (counted <= CLOCKS[clock]) last = addDays(DAY, day);
          if (day === today) assert.equal(at(clock, today, pauses).waited, counted);
        }
        if (CLOCKS[clock] === 0 && last < DAY) last = DAY;
        assert.equal(at(clock, today, pauses).lastDay, last);
        assert.equal(at(clock, today, pauses).isOver, addDays(DAY, today) > last);
      },
    ),
    { numRuns: 150 },
  );
  assert.equal(daysBetween(zonedDate(noon(DAY)), addDays(DAY, 365)), 365);
});
