/**
 * Purposes: care reads charts; quality work, statistics and registers read extracts without identities or made for them
 * alone, and never a chart. One purpose never opens what another is for.
 *
 * SPEC ACC-USE · PDL (2008:355) 2 kap. 4–5 §§, 7 kap. (section numbers not verified)
 */
import { PURPOSES, type Purpose } from "./facts.ts";
import type { AccessRule } from "./rules.ts";

/** What is to be read: one patient's chart, a selection of many without identities, or one prepared for a role of its own. */
export type View = "chart" | "de-identified" | "role-separated" | "identified-cohort";

const VIEWS: Readonly<Record<Purpose, readonly View[]>> = {
  "Vård och behandling": ["chart"],
  Kvalitetssäkring: ["de-identified", "role-separated"],
  "Annan dokumentation enligt lag": ["role-separated"],
  Statistik: ["de-identified"],
  Administration: ["role-separated"],
  Kvalitetsregister: ["role-separated"],
};

/** Purposes that a patient may decline. */
const DECLINABLE: readonly Purpose[] = ["Kvalitetsregister"];

/** Answers why a purpose does not reach a view, or nothing. `hasDeclined`: the patient has said no to such use. */
export function refuseUse(purpose: Purpose, view: View, hasDeclined: boolean): AccessRule | undefined {
  const known = PURPOSES.find((one) => one === purpose);
  if (known === undefined || !VIEWS[known].includes(view)) return OTHER_PURPOSE;
  return hasDeclined && DECLINABLE.includes(known) ? DECLINED : undefined;
}

const OTHER_PURPOSE: AccessRule = {
  rule: "ACC-USE-PURPOSE",
  law: "PDL 2 kap. 4 §",
  sentence: "Ändamålet med uppdraget omfattar inte det här sättet att läsa uppgifter.",
};
const DECLINED: AccessRule = {
  rule: "ACC-USE-DECLINED",
  law: "PDL 7 kap. 2 §",
  sentence: "Patienten har motsatt sig att uppgifterna används för det här ändamålet.",
};
