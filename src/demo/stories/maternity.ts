/** Pregnancy at the midwife's, a birth, and the visit afterwards. SPEC DEMO-PREG */
import { book, bookedAs, procedure } from "../chart/action.ts";
import { warn } from "../chart/alerts.ts";
import { bedOf, later, type Chart, type Given } from "../chart/chart.ts";
import { admission, contact, diagnose, problem } from "../chart/contact.ts";
import { imaging } from "../chart/imaging.ts";
import { laboratory, swedish } from "../chart/lab.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { measure, measureLocal, score } from "../chart/vitals.ts";
import { atTime, DAY, HOUR, startOfDay, workday, type Wall } from "../time.ts";
import { daysAgo, pressureText } from "./visits.ts";

const WEEKS = [9, 18, 25, 29, 32, 35, 37, 39, 40, 41];

interface Pregnancy {
  readonly chart: Chart;
  /** The day of week 0. */
  readonly began: Wall;
  readonly until: Wall;
  readonly before: number;
  readonly parity: string;
}

/** A pregnancy that goes on now, in week `given.week`. */
export function pregnancy(chart: Chart, given: Given): void {
  const week = Number(given["week"]);
  const began = startOfDay(chart.now) - (week * 7 + chart.dice.between(0, 6)) * DAY;
  const children = Number(given["children"] ?? 0);
  const course = { chart, began, until: chart.now, before: chart.facts.weight, parity: parityText(children) };
  visits(course, true);
  for (const next of WEEKS.filter((one) => one > week).slice(0, 2)) {
    book(chart, {
      unit: "bmm",
      profession: "barnmorska",
      at: clinicTime(course, next),
      reason: `Hälsokontroll graviditet vecka ${next}`,
    });
  }
}

function parityText(children: number): string {
  return children === 0 ? "Förstföderska" : children === 1 ? "Omföderska, ett barn" : `Omföderska, ${children} barn`;
}

function clinicTime({ began, chart }: Pregnancy, week: number): Wall {
  const day = workday(began + week * 7 * DAY);
  return atTime(day, 8 + (week % 7), chart.dice.pick([0, 30]));
}

function visits(course: Pregnancy, current: boolean): void {
  const { chart } = course;
  for (const week of WEEKS) {
    const at = clinicTime(course, week);
    if (at > Math.min(course.until, chart.now) - HOUR) break;
    if (week === 9) enrolment(course, at, current);
    else if (week === 18) ultrasound(course, at);
    else control(course, week, at);
  }
}

function enrolment(course: Pregnancy, at: Wall, current: boolean): void {
  const { chart } = course;
  const { dice } = chart;
  const where = contact(chart, {
    unit: "bmm",
    profession: "barnmorska",
    at,
    reason: "Inskrivning graviditet",
    minutes: 75,
  });
  const pressure = [dice.around(114, 6), dice.around(70, 5)] as const;
  measure(where, { pressure, weight: course.before, height: chart.facts.height });
  laboratory(
    where,
    {
      hb: dice.between(119, 136),
      ferritin: dice.between(18, 60),
      glukos: dice.around(4.8, 0.4, 1),
      tsh: dice.around(1.6, 0.5, 2),
    },
    { title: "Inskrivningsprover" },
  );
  score(where, "AUDIT", dice.between(0, 4), "survey");
  diagnose(where, "Z34.9");
  problem(where, "Z34.9", { onset: course.began, ...(current ? {} : { resolved: course.until }) });
  write(
    where,
    { kind: "besök", title: "Inskrivningssamtal" },
    {
      Graviditet: `${course.parity}. Beräknad förlossning enligt sista mens om 31 veckor.`,
      Anamnes: "Illamående på morgnarna men kan äta. Inga blödningar. Inga läkemedel utöver folsyra.",
      Levnadsvanor: "Röker inte, snusar inte. Dricker inte alkohol under graviditeten. AUDIT utan anmärkning.",
      Våld: "Frågan om våld i nära relationer är ställd.",
      Status: `Blodtryck ${pressureText(pressure)} mmHg. Vikt ${swedish(course.before)} kg.`,
      Bedömning: "Normal graviditet. Basprogram.",
      Planering: "Ultraljud i vecka 18 till 20. Nästa besök hos barnmorska i vecka 25.",
    },
  );
}

function ultrasound(course: Pregnancy, at: Wall): void {
  const where = contact(course.chart, {
    unit: "kk",
    profession: "barnmorska",
    at,
    reason: "Rutinultraljud",
    minutes: 30,
  });
  imaging(where, {
    title: "Obstetriskt ultraljud",
    question: "Datering, antal foster, anatomi.",
    hours: 0.5,
    report:
      "Ett foster med hjärtaktivitet. Biometri motsvarande vecka 18 plus 3 dagar. Moderkakan sitter på bakväggen, inte över livmodermunnen. Inga synliga avvikelser.",
  });
}

function control(course: Pregnancy, week: number, at: Wall): void {
  const { chart } = course;
  const { dice } = chart;
  const where = contact(chart, {
    unit: "bmm",
    profession: "barnmorska",
    at,
    reason: `Hälsokontroll graviditet vecka ${week}`,
  });
  bookedAs(where, `Hälsokontroll graviditet vecka ${week}`);
  const pressure = [dice.around(114 + week / 5, 5), dice.around(70 + week / 10, 4)] as const;
  const fundus = Math.round((21.5 + (week - 24) * 0.85 + dice.around(0, 0.5, 1)) * 2) / 2;
  const heart = dice.between(132, 154);
  const weight = Math.round((course.before + (week - 9) * 0.42) * 10) / 10;
  measure(where, { pressure, weight });
  measureLocal(where, "Symfys-fundusmått (SF)", fundus, ["cm", "cm"]);
  measureLocal(where, "Fosterljud", heart, ["slag/min", "/min"]);
  if (week === 25 || week === 29 || week === 37)
    laboratory(
      where,
      {
        hb: dice.between(109, 124),
        glukos: dice.around(5.1, 0.5, 1),
        ...(week === 29 ? { ferritin: dice.between(9, 30) } : {}),
      },
      { title: `Graviditetsprover vecka ${week}`, hours: 2 },
    );
  if (week === 29)
    ordain(where, { drug: "jarn", units: 1, at: ["morgon"], reason: "mot järnbrist i graviditeten", days: 90 });
  diagnose(where, "Z34.9");
  write(
    where,
    { kind: "besök", title: `Graviditet vecka ${week}` },
    {
      Anamnes:
        week < 30
          ? "Mår bra, känner fosterrörelser dagligen. Ingen huvudvärk, inga blödningar."
          : "Känner fosterrörelser som tidigare. Lite svullna fötter på kvällen. Ingen huvudvärk, inget flimmer för ögonen. Inga sammandragningar.",
      Status:
        `SF-mått ${swedish(fundus)} cm, följer kurvan. Fosterljud ${heart}. Blodtryck ${pressureText(pressure)} mmHg. ${week >= 35 ? "Huvudbjudning, rörligt." : ""}`.trim(),
      Bedömning: "Normalt förlopp.",
      Planering:
        week >= 35
          ? "Förlossningsbrev genomgånget. Nytt besök enligt basprogrammet."
          : "Nytt besök enligt basprogrammet. Föräldragrupp erbjuden.",
    },
  );
}

/** A birth: the pregnancy before it, the delivery, and the visit afterwards. `given` is shared with the child. */
export function birth(chart: Chart, given: Given): void {
  const born = Number(given["born"]);
  const weeks = Number(given["weeks"]);
  if (born > chart.now) return;
  const course = {
    chart,
    began: startOfDay(born) - weeks * 7 * DAY,
    until: born - 12 * HOUR,
    before: chart.facts.weight,
    parity: Number(given["order"] ?? 0) > 0 ? "Omföderska" : "Förstföderska",
  };
  if (chart.now - born < 700 * DAY) visits(course, false);
  delivery(chart, given, born);
  const control = daysAgo(chart, (chart.now - born) / DAY - 63);
  if (chart.now - born > 70 * DAY) afterwards(chart, control);
  else
    book(chart, {
      unit: "bmm",
      profession: "barnmorska",
      at: atTime(workday(startOfDay(Math.max(born + 56 * DAY, chart.now + DAY))), 10, 30),
      reason: "Efterkontroll",
    });
}

function delivery(chart: Chart, given: Given, born: Wall): void {
  const { weeks, grams, length, apgar, hours, boy, section } = given as Record<string, number>;
  const arrived = born - hours! * HOUR;
  const until = born + 46 * HOUR;
  const home = until < chart.now;
  const where = admission(chart, {
    unit: "kk",
    profession: "barnmorska",
    at: arrived,
    ...(home ? { until, to: "hemmet" } : {}),
    bed: bedOf(chart, "kk", given),
    reason: `Förlossning i vecka ${weeks}`,
  });
  measure(where, { pressure: [124, 76], pulse: 84, temperature: 36.8 });
  write(
    where,
    { kind: "inskrivning", title: "Ankomst förlossning" },
    {
      Anamnes: `Graviditetsvecka ${weeks}. Regelbundna värkar sedan ${hours! > 8 ? "i natt" : "några timmar"}. Vattnet har inte gått. Inga blödningar. Känner fosterrörelser.`,
      Status: "Öppen fyra centimeter, huvudet fixerat. CTG normalt.",
      Bedömning: "Etablerat värkarbete.",
      Planering: "Lustgas och bad. Önskar eventuellt epidural.",
    },
  );
  const by = section === 1 ? chart.directory.at("kk", "läkare", chart.dice) : where.by;
  const partus = later(where, born, by);
  procedure(
    later(partus, born - 20 * 60_000),
    section === 1
      ? { name: "Kejsarsnitt", category: "surgical", minutes: 45 }
      : { name: "Förlossning, vaginal", category: "therapy", minutes: 20 },
  );
  if (section !== 1) diagnose(partus, "O80.0");
  const child = boy === 1 ? "pojke" : "flicka";
  write(
    later(partus, Math.min(born + HOUR, chart.now)),
    { kind: "åtgärd", title: "Förlossningsberättelse" },
    {
      Förlossning:
        section === 1
          ? "Kejsarsnitt i spinalanestesi på grund av utebliven progress."
          : "Spontan vaginal förlossning i framstupa kronbjudning.",
      Barnet: `Levande ${child} i vecka ${weeks}, ${swedish(grams!)} g och ${swedish(length!)} cm. Apgar ${apgar}, 9 och 10.`,
      Mamman:
        section === 1
          ? "Blödning 500 ml. Sårförband torrt."
          : "Blödning 350 ml. Bristning grad 1, inte suturerad. Moderkakan hel.",
      Planering: "Hud mot hud, amning. Till BB.",
    },
  );
  if (section === 1) {
    ordain(partus, {
      drug: "paracetamol1g",
      units: 1,
      times: 4,
      days: 5,
      reason: "mot smärta efter kejsarsnitt",
      category: "inpatient",
    });
    warn(later(partus, born), { kind: "Uppmärksamma", text: "Tidigare kejsarsnitt" });
  }
  if (home)
    write(
      later(where, until - HOUR),
      { kind: "slutanteckning", title: "Hemgång från BB" },
      {
        Sammanfattning: "Okomplicerat förlopp på BB. Amningen har kommit i gång. Livmodern väl sammandragen.",
        Planering: "Återbesök för barnet efter två till tre dagar. Efterkontroll hos barnmorska efter åtta veckor.",
      },
    );
}

function afterwards(chart: Chart, at: Wall): void {
  const where = contact(chart, { unit: "bmm", profession: "barnmorska", at, reason: "Efterkontroll" });
  const pressure = [chart.dice.around(116, 5), chart.dice.around(72, 4)] as const;
  measure(where, { pressure, weight: Math.round((chart.facts.weight + 2) * 10) / 10 });
  score(where, "EPDS", chart.dice.between(1, 8), "survey");
  diagnose(where, "Z39.2");
  write(
    where,
    { kind: "besök", title: "Efterkontroll" },
    {
      Anamnes: "Mår bra. Ammar. Avslaget har upphört. Knipövningar dagligen, inget urinläckage.",
      Status: `Blodtryck ${pressureText(pressure)} mmHg. God knipförmåga.`,
      Planering: "Preventivmedel diskuterat. Avslutas på barnmorskemottagningen.",
    },
  );
}
