/** Calls to cervical and mammographic screening, attended or not. SPEC DEMO-STORY */
import { book } from "../chart/action.ts";
import { document } from "../chart/alerts.ts";
import { ageOf, refTo, scene, type Chart } from "../chart/chart.ts";
import { contact } from "../chart/contact.ts";
import { breastImaging, pathology } from "../chart/imaging.ts";
import { DAY } from "../time.ts";
import { daysAgo, daysAhead } from "./visits.ts";

export function screening(chart: Chart): void {
  const age = ageOf(chart, chart.now);
  if (age >= 23 && age <= 64) cervix(chart);
  if (age >= 40 && age <= 74) breast(chart);
}

function cervix(chart: Chart): void {
  const at = daysAgo(chart, chart.dice.between(60, 900));
  const where = contact(chart, {
    unit: "bmm",
    profession: "barnmorska",
    at,
    reason: "Gynekologisk cellprovskontroll",
    minutes: 15,
  });
  pathology(where, {
    title: "Gynekologiskt cellprov, HPV-analys",
    question: "Screening.",
    specimen: "Vätskebaserat cellprov, livmoderhals",
    hours: 21 * 24,
    report: "HPV ej påvisat. Ny kallelse enligt programmet.",
  });
}

function breast(chart: Chart): void {
  const { dice } = chart;
  const called = scene(chart, "brost", "röntgensjuksköterska", daysAgo(chart, dice.between(30, 600)));
  document(
    called,
    "Kallelse till mammografi",
    "Kallelse",
    `Hej ${chart.person.given}!\nDu kallas till hälsoundersökning med mammografi. Du kan boka om tiden.`,
  );
  const at = called.at + dice.between(18, 28) * DAY;
  if (at > chart.now - DAY) {
    book(chart, {
      unit: "brost",
      profession: "röntgensjuksköterska",
      at: daysAhead(chart, Math.max(1, (at - chart.now) / DAY)),
      minutes: 10,
      reason: "Mammografi, hälsoundersökning",
      kind: "undersökning",
      booked: called.at,
    });
    return;
  }
  if (dice.chance(0.15)) {
    book(chart, {
      unit: "brost",
      profession: "röntgensjuksköterska",
      at: daysAgo(chart, (chart.now - at) / DAY),
      minutes: 10,
      reason: "Mammografi, hälsoundersökning",
      kind: "undersökning",
      status: "noshow",
      booked: called.at,
    });
    return;
  }
  const where = contact(chart, {
    unit: "brost",
    profession: "röntgensjuksköterska",
    at: daysAgo(chart, (chart.now - at) / DAY),
    reason: "Mammografi, hälsoundersökning",
    minutes: 10,
  });
  const time = book(chart, {
    unit: "brost",
    profession: "röntgensjuksköterska",
    at: where.at,
    minutes: 10,
    reason: "Mammografi, hälsoundersökning",
    kind: "undersökning",
    booked: called.at,
  });
  where.encounter!.appointment = [refTo(time)];
  breastImaging(where, {
    title: "Screeningmammografi",
    question: "Hälsoundersökning.",
    hours: 96,
    report: "Inga tecken till malignitet i höger eller vänster bröst, kod 1.",
  });
}
