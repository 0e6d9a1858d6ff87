/** Common complaints in primary care: infections, headache, low iron, pollen. SPEC DEMO-STORY */
import { ageOf, isWoman, later, type Chart } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { microbiology } from "../chart/imaging.ts";
import { laboratory, swedish } from "../chart/lab.ts";
import { ordain, ownMedicine } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { measure } from "../chart/vitals.ts";
import { DAY, HOUR } from "../time.ts";
import { daysAgo, pressureNow, pulseNow } from "./visits.ts";

export function urinaryInfection(chart: Chart): void {
  const { dice, person } = chart;
  const times = dice.between(1, 2);
  for (let i = 0; i < times; i++) {
    const resistant = dice.chance(0.15);
    const where = contact(chart, {
      unit: person.centre,
      profession: "sjuksköterska",
      at: daysAgo(chart, dice.between(5, 900)),
      reason: "Sveda vid vattenkastning",
    });
    microbiology(where, {
      title: "Urinodling",
      question: "Cystit, växt och resistens?",
      specimen: "Mittstråleurin",
      hours: 48,
      report: `Växt av Escherichia coli, mer än 100 000 CFU/mL. Känslig för mecillinam, nitrofurantoin och cefadroxil. ${resistant ? "Resistent mot trimetoprim och ciprofloxacin." : "Känslig för trimetoprim."} Inga ESBL-bildande bakterier påvisade.`,
    });
    diagnose(where, "N30.0");
    ordain(
      where,
      dice.chance(0.5)
        ? { drug: "nitrofurantoin", units: 1, times: 3, days: 5, reason: "mot urinvägsinfektion" }
        : {
            drug: chart.facts.allergies.includes("penicillin") ? "nitrofurantoin" : "pivmecillinam",
            units: 1,
            times: 3,
            days: 5,
            reason: "mot urinvägsinfektion",
          },
    );
    write(
      where,
      { kind: "besök" },
      {
        Kontaktorsak: "Sveda och täta trängningar sedan två dagar.",
        Anamnes: "Ingen feber, ingen flanksmärta. Inte gravid. Ingen vaginal flytning.",
        Status: "Opåverkad. Ingen dunkömhet över njurarna.",
        Bedömning: "Akut cystit utan tecken till övre urinvägsinfektion.",
        Åtgärd: "Antibiotika i fem dagar. Urinodling tas.",
        Planering: "Hör av sig om besvären inte gått över inom tre dagar eller vid feber.",
      },
    );
  }
}

interface Complaint {
  readonly reason: string;
  readonly code: Parameters<typeof diagnose>[1];
  readonly history: string;
  readonly status: string;
  readonly judgement: string;
  readonly plan: string;
  readonly temperature: number;
  readonly crp?: number;
  readonly drug?: Parameters<typeof ordain>[1];
}

const INFECTIONS: readonly Complaint[] = [
  {
    reason: "Hosta och snuva",
    code: "J06.9",
    temperature: 37.8,
    crp: 11,
    history: "Snuva, hosta och lätt feber i fyra dagar. Inte andfådd. Fler i familjen är förkylda.",
    status: "Gott allmäntillstånd. Svalg lätt rodnat, inga beläggningar. Lungor utan biljud.",
    judgement: "Viral övre luftvägsinfektion. Ingen indikation för antibiotika.",
    plan: "Egenvårdsråd. Söker igen vid andnöd eller feber mer än fem dagar.",
  },
  {
    reason: "Halsont",
    code: "J03.9",
    temperature: 38.6,
    crp: 58,
    history: "Halsont och feber i två dagar. Ingen hosta. Svårt att svälja men kan dricka.",
    status: "Rodnade tonsiller med beläggningar på båda sidor. Ömma lymfkörtlar på halsen. Ingen svullnad i gomvalvet.",
    judgement: "Streptokocktonsillit, tre Centorkriterier och positivt snabbtest.",
    plan: "Antibiotika i tio dagar. Ny tandborste efter två dagar.",
    drug: { drug: "penicillinV", units: 1, times: 3, days: 10, reason: "mot halsfluss" },
  },
  {
    reason: "Öronvärk",
    code: "H66.9",
    temperature: 38.1,
    history: "Ont i vänster öra sedan i går kväll. Ingen rinning från örat. Feber i natt.",
    status: "Vänster trumhinna buktande och rodnad, orörlig. Höger trumhinna utan anmärkning. Ingen ömhet bakom örat.",
    judgement: "Akut mediaotit på vänster sida.",
    plan: "Aktiv exspektans, smärtlindring. Åter om ingen förbättring inom två till tre dagar.",
  },
  {
    reason: "Kräkningar och diarré",
    code: "A09.9",
    temperature: 37.9,
    history: "Kräkts och haft lös avföring ett dygn. Inget blod i avföringen. Kan dricka små mängder.",
    status: "Trött men inte uttorkad. Buk mjuk, diffust lätt öm, inget motstånd.",
    judgement: "Gastroenterit, sannolikt viral.",
    plan: "Vätskeersättning. Hemma tills 48 timmar efter sista symtom.",
  },
  {
    reason: "Långvarig hosta",
    code: "J20.9",
    temperature: 37.3,
    crp: 19,
    history: "Hosta i två veckor, gult slem på morgonen. Ingen blodig upphostning. Ingen feber nu.",
    status: "Enstaka grova ronki som försvinner efter hosta. Saturation 98 procent.",
    judgement: "Akut bronkit. Ingen misstanke om lunginflammation.",
    plan: "Inga antibiotika. Hostan kan sitta i tre till fyra veckor.",
  },
];

/** One or two ordinary infections. */
export function infection(chart: Chart): void {
  const { dice, person } = chart;
  const times = dice.between(1, 2);
  for (let i = 0; i < times; i++) {
    const at = daysAgo(chart, dice.between(3, 700));
    if (person.birth === undefined || at < person.birth + 200 * DAY) return;
    const complaint = dice.pick(INFECTIONS);
    const where = contact(chart, {
      unit: person.centre,
      profession: "läkare",
      at,
      reason: complaint.reason,
      minutes: 20,
    });
    measure(where, {
      temperature: complaint.temperature,
      ...(ageOf(chart, at) > 15 ? { pulse: pulseNow(chart) + 8 } : {}),
      saturation: 98,
    });
    if (complaint.crp !== undefined)
      laboratory(
        where,
        { crp: dice.around(complaint.crp, complaint.crp * 0.2) },
        { title: "P-CRP patientnära", urgent: true, hours: 0.5 },
      );
    diagnose(where, complaint.code);
    treat(chart, where, complaint);
    write(
      where,
      { kind: "besök" },
      {
        Kontaktorsak: `${complaint.reason}.`,
        Anamnes: complaint.history,
        Status: `${complaint.status} Temperatur ${swedish(complaint.temperature)} grader.`,
        Bedömning: complaint.judgement,
        Planering: complaint.plan,
      },
    );
  }
}

function treat(chart: Chart, where: ReturnType<typeof contact>, complaint: Complaint): void {
  if (!complaint.drug || ageOf(chart, where.at) < 12) return;
  const allergic = chart.facts.allergies.includes("penicillin");
  ordain(where, allergic ? { ...complaint.drug, drug: "klindamycin" } : complaint.drug);
}

export function ironDeficiency(chart: Chart): void {
  const { dice, person } = chart;
  const where = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAgo(chart, dice.between(60, 500)),
    reason: "Trötthet",
  });
  const hb = isWoman(chart) ? dice.between(98, 112) : dice.between(112, 128);
  laboratory(
    where,
    {
      hb,
      mcv: dice.between(72, 80),
      mch: dice.between(22, 26),
      ferritin: dice.between(4, 11),
      b12: dice.around(340, 60),
      tsh: dice.around(2, 0.5, 2),
      crp: 1,
    },
    { title: "Anemiutredning" },
  );
  diagnose(where, "D50.9");
  problem(where, "D50.9", { onset: where.at });
  ordain(where, { drug: "jarn", units: 1, at: ["morgon"], reason: "mot järnbrist", refills: 1, days: 120 });
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Trött sedan flera månader.",
      Anamnes: isWoman(chart)
        ? "Rikliga menstruationer. Inget blod i avföringen, ingen viktnedgång. Äter inte kött."
        : "Inget synligt blod i avföringen. Ingen viktnedgång.",
      Status: "Lätt blek. Hjärta och lungor utan anmärkning. Buk mjuk, inga resistenser.",
      Provsvar: `Hb ${hb} g/L, lågt ferritin och lågt MCV.`,
      Bedömning: "Järnbristanemi.",
      Åtgärd: "Järntabletter i tre till fyra månader.",
      Planering: "Kontroll av Hb och ferritin om tre månader.",
    },
  );
  const control = daysAgo(chart, Math.max(2, (chart.now - where.at) / DAY - 95));
  if (control > where.at + 60 * DAY)
    laboratory(
      later(where, control),
      { hb: hb + dice.between(16, 24), ferritin: dice.between(24, 48), mcv: dice.between(83, 88) },
      { title: "Kontroll anemi" },
    );
}

export function migraine(chart: Chart): void {
  const { dice, person } = chart;
  const where = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAgo(chart, dice.between(100, 1200)),
    reason: "Huvudvärk",
  });
  if (ageOf(chart, where.at) < 16) return;
  measure(where, { pressure: pressureNow(chart), pulse: pulseNow(chart) });
  diagnose(where, "G43.9");
  problem(where, "G43.9", { onset: where.at - 2000 * DAY });
  ordain(where, { drug: "sumatriptan", units: 1, asNeeded: { maxPerDay: 2 }, reason: "mot migrän", refills: 2 });
  ownMedicine(where, { drug: "ibuprofen" }, "1 tablett vid huvudvärk, köper receptfritt.");
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Återkommande huvudvärk.",
      Anamnes:
        "Halvsidig dunkande huvudvärk två till tre gånger i månaden, med illamående och ljuskänslighet. Ingen aura. Inga varningssymtom.",
      Status: "Neurologiskt status utan anmärkning. Fri rörlighet i nacken.",
      Bedömning: "Migrän utan aura.",
      Åtgärd: "Sumatriptan 50 mg vid anfall. Huvudvärksdagbok.",
      Planering: "Återkommer om anfallen blir fler än fyra i månaden.",
    },
  );
}

export function pollen(chart: Chart): void {
  const { dice, person } = chart;
  const year = new Date(chart.now).getUTCFullYear() - dice.between(1, 3);
  const at = daysAgo(chart, (chart.now - Date.UTC(year, 3, dice.between(10, 28), 10)) / DAY);
  if (ageOf(chart, at) < 6) return;
  const where = contact(chart, {
    unit: person.centre,
    profession: "sjuksköterska",
    at,
    kind: "telefonkontakt",
    reason: "Pollenbesvär",
    minutes: 10,
  });
  diagnose(where, "J30.1");
  problem(where, "J30.1", { onset: at - 1500 * DAY, severity: "lindrig" });
  const doctor = chart.directory.at(person.centre, "läkare", dice);
  const order = later(where, at + 2 * HOUR, doctor);
  ordain(order, {
    drug: "desloratadin",
    units: 1,
    at: ["morgon"],
    asNeeded: { maxPerDay: 1 },
    reason: "mot pollenallergi",
    refills: 3,
  });
  ordain(order, { drug: "mometason", units: 2, at: ["morgon"], reason: "mot nästäppa", refills: 2, days: 60 });
  write(
    where,
    { kind: "utan möte" },
    {
      Anamnes:
        "Rinnsnuva och kliande ögon när björken blommar. Ingen pipande andning. God effekt av tablett förra året.",
      Planering: "Recept förnyas av läkare. Hör av sig om det inte hjälper.",
    },
  );
}
