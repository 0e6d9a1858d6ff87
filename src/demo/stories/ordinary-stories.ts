/** Which stories an ordinary person gets, by age and sex. Frequencies are rough, chosen for a varied region. SPEC DEMO-PEOPLE */
import type { Dice } from "../dice.ts";
import type { Sex, StoryPlan } from "../people/person.ts";
import type { Wish } from "../people/plan.ts";
import type { StoryName } from "./names.ts";

/** Stories for a person; somebody with a written story of their own gets only the listing. */
export function storiesOf(_sex: Sex, age: number, wish: Wish, chance: Dice): readonly StoryPlan[] {
  if (wish.number === "okänd") return [];
  const names: StoryName[] = ["baseline"];
  if (wish.stories) return names.map((name) => ({ name }));
  if (age >= 42 && chance.chance(age > 62 ? 0.5 : 0.25)) names.push("hypertension");
  return names.map((name) => ({ name }));
}
