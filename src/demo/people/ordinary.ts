/** Ordinary households, drawn until the region is full: families, couples, people who live alone, newcomers. SPEC DEMO-PEOPLE */
import { dice, type Dice } from "../dice.ts";
import type { HouseholdWish, Wish } from "./plan.ts";
import type { Person } from "./person.ts";
import type { TownKey } from "./places.ts";

const LANGUAGES: readonly NonNullable<Person["language"]>[] = [
  ["ar", "arabiska"],
  ["so", "somaliska"],
  ["uk", "ukrainska"],
  ["prs", "dari"],
  ["pl", "polska"],
  ["ti", "tigrinska"],
  ["fi", "finska"],
  ["es", "spanska"],
];

const TOWN_WEIGHTS: readonly (readonly [number, TownKey])[] = [
  [55, "sundaker"],
  [17, "bergnas"],
  [16, "lillstrand"],
  [12, "granviken"],
];

/** The n-th ordinary household, with at most `room` members. */
export function ordinaryHousehold(seed: number, index: number, room: number): HouseholdWish {
  const chance = dice(seed, `ordinary/${index}`);
  const foreign = chance.chance(0.17);
  const members = chance.weighted<(chance: Dice) => Wish[]>([
    [26, family],
    [5, singleParent],
    [27, olderCouple],
    [7, youngCouple],
    [21, aloneOld],
    [14, aloneYoung],
  ])(chance);
  return {
    key: `h${index}`,
    town: chance.weighted(TOWN_WEIGHTS),
    foreign,
    members: (foreign ? members.map((one) => withLanguage(one, chance.pick(LANGUAGES), chance)) : members).slice(
      0,
      Math.max(1, room),
    ),
  };
}

function withLanguage(wish: Wish, language: NonNullable<Person["language"]>, chance: Dice): Wish {
  if (wish.role === "barn" || chance.chance(0.4)) return wish;
  const number = chance.chance(0.35) ? { number: "samordningsnummer" as const } : {};
  return { ...wish, ...number, language, ...(chance.chance(0.5) ? { needsInterpreter: true as const } : {}) };
}

function family(chance: Dice): Wish[] {
  const mother = chance.between(27, 46);
  const children = chance.weighted([
    [30, 1],
    [48, 2],
    [22, 3],
  ] as const);
  const oldest = Math.min(17, mother - chance.between(24, 31));
  const made: Wish[] = [
    { role: "vuxen", sex: "female", age: mother },
    { role: "partner", sex: "male", age: mother + chance.between(-2, 6) },
  ];
  for (let i = 0; i < children; i++) {
    const age = Math.max(0.6, oldest - i * chance.between(2, 3));
    made.push({
      role: "barn",
      sex: chance.chance(0.5) ? "female" : "male",
      age: age < 3 ? age + chance.next() * 0.4 : age,
    });
  }
  return made;
}

function singleParent(chance: Dice): Wish[] {
  const age = chance.between(28, 50);
  return [
    { role: "vuxen", sex: chance.chance(0.75) ? "female" : "male", age },
    {
      role: "barn",
      sex: chance.chance(0.5) ? "female" : "male",
      age: Math.min(17, Math.max(2, age - chance.between(25, 32))),
    },
  ];
}

function olderCouple(chance: Dice): Wish[] {
  const age = chance.between(55, 88);
  return [
    { role: "vuxen", sex: "female", age },
    { role: "partner", sex: "male", age: Math.min(95, age + chance.between(-2, 5)) },
  ];
}

function youngCouple(chance: Dice): Wish[] {
  const age = chance.between(21, 34);
  return [
    { role: "vuxen", sex: "female", age },
    { role: "partner", sex: "male", age: age + chance.between(-1, 4) },
  ];
}

function aloneOld(chance: Dice): Wish[] {
  return [{ role: "vuxen", sex: chance.chance(0.65) ? "female" : "male", age: chance.between(63, 97) }];
}

function aloneYoung(chance: Dice): Wish[] {
  return [{ role: "vuxen", sex: chance.chance(0.45) ? "female" : "male", age: chance.between(18, 60) }];
}
