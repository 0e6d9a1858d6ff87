/** Hypothyroidism, with a change of the laboratory's method in the trend, and psoriasis at the private specialist. SPEC DEMO-STORY */
import type { MedicationRequest } from "fhir/r4";
import { book } from "../chart/action.ts";
import type { Chart, Scene } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { laboratory, swedish } from "../chart/lab.ts";
import { ordain, stop } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { refer } from "../chart/referral.ts";
import { score } from "../chart/vitals.ts";
import { rounded } from "../dice.ts";
import { addMonths, DAY, startOfDay } from "../time.ts";
import { daysAgo, daysAhead } from "./visits.ts";

const OLD_METHOD = "Immunkemi, analysplattform A";
const NEW_METHOD = "Immunkemi, analysplattform B";

export function hypothyroidism(chart: Chart): void {
  const { dice, person } = chart;
  const years = dice.between(3, 6);
  const at = daysAgo(chart, years * 365 + 40);
  const changed = addMonths(startOfDay(chart.now), -20);
  const lab = (when: number, tsh: number, ft4: number, title: string): void => {
    const higher = when >= changed ? 1.12 : 1;
    const method = when >= changed ? NEW_METHOD : OLD_METHOD;
    laboratory(
      {
        chart,
        unit: chart.directory.unit(person.centre),
        at: when,
        by: chart.directory.at(person.centre, "läkare", dice),
      },
      { tsh: rounded(tsh * higher, 2), ft4 },
      {
        title,
        method: { tsh: method, ft4: method },
        ...(when >= changed && when < changed + 200 * DAY
          ? { comment: "Metodbyte: resultat för P-TSH ligger cirka 12 procent högre än med tidigare metod." }
          : {}),
      },
    );
  };
  const tsh = dice.around(14, 3, 1);
  lab(at - 7 * DAY, tsh, dice.between(8, 11), "Tyreoideaprover");
  const where = contact(chart, { unit: person.centre, profession: "läkare", at, reason: "Trötthet och frusenhet" });
  diagnose(where, "E03.9");
  problem(where, "E03.9", { onset: at });
  const drug = ordain(where, {
    drug: "levotyroxin50",
    units: 1,
    at: ["morgon"],
    reason: "mot nedsatt ämnesomsättning",
    refills: 3,
  });
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Trötthet, frusenhet och viktuppgång.",
      Anamnes: "Besvär sedan ett halvår. Torr hud. Ingen nedstämdhet. Mor med ämnesomsättningssjukdom.",
      Status: "Sköldkörteln inte förstorad. Puls 58, regelbunden.",
      Provsvar: `P-TSH ${swedish(tsh)} mE/L, lågt fritt tyroxin.`,
      Bedömning: "Primär hypotyreos.",
      Åtgärd: "Levotyroxin 50 mikrogram sätts in.",
      Planering: "Nya prover om åtta veckor.",
    },
  );
  lab(daysAgo(chart, years * 365 - 20), dice.around(6.1, 0.8, 1), 12, "Tyreoideaprover");
  stepUp(where, drug, years * 365 - 25);
  for (let half = years * 2 - 2; half >= 0; half--)
    lab(
      daysAgo(chart, half * 183 + dice.between(10, 30)),
      dice.around(2.1, 0.6, 2),
      dice.between(14, 18),
      "Tyreoideaprover",
    );
  book(chart, {
    unit: person.centre,
    profession: "sjuksköterska",
    at: daysAhead(chart, dice.between(10, 160)),
    reason: "Provtagning TSH",
    kind: "provtagning",
    minutes: 10,
  });
}

export function psoriasis(chart: Chart): void {
  const { dice, person } = chart;
  const since = dice.between(300, 1400);
  const where = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAgo(chart, since),
    reason: "Hudutslag",
  });
  diagnose(where, "L40.0");
  problem(where, "L40.0", { onset: where.at - 200 * DAY, severity: "måttlig" });
  ordain(where, { drug: "betametasonKram", units: 1, at: ["kväll"], days: 28, reason: "mot psoriasis" });
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: "Fjällande utslag på armbågar och knän.",
      Anamnes: "Kommit gradvis sedan i höstas. Kliar. Inga ledbesvär. Far har psoriasis.",
      Status:
        "Välavgränsade rodnade plack med silvriga fjäll på båda armbågarna, höger knä och i hårbotten. Inga nagelförändringar.",
      Bedömning: "Psoriasis av placktyp.",
      Åtgärd: "Betametason kräm en gång dagligen i fyra veckor. Mjukgörande.",
      Planering: "Remiss till hudläkare för ställningstagande till ljusbehandling.",
    },
  );
  refer(where, {
    to: "ekSpec",
    title: "Bedömning av psoriasis",
    state: "svar mottaget",
    pace: 15,
    question: "Ställningstagande till ljusbehandling.",
    background: "Plackpsoriasis med otillräcklig effekt av lokal behandling. Inga ledsymtom.",
    answer:
      "Måttlig plackpsoriasis. Kalcipotriol och betametason gel insatt. Ljusbehandling erbjuden men inte aktuell nu.",
  });
  const skin = contact(chart, {
    unit: "ekSpec",
    profession: "läkare",
    at: daysAgo(chart, Math.max(3, since - 45)),
    reason: "Psoriasis, nybesök",
  });
  score(skin, "PASI", dice.between(6, 11), "exam");
  score(skin, "DLQI", dice.between(5, 12), "survey");
  diagnose(skin, "L40.0");
  ordain(skin, { drug: "kalcipotriol", units: 1, at: ["kväll"], reason: "mot psoriasis", refills: 2 });
  write(
    skin,
    { kind: "besök" },
    {
      Kontaktorsak: "Remiss från vårdcentral.",
      Status: "Plack på armbågar, knän och ländrygg, cirka 6 procent av kroppsytan.",
      Bedömning: "Måttlig psoriasis. Inga tecken till psoriasisartrit.",
      Åtgärd: "Kalcipotriol och betametason gel på kvällen i fyra veckor, därefter två gånger i veckan.",
      Planering: "Återbesök vid försämring. Remissvar skickas till vårdcentralen.",
    },
  );
}

/** A higher dose over the telephone, after the first check. */
function stepUp(where: Scene, first: MedicationRequest, daysBack: number): void {
  const { chart } = where;
  const { dice, person } = chart;
  const step = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAgo(chart, daysBack),
    kind: "telefonkontakt",
    reason: "Provsvar",
    minutes: 10,
    by: where.by,
  });
  stop(first, step, "Dosökning efter provsvar");
  ordain(step, {
    drug: dice.chance(0.5) ? "levotyroxin75" : "levotyroxin100",
    units: 1,
    at: ["morgon"],
    reason: "mot nedsatt ämnesomsättning",
    refills: 3,
    replaces: first,
  });
  write(
    step,
    { kind: "utan möte" },
    {
      Provsvar: "P-TSH har sjunkit men är inte normalt.",
      Åtgärd: "Levotyroxin höjs.",
      Planering: "Prov om åtta veckor, därefter varje år.",
    },
  );
}
