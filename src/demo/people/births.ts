/**
 * What a child's birth means for two charts at once: the mother's delivery and the child's first days agree on day,
 * sex, weight and length. SPEC DEMO-BIRTH
 */
import type { Dice } from "../dice.ts";
import { DAY, YEAR, type Wall } from "../time.ts";
import type { Sex, StoryPlan } from "./person.ts";

export interface BornChild {
  readonly sex: Sex;
  readonly birth: Wall;
}

/** Facts of a birth, as both charts are told them. */
export function birthFacts(child: BornChild, chance: Dice): Readonly<Record<string, number>> {
  const weeks = chance.weighted([
    [3, 35],
    [4, 36],
    [10, 37],
    [22, 38],
    [28, 39],
    [24, 40],
    [9, 41],
  ] as const);
  const grams = chance.around(child.sex === "female" ? 3450 : 3580, 380) - (40 - weeks) * 110;
  return {
    born: child.birth + chance.between(0, 23) * 3_600_000 + chance.between(0, 59) * 60_000,
    boy: child.sex === "male" ? 1 : 0,
    weeks,
    grams: Math.round(grams / 5) * 5,
    length: chance.around(child.sex === "female" ? 49.5 : 50.2, 1.2) - (weeks < 37 ? 2 : 0),
    head: chance.around(34.6, 0.9, 1) - (weeks < 37 ? 1 : 0),
    apgar: chance.pick([8, 9, 9, 9]),
    hours: chance.between(4, 16),
    section: chance.chance(0.17) ? 1 : 0,
  };
}

const RECORD_BEGAN = 5.5;

/** The mother's stories of the births of her small children, and of a pregnancy that goes on. */
export function motherStories(
  mother: { readonly age: number },
  children: readonly Readonly<Record<string, number>>[],
  today: Wall,
  chance: Dice,
): StoryPlan[] {
  const births = children.filter(
    (one) => today - one["born"]! < RECORD_BEGAN * YEAR && mother.age - (today - one["born"]!) / YEAR >= 18,
  );
  const older = (facts: Readonly<Record<string, number>>): number =>
    children.filter((one) => one["born"]! < facts["born"]!).length;
  const plans: StoryPlan[] = births.map((facts) => ({
    name: "birth" as const,
    with: { ...facts, order: older(facts), ...(today - facts["born"]! < DAY ? { bed: 0 } : {}) },
  }));
  const youngest = children.reduce((latest, one) => Math.max(latest, one["born"]!), 0);
  const may = mother.age >= 21 && mother.age <= 41 && today - youngest > 500 * DAY;
  if (may && chance.chance(0.07))
    plans.push({ name: "pregnancy", with: { week: chance.between(10, 38), children: children.length } });
  return plans;
}
