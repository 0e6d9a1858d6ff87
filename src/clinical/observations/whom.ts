/**
 * For whom a score holds, and by which scale the oxygen saturation of a patient is judged: from the record, and what it does not say is
 * unknown. The second scale is used only while an ordination of its target stands (a Goal), as NEWS2 asks.
 *
 * SPEC CLIN-OBS-4, CLIN-OBS-5 · law 6 of the house
 */
import { ageInYears, parseLocalDate, zonedDate } from "../../base/index.ts";
import { listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import { disclosedTogether, readResource, searchResources, type Disclosed, type Visit } from "../../journal/index.ts";
import { factsIn } from "../medication/facts.ts";
import { KNOWLEDGE } from "../medication/knowledge/index.ts";
import { codesIn, objectIn, textIn } from "../said.ts";
import { OBSERVATION_URL } from "./codes.ts";
import type { ScoreSet } from "./knowledge/index.ts";

/** `age-unknown` scores and says so: the patient may be one for whom it does not hold. */
export type Holds = "yes" | "age-unknown" | "child" | "pregnant";
/** The ordination of the second scale. */
export type Target = {
  readonly id: string;
  readonly version: number;
  readonly since: string | null;
  readonly by: string | null;
  readonly why: string | null;
};
export type Whom = { readonly holds: Holds; readonly scale: "1" | "2"; readonly target: Target | null };

export const TARGET_CODE = "spo2-skala-2";
const MOST = "200";

/** What the reader may see of what decides it. Errors: NOT_FOUND, NO_CARE_RELATION, FORBIDDEN. */
export async function whomOf(visit: Visit, patient: string, set: ScoreSet): Promise<Disclosed<Whom>> {
  const person = await readResource(visit, "Patient", patient);
  const [conditions, goals] = await Promise.all([
    searchResources(visit, "Condition", [
      ["patient", patient],
      ["clinical-status", "active"],
      ["_count", MOST],
    ]),
    searchResources(visit, "Goal", [
      ["patient", patient],
      ["lifecycle-status", "active"],
      ["_count", MOST],
    ]),
  ]);
  return disclosedTogether([person, conditions, goals] as const, ([{ content }, told, targets]) => {
    const resources = [objectIn(content), ...told.rows.map((row) => objectIn(row.content))];
    const target = targets.rows.map((row) => objectIn(row.content)).find(isTarget);
    const holds = holdsFor(resources, { set, now: visit.clock().getTime() });
    return { holds, scale: target === undefined ? "1" : "2", target: target === undefined ? null : targetOf(target) };
  });
}

/** Of the patient and the conditions in these resources. */
export function holdsFor(
  resources: readonly JsonObject[],
  { set, now }: { readonly set: ScoreSet; readonly now: number },
): Holds {
  // prettier-ignore
  const { isPregnant } = factsIn({ now, knowledge: KNOWLEDGE, resources });
  const person = resources.find(({ resourceType }) => resourceType === "Patient");
  const [least, most] = agesOf(textIn(person?.["birthDate"]) ?? "", zonedDate(now));
  if (most < set.fromAge) return "child";
  if (isPregnant && !set.inPregnancy) return "pregnant";
  return least >= set.fromAge ? "yes" : "age-unknown";
}

/** The youngest and the oldest that somebody with this birth date, which may be a year alone, can be. */
function agesOf(born: string, today: NonNullable<ReturnType<typeof parseLocalDate>>): readonly [number, number] {
  const whole = parseLocalDate(born);
  const age = whole === undefined ? undefined : ageInYears(whole, today);
  if (age !== undefined) return [age, age];
  if (!/^\d{4}(?:-\d\d)?$/.test(born)) return [-1, Infinity];
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4));
  return [years - 1, years];
}

function isTarget(goal: JsonObject): boolean {
  return listOf(goal["category"]).some((one) => codesIn(one).includes(TARGET_CODE));
}

function targetOf(goal: JsonObject): Target {
  return {
    id: textIn(goal["id"]) ?? "",
    version: Number(objectOf(goal["meta"])["versionId"]),
    since: textIn(goal["statusDate"]) ?? null,
    by: textIn(objectOf(goal["expressedBy"])["display"]) ?? null,
    why: textIn(objectOf(listOf(goal["note"])[0])["text"]) ?? null, // it is written with one note
  };
}

/** The ordination as it is written. */
export function targetGoal(
  patient: string,
  said: { readonly by: JsonObject; readonly day: string; readonly at: string; readonly why: string },
): JsonObject {
  // prettier-ignore
  const percent = (value: number): JsonObject => ({ value, unit: "%", system: "http://unitsofmeasure.org", code: "%" });
  return {
    resourceType: "Goal",
    lifecycleStatus: "active",
    category: [{ coding: [{ system: OBSERVATION_URL, code: TARGET_CODE, display: "SpO₂-skala 2 i NEWS2" }] }],
    description: { text: "Målsaturation 88–92 %: SpO₂-skala 2 i NEWS2" },
    subject: { reference: `Patient/${patient}` },
    startDate: said.day,
    target: [{ measure: { coding: [{ system: "http://loinc.org", code: "59408-5" }] }, detailRange: { low: percent(88), high: percent(92) } }], // prettier-ignore
    statusDate: said.day,
    expressedBy: said.by,
    note: [{ time: said.at, text: said.why }],
  };
}
