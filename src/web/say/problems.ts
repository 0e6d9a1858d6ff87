/** Diagnoses and problems in words: the code to show, whether it is over, and since when. SPEC WEB-PROBLEM */
import type { Condition } from "fhir/r4";
import { hasCode } from "./concepts.ts";
import { sayDay } from "./dates.ts";

/** SNOMED CT "no current problems" and the International Patient Summary's code. */
const NO_PROBLEM: readonly string[] = ["160245001", "no-known-problems"];

export function isNoProblem(condition: Condition): boolean {
  return hasCode(condition.code, ...NO_PROBLEM);
}

/** Over when someone said so. A missing status is not "over". */
export function isOver(condition: Condition): boolean {
  return (
    hasCode(condition.clinicalStatus, "inactive", "remission", "resolved") ||
    hasCode(condition.verificationStatus, "refuted", "entered-in-error")
  );
}

/** The ICD code when there is one, else whatever code there is. */
export function codeOfProblem(condition: Condition): string | undefined {
  const codings = condition.code?.coding ?? [];
  return (codings.find((one) => /icd/i.test(one.system ?? "")) ?? codings[0])?.code; // the first code of several: the name beside it says which
}

/** Onset and end as recorded; else when it was recorded. */
export function problemTime(condition: Condition): {
  readonly text: string | undefined;
  readonly sort: string | undefined;
} {
  const start = condition.onsetDateTime ?? condition.onsetPeriod?.start ?? condition.recordedDate;
  const end = condition.abatementDateTime ?? condition.abatementPeriod?.end;
  const words = condition.onsetString ?? (start && sayDay(start));
  return { text: end ? `${words ?? ""} – ${sayDay(end)}` : words, sort: start };
}
