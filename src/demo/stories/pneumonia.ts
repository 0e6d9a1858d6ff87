/** Pneumonia: admitted now (with a bed) or some time ago; NEWS2 series, cultures, antibiotics from vein to tablet. SPEC DEMO-WARD */
import { book } from "../chart/action.ts";
import { ageOf, bedOf, colleague, isWoman, later, type Chart, type Given } from "../chart/chart.ts";
import { admission, contact, diagnose, problem } from "../chart/contact.ts";
import { imaging, microbiology } from "../chart/imaging.ts";
import { laboratory } from "../chart/lab.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { giveRegularly, newsSeries } from "../chart/stay.ts";
import { measureNews } from "../chart/vitals.ts";
import { atTime, DAY, HOUR } from "../time.ts";
import { egfrOf } from "./hypertension.ts";
import { daysAgo, daysAhead, pronoun } from "./visits.ts";

export function pneumonia(chart: Chart, given: Given): void {
  const { dice } = chart;
  const here = given["bed"] !== undefined;
  const unit = given["unit"] === "med" ? "med" : "inf";
  const arrived = here ? atTime(chart.now - 2 * DAY, 17, 25) : atTime(daysAgo(chart, dice.between(40, 700)), 16, 10);
  const side = dice.pick(["höger", "vänster"] as const);
  const allergic = chart.facts.allergies.includes("penicillin");
  const emergency = contact(chart, { unit: "akut", profession: "läkare", at: arrived, kind: "akutbesök", reason: "Feber och hosta", minutes: 220 });
  measureNews(emergency, { breaths: 26, saturation: 90, oxygen: 2, pressure: [112, 64], pulse: 108, temperature: 39.2, consciousness: "A" });
  const krea = dice.around(isWoman(chart) ? 84 : 102, 10);
  laboratory(emergency, { crp: dice.between(170, 290), lpk: dice.around(16.5, 2, 1), neutro: dice.around(14, 1.5, 1), hb: dice.around(isWoman(chart) ? 128 : 141, 6), na: dice.around(133, 2), k: 3.9, krea, egfr: egfrOf(krea, ageOf(chart, arrived), isWoman(chart)), laktat: dice.around(1.7, 0.3, 1) }, { title: "Akuta prover", urgent: true, hours: 1 });
  imaging(emergency, { title: "Slätröntgen lungor", question: "Pneumoni?", urgent: true, hours: 1.2, report: `Infiltrat basalt på ${side} sida. Ingen pleuravätska. Normal hjärtstorlek.` });
  microbiology(emergency, {
    title: "Blododling", question: "Bakteriemi?", specimen: "Blod, två flaskpar", hours: here ? 36 : 96, status: here ? "preliminary" : "final",
    report: here ? "Preliminärt svar: ingen växt efter 36 timmar. Odlingen fortsätter." : "Ingen växt efter fem dygn.", unread: here,
  });
  microbiology(emergency, { title: "Sputumodling", question: "Agens?", specimen: "Sputum", hours: 40, status: "final", report: "Riklig växt av Streptococcus pneumoniae, känslig för bensylpenicillin.", unread: here });
  diagnose(emergency, "J18.9");
  const until = here ? undefined : atTime(arrived + dice.between(4, 6) * DAY, 12);
  const ward = admission(chart, { unit, profession: "läkare", at: arrived + 4 * HOUR, ...(until === undefined ? {} : { until, to: "hemmet" }), bed: bedOf(chart, unit, given), reason: "Pneumoni", from: emergency });
  problem(ward, "J18.9", { onset: arrived - 4 * DAY, ...(until === undefined ? {} : { resolved: until + 14 * DAY }) });
  const { She } = pronoun(chart);
  write(ward, { kind: "inskrivning" }, {
    Inskrivningsorsak: "Pneumoni med syrgasbehov.",
    Anamnes: `${She} har haft feber, hosta och andfåddhet i fyra dagar. Rostfärgat slem. Håll vid djupa andetag på ${side} sida. Ingen utlandsresa. ${allergic ? "Överkänslig mot penicillin." : "Ingen känd överkänslighet mot antibiotika."}`,
    Status: `Trött men klar och redig. Andningsfrekvens 26, saturation 90 procent på luft. Rassel basalt på ${side} sida. Hjärta regelbunden rytm. Buk mjuk. Ingen nackstyvhet.`,
    Bedömning: "Samhällsförvärvad pneumoni, CRB-65 1 poäng. NEWS2 8 poäng vid ankomst.",
    Planering: `${allergic ? "Cefotaxim" : "Bensylpenicillin"} intravenöst, syrgas, kontroller var fjärde timme, därefter glesare.`,
  });
  treat(chart, ward, { allergic, until: until ?? chart.now });
  newsSeries(ward, { from: ward.at + HOUR, to: until ?? chart.now, everyHours: here ? 4 : 8, breaths: [25, 18], saturation: [92, 95], oxygen: [2, 0], systolic: [114, 126], pulse: [106, 80], temperature: [39, 37.2] });
  for (let n = 1; n <= (here ? 2 : 3); n++) {
    const round = later(ward, atTime(ward.at + n * DAY, 9, 20));
    if (round.at > chart.now) break;
    const crp = Math.round(230 * 0.62 ** n);
    laboratory(later(ward, atTime(ward.at + n * DAY, 6, 20), colleague(ward, "sjuksköterska")), { crp, lpk: dice.around(13 - n * 1.5, 0.6, 1), krea: dice.around(82, 5), na: 136, k: 3.8 }, { title: "Avdelningsprover", hours: 2, unread: here && n === 2 });
    write(round, { kind: "slutenvård", title: "Daganteckning", unsigned: here && n === 2 }, {
      Aktuellt: n === 1 ? "Feber i natt, 38,6 som högst. Hostar upp slem. Äter lite." : "Feberfri sedan i går kväll. Mobiliserad till matsalen. Behöver inte syrgas i vila.",
      Status: `Mindre rassel på ${side} sida. Cirkulatoriskt stabil.`,
      Provsvar: `CRP ${crp} mg/L.`,
      Planering: n === 1 ? "Fortsatt intravenös behandling." : "Övergång till tablett i morgon om fortsatt feberfri.",
    });
  }
  if (until === undefined) return;
  diagnose(later(ward, until - HOUR), "J18.9");
  write(later(ward, until - HOUR), { kind: "slutanteckning" }, {
    Sammanfattning: `Vårdad för pneumoni på ${side} sida. Pneumokocker i sputum, blododling utan växt. Feberfri och utan syrgas vid hemgång.`,
    Läkemedel: `${allergic ? "Doxycyklin" : "Amoxicillin"} i ytterligare fem dagar.`,
    Planering: `Kontrollröntgen efter sex veckor ${chart.facts.smoker === "aldrig" ? "behövs inte" : "via vårdcentralen eftersom patienten rökt"}. Vaccination mot pneumokocker rekommenderas.`,
  });
  if (chart.facts.smoker !== "aldrig" && until > chart.now - 40 * DAY) book(chart, { unit: chart.person.centre, profession: "läkare", at: daysAhead(chart, 20), reason: "Kontroll efter pneumoni" });
}

function treat(chart: Chart, ward: ReturnType<typeof admission>, plan: { allergic: boolean; until: number }): void {
  const drug = plan.allergic ? "cefotaxim" : "bensylpenicillin";
  const first = ordain(ward, { drug, units: 1, times: 3, days: 3, reason: "mot lunginflammation", category: "inpatient" });
  giveRegularly(ward, { request: first, drug, units: 1, hours: [6, 14, 22], from: ward.at, to: Math.min(plan.until, ward.at + 3 * DAY) });
  const fever = ordain(ward, { drug: "paracetamol500", units: 2, asNeeded: { maxPerDay: 8 }, days: 7, reason: "mot feber", category: "inpatient" });
  giveRegularly(ward, { request: fever, drug: "paracetamol500", units: 2, hours: [21], from: ward.at, to: Math.min(plan.until, ward.at + 2 * DAY) });
  const clot = ordain(ward, { drug: "dalteparin", units: 1, at: ["kväll"], days: 5, reason: "mot blodpropp", category: "inpatient" });
  giveRegularly(ward, { request: clot, drug: "dalteparin", units: 1, hours: [20], from: ward.at, to: Math.min(plan.until, ward.at + 4 * DAY) });
  if (plan.until < chart.now) ordain(later(ward, plan.until - HOUR), { drug: plan.allergic ? "doxycyklin" : "amoxicillin", units: 1, times: plan.allergic ? 1 : 3, days: 5, reason: "mot lunginflammation", category: "discharge" });
}

