/**
 * The codes by which measured values stand in the record: LOINC where FHIR's vital signs have one, else those that the record has already,
 * so that a trend goes on whoever measured.
 *
 * SPEC CLIN-OBS-1 · https://hl7.org/fhir/R4/observation-vitalsigns.html
 */
import { listOf, objectOf, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { textIn } from "../said.ts";
import type { ValueName } from "./values.ts";

export const OBSERVATION_URL = "urn:eira:matvarden";
export const LOINC = "http://loinc.org";
const LOCAL = "urn:eira:demo:observation";

const concept = (text: string, ...codings: readonly (readonly [system: string, code: string])[]): JsonObject => ({ coding: codings.map(([system, code]) => ({ system, code, display: text })), text }); // prettier-ignore

/** What each value is found and written by; a pressure is one observation with two components. */
export const CODES: Readonly<Record<ValueName | "pressure" | "score" | "panel", JsonObject>> = {
  breaths: concept("Andningsfrekvens", [LOINC, "9279-1"]),
  saturation: concept("Syremättnad (SpO₂)", [LOINC, "59408-5"], [LOINC, "2708-6"]),
  oxygen: concept("Syrgastillförsel", [LOCAL, "syrgastillforsel"], [LOINC, "3151-8"]),
  systolic: concept("Systoliskt blodtryck", [LOINC, "8480-6"]),
  diastolic: concept("Diastoliskt blodtryck", [LOINC, "8462-4"]),
  pressure: concept("Blodtryck", [LOINC, "85354-9"]),
  pulse: concept("Puls", [LOINC, "8867-4"]),
  consciousness: concept("Medvetandegrad (ACVPU)", [LOINC, "67775-7"]),
  temperature: concept("Kroppstemperatur", [LOINC, "8310-5"]),
  score: concept("NEWS2", [LOCAL, "news2"]),
  panel: concept("Mätomgång", [LOINC, "85353-1"]),
};

/** Each level as the record has it. */
export const CONSCIOUSNESS: Readonly<Record<string, JsonObject>> = {
  A: concept("A, alert", [LOCAL, "a-alert"]),
  C: concept("C, nytillkommen förvirring", [LOCAL, "c-nytillkommen-forvirring"]),
  V: concept("V, reagerar på tilltal", [LOCAL, "v-reagerar-pa-tilltal"]),
  P: concept("P, reagerar på smärta", [LOCAL, "p-reagerar-pa-smarta"]),
  U: concept("U, reagerar inte", [LOCAL, "u-reagerar-inte"]),
};

/** True when a concept has one of the codes, in its system. */
export function isCoded(code: JsonValue | undefined, wanted: JsonObject): boolean {
  const own = listOf(objectOf(code)["coding"]).map(nameOfCoding);
  return listOf(wanted["coding"]).map(nameOfCoding).some((one) => own.includes(one)); // prettier-ignore
}

function nameOfCoding(coding: JsonValue): string {
  const { system, code } = objectOf(coding);
  return `${textIn(system) ?? ""}|${textIn(code) ?? ""}`;
}
