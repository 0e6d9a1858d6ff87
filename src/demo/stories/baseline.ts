/** The listing at a health centre: smoking, measures, allergies asked for, and an adult's vaccinations. SPEC DEMO-STORY */
import { noKnownDrugAllergy } from "../chart/alerts.ts";
import { vaccinate } from "../chart/action.ts";
import { ageOf, scene, type Chart } from "../chart/chart.ts";
import { contact } from "../chart/contact.ts";
import { ownMedicine } from "../chart/medication.ts";
import { find, measure } from "../chart/vitals.ts";
import { write } from "../chart/note.ts";
import { swedish } from "../chart/lab.ts";
import { addMonths, atTime, wall, workday } from "../time.ts";
import { daysAgo, pressureNow, pressureText, pronoun, pulseNow } from "./visits.ts";

const WORK = [
  "lärare",
  "undersköterska",
  "snickare",
  "lagerarbetare",
  "ekonom",
  "systemutvecklare",
  "kock",
  "elektriker",
  "förskollärare",
  "busschaufför",
  "butikssäljare",
  "ingenjör",
  "lantbrukare",
  "städare",
  "frisör",
];
const LEISURE = [
  "går dagliga promenader",
  "cyklar till arbetet",
  "rör sig sparsamt",
  "tränar på gym en gång i veckan",
  "arbetar i trädgården",
  "simmar ibland",
];

const OWN: readonly (readonly [
  { readonly drug: "ibuprofen" | "paracetamol500" } | { readonly name: string },
  string,
])[] = [
  [{ drug: "paracetamol500" }, "2 tabletter vid huvudvärk, köper receptfritt."],
  [{ drug: "ibuprofen" }, "1 tablett vid värk, köper receptfritt."],
  [{ name: "Omega-3-kapslar" }, "1 kapsel dagligen, köper i dagligvaruhandeln."],
  [{ name: "D-vitamin 20 mikrogram" }, "1 tablett dagligen under vintern."],
];

/** Writes the first visit at the centre. */
export function baseline(chart: Chart): void {
  const at = daysAgo(chart, chart.dice.between(1300, 2100));
  if (chart.person.birth === undefined || at < chart.person.birth) return;
  const adult = ageOf(chart, at) >= 18;
  if (adult) listing(chart, at);
  if (adult) vaccinations(chart);
}

function listing(chart: Chart, at: number): void {
  const where = contact(chart, {
    unit: chart.person.centre,
    profession: "sjuksköterska",
    at,
    reason: "Hälsosamtal vid listning",
    minutes: 45,
  });
  const pressure = pressureNow(chart);
  const { weight, height, smoker } = chart.facts;
  measure(where, { pressure, pulse: pulseNow(chart), weight, height });
  find(
    where,
    "Tobaksbruk",
    smoker === "aldrig" ? "Har aldrig rökt." : smoker === "ja" ? "Röker dagligen." : "Före detta rökare.",
    "social-history",
  );
  if (!chart.person.stories.some((one) => one.name === "penicillinAllergy" || one.name === "anaphylaxis"))
    noKnownDrugAllergy(where);
  if (chart.dice.chance(0.12)) ownMedicine(where, ...chart.dice.pick(OWN));
  const age = ageOf(chart, at);
  const { She } = pronoun(chart);
  const work = age >= 66 ? "Pensionär" : `Arbetar som ${chart.dice.pick(WORK)}`;
  const speaks = chart.person.language
    ? ` Talar ${chart.person.language[1]}${chart.person.needsInterpreter ? ", tolk behövs" : " och god svenska"}.`
    : "";
  write(
    where,
    { kind: "besök", title: "Hälsosamtal" },
    {
      Kontaktorsak: "Ny på vårdcentralen, kommer till hälsosamtal.",
      Socialt: `${work}. ${She} ${chart.dice.pick(LEISURE)}.${speaks}`,
      Levnadsvanor: `${smoker === "aldrig" ? "Har aldrig rökt" : smoker === "ja" ? "Röker cirka tio cigaretter om dagen" : "Slutade röka för flera år sedan"}. Ingen riskkonsumtion av alkohol.`,
      Överkänslighet: "Tillfrågad om överkänslighet, se uppmärksamhetsinformation.",
      Status: `Blodtryck ${pressureText(pressure)} mmHg. Vikt ${swedish(Math.round(weight))} kg, längd ${height} cm.`,
      Planering:
        smoker === "ja"
          ? "Erbjuds stöd att sluta röka, vill återkomma om det."
          : "Inga åtgärder i nuläget. Hör av sig vid behov.",
    },
  );
}

/** Vaccinations against covid-19, and each autumn against influenza from 65. */
function vaccinations(chart: Chart): void {
  const { dice } = chart;
  if (dice.chance(0.8)) {
    const first = wall(2021, 4, 6) + dice.between(0, 90) * 86_400_000;
    const doses = dice.between(2, 3);
    for (let dose = 1; dose <= doses; dose++) {
      shot(chart, addMonths(first, (dose - 1) * (dose === 3 ? 4 : 2)), {
        vaccine: "Vaccin mot covid-19 (mRNA)",
        atc: "J07BN01",
        dose,
        series: "Covid-19",
      });
    }
  }
  const years = new Date(chart.now).getUTCFullYear();
  for (let year = years - 4; year <= years; year++) {
    const at = wall(year, 10, 20) + dice.between(0, 25) * 86_400_000;
    if (at < chart.now && ageOf(chart, at) >= 65 && dice.chance(0.75)) {
      shot(chart, at, { vaccine: "Vaccin mot influensa, säsong " + `${year}/${year + 1}`, atc: "J07BB02" });
    }
  }
}

function shot(chart: Chart, day: number, plan: Parameters<typeof vaccinate>[1]): void {
  const at = atTime(workday(day), chart.dice.between(8, 15), chart.dice.pick([0, 10, 20, 30, 40, 50]));
  if (at >= chart.now || ageOf(chart, at) < 16) return;
  vaccinate(scene(chart, chart.person.centre, "sjuksköterska", at), {
    ...plan,
    site: chart.dice.chance(0.7) ? "Vänster överarm" : "Höger överarm",
  });
}
