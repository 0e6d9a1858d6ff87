/** Dementia and life in the municipality's care home. SPEC DEMO-STORY */
import { book } from "../chart/action.ts";
import { carePlan, careTeam, warn } from "../chart/alerts.ts";
import type { Chart } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { imaging } from "../chart/imaging.ts";
import { laboratory } from "../chart/lab.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { find, measure, score } from "../chart/vitals.ts";
import { DAY } from "../time.ts";
import { daysAgo, daysAhead, pressureNow, pulseNow, weightNow } from "./visits.ts";

export function dementia(chart: Chart): void {
  const { dice, person } = chart;
  const since = dice.between(500, 1400);
  const where = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAgo(chart, since),
    reason: "Minnesutredning",
    minutes: 60,
  });
  const mmse = dice.between(18, 24);
  score(where, "MMSE-SR", mmse, "survey");
  find(where, "Klocktest", "Visarna fel placerade, siffrorna samlade till höger.", "survey");
  laboratory(
    where,
    {
      hb: dice.around(131, 6),
      tsh: dice.around(2.1, 0.5, 2),
      b12: dice.around(320, 60),
      ca: 2.34,
      krea: dice.around(80, 8),
      glukos: 5.8,
    },
    { title: "Demensutredning" },
  );
  imaging(where, {
    title: "DT hjärna",
    question: "Utredning av minnessvårigheter. Infarkter? Hydrocefalus? Tumör?",
    hours: 96,
    report:
      "Vidgade fåror och atrofi i mediala tinningloberna på båda sidor. Inga infarkter. Ingen blödning. Ingen tumör.",
  });
  diagnose(where, "F00.1");
  problem(where, "F00.1", { onset: where.at - 500 * DAY, severity: "måttlig" });
  ordain(where, { drug: "donepezil", units: 1, at: ["kväll"], reason: "mot Alzheimers sjukdom", refills: 3 });
  write(
    where,
    { kind: "utredning", title: "Minnesutredning" },
    {
      Anamnes:
        "Kommer med dotter. Upprepar frågor sedan ett och ett halvt år, har gått vilse en gång. Svårt att betala räkningar. Ingen plötslig försämring.",
      "Psykiskt status": "Vänlig, orienterad till person och plats men inte till datum. Ingen depression.",
      Skattning: `MMSE-SR ${mmse} av 30 poäng. Klocktest med svårigheter.`,
      Bedömning: "Alzheimers sjukdom i måttlig fas.",
      Åtgärd: "Donepezil 5 mg på kvällen. Demenssjuksköterska och biståndshandläggare kontaktas. Ska inte köra bil.",
      Planering: "Uppföljning om tre månader.",
    },
  );
  if (since > 700) careHome(chart, since - 250);
}

function careHome(chart: Chart, since: number): void {
  const moved = contact(chart, {
    unit: "almgard",
    profession: "sjuksköterska",
    at: daysAgo(chart, since),
    kind: "hembesök",
    reason: "Inflyttning särskilt boende",
    minutes: 90,
  });
  careTeam(moved, "Team Almgården", [
    [moved.by, "Omvårdnadsansvarig sjuksköterska"],
    [chart.directory.at("almgard", "undersköterska", chart.dice), "Kontaktman"],
    [chart.directory.at("almgard", "läkare", chart.dice), "Ansvarig läkare"],
  ]);
  carePlan(moved, {
    title: "Omvårdnadsplan",
    kind: "Vårdplan",
    text: "Trygghet, lagom aktivitet och god nutrition. Tycker om sång och promenader.",
    activities: [
      ["Munvård morgon och kväll", "in-progress"],
      ["Riskbedömning i Senior alert var sjätte månad", "in-progress"],
      ["Läkarrond varannan vecka", "scheduled", daysAhead(chart, 9)],
    ],
  });
  warn(moved, { kind: "Uppmärksamma", text: "Demenssjukdom, kan inte själv redogöra för läkemedel" });
  find(moved, "Riskbedömning Senior alert", "Risk för fall och undernäring. Ingen risk för trycksår.");
  write(
    moved,
    { kind: "inskrivning", title: "Inskrivning i kommunal hälso- och sjukvård" },
    {
      Anamnes: "Flyttar in med hjälp av dotter. Läkemedel överlämnade, signeringslista upprättad.",
      Status: "Går utan hjälpmedel. Äter själv. Behöver stöd vid dusch och påklädning.",
      Planering: "Läkarrond nästa vecka.",
    },
  );
  for (let month = Math.floor(since / 30) - 1; month >= 0; month -= 3) {
    const visit = contact(chart, {
      unit: "almgard",
      profession: month % 2 === 0 ? "läkare" : "sjuksköterska",
      at: daysAgo(chart, month * 30 + 5),
      kind: "hembesök",
      reason: "Rond särskilt boende",
      minutes: 20,
    });
    if (visit.at < moved.at) continue;
    measure(visit, { weight: weightNow(chart, -0.3), pressure: pressureNow(chart, -6), pulse: pulseNow(chart) });
    if (month % 2 === 0) diagnose(visit, "F00.1");
    write(
      visit,
      { kind: "åtgärd", title: "Rond" },
      {
        Aktuellt: chart.dice.pick([
          "Sover på nätterna. Orolig på eftermiddagarna men går att avleda.",
          "Äter sämre, vill ha sällskap vid maten. Ingen feber, ingen smärta.",
          "Lugn och glad. Deltar i sångstunden. Inga fall sedan förra ronden.",
        ]),
        Bedömning: "Stabilt läge.",
        Planering: "Oförändrad medicinering. Ny rond enligt schema.",
      },
    );
  }
  book(chart, {
    unit: "almgard",
    profession: "läkare",
    at: daysAhead(chart, 9),
    reason: "Rond särskilt boende",
    kind: "hembesök",
  });
}

/** Wounds, dosettes and visits by the municipality's nurse for somebody at home. */
export function municipal(chart: Chart): void {
  const start = contact(chart, {
    unit: "hemsjv",
    profession: "sjuksköterska",
    at: daysAgo(chart, 140),
    kind: "hembesök",
    reason: "Inskrivning i hemsjukvård",
    minutes: 60,
  });
  careTeam(start, "Hemsjukvårdsteam", [[start.by, "Omvårdnadsansvarig sjuksköterska"]]);
  write(
    start,
    { kind: "inskrivning", title: "Inskrivning i hemsjukvård" },
    {
      Anamnes: "Bensår på vänster underben sedan två månader. Kan inte ta sig till vårdcentralen.",
      Status: "Sår 3 gånger 4 cm, gulbelagt. Ingen rodnad omkring.",
      Planering: "Omläggning två gånger i veckan med kompression.",
    },
  );
  for (let visit = 1; visit <= 6; visit++) {
    const where = contact(chart, {
      unit: "hemsjv",
      profession: "sjuksköterska",
      at: daysAgo(chart, 140 - visit * 20),
      kind: "hembesök",
      reason: "Såromläggning",
      minutes: 30,
    });
    const size = Math.max(0.5, 4 - visit * 0.5);
    write(
      where,
      { kind: "åtgärd", title: "Såromläggning" },
      {
        Status: `Såret på vänster underben mäter ${String(size).replace(".", ",")} cm på längden. Ren sårbädd, ingen lukt.`,
        Åtgärd: "Rengöring, skumförband och kompressionslinda.",
        Planering: "Nytt besök om tre dagar.",
      },
    );
  }
  book(chart, {
    unit: "hemsjv",
    profession: "sjuksköterska",
    at: daysAhead(chart, 2),
    kind: "hembesök",
    reason: "Såromläggning",
  });
}
