/**
 * Recognises the identity numbers of people in Swedish care and tells their kind. A number identifies and nothing else: neither
 * birth date nor sex is ever taken from it, as both can be wrong in it and a person can change number. SPEC BASE-IDN
 * · systems: HL7 Sweden base profiles · https://hl7.se/fhir/ig/base
 */
import { parseLocalDate } from "../time/calendar.ts";
import {
  NATIONELLT_RESERVNUMMER_OID,
  NATIONELLT_RESERVNUMMER_SYSTEM,
  recogniseNationelltReservnummer,
} from "./nationellt-reservnummer.ts";
import { PersonalId, type IdentityNumber, type IdentityScheme } from "./personal-id.ts";
import { PERSONNUMMER_OID, PERSONNUMMER_SYSTEM, recognisePersonnummer } from "./personnummer.ts";
import { REGIONAL_ISSUERS, USUAL_ISSUERS, type RegionalIssuer } from "./regionalt-reservnummer.ts";
import { recogniseSamordningsnummer, SAMORDNINGSNUMMER_OID, SAMORDNINGSNUMMER_SYSTEM } from "./samordningsnummer.ts";
import type { Recognised } from "./shape.ts";
import { readWrittenForm, type WrittenForm } from "./written-form.ts";

interface Series extends IdentityScheme {
  readonly recognise: (value: string) => Recognised | undefined;
}

const NATIONAL_SERIES: readonly Series[] = [
  {
    kind: "personnummer",
    system: PERSONNUMMER_SYSTEM,
    oid: PERSONNUMMER_OID,
    recognise: recognisePersonnummer,
  },
  {
    kind: "samordningsnummer",
    system: SAMORDNINGSNUMMER_SYSTEM,
    oid: SAMORDNINGSNUMMER_OID,
    recognise: recogniseSamordningsnummer,
  },
  {
    kind: "nationellt-reservnummer",
    system: NATIONELLT_RESERVNUMMER_SYSTEM,
    oid: NATIONELLT_RESERVNUMMER_OID,
    recognise: recogniseNationelltReservnummer,
  },
];

const REGIONAL_SERIES = new Map<RegionalIssuer, Series>(
  (Object.keys(REGIONAL_ISSUERS) as RegionalIssuer[]).map((issuer) => {
    const { oid, recognise } = REGIONAL_ISSUERS[issuer];
    return [issuer, { kind: "regionalt-reservnummer", system: `urn:oid:${oid}`, oid, issuer, recognise }];
  }),
);

/**
 * Reads an identity number as a person wrote it; undefined if it is none.
 * @param today the date in Stockholm, YYYY-MM-DD. With it the ten-digit forms are read, which leave the century out, and a number that
 *   could only be given out after today is refused (a mistyped century, which no check digit covers). Without it, neither.
 * @param issuers the regional series to try.
 * @throws RangeError when `today` is not a date.
 */
export function parseIdentityNumber(
  text: string,
  today?: string,
  issuers: readonly RegionalIssuer[] = USUAL_ISSUERS,
): IdentityNumber | undefined {
  return identityNumberReadings(text, today, issuers)[0];
}

/**
 * Every number that a text can mean, the likeliest first. There is more than one only for ten digits without a plus sign: a hundred
 * years apart two people can have them, and the sign that tells them apart is often left out. A search tries them all.
 */
export function identityNumberReadings(
  text: string,
  today?: string,
  issuers: readonly RegionalIssuer[] = USUAL_ISSUERS,
): readonly IdentityNumber[] {
  if (today !== undefined && parseLocalDate(today) === undefined) throw new RangeError("today is not a date");
  const written = readWrittenForm(text);
  if (!written) return [];
  return candidatesOf(written, today)
    .map((value) => numberOf(value, seriesOf(issuers), today))
    .filter((found) => found !== undefined);
}

/**
 * Reads a number whose series is stated, as in a FHIR Identifier. `system` is a FHIR system or an OID, with or without `urn:oid:`.
 * Undefined if the series is unknown or the value does not belong to it. Every known series is tried, and the value may have a sign.
 */
export function identityNumberIn(system: string, value: string): IdentityNumber | undefined {
  const series = [...NATIONAL_SERIES, ...REGIONAL_SERIES.values()].find((each) => isNamed(each, system));
  const written = readWrittenForm(value);
  if (!series || written?.text.length !== 12) return undefined;
  return numberOf(written.text, [series]);
}

function isNamed({ system, oid }: Series, name: string): boolean {
  return name === system || name === oid || name === `urn:oid:${oid}`;
}

function seriesOf(issuers: readonly RegionalIssuer[]): readonly Series[] {
  return [...NATIONAL_SERIES, ...issuers.map((issuer) => REGIONAL_SERIES.get(issuer)!)];
}

function numberOf(value: string, among: readonly Series[], today?: string): IdentityNumber | undefined {
  for (const series of among) {
    const recognised = series.recognise(value);
    if (recognised) return isFuture(recognised, today) ? undefined : new PersonalId(series, value);
  }
  return undefined;
}

function isFuture({ born }: Recognised, today: string | undefined): boolean {
  return born !== undefined && today !== undefined && born > today.replaceAll("-", "");
}

function candidatesOf({ text, sign }: WrittenForm, today: string | undefined): readonly string[] {
  if (text.length === 12) return isContradicted(text, sign, today) ? [] : [text];
  if (today === undefined) return [];
  const thisYear = Number(today.slice(0, 4));
  const turning100 = thisYear - 100;
  const under100 = latestYear(text, thisYear);
  const from100 = latestYear(text, turning100);
  const years = sign === "+" ? [from100] : [under100, from100];
  return years.map((year) => String(year).slice(0, 2) + text);
}

/** A plus sign means a person who is or turns 100 this year or earlier; next to a later year, one of the two is mistyped. */
function isContradicted(text: string, sign: WrittenForm["sign"], today: string | undefined): boolean {
  return sign === "+" && today !== undefined && Number(text.slice(0, 4)) > Number(today.slice(0, 4)) - 100;
}

/** The latest year up to `limit` that ends in the text's first two digits. */
function latestYear(text: string, limit: number): number {
  return limit - ((limit - Number(text.slice(0, 2)) + 100) % 100);
}
