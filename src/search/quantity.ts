/**
 * Quantity parameters: a number, and if wanted its unit: `5.4|system|code`, or `5.4||mg` for a code or unit by that name.
 *
 * SPEC SEARCH-QUANTITY · https://hl7.org/fhir/R4/search.html#quantity
 */
import { alternativesOf, invalidValue, unknownModifier, type Asked } from "./context.ts";
import { splitEscaped, unescaped } from "./escapes.ts";
import { numberTest } from "./number.ts";
import type { Condition, RangeTest } from "./plan.ts";

/** The condition of a quantity parameter, whatever its modifier but `:missing`. */
export function quantityCondition(asked: Asked): Condition {
  if (asked.modifier !== undefined) throw unknownModifier(asked);
  const tests = alternativesOf(asked).map((alternative) => quantityTest(alternative, asked.written));
  return { kind: "range", of: "number", parameters: asked.parameter.sources.map(({ name }) => name), tests };
}

/** The test that one value, still escaped, means. Errors: SEARCH_VALUE_INVALID. */
export function quantityTest(alternative: string, written: string): RangeTest {
  const [number = "", system, code, ...more] = splitEscaped(alternative, "|").map(unescaped);
  if (more.length > 0) throw invalidValue(written, "5.4|http://unitsofmeasure.org|mg, 5.4||mg");
  if (system === undefined) return numberTest(number, written, undefined);
  if (code === undefined || code === "") {
    if (system === "" && code !== undefined) return numberTest(number, written, undefined);
    throw invalidValue(written, "5.4|http://unitsofmeasure.org|mg, 5.4||mg");
  }
  return numberTest(number, written, { system: system === "" ? undefined : system, code });
}
