/**
 * The error catalogue: every promise to a caller that can be broken, with its HTTP status, FHIR issue
 * type, Swedish and English text and what an operator should do when it shows up in numbers.
 * `{0}`, `{1}` … are names and positions, never clinical content.
 *
 * SPEC FHIR-OUTCOME · https://hl7.org/fhir/R4/valueset-issue-type.html
 */

import { ACCESS_OUTCOMES } from "./outcome-access.ts";
import { BUNDLE_OUTCOMES } from "./outcome-catalogue-bundle.ts";
import { LOOP_OUTCOMES } from "./outcome-catalogue-loop.ts";
import { MEDICATION_OUTCOMES } from "./outcome-catalogue-medication.ts";
import { REGISTRATION_OUTCOMES } from "./outcome-catalogue-registration.ts";
import { NOTE_OUTCOMES } from "./outcome-catalogue-notes.ts";
import { OBSERVATION_OUTCOMES } from "./outcome-catalogue-observations.ts";
import { SIGNING_OUTCOMES } from "./outcome-catalogue-signing.ts";

/** The R4 issue types; the severity of the trouble is told apart from its kind. */
export type IssueCode =
  | "invalid"
  | "structure"
  | "required"
  | "value"
  | "invariant"
  | "security"
  | "login"
  | "unknown"
  | "expired"
  | "forbidden"
  | "suppressed"
  | "processing"
  | "not-supported"
  | "duplicate"
  | "multiple-matches"
  | "not-found"
  | "deleted"
  | "too-long"
  | "code-invalid"
  | "extension"
  | "too-costly"
  | "business-rule"
  | "conflict"
  | "transient"
  | "lock-error"
  | "no-store"
  | "exception"
  | "timeout"
  | "incomplete"
  | "throttled"
  | "informational";

export interface OutcomeEntry {
  readonly status: number;
  readonly issue: IssueCode;
  readonly sv: string;
  readonly en: string;
  readonly runbook: string;
}

const CALLER = "Nothing to do: the caller's request is at fault. If many: look for a client that was changed lately.";

export const OUTCOMES = {
  CRITERIA_EMPTY: {
    status: 400,
    issue: "required",
    sv: "Villkoret säger inget: minst en sökparameter behövs.",
    en: "The condition says nothing: at least one search parameter is needed.",
    runbook: CALLER,
  },
  BODY_NOT_TEXT: {
    status: 400,
    issue: "structure",
    sv: "Innehållet är inte text i UTF-8.",
    en: "The body is not UTF-8 text.",
    runbook: CALLER,
  },
  QUERY_ENCODING: {
    status: 400,
    issue: "invalid",
    sv: "Adressens parametrar är inte rätt kodade (procentkodad UTF-8).",
    en: "The query string is not percent-encoded UTF-8.",
    runbook: CALLER,
  },
  REQUEST_MALFORMED: {
    status: 400,
    issue: "invalid",
    sv: "Anropet kan inte tolkas.",
    en: "The request cannot be understood.",
    runbook: CALLER,
  },
  ...BUNDLE_OUTCOMES,
  PROVENANCE_INVALID: {
    status: 400,
    issue: "invalid",
    sv: "X-Provenance är inte en giltig Provenance i JSON.",
    en: "X-Provenance is not a valid Provenance in JSON.",
    runbook: CALLER,
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    issue: "business-rule",
    sv: "Samma Idempotency-Key har använts för en annan begäran.",
    en: "The Idempotency-Key was used for another request.",
    runbook: CALLER,
  },
  NO_CARE_RELATION: {
    status: 403,
    issue: "forbidden",
    sv: "Du har ingen vårdrelation till patienten; registrera den eller ange varför du behöver uppgifterna.",
    en: "You have no care relation to the patient: register it, or say why you need the records (rule ACC-NO-NEED).",
    runbook: CALLER,
  },
  CARE_INVALID: {
    status: 422,
    issue: "value",
    sv: "Det går inte att registrera så: {0} ska vara {1}.",
    en: "It cannot be registered like that: {0} shall be {1}.",
    runbook: CALLER,
  },
  BLOCK_INVALID: {
    status: 422,
    issue: "value",
    sv: "Spärren går inte att göra så: {0} ska vara {1}.",
    en: "The block cannot be made like that: {0} shall be {1}.",
    runbook: CALLER,
  },
  BLOCK_REFUSED: {
    status: 422,
    issue: "business-rule",
    sv: "Spärren får inte registreras ({0}).",
    en: "The block may not be registered ({0}).",
    runbook: "The rule's id is in the answer, and the refusal in the access log.",
  },
  DOOR_INVALID: {
    status: 422,
    issue: "value",
    sv: "Det går inte att göra så: {0} ska vara {1}.",
    en: "This cannot be done like that: {0} shall be {1}.",
    runbook: CALLER,
  },
  TERMINOLOGY_UNKNOWN: {
    status: 404,
    issue: "not-found",
    sv: "Kodverket, urvalet eller mappningen finns inte här: {0}.",
    en: "The code system, value set or concept map is not known here: {0}.",
    runbook: "If many: a code system is missing. Take it in with: npm run eira -- terminology import.",
  },
  SEARCH_TERMINOLOGY_UNKNOWN: {
    status: 400,
    issue: "not-found",
    sv: "Sökningen frågar efter koder i något som inte finns här: {0}.",
    en: "The search asks for codes of something that is not known here: {0}.",
    runbook: "If many: a code system is missing. Take it in with: npm run eira -- terminology import.",
  },
  TERMINOLOGY_TOO_COSTLY: {
    status: 422,
    issue: "too-costly",
    sv: "Frågan om kodverk kostar för mycket: {0}. Begränsa den med filter eller antal.",
    en: "The terminology question costs too much: {0}. Narrow it with a filter or a count.",
    runbook: CALLER,
  },
  CODE_UNKNOWN: {
    status: 404,
    issue: "code-invalid",
    sv: "Koden {0} finns inte i {1}.",
    en: "The code {0} is not in {1}.",
    runbook: CALLER,
  },
  FILTER_NOT_SUPPORTED: {
    status: 422,
    issue: "not-supported",
    sv: "Urvalets filter kan inte tolkas: {0}.",
    en: "The value set's filter cannot be understood: {0}.",
    runbook: CALLER,
  },
  VALUE_SET_LOOP: {
    status: 422,
    issue: "processing",
    sv: "Urvalet innehåller sig självt: {0}.",
    en: "The value set contains itself: {0}.",
    runbook: CALLER,
  },
  OPERATION_PARAMETER: {
    status: 400,
    issue: "required",
    sv: "Parametern {0} saknas eller kan inte tolkas.",
    en: "The parameter {0} is missing or cannot be understood.",
    runbook: CALLER,
  },
  BODY_NOT_JSON: {
    status: 400,
    issue: "structure",
    sv: "Innehållet är inte giltig JSON: rad {0}, tecken {1}. Här väntades {2}.",
    en: "The body is not valid JSON: line {0}, column {1}. Expected {2}.",
    runbook: CALLER,
  },
  BODY_NOT_XML: {
    status: 400,
    issue: "structure",
    sv: "Innehållet är inte giltig FHIR-XML: rad {0}, tecken {1}. Här väntades {2}.",
    en: "The body is not valid FHIR XML: line {0}, column {1}. Expected {2}.",
    runbook: CALLER,
  },
  BODY_EMPTY: {
    status: 400,
    issue: "required",
    sv: "Innehåll saknas i anropet.",
    en: "The request has no body.",
    runbook: CALLER,
  },
  BODY_TOO_LARGE: {
    status: 413,
    issue: "too-long",
    sv: "Innehållet är för stort. Gränsen är {0}.",
    en: "The body is too large. The limit is {0}.",
    runbook: "If the caller is a known import: split it, or raise the limit for that client.",
  },
  CONTENT_TYPE: {
    status: 415,
    issue: "not-supported",
    sv: "Innehållstypen stöds inte. Skicka {0}.",
    en: "The content type is not supported. Send {0}.",
    runbook: CALLER,
  },
  NOT_ACCEPTABLE: {
    status: 406,
    issue: "not-supported",
    sv: "Svaret kan inte ges i det format som efterfrågas. Be om {0}.",
    en: "The answer cannot be given in the requested format. Ask for {0}.",
    runbook: CALLER,
  },
  TYPE_UNKNOWN: {
    status: 404,
    issue: "not-supported",
    sv: "Resurstypen {0} finns inte i FHIR R4.",
    en: "There is no resource type {0} in FHIR R4.",
    runbook: CALLER,
  },
  SUBSETTED: {
    status: 422,
    issue: "business-rule",
    sv: "Resursen är märkt SUBSETTED: den är bara en del. Att spara den skulle ta bort resten.",
    en: "The resource is tagged SUBSETTED: it is only a part. Saving it would remove the rest.",
    runbook: CALLER,
  },
  TYPE_MISMATCH: {
    status: 400,
    issue: "invalid",
    sv: "Resursen är av en annan typ än adressen anger. Här väntades {0}.",
    en: "The resource is of another type than its address says. Expected {0}.",
    runbook: CALLER,
  },
  ID_INVALID: {
    status: 400,
    issue: "value",
    sv: "Id:t är inte giltigt. Det får bestå av högst 64 bokstäver, siffror, bindestreck och punkter.",
    en: "The id is not valid. It may have at most 64 letters, digits, hyphens and dots.",
    runbook: CALLER,
  },
  ID_MISMATCH: {
    status: 400,
    issue: "invalid",
    sv: "Resursens id stämmer inte med adressen.",
    en: "The resource's id differs from its address.",
    runbook: CALLER,
  },
  ID_MISSING: {
    status: 400,
    issue: "required",
    sv: "Resursen saknar id.",
    en: "The resource has no id.",
    runbook: CALLER,
  },
  NOT_FOUND: {
    status: 404,
    issue: "not-found",
    sv: "Det som söks finns inte här.",
    en: "What was asked for is not here.",
    runbook: "If many from one client: it holds links from another server, or its access was narrowed.",
  },
  GONE: {
    status: 410,
    issue: "deleted",
    sv: "Resursen är borttagen.",
    en: "The resource has been deleted.",
    runbook: CALLER,
  },
  ...SIGNING_OUTCOMES,
  ...LOOP_OUTCOMES,
  ...MEDICATION_OUTCOMES,
  ...NOTE_OUTCOMES,
  ...OBSERVATION_OUTCOMES,
  ...REGISTRATION_OUTCOMES,
  VERSION_CONFLICT: {
    status: 412,
    issue: "conflict",
    sv: "Uppgiften har ändrats av någon annan sedan du öppnade den. Läs in den igen och gör om ändringen.",
    en: "The resource has been changed since you read it. Read it again and repeat the change.",
    runbook:
      "A few are normal. Many on one resource: two clients write in turn; find the second one in the access log.",
  },
  PRECONDITION_FAILED: {
    status: 412,
    issue: "conflict",
    sv: "Villkoret för ändringen är inte uppfyllt.",
    en: "The condition of the request does not hold.",
    runbook: CALLER,
  },
  MULTIPLE_MATCHES: {
    status: 412,
    issue: "multiple-matches",
    sv: "Villkoret stämmer in på flera resurser. Det får stämma på högst en.",
    en: "The condition matches several resources. It may match one at most.",
    runbook: "Look for duplicates of the business identifier in the condition.",
  },
  TOO_MANY_MATCHES: {
    status: 412,
    issue: "multiple-matches",
    sv: "Villkoret stämmer in på fler än {0} resurser. Så många tas inte bort på en gång.",
    en: "The condition matches more than {0} resources. So many are not deleted at once.",
    runbook: CALLER,
  },
  IF_MATCH_INVALID: {
    status: 400,
    issue: "value",
    sv: 'If-Match ska ange en version, till exempel W/"3".',
    en: 'If-Match must name a version, for example W/"3".',
    runbook: CALLER,
  },
  CONFLICT: {
    status: 409,
    issue: "conflict",
    sv: "Ändringen krockar med något som redan finns.",
    en: "The change conflicts with what is already there.",
    runbook: CALLER,
  },
  DUPLICATE: {
    status: 409,
    issue: "duplicate",
    sv: "Uppgiften finns redan.",
    en: "This is already recorded.",
    runbook: "If many: a sender repeats messages without its idempotency key.",
  },
  REFERENCE_IN_USE: {
    status: 409,
    issue: "conflict",
    sv: "Resursen kan inte tas bort, eftersom andra uppgifter hänvisar till den.",
    en: "The resource cannot be deleted, because others refer to it.",
    runbook: CALLER,
  },
  REFERENCE_NOT_FOUND: {
    status: 422,
    issue: "not-found",
    sv: "En resurs som det hänvisas till finns inte: {0}.",
    en: "A referenced resource is not here: {0}.",
    runbook: "If an import: load what is referred to first, or send both in one transaction.",
  },
  INVALID: {
    status: 422,
    issue: "invalid",
    sv: "Resursen följer inte FHIR R4.",
    en: "The resource does not conform to FHIR R4.",
    runbook: "Each issue names its element. Send them to the client's maintainer.",
  },
  PATCH_INVALID: {
    status: 422,
    issue: "invalid",
    sv: "Ändringen (patch) kan inte utföras: {0}.",
    en: "The patch cannot be applied: {0}.",
    runbook: CALLER,
  },
  PATCH_TEST_FAILED: {
    status: 422,
    issue: "conflict",
    sv: "Ett test i ändringen (patch) stämmer inte. Ingenting är ändrat.",
    en: "A test in the patch does not hold. Nothing has been changed.",
    runbook: CALLER,
  },
  SEARCH_PARAM_UNKNOWN: {
    status: 400,
    issue: "not-supported",
    sv: "Sökparametern {0} finns inte för {1}.",
    en: "There is no search parameter {0} for {1}.",
    runbook: CALLER,
  },
  SEARCH_MODIFIER_UNKNOWN: {
    status: 400,
    issue: "not-supported",
    sv: "Tillägget {1} kan inte användas på sökparametern {0}.",
    en: "The modifier {1} cannot be used with search parameter {0}.",
    runbook: CALLER,
  },
  SEARCH_VALUE_INVALID: {
    status: 400,
    issue: "value",
    sv: "Värdet för sökparametern {0} går inte att tolka. Här väntades {1}.",
    en: "The value of search parameter {0} cannot be understood. Expected {1}.",
    runbook: CALLER,
  },
  SEARCH_TOO_COSTLY: {
    status: 400,
    issue: "too-costly",
    sv: "Sökningen är för omfattande: {0}. Begränsa den, till exempel till en patient eller en tid.",
    en: "The search is too costly: {0}. Narrow it, for example to a patient or a period.",
    runbook: "If a needed report: run it as a bulk export, or see docs/operations on query limits.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    issue: "not-supported",
    sv: "Metoden {0} kan inte användas på den här adressen.",
    en: "The method {0} cannot be used on this address.",
    runbook: CALLER,
  },
  NOT_SUPPORTED: {
    status: 400,
    issue: "not-supported",
    sv: "Detta stöds inte: {0}.",
    en: "This is not supported: {0}.",
    runbook: CALLER,
  },
  ...ACCESS_OUTCOMES,
  TOO_MANY_REQUESTS: {
    status: 429,
    issue: "throttled",
    sv: "För många anrop. Försök igen om {0} sekunder.",
    en: "Too many requests. Try again in {0} seconds.",
    runbook: "Find the client in the log. If it is legitimate, raise its quota.",
  },
  UNAVAILABLE: {
    status: 503,
    issue: "transient",
    sv: "Tjänsten är tillfälligt otillgänglig. Försök igen om en stund.",
    en: "The service is temporarily unavailable. Try again shortly.",
    runbook: "Check /readyz: it names what is missing (database, migrations, workers).",
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    issue: "transient",
    sv: "Det är okänt om ändringen sparades. Skicka om den med samma nyckel, så sparas den exakt en gång.",
    en: "It is not known whether the change was saved. Send it again with the same key, and it is saved exactly once.",
    runbook: "The database connection was lost at COMMIT. Check the replicas and the failover log.",
  },
  INTERNAL: {
    status: 500,
    issue: "exception",
    sv: "Något gick fel hos oss. Ärendenummer: {0}.",
    en: "Something went wrong on our side. Incident: {0}.",
    runbook: "A bug. Find the incident id in the server log; it holds the stack, never personal data.",
  },
} as const satisfies Record<string, OutcomeEntry>;

export type OutcomeCode = keyof typeof OUTCOMES;
