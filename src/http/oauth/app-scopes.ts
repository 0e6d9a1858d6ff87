/**
 * The scopes of an application that a person uses: SMART's words for what it may know of the person and the launch, and
 * `user/` and `patient/` scopes, with search parameters or without. What cannot be held to on every path is refused, not left out.
 *
 * SPEC HTTP-APP · https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
 */
import { parseAppScope, type AppScope } from "../../access/index.ts";
import { isResourceType } from "../../fhir/index.ts";
import { isNarrowable } from "../../journal/index.ts";

/** What else than resources may be asked for. No token outlives the session, so there is no `offline_access`. */
export const WORDS = ["openid", "fhirUser", "launch", "launch/patient", "online_access"] as const;
/** Asked for by many, and not given: what was given is told. No token outlives the session, and of the person `fhirUser` tells. */
const PASSED_OVER: ReadonlySet<string> = new Set(["offline_access", "profile"]);
const MOST = 100;

export type AppScopes = {
  readonly words: readonly string[];
  readonly resources: readonly AppScope[];
  readonly texts: readonly string[];
};

/** The scopes of a text, or in words why it holds none. */
export function appScopesOf(text: string): AppScopes | { readonly refusal: string } {
  const parts = [...new Set(text.split(" ").filter((part) => part !== "" && !PASSED_OVER.has(part)))];
  if (parts.length === 0) return { refusal: "no scope is named" };
  if (parts.length > MOST) return { refusal: `more than ${MOST} scopes` };
  const known: ReadonlySet<string> = new Set(WORDS);
  const texts = parts.filter((part) => !known.has(part));
  const resources: AppScope[] = [];
  for (const part of texts) {
    const found = parseAppScope(part);
    if (found === undefined) return { refusal: "a scope has the form user/Type.cruds or patient/Type.rs" };
    const refusal = refusalOf(found);
    if (refusal !== undefined) return { refusal };
    resources.push(found);
  }
  return { words: parts.filter((part) => known.has(part)), resources, texts };
}

function refusalOf({ of, type, verbs, criteria }: AppScope): string | undefined {
  if (type !== "*" && !isResourceType(type)) return "a scope names a resource type that FHIR R4 does not have";
  const isNarrow = of === "patient" || criteria !== null;
  if (isNarrow && /[cud]/.test(verbs))
    return "patient/ scopes and scopes with search parameters are for reading and searching (rs); use user/ to write";
  if (criteria !== null && (type === "*" || !isNarrowable(type, criteria)))
    return "the search parameters of a scope are tokens of its type, without modifiers";
  return undefined;
}

/** True when everything that is asked for is among what was registered: the same, or narrower. */
export function isCoveredByApp(asked: AppScopes, registered: AppScopes): boolean {
  return (
    asked.words.every((word) => registered.words.includes(word)) &&
    asked.resources.every((one) =>
      one.verbs
        .split("")
        .every((verb) =>
          registered.resources.some(
            (other) =>
              (other.of === "user" || one.of === "patient") &&
              (other.type === "*" || other.type === one.type) &&
              other.verbs.includes(verb) &&
              (other.criteria === null || other.criteria === one.criteria),
          ),
        ),
    )
  );
}
