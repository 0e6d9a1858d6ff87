/** The emergency department this morning: who sits there now, and somebody whose name nobody knows. SPEC DEMO-NOW */
import { warn } from "../chart/alerts.ts";
import { bedOf, colleague, later, type Chart, type Given, type Scene } from "../chart/chart.ts";
import { contact, diagnose } from "../chart/contact.ts";
import { imaging } from "../chart/imaging.ts";
import { laboratory, type Values } from "../chart/lab.ts";
import { ordain, type OrdinationPlan } from "../chart/medication.ts";
import { write, type Sections } from "../chart/note.ts";
import { measureNews, type Measured } from "../chart/vitals.ts";
import type { IcdCode } from "../codes/icd.ts";
import { MINUTE } from "../time.ts";

type News = Parameters<typeof measureNews>[1];

interface Arrival {
  readonly reason: string;
  readonly triage: "Röd" | "Orange" | "Gul" | "Grön";
  readonly minutesAgo: number;
  readonly values: News;
  readonly lab?: Values;
  readonly image?: readonly [title: string, question: string, preliminary?: string];
  readonly drug?: OrdinationPlan;
  readonly code?: IcdCode;
  readonly note?: Sections;
}

const CALM: News = {
  breaths: 16,
  saturation: 97,
  oxygen: 0,
  pressure: [132, 78],
  pulse: 82,
  temperature: 37,
  consciousness: "A",
};

/** By the number in `given.case`. */
const ARRIVALS: readonly Arrival[] = [
  {
    reason: "Buksmärta",
    triage: "Gul",
    minutesAgo: 150,
    values: { ...CALM, pulse: 94, temperature: 37.9 },
    lab: { hb: 138, lpk: 13.8, crp: 34, krea: 70, na: 139, k: 4.0, alat: 0.4, bilirubin: 9 },
    image: ["DT buk", "Appendicit?"],
    drug: { drug: "paracetamol1g", units: 1, times: 4, days: 1, reason: "mot smärta", category: "inpatient" },
    note: {
      Kontaktorsak: "Smärta i nedre högra delen av buken sedan i går kväll.",
      Anamnes: "Började kring naveln och har vandrat till höger fossa. Illamående, har inte kräkts. Inte gravid.",
      Status: "Öm i höger fossa med släppömhet. Inget motstånd i övrigt.",
      Bedömning: "Misstänkt appendicit.",
      Planering: "Fastande. DT buk, kirurgkonsult.",
    },
  },
  {
    reason: "Fall på trottoar, huvudskada",
    triage: "Gul",
    minutesAgo: 95,
    values: { ...CALM, pressure: [156, 84] },
    image: ["DT hjärna", "Blödning? Äter antikoagulantia."],
    note: {
      Kontaktorsak: "Snubblade och slog i bakhuvudet.",
      Anamnes: "Inte medvetslös, minns allt. Huvudvärk, inget illamående. Behandlas med blodförtunnande.",
      Status: "Sårskada 3 cm i nacken. Neurologiskt status utan anmärkning.",
      Bedömning: "Huvudskada med antikoagulantia.",
      Planering: "DT hjärna, observation.",
    },
  },
  {
    reason: "Andnöd, känd KOL",
    triage: "Orange",
    minutesAgo: 70,
    values: {
      breaths: 27,
      saturation: 88,
      oxygen: 2,
      pressure: [148, 82],
      pulse: 108,
      temperature: 37.6,
      consciousness: "A",
    },
    lab: { crp: 42, lpk: 12.1, hb: 151, krea: 84, k: 3.8 },
    drug: { drug: "prednisolon", units: 6, times: 1, days: 1, reason: "mot försämrad KOL", category: "inpatient" },
  },
  { reason: "Sårskada hand", triage: "Grön", minutesAgo: 55, values: CALM },
  {
    reason: "Feber och flanksmärta",
    triage: "Gul",
    minutesAgo: 120,
    values: { ...CALM, pulse: 106, temperature: 39.1, pressure: [114, 66] },
    lab: { crp: 168, lpk: 15.2, hb: 129, krea: 78, na: 136, laktat: 1.5 },
    code: "N10.9",
    drug: {
      drug: "cefotaxim",
      units: 1,
      times: 3,
      days: 1,
      reason: "mot njurbäckeninflammation",
      category: "inpatient",
    },
    note: {
      Kontaktorsak: "Feber, frossa och smärta i höger flank.",
      Anamnes: "Sveda vid vattenkastning i tre dagar. Frossa i natt. Kräkts en gång.",
      Status: "Dunköm över höger njure. Buk mjuk.",
      Bedömning: "Akut pyelonefrit.",
      Planering: "Antibiotika intravenöst efter odlingar. Ställningstagande till inläggning.",
    },
  },
  { reason: "Hjärtklappning", triage: "Orange", minutesAgo: 40, values: { ...CALM, pulse: 138, pressure: [122, 80] } },
  { reason: "Ryggsmärta", triage: "Grön", minutesAgo: 25, values: { ...CALM, pulse: 78 } },
  {
    reason: "Fall från stege, ont i foten",
    triage: "Gul",
    minutesAgo: 110,
    values: { ...CALM, pulse: 88 },
    image: [
      "Slätröntgen vänster fot",
      "Fraktur?",
      "Preliminärt svar: ingen fraktur i vänster fot. Slutgranskas av specialist.",
    ],
    note: {
      Kontaktorsak: "Föll en meter från en stege, ont i vänster fot.",
      Anamnes: "Landade på vänster häl. Kan inte stödja. Slog inte i huvudet. Ingen ryggsmärta.",
      Status: "Svullnad och ömhet över vänster hälben. Normal cirkulation och känsel.",
      Bedömning: "Misstänkt fraktur i vänster fot.",
      Planering: "Röntgen. Smärtlindring och avlastning till dess.",
    },
  },
];

/** Someone in the emergency department now. */
export function emergencyNow(chart: Chart, given: Given): void {
  const arrival = ARRIVALS[Number(given["case"] ?? 0) % ARRIVALS.length]!;
  const where = arrive(chart, given, arrival);
  measureNews(
    later(where, where.at + 8 * MINUTE, chart.directory.at("akut", "sjuksköterska", chart.dice)),
    arrival.values,
  );
  const work = later(where, where.at + 15 * MINUTE);
  if (arrival.lab) laboratory(work, arrival.lab, { title: "Akuta prover", urgent: true, hours: 1, unread: true });
  if (arrival.image)
    imaging(work, {
      title: arrival.image[0],
      question: arrival.image[1],
      urgent: true,
      hours: 1,
      ...(arrival.image[2] ? { report: arrival.image[2], status: "preliminary" as const, unread: true } : {}),
    });
  if (arrival.drug) ordain(work, arrival.drug);
  if (arrival.code) diagnose(work, arrival.code);
  if (arrival.note)
    write(
      later(where, where.at + 25 * MINUTE),
      { kind: "inskrivning", title: "Akutanteckning", unsigned: true },
      arrival.note,
    );
}

function arrive(chart: Chart, given: Given, arrival: Pick<Arrival, "reason" | "triage" | "minutesAgo">): Scene {
  const where = contact(chart, {
    unit: "akut",
    profession: "läkare",
    at: chart.now - arrival.minutesAgo * MINUTE,
    kind: "akutbesök",
    reason: arrival.reason,
    minutes: 24 * 60,
  });
  const bed = bedOf(chart, "akut", given);
  const { encounter } = where;
  if (encounter && bed) encounter.location = [{ location: bed.ref, status: "active" }];
  if (encounter) encounter.priority = { text: arrival.triage };
  return where;
}

/** Found unconscious, no papers: a reserve number, blood and imaging ordered at once. */
export function unknownPatient(chart: Chart, given: Given): void {
  const where = arrive(chart, given, { reason: "Medvetslös, hittad utomhus", triage: "Röd", minutesAgo: 48 });
  const values: Measured & News = {
    breaths: 10,
    saturation: 91,
    oxygen: 8,
    pressure: [98, 54],
    pulse: 54,
    temperature: 33.4,
    consciousness: "P",
  };
  measureNews(later(where, where.at + 2 * MINUTE, colleague(where, "sjuksköterska")), values);
  warn(where, {
    kind: "Uppmärksamma",
    text: "Oidentifierad patient, uppgifter om läkemedel och överkänslighet saknas",
  });
  laboratory(
    later(where, where.at + 4 * MINUTE),
    { hb: 126, k: 3.3, na: 141, krea: 96, glukos: 3.1, laktat: 3.9, tnt: 16 },
    { title: "Traumaprover", urgent: true, hours: 0.6, unread: true, critical: ["glukos", "laktat"] },
  );
  imaging(later(where, where.at + 5 * MINUTE), {
    title: "DT hjärna och halsrygg",
    question: "Blödning? Fraktur?",
    urgent: true,
    hours: 2,
  });
  write(
    later(where, where.at + 20 * MINUTE),
    { kind: "inskrivning", title: "Akutanteckning", unsigned: true },
    {
      Kontaktorsak: "Hittad medvetslös utomhus av förbipasserande.",
      Anamnes: "Identitet okänd, inga handlingar. Uppskattad ålder 40 till 60 år. Ingen anamnes går att få.",
      Status:
        "Reagerar på smärta. Pupiller lika stora, reagerar för ljus. Nedkyld, 33,4 grader. Inga yttre skador på huvudet.",
      Bedömning: "Medvetslöshet av oklar orsak, nedkylning och lågt blodsocker.",
      Åtgärd: "Glukos intravenöst, uppvärmning, fri luftväg. Reservnummer tilldelat.",
      Planering: "DT hjärna. Kontakt med polis för identifiering. Intensivvårdsläkare tillkallad.",
    },
  );
}
