/**
 * What can be wrong with a Bundle that is sent, and with its entries.
 *
 * SPEC FHIR-OUTCOME · https://hl7.org/fhir/R4/http.html#transaction
 */
import type { OutcomeEntry } from "./outcome-catalogue.ts";

const CALLER = "Nothing to do: the caller's request is at fault. If many: look for a client that was changed lately.";

export const BUNDLE_OUTCOMES = {
  ENTRY_REQUEST: {
    status: 400,
    issue: "required",
    sv: "Posten saknar request.method eller request.url, eller metoden är okänd.",
    en: "The entry has no request.method or request.url, or the method is unknown.",
    runbook: CALLER,
  },
  ENTRY_URL: {
    status: 400,
    issue: "value",
    sv: "Postens request.url passar inte till metoden.",
    en: "The entry's request.url does not fit its method.",
    runbook: CALLER,
  },
  BATCH_REFERENCE: {
    status: 400,
    issue: "business-rule",
    sv: "Posten hänvisar till en annan post i samma batch. Varje post görs för sig; skicka dem som en transaction.",
    en: "The entry refers to another entry of the same batch. Each is done by itself; send them as a transaction.",
    runbook: CALLER,
  },
  ENTRY_RESOURCE: {
    status: 400,
    issue: "required",
    sv: "Posten saknar den resurs som metoden behöver.",
    en: "The entry lacks the resource that its method needs.",
    runbook: CALLER,
  },
  BUNDLE_TYPE: {
    status: 400,
    issue: "value",
    sv: "Bundle.type är inte transaction eller batch.",
    en: "Bundle.type is neither transaction nor batch.",
    runbook: CALLER,
  },
  BUNDLE_EMPTY: {
    status: 400,
    issue: "required",
    sv: "Det finns inget att utföra.",
    en: "There is nothing to do.",
    runbook: CALLER,
  },
  BUNDLE_TOO_LARGE: {
    status: 413,
    issue: "too-long",
    sv: "Bunten har för många poster. Gränsen är {0}.",
    en: "The bundle has too many entries. The limit is {0}.",
    runbook: CALLER,
  },
  BUNDLE_OVERLAP: {
    status: 400,
    issue: "invalid",
    sv: "Samma resurs förekommer två gånger i transaktionen: {0}.",
    en: "The same resource occurs twice in the transaction: {0}.",
    runbook: CALLER,
  },
  ENTRY_CONDITION: {
    status: 400,
    issue: "invalid",
    sv: "Postens villkor passar inte till metoden.",
    en: "The entry's condition does not fit its method.",
    runbook: CALLER,
  },
} as const satisfies Record<string, OutcomeEntry>;
