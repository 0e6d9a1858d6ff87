/**
 * What can be wrong with registering somebody and with saying that two records are the same person's. `{0}` … are names, never what stands in
 * a record.
 *
 * SPEC FHIR-OUTCOME, CLIN-REGISTER, JRN-JOIN
 */
import type { OutcomeEntry } from "./outcome-catalogue.ts";

const CALLER = "Nothing to do: the caller's request is at fault. If many: look for a client that was changed lately.";

export const REGISTRATION_OUTCOMES = {
  REGISTER_INVALID: {
    status: 422,
    issue: "invalid",
    sv: "Registreringen går inte att förstå: {0}.",
    en: "The registration cannot be understood: {0}.",
    runbook: CALLER,
  },
  RESERVE_NUMBERS_OUT: {
    status: 409,
    issue: "conflict",
    sv: "Det finns inget ledigt reservnummer att ge. Försök igen med en annan ungefärlig ålder.",
    en: "There is no free reserve number to give. Try again with another estimated age.",
    runbook:
      "Should never happen: a year has more than 3,000 numbers for each sex. Look for a client that registers in a loop.",
  },
  JOIN_SAME: {
    status: 422,
    issue: "business-rule",
    sv: "Det är samma journal. Två olika journaler behövs för att säga att de hör till samma person.",
    en: "That is one and the same record. It takes two to say that they are the same person's.",
    runbook: CALLER,
  },
  JOIN_REPLACED: {
    status: 409,
    issue: "business-rule",
    sv: "En av journalerna är redan ersatt av en annan. Öppna den som gäller och börja därifrån.",
    en: "One of the records has been replaced by another already. Open the one that stands and begin there.",
    runbook: CALLER,
  },
  JOIN_NOT: {
    status: 409,
    issue: "business-rule",
    sv: "Journalerna är inte förda till samma person. Läs in dem igen.",
    en: "The records are not said to be the same person's. Read them again.",
    runbook: CALLER,
  },
} as const satisfies Readonly<Record<string, OutcomeEntry>>;
