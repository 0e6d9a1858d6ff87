/**
 * What one measures from: the values with their bounds, the score with its source, for whom it holds and by which scale, and the newest of
 * each value, in one answer.
 *
 * SPEC CLIN-OBS-3
 */
import { isNumber, listOf, numberText, objectOf, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { disclosedTogether, requireNeed, searchResources, type Disclosed, type Visit } from "../../journal/index.ts";
import { codesIn, objectIn, textIn } from "../said.ts";
import { CODES, CONSCIOUSNESS, isCoded } from "./codes.ts";
import { EARLY_WARNING, type ScoreSet } from "./knowledge/index.ts";
import { measuring } from "./may.ts";
import { DEVICES, POSITIONS, THERMOMETERS } from "./to-fhir.ts";
import { VALUE_NAMES, VALUES, type ValueName } from "./values.ts";
import { whomOf, type Whom } from "./whom.ts";

export type Before = { readonly value: ValueName; readonly text: string; readonly at: string };
export type MeasureDesk = {
  readonly set: ScoreSet;
  readonly values: typeof VALUES;
  readonly how: { readonly positions: typeof POSITIONS; readonly thermometers: typeof THERMOMETERS; readonly devices: typeof DEVICES }; // prettier-ignore
  readonly whom: Whom;
  /** The newest of each that the reader may see. */
  readonly before: readonly Before[];
};

const NEWEST = "60";

/** Errors: NOT_FOUND, NO_CARE_RELATION, FORBIDDEN. */
export async function measureDesk(visit: Visit, patient: string): Promise<Disclosed<MeasureDesk>> {
  await measuring(visit, "search");
  await requireNeed(visit, patient, `Patient/${patient} observations`);
  const [whom, found] = await Promise.all([
    whomOf(visit, patient, EARLY_WARNING),
    searchResources(visit, "Observation", [["patient", patient], ["category", "vital-signs"], ["_sort", "-date"], ["_count", NEWEST]]), // prettier-ignore
  ]);
  return disclosedTogether([whom, found] as const, ([who, { rows }]) => ({
    set: EARLY_WARNING,
    values: VALUES,
    how: { positions: POSITIONS, thermometers: THERMOMETERS, devices: DEVICES },
    whom: who,
    before: newestOf(rows.map(({ content }) => objectIn(content))),
  }));
}

const GONE: ReadonlySet<string> = new Set(["entered-in-error", "cancelled"]);

/** Of rows newest first. */
function newestOf(rows: readonly JsonObject[]): readonly Before[] {
  const standing = rows.filter(({ status }) => !GONE.has(textIn(status) ?? ""));
  return VALUE_NAMES.flatMap((value) => {
    for (const row of standing) {
      const [text, at] = [textOf(row, value), textIn(row["effectiveDateTime"])];
      if (text !== undefined && at !== undefined) return [{ value, text, at }];
    }
    return [];
  });
}

/** The value as it stands in an observation: digits as written, or a level; nothing when it is of something else, or in another unit. */
export function textOf(observation: JsonObject, name: ValueName): string | undefined {
  if (name === "systolic" || name === "diastolic") {
    const part = listOf(observation["component"]).map(objectOf).find(({ code }) => isCoded(code, CODES[name])); // prettier-ignore
    return digitsOf(part?.["valueQuantity"], name);
  }
  if (!isCoded(observation["code"], CODES[name])) return undefined;
  return name === "consciousness" ? levelOf(observation["valueCodeableConcept"]) : digitsOf(observation["valueQuantity"], name); // prettier-ignore
}

function digitsOf(quantity: JsonValue | undefined, name: ValueName): string | undefined {
  const definition = VALUES[name];
  const { value, code } = objectOf(quantity);
  return isNumber(value) && definition.kind === "quantity" && code === definition.ucum ? numberText(value) : undefined;
}

function levelOf(concept: JsonValue | undefined): string | undefined {
  const own = codesIn(concept);
  return Object.entries(CONSCIOUSNESS).find(([, wanted]) => codesIn(wanted).some((code) => own.includes(code)))?.[0];
}
