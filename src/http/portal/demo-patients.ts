/**
 * Patients of the demonstration who can be signed in as: grown-ups, parents and young people; never one whose identity is protected.
 *
 * SPEC HTTP-PORTAL-SIGN-IN-2
 */
import { ageInYears, identityNumberIn, parseLocalDate } from "../../base/index.ts";
import { isJsonArray, isJsonObject, parseJson, protectionLabels, type JsonObject } from "../../fhir/index.ts";
import { searchResources, today } from "../../journal/index.ts";
import type { HttpOptions } from "../options.ts";

export type DemoPatient = { readonly number: string; readonly name: string; readonly age: number };

const LOOKS = {
  kind: "client",
  name: "inloggning för patienter",
  scopes: [{ type: "Patient", verbs: new Set(["r", "s"] as const) }],
  careProvider: null,
  careUnit: null,
} as const;

const MOST = "500";
const OF_EACH = 8;
/** From which age to which, in years, some of each are listed. */
const AGES = [
  [13, 17],
  [18, 29],
  [30, 50],
  [51, 120],
] as const;

/** Some people of each age, youngest first. */
export async function demoPatients({ journal }: HttpOptions, request: string): Promise<readonly DemoPatient[]> {
  const visit = { ...journal, actor: LOOKS, request };
  const { value } = await searchResources(visit, "Patient", [
    ["_sort", "birthdate"],
    ["_count", MOST],
  ]);
  const people = value.rows.flatMap(({ content }) => personIn(parseJson(content) as JsonObject, today(visit)) ?? []);
  return AGES.flatMap(([from, to]) => people.filter(({ age }) => age >= from && age <= to).slice(0, OF_EACH));
}

function personIn(patient: JsonObject, day: string): DemoPatient | undefined {
  const { birthDate, identifier, name, deceasedDateTime, deceasedBoolean } = patient;
  const born = typeof birthDate === "string" ? parseLocalDate(birthDate) : undefined;
  const now = parseLocalDate(day);
  const isDead = deceasedDateTime !== undefined || deceasedBoolean === true;
  if (born === undefined || now === undefined || isDead || protectionLabels(patient).length > 0) return undefined;
  const numbers = (isJsonArray(identifier) ? identifier : []).filter(isJsonObject);
  const number = numbers.flatMap(({ system, value }) =>
    typeof system === "string" && typeof value === "string" ? (identityNumberIn(system, value)?.value ?? []) : [],
  )[0]; // any of a person's numbers signs in
  const named = (isJsonArray(name) ? name.filter(isJsonObject) : []).find(({ text }) => typeof text === "string");
  const age = ageInYears(born, now);
  if (number === undefined || named === undefined || age === undefined) return undefined;
  return { number, name: String(named["text"]), age };
}
