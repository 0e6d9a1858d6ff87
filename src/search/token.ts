/**
 * Token parameters: codes, identifiers, contact points, booleans. Every spelling of a search value is one key.
 *
 * SPEC SEARCH-TOKEN · https://hl7.org/fhir/R4/search.html#token
 */
import { impliedSystems } from "./bare-codes.ts";
import { alternativesOf, invalidValue, tooCostly, unknownModifier, type Asked } from "./context.ts";
import { splitEscaped, unescaped } from "./escapes.ts";
import { codeValue, ofTypeValue, presentValue, systemCodeValue, systemValue, tokenKey } from "./keys.ts";
import { codeParameterOf } from "./layout.ts";
import { LIMITS } from "./limits.ts";
import { allOf, anyOf, NOTHING, type Condition, type TerminologyQuestion } from "./plan.ts";
import type { SearchParameter } from "./registry.ts";
import { displayName, LONGEST_ASKED, normalized } from "./text.ts";

/** The condition of a token parameter, whatever its modifier but `:missing`. */
export function tokenCondition(asked: Asked): Condition {
  switch (asked.modifier) {
    case undefined:
      return markedCodes(asked, keysOf(asked, plainForm, false));
    case "not":
      return keysOf(asked, plainForm, true);
    case "of-type":
      return keysOf(asked, ofTypeForm, false);
    case "text":
      return displayCondition(asked);
    case "in":
    case "not-in":
      return terminology(asked, asked.modifier === "not-in", (url) => ({ ask: "value-set", url: unescaped(url) }));
    case "below":
    case "above":
      return terminology(asked, false, hierarchyQuestion(asked, asked.modifier));
    default:
      throw unknownModifier(asked);
  }
}

/** A key condition on every parameter under whose name the values are stored. */
export function keyed(
  parameter: SearchParameter,
  forms: readonly string[],
  negated: boolean,
  written: string,
): Condition {
  if (forms.length * parameter.sources.length > LIMITS.keys)
    throw tooCostly(written, `${forms.length} > ${LIMITS.keys}`);
  const keys = parameter.sources.flatMap(({ name }) => forms.map((form) => tokenKey(name, form)));
  return { kind: "keys", keys, negated };
}

/** The one spelling under which a search value is stored, or undefined when nothing can have it. */
export function tokenForm(type: string, parameter: string, alternative: string): string | undefined {
  const [first = "", second] = splitEscaped(alternative, "|").map(unescaped);
  if (second === undefined) return codeValue(first);
  const implied = impliedSystems(type, parameter);
  if (implied === undefined) return second === "" ? systemValue(first) : systemCodeValue(first, second);
  const isMeant = first === "" ? implied.length === 0 : implied.includes(first);
  return isMeant ? (second === "" ? presentValue : codeValue(second)) : undefined;
}

function keysOf(
  asked: Asked,
  formOf: (asked: Asked, alternative: string) => string | undefined,
  negated: boolean,
): Condition {
  const forms = alternativesOf(asked).flatMap((alternative) => formOf(asked, alternative) ?? []);
  if (forms.length > 0) return keyed(asked.parameter, forms, negated, asked.written);
  return negated ? { kind: "all", of: [] } : NOTHING;
}

/** Tells of keys that each are a system and code, where a type's rows keep such a key by itself. */
function markedCodes(asked: Asked, condition: Condition): Condition {
  const { type, parameter } = asked;
  if (condition.kind !== "keys" || codeParameterOf(type) !== parameter.name) return condition;
  const isOwn = parameter.sources.length === 1 && parameter.sources[0]?.name === parameter.name;
  const areCodes = alternativesOf(asked).every((alternative) => {
    const parts = splitEscaped(alternative, "|");
    return parts.length === 2 && !parts.includes("");
  });
  return isOwn && areCodes && impliedSystems(type, parameter.name) === undefined
    ? { ...condition, areCodes }
    : condition;
}

function plainForm({ type, parameter, written }: Asked, alternative: string): string | undefined {
  const parts = splitEscaped(alternative, "|");
  if (parts.length > 2 || parts.every((part) => part === "")) throw invalidValue(written, "system|code");
  return tokenForm(type, parameter.name, alternative);
}

function ofTypeForm({ written }: Asked, alternative: string): string {
  const parts = splitEscaped(alternative, "|").map(unescaped);
  const [system = "", code = "", value = ""] = parts;
  if (parts.length !== 3 || parts.includes("")) throw invalidValue(written, "system|code|value");
  return ofTypeValue(system, code, value);
}

/** `:text` begins with the text that goes with the code. */
function displayCondition(asked: Asked): Condition {
  const values = alternativesOf(asked)
    .map((alternative) => normalized(unescaped(alternative)))
    .filter((value) => value !== "");
  if (values.some((value) => value.length > LONGEST_ASKED)) throw tooCostly(asked.written, `${LONGEST_ASKED}`);
  const sources = asked.parameter.sources.map(({ name }) => name);
  return {
    kind: "text",
    names: sources.map(displayName),
    values,
    match: "prefix",
    present: sources.map((name) => tokenKey(name, presentValue)),
  };
}

function terminology(
  asked: Asked,
  negated: boolean,
  questionOf: (alternative: string) => TerminologyQuestion,
): Condition {
  const { type, parameter } = asked;
  const conditions = alternativesOf(asked).map((alternative): Condition => ({
    kind: "terminology",
    type,
    parameter: parameter.name,
    question: questionOf(alternative),
    negated,
  }));
  return negated ? allOf(conditions) : anyOf(conditions);
}

function hierarchyQuestion({ written }: Asked, ask: "below" | "above"): (alternative: string) => TerminologyQuestion {
  return (alternative) => {
    const parts = splitEscaped(alternative, "|").map(unescaped);
    const code = parts.length === 1 ? parts[0] : parts[1];
    if (parts.length > 2 || code === undefined || code === "") throw invalidValue(written, "system|code");
    return { ask, system: parts.length === 2 && parts[0] !== "" ? parts[0] : undefined, code };
  };
}
