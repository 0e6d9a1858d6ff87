/**
 * Who signs, corrects or notes something, as it is kept beside the record: the person under the assignment of that moment, and how they
 * had proved who they are.
 *
 * SPEC JRN-SIGN · PDL (2008:355) 3 kap. 6 och 10 §§
 */
import { PROTECTED_STAFF, type PersonActor } from "../../access/index.ts";
import { fhirError } from "../../fhir/index.ts";
import type { Visit } from "../context.ts";

export type Person = {
  readonly kind: "person";
  readonly id: string;
  readonly hsaId: string;
  readonly name: string;
  readonly title: string;
  readonly assignment: string;
  readonly unit: string;
  readonly unitHsaId: string;
  readonly provider: string;
  readonly providerHsaId: string;
};
export type Author = Person | { readonly kind: "client"; readonly name: string };
/** How the person had proved who they are: the identity provider, its name, the level that it stated, and when. */
export type Proof = { readonly method: string; readonly name: string; readonly acr: string; readonly at: string };
/** A person who signs, and by which proof. */
export type Signer = Person & { readonly proof: Proof };

/** Staff with protected identity sign under their HSA-id: everybody who reads the note reads who has signed it. */
export function personOf({ id, hsaId, name: own, title, assignment, protectedIdentity }: PersonActor): Person {
  const name = protectedIdentity === true ? PROTECTED_STAFF : own;
  const { unit, unitHsaId, provider, providerHsaId } = assignment;
  return {
    kind: "person",
    id,
    hsaId,
    name,
    title,
    assignment: assignment.id,
    unit,
    unitHsaId,
    provider,
    providerHsaId,
  };
}

export function authorOf({ actor }: Visit): Author {
  if (actor.kind === "patient") throw fhirError("FORBIDDEN", "nothing is written at the patient's door");
  return actor.kind === "person" ? personOf(actor) : { kind: "client", name: actor.name };
}
