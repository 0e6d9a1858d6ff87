/**
 * The frail woman of 82: nine drugs, home care, admitted since yesterday after a fall; a rising NEWS2, a reconciliation
 * that found differences, a review that is not signed, and a discharge to plan with the municipality. SPEC DEMO-FRAIL
 */
import { book } from "../chart/action.ts";
import { allergy, carePlan, careTeam, warn } from "../chart/alerts.ts";
import { bedOf, colleague, later, scene, type Chart, type Given, type Scene } from "../chart/chart.ts";
import { admission, contact, diagnose, problem } from "../chart/contact.ts";
import { imaging, microbiology } from "../chart/imaging.ts";
import { laboratory } from "../chart/lab.ts";
import { activeOrdination, ordain, ownMedicine, type OrdinationPlan } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { giveRegularly, newsSeries } from "../chart/stay.ts";
import { find, measure, score } from "../chart/vitals.ts";
import { atTime, DAY, HOUR } from "../time.ts";
import { daysAgo, daysAhead } from "./visits.ts";

const NINE: readonly OrdinationPlan[] = [
  { drug: "enalapril10", units: 1, at: ["morgon"], reason: "mot högt blodtryck" },
  { drug: "metoprolol50", units: 1, at: ["morgon"], reason: "mot förmaksflimmer" },
  { drug: "furosemid40", units: 1, at: ["morgon"], reason: "mot vätskeansamling" },
  { drug: "apixaban25", units: 1, at: ["morgon", "kväll"], reason: "mot blodpropp" },
  { drug: "atorvastatin20", units: 1, at: ["kväll"], reason: "mot höga blodfetter" },
  { drug: "levotyroxin75", units: 1, at: ["morgon"], reason: "mot nedsatt ämnesomsättning" },
  { drug: "omeprazol", units: 1, at: ["morgon"], reason: "mot halsbränna" },
  { drug: "zopiklon", units: 1, at: ["natt"], reason: "mot sömnsvårigheter" },
  { drug: "paracetamol500", units: 2, times: 3, reason: "mot värk" },
];

export function frail(chart: Chart, given: Given): void {
  chart.facts.weight = 51.2;
  chart.facts.height = 158;
  background(chart);
  homeCare(chart);
  stay(chart, given);
}

function background(chart: Chart): void {
  const { person } = chart;
  const first = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAgo(chart, 760),
    reason: "Årskontroll",
    minutes: 45,
  });
  measure(first, { pressure: [148, 76], pulse: 72, weight: 55.8, height: 158 });
  for (const [code, years] of [
    ["I10.9", 18],
    ["I48.2", 6],
    ["I50.9", 3],
    ["E03.9", 12],
    ["M81.9", 5],
    ["N18.3", 3],
    ["K21.9", 9],
  ] as const) {
    problem(first, code, { onset: first.at - years * 365 * DAY });
  }
  for (const plan of NINE) ordain(first, { ...plan, refills: 3 });
  allergy(first, {
    substance: "Trimetoprim",
    atc: "J01EA01",
    category: "medication",
    criticality: "low",
    reaction: "Hudutslag",
    severity: "moderate",
    happened: first.at - 3000 * DAY,
  });
  laboratory(
    first,
    { hb: 121, na: 137, k: 4.2, krea: 96, egfr: 47, hba1c: 41, tsh: 2.4, albumin: 36 },
    { title: "Årskontroll" },
  );
  diagnose(first, "I10.9");
  write(
    first,
    { kind: "besök" },
    {
      Kontaktorsak: "Årskontroll.",
      Anamnes:
        "Bor ensam i lägenhet. Dotter i samma stad hjälper med inköp. Går med rollator ute. Ramlade en gång i våras utan skada.",
      Status:
        "Mager. Hjärta oregelbunden rytm, frekvens 72. Lungor utan rassel. Inga bensvullnader. Blodtryck 148/76 mmHg.",
      Bedömning: "Multisjuk, stabil. Nedsatt njurfunktion.",
      Planering: "Enkel läkemedelsgenomgång vid nästa besök. Kontakt med hemsjukvården.",
    },
  );
  for (const [days, weight, krea, egfr] of [
    [400, 53.9, 101, 44],
    [120, 52.1, 108, 40],
  ] as const) {
    const visit = contact(chart, {
      unit: person.centre,
      profession: "läkare",
      at: daysAgo(chart, days),
      reason: "Uppföljning",
      by: first.by,
    });
    measure(visit, { pressure: [132, 70], pulse: 68, weight });
    laboratory(visit, { hb: 118, na: 135, k: 4.5, krea, egfr }, { title: "Uppföljning" });
    diagnose(visit, "I50.9");
    write(
      visit,
      { kind: "besök" },
      {
        Anamnes:
          days > 300
            ? "Trött. Aptiten är dålig. Yrsel när hon reser sig. Ingen svimning."
            : "Har gått ned ytterligare i vikt. Dottern oroar sig för minnet. Ett fall i juni, inga skador.",
        Status: `Vikt ${String(weight).replace(".", ",")} kg. Blodtryck sittande 132/70 mmHg, stående 112/62 mmHg.`,
        Bedömning: "Ortostatism. Sjunkande vikt och njurfunktion.",
        Planering: "Näringsdryck. Dietist. Läkemedelsgenomgång behöver göras.",
      },
    );
  }
}

function homeCare(chart: Chart): void {
  const start = contact(chart, {
    unit: "hemsjv",
    profession: "sjuksköterska",
    at: daysAgo(chart, 210),
    kind: "hembesök",
    reason: "Inskrivning i hemsjukvård",
    minutes: 60,
  });
  careTeam(start, "Hemsjukvårdsteam", [
    [start.by, "Omvårdnadsansvarig sjuksköterska"],
    [chart.directory.at("komrehab", "arbetsterapeut", chart.dice), "Arbetsterapeut"],
    [chart.directory.at("vcNorr", "läkare", chart.dice), "Ansvarig läkare"],
  ]);
  carePlan(start, {
    title: "Samordnad individuell plan",
    kind: "Samordnad individuell plan",
    text: `${chart.person.given} vill bo kvar hemma och kunna gå till föreningslokalen på torsdagar.`,
    activities: [
      ["Överlämnade läkemedel, dosett delas varannan vecka", "in-progress"],
      ["Hemtjänst morgon och kväll", "in-progress"],
      ["Näringsdryck två gånger dagligen", "in-progress"],
      ["Uppföljning av planen", "scheduled", daysAhead(chart, 30)],
    ],
  });
  warn(start, { kind: "Uppmärksamma", text: "Fallrisk, går med rollator" });
  for (let week = 13; week >= 1; week -= 2) {
    const visit = contact(chart, {
      unit: "hemsjv",
      profession: "sjuksköterska",
      at: daysAgo(chart, week * 14 + 3),
      kind: "hembesök",
      reason: "Dosettdelning",
      minutes: 30,
    });
    measure(visit, {
      weight: Math.round((51.4 + week * 0.08) * 10) / 10,
      ...(week % 4 === 1 ? { pressure: [128, 66] as const, pulse: 70 } : {}),
    });
    write(
      visit,
      { kind: "åtgärd", title: "Hembesök" },
      {
        Åtgärd: "Dosett delad för två veckor enligt läkemedelslistan. Tre doser kvar från förra perioden.",
        Status: chart.dice.pick([
          "Mår som vanligt. Äter halva portioner.",
          "Trött, sover dåligt. Inga nya sår.",
          "Glad i dag. Dottern på besök.",
        ]),
        Planering: "Nytt hembesök om två veckor.",
      },
    );
  }
}

function stay(chart: Chart, given: Given): void {
  const arrived = atTime(chart.now - DAY, 6, 40);
  const emergency = arrival(chart, arrived);
  const ward = admission(chart, {
    unit: "ger",
    profession: "läkare",
    at: arrived + 5 * HOUR,
    bed: bedOf(chart, "ger", given),
    reason: "Fall, hyponatremi och njursvikt",
    from: emergency,
  });
  write(
    ward,
    { kind: "inskrivning" },
    {
      Inskrivningsorsak: "Fall i hemmet, förvirring.",
      Anamnes:
        "Hittades på badrumsgolvet i morse av hemtjänsten. Har ätit och druckit dåligt i en vecka, lös avföring i tre dagar. Har fortsatt med furosemid och enalapril. Dottern uppger att mamma blivit rörigare senaste dygnen.",
      Socialt: "Bor ensam. Hemsjukvård och hemtjänst två gånger dagligen.",
      Status:
        "Torra slemhinnor. Orienterad till person, inte till tid. Hjärta oregelbunden rytm, frekvens 88. Lungor: inga rassel. Buk mjuk, inte öm. Blåmärke över höger höft, ingen smärta vid belastning.",
      Bedömning: "Uttorkning med akut njursvikt och hyponatremi. Läkemedelsorsak sannolik. Inga skador efter fallet.",
      Planering:
        "Pausar furosemid och enalapril. Försiktig vätska intravenöst. Läkemedelsavstämning med apotekare. Kontroller var sjätte timme.",
    },
  );
  score(ward, "Klinisk skörhetsskala (CFS)", 6, "exam");
  find(ward, "Trycksårsbedömning (Norton)", "15 poäng. Risk för trycksår.");
  pause(chart, ["Furosemid", "Enalapril"], "Pausad på grund av uttorkning och sviktande njurfunktion");
  reconciliation(chart, ward);
  night(chart, ward);
}

/** Ordinations that wait for a decision. */
function pause(chart: Chart, substances: readonly string[], why: string): void {
  for (const { resource } of chart.entries) {
    if (resource.resourceType !== "MedicationRequest" || resource.status !== "active") continue;
    if (!substances.some((one) => resource.medicationCodeableConcept?.text?.startsWith(one))) continue;
    resource.status = "on-hold";
    resource.statusReason = { text: why };
  }
}

function reconciliation(chart: Chart, ward: Scene): void {
  ownMedicine(ward, { drug: "ibuprofen" }, "1 tablett på kvällen för knävärk, köper receptfritt.");
  ownMedicine(ward, { name: "Johannesört" }, "1 kapsel dagligen, köper i hälsokosten.");
  const pharmacist = later(ward, atTime(chart.now - DAY, 14, 10), chart.directory.at("ger", "apotekare", chart.dice));
  write(
    pharmacist,
    { kind: "åtgärd", title: "Läkemedelsavstämning" },
    {
      Källor: "Samtal med dottern, läkemedelslistan, dosettens innehåll och uppgifter från hemsjukvården.",
      Skillnader:
        "Tar ibuprofen receptfritt trots apixaban och nedsatt njurfunktion. Tar johannesört, som sänker effekten av apixaban. Zopiklon tas varje natt, ordinerat sedan fyra år. Levotyroxin tas tillsammans med frukost.",
      Bedömning: "Flera läkemedelsrelaterade problem med betydelse för fall, njurfunktion och blödningsrisk.",
      Förslag:
        "Sätt ut ibuprofen och johannesört. Trappa ut zopiklon. Ompröva omeprazol och atorvastatin. Lägre dos metoprolol om pulsen understiger 60.",
    },
  );
  write(
    later(ward, atTime(chart.now - DAY, 15, 0)),
    { kind: "slutenvård", title: "Läkemedelsgenomgång", unsigned: true },
    {
      Bedömning: "Fördjupad läkemedelsgenomgång påbörjad. Håller med om apotekarens förslag.",
      Åtgärd: "Furosemid och enalapril pausade. Ibuprofen och johannesört ska inte tas.",
      Planering:
        "Nytt kreatinin och natrium i morgon. Beslut om återinsättning av enalapril före hemgång. Läkemedelsberättelse skrivs vid utskrivning.",
    },
  );
}

/** What she takes at home and goes on with; furosemide and enalapril are paused. */
const ON_THE_WARD = [
  { drug: "paracetamol500", units: 2, hours: [8, 14, 20] },
  { drug: "metoprolol50", units: 1, hours: [8] },
  { drug: "apixaban25", units: 1, hours: [8, 20] },
  { drug: "levotyroxin75", units: 1, hours: [7] },
] as const;

function night(chart: Chart, ward: Scene): void {
  newsSeries(ward, {
    from: ward.at + HOUR,
    to: chart.now - 20 * 60_000,
    everyHours: 4,
    breaths: [17, 23],
    saturation: [95, 92],
    oxygen: [0, 1],
    systolic: [108, 104],
    pulse: [84, 104],
    temperature: [37.3, 38.4],
    confusedFrom: 0.8,
  });
  for (const { drug, units, hours } of ON_THE_WARD) {
    const request = activeOrdination(chart, drug);
    if (request)
      giveRegularly(ward, { request, drug, units, hours, from: ward.at, to: chart.now, missed: [6, "Patienten sov"] });
  }
  laboratory(
    later(ward, atTime(chart.now, 6, 15), colleague(ward, "sjuksköterska")),
    { na: 129, k: 4.9, krea: 131, egfr: 32, crp: 86, lpk: 13.4, hb: 109 },
    { title: "Avdelningsprover", hours: 2, unread: true },
  );
  write(
    later(ward, atTime(chart.now, 7, 30), colleague(ward, "sjuksköterska")),
    { kind: "slutenvård", title: "Omvårdnadsanteckning" },
    {
      Aktuellt:
        "Orolig natt, sov två timmar. Mer förvirrad på morgonen, försökte gå upp utan hjälp. Hostat. NEWS2 stigande, läkare kontaktad klockan 07.20.",
      Nutrition: "Druckit 400 ml sedan i går. Åt inte frukost.",
      Planering: "Tätare kontroller. Larmmatta. Väntar på läkarbedömning.",
    },
  );
  const notice = scene(chart, "ger", "sjuksköterska", atTime(chart.now - DAY, 16, 30));
  write(
    { ...notice, ...(ward.encounter ? { encounter: ward.encounter } : {}) },
    { kind: "samordning", title: "Inskrivningsmeddelande till kommunen" },
    {
      Meddelande:
        "Inskriven på geriatriska kliniken. Bedömt behov av insatser från kommunens hälso- och sjukvård och från socialtjänsten efter utskrivning.",
      Planering: "Preliminär utskrivning om fyra dagar. Samordnad individuell plan uppdateras.",
    },
  );
  book(chart, {
    unit: "hemsjv",
    profession: "sjuksköterska",
    at: daysAhead(chart, 4),
    kind: "telefonkontakt",
    reason: "Samordnad planering inför utskrivning",
    minutes: 45,
  });
}

/** The emergency department: no fracture and no bleeding, but a body that has dried out. */
function arrival(chart: Chart, arrived: number): Scene {
  const emergency = contact(chart, {
    unit: "akut",
    profession: "läkare",
    at: arrived,
    kind: "akutbesök",
    reason: "Fall i hemmet, förvirring",
    minutes: 300,
  });
  measure(emergency, {
    pressure: [104, 58],
    pulse: 88,
    saturation: 94,
    breaths: 18,
    temperature: 37.4,
    weight: 51.2,
    pain: 3,
  });
  imaging(emergency, {
    title: "DT hjärna",
    question: "Blödning? Antikoagulantiabehandling, slag mot huvudet.",
    urgent: true,
    hours: 1.5,
    report:
      "Ingen blödning. Ingen färsk infarkt. Åldersförändringar och lindriga vitsubstansförändringar. Ingen skallfraktur.",
  });
  imaging(emergency, {
    title: "Slätröntgen bäcken och höger höft",
    question: "Fraktur?",
    urgent: true,
    hours: 1.7,
    report: "Ingen fraktur i bäckenet eller höger höft. Osteoporos.",
  });
  laboratory(
    emergency,
    {
      hb: 112,
      lpk: 9.8,
      crp: 38,
      na: 128,
      k: 5.1,
      krea: 142,
      egfr: 29,
      glukos: 6.4,
      tnt: 21,
      albumin: 31,
      ca: 2.28,
      tsh: 2.9,
    },
    { title: "Akuta prover", urgent: true, hours: 1 },
  );
  microbiology(emergency, { title: "Urinodling", question: "Urinvägsinfektion?", specimen: "Kateterurin", hours: 40 });
  diagnose(emergency, "R55.9");
  return emergency;
}
