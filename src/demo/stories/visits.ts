/** Small steps that many stories share: office hours, a finished visit, values at rest. SPEC DEMO-STORY */
import type { Chart } from "../chart/chart.ts";
import type { Dice } from "../dice.ts";
import { atTime, DAY, startOfDay, workday, type Wall } from "../time.ts";

/** A time in office hours on the working day nearest after a day. */
export function officeTime(chance: Dice, day: Wall): Wall {
  return atTime(workday(startOfDay(day)), chance.between(8, 15), chance.pick([0, 15, 30, 45]));
}

/** A finished working hour so many days ago; never later than yesterday. */
export function daysAgo(chart: Chart, days: number): Wall {
  let at = officeTime(chart.dice, chart.now - days * DAY);
  while (at > chart.now - 12 * 3_600_000) at -= DAY;
  return at;
}

/** A working hour so many days ahead. */
export function daysAhead(chart: Chart, days: number): Wall {
  return officeTime(chart.dice, startOfDay(chart.now) + Math.max(1, days) * DAY);
}

/** Blood pressure near the person's own, raised or lowered. */
export function pressureNow(chart: Chart, by = 0): readonly [number, number] {
  const [systolic, diastolic] = chart.facts.pressure;
  return [chart.dice.around(systolic + by, 6), chart.dice.around(diastolic + Math.round(by / 2), 4)];
}

export function pulseNow(chart: Chart): number {
  return chart.dice.around(chart.facts.pulse, 5);
}

/** The weight, drifting a little from visit to visit. */
export function weightNow(chart: Chart, drift = 0): number {
  chart.facts.weight += drift + chart.dice.around(0, 0.6, 1);
  return Math.round(chart.facts.weight * 10) / 10;
}

/** "142/84". */
export function pressureText([systolic, diastolic]: readonly [number, number]): string {
  return `${systolic}/${diastolic}`;
}

/** He or she, as subject and as owner. */
export function pronoun(chart: Chart): {
  readonly she: string;
  readonly her: string;
  readonly hers: string;
  readonly She: string;
} {
  if (chart.person.sex === "female") return { she: "hon", her: "henne", hers: "hennes", She: "Hon" };
  if (chart.person.sex === "male") return { she: "han", her: "honom", hers: "hans", She: "Han" };
  return { she: "patienten", her: "patienten", hers: "patientens", She: "Patienten" };
}
