/**
 * What the simulated laboratory examines: the demonstration region's own catalogue of analyses, one by one or in a few sets. Reference
 * intervals are the demonstration's, and nothing here is for care. SPEC EXCH-SIM-CATALOGUE
 */
import { ANALYSES, PANELS, type Analysis, type AnalysisKey } from "../../demo/index.ts";

const ALL: readonly Analysis[] = Object.values(ANALYSES);

/** The analyses that a code or a name of an order means; none when the laboratory does not know it. */
export function analysesOf(ordered: { readonly code: string; readonly name: string }): readonly Analysis[] {
  const one = ALL.find(({ code, name }) => code === ordered.code || name === ordered.name);
  if (one !== undefined) return [one];
  const panels: Readonly<Record<string, readonly AnalysisKey[]>> = PANELS;
  return (panels[ordered.name] ?? []).map((key) => ANALYSES[key]);
}

/** Whether blood is asked for, as the demonstration's catalogue names it. */
export function isBlood({ name }: { readonly name: string }): boolean {
  return /^(?:Nödblod|Blodgruppering) /.test(name);
}
