/** What makes the region alive today: booked visits, this morning's contacts, recent results that wait to be read. SPEC DEMO-NOW */
import { book } from "../chart/action.ts";
import { ageOf, isWoman, later, type Chart, type Given } from "../chart/chart.ts";
import { contact, diagnose } from "../chart/contact.ts";
import { laboratory } from "../chart/lab.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { measure } from "../chart/vitals.ts";
import type { Profession } from "../directory/staff-table.ts";
import type { UnitKey } from "../directory/units.ts";
import { atTime, DAY, HOUR, MINUTE } from "../time.ts";
import { daysAgo, daysAhead, pressureNow, pressureText, pulseNow } from "./visits.ts";

const BOOKED: readonly (readonly [UnitKey | "centre", Profession, string, child?: true])[] = [
  ["centre", "läkare", "Nybesök, trötthet"],
  ["centre", "läkare", "Uppföljning blodtryck"],
  ["centre", "sjuksköterska", "Provtagning"],
  ["centre", "sjuksköterska", "Såromläggning"],
  ["rehab", "fysioterapeut", "Axelsmärta, nybesök"],
  ["med", "läkare", "Återbesök hjärtmottagning"],
  ["ort", "läkare", "Kontroll efter fraktur"],
  ["ekSpec", "läkare", "Hudförändring"],
  ["ogon", "läkare", "Kontroll ögontryck"],
  ["onk", "läkare", "Återbesök"],
  ["psy", "psykolog", "Samtal"],
  ["kir", "läkare", "Bedömning inför operation"],
  ["hemsjv", "sjuksköterska", "Hembesök"],
];

/** Booked today; before now it has been or is going on, after now it waits. */
export function today(chart: Chart, given: Given): void {
  const { dice, now } = chart;
  if (ageOf(chart, now) < 18) {
    book(chart, {
      unit: ageOf(chart, now) < 6 ? "bvc" : "barn",
      profession: ageOf(chart, now) < 6 ? "sjuksköterska" : "läkare",
      at: atTime(now, dice.between(10, 15), dice.pick([15, 30, 45])),
      reason: "Besök",
    });
    return;
  }
  const [unit, profession, reason] = BOOKED[Number(given["slot"] ?? 0) % BOOKED.length]!;
  const at = atTime(now, 8 + (Number(given["slot"] ?? 0) % 8), dice.pick([0, 15, 30, 45]));
  const place = unit === "centre" ? chart.person.centre : unit;
  if (at > now - 40 * MINUTE) {
    book(chart, { unit: place, profession, at, reason });
    return;
  }
  const where = contact(chart, { unit: place, profession, at, reason, minutes: 25 });
  book(chart, { unit: place, profession, at, reason, by: where.by });
  const pressure = pressureNow(chart);
  measure(where, { pressure, pulse: pulseNow(chart) });
  write(
    later(where, at + 20 * MINUTE),
    { kind: "besök", unsigned: true },
    {
      Kontaktorsak: `${reason}.`,
      Anamnes: "Kommer enligt bokning. Inga akuta besvär. Tar läkemedel enligt listan.",
      Status: `Gott allmäntillstånd. Blodtryck ${pressureText(pressure)} mmHg.`,
      Bedömning: "Stabilt läge.",
      Planering: "Nya prover och uppföljning enligt plan.",
    },
  );
}

/** A visit in the last days, with results that came back and that nobody has read yet. */
export function recent(chart: Chart): void {
  const { dice, person } = chart;
  const ago = dice.between(1, 9);
  const where = contact(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAgo(chart, ago),
    reason: "Trötthet",
  });
  if (ageOf(chart, where.at) < 15) return;
  const pressure = pressureNow(chart, 4);
  measure(where, { pressure, pulse: pulseNow(chart) });
  const low = dice.chance(0.4);
  const woman = isWoman(chart);
  laboratory(
    where,
    {
      hb: low ? (woman ? 104 : 118) : dice.around(woman ? 134 : 148, 5),
      lpk: dice.around(6.4, 1, 1),
      crp: dice.between(1, 8),
      tsh: dice.chance(0.25) ? dice.around(7.4, 1, 1) : dice.around(2, 0.5, 2),
      glukos: dice.around(5.8, 0.6, 1),
      krea: dice.around(woman ? 70 : 86, 8),
      k: dice.chance(0.1) ? 5.4 : dice.around(4.1, 0.2, 1),
      ferritin: low ? 7 : dice.between(30, 110),
    },
    { title: "Utredning trötthet", hours: 22, unread: dice.chance(0.6) },
  );
  diagnose(where, low ? "D50.9" : "R53.9");
  if (dice.chance(0.3))
    ordain(where, { drug: "paracetamol500", units: 2, asNeeded: { maxPerDay: 8 }, reason: "mot värk" });
  write(
    where,
    { kind: "besök", unsigned: dice.chance(0.35) },
    {
      Kontaktorsak: "Trötthet sedan några veckor.",
      Anamnes: dice.pick([
        "Sover gott men vaknar trött. Ingen feber, ingen viktnedgång. Har mycket att göra på arbetet.",
        "Trött och lite andfådd i trappor. Ingen bröstsmärta. Inte nedstämd.",
        "Trött efter en förkylning. Hostar inte längre. Äter som vanligt.",
      ]),
      Status: `Gott allmäntillstånd. Hjärta och lungor utan anmärkning. Inga förstorade lymfkörtlar. Blodtryck ${pressureText(pressure)} mmHg.`,
      Bedömning: "Trötthet av oklar orsak, provtagning.",
      Planering: "Telefontid när provsvaren har kommit.",
    },
  );
  book(chart, {
    unit: person.centre,
    profession: "läkare",
    at: daysAhead(chart, dice.between(1, 9)),
    minutes: 10,
    reason: "Telefontid provsvar",
    kind: "telefonkontakt",
    by: where.by,
  });
  corrected(chart, ago);
}

/** One in seven had a potassium that the laboratory corrected afterwards. */
function corrected(chart: Chart, ago: number): void {
  if (chart.dice.int(7) !== 0) return;
  const at = Math.min(daysAgo(chart, ago + 2), chart.now - 2 * DAY);
  const where = contact(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at,
    reason: "Provtagning inför besök",
    minutes: 10,
  });
  laboratory(
    later(where, at + HOUR / 2),
    { k: 4.2, na: 140, krea: 78 },
    {
      title: "Elektrolyter",
      hours: 26,
      status: "corrected",
      was: { k: 6.1 },
      comment: "Rättat svar: provet var hemolyserat vid första analysen. P-Kalium är omanalyserat.",
      unread: true,
    },
  );
}
