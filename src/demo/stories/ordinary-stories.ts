/** Which stories an ordinary person gets, by age and sex. Frequencies are rough, chosen for a varied region. SPEC DEMO-PEOPLE */
import type { Dice } from "../dice.ts";
import type { Sex, StoryPlan } from "../people/person.ts";
import type { Wish } from "../people/plan.ts";
import type { StoryName } from "./names.ts";

type Rule = readonly [name: StoryName, from: number, to: number, chance: number, sex?: Sex];

/** Allergies come first, so that later stories order no penicillin to an allergic patient. */
const RULES: readonly Rule[] = [
  ["penicillinAllergy", 8, 99, 0.06],
  ["hypertension", 42, 62, 0.2],
  ["hypertension", 62, 99, 0.42],
  ["diabetes2", 44, 99, 0.13],
  ["asthma", 8, 70, 0.09],
  ["copd", 56, 99, 0.09],
  ["atrialFibrillation", 64, 99, 0.13],
  ["heartFailure", 72, 99, 0.1],
  ["infarction", 56, 90, 0.06],
  ["depression", 18, 75, 0.13],
  ["hypothyroidism", 28, 99, 0.1, "female"],
  ["hypothyroidism", 40, 99, 0.03, "male"],
  ["psoriasis", 20, 80, 0.05],
  ["kneePain", 54, 88, 0.15],
  ["backPain", 20, 68, 0.2],
  ["migraine", 18, 55, 0.1, "female"],
  ["ironDeficiency", 18, 50, 0.12, "female"],
  ["pollen", 7, 60, 0.15],
  ["fracture", 9, 90, 0.09],
  ["urinaryInfection", 18, 95, 0.2, "female"],
  ["screening", 23, 74, 0.75, "female"],
  ["infection", 1, 90, 0.5],
  ["pneumonia", 60, 95, 0.05],
  ["hipFracture", 78, 97, 0.08],
  ["dementia", 80, 99, 0.12],
  ["referrals", 30, 85, 0.1],
  ["recent", 16, 90, 0.22],
  ["today", 0, 95, 0.26],
];

/** Stories for a person; somebody with written stories of their own gets only the listing besides. */
export function storiesOf(sex: Sex, age: number, wish: Wish, chance: Dice): readonly StoryPlan[] {
  if (wish.number === "okänd") return [];
  if (wish.stories && wish.role !== "barn") return [{ name: "baseline" }];
  const drawn = RULES.filter(
    ([, from, to, probability, only]) =>
      chance.chance(probability) && age >= from && age < to && (only === undefined || only === sex),
  );
  return [
    { name: "baseline" as const },
    ...drawn.map(([name]): StoryPlan =>
      name === "today" ? { name, with: { slot: chance.between(0, 103) } } : { name },
    ),
  ];
}
