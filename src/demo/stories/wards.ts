/** Patients who lie in the wards today, one kind of illness for each ward. SPEC DEMO-WARD */
import type { Procedure } from "fhir/r4";
import { procedure, type ProcedurePlan } from "../chart/action.ts";
import { ageOf, bedOf, colleague, later, type Chart, type Given, type Scene } from "../chart/chart.ts";
import { admission, contact, diagnose, problem } from "../chart/contact.ts";
import { laboratory, orderOf, type Values } from "../chart/lab.ts";
import { activeOrdination, ordain, type OrdinationPlan } from "../chart/medication.ts";
import { write, type Sections } from "../chart/note.ts";
import { giveRegularly, newsSeries, type Course } from "../chart/stay.ts";
import type { DrugKey } from "../codes/drugs.ts";
import type { IcdCode } from "../codes/icd.ts";
import type { UnitKey } from "../directory/units.ts";
import { atTime, DAY, HOUR, MINUTE } from "../time.ts";

interface Ward {
  readonly unit: UnitKey;
  readonly code: IcdCode;
  readonly reason: string;
  readonly days: number;
  readonly emergency: boolean;
  readonly admit: Sections;
  readonly daily: readonly Sections[];
  readonly lab: Values;
  readonly drugs: readonly (OrdinationPlan & { readonly hours: readonly number[] })[];
  readonly surgery?: ProcedurePlan;
  readonly course: {
    readonly breaths: Course;
    readonly saturation: Course;
    readonly oxygen?: Course;
    readonly systolic: Course;
    readonly pulse: Course;
    readonly temperature: Course;
  };
}

const STABLE = {
  breaths: [16, 15],
  saturation: [96, 97],
  systolic: [128, 124],
  pulse: [78, 72],
  temperature: [37.1, 36.8],
} as const satisfies Ward["course"];
type DoseRow = readonly [drug: DrugKey, units: number, times: number, reason: string, hours: readonly number[]];

function dose(...[drug, units, times, reason, hours]: DoseRow): Ward["drugs"][number] {
  return { drug, units, times, reason, category: "inpatient", hours };
}

const WARDS: Readonly<Record<string, Ward>> = {
  appendicitis: {
    unit: "kir",
    code: "K35.8",
    reason: "Akut appendicit",
    days: 1,
    emergency: true,
    lab: { crp: 88, lpk: 14.9, hb: 139, krea: 72, na: 139, k: 3.9 },
    course: { ...STABLE, temperature: [38.2, 37.1], pulse: [98, 76] },
    surgery: { name: "Laparoskopisk appendektomi", category: "surgical", minutes: 50 },
    drugs: [dose("paracetamol1g", 1, 4, "mot smärta", [8, 14, 20]), dose("dalteparin", 1, 1, "mot blodpropp", [20])],
    admit: {
      Inskrivningsorsak: "Akut appendicit.",
      Anamnes: "Ett dygns anamnes på buksmärta som vandrat till höger fossa. Illamående.",
      Status: "Öm i höger fossa med släppömhet.",
      Bedömning: "DT talar för appendicit utan perforation.",
      Planering: "Operation i kväll.",
    },
    daily: [
      {
        Aktuellt: "Opererad i går kväll, okomplicerat. Dricker och har ätit frukost. Smärta 3 av 10.",
        Status: "Buk mjuk, små sår torra.",
        Planering: "Hemgång i eftermiddag om fortsatt bra. Inga antibiotika.",
      },
    ],
  },
  gallstone: {
    unit: "kir",
    code: "K80.2",
    reason: "Gallstensanfall",
    days: 2,
    emergency: true,
    lab: { crp: 24, lpk: 9.8, alat: 1.9, alp: 2.4, bilirubin: 31, hb: 142, krea: 78 },
    course: STABLE,
    drugs: [dose("paracetamol1g", 1, 4, "mot smärta", [8, 14, 20]), dose("omeprazol", 1, 1, "mot magbesvär", [8])],
    admit: {
      Inskrivningsorsak: "Gallstensanfall med stigande leverprover.",
      Anamnes: "Anfall av smärta under höger revbensbåge efter middag. Ingen feber.",
      Status: "Öm under höger revbensbåge. Ingen peritonit. Ingen gulsot.",
      Bedömning: "Misstänkt gallgångssten.",
      Planering: "MR gallvägar i dag.",
    },
    daily: [
      {
        Aktuellt: "Smärtfri sedan i går. Äter fettfritt.",
        Provsvar: "Bilirubin sjunkande.",
        Planering: "Nya prover i morgon. Operation planeras inom två veckor.",
      },
      { Aktuellt: "Mår bra. MR gallvägar visar ingen sten i gallgången.", Planering: "Hemgång i dag eller i morgon." },
    ],
  },
  stroke: {
    unit: "ger",
    code: "I63.9",
    reason: "Hjärninfarkt",
    days: 5,
    emergency: true,
    lab: { hb: 136, crp: 6, krea: 79, ldl: 3.6, kolesterol: 5.6, hba1c: 41, glukos: 6.6 },
    course: { ...STABLE, systolic: [168, 146] },
    drugs: [dose("asa75", 1, 1, "mot blodpropp", [8]), dose("atorvastatin40", 1, 1, "mot höga blodfetter", [20])],
    admit: {
      Inskrivningsorsak: "Hjärninfarkt.",
      Anamnes: "Vaknade med svaghet i vänster arm och sluddrigt tal. Symtomen utanför tidsfönstret för trombolys.",
      Status: "Vänster arm sjunker, nedsatt grepp. Lätt dysartri. Ingen synpåverkan. NIHSS 4 poäng.",
      Bedömning: "Hjärninfarkt i höger hemisfär.",
      Planering: "Telemetri, ultraljud halskärl, sväljtest, fysioterapeut.",
    },
    daily: [
      { Aktuellt: "Sväljer utan problem. Kraften i vänster arm bättre.", Planering: "Fortsatt träning." },
      {
        Aktuellt: "Går med stöd av en person. Tränar vänster hand.",
        Planering: "Ultraljud halskärl utan förträngning.",
      },
      {
        Aktuellt: "Går med rollator. Telemetri utan förmaksflimmer.",
        Planering: "Planerad hemgång med hemrehabilitering.",
      },
    ],
  },
  depressionWard: {
    unit: "psy",
    code: "F32.2",
    reason: "Svår depression",
    days: 6,
    emergency: false,
    lab: { hb: 141, tsh: 1.8, k: 4.0, krea: 70, glukos: 5.2 },
    course: STABLE,
    drugs: [dose("mirtazapin", 2, 1, "mot depression", [21])],
    admit: {
      Inskrivningsorsak: "Svår depressiv episod med suicidtankar.",
      Anamnes:
        "Tilltagande nedstämdhet sedan två månader, sömn tre timmar per natt. Tankar på att ta sitt liv, ingen bestämd plan.",
      "Psykiskt status": "Sänkt, talar tyst, svarar med latens. Inga psykotiska symtom.",
      Bedömning: "Hög suicidrisk. Frivillig vård enligt HSL.",
      Planering: "Tillsyn enligt nivå 2. Mirtazapin.",
    },
    daily: [
      {
        Aktuellt: "Sovit fem timmar. Deltagit vid frukost.",
        Bedömning: "Oförändrad suicidrisk, samma tillsyn.",
        Planering: "Nytt samtal i morgon.",
      },
      {
        Aktuellt: "Lite lättare i kontakten. Haft besök av bror. Förnekar suicidplaner.",
        Planering: "Tillsyn minskas. Permission prövas till helgen.",
      },
    ],
  },
  sepsis: {
    unit: "iva",
    code: "A41.9",
    reason: "Sepsis med cirkulationssvikt",
    days: 2,
    emergency: true,
    lab: { crp: 312, lpk: 22.4, hb: 108, tpk: 96, krea: 188, na: 134, k: 4.6, laktat: 4.8, bilirubin: 34 },
    course: {
      breaths: [30, 22],
      saturation: [90, 95],
      oxygen: [10, 4],
      systolic: [84, 112],
      pulse: [128, 94],
      temperature: [39.4, 37.6],
    },
    drugs: [dose("cefotaxim", 2, 3, "mot sepsis", [6, 14, 22]), dose("dalteparin", 1, 1, "mot blodpropp", [20])],
    admit: {
      Inskrivningsorsak: "Septisk chock, sannolikt urosepsis.",
      Anamnes: "Hittad slö i hemmet. Feber sedan två dagar, sveda vid vattenkastning dessförinnan.",
      Status: "Slö men väckbar. Marmorerad hud på knän. Blodtryck 84/46 mmHg trots två liter vätska.",
      Bedömning: "Septisk chock med akut njurpåverkan.",
      Planering: "Noradrenalin, cefotaxim, timdiures. Artärnål och central venkateter.",
    },
    daily: [
      {
        Aktuellt: "Noradrenalin i sjunkande dos. Timdiures 60 ml. Vaken, orienterad.",
        Provsvar: "Laktat 1,9 mmol/L. Kreatinin sjunkande.",
        Planering: "Fortsatt antibiotika. Utskrivning till vårdavdelning i morgon om noradrenalin kan avslutas.",
      },
    ],
  },
  bronchiolitis: {
    unit: "barn",
    code: "J21.9",
    reason: "Bronkiolit",
    days: 1,
    emergency: true,
    lab: { crp: 8, lpk: 9.4, hb: 118 },
    course: {
      breaths: [24, 22],
      saturation: [90, 95],
      oxygen: [1, 0],
      systolic: [112, 112],
      pulse: [128, 110],
      temperature: [38.4, 37.4],
    },
    drugs: [],
    admit: {
      Inskrivningsorsak: "Andningsbesvär, nedsatt matintag.",
      Anamnes: "Förkyld i fyra dagar, snabb andning sedan i natt. Äter hälften av normalt. Syskon är förkylt.",
      Status: "Indragningar mellan revbenen. Krepitationer och ronki på båda sidor. Inte uttorkad.",
      Bedömning: "Bronkiolit, RS-virus påvisat.",
      Planering: "Syrgas, små täta mål, näsdroppar. Isolering.",
    },
    daily: [
      {
        Aktuellt: "Sovit bättre i natt, syrgas 0,5 liter. Äter tre fjärdedelar.",
        Planering: "Syrgasfri provas i eftermiddag. Hemgång tidigast i morgon.",
      },
    ],
  },
  febrile: {
    unit: "onk",
    code: "Z51.1",
    reason: "Cytostatikabehandling, illamående",
    days: 2,
    emergency: false,
    lab: { hb: 98, lpk: 3.1, neutro: 1.6, tpk: 121, crp: 22, k: 3.3, krea: 84 },
    course: STABLE,
    drugs: [
      dose("ondansetron", 1, 2, "mot illamående", [8, 20]),
      dose("paracetamol1g", 1, 3, "mot smärta", [8, 14, 20]),
    ],
    admit: {
      Inskrivningsorsak: "Illamående och vätskebrist efter cytostatika.",
      Anamnes: "Kräkts i två dygn efter senaste kuren. Ingen feber. Inget blod i kräkningen.",
      Status: "Torr i munnen. Buk mjuk. Infarten utan rodnad.",
      Bedömning: "Illamående efter cytostatika, lågt kalium.",
      Planering: "Vätska med kalium, justerat illamåendeskydd.",
    },
    daily: [
      {
        Aktuellt: "Inte kräkts sedan i går. Dricker små mängder.",
        Provsvar: "Kalium 3,6 mmol/L.",
        Planering: "Dietist. Hemgång om två dagar.",
      },
    ],
  },
  heartWard: {
    unit: "med",
    code: "I50.9",
    reason: "Hjärtsvikt, försämring",
    days: 2,
    emergency: true,
    lab: { bnp: 6240, krea: 118, na: 135, k: 4.2, hb: 124, crp: 9, tnt: 28 },
    course: {
      breaths: [26, 19],
      saturation: [89, 95],
      oxygen: [3, 1],
      systolic: [156, 128],
      pulse: [104, 82],
      temperature: [36.9, 36.8],
    },
    drugs: [
      dose("furosemidIv", 1, 2, "mot vätskeansamling", [8, 14]),
      dose("bisoprolol25", 1, 1, "mot hjärtsvikt", [8]),
      dose("dalteparin", 1, 1, "mot blodpropp", [20]),
    ],
    admit: {
      Inskrivningsorsak: "Försämrad hjärtsvikt.",
      Anamnes:
        "Tilltagande andfåddhet, viktuppgång 5 kg på tio dagar. Har glömt vätskedrivande tabletter. Ingen bröstsmärta.",
      Status: "Rassel basalt på båda sidor. Ödem till knäna. Halsvenstas.",
      Bedömning: "Akut försämring av kronisk hjärtsvikt.",
      Planering: "Furosemid intravenöst, daglig vikt, vätskekarens 1,5 liter.",
    },
    daily: [
      {
        Aktuellt: "Sover bättre, fortfarande andfådd vid toalettbesök. Vikt minus 1,8 kg.",
        Planering: "Fortsatt furosemid två gånger dagligen.",
      },
      {
        Aktuellt: "Minskad bensvullnad. Vikt minus 3,1 kg sedan inkomst.",
        Planering: "Övergång till tablett i morgon. Hjärtsviktssjuksköterska informerar.",
      },
    ],
  },
  pyelonephritis: {
    unit: "inf",
    code: "N10.9",
    reason: "Akut pyelonefrit",
    days: 1,
    emergency: true,
    lab: { crp: 196, lpk: 16.2, hb: 127, krea: 82, na: 135, k: 3.7, laktat: 1.4 },
    course: {
      breaths: [20, 16],
      saturation: [96, 97],
      systolic: [108, 122],
      pulse: [112, 82],
      temperature: [39.6, 37.6],
    },
    drugs: [
      dose("cefotaxim", 1, 3, "mot njurbäckeninflammation", [6, 14, 22]),
      dose("paracetamol500", 2, 4, "mot feber", [8, 20]),
    ],
    admit: {
      Inskrivningsorsak: "Akut pyelonefrit med frossa.",
      Anamnes: "Sveda vid vattenkastning fyra dagar, sedan i går hög feber och smärta i vänster flank.",
      Status: "Dunköm över vänster njure. Buk mjuk.",
      Bedömning: "Febril urinvägsinfektion.",
      Planering: "Cefotaxim, vätska, odlingssvar inväntas.",
    },
    daily: [
      {
        Aktuellt: "Feber 38,4 i natt, mår bättre på morgonen. Ingen frossa.",
        Planering: "Fortsatt intravenös behandling ett dygn. Peroral behandling efter odlingssvar.",
      },
    ],
  },
  kneeProsthesis: {
    unit: "ort",
    code: "M17.9",
    reason: "Planerad knäprotes",
    days: 1,
    emergency: false,
    lab: { hb: 112, crp: 64, krea: 76, na: 138, k: 4.0 },
    course: STABLE,
    surgery: { name: "Cementerad total knäprotes", category: "surgical", minutes: 90, side: "höger" },
    drugs: [
      dose("paracetamol1g", 1, 4, "mot smärta", [8, 14, 20]),
      dose("oxikodon5", 1, 2, "mot svår smärta", [7, 19]),
      dose("tinzaparin", 1, 1, "mot blodpropp", [20]),
    ],
    admit: {
      Inskrivningsorsak: "Planerad operation med knäprotes, höger sida.",
      Anamnes: "Artros i höger knä sedan flera år. Inga infektioner, inga sår. Slutade röka inför operationen.",
      Status: "Huden hel. Höger knä böjer 100 grader.",
      Bedömning: "Inga hinder för operation.",
      Planering: "Operation i dag. Mobilisering samma dag.",
    },
    daily: [
      {
        Aktuellt: "Opererad i går. Gått med gåbord tio meter. Smärta 4 av 10.",
        Status: "Förband torrt. Böjer 70 grader. Ingen vadsmärta.",
        Planering: "Trappträning, hemgång i morgon.",
      },
    ],
  },
};

/** `given.kind` names the illness, `given.bed` the bed. */
export function inpatientNow(chart: Chart, given: Given): void {
  const ward = WARDS[String(given["kind"])];
  if (!ward) return;
  const { now } = chart;
  const arrived = atTime(now - ward.days * DAY, ward.emergency ? 13 : 8, 10);
  const from = ward.emergency
    ? contact(chart, {
        unit: "akut",
        profession: "läkare",
        at: arrived - 4 * HOUR,
        kind: "akutbesök",
        reason: ward.reason,
        minutes: 230,
      })
    : undefined;
  const where = admission(chart, {
    unit: ward.unit,
    profession: "läkare",
    at: arrived,
    bed: bedOf(chart, ward.unit, given),
    reason: ward.reason,
    ...(from ? { from } : {}),
  });
  diagnose(where, ward.code);
  problem(where, ward.code, { onset: arrived - 2 * DAY });
  laboratory(later(from ?? where, arrived - (from ? 3.5 : -0.2) * HOUR), ward.lab, {
    title: "Inkomstprover",
    urgent: ward.emergency,
    hours: 1,
  });
  write(later(where, arrived + 30 * MINUTE), { kind: "inskrivning" }, ward.admit);
  if (ward.surgery) operate(where, ward.surgery, arrived);
  for (const { hours, ...plan } of ward.drugs) {
    const request = activeOrdination(chart, plan.drug) ?? ordain(later(where, arrived + 40 * MINUTE), plan);
    giveRegularly(where, {
      request,
      drug: plan.drug,
      units: plan.units,
      hours,
      from: arrived + HOUR,
      to: now,
      missed: [25, "Patienten var på undersökning"],
    });
  }
  const child = ageOf(chart, now) < 16;
  newsSeries(where, {
    from: arrived + HOUR,
    to: now - 15 * MINUTE,
    everyHours: ward.unit === "iva" ? 2 : child ? 4 : 6,
    ...ward.course,
  });
  daily(where, ward, arrived);
  morning(where);
}

/** What is to be drawn today, as the round of yesterday wanted it. */
function morning(where: Scene): void {
  const { chart } = where;
  const lab = chart.directory.unit("lab");
  const at = Math.min(atTime(chart.now, 6, 30), chart.now - 10 * MINUTE);
  const asked = later(where, at);
  orderOf(asked, { title: "Avdelningsprover", urgent: false, status: "active", to: lab, category: "lab" });
}

function operate(where: Scene, plan: ProcedurePlan, arrived: number): Procedure {
  const at = arrived + 5 * HOUR;
  const made = procedure(later(where, at), plan);
  write(
    later(where, at + 2 * HOUR),
    { kind: "åtgärd", title: "Operationsberättelse" },
    {
      Åtgärd: `${plan.name}${plan.side ? `, ${plan.side} sida` : ""}. Generell anestesi utan problem. Ingreppet genomförs utan komplikationer. Blödning under 100 ml.`,
      "Postoperativ ordination": "Smärtlindring enligt läkemedelslistan. Får äta och dricka fritt. Mobiliseras.",
    },
  );
  return made;
}

function daily(where: Scene, ward: Ward, arrived: number): void {
  const { chart } = where;
  ward.daily.forEach((sections, index) => {
    const at = atTime(arrived + (index + 1) * DAY, 9, 5 + index * 10);
    if (at > chart.now) return;
    const last = at > chart.now - 12 * HOUR;
    write(later(where, at), { kind: "slutenvård", title: "Daganteckning", unsigned: last }, sections);
    laboratory(
      later(where, atTime(at, 6, 15), colleague(where, "sjuksköterska")),
      followUp(chart, ward.lab, index + 1),
      { title: "Avdelningsprover", hours: 2, unread: last },
    );
  });
}

/** The same analyses a day later, nearer to normal. */
function followUp(chart: Chart, lab: Values, day: number): Values {
  const next: Values = {};
  if (lab.crp !== undefined) next.crp = Math.round(lab.crp * 0.65 ** day);
  if (lab.lpk !== undefined) next.lpk = Math.max(5, chart.dice.around(lab.lpk - day * 2, 0.5, 1));
  if (lab.krea !== undefined) next.krea = Math.round(lab.krea * 0.92 ** day);
  if (lab.hb !== undefined) next.hb = chart.dice.around(lab.hb - 3, 2);
  next.k = chart.dice.around(4, 0.2, 1);
  return next;
}
