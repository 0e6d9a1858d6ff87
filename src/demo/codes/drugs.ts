/**
 * The drugs of the stories: ATC code, substance, form, and strength of one unit. Generic names only. SPEC DEMO-CODE
 * ATC: WHO Collaborating Centre for Drug Statistics Methodology.
 */
export interface Drug {
  readonly atc: string;
  readonly substance: string;
  /** Form and strength, as on a prescription. */
  readonly product: string;
  /** What one of them is called: tablett, kapsel, dos, ml. */
  readonly unit: readonly [one: string, many: string];
  /** Amount of active substance in one unit, and its UCUM unit. */
  readonly strength: readonly [amount: number, ucum: string];
  readonly route: Route;
}

export type Route =
  | "oralt"
  | "inhalation"
  | "subkutant"
  | "intravenöst"
  | "intramuskulärt"
  | "på huden"
  | "under tungan"
  | "i näsan"
  | "vaginalt";

const TABLET = ["tablett", "tabletter"] as const;
const CAPSULE = ["kapsel", "kapslar"] as const;
const PUFF = ["dos", "doser"] as const;
const INJECTION = ["injektion", "injektioner"] as const;
const INFUSION = ["infusion", "infusioner"] as const;
const SACHET = ["dospåse", "dospåsar"] as const;

type OralRow = readonly [atc: string, substance: string, mg: number, unit?: Drug["unit"], form?: string];
type Row = readonly [
  atc: string,
  substance: string,
  product: string,
  unit: Drug["unit"],
  strength: Drug["strength"],
  route: Route,
];

function oral(...[atc, substance, mg, unit = TABLET, form = unit[0]]: OralRow): Drug {
  return {
    atc,
    substance,
    product: `${form} ${String(mg).replace(".", ",")} mg`,
    unit,
    strength: [mg, "mg"],
    route: "oralt",
  };
}

function other(...[atc, substance, product, unit, strength, route]: Row): Drug {
  return { atc, substance, product, unit, strength, route };
}

export const DRUGS = {
  enalapril5: oral("C09AA02", "Enalapril", 5),
  enalapril10: oral("C09AA02", "Enalapril", 10),
  enalapril20: oral("C09AA02", "Enalapril", 20),
  losartan50: oral("C09CA01", "Losartan", 50),
  losartan100: oral("C09CA01", "Losartan", 100),
  amlodipin5: oral("C08CA01", "Amlodipin", 5),
  amlodipin10: oral("C08CA01", "Amlodipin", 10),
  hydroklortiazid: oral("C03AA03", "Hydroklortiazid", 12.5),
  metoprolol50: oral("C07AB02", "Metoprolol", 50, TABLET, "depottablett"),
  metoprolol100: oral("C07AB02", "Metoprolol", 100, TABLET, "depottablett"),
  bisoprolol25: oral("C07AB07", "Bisoprolol", 2.5),
  bisoprolol5: oral("C07AB07", "Bisoprolol", 5),
  furosemid40: oral("C03CA01", "Furosemid", 40),
  furosemidIv: other("C03CA01", "Furosemid", "injektionsvätska 10 mg/ml", INJECTION, [40, "mg"], "intravenöst"),
  spironolakton: oral("C03DA01", "Spironolakton", 25),
  dapagliflozin: oral("A10BK01", "Dapagliflozin", 10),
  atorvastatin20: oral("C10AA05", "Atorvastatin", 20),
  atorvastatin40: oral("C10AA05", "Atorvastatin", 40),
  atorvastatin80: oral("C10AA05", "Atorvastatin", 80),
  asa75: oral("B01AC06", "Acetylsalicylsyra", 75),
  ticagrelor: oral("B01AC24", "Ticagrelor", 90),
  glyceryl: other(
    "C01DA02",
    "Glyceryltrinitrat",
    "resoriblett 0,5 mg",
    ["resoriblett", "resoribletter"],
    [0.5, "mg"],
    "under tungan",
  ),
  warfarin: oral("B01AA03", "Warfarin", 2.5),
  apixaban5: oral("B01AF02", "Apixaban", 5),
  apixaban25: oral("B01AF02", "Apixaban", 2.5),
  tinzaparin: other("B01AB10", "Tinzaparin", "förfylld spruta 4 500 IE", INJECTION, [4500, "[iU]"], "subkutant"),
  dalteparin: other("B01AB04", "Dalteparin", "förfylld spruta 5 000 IE", INJECTION, [5000, "[iU]"], "subkutant"),
  fondaparinux: other("B01AX05", "Fondaparinux", "förfylld spruta 2,5 mg", INJECTION, [2.5, "mg"], "subkutant"),
  metformin500: oral("A10BA02", "Metformin", 500),
  metformin1000: oral("A10BA02", "Metformin", 1000),
  empagliflozin: oral("A10BK03", "Empagliflozin", 10),
  sitagliptin: oral("A10BH01", "Sitagliptin", 100),
  semaglutid: other("A10BJ06", "Semaglutid", "injektionspenna 0,5 mg", INJECTION, [0.5, "mg"], "subkutant"),
  glargin: other(
    "A10AE04",
    "Insulin glargin",
    "injektionspenna 100 E/ml",
    ["enhet", "enheter"],
    [1, "[iU]"],
    "subkutant",
  ),
  levotyroxin50: other("H03AA01", "Levotyroxin", "tablett 50 mikrogram", TABLET, [50, "ug"], "oralt"),
  levotyroxin75: other("H03AA01", "Levotyroxin", "tablett 75 mikrogram", TABLET, [75, "ug"], "oralt"),
  levotyroxin100: other("H03AA01", "Levotyroxin", "tablett 100 mikrogram", TABLET, [100, "ug"], "oralt"),
  salbutamol: other("R03AC02", "Salbutamol", "inhalationspulver 0,2 mg/dos", PUFF, [0.2, "mg"], "inhalation"),
  budesonid: other("R03BA02", "Budesonid", "inhalationspulver 200 mikrogram/dos", PUFF, [200, "ug"], "inhalation"),
  budesonidFormoterol: other(
    "R03AK07",
    "Formoterol och budesonid",
    "inhalationspulver 160/4,5 mikrogram/dos",
    PUFF,
    [160, "ug"],
    "inhalation",
  ),
  tiotropium: other("R03BB04", "Tiotropium", "inhalationspulver 18 mikrogram", CAPSULE, [18, "ug"], "inhalation"),
  indakaterol: other(
    "R03AL04",
    "Indakaterol och glykopyrronium",
    "inhalationspulver 85/43 mikrogram",
    CAPSULE,
    [85, "ug"],
    "inhalation",
  ),
  prednisolon: oral("H02AB06", "Prednisolon", 5),
  sertralin50: oral("N06AB06", "Sertralin", 50),
  sertralin100: oral("N06AB06", "Sertralin", 100),
  escitalopram: oral("N06AB10", "Escitalopram", 10),
  mirtazapin: oral("N06AX11", "Mirtazapin", 15),
  zopiklon: oral("N05CF01", "Zopiklon", 5),
  donepezil: oral("N06DA02", "Donepezil", 5),
  paracetamol500: oral("N02BE01", "Paracetamol", 500),
  paracetamol1g: oral("N02BE01", "Paracetamol", 1000),
  oxikodon5: oral("N02AA05", "Oxikodon", 5, CAPSULE),
  morfinIv: other("N02AA01", "Morfin", "injektionsvätska 10 mg/ml", INJECTION, [5, "mg"], "intravenöst"),
  naproxen: oral("M01AE02", "Naproxen", 500),
  ibuprofen: oral("M01AE01", "Ibuprofen", 400),
  sumatriptan: oral("N02CC01", "Sumatriptan", 50),
  penicillinV: oral("J01CE02", "Fenoximetylpenicillin", 1000),
  bensylpenicillin: other("J01CE01", "Bensylpenicillin", "infusionsvätska 3 g", INFUSION, [3, "g"], "intravenöst"),
  cefotaxim: other("J01DD01", "Cefotaxim", "infusionsvätska 1 g", INFUSION, [1, "g"], "intravenöst"),
  pivmecillinam: oral("J01CA08", "Pivmecillinam", 200),
  nitrofurantoin: oral("J01XE01", "Nitrofurantoin", 50),
  ciprofloxacin: oral("J01MA02", "Ciprofloxacin", 500),
  klindamycin: oral("J01FF01", "Klindamycin", 300, CAPSULE),
  doxycyklin: oral("J01AA02", "Doxycyklin", 100),
  amoxicillin: oral("J01CA04", "Amoxicillin", 750),
  kalciumD: other("A12AX", "Kalcium och kolekalciferol", "tuggtablett 500 mg/800 IE", TABLET, [500, "mg"], "oralt"),
  alendronat: oral("M05BA04", "Alendronsyra", 70),
  vitaminD: other(
    "A11CC05",
    "Kolekalciferol",
    "orala droppar 80 IE/droppe",
    ["droppe", "droppar"],
    [80, "[iU]"],
    "oralt",
  ),
  jarn: oral("B03AA07", "Järnsulfat", 100, TABLET, "depottablett"),
  b12: oral("B03BA01", "Cyanokobalamin", 1),
  folsyra: oral("B03BB01", "Folsyra", 1),
  omeprazol: oral("A02BC01", "Omeprazol", 20, CAPSULE, "enterokapsel"),
  makrogol: other("A06AD65", "Makrogol, kombinationer", "pulver till oral lösning", SACHET, [1, "{dospåse}"], "oralt"),
  desloratadin: oral("R06AX27", "Desloratadin", 5),
  mometason: other("R01AD09", "Mometason", "nässpray 50 mikrogram/dos", PUFF, [50, "ug"], "i näsan"),
  adrenalinPenna: other("C01CA24", "Adrenalin", "autoinjektor 0,3 mg", INJECTION, [0.3, "mg"], "intramuskulärt"),
  betametasonTab: oral("H02AB01", "Betametason", 0.5),
  betametasonKram: other(
    "D07AC01",
    "Betametason",
    "kräm 0,1 %",
    ["applicering", "appliceringar"],
    [1, "{applicering}"],
    "på huden",
  ),
  kalcipotriol: other(
    "D05AX52",
    "Kalcipotriol och betametason",
    "gel 50 mikrogram/g + 0,5 mg/g",
    ["applicering", "appliceringar"],
    [1, "{applicering}"],
    "på huden",
  ),
  tamsulosin: oral("G04CA02", "Tamsulosin", 0.4, CAPSULE, "depotkapsel"),
  ondansetron: oral("A04AA01", "Ondansetron", 8),
  epirubicin: other("L01DB03", "Epirubicin", "infusionsvätska", INFUSION, [150, "mg"], "intravenöst"),
  cyklofosfamid: other("L01AA01", "Cyklofosfamid", "infusionsvätska", INFUSION, [1000, "mg"], "intravenöst"),
  paklitaxel: other("L01CD01", "Paklitaxel", "infusionsvätska", INFUSION, [140, "mg"], "intravenöst"),
  pegfilgrastim: other("L03AA13", "Pegfilgrastim", "förfylld spruta 6 mg", INJECTION, [6, "mg"], "subkutant"),
  letrozol: oral("L02BG04", "Letrozol", 2.5),
} as const satisfies Record<string, Drug>;

export type DrugKey = keyof typeof DRUGS;

/** Substance and product, as a line in a list. */
export function drugText(key: DrugKey): string {
  const drug: Drug = DRUGS[key];
  return `${drug.substance} ${drug.product}`;
}
