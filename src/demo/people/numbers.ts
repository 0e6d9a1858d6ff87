/**
 * Gives each person an identity number: an official test number near the wished date of birth, used once; for children
 * born after the official list ends, and for the unidentified, a regional reserve number with its check digit.
 * SPEC DEMO-NUM · formats in ../shared/domain-sweden.md 1.7
 */
import { TEST_PERSONNUMMER, TEST_SAMORDNINGSNUMMER, TEST_SAMORDNINGSNUMMER_UNKNOWN_DATE } from "../test-numbers.ts";
import { DAY, dayText, wall, type Wall } from "../time.ts";
import type { IdentityOfPerson, Sex } from "./person.ts";

/** The only published example of a national reserve number; the rule of its check digit is not public. */
const NATIONAL_RESERVE_EXAMPLE = { value: "98240301AA06", birth: wall(2024, 3, 1) };

export interface Numbered {
  readonly identity: IdentityOfPerson;
  readonly birth?: Wall;
}

export interface NumberPool {
  /** An unused personnummer of the sex, born within so many days of the wished day and not after `latest`. */
  personnummer(sex: Sex, wished: Wall, within: number, latest: Wall): Numbered | undefined;
  /** The same of samordningsnummer. */
  samordningsnummer(sex: Sex, wished: Wall, within: number): Numbered | undefined;
  samordningsnummerWithoutDate(sex: Sex): Numbered;
  nationalReserve(): Numbered;
  /** A regional reserve number for a day of birth; without one, for somebody unidentified. */
  regionalReserve(sex: Sex, birth: Wall | undefined, today: Wall): Numbered;
}

interface Candidate {
  readonly value: string;
  readonly sex: Sex;
  readonly birth: Wall;
}

/** Numbers are handed out once; the same calls in the same order give the same numbers. */
export function numberPool(): NumberPool {
  const persons = TEST_PERSONNUMMER.map((value) => candidate(value, 0));
  const coordination = TEST_SAMORDNINGSNUMMER.map((value) => candidate(value, 60));
  const withoutDate = [...TEST_SAMORDNINGSNUMMER_UNKNOWN_DATE];
  const used = new Set<string>();
  return {
    personnummer: (sex, wished, within, latest) => {
      const found = nearest(persons, used, { sex, wished, within, latest });
      return found && { identity: { kind: "personnummer", value: found.value }, birth: found.birth };
    },
    samordningsnummer: (sex, wished, within) => {
      const found = nearest(coordination, used, { sex, wished, within });
      return found && { identity: { kind: "samordningsnummer", value: found.value }, birth: found.birth };
    },
    samordningsnummerWithoutDate: (sex) => {
      const at = withoutDate.findIndex((value) => sexOf(value) === sex);
      const [value] = withoutDate.splice(Math.max(0, at), 1);
      if (value === undefined) throw new RangeError("no test samordningsnummer without date is left");
      return { identity: { kind: "samordningsnummer", value } };
    },
    nationalReserve: () => ({
      identity: { kind: "nationellt-reservnummer", value: NATIONAL_RESERVE_EXAMPLE.value },
      birth: NATIONAL_RESERVE_EXAMPLE.birth,
    }),
    regionalReserve: (sex, birth, today) => regionalReserve(used, sex, birth, today),
  };
}

function candidate(value: string, dayShift: number): Candidate {
  const birth = wall(Number(value.slice(0, 4)), Number(value.slice(4, 6)), Number(value.slice(6, 8)) - dayShift);
  return { value, sex: sexOf(value), birth };
}

function sexOf(value: string): Sex {
  return Number(value[10]) % 2 === 1 ? "male" : "female";
}

interface Wanted {
  readonly sex: Sex;
  readonly wished: Wall;
  readonly within: number;
  readonly latest?: Wall;
}

function nearest(list: readonly Candidate[], used: Set<string>, wanted: Wanted): Candidate | undefined {
  let best: Candidate | undefined;
  let distance = wanted.within * DAY;
  for (const one of list) {
    if (one.sex !== wanted.sex || used.has(one.value) || one.birth > (wanted.latest ?? Infinity)) continue;
    const away = Math.abs(one.birth - wanted.wished);
    if (away <= distance) [best, distance] = [one, away];
  }
  if (best) used.add(best.value);
  return best;
}

const LETTER: Record<Sex, readonly [letter: string, digit: number, first: number]> = {
  female: ["K", 5, 6],
  male: ["M", 7, 7],
  unknown: ["X", 8, 80],
};

/** yyyymmddGggC: a letter for sex, two digits (odd for males, 80-89 for unknown) and a Luhn digit over characters 3 to 11. */
function regionalReserve(used: Set<string>, sex: Sex, birth: Wall | undefined, today: Wall): Numbered {
  const day = dayText(birth ?? today).replace(/-/g, "");
  const [letter, digit, first] = LETTER[sex];
  for (let serial = first; serial <= 89; serial += sex === "unknown" ? 1 : 2) {
    const two = String(serial).padStart(2, "0");
    const value = `${day}${letter}${two}${luhn(day.slice(2) + digit + two)}`;
    if (used.has(value)) continue;
    used.add(value);
    return { identity: { kind: "regionalt-reservnummer", value }, ...(birth === undefined ? {} : { birth }) };
  }
  throw new RangeError("no regional reserve number is left for the day");
}

function luhn(digits: string): number {
  const sum = Array.from(digits).reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}
