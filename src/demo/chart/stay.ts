/** What a ward writes day and night: series of NEWS2 values, regular doses, and doses that were not given. SPEC DEMO-WARD */
import type { MedicationRequest } from "fhir/r4";
import type { DrugKey } from "../codes/drugs.ts";
import { DAY, HOUR, MINUTE, startOfDay, type Wall } from "../time.ts";
import { colleague, later, type Scene } from "./chart.ts";
import { give } from "./medication.ts";
import { measureNews } from "./vitals.ts";

/** A value at the beginning and at the end of a series. */
export type Course = readonly [from: number, to: number];

export interface NewsPlan {
  readonly from: Wall;
  readonly to: Wall;
  readonly everyHours: number;
  readonly breaths: Course;
  readonly saturation: Course;
  readonly oxygen?: Course;
  readonly systolic: Course;
  readonly pulse: Course;
  readonly temperature: Course;
  /** Confused until so far into the series (0 to 1). */
  readonly confusedUntil?: number;
  /** Confused from so far into the series on. */
  readonly confusedFrom?: number;
}

/** Writes the series; answers with the last score. */
export function newsSeries(where: Scene, plan: NewsPlan): number {
  const { dice, now } = where.chart;
  const nurse = colleague(where, "sjuksköterska");
  let last = 0;
  for (let at = plan.from; at <= Math.min(plan.to, now); at += plan.everyHours * HOUR) {
    const way = plan.to === plan.from ? 1 : (at - plan.from) / (plan.to - plan.from);
    const value = ([from, to]: Course, spread: number, decimals = 0): number =>
      dice.around(from + (to - from) * way, spread, decimals);
    const systolic = value(plan.systolic, 4);
    const confused =
      (plan.confusedUntil !== undefined && way < plan.confusedUntil) ||
      (plan.confusedFrom !== undefined && way >= plan.confusedFrom);
    last = measureNews(later(where, Math.min(at + dice.between(0, 20) * MINUTE, now), nurse), {
      breaths: value(plan.breaths, 0.8),
      saturation: Math.min(99, value(plan.saturation, 0.7)),
      oxygen: Math.max(0, Math.round(value(plan.oxygen ?? [0, 0], 0.2))),
      pressure: [systolic, Math.round(systolic * 0.55) + dice.between(0, 6)],
      pulse: value(plan.pulse, 3),
      temperature: value(plan.temperature, 0.15, 1),
      consciousness: confused ? "C" : "A",
    });
  }
  return last;
}

export interface GivingPlan {
  readonly request: MedicationRequest;
  readonly drug: DrugKey;
  readonly units: number;
  readonly hours: readonly number[];
  readonly from: Wall;
  readonly to: Wall;
  /** One of so many doses is not given, with this reason. */
  readonly missed?: readonly [oneOf: number, why: string];
}

/** Gives a drug at fixed hours between two times, never later than now. */
export function giveRegularly(where: Scene, plan: GivingPlan): void {
  const { dice, now } = where.chart;
  const nurse = colleague(where, "sjuksköterska");
  const until = Math.min(plan.to, now);
  for (let day = startOfDay(plan.from); day <= until; day += DAY) {
    for (const hour of plan.hours) {
      const at = day + hour * HOUR + dice.between(0, 25) * MINUTE;
      if (at < plan.from || at > until) continue;
      const missed = plan.missed && dice.int(plan.missed[0]) === 0;
      give(later(where, at, nurse), {
        request: plan.request,
        drug: plan.drug,
        units: plan.units,
        ...(missed ? { status: "not-done", why: plan.missed[1] } : {}),
      });
    }
  }
}
