/**
 * What the simulated laboratory examines: the demonstration region's own catalogue of analyses, one by one or in a few sets. Reference
 * intervals are the demonstration's, and nothing here is for care. SPEC EXCH-SIM-CATALOGUE
 */
import { ANALYSES, type Analysis, type AnalysisKey } from "../../demo/index.ts";

const SETS: Readonly<Record<string, readonly AnalysisKey[]>> = {
  Blodstatus: ["hb", "lpk", "tpk"],
  Elektrolytstatus: ["na", "k", "krea"],
  Leverstatus: ["alat", "asat", "alp", "gt", "bilirubin", "albumin"],
  Blodfetter: ["kolesterol", "hdl", "ldl", "tg"],
  Sköldkörtelprover: ["tsh", "ft4"],
  "Akuta prover": ["hb", "lpk", "crp", "na", "k", "krea", "glukos"],
  Avdelningsprover: ["hb", "crp", "na", "k", "krea"],
  Årskontroll: ["hb", "krea", "k", "hba1c", "kolesterol"],
  "Årskontroll diabetes": ["hba1c", "krea", "k", "ldl", "ualbkrea"],
  "PK(INR)": ["inr"],
};

const ALL: readonly Analysis[] = Object.values(ANALYSES);

/** The analyses that a code or a name of an order means; none when the laboratory does not know it. */
export function analysesOf(ordered: { readonly code: string; readonly name: string }): readonly Analysis[] {
  const one = ALL.find(({ code, name }) => code === ordered.code || name === ordered.name);
  if (one !== undefined) return [one];
  return (SETS[ordered.name] ?? []).map((key) => ANALYSES[key]);
}
