/**
 * From whom protected identities are withheld: from everybody but the machine client that was given them by name or with
 * everything, staff's from everybody but whoever keeps the directory, and no one's from themselves.
 *
 * SPEC ACC-PROTECTED-4 · decision 0033
 */
import type { Actor, ClientActor, Verb } from "../actor.ts";

/** No resource type, but a scope's word for it: `system/ProtectedIdentity.r` opens what its other scopes reach. */
const PROTECTED_SCOPE = "ProtectedIdentity";

/** Whether an actor is shown protected identities whole. */
export function seesProtected(actor: Actor): boolean {
  return actor.kind === "client" && hasVerb(actor, ["r", "s"]);
}

/** Whether an actor may change what is withheld from others. */
export function changesProtected(actor: Actor): boolean {
  return actor.kind === "client" && hasVerb(actor, ["c", "u"]);
}

/** Whether a resource is the actor's own: the patient at the patient's own door. */
export function isSelf(actor: Actor, type: string, id: string): boolean {
  return actor.kind === "patient" && actor.reader.kind === "patient" && type === "Patient" && id === actor.patient;
}

function hasVerb({ scopes }: ClientActor, wanted: readonly Verb[]): boolean {
  return scopes.some(
    ({ type, verbs }) => (type === "*" || type === PROTECTED_SCOPE) && wanted.some((verb) => verbs.has(verb)),
  );
}
