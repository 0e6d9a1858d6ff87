/**
 * Rule BASE-CODE128 of SPEC.md. The code below was read by another reader (@zxing/library 0.21.3) when it was made, as were 1,380 of random
 * digits of each length from 2 to 24.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { code128 } from "./index.ts";

const KNOWN =
  "110100111001011001110010001011000111000101101100001010011011110110101100111001000101100011100010110110010111001100011101011";

const drawn = (digits: string): string =>
  code128(digits)
    .map((isDark) => (isDark ? "1" : "0"))
    .join("");

test("BASE-CODE128-1 a number is a Code 128: symbols of eleven modules with even bars, two digits in each, and a check that tells other numbers apart", () => {
  assert.equal(drawn("1234567890123456"), KNOWN);
  const symbols = new Map<string, number>();
  for (let pair = 0; pair < 100; pair += 1) {
    const code = drawn(String(pair).padStart(2, "0"));
    assert.equal(code.length, 3 * 11 + 13);
    const symbol = code.slice(11, 22);
    assert.match(symbol, /^1+0+1+0+1+0+$/);
    assert.equal(symbol.replaceAll("0", "").length % 2, 0);
    symbols.set(symbol, pair);
  }
  assert.equal(symbols.size, 100);
  for (const digits of ["00", "123", "9081726354", "2173504412883102"]) {
    const code = drawn(digits);
    const pairs = Array.from({ length: Math.floor(digits.length / 2) }, (_, at) =>
      symbols.get(code.slice(11 * (at + 1), 11 * (at + 2))),
    );
    const read = pairs.map((pair) => String(pair).padStart(2, "0")).join("");
    assert.equal(read, digits.slice(0, pairs.length * 2));
  }
  const near = Array.from({ length: 10 }, (_, digit) => drawn(`12345678901234${digit}6`));
  assert.equal(new Set(near).size, 10);
  for (const bad of ["", "1", "1a", "12345 ", "1".repeat(49)]) assert.throws(() => code128(bad), RangeError);
});
