/** Asthma and chronic obstructive pulmonary disease. SPEC DEMO-STORY */
import { book, procedure } from "../chart/action.ts";
import { ageOf, later, type Chart } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { laboratory } from "../chart/lab.ts";
import { ordain, stop } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { imaging } from "../chart/imaging.ts";
import { find, measure, measureLocal, score } from "../chart/vitals.ts";
import { DAY } from "../time.ts";
import { daysAgo, daysAhead, pressureNow, pulseNow } from "./visits.ts";

const PERCENT = ["% av förväntat", "%"] as const;

export function asthma(chart: Chart): void {
  const { dice, person } = chart;
  const years = dice.between(2, 6);
  const at = daysAgo(chart, years * 365);
  if (ageOf(chart, at) < 5) return;
  const where = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at,
    reason: "Hosta och andnöd vid ansträngning",
  });
  const before = dice.between(72, 84);
  procedure(where, { name: "Spirometri med reversibilitetstest", category: "diagnostic", minutes: 30 });
  measureLocal(where, "FEV1 före bronkdilatation", before, PERCENT);
  measureLocal(where, "FEV1 efter bronkdilatation", before + 14, PERCENT);
  measure(where, { saturation: 98, breaths: 16, pulse: pulseNow(chart) });
  diagnose(where, "J45.9");
  problem(where, "J45.9", { onset: at, severity: "lindrig" });
  const inhaler = ordain(where, {
    drug: "budesonid",
    units: 1,
    at: ["morgon", "kväll"],
    reason: "mot astma",
    refills: 3,
  });
  ordain(where, { drug: "salbutamol", units: 1, asNeeded: { maxPerDay: 8 }, reason: "mot andnöd", refills: 3 });
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Hosta och andnöd vid ansträngning sedan några månader.",
      Anamnes: "Pipande andning vid kyla och vid löpning. Vaknar ibland på natten av hosta. Ingen feber.",
      Status: "Lätta ronki vid forcerad utandning, i övrigt normala andningsljud. Ingen dämpning.",
      Provsvar: `Spirometri: FEV1 ${before} procent av förväntat, ökar 14 procentenheter efter bronkdilatation.`,
      Bedömning: "Astma. Signifikant reversibilitet.",
      Åtgärd: "Budesonid morgon och kväll, salbutamol vid behov. Visar inhalationsteknik.",
      Planering: "Astmasjuksköterska om två månader.",
    },
  );
  for (let year = years - 1; year >= 0; year -= 1) asthmaCheck(chart, year);
  if (dice.chance(0.35)) {
    const step = contact(chart, {
      unit: person.centre,
      profession: "läkare",
      at: daysAgo(chart, 150),
      reason: "Försämrad astma",
    });
    stop(inhaler, step, "Otillräcklig effekt, byte till kombinationspreparat");
    ordain(step, {
      drug: "budesonidFormoterol",
      units: 1,
      at: ["morgon", "kväll"],
      reason: "mot astma",
      replaces: inhaler,
      refills: 3,
    });
    diagnose(step, "J45.9");
    write(
      step,
      { kind: "besök" },
      {
        Kontaktorsak: "Mer besvär av astman i vår.",
        Anamnes: "Använder salbutamol nästan varje dag. Ingen feber, inga upphostningar.",
        Status: "Enstaka ronki över båda lungorna. Saturation 97 procent.",
        Bedömning: "Astma utan full kontroll. Ingen misstanke om infektion.",
        Åtgärd: "Budesonid byts till budesonid och formoterol i kombination.",
        Planering: "Telefonkontakt med astmasjuksköterska om fyra veckor.",
      },
    );
  }
}

function asthmaCheck(chart: Chart, year: number): void {
  const { dice, person } = chart;
  const where = contact(chart, {
    unit: person.centre,
    profession: "sjuksköterska",
    at: daysAgo(chart, year * 365 + dice.between(40, 120)),
    reason: "Astmakontroll",
  });
  const control = dice.between(16, 25);
  score(where, "AKT (Astmakontrolltest)", control, "survey");
  measureLocal(where, "PEF", dice.between(40, 56) * 10, ["L/min", "L/min"]);
  diagnose(where, "J45.9");
  write(
    where,
    { kind: "besök", title: "Astmakontroll" },
    {
      Kontaktorsak: "Årlig astmakontroll.",
      Anamnes:
        control >= 20
          ? "Har inte behövt salbutamol mer än någon gång i veckan."
          : "Behöver salbutamol tre till fyra gånger i veckan, sover gott.",
      Status: `AKT ${control} av 25 poäng. Inhalationstekniken kontrollerad och korrekt.`,
      Bedömning: control >= 20 ? "God astmakontroll." : "Inte fullgod astmakontroll. Diskuteras med läkare.",
      Planering: "Ny kontroll om ett år, tidigare vid försämring.",
    },
  );
}

export function copd(chart: Chart): void {
  const { dice, person } = chart;
  const years = dice.between(3, 7);
  const where = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAgo(chart, years * 365),
    reason: "Långvarig hosta",
  });
  const fev = dice.between(48, 66);
  procedure(where, { name: "Spirometri", category: "diagnostic", minutes: 30 });
  measureLocal(where, "FEV1 efter bronkdilatation", fev, PERCENT);
  measureLocal(where, "FEV1/FVC efter bronkdilatation", dice.between(48, 64), ["%", "%"]);
  imaging(where, {
    title: "Slätröntgen lungor",
    question: "Långvarig hosta hos rökare. Malignitet?",
    report:
      "Ökat djup av toraxkorgen med avflackade diafragmavalv. Inga infiltrat. Ingen misstanke om malignitet. Ingen pleuravätska.",
    hours: 48,
  });
  diagnose(where, "J44.9");
  problem(where, "J44.9", { onset: where.at, severity: fev < 50 ? "svår" : "måttlig" });
  ordain(where, {
    drug: fev < 55 ? "indakaterol" : "tiotropium",
    units: 1,
    at: ["morgon"],
    reason: "mot KOL",
    refills: 3,
  });
  ordain(where, { drug: "salbutamol", units: 1, asNeeded: { maxPerDay: 8 }, reason: "mot andnöd", refills: 3 });
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Hosta med slem sedan lång tid, andfådd i backar.",
      Anamnes: `${chart.facts.smoker === "ja" ? "Röker sedan ungdomen, cirka 15 cigaretter per dag." : "Rökte i 30 år, slutade för några år sedan."} Ingen blodig upphostning. Ingen viktnedgång.`,
      Status: "Nedsatta andningsljud, inga ronki. Saturation 95 procent i vila.",
      Provsvar: `Spirometri: FEV1 ${fev} procent av förväntat efter bronkdilatation, kvoten under 0,7.`,
      Bedömning: `KOL ${fev < 50 ? "stadium 3" : "stadium 2"}.`,
      Åtgärd:
        "Långverkande bronkdilaterare sätts in. Rökavvänjning tas upp. Vaccination mot influensa och pneumokocker rekommenderas.",
      Planering: "KOL-sjuksköterska och fysioterapeut. Årlig spirometri.",
    },
  );
  for (let year = years - 1; year >= 0; year--) copdYear(chart, year, fev - (years - year) * 1.2);
  if (dice.chance(0.6)) exacerbation(chart, daysAgo(chart, dice.between(20, 400)));
  book(chart, {
    unit: person.centre,
    profession: "sjuksköterska",
    at: daysAhead(chart, dice.between(15, 250)),
    reason: "KOL-kontroll med spirometri",
    minutes: 60,
  });
}

function copdYear(chart: Chart, year: number, fev: number): void {
  const { dice } = chart;
  const where = contact(chart, {
    unit: chart.person.centre,
    profession: "sjuksköterska",
    at: daysAgo(chart, year * 365 + dice.between(50, 150)),
    reason: "KOL-kontroll",
    minutes: 60,
  });
  const cat = dice.between(9, 21);
  procedure(where, { name: "Spirometri", category: "diagnostic", minutes: 30 });
  measureLocal(where, "FEV1 efter bronkdilatation", Math.round(fev), PERCENT);
  score(where, "CAT (COPD Assessment Test)", cat, "survey");
  measure(where, { saturation: dice.between(93, 96), weight: chart.facts.weight, pulse: pulseNow(chart) });
  find(where, "Tobaksbruk", chart.facts.smoker === "ja" ? "Röker dagligen." : "Röker inte.", "social-history");
  diagnose(where, "J44.9");
  write(
    where,
    { kind: "besök", title: "KOL-kontroll" },
    {
      Kontaktorsak: "Årlig KOL-kontroll.",
      Anamnes: dice.pick([
        "Oförändrad andfåddhet, går i trappor med paus på halva vägen.",
        "Mer slem på morgonen men ingen feber.",
        "Har inte haft någon försämringsperiod sedan förra besöket.",
      ]),
      Status: `CAT ${cat} poäng. Inhalationsteknik genomgången.`,
      Bedömning: cat >= 10 ? "KOL med tydliga symtom." : "KOL med lindriga symtom.",
      Planering: "Fysioterapeut för konditionsträning. Ny kontroll om ett år.",
    },
  );
}

function exacerbation(chart: Chart, at: number): void {
  const where = contact(chart, { unit: chart.person.centre, profession: "läkare", at, reason: "Försämrad andning" });
  measure(where, {
    pressure: pressureNow(chart),
    pulse: pulseNow(chart) + 14,
    breaths: 22,
    saturation: 92,
    temperature: 37.6,
  });
  laboratory(
    where,
    { crp: chart.dice.between(14, 46), lpk: chart.dice.around(10.2, 0.8, 1) },
    { title: "Akuta prover", hours: 1, urgent: true },
  );
  diagnose(where, "J44.1");
  ordain(where, { drug: "prednisolon", units: 6, at: ["morgon"], days: 5, reason: "mot försämrad KOL" });
  ordain(where, {
    drug: chart.facts.allergies.includes("penicillin") ? "doxycyklin" : "amoxicillin",
    units: 1,
    times: chart.facts.allergies.includes("penicillin") ? 1 : 3,
    days: 7,
    reason: "mot bakteriell försämring av KOL",
  });
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Försämrad andning i tre dagar.",
      Anamnes: "Mer slem som blivit missfärgat. Ingen bröstsmärta. Ingen hög feber.",
      Status: "Andfådd men talar i hela meningar. Utbredda ronki på båda sidor. Saturation 92 procent på luft.",
      Bedömning: "Akut försämring av KOL, sannolikt bakteriell. Inte i behov av sjukhusvård.",
      Åtgärd: "Prednisolon 30 mg i fem dagar och antibiotika i sju dagar.",
      Planering: "Sjuksköterska ringer i morgon. Söker akut vid försämring.",
    },
  );
  const call = contact(chart, {
    unit: where.unit.key,
    profession: "sjuksköterska",
    at: at + DAY,
    kind: "telefonkontakt",
    reason: "Uppföljning efter försämring",
    minutes: 10,
  });
  write(
    later(call, call.at),
    { kind: "utan möte" },
    {
      Anamnes: "Ringer upp enligt plan. Mår bättre, sov i natt. Ingen feber.",
      Planering: "Fullföljer kuren. Ringer vid försämring.",
    },
  );
}
