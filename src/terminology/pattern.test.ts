import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FhirError } from "../fhir/index.ts";
import { pattern } from "./pattern.ts";

test("TERM-PATTERN-1 what is understood means what it means in JavaScript, for the whole value", () => {
  const patterns = [
    "E1[0-4].*", "[A-Z]\\d{2}(\\.\\d)?", "(a|bc)+d?", "^x{2,3}$", "[^a-c]+", "a{0}b", "(?:ab){1,}", "\\w+\\s\\w+", "a||b", "\\.\\+", "[\\d.]+", "(a*)*b", "å?ö+", "[a-]+", "",
  ]; // prettier-ignore
  const text = fc.string({ unit: fc.constantFrom(..."abcdxEåö.-1 2A9".split("")), maxLength: 8 });
  fc.assert(
    fc.property(fc.constantFrom(...patterns), text, (source, value) => {
      assert.equal(pattern(source)(value), new RegExp(`^(?:${source})$`, "u").test(value), `${source} on ${value}`);
    }),
    { seed: 20261121, numRuns: 5000 },
  );
});

test("TERM-PATTERN-2 no pattern takes more time than its size times the text's", () => {
  const began = performance.now();
  for (const source of ["(a+)+b", "(a|a)*b", "(a|aa)+$", "(.*)*x"])
    assert.equal(pattern(source)("a".repeat(3000)), source === "(a|aa)+$");
  assert.ok(performance.now() - began < 3000);
});

test("TERM-PATTERN-3 what is too large or not understood is refused, not guessed", () => {
  const code = (source: string): string => {
    try {
      pattern(source);
    } catch (error) {
      assert.ok(error instanceof FhirError);
      return error.code;
    }
    return "none";
  };
  for (const source of ["(a", "a)", "[a", "*a", "a**", "(?=a)", "\\1", "\\b", "a{3,1}", "a{x}", "\\", "[z-a]", "a^b"])
    assert.equal(code(source), "FILTER_NOT_SUPPORTED", source);
  for (const source of ["a".repeat(501), "(a{99}){99}", `${"(".repeat(30)}a${")".repeat(30)}`])
    assert.equal(code(source), "TERMINOLOGY_TOO_COSTLY", source);
});
