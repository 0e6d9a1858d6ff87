/** Penicillin allergy told by the patient, and an anaphylaxis treated in the emergency department. SPEC DEMO-STORY */
import { allergy } from "../chart/alerts.ts";
import { ageOf, later, type Chart, type Scene } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { refer } from "../chart/referral.ts";
import { measure } from "../chart/vitals.ts";
import { DAY, HOUR } from "../time.ts";
import { daysAgo, pronoun } from "./visits.ts";

export function penicillinAllergy(chart: Chart): void {
  const at = daysAgo(chart, chart.dice.between(300, 1600));
  if (ageOf(chart, at) < 3) return;
  const where = contact(chart, {
    unit: chart.person.centre,
    profession: "sjuksköterska",
    at,
    kind: "telefonkontakt",
    reason: "Uppgift om överkänslighet",
    minutes: 10,
  });
  allergy(where, {
    substance: "Penicillin",
    atc: "J01C",
    category: "medication",
    criticality: "low",
    certain: false,
    reaction: chart.dice.pick(["Hudutslag", "Nässelutslag", "Klåda och utslag"]),
    severity: "mild",
    happened: Math.max(at - chart.dice.between(1000, 9000) * DAY, (chart.person.birth ?? at) + 400 * DAY),
  });
  write(
    where,
    { kind: "utan möte", title: "Överkänslighet" },
    {
      Anamnes:
        "Uppger utslag av penicillin som barn. Ingen andnöd, ingen svullnad. Har inte fått penicillin sedan dess.",
      Bedömning: "Misstänkt lindrig överkänslighet mot penicillin, inte utredd.",
      Planering: "Registreras som uppmärksamhetsinformation. Utredning kan bli aktuell.",
    },
  );
}

export function anaphylaxis(chart: Chart): void {
  const day = daysAgo(chart, chart.dice.between(200, 700));
  const at = day + 3 * HOUR;
  const { She } = pronoun(chart);
  const centre = contact(chart, { unit: chart.person.centre, profession: "läkare", at: day, reason: "Halsont" });
  diagnose(centre, "J03.9");
  ordain(centre, {
    drug: "penicillinV",
    units: 1,
    times: 3,
    days: 10,
    reason: "mot halsfluss",
    stopped: { at, why: "Anafylaktisk reaktion efter första dosen" },
  });
  const where = contact(chart, {
    unit: "akut",
    profession: "läkare",
    at,
    kind: "akutbesök",
    reason: "Allergisk reaktion",
    minutes: 480,
  });
  measure(where, { pressure: [82, 48], pulse: 132, breaths: 28, saturation: 90, oxygen: 5, temperature: 36.8 });
  emergencyTreatment(where);
  write(
    where,
    { kind: "besök", title: "Akutanteckning" },
    {
      Kontaktorsak: "Inkommer med ambulans, anafylaktisk reaktion.",
      Anamnes: `${She} tog en tablett fenoximetylpenicillin mot halsfluss. Inom tio minuter klåda, nässelutslag, svullna läppar och andnöd.`,
      Status:
        "Blek och kallsvettig. Blodtryck 82/48 mmHg, puls 132. Utbredd urtikaria. Ronki över båda lungorna. Ingen stridor.",
      Åtgärd: "Adrenalin 0,3 mg intramuskulärt i höger lår två gånger, syrgas, vätska, betametason och antihistamin.",
      Bedömning: "Anafylaxi av penicillin, svårighetsgrad 3.",
      Planering:
        "Observeras åtta timmar. Adrenalinpenna skrivs ut. Ska inte ha penicillin. Remiss till allergiutredning.",
    },
  );
  refer(where, {
    to: "ekSpec",
    title: "Allergiutredning penicillin",
    state: "bedömd",
    pace: 10,
    question: "Utredning av betalaktamallergi.",
    background: "Anafylaxi efter en tablett fenoximetylpenicillin. Behandlad med adrenalin två gånger.",
  });
}

/** Adrenaline, the diagnosis, the warning for ever, and a pen to carry. */
function emergencyTreatment(where: Scene): void {
  const { at } = where;
  const adrenaline = ordain(where, {
    drug: "adrenalinPenna",
    units: 1,
    times: 1,
    days: 1,
    reason: "mot anafylaxi",
    category: "inpatient",
  });
  adrenaline.status = "completed";
  ordain(where, {
    drug: "betametasonTab",
    units: 16,
    times: 1,
    days: 1,
    reason: "mot anafylaxi",
    category: "inpatient",
  });
  measure(later(where, at + HOUR), { pressure: [118, 70], pulse: 96, breaths: 18, saturation: 97 });
  diagnose(where, "T78.2");
  allergy(where, {
    substance: "Penicillin",
    atc: "J01C",
    category: "medication",
    criticality: "high",
    reaction: "Anafylaxi med blodtrycksfall och andnöd",
    severity: "severe",
    happened: at,
  });
  problem(where, "Z88.0", { onset: at });
  ordain(later(where, at + 6 * HOUR), {
    drug: "adrenalinPenna",
    units: 1,
    asNeeded: { maxPerDay: 2 },
    reason: "vid svår allergisk reaktion",
    refills: 1,
    category: "discharge",
  });
}
