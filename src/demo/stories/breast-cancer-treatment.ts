/** Breast cancer: cycles of chemotherapy with a fever on the way, radiotherapy, and hormones for years. SPEC DEMO-BREAST */
import { procedure } from "../chart/action.ts";
import { later, refTo, scene, type Chart, type Scene } from "../chart/chart.ts";
import { contact, diagnose } from "../chart/contact.ts";
import { laboratory, swedish } from "../chart/lab.ts";
import { give, ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { measure, measureLocal } from "../chart/vitals.ts";
import { rounded } from "../dice.ts";
import type { DrugKey } from "../codes/drugs.ts";
import { atTime, DAY, HOUR, startOfDay, workday, workdayBefore, type Wall } from "../time.ts";
import type { Pathway } from "./breast-cancer-pathway.ts";
import { daysAgo } from "./visits.ts";

interface Cycle {
  readonly number: number;
  readonly day: Wall;
  readonly drugs: readonly DrugKey[];
  readonly regimen: string;
}

/** Three cycles every third week, then nine weekly doses. */
function cycles(first: Wall): Cycle[] {
  const three = [0, 21, 42].map((days, index): Cycle => ({
    number: index + 1,
    day: first + days * DAY,
    drugs: ["epirubicin", "cyklofosfamid"],
    regimen: "EC",
  }));
  const weekly = Array.from({ length: 9 }, (_, index): Cycle => ({
    number: index + 4,
    day: first + (70 + index * 7) * DAY,
    drugs: ["paklitaxel"],
    regimen: "paklitaxel",
  }));
  return [...three, ...weekly];
}

export function adjuvant(pathway: Pathway): void {
  const { chart } = pathway;
  const visit = contact(chart, {
    unit: "onk",
    profession: "läkare",
    at: daysAgo(chart, 341),
    reason: "Nybesök onkologi",
    minutes: 60,
  });
  measure(visit, { pressure: [126, 78], pulse: 68, weight: chart.facts.weight, height: chart.facts.height });
  laboratory(
    visit,
    { hb: 131, lpk: 6.3, neutro: 3.6, tpk: 268, krea: 62, alat: 0.31, bilirubin: 9, alp: 1.0 },
    { title: "Prover inför cytostatika" },
  );
  measureLocal(visit, "Ejektionsfraktion vänster kammare", 62, ["%", "%"]);
  diagnose(visit, "C50.4");
  write(
    visit,
    { kind: "besök" },
    {
      Kontaktorsak: "Ställningstagande till adjuvant behandling.",
      Anamnes: "Återhämtad efter operationen. Arbetar inte för närvarande. Funktionsklass ECOG 0.",
      Status: `Gott allmäntillstånd. Kroppsyta ${surface(chart)} kvadratmeter.`,
      Bedömning: "Indikation för adjuvanta cytostatika, strålbehandling och aromatashämmare.",
      "Information till patienten":
        "Muntlig och skriftlig information om biverkningar. Ringer vid feber över 38 grader.",
      Planering: "Start om tio dagar. Central infart läggs.",
    },
  );
  procedure(later(visit, workday(visit.at + 5 * DAY)), {
    name: "Inläggning av perifert insatt central kateter (PICC)",
    category: "therapy",
    minutes: 30,
  });
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
  laboratory(
    later(nurse, atTime(workdayBefore(at), 8, 30)),
    {
      hb,
      lpk: rounded(neutro + 2.1, 1),
      neutro,
      tpk: dice.around(230, 25),
      krea: dice.around(62, 4),
      ...(cycle.number % 3 === 1 ? { alat: dice.around(0.5, 0.12, 2), bilirubin: dice.around(9, 2) } : {}),
    },
    { title: `Prover inför kur ${cycle.number}`, hours: 3 },
  );
  const where = contact(chart, {
    unit: "onk",
    profession: "sjuksköterska",
    at,
    reason: `Cytostatika, kur ${cycle.number} av 12`,
    minutes: 210,
  });
  measure(where, {
    pressure: [dice.around(122, 5), dice.around(76, 4)],
    pulse: dice.around(74, 5),
    temperature: 36.7,
    weight: Math.round((chart.facts.weight + cycle.number * 0.15) * 10) / 10,
  });
  diagnose(where, "Z51.1");
  const doctor = chart.directory.at("onk", "läkare", dice);
  for (const drug of cycle.drugs) {
    const order = ordain(
      { ...where, by: doctor },
      { drug, units: 1, times: 1, days: 1, reason: "mot bröstcancer", category: "outpatient" },
    );
    order.reasonReference = [refTo(condition)];
    give(later(where, at + 40 * 60_000), { request: order, drug, units: 1 });
  }
  if (cycle.number === 1) {
    ordain(
      { ...where, by: doctor },
      { drug: "ondansetron", units: 1, times: 2, days: 60, reason: "mot illamående av cytostatika", refills: 2 },
    );
    ordain(
      { ...where, by: doctor },
      {
        drug: "betametasonTab",
        units: 8,
        at: ["morgon"],
        days: 60,
        reason: "mot illamående av cytostatika",
        note: "Tas dag 1 till 3 i varje kur.",
      },
    );
    ordain(
      { ...where, by: doctor },
      { drug: "pegfilgrastim", units: 1, times: 1, every: [3, "wk"], days: 60, reason: "mot låga vita blodkroppar" },
    );
  }
  note(where, cycle, { hb, neutro, delayed });
}

/** Body surface after Mosteller. */
function surface({ facts }: Chart): string {
  return swedish(rounded(Math.sqrt((facts.weight * facts.height) / 3600), 2));
}

function fever({ chart }: Pathway, day: Wall): void {
  const call = contact(chart, {
    unit: "onk",
    profession: "sjuksköterska",
    at: atTime(day, 15, 20),
    kind: "telefonkontakt",
    reason: "Feber under cytostatikabehandling",
    minutes: 15,
  });
  write(
    call,
    { kind: "utan möte", title: "Telefonkontakt feber" },
    {
      Anamnes:
        "Ringer på grund av temperatur 38,1 i dag. Hostar inte, ingen sveda vid vattenkastning. Ingen frossa. Ingen rodnad kring PICC-line.",
      Bedömning: "Ska bedömas i dag.",
      Planering: "Kommer till avdelningen inom en timme för provtagning.",
    },
  );
  const visit = contact(chart, {
    unit: "onk",
    profession: "läkare",
    at: atTime(day, 17, 0),
    kind: "akutbesök",
    reason: "Feber under cytostatikabehandling",
    minutes: 120,
  });
  measure(visit, { pressure: [118, 72], pulse: 92, temperature: 38, saturation: 97, breaths: 16 });
  laboratory(
    visit,
    { crp: 18, lpk: 4.9, neutro: 2.8, hb: 121, tpk: 210, laktat: 1.0 },
    { title: "Akuta prover", urgent: true, hours: 1 },
  );
  write(
    later(visit, visit.at + HOUR),
    { kind: "besök" },
    {
      Status: "Opåverkad. Svalg lätt rodnat. Lungor utan biljud. Buk mjuk. PICC-line utan rodnad.",
      Bedömning: "Ingen neutropeni. Sannolikt virusinfektion.",
      Planering: "Hemgång. Ringer vid ny feber eller frossa. Inga antibiotika.",
    },
  );
}

function radiotherapy({ chart, condition }: Pathway): void {
  const visit = contact(chart, {
    unit: "onk",
    profession: "läkare",
    at: daysAgo(chart, 184),
    reason: "Planering av strålbehandling",
    minutes: 45,
  });
  diagnose(visit, "C50.4");
  write(
    visit,
    { kind: "besök" },
    {
      Anamnes: "Avslutat cytostatika för tre veckor sedan. Trött. Kvarstående lätta domningar i fingrarna.",
      Bedömning: "Fullföljd cytostatikabehandling.",
      Planering:
        "Strålbehandling 40 Gy på 15 fraktioner mot vänster bröst och regionala lymfkörtlar, med andningsanpassning. Därefter letrozol.",
    },
  );
  procedure(later(visit, daysAgo(chart, 172)), {
    name: "Strålbehandling mot vänster bröst, 15 fraktioner",
    side: "vänster",
    category: "therapy",
    minutes: 20,
    reason: refTo(condition),
    outcome: "Given enligt plan 40 Gy. Lätt hudrodnad.",
  });
  const hormones = contact(chart, {
    unit: "onk",
    profession: "läkare",
    at: daysAgo(chart, 135),
    reason: "Avslutad strålbehandling",
    minutes: 30,
  });
  diagnose(hormones, "C50.4");
  const letrozole = ordain(hormones, {
    drug: "letrozol",
    units: 1,
    at: ["morgon"],
    reason: "mot återfall av bröstcancer",
    refills: 3,
  });
  letrozole.reasonReference = [refTo(condition)];
  ordain(hormones, { drug: "kalciumD", units: 1, at: ["morgon"], reason: "mot benskörhet", refills: 3 });
  write(
    hormones,
    { kind: "besök" },
    {
      Anamnes: "Strålbehandlingen gick bra. Hudrodnaden har klingat av. Hon känner sig starkare.",
      Status: "Bröstet lätt svullet, ingen sårighet. Ingen svullnad av vänster arm.",
      Åtgärd: "Letrozol 2,5 mg dagligen sätts in. Kalcium och vitamin D. Bentäthetsmätning beställs.",
      Planering: "Kontaktsjuksköterska om två månader. Mammografi ett år efter operationen.",
    },
  );
}

function note(where: Scene, cycle: Cycle, blood: { hb: number; neutro: number; delayed: boolean }): void {
  const { dice } = where.chart;
  const { hb, neutro, delayed } = blood;
  write(
    where,
    { kind: "åtgärd", title: `Cytostatika, kur ${cycle.number}` },
    {
      Anamnes:
        cycle.number === 1
          ? "Lite nervös inför starten. Ingen feber, inga infektionstecken."
          : dice.pick([
              "Illamående i två dagar efter förra kuren, inte kräkts.",
              "Trött några dagar. Ingen feber. Håret har fallit av.",
              "Lätta domningar i fingertopparna, besvärar inte. Ingen feber.",
            ]),
      Provsvar: `Hb ${hb} g/L, neutrofila ${swedish(neutro)}. ${delayed ? "Gränsvärde, diskuterat med läkare, behandling ges med oförändrad dos och tillväxtfaktor." : "Godkända för behandling."}`,
      Åtgärd: `${cycle.regimen === "EC" ? "Epirubicin och cyklofosfamid" : "Paklitaxel"} enligt ordination genom PICC-line. God backventil före och efter. Ingen reaktion.`,
      Planering:
        cycle.number < 12
          ? "Nästa kur enligt schema. Prover närmaste vardag före."
          : "Sista kuren. Läkarbesök om tre veckor.",
    },
  );
}
