/**
 * Plans the region's people: first the households whose stories the demonstration needs, then ordinary households until
 * the wished number is reached. Only the plan is kept in memory; records are written family by family. SPEC DEMO-PEOPLE
 */
import { newPatientId } from "../../base/index.ts";
import { dice, type Dice } from "../dice.ts";
import type { UnitKey } from "../directory/units.ts";
import { addMonths, DAY, utcMs, YEAR, type Wall } from "../time.ts";
import { FAMILY, FAMILY_OTHER, generation, MEN, WOMEN } from "./names.ts";
import { numberPool, type Numbered, type NumberPool } from "./numbers.ts";
import { birthFacts, motherStories } from "./births.ts";
import type { Household, Person, Protection, Relation, Sex, StoryPlan } from "./person.ts";
import { drawHome, drawPhone, TOWNS, type Home, type TownKey } from "./places.ts";

/** One wished member of a household. */
export interface Wish {
  readonly role: "vuxen" | "partner" | "barn";
  readonly sex: Sex;
  /** Age in years; with decimals for small children. */
  readonly age: number;
  readonly stories?: readonly StoryPlan[];
  readonly number?: "samordningsnummer" | "samordningsnummer-utan-datum" | "nationellt" | "reserv" | "okänd";
  readonly language?: Person["language"];
  readonly needsInterpreter?: true;
  readonly protection?: Protection;
  /** Died so many days ago. */
  readonly diedDaysAgo?: number;
  readonly named?: readonly [given: string, family: string];
}

export interface HouseholdWish {
  readonly key: string;
  readonly town: TownKey;
  readonly centre?: UnitKey;
  readonly members: readonly Wish[];
  readonly foreign?: boolean;
  readonly address?: Home;
}

export interface Planner {
  readonly seed: number;
  readonly today: Wall;
  readonly pool: NumberPool;
  /** The stories that a person has beyond the wished ones. */
  readonly storiesOf: (sex: Sex, age: number, wish: Wish, chance: Dice) => readonly StoryPlan[];
}

export function planner(seed: number, today: Wall, storiesOf: Planner["storiesOf"]): Planner {
  return { seed, today, pool: numberPool(), storiesOf };
}

const CENTRES: Record<TownKey, readonly UnitKey[]> = {
  sundaker: ["vcNorr", "vcHamn"],
  bergnas: ["vcBerg"],
  lillstrand: ["vcLill"],
  granviken: ["ekVc"],
};

interface Draft {
  readonly wish: Wish;
  readonly numbered: Numbered;
  readonly id: string;
  readonly given: string;
  readonly middle?: string;
  readonly family: string;
  readonly phone: string;
  readonly age: number;
}

/** Turns a wished household into people with numbers, names, an address and relations. */
export function planHousehold(planner: Planner, wish: HouseholdWish): Household {
  const chance = dice(planner.seed, `household/${wish.key}`);
  const town = TOWNS[wish.town];
  const home = wish.address ?? drawHome(town, chance);
  const centre = wish.centre ?? chance.pick(CENTRES[wish.town]);
  const family = wish.foreign ? chance.pick(FAMILY_OTHER) : chance.pick(FAMILY);
  const other = chance.chance(0.35) ? chance.pick(FAMILY) : family;
  const drafts = wish.members.map((member) => draft(planner, member, { chance, family, other }));
  const births = birthsOf(drafts, chance);
  const members = drafts.map((one, index) => ({
    key: `${wish.key}/${index}`,
    id: one.id,
    identity: one.numbered.identity,
    given: one.given,
    ...(one.middle ? { middle: one.middle } : {}),
    family: one.family,
    sex: one.wish.sex,
    ...(one.numbered.birth === undefined ? {} : { birth: one.numbered.birth }),
    ...(one.wish.diedDaysAgo === undefined
      ? {}
      : { death: planner.today - one.wish.diedDaysAgo * DAY + 5 * 3_600_000 }),
    ...(one.wish.number === "okänd" ? {} : { home }),
    ...(one.age < 13 || one.wish.number === "okänd" ? {} : { phone: one.phone }),
    ...(one.wish.protection ? { protection: one.wish.protection } : {}),
    ...(one.wish.language ? { language: one.wish.language } : {}),
    ...(one.wish.needsInterpreter ? { needsInterpreter: true as const } : {}),
    ...civilOf(drafts, one, chance),
    centre,
    relations: one.wish.protection || one.wish.number === "okänd" ? [] : relationsOf(drafts, one, chance),
    stories: [
      ...planner.storiesOf(one.wish.sex, one.age, one.wish, chance),
      ...(one.wish.stories ?? []),
      ...familyStories(one, { drafts, births, today: planner.today, chance }),
    ],
  }));
  return { key: wish.key, members };
}

type Births = ReadonlyMap<Draft, Readonly<Record<string, number>>>;

function birthsOf(drafts: readonly Draft[], chance: Dice): Births {
  const children = drafts.filter(
    (one) => one.wish.role === "barn" && one.numbered.birth !== undefined && one.wish.number !== "nationellt",
  );
  return new Map(children.map((one) => [one, birthFacts({ sex: one.wish.sex, birth: one.numbered.birth! }, chance)]));
}

/** Births and growth, which belong to a mother and her child together. */
function familyStories(
  one: Draft,
  family: { drafts: readonly Draft[]; births: Births; today: Wall; chance: Dice },
): StoryPlan[] {
  const { drafts, births, today, chance } = family;
  const facts = births.get(one);
  if (facts) return [{ name: "childHealth", with: facts }];
  const mother = drafts.find((other) => other.wish.sex === "female" && other.wish.role !== "barn");
  if (one !== mother || one.wish.stories?.some((plan) => plan.name === "pregnancy")) return [];
  return motherStories(one, [...births.values()], today, chance);
}

function draft(planner: Planner, wish: Wish, names: { chance: Dice; family: string; other: string }): Draft {
  const { chance } = names;
  const numbered = numberFor(planner, wish);
  const birthYear = new Date(numbered.birth ?? planner.today - 45 * YEAR).getUTCFullYear();
  const list = (wish.sex === "male" ? MEN : WOMEN)[generation(birthYear)]!;
  const given = wish.named?.[0] ?? chance.pick(list);
  const second = chance.pick(list);
  const family = wish.named?.[1] ?? (wish.role === "partner" ? names.other : names.family);
  return {
    wish,
    numbered,
    given,
    family,
    ...(chance.chance(0.5) && second !== given && !wish.named ? { middle: second } : {}),
    id: newPatientId(utcMs(planner.today - 3 * YEAR), chance.bytes(10)),
    phone: drawPhone(chance),
    age: numbered.birth === undefined ? 45 : (planner.today - numbered.birth) / YEAR,
  };
}

function numberFor(planner: Planner, wish: Wish): Numbered {
  const { pool, today } = planner;
  const wished =
    wish.age < 3 ? today - Math.round(wish.age * 365) * DAY : addMonths(today, -Math.round(wish.age * 12 + 5));
  const ordinary = (): Numbered =>
    pool.personnummer(wish.sex, wished, wish.age < 3 ? 120 : 500, today) ??
    pool.regionalReserve(wish.sex, wished, today);
  switch (wish.number) {
    case "samordningsnummer":
      return pool.samordningsnummer(wish.sex, wished, 1500) ?? ordinary();
    case "samordningsnummer-utan-datum":
      return pool.samordningsnummerWithoutDate(wish.sex);
    case "nationellt":
      return pool.nationalReserve();
    case "okänd":
      return pool.regionalReserve("unknown", undefined, today);
    case "reserv":
      return pool.regionalReserve(wish.sex, wished, today);
    default:
      return ordinary();
  }
}

function civilOf(drafts: readonly Draft[], one: Draft, chance: Dice): { married?: NonNullable<Person["married"]> } {
  if (one.age < 18 || one.wish.number === "okänd") return {};
  const paired = drafts.some(
    (other) => other !== one && (other.wish.role === "vuxen" || other.wish.role === "partner"),
  );
  if (paired)
    return {
      married:
        drafts.some((other) => other.wish.role === "barn") && drafts[0]!.numbered.identity.value.endsWith("1")
          ? "ogift"
          : "gift",
    };
  return {
    married:
      one.age > 74
        ? chance.pick(["änka/änkling", "änka/änkling", "skild", "ogift"] as const)
        : chance.pick(["ogift", "ogift", "skild"] as const),
  };
}

function relationsOf(drafts: readonly Draft[], one: Draft, chance: Dice): Relation[] {
  const related: Relation[] = [];
  for (const other of drafts) {
    if (other === one) continue;
    const code = codeOf(one, other);
    if (code)
      related.push({
        ...code,
        name: `${other.given} ${other.family}`,
        phone: other.phone,
        identity: other.numbered.identity,
      });
  }
  if (related.length === 0 && one.age >= 18 && chance.chance(one.age > 70 ? 0.85 : 0.4))
    related.push(outsider(one, chance));
  return related;
}

/** What `other` is to `one`. */
function codeOf(one: Draft, other: Draft): Pick<Relation, "code" | "word"> | undefined {
  const adult = (draft: Draft): boolean => draft.wish.role === "vuxen" || draft.wish.role === "partner";
  if (adult(one) && adult(other)) return { code: "SPS", word: "Make/maka eller sambo" };
  if (one.wish.role === "barn" && adult(other)) {
    return other.wish.sex === "female"
      ? { code: "MTH", word: "Mor, vårdnadshavare" }
      : { code: "FTH", word: "Far, vårdnadshavare" };
  }
  if (adult(one) && other.wish.role === "barn") return { code: "CHILD", word: "Barn" };
  return undefined;
}

function outsider(one: Draft, chance: Dice): Relation {
  const woman = chance.chance(0.5);
  const old = one.age > 60;
  const list = (woman ? WOMEN : MEN)[old ? 2 : 1]!;
  return {
    code: old ? "CHILD" : "SIB",
    word: old ? "Vuxet barn, närstående" : "Syskon, närstående",
    name: `${chance.pick(list)} ${chance.chance(0.6) ? one.family : chance.pick(FAMILY)}`,
    phone: drawPhone(chance),
  };
}
