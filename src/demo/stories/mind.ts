/** Depression in primary care, and a young man in psychiatry who does not come to his visits. SPEC DEMO-STORY */
import type { MedicationRequest, Reference } from "fhir/r4";
import { book } from "../chart/action.ts";
import { warn } from "../chart/alerts.ts";
import { ageOf, isWoman, later, refTo, type Chart, type Scene } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { laboratory } from "../chart/lab.ts";
import { ordain, stop } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { refer } from "../chart/referral.ts";
import { score } from "../chart/vitals.ts";
import { DAY } from "../time.ts";
import { daysAgo, daysAhead, pronoun } from "./visits.ts";

interface Episode {
  readonly chart: Chart;
  readonly first: Scene;
  /** Days since the first visit. */
  readonly since: number;
  readonly madrs: number;
  /** Well again long ago. */
  readonly over: boolean;
}

export function depression(chart: Chart): void {
  const { dice, person } = chart;
  const since = dice.between(120, 900);
  const at = daysAgo(chart, since);
  if (ageOf(chart, at) < 18) return;
  const first = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at,
    reason: "Nedstämdhet och sömnsvårigheter",
    minutes: 45,
  });
  const episode = { chart, first, since, madrs: dice.between(22, 31), over: since > 500 && dice.chance(0.6) };
  const drug = beginning(episode);
  firstCall(episode);
  review(episode, drug);
  for (let session = 1; session <= 4; session++) therapy(episode, session);
}

function beginning({ chart, first, madrs, over }: Episode): MedicationRequest {
  const { dice } = chart;
  const { at } = first;
  score(first, "MADRS-S", madrs, "survey");
  score(first, "AUDIT", dice.between(1, 6), "survey");
  laboratory(
    first,
    {
      hb: dice.around(isWoman(chart) ? 133 : 147, 5),
      tsh: dice.around(1.8, 0.5, 2),
      glukos: dice.around(5.4, 0.4, 1),
      b12: dice.around(380, 70),
    },
    { title: "Utredning trötthet" },
  );
  diagnose(first, "F32.1");
  problem(first, "F32.1", { onset: at - 60 * DAY, ...(over ? { resolved: at + 300 * DAY } : {}) });
  const drug = ordain(first, {
    drug: "sertralin50",
    units: 1,
    at: ["morgon"],
    reason: "mot depression",
    refills: 2,
    ...(over ? { stopped: { at: at + 280 * DAY, why: "Tillfrisknad, behandlingen avslutad efter nedtrappning" } } : {}),
  });
  ordain(first, {
    drug: "zopiklon",
    units: 1,
    at: ["natt"],
    asNeeded: { maxPerDay: 1 },
    days: 14,
    reason: "mot sömnsvårigheter",
  });
  write(
    first,
    { kind: "besök" },
    {
      Kontaktorsak: "Nedstämdhet, trötthet och sömnsvårigheter sedan ett par månader.",
      Anamnes: `${pronoun(chart).She} känner ingen glädje, orkar inte träffa vänner och vaknar klockan fyra. Nedsatt aptit. Inga tidigare episoder. ${dice.pick(["Hög belastning i vardagen.", "Separation i våras.", "Nära anhörig avled förra året."])}`,
      "Psykiskt status":
        "Formell och emotionell kontakt god. Sänkt grundstämning. Inga psykotiska symtom. Förnekar självmordstankar och självmordsplaner.",
      Skattning: `MADRS-S ${madrs} poäng.`,
      Bedömning: "Medelsvår depressiv episod. Låg suicidrisk på kort sikt.",
      Åtgärd: "Sertralin 50 mg, zopiklon vid behov i två veckor. Kontakt med psykolog.",
      Planering: "Telefonkontakt om två veckor, återbesök om sex veckor.",
    },
  );
  return drug;
}

function firstCall({ chart, first, since }: Episode): void {
  const call = contact(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at: daysAgo(chart, since - 14),
    kind: "telefonkontakt",
    reason: "Uppföljning av läkemedelsbehandling",
    minutes: 15,
    by: first.by,
  });
  write(
    call,
    { kind: "utan möte" },
    {
      Anamnes: "Lite illamående första veckan som nu gått över. Sover något bättre. Inga självmordstankar.",
      Planering: "Fortsätter med sertralin 50 mg. Återbesök enligt plan.",
    },
  );
}

function review({ chart, first, since, madrs, over }: Episode, drug: MedicationRequest): void {
  const visit = contact(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at: daysAgo(chart, since - 45),
    reason: "Uppföljning depression",
    by: first.by,
  });
  const now = Math.max(6, madrs - chart.dice.between(6, 13));
  const better = now <= 16;
  score(visit, "MADRS-S", now, "survey");
  diagnose(visit, "F32.1");
  if (!better && !over) {
    stop(drug, visit, "Otillräcklig effekt, dosen höjs");
    ordain(visit, {
      drug: "sertralin100",
      units: 1,
      at: ["morgon"],
      reason: "mot depression",
      refills: 2,
      replaces: drug,
    });
  }
  write(
    visit,
    { kind: "besök" },
    {
      Anamnes: better
        ? "Tydligt bättre, har börjat träffa vänner igen."
        : "Något bättre men fortfarande nedstämd och trött.",
      "Psykiskt status": "Lättare grundstämning. Inga självmordstankar.",
      Skattning: `MADRS-S ${now} poäng, tidigare ${madrs}.`,
      Bedömning: better ? "Depression i förbättring." : "Depression med otillräcklig effekt av behandlingen.",
      Åtgärd: !better && !over ? "Sertralin höjs till 100 mg." : "Oförändrad dos.",
      Planering: "Återbesök om två månader.",
    },
  );
}

const SESSIONS = [
  "Beteendeaktivering med veckoschema.",
  "Arbete med negativa automatiska tankar.",
  "Sömnråd och fasta tider.",
  "Genomgång av hemuppgift.",
];

function therapy({ chart, since }: Episode, session: number): void {
  const talk = contact(chart, {
    unit: "vcNorr",
    profession: "psykolog",
    at: daysAgo(chart, Math.max(2, since - 30 - session * 14)),
    reason: "Psykologsamtal",
    minutes: 45,
  });
  write(
    talk,
    { kind: "åtgärd", title: "Psykologsamtal" },
    {
      Åtgärd: `Samtal ${session} av 8 enligt kognitiv beteendeterapi. ${chart.dice.pick(SESSIONS)}`,
      Planering: "Nytt samtal om två veckor.",
    },
  );
}

/** Referred from primary care after a suicidal crisis; two no-shows, and the follow-up that must not be lost. */
export function psychiatricNoShow(chart: Chart): void {
  const visit = crisis(chart);
  const referral = refer(visit, {
    to: "psy",
    title: "Bedömning av svår depression",
    state: "bedömd",
    pace: 3,
    urgent: true,
    question: "Tacksam för bedömning och övertagande.",
    background:
      "Man i tjugoårsåldern med svår depressiv episod och suicidtankar. Escitalopram insatt i dag. MADRS-S 34 poäng.",
  });
  refer(later(visit, daysAgo(chart, 8), chart.directory.at("psy", "läkare", chart.dice)), {
    to: "psy",
    title: "Hembesök av mobila teamet",
    state: "mottagen",
    pace: 1,
    question: "Hembesök för bedömning efter två uteblivna besök.",
    background: "Svår depressiv episod med suicidtankar. Har inte kommit till två besök.",
    cancelled: "Makulerad av mottagaren: patienten har uteblivit två gånger",
  });
  const basedOn = refTo(referral.request);
  missed(chart, basedOn, [32, "det första"]);
  missed(chart, basedOn, [9, "det andra"]);
  const reached = contact(chart, {
    unit: "psy",
    profession: "sjuksköterska",
    at: daysAgo(chart, 7),
    kind: "telefonkontakt",
    reason: "Nådd per telefon",
    minutes: 20,
  });
  write(
    later(reached, reached.at),
    { kind: "utan möte" },
    {
      Anamnes:
        "Nås på telefon. Har inte orkat ta sig till mottagningen. Inga aktuella självmordsplaner. Tar medicinen de flesta dagar.",
      Planering: "Hembesök av mobila teamet erbjuds och accepteras.",
    },
  );
  book(chart, {
    unit: "psy",
    profession: "läkare",
    at: daysAhead(chart, 2),
    minutes: 60,
    reason: "Nybesök psykiatri, tredje kallelsen",
    kind: "hembesök",
    basedOn,
  });
}

/** A visit nobody came to, and the call that follows it up. */
function missed(chart: Chart, basedOn: Reference, [days, count]: readonly [number, string]): void {
  const at = daysAgo(chart, days);
  book(chart, {
    unit: "psy",
    profession: "läkare",
    at,
    minutes: 60,
    reason: "Nybesök psykiatri",
    status: "noshow",
    basedOn,
  });
  const note = contact(chart, {
    unit: "psy",
    profession: "sjuksköterska",
    at: at + 2 * 3_600_000,
    kind: "telefonkontakt",
    reason: "Uteblivet besök",
    minutes: 10,
  });
  write(
    note,
    { kind: "utan möte", title: "Uteblivet besök" },
    {
      Anamnes: `Patienten uteblev från ${count} bokade besöket. Ringt två gånger utan svar. Inget meddelande lämnat.`,
      Bedömning: "Känd suicidrisk. Uteblivet besök ska inte avslutas.",
      Planering: "Nytt besök bokas. Kontakt tas med inremitterande läkare och med närstående.",
    },
  );
}

/** The visit in primary care that led to the referral. */
function crisis(chart: Chart): Scene {
  const visit = contact(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at: daysAgo(chart, 64),
    reason: "Ångest och nedstämdhet",
    minutes: 45,
  });
  score(visit, "MADRS-S", 34, "survey");
  diagnose(visit, "F32.2");
  problem(visit, "F32.2", { onset: visit.at - 90 * DAY, severity: "svår" });
  ordain(visit, {
    drug: "escitalopram",
    units: 1,
    at: ["morgon"],
    reason: "mot depression",
    refills: 0,
    note: "Liten förpackning på grund av suicidrisk.",
  });
  warn(visit, { kind: "Uppmärksamma", text: "Tidigare suicidtankar, kontakta patienten vid uteblivet besök" });
  write(
    visit,
    { kind: "besök" },
    {
      Kontaktorsak: "Söker tillsammans med sin syster på grund av svår nedstämdhet.",
      Anamnes:
        "Har slutat gå till arbetet, sover inte, äter dåligt. Har haft tankar på att inte vilja leva, inga aktuella planer. Inget missbruk av alkohol eller droger.",
      "Psykiskt status":
        "Sänkt, svarar med latens. Inga psykotiska symtom. Kan ta ansvar för överenskommelse till i morgon.",
      Bedömning: "Svår depressiv episod. Förhöjd suicidrisk, inte omedelbar.",
      Åtgärd:
        "Escitalopram 10 mg. Remiss till psykiatriska kliniken med förtur. Systern är informerad med patientens samtycke.",
      Planering: "Telefonkontakt i morgon.",
    },
  );
  return visit;
}
