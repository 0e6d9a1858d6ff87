/** An order against the patient: allergies, age, pregnancy, kidneys and laboratory values, and what of these is not known. Pure. SPEC CLIN-MED-6 */
import { sayNumber } from "./amount.ts";
import type { AllergyFact } from "./facts.ts";
import { unknown, type Finding, type Kind } from "./finding.ts";
import type { Judged } from "./judged.ts";
import { isAmong, type AnalysisName, type Level, type Words } from "./knowledge/index.ts";
import { dayOf, oldWords, stillKnown } from "./still-known.ts";

const FERTILE = { from: 15, below: 50 } as const;

export function patientJudged(judged: Judged): readonly Finding[] {
  return [
    ...allergiesJudged(judged),
    ...agesJudged(judged),
    ...pregnancyJudged(judged),
    ...kidneyJudged(judged),
    ...laboratoryJudged(judged),
  ];
}

type Rule = Words & { readonly id: string; readonly level: Level; readonly source: string };

type Found = { readonly kind: Kind; readonly rule: Rule; readonly about: string; readonly value?: Words };

function found({ name }: Judged, { kind, rule, about, value }: Found): Finding {
  return {
    key: `${rule.id}/${about}`,
    kind,
    level: rule.level,
    sv: `${name}: ${rule.sv}${value === undefined ? "" : ` (${value.sv})`}`,
    en: `${name}: ${rule.en}${value === undefined ? "" : ` (${value.en})`}`,
    source: rule.source,
  };
}

function allergiesJudged(judged: Judged): readonly Finding[] {
  const { facts, codes, name } = judged;
  const [atc = ""] = codes;
  if (!facts.isAllergyKnown) return [unknown("allergy", atc, "Överkänslighet: ingen uppgift finns", "Allergies: nothing is recorded")]; // prettier-ignore
  return facts.allergies.flatMap((one): readonly Finding[] => {
    if (one.atc.length === 0) return [unknown("allergy", one.id, `Överkänslighet mot ${one.name} kan inte jämföras med ${name}`, `The allergy to ${one.name} cannot be compared with ${name}`)]; // prettier-ignore
    return allergyJudged(judged, one);
  });
}

function allergyJudged(judged: Judged, allergy: AllergyFact): readonly Finding[] {
  const { codes, knowledge } = judged;
  const direct = codes.find((one) => isAmong(one, allergy.atc));
  const told = { sv: `överkänslighet mot ${allergy.name} är registrerad`, en: `an allergy to ${allergy.name} is recorded` }; // prettier-ignore
  if (direct !== undefined) {
    const level = allergy.isIntolerance && !allergy.isSevere ? "note" : "stop";
    return [
      found(judged, {
        kind: "allergy",
        rule: { id: "allergy", level, source: "smpc-4.3", ...told },
        about: `${direct}/${allergy.id}`,
      }),
    ];
  }
  const rule = knowledge.set.crosses.find(
    (one) => one.allergy.some((group) => allergy.atc.some((code) => code.startsWith(group) || group.startsWith(code))) && codes.some((code) => isAmong(code, one.drug)), // prettier-ignore
  );
  if (rule === undefined) return [];
  const level = allergy.isIntolerance && !allergy.isSevere ? "note" : allergy.isSevere ? rule.severe : rule.other;
  return [
    found(judged, { kind: "allergy", rule: { ...rule, level }, about: `${codes[0] ?? ""}/${allergy.id}`, value: told }),
  ];
}

function agesJudged(judged: Judged): readonly Finding[] {
  const { facts, codes, name, knowledge } = judged;
  const rules = knowledge.set.ages.filter(({ atc }) => codes.some((one) => isAmong(one, atc)));
  const { age } = facts;
  if (age === null) return rules.some(({ level }) => level === "stop") ? [unknown("age", codes[0] ?? "", `${name}: åldern är inte känd`, `${name}: the age is not known`)] : []; // prettier-ignore
  return rules
    .filter(({ from, below }) => age >= from && (below === null || age < below))
    .map((rule) => found(judged, { kind: "age", rule, about: codes[0] ?? "" }));
}

function pregnancyJudged(judged: Judged): readonly Finding[] {
  const { facts, codes, name, knowledge } = judged;
  const rules = knowledge.set.pregnancy.filter(({ atc }) => codes.some((one) => isAmong(one, atc)));
  if (facts.isPregnant) return rules.map((rule) => found(judged, { kind: "pregnancy", rule, about: codes[0] ?? "" }));
  const mayBe = facts.sex === "female" && facts.age !== null && facts.age >= FERTILE.from && facts.age < FERTILE.below;
  const isAsked = mayBe && rules.some(({ level }) => level === "stop");
  return isAsked ? [unknown("pregnancy", codes[0] ?? "", `${name}: om patienten är gravid är inte känt`, `${name}: whether the patient is pregnant is not known`)] : []; // prettier-ignore
}

function kidneyJudged(judged: Judged): readonly Finding[] {
  const { codes, name, knowledge } = judged;
  const rules = knowledge.set.kidney.filter(({ atc }) => codes.some((one) => isAmong(one, atc)));
  if (rules.length === 0) return [];
  const about = codes[0] ?? "";
  const known = stillKnown(judged, "kidney");
  if (known.state === "missing") return [unknown("kidney", about, `${name}: njurfunktionen är inte känd, inget kreatinin finns`, `${name}: the kidney function is not known, there is no creatinine`)]; // prettier-ignore
  const { value: kidney } = known;
  const said = { sv: `eGFR ${sayNumber(Math.round(kidney.value))}`, en: `eGFR ${Math.round(kidney.value)}` };
  if (known.state === "old") {
    const old = oldWords(known, said);
    return [unknown("kidney", about, `${name}: njurfunktionen är inte känd, ${old.sv}`, `${name}: the kidney function is not known, ${old.en}`)]; // prettier-ignore
  }
  const rule = rules.filter(({ below }) => kidney.value < below).toSorted((a, b) => a.below - b.below)[0];
  const value = { sv: `${said.sv}, ${dayOf(kidney.at)}`, en: `${said.en}, ${dayOf(kidney.at)}` };
  return rule === undefined ? [] : [found(judged, { kind: "kidney", rule, about, value })];
}

const ANALYSIS_WORDS: Readonly<Record<AnalysisName, Words>> = {
  potassium: { sv: "kalium", en: "potassium" },
  sodium: { sv: "natrium", en: "sodium" },
  inr: { sv: "PK(INR)", en: "INR" },
};

function laboratoryJudged(judged: Judged): readonly Finding[] {
  const { codes, name, knowledge } = judged;
  const rules = knowledge.set.laboratory.filter(({ atc }) => codes.some((one) => isAmong(one, atc)));
  return rules.flatMap((rule): readonly Finding[] => {
    const known = stillKnown(judged, rule.analysis);
    const said = ANALYSIS_WORDS[rule.analysis];
    if (known.state !== "known") {
      if (known.state === "missing" && rule.level !== "stop") return [];
      const last = known.state === "missing" ? undefined : oldWords(known, { sv: sayNumber(known.value.value), en: String(known.value.value) }); // prettier-ignore
      return [unknown("laboratory", rule.analysis, `${name}: ${said.sv} är inte känt${last === undefined ? "" : `, ${last.sv}`}`, `${name}: ${said.en} is not known${last === undefined ? "" : `, ${last.en}`}`)]; // prettier-ignore
    }
    const { value } = known;
    const isOut =
      (rule.above !== null && value.value > rule.above) || (rule.below !== null && value.value < rule.below);
    if (!isOut) return [];
    const told = { sv: `${said.sv} ${sayNumber(value.value)}, ${dayOf(value.at)}`, en: `${said.en} ${value.value}, ${dayOf(value.at)}` }; // prettier-ignore
    return [found(judged, { kind: "laboratory", rule, about: codes[0] ?? "", value: told })];
  });
}
