/**
 * The first step of every interaction: the decision. A refusal is logged before it is told.
 *
 * SPEC JRN-AUTHORIZE · PDL 4 kap. 1–3 §§
 */
import { decide, type Grounds, type Interaction } from "../access/index.ts";
import { fhirError } from "../fhir/index.ts";
import { groundText, logEntry, today, type Visit } from "./context.ts";

/** The grounds for an interaction with a type. Errors: FORBIDDEN with the rule's Swedish sentence. */
export async function authorize(visit: Visit, interaction: Interaction, type: string, asked = type): Promise<Grounds> {
  const decision = decide(visit.actor, { interaction, type, today: today(visit) });
  if ("grounds" in decision) return decision.grounds;
  const { refusal } = decision;
  await visit.store.recordAccess([
    logEntry(
      visit,
      { action: interaction, outcome: "refused", ground: groundText(refusal) },
      { home: 0, patient: null, what: [asked] },
    ),
  ]);
  throw fhirError("FORBIDDEN", refusal.sentence);
}
