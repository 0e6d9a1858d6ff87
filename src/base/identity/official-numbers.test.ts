import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { identityNumberIn, parseIdentityNumber, PERSONNUMMER_SYSTEM, SAMORDNINGSNUMMER_SYSTEM } from "../index.ts";
import { isRealDate, REGIONAL_ISSUERS, type RegionalIssuer } from "../index.ts";
import { needsOfficialNumbers, officialJson, officialPersonnummer, officialSamordningsnummer } from "../testing.ts";
import { recogniseNationelltReservnummer } from "./nationellt-reservnummer.ts";
import { recognisePersonnummer } from "./personnummer.ts";
import { recogniseSamordningsnummer } from "./samordningsnummer.ts";

const DIGITS = "0123456789";
const TODAY = "2026-11-21";
/** The check digit covers the last ten of the twelve digits. */
const COVERED = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

test("BASE-PNR-1 every official test personnummer is accepted", needsOfficialNumbers, (t) => {
  const numbers = officialPersonnummer();
  for (const number of numbers) {
    const read = parseIdentityNumber(number, TODAY);
    assert.equal(read?.kind, "personnummer", number);
    assert.equal(read?.value, number);
    assert.equal(read?.system, PERSONNUMMER_SYSTEM);
  }
  assert.equal(numbers.length, 41_493);
  t.diagnostic(`${numbers.length} official personnummer accepted`);
});

test("BASE-PNR-2 every single wrong digit is refused", needsOfficialNumbers, (t) => {
  refusesWrongDigits(officialPersonnummer(), 41_493 * 10 * 9, t);
});

test("BASE-PNR-3 every swap of neighbours is refused, but 0 with 9", needsOfficialNumbers, (t) => {
  refusesSwaps(officialPersonnummer(), t);
});

test("BASE-PNR-4 a wrong century is refused exactly when the form or the day shows it", needsOfficialNumbers, (t) => {
  let refused = 0;
  let accepted = 0;
  for (const number of officialPersonnummer()) {
    for (const century of wrongCenturies(number.slice(0, 2))) {
      const mistyped = century + number.slice(2);
      const isPossible = ["18", "19", "20"].includes(century) && isRealDate(...dateOf(mistyped));
      assert.equal(identityNumberIn(PERSONNUMMER_SYSTEM, mistyped) !== undefined, isPossible, mistyped);
      const isNotAhead = mistyped.slice(0, 8) <= TODAY.replaceAll("-", "");
      assert.equal(parseIdentityNumber(mistyped, TODAY, []) !== undefined, isPossible && isNotAhead, mistyped);
      if (isPossible && isNotAhead) accepted++;
      else refused++;
    }
  }
  t.diagnostic(
    `${refused} wrong centuries refused; ${accepted} cannot be told from right ones (18, 19 or 20 for another of them)`,
  );
});

test("BASE-PNR-6 the published list of forms is followed", needsOfficialNumbers, (t) => {
  const cases = officialJson<readonly ListedCase[]>("list.json");
  let forms = 0;
  for (const listed of cases) {
    for (const form of formsOf(listed)) {
      const isBlankSeparated = form.includes(" ");
      const read = parseIdentityNumber(form, TODAY);
      assert.equal(read !== undefined, listed.valid || isBlankSeparated, form);
      const kind = listed.type === "con" ? "samordningsnummer" : "personnummer";
      if (read) assert.equal(read.kind, kind, form);
      if (form.length >= 12 && read) assert.equal(read.value, form.replaceAll(/\D/g, ""), form);
      forms++;
    }
  }
  assert.equal(cases.length, 14);
  t.diagnostic(`${forms} written forms`);
});

test("BASE-PNR-6 the published structured list is followed", needsOfficialNumbers, (t) => {
  const listed = officialJson<Structured>("structured.json");
  let seen = 0;
  for (const [type, lists] of Object.entries(listed)) {
    for (const { valid, invalid } of Object.values(lists)) {
      for (const text of valid.map(String)) {
        const kind = type === "con" ? "samordningsnummer" : "personnummer";
        assert.equal(parseIdentityNumber(text, TODAY)?.kind, kind, text);
      }
      for (const text of invalid.map(String)) {
        assert.equal(parseIdentityNumber(text, TODAY) !== undefined, text.includes(" "), text);
      }
      seen += valid.length + invalid.length;
    }
  }
  assert.equal(seen, 70);
  t.diagnostic(`${seen} listed numbers`);
});

test("BASE-PNR-7 organisation numbers are not personnummer", needsOfficialNumbers, () => {
  const cases = officialJson<readonly ListedCase[]>("orgnumber.json");
  assert.equal(cases.length, 6);
  for (const form of cases.flatMap(formsOf)) assert.equal(parseIdentityNumber(form, TODAY), undefined, form);
  for (const form of cases.flatMap(formsOf)) assert.equal(parseIdentityNumber(`16${form}`, TODAY), undefined, form);
});

test("BASE-PNR-7 interim numbers are not identity numbers", needsOfficialNumbers, () => {
  const cases = officialJson<readonly ListedCase[]>("interim.json");
  assert.equal(cases.length, 12);
  for (const form of cases.flatMap(formsOf)) assert.equal(parseIdentityNumber(form, TODAY), undefined, form);
});

test("BASE-SNR-1 every official test samordningsnummer is accepted", needsOfficialNumbers, (t) => {
  const numbers = officialSamordningsnummer();
  for (const number of numbers) {
    const read = parseIdentityNumber(number, TODAY);
    assert.equal(read?.kind, "samordningsnummer", number);
    assert.equal(read?.value, number);
    assert.equal(read?.system, SAMORDNINGSNUMMER_SYSTEM);
  }
  const unknown = numbers.filter((number) => number.slice(4, 6) === "00" || number.slice(6, 8) === "60");
  const unreal = numbers.filter((number) => !unknown.includes(number) && !isRealDate(...dateOf(number)));
  assert.deepEqual([numbers.length, unknown.length, unreal.length], [2264, 170, 24]);
  t.diagnostic(
    `${numbers.length} accepted; ${unknown.length} with unknown month or day, ${unreal.length} with a day that the month lacks`,
  );
});

test("BASE-SNR-2 every single wrong digit is refused", needsOfficialNumbers, (t) => {
  refusesWrongDigits(officialSamordningsnummer(), 2264 * 10 * 9, t);
});

test("BASE-SNR-3 every swap of neighbours is refused, but 0 with 9", needsOfficialNumbers, (t) => {
  refusesSwaps(officialSamordningsnummer(), t);
});

test("BASE-IDN-3 no official number belongs to two series", needsOfficialNumbers, () => {
  const series: readonly ((value: string) => unknown)[] = [
    recognisePersonnummer,
    recogniseSamordningsnummer,
    recogniseNationelltReservnummer,
    ...(Object.keys(REGIONAL_ISSUERS) as RegionalIssuer[]).map((issuer) => REGIONAL_ISSUERS[issuer].recognise),
  ];
  for (const number of [...officialPersonnummer(), ...officialSamordningsnummer()]) {
    assert.equal(series.filter((recognise) => recognise(number) !== undefined).length, 1, number);
  }
});

interface ListedCase {
  readonly long_format?: string;
  readonly short_format: string;
  readonly separated_format: string;
  readonly separated_long?: string;
  readonly valid: boolean;
  readonly type: "ssn" | "con" | "interim" | "org";
}

type Structured = Readonly<Record<string, Record<string, Readonly<Record<"valid" | "invalid", (string | number)[]>>>>>;

function formsOf({ long_format, short_format, separated_format, separated_long }: ListedCase): string[] {
  return [long_format, short_format, separated_format, separated_long].filter((form) => form !== undefined);
}

function refusesWrongDigits(numbers: readonly string[], expected: number, t: TestContext): void {
  let refused = 0;
  for (const number of numbers) {
    for (const at of COVERED) {
      for (const digit of DIGITS) {
        if (digit === number[at]) continue;
        const mistyped = number.slice(0, at) + digit + number.slice(at + 1);
        if (parseIdentityNumber(mistyped) !== undefined) assert.fail(`${mistyped} was accepted`);
        refused++;
      }
    }
  }
  assert.equal(refused, expected);
  t.diagnostic(`${refused} single wrong digits refused`);
}

function refusesSwaps(numbers: readonly string[], t: TestContext): void {
  const count = { refused: 0, zeroNine: 0, ofThoseAccepted: 0 };
  for (const number of numbers) {
    for (const at of COVERED.slice(0, -1)) {
      const [left, right] = [number[at]!, number[at + 1]!];
      if (left === right) continue;
      const swapped = number.slice(0, at) + right + left + number.slice(at + 2);
      const isSeen = left + right !== "09" && left + right !== "90";
      const mayStand = !isSeen && hasPossibleForm(swapped);
      if ((parseIdentityNumber(swapped) !== undefined) !== mayStand) assert.fail(`${swapped} from ${number}`);
      if (isSeen) count.refused++;
      else count.zeroNine++;
      if (mayStand) count.ofThoseAccepted++;
    }
  }
  assert.ok(count.refused > numbers.length * 5);
  t.diagnostic(
    `${count.refused} swaps refused; of ${count.zeroNine} swaps of 0 with 9, ${count.ofThoseAccepted} still form a number`,
  );
}

/** Whether a number whose check digit is right is formed as a personnummer, a samordningsnummer or a Carelink number, told without our code. */
function hasPossibleForm(number: string): boolean {
  const [year, month, day] = [Number(number.slice(0, 4)), Number(number.slice(4, 6)), Number(number.slice(6, 8))];
  const isDate = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12 && day >= 1;
  const isBirthNumber = number.slice(8, 11) !== "000";
  const isCarelink = month >= 1 && month <= 12 && day >= 32 && day <= 59;
  return (isBirthNumber && (isDate || (month <= 12 && day >= 60 && day <= 91))) || isCarelink;
}

/** Each digit mistyped, the two swapped, and the other centuries that numbers have. */
function wrongCenturies(century: string): readonly string[] {
  const [first, second] = [century[0]!, century[1]!];
  const mistyped = DIGITS.split("").flatMap((digit) => [digit + second, first + digit]);
  return [...new Set([...mistyped, second + first, "18", "19", "20"])].filter((wrong) => wrong !== century);
}

function dateOf(number: string): [number, number, number] {
  const day = Number(number.slice(6, 8));
  return [Number(number.slice(0, 4)), Number(number.slice(4, 6)), day > 60 ? day - 60 : day];
}
