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
  SPECIMEN_IDENTITY: {
    status: 422,
    issue: "business-rule",
    sv: "Identiteten stämmer inte med patienten. Ingenting är sparat: kontrollera armbandet.",
    en: "The identity is not the patient's. Nothing is saved: look at the wristband.",
    runbook: "If many at one unit: look whether bands are printed for the wrong bed.",
  },
  SPECIMEN_WRONG: {
    status: 422,
    issue: "business-rule",
    sv: "Etiketten ({0}) är inte till det som ska tas av den här patienten. Ingenting är sparat.",
    en: "The label ({0}) is not for what is to be collected from this patient. Nothing is saved.",
    runbook: CALLER,
  },
  SPECIMEN_STATE: {
    status: 409,
    issue: "business-rule",
    sv: "Det går inte att göra med provet som det är nu ({0}). Läs in det igen.",
    en: "That cannot be done with the specimen as it is now ({0}). Read it again.",
    runbook: CALLER,
  },
  SPECIMEN_INVALID: {
    status: 422,
    issue: "invalid",
    sv: "Det går inte att förstå: {0}.",
    en: "That cannot be understood: {0}.",
    runbook: CALLER,
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
  ORDER_INVALID: {
    status: 422,
    issue: "invalid",
    sv: "Beställningen går inte att skicka så: {0}.",
    en: "The order cannot be sent like that: {0}.",
    runbook: CALLER,
  },
  ORDER_OTHER_PATIENT: {
    status: 409,
    issue: "conflict",
    sv: "Beställningen visade en annan identitet än den patient som den gäller. Ingenting är skickat.",
    en: "The order showed another identity than that of the patient whom it is for. Nothing was sent.",
    runbook: "Should be rare. If many: look for a screen that keeps one patient's basket beside another's banner.",
  },
  ORDER_NOWHERE: {
    status: 409,
    issue: "business-rule",
    sv: "{0} kan inte skickas: ingen tar emot den där den skulle. Ingenting är skickat. Välj en annan mottagare.",
    en: "{0} cannot be sent: nobody takes it where it was meant to go. Nothing was sent. Choose another receiver.",
    runbook: "The unit of the catalogue's receiver is closed or unknown. Correct the catalogue or the directory.",
  },
  ORDER_ELSEWHERE: {
    status: 409,
    issue: "conflict",
    sv: "{0} skulle nu komma till någon annan än den som visades. Ingenting är skickat. Se vem som får den och signera igen.",
    en: "{0} would now come to somebody else than was shown. Nothing was sent. See who gets it and sign again.",
    runbook: "A few are normal when units are merged or integrations are set up.",
  },
} as const satisfies Record<string, OutcomeEntry>;
