import assert from "node:assert/strict";
import { test } from "node:test";
import { format, inspect } from "node:util";
import {
  MASK,
  maskedForLog,
  hashIdentityNumbers,
  maskIdentityNumbers,
  newId,
  parseIdentityNumber,
  seededRandom,
} from "../index.ts";
import { needsOfficialNumbers, officialPersonnummer, officialSamordningsnummer } from "../testing.ts";

const number = parseIdentityNumber("195704289999")!;
/** The same as careless code would take it, past the type checker. */
const careless = number as unknown as string;

test("BASE-MASK-1 whatever a number is put into shows its kind and no digit of it", () => {
  const shown = [
    String(careless),
    `${careless}`,
    "" + careless,
    JSON.stringify({ patient: number }),
    inspect(number),
    inspect({ deep: { down: [number] } }, { showHidden: true, depth: 9 }),
    format("%s %o %j", number, number, number),
    new Error(`no such person: ${careless}`).message,
    JSON.stringify({ ...number }),
    JSON.stringify(structuredClone(number)),
    maskedForLog(number),
  ];
  for (const text of shown) {
    assert.doesNotMatch(text, /5704|9999|1957/, text);
    assert.match(text, /personnummer/, text);
  }
});

test("BASE-MASK-1 the number itself is given when asked for by name", () => {
  assert.equal(number.value, "195704289999");
  assert.equal(number.formatted, "19570428-9999");
});

test("BASE-MASK-2 every official number in every written form is taken out", needsOfficialNumbers, () => {
  const numbers = [...officialPersonnummer(), ...officialSamordningsnummer()];
  for (const each of numbers) {
    const [date, rest] = [each.slice(0, 8), each.slice(8)];
    const forms = [
      each,
      `${date}-${rest}`,
      `${date.slice(2)}-${rest}`,
      `${date.slice(2)}+${rest}`,
      each.slice(2),
      `${date} ${rest}`,
    ];
    const masked = maskIdentityNumbers(`a=${forms.join(";")}.`);
    assert.equal(masked, `a=${forms.map(() => MASK).join(";")}.`, each);
  }
});

test("BASE-MASK-4 every written form of a number has the same word in its place", () => {
  const hash = (lastTen: string): string => `<${lastTen.slice(5)}${lastTen.slice(0, 5)}>`;
  for (const form of ["191212121212", "19121212-1212", "121212-1212", "1212121212", "121212+1212", "19121212 1212"])
    assert.equal(hashIdentityNumbers(`a ${form}, b`, hash), "a <2121212121>, b", form);
  assert.equal(hashIdentityNumbers("19810829m071", hash), hashIdentityNumbers("19810829-M071", hash));
  assert.equal(hashIdentityNumbers("nothing 2026-11-22", hash), "nothing 2026-11-22");
});

test("BASE-MASK-2 reserve numbers and mistyped numbers too, wherever they stand", () => {
  const all = [
    "98240301AA06",
    "25780404-KHD5",
    "19810829m071",
    "991981000010",
    "198108320014",
    "19810829SU3A",
    "19570428-9998",
    "570428\u20139999",
  ];
  for (const each of all) {
    for (const around of ["%", '"%"', "(%)", "http://h/p?identifier=%&x=1", "värde:%,", "%\n"]) {
      assert.equal(maskIdentityNumbers(around.replace("%", each)), around.replace("%", MASK));
    }
  }
});

test("BASE-MASK-3 ids, dates, times and short numbers stay", () => {
  const random = seededRandom("BASE-MASK-3");
  for (let i = 0; i < 20_000; i++) {
    const id = newId(random.int(2 ** 20), 1_795_000_000_000 + random.int(2 ** 32), random.bytes(10));
    assert.equal(maskIdentityNumbers(`Patient/${id}/_history/3`), `Patient/${id}/_history/3`);
  }
  const texts = [
    "2026-11-21T18:14:22.007Z",
    "1795000000000",
    "10.0.0.1:8080",
    "1.2.752.129.2.1.3.1",
    "SE2321000131-E000000000214",
    "500 ms",
    "12345678",
  ];
  for (const text of texts) assert.equal(maskIdentityNumbers(text), text);
});
