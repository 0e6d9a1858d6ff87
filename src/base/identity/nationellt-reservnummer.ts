/**
 * Nationellt reservnummer (NRID), XXYYMMDDNNGC: XX is the century of birth plus a multiple of 3 up to 78, or 00 when the birth date is
 * unknown; NN are letters; G is a digit, or a letter when the sex is unknown; C is a check digit over all eleven before it, in which a
 * letter counts as its ASCII code. SPEC BASE-NRID · Inera, Nationellt ReservID, specifikation 1.0 ·
 * https://confluence.cgiostersund.se/display/PU/Nationellt+Reservidformat
 */
import { isRealDate } from "../time/calendar.ts";
import { hasCheckDigit } from "./luhn.ts";
import { datePart, type Recognised } from "./shape.ts";

export const NATIONELLT_RESERVNUMMER_SYSTEM = "http://electronichealth.se/identifier/nationelltReservnummer";
export const NATIONELLT_RESERVNUMMER_OID = "1.2.752.74.9.1";

/** A to Z without I, O, Q, V and W, which are easily misread. */
const FORM = /^\d{8}[A-HJ-NPR-UX-Z]{2}[0-9A-HJ-NPR-UX-Z]\d$/;
const CENTURIES = [19, 20] as const;
const LARGEST_ADDITION = 78;

/** Recognises a nationellt reservnummer in its stored form of twelve characters. */
export function recogniseNationelltReservnummer(value: string): Recognised | undefined {
  if (!FORM.test(value) || !hasCheckDigit(value, asciiValue)) return undefined;
  const { year, month, day } = datePart(value);
  const series = Math.floor(year / 100);
  if (series === 0) return month >= 20 && day >= 40 && day <= 59 ? {} : undefined;
  const century = CENTURIES.find((start) => isAdditionTo(start, series));
  if (century === undefined || !isRealDate(century * 100 + (year % 100), month, day)) return undefined;
  return { born: String(century) + value.slice(2, 8) };
}

function isAdditionTo(century: number, series: number): boolean {
  const added = series - century;
  return added > 0 && added <= LARGEST_ADDITION && added % 3 === 0;
}

function asciiValue(character: string): number {
  return character >= "A" ? character.charCodeAt(0) : Number(character);
}
