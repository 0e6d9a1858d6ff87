/** Breast cancer: the operation, its pathology, the second conference and the referral to oncology. SPEC DEMO-BREAST */
import { procedure } from "../chart/action.ts";
import { later, refTo, scene, type Scene } from "../chart/chart.ts";
import { admission, contact, diagnose } from "../chart/contact.ts";
import { pathology } from "../chart/imaging.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { refer } from "../chart/referral.ts";
import { newsSeries } from "../chart/stay.ts";
import { measure } from "../chart/vitals.ts";
import { atTime, DAY, HOUR } from "../time.ts";
import { breastSurgeon, type Pathway } from "./breast-cancer-pathway.ts";
import { daysAgo } from "./visits.ts";

export function surgery(pathway: Pathway): void {
  const { chart, side, condition, referral } = pathway;
  const morning = atTime(daysAgo(chart, 373), 7);
  const until = atTime(morning + DAY, 11);
  const ward = admission(chart, {
    unit: "kir",
    profession: "läkare",
    at: morning,
    until,
    reason: "Planerad operation bröstcancer",
    by: breastSurgeon(chart),
    to: "hemmet",
  });
  measure(ward, {
    pressure: [128, 78],
    pulse: 70,
    weight: chart.facts.weight,
    height: chart.facts.height,
    temperature: 36.6,
  });
  const reason = refTo(condition);
  const basedOn = refTo(referral.request);
  procedure(later(ward, morning + 2 * HOUR), {
    name: "Partiell mastektomi",
    side,
    category: "surgical",
    minutes: 70,
    reason,
    basedOn,
  });
  const second = later(ward, morning + 3 * HOUR);
  procedure(second, { name: "Sentinel node-biopsi axill", side, category: "surgical", minutes: 30, reason, basedOn });
  write(
    later(ward, morning + 5 * HOUR),
    { kind: "åtgärd", title: "Operationsberättelse" },
    {
      Diagnos: "Bröstcancer i vänster bröst, övre yttre kvadranten.",
      Åtgärd:
        "Partiell mastektomi och sentinel node-biopsi på vänster sida i generell anestesi. Två portvaktskörtlar tas ut. Preparatröntgen visar tumören centralt i preparatet. Blödning 50 ml.",
      "Postoperativ ordination": "Paracetamol 1 g fyra gånger dagligen. Ingen trombosprofylax. Får röra armen fritt.",
    },
  );
  newsSeries(ward, {
    from: morning + 5 * HOUR,
    to: until - 2 * HOUR,
    everyHours: 5,
    breaths: [15, 15],
    saturation: [96, 98],
    systolic: [118, 126],
    pulse: [76, 70],
    temperature: [36.4, 36.8],
  });
  pathology(second, {
    title: "PAD operationspreparat vänster bröst",
    question: "Radikalitet, storlek, receptorstatus, portvaktskörtel.",
    specimen: "Operationspreparat, vänster bröst och två lymfkörtlar",
    hours: 11 * 24,
    report:
      "Invasivt carcinom NST grad 2, 22 mm. Fria marginaler, minsta avstånd 4 mm. Ingen kärlinväxt. En av två portvaktskörtlar innehåller metastas 4 mm utan kapselgenombrott. ER 95 procent, PR 60 procent, HER2 negativ, Ki67 26 procent. pT2 pN1a.",
  });
  discharge(later(ward, until - HOUR));
  afterwards(pathway);
}

/** The second conference, and the talk about what the pathologist found. */
function afterwards({ chart }: Pathway): void {
  const conference = scene(chart, "brost", "läkare", daysAgo(chart, 358));
  write(
    conference,
    { kind: "sammanfattning", title: "Multidisciplinär konferens efter operation" },
    {
      Underlag: "PAD: 22 mm NST grad 2, en av två portvaktskörtlar med makrometastas. Fria marginaler.",
      Bedömning: "Stadium pT2 pN1a M0, luminal B-lik. Ingen axillutrymning.",
      Rekommendation:
        "Cytostatika: tre kurer epirubicin och cyklofosfamid, därefter paklitaxel varje vecka. Strålbehandling mot bröst och regionala lymfkörtlar. Aromatashämmare i minst fem år.",
    },
  );
  const visit = contact(chart, {
    unit: "kir",
    profession: "läkare",
    at: daysAgo(chart, 356),
    reason: "Återbesök med PAD-svar",
    by: breastSurgeon(chart),
    minutes: 45,
  });
  diagnose(visit, "C50.4");
  write(
    visit,
    { kind: "besök" },
    {
      Anamnes: "Läkt bra. Stram i axillen men ingen svullnad av armen.",
      Status: "Operationssåret läkt, ingen infektion. Rörligheten i vänster axel något inskränkt.",
      "Information till patienten":
        "Informerad om att en lymfkörtel innehöll cancer och att efterbehandling rekommenderas.",
      Planering: "Remiss till onkologkliniken. Fysioterapeut.",
    },
  );
  refer(visit, {
    to: "onk",
    title: "Efterbehandling bröstcancer",
    state: "svar mottaget",
    pace: 3,
    urgent: true,
    question: "Adjuvant behandling enligt konferens.",
    background: "Stadium pT2 pN1a, ER+ PR+ HER2-, Ki67 26 procent. Tidigare frisk. Inga läkemedel.",
    answer: "Remissen accepteras. Nybesök inom två veckor. Cytostatika planeras enligt konferensens rekommendation.",
  });
}

function discharge(home: Scene): void {
  ordain(home, {
    drug: "paracetamol1g",
    units: 1,
    times: 4,
    days: 10,
    reason: "mot smärta efter operation",
    category: "discharge",
  });
  diagnose(home, "C50.4");
  write(
    home,
    { kind: "slutanteckning" },
    {
      Sammanfattning:
        "Planerad operation av bröstcancer på vänster sida, okomplicerad. Såret torrt. Ingen känselnedsättning i armen.",
      Planering: "Återbesök med PAD-svar om två veckor. Fysioterapeut efter tre veckor.",
    },
  );
}
