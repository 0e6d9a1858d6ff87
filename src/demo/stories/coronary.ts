/** Myocardial infarction in the past, and chest pain in the emergency department tonight with a result nobody has read. SPEC DEMO-STORY */
import { book, procedure } from "../chart/action.ts";
import { bedOf, colleague, later, type Chart, type Given, type Scene } from "../chart/chart.ts";
import { admission, contact, diagnose, problem } from "../chart/contact.ts";
import { laboratory } from "../chart/lab.ts";
import { imaging } from "../chart/imaging.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { newsSeries } from "../chart/stay.ts";
import { measure, measureLocal } from "../chart/vitals.ts";
import { atTime, DAY, HOUR, MINUTE } from "../time.ts";
import { daysAgo, daysAhead, pressureNow, pressureText, pronoun } from "./visits.ts";

export function infarction(chart: Chart): void {
  const { dice } = chart;
  const day = daysAgo(chart, dice.between(150, 1800));
  const arrived = atTime(day, dice.between(0, 23), dice.between(0, 59));
  const pressure = pressureNow(chart, 18);
  const emergency = arrival(chart, arrived, pressure);
  const until = atTime(arrived + 4 * DAY, 12);
  const ward = admission(chart, {
    unit: "med",
    profession: "läkare",
    at: arrived + 3 * HOUR,
    until,
    reason: "Hjärtinfarkt",
    from: emergency,
    to: "hemmet",
  });
  problem(ward, "I25.2", { onset: arrived });
  newsSeries(ward, {
    from: ward.at + HOUR,
    to: ward.at + 40 * HOUR,
    everyHours: 8,
    breaths: [18, 15],
    saturation: [96, 97],
    systolic: [pressure[0], 124],
    pulse: [92, 68],
    temperature: [36.9, 36.8],
  });
  procedure(later(ward, ward.at + 14 * HOUR), { name: "Koronarangiografi", category: "diagnostic", minutes: 40 });
  procedure(later(ward, ward.at + 14.7 * HOUR), {
    name: "Perkutan koronarintervention med stent",
    category: "surgical",
    minutes: 45,
    outcome: "Stent i främre nedåtgående kransartär, gott resultat.",
  });
  measureLocal(later(ward, ward.at + 2 * DAY), "Ejektionsfraktion vänster kammare", dice.between(45, 58), ["%", "%"]);
  const home = later(ward, until - HOUR);
  dischargeDrugs(home, arrived);
  notes(ward, home, pressure);
  diagnose(home, "I21.4");
  rehab(chart, arrived + 20 * DAY);
}

function rehab(chart: Chart, from: number): void {
  if (from > chart.now - 2 * DAY) return;
  const where = contact(chart, {
    unit: "med",
    profession: "sjuksköterska",
    at: daysAgo(chart, (chart.now - from) / DAY),
    reason: "Uppföljning efter hjärtinfarkt",
    minutes: 45,
  });
  const pressure = pressureNow(chart, -4);
  measure(where, { pressure, pulse: chart.dice.between(56, 66) });
  laboratory(
    later(where, where.at - 3 * DAY),
    {
      ldl: chart.dice.around(1.5, 0.2, 1),
      kolesterol: chart.dice.around(3.3, 0.3, 1),
      hba1c: chart.dice.between(36, 43),
      krea: chart.dice.around(82, 6),
    },
    { title: "Uppföljning hjärtinfarkt" },
  );
  write(
    where,
    { kind: "besök" },
    {
      Anamnes: `Har inte haft någon bröstsmärta. ${pronoun(chart).She} tar sina läkemedel och går dagliga promenader.`,
      Status: `Blodtryck ${pressureText(pressure)} mmHg. Instickstället i höger handled läkt.`,
      Planering: "Fysioterapeutledd träning två gånger i veckan. Läkarbesök om sex veckor.",
    },
  );
  book(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at: daysAhead(chart, chart.dice.between(20, 200)),
    reason: "Årskontroll efter hjärtinfarkt",
  });
}

/** In the emergency department now: the second troponin is back, high, and unread. */
export function chestPain(chart: Chart, given: Given): void {
  const arrived = chart.now - 3 * HOUR - 20 * MINUTE;
  const where = admissionToEmergency(chart, arrived, given);
  const pressure = [158, 92] as const;
  measure(where, { pressure, pulse: 96, breaths: 18, saturation: 96, oxygen: 0, temperature: 36.9, pain: 7 });
  procedure(where, { name: "EKG", category: "diagnostic", outcome: "Sinusrytm 96, inga säkra ST-förändringar." });
  newsSeries(where, {
    from: arrived + 40 * MINUTE,
    to: chart.now - 10 * MINUTE,
    everyHours: 1,
    breaths: [18, 18],
    saturation: [96, 95],
    systolic: [158, 148],
    pulse: [96, 90],
    temperature: [36.9, 36.9],
  });
  laboratory(
    later(where, arrived + 15 * MINUTE),
    { tnt: 19, hb: 148, lpk: 8.1, crp: 2, krea: 88, na: 140, k: 4.0, glukos: 7.1 },
    { title: "Troponin 0 timmar", urgent: true, hours: 0.9 },
  );
  laboratory(
    later(where, arrived + 80 * MINUTE),
    { tnt: 186 },
    {
      title: "Troponin 1 timme",
      urgent: true,
      hours: 1,
      unread: true,
      critical: ["tnt"],
      comment: "Kritiskt svar. Ringt till akutmottagningen, inget svar på telefon.",
    },
  );
  imaging(where, {
    title: "Slätröntgen lungor",
    question: "Stas? Vidgat mediastinum?",
    urgent: true,
    hours: 1.5,
    report: "Ingen stas. Inga infiltrat. Inget vidgat mediastinum.",
    unread: true,
  });
  ordain(later(where, arrived + 30 * MINUTE), {
    drug: "glyceryl",
    units: 1,
    asNeeded: { maxPerDay: 3 },
    reason: "mot bröstsmärta",
    category: "inpatient",
  });
  ordain(later(where, arrived + 30 * MINUTE), {
    drug: "asa75",
    units: 4,
    times: 1,
    days: 1,
    reason: "mot misstänkt hjärtinfarkt",
    category: "inpatient",
  });
  write(
    later(where, arrived + 45 * MINUTE),
    { kind: "inskrivning", title: "Akutanteckning", unsigned: true },
    {
      Kontaktorsak: "Bröstsmärta sedan i morse.",
      Anamnes:
        "Vaknade av tryck över bröstet med utstrålning mot käken. Inte andningskorrelerad. Har inte haft liknande tidigare. Tidigare väsentligen frisk, behandlas för högt blodtryck. Ingen känd läkemedelsallergi.",
      Hereditet: "Bror med hjärtinfarkt vid 55 års ålder.",
      Status:
        "Opåverkad i vila men orolig. Hjärta: regelbunden rytm, inga blåsljud. Lungor: inga rassel. Buk mjuk, inte öm.",
      EKG: "Sinusrytm, inga säkra ST-förändringar. Inget tidigare EKG att jämföra med.",
      Bedömning: "Misstänkt akut koronart syndrom. Första troponin lätt förhöjt.",
      Planering: "Nytt troponin efter en timme. Ställningstagande till inläggning när svaret kommit.",
    },
  );
}

function admissionToEmergency(chart: Chart, at: number, given: Given): Scene {
  const where = contact(chart, {
    unit: "akut",
    profession: "läkare",
    at,
    kind: "akutbesök",
    reason: "Bröstsmärta",
    minutes: 24 * 60,
  });
  const bed = bedOf(chart, "akut", given);
  if (bed && where.encounter) where.encounter.location = [{ location: bed.ref, status: "active" }];
  if (where.encounter) where.encounter.priority = { text: "Orange" };
  return later(where, at, colleague(where, "läkare"));
}

/** What everyone takes after an infarction; ticagrelor for a year. */
function dischargeDrugs(home: Scene, arrived: number): void {
  const { chart } = home;
  ordain(home, { drug: "asa75", units: 1, at: ["morgon"], reason: "mot blodpropp", refills: 3, category: "discharge" });
  const year = arrived + 365 * DAY;
  ordain(home, {
    drug: "ticagrelor",
    units: 1,
    at: ["morgon", "kväll"],
    reason: "mot blodpropp",
    refills: 3,
    category: "discharge",
    ...(year < chart.now ? { stopped: { at: year, why: "Planerad behandlingstid 12 månader avslutad" } } : {}),
  });
  ordain(home, {
    drug: "metoprolol50",
    units: 1,
    at: ["morgon"],
    reason: "mot kärlkramp",
    refills: 3,
    category: "discharge",
  });
  ordain(home, {
    drug: "atorvastatin80",
    units: 1,
    at: ["kväll"],
    reason: "mot höga blodfetter",
    refills: 3,
    category: "discharge",
  });
  ordain(home, {
    drug: "glyceryl",
    units: 1,
    asNeeded: { maxPerDay: 3 },
    reason: "mot kärlkramp",
    category: "discharge",
  });
}

function notes(ward: Scene, home: Scene, pressure: readonly [number, number]): void {
  write(
    ward,
    { kind: "inskrivning" },
    {
      Inskrivningsorsak: "Akut hjärtinfarkt utan ST-höjning.",
      Anamnes:
        "Plötslig tryckande smärta mitt i bröstet med utstrålning till vänster arm, två timmars duration vid ankomst. Illamående, inte kräkts.",
      Status: `Blek och kallsvettig vid ankomst, nu opåverkad. Blodtryck ${pressureText(pressure)} mmHg. Inga rassel, inga blåsljud.`,
      Bedömning: "NSTEMI. Stigande troponin.",
      Planering: "Koronarangiografi i dag. Telemetri.",
    },
  );
  write(
    home,
    { kind: "slutanteckning" },
    {
      Sammanfattning:
        "NSTEMI som behandlats med en stent i vänster främre nedåtgående kransartär. Okomplicerat förlopp, ingen ny bröstsmärta.",
      Läkemedel:
        "Acetylsalicylsyra 75 mg tills vidare, ticagrelor i 12 månader, metoprolol, atorvastatin 80 mg och glyceryltrinitrat vid behov.",
      Planering:
        "Hjärtsjuksköterska om två veckor, läkare om två månader. Hjärtskola. Inte köra bil den första veckan.",
    },
  );
}

/** The emergency department: pain, an ECG and two troponins that rise. */
function arrival(chart: Chart, arrived: number, pressure: readonly [number, number]): Scene {
  const { dice } = chart;
  const emergency = contact(chart, {
    unit: "akut",
    profession: "läkare",
    at: arrived,
    kind: "akutbesök",
    reason: "Bröstsmärta",
    minutes: 180,
  });
  measure(emergency, { pressure, pulse: dice.between(84, 104), breaths: 18, saturation: 96, pain: dice.between(6, 9) });
  procedure(emergency, { name: "EKG", category: "diagnostic", outcome: "Sinusrytm, ST-sänkning V4–V6." });
  laboratory(
    emergency,
    { tnt: dice.between(48, 140), hb: dice.around(145, 6), krea: dice.around(84, 8), k: 4.1 },
    { title: "Troponin 0 timmar", urgent: true, hours: 1 },
  );
  laboratory(
    later(emergency, arrived + 70 * MINUTE),
    { tnt: dice.between(260, 1400) },
    { title: "Troponin 1 timme", urgent: true, hours: 1 },
  );
  diagnose(emergency, "I21.4");
  return emergency;
}
