/** The catalogue's errors of signing, locks, corrections and destruction. SPEC FHIR-OUTCOME */
import type { OutcomeEntry } from "./outcome-catalogue.ts";

const CALLER = "Nothing to do: somebody asked for what cannot be done, and was told why.";

export const SIGNING_OUTCOMES = {
  DESTROYED: {
    status: 410,
    issue: "deleted",
    sv: "Uppgiften är förstörd enligt beslut {0} av {1} ({2}).",
    en: "The record has been destroyed by decision {0} of {1} ({2}).",
    runbook: "Nothing to do: what was destroyed does not come back. `eira destroy list` tells the decisions.",
  },
  DESTRUCTION_INVALID: {
    status: 422,
    issue: "business-rule",
    sv: "Det går inte att förstöra så: det behövs {0}.",
    en: "Nothing is destroyed like that: it takes {0}.",
    runbook: CALLER,
  },
  RECORD_LOCKED: {
    status: 409,
    issue: "business-rule",
    sv: "Anteckningen är låst och ändras inte: {0}. Den kan rättas med ett skäl, och då finns originalet kvar.",
    en: "The record is locked and is not changed: {0}. It can be corrected with a reason, which keeps the original.",
    runbook: "If many: a sending system changes old notes. Let it correct them ($correct) or send new ones.",
  },
  PROOF_TOO_OLD: {
    status: 403,
    issue: "login",
    sv: "Legitimera dig igen för att signera.",
    en: "Prove who you are again to sign.",
    runbook: CALLER,
  },
  ALREADY_SIGNED: {
    status: 409,
    issue: "conflict",
    sv: "Den här versionen är redan signerad av någon annan.",
    en: "This version has been signed by somebody else already.",
    runbook: CALLER,
  },
  NOT_SIGNABLE: {
    status: 422,
    issue: "business-rule",
    sv: "Det går inte att signera: {0}.",
    en: "It cannot be signed: {0}.",
    runbook: CALLER,
  },
  CORRECTION_INVALID: {
    status: 422,
    issue: "business-rule",
    sv: "Det går inte att rätta så: {0}.",
    en: "It cannot be corrected like that: {0}.",
    runbook: CALLER,
  },
  WORDS_DIFFER: {
    status: 422,
    issue: "conflict",
    sv: "Orden är inte de som förseglades: texten har ändrats eller kapats på vägen. Inget är sparat. Sänd den igen från källan, eller utan försegling (meta.extension) om den är ändrad med flit.",
    en: "The words are not those that were sealed: the text was changed or cut on its way. Nothing is saved. Send it again from its source, or without the seal (meta.extension) if it was changed on purpose.",
    runbook:
      "Something between the sender and here changes texts. Stop it, find the sender by the client in the access log, and have everything since its last change sent again.",
  },
  ANSWER_EMPTY: {
    status: 422,
    issue: "required",
    sv: "Svaret tas inte emot: {0}. Inget är sparat. Sänd hela svaret.",
    en: "The answer is not taken in: {0}. Nothing is saved. Send the whole answer.",
    runbook:
      "If many: a sender loses its answers' texts. Stop it and have the answers sent again; nothing of them is here.",
  },
  IF_MATCH_MISSING: {
    status: 428,
    issue: "required",
    sv: 'If-Match saknas: ange den version som du har sett, till exempel W/"3".',
    en: 'If-Match is missing: name the version that you have seen, for example W/"3".',
    runbook: CALLER,
  },
} as const satisfies Record<string, OutcomeEntry>;
