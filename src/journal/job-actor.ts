/**
 * In whose name long work goes on: the actor as it was when the work was asked for, kept as JSON and made an actor again.
 *
 * SPEC JRN-JOB
 */
import type { Actor, ClientActor, Verb } from "../access/index.ts";

/**
 * The name under which an actor's jobs, and answers to idempotency keys, are kept. A person's are the assignment's: under
 * another one, perhaps of another care provider, they are not there.
 */
export function ownerNameOf(actor: Actor): string {
  if (actor.kind === "patient") return `patient ${actor.id} for ${actor.patient}`;
  if (actor.kind === "client") return `client ${actor.name}`;
  const own = `person ${actor.id} assignment ${actor.assignment.id}`;
  return actor.app === undefined ? own : `${own} app ${actor.app.client}`;
}

/** The actor as JSON can hold it: a set of verbs becomes their letters. */
export function storedActor(actor: Actor): unknown {
  if (actor.kind !== "client") return actor;
  return { ...actor, scopes: actor.scopes.map(({ type, verbs }) => ({ type, verbs: [...verbs].join("") })) };
}

/** What `storedActor` made, as an actor. */
export function actorFrom(stored: unknown): Actor {
  const actor = stored as Exclude<Actor, ClientActor> | StoredClient;
  if (actor.kind !== "client") return actor;
  const scopes = actor.scopes.map(({ type, verbs }) => ({ type, verbs: new Set(verbs.split("") as Verb[]) }));
  return { ...actor, scopes };
}

type StoredClient = Omit<ClientActor, "scopes"> & {
  readonly scopes: readonly { readonly type: string; readonly verbs: string }[];
};
