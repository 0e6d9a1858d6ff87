/**
 * Uri parameters: the whole uri; `:below` a beginning of it at a slash or version dot; `:above` the other way about.
 *
 * SPEC SEARCH-URI · https://hl7.org/fhir/R4/search.html#uri
 */
import { alternativesOf, unknownModifier, type Asked } from "./context.ts";
import { unescaped } from "./escapes.ts";
import { anyVersionValue, belowValue } from "./keys.ts";
import type { Condition } from "./plan.ts";
import { keyed } from "./token.ts";
import { belowPrefixes, withoutSlash } from "./uris.ts";

/** The condition of a uri parameter, whatever its modifier but `:missing`. */
export function uriCondition(asked: Asked): Condition {
  const uris = alternativesOf(asked).map(unescaped);
  return keyed(asked.parameter, uriForms(asked, uris), false, asked.written);
}

/** What is looked for; a uri is above another when it is one of the other's beginnings. */
export function uriForms(asked: Asked, uris: readonly string[]): string[] {
  switch (asked.modifier) {
    case undefined:
      return uris.flatMap((uri) => [uri, anyVersionValue(uri)]);
    case "below":
      return uris.map((uri) => belowValue(withoutSlash(uri)));
    case "above":
      return uris.flatMap((uri) => belowPrefixes(uri).flatMap((prefix) => [prefix, `${prefix}/`]));
    default:
      throw unknownModifier(asked);
  }
}
