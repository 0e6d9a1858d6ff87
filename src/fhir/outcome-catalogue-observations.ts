/** The catalogue's errors of writing measured values. SPEC FHIR-OUTCOME · CLIN-OBS */
import type { OutcomeEntry } from "./outcome-catalogue.ts";

const CALLER = "Nothing to do: somebody asked for what cannot be done, and was told why.";

export const OBSERVATION_OUTCOMES = {
  OBSERVATION_INVALID: {
    status: 422,
    issue: "invalid",
    sv: "Värdet går inte att spara: {0}. Ingenting är sparat.",
    en: "The value cannot be saved: {0}. Nothing was saved.",
    runbook: CALLER,
  },
  OBSERVATION_UNSURE: {
    status: 409,
    issue: "business-rule",
    sv: "{0} Ingenting är sparat förrän du har svarat.",
    en: "{0} Nothing is saved before you have answered.",
    runbook: "Slips of the keyboard that were asked about. If many of one value: look at its bounds.",
  },
  OBSERVATION_OTHER_PATIENT: {
    status: 409,
    issue: "conflict",
    sv: "Mätvärdena visade en annan identitet än den patient som de gäller. Ingenting är sparat.",
    en: "The values showed another identity than that of the patient whom they are of. Nothing was saved.",
    runbook: "Should be rare. If many: look for a screen that keeps one patient's values beside another's banner.",
  },
  OBSERVATION_SCORE: {
    status: 409,
    issue: "conflict",
    sv: "Poängen är en annan än den som visades. Ingenting är sparat. Läs in igen och se den som den är nu.",
    en: "The score is another than the one that was shown. Nothing was saved. Load again and see it as it is now.",
    runbook:
      "A few are normal when a scale is ordained or ended while somebody measures. If many: look at the screen's count.",
  },
  OBSERVATION_CHANGED: {
    status: 409,
    issue: "conflict",
    sv: "Mätomgången har ändrats sedan du såg den. Ingenting är ändrat. Se den som den är nu.",
    en: "The round has changed since you saw it. Nothing was changed. See it as it is.",
    runbook: CALLER,
  },
} as const satisfies Record<string, OutcomeEntry>;
