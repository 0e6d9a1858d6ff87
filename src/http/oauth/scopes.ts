/**
 * The scopes of a machine client: SMART 2 system scopes, read strictly. A scope with search parameters is understood and
 * refused: what the journal does not hold to on every path must not be granted, and leaving the parameters out would widen it.
 *
 * SPEC HTTP-OAUTH · https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
 */
import { parseScopes, type Scope } from "../../access/index.ts";
import { isResourceType } from "../../fhir/index.ts";
import { parametersOf } from "../../search/index.ts";

const PART = /^(system|user|patient)\/(\*|[A-Za-z]{1,64})\.([a-z]{1,5}|\*)(?:\?(.*))?$/;
const MOST_PARTS = 200;

/** The scopes of a text, or in words why it holds none: everything in it is understood, or nothing is. */
export function systemScopesOf(text: string): { readonly scopes: readonly Scope[] } | { readonly refusal: string } {
  const parts = text.split(" ").filter((part) => part !== "");
  if (parts.length === 0) return { refusal: "no scope is named" };
  if (parts.length > MOST_PARTS) return { refusal: `more than ${MOST_PARTS} scopes` };
  for (const part of parts) {
    const refusal = refusalOf(part);
    if (refusal !== undefined) return { refusal };
  }
  const scopes = parseScopes(parts.join(" "));
  return scopes === undefined ? { refusal: "the scopes are not understood" } : { scopes };
}

/** True when everything that is asked for is among what was registered. */
export function areCovered(asked: readonly Scope[], registered: readonly Scope[]): boolean {
  return asked.every(({ type, verbs }) =>
    [...verbs].every((verb) =>
      registered.some((one) => (one.type === "*" || one.type === type) && one.verbs.has(verb)),
    ),
  );
}

function refusalOf(part: string): string | undefined {
  const [, context, type = "", verbs = "", query] = PART.exec(part) ?? [];
  // The word itself is not repeated: an error may be shown where the request never was.
  if (context === undefined) return "a scope has the form system/Type.cruds";
  if (context !== "system")
    return `${context}/ scopes are for applications that a person uses; a client has system/ scopes`;
  if (type !== "*" && !isResourceType(type)) return "a scope names a resource type that FHIR R4 does not have";
  if (parseScopes(`system/${type}.${verbs}`) === undefined)
    return "what a scope allows is written with the letters of cruds in that order, or as read, write or *";
  if (query === undefined) return undefined;
  return isQueryOf(type, query)
    ? "scopes with search parameters are not supported: they are refused so that nothing wider is granted"
    : "the search parameters of a scope are not understood";
}

/** True for parameters with values that a search of the type knows. */
function isQueryOf(type: string, query: string): boolean {
  const known = parametersOf(type === "*" ? "Resource" : type);
  return query.split("&").every((pair) => {
    const [, name = ""] = /^([A-Za-z_-]+)(?:[:.][A-Za-z:.-]+)?=[^=&\s]+$/.exec(pair) ?? [];
    return known.has(name);
  });
}
