/**
 * A round of measuring as FHIR: an observation for each value with its LOINC code and UCUM unit, the score with what it was made from, and
 * the panel that holds them together. Pure.
 *
 * SPEC CLIN-OBS-1 · https://hl7.org/fhir/R4/observation-vitalsigns.html
 */
import { ExactNumber, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { CODES, CONSCIOUSNESS, OBSERVATION_URL } from "./codes.ts";
import type { ScoreSet } from "./knowledge/index.ts";
import type { Score } from "./score.ts";
import { VALUES, type Measured, type ValueName } from "./values.ts";
import type { Holds } from "./whom.ts";

/** One observation of a round: a pressure is one. */
export type PartName = Exclude<ValueName, "systolic" | "diastolic"> | "pressure";
export const PART_NAMES: readonly PartName[] = ["breaths", "saturation", "oxygen", "pressure", "pulse", "consciousness", "temperature"]; // prettier-ignore

/** What is known of how it was measured; null is not said. */
export type How = {
  readonly position: string | null;
  readonly thermometer: string | null;
  readonly device: string | null;
};
export const POSITIONS: Readonly<Record<string, string>> = { sitting: "Sittande", lying: "Liggande", standing: "Stående" }; // prettier-ignore
export const THERMOMETERS: Readonly<Record<string, string>> = { ear: "Öra", mouth: "Mun", rectal: "Ändtarm", axilla: "Armhåla", forehead: "Panna" }; // prettier-ignore
export const DEVICES: Readonly<Record<string, string>> = { cannula: "Näsgrimma", mask: "Mask", reservoir: "Mask med reservoar", "high-flow": "Högflöde", niv: "Noninvasiv ventilation" }; // prettier-ignore

export type Round = {
  readonly patient: string;
  readonly measured: Measured;
  readonly how: How;
  readonly at: string;
  readonly issued: string;
  readonly by: JsonObject;
};
export type Scoring = {
  readonly set: ScoreSet;
  readonly score: Score;
  readonly scale: string;
  readonly holds: Holds;
};

/** By which scale a score was made. */
export const SCALE_SYSTEM = `${OBSERVATION_URL}:spo2-skala`;
const VITAL: JsonObject = { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs", display: "Vital Signs" }] }; // prettier-ignore

function common({ patient, at, issued, by }: Round, code: JsonObject): JsonObject {
  return {
    resourceType: "Observation",
    status: "final",
    category: [VITAL],
    code,
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: at,
    issued,
    performer: [by],
  };
}

/** The observation of one part; nothing when it was not measured. */
export function observationOf(round: Round, name: PartName): JsonObject | undefined {
  const value = valueOf(round.measured, name);
  return value === undefined ? undefined : { ...common(round, CODES[name]), ...value, ...howOf(round.how, name) };
}

function valueOf(measured: Measured, name: PartName): JsonObject | undefined {
  if (name === "pressure") {
    const component = (["systolic", "diastolic"] as const).flatMap((one) => (measured[one] === undefined ? [] : [{ code: CODES[one], valueQuantity: quantityOf(one, measured[one]) }])); // prettier-ignore
    return component.length === 0 ? undefined : { component };
  }
  const text = measured[name];
  if (text === undefined) return undefined;
  const level = name === "consciousness" ? CONSCIOUSNESS[text] : undefined;
  return level === undefined ? { valueQuantity: quantityOf(name, text) } : { valueCodeableConcept: level };
}

/** The digits stand as they were typed: 37.0 is not 37. */
function quantityOf(name: ValueName, text: string): JsonObject {
  const value = VALUES[name];
  if (value.kind === "choice") return {}; // a level is no quantity
  return { value: new ExactNumber(text), unit: value.unit, system: "http://unitsofmeasure.org", code: value.ucum };
}

function howOf({ position, thermometer, device }: How, name: PartName): JsonObject {
  if (name === "pressure" && position !== null) return { extension: [{ url: `${OBSERVATION_URL}:lage`, valueCodeableConcept: saidAs("lage", position, POSITIONS) }] }; // prettier-ignore
  if (name === "temperature" && thermometer !== null) return { method: saidAs("matstalle", thermometer, THERMOMETERS) };
  if (name === "oxygen" && device !== null) return { method: saidAs("syrgas", device, DEVICES) };
  return {};
}

function saidAs(system: string, code: string, words: Readonly<Record<string, string>>): JsonObject {
  const display = words[code] ?? code;
  return { coding: [{ system: `${OBSERVATION_URL}:${system}`, code, display }], text: display };
}

/** The score, with what it was made from. One that is incomplete has no value, and says why. */
export function scoreObservation(
  round: Round,
  { set, score, scale, holds }: Scoring,
  from: readonly JsonValue[],
): JsonObject {
  // prettier-ignore
  const { total, response } = score;
  const meaning = response === null ? {} : { interpretation: [{ coding: [{ system: `${OBSERVATION_URL}:${set.id}`, code: response.id, display: response.risk.sv }], text: response.risk.sv }] }; // prettier-ignore
  const notes = [...(holds === "age-unknown" ? [`Åldern är inte känd: ${set.name} gäller från ${set.fromAge} år.`] : []), ...(total === null ? [incomplete(set, score)] : [])]; // prettier-ignore
  return {
    ...common(round, CODES.score),
    ...(total === null ? { dataAbsentReason: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/data-absent-reason", code: "not-performed" }], text: "ofullständig" } } : { valueInteger: total }), // prettier-ignore
    ...meaning,
    ...(notes.length === 0 ? {} : { note: notes.map((text) => ({ text })) }),
    method: {
      coding: [{ system: SCALE_SYSTEM, code: scale, display: `SpO₂-skala ${scale}` }],
      text: `${set.name} (${set.owner} ${set.version}), SpO₂-skala ${scale}`,
    },
    derivedFrom: [...from],
  };
}

function incomplete({ name }: ScoreSet, { missing, atLeast }: Score): string {
  const names = missing.map((one) => inSentence(VALUES[one].sv));
  return `${name} är ofullständig: ${names.join(", ")} saknas. Minst ${atLeast} poäng.`;
}

function inSentence(name: string): string {
  return name.slice(0, 1).toLocaleLowerCase("sv") + name.slice(1);
}

/** What holds a round together. */
export function panelOf(round: Round, members: readonly JsonValue[]): JsonObject {
  return { ...common(round, CODES.panel), hasMember: [...members] };
}
