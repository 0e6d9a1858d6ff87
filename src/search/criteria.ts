/**
 * One parameter to its condition, by its type; and `:missing`, which all types share.
 *
 * SPEC SEARCH-PARSE · https://hl7.org/fhir/R4/search.html#modifiers
 */
import { fhirErrorAt, isFhirId } from "../fhir/index.ts";
import { compositeCondition } from "./composite.ts";
import { alternativesOf, invalidValue, unknownModifier, unknownParameter, type Asked } from "./context.ts";
import { dateCondition } from "./date.ts";
import { unescaped } from "./escapes.ts";
import { presentValue, tokenKey } from "./keys.ts";
import { nearCondition } from "./near.ts";
import { numberCondition } from "./number.ts";
import type { Condition } from "./plan.ts";
import { quantityCondition } from "./quantity.ts";
import { referenceCondition } from "./reference.ts";
import { isOfTheRow, type SearchParameter } from "./registry.ts";
import { stringCondition } from "./string.ts";
import { tokenCondition } from "./token.ts";
import { uriCondition } from "./uri.ts";
import { fullTextCondition } from "./words.ts";

/** The condition that a parameter with its modifier and value means. Errors: SEARCH_* of the catalogue. */
export function conditionOf(asked: Asked): Condition {
  const { parameter } = asked;
  if (parameter.name === "_id") return idCondition(asked);
  if (parameter.name === "_text" || parameter.name === "_content") return fullTextCondition(asked);
  if (parameter.name === "_query") throw fhirErrorAt("NOT_SUPPORTED", asked.written, "_query");
  if (isOfTheRow(parameter.name) && parameter.name !== "_lastUpdated")
    throw unknownParameter(asked.written, asked.type);
  return asked.modifier === "missing" ? missingCondition(asked) : typedCondition(asked);
}

function typedCondition(asked: Asked): Condition {
  switch (asked.parameter.type) {
    case "token":
      return tokenCondition(asked);
    case "string":
      return stringCondition(asked);
    case "reference":
      return referenceCondition(asked);
    case "uri":
      return uriCondition(asked);
    case "date":
      return dateCondition(asked);
    case "number":
      return numberCondition(asked);
    case "quantity":
      return quantityCondition(asked);
    case "composite":
      return compositeCondition(asked, conditionOf);
    case "special":
      return nearCondition(asked);
  }
}

function idCondition(asked: Asked): Condition {
  if (asked.modifier !== undefined && asked.modifier !== "not") throw unknownModifier(asked);
  const ids = alternativesOf(asked).map(unescaped);
  // An id that cannot exist finds nothing; it is no error, so that a wrong one and a missing one look the same.
  return { kind: "id", ids: [...new Set(ids.filter(isFhirId))], negated: asked.modifier === "not" };
}

/** R4 has no `:missing` for combinations. Time of change and id are never missing. */
function missingCondition(asked: Asked): Condition {
  const { parameter, value, written } = asked;
  if (parameter.type === "composite" || parameter.type === "special" || parameter.name === "_lastUpdated")
    throw unknownModifier(asked);
  if (value !== "true" && value !== "false") throw invalidValue(written, "true, false");
  const missing = value === "true";
  const present = presenceNames(parameter).map((name) => tokenKey(name, presentValue));
  if (!isRanged(parameter)) return { kind: "keys", keys: present, negated: missing };
  return { kind: "presence", parameters: parameter.sources.map(({ name }) => name), present, missing };
}

function isRanged({ type }: SearchParameter): boolean {
  return type === "date" || type === "number" || type === "quantity";
}

/** A parameter that is another limited to one type has a mark of its own. */
function presenceNames({ name, sources }: SearchParameter): string[] {
  return sources.some(({ only }) => only !== undefined) ? [name] : sources.map((source) => source.name);
}
