/** Doses against their limits: one at a time, a day, a week, by weight, and against what the patient has had. Pure. SPEC CLIN-MED-6 · F24 */
import { inUnit, sayAmount, sayNumber, tidy, times, type Amount } from "./amount.ts";

import { ongoingDose } from "./facts.ts";
import { unknown, type Finding } from "./finding.ts";
import type { DoseFact } from "./from-fhir.ts";
import type { Judged } from "./judged.ts";
import { isAmong, type Limit } from "./knowledge/index.ts";
import { oldWords, stillKnown } from "./still-known.ts";

const CHILD_YEARS = 12;
const ADULT_YEARS = 18;
/** So many times what somebody has had is more likely a slip than meant. */
const JUMP = 5;

export function dosesJudged(judged: Judged): readonly Finding[] {
  const { order, codes, knowledge, name } = judged;
  const [atc = ""] = codes;
  const limits = knowledge.set.limits.filter((one) => one.atc === atc);
  if (order.doses.length === 0) return [unknown("dose", atc, `${name}: ingen dosering är angiven`, `${name}: no dosage is given`)]; // prettier-ignore
  return [
    ...weeklyJudged(judged, atc),
    ...order.doses.flatMap((dose) => unread(judged, dose, atc)),
    ...weightJudged(judged, limits),
    ...limits.flatMap((limit) => limitJudged(judged, limit)),
    ...jumpJudged(judged, atc),
    ...(isUnlimitedForChild(judged, limits) ? [unknown("dose", `${atc}-child-limit`, `${name}: högsta dos för barn finns inte i kunskapsunderlaget`, `${name}: no highest dose for children is in the knowledge`)] : []), // prettier-ignore
    ...(limits.length === 0 ? [unknown("dose", `${atc}-limit`, `${name}: högsta dos finns inte i kunskapsunderlaget`, `${name}: no highest dose is in the knowledge`)] : []), // prettier-ignore
  ];
}

/** A child within an adult's limit may still have ten times its own: that nothing is known of children is said. */
function isUnlimitedForChild({ facts: { age }, order }: Judged, limits: readonly Limit[]): boolean {
  if (age === null || age >= CHILD_YEARS || limits.length === 0) return false;
  const routes = order.doses.map(({ route }) => route);
  const isOurs = ({ route }: Limit): boolean => route === null || routes.some((one) => one === null || one === route);
  return !limits.some((one) => one.below !== null && age >= one.from && age < one.below && isOurs(one));
}

/** The newest weight, as long as it is young enough for the age; null when there is none. */
function weightOf(judged: Judged): number | null {
  const known = stillKnown(judged, "weight");
  return known.state === "known" ? known.value.value : null;
}

function weeklyJudged({ order, knowledge, name }: Judged, atc: string): readonly Finding[] {
  return knowledge.set.weekly
    .filter((one) => one.atc === atc)
    .flatMap((rule) => {
      const isDaily = order.doses.some(({ week, route }) => week !== null && week > 3 && (rule.route === null || route === null || route === rule.route)); // prettier-ignore
      return isDaily ? [{ key: `${rule.id}/${atc}`, kind: "dose", level: "stop", sv: `${name}: ${rule.sv}`, en: `${name}: ${rule.en}`, source: rule.source } as const] : []; // prettier-ignore
    });
}

function unread({ name }: Judged, { single, day, mostADay, isAtNeed }: DoseFact, atc: string): readonly Finding[] {
  if (single === null) return [unknown("dose", `${atc}-read`, `${name}: dosen anges inte som en mängd och är inte kontrollerad`, `${name}: the dose is not given as an amount and is not checked`)]; // prettier-ignore
  if (day !== null || mostADay !== null) return [];
  const words = isAtNeed ? ["högsta dygnsdos anges inte", "no highest daily dose is given"] : ["hur ofta anges inte", "how often is not given"]; // prettier-ignore
  return [unknown("dose", `${atc}-often`, `${name}: ${words[0]}`, `${name}: ${words[1]}`)];
}

/** A child's dose of a drug that is given by weight is not judged without one: it is asked for. */
function weightJudged(judged: Judged, limits: readonly Limit[]): readonly Finding[] {
  const { facts, name, codes } = judged;
  const [atc = ""] = codes;
  const byWeight = limits.filter((one) => one.perKg) as readonly Limit[];
  const isPerKg = judged.order.doses.some((one) => one.isPerKg);
  if ((byWeight.length === 0 && !isPerKg) || weightOf(judged) !== null) return [];
  if (facts.age === null && byWeight.some(({ below }) => below !== null))
    return [unknown("weight", atc, `${name}: åldern är inte känd, dos efter vikt är inte kontrollerad`, `${name}: the age is not known, the dose by weight is not checked`)]; // prettier-ignore
  const isChild = facts.age !== null && facts.age < CHILD_YEARS;
  const isAsked = isPerKg || byWeight.some(({ from, below }) => facts.age !== null && facts.age >= from && (below === null || facts.age < below)); // prettier-ignore
  if (!isAsked) return [];
  const known = stillKnown(judged, "weight");
  const last = known.state === "old" ? oldWords(known, { sv: `vikt ${sayNumber(tidy(known.value.value))} kg`, en: `weight ${tidy(known.value.value)} kg` }) : { sv: "ingen vikt finns", en: "there is no weight" }; // prettier-ignore
  const told = { sv: `${name}: dosen kan inte kontrolleras mot vikten, ${last.sv}`, en: `${name}: the dose cannot be checked against the weight, ${last.en}` }; // prettier-ignore
  if (isChild || isPerKg) return [{ key: `weight-missing/${atc}`, kind: "weight", level: "stop", source: "smpc-4.2", ...told }]; // prettier-ignore
  return [unknown("weight", atc, told.sv, told.en)];
}

const PER = { dose: ["per dos", "a dose"], day: ["per dygn", "a day"], week: ["per vecka", "a week"] } as const;

function limitJudged(judged: Judged, limit: Limit): readonly Finding[] {
  if (!isLimited(judged, limit)) return [];
  const kg = limit.perKg ? weightOf(judged) : 1;
  const given = amountPer(judged, limit);
  if (kg === null || given === null) return [];
  const max = times({ value: limit.max, unit: limit.unit }, kg);
  if (given.value <= max.value) return [];
  const { age } = judged.facts;
  // An adult's limit is no limit for a child: whatever passes it stops.
  const isChild = age !== null && age < CHILD_YEARS && !limit.perKg;
  return [
    {
      key: `${limit.id}/${sayAmount(given).replaceAll("\u00a0", "")}`,
      kind: limit.perKg ? "weight" : "dose",
      level: given.value >= tidy(limit.stop * kg) || isChild ? "stop" : "note",
      ...limitWords(judged.name, limit, { given, max, kg }),
      source: limit.source,
    },
  ];
}

/** The limit is for somebody of this age, who is not used to more. */
function isLimited({ facts, beside }: Judged, { from, below, unlessTaking }: Limit): boolean {
  const age = facts.age ?? ADULT_YEARS;
  if (age < from || (below !== null && age >= below)) return false;
  return !beside.some(({ codes }) => codes.some((one) => isAmong(one, unlessTaking)));
}

type Passed = { readonly given: Amount; readonly max: Amount; readonly kg: number };

function limitWords(name: string, { per, perKg }: Limit, { given, max, kg }: Passed): Pick<Finding, "sv" | "en"> {
  const factor = Math.round((given.value / max.value) * 10) / 10;
  const [sv, en] = PER[per];
  const isTimes = factor >= 2;
  const highest = rounded(max);
  const weight = perKg ? [` för ${sayNumber(tidy(kg))} kg`, ` for ${tidy(kg)} kg`] : ["", ""];
  return {
    sv: `${name}: ${sayAmount(given)} ${sv} är ${isTimes ? `${sayNumber(factor)} gånger` : "över"} det högsta (${sayAmount(highest)}${weight[0]})`, // prettier-ignore
    en: `${name}: ${given.value} ${given.unit} ${en} is ${isTimes ? `${factor} times` : "above"} the highest (${highest.value} ${highest.unit}${weight[1]})`, // prettier-ignore
  };
}

function rounded({ value, unit }: Amount): Amount {
  return { value: Number(value.toPrecision(3)), unit };
}

/** What the order comes to in a limit's time and unit, with what is ordered of the same beside it; null when that is not known. */
function amountPer(judged: Judged, limit: Limit): Amount | null {
  const fits = ({ route }: DoseFact): boolean => limit.route === null || route === null || route === limit.route;
  const own = sumOf(judged.order.doses.filter(fits), judged, limit);
  if (own === null || limit.per === "dose") return own;
  const others = judged.beside.filter(({ fact, codes }) => fact.isOrder && codes[0] === limit.atc).flatMap(({ fact }) => sumOf(fact.doses.filter(fits), judged, limit) ?? []); // prettier-ignore
  return { value: tidy(own.value + others.reduce((sum, { value }) => sum + value, 0)), unit: limit.unit };
}

/** Dosages that follow each other count as the largest of them, others together; for a single dose the largest. */
function sumOf(doses: readonly DoseFact[], judged: Judged, { per, unit }: Limit): Amount | null {
  const each = doses.flatMap((dose) => {
    const amount = amountOf(dose, judged, unit);
    const count = per === "dose" ? 1 : per === "day" ? dose.day : dose.week;
    const most = per === "day" && dose.isAtNeed && dose.mostADay !== null ? inUnit(dose.mostADay, unit)?.value : undefined; // prettier-ignore
    if (most !== undefined) return [{ value: most, sequence: dose.sequence }];
    if (amount === null || count === null) return [];
    return [{ value: tidy(amount.value * count), sequence: dose.sequence }];
  });
  if (each.length === 0) return null;
  const sequences = [...new Set(each.map(({ sequence }) => sequence))];
  const sums = sequences.map((one) => each.filter(({ sequence }) => sequence === one).reduce((sum, { value }) => (per === "dose" ? Math.max(sum, value) : sum + value), 0)); // prettier-ignore
  return { value: tidy(Math.max(...sums)), unit };
}

function amountOf({ single, isPerKg }: DoseFact, judged: Judged, unit: Amount["unit"]): Amount | null {
  const kg = isPerKg ? weightOf(judged) : 1;
  return single === null || kg === null ? null : (inUnit(times(single, kg), unit) ?? null);
}

/** Ten times what somebody has had of the same, by the same way. */
function jumpJudged({ order, facts, name }: Judged, atc: string): readonly Finding[] {
  return order.doses.flatMap((dose): readonly Finding[] => {
    const { single, route, isPerKg } = dose;
    if (single === null || isPerKg) return [];
    const sameWay = facts.current.filter((one) => one.doses.every((had) => had.route === null || route === null || had.route === route)); // prettier-ignore
    const had = ongoingDose(sameWay, atc, single.unit);
    if (had === null || single.value < had * JUMP) return [];
    const factor = sayNumber(Math.round((single.value / had) * 10) / 10);
    return [
      {
        key: `dose-jump/${atc}/${sayAmount(single).replaceAll("\u00a0", "")}`,
        kind: "dose",
        level: "stop",
        sv: `${name}: ${sayAmount(single)} är ${factor} gånger den dos som patienten har (${sayAmount({ value: had, unit: single.unit })})`, // prettier-ignore
        en: `${name}: ${single.value} ${single.unit} is ${factor.replace(",", ".")} times the dose that the patient has (${had} ${single.unit})`, // prettier-ignore
        source: "",
      },
    ];
  });
}
