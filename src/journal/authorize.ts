/**
 * The first step of every interaction: the decision. A refusal is logged before it is told.
 *
 * SPEC JRN-AUTHORIZE · PDL 4 kap. 1–3 §§
 */
import { decide, type AccessRule, type Grounds, type Interaction } from "../access/index.ts";
import { FhirError, fhirErrorAt, fhirErrorWith } from "../fhir/index.ts";
import { aboutAsked, groundText, logEntry, today, type Visit } from "./context.ts";

/** The grounds for an interaction with a type. Errors: FORBIDDEN with the rule's Swedish sentence. */
export async function authorize(visit: Visit, interaction: Interaction, type: string, asked = type): Promise<Grounds> {
  if (visit.isUnguarded === true) return UNGUARDED;
  // Where rows lie on several servers the second lock cannot ask what opens a patient: better nobody than one lock (decision 0030).
  if (visit.actor.kind !== "client" && visit.store.isSpread)
    throw fhirErrorAt("NOT_SUPPORTED", type, {
      sv: "personal och patienter på flera servrar",
      en: "people over several servers",
    });
  const decision = decide(visit.actor, { interaction, type, today: today(visit), work: visit.work });
  if ("grounds" in decision) return decision.grounds;
  return refuseByRule(visit, decision.refusal, { action: interaction, asked });
}

/** Refuses by a rule of the law, which is logged before it is told. */
export async function refuseByRule(
  visit: Visit,
  refusal: AccessRule,
  { action, asked }: { readonly action: string; readonly asked: string },
): Promise<never> {
  await recordRefusal(visit, action, groundText(refusal), [asked]);
  throw forbidden(refusal.sentence, refusal.rule);
}

const UNGUARDED: Grounds = {
  rule: "ACC-BENCH",
  law: "",
  sentence: "Mätning utan åtkomstprövning.",
  reach: { kind: "region" },
};

/** Refuses what the law's rules never got to see: a call of the wrong kind of actor, or from somewhere else. */
export async function refuseVisit(visit: Visit, asked: string, sentence: string): Promise<never> {
  await recordRefusal(visit, "call", sentence, [asked]);
  throw forbidden(sentence, "ACC-CALL");
}

/** Makes durable that something was refused, before it is told. */
export function recordRefusal(visit: Visit, action: string, ground: string, asked: readonly string[]): Promise<void> {
  return visit.store.recordAccess([logEntry(visit, { action, outcome: "refused", ground }, aboutAsked(asked))]);
}

/** What came of a write; when it was refused by what is here, the refusal is logged before it is told. */
export async function orLogged<T>(visit: Visit, action: string, asked: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof FhirError && error.status < 500) await recordRefusal(visit, action, error.code, [asked]);
    throw error;
  }
}

/** The refusal of a rule. */
export function forbidden(sv: string, rule: string): FhirError {
  return fhirErrorWith("FORBIDDEN", [{ severity: "error", code: "forbidden", sv, en: `Refused by rule ${rule}.` }]);
}
