import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HSA_RIV_OID,
  HSA_SYSTEM,
  identityNumberIn,
  isHsaId,
  isHsaSystem,
  isTestHsaId,
  NATIONELLT_RESERVNUMMER_SYSTEM,
  parseIdentityNumber,
  PERSONNUMMER_SYSTEM,
  REGIONAL_ISSUERS,
  SAMORDNINGSNUMMER_SYSTEM,
  USUAL_ISSUERS,
  type HsaId,
  type IdentityNumber,
  type RegionalIssuer,
} from "../index.ts";
import { checkDigitOf } from "./luhn.ts";

const ALL = Object.keys(REGIONAL_ISSUERS) as RegionalIssuer[];

/** Published examples: Inera's pages on reserve numbers and the Swedish base profiles. */
const NRID = ["22950606FH20", "25780404KHD5", "00342145BZ31", "00749852BZK0", "22790814AA01", "98240301AA06"] as const;
const REGIONAL: Readonly<Record<RegionalIssuer, readonly string[]>> = {
  vgr: ["19810829M071", "19450829K088", "19930829X802", "20210325K069"],
  stockholm: ["991981000010", "991945000023", "991993000032"],
  "inera-carelink": ["198108320014"],
  varmland: ["19810829SU3A", "19450829SF2B", "19930829SX0C"],
};

function withCheckDigit(tenDigitsButLast: string): string {
  return tenDigitsButLast + String(checkDigitOf(tenDigitsButLast.slice(2)));
}

/** A nationellt reservnummer with its check digit, told without our code: letters count as their ASCII codes. */
function nrid(eleven: string): string {
  const weighed = eleven.split("").map((c, i) => (c >= "A" ? c.charCodeAt(0) : Number(c)) * (i % 2 === 0 ? 2 : 1));
  const sum = weighed
    .flatMap((product) => String(product).split(""))
    .reduce((total, digit) => total + Number(digit), 0);
  return eleven + String((10 - (sum % 10)) % 10);
}

/** The number with each digit from `first` on replaced by each other digit. */
function wrongDigits(number: string, first: number): string[] {
  const places = Array.from({ length: 12 - first }, (_, i) => first + i).filter((at) => /\d/.test(number[at]!));
  const swapped = places.flatMap((at) =>
    Array.from({ length: 10 }, (_, digit) => number.slice(0, at) + String(digit) + number.slice(at + 1)),
  );
  return swapped.filter((text) => text !== number);
}

test("BASE-PNR-5 days that do not exist and the birth number 000 are refused", () => {
  for (const date of ["20230229", "20240230", "20240431", "20240001", "20241301", "20240100", "20240132", "19000229"]) {
    assert.equal(parseIdentityNumber(withCheckDigit(`${date}238`), undefined, []), undefined, date);
  }
  assert.equal(parseIdentityNumber(withCheckDigit("20240229238"))?.kind, "personnummer");
  assert.equal(parseIdentityNumber(withCheckDigit("20240229001"))?.kind, "personnummer");
  assert.equal(parseIdentityNumber(withCheckDigit("20240229000")), undefined);
  assert.equal(parseIdentityNumber(withCheckDigit("17990101238")), undefined);
  assert.equal(parseIdentityNumber(withCheckDigit("21000101238")), undefined);
});

test("BASE-SNR-4 months above 12 and days outside 60 to 91 are refused", () => {
  const accepted: string[] = [];
  for (let month = 0; month <= 99; month++) {
    for (let day = 32; day <= 99; day++) {
      const date = `1973${String(month).padStart(2, "0")}${String(day).padStart(2, "0")}`;
      if (parseIdentityNumber(withCheckDigit(`${date}238`), undefined, [])) accepted.push(date.slice(4));
    }
  }
  assert.equal(accepted.length, 13 * 32);
  assert.deepEqual([accepted[0], accepted.at(-1)], ["0060", "1291"]);
  assert.equal(parseIdentityNumber(withCheckDigit("19730288000")), undefined);
});

test("BASE-NRID-1 published examples are accepted", () => {
  for (const number of NRID) {
    assert.equal(parseIdentityNumber(number, "2026-11-21")?.kind, "nationellt-reservnummer", number);
    assert.equal(parseIdentityNumber(`${number.slice(0, 8)}-${number.slice(8).toLowerCase()}`)?.value, number);
  }
});

test("BASE-NRID-2 every other check digit and every wrong digit is refused", () => {
  for (const number of NRID) {
    for (let at = 0; at < 12; at++) {
      if (!/\d/.test(number[at]!)) continue;
      for (const digit of "0123456789") {
        const mistyped = number.slice(0, at) + digit + number.slice(at + 1);
        assert.equal(parseIdentityNumber(mistyped) !== undefined, mistyped === number, mistyped);
      }
    }
  }
});

test("BASE-NRID-3 the century is one of two series and the day exists in the century of birth", () => {
  const accepted = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, "0")).filter((series) =>
    parseIdentityNumber(nrid(`${series}950606AA1`)),
  );
  const expected = Array.from({ length: 26 }, (_, i) => [22 + 3 * i, 23 + 3 * i])
    .flat()
    .map(String);
  assert.deepEqual(accepted, expected);
  assert.equal(parseIdentityNumber(nrid("23000229AA1"))?.kind, "nationellt-reservnummer");
  assert.equal(parseIdentityNumber(nrid("22000229AA1")), undefined);
  assert.equal(parseIdentityNumber(nrid("22951306AA1")), undefined);
  assert.equal(parseIdentityNumber(nrid("23950606AA1"), "2026-11-21"), undefined);
});

test("BASE-NRID-4 with an unknown birth date month and day are a serial number", () => {
  const isAccepted = (date: string): boolean => parseIdentityNumber(nrid(`${date}AA1`)) !== undefined;
  assert.deepEqual(["00002040", "00999959", "00345045"].map(isAccepted), [true, true, true]);
  assert.deepEqual(["00001940", "00002039", "00002060", "00950606"].map(isAccepted), [false, false, false, false]);
});

test("BASE-NRID-5 the letters I, O, Q, V and W do not occur", () => {
  for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ") {
    const isUsed = !"IOQVWÅÄÖ".includes(letter);
    for (const end of [`${letter}A1`, `A${letter}1`, `AA${letter}`]) {
      assert.equal(parseIdentityNumber(nrid(`22950606${end}`)) !== undefined, isUsed, end);
    }
  }
});

test("BASE-RRN-1 published examples are accepted, each with its issuer and OID", () => {
  for (const issuer of ALL) {
    for (const number of REGIONAL[issuer]) {
      const read = parseIdentityNumber(number, "2026-11-21", ALL);
      assert.deepEqual([read?.kind, read?.issuer, read?.value], ["regionalt-reservnummer", issuer, number]);
      assert.equal(read?.oid, REGIONAL_ISSUERS[issuer].oid);
      assert.equal(read?.system, `urn:oid:${REGIONAL_ISSUERS[issuer].oid}`);
    }
  }
});

test("BASE-RRN-2 Västra Götaland's letter fits the serial number, and the day exists", () => {
  const letters = { K: 5, M: 7, X: 8 } as const;
  const isAccepted = (date: string, letter: "K" | "M" | "X", serial: string): boolean => {
    const check = checkDigitOf(date.slice(2) + String(letters[letter]) + serial);
    return parseIdentityNumber(date + letter + serial + String(check)) !== undefined;
  };
  const serials = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, "0"));
  for (const serial of serials) {
    const [n, isOdd] = [Number(serial), Number(serial) % 2 === 1];
    assert.equal(isAccepted("19810829", "K", serial), n >= 6 && n <= 79 && !isOdd, `K${serial}`);
    assert.equal(isAccepted("19810829", "M", serial), n >= 6 && n <= 79 && isOdd, `M${serial}`);
    assert.equal(isAccepted("19810829", "X", serial), n >= 80 && n <= 89, `X${serial}`);
  }
  assert.equal(isAccepted("19810229", "K", "08"), false);
  assert.equal(parseIdentityNumber("19810829L071"), undefined);
  assert.equal(parseIdentityNumber("20810829M071", "2026-11-21"), undefined);
});

test("BASE-RRN-3 a single wrong digit that the check digit covers is refused", () => {
  const firstCovered: Readonly<Partial<Record<RegionalIssuer, number>>> = { vgr: 2, stockholm: 4, "inera-carelink": 2 };
  const mistyped = USUAL_ISSUERS.flatMap((issuer) =>
    REGIONAL[issuer].flatMap((number) => wrongDigits(number, firstCovered[issuer]!)),
  );
  assert.equal(mistyped.length, 4 * 9 * 9 + 3 * 8 * 9 + 10 * 9);
  for (const number of mistyped) assert.equal(parseIdentityNumber(number), undefined, number);
});

test("BASE-RRN-4 only the issuers asked for are tried", () => {
  assert.equal(parseIdentityNumber("19810829SU3A"), undefined);
  assert.equal(parseIdentityNumber("19810829SU3A", undefined, ["varmland"])?.issuer, "varmland");
  assert.equal(parseIdentityNumber("19810829M071", undefined, ["stockholm"]), undefined);
  assert.equal(parseIdentityNumber("991981000010", undefined, []), undefined);
  assert.equal(parseIdentityNumber("19810829SV3A", undefined, ALL), undefined);
  assert.equal(parseIdentityNumber("19810829SU3V", undefined, ALL), undefined);
  assert.equal(parseIdentityNumber("19810231SU3A", undefined, ALL), undefined);
});

test("BASE-IDN-1 a recognised number has all its forms", () => {
  const shown = ({ kind, system, oid, value, formatted }: IdentityNumber): string[] => [
    kind,
    system,
    oid,
    value,
    formatted,
  ];
  assert.deepEqual(shown(parseIdentityNumber("570428-9999", "2026-11-21")!), [
    "personnummer",
    "http://electronichealth.se/identifier/personnummer",
    "1.2.752.129.2.1.3.1",
    "195704289999",
    "19570428-9999",
  ]);
  assert.deepEqual(shown(parseIdentityNumber("19730288-9931")!), [
    "samordningsnummer",
    "http://electronichealth.se/identifier/samordningsnummer",
    "1.2.752.129.2.1.3.3",
    "197302889931",
    "19730288-9931",
  ]);
  assert.deepEqual(shown(parseIdentityNumber("98240301AA06")!), [
    "nationellt-reservnummer",
    "http://electronichealth.se/identifier/nationelltReservnummer",
    "1.2.752.74.9.1",
    "98240301AA06",
    "98240301-AA06",
  ]);
});

test("BASE-IDN-2 a stated series accepts its own numbers only", () => {
  for (const system of [PERSONNUMMER_SYSTEM, "1.2.752.129.2.1.3.1", "urn:oid:1.2.752.129.2.1.3.1"]) {
    assert.equal(identityNumberIn(system, "195704289999")?.kind, "personnummer");
    assert.equal(identityNumberIn(system, "19570428-9999")?.value, "195704289999");
    for (const other of ["197302889931", "98240301AA06", "19810829M071", "570428-9999", "195704289998", ""]) {
      assert.equal(identityNumberIn(system, other), undefined, other);
    }
  }
  assert.equal(identityNumberIn(SAMORDNINGSNUMMER_SYSTEM, "195704289999"), undefined);
  assert.equal(identityNumberIn(NATIONELLT_RESERVNUMMER_SYSTEM, "98240301AA06")?.value, "98240301AA06");
  assert.equal(identityNumberIn(NATIONELLT_RESERVNUMMER_SYSTEM, "20210325K069"), undefined);
  assert.equal(identityNumberIn("urn:oid:1.2.752.74.9.2", "19810829SU3A")?.issuer, "varmland");
  for (const system of ["", "urn:oid:", "urn:oid:1.2.3", "http://example.org", "personnummer"]) {
    assert.equal(identityNumberIn(system, "195704289999"), undefined, system);
  }
});

test("BASE-IDN-4 neither birth date nor sex can be read off", () => {
  const number = parseIdentityNumber("195704289999")!;
  const names = [...Object.keys(number), ...Object.getOwnPropertyNames(Object.getPrototypeOf(number))];
  assert.deepEqual(names.toSorted(), [
    "constructor",
    "formatted",
    "issuer",
    "kind",
    "oid",
    "system",
    "toJSON",
    "toString",
    "value",
  ]);
});

test("BASE-HSA-1 ids of real and test directories are accepted", () => {
  const ids = [
    "SE2321000131-E000000000214",
    "SE2321000016-1021",
    "SE165565594230-1000",
    "TSTNMT2321000156-100K",
    "SE2010123456-OE1aktid2",
  ];
  for (const id of ids) assert.equal(isHsaId(id), true, id);
  assert.deepEqual(
    ids.map((id) => isTestHsaId(id as HsaId)),
    [false, false, false, true, false],
  );
});

test("BASE-HSA-2 other texts are refused", () => {
  const others = [
    "",
    "SE2321000131",
    "SE2321000131-",
    "SE232100013-1",
    "SE23210001311-1",
    "SE172321000131-1",
    "NO2321000131-1",
    "se2321000131-1",
    "2321000131-1",
    "SE2321000131-Å1",
    "SE2321000131-1 ",
    "SE2321000131-1\n",
    "SE2321000131-1-1",
    "SE2321000131-E00000000000000001",
    "SE2321000131-E000000000000000001",
  ];
  assert.deepEqual(others.filter(isHsaId), ["SE2321000131-E00000000000000001"]);
});

test("BASE-HSA-3 both OIDs mean HSA-id", () => {
  for (const system of [HSA_SYSTEM, "1.2.752.29.4.19", HSA_RIV_OID, `urn:oid:${HSA_RIV_OID}`])
    assert.equal(isHsaSystem(system), true);
  for (const system of ["", "urn:oid:", "1.2.752.29", PERSONNUMMER_SYSTEM]) assert.equal(isHsaSystem(system), false);
});
