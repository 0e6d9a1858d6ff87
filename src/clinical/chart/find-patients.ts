/**
 * One box to find a patient: names in any order, an identity number in any common form, a birth date or year, a phone
 * number. What can be read in two ways is searched in both.
 *
 * SPEC CLIN-FIND
 */
import { identityNumberReadings, isRealDate } from "../../base/index.ts";
import { disclosedTogether, searchResources, type Disclosed, type Visit } from "../../journal/index.ts";
import { phoneForms } from "./phone-forms.ts";

export type Patients = { readonly items: readonly string[]; readonly more: boolean };

type Criteria = readonly (readonly [string, string])[];

const LONGEST_QUESTION = 100;
const MOST_WORDS = 4;

/** Patients that meet the question; none when it has no letter or digit. `today` (YYYY-MM-DD) settles centuries. */
export async function findPatients(
  visit: Visit,
  question: string,
  today: string,
  limit: number,
): Promise<Disclosed<Patients>> {
  const asked = question
    .slice(0, LONGEST_QUESTION)
    .replaceAll(/\p{Cc}/gu, " ")
    .trim();
  const found = await findAny(visit, readingsOf(asked, today), limit);
  return found.value.items.length > 0 ? found : findAny(visit, insideNames(asked, today), limit);
}

/** What meets any of the criteria, each patient once. */
async function findAny(visit: Visit, readings: readonly Criteria[], limit: number): Promise<Disclosed<Patients>> {
  const pages = await Promise.all(
    readings.map((criteria) => searchResources(visit, "Patient", [...criteria, ["_count", String(limit)]])),
  );
  return disclosedTogether([disclosedTogether(pages, (found) => found)], ([found]) => {
    const items = new Map(found.flatMap(({ rows }) => rows.map(({ id, content }) => [id, content] as const)));
    const more = items.size > limit || found.some(({ next }) => next !== null);
    return { items: [...items.values()].slice(0, limit), more };
  });
}

/** What the question can mean. Words are searched only when it is no number. */
function readingsOf(question: string, today: string): readonly Criteria[] {
  const numbers = identityNumberReadings(question, today).flatMap(({ value, formatted }) => [value, formatted]);
  const phones = phoneForms(question);
  const readings: Criteria[] = [];
  if (numbers.length > 0) readings.push([["identifier", numbers.map(escape).join(",")]]);
  if (phones.length > 0) readings.push([["phone", phones.map(escape).join(",")]]);
  if (readings.length > 0) return readings;
  const words = wordsOf(question);
  return words.length === 0 ? [] : [words.map((word) => criterionOf(word, today))];
}

/**
 * Of several words, one begins a name and the others stand inside names ("anna åkerström" for Anna von Åkerström). The
 * one that begins lets the index narrow the search, so a word alone is not looked for inside names.
 */
function insideNames(question: string, today: string): readonly Criteria[] {
  const criteria = wordsOf(question).map((word) => criterionOf(word, today));
  if (criteria.length < 2 || criteria.length > MOST_WORDS) return [];
  return criteria.map((_, beginning) =>
    criteria.map(([name, value], at) =>
      at === beginning || name !== "name" ? [name, value] : ["name:contains", value],
    ),
  );
}

function wordsOf(question: string): readonly string[] {
  return question.split(/[\s,]+/).filter((word) => /[\p{L}\d]/u.test(word));
}

function criterionOf(word: string, today: string): readonly [string, string] {
  const dates = datesOf(word, today);
  return dates.length > 0 ? ["birthdate", dates.join(",")] : ["name", escape(word)];
}

const FULL_DATE = /^((?:18|19|20)\d\d)-?(\d\d)-?(\d\d)$/;
const SHORT_DATE = /^(\d\d)-?(\d\d)-?(\d\d)$/;
const YEAR = /^(?:18|19|20)\d\d$/;

/** The birth dates that a word can mean: one with its century, or both that six digits can have. */
function datesOf(word: string, today: string): readonly string[] {
  if (YEAR.test(word)) return [word];
  const [, full, ...rest] = FULL_DATE.exec(word) ?? [];
  if (full !== undefined) return realDate(full, rest);
  const [, short, ...others] = SHORT_DATE.exec(word) ?? [];
  if (short === undefined) return [];
  return ["20", "19"].flatMap((century) => realDate(century + short, others)).filter((date) => date <= today);
}

function realDate(year: string, [month = "", day = ""]: readonly string[]): readonly string[] {
  return isRealDate(Number(year), Number(month), Number(day)) ? [`${year}-${month}-${day}`] : [];
}

/** The characters that separate values in a search. */
function escape(word: string): string {
  return word.replaceAll(/[\\,$|]/g, (found) => `\\${found}`);
}
