/** Hip fracture: fall, surgery, ward, and rehabilitation in the municipality's home care. SPEC DEMO-STORY */
import type { Condition } from "fhir/r4";
import { book, procedure } from "../chart/action.ts";
import { carePlan, careTeam, warn } from "../chart/alerts.ts";
import { bedOf, isWoman, later, refTo, scene, type Chart, type Given, type Scene } from "../chart/chart.ts";
import { admission, contact, diagnose, problem } from "../chart/contact.ts";
import { imaging } from "../chart/imaging.ts";
import { laboratory, swedish } from "../chart/lab.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { giveRegularly, newsSeries } from "../chart/stay.ts";
import { find, measure, score } from "../chart/vitals.ts";
import { atTime, DAY, HOUR, type Wall } from "../time.ts";
import { daysAgo, daysAhead, pronoun } from "./visits.ts";

/** `given.bed`: lies in the ward now, operated on the day before yesterday; otherwise some time ago. */
export function hipFracture(chart: Chart, given: Given): void {
  const { dice } = chart;
  const inWard = given["bed"] !== undefined;
  const side = dice.pick(["höger", "vänster"] as const);
  const arrived = inWard ? atTime(chart.now - 3 * DAY, 14, 20) : atTime(daysAgo(chart, dice.between(60, 420)), 15, 40);
  const emergency = arrival(chart, arrived, side);
  const until = inWard ? undefined : atTime(arrived + 8 * DAY, 13);
  const ward = admission(chart, {
    unit: "ort",
    profession: "läkare",
    at: arrived + 4 * HOUR,
    ...(until === undefined ? {} : { until, to: "hemmet" }),
    bed: bedOf(chart, "ort", given),
    reason: `Höftfraktur ${side}`,
    from: emergency,
  });
  const condition = problem(ward, "S72.0", {
    onset: arrived,
    note: `${side.charAt(0).toUpperCase()}${side.slice(1)} sida.`,
  });
  admissionNote(chart, ward, side);
  const surgery = operation(ward, atTime(arrived + DAY, 10, 15), { side, condition });
  drugs(ward, surgery.at, until ?? chart.now);
  newsSeries(ward, {
    from: ward.at + HOUR,
    to: until === undefined ? chart.now : ward.at + 5 * DAY,
    everyHours: 8,
    breaths: [17, 16],
    saturation: [94, 96],
    oxygen: [1, 0],
    systolic: [138, 126],
    pulse: [88, 78],
    temperature: [36.9, 37.1],
    confusedUntil: 0.2,
  });
  laboratory(
    later(ward, atTime(surgery.at + DAY, 6, 30)),
    { hb: dice.between(96, 108), crp: dice.between(70, 130), na: 136, k: 3.8, krea: dice.around(74, 6) },
    { title: "Prover dag 1 efter operation", hours: 3, unread: inWard },
  );
  find(
    later(ward, ward.at + 2 * HOUR),
    "Trycksårsbedömning (Norton)",
    "17 poäng. Risk för trycksår, madrass och vändschema.",
  );
  score(later(ward, surgery.at + DAY), "Smärta (NRS 0–10)", 4);
  mobilisation(ward, surgery.at, until === undefined);
  if (until === undefined) return;
  discharge(chart, ward, until, side);
}

function admissionNote(chart: Chart, ward: Scene, side: string): void {
  write(
    ward,
    { kind: "inskrivning" },
    {
      Inskrivningsorsak: `Höftfraktur på ${side} sida efter fall i hemmet.`,
      Anamnes: `${pronoun(chart).She} snubblade på mattan och kunde inte resa sig. Låg inte länge. Slog inte i huvudet, inte medvetslös. Gick tidigare utan hjälpmedel inomhus.`,
      Socialt: "Bor ensam i lägenhet med hiss. Ingen hemtjänst.",
      Status: `${side.charAt(0).toUpperCase()}${side.slice(1)} ben förkortat och utåtroterat. Distalstatus utan anmärkning. Hjärta och lungor utan anmärkning.`,
      Bedömning: "Dislocerad cervikal femurfraktur. Opereras inom 24 timmar.",
      Planering: "Fastande från midnatt. Smärtlindring med blockad och paracetamol. Läkemedelsgenomgång.",
    },
  );
}

function drugs(ward: Scene, operated: number, until: number): void {
  const paracetamol = ordain(ward, {
    drug: "paracetamol1g",
    units: 1,
    times: 4,
    reason: "mot smärta",
    category: "inpatient",
  });
  giveRegularly(ward, {
    request: paracetamol,
    drug: "paracetamol1g",
    units: 1,
    hours: [8, 14, 20],
    from: ward.at,
    to: Math.min(until, ward.at + 4 * DAY),
  });
  const oxycodone = ordain(ward, {
    drug: "oxikodon5",
    units: 1,
    asNeeded: { maxPerDay: 4 },
    days: 7,
    reason: "mot svår smärta",
    category: "inpatient",
  });
  giveRegularly(ward, {
    request: oxycodone,
    drug: "oxikodon5",
    units: 1,
    hours: [7],
    from: operated,
    to: Math.min(until, operated + 3 * DAY),
  });
  const clot = ordain(later(ward, operated + 6 * HOUR), {
    drug: "tinzaparin",
    units: 1,
    at: ["kväll"],
    days: 28,
    reason: "mot blodpropp",
    category: "inpatient",
  });
  giveRegularly(ward, {
    request: clot,
    drug: "tinzaparin",
    units: 1,
    hours: [20],
    from: operated,
    to: Math.min(until, operated + 7 * DAY),
    missed: [9, "Patienten avböjde"],
  });
  ordain(ward, { drug: "kalciumD", units: 1, at: ["morgon", "kväll"], reason: "mot benskörhet", refills: 3 });
}

function mobilisation(ward: Scene, operated: number, inWard: boolean): void {
  const at = atTime(operated + DAY, 13, 30);
  if (at > ward.chart.now) return;
  const physio = later(
    { ...ward, unit: ward.chart.directory.unit("sjukgym") },
    at,
    ward.chart.directory.at("sjukgym", "fysioterapeut", ward.chart.dice),
  );
  write(
    physio,
    { kind: "åtgärd", title: "Fysioterapi", unsigned: inWard },
    {
      Status:
        "Sitter på sängkanten, reser sig med stöd av en person. Går fem meter med gåbord. Smärta 4 av 10 vid belastning.",
      Åtgärd: "Gångträning, muskelpump, information om full belastning.",
      Planering: "Daglig träning. Trappträning före hemgång.",
    },
  );
}

function discharge(chart: Chart, ward: Scene, until: number, side: string): void {
  diagnose(later(ward, until - HOUR), "S72.0");
  write(
    later(ward, until - HOUR),
    { kind: "slutanteckning" },
    {
      Sammanfattning: `Opererad med cementerad halvprotes i ${side} höft. Okomplicerat förlopp. Går med rollator, klarar förflyttning till toalett utan hjälp.`,
      Läkemedel:
        "Paracetamol 1 g fyra gånger dagligen, trappas ut. Tinzaparin i sammanlagt 28 dagar. Kalcium och vitamin D.",
      Planering:
        "Hemrehabilitering genom kommunen. Utredning av osteoporos på vårdcentralen. Inget rutinmässigt återbesök till ortopeden.",
    },
  );
  municipalRehab(chart, until + DAY, side);
  const visit = contact(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at: daysAgo(chart, Math.max(3, (chart.now - until) / DAY - 40)),
    reason: "Osteoporosutredning efter höftfraktur",
  });
  if (visit.at < until) return;
  problem(visit, "M81.9", { onset: visit.at });
  diagnose(visit, "M81.9");
  laboratory(
    visit,
    {
      hb: chart.dice.around(isWoman(chart) ? 124 : 132, 5),
      ca: chart.dice.around(2.34, 0.05, 2),
      albumin: 37,
      tsh: chart.dice.around(1.7, 0.4, 2),
      krea: chart.dice.around(74, 7),
      egfr: chart.dice.between(58, 74),
      alp: chart.dice.around(1.4, 0.2, 2),
    },
    { title: "Osteoporosutredning" },
  );
  ordain(visit, { drug: "alendronat", units: 1, times: 1, every: [1, "wk"], reason: "mot benskörhet", refills: 3 });
  write(
    visit,
    { kind: "besök" },
    {
      Kontaktorsak: "Uppföljning efter höftfraktur.",
      Anamnes: "Går inomhus utan hjälpmedel, rollator ute. Har inte ramlat igen. Ingen smärta i vila.",
      Bedömning: "Osteoporos med lågenergifraktur.",
      Åtgärd: "Alendronsyra 70 mg en gång i veckan, information om hur tabletten tas. Fallförebyggande råd.",
      Planering: "Bentäthetsmätning om två år.",
    },
  );
}

function municipalRehab(chart: Chart, from: number, side: string): void {
  const start = scene(chart, "komrehab", "fysioterapeut", from);
  carePlan(start, {
    title: "Rehabiliteringsplan efter höftfraktur",
    kind: "Rehabiliteringsplan",
    text: "Mål: gå utomhus 200 meter med rollator och klara trappan till entrén inom åtta veckor.",
    until: from + 70 * DAY,
    done: from + 70 * DAY < chart.now,
    activities: [
      ["Hembesök av fysioterapeut två gånger i veckan", "completed"],
      ["Bostadsanpassning: stödhandtag i badrum", "completed"],
      ["Gångträning utomhus", from + 60 * DAY < chart.now ? "completed" : "in-progress"],
    ],
  });
  careTeam(start, "Hemteam", [
    [start.by, "Fysioterapeut"],
    [chart.directory.at("komrehab", "arbetsterapeut", chart.dice), "Arbetsterapeut"],
    [chart.directory.at("hemsjv", "sjuksköterska", chart.dice), "Omvårdnadsansvarig sjuksköterska"],
  ]);
  warn(start, { kind: "Uppmärksamma", text: "Fallrisk" });
  for (let visit = 0; visit < 5; visit++) {
    const at = from + (2 + visit * 9) * DAY;
    if (at > chart.now - DAY) break;
    const where = contact(chart, {
      unit: "komrehab",
      profession: visit === 1 ? "arbetsterapeut" : "fysioterapeut",
      at: daysAgo(chart, (chart.now - at) / DAY),
      kind: "hembesök",
      reason: "Hemrehabilitering",
      minutes: 45,
    });
    const seconds = Math.max(14, 34 - visit * 4 + chart.dice.between(-1, 2));
    score(where, "TUG (Timed Up and Go), sekunder", seconds, "exam");
    write(
      where,
      { kind: "åtgärd", title: "Hemrehabilitering" },
      {
        Status: `Går ${visit < 2 ? "med rollator inomhus" : "inomhus utan hjälpmedel"}. TUG ${swedish(seconds)} sekunder. Ingen smärta i vila i ${side} höft.`,
        Åtgärd:
          visit === 1
            ? "Hembesök av arbetsterapeut. Förhöjd toalettsits och stödhandtag provas ut. Lösa mattor tas bort."
            : "Styrketräning för höft och ben, balansträning vid diskbänk.",
        Planering: "Nytt hembesök om en till två veckor.",
      },
    );
  }
  if (from + 50 * DAY > chart.now)
    book(chart, {
      unit: "komrehab",
      profession: "fysioterapeut",
      at: daysAhead(chart, chart.dice.between(2, 8)),
      kind: "hembesök",
      reason: "Hemrehabilitering",
      minutes: 45,
    });
}

/** The emergency department: examined, X-rayed, and a fracture found. */
function arrival(chart: Chart, arrived: Wall, side: string): Scene {
  const { dice } = chart;
  const emergency = contact(chart, {
    unit: "akut",
    profession: "läkare",
    at: arrived,
    kind: "akutbesök",
    reason: "Fall i hemmet, smärta i höften",
    minutes: 200,
  });
  measure(emergency, { pressure: [142, 78], pulse: 88, saturation: 95, temperature: 36.6, pain: 8 });
  imaging(emergency, {
    title: "Slätröntgen höft och bäcken",
    question: `Fraktur? Smärta i ${side} höft efter fall.`,
    urgent: true,
    hours: 1.5,
    report: `Dislocerad cervikal femurfraktur på ${side} sida. Ingen fraktur i bäckenet. Lindrig artros i båda höftlederna.`,
  });
  laboratory(
    emergency,
    {
      hb: dice.around(122, 6),
      lpk: dice.around(9.4, 0.8, 1),
      crp: dice.between(4, 14),
      na: 138,
      k: 4.0,
      krea: dice.around(76, 8),
      inr: 1.1,
    },
    { title: "Akuta prover", urgent: true, hours: 1 },
  );
  diagnose(emergency, "S72.0");
  return emergency;
}

function operation(ward: Scene, at: Wall, about: { side: "höger" | "vänster"; condition: Condition }): Scene {
  const { side, condition } = about;
  const surgery = later(ward, at);
  procedure(surgery, {
    name: "Cementerad halvprotes i höftled",
    side,
    category: "surgical",
    minutes: 75,
    reason: refTo(condition),
  });
  write(
    later(surgery, surgery.at + 2 * HOUR),
    { kind: "åtgärd", title: "Operationsberättelse" },
    {
      Diagnos: `Cervikal femurfraktur, ${side} sida.`,
      Åtgärd: "Cementerad halvprotes i spinalanestesi. Bakre snitt. God passform och stabil led. Blödning 250 ml.",
      "Postoperativ ordination": "Full belastning. Tinzaparin 4 500 E dagligen i 28 dagar. Inga rörelserestriktioner.",
    },
  );
  return surgery;
}
