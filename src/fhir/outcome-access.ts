/**
 * The part of the error catalogue about who may do what, and about the log of it.
 *
 * SPEC FHIR-OUTCOME
 */

const CALLER = "Nothing to do: the caller's request is at fault. If many: look for a client that was changed lately.";

export const ACCESS_OUTCOMES = {
  DIRECTORY_INVALID: {
    status: 422,
    issue: "value",
    sv: "Ändringen av katalogen går inte att läsa: {0} saknas eller är inte giltigt.",
    en: "The change of the directory cannot be read: {0} is missing or not valid.",
    runbook: CALLER,
  },
  REVIEW_INVALID: {
    status: 422,
    issue: "value",
    sv: "Granskningen går inte att spara: {0} saknas eller är inte giltigt.",
    en: "The review cannot be saved: {0} is missing or not valid.",
    runbook: CALLER,
  },
  REVIEWED_ALREADY: {
    status: 409,
    issue: "duplicate",
    sv: "Åtkomsten är redan granskad. Det som är noterat ändras inte.",
    en: "The access has been reviewed already. What was noted is not changed.",
    runbook: CALLER,
  },
  LOG_TOO_MANY: {
    status: 400,
    issue: "too-costly",
    sv: "Logguttaget har fler än {0} rader. Begränsa tiden.",
    en: "MAX_QUERY_RESULT_EXCEEDED: the extract of the access log has more than {0} rows. Narrow the period.",
    runbook: CALLER,
  },
  UNAUTHENTICATED: {
    status: 401,
    issue: "login",
    sv: "Du behöver logga in.",
    en: "Sign in first.",
    runbook: "If everybody at once: check the clock and the sign-in service.",
  },
  FORBIDDEN: {
    status: 403,
    issue: "forbidden",
    sv: "Du har inte behörighet till detta.",
    en: "You are not permitted to do this.",
    runbook: "The access log holds the rule and the law section behind each refusal.",
  },
  PROTECTED_IDENTITY: {
    status: 403,
    issue: "forbidden",
    sv: "Skyddade personuppgifter ändras bara av den som ser dem. Ta bort adress, telefon, kontakter, enheter och andra dolda element ur det som skickas; de står kvar som de är.",
    en: "Protected personal data is changed only by those who see it. Leave address, telecom, contacts, units and other withheld elements out of what is sent; they stay as they are.",
    runbook: "A system that keeps the population register's data needs the scope system/ProtectedIdentity.ru.",
  },
} as const;
