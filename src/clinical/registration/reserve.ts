/**
 * The reserve number and the name of somebody whom nobody knows yet. Number and letter are drawn by the server and never given twice. What is
 * estimated is data of its own: the date in a number says nothing, and is that of nobody alive when no age is known.
 *
 * SPEC CLIN-REGISTER-2 · BASE-RRN
 */
import { addDays, parseLocalDate, REGIONAL_ISSUERS, vgrReserveNumbers, type ReserveSex } from "../../base/index.ts";
import { fhirError } from "../../fhir/index.ts";
import { drawReserveNumber, searchResources, today, type Visit } from "../../journal/index.ts";

export type Sex = ReserveSex;
export type Drawn = { readonly system: string; readonly value: string; readonly label: string };

/** The region's own series. */
export const RESERVE_SYSTEM = `urn:oid:${REGIONAL_ISSUERS.vgr.oid}`;
const LABELS = "urn:eira:registrering:namn";
/** Without an estimated age: a year in which nobody alive was born, so that a number taken for a birth date is seen to be none. */
const NO_AGE_YEAR = 1900;
const DAYS_AT_ONCE = 20;
const MOST_TRIES = 18;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");

/** `born` is a day (of a newborn), a year (estimated) or nothing. `name` is what one is called before the day and the letter. */
export type DrawAsk = { readonly by: string; readonly sex: Sex; readonly born: string | null; readonly name: string };

/** Draws number and label; the same ones again under the same name. Errors: RESERVE_NUMBERS_OUT, FORBIDDEN. */
export async function drawIdentity(visit: Visit, { by, sex, born, name }: DrawAsk): Promise<Drawn> {
  const value = await freeNumber(visit, { by, sex, born });
  const day = today(visit);
  const labels = [...LETTERS, ...LETTERS.flatMap((one) => LETTERS.map((other) => one + other))];
  const { value: label } = await drawReserveNumber(visit, {
    system: LABELS,
    by: `name ${by}`,
    values: labels.map((letters) => `${name} ${day} ${letters}`),
  });
  if (label === undefined) throw fhirError("RESERVE_NUMBERS_OUT");
  return { system: RESERVE_SYSTEM, value, label };
}

async function freeNumber(visit: Visit, { by, sex, born }: Omit<DrawAsk, "name">): Promise<string> {
  const exact = born !== null && born.length > 4;
  const first = parseLocalDate(exact ? born : `${born ?? NO_AGE_YEAR}-01-01`);
  for (let attempt = 0; first !== undefined && attempt < MOST_TRIES; attempt += 1) {
    const days = exact ? [first] : Array.from({ length: DAYS_AT_ONCE }, (_, at) => addDays(first, attempt * DAYS_AT_ONCE + at)); // prettier-ignore
    const values = days.flatMap((day) => vgrReserveNumbers(day.replaceAll("-", ""), sex));
    const { value } = await drawReserveNumber(visit, { system: RESERVE_SYSTEM, by: `${by} ${attempt}`, values });
    // One that another system gave out has a patient here already.
    if (value !== undefined && !(await isHeld(visit, value))) return value;
    // A day has few numbers; a newborn's that are given out are followed by those that say no sex.
    if (value === undefined && exact && sex !== "unknown") return freeNumber(visit, { by, sex: "unknown", born });
  }
  throw fhirError("RESERVE_NUMBERS_OUT");
}

async function isHeld(visit: Visit, value: string): Promise<boolean> {
  const found = await searchResources(visit, "Patient", [["identifier", `${RESERVE_SYSTEM}|${value}`], ["_count", "1"]]); // prettier-ignore
  return found.value.rows.length > 0;
}
