/**
 * Samordningsnummer: as a personnummer with 60 added to the day. The birth time is what was stated when the number was asked
 * for, so month 00 and day 60 (unknown) occur, and so do days that the month lacks (31 April): the official test numbers hold
 * all three, and none may be refused. SPEC BASE-SNR · folkbokföringslagen (1991:481) 18 a §
 */
import { hasCheckDigit } from "./luhn.ts";
import { datePart, isBirthCentury, type Recognised } from "./shape.ts";

export const SAMORDNINGSNUMMER_SYSTEM = "http://electronichealth.se/identifier/samordningsnummer";
export const SAMORDNINGSNUMMER_OID = "1.2.752.129.2.1.3.3";

const FORM = /^\d{12}$/;
const ADDED_TO_DAY = 60;

/** Recognises a samordningsnummer in its stored form of twelve digits. */
export function recogniseSamordningsnummer(value: string): Recognised | undefined {
  if (!FORM.test(value)) return undefined;
  const { year, month, day } = datePart(value);
  if (!isBirthCentury(year) || month > 12 || day < ADDED_TO_DAY || day > ADDED_TO_DAY + 31) return undefined;
  if (value.slice(8, 11) === "000" || !hasCheckDigit(value.slice(2))) return undefined;
  return { born: value.slice(0, 6) + String(day - ADDED_TO_DAY).padStart(2, "0") };
}
