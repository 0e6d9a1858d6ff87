/**
 * A child's health: birth, visits at the child clinic with growth, and the Swedish vaccination programme by year of birth.
 * The medians only steer the simulated curves; they are no growth reference. SPEC DEMO-CHILD · HSLF-FS 2016:51
 */
import { bookedAs, book, vaccinate, type VaccinePlan } from "../chart/action.ts";
import { ageOf, later, scene, type Chart, type Given } from "../chart/chart.ts";
import { contact, diagnose } from "../chart/contact.ts";
import { swedish } from "../chart/lab.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { find, measure, score } from "../chart/vitals.ts";
import { rounded } from "../dice.ts";
import { addMonths, atTime, DAY, HOUR, wall, workday, YEAR, type Wall } from "../time.ts";
import { daysAhead } from "./visits.ts";

/** Age in months: median weight, length and head circumference of girls and boys. */
const MEDIAN: readonly (readonly [
  months: number,
  girl: readonly [number, number, number],
  boy: readonly [number, number, number],
])[] = [
  [0, [3.4, 49.5, 34.2], [3.5, 50.2, 34.8]],
  [1, [4.2, 53.7, 36.5], [4.5, 54.7, 37.3]],
  [2, [5.1, 57.1, 38.3], [5.6, 58.4, 39.1]],
  [3, [5.8, 59.8, 39.5], [6.4, 61.4, 40.5]],
  [4, [6.4, 62.1, 40.6], [7.0, 63.9, 41.6]],
  [5, [6.9, 64, 41.5], [7.5, 65.9, 42.6]],
  [6, [7.3, 65.7, 42.2], [7.9, 67.6, 43.3]],
  [8, [7.9, 68.7, 43.4], [8.6, 70.6, 44.5]],
  [10, [8.5, 71.5, 44.2], [9.2, 73.3, 45.4]],
  [12, [8.9, 74, 44.9], [9.6, 75.7, 46.1]],
  [18, [10.2, 80.7, 46.2], [10.9, 82.3, 47.4]],
  [36, [13.9, 95.1, 48.5], [14.3, 96.1, 49.5]],
  [48, [16.1, 102.7, 49.3], [16.3, 103.3, 50.2]],
  [60, [18.2, 109.4, 49.9], [18.3, 110, 50.7]],
  [72, [20.5, 115.5, 50.4], [20.7, 116.2, 51.2]],
];

interface Programme extends VaccinePlan {
  readonly months: number;
  readonly bornFrom?: Wall;
  readonly girlsOnlyBefore?: Wall;
}

const HEXA = {
  vaccine: "Vaccin mot difteri, stelkramp, kikhosta, polio, Hib och hepatit B",
  atc: "J07CA09",
  series: "Grundvaccination",
};
const PCV = { vaccine: "Pneumokockvaccin, konjugerat", atc: "J07AL02", series: "Pneumokocker" };
const HPV = { vaccine: "Vaccin mot HPV, niovalent", atc: "J07BM03", series: "HPV" };
const ROTA_BEGAN = wall(2019, 8, 1);
const BOYS_HPV = wall(2009, 1, 1);

const PROGRAMME: readonly Programme[] = [
  { months: 1.5, vaccine: "Vaccin mot rotavirus", atc: "J07BH01", series: "Rotavirus", dose: 1, bornFrom: ROTA_BEGAN },
  { months: 3, vaccine: "Vaccin mot rotavirus", atc: "J07BH01", series: "Rotavirus", dose: 2, bornFrom: ROTA_BEGAN },
  { months: 3, ...HEXA, dose: 1 },
  { months: 3, ...PCV, dose: 1 },
  { months: 5, ...HEXA, dose: 2 },
  { months: 5, ...PCV, dose: 2 },
  { months: 12, ...HEXA, dose: 3 },
  { months: 12, ...PCV, dose: 3 },
  { months: 18, vaccine: "Vaccin mot mässling, påssjuka och röda hund", atc: "J07BD52", series: "MPR", dose: 1 },
  {
    months: 60,
    vaccine: "Vaccin mot difteri, stelkramp, kikhosta och polio",
    atc: "J07CA02",
    series: "Grundvaccination",
    dose: 4,
  },
  { months: 92, vaccine: "Vaccin mot mässling, påssjuka och röda hund", atc: "J07BD52", series: "MPR", dose: 2 },
  { months: 134, ...HPV, dose: 1, girlsOnlyBefore: BOYS_HPV },
  { months: 141, ...HPV, dose: 2, girlsOnlyBefore: BOYS_HPV },
  {
    months: 174,
    vaccine: "Vaccin mot difteri, stelkramp och kikhosta, fulldos till tonåringar",
    atc: "J07AJ52",
    series: "Grundvaccination",
    dose: 5,
  },
];

/** The visits at the child clinic, in months. */
const VISITS: readonly number[] = [0.4, 1, 1.5, 3, 4, 5, 6, 8, 10, 12, 18, 36, 48, 60];

/** As many years back as the mother's chart tells of births. */
const TOLD_SINCE = 5.4;

interface Growing {
  readonly chart: Chart;
  readonly given: Given;
  readonly birth: Wall;
  readonly boy: boolean;
  /** Weight, length and head circumference at birth. */
  readonly atBirth: readonly [number, number, number];
  /** The same as factors of the median, which the child comes to follow in the first year. */
  readonly later: readonly [number, number, number];
}

export function childHealth(chart: Chart, given: Given): void {
  const birth = chart.person.birth!;
  const boy = given["boy"] === 1;
  const grams = Number(given["grams"]);
  const growing: Growing = {
    chart,
    given,
    birth,
    boy,
    atBirth: [grams / 1000, Number(given["length"]), Number(given["head"])],
    later: [chart.dice.around(1, 0.07, 3), chart.dice.around(1, 0.018, 3), chart.dice.around(1, 0.012, 3)],
  };
  const small = ageOf(chart, chart.now) < 7;
  if (chart.now - birth < TOLD_SINCE * YEAR) firstDays(growing);
  const visits = small ? VISITS : [12, 48, 60];
  for (const months of visits) visit(growing, months);
  for (const plan of PROGRAMME) dose(growing, plan);
  nextVisit(growing);
}

function dayAt(growing: Growing, months: number): Wall {
  const whole = addMonths(growing.birth, Math.floor(months)) + (months % 1) * 30 * DAY;
  return atTime(workday(whole + 2 * DAY), 8 + Math.floor((months * 7) % 8), (Math.floor(months * 3) % 4) * 15);
}

function firstDays({ chart, given, birth }: Growing): void {
  const born = Number(given["born"]);
  if (born > chart.now || born < birth) return;
  const where = contact(chart, {
    unit: "kk",
    profession: "barnmorska",
    at: born,
    kind: "vårdtillfälle",
    reason: "Nyfödd",
    minutes: Math.min(2 * 24 * 60, Math.max(60, (chart.now - born) / 60_000 + 600)),
  });
  const { grams, length, head, weeks, apgar } = given as Record<string, number>;
  measure(where, { weight: grams! / 1000, height: length!, head: head! });
  score(where, "Apgar 1 minut", apgar!, "exam");
  score(where, "Apgar 5 minuter", 10, "exam");
  diagnose(where, "Z38.0");
  const exam = born + 20 * HOUR;
  write(
    where,
    { kind: "inskrivning", title: "Nyfödd" },
    {
      Födelse: `Född i vecka ${weeks}. Apgar ${apgar}, 9 och 10. Födelsevikt ${grams} g, längd ${swedish(length!)} cm, huvudomfång ${swedish(head!)} cm.`,
      Status: "Skrek genast. Rosig, god tonus. Inga synliga missbildningar.",
      Åtgärd: "Hud mot hud hos mamma. K-vitamin givet.",
    },
  );
  if (exam > chart.now) return;
  const doctor = later(where, exam, chart.directory.at("barn", "läkare", chart.dice));
  write(
    doctor,
    { kind: "åtgärd", title: "Barnläkarundersökning" },
    {
      Status:
        "Hjärta: regelbunden rytm, inga blåsljud. Pulsar i båda ljumskarna. Höfter stabila på höger och vänster sida. Röd reflex i båda ögonen. Ingen ikterus.",
      Åtgärd: "Hörselscreening utan anmärkning på båda öronen. Nyföddhetsprov taget.",
      Planering: "Hemgång. Barnavårdscentral inom en vecka.",
    },
  );
}

function sizeAt(growing: Growing, months: number): { weight: number; height: number; head: number } {
  const at = MEDIAN.findIndex(([month]) => month >= months);
  const next = MEDIAN[at < 0 ? MEDIAN.length - 1 : at]!;
  const before = MEDIAN[Math.max(0, (at < 0 ? MEDIAN.length : at) - 1)]!;
  const way = next[0] === before[0] ? 1 : (months - before[0]) / (next[0] - before[0]);
  const value = (index: 0 | 1 | 2): number => {
    const [low, high] = [before, next].map((row) => (growing.boy ? row[2] : row[1])[index]) as [number, number];
    const [, girl, boy] = MEDIAN[0]!;
    const born = growing.atBirth[index] / (growing.boy ? boy : girl)[index];
    const own = growing.later[index] + (born - growing.later[index]) * Math.exp(-months / 7);
    return (low + (high - low) * way) * own;
  };
  return { weight: rounded(value(0), months < 24 ? 2 : 1), height: rounded(value(1), 1), head: rounded(value(2), 1) };
}

function visit(growing: Growing, months: number): void {
  const { chart } = growing;
  const at = dayAt(growing, months);
  if (at > chart.now - HOUR) return;
  const reason =
    months < 12
      ? `Barnhälsobesök ${months < 1 ? "en vecka" : months === 1.5 ? "sex veckor" : `${months} månader`}`
      : months === 18
        ? "Barnhälsobesök 18 månader"
        : `Barnhälsobesök ${months / 12} år`;
  const where = contact(chart, { unit: "bvc", profession: "sjuksköterska", at, reason, minutes: 45 });
  if (months >= 3) bookedAs(where, reason);
  const size = sizeAt(growing, months);
  measure(where, months <= 18 ? size : { weight: size.weight, height: size.height });
  diagnose(where, "Z00.1");
  if (months === 1)
    ordain(where, { drug: "vitaminD", units: 5, times: 1, reason: "för barnets benbyggnad", days: 700 });
  if (months === 1.5) find(where, "EPDS-samtal med mamman", "Genomfört. Se mammans journal.", "survey");
  write(
    where,
    { kind: "besök", title: reason },
    {
      Anamnes: story(months),
      Tillväxt: `Vikt ${swedish(size.weight)} kg, längd ${swedish(size.height)} cm${months <= 18 ? `, huvudomfång ${swedish(size.head)} cm` : ""}. Följer sin kurva.`,
      Utveckling: development(months),
      Vaccination: vaccinesText(growing, months),
      Planering:
        months >= 60
          ? "Avslutas på barnavårdscentralen, journalen förs över till elevhälsan efter samtycke."
          : "Nästa besök enligt programmet.",
    },
  );
}

function story(months: number): string {
  if (months < 1) return "Hembesök. Ammas, kissar och bajsar. Navelstumpen torr. Föräldrarna mår bra men är trötta.";
  if (months <= 6)
    return "Äter bra och går upp i vikt. Sover tre till fyra timmar i sträck. Inga bekymmer. Inget eksem och ingen matreaktion.";
  if (months <= 18)
    return "Äter familjens mat. Sover hela natten de flesta nätter. Har haft några förkylningar, inga antibiotika.";
  return "Trivs på förskolan. Äter varierat. Borstar tänderna två gånger om dagen. Inga besvär.";
}

function development(months: number): string {
  if (months < 1.5) return "Följer med blicken, reagerar på ljud. Lyfter huvudet i bukläge korta stunder.";
  if (months <= 4) return "Ler tillbaka, jollrar. God huvudkontroll.";
  if (months <= 8) return "Vänder sig, griper med båda händerna, sitter med stöd.";
  if (months <= 12) return "Kryper och reser sig mot möbler. Pinsettgrepp. Säger mamma eller pappa.";
  if (months <= 18) return "Går säkert. Pekar och säger ungefär tio ord. Förstår uppmaningar.";
  if (months <= 36) return "Talar i meningar med tre till fyra ord. Hoppar jämfota. Språkscreening utan anmärkning.";
  return "Hoppar på ett ben, ritar en människa. Syn 0,8 på båda ögonen. Hörsel utan anmärkning.";
}

function vaccinesText(growing: Growing, months: number): string | undefined {
  const due = PROGRAMME.filter((one) => one.months === months && isFor(growing, one));
  return due.length === 0
    ? undefined
    : `${due.map((one) => `${one.vaccine}, dos ${one.dose}`).join(". ")}. Ingen reaktion efter 20 minuter.`;
}

function isFor(growing: Growing, plan: Programme): boolean {
  if (plan.bornFrom !== undefined && growing.birth < plan.bornFrom) return false;
  return !(plan.girlsOnlyBefore !== undefined && growing.boy && growing.birth < plan.girlsOnlyBefore);
}

function dose(growing: Growing, plan: Programme): void {
  const { chart } = growing;
  const at = dayAt(growing, plan.months) + 10 * 60_000;
  if (at > chart.now - HOUR || !isFor(growing, plan)) return;
  const where = scene(chart, plan.months <= 60 ? "bvc" : chart.person.centre, "sjuksköterska", at);
  const site =
    plan.atc === "J07BH01"
      ? "Oralt"
      : plan.months < 24
        ? plan.atc === "J07AL02"
          ? "Höger lår"
          : "Vänster lår"
        : "Vänster överarm";
  vaccinate(where, {
    vaccine: plan.vaccine,
    atc: plan.atc,
    site,
    ...(plan.series ? { series: plan.series } : {}),
    ...(plan.dose === undefined ? {} : { dose: plan.dose }),
  });
}

function nextVisit(growing: Growing): void {
  const { chart } = growing;
  const months = VISITS.find((one) => dayAt(growing, one) > chart.now);
  if (months === undefined || ageOf(chart, chart.now) >= 5) return;
  const at = Math.max(dayAt(growing, months), daysAhead(chart, 1));
  book(chart, { unit: "bvc", profession: "sjuksköterska", at, reason: "Barnhälsobesök", minutes: 45 });
}
