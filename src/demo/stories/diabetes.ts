/** Type 2 diabetes: found at a check, metformin stepped up, a second drug, feet and eyes looked at every year. SPEC DEMO-STORY */
import { book, bookedAs } from "../chart/action.ts";
import { carePlan } from "../chart/alerts.ts";
import { isWoman, later, type Chart, type Scene } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { laboratory, swedish } from "../chart/lab.ts";
import { ordain, stop } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { refer } from "../chart/referral.ts";
import { find, measure } from "../chart/vitals.ts";
import type { MedicationRequest } from "fhir/r4";
import { DAY } from "../time.ts";
import { cardiovascularLab } from "./hypertension.ts";
import { daysAgo, daysAhead, pressureNow, pressureText, pulseNow, weightNow } from "./visits.ts";

interface Course {
  readonly chart: Chart;
  readonly first: Scene;
  readonly years: number;
  readonly retina: boolean;
  metformin: MedicationRequest;
  hba1c: number;
}

export function diabetes2(chart: Chart): void {
  const { dice } = chart;
  const years = dice.between(3, 7);
  const first = discovery(chart, daysAgo(chart, years * 365 + 30));
  const metformin = ordain(first, {
    drug: "metformin500",
    units: 1,
    at: ["morgon", "kväll"],
    reason: "mot diabetes typ 2",
    refills: 3,
  });
  const course: Course = { chart, first, years, retina: dice.chance(0.35), metformin, hba1c: dice.between(58, 72) };
  for (let year = years; year >= 1; year--) visit(course, year);
  if (dice.chance(0.5)) dietitian(chart, years);
  if (course.retina)
    problem(first, "E11.3", { onset: chart.now - 600 * DAY, note: "Lindrig bakgrundsretinopati på båda ögonen." });
  carePlan(later(first, daysAgo(chart, 200)), {
    title: "Vårdplan diabetes",
    kind: "Vårdplan",
    text: "Mål: HbA1c under 52 mmol/mol, blodtryck under 140/85 mmHg, rökfrihet och daglig rörelse.",
    activities: [
      ["Årskontroll hos diabetessjuksköterska", "scheduled"],
      ["Ögonbottenfotografering vartannat år", "scheduled"],
      ["Fotundersökning varje år", "in-progress"],
    ],
  });
  book(chart, {
    unit: chart.person.centre,
    profession: "sjuksköterska",
    at: daysAhead(chart, dice.between(10, 200)),
    reason: "Diabeteskontroll",
    minutes: 45,
  });
}

function dietitian(chart: Chart, years: number): void {
  const where = contact(chart, {
    unit: "sjukgym",
    profession: "dietist",
    at: daysAgo(chart, years * 365 - 60),
    reason: "Kostråd vid diabetes",
    minutes: 60,
  });
  write(
    where,
    { kind: "besök", title: "Dietistbesök" },
    {
      Anamnes: "Äter två lagade mål om dagen och småäter på kvällen. Dricker läsk till helgen. Lagar maten själv.",
      Bedömning: "Oregelbundna måltider och mycket snabba kolhydrater. God motivation.",
      Åtgärd: "Tallriksmodellen, fiberrikt bröd, vatten som måltidsdryck. Skriftliga råd.",
      Planering: "Uppföljning per telefon om två månader.",
    },
  );
}

function discovery(chart: Chart, at: number): Scene {
  const where = contact(chart, { unit: chart.person.centre, profession: "läkare", at, reason: "Trötthet och törst" });
  const pressure = pressureNow(chart, 6);
  const weight = weightNow(chart, 4);
  measure(where, { pressure, pulse: pulseNow(chart), weight, height: chart.facts.height });
  const hba1c = chart.dice.between(54, 68);
  laboratory(
    later(where, at - 6 * DAY),
    {
      ...cardiovascularLab(chart, at, isWoman(chart) ? 66 : 80),
      hba1c,
      fglukos: chart.dice.around(8.9, 0.7, 1),
      ualbkrea: chart.dice.around(2.1, 0.7, 1),
    },
    { title: "Diabetesutredning" },
  );
  diagnose(where, "E11.9");
  problem(where, "E11.9", { onset: at });
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Trötthet och ökad törst sedan några månader.",
      Anamnes:
        "Dricker mycket och går upp på natten för att kissa. Ingen viktnedgång. Inga sår på fötterna och ingen påverkan på synen.",
      Hereditet: chart.dice.chance(0.6) ? "Mor med diabetes typ 2." : "Ingen känd diabetes i släkten.",
      Status: `Gott allmäntillstånd. Blodtryck ${pressureText(pressure)} mmHg, vikt ${swedish(weight)} kg. Pulsar i båda fötterna, normal känsel för monofilament.`,
      Provsvar: `HbA1c ${hba1c} mmol/mol vid två tillfällen, fastande glukos förhöjt.`,
      Bedömning: "Diabetes mellitus typ 2, nyupptäckt, utan tecken till komplikationer.",
      Åtgärd: "Samtal om kost och motion. Metformin sätts in i låg dos. Remiss för ögonbottenfotografering.",
      Planering: "Diabetessjuksköterska om en månad.",
    },
  );
  return where;
}

function visit(course: Course, year: number): void {
  const { chart, first } = course;
  const { dice } = chart;
  const at = daysAgo(chart, year * 365 - dice.between(60, 110));
  const where = contact(chart, {
    unit: chart.person.centre,
    profession: "sjuksköterska",
    at,
    reason: "Årskontroll diabetes",
    minutes: 45,
  });
  if (where.at < first.at) return;
  bookedAs(where, "Årskontroll diabetes");
  const pressure = pressureNow(chart);
  const weight = weightNow(chart, -0.7);
  course.hba1c = Math.max(43, dice.around(course.hba1c - 4, 3));
  const { hba1c } = course;
  measure(where, { pressure, pulse: pulseNow(chart), weight, height: chart.facts.height });
  const krea = dice.around((isWoman(chart) ? 68 : 84) + (course.years - year) * 2, 4);
  laboratory(
    later(where, at - 7 * DAY),
    {
      hba1c,
      krea,
      k: dice.around(4.2, 0.2, 1),
      ldl: dice.around(2.3, 0.4, 1),
      kolesterol: dice.around(4.3, 0.5, 1),
      ualbkrea: dice.around(course.retina ? 4.2 : 1.8, 0.9, 1),
    },
    { title: "Diabetesprover" },
  );
  diagnose(where, "E11.9");
  const feet = find(
    where,
    "Fotundersökning diabetes",
    dice.chance(0.75)
      ? "Riskgrad 1. Palpabla pulsar, normal känsel, inga sår."
      : "Riskgrad 2. Nedsatt vibrationskänsla i höger stortå, inga sår.",
  ).valueString!;
  const change = changeOf(course, where, year);
  if (year % 2 === 1) eyes(course, where);
  write(
    where,
    { kind: "besök", title: "Årskontroll diabetes" },
    {
      Kontaktorsak: "Årskontroll diabetes.",
      Anamnes: dice.pick([
        "Inga känningar av lågt blodsocker. Äter regelbundet, rör sig varje dag.",
        "Har haft svårt att hålla kosten den senaste tiden. Inga känningar.",
        "Mår bra. Mäter blodsocker några gånger i veckan, värden mellan 6 och 9.",
      ]),
      Status: `Vikt ${swedish(weight)} kg. Blodtryck ${pressureText(pressure)} mmHg.`,
      Fotstatus: feet,
      Provsvar: `HbA1c ${hba1c} mmol/mol.`,
      Bedömning: hba1c <= 52 ? "Målvärdet för HbA1c är uppnått." : "HbA1c är inte i mål.",
      Åtgärd: change,
      Planering: "Nytt HbA1c om sex månader, årskontroll om ett år.",
    },
  );
}

function changeOf(course: Course, where: Scene, year: number): string {
  const { chart, years } = course;
  if (year === years) {
    stop(course.metformin, where, "Dosökning enligt plan");
    course.metformin = ordain(where, {
      drug: "metformin1000",
      units: 1,
      at: ["morgon", "kväll"],
      reason: "mot diabetes typ 2",
      replaces: course.metformin,
      refills: 3,
    });
    return "Metformin ökas till 1 000 mg två gånger dagligen efter kontakt med läkare.";
  }
  if (year === Math.ceil(years / 2) && course.hba1c > 50) {
    const drug = chart.dice.pick(["empagliflozin", "semaglutid", "sitagliptin"] as const);
    if (drug === "semaglutid")
      ordain(where, { drug, units: 1, times: 1, every: [1, "wk"], reason: "mot diabetes typ 2", refills: 3 });
    else ordain(where, { drug, units: 1, at: ["morgon"], reason: "mot diabetes typ 2", refills: 3 });
    ordain(where, { drug: "atorvastatin20", units: 1, at: ["kväll"], reason: "mot höga blodfetter", refills: 3 });
    return `${drug.charAt(0).toUpperCase()}${drug.slice(1)} läggs till efter kontakt med läkare. Atorvastatin 20 mg sätts in.`;
  }
  return "Oförändrad behandling.";
}

function eyes(course: Course, where: Scene): void {
  refer(where, {
    to: "ogon",
    title: "Ögonbottenfotografering diabetes",
    state: "svar mottaget",
    pace: 12,
    question: "Tecken till diabetesretinopati?",
    background: "Diabetes typ 2 sedan några år, behandlas med metformin. Inga synbesvär.",
    answer: course.retina
      ? "Lindrig bakgrundsretinopati på båda ögonen. Inget makulaödem. Ny fotografering om ett år."
      : "Ingen diabetesretinopati på höger eller vänster öga. Ny fotografering om två år.",
  });
}
