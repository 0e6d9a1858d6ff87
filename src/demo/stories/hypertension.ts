/** Hypertension: found by chance, confirmed, treated and stepped up, then yearly follow-up. SPEC DEMO-STORY */
import { book, bookedAs } from "../chart/action.ts";
import { ageOf, isWoman, later, type Chart, type Scene } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { laboratory, swedish, type Values } from "../chart/lab.ts";
import { ordain, stop } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { measure } from "../chart/vitals.ts";
import { rounded } from "../dice.ts";
import { DAY } from "../time.ts";
import { daysAgo, daysAhead, pressureNow, pressureText, pronoun, pulseNow, weightNow } from "./visits.ts";

/** Kidney function and salts, which every yearly check has. */
function kidneyLab(chart: Chart, at: number, kidney: number): Values {
  const { na, k, krea, egfr, hb } = cardiovascularLab(chart, at, kidney);
  return { na: na!, k: k!, krea: krea!, egfr: egfr!, hb: hb! };
}

/** Kidney function, salts, lipids and glucose. */
export function cardiovascularLab(chart: Chart, at: number, kidney: number): Values {
  const { dice } = chart;
  const krea = dice.around(kidney, 4);
  return {
    na: dice.around(140, 2),
    k: dice.around(4.1, 0.2, 1),
    krea,
    egfr: egfrOf(krea, ageOf(chart, at), isWoman(chart)),
    hb: dice.around(isWoman(chart) ? 134 : 148, 5),
    fglukos: dice.around(5.7, 0.4, 1),
    kolesterol: dice.around(5.2, 0.6, 1),
    ldl: dice.around(3.1, 0.5, 1),
    hdl: dice.around(1.4, 0.25, 1),
    tg: dice.around(1.4, 0.4, 1),
  };
}

/** The CKD-EPI 2009 estimate without the term of origin, which is near what Swedish laboratories report. */
export function egfrOf(creatinine: number, age: number, woman: boolean): number {
  const ratio = creatinine / 88.4 / (woman ? 0.7 : 0.9);
  const slope = woman ? -0.329 : -0.411;
  const value = 141 * Math.min(ratio, 1) ** slope * Math.max(ratio, 1) ** -1.209 * 0.993 ** age * (woman ? 1.018 : 1);
  return Math.round(value);
}

export function hypertension(chart: Chart): void {
  const { dice } = chart;
  const years = dice.between(2, 6);
  const first = firstVisit(chart, daysAgo(chart, years * 365));
  let drug = ordain(first, { drug: "enalapril5", units: 1, at: ["morgon"], reason: "mot högt blodtryck", refills: 3 });
  const step = contact(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at: daysAgo(chart, years * 365 - 60),
    reason: "Uppföljning av blodtryck",
    by: first.by,
  });
  const high = pressureNow(chart, 12);
  measure(step, { pressure: high, pulse: pulseNow(chart) });
  diagnose(step, "I10.9");
  stop(drug, step, "Otillräcklig effekt, dosen höjs");
  drug = ordain(step, {
    drug: "enalapril20",
    units: 1,
    at: ["morgon"],
    reason: "mot högt blodtryck",
    replaces: drug,
    refills: 3,
  });
  write(
    step,
    { kind: "besök" },
    {
      Kontaktorsak: "Uppföljning av blodtryck efter insatt behandling.",
      Anamnes: "Har inte haft några biverkningar, ingen hosta. Tar tabletten varje morgon.",
      Status: `Blodtryck ${pressureText(high)} mmHg sittande efter vila, samma i båda armarna.`,
      Bedömning: "Blodtrycket är inte i mål. Dosen enalapril höjs till 20 mg.",
      Planering: "Kontroll av kreatinin och kalium om två veckor. Årlig kontroll därefter.",
    },
  );
  const second = dice.chance(0.45);
  for (let year = years - 1; year >= 0; year--) yearly(chart, year, first, second && year === Math.floor(years / 2));
  book(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at: daysAhead(chart, dice.between(20, 300)),
    reason: "Årskontroll blodtryck",
    by: first.by,
  });
}

function firstVisit(chart: Chart, at: number): Scene {
  const where = contact(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at,
    reason: "Högt blodtryck vid mätning",
  });
  const pressure = pressureNow(chart, 24);
  const { She } = pronoun(chart);
  measure(where, { pressure, pulse: pulseNow(chart), weight: weightNow(chart), height: chart.facts.height });
  diagnose(where, "I10.9");
  problem(where, "I10.9", { onset: at });
  laboratory(
    where,
    { ...cardiovascularLab(chart, at, isWoman(chart) ? 68 : 82), ualbkrea: chart.dice.around(1.2, 0.4, 1) },
    { title: "Hypertoniutredning" },
  );
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Remitterad av distriktssköterska på grund av upprepat förhöjt blodtryck.",
      Anamnes: `${She} mår väl. Ingen huvudvärk, ingen bröstsmärta och ingen andfåddhet. Hemmablodtryck i genomsnitt ${pressureText(pressureNow(chart, 20))}.`,
      Hereditet: chart.dice.chance(0.5)
        ? "Far med hjärtinfarkt vid 62 års ålder."
        : "Ingen känd hjärt-kärlsjukdom i släkten.",
      Status: `Gott allmäntillstånd. Hjärta: regelbunden rytm, inga blåsljud. Lungor: inga biljud. Blodtryck ${pressureText(pressure)} mmHg. Inga ödem.`,
      Bedömning: "Essentiell hypertoni, nyupptäckt. Ingen hållpunkt för sekundär orsak.",
      Åtgärd: "Råd om levnadsvanor. Enalapril 5 mg sätts in. Blodprov och U-albumin/kreatinin.",
      Planering: "Återbesök om två månader.",
    },
  );
  return where;
}

const WELL = [
  "Mår bra, inga nya besvär.",
  "Lite trött senaste tiden men inga andra symtom. Sover gott.",
  "Ingen bröstsmärta, inte andfådd. Sköter sin medicin.",
  "Har börjat promenera varje dag och känner sig piggare. Ingen yrsel.",
  "Mäter blodtrycket hemma, värden kring 130/80. Ingen huvudvärk.",
  "Glömmer tabletten ibland vid resor, i övrigt inga problem. Inga svullna ben.",
  "Hostar inte av medicinen. Har gått ned några kilo på egen hand.",
];

function yearly(chart: Chart, year: number, first: Scene, add: boolean): void {
  const at = daysAgo(chart, year * 365 + chart.dice.between(10, 40));
  if (at <= first.at + 90 * DAY) return;
  const where = contact(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at,
    reason: "Årskontroll blodtryck",
    by: first.by,
  });
  bookedAs(where, "Årskontroll blodtryck");
  const pressure = pressureNow(chart, add ? 14 : 0);
  const weight = weightNow(chart);
  measure(where, { pressure, pulse: pulseNow(chart), weight });
  diagnose(where, "I10.9");
  const answer = laboratory(
    later(where, at - 5 * DAY),
    (year % 2 === 0 ? cardiovascularLab : kidneyLab)(chart, at, isWoman(chart) ? 70 : 84),
    {
      title: "Årskontroll",
    },
  );
  if (add) ordain(where, { drug: "amlodipin5", units: 1, at: ["morgon"], reason: "mot högt blodtryck", refills: 3 });
  const kidney = answer?.results.find((one) => one.code.text === "P-Kreatinin")?.valueQuantity?.value ?? 75;
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Årskontroll av blodtryck.",
      Anamnes: WELL[(year + Math.round(chart.facts.height)) % WELL.length]!,
      Status: `Blodtryck ${pressureText(pressure)} mmHg, vikt ${swedish(weight)} kg. Hjärta och lungor utan anmärkning. Inga bensvullnader.`,
      Provsvar: `P-kreatinin ${rounded(kidney, 0)} µmol/L, natrium och kalium utan anmärkning.`,
      Bedömning: add
        ? "Blodtrycket är inte i mål trots full dos enalapril. Amlodipin 5 mg läggs till."
        : "Blodtrycket är i mål. Oförändrad behandling.",
      Planering: "Ny kontroll om ett år med prover en vecka före.",
    },
  );
}
