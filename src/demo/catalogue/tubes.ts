/**
 * The tubes of the demonstration's laboratory as SpecimenDefinitions: cap, order of drawing, and what is made from each. For showing the
 * software, not for care. SPEC DEMO-CATALOGUE-3 · the extensions are those of clinical (SPEC CLIN-SPECIMEN)
 */
import type { Extension, SpecimenDefinition } from "fhir/r4";
import { newId } from "../../base/index.ts";
import type { DemoEntry } from "../chart/chart.ts";
import { ANALYSES, type Analysis, type AnalysisKey } from "../codes/analyses.ts";
import { PANELS } from "../codes/panels.ts";
import { concept, local, LOCAL } from "../codes/systems.ts";
import { dice } from "../dice.ts";
import { utcMs, wall } from "../time.ts";
import { BLOOD_ITEMS } from "./blood.ts";

const URL = "urn:eira:provtagning";

type Row = {
  readonly code: string;
  readonly title: string;
  readonly cap: string;
  readonly material: string;
  readonly within: number;
  readonly keys: readonly AnalysisKey[];
  /** What the laboratory does with it that has no number for its answer. */
  readonly others?: readonly string[];
  readonly how?: string;
};

/** In the order of drawing. */
const ROWS: readonly Row[] = [
  {
    code: "citrat",
    title: "Citratrör 2,7 ml",
    cap: "ljusblå",
    material: "Venöst blod",
    within: 240,
    keys: ["inr", "ddimer"],
    how: "Fyll till strecket.",
  },
  {
    code: "heparin",
    title: "Heparinrör med gel 4 ml",
    cap: "ljusgrön",
    material: "Venöst blod",
    within: 240,
    keys: [
      "crp",
      "na",
      "k",
      "krea",
      "egfr",
      "ca",
      "albumin",
      "tsh",
      "ft4",
      "kolesterol",
      "hdl",
      "ldl",
      "tg",
      "ferritin",
      "b12",
      "alat",
      "asat",
      "alp",
      "gt",
      "bilirubin",
      "tnt",
      "bnp",
    ],
  },
  {
    code: "edta",
    title: "EDTA-rör 4 ml",
    cap: "lila",
    material: "Venöst blod",
    within: 360,
    keys: ["hb", "lpk", "tpk", "neutro", "mcv", "mch", "sr", "hba1c"],
    how: "Vänd åtta gånger.",
  },
  {
    code: "edta-blod",
    title: "EDTA-rör 6 ml till blodcentralen",
    cap: "rosa",
    material: "Venöst blod",
    within: 120,
    keys: [],
    others: BLOOD_ITEMS,
    how: "Identitet på armen och märkning vid sängen. Vänta inte med nödblod på provet.",
  },
  {
    code: "fluorid",
    title: "Fluoridrör 2 ml",
    cap: "grå",
    material: "Venöst blod",
    within: 120,
    keys: ["glukos", "fglukos", "laktat"],
  },
  { code: "urin", title: "Urinrör 10 ml", cap: "gul", material: "Urin", within: 240, keys: ["ualbkrea"] },
];
/** What does not keep as long as its tube. */
const WITHIN: Readonly<Partial<Record<AnalysisKey, number>>> = { laktat: 30, k: 180 };

export function tubeEntries(seed: number): readonly DemoEntry[] {
  const chance = dice(seed, "tubes");
  return ROWS.map((row, at) => ({
    resource: tubeOf(row, at + 1, newId(0, utcMs(wall(2024, 1, 1)), chance.bytes(10))),
    careUnit: null,
    careProvider: null,
  }));
}

function tubeOf(
  { code, title, cap, material, within, keys, others = [], how }: Row,
  rank: number,
  id: string,
): SpecimenDefinition {
  return {
    resourceType: "SpecimenDefinition",
    id,
    extension: [
      { url: `${URL}:ordning`, valueInteger: rank },
      { url: `${URL}:inom`, valueInteger: within },
      ...keys.map((key) => madeFrom(ANALYSES[key], WITHIN[key])),
      ...[...panelsOf(keys), ...others].map(ofOwn),
    ],
    typeCollected: local(LOCAL.specimen, material),
    typeTested: [
      {
        preference: "preferred",
        container: {
          type: { coding: [{ system: `${URL}:ror`, code, display: title }] },
          cap: { text: cap },
          ...(how === undefined ? {} : { description: how }),
        },
      },
    ],
  };
}

function madeFrom({ system, code, name }: Analysis, within?: number): Extension {
  return {
    url: `${URL}:analys`,
    extension: [
      { url: "kod", valueCodeableConcept: concept(system, code, name) },
      ...(within === undefined ? [] : [{ url: "inom", valueInteger: within }]),
    ],
  };
}

/** A panel needs each tube that one of its analyses needs. */
function panelsOf(keys: readonly AnalysisKey[]): string[] {
  return Object.entries(PANELS).flatMap(([name, parts]) => (parts.some((part) => keys.includes(part)) ? [name] : []));
}

/** What has a code of the region's own. */
function ofOwn(name: string): Extension {
  return {
    url: `${URL}:analys`,
    extension: [{ url: "kod", valueCodeableConcept: local(LOCAL.analysis, name) }],
  };
}
