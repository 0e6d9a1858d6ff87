/**
 * String parameters: a text, or any part of a name or an address, that begins with the value, contains it, or is it.
 *
 * SPEC SEARCH-STRING · https://hl7.org/fhir/R4/search.html#string
 */
import { alternativesOf, tooCostly, unknownModifier, type Asked } from "./context.ts";
import { unescaped } from "./escapes.ts";
import { presentValue, tokenKey } from "./keys.ts";
import type { Condition } from "./plan.ts";
import { LONGEST_ASKED, normalized } from "./text.ts";
import { keyed } from "./token.ts";
import { stringWordsCondition } from "./words.ts";

/** The condition of a string parameter, whatever its modifier but `:missing`. */
export function stringCondition(asked: Asked): Condition {
  const { parameter, modifier, written } = asked;
  if (modifier === "exact") return keyed(parameter, alternativesOf(asked).map(unescaped), false, written);
  if (modifier === "text") return stringWordsCondition(asked);
  if (modifier !== undefined && modifier !== "contains") throw unknownModifier(asked);
  return textCondition(asked, modifier === "contains" ? "contains" : "prefix");
}

/** A text that stands in this way to one of the values, case and accents apart. Errors: SEARCH_TOO_COSTLY. */
export function textCondition(asked: Asked, match: Extract<Condition, { kind: "text" }>["match"]): Condition {
  const { parameter, written } = asked;
  const values = alternativesOf(asked).map((alternative) => normalized(unescaped(alternative)));
  if (values.some((value) => value.length > LONGEST_ASKED)) throw tooCostly(written, `> ${LONGEST_ASKED}`);
  const names = parameter.sources.map(({ name }) => name);
  return {
    kind: "text",
    names,
    values: values.filter((value) => value !== ""),
    match,
    present: names.map((name) => tokenKey(name, presentValue)),
  };
}
