/**
 * What can be wrong with what is asked of the ledger of responsibility. `{0}` … are states, steps and places, never clinical content.
 *
 * SPEC FHIR-OUTCOME, LOOP
 */
import type { OutcomeEntry } from "./outcome-catalogue.ts";

const CALLER = "Nothing to do: the caller's request is at fault. If many: look for a client that was changed lately.";

export const LOOP_OUTCOMES = {
  LOOP_STEP: {
    status: 409,
    issue: "business-rule",
    sv: "Det går inte att göra i det läge som ärendet är nu ({0}: {1}). Läs in det igen.",
    en: "That cannot be done in the state that this is in now ({0}: {1}). Read it again.",
    runbook: CALLER,
  },
  LOOP_INVALID: {
    status: 422,
    issue: "invalid",
    sv: "Åtgärden går inte att förstå: {0}.",
    en: "What is asked for cannot be understood: {0}.",
    runbook: CALLER,
  },
  LOOP_CHANGED: {
    status: 412,
    issue: "conflict",
    sv: "Någon annan har flyttat ärendet sedan du öppnade det. Läs in det igen.",
    en: "Somebody else has moved this since you opened it. Read it again.",
    runbook: "A few are normal: two people work through one list.",
  },
  LETTER_NO_WAY: {
    status: 422,
    issue: "business-rule",
    sv: "Brevet kan inte nå mottagaren så ({0}). Välj ett annat sätt, eller en annan mottagare.",
    en: "The letter cannot reach the recipient that way ({0}). Choose another way, or another recipient.",
    runbook: CALLER,
  },
  LETTER_INVALID: {
    status: 422,
    issue: "invalid",
    sv: "Brevet kan inte skickas så: {0}.",
    en: "The letter cannot be sent like that: {0}.",
    runbook: CALLER,
  },
} as const satisfies Record<string, OutcomeEntry>;
