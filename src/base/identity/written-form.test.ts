import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { identityNumberReadings, parseIdentityNumber } from "../index.ts";
import { checkDigitOf, hasCheckDigit } from "./luhn.ts";

const TODAY = "2026-11-21";

/** Official test numbers: born 1957, 2000 and 1909; and a samordningsnummer of 1973. */
const NUMBERS = ["195704289999", "200002292399", "190905271474", "197302889931"] as const;

function valueOf(text: string, today: string | undefined = TODAY): string | undefined {
  return parseIdentityNumber(text, today)?.value;
}

test("BASE-LUHN-1 check digits of published examples", () => {
  assert.equal(checkDigitOf("701063239"), 1);
  assert.equal(checkDigitOf("811218987"), 6);
  assert.equal(checkDigitOf("7992739871"), 3);
  assert.equal(checkDigitOf("000000000"), 0);
  assert.equal(hasCheckDigit("7010632391"), true);
  assert.equal(hasCheckDigit("7010632390"), false);
  assert.equal(hasCheckDigit(""), false);
});

test("BASE-LUHN-1 every number has one check digit", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (number) => {
      const right = "0123456789".split("").filter((digit) => hasCheckDigit(String(number) + digit));
      assert.deepEqual(right, [String(checkDigitOf(String(number)))]);
    }),
  );
});

test("BASE-FORM-1 all common forms mean the same number", () => {
  for (const number of NUMBERS) {
    const [date, rest] = [number.slice(0, 8), number.slice(8)];
    const sign = number.startsWith("1909") ? "+" : "-";
    const forms = [number, `${date}-${rest}`, `${date.slice(2)}${sign}${rest}`];
    if (sign === "+") forms.push(`${date}+${rest}`);
    else forms.push(number.slice(2));
    for (const form of forms) assert.equal(valueOf(form), number, form);
  }
});

test("BASE-FORM-2 blanks, word processors' dashes and lower case do not matter", () => {
  const same = [
    " 19570428-9999 ",
    "19570428 9999",
    "570428 9999",
    "570428 - 9999",
    "1957 04 28 9999",
    "\t570428-9999\n",
    "570428\u20139999",
    "570428\u22129999",
    "570428\u20109999",
    "19570428\u00a09999",
    "19570428\u202f-\u20099999",
    "\ufeff19570428-9999\u200b",
  ];
  for (const form of same) assert.equal(valueOf(form), "195704289999", JSON.stringify(form));
  assert.equal(valueOf("19810829m071"), "19810829M071");
});

test("BASE-FORM-3 anything else is refused", () => {
  const others = [
    "",
    "-",
    "5704289999x",
    "x5704289999",
    "570428--9999",
    "570428/9999",
    "570428.9999",
    "57-0428-9999",
    "5704289-999",
    "19570428-99",
    "195704289",
    "0195704289999",
    "1957042899990",
    "19570428-9999, 19570428-9999",
    "1957-04-28",
    "+5704289999",
    "570428+-9999",
    "５７0428-9999",
    `${" ".repeat(40)}195704289999`,
    "1".repeat(10_000),
    "\u0000".repeat(12),
  ];
  for (const text of others)
    assert.deepEqual(identityNumberReadings(text, TODAY), [], JSON.stringify(text.slice(0, 60)));
});

test("BASE-FORM-3 no text makes it throw or read something that is not in it", () => {
  const near = fc.string({ unit: fc.constantFrom(..."0123456789-+ KMXAS\u2013".split("")), maxLength: 16 });
  fc.assert(
    fc.property(fc.oneof(near, fc.string({ unit: "binary" })), (text) => {
      for (const read of identityNumberReadings(text, TODAY)) {
        assert.equal(read.value.length, 12);
        assert.ok(
          read.value.endsWith(
            text
              .replaceAll(/[^0-9A-Za-z]/g, "")
              .toUpperCase()
              .slice(-10),
          ),
        );
      }
    }),
    { numRuns: 5000 },
  );
});

test("BASE-FORM-4 ten digits mean the latest year, or at least 100 years back with a plus", () => {
  assert.equal(valueOf("000229-2399"), "200002292399");
  assert.equal(valueOf("090527+1474"), "190905271474");
  assert.equal(valueOf("090527-1474"), "200905271474");
  assert.equal(valueOf("0905271474"), "200905271474");
  assert.equal(valueOf("570428-9999", "2056-12-31"), "195704289999");
  assert.equal(valueOf("570428+9999", "2056-12-31"), "185704289999");
  assert.equal(valueOf("570428+9999", "2057-01-01"), "195704289999");
  assert.equal(valueOf("730288-9931"), "197302889931");
});

test("BASE-FORM-4 the plus comes on 1 January of the year of the hundredth birthday", () => {
  assert.equal(valueOf("231224-0002", "2022-12-31"), undefined);
  const number = `19231224001${checkDigitOf("231224001")}`;
  const short = `231224-${number.slice(8)}`;
  assert.equal(valueOf(short, "2022-12-31"), number);
  assert.equal(valueOf(short.replace("-", "+"), "2022-12-31"), `18${number.slice(2)}`);
  assert.equal(valueOf(short.replace("-", "+"), "2023-01-01"), number);
});

test("BASE-FORM-5 without the date of today ten digits are not read", () => {
  for (const form of ["570428-9999", "5704289999", "090527+1474"]) assert.equal(parseIdentityNumber(form), undefined);
  assert.equal(parseIdentityNumber("19570428-9999")?.value, "195704289999");
  assert.equal(parseIdentityNumber("19090527+1474")?.value, "190905271474");
});

test("BASE-FORM-6 the readings include the person a hundred years older", () => {
  const readings = (text: string): string[] => identityNumberReadings(text, TODAY).map(({ value }) => value);
  assert.deepEqual(readings("090527-1474"), ["200905271474", "190905271474"]);
  assert.deepEqual(readings("0905271474"), ["200905271474", "190905271474"]);
  assert.deepEqual(readings("090527+1474"), ["190905271474"]);
  assert.deepEqual(readings("20090527-1474"), ["200905271474"]);
  assert.deepEqual(readings("000229-2399"), ["200002292399"]);
});

test("BASE-FORM-7 what lies after today is read as a hundred years older, or refused", () => {
  const number = `19261224001${checkDigitOf("261224001")}`;
  assert.equal(valueOf(`261224-${number.slice(8)}`), number);
  assert.equal(valueOf(`261224-${number.slice(8)}`, "2026-12-24"), `20${number.slice(2)}`);
  assert.equal(valueOf(`20${number.slice(2)}`), undefined);
  assert.equal(valueOf(`20${number.slice(2)}`, "2026-12-23"), undefined);
  assert.equal(valueOf(`20${number.slice(2)}`, "2026-12-24"), `20${number.slice(2)}`);
  assert.equal(parseIdentityNumber(`20${number.slice(2)}`)?.value, `20${number.slice(2)}`);
  assert.equal(valueOf("205704289999"), undefined);
});

test("BASE-FORM-8 a plus next to a later year is refused", () => {
  assert.equal(valueOf("19570428+9999"), undefined);
  assert.equal(valueOf("20000229+2399"), undefined);
  assert.equal(valueOf("19570428+9999", "2056-12-31"), undefined);
  assert.equal(valueOf("19570428+9999", "2057-01-01"), "195704289999");
  assert.equal(valueOf("19090527-1474"), "190905271474");
});

test("BASE-FORM-9 a date of today that is none is refused", () => {
  for (const today of ["", "20261121", "2026-02-30", "2026-11-21T10:00:00Z", "idag"]) {
    assert.throws(() => parseIdentityNumber("570428-9999", today), RangeError);
  }
});
