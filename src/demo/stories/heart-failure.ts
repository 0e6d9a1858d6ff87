/** Heart failure: an admission that found it, drugs stepped up at the clinic, and relapses. SPEC DEMO-STORY */
import { book, procedure } from "../chart/action.ts";
import { carePlan, careTeam } from "../chart/alerts.ts";
import { ageOf, colleague, isWoman, later, type Chart, type Scene } from "../chart/chart.ts";
import { admission, contact, diagnose, problem } from "../chart/contact.ts";
import { imaging } from "../chart/imaging.ts";
import { laboratory, swedish } from "../chart/lab.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { newsSeries } from "../chart/stay.ts";
import { measure, measureLocal } from "../chart/vitals.ts";
import { atTime, DAY, HOUR } from "../time.ts";
import { egfrOf } from "./hypertension.ts";
import { daysAgo, daysAhead, pressureNow, pressureText, pronoun } from "./visits.ts";

export function heartFailure(chart: Chart): void {
  const { dice } = chart;
  const first = daysAgo(chart, dice.between(400, 1500));
  const discovered = stay(chart, first, true);
  problem(discovered, "I50.9", { onset: first, severity: "måttlig" });
  ordain(discovered, { drug: "bisoprolol25", units: 1, at: ["morgon"], reason: "mot hjärtsvikt", refills: 3 });
  ordain(discovered, { drug: "enalapril10", units: 1, at: ["morgon", "kväll"], reason: "mot hjärtsvikt", refills: 3 });
  ordain(discovered, { drug: "furosemid40", units: 1, at: ["morgon"], reason: "mot vätskeansamling", refills: 3 });
  followUp(chart, first + 20 * DAY, 0);
  followUp(chart, first + 80 * DAY, 1);
  const relapses = dice.between(0, 2);
  for (let relapse = 0; relapse < relapses; relapse++) {
    const days = Math.floor((chart.now - first) / DAY) - 200 - relapse * 260;
    if (days > 60) stay(chart, daysAgo(chart, days), false);
  }
  book(chart, {
    unit: "med",
    profession: "sjuksköterska",
    at: daysAhead(chart, dice.between(5, 60)),
    reason: "Hjärtsviktsmottagning",
    minutes: 45,
  });
}

function lab(chart: Chart, where: Scene, bnp: number, title: string): void {
  const krea = chart.dice.around(isWoman(chart) ? 88 : 108, 8);
  laboratory(
    where,
    {
      bnp,
      krea,
      egfr: egfrOf(krea, ageOf(chart, where.at), isWoman(chart)),
      na: chart.dice.around(138, 2),
      k: chart.dice.around(4.3, 0.3, 1),
      hb: chart.dice.around(isWoman(chart) ? 126 : 136, 6),
      crp: chart.dice.between(1, 9),
    },
    { title, urgent: title.startsWith("Akut"), hours: title.startsWith("Akut") ? 1 : 20 },
  );
}

function stay(chart: Chart, day: number, first: boolean): Scene {
  const { dice } = chart;
  const arrived = atTime(day, dice.between(9, 22), dice.between(0, 59));
  const pressure = pressureNow(chart, 14);
  const emergency = arrival(chart, arrived, pressure);
  const days = dice.between(3, 6);
  const until = atTime(arrived + days * DAY, 13);
  const ward = admission(chart, {
    unit: "med",
    profession: "läkare",
    at: arrived + 5 * HOUR,
    until,
    reason: "Hjärtsvikt",
    from: emergency,
    to: "hemmet",
  });
  const weight = chart.facts.weight + 5;
  const { She, her } = pronoun(chart);
  write(
    ward,
    { kind: "inskrivning" },
    {
      Inskrivningsorsak: `Hjärtsvikt${first ? ", nyupptäckt" : ", försämring"}.`,
      Anamnes: `${She} har blivit alltmer andfådd under en vecka och har sovit med högt huvudända. Svullna ben. Ingen bröstsmärta. Ingen feber och ingen hosta med slem.`,
      Status: `Andfådd i liggande. Rassel basalt på båda sidor. Ödem till knäna på båda benen. Blodtryck ${pressureText(pressure)} mmHg. Vikt ${swedish(Math.round(weight))} kg.`,
      Bedömning: "Akut hjärtsvikt. Inga hållpunkter för hjärtinfarkt eller lunginflammation.",
      Planering: "Furosemid intravenöst, daglig vikt, vätskelista. Ultraljud av hjärtat.",
    },
  );
  const loop = ordain(ward, {
    drug: "furosemidIv",
    units: 1,
    times: 2,
    days: 3,
    reason: "mot vätskeansamling",
    category: "inpatient",
  });
  loop.status = "completed";
  newsSeries(ward, {
    from: ward.at + HOUR,
    to: until - 4 * HOUR,
    everyHours: 12,
    breaths: [24, 17],
    saturation: [91, 96],
    oxygen: [2, 0],
    systolic: [pressure[0], 122],
    pulse: [104, 76],
    temperature: [37, 36.8],
  });
  if (first) {
    procedure(later(ward, ward.at + DAY), { name: "Ultraljud hjärta", category: "diagnostic", minutes: 40 });
    measureLocal(later(ward, ward.at + DAY), "Ejektionsfraktion vänster kammare", dice.between(30, 42), ["%", "%"]);
  }
  for (let n = 1; n <= days; n++)
    measure(later(ward, atTime(ward.at + n * DAY, 7, 10), colleague(ward, "sjuksköterska")), {
      weight: Math.round((weight - n * 1.1) * 10) / 10,
    });
  const lost = Math.round(days * 1.1 * 10) / 10;
  write(
    later(ward, until - HOUR),
    { kind: "slutanteckning" },
    {
      Vårdtid: `Vårdad ${days} dygn på medicinavdelningen.`,
      Sammanfattning: `${first ? "Nyupptäckt hjärtsvikt med nedsatt vänsterkammarfunktion" : "Försämring av känd hjärtsvikt"}. Gick ned ${swedish(lost)} kg på vätskedrivande behandling. Vid hemgång inte andfådd i vila, inga rassel.`,
      Läkemedel: "Furosemid 40 mg på morgonen. Övriga läkemedel enligt läkemedelslistan.",
      "Information till patienten": `Har fått råd att väga sig dagligen och höra av sig om vikten ökar mer än 2 kg på tre dagar. Skriftlig information har getts till ${her}.`,
      Planering:
        "Hjärtsviktsmottagning om tre veckor. Vårdcentralen kontrollerar natrium, kalium och kreatinin om en vecka.",
    },
  );
  diagnose(later(ward, until - HOUR), "I50.9");
  return ward;
}

function followUp(chart: Chart, at: number, step: 0 | 1): void {
  if (at > chart.now - DAY) return;
  const where = contact(chart, {
    unit: "med",
    profession: "sjuksköterska",
    at: daysAgo(chart, (chart.now - at) / DAY),
    reason: "Hjärtsviktsmottagning",
    minutes: 45,
  });
  const pressure = pressureNow(chart, -6);
  measure(where, { pressure, pulse: chart.dice.between(62, 78), weight: Math.round(chart.facts.weight * 10) / 10 });
  lab(chart, later(where, where.at - 2 * DAY), chart.dice.between(900, 2600), "Hjärtsviktsprover");
  const added = step === 0 ? "spironolakton" : "dapagliflozin";
  ordain(where, { drug: added, units: 1, at: ["morgon"], reason: "mot hjärtsvikt", refills: 3 });
  if (step === 0) {
    careTeam(where, "Hjärtsviktsteam", [
      [where.by, "Kontaktsjuksköterska"],
      [colleague(where, "läkare"), "Ansvarig läkare"],
    ]);
    carePlan(where, {
      title: "Vårdplan hjärtsvikt",
      kind: "Vårdplan",
      text: "Mål: ingen andfåddhet vid vardagssysslor, stabil vikt och inga inläggningar.",
      activities: [
        ["Daglig vikt hemma", "in-progress"],
        ["Upptitrering av läkemedel", "in-progress"],
        ["Fysioterapeut för hjärtträning", "scheduled"],
      ],
    });
  }
  write(
    where,
    { kind: "besök", title: "Hjärtsviktsmottagning" },
    {
      Anamnes: "Mår bättre än vid utskrivningen. Klarar en trappa utan att stanna. Vaknar inte av andnöd.",
      Status: `Blodtryck ${pressureText(pressure)} mmHg. Inga bensvullnader. Vikten är stabil.`,
      Åtgärd:
        step === 0
          ? "Spironolakton 25 mg läggs till efter läkarkontakt. Kontroll av kalium om en vecka."
          : "Dapagliflozin 10 mg läggs till efter läkarkontakt.",
      Planering: step === 0 ? "Nytt besök om två månader." : "Årlig kontroll på vårdcentralen.",
    },
  );
}

/** The emergency department: measured, examined, and found to be heart failure. */
function arrival(chart: Chart, arrived: number, pressure: readonly [number, number]): Scene {
  const { dice } = chart;
  const emergency = contact(chart, {
    unit: "akut",
    profession: "läkare",
    at: arrived,
    kind: "akutbesök",
    reason: "Andfåddhet",
    minutes: 240,
  });
  measure(emergency, {
    pressure,
    pulse: dice.between(96, 118),
    breaths: dice.between(24, 28),
    saturation: dice.between(86, 91),
    oxygen: 2,
    temperature: 37.1,
  });
  lab(chart, emergency, dice.between(3200, 9800), "Akuta prover");
  imaging(emergency, {
    title: "Slätröntgen lungor",
    question: "Stas? Infiltrat?",
    report:
      "Förstorat hjärta. Vidgade kärl och interstitiell stas på båda sidor. Liten mängd pleuravätska på höger sida. Inga infiltrat.",
    hours: 2,
    urgent: true,
  });
  diagnose(emergency, "I50.9");
  return emergency;
}
