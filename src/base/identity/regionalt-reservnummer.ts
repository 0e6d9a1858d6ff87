/**
 * Regional reserve numbers of the issuers whose format is published with examples. Formats of different issuers can look alike,
 * so only the issuers that a region names are tried. SPEC BASE-RRN · Inera, Lokala reservid:n ·
 * https://inera.atlassian.net/wiki/spaces/PU/pages/3353231994
 */
import { isRealDate } from "../time/calendar.ts";
import { checkDigitOf, hasCheckDigit } from "./luhn.ts";
import { datePart, isBirthCentury, type Recognised } from "./shape.ts";

export type RegionalIssuer = "vgr" | "stockholm" | "inera-carelink" | "varmland";

interface Issuer {
  readonly name: string;
  readonly oid: string;
  readonly recognise: (value: string) => Recognised | undefined;
}

/** Every known issuer: its name, the OID of its numbers and how one is recognised in its stored form of twelve characters. */
export const REGIONAL_ISSUERS: Readonly<Record<RegionalIssuer, Issuer>> = {
  vgr: { name: "Västra Götalandsregionen", oid: "1.2.752.113.11.0.2.1.1.1", recognise: recogniseVgr },
  stockholm: { name: "Region Stockholm", oid: "1.2.752.97.3.1.3", recognise: recogniseStockholm },
  "inera-carelink": { name: "Inera Carelink", oid: "1.2.752.129.2.1.3.2", recognise: recogniseCarelink },
  varmland: { name: "Region Värmland", oid: "1.2.752.74.9.2", recognise: recogniseVarmland },
};

/** Tried when a caller names no issuers: those with a check digit. Without one, as in Värmland, any other region's number may fit. */
export const USUAL_ISSUERS: readonly RegionalIssuer[] = ["vgr", "stockholm", "inera-carelink"];

const VGR_FORM = /^\d{8}(?:[KM](?:0[6-9]|[1-7]\d)|X8\d)\d$/;
const VGR_LETTERS: Readonly<Record<string, number>> = { K: 5, M: 7, X: 8 };

/** yyyymmddGggC: K with an even, M with an odd and X with any serial number; check digit over all but the century. */
function recogniseVgr(value: string): Recognised | undefined {
  if (!VGR_FORM.test(value) || !isDated(value)) return undefined;
  const isOdd = Number(value[10]) % 2 === 1;
  if ((value[8] === "K" && isOdd) || (value[8] === "M" && !isOdd)) return undefined;
  if (!hasCheckDigit(value.slice(2), vgrValue)) return undefined;
  return { born: value.slice(0, 8) };
}

/** The sexes that a number of Västra Götaland can say; X is unknown. */
export type ReserveSex = "female" | "male" | "unknown";
const VGR_SERIALS: Readonly<
  Record<ReserveSex, { readonly letter: string; readonly first: number; readonly last: number; readonly step: number }>
> = {
  female: { letter: "K", first: 6, last: 78, step: 2 },
  male: { letter: "M", first: 7, last: 79, step: 2 },
  unknown: { letter: "X", first: 80, last: 89, step: 1 },
};

/** All numbers of Västra Götaland that there are for a birth date (YYYYMMDD) and a sex, in their order. */
export function vgrReserveNumbers(born: string, sex: ReserveSex): readonly string[] {
  const { letter, first, last, step } = VGR_SERIALS[sex];
  const numbers: string[] = [];
  for (let serial = first; serial <= last; serial += step) {
    const text = `${born}${letter}${String(serial).padStart(2, "0")}`;
    numbers.push(text + String(checkDigitOf(text.slice(2), vgrValue)));
  }
  return numbers;
}

function vgrValue(character: string): number {
  return VGR_LETTERS[character] ?? Number(character);
}

const STOCKHOLM_FORM = /^99(?:19|2[0-2])\d{8}$/;

/** 99yyyyNNNNNC, yyyy 1900-2299; check digit over the five-digit serial number and the last two of the year. */
function recogniseStockholm(value: string): Recognised | undefined {
  return STOCKHOLM_FORM.test(value) && hasCheckDigit(value.slice(4)) ? {} : undefined;
}

const CARELINK_FORM = /^(?:1[789]|20)\d{2}(?:0[1-9]|1[0-2])(?:3[2-9]|[45]\d)\d{4}$/;

/** yyyymm, 32-59 where the day would be, NNN; check digit as in a personnummer, which the published example bears out. */
function recogniseCarelink(value: string): Recognised | undefined {
  return CARELINK_FORM.test(value) && hasCheckDigit(value.slice(2)) ? {} : undefined;
}

const VARMLAND_FORM = /^\d{8}S[FUXPL]\d[A-UW-Z1-9]$/;

/** yyyymmddSTNC: the county letter, a type, a digit and a serial letter; it has no check digit. */
function recogniseVarmland(value: string): Recognised | undefined {
  return VARMLAND_FORM.test(value) && isDated(value) ? { born: value.slice(0, 8) } : undefined;
}

function isDated(value: string): boolean {
  const { year, month, day } = datePart(value);
  return isBirthCentury(year) && isRealDate(year, month, day);
}
