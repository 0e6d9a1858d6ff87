/**
 * Analyses that the demonstration's laboratory examines and answers together, by the panel's name. The simulated laboratory knows the same
 * ones. SPEC DEMO-CATALOGUE-1
 */
import type { AnalysisKey } from "./analyses.ts";

export const PANELS = {
  "Akuta prover": ["hb", "lpk", "crp", "na", "k", "krea", "glukos"],
  Avdelningsprover: ["hb", "crp", "na", "k", "krea"],
  Blodstatus: ["hb", "lpk", "tpk"],
  Elektrolytstatus: ["na", "k", "krea"],
  Leverstatus: ["alat", "asat", "alp", "gt", "bilirubin", "albumin"],
  Blodfetter: ["kolesterol", "hdl", "ldl", "tg"],
  Sköldkörtelprover: ["tsh", "ft4"],
  Årskontroll: ["hb", "krea", "k", "hba1c", "kolesterol"],
  "Årskontroll diabetes": ["hba1c", "krea", "k", "ldl", "ualbkrea"],
  "PK(INR)": ["inr"],
} as const satisfies Readonly<Record<string, readonly AnalysisKey[]>>;
