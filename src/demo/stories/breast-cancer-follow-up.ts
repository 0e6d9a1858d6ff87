/** Breast cancer: rehabilitation, the nurse's talk, the first yearly control, and the times booked ahead. SPEC DEMO-BREAST */
import { book } from "../chart/action.ts";
import { document } from "../chart/alerts.ts";
import { later, refTo } from "../chart/chart.ts";
import { contact, diagnose } from "../chart/contact.ts";
import { breastImaging } from "../chart/imaging.ts";
import { write } from "../chart/note.ts";
import { measure, measureLocal, score } from "../chart/vitals.ts";
import type { Pathway } from "./breast-cancer-pathway.ts";
import { daysAgo, daysAhead } from "./visits.ts";

export function followUp(pathway: Pathway): void {
  const { chart } = pathway;
  rehabilitation(pathway);
  const nurse = contact(chart, {
    unit: "brost",
    profession: "sjuksköterska",
    at: daysAgo(chart, 88),
    reason: "Uppföljning kontaktsjuksköterska",
    minutes: 45,
  });
  score(nurse, "Distress-termometer", 4, "survey");
  write(
    nurse,
    { kind: "besök", title: "Hälsoskattning för cancerrehabilitering" },
    {
      Anamnes:
        "Arbetar halvtid. Värk i händer och knän på morgonen av letrozol, inte så att hon vill sluta. Sover sämre. Ingen oro för ekonomin.",
      Bedömning: "Kvarstående trötthet och ledvärk. Behov av fysisk träning.",
      Planering: "Fysioterapeut, grupp. Kurator vid behov. Mammografi om två månader.",
    },
  );
  const picture = contact(chart, {
    unit: "brost",
    profession: "röntgensjuksköterska",
    at: daysAgo(chart, 19),
    reason: "Mammografi ett år efter operation",
    minutes: 15,
  });
  breastImaging(later(picture, picture.at, nurse.by), {
    title: "Uppföljningsmammografi",
    question: "Kontroll ett år efter partiell mastektomi på vänster sida. Återfall?",
    hours: 90,
    report:
      "Vänster bröst: ärr efter operation, inga tecken till återfall. Höger bröst utan anmärkning. Inga förstorade lymfkörtlar. Ny kontroll om ett år.",
  });
  const visit = contact(chart, {
    unit: "onk",
    profession: "läkare",
    at: daysAgo(chart, 6),
    reason: "Ettårskontroll",
    minutes: 30,
  });
  diagnose(visit, "C50.4");
  measure(visit, { pressure: [128, 80], pulse: 70, weight: Math.round((chart.facts.weight + 1.6) * 10) / 10 });
  write(
    visit,
    { kind: "besök", title: "Ettårskontroll", unsigned: true },
    {
      Anamnes: "Mår väl efter omständigheterna. Ledvärken bättre sedan hon började träna. Inga nya knölar.",
      Status: "Båda brösten och axillerna palperas utan anmärkning. Ingen svullnad av vänster arm.",
      Provsvar: "Mammografi utan tecken till återfall.",
      Bedömning: "Inga tecken till återfall ett år efter operation.",
      Planering: "Fortsatt letrozol. Kontaktsjuksköterska om sex månader, mammografi och läkare om ett år.",
    },
  );
  bookAhead(pathway);
}

function rehabilitation({ chart }: Pathway): void {
  const visits: readonly (readonly [days: number, text: string, degrees: number])[] = [
    [349, "Stram i axillen. Lyfter armen till axelhöjd.", 110],
    [320, "Mjukare. Kan hänga tvätt.", 140],
    [140, "Trött efter behandlingarna. Full rörlighet i axeln.", 170],
  ];
  for (const [days, history, degrees] of visits) {
    const where = contact(chart, {
      unit: "sjukgym",
      profession: "fysioterapeut",
      at: daysAgo(chart, days),
      reason: "Rehabilitering efter bröstoperation",
      minutes: 45,
    });
    measureLocal(where, "Axelflexion vänster", degrees, ["grader", "deg"]);
    measureLocal(where, "Armvolymskillnad, vänster mot höger", days === 140 ? 3 : 1, ["%", "%"]);
    write(
      where,
      { kind: "åtgärd", title: "Fysioterapi" },
      {
        Anamnes: history,
        Status: `Flexion i vänster axel ${degrees} grader. Ingen lymfsvullnad.`,
        Åtgärd: "Rörelseträning, ärrmassage och råd om lymfödem.",
        Planering: days === 140 ? "Konditionsträning i grupp." : "Hemprogram dagligen. Nytt besök om fyra veckor.",
      },
    );
  }
  const social = contact(chart, {
    unit: "onk",
    profession: "kurator",
    at: daysAgo(chart, 300),
    reason: "Kuratorssamtal",
    minutes: 45,
  });
  write(
    social,
    { kind: "åtgärd", title: "Kuratorssamtal" },
    {
      Anamnes: "Samtal om oro för barnen och om hur sjukdomen ska berättas. Gott stöd av maken.",
      Åtgärd: "Stödsamtal. Information om sjukpenning och patientförening.",
      Planering: "Nytt samtal vid behov.",
    },
  );
  document(
    social,
    "Medicinskt intyg, hel sjukskrivning",
    "Intyg",
    "Arbetsförmågan är helt nedsatt under cytostatikabehandling. Omprövning efter avslutad behandling.",
  );
}

/** What is planned: exercise, the contact nurse, mammography and the oncologist. */
function bookAhead(pathway: Pathway): void {
  const { chart } = pathway;
  const basedOn = refTo(pathway.referral.request);
  book(chart, {
    unit: "sjukgym",
    profession: "fysioterapeut",
    at: daysAhead(chart, 5),
    reason: "Cancerrehabilitering, grupp",
    minutes: 60,
  });
  book(chart, {
    unit: "brost",
    profession: "sjuksköterska",
    at: daysAhead(chart, 180),
    reason: "Uppföljning kontaktsjuksköterska",
    basedOn,
  });
  book(chart, {
    unit: "brost",
    profession: "röntgensjuksköterska",
    at: daysAhead(chart, 345),
    reason: "Årlig mammografi",
    kind: "undersökning",
    minutes: 15,
    basedOn,
  });
  book(chart, { unit: "onk", profession: "läkare", at: daysAhead(chart, 360), reason: "Tvåårskontroll", basedOn });
}
