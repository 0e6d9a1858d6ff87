/**
 * A letter's words, made from a template: fields are filled from the record, what the writer adds has its one place, and the rest cannot
 * be changed. A field that the record has nothing for stops the letter; it is never left out.
 *
 * SPEC CLIN-LETTER-1
 */
import { fhirErrorAt } from "../../fhir/index.ts";

export const LETTER_KINDS = ["call", "result", "information", "completion"] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];
export const KIND_WORDS: Readonly<Record<LetterKind, string>> = {
  call: "Kallelse",
  result: "Provsvar",
  information: "Information",
  completion: "Begäran om komplettering",
};

/** What a template may ask the record for, and the place of the writer's own words. */
export const FIELDS = ["namn", "tid", "plats", "enhet", "fritext"] as const;
export type Field = (typeof FIELDS)[number];
export type Filled = Readonly<Record<Field, string | null>>;

const FIELD = /\{([^{}]*)\}/g;
export const LONGEST_TITLE = 120;
export const LONGEST_TEXT = 10_000;

/** Refuses words that no letter can be made of. Errors: LETTER_INVALID. */
export function refuseBadWords(text: string, where: string, most: number): void {
  const bad = text.trim() === "" ? ["tomt", "empty"] : text.length > most ? [`högst ${most} tecken`, `at most ${most} characters`] : /[^\P{Cc}\n\t]|\p{Cs}/u.test(text) ? ["styrtecken", "control characters"] : undefined; // prettier-ignore
  if (bad !== undefined) throw fhirErrorAt("LETTER_INVALID", where, { sv: `${where}: ${bad[0] ?? ""}`, en: `${where}: ${bad[1] ?? ""}` }); // prettier-ignore
}

/** Refuses a template that asks for what there is not, or whose brackets are not a field. Errors: LETTER_INVALID. */
export function refuseBadTemplate({ title, words }: { readonly title: string; readonly words: string }): void {
  refuseBadWords(title, "title", LONGEST_TITLE);
  refuseBadWords(words, "words", LONGEST_TEXT);
  const unknown = [...`${title}\n${words}`.matchAll(FIELD)].find(([, name]) => !FIELDS.some((one) => one === name));
  if (unknown !== undefined || /[{}]/.test(`${title}${words}`.replaceAll(FIELD, "")))
    throw fhirErrorAt("LETTER_INVALID", "words", {
      sv: `fält: ${FIELDS.join(", ")}`,
      en: `fields: ${FIELDS.join(", ")}`,
    });
}

/** The template's words with its fields filled. An unknown name leaves the greeting without one. Errors: LETTER_INVALID. */
export function fillWords(words: string, filled: Filled): string {
  return words
    .replaceAll(/ ?\{namn\}/g, (found) => (filled.namn === null ? "" : found.replace("{namn}", filled.namn)))
    .replaceAll(FIELD, (_, name: string) => {
      const value = filled[name as Field] ?? null;
      if (value === null || value.trim() === "")
        throw fhirErrorAt("LETTER_INVALID", name, { sv: `{${name}} saknas`, en: `{${name}} is missing` });
      return value;
    });
}

const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm", weekday: "long", day: "numeric", month: "long", year: "numeric" }); // prettier-ignore
const TIME = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm", hour: "2-digit", minute: "2-digit" });

/** A moment as a letter says it: `onsdag 3 december 2026 kl. 09.30`. */
export function momentInWords(instant: string): string | null {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? null : `${DAY.format(at)} kl. ${TIME.format(at).replace(":", ".")}`;
}
