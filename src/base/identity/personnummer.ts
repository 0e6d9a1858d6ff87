/**
 * Personnummer: YYYYMMDD, a birth number 001-999 and a check digit over the last ten digits.
 * SPEC BASE-PNR · folkbokföringslagen (1991:481) 18 § · https://www4.skatteverket.se/rattsligvagledning/edition/2020.9/330245.html
 */
import { isRealDate } from "../time/calendar.ts";
import { hasCheckDigit } from "./luhn.ts";
import { datePart, isBirthCentury, type Recognised } from "./shape.ts";

export const PERSONNUMMER_SYSTEM = "http://electronichealth.se/identifier/personnummer";
export const PERSONNUMMER_OID = "1.2.752.129.2.1.3.1";

const FORM = /^\d{12}$/;

/** Recognises a personnummer in its stored form of twelve digits. */
export function recognisePersonnummer(value: string): Recognised | undefined {
  if (!FORM.test(value)) return undefined;
  const { year, month, day } = datePart(value);
  if (!isBirthCentury(year) || !isRealDate(year, month, day)) return undefined;
  if (value.slice(8, 11) === "000" || !hasCheckDigit(value.slice(2))) return undefined;
  return { born: value.slice(0, 8) };
}
