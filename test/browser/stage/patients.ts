/**
 * The patients that the tests need, found by what is in their charts, so that the tests hold whatever the generator names them. Their
 * charts are opened as a user would open them: a reason where nothing opens them, and the other units of the care provider chosen.
 */
import type { Patient } from "fhir/r4";
import type { Page } from "playwright-core";
import { rolesIn, type Roles } from "./region.ts";

/**
 * followed has the most haemoglobin values; of blank nobody at the care provider has recorded anything; of noneKnown somebody recorded
 * that no drug allergy is known.
 */
export type Cast = { readonly [role in keyof Roles]: Patient };

/** The patients, open to whoever is signed in on the page. */
export async function castOf(page: Page): Promise<Cast> {
  const found = await Promise.all(
    Object.entries(rolesIn()).map(async ([role, id]) => {
      await openChart(page, id);
      return [role, await answerOf<Patient>(page, `/fhir/R4/Patient/${id}`)] as const;
    }),
  );
  return Object.fromEntries(found) as Cast;
}

type Place = { readonly careProvider: string; readonly careUnit: string | null };
type Care = {
  readonly refusal: unknown;
  readonly hidden: readonly { readonly place: Place | null; readonly openings: readonly string[] }[];
};

/** Does over the wire what the door and the page of sources do: nothing that somebody else would have to agree to. */
export async function openChart(page: Page, id: string): Promise<void> {
  const path = `/api/patients/${id}/care`;
  const add = async (wish: object): Promise<Care> => {
    const answer = await page.request.post(path, { data: wish, headers: { "x-eira": "1" } });
    if (!answer.ok()) throw new Error(`${path} answered ${answer.status()}: ${(await answer.text()).slice(0, 300)}`);
    return (await answer.json()) as Care;
  };
  const before = await answerOf<Care>(page, path);
  const { hidden } = before.refusal === null ? before : await add({ kind: "reason", reason: "Planerat besök" });
  for (const { place, openings } of hidden)
    if (place !== null && openings[0] === "choose") await add({ kind: "choice", source: place });
}

async function answerOf<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(path);
  if (!answer.ok()) throw new Error(`${path} answered ${answer.status()}: ${(await answer.text()).slice(0, 300)}`);
  return (await answer.json()) as T;
}

/** The address of a section of a patient's chart. */
export function chart(patient: Patient, section = "oversikt"): string {
  return `/patienter/${patient.id}/${section}`;
}

export const SECTION_PATHS = [
  "oversikt",
  "tidslinje",
  "anteckningar",
  "lakemedel",
  "svar",
  "matvarden",
  "diagnoser",
  "overkanslighet",
  "remisser",
  "vardkontakter",
  "vaccinationer",
  "kallor",
  "sparrar",
  "vem-har-last",
] as const;
