/** Atrial fibrillation: found by pulse, anticoagulation by warfarin with INR checks or by apixaban, rate control. SPEC DEMO-STORY */
import { book, procedure } from "../chart/action.ts";
import { warn } from "../chart/alerts.ts";
import { ageOf, isWoman, scene, type Chart, type Scene } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { laboratory, swedish } from "../chart/lab.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { refer } from "../chart/referral.ts";
import { measure, score } from "../chart/vitals.ts";
import { DAY, HOUR } from "../time.ts";
import { egfrOf } from "./hypertension.ts";
import { daysAgo, daysAhead, pressureNow, pressureText, pronoun } from "./visits.ts";

export function atrialFibrillation(chart: Chart): void {
  const { dice, person } = chart;
  const years = dice.between(1, 6);
  const at = daysAgo(chart, years * 365 + 20);
  const where = contact(chart, { unit: person.centre, profession: "läkare", at, reason: "Oregelbunden puls" });
  const pulse = dice.between(92, 118);
  const pressure = pressureNow(chart, 4);
  const risk = Math.min(6, (ageOf(chart, at) >= 75 ? 2 : 1) + (isWoman(chart) ? 1 : 0) + dice.between(0, 2));
  const warfarin =
    dice.chance(0.35) ||
    person.stories.some((one) => one.name === "atrialFibrillation" && one.with?.["drug"] === "warfarin");
  measure(where, { pressure, pulse });
  procedure(where, { name: "EKG", category: "diagnostic", outcome: "Förmaksflimmer, inga ischemitecken." });
  score(where, "CHA₂DS₂-VASc", risk, "survey");
  const krea = dice.around(isWoman(chart) ? 76 : 92, 8);
  laboratory(
    where,
    {
      hb: dice.around(138, 7),
      tpk: dice.around(240, 30),
      krea,
      egfr: egfrOf(krea, ageOf(chart, at), isWoman(chart)),
      tsh: dice.around(1.9, 0.6, 2),
      k: dice.around(4.2, 0.2, 1),
      inr: 1.0,
    },
    { title: "Utredning förmaksflimmer" },
  );
  treatment(where, warfarin, at);
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Distriktssköterska noterade oregelbunden puls vid blodtryckskontroll.",
      Anamnes: `${pronoun(chart).She} känner av hjärtklappning ibland. Ingen bröstsmärta, ingen svimning. Inte andfådd i vila. Ingen tidigare stroke.`,
      Status: `Hjärta: oregelbunden rytm, frekvens ${pulse}. Inga blåsljud. Lungor: inga rassel. Blodtryck ${pressureText(pressure)} mmHg. Inga bensvullnader.`,
      EKG: "Förmaksflimmer. Inga ST-förändringar.",
      Bedömning: `Förmaksflimmer. CHA₂DS₂-VASc ${risk} poäng, indikation för antikoagulantia. Ingen ökad blödningsrisk.`,
      Åtgärd: `Metoprolol för frekvensreglering. ${warfarin ? "Warfarin sätts in, remiss till AK-mottagning." : "Apixaban sätts in, information om att inte glömma doser."} Remiss för ultraljud av hjärtat.`,
      Planering: "Återbesök om sex veckor med EKG.",
    },
  );
  refer(where, {
    to: "med",
    title: "Ultraljud hjärta",
    state: "svar mottaget",
    pace: 14,
    question: "Vänsterkammarfunktion? Klaffel?",
    background: "Nyupptäckt förmaksflimmer, i övrigt hjärtfrisk. Behandlas med metoprolol och antikoagulantia.",
    answer:
      "Normal vänsterkammarfunktion, ejektionsfraktion 55 procent. Måttligt förstorat vänster förmak. Ingen betydande klaffsjukdom.",
  });
  if (warfarin) inrSeries(chart, at + 10 * DAY);
  book(chart, {
    unit: person.centre,
    profession: "sjuksköterska",
    at: daysAhead(chart, dice.between(3, 40)),
    reason: warfarin ? "INR-kontroll" : "Kontroll av puls, blodtryck och kreatinin",
    kind: warfarin ? "provtagning" : "besök",
    minutes: warfarin ? 15 : 30,
  });
}

/** INR every other week at first, then monthly; dose changes when outside the interval. */
function inrSeries(chart: Chart, from: number): void {
  const { dice, now } = chart;
  let at = from;
  for (let i = 0; at < now - HOUR && i < 18; i++) {
    const value = i < 2 ? dice.around(1.6 + i * 0.5, 0.2, 1) : dice.around(2.5, 0.35, 1);
    const where = scene(chart, chart.person.centre, "sjuksköterska", at);
    laboratory(where, { inr: value }, { title: "PK(INR)", hours: 3 });
    if (value < 2 || value > 3) {
      const call = contact(chart, {
        unit: chart.person.centre,
        profession: "sjuksköterska",
        at: at + 5 * HOUR,
        kind: "telefonkontakt",
        reason: "Warfarindosering",
        minutes: 10,
      });
      write(
        call,
        { kind: "utan möte", title: "Warfarindosering" },
        {
          Provsvar: `PK(INR) ${swedish(value)}, målintervall 2,0–3,0.`,
          Åtgärd:
            value < 2
              ? "Veckodosen höjs med 10 procent. Har inte glömt någon dos."
              : "Veckodosen sänks med 10 procent. Inga blödningar.",
          Planering: "Nytt prov om två veckor.",
        },
      );
    }
    at = daysAgo(chart, (now - at) / DAY - (i < 3 ? 14 : value < 2 || value > 3 ? 14 : 40));
  }
}

/** The diagnosis, and the drugs against stroke and a fast heart. */
function treatment(where: Scene, warfarin: boolean, at: number): void {
  const { chart } = where;
  const { dice } = chart;
  const kind = dice.chance(0.6) ? "I48.2" : "I48.0";
  diagnose(where, kind);
  problem(where, kind, { onset: at });
  ordain(where, { drug: "metoprolol50", units: 1, at: ["morgon"], reason: "mot hjärtklappning", refills: 3 });
  ordain(
    where,
    warfarin
      ? {
          drug: "warfarin",
          units: 2,
          at: ["kväll"],
          reason: "mot blodpropp",
          refills: 3,
          note: "Dos enligt separat ordination från AK-mottagningen. Terapeutiskt intervall INR 2,0–3,0.",
        }
      : {
          drug: ageOf(chart, at) >= 82 ? "apixaban25" : "apixaban5",
          units: 1,
          at: ["morgon", "kväll"],
          reason: "mot blodpropp",
          refills: 3,
        },
  );
  warn(where, { kind: "Pågående behandling", text: warfarin ? "Behandling med warfarin" : "Behandling med apixaban" });
}
