/** The catalogue's errors of writing notes. SPEC FHIR-OUTCOME */
import type { OutcomeEntry } from "./outcome-catalogue.ts";

const CALLER = "Nothing to do: somebody asked for what cannot be done, and was told why.";

export const NOTE_OUTCOMES = {
  NOTE_INVALID: {
    status: 422,
    issue: "invalid",
    sv: "Anteckningen går inte att spara så: {0}.",
    en: "The note cannot be saved like that: {0}.",
    runbook: CALLER,
  },
  NOTE_OTHER_PATIENT: {
    status: 409,
    issue: "conflict",
    sv: "Anteckningen visade en annan identitet än den patient som den gäller. Ingenting är signerat; det du har skrivit finns kvar.",
    en: "The note showed another identity than that of the patient whom it is of. Nothing was signed; what you have written is kept.",
    runbook: "Should be rare. If many: look for a screen that keeps one patient's note beside another's banner.",
  },
  NOTE_DRAFT_GONE: {
    status: 409,
    issue: "conflict",
    sv: "Utkastet finns inte längre: det är signerat eller borttaget i ett annat fönster.",
    en: "The draft is no longer there: it was signed or thrown away in another window.",
    runbook: CALLER,
  },
  NOTE_DRAFT_CHANGED: {
    status: 409,
    issue: "conflict",
    sv: "Utkastet är ändrat sedan det visades. Ingenting är signerat. Läs det som står nu och signera igen.",
    en: "The draft has changed since it was shown. Nothing was signed. Read what stands now and sign again.",
    runbook: CALLER,
  },
  NOTE_PULLED: {
    status: 409,
    issue: "conflict",
    sv: "Under {0} är en rad märkt som hämtad ur journalen, men journalen säger inte så nu. Hämta den igen, eller ta bort märket. Ingenting är signerat.",
    en: "Under {0} a line is marked as pulled from the record, but the record does not say so now. Pull it again, or take the mark away. Nothing was signed.",
    runbook: "A few are normal when values are corrected while somebody writes.",
  },
} as const satisfies Record<string, OutcomeEntry>;
