/**
 * Laboratory analyses: code, Swedish short name, unit and reference interval by sex and age.
 * NPU codes are those that Swedish laboratories print beside these names; where we were not sure of one, the analysis
 * carries a local code. Intervals are common Swedish adult ones, for demonstration, not for care. SPEC DEMO-LAB
 */
import { LOCAL, slug, SYSTEM } from "./systems.ts";

export interface Reference {
  readonly low?: number;
  readonly high?: number;
}

export interface Analysis {
  readonly name: string;
  readonly code: string;
  readonly system: string;
  readonly unit: string;
  readonly ucum: string;
  readonly decimals: number;
  readonly reference: (who: { woman: boolean; age: number }) => Reference;
}

type Bounds = Reference | Analysis["reference"];
/** A line of the table below: name, unit and its UCUM code, decimals, reference interval. */
type Row = readonly [name: string, unit: readonly [string, string?], decimals: number, bounds: Bounds];

function npu(code: string, ...row: Row): Analysis {
  return analysis(SYSTEM.npu, code, row);
}

function own(...row: Row): Analysis {
  return analysis(LOCAL.analysis, slug(row[0]), row);
}

function analysis(system: string, code: string, [name, unit, decimals, bounds]: Row): Analysis {
  const reference = typeof bounds === "function" ? bounds : () => bounds;
  return { system, code, name, unit: unit[0], ucum: unit[1] ?? unit[0], decimals, reference };
}

const sexed =
  (woman: Reference, man: Reference): Bounds =>
  (who) =>
    who.woman ? woman : man;

export const ANALYSES = {
  hb: npu("NPU28309", "B-Hemoglobin", ["g/L"], 0, sexed({ low: 117, high: 153 }, { low: 134, high: 170 })),
  lpk: npu("NPU02593", "B-Leukocyter", ["10⁹/L", "10*9/L"], 1, { low: 3.5, high: 8.8 }),
  tpk: npu(
    "NPU03568",
    "B-Trombocyter",
    ["10⁹/L", "10*9/L"],
    0,
    sexed({ low: 165, high: 387 }, { low: 145, high: 348 }),
  ),
  neutro: npu("NPU02902", "B-Neutrofila", ["10⁹/L", "10*9/L"], 1, { low: 1.7, high: 7.5 }),
  mcv: npu("NPU01944", "Erc(B)-MCV", ["fL"], 0, { low: 82, high: 98 }),
  mch: npu("NPU26880", "Erc(B)-MCH", ["pg"], 0, { low: 27, high: 33 }),
  crp: npu("NPU19748", "P-CRP", ["mg/L"], 0, { high: 5 }),
  sr: npu("NPU03404", "B-SR", ["mm"], 0, (who) => ({
    high: who.age >= 50 ? (who.woman ? 30 : 20) : who.woman ? 20 : 15,
  })),
  na: npu("NPU03429", "P-Natrium", ["mmol/L"], 0, { low: 137, high: 145 }),
  k: npu("NPU03230", "P-Kalium", ["mmol/L"], 1, { low: 3.5, high: 4.4 }),
  krea: npu("NPU04998", "P-Kreatinin", ["µmol/L", "umol/L"], 0, sexed({ low: 45, high: 90 }, { low: 60, high: 105 })),
  egfr: own("Pt-eGFR(Krea)relativ", ["mL/min/1,73 m²", "mL/min/{1.73_m2}"], 0, { low: 60 }),
  ca: npu("NPU01443", "P-Calcium", ["mmol/L"], 2, { low: 2.15, high: 2.5 }),
  albumin: npu("NPU19673", "P-Albumin", ["g/L"], 0, (who) => ({ low: who.age > 70 ? 34 : 36, high: 45 })),
  hba1c: npu("NPU27300", "Hb(B)-HbA1c", ["mmol/mol"], 0, (who) =>
    who.age < 50 ? { low: 27, high: 42 } : { low: 31, high: 46 },
  ),
  glukos: npu("NPU02192", "P-Glukos", ["mmol/L"], 1, { low: 4, high: 7.8 }),
  fglukos: npu("NPU02195", "fP-Glukos", ["mmol/L"], 1, { low: 4.2, high: 6.3 }),
  tsh: npu("NPU03577", "P-TSH", ["mE/L", "m[IU]/L"], 2, { low: 0.3, high: 4.2 }),
  ft4: npu("NPU03579", "P-Tyroxin, fritt", ["pmol/L"], 0, { low: 12, high: 22 }),
  kolesterol: npu("NPU01566", "P-Kolesterol", ["mmol/L"], 1, (who) =>
    who.age > 50 ? { low: 3.9, high: 7.8 } : { low: 3.3, high: 6.9 },
  ),
  hdl: npu("NPU01567", "P-HDL-kolesterol", ["mmol/L"], 1, sexed({ low: 1, high: 2.7 }, { low: 0.8, high: 2.1 })),
  ldl: npu("NPU01568", "P-LDL-kolesterol", ["mmol/L"], 1, (who) =>
    who.age > 50 ? { low: 2, high: 5.3 } : { low: 1.4, high: 4.7 },
  ),
  tg: npu("NPU04094", "P-Triglycerider", ["mmol/L"], 1, { low: 0.45, high: 2.6 }),
  inr: npu("NPU01685", "P-PK(INR)", ["INR", "{INR}"], 1, { high: 1.2 }),
  ferritin: npu("NPU19763", "P-Ferritin", ["µg/L", "ug/L"], 0, sexed({ low: 15, high: 150 }, { low: 30, high: 400 })),
  b12: npu("NPU01700", "P-Kobalamin (B12)", ["pmol/L"], 0, { low: 140, high: 650 }),
  alat: npu("NPU19981", "P-ALAT", ["µkat/L", "ukat/L"], 2, sexed({ low: 0.15, high: 0.75 }, { low: 0.15, high: 1.1 })),
  asat: npu("NPU22279", "P-ASAT", ["µkat/L", "ukat/L"], 2, sexed({ low: 0.25, high: 0.6 }, { low: 0.25, high: 0.75 })),
  alp: npu("NPU53078", "P-ALP", ["µkat/L", "ukat/L"], 2, { low: 0.6, high: 1.8 }),
  gt: npu("NPU22283", "P-GT", ["µkat/L", "ukat/L"], 2, sexed({ low: 0.15, high: 1.2 }, { low: 0.2, high: 1.9 })),
  bilirubin: npu("NPU01370", "P-Bilirubin", ["µmol/L", "umol/L"], 0, { low: 5, high: 25 }),
  tnt: npu("NPU27501", "P-Troponin T", ["ng/L"], 0, { high: 14 }),
  bnp: npu("NPU21571", "P-NT-proBNP", ["ng/L"], 0, (who) => ({ high: who.age < 75 ? 125 : 450 })),
  ddimer: npu("NPU28289", "P-D-dimer", ["mg/L FEU", "mg/L{FEU}"], 2, { high: 0.5 }),
  ualbkrea: own("U-Albumin/kreatinin", ["mg/mmol"], 1, { high: 3 }),
  laktat: own("P-Laktat", ["mmol/L"], 1, { low: 0.5, high: 1.6 }),
} as const satisfies Record<string, Analysis>;

export type AnalysisKey = keyof typeof ANALYSES;
