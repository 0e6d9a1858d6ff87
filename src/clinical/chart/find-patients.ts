/**
 * One box to find a patient: names in any order, an identity number in any common form, a birth date, or a phone number.
 *
 * SPEC CLIN-FIND
 */
import { parseIdentityNumber } from "../../base/index.ts";
import { disclosedTogether, searchResources, type Disclosed, type Visit } from "../../journal/index.ts";

export type Patients = { readonly items: readonly string[]; readonly more: boolean };

const BIRTH_DATE = /^((?:18|19|20)\d\d)-?(\d\d)-?(\d\d)$/;
const PHONE = /^\+?[\d ()-]{7,20}$/;
const LONGEST_QUESTION = 100;

/** Patients that meet the question; none when it has no letter or digit. `today` (YYYY-MM-DD) settles centuries. */
export async function findPatients(
  visit: Visit,
  question: string,
  today: string,
  limit: number,
): Promise<Disclosed<Patients>> {
  const asked = criteriaOf(question.slice(0, LONGEST_QUESTION).trim(), today);
  if (asked.length === 0) return disclosedTogether([], () => ({ items: [], more: false }));
  const page = await searchResources(visit, "Patient", [...asked, ["_count", String(limit)]]);
  return disclosedTogether([page], ([found]) => ({
    items: found.rows.map(({ content }) => content),
    more: found.next !== null,
  }));
}

function criteriaOf(question: string, today: string): (readonly [string, string])[] {
  const number = parseIdentityNumber(question, today);
  if (number !== undefined) return [["identifier", number.value]];
  const [, year, month, day] = BIRTH_DATE.exec(question) ?? [];
  if (year !== undefined) return [["birthdate", `${year}-${month}-${day}`]];
  if (PHONE.test(question)) return [["phone", question.replaceAll(/[^\d+]/g, "")]];
  return question
    .split(/[\s,]+/)
    .filter((word) => /[\p{L}\d]/u.test(word))
    .map((word) => ["name", escape(word)] as const);
}

/** The characters that separate values in a search. */
function escape(word: string): string {
  return word.replaceAll(/[\\,$|]/g, (found) => `\\${found}`);
}
