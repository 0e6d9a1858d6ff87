/**
 * Breast cancer, first half: call to screening, mammography, recall, biopsy, pathology, conference and the talk with the
 * diagnosis. What follows is in breast-cancer-surgery.ts, -treatment.ts and -follow-up.ts. All dates count back from today. SPEC DEMO-BREAST
 * Order of steps: the national standardised pathway (standardiserat vårdförlopp bröstcancer)
 */
import type { Condition } from "fhir/r4";
import { book, procedure } from "../chart/action.ts";
import { carePlan, careTeam, document } from "../chart/alerts.ts";
import { colleague, later, refTo, scene, type Chart, type Scene } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { breastImaging, pathology } from "../chart/imaging.ts";
import { laboratory } from "../chart/lab.ts";
import { write } from "../chart/note.ts";
import { refer, type Referral } from "../chart/referral.ts";
import { fullName } from "../people/resources.ts";
import { DAY, HOUR } from "../time.ts";
import { breastSurgeon, type Pathway } from "./breast-cancer-pathway.ts";
import { followUp } from "./breast-cancer-follow-up.ts";
import { surgery } from "./breast-cancer-surgery.ts";
import { adjuvant } from "./breast-cancer-treatment.ts";
import { daysAgo } from "./visits.ts";

export function breastCancer(chart: Chart): void {
  const screened = screening(chart);
  const { referral, workup } = assessment(chart, screened);
  const condition = diagnosis(chart, workup);
  const pathway: Pathway = { chart, side: "vänster", condition, referral };
  surgery(pathway);
  adjuvant(pathway);
  followUp(pathway);
}

function screening(chart: Chart): Scene {
  const called = scene(chart, "brost", "röntgensjuksköterska", daysAgo(chart, 428));
  const at = daysAgo(chart, 405);
  document(
    called,
    "Kallelse till mammografi",
    "Kallelse",
    `Hej ${chart.person.given}!\nDu kallas till hälsoundersökning med mammografi. Tiden är bokad. Undersökningen tar tio minuter. Om tiden inte passar kan du boka om den.`,
  );
  const time = book(chart, {
    unit: "brost",
    profession: "röntgensjuksköterska",
    at,
    minutes: 10,
    reason: "Mammografi, hälsoundersökning",
    kind: "undersökning",
    booked: called.at,
  });
  const where = contact(chart, {
    unit: "brost",
    profession: "röntgensjuksköterska",
    at,
    reason: "Mammografi, hälsoundersökning",
    minutes: 10,
  });
  where.encounter!.appointment = [refTo(time)];
  diagnose(where, "Z12.3");
  breastImaging(where, {
    title: "Screeningmammografi",
    question: "Hälsoundersökning.",
    hours: 70,
    report:
      "Vänster bröst: 18 mm stor stjärnformad förtätning i övre yttre kvadranten, kod 4. Höger bröst: utan anmärkning, kod 1. Kvinnan återkallas för kompletterande undersökning.",
  });
  const recall = scene(chart, "brost", "sjuksköterska", at + 4 * DAY);
  document(
    recall,
    "Kallelse till kompletterande undersökning",
    "Kallelse",
    `Hej ${chart.person.given}!\nVi behöver ta kompletterande bilder av ditt vänstra bröst. Det betyder inte att du är sjuk. Kontaktsjuksköterskan ringer dig i dag.`,
  );
  const call = contact(chart, {
    unit: "brost",
    profession: "sjuksköterska",
    at: recall.at + 2 * HOUR,
    kind: "telefonkontakt",
    reason: "Återkallelse efter mammografi",
    minutes: 15,
  });
  write(
    call,
    { kind: "utan möte", title: "Återkallelse" },
    {
      Anamnes:
        "Ringer och berättar om återkallelsen. Har inte känt någon knöl. Mormor hade bröstcancer vid 70 års ålder. Inga hormoner.",
      Planering: "Tid för kompletterande undersökning om tre dagar.",
    },
  );
  return where;
}

function assessment(chart: Chart, screened: Scene): { referral: Referral; workup: Scene } {
  const at = daysAgo(chart, 397);
  const where = contact(chart, {
    unit: "brost",
    profession: "läkare",
    at,
    reason: "Kompletterande undersökning efter mammografi",
    minutes: 60,
  });
  const radiologist = chart.directory.at("brost", "läkare", chart.dice);
  breastImaging(later(where, at, radiologist), {
    title: "Klinisk mammografi och ultraljud",
    question: "Förtätning vänster bröst vid screening.",
    hours: 2,
    urgent: true,
    report:
      "Vänster bröst: oregelbunden tumör 19 mm klockan 2, 5 cm från bröstvårtan, kod 5. En förstorad lymfkörtel i vänster axill, 9 mm i kortaxel. Höger bröst och axill utan anmärkning.",
  });
  const biopsy = later(where, at + HOUR, radiologist);
  procedure(biopsy, {
    name: "Mellannålsbiopsi bröst, ultraljudsledd",
    side: "vänster",
    category: "diagnostic",
    minutes: 20,
  });
  pathology(biopsy, {
    title: "PAD mellannålsbiopsi vänster bröst",
    question: "Cancer? Receptorstatus.",
    specimen: "Mellannålsbiopsi, vänster bröst",
    hours: 5 * 24,
    report:
      "Invasivt carcinom av ingen speciell typ (NST), histologisk grad 2. ER 95 procent positiv, PR 60 procent positiv, HER2 negativ (1+), Ki67 24 procent.",
  });
  pathology(later(biopsy, at + 1.3 * HOUR), {
    title: "Cytologi vänster axill",
    question: "Metastas?",
    specimen: "Finnålspunktion, lymfkörtel vänster axill",
    hours: 3 * 24,
    report: "Lymfatisk vävnad utan påvisade tumörceller. Representativt material.",
  });
  write(
    later(where, at + 1.5 * HOUR),
    { kind: "besök" },
    {
      Kontaktorsak: "Återkallad efter hälsoundersökning med mammografi.",
      Anamnes:
        "Tidigare frisk. Två barn. Menopaus vid 51 års ålder. Ingen hormonbehandling. Tar inga läkemedel regelbundet.",
      Status:
        "Vänster bröst: svagt palpabel resistens i övre yttre kvadranten, ingen hudindragning. Inga palpabla lymfkörtlar i axillen. Höger bröst utan anmärkning.",
      Bedömning: "Välgrundad misstanke om bröstcancer på vänster sida.",
      Åtgärd: "Mellannålsbiopsi av tumören och finnålspunktion av lymfkörtel i axillen.",
      Planering:
        "Standardiserat vårdförlopp startas. Multidisciplinär konferens när PAD är klart. Kontaktsjuksköterska utsedd.",
    },
  );
  const referral = refer(later(where, at + 2 * HOUR), {
    to: "kir",
    title: "Standardiserat vårdförlopp bröstcancer",
    state: "svar mottaget",
    pace: 2,
    urgent: true,
    question: "Operation? Tacksam för övertagande.",
    background: `Kvinna i femtioårsåldern med mammografikod 5 i vänster bröst. Biopsi tagen. Upptäckt vid screening ${new Date(screened.at).toISOString().slice(0, 10)}.`,
    answer: "Remissen accepteras. Mottagningsbesök efter multidisciplinär konferens.",
  });
  return { referral, workup: where };
}

function diagnosis(chart: Chart, workup: Scene): Condition {
  const conference = scene(chart, "brost", "läkare", daysAgo(chart, 388));
  write(
    later(conference, conference.at, breastSurgeon(chart)),
    { kind: "sammanfattning", title: "Multidisciplinär konferens" },
    {
      Deltagare: "Bröstkirurg, radiolog, patolog, onkolog, kontaktsjuksköterska.",
      Underlag:
        "Mammografi och ultraljud med 19 mm tumör i vänster bröst. PAD: invasivt carcinom NST grad 2, ER och PR positiv, HER2 negativ, Ki67 24 procent. Cytologi från axillen utan tumörceller.",
      Bedömning: "Klinisk stadieindelning T1c N0 M0. Ingen indikation för preoperativ behandling.",
      Rekommendation: "Partiell mastektomi och sentinel node-biopsi på vänster sida.",
    },
  );
  const surgeon = chart.directory.at("brost", "läkare", chart.dice);
  const visit = contact(chart, {
    unit: "kir",
    profession: "läkare",
    at: daysAgo(chart, 386),
    reason: "Besked efter utredning",
    minutes: 60,
    by: breastSurgeon(chart),
  });
  diagnose(visit, "C50.4");
  const condition = problem(visit, "C50.4", { onset: workup.at, note: "Vänster sida. NST grad 2, ER+ PR+ HER2-." });
  const contactNurse = chart.directory.at("brost", "sjuksköterska", chart.dice);
  careTeam(visit, "Bröstcancerteam", [
    [visit.by, "Patientansvarig läkare"],
    [contactNurse, "Kontaktsjuksköterska"],
    [chart.directory.at("onk", "läkare", chart.dice), "Onkolog"],
    [colleague(visit, "sjuksköterska"), "Operationskoordinator"],
    [surgeon, "Bröstmottagningen"],
  ]);
  laboratory(
    visit,
    { hb: 134, lpk: 6.1, tpk: 254, krea: 64, na: 140, k: 4.0, inr: 1.0, alat: 0.34, alp: 1.02 },
    { title: "Preoperativa prover" },
  );
  carePlan(visit, {
    title: "Standardiserat vårdförlopp bröstcancer",
    kind: "Standardiserat vårdförlopp",
    done: true,
    until: daysAgo(chart, 372),
    text: "Ledtider: välgrundad misstanke till besked 11 dagar, besked till operation 13 dagar. Båda inom riktvärdena.",
    activities: [
      ["Välgrundad misstanke", "completed", workup.at],
      ["Besked om diagnos", "completed", visit.at],
      ["Start av behandling: operation", "completed", daysAgo(chart, 373)],
    ],
  });
  carePlan(visit, {
    title: "Min vårdplan",
    kind: "Min vårdplan cancer",
    text: `Plan för ${fullName(chart.person)}: operation, därefter ställningstagande till cytostatika, strålbehandling och hormonell behandling. Kontaktsjuksköterska nås vardagar.`,
    activities: [
      ["Operation", "completed", daysAgo(chart, 373)],
      ["Cytostatika", "completed", daysAgo(chart, 331)],
      ["Strålbehandling", "completed", daysAgo(chart, 172)],
      ["Hormonell behandling i minst fem år", "in-progress", daysAgo(chart, 135)],
      ["Rehabilitering", "in-progress"],
      ["Årlig mammografi", "scheduled"],
    ],
  });
  write(
    visit,
    { kind: "besök", title: "Diagnosbesked" },
    {
      Kontaktorsak: "Besked efter utredning. Maken är med.",
      Anamnes: "Orolig men samlad. Inga nya symtom. Inga allergier. Röker inte.",
      Bedömning:
        "Bröstcancer i vänster bröst, 19 mm, hormonreceptorpositiv och HER2-negativ. Inga tecken till spridning till axillen.",
      "Information till patienten":
        "Får muntlig och skriftlig information om diagnosen och operationen. Önskar bröstbevarande operation. Min vårdplan lämnas.",
      Åtgärd: "Anmäls till operation: partiell mastektomi och sentinel node-biopsi på vänster sida.",
      Planering: "Operation inom två veckor. Kontaktsjuksköterskan ringer i morgon.",
    },
  );
  return condition;
}
