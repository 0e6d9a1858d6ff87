/**
 * The rules of the patient's own door as an installation sets them: ages with the days they hold, and the classes that never leave.
 * What cannot be read or leaves a day or an age without a rule is refused whole, so that no server starts with rules that open
 * something by accident.
 *
 * SPEC ACC-DOOR-11 · Ds 2023:26
 */
import { parseLocalDate } from "../../base/index.ts";
import { USUAL_DOOR_RULES, type AgeRule, type AgeRules, type DoorRules } from "./door-facts.ts";

type Raw = Readonly<Record<string, unknown>>;

const OLDEST = 150;
const CLASS = /^[A-Za-z0-9-]{1,64}$/;

/** Errors: an Error that names the place and what it is to be. */
export function doorRulesIn(json: unknown): DoorRules {
  const given = objectIn(json, "the rules", ["ages", "neverClasses", "notForOthersClasses"]);
  const ages = listIn(given["ages"] ?? USUAL_DOOR_RULES.ages, "ages").map((one, at) => ageRulesIn(one, `ages[${at}]`));
  refuseGaps(ages);
  const classes = (name: "neverClasses" | "notForOthersClasses"): readonly string[] =>
    listIn(given[name] ?? USUAL_DOOR_RULES[name], name).map((one) => {
      if (typeof one !== "string" || !CLASS.test(one)) throw new Error(`${name} is to be a list of codes.`);
      return one;
    });
  return { ages, neverClasses: classes("neverClasses"), notForOthersClasses: classes("notForOthersClasses") };
}

function ageRulesIn(value: unknown, at: string): AgeRules {
  const { from, until = null, rules } = objectIn(value, at, ["from", "until", "rules"]);
  if (!isDay(from) || !(until === null || isDay(until)))
    throw new Error(`${at}: from and until are to be days, YYYY-MM-DD (until may be null).`);
  const read = listIn(rules, `${at}.rules`).map((one, n) => ageRuleIn(one, `${at}.rules[${n}]`));
  let age = 0;
  for (const [n, rule] of read.entries()) {
    if (rule.from !== age) throw new Error(`${at}.rules[${n}].from is to be ${age}: every age has one rule, in order.`);
    if (rule.to === null ? n !== read.length - 1 : rule.to <= rule.from)
      throw new Error(`${at}.rules[${n}].to is to be above its from, and null in the last rule only.`);
    age = rule.to ?? OLDEST;
  }
  if (read.at(-1)?.to !== null) throw new Error(`${at}.rules: the last rule is to have no end (to: null).`);
  return { from, until, rules: read };
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && value.length === 10 && parseLocalDate(value) !== undefined;
}

function ageRuleIn(value: unknown, at: string): AgeRule {
  const { from, to, patient, guardian, proxy } = objectIn(value, at, ["from", "to", "patient", "guardian", "proxy"]);
  const whole = (age: unknown): age is number => typeof age === "number" && Number.isInteger(age) && age >= 0 && age <= OLDEST; // prettier-ignore
  if (!whole(from) || !(to === null || whole(to)))
    throw new Error(`${at}: from and to are to be whole years (to may be null).`);
  const oneOf = <T extends string>(name: string, found: unknown, words: readonly T[]): T => {
    const word = words.find((one) => one === found);
    if (word === undefined) throw new Error(`${at}.${name} is to be one of: ${words.join(", ")}.`);
    return word;
  };
  const some = ["all", "granted units", "nothing"] as const;
  return {
    from,
    to,
    patient: oneOf("patient", patient, some),
    guardian: oneOf("guardian", guardian, some),
    proxy: oneOf("proxy", proxy, ["all", "nothing"] as const),
  };
}

/** Each day from the first has one set of rules, and the last set has no end. */
function refuseGaps(ages: readonly AgeRules[]): void {
  if (ages.length === 0) throw new Error("ages is to have at least one set of rules.");
  const next = (day: string): number => Date.parse(day) + 86_400_000;
  for (const [n, { from, until }] of ages.entries()) {
    const after = ages[n + 1];
    if (after === undefined ? until !== null : until === null || next(until) !== Date.parse(after.from))
      throw new Error(`ages[${n}].until is to be the day before the next set begins, and null in the last one.`);
    if (until !== null && until < from) throw new Error(`ages[${n}].until is to be no earlier than its from.`);
  }
}

function objectIn(value: unknown, name: string, known: readonly string[]): Raw {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${name} is to be an object.`);
  const strange = Object.keys(value).find((one) => !known.includes(one));
  if (strange !== undefined) throw new Error(`${name} knows no "${strange}".`);
  return value as Raw;
}

function listIn(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${name} is to be a list.`);
  return value as readonly unknown[];
}
