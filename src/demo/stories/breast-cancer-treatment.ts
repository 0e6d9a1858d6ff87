/** Breast cancer, second half: surgery, cycles of chemotherapy, radiotherapy, hormones, rehabilitation and follow-up. SPEC DEMO-BREAST */
import { book, procedure } from "../chart/action.ts";
import { document } from "../chart/alerts.ts";
import { later, refTo, scene } from "../chart/chart.ts";
import { admission, contact, diagnose } from "../chart/contact.ts";
import { breastImaging, pathology } from "../chart/imaging.ts";
import { laboratory, swedish } from "../chart/lab.ts";
import { give, ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { refer } from "../chart/referral.ts";
import { newsSeries } from "../chart/stay.ts";
import { measure, measureLocal, score } from "../chart/vitals.ts";
import type { DrugKey } from "../codes/drugs.ts";
import { atTime, DAY, HOUR, startOfDay, workday, type Wall } from "../time.ts";
import type { Pathway } from "./breast-cancer.ts";
import { daysAgo, daysAhead } from "./visits.ts";

export function surgery({ chart, side, condition, referral }: Pathway): void {
  const morning = atTime(daysAgo(chart, 373), 7);
  const until = atTime(morning + DAY, 11);
  const ward = admission(chart, { unit: "kir", profession: "läkare", at: morning, until, reason: "Planerad operation bröstcancer", to: "hemmet" });
  measure(ward, { pressure: [128, 78], pulse: 70, weight: 68.4, height: 167, temperature: 36.6 });
  const reason = refTo(condition);
  const basedOn = refTo(referral.request);
  procedure(later(ward, morning + 2 * HOUR), { name: "Partiell mastektomi", side, category: "surgical", minutes: 70, reason, basedOn });
  const second = later(ward, morning + 3 * HOUR);
  procedure(second, { name: "Sentinel node-biopsi axill", side, category: "surgical", minutes: 30, reason, basedOn });
  write(later(ward, morning + 5 * HOUR), { kind: "åtgärd", title: "Operationsberättelse" }, {
    Diagnos: "Bröstcancer i vänster bröst, övre yttre kvadranten.",
    Åtgärd: "Partiell mastektomi och sentinel node-biopsi på vänster sida i generell anestesi. Två portvaktskörtlar tas ut. Preparatröntgen visar tumören centralt i preparatet. Blödning 50 ml.",
    "Postoperativ ordination": "Paracetamol 1 g fyra gånger dagligen. Ingen trombosprofylax. Får röra armen fritt.",
  });
  newsSeries(ward, { from: morning + 5 * HOUR, to: until - 2 * HOUR, everyHours: 5, breaths: [15, 15], saturation: [96, 98], systolic: [118, 126], pulse: [76, 70], temperature: [36.4, 36.8] });
  pathology(second, {
    title: "PAD operationspreparat vänster bröst", question: "Radikalitet, storlek, receptorstatus, portvaktskörtel.", specimen: "Operationspreparat, vänster bröst och två lymfkörtlar", hours: 13 * 24,
    report: "Invasivt carcinom NST grad 2, 22 mm. Fria marginaler, minsta avstånd 4 mm. Ingen kärlinväxt. En av två portvaktskörtlar innehåller metastas 4 mm utan kapselgenombrott. ER 95 procent, PR 60 procent, HER2 negativ, Ki67 26 procent. pT2 pN1a.",
  });
  ordain(later(ward, until - HOUR), { drug: "paracetamol1g", units: 1, times: 4, days: 10, reason: "mot smärta efter operation", category: "discharge" });
  diagnose(later(ward, until - HOUR), "C50.4");
  write(later(ward, until - HOUR), { kind: "slutanteckning" }, {
    Sammanfattning: "Planerad operation av bröstcancer på vänster sida, okomplicerad. Såret torrt. Ingen känselnedsättning i armen.",
    Planering: "Återbesök med PAD-svar om två veckor. Fysioterapeut efter tre veckor.",
  });
  const conference = scene(chart, "brost", "läkare", daysAgo(chart, 358));
  write(conference, { kind: "sammanfattning", title: "Multidisciplinär konferens efter operation" }, {
    Underlag: "PAD: 22 mm NST grad 2, en av två portvaktskörtlar med makrometastas. Fria marginaler.",
    Bedömning: "pT2 pN1a M0, luminal B-lik. Ingen axillutrymning.",
    Rekommendation: "Cytostatika: tre kurer epirubicin och cyklofosfamid, därefter paklitaxel varje vecka. Strålbehandling mot bröst och regionala lymfkörtlar. Aromatashämmare i minst fem år.",
  });
  const visit = contact(chart, { unit: "kir", profession: "läkare", at: daysAgo(chart, 356), reason: "Återbesök med PAD-svar", minutes: 45 });
  diagnose(visit, "C50.4");
  write(visit, { kind: "besök" }, {
    Anamnes: "Läkt bra. Stram i axillen men ingen svullnad av armen.",
    Status: "Operationssåret läkt, ingen infektion. Rörligheten i vänster axel något inskränkt.",
    "Information till patienten": "Informerad om att en lymfkörtel innehöll cancer och att efterbehandling rekommenderas.",
    Planering: "Remiss till onkologkliniken. Fysioterapeut.",
  });
  refer(visit, {
    to: "onk", title: "Efterbehandling bröstcancer", state: "svar mottaget", pace: 3, urgent: true, question: "Adjuvant behandling enligt konferens.",
    background: "pT2 pN1a, ER+ PR+ HER2-, Ki67 26 procent. Tidigare frisk. Inga läkemedel.",
    answer: "Remissen accepteras. Nybesök inom två veckor. Cytostatika planeras enligt konferensens rekommendation.",
  });
}

interface Cycle {
  readonly number: number;
  readonly day: Wall;
  readonly drugs: readonly DrugKey[];
  readonly regimen: string;
}

/** Three cycles every third week, then nine weekly doses. */
function cycles(first: Wall): Cycle[] {
  const three = [0, 21, 42].map((days, index): Cycle => ({ number: index + 1, day: first + days * DAY, drugs: ["epirubicin", "cyklofosfamid"], regimen: "EC" }));
  const weekly = Array.from({ length: 9 }, (_, index): Cycle => ({ number: index + 4, day: first + (70 + index * 7) * DAY, drugs: ["paklitaxel"], regimen: "paklitaxel" }));
  return [...three, ...weekly];
}

export function adjuvant(pathway: Pathway): void {
  const { chart } = pathway;
  const visit = contact(chart, { unit: "onk", profession: "läkare", at: daysAgo(chart, 341), reason: "Nybesök onkologi", minutes: 60 });
  measure(visit, { pressure: [126, 78], pulse: 68, weight: 68, height: 167 });
  laboratory(visit, { hb: 131, lpk: 6.3, neutro: 3.6, tpk: 268, krea: 62, alat: 0.31, bilirubin: 9, alp: 1.0 }, { title: "Prover inför cytostatika" });
  measureLocal(visit, "Ejektionsfraktion vänster kammare", 62, ["%", "%"]);
  diagnose(visit, "C50.4");
  write(visit, { kind: "besök" }, {
    Kontaktorsak: "Ställningstagande till adjuvant behandling.",
    Anamnes: "Återhämtad efter operationen. Arbetar inte för närvarande. Funktionsklass ECOG 0.",
    Status: "Gott allmäntillstånd. Kroppsyta 1,76 kvadratmeter.",
    Bedömning: "Indikation för adjuvanta cytostatika, strålbehandling och aromatashämmare.",
    "Information till patienten": "Muntlig och skriftlig information om biverkningar. Ringer vid feber över 38 grader.",
    Planering: "Start om tio dagar. Central infart läggs.",
  });
  procedure({ ...visit, at: visit.at + 5 * DAY }, { name: "Inläggning av perifert insatt central kateter (PICC)", category: "therapy", minutes: 30 });
  const start = workday(startOfDay(daysAgo(chart, 331)));
  for (const cycle of cycles(start)) treat(pathway, cycle);
  fever(pathway, start + 52 * DAY);
  radiotherapy(pathway);
}

function treat({ chart, condition }: Pathway, cycle: Cycle): void {
  const { dice } = chart;
  const at = atTime(workday(cycle.day), 9, 15);
  const nurse = scene(chart, "onk", "sjuksköterska", at - DAY);
  const delayed = cycle.number === 3;
  const neutro = delayed ? 1.4 : dice.around(cycle.regimen === "EC" ? 2.6 : 2.3, 0.3, 1);
  const hb = 130 - cycle.number * 2;
  laboratory({ ...nurse, at: atTime(workday(cycle.day) - DAY, 8, 30) }, { hb, lpk: rounded1(neutro + 2.1), neutro, tpk: dice.around(230, 25), krea: dice.around(62, 4), ...(cycle.number % 3 === 1 ? { alat: dice.around(0.5, 0.12, 2), bilirubin: dice.around(9, 2) } : {}) }, { title: `Prover inför kur ${cycle.number}`, hours: 3 });
  const where = contact(chart, { unit: "onk", profession: "sjuksköterska", at, reason: `Cytostatika, kur ${cycle.number} av 12`, minutes: 210 });
  measure(where, { pressure: [dice.around(122, 5), dice.around(76, 4)], pulse: dice.around(74, 5), temperature: 36.7, weight: Math.round((68 + cycle.number * 0.15) * 10) / 10 });
  diagnose(where, "Z51.1");
  const doctor = chart.directory.at("onk", "läkare", dice);
  for (const drug of cycle.drugs) {
    const order = ordain({ ...where, by: doctor }, { drug, units: 1, times: 1, days: 1, reason: "mot bröstcancer", category: "inpatient" });
    order.category = [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/medicationrequest-category", code: "outpatient" }] }];
    order.reasonReference = [refTo(condition)];
    give(later(where, at + 40 * 60_000), { request: order, drug, units: 1 });
  }
  if (cycle.number === 1) {
    ordain({ ...where, by: doctor }, { drug: "ondansetron", units: 1, times: 2, days: 60, reason: "mot illamående av cytostatika", refills: 2 });
    ordain({ ...where, by: doctor }, { drug: "betametasonTab", units: 8, at: ["morgon"], days: 60, reason: "mot illamående av cytostatika", note: "Tas dag 1 till 3 i varje kur." });
    ordain({ ...where, by: doctor }, { drug: "pegfilgrastim", units: 1, times: 1, every: [3, "wk"], days: 60, reason: "mot låga vita blodkroppar" });
  }
  write(where, { kind: "åtgärd", title: `Cytostatika, kur ${cycle.number}` }, {
    Anamnes: cycle.number === 1 ? "Lite nervös inför starten. Ingen feber, inga infektionstecken." : dice.pick(["Illamående i två dagar efter förra kuren, inte kräkts.", "Trött några dagar. Ingen feber. Håret har fallit av.", "Lätta domningar i fingertopparna, besvärar inte. Ingen feber."]),
    Provsvar: `Hb ${hb} g/L, neutrofila ${swedish(neutro)}. ${delayed ? "Gränsvärde, diskuterat med läkare, behandling ges med oförändrad dos och tillväxtfaktor." : "Godkända för behandling."}`,
    Åtgärd: `${cycle.regimen === "EC" ? "Epirubicin och cyklofosfamid" : "Paklitaxel"} enligt ordination genom PICC-line. God backventil före och efter. Ingen reaktion.`,
    Planering: cycle.number < 12 ? "Nästa kur enligt schema. Prover dagen före." : "Sista kuren. Läkarbesök om tre veckor.",
  });
}

function rounded1(value: number): number {
  return Math.round(value * 10) / 10;
}

function fever({ chart }: Pathway, day: Wall): void {
  const call = contact(chart, { unit: "onk", profession: "sjuksköterska", at: atTime(day, 15, 20), kind: "telefonkontakt", reason: "Feber under cytostatikabehandling", minutes: 15 });
  write(call, { kind: "utan möte", title: "Telefonkontakt feber" }, {
    Anamnes: "Ringer på grund av temperatur 38,1 i dag. Hostar inte, ingen sveda vid vattenkastning. Ingen frossa. Ingen rodnad kring PICC-line.",
    Bedömning: "Ska bedömas i dag.",
    Planering: "Kommer till avdelningen inom en timme för provtagning.",
  });
  const visit = contact(chart, { unit: "onk", profession: "läkare", at: atTime(day, 17, 0), kind: "akutbesök", reason: "Feber under cytostatikabehandling", minutes: 120 });
  measure(visit, { pressure: [118, 72], pulse: 92, temperature: 38, saturation: 97, breaths: 16 });
  laboratory(visit, { crp: 18, lpk: 4.9, neutro: 2.8, hb: 121, tpk: 210, laktat: 1.0 }, { title: "Akuta prover", urgent: true, hours: 1 });
  write(later(visit, visit.at + HOUR), { kind: "besök" }, {
    Status: "Opåverkad. Svalg lätt rodnat. Lungor utan biljud. Buk mjuk. PICC-line utan rodnad.",
    Bedömning: "Ingen neutropeni. Sannolikt virusinfektion.",
    Planering: "Hemgång. Ringer vid ny feber eller frossa. Inga antibiotika.",
  });
}

function radiotherapy({ chart, condition }: Pathway): void {
  const visit = contact(chart, { unit: "onk", profession: "läkare", at: daysAgo(chart, 184), reason: "Planering av strålbehandling", minutes: 45 });
  diagnose(visit, "C50.4");
  write(visit, { kind: "besök" }, {
    Anamnes: "Avslutat cytostatika för tre veckor sedan. Trött. Kvarstående lätta domningar i fingrarna.",
    Bedömning: "Fullföljd cytostatikabehandling.",
    Planering: "Strålbehandling 40 Gy på 15 fraktioner mot vänster bröst och regionala lymfkörtlar, med andningsanpassning. Därefter letrozol.",
  });
  procedure({ ...visit, at: daysAgo(chart, 172) }, { name: "Strålbehandling mot vänster bröst, 15 fraktioner", side: "vänster", category: "therapy", minutes: 20, reason: refTo(condition), outcome: "Given enligt plan 40 Gy. Lätt hudrodnad." });
  const hormones = contact(chart, { unit: "onk", profession: "läkare", at: daysAgo(chart, 135), reason: "Avslutad strålbehandling", minutes: 30 });
  diagnose(hormones, "C50.4");
  const letrozole = ordain(hormones, { drug: "letrozol", units: 1, at: ["morgon"], reason: "mot återfall av bröstcancer", refills: 3 });
  letrozole.reasonReference = [refTo(condition)];
  ordain(hormones, { drug: "kalciumD", units: 1, at: ["morgon"], reason: "mot benskörhet", refills: 3 });
  write(hormones, { kind: "besök" }, {
    Anamnes: "Strålbehandlingen gick bra. Hudrodnaden har klingat av. Hon känner sig starkare.",
    Status: "Bröstet lätt svullet, ingen sårighet. Ingen svullnad av vänster arm.",
    Åtgärd: "Letrozol 2,5 mg dagligen sätts in. Kalcium och vitamin D. Bentäthetsmätning beställs.",
    Planering: "Kontaktsjuksköterska om två månader. Mammografi ett år efter operationen.",
  });
}

export function followUp(pathway: Pathway): void {
  const { chart } = pathway;
  rehabilitation(pathway);
  const nurse = contact(chart, { unit: "brost", profession: "sjuksköterska", at: daysAgo(chart, 88), reason: "Uppföljning kontaktsjuksköterska", minutes: 45 });
  score(nurse, "Distress-termometer", 4, "survey");
  write(nurse, { kind: "besök", title: "Hälsoskattning för cancerrehabilitering" }, {
    Anamnes: "Arbetar halvtid. Värk i händer och knän på morgonen av letrozol, inte så att hon vill sluta. Sover sämre. Ingen oro för ekonomin.",
    Bedömning: "Kvarstående trötthet och ledvärk. Behov av fysisk träning.",
    Planering: "Fysioterapeut, grupp. Kurator vid behov. Mammografi om två månader.",
  });
  const picture = contact(chart, { unit: "brost", profession: "röntgensjuksköterska", at: daysAgo(chart, 19), reason: "Mammografi ett år efter operation", minutes: 15 });
  breastImaging(later(picture, picture.at, nurse.by), {
    title: "Uppföljningsmammografi", question: "Kontroll ett år efter partiell mastektomi på vänster sida. Återfall?", hours: 90,
    report: "Vänster bröst: ärr efter operation, inga tecken till återfall. Höger bröst utan anmärkning. Inga förstorade lymfkörtlar. Ny kontroll om ett år.",
  });
  const visit = contact(chart, { unit: "onk", profession: "läkare", at: daysAgo(chart, 6), reason: "Ettårskontroll", minutes: 30 });
  diagnose(visit, "C50.4");
  measure(visit, { pressure: [128, 80], pulse: 70, weight: 69.8 });
  write(visit, { kind: "besök", title: "Ettårskontroll", unsigned: true }, {
    Anamnes: "Mår väl efter omständigheterna. Ledvärken bättre sedan hon började träna. Inga nya knölar.",
    Status: "Båda brösten och axillerna palperas utan anmärkning. Ingen svullnad av vänster arm.",
    Provsvar: "Mammografi utan tecken till återfall.",
    Bedömning: "Inga tecken till återfall ett år efter operation.",
    Planering: "Fortsatt letrozol. Kontaktsjuksköterska om sex månader, mammografi och läkare om ett år.",
  });
  const basedOn = { reference: `ServiceRequest/${pathway.referral.request.id}` };
  book(chart, { unit: "sjukgym", profession: "fysioterapeut", at: daysAhead(chart, 5), reason: "Cancerrehabilitering, grupp", minutes: 60 });
  book(chart, { unit: "brost", profession: "sjuksköterska", at: daysAhead(chart, 180), reason: "Uppföljning kontaktsjuksköterska", basedOn });
  book(chart, { unit: "brost", profession: "röntgensjuksköterska", at: daysAhead(chart, 345), reason: "Årlig mammografi", kind: "undersökning", minutes: 15, basedOn });
  book(chart, { unit: "onk", profession: "läkare", at: daysAhead(chart, 360), reason: "Tvåårskontroll", basedOn });
}

function rehabilitation({ chart }: Pathway): void {
  const visits: readonly (readonly [days: number, text: string, degrees: number])[] = [
    [349, "Stram i axillen. Lyfter armen till axelhöjd.", 110], [320, "Mjukare. Kan hänga tvätt.", 140], [140, "Trött efter behandlingarna. Full rörlighet i axeln.", 170],
  ];
  for (const [days, history, degrees] of visits) {
    const where = contact(chart, { unit: "sjukgym", profession: "fysioterapeut", at: daysAgo(chart, days), reason: "Rehabilitering efter bröstoperation", minutes: 45 });
    measureLocal(where, "Axelflexion vänster", degrees, ["grader", "deg"]);
    measureLocal(where, "Armvolymskillnad, vänster mot höger", days === 140 ? 3 : 1, ["%", "%"]);
    write(where, { kind: "åtgärd", title: "Fysioterapi" }, {
      Anamnes: history,
      Status: `Flexion i vänster axel ${degrees} grader. Ingen lymfsvullnad.`,
      Åtgärd: "Rörelseträning, ärrmassage och råd om lymfödem.",
      Planering: days === 140 ? "Konditionsträning i grupp." : "Hemprogram dagligen. Nytt besök om fyra veckor.",
    });
  }
  const social = contact(chart, { unit: "onk", profession: "kurator", at: daysAgo(chart, 300), reason: "Kuratorssamtal", minutes: 45 });
  write(social, { kind: "åtgärd", title: "Kuratorssamtal" }, {
    Anamnes: "Samtal om oro för barnen och om hur sjukdomen ska berättas. Gott stöd av maken.",
    Åtgärd: "Stödsamtal. Information om sjukpenning och patientförening.",
    Planering: "Nytt samtal vid behov.",
  });
  document(social, "Medicinskt intyg, hel sjukskrivning", "Intyg", "Arbetsförmågan är helt nedsatt under cytostatikabehandling. Omprövning efter avslutad behandling.");
}

