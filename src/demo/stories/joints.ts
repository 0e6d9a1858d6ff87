/** Knees, backs and small fractures, with radiology that says fracture and that says no fracture. SPEC DEMO-STORY */
import { book } from "../chart/action.ts";
import { ageOf, later, type Chart } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { imaging } from "../chart/imaging.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { refer } from "../chart/referral.ts";
import { score } from "../chart/vitals.ts";
import { DAY } from "../time.ts";
import { daysAgo, daysAhead } from "./visits.ts";

type Side = "höger" | "vänster";
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function kneePain(chart: Chart): void {
  const { dice, person } = chart;
  const side = dice.pick<Side>(["höger", "vänster"]);
  const since = dice.between(120, 900);
  const where = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAgo(chart, since),
    reason: "Knäsmärta",
  });
  imaging(where, {
    title: `Slätröntgen ${side} knä`,
    question: "Artros?",
    hours: 72,
    report: `${capital(side)} knä: sänkt ledspringa medialt och små benpålagringar, förenligt med måttlig artros. Ingen fraktur. Ingen ledvätska.`,
  });
  diagnose(where, "M17.9");
  problem(where, "M17.9", { onset: where.at - 700 * DAY, note: `${capital(side)} knä.` });
  ordain(where, { drug: "paracetamol500", units: 2, asNeeded: { maxPerDay: 8 }, reason: "mot knäsmärta", refills: 2 });
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: `Smärta i ${side} knä sedan ett år.`,
      Anamnes: "Ont vid start och i trappor. Ingen låsning, inget trauma. Vaknar inte av smärta.",
      Status: `${capital(side)} knä: lätt svullet, öm över mediala ledspringan. Böjer 120 grader, sträcker fullt. Stabilt.`,
      Bedömning: "Knäartros.",
      Åtgärd: "Information om artros. Paracetamol vid behov.",
      Planering: "Artrosskola hos fysioterapeut. Röntgen.",
    },
  );
  refer(where, {
    to: "rehab",
    title: "Artrosskola",
    state: "svar mottaget",
    pace: 9,
    question: "Artrosskola och individuellt träningsprogram.",
    background: `Artros i ${side} knä. Tar paracetamol vid behov.`,
    answer:
      "Har deltagit i artrosskola och fått individuellt program. Förbättrad funktion, går obehindrat två kilometer.",
  });
  const visits = dice.between(2, 4);
  for (let visit = 0; visit < visits; visit++) {
    const physio = contact(chart, {
      unit: "rehab",
      profession: "fysioterapeut",
      at: daysAgo(chart, Math.max(3, since - 25 - visit * 14)),
      reason: "Knäartros",
      minutes: 45,
    });
    score(physio, "Smärta (NRS 0–10)", Math.max(2, 6 - visit), "survey");
    write(
      physio,
      { kind: "åtgärd", title: "Fysioterapi" },
      {
        Status: `Reser sig från stol ${9 + visit} gånger på 30 sekunder. Smärta ${Math.max(2, 6 - visit)} av 10 vid gång.`,
        Åtgärd:
          visit === 0
            ? "Startprogram med funktionella övningar, sju övningar, två gånger i veckan."
            : "Ökad belastning i övningarna. Cykel 15 minuter.",
        Planering: visit < 2 ? "Fortsatt träning i grupp." : "Tränar på egen hand. Åter vid behov.",
      },
    );
  }
}

export function backPain(chart: Chart): void {
  const { dice, person } = chart;
  const since = dice.between(4, 700);
  const where = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAgo(chart, since),
    reason: "Ryggsmärta",
  });
  if (ageOf(chart, where.at) < 16) return;
  diagnose(where, "M54.5");
  ordain(where, { drug: "naproxen", units: 1, times: 2, days: 10, reason: "mot ryggsmärta" });
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Akut ryggont sedan tre dagar.",
      Anamnes:
        "Kom efter lyft. Ingen utstrålning nedanför knät. Inga problem med blåsa eller tarm. Ingen feber, ingen viktnedgång.",
      Status:
        "Rör sig stelt. Öm paravertebralt i ländryggen, mest på vänster sida. Lasègue negativ på båda sidor. Normal kraft och känsel.",
      Bedömning: "Akut lumbago utan alarmsymtom. Ingen indikation för röntgen.",
      Åtgärd: "Råd om att vara i rörelse. Naproxen i tio dagar.",
      Planering: "Fysioterapeut om det inte är bättre på två veckor.",
    },
  );
  if (!dice.chance(0.5)) return;
  const physio = contact(chart, {
    unit: "rehab",
    profession: "fysioterapeut",
    at: daysAgo(chart, Math.max(2, since - 16)),
    reason: "Ryggsmärta",
    minutes: 45,
  });
  write(
    physio,
    { kind: "besök", title: "Fysioterapi" },
    {
      Anamnes: "Mindre ont men stel på morgnarna. Arbetar halvtid.",
      Status: "God rörlighet framåt, inskränkt bakåtböjning. Inga neurologiska bortfall.",
      Åtgärd: "Rörlighets- och styrkeprogram för hemmabruk.",
      Planering: "Ny kontakt om tre veckor.",
    },
  );
}

/** A wrist that is broken, or an ankle that is not. */
export function fracture(chart: Chart): void {
  if (ageOf(chart, chart.now) >= 45) wrist(chart);
  else ankle(chart);
}

/** December to March. */
function isIcy(at: number): boolean {
  const month = new Date(at).getUTCMonth();
  return month === 11 || month <= 2;
}

function wrist(chart: Chart): void {
  const { dice } = chart;
  const side = dice.pick<Side>(["höger", "vänster"]);
  const since = dice.between(9, 600);
  const where = contact(chart, {
    unit: "akut",
    profession: "läkare",
    at: daysAgo(chart, since),
    kind: "akutbesök",
    reason: "Fall, ont i handleden",
    minutes: 180,
  });
  imaging(where, {
    title: `Slätröntgen ${side} handled`,
    question: "Fraktur?",
    urgent: true,
    hours: 1,
    report: `Distal radiusfraktur på ${side} sida med dorsal felställning cirka 15 grader. Ingen fraktur i handlovens ben.`,
  });
  diagnose(where, "S52.5");
  problem(where, "S52.5", {
    onset: where.at,
    ...(since > 120 ? { resolved: where.at + 60 * DAY } : {}),
    note: `${capital(side)} sida.`,
  });
  ordain(where, { drug: "paracetamol1g", units: 1, times: 4, days: 7, reason: "mot smärta" });
  write(
    where,
    { kind: "besök", title: "Akutanteckning" },
    {
      Kontaktorsak: `${isIcy(where.at) ? "Halkade på is" : "Snubblade på trottoaren"}, ont i ${side} handled.`,
      Anamnes: `Tog emot sig med ${side} hand. Slog inte i huvudet.`,
      Status: `${capital(side)} handled svullen och felställd. Distalstatus utan anmärkning, normal känsel i fingrarna.`,
      Bedömning: `Distal radiusfraktur på ${side} sida.`,
      Åtgärd: "Reponeras i lokalbedövning, gipsskena. Kontrollröntgen utan anmärkning.",
      Planering: "Återbesök på ortopedmottagningen om tio dagar med röntgen.",
    },
  );
  const control = Math.max(-4, since - 10);
  if (control < 1) {
    book(chart, {
      unit: "ort",
      profession: "läkare",
      at: daysAhead(chart, 1 - control),
      reason: "Kontroll handledsfraktur med röntgen",
    });
    return;
  }
  const visit = contact(chart, {
    unit: "ort",
    profession: "läkare",
    at: daysAgo(chart, control),
    reason: "Kontroll handledsfraktur",
  });
  imaging(later(visit, visit.at - 1_800_000), {
    title: `Slätröntgen ${side} handled`,
    question: "Läge efter reposition?",
    hours: 0.4,
    report: `Oförändrat gott läge i frakturen på ${side} sida. Begynnande läkning.`,
  });
  diagnose(visit, "S52.5");
  write(
    visit,
    { kind: "besök" },
    {
      Anamnes: "Lite ont, inga domningar.",
      Status: "Gipset sitter väl. Fingrarna rörliga.",
      Bedömning: "Frakturen ligger bra.",
      Planering: "Gipset tas bort efter sammanlagt fem veckor. Handträning hos arbetsterapeut.",
    },
  );
}

function ankle(chart: Chart): void {
  const { dice } = chart;
  const side = dice.pick<Side>(["höger", "vänster"]);
  const where = contact(chart, {
    unit: "akut",
    profession: "läkare",
    at: daysAgo(chart, dice.between(2, 500)),
    kind: "akutbesök",
    reason: "Fotskada vid idrott",
    minutes: 150,
  });
  imaging(where, {
    title: `Slätröntgen ${side} fotled`,
    question: "Fraktur?",
    urgent: true,
    hours: 1,
    report: `Ingen fraktur i ${side} fotled. Normalt läge i leden. Mjukdelssvullnad på utsidan.`,
  });
  diagnose(where, "S93.4");
  write(
    where,
    { kind: "besök", title: "Akutanteckning" },
    {
      Kontaktorsak: `Vrickade ${side} fot vid fotboll i dag.`,
      Anamnes: "Kunde inte stödja direkt efter. Hörde ett knäpp.",
      Status: `${capital(side)} fotled svullen på utsidan, öm framför laterala malleolen. Ingen ömhet över mediala malleolen eller femte metatarsalbasen.`,
      Röntgen: "Ingen fraktur.",
      Bedömning: `Distorsion i ${side} fotled.`,
      Åtgärd: "Elastisk linda och kryckor. Avlastning efter smärta.",
      Planering: "Tidig rörelse. Åter vid utebliven förbättring efter två veckor.",
    },
  );
}
