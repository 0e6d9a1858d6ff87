/** The catalogue's errors of ordaining drugs. SPEC FHIR-OUTCOME · CLIN-MED */
import type { OutcomeEntry } from "./outcome-catalogue.ts";

const CALLER = "Nothing to do: somebody asked for what cannot be done, and was told why.";

export const MEDICATION_OUTCOMES = {
  MEDICATION_INVALID: {
    status: 422,
    issue: "invalid",
    sv: "Ordinationen går inte att signera så: {0}.",
    en: "The ordination cannot be signed like that: {0}.",
    runbook: CALLER,
  },
  MEDICATION_STOPPED: {
    status: 422,
    issue: "business-rule",
    sv: "{0}. Ingenting är ordinerat. Ändra, eller ange ett skäl (DetectedIssue med identifier {1} och mitigation).",
    en: "{0}. Nothing is ordained. Change it, or give a reason (a DetectedIssue with the identifier {1} and a mitigation).",
    runbook:
      "The checks of drugs at work. If many of one kind: tell the rule's owner, who sees whether the rule is right.",
  },
  MEDICATION_OTHER_PATIENT: {
    status: 409,
    issue: "conflict",
    sv: "Ordinationen visade en annan identitet än den patient som den gäller. Ingenting är ordinerat.",
    en: "The ordination showed another identity than that of the patient whom it is for. Nothing was ordained.",
    runbook: "Should be rare. If many: look for a screen that keeps one patient's line beside another's banner.",
  },
  MEDICATION_CHANGED: {
    status: 409,
    issue: "conflict",
    sv: "{0} har ändrats sedan du såg den. Ingenting är ändrat. Se den som den är nu.",
    en: "{0} has changed since you saw it. Nothing was changed. See it as it is.",
    runbook: CALLER,
  },
} as const satisfies Record<string, OutcomeEntry>;
