/** An order against what the patient takes already: interactions, and the same thing twice. Pure. SPEC CLIN-MED-6 */
import type { Finding } from "./finding.ts";
import type { Beside, Judged } from "./judged.ts";
import { isAmong, type Level } from "./knowledge/index.ts";

export function drugsJudged(judged: Judged): readonly Finding[] {
  return judged.beside.flatMap((other) => [...interactionsWith(judged, other), ...duplicatesWith(judged, other)]);
}

function interactionsWith({ codes, name, knowledge }: Judged, other: Beside): readonly Finding[] {
  const has = (all: readonly string[], groups: readonly string[]): string | undefined => all.find((one) => isAmong(one, groups)); // prettier-ignore
  return knowledge.set.interactions.flatMap((rule): readonly Finding[] => {
    const pairs = [[has(codes, rule.one), has(other.codes, rule.other)], [has(codes, rule.other), has(other.codes, rule.one)]]; // prettier-ignore
    const pair = pairs.find(([a, b]) => a !== undefined && b !== undefined && a !== b);
    if (pair === undefined) return [];
    return [
      {
        key: `${rule.id}/${pairKey(pair)}`,
        kind: "interaction",
        level: rule.level,
        sv: `${name} med ${lower(other.name)}: ${rule.sv}`,
        en: `${name} with ${lower(other.name)}: ${rule.en}`,
        source: rule.source,
      },
    ];
  });
}

function pairKey(pair: readonly (string | undefined)[]): string {
  return pair.map(String).toSorted().join("+");
}

function lower(name: string): string {
  return name.charAt(0).toLocaleLowerCase("sv") + name.slice(1);
}

/** What people are given in two ways or sizes on purpose. */
const TOGETHER = ["N02A", "A10A", "H03AA01"];

function duplicatesWith(judged: Judged, other: Beside): readonly Finding[] {
  const { codes, name, knowledge } = judged;
  const same = codes.find((one) => other.codes.includes(one));
  if (same !== undefined) {
    const level = levelOfSame(judged, other, same);
    return [{ key: `duplicate/${same}`, kind: "duplicate", level, sv: `${name}: patienten har redan ${lower(other.name)} ordinerat`, en: `${name}: the patient has ${lower(other.name)} ordained already`, source: "textbook" }]; // prettier-ignore
  }
  return knowledge.set.duplicates.flatMap((rule): readonly Finding[] => {
    const [own, theirs] = [codes.find((one) => isAmong(one, rule.atc)), other.codes.find((one) => isAmong(one, rule.atc))]; // prettier-ignore
    if (own === undefined || theirs === undefined) return [];
    const level = other.fact.isOrder ? rule.level : "note";
    return [{ key: `${rule.id}/${pairKey([own, theirs])}`, kind: "duplicate", level, sv: `${name} med ${lower(other.name)}: ${rule.sv}`, en: `${name} with ${lower(other.name)}: ${rule.en}`, source: rule.source }]; // prettier-ignore
  });
}

/** The same by another way, at need beside regularly, on a ward beside at home, or told by the patient: worth a look, and no more. */
function levelOfSame({ order }: Judged, { fact }: Beside, code: string): Level {
  if (!fact.isOrder || isAmong(code, TOGETHER) || fact.isInpatient !== order.isInpatient) return "note";
  const ways = (one: typeof order): ReadonlySet<string> => new Set(one.doses.map(({ route }) => route ?? "?"));
  const [own, theirs] = [ways(order), ways(fact)];
  const isSameWay = [...own].some((one) => theirs.has(one) || one === "?" || theirs.has("?"));
  const isAtNeed = (one: typeof order): boolean => one.doses.length > 0 && one.doses.every((dose) => dose.isAtNeed);
  return isSameWay && isAtNeed(order) === isAtNeed(fact) ? "stop" : "note";
}
