/** Pneumonia: admitted now (with a bed) or some time ago; NEWS2 series, cultures, antibiotics from vein to tablet. SPEC DEMO-WARD */
import { book } from "../chart/action.ts";
import { ageOf, bedOf, colleague, isWoman, later, type Chart, type Given, type Scene } from "../chart/chart.ts";
import { admission, contact, diagnose, problem } from "../chart/contact.ts";
import { imaging, microbiology } from "../chart/imaging.ts";
import { laboratory } from "../chart/lab.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { giveRegularly, newsSeries } from "../chart/stay.ts";
import { measureNews } from "../chart/vitals.ts";
import { atTime, DAY, HOUR, type Wall } from "../time.ts";
import type { Bed } from "../directory/directory.ts";
import { egfrOf } from "./hypertension.ts";
import { daysAgo, daysAhead, pronoun } from "./visits.ts";

interface Course {
  readonly chart: Chart;
  readonly arrived: Wall;
  /** When the patient went home; absent for one who lies in the ward now. */
  readonly until: Wall | undefined;
  readonly side: "höger" | "vänster";
  readonly allergic: boolean;
  readonly unit: "inf" | "med";
}

/** `given.bed`: lies in the ward now, since the day before yesterday; otherwise some time ago. */
export function pneumonia(chart: Chart, given: Given): void {
  const { dice } = chart;
  const here = given["bed"] !== undefined;
  const arrived = here ? atTime(chart.now - 2 * DAY, 17, 25) : atTime(daysAgo(chart, dice.between(40, 700)), 16, 10);
  const course: Course = {
    chart,
    arrived,
    until: here ? undefined : atTime(arrived + dice.between(4, 6) * DAY, 12),
    side: dice.pick(["höger", "vänster"]),
    allergic: chart.facts.allergies.includes("penicillin"),
    unit: given["unit"] === "med" ? "med" : "inf",
  };
  const { emergency, score } = arrival(course);
  const ward = admit(course, emergency, { score, bed: bedOf(chart, course.unit, given) });
  const last = course.until ?? chart.now;
  treat(chart, ward, { allergic: course.allergic, until: last });
  newsSeries(ward, {
    from: ward.at + HOUR,
    to: last,
    everyHours: here ? 4 : 8,
    breaths: [25, 18],
    saturation: [92, 95],
    oxygen: [2, 0],
    systolic: [114, 126],
    pulse: [106, 80],
    temperature: [39, 37.2],
  });
  for (let day = 1; day <= (here ? 2 : 3); day++) round(course, ward, day);
  if (course.until !== undefined) discharge(course, later(ward, course.until - HOUR));
}

function arrival(course: Course): { emergency: Scene; score: number } {
  const { chart, arrived, side } = course;
  const { dice } = chart;
  const emergency = contact(chart, {
    unit: "akut",
    profession: "läkare",
    at: arrived,
    kind: "akutbesök",
    reason: "Feber och hosta",
    minutes: 220,
  });
  const score = measureNews(emergency, {
    breaths: 26,
    saturation: 90,
    oxygen: 0,
    pressure: [112, 64],
    pulse: 108,
    temperature: 39.2,
    consciousness: "A",
  });
  const krea = dice.around(isWoman(chart) ? 84 : 102, 10);
  laboratory(
    emergency,
    {
      crp: dice.between(170, 290),
      lpk: dice.around(16.5, 2, 1),
      neutro: dice.around(14, 1.5, 1),
      hb: dice.around(isWoman(chart) ? 128 : 141, 6),
      na: dice.around(133, 2),
      k: 3.9,
      krea,
      egfr: egfrOf(krea, ageOf(chart, arrived), isWoman(chart)),
      laktat: dice.around(1.7, 0.3, 1),
    },
    { title: "Akuta prover", urgent: true, hours: 1 },
  );
  imaging(emergency, {
    title: "Slätröntgen lungor",
    question: "Pneumoni?",
    urgent: true,
    hours: 1.2,
    report: `Infiltrat basalt på ${side} sida. Ingen pleuravätska. Normal hjärtstorlek.`,
  });
  cultures(emergency, course.until === undefined);
  diagnose(emergency, "J18.9");
  return { emergency, score };
}

/** Blood and sputum; for somebody in the ward the blood culture has only a preliminary answer. */
function cultures(emergency: Scene, here: boolean): void {
  microbiology(emergency, {
    title: "Blododling",
    question: "Bakteriemi?",
    specimen: "Blod, två flaskpar",
    hours: here ? 36 : 122,
    status: here ? "preliminary" : "final",
    report: here ? "Preliminärt svar: ingen växt efter 36 timmar. Odlingen fortsätter." : "Ingen växt efter fem dygn.",
    unread: here,
  });
  microbiology(emergency, {
    title: "Sputumodling",
    question: "Agens?",
    specimen: "Sputum",
    hours: here ? 38 : 46,
    report: "Riklig växt av Streptococcus pneumoniae, känslig för bensylpenicillin.",
    unread: here,
  });
}

function admit(course: Course, emergency: Scene, about: { score: number; bed: Bed | undefined }): Scene {
  const { chart, arrived, until, side, allergic, unit } = course;
  const ward = admission(chart, {
    unit,
    profession: "läkare",
    at: arrived + 4 * HOUR,
    ...(until === undefined ? {} : { until, to: "hemmet" }),
    bed: about.bed,
    reason: "Pneumoni",
    from: emergency,
  });
  problem(ward, "J18.9", { onset: arrived - 4 * DAY, ...(until === undefined ? {} : { resolved: until + 14 * DAY }) });
  write(
    ward,
    { kind: "inskrivning" },
    {
      Inskrivningsorsak: "Pneumoni med syrgasbehov.",
      Anamnes: `${pronoun(chart).She} har haft feber, hosta och andfåddhet i fyra dagar. Rostfärgat slem. Håll vid djupa andetag på ${side} sida. Ingen utlandsresa. ${allergic ? "Överkänslig mot penicillin." : "Ingen känd överkänslighet mot antibiotika."}`,
      Status: `Trött men klar och redig. Andningsfrekvens 26, saturation 90 procent på luft. Rassel basalt på ${side} sida. Hjärta regelbunden rytm. Buk mjuk. Ingen nackstyvhet.`,
      Bedömning: `Samhällsförvärvad pneumoni. NEWS2 ${about.score} poäng vid ankomst.`,
      Planering: `${allergic ? "Cefotaxim" : "Bensylpenicillin"} intravenöst, syrgas, kontroller var fjärde timme, därefter glesare.`,
    },
  );
  return ward;
}

function round({ chart, until, side }: Course, ward: Scene, day: number): void {
  const at = atTime(ward.at + day * DAY, 9, 20);
  if (at > chart.now) return;
  const latest = until === undefined && day === 2;
  const crp = Math.round(230 * 0.62 ** day);
  laboratory(
    later(ward, atTime(at, 6, 20), colleague(ward, "sjuksköterska")),
    { crp, lpk: chart.dice.around(13 - day * 1.5, 0.6, 1), krea: chart.dice.around(82, 5), na: 136, k: 3.8 },
    { title: "Avdelningsprover", hours: 2, unread: latest },
  );
  write(
    later(ward, at),
    { kind: "slutenvård", title: "Daganteckning", unsigned: latest },
    {
      Aktuellt:
        day === 1
          ? "Feber i natt, 38,6 som högst. Hostar upp slem. Äter lite."
          : "Feberfri sedan i går kväll. Mobiliserad till matsalen. Behöver inte syrgas i vila.",
      Status: `Mindre rassel på ${side} sida. Cirkulatoriskt stabil.`,
      Provsvar: `CRP ${crp} mg/L.`,
      Planering: day === 1 ? "Fortsatt intravenös behandling." : "Övergång till tablett i morgon om fortsatt feberfri.",
    },
  );
}

function discharge({ chart, side, allergic }: Course, where: Scene): void {
  diagnose(where, "J18.9");
  const smoked = chart.facts.smoker !== "aldrig";
  write(
    where,
    { kind: "slutanteckning" },
    {
      Sammanfattning: `Vårdad för pneumoni på ${side} sida. Pneumokocker i sputum, blododling utan växt hittills. Feberfri och utan syrgas vid hemgång.`,
      Läkemedel: `${allergic ? "Doxycyklin" : "Amoxicillin"} i ytterligare fem dagar.`,
      Planering: `Kontrollröntgen efter sex veckor ${smoked ? "via vårdcentralen eftersom patienten har rökt" : "behövs inte"}. Vaccination mot pneumokocker rekommenderas.`,
    },
  );
  if (!smoked || where.at < chart.now - 40 * DAY) return;
  book(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at: daysAhead(chart, 20),
    reason: "Kontroll efter pneumoni",
  });
}

function treat(chart: Chart, ward: Scene, plan: { allergic: boolean; until: number }): void {
  const drug = plan.allergic ? "cefotaxim" : "bensylpenicillin";
  const first = ordain(ward, {
    drug,
    units: 1,
    times: 3,
    days: 3,
    reason: "mot lunginflammation",
    category: "inpatient",
  });
  giveRegularly(ward, {
    request: first,
    drug,
    units: 1,
    hours: [6, 14, 22],
    from: ward.at,
    to: Math.min(plan.until, ward.at + 3 * DAY),
  });
  const fever = ordain(ward, {
    drug: "paracetamol500",
    units: 2,
    asNeeded: { maxPerDay: 8 },
    days: 7,
    reason: "mot feber",
    category: "inpatient",
  });
  giveRegularly(ward, {
    request: fever,
    drug: "paracetamol500",
    units: 2,
    hours: [21],
    from: ward.at,
    to: Math.min(plan.until, ward.at + 2 * DAY),
  });
  const clot = ordain(ward, {
    drug: "dalteparin",
    units: 1,
    at: ["kväll"],
    days: 5,
    reason: "mot blodpropp",
    category: "inpatient",
  });
  giveRegularly(ward, {
    request: clot,
    drug: "dalteparin",
    units: 1,
    hours: [20],
    from: ward.at,
    to: Math.min(plan.until, ward.at + 4 * DAY),
  });
  if (plan.until < chart.now)
    ordain(later(ward, plan.until - HOUR), {
      drug: plan.allergic ? "doxycyklin" : "amoxicillin",
      units: 1,
      times: plan.allergic ? 1 : 3,
      days: 5,
      reason: "mot lunginflammation",
      category: "discharge",
    });
}
