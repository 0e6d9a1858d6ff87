/**
 * What an application may do in a person's name: never more than the person's own grounds, and never more than what it was
 * allowed. SMART's `user/` scopes go as far as the person; `patient/` scopes are for the one patient that it was opened for; a
 * scope with search parameters is for what meets them. What is narrowed so is read and searched as it stands now: older
 * versions and changes are not for it.
 *
 * SPEC ACC-APP · https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
 */
import type { Verb } from "./actor.ts";

/** One scope as it was allowed. The verbs are letters of `cruds`, so that it can be kept as JSON. */
export type AppScope = {
  readonly of: "user" | "patient";
  readonly type: string;
  readonly verbs: string;
  /** Search parameters, as they stand in the scope. */
  readonly criteria: string | null;
};

export type AppGrant = {
  readonly client: string;
  /** As people know it. */
  readonly name: string;
  readonly scopes: readonly AppScope[];
  /** The patient that it was opened for. */
  readonly patient: string | null;
};

/** One way to be among what a scope opens. */
export type Narrowing = { readonly patient: string | null; readonly criteria: string | null };

const SCOPE = /^(user|patient)\/(\*|[A-Z][A-Za-z]+)\.(c?r?u?d?s?|read|write|\*)(?:\?([^\s?#]{1,500}))?$/;
const OLD_NAMES: Readonly<Record<string, string>> = { read: "rs", write: "cud", "*": "cruds" };

/** Reads one `user/` or `patient/` scope; nothing for what is none, or says nothing. */
export function parseAppScope(text: string): AppScope | undefined {
  const [, of, type, written = "", criteria = null] = SCOPE.exec(text) ?? [];
  if (of === undefined || type === undefined || written === "") return undefined;
  return { of: of === "user" ? "user" : "patient", type, verbs: OLD_NAMES[written] ?? written, criteria };
}

/** How far the scopes go for a verb and type: not at all, as far as the person, or only where one of these holds. */
export function narrowingOf(
  { scopes, patient }: AppGrant,
  type: string,
  verb: Verb,
): "none" | "whole" | readonly Narrowing[] {
  const found = scopes.filter((one) => (one.type === "*" || one.type === type) && one.verbs.includes(verb));
  const usable = found.filter(({ of }) => of === "user" || patient !== null);
  if (usable.length === 0) return "none";
  if (usable.some(({ of, criteria }) => of === "user" && criteria === null)) return "whole";
  return usable.map(({ of, criteria }) => ({ patient: of === "patient" ? patient : null, criteria }));
}
