/** A letter to the patient about an own referral, in the words of whoever has it; the ledger finds the way that it goes. SPEC CLIN-REFERRAL-13 */
import { PROTECTED_STAFF, type PersonActor } from "../../access/index.ts";
import { withSeal } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { KIND_WORDS, type LetterKind } from "./compose.ts";
import { LETTER_SYSTEM } from "./write.ts";

type Plain = {
  readonly kind: LetterKind;
  readonly patient: string;
  readonly title: string;
  readonly text: string;
  /** The request that it is about. */
  readonly request: string;
  readonly sent: string;
};

export function letterAbout(person: PersonActor, { kind, patient, title, text, request, sent }: Plain): JsonObject {
  const { assignment, name, protectedIdentity, title: profession } = person;
  return withSeal({
    resourceType: "Communication",
    basedOn: [{ reference: `ServiceRequest/${request}` }],
    status: "completed",
    category: [{ coding: [{ system: LETTER_SYSTEM, code: kind }], text: KIND_WORDS[kind] }],
    subject: { reference: `Patient/${patient}` },
    topic: { text: title },
    sent,
    recipient: [{ reference: `Patient/${patient}` }],
    sender: {
      reference: `PractitionerRole/${assignment.id}`,
      display: `${protectedIdentity === true ? PROTECTED_STAFF : name}, ${profession}, ${assignment.unit}`,
    },
    payload: [{ contentString: text }],
  }) as JsonObject;
}
